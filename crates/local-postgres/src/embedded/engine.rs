//! Opens and closes the engine; all that is known of its crate is here.

use std::{fs::DirBuilder, os::unix::fs::DirBuilderExt, time::Duration};

use oliphaunt_wasix::{DatabaseStorage, Oliphaunt};

use super::session::Engine;
use crate::{Options, StartError, data::DataDir};

/// How to open the engine.
#[derive(Debug)]
pub struct Opening {
    storage: DatabaseStorage,
    pub idle_limit: Duration,
}

impl Opening {
    pub fn prepare(options: &Options, data: &DataDir) -> Result<Self, StartError> {
        let storage = if data.throwaway {
            DatabaseStorage::Memory
        } else {
            let dir = data.embedded();
            DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(&dir)
                .map_err(StartError::io("make", &dir))?;
            DatabaseStorage::Directory(dir)
        };
        Ok(Self {
            storage,
            idle_limit: options.idle_in_transaction,
        })
    }

    /// Whether the rows outlive the engine.
    pub fn can_open_again(&self) -> bool {
        self.storage != DatabaseStorage::Memory
    }

    /// The engine and its version, such as `18.4`.
    pub fn open(&self) -> Result<(Embedded, String), String> {
        let settings = [
            // The engine's own default costs 128 MB more.
            ("shared_buffers", "16MB"),
            ("TimeZone", "UTC"),
            ("DateStyle", "ISO, MDY"),
        ];
        let mut database = Oliphaunt::builder()
            .storage(self.storage.clone())
            .startup_gucs(settings)
            .open()
            .map_err(|error| error.to_string())?;
        let version = version(&mut database).map_err(|error| error.to_string())?;
        Ok((Embedded { database }, version))
    }
}

fn version(database: &mut Oliphaunt) -> oliphaunt_wasix::Result<String> {
    let result = database.query("SELECT current_setting('server_version') AS version")?;
    let row = result.rows().first();
    Ok(row
        .and_then(|row| row.try_get("version").ok())
        .unwrap_or_else(|| super::MAJOR.to_string()))
}

/// An open engine.
pub struct Embedded {
    database: Oliphaunt,
}

impl Embedded {
    pub fn close(&mut self) -> Result<(), String> {
        self.database.close().map_err(|error| error.to_string())
    }
}

impl Engine for Embedded {
    fn exchange(&mut self, request: &[u8]) -> Result<Vec<u8>, String> {
        self.database
            .exec_protocol_raw(request)
            .map_err(|error| error.to_string())
    }
}
