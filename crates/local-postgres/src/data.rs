//! The data directory: who may use it and what lies where.
//!
//! ```text
//! <data>/lock          held with an OS lock for as long as the engine runs
//! <data>/engine        which engine made the data
//! <data>/cluster/      the files of an installed Postgres
//! <data>/embedded/     the files of the embedded engine
//! <data>/run/          the socket, when its path is short enough
//! <data>/postgres.log  what the installed Postgres said since its last start
//! ```

use std::{
    fs::{self, DirBuilder, File, TryLockError},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

use crate::{Engine, Options, StartError, marker::Marker, socket};

/// A data directory that nobody else uses while this value lives.
#[derive(Debug)]
pub struct DataDir {
    /// Its absolute path.
    pub path: PathBuf,
    /// Whether it goes away with the engine.
    pub throwaway: bool,
    _lock: Option<File>,
}

impl DataDir {
    /// Makes the directory when it is missing, and locks it. The lock goes with the process,
    /// however it ends.
    pub fn open(options: &Options) -> Result<Self, StartError> {
        if options.throws_away() {
            return Ok(Self {
                path: socket::private_temporary_dir()?,
                throwaway: true,
                _lock: None,
            });
        }
        let given = &options.data;
        // Under root, the user that an installed Postgres runs as must pass through to its
        // files, which are closed on their own.
        let mode = if rustix::process::geteuid().is_root() {
            0o711
        } else {
            0o700
        };
        DirBuilder::new()
            .recursive(true)
            .mode(mode)
            .create(given)
            .map_err(StartError::io("make the data directory", given))?;
        let path = fs::canonicalize(given).map_err(StartError::io("find", given))?;
        let lock = lock(&path)?;
        Ok(Self {
            path,
            throwaway: false,
            _lock: Some(lock),
        })
    }

    pub fn cluster(&self) -> PathBuf {
        self.path.join("cluster")
    }

    pub fn embedded(&self) -> PathBuf {
        self.path.join("embedded")
    }

    pub fn log(&self) -> PathBuf {
        self.path.join("postgres.log")
    }

    /// Who made the data. A crash may have come between the files and the note about them, so
    /// the files are asked when the note is missing.
    pub fn marker(&self) -> Result<Option<Marker>, StartError> {
        if let Some(marker) = Marker::read(&self.path.join("engine"))? {
            return Ok(Some(marker));
        }
        let places = [
            (Engine::Installed, self.cluster()),
            (Engine::Embedded, self.embedded().join("pgdata")),
        ];
        Ok(places.into_iter().find_map(|(engine, files)| {
            let major = major_of(&files)?;
            Some(Marker { engine, major })
        }))
    }

    /// Notes who made the data.
    pub fn mark(&self, marker: Marker) -> Result<(), StartError> {
        if self.throwaway {
            return Ok(());
        }
        marker.write(&self.path.join("engine"))
    }
}

impl Drop for DataDir {
    fn drop(&mut self) {
        if self.throwaway {
            // What is already gone needs no removing.
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

fn lock(data: &Path) -> Result<File, StartError> {
    let path = data.join("lock");
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(StartError::io("open", &path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StartError::InUse {
            data: data.to_owned(),
        }),
        Err(TryLockError::Error(error)) => Err(StartError::io("lock", path)(error)),
    }
}

/// The major version that wrote these files.
fn major_of(files: &Path) -> Option<u32> {
    let text = fs::read_to_string(files.join("PG_VERSION")).ok()?;
    text.trim().parse().ok()
}
