//! Runs Postgres under a small shell that stops it when this process is gone.

use std::{
    fs::File,
    io,
    path::Path,
    process::{ExitStatus, Stdio},
};

use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, ChildStdin, Command},
};

use super::User;

/// A running Postgres and the pipe that keeps it running.
#[derive(Debug)]
pub struct Guard {
    shell: Child,
    lifeline: Option<ChildStdin>,
    /// The process number of Postgres itself.
    pub pid: u32,
}

impl Guard {
    /// Starts `postgres` with these arguments; `rubbish` is removed after its end.
    pub async fn start(
        user: &User,
        postgres: &Path,
        arguments: &[String],
        log: File,
        rubbish: &Path,
    ) -> io::Result<Self> {
        let mut shell = user.command(Path::new("/bin/sh"));
        shell
            .args(["-c", &script(), "local-postgres"])
            .arg(rubbish)
            .arg(postgres)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::from(log));
        // A group of its own: Ctrl-C in the terminal is for the program, which stops Postgres
        // when it has finished.
        std::os::unix::process::CommandExt::process_group(&mut shell, 0);
        let mut shell = Command::from(shell).spawn()?;
        let lifeline = shell.stdin.take();
        let pid = read_pid(&mut shell).await?;
        Ok(Self {
            shell,
            lifeline,
            pid,
        })
    }

    /// Whether Postgres has ended.
    pub fn ended(&mut self) -> io::Result<Option<ExitStatus>> {
        self.shell.try_wait()
    }

    /// Asks Postgres to stop and waits until it has.
    pub async fn stop(&mut self) -> io::Result<ExitStatus> {
        drop(self.lifeline.take());
        self.shell.wait().await
    }
}

/// Without its comments, which would fill every list of processes.
fn script() -> String {
    let lines = include_str!("guard.sh").lines();
    let code = lines.filter(|line| !line.trim_start().starts_with('#'));
    code.collect::<Vec<_>>().join("\n")
}

async fn read_pid(shell: &mut Child) -> io::Result<u32> {
    let stdout = shell.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line).await?;
    line.trim()
        .parse()
        .map_err(|_| io::Error::other("the shell did not start Postgres"))
}
