//! `docent doctor`: what is right and what is wrong, one line each.

use crate::{
    config::Settings,
    wiring::{Bot, Database, check_app, check_ci, hooks, load_library, open_app},
};

/// Checks everything that a start needs. Fails when anything is wrong.
pub async fn run(settings: Settings) -> anyhow::Result<()> {
    let mut wrong = 0_u32;
    let mut tell = |what: &str, result: anyhow::Result<String>| match result {
        Ok(detail) => say(&format!("ok     {what}: {detail}")),
        Err(error) => {
            wrong += 1;
            say(&format!("wrong  {what}: {error:#}"));
        }
    };
    tell("settings", Ok("read".to_owned()));
    let library = load_library(&settings);
    tell(
        "course",
        library
            .as_ref()
            .map(|found| found.default_course().id.clone())
            .map_err(|error| anyhow::anyhow!("{error:#}")),
    );
    let database = Database::open(&settings).await;
    match database {
        Err(error) => tell("database", Err(error)),
        Ok(database) => {
            let engine = database.local.as_ref().map_or_else(
                || "DATABASE_URL".to_owned(),
                |local| local.engine().to_string(),
            );
            tell(
                "database",
                database
                    .migrate()
                    .await
                    .map(|()| format!("up to date ({engine})")),
            );
            tell("discord", check_discord(&settings, &database).await);
            database.close().await;
        }
    }
    match check_ci(&settings) {
        Err(error) => tell("ci", Err(error)),
        Ok(()) => {
            for (name, forge, is_used) in [
                ("github", &settings.github, true),
                ("gitlab", &settings.gitlab, false),
                ("gitea", &settings.gitea, false),
            ] {
                let is_used = is_used || forge.host.is_some() || forge.token.is_some();
                let has_app = name == "github" && settings.github_app.is_some();
                let reads = match (is_used, &forge.token) {
                    (true, None) if has_app => "reports can be read where the App is installed",
                    (false, _) => "not in use",
                    (true, Some(_)) => "reports can be read",
                    (true, None) => "no token: reports may not be downloadable",
                };
                tell(name, Ok(reads.to_owned()));
            }
        }
    }
    if let Some(app) = &settings.github_app {
        let known = check_app(&settings).await;
        let told = |name: Option<String>| format!("{} ({})", name.unwrap_or_default(), app.id);
        tell("github app", known.map(told));
    }
    tell("webhooks", Ok(describe_hooks(&settings)));
    anyhow::ensure!(wrong == 0, "{wrong} of these must be mended");
    Ok(())
}

fn describe_hooks(settings: &Settings) -> String {
    let forges: Vec<&str> = hooks(settings)
        .iter()
        .map(|hook| hook.provider.code())
        .collect();
    let forges = forges.join(", ");
    match (settings.http_listen, forges.is_empty()) {
        (None, true) => "not in use: runs are asked for every minute".to_owned(),
        (None, false) => {
            format!("secrets are set for {forges}, and HTTP_LISTEN is not: no webhook arrives here")
        }
        (Some(address), true) => {
            format!("{address} answers /healthz; no GITHUB_WEBHOOK_SECRET or other is set")
        }
        (Some(address), false) => format!("{address} takes those of {forges}"),
    }
}

async fn check_discord(settings: &Settings, database: &Database) -> anyhow::Result<String> {
    if settings.discord_token.is_none() {
        return Ok("no DISCORD_TOKEN: `docent` plays on this machine".to_owned());
    }
    Bot::introduce(settings, open_app(settings, database.store.clone())?).await?;
    Ok("the token is good".to_owned())
}

#[expect(clippy::print_stdout, reason = "the command line's own output")]
fn say(line: &str) {
    println!("{line}");
}
