//! A provider says that a run has ended: the submission that waits for it is looked at now.

use chrono::DateTime;
use uuid::Uuid;

use crate::{
    app::{
        App,
        error::Fault,
        finish_submission::{FINISH_SUBMISSION, SubmissionJob},
        ports::{Delivery, EndedRun},
    },
    store::{Enqueue, Tx},
};

/// What a delivery did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Woken {
    /// Submissions that wait for the run are looked at now.
    Now,
    /// It came before, and did so then.
    Repeated,
    /// Nobody waits for such a run.
    Nobody,
}

impl Woken {
    /// A word for the log.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Now => "woken",
            Self::Repeated => "repeated",
            Self::Nobody => "nobody",
        }
    }
}

/// Moves the next look at a run to now. Nothing of the delivery is believed: the look asks the provider.
///
/// A look that is under way holds the submission's row when it decides, and so does this: whichever comes
/// second sees what the first has written, and no delivery is lost between them.
///
/// # Errors
/// A fault of the database.
pub async fn wake_run(app: &App, run: &EndedRun, delivery: &Delivery) -> Result<Woken, Fault> {
    let mut tx = app.store.begin().await?;
    let mut woken = Woken::Nobody;
    for submission in app.store.list_unsettled(&mut tx, run).await? {
        let is_new = app
            .store
            .record_delivery(&mut tx, delivery, submission)
            .await?;
        if is_new {
            look_now(app, &mut tx, submission).await?;
            woken = Woken::Now;
        } else if woken == Woken::Nobody {
            woken = Woken::Repeated;
        }
    }
    app.store.commit(tx).await?;
    Ok(woken)
}

/// Puts the waiting look before all others, with its pauses begun anew. One that is being taken is left alone.
async fn look_now(app: &App, tx: &mut Tx, submission: Uuid) -> Result<(), Fault> {
    let waiting = app
        .store
        .find_waiting_job(tx, FINISH_SUBMISSION, submission)
        .await?;
    let Some(key) = waiting else { return Ok(()) };
    let job = Enqueue {
        identifier: FINISH_SUBMISSION,
        payload: &SubmissionJob {
            submission,
            tries: 0,
            to: None,
        },
        key: Some(&key),
        // No process's clock, however wrong, holds it back.
        run_at: DateTime::UNIX_EPOCH,
        max_attempts: 8,
    };
    Ok(app.store.enqueue(tx, job).await?)
}
