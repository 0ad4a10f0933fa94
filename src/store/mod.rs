//! Postgres: the shared state of every process. All SQL is here and is checked when it is compiled.

mod accounts;
mod admin;
mod attempts;
mod audits;
mod ci_memory;
mod class;
mod device_links;
mod grades;
mod groups;
mod interactions;
mod members;
mod progress;
mod queue;
mod regrade;
mod reports;
mod submissions;
mod terms;
mod trust;
mod webhooks;

use std::time::Duration;

use sqlx::{
    PgPool, Postgres, Transaction,
    migrate::Migrator,
    pool::PoolConnection,
    postgres::{PgAdvisoryLock, PgAdvisoryLockGuard, PgPoolOptions},
};

pub use accounts::AccountRow;
pub use admin::{DeadJob, QueueCounts};
pub use attempts::{AttemptRow, AttemptSummary};
pub use audits::{AuditEnd, AuditEvidence, AuditRow};
pub use class::LearnerRow;
pub use device_links::DeviceLinkRow;
pub use grades::{Again, DOCENT, GradeRecord, NewGrade, REGRADE, RecordedGrade};
pub use groups::{GroupEvent, GroupMember, Order, Partner};
pub use members::{Enrolment, Newcomer, Recipient, Role};
pub use queue::{Enqueue, JOB_SCHEMA};
pub use regrade::GradedMember;
pub use reports::{Said, StoredReport};
pub use submissions::{ClaimOutcome, GradeRow, NewSubmission, SubmissionRow};
pub use terms::{DUE_TIME, LateGradeRow, NewDate, SetDates};
pub use trust::ReviewRow;

/// One transaction: every use case opens one and commits it once.
pub type Tx = Transaction<'static, Postgres>;

static MIGRATIONS: Migrator = sqlx::migrate!();

/// A fault of the database.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Postgres refused or could not be reached.
    #[error("the database failed: {0}")]
    Database(#[from] sqlx::Error),
    /// A migration failed.
    #[error("a migration failed: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A row cannot be read as what it should hold.
    #[error("a row of `{table}` is not what it should be: {reason}")]
    Inconsistent {
        /// The table.
        table: &'static str,
        /// What is wrong with the row.
        reason: String,
    },
}

impl StoreError {
    fn inconsistent(table: &'static str) -> impl Fn(serde_json::Error) -> Self {
        move |error| Self::Inconsistent {
            table,
            reason: error.to_string(),
        }
    }
}

/// The right to migrate: one process at a time has it.
pub struct MigrationLock(PgAdvisoryLockGuard<PoolConnection<Postgres>>);

impl MigrationLock {
    /// Lets the next process migrate.
    ///
    /// # Errors
    /// When the database cannot be reached; the lock then ends with its connection.
    pub async fn release(self) -> Result<(), StoreError> {
        self.0.release_now().await?;
        Ok(())
    }
}

/// The database.
#[derive(Debug, Clone)]
pub struct Store {
    pool: PgPool,
}

impl Store {
    /// Connects to Postgres with at most `connections` connections.
    ///
    /// # Errors
    /// When no connection can be made within ten seconds.
    pub async fn connect(url: &str, connections: u32) -> Result<Self, StoreError> {
        let pool = PgPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(Duration::from_secs(10))
            .connect(url)
            .await?;
        Ok(Self { pool })
    }

    /// Brings the schema up to date; safe to call from any number of processes at once.
    ///
    /// # Errors
    /// When a migration fails or was changed after it had been applied.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        Ok(MIGRATIONS.run(&self.pool).await?)
    }

    /// Waits until no other process migrates this database, and holds it so until the guard is
    /// released; it takes one connection of the pool meanwhile.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn lock_migrations(&self) -> Result<MigrationLock, StoreError> {
        let connection = self.pool.acquire().await?;
        let lock = PgAdvisoryLock::new("docent migrations");
        Ok(MigrationLock(lock.acquire(connection).await?))
    }

    /// Opens a transaction. Inside it, use only it: the pool may have a single connection.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        Ok(self.pool.begin().await?)
    }

    /// Commits a transaction.
    ///
    /// # Errors
    /// When the database cannot be reached; nothing of the transaction is then kept.
    pub async fn commit(&self, tx: Tx) -> Result<(), StoreError> {
        Ok(tx.commit().await?)
    }

    /// The pool, for the queue's own use.
    #[must_use]
    pub const fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// Answers when the database does.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query!("select 1 as one")
            .fetch_one(&self.pool)
            .await?;
        Ok(())
    }

    /// Closes every connection.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}
