//! The note beside the data that says which engine made them.

use std::{fmt, fs, io, path::Path};

use crate::{Engine, StartError};

/// Who made the data: the engine and its major version. Only the same can read them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marker {
    /// The engine.
    pub engine: Engine,
    /// Its major version, such as 17.
    pub major: u32,
}

impl fmt::Display for Marker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} engine (Postgres {})", self.engine, self.major)
    }
}

impl Marker {
    fn parse(text: &str) -> Option<Self> {
        let (engine, major) = text.trim().split_once(' ')?;
        Some(Self {
            engine: engine.parse().ok()?,
            major: major.parse().ok()?,
        })
    }

    /// The note in this file, if there is one.
    pub(crate) fn read(path: &Path) -> Result<Option<Self>, StartError> {
        match fs::read_to_string(path) {
            Ok(text) => match Self::parse(&text) {
                Some(marker) => Ok(Some(marker)),
                None => Err(StartError::Marker {
                    path: path.to_owned(),
                    text: text.trim().chars().take(80).collect(),
                }),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(StartError::io("read", path)(error)),
        }
    }

    /// Written to a neighbour and moved into place: a crash leaves no half a note.
    pub(crate) fn write(self, path: &Path) -> Result<(), StartError> {
        let new = path.with_extension("new");
        fs::write(&new, format!("{} {}\n", self.engine, self.major))
            .and_then(|()| fs::rename(&new, path))
            .map_err(StartError::io("write", path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marker_survives_the_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("engine");
        assert_eq!(Marker::read(&path).unwrap(), None);
        let marker = Marker {
            engine: Engine::Installed,
            major: 17,
        };
        marker.write(&path).unwrap();
        assert_eq!(Marker::read(&path).unwrap(), Some(marker));
    }

    #[test]
    fn an_unknown_marker_is_refused_with_its_text() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("engine");
        fs::write(&path, "mysql 8").unwrap();
        let error = Marker::read(&path).unwrap_err().to_string();
        assert!(error.contains("mysql 8"), "{error}");
    }
}
