//! Starting a quiz, or going on with one that was begun.

use uuid::Uuid;

use crate::{
    app::{
        App,
        caller::Caller,
        error::{Failure, Refusal},
    },
    domain::{
        course::Course,
        quiz::{Bank, draw},
    },
    store::AttemptRow,
};

/// Where a quiz stands.
#[derive(Debug, Clone)]
pub struct QuizStep<'a> {
    /// Its course.
    pub course: &'a Course,
    /// The attempt, with the answers so far and the mark when it is finished.
    pub attempt: AttemptRow,
    /// Whether the attempt was begun earlier and goes on now.
    pub is_resumed: bool,
}

impl QuizStep<'_> {
    /// The first question without an answer; `None` when all have one.
    #[must_use]
    pub fn next_position(&self) -> Option<usize> {
        (0..self.attempt.questions.len())
            .find(|position| !self.attempt.answers.contains_key(position))
    }
}

/// Starts a quiz on a module or part; without a name, goes on with any open attempt, else takes the
/// first topic not passed yet. Questions are drawn here and stored, so that a restart loses nothing.
///
/// # Errors
/// Refuses a topic that has no quiz.
pub async fn start_quiz<'a>(
    app: &'a App,
    caller: &Caller,
    name: Option<&str>,
) -> Result<QuizStep<'a>, Failure> {
    let course = app.course(caller);
    let named = name.map(|name| find_bank(course, name)).transpose()?;
    let mut tx = app.store.begin().await?;
    let enrolment = app.enrol(&mut tx, caller).await?;
    app.store.hold_enrolment(&mut tx, enrolment.id).await?;
    let open = app
        .store
        .find_open_attempt(&mut tx, enrolment.id, named.map(|bank| bank.id.as_str()))
        .await?;
    if let Some(attempt) = open {
        app.store.commit(tx).await?;
        let is_resumed = true;
        return Ok(QuizStep {
            course,
            attempt,
            is_resumed,
        });
    }
    let bank = if let Some(bank) = named {
        bank
    } else {
        let done = app.store.list_attempts(&mut tx, enrolment.id).await?;
        let passed = |bank: &&Bank| done.iter().any(|row| row.bank_id == bank.id && row.passed);
        let in_order = || ordered_banks(course);
        let next = in_order().find(|bank| !passed(bank));
        next.or_else(|| in_order().next())
            .ok_or_else(|| no_topic(course, ""))?
    };
    let attempt = new_attempt(course, bank)?;
    app.store
        .record_attempt(&mut tx, enrolment.id, &attempt, seed_of(attempt.id))
        .await?;
    app.store.commit(tx).await?;
    Ok(QuizStep {
        course,
        attempt,
        is_resumed: false,
    })
}

fn new_attempt(course: &Course, bank: &Bank) -> Result<AttemptRow, Refusal> {
    let id = Uuid::now_v7();
    let questions = draw(course, bank, seed_of(id));
    if questions.is_empty() {
        return Err(Refusal::EmptyQuiz {
            topic: bank
                .title
                .text(crate::domain::locale::Locale::En)
                .to_owned(),
        });
    }
    Ok(AttemptRow {
        id,
        bank_id: bank.id.clone(),
        pass_mark: course.assessment.quiz.pass_mark_bp,
        questions,
        answers: std::collections::BTreeMap::default(),
        mark: None,
    })
}

/// The seed of an attempt: the random half of its id.
fn seed_of(id: Uuid) -> u64 {
    id.as_u64_pair().1
}

/// The banks in the order of the course: modules, then parts.
pub fn ordered_banks(course: &Course) -> impl Iterator<Item = &Bank> {
    let ids = course.parts.iter().flat_map(|part| {
        part.modules
            .iter()
            .map(|module| &module.id)
            .chain(std::iter::once(&part.id))
    });
    ids.filter_map(|id| course.find_bank(id))
}

fn find_bank<'a>(course: &'a Course, name: &str) -> Result<&'a Bank, Refusal> {
    let wanted = name.trim().to_lowercase();
    course
        .find_bank(&wanted)
        .ok_or_else(|| no_topic(course, name))
}

fn no_topic(course: &Course, name: &str) -> Refusal {
    Refusal::NoTopic {
        name: name.to_owned(),
        known: ordered_banks(course)
            .map(|bank| bank.id.to_uppercase())
            .collect(),
    }
}
