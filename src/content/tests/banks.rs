//! Banks in their formats.

use super::{codes, read_texts, told, valid};
use crate::{
    content::Reading,
    domain::{
        locale::Locale,
        quiz::{Bank, QuestionKind},
    },
};

#[test]
fn a_markdown_bank_has_choices_reasons_and_short_answers() {
    let course = valid();
    let bank = course.find_bank("first").unwrap();
    assert_eq!(
        (bank.draw, bank.questions.len(), bank.title.text(Locale::En)),
        (10, 10, "Weeks one to three")
    );
    let QuestionKind::Single { choices } = &bank.questions[0].kind else {
        panic!("a single choice")
    };
    let seen: Vec<_> = choices
        .iter()
        .map(|c| {
            (
                c.id.as_str(),
                c.text.text(Locale::En),
                c.correct,
                c.because.text(Locale::En),
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("a", "The interpreter", true, "Yes."),
            ("b", "The author", false, ""),
            ("c", "The shell prompt", false, "")
        ]
    );
    let QuestionKind::Multiple { choices } = &bank.questions[8].kind else {
        panic!("several choices")
    };
    assert_eq!(choices.len(), 3);
    assert!(
        bank.questions[8]
            .prompt
            .text(Locale::En)
            .ends_with("```sh\n# - [x] not a choice\n```")
    );
    assert_eq!(
        bank.questions[9].kind,
        QuestionKind::Short {
            accept: vec!["printf".into(), "echo".into()],
            tolerance: 1
        }
    );
    assert_eq!(
        bank.questions[9].prompt.text(Locale::En),
        "Which command prints its arguments?"
    );
    assert_eq!(
        bank.questions[9].explanation.text(Locale::En),
        "Either will do."
    );
}

fn bank_of(files: &[(&str, &str)]) -> (Reading, Option<Bank>) {
    let mut all = vec![
        (
            "course.toml",
            "id = \"c\"\nlocales = [\"ru\", \"en\"]\n[quiz]\nmin_questions = 1\n",
        ),
        ("ru/1.md", "# К\n## Модуль A1. Один\nТекст\n"),
        ("en/1.md", "# C\n## Module A1. One\nText\n"),
    ];
    all.extend(files);
    let reading = read_texts(&all);
    let bank = reading
        .course
        .as_ref()
        .and_then(|course| course.find_bank("a1").cloned());
    (reading, bank)
}

const RU: &str = "# Раз\n\n## q1 {section=a1}\nЧто?\n\n- [x] Да\n- [ ] `нет`\n\n> Так.\n";

#[test]
fn a_bank_of_two_languages_is_one_bank() {
    let english = "## q1 {section=a1}\nWhat?\n\n* [x] Yes\n* [ ] `нет`\n\n> So.\n";
    let (reading, bank) = bank_of(&[("banks/a1.ru.md", RU), ("banks/a1.en.md", english)]);
    assert_eq!(
        codes(&reading),
        [("too-few-questions", "banks/a1.en.md:1".to_owned())]
    );
    let bank = bank.unwrap();
    assert_eq!(
        (
            bank.questions.len(),
            bank.questions[0].prompt.text(Locale::En),
            bank.questions[0].prompt.text(Locale::Ru)
        ),
        (1, "What?", "Что?")
    );
    assert_eq!(
        (bank.title.text(Locale::Ru), bank.title.text(Locale::En)),
        ("Раз", "One")
    );
}

#[test]
fn keys_that_differ_between_languages_are_told() {
    let english = "## q1 {section=a1}\nWhat?\n\n- [ ] Yes\n- [x] No\n\n> So.\n";
    let (reading, _) = bank_of(&[("banks/a1.en.md", english), ("banks/a1.ru.md", RU)]);
    assert!(
        codes(&reading).contains(&("answer-key-differs", "banks/a1.ru.md:3".to_owned())),
        "{}",
        told(&reading)
    );
}

#[test]
fn a_plain_text_speaks_only_the_courses_own_language() {
    let yaml = "questions:\n  - id: q1\n    section: a1\n    prompt: Что?\n    choices:\n      - { text: '`a`', correct: true }\n      - { text: { ru: бэ, en: be } }\n    explanation: { ru: Так, en: So }\n";
    let (reading, bank) = bank_of(&[("banks/a1.yaml", yaml)]);
    let told = told(&reading);
    assert_eq!(told.matches("missing-translation").count(), 1, "{told}");
    assert!(
        told.contains(
            "error[missing-translation] banks/a1.yaml:2: the prompt of `q1` is missing in `en`"
        ),
        "{told}"
    );
    assert!(
        matches!(&bank.unwrap().questions[0].kind, QuestionKind::Single { choices } if choices[0].text.locales().count() == 2)
    );
}

#[test]
fn json_and_yaml_tell_the_same_bank() {
    let yaml = "id: a1\nquestions:\n  - id: q1\n    section: a1\n    kind: short\n    prompt: { ru: \"Что\\n\\u263A?\", en: What? }\n    accept: { ru: [да], en: yes }\n    tolerance: 0\n    explanation: { ru: Так, en: So }\n";
    let json = "{\"id\": \"a1\", \"questions\": [\n\t{\"id\": \"q1\", \"section\": \"a1\", \"kind\": \"short\", \"prompt\": {\"ru\": \"Что\\n\\u263A?\", \"en\": \"What?\"},\n\t\"accept\": {\"ru\": [\"да\"], \"en\": \"yes\"}, \"tolerance\": 0, \"explanation\": {\"ru\": \"Так\", \"en\": \"So\"}}\n]}\n";
    let (from_yaml, from_json) = (
        bank_of(&[("banks/a1.yaml", yaml)]).1,
        bank_of(&[("banks/a1.json", json)]).1,
    );
    assert!(from_yaml.is_some());
    assert_eq!(from_yaml, from_json);
}

#[test]
fn a_json_question_is_told_at_its_line() {
    let json = "{\n  \"questions\": [\n    {\n      \"id\": \"q1\",\n      \"section\": \"a9\",\n      \"colour\": 1\n    }\n  ]\n}\n";
    let (reading, _) = bank_of(&[("banks/a1.json", json)]);
    let codes = codes(&reading);
    for expected in [
        ("unknown-key", "banks/a1.json:6"),
        ("dead-section", "banks/a1.json:5"),
        ("bad-bank", "banks/a1.json:3"),
    ] {
        assert!(
            codes.contains(&(expected.0, expected.1.to_owned())),
            "{expected:?} in {codes:?}"
        );
    }
}
