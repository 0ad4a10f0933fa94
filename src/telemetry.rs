//! Logs: one line per interaction and per job, to standard error.

use tracing_subscriber::{EnvFilter, fmt};

use crate::config::Settings;

/// Turns logs on. What is logged is set by `DOCENT_LOG`, or by `quiet` where a person watches.
///
/// # Errors
/// When the filter cannot be read.
pub fn start(settings: &Settings, quiet: bool) -> anyhow::Result<()> {
    let level = if quiet && settings.log == "info" {
        "warn,serenity=off"
    } else {
        settings.log.as_str()
    };
    let filter = EnvFilter::try_new(level).map_err(|error| {
        anyhow::anyhow!("DOCENT_LOG is `{level}`: set it to a level such as `info` ({error})")
    })?;
    let lines = fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false);
    if settings.log_json {
        lines.json().init();
    } else {
        lines.init();
    }
    Ok(())
}
