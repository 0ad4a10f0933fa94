#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod choose;
mod data;
#[cfg(feature = "embedded")]
mod embedded;
mod error;
mod installed;
mod marker;
mod options;
mod query;
mod socket;
mod wire;

pub use error::StartError;
pub use marker::Marker;
pub use options::{Choice, Durability, Engine, Options, UnknownEngine};

use choose::Plan;
use data::DataDir;

/// A Postgres that belongs to this process and ends with it.
///
/// Dropping it stops Postgres in the background; [`LocalPostgres::stop`] waits for the end.
#[derive(Debug)]
pub struct LocalPostgres {
    url: String,
    running: Running,
}

#[derive(Debug)]
enum Running {
    Installed(Box<installed::Server>),
    #[cfg(feature = "embedded")]
    Embedded(embedded::Server),
}

/// Starts a Postgres for this process and waits until it answers.
///
/// Must be called inside a Tokio runtime; the embedded engine serves its clients on it.
///
/// # Errors
/// When no engine can be had, the data belong to another engine, another version or another
/// process, or Postgres does not start. Every message says what to do.
pub async fn start(options: Options) -> Result<LocalPostgres, StartError> {
    options.check()?;
    let data = DataDir::open(&options)?;
    let marker = data.marker()?;
    let found = choose::look_around(&options, marker);
    match choose::choose(&options, marker, &found)? {
        Plan::Embedded => start_embedded(&options, data).await,
        Plan::Installed(programs) => {
            let user = installed::User::who_runs(&data)?;
            match user.can_reach(&data.path) {
                Ok(()) => start_installed(&options, data, &programs, user).await,
                Err(error) if choose::may_fall_back(&options, marker) => {
                    tracing::warn!("{error}; starting the embedded engine instead");
                    start_embedded(&options, data).await
                }
                Err(error) => Err(error),
            }
        }
    }
}

async fn start_installed(
    options: &Options,
    data: DataDir,
    programs: &installed::Programs,
    user: installed::User,
) -> Result<LocalPostgres, StartError> {
    let server = installed::Server::start(options, data, programs, user).await?;
    Ok(LocalPostgres {
        url: server.url(&options.database),
        running: Running::Installed(Box::new(server)),
    })
}

#[cfg(feature = "embedded")]
async fn start_embedded(options: &Options, data: DataDir) -> Result<LocalPostgres, StartError> {
    let server = embedded::Server::start(options, data).await?;
    Ok(LocalPostgres {
        url: server.url(&options.database),
        running: Running::Embedded(server),
    })
}

#[cfg(not(feature = "embedded"))]
#[expect(
    clippy::unused_async,
    reason = "has the shape of the one with the feature"
)]
async fn start_embedded(_: &Options, _: DataDir) -> Result<LocalPostgres, StartError> {
    Err(StartError::EmbeddedNotBuilt)
}

impl LocalPostgres {
    /// Where to connect: `postgres:///<database>?host=<socket directory>&port=..&user=postgres`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Which engine answers.
    #[must_use]
    pub const fn engine(&self) -> Engine {
        match self.running {
            Running::Installed(_) => Engine::Installed,
            #[cfg(feature = "embedded")]
            Running::Embedded(_) => Engine::Embedded,
        }
    }

    /// How many connections a pool on this engine may hold.
    #[must_use]
    pub const fn max_connections(&self) -> u32 {
        match self.engine() {
            Engine::Installed => 20,
            Engine::Embedded => 8,
        }
    }

    /// Stops Postgres and waits until its files are at rest. Close the pools first.
    pub async fn stop(self) {
        match self.running {
            Running::Installed(server) => server.stop().await,
            #[cfg(feature = "embedded")]
            Running::Embedded(server) => server.stop().await,
        }
    }
}
