//! A course in two languages.

use super::{codes, read_texts, told};
use crate::domain::locale::Locale;

pub const SETTINGS: &str = "id = \"c\"\nlocales = [\"ru\", \"en\"]\n";

#[test]
fn languages_are_joined_by_code_anchor_and_order() {
    let reading = read_texts(&[
        ("course.toml", SETTINGS),
        (
            "ru/1.md",
            "# К\n## Часть 1. BASIC: Раз\n### Модуль A1. Один\nТекст\n#### Настройка\nа\n#### Якорь {#a1-anchor}\nб\n",
        ),
        (
            "en/1.md",
            "# C\n## Part 1. BASIC: One\n### Module A1. One\nText\n#### Setup\na\n#### Anchor {#a1-anchor}\nb\n",
        ),
    ]);
    assert_eq!(told(&reading), "");
    let course = reading.course.unwrap();
    let sections = &course.parts[0].modules[0].sections;
    let seen: Vec<_> = sections
        .iter()
        .map(|one| {
            (
                one.anchor.as_str(),
                one.title.text(Locale::En),
                one.body.text(Locale::Ru),
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("a1", "One", "Текст"),
            ("a1-nastroika", "Setup", "а"),
            ("a1-anchor", "Anchor", "б")
        ]
    );
}

#[test]
fn what_one_language_lacks_is_told_where_the_other_has_it() {
    let reading = read_texts(&[
        ("course.toml", SETTINGS),
        (
            "ru/1.md",
            "# К\n## Часть 1. BASIC: Раз\n### Модуль A1. Один\nТекст\n#### Х {#x}\nа\n### Практика\nДело\n",
        ),
        ("ru/2.md", "\n### Чек-лист\n- [ ] раз\n- [ ] два\n"),
        (
            "en/1.md",
            "# C\n## Part 1. BASIC: One\n### Module A1. One\nText\n#### Setup\na\n#### More\nb\n### Checklist\n- [ ] one\n### Module A2. Two\nText\n",
        ),
    ]);
    assert_eq!(
        codes(&reading),
        [
            ("sections-differ", "en/1.md:5"),
            ("sections-differ", "en/1.md:7"),
            ("missing-translation", "en/1.md:11"),
            ("missing-translation", "ru/1.md:5"),
            ("missing-translation", "ru/1.md:7"),
            ("missing-translation", "ru/2.md:4"),
        ]
        .map(|(code, place)| (code, place.to_owned()))
    );
}

#[test]
fn rules_that_differ_between_languages_are_told() {
    let reading = read_texts(&[
        ("course.toml", SETTINGS),
        (
            "ru/1.md",
            "# К\n## Модуль A1. Один\nТекст\n## Оценка\n10-20 вопросов\n",
        ),
        (
            "en/1.md",
            "# C\n## Module A1. One\nText\n## Assessment\n10-15 questions\n",
        ),
    ]);
    assert_eq!(
        codes(&reading),
        [("assessment-differs", "en/1.md:4".to_owned())]
    );
}
