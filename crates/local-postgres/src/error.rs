//! Why Postgres did not start, and what to do about it.

use std::{io, path::PathBuf};

use crate::{Choice, marker::Marker};

/// Why there is no Postgres.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// Nothing to start, and the embedded engine is not in this build.
    #[error(
        "no Postgres 15 or newer was found on this machine ({looked}), and this program was built \
         without the embedded engine: install Postgres (package `postgresql`), name the directory \
         with its programs, or build with the feature `embedded`"
    )]
    NoEngine {
        /// What was found instead.
        looked: String,
    },
    /// The installed engine was asked for, and there is none.
    #[error(
        "no Postgres 15 or newer was found on this machine ({looked}): install Postgres (package \
         `postgresql`), name the directory with its programs, or choose the embedded engine"
    )]
    NoInstalled {
        /// What was found instead.
        looked: String,
    },
    /// The embedded engine was asked for, and it is not in this build.
    #[error(
        "this program was built without the embedded engine: build it with the feature \
         `embedded`, or choose an installed Postgres"
    )]
    EmbeddedNotBuilt,
    /// Another process has the directory.
    #[error(
        "the data directory {} is in use by another process: stop that one first, or choose \
         another directory",
        data.display()
    )]
    InUse {
        /// The directory.
        data: PathBuf,
    },
    /// The data were made by the other engine.
    #[error(
        "the data in {} were made by the {made_by} and cannot be read by the {asked} engine: \
         choose the engine `{}`, or another data directory, and move the rows with pg_dump",
        data.display(),
        made_by.engine
    )]
    OtherEngine {
        /// The directory.
        data: PathBuf,
        /// Who made the data.
        made_by: Marker,
        /// Who was to read them.
        asked: Choice,
    },
    /// The data were made by another major version.
    #[error(
        "the data in {} were made by the {made_by}, and {found}: bring back that version, or \
         move the rows with its pg_dump into another data directory",
        data.display()
    )]
    OtherVersion {
        /// The directory.
        data: PathBuf,
        /// Who made the data.
        made_by: Marker,
        /// What is there to read them.
        found: String,
    },
    /// The marker says nothing known.
    #[error(
        "{} should say which engine made the data (such as `installed 17`) but says `{text}`: \
         put the right words back, or choose another data directory",
        path.display()
    )]
    Marker {
        /// The marker file.
        path: PathBuf,
        /// What stands in it.
        text: String,
    },
    /// Postgres refuses to run as root, and the user it runs as cannot get to its data.
    #[error(
        "Postgres refuses to run as root, so it runs as {user}, who may not enter {}: choose a \
         data directory that this user can reach (such as one under /var/lib), open the way with \
         `chmod o+x {}`, start this program as an ordinary user, or choose the embedded engine",
        directory.display(),
        directory.display()
    )]
    Unreachable {
        /// The first directory on the way that is closed.
        directory: PathBuf,
        /// Who was sent.
        user: String,
    },
    /// The database name needs quoting.
    #[error(
        "`{name}` cannot be a database name here: use at most 63 lower-case letters, digits and \
         `_`, not beginning with a digit"
    )]
    DatabaseName {
        /// The name.
        name: String,
    },
    /// A socket's path does not fit in the operating system's limit.
    #[error(
        "no directory with a path short enough for a socket: set TMPDIR to a short path (such as \
         /tmp), `{}` is too long",
        directory.display()
    )]
    SocketPath {
        /// The last directory tried.
        directory: PathBuf,
    },
    /// `initdb` failed.
    #[error("initdb could not make the database files: {output}")]
    Init {
        /// What it said.
        output: String,
    },
    /// Postgres ended while starting.
    #[error("Postgres ended while it was starting; its log ends with: {log}")]
    Ended {
        /// The end of its log.
        log: String,
    },
    /// Postgres is still not ready.
    #[error("Postgres was not ready after {seconds} s; its log ends with: {log}")]
    NotReady {
        /// How long it was given.
        seconds: u64,
        /// The end of its log.
        log: String,
    },
    /// An earlier Postgres does not let the data go.
    #[error(
        "an earlier Postgres (process {pid}) still holds the data in {}: stop it with \
         `kill -INT {pid}` and start again",
        data.display()
    )]
    StillRunning {
        /// The directory.
        data: PathBuf,
        /// Its process number.
        pid: u32,
    },
    /// The embedded engine failed.
    #[error("the embedded engine did not start: {reason}")]
    Embedded {
        /// What it said.
        reason: String,
    },
    /// Postgres refused a statement of the preparation.
    #[error("the new Postgres refused `{statement}`: {reason}")]
    Prepare {
        /// The statement.
        statement: String,
        /// What it said.
        reason: String,
    },
    /// A file or a process could not be used.
    #[error("could not {what} {}: {source}", path.display())]
    Io {
        /// What was tried.
        what: &'static str,
        /// On which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl StartError {
    /// For `map_err`: names the deed and the file beside the system's words.
    pub(crate) fn io(
        what: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { what, path, source }
    }
}
