//! The owner is killed and cannot tidy up.

use std::{
    env, fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use local_postgres::{Choice, Engine};
use sqlx::{Connection, Executor, PgConnection, PgPool, postgres::PgPoolOptions};
use tokio::time::sleep;

use crate::world::{Place, engine, migrate, note, notes, pool};

/// Another process that owns a Postgres.
struct Owner {
    process: Child,
    url: String,
}

impl Owner {
    fn start(data: &Path, engine: Choice) -> Self {
        let mut process = Command::new(hold())
            .arg(data)
            .arg(engine.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut url = String::new();
        let stdout = process.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut url).unwrap();
        let url = url.trim().to_owned();
        assert!(
            url.starts_with("postgres://"),
            "the owner did not start: {url}"
        );
        Self { process, url }
    }

    async fn pool(&self) -> PgPool {
        PgPoolOptions::new()
            .max_connections(4)
            .connect(&self.url)
            .await
            .unwrap()
    }

    fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

/// The example program, which lies beside the tests.
fn hold() -> PathBuf {
    let tests = env::current_exe().unwrap();
    let program = tests.ancestors().nth(2).unwrap().join("examples/hold");
    assert!(
        program.exists(),
        "{} is missing: run `cargo test -p local-postgres`, which builds it",
        program.display()
    );
    program
}

/// Fifty committed rows, one uncommitted, and the end of the owner.
async fn write_and_kill(owner: Owner) {
    let pool = owner.pool().await;
    migrate(&pool).await;
    for number in 0..50 {
        note(&pool, &number.to_string()).await;
    }
    let mut open = PgConnection::connect(&owner.url).await.unwrap();
    open.execute("BEGIN; INSERT INTO note (body) VALUES ('never')")
        .await
        .unwrap();
    owner.kill();
}

async fn assert_fifty_rows(place: &Place) {
    let postgres = place.start().await;
    let pool = pool(&postgres).await;
    assert_eq!(notes(&pool).await, 50);
    note(&pool, "goes on").await;
    pool.close().await;
    postgres.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn committed_rows_survive_the_kill_of_the_owner() {
    let place = Place::new();
    write_and_kill(Owner::start(&place.data(), engine())).await;
    assert_fifty_rows(&place).await;
    assert!(processes_naming(&place.data()).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn no_postgres_outlives_a_killed_owner() {
    let place = Place::new();
    let owner = Owner::start(&place.data(), engine());
    write_and_kill(owner).await;
    let begun = Instant::now();
    while !processes_naming(&place.data()).is_empty() {
        assert!(
            begun.elapsed() < Duration::from_secs(10),
            "Postgres runs on"
        );
        sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_postgres_whose_guard_was_killed_too_is_stopped_by_the_next_start() {
    let place = Place::new();
    let first = place.start().await;
    let made_by = first.engine();
    first.stop().await;
    if made_by == Engine::Embedded {
        // It lives in the owner's process: there is no guard to kill.
        return;
    }
    let owner = Owner::start(&place.data(), engine());
    for (pid, command) in processes_naming(&place.data()) {
        if command.starts_with("/bin/sh") {
            let killed = Command::new("kill").args(["-9", &pid]).status().unwrap();
            assert!(killed.success());
        }
    }
    write_and_kill(owner).await;
    sleep(Duration::from_millis(500)).await;
    assert!(
        !processes_naming(&place.data()).is_empty(),
        "nothing was left over"
    );
    assert_fifty_rows(&place).await;
    assert!(processes_naming(&place.data()).is_empty());
}

/// Number and command line of the living processes that work on these data.
fn processes_naming(data: &Path) -> Vec<(String, String)> {
    let data = fs::canonicalize(data).unwrap();
    let output = Command::new("ps")
        .args(["-eo", "pid=,args="])
        .output()
        .unwrap();
    let own = std::process::id().to_string();
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| line.trim().split_once(' '))
        .filter(|(pid, command)| *pid != own && command.contains(&*data.to_string_lossy()))
        .map(|(pid, command)| (pid.to_owned(), command.trim().to_owned()))
        .collect()
}
