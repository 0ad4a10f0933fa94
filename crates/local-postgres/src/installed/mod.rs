//! An installed Postgres, started for this process alone.

mod cluster;
mod find;
mod guard;
mod previous;
mod user;

use std::{
    fs::{self, File},
    io,
    path::Path,
    time::{Duration, Instant},
};

use tokio::{
    task::spawn_blocking,
    time::{sleep, timeout},
};

pub use find::{OLDEST_MAJOR, Programs, find};
pub use user::User;

use crate::{Options, StartError, data::DataDir, query, socket::SocketDir};
use guard::Guard;

/// A crash recovery after much writing takes a while.
const READY_LIMIT: Duration = Duration::from_mins(2);
/// Postgres writes everything out before it ends.
const STOP_LIMIT: Duration = Duration::from_mins(1);
/// How long a dead Postgres may seem alive to a new one.
const LOCK_LIMIT: Duration = Duration::from_secs(10);
const TICK: Duration = Duration::from_millis(10);

/// A running installed Postgres.
#[derive(Debug)]
pub struct Server {
    guard: Guard,
    socket: SocketDir,
    _data: DataDir,
}

impl Server {
    pub async fn start(
        options: &Options,
        data: DataDir,
        programs: &Programs,
        user: User,
    ) -> Result<Self, StartError> {
        previous::wait_until_gone(&data, programs, &user).await?;
        let data = ensure_cluster(data, programs, &user).await?;
        let (guard, socket) = launch(options, &data, programs, &user).await?;
        ensure_database(&socket, &options.database).await?;
        let (major, minor) = programs.version;
        tracing::info!(pid = guard.pid, "Postgres {major}.{minor} is ready");
        Ok(Self {
            guard,
            socket,
            _data: data,
        })
    }

    pub fn url(&self, database: &str) -> String {
        self.socket.url(database)
    }

    pub async fn stop(mut self) {
        match timeout(STOP_LIMIT, self.guard.stop()).await {
            Ok(Ok(status)) if status.success() => {}
            Ok(Ok(status)) => tracing::warn!("Postgres ended with {status}"),
            Ok(Err(error)) => tracing::warn!("waiting for Postgres: {error}"),
            Err(_) => tracing::warn!("Postgres is still stopping and is left to it"),
        }
    }
}

/// `initdb` takes a second, in which other tasks go on.
async fn ensure_cluster(
    data: DataDir,
    programs: &Programs,
    user: &User,
) -> Result<DataDir, StartError> {
    let path = data.path.clone();
    let (programs, user) = (programs.clone(), user.clone());
    let making = spawn_blocking(move || {
        cluster::ensure(&data, &programs, &user)?;
        Ok(data)
    });
    making
        .await
        .map_err(|error| StartError::io("prepare", path)(error.into()))?
}

/// Starts Postgres and waits until it is ready. The system may take a moment to forget an
/// earlier one, which makes the new one refuse: then again.
async fn launch(
    options: &Options,
    data: &DataDir,
    programs: &Programs,
    user: &User,
) -> Result<(Guard, SocketDir), StartError> {
    let begun = Instant::now();
    let program = programs.path("postgres");
    loop {
        let socket = SocketDir::make(data)?;
        user.own(&socket.path)?;
        let arguments = arguments(options, data, &socket);
        let rubbish = if data.throwaway {
            &data.path
        } else {
            &socket.path
        };
        let log = fresh_log(&data.log())?;
        let guard = Guard::start(user, &program, &arguments, log, rubbish)
            .await
            .map_err(StartError::io("start", &program))?;
        match ready(guard, data).await {
            Ok(guard) => return Ok((guard, socket)),
            Err(StartError::Ended { log })
                if is_about_an_earlier_one(&log) && begun.elapsed() < LOCK_LIMIT =>
            {
                sleep(Duration::from_millis(300)).await;
            }
            Err(error) => return Err(error),
        }
    }
}

async fn ready(mut guard: Guard, data: &DataDir) -> Result<Guard, StartError> {
    let begun = Instant::now();
    let note = data.cluster().join("postmaster.pid");
    while !says_ready(&note, guard.pid) {
        let ended = guard.ended().map_err(StartError::io("watch", "postgres"))?;
        if ended.is_some() {
            return Err(StartError::Ended {
                log: end_of(&data.log()),
            });
        }
        if begun.elapsed() > READY_LIMIT {
            return Err(StartError::NotReady {
                seconds: READY_LIMIT.as_secs(),
                log: end_of(&data.log()),
            });
        }
        sleep(TICK).await;
    }
    Ok(guard)
}

/// Whether this very process, and not an earlier one, says that it takes connections.
fn says_ready(note: &Path, pid: u32) -> bool {
    let text = fs::read_to_string(note).unwrap_or_default();
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    lines.first() == Some(&pid.to_string().as_str()) && lines.get(7) == Some(&"ready")
}

fn is_about_an_earlier_one(log: &str) -> bool {
    log.contains("already exists") || log.contains("still in use")
}

async fn ensure_database(socket: &SocketDir, name: &str) -> Result<(), StartError> {
    let file = socket.file();
    let ask = format!("SELECT 1 FROM pg_database WHERE datname = '{name}'");
    if query::rows(&file, &ask).await? == 0 {
        query::rows(&file, &format!("CREATE DATABASE {name}")).await?;
    }
    Ok(())
}

fn arguments(options: &Options, data: &DataDir, socket: &SocketDir) -> Vec<String> {
    let idle = options.idle_in_transaction.as_millis().max(1);
    // In this setting a comma separates directories, unless quoted.
    let directory = socket.path.to_string_lossy().replace('"', "\"\"");
    let mut settings = vec![
        "listen_addresses=".to_owned(),
        format!("port={}", crate::socket::PORT),
        format!("unix_socket_directories=\"{directory}\""),
        "unix_socket_permissions=0700".to_owned(),
        "max_connections=50".to_owned(),
        "shared_buffers=64MB".to_owned(),
        "timezone=UTC".to_owned(),
        "log_timezone=UTC".to_owned(),
        "log_min_messages=warning".to_owned(),
        "logging_collector=off".to_owned(),
        format!("idle_in_transaction_session_timeout={idle}"),
    ];
    if data.throwaway {
        settings.extend(
            ["fsync", "synchronous_commit", "full_page_writes"].map(|name| format!("{name}=off")),
        );
    }
    let cluster = data.cluster().to_string_lossy().into_owned();
    let mut arguments = vec!["-D".to_owned(), cluster];
    for setting in settings {
        arguments.extend(["-c".to_owned(), setting]);
    }
    arguments
}

/// Each start begins a new log and keeps the one before it.
fn fresh_log(path: &Path) -> Result<File, StartError> {
    match fs::rename(path, path.with_extension("log.previous")) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(StartError::io("put away", path)(error));
        }
        _ => {}
    }
    File::create(path).map_err(StartError::io("make", path))
}

fn end_of(log: &Path) -> String {
    let text = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    let skip = lines.len().saturating_sub(8);
    lines.into_iter().skip(skip).collect::<Vec<_>>().join(" | ")
}
