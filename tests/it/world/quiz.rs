//! Answering quizzes as a person who knows the answers, or does not.

use discord_loopback::{Actor, MessageView, Reply};
use docent::{
    domain::{
        locale::Locale,
        quiz::{Question, QuestionKind},
    },
    files::{Found, embedded_courses, find_courses},
    wiring::read_found,
};

use super::message;

/// The questions of the courses that stories are told in: the shipped one, and the one about bread.
fn questions() -> Vec<Question> {
    let bread = find_courses(&super::courses_folder().join("bread")).expect("a course");
    let shipped = embedded_courses().into_iter().map(Found::Folder);
    let courses = shipped.chain(bread).map(|found| read_found(&found));
    courses
        .flat_map(|reading| reading.course.expect("a course").banks)
        .flat_map(|bank| bank.questions)
        .collect()
}

/// The question that a message asks: the one whose prompt it shows.
fn asked(shown: &MessageView, locale: Locale) -> Question {
    let text = shown.embeds[0]["description"].as_str().expect("a question");
    questions()
        .into_iter()
        .filter(|question| text.starts_with(question.prompt.text(locale).trim()))
        .max_by_key(|question| question.prompt.text(locale).len())
        .unwrap_or_else(|| panic!("no question is asked by:\n{text}"))
}

/// The letters of the choices that are right, or wrong.
fn letters(shown: &MessageView, texts: &[&str]) -> Vec<String> {
    let text = shown.embeds[0]["description"].as_str().expect("a question");
    let lines = text
        .lines()
        .filter_map(|line| line.strip_prefix("**")?.split_once(".** "));
    lines
        .filter(|(_, choice)| texts.contains(choice))
        .map(|(letter, _)| letter.to_owned())
        .collect()
}

/// The label of a button that answers the question of a message, rightly or wrongly.
pub fn button(shown: &MessageView, locale: Locale, rightly: bool) -> String {
    let question = asked(shown, locale);
    let QuestionKind::Single { choices } = &question.kind else {
        panic!("the question has no buttons")
    };
    let wanted = choices.iter().filter(|choice| choice.correct == rightly);
    let texts: Vec<&str> = wanted.map(|choice| choice.text.text(locale)).collect();
    letters(shown, &texts).remove(0)
}

/// Answers the question of a message, rightly or wrongly.
pub async fn answer(person: &Actor, shown: &MessageView, locale: Locale, rightly: bool) -> Reply {
    let question = asked(shown, locale);
    match &question.kind {
        QuestionKind::Single { choices } | QuestionKind::Multiple { choices } => {
            let wanted = |correct: bool| {
                let those = choices
                    .iter()
                    .filter(move |choice| choice.correct == correct);
                those
                    .map(|choice| choice.text.text(locale))
                    .collect::<Vec<_>>()
            };
            let mut letters = letters(shown, &wanted(rightly));
            if !rightly {
                letters.truncate(1);
            }
            if shown.buttons().is_empty() {
                let values: Vec<String> = letters.iter().map(|letter| position(letter)).collect();
                let values: Vec<&str> = values.iter().map(String::as_str).collect();
                let menu = shown.components[0]["components"][0]["custom_id"]
                    .as_str()
                    .expect("a menu");
                person
                    .select(shown, menu, &values)
                    .await
                    .expect("an answer")
            } else {
                person.click(shown, &letters[0]).await.expect("an answer")
            }
        }
        QuestionKind::Short { accept, .. } => {
            let button = shown.buttons().remove(0);
            let opened = person.click(shown, &button).await.expect("a form");
            let form = opened.modal.expect("a form");
            let text = if rightly {
                accept[0].as_str()
            } else {
                "no idea at all"
            };
            person
                .submit_modal(&form, &[("text", text)])
                .await
                .expect("an answer")
        }
    }
}

fn position(letter: &str) -> String {
    let letters = ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J"];
    letters
        .iter()
        .position(|known| *known == letter)
        .expect("a letter")
        .to_string()
}

/// Answers every question that is left; `rightly(n)` says how the n-th is answered. Gives the result.
pub async fn finish_quiz(
    person: &Actor,
    first: &Reply,
    locale: Locale,
    rightly: impl Fn(usize) -> bool,
) -> MessageView {
    let mut shown = message(first).clone();
    for number in 0.. {
        assert!(number < 25, "the quiz does not end");
        if shown.embeds[0]["title"]
            .as_str()
            .is_some_and(|title| !is_question(title))
        {
            return shown;
        }
        let reply = answer(person, &shown, locale, rightly(number)).await;
        shown = message(&reply).clone();
    }
    unreachable!("the loop has no end")
}

fn is_question(title: &str) -> bool {
    title.starts_with("Question ") || title.starts_with("Вопрос ")
}
