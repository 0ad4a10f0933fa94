//! Answering a question of a quiz.

use uuid::Uuid;

use crate::{
    app::{
        App,
        caller::Caller,
        error::{Failure, Refusal},
        start_quiz::QuizStep,
    },
    domain::quiz::{Given, mark},
    store::AttemptRow,
};

/// Records an answer and finds the next question; the last answer marks the attempt.
///
/// An answer that was already given stands: a second press or a repeated delivery changes nothing.
///
/// # Errors
/// Refuses an attempt that is not the caller's and an answer of another kind.
pub async fn answer_question<'a>(
    app: &'a App,
    caller: &Caller,
    attempt: Uuid,
    position: usize,
    given: &Given,
) -> Result<QuizStep<'a>, Failure> {
    let mut tx = app.store.begin().await?;
    let enrolment = app.enrol(&mut tx, caller).await?;
    app.store.hold_enrolment(&mut tx, enrolment.id).await?;
    let mut found = app
        .store
        .find_attempt(&mut tx, enrolment.id, attempt)
        .await?
        .ok_or(Refusal::NotYourQuiz)?;
    let question = found.questions.get(position).ok_or(Refusal::Stale)?;
    if !question.accepts(given) {
        return Err(Refusal::BadAnswer.into());
    }
    if app
        .store
        .record_answer(&mut tx, attempt, position, given)
        .await?
    {
        found.answers.insert(position, given.clone());
    }
    if found.mark.is_none() && found.answers.len() == found.questions.len() {
        let result = mark(&found.questions, &answers_in_order(&found));
        app.store
            .record_mark(&mut tx, attempt, result, result.passes(found.pass_mark))
            .await?;
        found.mark = Some(result);
    }
    app.store.commit(tx).await?;
    Ok(QuizStep {
        course: app.course(caller),
        attempt: found,
        is_resumed: false,
    })
}

/// The question that waits for a typed answer, for the form to be shown.
///
/// # Errors
/// Refuses an attempt that is not the caller's.
pub async fn find_question<'a>(
    app: &'a App,
    caller: &Caller,
    attempt: Uuid,
) -> Result<QuizStep<'a>, Failure> {
    let mut tx = app.store.begin().await?;
    let enrolment = app.enrol(&mut tx, caller).await?;
    let found = app
        .store
        .find_attempt(&mut tx, enrolment.id, attempt)
        .await?
        .ok_or(Refusal::NotYourQuiz)?;
    app.store.commit(tx).await?;
    Ok(QuizStep {
        course: app.course(caller),
        attempt: found,
        is_resumed: false,
    })
}

fn answers_in_order(attempt: &AttemptRow) -> Vec<Option<Given>> {
    (0..attempt.questions.len())
        .map(|position| attempt.answers.get(&position).cloned())
        .collect()
}
