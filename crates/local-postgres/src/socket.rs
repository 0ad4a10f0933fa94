//! A directory for the socket that only this user can enter.

use std::{
    env,
    fs::{self, DirBuilder, Permissions},
    io,
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU32, Ordering},
};

use crate::{StartError, data::DataDir};

/// In the name of the socket's file; no other Postgres lives in the same directory.
pub const PORT: u16 = 5432;

/// The operating systems allow 103 (macOS) or 107 (Linux) bytes.
const LONGEST_PATH: usize = 103;

/// Where the socket lies. The directory goes away with this value.
#[derive(Debug)]
pub struct SocketDir {
    pub path: PathBuf,
}

impl SocketDir {
    /// Beside the data when the path is short enough, else in the temporary directory. What an
    /// earlier start left there is removed.
    pub fn make(data: &DataDir) -> Result<Self, StartError> {
        let beside = data.path.join("run");
        if !fits(&beside) {
            return Ok(Self {
                path: private_temporary_dir()?,
            });
        }
        match fs::remove_dir_all(&beside) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(StartError::io("clear", &beside)(error));
            }
            _ => {}
        }
        make_private(&beside).map_err(StartError::io("make", &beside))?;
        Ok(Self { path: beside })
    }

    pub fn file(&self) -> PathBuf {
        socket_file(&self.path)
    }

    /// The address in the form that libpq and sqlx read.
    pub fn url(&self, database: &str) -> String {
        let host = escape(&self.path);
        format!("postgres:///{database}?host={host}&port={PORT}&user=postgres")
    }
}

impl Drop for SocketDir {
    fn drop(&mut self) {
        // What is already gone needs no removing.
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// The socket's file in this directory, as every client names it.
pub fn socket_file(dir: &Path) -> PathBuf {
    dir.join(format!(".s.PGSQL.{PORT}"))
}

/// A new directory with a short path that nobody else can enter or foresee being ours.
pub fn private_temporary_dir() -> Result<PathBuf, StartError> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let base = [env::temp_dir(), PathBuf::from("/tmp")]
        .into_iter()
        .find(|base| fits(&base.join("local-postgres-0000000000-0000/run")))
        .ok_or_else(|| StartError::SocketPath {
            directory: env::temp_dir(),
        })?;
    loop {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = base.join(format!("local-postgres-{}-{number}", process::id()));
        match make_private(&path) {
            // Made now and by us: a directory that was there before is never used.
            Ok(()) => return Ok(path),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(StartError::io("make", path)(error)),
        }
    }
}

fn make_private(path: &Path) -> io::Result<()> {
    DirBuilder::new().mode(0o700).create(path)?;
    // The process's umask may have taken bits away from the mode above.
    fs::set_permissions(path, Permissions::from_mode(0o700))
}

fn fits(dir: &Path) -> bool {
    socket_file(dir).as_os_str().len() + ".lock".len() <= LONGEST_PATH
}

/// Percent signs for everything that could mean something in an address.
fn escape(path: &Path) -> String {
    let bytes = path.as_os_str().as_encoded_bytes().iter();
    bytes
        .map(|&byte| match byte {
            b'/' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
            byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_survives_spaces_and_cyrillic() {
        let dir = SocketDir {
            path: PathBuf::from("/nowhere/мои данные&x=1"),
        };
        let url = dir.url("app");
        assert!(
            url.starts_with("postgres:///app?host=/nowhere/%D0%BC"),
            "{url}"
        );
        assert!(url.contains("%20"), "{url}");
        assert!(!url.contains("&x=1"), "{url}");
    }

    #[test]
    fn a_private_directory_is_closed_to_others() {
        let path = private_temporary_dir().unwrap();
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        fs::remove_dir(&path).unwrap();
        assert_eq!(mode & 0o777, 0o700);
    }
}
