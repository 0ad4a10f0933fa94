//! The queue as the people who run the bot see it. Its tables are the queue's own, made at run
//! time, so these statements are not checked when they are compiled.

use chrono::{DateTime, Utc};
use sqlx::Row as _;
use uuid::Uuid;

use super::{Store, StoreError, Tx};

/// How much there is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct QueueCounts {
    /// Jobs that wait for their time or a worker.
    pub waiting: i64,
    /// Jobs that are being done.
    pub running: i64,
    /// Jobs that were tried as often as allowed.
    pub dead: i64,
}

/// A job that was tried as often as allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadJob {
    /// Which job.
    pub identifier: String,
    /// How often it was tried.
    pub attempts: i16,
    /// What went wrong the last time.
    pub error: String,
    /// When that was.
    pub failed_at: DateTime<Utc>,
}

impl Store {
    /// Counts the jobs of the queue.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn count_jobs(&self, tx: &mut Tx) -> Result<QueueCounts, StoreError> {
        let row = sqlx::query(
            "select count(*) filter (where attempts < max_attempts and locked_at is null),
                    count(*) filter (where locked_at is not null),
                    count(*) filter (where attempts >= max_attempts and locked_at is null)
             from graphile_worker.jobs",
        )
        .fetch_one(&mut **tx)
        .await?;
        Ok(QueueCounts {
            waiting: row.try_get(0)?,
            running: row.try_get(1)?,
            dead: row.try_get(2)?,
        })
    }

    /// The jobs that were given up, the newest first.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn list_dead_jobs(
        &self,
        tx: &mut Tx,
        limit: i64,
    ) -> Result<Vec<DeadJob>, StoreError> {
        let rows = sqlx::query(
            "select task_identifier, attempts, coalesce(last_error, ''), updated_at
             from graphile_worker.jobs where attempts >= max_attempts and locked_at is null
             order by updated_at desc, id desc limit $1",
        )
        .bind(limit)
        .fetch_all(&mut **tx)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(DeadJob {
                    identifier: row.try_get(0)?,
                    attempts: row.try_get(1)?,
                    error: row.try_get(2)?,
                    failed_at: row.try_get(3)?,
                })
            })
            .collect()
    }

    /// Lets every job that was given up be tried anew; tells how many.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn retry_dead_jobs(
        &self,
        tx: &mut Tx,
        run_at: DateTime<Utc>,
    ) -> Result<i64, StoreError> {
        let row = sqlx::query(
            "select count(*) from graphile_worker.reschedule_jobs(
                 (select coalesce(array_agg(id), '{}') from graphile_worker.jobs
                  where attempts >= max_attempts and locked_at is null),
                 run_at => $1, attempts => 0)",
        )
        .bind(run_at)
        .fetch_one(&mut **tx)
        .await?;
        Ok(row.try_get(0)?)
    }

    /// Submissions without grade or failure that were recorded before a time.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn list_stranded(
        &self,
        tx: &mut Tx,
        before: DateTime<Utc>,
        limit: i64,
    ) -> Result<Vec<Uuid>, StoreError> {
        Ok(sqlx::query_scalar!(
            "select s.id from submission s
             where s.recorded_at < $1
               and not exists (select 1 from grade g where g.submission_id = s.id)
               and not exists (select 1 from submission_failure f where f.submission_id = s.id)
             order by s.recorded_at limit $2 for update of s skip locked",
            before,
            limit
        )
        .fetch_all(&mut **tx)
        .await?)
    }
}
