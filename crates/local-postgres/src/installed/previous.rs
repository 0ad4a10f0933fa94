//! An earlier Postgres on the same data: waits for its end, or ends it.
//!
//! The lock on the data directory is ours, so whoever started that Postgres is gone, and its
//! guard is stopping it. Only when the guard was killed too does Postgres run on.

use std::{
    fs,
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use tokio::time::sleep;

use super::{Programs, User, user::run};
use crate::{StartError, data::DataDir};

/// How long the guard gets to stop it.
const PATIENCE: Duration = Duration::from_secs(3);
/// How long the whole affair may take.
const LIMIT: Duration = Duration::from_secs(30);
const TICK: Duration = Duration::from_millis(50);

/// Returns when no Postgres runs on these data.
pub async fn wait_until_gone(
    data: &DataDir,
    programs: &Programs,
    user: &User,
) -> Result<(), StartError> {
    let file = data.cluster().join("postmaster.pid");
    let begun = Instant::now();
    let mut asked_to_stop = false;
    while let Some(note) = Note::read(&file) {
        match state_of(note.pid) {
            // Postgres itself clears up after a process that is no more.
            State::Gone => return Ok(()),
            State::NotPostgres => return remove(&file),
            // Its parent may never take notice of a dead child; it holds nothing any more, but
            // its number is in use, which would make the new Postgres refuse.
            State::Dead if begun.elapsed() > PATIENCE => return remove(&file),
            State::Dead | State::Postgres => {}
        }
        if begun.elapsed() > PATIENCE && !asked_to_stop && note.answers() {
            asked_to_stop = true;
            tracing::warn!(
                pid = note.pid,
                "an earlier Postgres is left over: stopping it"
            );
            stop(data, programs, user)?;
        }
        if begun.elapsed() > LIMIT {
            return Err(StartError::StillRunning {
                data: data.path.clone(),
                pid: note.pid,
            });
        }
        sleep(TICK).await;
    }
    Ok(())
}

fn remove(file: &Path) -> Result<(), StartError> {
    fs::remove_file(file).map_err(StartError::io("remove", file))
}

fn stop(data: &DataDir, programs: &Programs, user: &User) -> Result<(), StartError> {
    let program = programs.path("pg_ctl");
    let mut pg_ctl = user.command(&program);
    pg_ctl
        .args(["stop", "-m", "fast", "-W", "-D"])
        .arg(data.cluster());
    if let Err(said) = run(&mut pg_ctl).map_err(StartError::io("run", program))? {
        tracing::warn!("pg_ctl stop: {said}");
    }
    Ok(())
}

/// What a running Postgres writes into `postmaster.pid`.
struct Note {
    pid: u32,
    socket: Option<PathBuf>,
}

impl Note {
    fn read(file: &Path) -> Option<Self> {
        let text = fs::read_to_string(file).ok()?;
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        let pid = lines.first()?.parse().ok()?;
        let socket = match (lines.get(3), lines.get(4)) {
            (Some(port), Some(dir)) if !dir.is_empty() => {
                Some(Path::new(dir).join(format!(".s.PGSQL.{port}")))
            }
            _ => None,
        };
        Some(Self { pid, socket })
    }

    /// Whether the Postgres of this note, and not another one with a reused process number,
    /// takes connections.
    fn answers(&self) -> bool {
        self.socket
            .as_ref()
            .is_some_and(|socket| UnixStream::connect(socket).is_ok())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// No such process.
    Gone,
    /// Ended, but its parent has not looked yet.
    Dead,
    /// The number now belongs to another program.
    NotPostgres,
    Postgres,
}

fn state_of(pid: u32) -> State {
    if let Ok(stat) = fs::read_to_string(format!("/proc/{pid}/stat")) {
        return from_proc(&stat);
    }
    if Path::new("/proc/self/stat").exists() {
        return State::Gone;
    }
    let pid = pid.to_string();
    Command::new("ps")
        .args(["-o", "stat=,comm=", "-p", &pid])
        .output()
        // Without an answer, the careful guess.
        .map_or(State::Postgres, |output| {
            from_ps(&String::from_utf8_lossy(&output.stdout))
        })
}

/// Reads `123 (postgres) S 1 ...`.
fn from_proc(stat: &str) -> State {
    let name = stat
        .split_once('(')
        .and_then(|(_, rest)| rest.rsplit_once(')'));
    match name {
        Some((name, _)) if !is_postgres(name) => State::NotPostgres,
        Some((_, rest)) if rest.trim_start().starts_with('Z') => State::Dead,
        _ => State::Postgres,
    }
}

/// Reads `Ss /opt/pg/bin/postgres`; nothing when there is no such process.
fn from_ps(line: &str) -> State {
    match line.trim().split_once(char::is_whitespace) {
        None => State::Gone,
        Some((state, _)) if state.starts_with('Z') => State::Dead,
        Some((_, name)) if is_postgres(name) => State::Postgres,
        Some(_) => State::NotPostgres,
    }
}

fn is_postgres(name: &str) -> bool {
    let base = name.trim().rsplit('/').next().unwrap_or_default();
    base.starts_with("postgres") || base.starts_with("postmaster")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reused_process_number_is_not_taken_for_postgres() {
        assert_eq!(from_proc("12 (editor) S 1 12"), State::NotPostgres);
        assert_eq!(from_proc("12 (postgres) S 1 12"), State::Postgres);
        assert_eq!(from_ps("Ss   /usr/bin/vim\n"), State::NotPostgres);
        assert_eq!(from_ps("Ss   /opt/pg/bin/postgres\n"), State::Postgres);
    }

    #[test]
    fn a_dead_process_is_told_from_a_living_one() {
        assert_eq!(from_proc("12 (postgres) Z 1 12"), State::Dead);
        assert_eq!(from_ps("Z    (postgres)"), State::Dead);
        assert_eq!(from_ps(""), State::Gone);
    }
}
