//! Rules of whole banks: whose they are, whether they can fill a quiz, whether length gives answers away.

use super::draft::DraftBank;
use crate::{
    content::{
        diagnostic::{Diagnostics, Place},
        suggest::did_you_mean,
    },
    domain::{
        course::Course,
        locale::Locale,
        quiz::{Choice, Question, QuestionKind},
    },
};

/// A bank below this many questions repeats itself.
const FEW_QUESTIONS: usize = 10;
/// Fewer questions with choices than this say nothing about the habit of their author.
const ENOUGH_TO_JUDGE: usize = 4;

/// The rules of each bank and of the banks it includes.
pub fn check_banks(banks: &[DraftBank], course: &Course, out: &mut Diagnostics) {
    let owners: Vec<_> = course
        .modules()
        .map(|module| module.id.as_str())
        .chain(course.parts.iter().map(|part| part.id.as_str()))
        .collect();
    for bank in banks {
        if !owners.contains(&bank.id.as_str()) {
            let message = format!("the bank `{}` is of no module or part", bank.id);
            out.error(
                "unknown-bank",
                &bank.place,
                message,
                did_you_mean(&bank.id, owners.iter().copied()),
            );
        }
        for (id, place) in bank
            .includes
            .iter()
            .filter(|(id, _)| !banks.iter().any(|other| other.id == *id))
        {
            let known: Vec<_> = banks.iter().map(|bank| bank.id.as_str()).collect();
            let message = format!("the bank `{}` includes `{id}`, which is no bank", bank.id);
            out.error(
                "unknown-bank",
                place,
                message,
                did_you_mean(id, known.iter().copied()),
            );
        }
        check_size(bank, banks, course, out);
    }
}

fn check_size(bank: &DraftBank, banks: &[DraftBank], course: &Course, out: &mut Diagnostics) {
    let rules = course.assessment.quiz;
    let (draw, place) = bank
        .draw
        .clone()
        .unwrap_or((rules.min_questions, bank.place.clone()));
    let pool = pool(bank, banks);
    if !(rules.min_questions..=rules.max_questions).contains(&draw) {
        let message = format!(
            "the bank `{}` draws {draw} questions; the course promises {} to {}",
            bank.id, rules.min_questions, rules.max_questions
        );
        out.error(
            "draw-out-of-range",
            &place,
            message,
            "Change `draw`, or the rules of the quiz.",
        );
    }
    if pool < usize::try_from(draw).unwrap_or(usize::MAX) {
        let message = format!(
            "the bank `{}` has {pool} questions and an attempt draws {draw}",
            bank.id
        );
        out.error(
            "bank-cannot-fill-draw",
            &place,
            message,
            "Write more questions, include other banks, or lower `draw`.",
        );
    } else if pool < FEW_QUESTIONS {
        let message = format!("the bank `{}` has only {pool} questions", bank.id);
        out.warning(
            "too-few-questions",
            &place,
            message,
            format!("Write at least {FEW_QUESTIONS}."),
        );
    }
}

/// Questions of a bank and of all it includes, each bank once.
fn pool(bank: &DraftBank, banks: &[DraftBank]) -> usize {
    let mut seen = vec![bank.id.as_str()];
    let mut queue = vec![bank];
    let mut count = 0;
    while let Some(next) = queue.pop() {
        count += next.questions.len();
        for (id, _) in &next.includes {
            if let Some(found) = banks.iter().find(|other| other.id == *id)
                && !seen.contains(&id.as_str())
            {
                seen.push(id);
                queue.push(found);
            }
        }
    }
    count
}

/// Warns when the right choice is the longest by far in most questions of a bank.
pub fn check_lengths(
    questions: &[Question],
    place: &Place,
    bank: &str,
    course: &Course,
    out: &mut Diagnostics,
) {
    for locale in &course.locales {
        let judged: Vec<_> = questions
            .iter()
            .filter_map(|question| gives_itself_away(question, *locale))
            .collect();
        let given_away = judged.iter().filter(|given_away| **given_away).count();
        if judged.len() >= ENOUGH_TO_JUDGE && given_away * 2 > judged.len() {
            let message = format!(
                "in {given_away} of {} questions of `{bank}` in `{locale}` the right choice is the longest by far",
                judged.len()
            );
            out.warning(
                "answer-by-length",
                place,
                message,
                "Make wrong choices as long as right ones.",
            );
        }
    }
}

/// Whether the shortest right choice is longer by a third than the longest wrong one; nothing without choices.
fn gives_itself_away(question: &Question, locale: Locale) -> Option<bool> {
    let (QuestionKind::Single { choices } | QuestionKind::Multiple { choices }) = &question.kind
    else {
        return None;
    };
    let lengths = |correct: bool| {
        let of_kind = choices
            .iter()
            .filter(move |choice: &&Choice| choice.correct == correct);
        of_kind
            .filter_map(|choice| choice.text.exact(locale))
            .map(|text| text.chars().count())
            .collect::<Vec<_>>()
    };
    let (right, wrong) = (
        lengths(true).into_iter().min()?,
        lengths(false).into_iter().max()?,
    );
    Some(right * 3 > wrong * 4 && right > wrong + 5)
}
