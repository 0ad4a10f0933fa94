//! `docent migrate`: the database brought up to date.

use crate::{config::Settings, wiring::Database};

/// Migrates and stops.
pub async fn run(settings: Settings) -> anyhow::Result<()> {
    let database = Database::open(&settings).await?;
    let migrated = database.migrate().await;
    database.close().await;
    migrated?;
    say("the database is up to date");
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the command line's own output")]
fn say(line: &str) {
    println!("{line}");
}
