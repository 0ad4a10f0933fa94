//! Handing in a practice: a link to a CI run.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    app::{
        App,
        caller::Caller,
        error::{Failure, Fault, Refusal},
        find_shared::note_shared,
        finish_submission::{FINISH_SUBMISSION, SubmissionJob},
        grade_run::{GradedRun, Ungraded, grade_run},
        link_account::check_account,
        ports::{Conclusion, Run, RunStatus},
    },
    domain::{course::Course, grading::GradeSheet, locale::Locale},
    store::{ClaimOutcome, Enqueue, NewSubmission, Tx},
};

/// Where an answer goes that comes later than its question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyTo {
    /// The member.
    pub user_id: i64,
    /// The channel of the question.
    pub channel_id: i64,
    /// The interaction's token, with which a private answer can follow.
    pub token: String,
    /// When that token ends.
    pub token_until: DateTime<Utc>,
    /// The member's language.
    pub locale: Locale,
}

/// What became of a run that was handed in.
#[derive(Debug, Clone)]
pub enum Submitted<'a> {
    /// It is graded.
    Graded {
        /// The course.
        course: &'a Course,
        /// The run.
        run: Box<Run>,
        /// The grade.
        sheet: Box<GradeSheet>,
    },
    /// It is still going; a job answers later.
    Waiting {
        /// The repository.
        repository: String,
    },
    /// It is finished but its reports could not be fetched just now; a job answers later.
    Later {
        /// The repository.
        repository: String,
    },
}

/// Takes a link to a run, grades the run or leaves that to a job.
///
/// # Errors
/// Refuses links that lead to no run, runs handed in before, and runs that cannot be graded.
pub async fn submit_run<'a>(
    app: &'a App,
    caller: &Caller,
    link: &str,
    practice: Option<&str>,
    reply_to: &ReplyTo,
) -> Result<Submitted<'a>, Failure> {
    let course = app.course(caller);
    let chosen = practice
        .map(|name| find_practice(course, name))
        .transpose()?;
    let link = app.ci.parse_link(link).map_err(Refusal::Link)?;
    let run = app.ci.find_run(&link).await.map_err(|error| Refusal::Ci {
        error,
        repository: link.repository.clone(),
    })?;
    let done = look_up(app, caller, &run).await?;
    if run.status != RunStatus::Completed {
        record(
            app,
            caller,
            &run,
            chosen,
            reply_to,
            Outcome::Wait(TimeDelta::seconds(5)),
        )
        .await?;
        return Ok(Submitted::Waiting {
            repository: run.repository,
        });
    }
    if matches!(
        run.conclusion,
        Some(Conclusion::Cancelled | Conclusion::Skipped)
    ) {
        return Err(Refusal::RunCancelled.into());
    }
    match grade_run(&*app.ci, course, &run, chosen, |id| {
        done.iter().any(|known| known == id)
    })
    .await
    {
        Ok(mut graded) => {
            let outcome = Outcome::Grade(&mut graded);
            record(app, caller, &run, chosen, reply_to, outcome).await?;
            Ok(Submitted::Graded {
                course,
                run: Box::new(run),
                sheet: Box::new(graded.sheet),
            })
        }
        Err(Ungraded::Ci(error)) if error.is_transient() => {
            record(
                app,
                caller,
                &run,
                chosen,
                reply_to,
                Outcome::Wait(TimeDelta::seconds(20)),
            )
            .await?;
            Ok(Submitted::Later {
                repository: run.repository,
            })
        }
        Err(Ungraded::Ci(error)) => Err(Refusal::Ci {
            error,
            repository: run.repository,
        }
        .into()),
        Err(Ungraded::NoReports { expected }) => Err(Refusal::NoReports { expected }.into()),
        Err(Ungraded::Event { event }) => Err(Refusal::RunEvent { event }.into()),
    }
}

enum Outcome<'a> {
    Grade(&'a mut GradedRun),
    Wait(TimeDelta),
}

/// The practices the member has a grade in; refuses a run that was handed in before.
async fn look_up(app: &App, caller: &Caller, run: &Run) -> Result<Vec<String>, Failure> {
    let mut tx = app.store.begin().await?;
    let enrolment = app.enrol(&mut tx, caller).await?;
    let earlier = app
        .store
        .find_claim(&mut tx, run, enrolment.member_id)
        .await?;
    if let Some(outcome) = earlier {
        return Err(refuse(app, &mut tx, outcome).await);
    }
    check_account(app, &mut tx, enrolment.member_id, run).await?;
    let grades = app.store.list_best_grades(&mut tx, enrolment.id).await?;
    app.store.commit(tx).await?;
    Ok(grades.into_iter().map(|row| row.practice_id).collect())
}

/// Records the submission with its grade, or with the job that will grade it, in one transaction.
async fn record(
    app: &App,
    caller: &Caller,
    run: &Run,
    practice_id: Option<&str>,
    reply_to: &ReplyTo,
    outcome: Outcome<'_>,
) -> Result<(), Failure> {
    let mut tx = app.store.begin().await?;
    let enrolment = app.enrol(&mut tx, caller).await?;
    let new = NewSubmission {
        id: Uuid::now_v7(),
        enrolment_id: enrolment.id,
        member_id: enrolment.member_id,
        practice_id,
        run,
        reply_to: serde_json::to_value(reply_to)
            .map_err(|error| Fault::Broken(error.to_string()))?,
    };
    let id = new.id;
    let claimed = app.store.record_submission(&mut tx, new).await?;
    if claimed != ClaimOutcome::Recorded {
        return Err(refuse(app, &mut tx, claimed).await);
    }
    match outcome {
        Outcome::Grade(graded) => {
            let course = app.course(caller);
            note_shared(app, &mut tx, course, enrolment.id, run, graded).await?;
            let facts = &graded.evidence.facts;
            app.store
                .record_grade(&mut tx, id, &graded.reports, &graded.sheet, facts)
                .await?;
        }
        Outcome::Wait(delay) => {
            let job = Enqueue {
                identifier: FINISH_SUBMISSION,
                payload: &SubmissionJob {
                    submission: id,
                    tries: 0,
                },
                key: Some(&format!("finish:{id}")),
                run_at: app.clock.now() + delay,
                max_attempts: 8,
            };
            app.store.enqueue(&mut tx, job).await?;
        }
    }
    Ok(app.store.commit(tx).await?)
}

/// The refusal of a run that was handed in before.
async fn refuse(app: &App, tx: &mut Tx, outcome: ClaimOutcome) -> Failure {
    let ClaimOutcome::Repeated(earlier) = outcome else {
        return Refusal::RunTaken.into();
    };
    match app.store.find_sheet(tx, earlier).await {
        Ok(Some(sheet)) => Refusal::RunRepeated {
            practice: sheet.practice.to_uppercase(),
            grade: sheet.grade,
            score: sheet.score_bp,
        }
        .into(),
        Ok(None) => Refusal::RunWaiting.into(),
        Err(error) => error.into(),
    }
}

/// The id of a practice that can be graded, by what a person calls it.
///
/// # Errors
/// Refuses a name that is none, with those there are.
pub fn find_practice<'a>(course: &'a Course, name: &str) -> Result<&'a str, Refusal> {
    let gradable = || {
        course
            .practices()
            .filter(|practice| !practice.reports.is_empty())
    };
    let wanted = name.trim().to_lowercase();
    gradable()
        .find(|practice| practice.id == wanted)
        .map(|practice| practice.id.as_str())
        .ok_or_else(|| Refusal::NoPractice {
            name: name.to_owned(),
            known: gradable()
                .map(|practice| practice.id.to_uppercase())
                .collect(),
        })
}
