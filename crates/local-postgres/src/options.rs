//! What the caller chooses.

use std::{fmt, path::PathBuf, str::FromStr, time::Duration};

use crate::StartError;

/// What answers the queries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Engine {
    /// A Postgres server found on this machine, started privately.
    Installed,
    /// A Postgres inside this process (feature `embedded`).
    Embedded,
}

/// Which engine to start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Choice {
    /// The engine that made the data; for new data an installed one, else the embedded one.
    #[default]
    Auto,
    /// Only an installed Postgres.
    Installed,
    /// Only the embedded engine.
    Embedded,
}

/// What a power cut may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Durability {
    /// A committed row stays, in [`Options::data`].
    #[default]
    Durable,
    /// Everything is gone after the stop, and [`Options::data`] is left alone; for tests.
    Throwaway,
}

/// How to start.
#[derive(Debug, Clone)]
pub struct Options {
    /// The directory that holds the data, made when missing. One process at a time may use it.
    pub data: PathBuf,
    /// Which engine to start.
    pub engine: Choice,
    /// Whether the data outlive the process.
    pub durability: Durability,
    /// The database to connect to, made when missing: lower-case letters, digits, `_`.
    pub database: String,
    /// The directory with `postgres` and `initdb`; `None` looks in the usual places.
    pub programs: Option<PathBuf>,
    /// A transaction left idle for this long is rolled back and its connection closed, so that
    /// it cannot hold up the others for ever.
    pub idle_in_transaction: Duration,
}

impl Options {
    /// Data that stay, in this directory.
    #[must_use]
    pub fn durable(data: impl Into<PathBuf>) -> Self {
        Self {
            data: data.into(),
            engine: Choice::Auto,
            durability: Durability::Durable,
            database: "app".to_owned(),
            programs: None,
            idle_in_transaction: Duration::from_secs(30),
        }
    }

    /// An empty database that leaves nothing behind.
    #[must_use]
    pub fn throwaway() -> Self {
        Self {
            durability: Durability::Throwaway,
            ..Self::durable("")
        }
    }

    pub(crate) fn throws_away(&self) -> bool {
        self.durability == Durability::Throwaway
    }

    /// The name goes into SQL and into the address unquoted, so it must be a plain one.
    pub(crate) fn check(&self) -> Result<(), StartError> {
        let name = &self.database;
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let starts_well = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_');
        if starts_well && name.len() < 64 && name.chars().all(plain) {
            Ok(())
        } else {
            Err(StartError::DatabaseName { name: name.clone() })
        }
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Installed => "installed",
            Self::Embedded => "embedded",
        })
    }
}

impl FromStr for Engine {
    type Err = UnknownEngine;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "installed" => Ok(Self::Installed),
            "embedded" => Ok(Self::Embedded),
            _ => Err(UnknownEngine(text.to_owned())),
        }
    }
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Auto => "auto",
            Self::Installed => "installed",
            Self::Embedded => "embedded",
        })
    }
}

impl FromStr for Choice {
    type Err = UnknownEngine;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "auto" => Ok(Self::Auto),
            "installed" => Ok(Self::Installed),
            "embedded" => Ok(Self::Embedded),
            _ => Err(UnknownEngine(text.to_owned())),
        }
    }
}

/// A word that names no engine.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no engine: write auto, installed or embedded")]
pub struct UnknownEngine(String);
