//! `docent worker`: background jobs only.

use anyhow::ensure;
use tokio_util::task::TaskTracker;

use crate::{
    cli::stop_on_signal,
    config::Settings,
    wiring::{Bot, Database, open_app},
};

/// Works until it is asked to stop.
pub async fn run(settings: Settings) -> anyhow::Result<()> {
    settings.require_token()?;
    ensure!(
        settings.database_url.is_some(),
        "DATABASE_URL is not set: a worker shares its database with the bot, so set it to the bot's"
    );
    let stop = stop_on_signal(&TaskTracker::new());
    let database = Database::open(&settings).await?;
    database.migrate().await?;
    let app = open_app(&settings, database.store.clone())?;
    Bot::introduce(&settings, app).await?.work(stop).await;
    database.close().await;
    Ok(())
}
