//! `docent regrade`: stored submissions worked out again with the rubric as it is now, in every server or one.

use anyhow::anyhow;

use super::sheet::print;
use crate::{
    app::regrade::{Regraded, Scope, regrade},
    config::Settings,
    wiring::{Database, open_app},
};

/// What is regraded.
#[derive(Debug, clap::Args)]
pub struct RegradeArguments {
    /// Change nothing: only say who would move
    #[arg(long)]
    dry_run: bool,
    /// Only this server, by its Discord id
    #[arg(long)]
    server: Option<i64>,
    /// Id of the course [default: the one that is served]
    #[arg(long)]
    course: Option<String>,
}

/// Regrades, and prints who moves.
pub async fn run(settings: Settings, arguments: RegradeArguments) -> anyhow::Result<()> {
    let database = Database::open(&settings).await?;
    database.migrate().await?;
    let app = open_app(&settings, database.store.clone())?;
    let course = match &arguments.course {
        None => app.library.default_course(),
        Some(id) => app.library.find_course(id).ok_or_else(|| {
            let served = &app.library.default_course().id;
            anyhow!("there is no course `{id}`: set --course to `{served}`")
        })?,
    };
    let scope = Scope {
        guild: arguments.server,
        apply: !arguments.dry_run,
        ..Scope::default()
    };
    let done = regrade(&app, course, scope).await;
    let text = done.as_ref().map(tell).unwrap_or_default();
    database.close().await;
    done?;
    print(&text);
    Ok(())
}

/// The answer first, then who moves.
fn tell(done: &Regraded<'_>) -> String {
    let (would, end) = if done.applied {
        ("", format!("{} members are told", done.told))
    } else {
        (
            "would ",
            "nothing is changed: run it without --dry-run to apply it".to_owned(),
        )
    };
    let mut lines = vec![format!(
        "{} {would}move up, {} {would}move down, {} {would}stay, {} were set by instructors and stay; {end}",
        done.up, done.down, done.stay, done.set
    )];
    if done.unknown > 0 {
        lines.push(format!(
            "{} cannot be worked out again and stay: the rubric asks for reports that their runs were not asked for, \
             the reports of their audit were not kept, or their practice is gone",
            done.unknown
        ));
    }
    lines.extend(done.moves.iter().map(|one| {
        format!(
            "  #{} {} {}: {} ({}) to {} ({})",
            one.grade,
            one.name,
            one.practice,
            one.before.grade,
            one.before.score.get(),
            one.after.grade,
            one.after.score.get()
        )
    }));
    let more = (done.up + done.down).saturating_sub(done.moves.len());
    if more > 0 {
        lines.push(format!("  and {more} more"));
    }
    lines.join("\n")
}
