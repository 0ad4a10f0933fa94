//! An instructor has a submission graded once more, by a run in a repository of their own.

use chrono::TimeDelta;
use uuid::Uuid;

use crate::{
    app::{
        App,
        caller::Caller,
        error::{Failure, Fault, Refusal},
        ports::{Provider, Run},
        run_audit::{AuditJob, Step, enqueue_step},
        submit_run::{ReplyTo, find_practice},
    },
    domain::{
        course::Course,
        grading::GradeSheet,
        trust::{Audit, Level},
    },
    store::{StoreError, Tx},
};

/// An audit that has been asked for.
#[derive(Debug, Clone)]
pub struct AuditAsked {
    /// Name of the member.
    pub name: String,
    /// Id of the practice.
    pub practice: String,
}

/// Asks for an audit of a member's submission: the oldest that waits for review, else the newest.
///
/// # Errors
/// Refuses anyone who is not an instructor, practices that name no workflow to audit with, members
/// without a graded submission, and a submission that is being audited already.
pub async fn audit_grade(
    app: &App,
    caller: &Caller,
    member: i64,
    practice: &str,
    reply_to: &ReplyTo,
) -> Result<AuditAsked, Failure> {
    if !caller.is_instructor {
        return Err(Refusal::NotInstructor.into());
    }
    let course = app.course(caller);
    let practice = find_practice(course, practice)?;
    let no_audit = || Refusal::NoAudit {
        practice: practice.to_uppercase(),
    };
    find_audit(course, practice)
        .filter(|_| app.starter.is_some())
        .ok_or_else(no_audit)?;
    let mut tx = app.store.begin().await?;
    let found = app
        .store
        .find_graded(&mut tx, caller.guild_id, &course.id, member, practice)
        .await?;
    let Some(row) = found else {
        return Err(Refusal::NothingGraded {
            practice: practice.to_uppercase(),
        }
        .into());
    };
    if row.run.provider != Provider::GitHub {
        return Err(no_audit().into());
    }
    let reply_to =
        serde_json::to_value(reply_to).map_err(|error| Fault::Broken(error.to_string()))?;
    if !begin(app, &mut tx, row.submission, Some(reply_to)).await? {
        return Err(Refusal::AuditWaiting.into());
    }
    app.store.commit(tx).await?;
    Ok(AuditAsked {
        name: row.name,
        practice: practice.to_owned(),
    })
}

/// Begins the audit of a submission that is drawn as a sample, or that waits for review.
///
/// # Errors
/// When the database cannot be reached.
pub async fn draw_audit(
    app: &App,
    tx: &mut Tx,
    submission: Uuid,
    run: &Run,
    sheet: &GradeSheet,
) -> Result<(), StoreError> {
    let course = app.library.find_course(&sheet.course);
    let Some((course, audit)) =
        course.and_then(|course| Some((course, find_audit(course, &sheet.practice)?)))
    else {
        return Ok(());
    };
    let can = app.starter.is_some() && run.provider == Provider::GitHub && audit.sample.is_some();
    let best = course.assessment.bands.first();
    let is_best = best.is_some_and(|band| band.grade == sheet.grade);
    let level = sheet.trust.as_ref().map(|trust| trust.level);
    let drawn = is_best && audit.draws(submission.as_u128());
    if can && (drawn || level == Some(Level::NeedsReview)) {
        begin(app, tx, submission, None).await?;
    }
    Ok(())
}

/// What a practice says of its audits.
#[must_use]
pub fn find_audit<'a>(course: &'a Course, practice: &str) -> Option<&'a Audit> {
    let policy = course.find_practice(practice)?.integrity.as_ref()?;
    policy.audit.as_ref()
}

/// Records an audit with its first job; `false` when one goes on already.
async fn begin(
    app: &App,
    tx: &mut Tx,
    submission: Uuid,
    reply_to: Option<serde_json::Value>,
) -> Result<bool, StoreError> {
    let audit = Uuid::now_v7();
    let is_new = app
        .store
        .record_audit(tx, audit, submission, reply_to)
        .await?;
    if is_new {
        let job = AuditJob {
            audit,
            step: Step::Start,
            tries: 0,
        };
        enqueue_step(app, tx, &job, TimeDelta::zero()).await?;
    }
    Ok(is_new)
}
