//! Everything on one machine: a loopback Discord with its page, a loopback GitHub with sample
//! runs, a local Postgres, and the same bot as anywhere.

pub mod gitea;
pub mod github;
pub mod gitlab;
pub mod hooks;
mod http;
mod issuer;
mod samples;
mod template;
pub mod wire;

use std::time::Duration;

use anyhow::Context as _;
use discord_loopback::{Loopback, Person, StartError};
use secrecy::SecretString;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::{
    config::{Forge, Settings},
    domain::course::Course,
    wiring::{Bot, Database, open_app},
};
use github::LoopbackGitHub;

/// The port that is tried first.
const PORT: u16 = 8787;
/// The channel with links to sample runs.
const RUNS: &str = "ci-runs";

/// A play, ready to run.
pub struct Play {
    discord: Loopback,
    github: LoopbackGitHub,
    database: Database,
    bot: Bot,
}

impl Play {
    /// Starts the worlds and the database, and introduces the bot.
    ///
    /// # Errors
    /// A sentence that names the argument or setting and the fix.
    pub async fn open(settings: &Settings, port: Option<u16>) -> anyhow::Result<Self> {
        std::fs::create_dir_all(&settings.data).with_context(|| {
            format!(
                "the data folder {} cannot be made: choose another with --data",
                settings.data.display()
            )
        })?;
        let discord = start_discord(settings, port).await?;
        let database = Database::open_local(settings).await?;
        database.migrate().await?;
        let github = LoopbackGitHub::start(0)
            .await
            .context("the loopback GitHub cannot start")?;
        samples::load(&github).context("the sample runs cannot be loaded")?;
        let settings = point_at(settings, &discord, &github);
        let app = open_app(&settings, database.store.clone())?;
        show_samples(&discord, app.library.default_course())?;
        let bot = Bot::introduce(&settings, app).await?;
        Ok(Self {
            discord,
            github,
            database,
            bot,
        })
    }

    /// Where the page is.
    #[must_use]
    pub fn page_url(&self) -> String {
        self.discord.page_url()
    }

    /// Which Postgres is used.
    #[must_use]
    pub fn engine(&self) -> String {
        self.database.local.as_ref().map_or_else(
            || "DATABASE_URL".to_owned(),
            |local| local.engine().to_string(),
        )
    }

    /// Runs the bot until `stop`, then stops everything, the data last.
    ///
    /// # Errors
    /// When the bot ends by itself.
    pub async fn run(
        self,
        ready: watch::Sender<bool>,
        stop: CancellationToken,
    ) -> anyhow::Result<()> {
        let finishing = samples::finish_running(&self.github, stop.clone());
        let (ended, ()) = tokio::join!(self.bot.run(ready, stop), finishing);
        self.discord.shutdown().await;
        self.database.close().await;
        ended
    }
}

/// The same settings, with the worlds in the place of Discord and GitHub.
fn point_at(settings: &Settings, discord: &Loopback, github: &LoopbackGitHub) -> Settings {
    Settings {
        discord_token: Some(SecretString::from(discord.bot_token())),
        discord_api_url: Some(discord.api_url()),
        discord_gateway_url: Some(discord.gateway_url()),
        discord_shards: None,
        github: Forge {
            token: Some(SecretString::from(github::TOKEN.to_owned())),
            api_url: Some(github.api_url()),
            ..Forge::default()
        },
        github_issuer: Url::parse(&github.issuer_url()).ok(),
        github_app: None,
        github_client_id: None,
        http_listen: None,
        ..settings.clone()
    }
}

async fn start_discord(settings: &Settings, port: Option<u16>) -> anyhow::Result<Loopback> {
    let world = |port: u16| {
        Loopback::builder()
            .port(port)
            .bot_name("Docent")
            .guild("Alembic study group", |guild| {
                guild
                    .text_channel("general")
                    .topic("Введите / и посмотрите, что умеет Docent · Type / to see what Docent can do")
                    .text_channel(RUNS)
                    .topic("Примеры запусков CI для /сдать · Sample CI runs for /submit")
                    .forum("questions")
                    .topic("Спрашивайте друг друга · Ask each other")
            })
            .person(Person::new("anna").display("Анна").locale("ru"))
            .person(Person::new("ben").display("Ben").locale("en-US"))
            .person(
                Person::new("vera")
                    .display("Vera")
                    .locale("en-US")
                    .instructor(),
            )
            .identify_spacing(Duration::from_millis(100))
            .state_file(settings.data.join("discord.json"))
            .start()
    };
    match port {
        Some(port) => world(port).await.with_context(|| {
            format!("port {port} is in use: choose another with --port, or leave --port out")
        }),
        None => match world(PORT).await {
            Err(StartError::Port { .. }) => {
                world(0).await.context("no port is free on this machine")
            }
            other => other.context("the loopback Discord cannot start"),
        },
    }
}

/// Puts the links to the sample runs into their channel, once.
fn show_samples(discord: &Loopback, course: &Course) -> anyhow::Result<()> {
    let vera = discord.user("vera").in_channel(RUNS);
    if vera.messages(RUNS).is_empty() {
        vera.say(&samples::message(course))
            .map_err(|error| anyhow::anyhow!("the sample runs cannot be shown: {error}"))?;
    }
    Ok(())
}
