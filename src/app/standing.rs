//! Where members stand in a practice: when it is due for them and how many attempts they have left.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    app::{App, error::TermsRefusal},
    domain::{
        allowance::Allowance, course::Course, grading::GradeSheet, lateness::Due,
        practice::PracticeTask,
    },
    store::{StoreError, Tx},
};

/// Where members stand in a practice.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Standing {
    /// When it is due for them.
    pub due: Option<Due>,
    /// When it closes for them.
    pub closes_at: Option<DateTime<Utc>>,
    /// Whether it is closed now.
    pub is_closed: bool,
    /// Attempts left; `None` when they are not counted.
    pub attempts: Option<Allowance>,
}

/// Where members who hand in together stand, with one submission left out of the count.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_standing(
    app: &App,
    tx: &mut Tx,
    practice: &PracticeTask,
    enrolments: &[Uuid],
    leave_out: Option<Uuid>,
) -> Result<Standing, StoreError> {
    let terms = &practice.terms;
    let set = app.store.find_dates(tx, enrolments, &practice.id).await?;
    let due = terms.due(set.server, set.extension);
    let closes_at = due.and_then(|due| terms.late.closes_at(due));
    let now = app.clock.now();
    let attempts = match &terms.attempts {
        None => None,
        Some(bucket) => {
            let taken = app
                .store
                .list_attempts_taken(tx, enrolments, &practice.id, leave_out)
                .await?;
            Some(bucket.left(&taken, now))
        }
    };
    Ok(Standing {
        due,
        closes_at,
        is_closed: closes_at.is_some_and(|end| now > end),
        attempts,
    })
}

impl Standing {
    /// Whether a run that was made at a time may be handed in now.
    ///
    /// # Errors
    /// Refuses runs from before the practice opened and from after it closed, and members without attempts.
    pub fn admit(
        &self,
        practice: &PracticeTask,
        made_at: DateTime<Utc>,
    ) -> Result<(), TermsRefusal> {
        if let Some(opens_at) = practice.terms.opens_at.filter(|opens| made_at < *opens) {
            return Err(TermsRefusal::NotOpen { opens_at });
        }
        if let Some(closed_at) = self.closes_at.filter(|end| made_at > *end) {
            return Err(TermsRefusal::Closed { closed_at });
        }
        match self.attempts {
            Some(Allowance {
                left: 0, next_at, ..
            }) => Err(TermsRefusal::NoAttempts { next_at }),
            _ => Ok(()),
        }
    }

    /// Takes from a fresh grade what lateness costs.
    pub fn settle(
        &self,
        course: &Course,
        practice: &PracticeTask,
        made_at: DateTime<Utc>,
        sheet: &mut GradeSheet,
    ) {
        if let Some(due) = self.due {
            sheet.settle_late(&course.assessment.bands, &practice.terms.late, due, made_at);
        }
    }
}
