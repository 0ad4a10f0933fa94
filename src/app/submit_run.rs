//! Handing in a practice: a link to a CI run.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    app::{
        App,
        audit_grade::draw_audit,
        caller::Caller,
        error::{Failure, Fault, Refusal, RunRefusal},
        find_shared::note_shared,
        finish_submission::{FINISH_SUBMISSION, SubmissionJob, tell_mates},
        form_group::{enrolments_of, hold_partners, list_partners, members_of},
        grade_run::{GradedRun, Ungraded, grade_run},
        link_account::check_account,
        ports::{Run, RunStatus},
        read_steps::Steps,
        standing::{Standing, find_standing},
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
        /// Which of the member's attempts at the practice it is, from 1.
        attempt: u32,
        /// The grade.
        sheet: Box<GradeSheet>,
        /// Where the member stands after it.
        standing: Standing,
    },
    /// Its reports may not be downloaded, so it has no grade and nothing is recorded.
    StepsOnly {
        /// The course.
        course: &'a Course,
        /// The run.
        run: Box<Run>,
        /// What its steps tell.
        steps: Steps,
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
        host: link.host.clone(),
        repository: link.repository.clone(),
    })?;
    let done = look_up(app, caller, &run, chosen).await?;
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
    match grade_run(&*app.ci, course, &run, chosen, |id| {
        done.iter().any(|known| known == id)
    })
    .await
    {
        Ok(mut graded) => {
            let outcome = Outcome::Grade(&mut graded);
            let (attempt, standing) = record(app, caller, &run, chosen, reply_to, outcome).await?;
            Ok(Submitted::Graded {
                course,
                run: Box::new(run),
                attempt,
                sheet: Box::new(graded.sheet),
                standing,
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
            host: run.host,
            repository: run.repository,
        }
        .into()),
        Err(Ungraded::StepsOnly(steps)) => Ok(Submitted::StepsOnly {
            course,
            run: Box::new(run),
            steps,
        }),
        Err(Ungraded::Ended(how)) => Err(RunRefusal::Ended(how).into()),
        Err(Ungraded::PartlyRerun) => Err(RunRefusal::Partly.into()),
        Err(Ungraded::NoReports { expected }) => Err(Refusal::NoReports { expected }.into()),
        Err(Ungraded::Event { event }) => Err(Refusal::RunEvent { event }.into()),
    }
}

enum Outcome<'a> {
    Grade(&'a mut GradedRun),
    Wait(TimeDelta),
}

/// The practices the member has a grade in; refuses a run that was handed in before, and one that the terms
/// of the chosen practice do not let in.
async fn look_up(
    app: &App,
    caller: &Caller,
    run: &Run,
    chosen: Option<&str>,
) -> Result<Vec<String>, Failure> {
    let mut tx = app.store.begin().await?;
    let enrolment = app.enrol(&mut tx, caller).await?;
    let course = app.course(caller);
    let practice = chosen.and_then(|id| course.find_practice(id));
    // As long as the practice is not known, the run may be anyone's with whom the member hands in some practice.
    let partners = match practice {
        Some(_) => list_partners(app, &mut tx, enrolment.partner(), practice).await?,
        None => app.store.list_partners(&mut tx, enrolment.id, None).await?,
    };
    let members = members_of(&partners);
    let earlier = app.store.find_claim(&mut tx, run, &members).await?;
    if let Some(outcome) = earlier {
        return Err(refuse(app, &mut tx, outcome).await);
    }
    check_account(app, &mut tx, &members, run).await?;
    if let Some(practice) = practice {
        let partners = enrolments_of(&partners);
        let standing = find_standing(app, &mut tx, practice, &partners, None).await?;
        standing.admit(practice, run.created_at)?;
    }
    let grades = app
        .store
        .list_counted_grades(&mut tx, enrolment.id, &course.last_counts())
        .await?;
    app.store.commit(tx).await?;
    Ok(grades.into_iter().map(|row| row.practice_id).collect())
}

/// Records the submission with its grade, or with the job that will grade it, in one transaction. The
/// enrolments for which it counts are held in it, so that two hand-ins cannot both take the last attempt.
/// Gives the number of the attempt, 0 as long as it has no grade, and where the member stands.
async fn record(
    app: &App,
    caller: &Caller,
    run: &Run,
    practice_id: Option<&str>,
    reply_to: &ReplyTo,
    outcome: Outcome<'_>,
) -> Result<(u32, Standing), Failure> {
    let course = app.course(caller);
    let known = match &outcome {
        Outcome::Grade(graded) => Some(graded.sheet.practice.as_str()),
        Outcome::Wait(_) => practice_id,
    };
    let practice = known.and_then(|id| course.find_practice(id));
    let mut tx = app.store.begin().await?;
    let enrolment = app.enrol(&mut tx, caller).await?;
    let partners = hold_partners(app, &mut tx, enrolment.partner(), practice).await?;
    let counts_for = enrolments_of(&partners);
    let new = NewSubmission {
        id: Uuid::now_v7(),
        by: enrolment.partner(),
        practice_id,
        run,
        reply_to: serde_json::to_value(reply_to)
            .map_err(|error| Fault::Broken(error.to_string()))?,
        at: app.clock.now(),
        partners: &partners,
    };
    let id = new.id;
    let claimed = app.store.record_submission(&mut tx, new).await?;
    if claimed != ClaimOutcome::Recorded {
        return Err(refuse(app, &mut tx, claimed).await);
    }
    let mut standing = Standing::default();
    if let Some(practice) = practice {
        check_account(app, &mut tx, &members_of(&partners), run).await?;
        standing = find_standing(app, &mut tx, practice, &counts_for, Some(id)).await?;
        standing.admit(practice, run.created_at)?;
    }
    match outcome {
        Outcome::Grade(graded) => {
            note_shared(app, &mut tx, course, &counts_for, run, graded).await?;
            if let Some(practice) = practice {
                standing.settle(course, practice, run.created_at, &mut graded.sheet);
            }
            app.store
                .record_grade(&mut tx, id, graded.to_record())
                .await?;
            draw_audit(app, &mut tx, id, run, &graded.sheet).await?;
            tell_mates(app, &mut tx, id, 0).await?;
        }
        Outcome::Wait(delay) => {
            let job = Enqueue {
                identifier: FINISH_SUBMISSION,
                payload: &SubmissionJob {
                    submission: id,
                    tries: 0,
                    to: None,
                },
                key: Some(&format!("finish:{id}")),
                run_at: app.clock.now() + delay,
                max_attempts: 8,
            };
            app.store.enqueue(&mut tx, job).await?;
        }
    }
    let attempt = app.store.count_attempt(&mut tx, id).await?;
    if let Some(practice) = practice {
        standing = find_standing(app, &mut tx, practice, &counts_for, None).await?;
    }
    app.store.commit(tx).await?;
    Ok((attempt, standing))
}

/// The refusal of a run that was handed in before.
async fn refuse(app: &App, tx: &mut Tx, outcome: ClaimOutcome) -> Failure {
    let ClaimOutcome::Repeated(earlier) = outcome else {
        return RunRefusal::Taken.into();
    };
    match app.store.find_sheet(tx, earlier).await {
        Ok(Some(sheet)) => RunRefusal::Repeated {
            practice: sheet.practice.to_uppercase(),
            grade: sheet.grade,
            score: sheet.score_bp,
        }
        .into(),
        Ok(None) => match app.store.find_failure(tx, earlier).await {
            Ok(Some(code)) => RunRefusal::Failed { code }.into(),
            Ok(None) => RunRefusal::Waiting.into(),
            Err(error) => error.into(),
        },
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
