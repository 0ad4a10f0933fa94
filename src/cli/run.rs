//! `docent run`: the bot.

use tokio::sync::watch;
use tokio_util::task::TaskTracker;

use crate::{
    cli::stop_on_signal,
    config::Settings,
    wiring::{Bot, Database, open_app},
};

/// Runs the bot until it is asked to stop.
pub async fn run(settings: Settings) -> anyhow::Result<()> {
    settings.require_token()?;
    let stop = stop_on_signal(&TaskTracker::new());
    let database = Database::open(&settings).await?;
    database.migrate().await?;
    if let Some(local) = &database.local {
        tracing::info!(engine = %local.engine(), data = %settings.data.display(), "a local Postgres is used");
    }
    let app = open_app(&settings, database.store.clone())?;
    let bot = Bot::introduce(&settings, app).await?;
    let (ready, _) = watch::channel(false);
    let ended = bot.run(ready, stop).await;
    database.close().await;
    ended
}
