//! Finds the Postgres programs on this machine.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// Older ones are left alone: they are out of support or lack what the schema needs.
pub const OLDEST_MAJOR: u32 = 15;

/// Directories whose children are versions of Postgres, each with its `bin`.
const ROOTS: [&str; 5] = [
    "/usr/lib/postgresql",
    "/usr/local/opt",
    "/opt/homebrew/opt",
    "/home/linuxbrew/.linuxbrew/opt",
    "/Applications/Postgres.app/Contents/Versions",
];

/// One installed Postgres.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Programs {
    /// The directory with `postgres`, `initdb` and `pg_ctl`.
    pub dir: PathBuf,
    /// Major and minor version.
    pub version: (u32, u32),
}

impl Programs {
    pub fn path(&self, program: &str) -> PathBuf {
        self.dir.join(program)
    }
}

/// Every Postgres of this machine, newest first; with a directory given, only the one there.
pub fn find(given: Option<&Path>) -> Vec<Programs> {
    let dirs = given.map_or_else(usual_dirs, |dir| vec![dir.to_owned()]);
    let mut found: Vec<Programs> = Vec::new();
    for dir in dirs {
        let Some(programs) = programs_in(&dir) else {
            continue;
        };
        if found.iter().all(|known| known.dir != programs.dir) {
            found.push(programs);
        }
    }
    found.sort_by_key(|programs| std::cmp::Reverse(programs.version));
    found
}

#[expect(
    clippy::disallowed_methods,
    reason = "PATH is no setting of the program but how the system says where programs are"
)]
fn usual_dirs() -> Vec<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut dirs: Vec<PathBuf> = env::split_paths(&path).collect();
    for root in ROOTS {
        let Ok(children) = fs::read_dir(root) else {
            continue;
        };
        dirs.extend(children.flatten().map(|child| child.path().join("bin")));
    }
    // Packages of the RPM family put each version in a directory of its own.
    dirs.extend((OLDEST_MAJOR..40).map(|major| PathBuf::from(format!("/usr/pgsql-{major}/bin"))));
    dirs
}

fn programs_in(dir: &Path) -> Option<Programs> {
    let all_there = ["postgres", "initdb", "pg_ctl"]
        .iter()
        .all(|program| dir.join(program).is_file());
    if !all_there {
        return None;
    }
    // Links such as `latest` lead to a directory that is found under its own name too.
    let dir = fs::canonicalize(dir).ok()?;
    let output = Command::new(dir.join("postgres"))
        .arg("--version")
        .stdin(Stdio::null())
        .output()
        .ok()?;
    let version = parse_version(&String::from_utf8_lossy(&output.stdout))?;
    Some(Programs { dir, version })
}

/// Reads `postgres (PostgreSQL) 15.18 (Debian 15.18-0)`; a beta such as `18beta1` has minor 0.
fn parse_version(text: &str) -> Option<(u32, u32)> {
    let number = text.split_whitespace().nth(2)?;
    let (major, minor) = number.split_once('.').unwrap_or((number, "0"));
    let digits: String = major.chars().take_while(char::is_ascii_digit).collect();
    Some((digits.parse().ok()?, minor.parse().unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_in_every_form() {
        let debian = "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n";
        assert_eq!(parse_version(debian), Some((15, 18)));
        assert_eq!(parse_version("postgres (PostgreSQL) 17.2"), Some((17, 2)));
        assert_eq!(
            parse_version("postgres (PostgreSQL) 18beta1"),
            Some((18, 0))
        );
        assert_eq!(parse_version("no such thing"), None);
    }

    #[test]
    fn an_empty_directory_holds_no_postgres() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(find(Some(dir.path())), []);
    }
}
