//! The user that Postgres runs as. It refuses root, so root sends somebody else.

use std::{
    fs, io,
    os::unix::{
        fs::{MetadataExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{StartError, data::DataDir};

/// The number of `nobody` where the system does not list it.
const NOBODY: u32 = 65534;

/// Settings of the caller's own Postgres that must not reach this one.
const FOREIGN_SETTINGS: [&str; 9] = [
    "PGDATA",
    "PGHOST",
    "PGPORT",
    "PGUSER",
    "PGPASSWORD",
    "PGDATABASE",
    "PGOPTIONS",
    "PGCLIENTENCODING",
    "PGTZ",
];

/// Who runs the Postgres programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// `None`: the user of this process.
    other: Option<Ids>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Ids {
    name: String,
    uid: u32,
    gid: u32,
}

impl User {
    /// An ordinary user runs Postgres itself. Root sends the owner of the files, for new ones
    /// `postgres` or `nobody`.
    pub fn who_runs(data: &DataDir) -> Result<Self, StartError> {
        if !rustix::process::geteuid().is_root() {
            return Ok(Self { other: None });
        }
        let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
        let ids = owner_of(&data.cluster())
            .or_else(|| {
                ["postgres", "nobody"]
                    .iter()
                    .find_map(|name| find(&users, name))
            })
            .unwrap_or_else(|| Ids {
                name: "nobody".to_owned(),
                uid: NOBODY,
                gid: NOBODY,
            });
        let user = Self { other: Some(ids) };
        if data.throwaway {
            user.own(&data.path)?;
        }
        Ok(user)
    }

    /// Whether this user can enter the directory; the error names the first closed one.
    pub fn can_reach(&self, directory: &Path) -> Result<(), StartError> {
        let Some(ids) = &self.other else {
            return Ok(());
        };
        // Asked in the user's own name, so that access lists and mounts count too.
        let mut way: Vec<&Path> = directory.ancestors().collect();
        way.reverse();
        let output = self
            .command(Path::new("/bin/sh"))
            .args([
                "-c",
                r#"for d; do cd "$d" || { echo "$d"; exit 1; }; done"#,
                "sh",
            ])
            .args(way)
            .stderr(Stdio::null())
            .output()
            .map_err(StartError::io("run", "/bin/sh"))?;
        if output.status.success() {
            return Ok(());
        }
        let closed = String::from_utf8_lossy(&output.stdout);
        Err(StartError::Unreachable {
            directory: PathBuf::from(closed.trim_end_matches('\n')),
            user: format!("the user `{}`", ids.name),
        })
    }

    /// Gives a file or a directory to this user.
    pub fn own(&self, path: &Path) -> Result<(), StartError> {
        self.other.as_ref().map_or(Ok(()), |ids| {
            chown(path, Some(ids.uid), Some(ids.gid)).map_err(StartError::io("hand over", path))
        })
    }

    /// A command in this user's name, away from the caller's directory and Postgres settings,
    /// with messages in English.
    pub fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        if let Some(ids) = &self.other {
            command.gid(ids.gid).uid(ids.uid);
        }
        for name in FOREIGN_SETTINGS {
            command.env_remove(name);
        }
        command
            .env("LC_ALL", "C")
            .current_dir("/")
            .stdin(Stdio::null());
        command
    }
}

/// Runs a command to its end; the inner error is what it printed.
pub fn run(command: &mut Command) -> io::Result<Result<(), String>> {
    let output = command.output()?;
    if output.status.success() {
        return Ok(Ok(()));
    }
    let mut said = String::from_utf8_lossy(&output.stderr).into_owned();
    said.push_str(&String::from_utf8_lossy(&output.stdout));
    Ok(Err(said.trim().to_owned()))
}

/// The owner of these files, unless that is root.
fn owner_of(files: &Path) -> Option<Ids> {
    let metadata = fs::metadata(files).ok()?;
    let (uid, gid) = (metadata.uid(), metadata.gid());
    (uid != 0).then(|| Ids {
        name: uid.to_string(),
        uid,
        gid,
    })
}

/// Finds a user in the text of `/etc/passwd`.
fn find(users: &str, name: &str) -> Option<Ids> {
    users.lines().find_map(|line| {
        let fields: Vec<&str> = line.split(':').collect();
        match fields.as_slice() {
            [found, _, uid, gid, ..] if *found == name => Some(Ids {
                name: name.to_owned(),
                uid: uid.parse().ok()?,
                gid: gid.parse().ok()?,
            }),
            _ => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_found_by_its_whole_name() {
        let users = "postgresql:x:1:2::/:/bin/sh\npostgres:x:26:27::/:/bin/sh\n";
        let ids = find(users, "postgres").unwrap();
        assert_eq!((ids.uid, ids.gid), (26, 27));
        assert_eq!(find(users, "nobody"), None);
    }
}
