//! Enqueuing jobs in the caller's own transaction.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::Row;
use uuid::Uuid;

use super::{Store, StoreError, Tx};

/// The schema of the queue's own tables.
pub const JOB_SCHEMA: &str = "graphile_worker";

/// A job to do later.
#[derive(Debug, Clone, Copy)]
pub struct Enqueue<'a, P> {
    /// Which job.
    pub identifier: &'static str,
    /// Its arguments.
    pub payload: &'a P,
    /// A job of the same key replaces the one that waits.
    pub key: Option<&'a str>,
    /// When, at the earliest.
    pub run_at: DateTime<Utc>,
    /// How often it is tried.
    pub max_attempts: i16,
}

impl Store {
    /// Enqueues a job; it is there if and only if the transaction commits.
    ///
    /// The queue's tables are made by the queue itself at run time, so this one statement is not
    /// checked when it is compiled.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn enqueue<P: Serialize + Sync>(
        &self,
        tx: &mut Tx,
        job: Enqueue<'_, P>,
    ) -> Result<(), StoreError> {
        let payload = serde_json::to_value(job.payload).map_err(StoreError::inconsistent("job"))?;
        sqlx::query(
            "select graphile_worker.add_job($1, payload => $2::json, run_at => $3, max_attempts => $4, job_key => $5)",
        )
        .bind(job.identifier)
        .bind(payload)
        .bind(job.run_at)
        .bind(i32::from(job.max_attempts))
        .bind(job.key)
        .execute(&mut **tx)
        .await?;
        Ok(())
    }

    /// The key of the job that waits for a subject, which is part of its key.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn find_waiting_job(
        &self,
        tx: &mut Tx,
        identifier: &str,
        subject: Uuid,
    ) -> Result<Option<String>, StoreError> {
        let row = sqlx::query(
            "select key from graphile_worker.jobs
             where task_identifier = $1 and position($2 in key) > 0
               and locked_at is null and attempts < max_attempts limit 1",
        )
        .bind(identifier)
        .bind(subject.to_string())
        .fetch_optional(&mut **tx)
        .await?;
        Ok(row.map(|row| row.try_get(0)).transpose()?)
    }
}
