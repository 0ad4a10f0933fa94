//! Finishing a submission whose run was still going, or whose reports could not be fetched at once.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    app::{
        App,
        error::Fault,
        find_shared::note_shared,
        grade_run::{GradedRun, Ungraded, grade_run},
        ports::{CiError, Conclusion, Run, RunStatus},
        submit_run::ReplyTo,
    },
    domain::{course::Course, grading::GradeSheet},
    store::{Enqueue, StoreError, SubmissionRow, Tx},
};

/// The job that finishes a submission.
pub const FINISH_SUBMISSION: &str = "finish_submission";
/// The job that tells the member of the grade.
pub const DELIVER_GRADE: &str = "deliver_grade";
/// After so long a run that is still going is given up.
const LONGEST_RUN: TimeDelta = TimeDelta::hours(24);

/// The arguments of both jobs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubmissionJob {
    /// Id of the submission.
    pub submission: Uuid,
    /// How often the run has been looked at.
    pub tries: u32,
}

/// What a finished submission has to tell its member.
#[derive(Debug, Clone)]
pub struct Notice {
    /// Where to.
    pub reply_to: ReplyTo,
    /// Id of the course.
    pub course_id: String,
    /// The run.
    pub run: Run,
    /// The grade, or the code of the failure.
    pub result: Result<GradeSheet, String>,
}

/// Looks at the run once: grades it, gives it up, or looks again later. What is decided, the
/// message to the member and the next look are one transaction.
///
/// # Errors
/// A fault of the database; the queue then tries again.
pub async fn finish_submission(app: &App, job: &SubmissionJob) -> Result<(), Fault> {
    let mut tx = app.store.begin().await?;
    let found = app.store.find_submission(&mut tx, job.submission).await?;
    app.store.commit(tx).await?;
    let Some(submission) = found.filter(|submission| !submission.is_settled) else {
        return Ok(());
    };
    let verdict = look(app, &submission).await?;
    let mut tx = app.store.begin().await?;
    if app
        .store
        .find_submission(&mut tx, job.submission)
        .await?
        .is_none_or(|now| now.is_settled)
    {
        return Ok(());
    }
    match verdict {
        Verdict::Grade(mut graded) => {
            let course = find_course(app, &submission)?;
            let (enrolment, run) = (submission.enrolment_id, &submission.run);
            note_shared(app, &mut tx, course, enrolment, run, &mut graded).await?;
            app.store
                .record_grade(
                    &mut tx,
                    submission.id,
                    &graded.reports,
                    &graded.sheet,
                    &graded.evidence.facts,
                )
                .await?;
            enqueue(
                app,
                &mut tx,
                DELIVER_GRADE,
                job.submission,
                0,
                TimeDelta::zero(),
            )
            .await?;
        }
        Verdict::GiveUp(code) => {
            app.store
                .record_failure(&mut tx, submission.id, code)
                .await?;
            enqueue(
                app,
                &mut tx,
                DELIVER_GRADE,
                job.submission,
                0,
                TimeDelta::zero(),
            )
            .await?;
        }
        Verdict::LookAgain(delay) => {
            enqueue(
                app,
                &mut tx,
                FINISH_SUBMISSION,
                job.submission,
                job.tries + 1,
                delay_for(job.tries, delay),
            )
            .await?;
        }
    }
    Ok(app.store.commit(tx).await?)
}

/// What a finished submission has to say; `None` when it is not settled or is gone.
///
/// # Errors
/// A fault of the database.
pub async fn find_notice(app: &App, submission: Uuid) -> Result<Option<Notice>, Fault> {
    let mut tx = app.store.begin().await?;
    let Some(row) = app.store.find_submission(&mut tx, submission).await? else {
        return Ok(None);
    };
    let sheet = app.store.find_sheet(&mut tx, submission).await?;
    let failure = app.store.find_failure(&mut tx, submission).await?;
    app.store.commit(tx).await?;
    let result = match (sheet, failure) {
        (Some(sheet), _) => Ok(sheet),
        (None, Some(code)) => Err(code),
        (None, None) => return Ok(None),
    };
    let reply_to = serde_json::from_value(row.reply_to).map_err(|error| {
        Fault::Store(StoreError::Inconsistent {
            table: "submission",
            reason: error.to_string(),
        })
    })?;
    Ok(Some(Notice {
        reply_to,
        course_id: row.course_id,
        run: row.run,
        result,
    }))
}

enum Verdict {
    Grade(Box<GradedRun>),
    GiveUp(&'static str),
    LookAgain(TimeDelta),
}

fn find_course<'a>(app: &'a App, submission: &SubmissionRow) -> Result<&'a Course, Fault> {
    let id = &submission.course_id;
    let found = app.library.find_course(id);
    found.ok_or_else(|| Fault::Broken(format!("course `{id}` is no longer loaded")))
}

async fn look(app: &App, submission: &SubmissionRow) -> Result<Verdict, Fault> {
    let course = find_course(app, submission)?;
    let run = &submission.run;
    let late = app.clock.now() - submission.recorded_at > LONGEST_RUN;
    let run = match app.ci.reload_run(run).await {
        Ok(run) => run,
        Err(error) => return Ok(judge(app, &error, late)),
    };
    if run.status != RunStatus::Completed {
        return Ok(if late {
            Verdict::GiveUp(CiError::Timeout.code())
        } else {
            Verdict::LookAgain(TimeDelta::zero())
        });
    }
    if matches!(
        run.conclusion,
        Some(Conclusion::Cancelled | Conclusion::Skipped)
    ) {
        return Ok(Verdict::GiveUp("cancelled"));
    }
    let done = |_: &str| false;
    Ok(
        match grade_run(
            &*app.ci,
            course,
            &run,
            submission.practice_id.as_deref(),
            done,
        )
        .await
        {
            Ok(graded) => Verdict::Grade(Box::new(graded)),
            Err(Ungraded::Ci(error)) => judge(app, &error, late),
            Err(Ungraded::NoReports { .. }) => Verdict::GiveUp("no-reports"),
            Err(Ungraded::Event { .. }) => Verdict::GiveUp("event"),
        },
    )
}

/// A transient error is waited out, as long as the provider asks; any other ends the submission.
fn judge(app: &App, error: &CiError, late: bool) -> Verdict {
    match error {
        CiError::RateLimited { until } if !late => Verdict::LookAgain(*until - app.clock.now()),
        error if error.is_transient() && !late => Verdict::LookAgain(TimeDelta::zero()),
        error => Verdict::GiveUp(error.code()),
    }
}

/// 5, 10, 20, 40, then every 60 seconds; longer when the provider asks for it.
fn delay_for(tries: u32, asked: TimeDelta) -> TimeDelta {
    let own = 5_i64.saturating_mul(1 << tries.min(4)).min(60);
    TimeDelta::seconds(own).max(asked)
}

/// Enqueues a job of a submission; one of a number is enqueued once.
///
/// # Errors
/// When the database cannot be reached.
pub async fn enqueue(
    app: &App,
    tx: &mut Tx,
    identifier: &'static str,
    submission: Uuid,
    tries: u32,
    delay: TimeDelta,
) -> Result<(), StoreError> {
    let job = Enqueue {
        identifier,
        payload: &SubmissionJob { submission, tries },
        key: Some(&format!("{identifier}:{submission}:{tries}")),
        run_at: app.clock.now() + delay,
        max_attempts: 8,
    };
    app.store.enqueue(tx, job).await
}
