//! One question, whatever file it comes from: its rules, and its final shape.

use super::draft::{DraftChoice, DraftQuestion, Kind};
use crate::{
    content::{
        check::{check_section, translated},
        diagnostic::{Diagnostics, Place},
        suggest::did_you_mean,
    },
    domain::{
        course::Course,
        quiz::{Choice, Question, QuestionKind},
    },
};

/// Discord shows at most this many options in a menu.
const MOST_CHOICES: usize = 25;
/// Discord cuts the label of an option here, in characters.
const LONGEST_CHOICE: usize = 100;
/// Longer prompts crowd out their choices, in characters.
const LONGEST_PROMPT: usize = 1500;

/// The question of a draft, when it can be asked at all.
pub fn finish(
    mut draft: DraftQuestion,
    course: &Course,
    out: &mut Diagnostics,
) -> Option<Question> {
    name_choices(&mut draft.choices);
    apply_answer(&mut draft, out);
    check_texts(&draft, course, out);
    if let Some((anchor, place)) = &draft.section {
        check_section(
            course,
            anchor,
            place,
            &format!("the question `{}`", draft.id),
            out,
        );
    }
    let kind = resolve(&draft);
    let sound = match kind {
        Kind::Short => check_short(&draft, out),
        Kind::Single | Kind::Multiple => check_choices(&draft, kind, course, out),
    };
    let (section, _) = draft.section?;
    let choices = draft.choices.into_iter().map(finish_choice).collect();
    let kind = match kind {
        Kind::Short => QuestionKind::Short {
            accept: draft.accept,
            tolerance: draft.tolerance.unwrap_or(0),
        },
        Kind::Single => QuestionKind::Single { choices },
        Kind::Multiple => QuestionKind::Multiple { choices },
    };
    let question = Question {
        id: draft.id,
        section,
        prompt: draft.prompt,
        kind,
        explanation: draft.explanation,
    };
    sound.then_some(question)
}

fn finish_choice(draft: DraftChoice) -> Choice {
    let DraftChoice {
        id,
        text,
        correct,
        because,
        ..
    } = draft;
    Choice {
        id: id.unwrap_or_default(),
        text,
        correct,
        because,
    }
}

/// Gives choices without an id the letter of their position.
fn name_choices(choices: &mut [DraftChoice]) {
    for (choice, letter) in choices.iter_mut().zip('a'..='z') {
        choice.id.get_or_insert_with(|| letter.to_string());
    }
}

/// Marks the choices that `answer` names, by id or by text.
fn apply_answer(draft: &mut DraftQuestion, out: &mut Diagnostics) {
    for (answer, place) in &draft.answer {
        let is_it = |choice: &DraftChoice| {
            choice.id.as_ref() == Some(answer) || choice.text.iter().any(|(_, text)| text == answer)
        };
        if let Some(choice) = draft.choices.iter_mut().find(|choice| is_it(choice)) {
            choice.correct = true;
        } else {
            let ids: Vec<_> = draft
                .choices
                .iter()
                .filter_map(|choice| choice.id.as_deref())
                .collect();
            let message = format!("the answer `{answer}` of `{}` is no choice of it", draft.id);
            out.error(
                "answer-not-among-options",
                place,
                message,
                did_you_mean(answer, ids.iter().copied()),
            );
        }
    }
}

fn resolve(draft: &DraftQuestion) -> Kind {
    let right = draft.choices.iter().filter(|choice| choice.correct).count();
    draft
        .kind
        .unwrap_or(match (draft.accept.is_empty(), right) {
            (false, _) if draft.choices.is_empty() => Kind::Short,
            (_, 0 | 1) => Kind::Single,
            _ => Kind::Multiple,
        })
}

fn check_texts(draft: &DraftQuestion, course: &Course, out: &mut Diagnostics) {
    let what = format!("the prompt of `{}`", draft.id);
    // A prompt that is missing altogether is told by its reader.
    if !draft.prompt.is_empty() {
        translated(&draft.prompt, &course.locales, &draft.place, &what, out);
    }
    for (locale, prompt) in draft.prompt.iter() {
        let length = prompt.chars().count();
        if length > LONGEST_PROMPT {
            let message = format!("{what} in `{locale}` is {length} characters long");
            out.warning(
                "prompt-too-long",
                &draft.place,
                message,
                format!("Shorten it to {LONGEST_PROMPT}."),
            );
        }
    }
    let explained = |choice: &DraftChoice| !choice.because.is_empty();
    let by_choices = !draft.choices.is_empty() && draft.choices.iter().all(explained);
    if !draft.explanation.is_empty() {
        translated(
            &draft.explanation,
            &course.locales,
            &draft.place,
            &format!("the explanation of `{}`", draft.id),
            out,
        );
    } else if !by_choices {
        let message = format!("`{}` explains nothing after the attempt", draft.id);
        out.warning(
            "missing-explanation",
            &draft.place,
            message,
            "Add an explanation, or a reason to each choice.",
        );
    }
}

fn check_short(draft: &DraftQuestion, out: &mut Diagnostics) -> bool {
    let id = &draft.id;
    if !draft.choices.is_empty() {
        let message = format!("`{id}` asks for a short text and has choices too");
        out.error(
            "bad-bank",
            &draft.place,
            message,
            "Keep `accept` or `choices`.",
        );
        return false;
    }
    let shortest = draft
        .accept
        .iter()
        .map(|answer| answer.trim().chars().count())
        .min();
    let Some(shortest) = shortest.filter(|length| *length > 0) else {
        let message = format!("`{id}` accepts no answer");
        out.error(
            "no-right-answer",
            &draft.place,
            message,
            "Add `accept`, or `= answer` lines in Markdown.",
        );
        return false;
    };
    let tolerance = draft.tolerance.unwrap_or(0);
    if usize::try_from(tolerance)
        .unwrap_or(usize::MAX)
        .saturating_mul(3)
        > shortest
        && tolerance > 0
    {
        let message =
            format!("`{id}` forgives {tolerance} edits in an answer of {shortest} characters");
        out.warning(
            "tolerance-too-wide",
            &draft.place,
            message,
            "Lower `tolerance`: other words would pass.",
        );
    }
    true
}

fn check_choices(
    draft: &DraftQuestion,
    kind: Kind,
    course: &Course,
    out: &mut Diagnostics,
) -> bool {
    let (id, count) = (&draft.id, draft.choices.len());
    let right = draft.choices.iter().filter(|choice| choice.correct).count();
    let mut sound = true;
    let mut refuse = |code, message: String, fix: &str| {
        out.error(code, &draft.place, message, fix);
        sound = false;
    };
    if !draft.accept.is_empty() {
        refuse(
            "bad-bank",
            format!("`{id}` has choices and `accept` too"),
            "Keep one of them.",
        );
    }
    if count < 2 {
        refuse(
            "too-few-choices",
            format!("`{id}` has {count} choices"),
            "Give at least two.",
        );
    }
    if count > MOST_CHOICES {
        refuse(
            "too-many-choices",
            format!("`{id}` has {count} choices"),
            "Give at most 25.",
        );
    }
    if right == 0 && draft.answer.is_empty() {
        refuse(
            "no-right-answer",
            format!("no choice of `{id}` is right"),
            "Mark it with `correct: true`, or `[x]` in Markdown.",
        );
    }
    if kind == Kind::Single && right > 1 {
        refuse(
            "several-right-answers",
            format!("`{id}` takes one answer and has {right} right ones"),
            "Write `kind: multiple`, or mark one.",
        );
    }
    check_twins(draft, out);
    for choice in &draft.choices {
        check_choice(choice, id, course, out);
    }
    sound && right > 0
}

fn check_twins(draft: &DraftQuestion, out: &mut Diagnostics) {
    for (index, choice) in draft.choices.iter().enumerate() {
        let before = draft.choices.iter().take(index);
        let same_text = |other: &DraftChoice| {
            choice
                .text
                .iter()
                .any(|(locale, text)| other.text.exact(locale) == Some(text))
        };
        if before.clone().any(|other| other.id == choice.id) {
            let message = format!(
                "two choices of `{}` have the id `{}`",
                draft.id,
                choice.id.as_deref().unwrap_or_default()
            );
            out.error(
                "duplicate-choice",
                &choice.place,
                message,
                "Give each its own id, or none.",
            );
        } else if before.into_iter().any(same_text) {
            out.error(
                "duplicate-choice",
                &choice.place,
                format!("two choices of `{}` say the same", draft.id),
                "Change one of them.",
            );
        }
    }
}

fn check_choice(choice: &DraftChoice, question: &str, course: &Course, out: &mut Diagnostics) {
    let what = format!(
        "the choice `{}` of `{question}`",
        choice.id.as_deref().unwrap_or_default()
    );
    if !choice.text.is_empty() {
        translated(&choice.text, &course.locales, &choice.place, &what, out);
    }
    for (locale, text) in choice.text.iter() {
        let length = text.chars().count();
        if length > LONGEST_CHOICE {
            let message = format!(
                "{what} in `{locale}` is {length} characters long, and Discord cuts it at {LONGEST_CHOICE}"
            );
            out.warning("choice-too-long", &choice.place, message, "Shorten it.");
        }
    }
    if !choice.because.is_empty() {
        translated(
            &choice.because,
            &course.locales,
            &choice.place,
            &format!("the reason of {what}"),
            out,
        );
    }
}

/// Complains about an id used before, in whichever bank.
pub fn check_unique(draft: &DraftQuestion, ids: &mut Vec<(String, Place)>, out: &mut Diagnostics) {
    if let Some((_, first)) = ids.iter().find(|(id, _)| *id == draft.id) {
        let message = format!(
            "the question `{}` already stands on line {} of {}",
            draft.id, first.line, first.file
        );
        out.error(
            "duplicate-question",
            &draft.place,
            message,
            "Give each question of the course its own id.",
        );
    } else {
        ids.push((draft.id.clone(), draft.place.clone()));
    }
}
