//! Settings: from the environment, then `.env`, then `docent.toml`; the first that has one wins.

mod files;
mod pick;

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use anyhow::{anyhow, bail, ensure};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::domain::locale::Locale;
use files::{read_dotenv, read_toml};
pub use pick::GitHubApp;
use pick::{ForgeNames, Pick};

/// Every setting, by name. `.env.example` documents the same ones, which a test keeps so.
pub const NAMES: [&str; 35] = [
    "DISCORD_TOKEN",
    "DISCORD_API_URL",
    "DISCORD_GATEWAY_URL",
    "DISCORD_SHARDS",
    "DATABASE_URL",
    "GITHUB_TOKEN",
    "GITHUB_HOST",
    "GITHUB_API_URL",
    "GITHUB_ISSUER_URL",
    "GITHUB_DISPATCH_TOKEN",
    "GITHUB_APP_ID",
    "GITHUB_APP_PRIVATE_KEY",
    "GITHUB_CLIENT_ID",
    "GITHUB_WEB_URL",
    "GITHUB_WEBHOOK_SECRET",
    "GITLAB_TOKEN",
    "GITLAB_HOST",
    "GITLAB_API_URL",
    "GITLAB_ISSUER_URL",
    "GITLAB_WEBHOOK_SECRET",
    "GITEA_TOKEN",
    "GITEA_HOST",
    "GITEA_API_URL",
    "GITEA_WEBHOOK_SECRET",
    "HTTP_LISTEN",
    "DOCENT_CONTENT",
    "DOCENT_COURSE",
    "DOCENT_LOCALE",
    "DOCENT_INSTRUCTOR_ROLE",
    "DOCENT_DATA",
    "DOCENT_ENGINE",
    "DOCENT_PG_BIN",
    "DOCENT_CONNECTIONS",
    "DOCENT_LOG",
    "DOCENT_LOG_FORMAT",
];

const GITHUB: ForgeNames = ForgeNames {
    token: "GITHUB_TOKEN",
    host: "GITHUB_HOST",
    api_url: "GITHUB_API_URL",
    webhook_secret: "GITHUB_WEBHOOK_SECRET",
};
const GITLAB: ForgeNames = ForgeNames {
    token: "GITLAB_TOKEN",
    host: "GITLAB_HOST",
    api_url: "GITLAB_API_URL",
    webhook_secret: "GITLAB_WEBHOOK_SECRET",
};
const GITEA: ForgeNames = ForgeNames {
    token: "GITEA_TOKEN",
    host: "GITEA_HOST",
    api_url: "GITEA_API_URL",
    webhook_secret: "GITEA_WEBHOOK_SECRET",
};

/// Names that begin so are ours, and a wrong one among them is a mistake worth stopping for.
const OWN: &str = "DOCENT_";
/// Names that only the project's own tests read.
const OF_TESTS: &str = "DOCENT_TEST_";
/// The file of settings in the working folder.
const FILE: &str = "docent.toml";

/// What is set of one forge.
#[derive(Debug, Clone, Default)]
pub struct Forge {
    /// Reads its CI runs.
    pub token: Option<SecretString>,
    /// The web host of its links.
    pub host: Option<String>,
    /// Stands in for the address of its API.
    pub api_url: Option<Url>,
    /// Signs its webhooks.
    pub webhook_secret: Option<SecretString>,
}

/// The settings of a process.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The bot's token.
    pub discord_token: Option<SecretString>,
    /// Stands in for `https://discord.com`.
    pub discord_api_url: Option<String>,
    /// Stands in for the gateway that Discord names.
    pub discord_gateway_url: Option<String>,
    /// First and last shard of this process, and how many in all.
    pub discord_shards: Option<(u32, u32, u32)>,
    /// Where Postgres is.
    pub database_url: Option<SecretString>,
    /// GitHub, which is always in use.
    pub github: Forge,
    /// Stands in for the address of the issuer of GitHub's tokens.
    pub github_issuer: Option<Url>,
    /// Starts the workflow that grades a commit once more.
    pub github_dispatch_token: Option<SecretString>,
    /// An App at GitHub, which goes before the token where it is installed.
    pub github_app: Option<GitHubApp>,
    /// The client ID that members agree to at GitHub, by its device flow.
    pub github_client_id: Option<String>,
    /// Stands in for the address of GitHub's pages.
    pub github_web_url: Option<Url>,
    /// GitLab, in use when its host or token is set.
    pub gitlab: Forge,
    /// Stands in for the address of the issuer of GitLab's tokens.
    pub gitlab_issuer: Option<Url>,
    /// Gitea or Forgejo, in use when its host is set.
    pub gitea: Forge,
    /// Where webhooks and health checks are answered.
    pub http_listen: Option<SocketAddr>,
    /// Folder with courses.
    pub content: Option<PathBuf>,
    /// Id of the course in use, when there are several.
    pub course: Option<String>,
    /// Language of people whose own is not spoken.
    pub locale: Locale,
    /// Role that makes an instructor, besides the right to manage the server.
    pub instructor_role: Option<u64>,
    /// Folder of local data.
    pub data: PathBuf,
    /// Which local Postgres, when there is no `DATABASE_URL`.
    pub engine: local_postgres::Choice,
    /// Folder of Postgres programs.
    pub pg_bin: Option<PathBuf>,
    /// Connections to Postgres at most.
    pub connections: Option<u32>,
    /// What is logged.
    pub log: String,
    /// Whether log lines are JSON.
    pub log_json: bool,
}

impl Settings {
    /// Reads the settings of this process.
    ///
    /// # Errors
    /// One sentence that names the setting and the fix.
    pub fn load() -> anyhow::Result<Self> {
        #[expect(
            clippy::disallowed_methods,
            reason = "the one place that reads the environment"
        )]
        let environment = std::env::vars().collect();
        let dotenv = read_dotenv(Path::new(".env"))?;
        let file = read_toml(Path::new(FILE))?;
        Self::from_sources(&[
            Source {
                name: "the environment",
                values: environment,
                is_ours: false,
            },
            Source {
                name: ".env",
                values: dotenv,
                is_ours: false,
            },
            Source {
                name: FILE,
                values: file,
                is_ours: true,
            },
        ])
    }

    /// Settings from these values alone, by name.
    ///
    /// # Errors
    /// One sentence that names the setting and the fix.
    pub fn from_values<'a>(
        values: impl IntoIterator<Item = (&'a str, String)>,
    ) -> anyhow::Result<Self> {
        let values = values
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        Self::from_sources(&[Source {
            name: "the given values",
            values,
            is_ours: false,
        }])
    }

    fn from_sources(sources: &[Source]) -> anyhow::Result<Self> {
        for source in sources {
            source.refuse_unknown()?;
        }
        let pick = Pick { sources };
        let settings = Self {
            discord_token: pick.text("DISCORD_TOKEN").map(SecretString::from),
            discord_api_url: pick.url("DISCORD_API_URL", &["http", "https"])?,
            discord_gateway_url: pick.url("DISCORD_GATEWAY_URL", &["ws", "wss"])?,
            discord_shards: pick
                .text("DISCORD_SHARDS")
                .map(|text| parse_shards(&text))
                .transpose()?,
            database_url: pick.text("DATABASE_URL").map(SecretString::from),
            github: pick.forge(&GITHUB)?,
            github_issuer: pick.address("GITHUB_ISSUER_URL")?,
            gitlab_issuer: pick.address("GITLAB_ISSUER_URL")?,
            github_dispatch_token: pick.text("GITHUB_DISPATCH_TOKEN").map(SecretString::from),
            github_app: pick.github_app()?,
            github_client_id: pick.text("GITHUB_CLIENT_ID"),
            github_web_url: pick.address("GITHUB_WEB_URL")?,
            gitlab: pick.forge(&GITLAB)?,
            gitea: pick.forge(&GITEA)?,
            http_listen: pick.parse(
                "HTTP_LISTEN",
                "an address and a port of this machine, such as `127.0.0.1:8080`",
            )?,
            content: pick.text("DOCENT_CONTENT").map(PathBuf::from),
            course: pick.text("DOCENT_COURSE"),
            locale: pick
                .parse("DOCENT_LOCALE", "`ru` or `en`")?
                .unwrap_or(Locale::En),
            instructor_role: pick.parse("DOCENT_INSTRUCTOR_ROLE", "the id of a role, a number")?,
            data: pick
                .text("DOCENT_DATA")
                .map_or_else(|| PathBuf::from("data"), PathBuf::from),
            engine: pick
                .parse("DOCENT_ENGINE", "`auto`, `installed` or `embedded`")?
                .unwrap_or_default(),
            pg_bin: pick.text("DOCENT_PG_BIN").map(PathBuf::from),
            connections: pick.parse("DOCENT_CONNECTIONS", "a number of at least 1")?,
            log: pick.text("DOCENT_LOG").unwrap_or_else(|| "info".to_owned()),
            log_json: match pick.text("DOCENT_LOG_FORMAT").as_deref() {
                None | Some("text") => false,
                Some("json") => true,
                Some(other) => bail!("DOCENT_LOG_FORMAT is `{other}`: set it to `text` or `json`"),
            },
        };
        settings.check()?;
        Ok(settings)
    }

    /// Refuses settings that contradict each other.
    fn check(&self) -> anyhow::Result<()> {
        ensure!(
            self.connections != Some(0),
            "DOCENT_CONNECTIONS is 0: set it to 1 or more, or leave it out"
        );
        match (&self.discord_api_url, &self.discord_gateway_url) {
            (Some(_), None) => bail!(
                "DISCORD_API_URL is set and DISCORD_GATEWAY_URL is not: set both to the same host, or neither for \
                 the real Discord"
            ),
            (None, Some(_)) => bail!(
                "DISCORD_GATEWAY_URL is set and DISCORD_API_URL is not: set both to the same host, or neither for \
                 the real Discord"
            ),
            (Some(api), Some(gateway)) => {
                let host = |url: &str| {
                    Url::parse(url)
                        .ok()
                        .and_then(|url| url.host_str().map(str::to_owned))
                };
                ensure!(
                    host(api) == host(gateway),
                    "DISCORD_API_URL and DISCORD_GATEWAY_URL are on different hosts ({} and {}): set both to the same",
                    host(api).unwrap_or_default(),
                    host(gateway).unwrap_or_default()
                );
                Ok(())
            }
            (None, None) => Ok(()),
        }
    }

    /// The bot's token, or how to get one.
    ///
    /// # Errors
    /// When it is not set.
    pub fn require_token(&self) -> anyhow::Result<SecretString> {
        self.discord_token.clone().filter(|token| !token.expose_secret().is_empty()).ok_or_else(|| {
            anyhow!(
                "DISCORD_TOKEN is not set: put the bot's token (Developer Portal, Bot, Reset Token) into the \
                 environment or .env, or try Docent without Discord by `docent play`"
            )
        })
    }
}

/// Settings of one origin.
struct Source {
    name: &'static str,
    values: BTreeMap<String, String>,
    /// Whether every name in it must be a setting.
    is_ours: bool,
}

impl Source {
    fn refuse_unknown(&self) -> anyhow::Result<()> {
        let is_wrong = |name: &&String| {
            !NAMES.contains(&name.as_str())
                && !name.starts_with(OF_TESTS)
                && (self.is_ours || name.starts_with(OWN))
        };
        let Some(wrong) = self.values.keys().find(is_wrong) else {
            return Ok(());
        };
        let nearest = NAMES.into_iter().max_by(|a, b| {
            strsim::jaro_winkler(a, wrong).total_cmp(&strsim::jaro_winkler(b, wrong))
        });
        let nearest = nearest.unwrap_or_default();
        let hint = if self.is_ours {
            nearest.to_lowercase()
        } else {
            nearest.to_owned()
        };
        let shown = if self.is_ours {
            wrong.to_lowercase()
        } else {
            wrong.clone()
        };
        bail!(
            "{} has an unknown setting `{shown}`: did you mean `{hint}`? See .env.example for all of them",
            self.name
        )
    }
}

/// `0-3/8`: shards 0 to 3 of 8.
fn parse_shards(text: &str) -> anyhow::Result<(u32, u32, u32)> {
    let parsed = (|| {
        let (range, total) = text.split_once('/')?;
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        let shards = (
            first.trim().parse().ok()?,
            last.trim().parse().ok()?,
            total.trim().parse().ok()?,
        );
        (shards.0 <= shards.1 && shards.1 < shards.2).then_some(shards)
    })();
    parsed.ok_or_else(|| {
        anyhow!("DISCORD_SHARDS is `{text}`: set it to first-last/total, such as `0-3/8`, or leave it out for all of them")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(name: &'static str, values: &[(&str, &str)]) -> Source {
        let values = values
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        Source {
            name,
            values,
            is_ours: name == FILE,
        }
    }

    fn error(values: &[(&str, &str)]) -> String {
        Settings::from_sources(&[source("the environment", values)])
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn the_environment_wins_over_dotenv_and_that_over_the_file() {
        let settings = Settings::from_sources(&[
            source("the environment", &[("DOCENT_LOCALE", "ru")]),
            source(".env", &[("DOCENT_LOCALE", "en"), ("DOCENT_COURSE", "b")]),
            source(FILE, &[("DOCENT_COURSE", "c"), ("DOCENT_DATA", "d")]),
        ])
        .unwrap();
        assert_eq!(settings.locale, Locale::Ru);
        assert_eq!(settings.course.as_deref(), Some("b"));
        assert_eq!(settings.data, PathBuf::from("d"));
    }

    #[test]
    fn half_an_override_of_discord_is_refused() {
        assert!(
            error(&[("DISCORD_API_URL", "http://127.0.0.1:1")])
                .contains("DISCORD_GATEWAY_URL is not")
        );
        assert!(
            error(&[("DISCORD_GATEWAY_URL", "ws://127.0.0.1:1")])
                .contains("DISCORD_API_URL is not")
        );
        let apart = error(&[
            ("DISCORD_API_URL", "http://127.0.0.1:1"),
            ("DISCORD_GATEWAY_URL", "ws://gateway.discord.gg"),
        ]);
        assert!(apart.contains("different hosts"), "{apart}");
    }

    #[test]
    fn an_unknown_setting_is_named_with_the_nearest_known_one() {
        assert!(error(&[("DOCENT_LOCAL", "ru")]).contains("did you mean `DOCENT_LOCALE`?"));
        let file = Settings::from_sources(&[source(FILE, &[("GITHUB_TOKN", "x")])])
            .unwrap_err()
            .to_string();
        assert!(
            file.contains("`github_tokn`") && file.contains("`github_token`"),
            "{file}"
        );
    }

    #[test]
    fn a_bad_value_names_the_setting_and_what_it_takes() {
        assert_eq!(
            error(&[("DOCENT_LOCALE", "de")]),
            "DOCENT_LOCALE is `de`: set it to `ru` or `en`"
        );
        assert!(error(&[("DISCORD_SHARDS", "3-1/8")]).contains("such as `0-3/8`"));
        assert!(error(&[("GITHUB_API_URL", "localhost")]).contains("such as `http://"));
    }

    #[test]
    fn a_webhook_secret_that_could_be_guessed_is_refused_and_not_shown() {
        let error = error(&[("GITEA_WEBHOOK_SECRET", "hunter2")]);
        assert!(error.contains("GITEA_WEBHOOK_SECRET") && error.contains("openssl rand"));
        assert!(!error.contains("hunter2"), "{error}");
    }

    #[test]
    fn a_host_is_a_bare_name() {
        for wrong in [
            "https://git.example.org",
            "git.example.org:8443",
            "Git.example.org",
            "a/b",
        ] {
            let error = error(&[("GITEA_HOST", wrong)]);
            assert!(
                error.contains("GITEA_HOST") && error.contains("bare name"),
                "{error}"
            );
        }
    }

    #[test]
    fn the_example_documents_exactly_the_settings_there_are() {
        let example = include_str!("../.env.example");
        let documented: Vec<&str> = example
            .lines()
            .filter_map(|line| line.trim_start_matches("# ").split_once('='))
            .map(|(name, _)| name)
            .filter(|name| name.chars().all(|c| c.is_ascii_uppercase() || c == '_'))
            .collect();
        assert_eq!(documented, NAMES);
    }
}
