//! Finishing a submission whose run was still going, or whose reports could not be fetched at once.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    app::{
        App,
        audit_grade::draw_audit,
        error::{Failure, Fault},
        evidence::choose_practice,
        find_shared::note_shared,
        form_group::{enrolments_of, hold_partners, list_partners, members_of},
        grade_run::{GradedRun, Ungraded, grade_run},
        link_account::check_account,
        ports::{CiError, Conclusion, Run, RunStatus},
        read_steps::{Lack, Steps, read_steps},
        standing::{Standing, find_standing},
        submit_run::ReplyTo,
        tell_member::address,
    },
    domain::{course::Course, grading::GradeSheet},
    store::{Enqueue, StoreError, SubmissionRow, Tx},
};

/// The job that finishes a submission.
pub const FINISH_SUBMISSION: &str = "finish_submission";
/// The job that tells the member of the grade.
pub const DELIVER_GRADE: &str = "deliver_grade";
/// The word of a submission whose attempt of the run is no more.
const SUPERSEDED: &str = "superseded";
/// After so long a run that is still going is given up.
const LONGEST_RUN: TimeDelta = TimeDelta::hours(24);

/// The arguments of both jobs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubmissionJob {
    /// Id of the submission.
    pub submission: Uuid,
    /// How often the run has been looked at.
    pub tries: u32,
    /// The enrolment of the one who is told; nobody but the one who handed in when it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Uuid>,
}

/// What a finished submission has to tell its member.
#[derive(Debug, Clone)]
pub struct Notice {
    /// Where to.
    pub reply_to: ReplyTo,
    /// Who handed in, when somebody else of their group is told.
    pub by: Option<String>,
    /// Id of the course.
    pub course_id: String,
    /// The run.
    pub run: Run,
    /// Which of the member's attempts at the practice it is, from 1.
    pub attempt: u32,
    /// The grade, or the code of the failure.
    pub result: Result<GradeSheet, String>,
    /// Where the member stands in the practice.
    pub standing: Standing,
    /// What the steps of a run tell whose reports may not be downloaded.
    pub steps: Option<Steps>,
}

/// Looks at the run once: grades it, gives it up, or looks again later. What is decided, the
/// message to the member and the next look are one transaction.
///
/// # Errors
/// A fault of the database; the queue then tries again.
pub async fn finish_submission(app: &App, job: &SubmissionJob) -> Result<(), Fault> {
    let mut tx = app.store.begin().await?;
    let found = app.store.find_submission(&mut tx, job.submission).await?;
    let told = app.store.count_deliveries(&mut tx, job.submission).await?;
    app.store.commit(tx).await?;
    let Some(submission) = found.filter(|submission| !submission.is_settled) else {
        return Ok(());
    };
    let verdict = look(app, &submission).await?;
    let mut tx = app.store.begin().await?;
    hold(app, &mut tx, &submission, &verdict).await?;
    if app
        .store
        .find_submission(&mut tx, job.submission)
        .await?
        .is_none_or(|now| now.is_settled)
    {
        return Ok(());
    }
    let verdict = match verdict {
        Verdict::Grade(graded) => admit(app, &mut tx, &submission, graded).await?,
        other => other,
    };
    match verdict {
        Verdict::Grade(graded) => {
            app.store
                .record_grade(&mut tx, submission.id, graded.to_record())
                .await?;
            draw_audit(app, &mut tx, submission.id, &submission.run, &graded.sheet).await?;
            enqueue(
                app,
                &mut tx,
                DELIVER_GRADE,
                job.submission,
                0,
                TimeDelta::zero(),
            )
            .await?;
            tell_mates(app, &mut tx, job.submission, 0).await?;
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
            let now_told = app.store.count_deliveries(&mut tx, job.submission).await?;
            // A webhook that came during the look found no job to wake.
            let (tries, delay) = if now_told == told {
                (job.tries, delay_for(job.tries, delay))
            } else {
                (0, delay)
            };
            enqueue(
                app,
                &mut tx,
                FINISH_SUBMISSION,
                job.submission,
                tries + 1,
                delay,
            )
            .await?;
        }
    }
    Ok(app.store.commit(tx).await?)
}

/// Notes what a run shares with others and takes from its grade what lateness costs; a run that the terms of its practice do not let in is given up.
async fn admit(
    app: &App,
    tx: &mut Tx,
    submission: &SubmissionRow,
    mut graded: Box<GradedRun>,
) -> Result<Verdict, Fault> {
    let course = find_course(app, &submission.course_id)?;
    let Some(practice) = course.find_practice(&graded.sheet.practice) else {
        return Ok(Verdict::Grade(graded));
    };
    let mut members = submission.counts_for.clone();
    if submission.practice_id.is_none() {
        let partners = list_partners(app, tx, submission.by, Some(practice)).await?;
        match check_account(app, tx, &members_of(&partners), &submission.run).await {
            Ok(()) => {}
            Err(Failure::Refusal(_)) => return Ok(Verdict::GiveUp("other-account")),
            Err(Failure::Fault(fault)) => return Err(fault),
        }
        members = enrolments_of(&partners);
        app.store
            .share_submission(tx, submission.id, &members)
            .await?;
    }
    let standing = find_standing(app, tx, practice, &members, Some(submission.id)).await?;
    let made_at = submission.run.created_at;
    if let Err(refusal) = standing.admit(practice, made_at) {
        return Ok(Verdict::GiveUp(refusal.code()));
    }
    note_shared(app, tx, course, &members, &submission.run, &mut graded).await?;
    standing.settle(course, practice, made_at, &mut graded.sheet);
    Ok(Verdict::Grade(graded))
}

/// Holds those for whom the submission counts. Where only its reports tell the practice, these are the
/// members of the group as it is now; else those of when it was handed in.
async fn hold(
    app: &App,
    tx: &mut Tx,
    submission: &SubmissionRow,
    verdict: &Verdict,
) -> Result<(), Fault> {
    let course = find_course(app, &submission.course_id)?;
    let practice = match verdict {
        Verdict::Grade(graded) if submission.practice_id.is_none() => {
            course.find_practice(&graded.sheet.practice)
        }
        _ => None,
    };
    if practice.is_some() {
        hold_partners(app, tx, submission.by, practice).await?;
    } else {
        app.store
            .hold_enrolments(tx, &submission.counts_for)
            .await?;
    }
    Ok(())
}

fn find_course<'a>(app: &'a App, id: &str) -> Result<&'a Course, Fault> {
    app.library
        .find_course(id)
        .ok_or_else(|| Fault::Broken(format!("course `{id}` is no longer loaded")))
}

/// What a finished submission has to say; `None` when it is not settled or is gone.
///
/// # Errors
/// A fault of the database.
pub async fn find_notice(app: &App, job: &SubmissionJob) -> Result<Option<Notice>, Fault> {
    let submission = job.submission;
    let mut tx = app.store.begin().await?;
    let Some(row) = app.store.find_submission(&mut tx, submission).await? else {
        return Ok(None);
    };
    let sheet = app.store.find_sheet(&mut tx, submission).await?;
    let failure = app.store.find_failure(&mut tx, submission).await?;
    let practice = sheet.as_ref().and_then(|sheet| {
        let course = app.library.find_course(&row.course_id)?;
        course.find_practice(&sheet.practice)
    });
    let standing = match practice {
        Some(practice) => find_standing(app, &mut tx, practice, &row.counts_for, None).await?,
        None => Standing::default(),
    };
    let attempt = app.store.count_attempt(&mut tx, submission).await?;
    let mut reply_to: ReplyTo = serde_json::from_value(row.reply_to.clone()).map_err(|error| {
        Fault::Store(StoreError::Inconsistent {
            table: "submission",
            reason: error.to_string(),
        })
    })?;
    let mut by = None;
    if let Some(mate) = job.to {
        let handed_in = app
            .store
            .find_recipient(&mut tx, row.by.enrolment_id)
            .await?;
        by = Some(handed_in.name);
        reply_to = address(app, &mut tx, mate, reply_to.channel_id, reply_to.locale).await?;
    }
    app.store.commit(tx).await?;
    let result = match (sheet, failure) {
        (Some(sheet), _) => Ok(sheet),
        (None, Some(code)) => Err(code),
        (None, None) => return Ok(None),
    };
    let lack = result.as_ref().err().and_then(|code| Lack::find(code));
    let steps = match lack {
        Some(lack) => find_steps(app, &row, lack).await,
        None => None,
    };
    Ok(Some(Notice {
        reply_to,
        by,
        steps,
        course_id: row.course_id,
        run: row.run,
        attempt,
        result,
        standing,
    }))
}

/// The steps of a run, as far as the provider tells them now.
async fn find_steps(app: &App, row: &SubmissionRow, lack: Lack) -> Option<Steps> {
    let course = app.library.find_course(&row.course_id)?;
    let practice = if let Some(id) = row.practice_id.as_deref() {
        course.find_practice(id)
    } else {
        let artifacts = app.ci.list_artifacts(&row.run).await.ok()?;
        let names: Vec<&str> = artifacts.iter().map(|one| one.name.as_str()).collect();
        choose_practice(course, &names, |_| false)
    };
    let told = read_steps(&*app.ci, course, practice?, &row.run, lack).await;
    told.ok()
}

enum Verdict {
    Grade(Box<GradedRun>),
    GiveUp(&'static str),
    LookAgain(TimeDelta),
}

async fn look(app: &App, submission: &SubmissionRow) -> Result<Verdict, Fault> {
    let course = find_course(app, &submission.course_id)?;
    let run = &submission.run;
    let attempt = run.attempt;
    let late = app.clock.now() - submission.recorded_at > LONGEST_RUN;
    let run = match app.ci.reload_run(run).await {
        Ok(run) => run,
        // It was there when it was handed in.
        Err(CiError::NotFound) => return Ok(Verdict::GiveUp("deleted")),
        Err(error) => return Ok(judge(app, &error, late)),
    };
    // Each attempt is handed in for itself, so that none is graded in another's place.
    if run.attempt != attempt {
        return Ok(Verdict::GiveUp(SUPERSEDED));
    }
    match run.status {
        RunStatus::Completed => {}
        _ if !late => return Ok(Verdict::LookAgain(TimeDelta::zero())),
        RunStatus::Queued => return Ok(Verdict::GiveUp(Conclusion::NotStarted.code())),
        RunStatus::InProgress => return Ok(Verdict::GiveUp(Conclusion::TimedOut.code())),
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
            Err(Ungraded::Ended(how)) => Verdict::GiveUp(how.code()),
            Err(Ungraded::PartlyRerun) => Verdict::GiveUp("partly"),
            Err(Ungraded::StepsOnly(steps)) => Verdict::GiveUp(steps.lack.code()),
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
        payload: &SubmissionJob {
            submission,
            tries,
            to: None,
        },
        key: Some(&format!("{identifier}:{submission}:{tries}")),
        run_at: app.clock.now() + delay,
        max_attempts: 8,
    };
    app.store.enqueue(tx, job).await
}

/// Has everyone told of a grade for whom it counts besides the one who handed in.
///
/// # Errors
/// When the database cannot be reached.
pub async fn tell_mates(
    app: &App,
    tx: &mut Tx,
    submission: Uuid,
    tries: u32,
) -> Result<(), StoreError> {
    for mate in app.store.list_mates(tx, submission).await? {
        let job = Enqueue {
            identifier: DELIVER_GRADE,
            payload: &SubmissionJob {
                submission,
                tries,
                to: Some(mate),
            },
            key: Some(&format!("{DELIVER_GRADE}:{submission}:{tries}:{mate}")),
            run_at: app.clock.now(),
            max_attempts: 8,
        };
        app.store.enqueue(tx, job).await?;
    }
    Ok(())
}
