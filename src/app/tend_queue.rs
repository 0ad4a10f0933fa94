//! The queue: how it is, trying given-up jobs anew, and ending what nobody ends any more.

use chrono::TimeDelta;

use crate::{
    app::{
        App,
        error::{Failure, Fault},
        finish_submission::{DELIVER_GRADE, SubmissionJob},
        ports::CiError,
    },
    store::{DeadJob, Enqueue, QueueCounts},
};

/// Most given-up jobs that are shown.
const SHOWN: i64 = 10;
/// A submission that is neither graded nor refused after so long has lost its job.
const STRANDED: TimeDelta = TimeDelta::hours(25);
/// Most submissions that are ended at once.
const AT_ONCE: i64 = 100;

/// How the queue is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueReport {
    /// How many jobs there are.
    pub counts: QueueCounts,
    /// The newest that were given up.
    pub dead: Vec<DeadJob>,
}

/// Looks at the queue.
///
/// # Errors
/// Only faults.
pub async fn show_queue(app: &App) -> Result<QueueReport, Failure> {
    let mut tx = app.store.begin().await?;
    let report = QueueReport {
        counts: app.store.count_jobs(&mut tx).await?,
        dead: app.store.list_dead_jobs(&mut tx, SHOWN).await?,
    };
    app.store.commit(tx).await?;
    Ok(report)
}

/// Lets every given-up job be tried anew; tells how many.
///
/// # Errors
/// Only faults.
pub async fn retry_queue(app: &App) -> Result<i64, Failure> {
    let mut tx = app.store.begin().await?;
    let count = app.store.retry_dead_jobs(&mut tx, app.clock.now()).await?;
    app.store.commit(tx).await?;
    Ok(count)
}

/// Ends submissions whose job is lost, and has their members told: none hangs for ever.
///
/// # Errors
/// A fault of the database; the queue then tries again.
pub async fn settle_stranded(app: &App) -> Result<usize, Fault> {
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    let stranded = app
        .store
        .list_stranded(&mut tx, now - STRANDED, AT_ONCE)
        .await?;
    let mut ended = 0;
    for submission in &stranded {
        let found = app.store.find_submission(&mut tx, *submission).await?;
        if found.is_none_or(|found| found.is_settled) {
            continue;
        }
        ended += 1;
        app.store
            .record_failure(&mut tx, *submission, CiError::Timeout.code())
            .await?;
        let job = Enqueue {
            identifier: DELIVER_GRADE,
            payload: &SubmissionJob {
                submission: *submission,
                tries: 0,
                to: None,
            },
            key: Some(&format!("{DELIVER_GRADE}:{submission}:0")),
            run_at: now,
            max_attempts: 8,
        };
        app.store.enqueue(&mut tx, job).await?;
    }
    app.store.commit(tx).await?;
    Ok(ended)
}
