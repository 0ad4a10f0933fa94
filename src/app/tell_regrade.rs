//! Telling a member which of their grades were worked out again, once.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    app::{App, error::Fault, regrade::Mark, submit_run::ReplyTo, tell_member::address},
    store::StoreError,
};

/// The job that tells a member.
pub const TELL_REGRADE: &str = "tell_regrade";

/// The arguments of the job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TellRegrade {
    /// The member's enrolment.
    pub enrolment: Uuid,
    /// The numbers of the new grades.
    pub grades: Vec<i64>,
}

/// What there is to tell.
#[derive(Debug, Clone)]
pub struct RegradeNotice {
    /// Where to.
    pub reply_to: ReplyTo,
    /// Practice, the mark before and the mark now, in the order of the grades.
    pub moves: Vec<(String, Mark, Mark)>,
}

/// What a regrade has to tell a member, in their own language; `None` when nothing of it is there any more.
///
/// # Errors
/// A fault of the database.
pub async fn find_regrade_notice(
    app: &App,
    job: &TellRegrade,
) -> Result<Option<RegradeNotice>, Fault> {
    let mut tx = app.store.begin().await?;
    let Some((reply_to, is_own)) = app.store.find_reply_to(&mut tx, job.enrolment).await? else {
        return Ok(None);
    };
    let mut reply_to: ReplyTo =
        serde_json::from_value(reply_to).map_err(|error| StoreError::Inconsistent {
            table: "submission",
            reason: error.to_string(),
        })?;
    if !is_own {
        // Another of their group handed in, where they are called too.
        let (channel, locale) = (reply_to.channel_id, reply_to.locale);
        reply_to = address(app, &mut tx, job.enrolment, channel, locale).await?;
    }
    let mut moves = Vec::new();
    for grade in &job.grades {
        let Some(submission) = app.store.find_graded_submission(&mut tx, *grade).await? else {
            continue;
        };
        let records = app.store.list_grades(&mut tx, submission).await?;
        let after = records.iter().find(|record| record.id == *grade);
        let before = records.iter().rfind(|record| record.id < *grade);
        if let (Some(before), Some(after)) = (before, after) {
            moves.push((
                after.sheet.practice.clone(),
                Mark::of(&before.sheet),
                Mark::of(&after.sheet),
            ));
        }
    }
    app.store.commit(tx).await?;
    Ok((!moves.is_empty()).then_some(RegradeNotice { reply_to, moves }))
}
