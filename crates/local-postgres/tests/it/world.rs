use std::{env, fs, os::unix::fs::PermissionsExt, path::PathBuf, time::Duration};

use local_postgres::{Choice, LocalPostgres, Options, start};
use sqlx::{PgPool, postgres::PgPoolOptions};
use tempfile::TempDir;

/// The engine under test.
#[expect(
    clippy::disallowed_methods,
    reason = "a setting of the tests themselves"
)]
pub fn engine() -> Choice {
    env::var("LOCAL_POSTGRES_ENGINE").map_or(Choice::Auto, |name| name.parse().unwrap())
}

/// A place for data, removed after the test.
pub struct Place {
    dir: TempDir,
}

impl Place {
    pub fn new() -> Self {
        // Under root, Postgres runs as another user, who has to get to its files.
        Self::with_mode(0o711)
    }

    /// One that only the user of this process can enter.
    pub fn closed() -> Self {
        Self::with_mode(0o700)
    }

    fn with_mode(mode: u32) -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(mode)).unwrap();
        Self { dir }
    }

    pub fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    pub fn options(&self) -> Options {
        Options {
            engine: engine(),
            ..Options::durable(self.data())
        }
    }

    pub async fn start(&self) -> LocalPostgres {
        start(self.options()).await.unwrap()
    }
}

pub async fn throwaway() -> LocalPostgres {
    let options = Options {
        engine: engine(),
        ..Options::throwaway()
    };
    start(options).await.unwrap()
}

pub async fn pool(postgres: &LocalPostgres) -> PgPool {
    pool_of(postgres, postgres.max_connections()).await
}

pub async fn pool_of(postgres: &LocalPostgres, connections: u32) -> PgPool {
    PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(20))
        .connect(postgres.url())
        .await
        .unwrap()
}

pub async fn migrate(pool: &PgPool) {
    sqlx::migrate!("tests/migrations").run(pool).await.unwrap();
}

pub async fn note(pool: &PgPool, body: &str) {
    sqlx::query("INSERT INTO note (body) VALUES ($1)")
        .bind(body.to_owned())
        .execute(pool)
        .await
        .unwrap();
}

pub async fn notes(pool: &PgPool) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM note")
        .fetch_one(pool)
        .await
        .unwrap()
}
