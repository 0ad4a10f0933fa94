//! A world to tell stories in: a loopback Discord with named people, a loopback GitHub, a real
//! Postgres of its own, and the bot.

mod bot;
mod clock;
mod forge;
mod gate;
mod quiz;
mod runs;
mod schemas;
mod states;

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use discord_loopback::{Actor, Loopback, Person, Reply};
use docent::play::github::{LoopbackGitHub, TOKEN};
use local_postgres::{Choice, LocalPostgres, Options};

pub use bot::{Bot, Process};
pub use clock::MovedClock;
pub use forge::{Forge, REPO, reports};
pub use gate::Gate;
pub use quiz::{answer, button, finish_quiz};
pub use runs::{Sample, folder as samples_folder, link};
pub use schemas::Original;
pub use states::End;

/// The courses that tests read.
pub fn courses_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/courses")
}

/// A small world. It ends with the test, and fails the test when the bot asked Discord for
/// something that Discord would have refused.
pub struct World {
    pub discord: Loopback,
    pub github: LoopbackGitHub,
    pub postgres: LocalPostgres,
    extra: Vec<(&'static str, String)>,
}

/// Which Postgres the stories run on: `DOCENT_TEST_ENGINE`, else whatever the machine has.
pub fn engine() -> Choice {
    match std::env::var("DOCENT_TEST_ENGINE") {
        Ok(text) => text
            .parse()
            .expect("DOCENT_TEST_ENGINE is auto, installed or embedded"),
        Err(_) => Choice::Auto,
    }
}

impl World {
    /// A world with nobody's bot in it yet.
    pub async fn new() -> Self {
        Self::with_settings(&[]).await
    }

    /// The same, with settings for its bots.
    pub async fn with_settings(extra: &[(&'static str, &str)]) -> Self {
        let options = Options {
            engine: engine(),
            database: "docent".to_owned(),
            ..Options::throwaway()
        };
        let postgres = local_postgres::start(options)
            .await
            .expect("a Postgres for the test");
        let discord = Loopback::builder()
            .bot_name("Docent")
            .guild("Study group", |guild| {
                guild.text_channel("general").text_channel("ci-runs")
            })
            .person(Person::new("anna").display("Анна").locale("ru"))
            .person(Person::new("ben").display("Ben").locale("en-US"))
            .person(
                Person::new("vera")
                    .display("Вера")
                    .locale("ru")
                    .instructor(),
            )
            .person(
                Person::new("walter")
                    .display("Walter")
                    .locale("en-GB")
                    .instructor(),
            )
            .identify_spacing(Duration::from_millis(5))
            .start()
            .await
            .expect("a loopback Discord");
        let github = LoopbackGitHub::start(0).await.expect("a loopback GitHub");
        github.wire().keep_answers();
        let extra = extra
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()))
            .collect();
        Self {
            discord,
            github,
            postgres,
            extra,
        }
    }

    /// A world whose bot is online.
    pub async fn with_bot() -> (Self, Bot) {
        let world = Self::new().await;
        let bot = Bot::start(&world).await;
        (world, bot)
    }

    /// The settings of a bot in this world, by name.
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        let mut settings = vec![
            ("DISCORD_TOKEN", self.discord.bot_token()),
            ("DISCORD_API_URL", self.discord.api_url()),
            ("DISCORD_GATEWAY_URL", self.discord.gateway_url()),
            ("DATABASE_URL", self.postgres.url().to_owned()),
            (
                "DOCENT_CONNECTIONS",
                self.postgres.max_connections().min(5).to_string(),
            ),
            ("GITHUB_TOKEN", TOKEN.to_owned()),
            ("GITHUB_API_URL", self.github.api_url().to_string()),
            ("GITHUB_ISSUER_URL", self.github.issuer_url()),
        ];
        settings.retain(|(name, _)| !self.extra.iter().any(|(other, _)| other == name));
        settings.extend(self.extra.iter().cloned());
        settings
    }

    /// Someone in #general.
    pub fn person(&self, name: &str) -> Actor {
        self.discord
            .user(name)
            .in_channel("general")
            .patience(Duration::from_secs(30))
    }

    /// Checks that Discord had nothing to refuse and that GitHub answered as the original does,
    /// then ends the world.
    pub async fn end(self, bot: Bot) {
        self.discord.assert_clean();
        Original::GitHub.assert_true(self.github.wire());
        bot.stop().await;
        self.close().await;
    }

    /// Ends a world whose bot is gone.
    pub async fn close(self) {
        self.discord.shutdown().await;
        self.postgres.stop().await;
    }
}

/// The message of a reply.
pub fn message(reply: &Reply) -> &discord_loopback::MessageView {
    reply.message.as_ref().expect("a message")
}
