//! Putting the parts together: the only module that names every concrete one.

mod forges;

use std::{net::SocketAddr, sync::Arc};

use anyhow::{Context as _, anyhow, bail};
use chrono::{DateTime, Utc};
use local_postgres::LocalPostgres;
use secrecy::{ExposeSecret, SecretString};
use serenity::{
    all::ApplicationId,
    http::{LightMethod, Route},
};
use tokio::sync::watch;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

pub use forges::{check_app, check_ci, hooks, hosts, open_ci, open_consent, open_starter};

use crate::{
    app::{
        App,
        library::Library,
        ports::{CiMemory, Clock},
    },
    config::Settings,
    content::{Reading, read_course, read_outline},
    discord::{
        dispatch::Dispatcher,
        gateway::{self, GatewaySettings},
        incoming::Instructors,
        outbox::Outbox,
        register::register,
        rest::Rest,
    },
    domain::course::Course,
    files::{Found, embedded_courses, find_courses},
    http::Server,
    jobs::{self, Workshop},
    store::Store,
};

/// Connections to a Postgres of the operator's own.
const CONNECTIONS: u32 = 10;

/// An open database, with the local Postgres behind it when there is one.
pub struct Database {
    /// The connections.
    pub store: Store,
    /// The local Postgres, to be stopped at the end.
    pub local: Option<LocalPostgres>,
}

impl Database {
    /// Opens the database of the settings: `DATABASE_URL` or nothing else, or a local Postgres.
    ///
    /// # Errors
    /// A sentence that names the setting and the fix.
    pub async fn open(settings: &Settings) -> anyhow::Result<Self> {
        match &settings.database_url {
            Some(url) => {
                let connections = settings.connections.unwrap_or(CONNECTIONS);
                let store = Store::connect(url.expose_secret(), connections).await.context(
                    "the database of DATABASE_URL cannot be reached: check that Postgres runs and that the address, \
                     the name and the password are right",
                )?;
                Ok(Self { store, local: None })
            }
            None => Self::open_local(settings).await,
        }
    }

    /// Opens the local Postgres under the data folder, whatever `DATABASE_URL` says.
    ///
    /// # Errors
    /// A sentence that names the setting and the fix.
    pub async fn open_local(settings: &Settings) -> anyhow::Result<Self> {
        let options = local_postgres::Options {
            engine: settings.engine,
            database: "docent".to_owned(),
            programs: settings.pg_bin.clone(),
            ..local_postgres::Options::durable(settings.data.join("postgres"))
        };
        let local = local_postgres::start(options)
            .await
            .context("no local Postgres")?;
        let connections = settings
            .connections
            .unwrap_or(CONNECTIONS)
            .min(local.max_connections());
        let store = Store::connect(local.url(), connections).await?;
        Ok(Self {
            store,
            local: Some(local),
        })
    }

    /// Brings our tables and the queue's up to date, one process at a time.
    ///
    /// # Errors
    /// When a migration fails.
    pub async fn migrate(&self) -> anyhow::Result<()> {
        let lock = self.store.lock_migrations().await?;
        self.store.migrate().await?;
        jobs::migrate(&self.store).await?;
        Ok(lock.release().await?)
    }

    /// Closes the connections and stops the local Postgres.
    pub async fn close(self) {
        self.store.close().await;
        if let Some(local) = self.local {
            local.stop().await;
        }
    }
}

/// Reads the courses of the settings; a course with errors is not served.
///
/// # Errors
/// The diagnostics, when there are errors; a sentence when there is no course.
pub fn load_library(settings: &Settings) -> anyhow::Result<Library> {
    let mut courses = load_courses(settings, &[])?;
    let wanted = settings.course.as_deref();
    let place = match wanted {
        None => (!courses.is_empty()).then_some(0),
        Some(id) => courses.iter().position(|course| course.id == id),
    };
    let Some(place) = place else {
        let known: Vec<&str> = courses.iter().map(|course| course.id.as_str()).collect();
        bail!(
            "DOCENT_COURSE is `{}`: set it to one of {}",
            wanted.unwrap_or_default(),
            known.join(", ")
        );
    };
    let default = courses.swap_remove(place);
    Ok(Library::new(default, courses))
}

/// Reads the courses of the settings; errors of the forgiven codes do not stand in their way.
///
/// # Errors
/// The diagnostics, when there are other errors.
pub fn load_courses(settings: &Settings, forgiven: &[&str]) -> anyhow::Result<Vec<Course>> {
    let found = match &settings.content {
        Some(path) => find_courses(path).context("DOCENT_CONTENT names no course")?,
        None => embedded_courses().into_iter().map(Found::Folder).collect(),
    };
    let readings = found.iter().map(|one| {
        let mut reading = read_found(one);
        reading
            .diagnostics
            .retain(|diagnostic| !forgiven.contains(&diagnostic.code));
        require(reading)
    });
    readings.collect()
}

/// Reads one course.
#[must_use]
pub fn read_found(found: &Found) -> Reading {
    match found {
        Found::Folder(files) => read_course(files),
        Found::Outline(file) => read_outline(file),
    }
}

fn require(reading: Reading) -> anyhow::Result<Course> {
    let has_errors = reading.has_errors();
    match reading.course {
        Some(course) if !has_errors => Ok(course),
        _ => {
            let lines: Vec<String> = reading
                .diagnostics
                .iter()
                .map(ToString::to_string)
                .collect();
            bail!(
                "the course has errors; `docent check` shows them too:\n{}",
                lines.join("\n")
            )
        }
    }
}

/// The clock of the machine.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one clock that everything else is given"
    )]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// The use cases over the parts of the settings.
///
/// # Errors
/// When the courses or the CI client cannot be had.
pub fn open_app(settings: &Settings, store: Store) -> anyhow::Result<App> {
    let memory: Arc<dyn CiMemory> = Arc::new(store.clone());
    Ok(App {
        store,
        library: Arc::new(load_library(settings)?),
        ci: open_ci(settings, &memory)?,
        hosts: hosts(settings),
        starter: open_starter(settings, &memory)?,
        clock: Arc::new(SystemClock),
        consent: open_consent(settings)?,
    })
}

/// A bot that is known to Discord, ready to run.
pub struct Bot {
    app: App,
    rest: Arc<Rest>,
    application: ApplicationId,
    gateway: GatewaySettings,
    http: Option<Server>,
}

impl Bot {
    /// Introduces the bot to Discord: checks the token and finds out who it is.
    ///
    /// # Errors
    /// A sentence that names the setting and the fix.
    pub async fn introduce(settings: &Settings, app: App) -> anyhow::Result<Self> {
        let token = settings.require_token()?;
        let token = bare(&token);
        let header = SecretString::from(format!("Bot {}", token.expose_secret()));
        let rest = Arc::new(Rest::new(header, settings.discord_api_url.clone())?);
        // The bot's user and its application have had one id since 2016.
        let me = rest.send(Route::UserMe, LightMethod::Get, None).await.map_err(|error| {
            if error.is_unauthorized() {
                return anyhow!(
                    "Discord refused the token: set DISCORD_TOKEN to the current token of the bot (Developer Portal, \
                     Bot, Reset Token)"
                );
            }
            anyhow::Error::new(error).context("Discord cannot be reached")
        })?;
        let id = me
            .get("id")
            .and_then(|id| id.as_str())
            .and_then(|id| id.parse().ok());
        let id: u64 = id.ok_or_else(|| anyhow!("Discord did not say who the bot is"))?;
        let gateway = GatewaySettings {
            token,
            api_url: settings.discord_api_url.clone(),
            gateway_url: settings.discord_gateway_url.clone(),
            shards: settings.discord_shards,
            instructors: Instructors {
                role: settings.instructor_role,
            },
            locale: settings.locale,
        };
        let http = match settings.http_listen {
            Some(address) => Some(listen(address, settings).await?),
            None => None,
        };
        Ok(Self {
            app,
            rest,
            application: ApplicationId::new(id),
            gateway,
            http,
        })
    }

    /// Where webhooks are taken, when they are.
    #[must_use]
    pub fn http_address(&self) -> Option<SocketAddr> {
        self.http.as_ref().and_then(|http| http.address().ok())
    }

    /// Runs the gateway, a worker and what answers over HTTP until `stop`.
    ///
    /// # Errors
    /// When commands cannot be registered or the gateway ends by itself.
    pub async fn run(
        mut self,
        ready: watch::Sender<bool>,
        stop: CancellationToken,
    ) -> anyhow::Result<()> {
        let changed = register(
            &self.rest,
            self.application,
            self.app.library.default_course(),
        )
        .await?;
        tracing::info!(changed, "commands are registered");
        let beside = TaskTracker::new();
        if let Some(http) = self.http.take() {
            beside.spawn(http.serve(self.app.clone(), stop.clone()));
        }
        beside.spawn(jobs::run(self.workshop(), stop.clone()));
        beside.close();
        let dispatcher =
            Dispatcher::new(self.app.clone(), Arc::clone(&self.rest), self.application);
        let ended = gateway::run(
            &self.gateway,
            &self.rest,
            self.application,
            dispatcher,
            ready,
            stop.clone(),
        )
        .await;
        stop.cancel();
        beside.wait().await;
        ended
    }

    /// Runs a worker until `stop`, with what answers over HTTP.
    pub async fn work(mut self, stop: CancellationToken) {
        let workshop = self.workshop();
        match self.http.take() {
            Some(http) => {
                let answers = http.serve(self.app, stop.clone());
                tokio::join!(jobs::run(workshop, stop), answers);
            }
            None => jobs::run(workshop, stop).await,
        }
    }

    fn workshop(&self) -> Workshop {
        let outbox = Outbox {
            rest: Arc::clone(&self.rest),
            application: self.application,
        };
        Workshop {
            app: self.app.clone(),
            outbox,
        }
    }
}

async fn listen(address: SocketAddr, settings: &Settings) -> anyhow::Result<Server> {
    let server = Server::bind(address, hooks(settings)).await.with_context(|| {
        format!(
            "HTTP_LISTEN is `{address}`, which cannot be listened on: choose a free port of this machine, or leave \
             HTTP_LISTEN out in all but one of the processes here"
        )
    })?;
    tracing::info!(address = %server.address()?, "webhooks and health checks are answered");
    Ok(server)
}

/// A token without the `Bot ` that people paste along.
fn bare(token: &SecretString) -> SecretString {
    let text = token.expose_secret().trim();
    SecretString::from(text.strip_prefix("Bot ").unwrap_or(text).to_owned())
}
