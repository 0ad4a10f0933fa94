//! An audit, step by step: start the instructors' workflow, find its run, wait for it, grade it, tell.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    app::{
        App,
        audit_grade::find_audit,
        error::Fault,
        finish_submission::{DELIVER_GRADE, enqueue, tell_mates},
        grade_run::{AuditedRun, Ungraded, load_audited},
        ports::{CiError, Conclusion, Run, RunStatus, Starter},
        recompute::{BadReport, recompute, recompute_audited},
        submit_run::ReplyTo,
    },
    domain::{course::Course, trust::Audit},
    store::{AuditRow, Enqueue, NewGrade, StoreError, Tx},
};

/// The job of each step.
pub const AUDIT: &str = "audit";
/// The word of an audit that an instructor's own grade was quicker than.
const DECIDED: &str = "decided";
/// How often a run that was started is looked for by its name.
const MOST_SEARCHES: u32 = 60;
/// How often a run is looked at: for a day, once in half a minute.
const MOST_LOOKS: u32 = 2 * 60 * 24;
/// How often a start is tried while the provider is out of reach.
const MOST_STARTS: u32 = 60;

/// The arguments of the job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditJob {
    /// Id of the audit.
    pub audit: Uuid,
    /// What is to be done.
    pub step: Step,
    /// How often it has been tried.
    pub tries: u32,
}

/// What is done next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Start the workflow.
    Start,
    /// Find the run by the id in its name.
    Find,
    /// Wait for the run of this number, then grade it.
    Wait(u64),
    /// Tell the instructor.
    Tell,
}

/// Does one step. What it found out and the next step are one transaction.
///
/// # Errors
/// A fault of the database; the queue then tries again.
pub async fn run_audit(app: &App, job: &AuditJob) -> Result<(), Fault> {
    let mut tx = app.store.begin().await?;
    let row = app.store.find_audit(&mut tx, job.audit).await?;
    app.store.commit(tx).await?;
    let Some(row) = row.filter(|row| row.end.is_none()) else {
        return Ok(());
    };
    let Some(course) = app.library.find_course(&row.course_id) else {
        return Err(Fault::Broken(format!(
            "course `{}` is no longer loaded",
            row.course_id
        )));
    };
    let target = find_audit(course, &row.sheet.practice);
    let found = match (&app.starter, target) {
        (Some(starter), Some(target)) => step(&**starter, course, target, &row, job).await,
        // The settings have changed since it was asked for.
        _ => Next::Fail("no-audit".to_owned()),
    };
    let mut tx = app.store.begin().await?;
    match found {
        Next::Step(step, tries, delay) => {
            let next = AuditJob {
                audit: job.audit,
                step,
                tries,
            };
            enqueue_step(app, &mut tx, &next, delay).await?;
        }
        Next::Fail(code) => {
            app.store
                .record_audit_failure(&mut tx, job.audit, &code)
                .await?;
            tell(app, &mut tx, job.audit).await?;
        }
        Next::Grade(audited) => record(app, &mut tx, job.audit, &row, &audited).await?,
    }
    Ok(app.store.commit(tx).await?)
}

/// Records the grade of an audit with all it rests on, and has those told for whom it counts.
async fn record(
    app: &App,
    tx: &mut Tx,
    audit: Uuid,
    row: &AuditRow,
    audited: &AuditedRun,
) -> Result<(), Fault> {
    let broken = |error: BadReport| Fault::Broken(error.to_string());
    let AuditedRun { rules, evidence } = audited;
    // Held, so that a regrade or a moved due time is either before this or after it.
    app.store.find_submission(tx, row.submission).await?;
    let grades = app.store.list_grades(tx, row.submission).await?;
    let decided = grades.last().is_some_and(|grade| !grade.is_worked_out());
    if decided && row.reply_to.is_none() {
        // Nobody asked for this one, and an instructor has decided meanwhile.
        app.store.record_audit_failure(tx, audit, DECIDED).await?;
        return Ok(());
    }
    let latest = app.store.find_sheet(tx, row.submission).await?;
    let latest = latest.as_ref().unwrap_or(&row.sheet);
    let late = latest.late.as_ref();
    let reports = app.store.list_reports(tx, row.submission, None).await?;
    let handed_in = recompute(rules, &reports, &row.facts, late).map_err(broken)?;
    let sheet = recompute_audited(rules, evidence, &handed_in, late).map_err(broken)?;
    let new = NewGrade {
        sheet: &sheet,
        reports: &evidence.reports,
        facts: &evidence.facts,
        rules,
    };
    let recorded = app
        .store
        .record_audited(tx, audit, row.submission, new, &evidence.run)
        .await?;
    let Some(number) = recorded else {
        return Ok(());
    };
    if sheet.grade != latest.grade {
        // The number tells this message from the one of an earlier grade.
        let tries = u32::try_from(number).map_err(|error| Fault::Broken(error.to_string()))?;
        let now = TimeDelta::zero();
        enqueue(app, tx, DELIVER_GRADE, row.submission, tries, now).await?;
        tell_mates(app, tx, row.submission, tries).await?;
    }
    Ok(tell(app, tx, audit).await?)
}

enum Next {
    Step(Step, u32, TimeDelta),
    Fail(String),
    Grade(Box<AuditedRun>),
}

async fn step(
    starter: &dyn Starter,
    course: &Course,
    target: &Audit,
    row: &AuditRow,
    job: &AuditJob,
) -> Next {
    let again = |most: u32, error: &CiError| {
        if error.is_transient() && job.tries < most {
            Next::Step(job.step, job.tries + 1, TimeDelta::seconds(30))
        } else {
            Next::Fail(error.code().to_owned())
        }
    };
    let id = job.audit.simple().to_string();
    match job.step {
        Step::Start => {
            let inputs = [
                ("id", id.as_str()),
                ("practice", row.sheet.practice.as_str()),
                ("repository", row.run.repository.as_str()),
                ("commit", row.run.head_sha.as_str()),
            ];
            match starter.start(target, &inputs).await {
                Ok(Some(run)) => Next::Step(Step::Wait(run), 0, TimeDelta::seconds(5)),
                Ok(None) => Next::Step(Step::Find, 0, TimeDelta::seconds(5)),
                Err(error) => again(MOST_STARTS, &error),
            }
        }
        Step::Find => match starter.find_started(target, &id).await {
            Ok(Some(run)) => Next::Step(Step::Wait(run), 0, TimeDelta::zero()),
            Ok(None) if job.tries < MOST_SEARCHES => {
                Next::Step(Step::Find, job.tries + 1, TimeDelta::seconds(10))
            }
            Ok(None) => Next::Fail(CiError::NotFound.code().to_owned()),
            Err(error) => again(MOST_SEARCHES, &error),
        },
        Step::Wait(number) => match starter.load_started(target, number).await {
            Ok(run) if run.status == RunStatus::Completed => {
                match load(starter, course, row, &run).await {
                    Err(Ungraded::Ci(error)) => again(MOST_LOOKS, &error),
                    Err(_) => Next::Fail("no-reports".to_owned()),
                    Ok(audited) => Next::Grade(Box::new(audited)),
                }
            }
            Ok(_) if job.tries < MOST_LOOKS => {
                let delay = if job.tries < 5 { 5 } else { 30 };
                Next::Step(job.step, job.tries + 1, TimeDelta::seconds(delay))
            }
            Ok(_) => Next::Fail(CiError::Timeout.code().to_owned()),
            Err(error) => again(MOST_LOOKS, &error),
        },
        // Told of what has ended only; this one has not.
        Step::Tell => Next::Fail(CiError::NotFound.code().to_owned()),
    }
}

async fn load(
    starter: &dyn Starter,
    course: &Course,
    row: &AuditRow,
    run: &Run,
) -> Result<AuditedRun, Ungraded> {
    if matches!(
        run.conclusion,
        Some(Conclusion::Cancelled | Conclusion::Skipped | Conclusion::StartupFailure)
    ) {
        return Err(Ungraded::NoReports {
            expected: Vec::new(),
        });
    }
    load_audited(starter, course, &row.sheet.practice, run, &row.facts).await
}

async fn tell(app: &App, tx: &mut Tx, audit: Uuid) -> Result<(), StoreError> {
    let job = AuditJob {
        audit,
        step: Step::Tell,
        tries: 0,
    };
    enqueue_step(app, tx, &job, TimeDelta::zero()).await
}

/// What an instructor is told of an audit that has ended, and where; `None` when nobody asked for it.
///
/// # Errors
/// A fault of the database.
pub async fn find_audit_notice(
    app: &App,
    audit: Uuid,
) -> Result<Option<(ReplyTo, AuditRow)>, Fault> {
    let mut tx = app.store.begin().await?;
    let row = app.store.find_audit(&mut tx, audit).await?;
    app.store.commit(tx).await?;
    let Some(row) = row.filter(|row| row.end.is_some()) else {
        return Ok(None);
    };
    let Some(reply_to) = row.reply_to.clone() else {
        return Ok(None);
    };
    let reply_to = serde_json::from_value(reply_to).map_err(|error| {
        Fault::Store(StoreError::Inconsistent {
            table: "audit",
            reason: error.to_string(),
        })
    })?;
    Ok(Some((reply_to, row)))
}

/// Enqueues a step; one of a number is enqueued once.
///
/// # Errors
/// When the database cannot be reached.
pub async fn enqueue_step(
    app: &App,
    tx: &mut Tx,
    job: &AuditJob,
    delay: TimeDelta,
) -> Result<(), StoreError> {
    let step = match job.step {
        Step::Start => "start".to_owned(),
        Step::Find => "find".to_owned(),
        Step::Wait(run) => format!("wait-{run}"),
        Step::Tell => "tell".to_owned(),
    };
    let enqueued = Enqueue {
        identifier: AUDIT,
        payload: job,
        key: Some(&format!("{AUDIT}:{}:{step}:{}", job.audit, job.tries)),
        run_at: app.clock.now() + delay,
        max_attempts: 8,
    };
    app.store.enqueue(tx, enqueued).await
}
