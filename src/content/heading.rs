//! What a heading of a course means: a part, a module, a practice, a checklist, the assessment.

use std::sync::LazyLock;

use regex::Regex;

use super::pattern::literal;

/// What a heading says about the structure of a course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// `Part 1. BASIC: First steps`
    Part {
        /// `BASIC`, or `PART1` when only a number is given, or nothing.
        code: Option<String>,
        /// `First steps`
        title: String,
    },
    /// `Module AL1. Setup`
    Module {
        /// `AL1`, or `M1` when only a number is given, or nothing.
        code: Option<String>,
        /// `Setup`
        title: String,
    },
    /// `Practice (BASIC)`
    Practice {
        /// The part named in brackets.
        scope: Option<String>,
    },
    /// `Checklist (BASIC)`
    Checklist {
        /// The part named in brackets.
        scope: Option<String>,
    },
    /// `Assessment`
    Assessment,
    /// Anything else.
    Other,
}

/// Words that begin a heading, in lower case with plain hyphens.
const PART: [&str; 4] = ["part", "unit", "часть", "раздел"];
const MODULE: [&str; 8] = [
    "module",
    "lesson",
    "chapter",
    "week",
    "модуль",
    "урок",
    "глава",
    "неделя",
];
const PRACTICE: [&str; 5] = ["practice", "assignment", "project", "практика", "задание"];
const CHECKLIST: [&str; 4] = ["checklist", "check-list", "чек-лист", "чеклист"];
const ASSESSMENT: [&str; 4] = ["assessment", "grading", "оценка", "оценивание"];

/// Emoji with what modifies and joins them; signs that belong to prose, such as © and ↔, stay.
static EMOJI: LazyLock<Regex> = LazyLock::new(|| {
    literal(concat!(
        r"[0-9#*]\x{FE0F}?\x{20E3}",
        r"|[\p{Extended_Pictographic}--[\x{A9}\x{AE}\x{2122}\x{203C}\x{2049}\x{2194}-\x{21AA}]]",
        r"|[\x{1F1E6}-\x{1F1FF}\x{1F3FB}-\x{1F3FF}]",
        r"|[\x{FE00}-\x{FE0F}\x{200D}\x{20E3}\x{E0020}-\x{E007F}]",
    ))
});

/// The text of a heading for people: no emoji, no bold marks, single plain spaces.
pub fn clean(text: &str) -> String {
    let text = EMOJI
        .replace_all(text, " ")
        .replace("**", "")
        .replace(['\u{200b}', '\u{2060}', '\u{feff}'], "");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The meaning of a heading, from its cleaned text.
pub fn recognise(clean: &str) -> Role {
    let (word, rest) = first_word(clean);
    let is = |words: &[&str]| words.contains(&word.as_str());
    if is(&PART) {
        part(rest, clean)
    } else if is(&MODULE) {
        module(rest, clean)
    } else if is(&PRACTICE) {
        Role::Practice { scope: scope(rest) }
    } else if is(&CHECKLIST) {
        Role::Checklist { scope: scope(rest) }
    } else if is(&ASSESSMENT) {
        Role::Assessment
    } else {
        Role::Other
    }
}

/// The stable id of a code: `AL1` is `al1`.
pub fn id_of(code: &str) -> String {
    slug::slugify(code)
}

/// The first word in lower case with plain hyphens, and what follows it.
fn first_word(text: &str) -> (String, &str) {
    let end = text
        .find(|c: char| !(c.is_alphabetic() || is_hyphen(c)))
        .unwrap_or(text.len());
    let (word, rest) = text.split_at_checked(end).unwrap_or((text, ""));
    let word = word
        .chars()
        .map(|c| if is_hyphen(c) { '-' } else { c })
        .collect::<String>();
    (word.to_lowercase(), rest.trim_start())
}

const fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}' | '\u{2012}' | '\u{2013}')
}

const fn is_separator(c: char) -> bool {
    matches!(
        c,
        '.' | ':' | ')' | '-' | '\u{2012}' | '\u{2013}' | '\u{2014}' | '|'
    )
}

fn part(rest: &str, whole: &str) -> Role {
    let (number, rest) = numbered(rest);
    let named = rest
        .split_once(':')
        .filter(|(word, _)| is_code(word.trim()));
    let (code, title) = match named {
        Some((code, title)) => (Some(code.trim().to_owned()), title.trim()),
        None => (number.map(|number| format!("PART{number}")), rest.trim()),
    };
    Role::Part {
        code,
        title: or_whole(title, whole),
    }
}

fn module(rest: &str, whole: &str) -> Role {
    let (token, after) = code_token(rest);
    let separated = after.trim_start().starts_with(is_separator) || after.trim().is_empty();
    let coded = !token.is_empty() && (separated || token.chars().any(char::is_numeric));
    let title = if coded { after } else { rest };
    let code = coded.then(|| {
        if is_number(token) {
            format!("M{token}")
        } else {
            token.to_owned()
        }
    });
    Role::Module {
        code,
        title: or_whole(without_separator(title), whole),
    }
}

/// A leading number, `1.` or `IV:`, and what follows it.
fn numbered(text: &str) -> (Option<&str>, &str) {
    let (token, after) = code_token(text);
    let roman = !token.is_empty()
        && token.chars().all(|c| "IVX".contains(c))
        && after.starts_with(['.', ')']);
    if is_number(token) || roman {
        (Some(token), without_separator(after))
    } else {
        (None, without_separator(text))
    }
}

fn is_number(token: &str) -> bool {
    !token.is_empty() && token.chars().all(|c| c.is_ascii_digit() || c == '.')
}

fn is_code(word: &str) -> bool {
    !word.is_empty()
        && word
            .chars()
            .all(|c| c.is_alphanumeric() || is_hyphen(c) || c == '_')
}

/// A code such as `AL1`, `1.2` or `intro-2`, and what follows it.
fn code_token(text: &str) -> (&str, &str) {
    let mut end = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let inner = chars.peek().is_some_and(|(_, next)| next.is_alphanumeric());
        let part_of_code =
            c.is_alphanumeric() || ((is_hyphen(c) || matches!(c, '_' | '.')) && inner && at > 0);
        if !part_of_code {
            break;
        }
        end = at + c.len_utf8();
    }
    text.split_at_checked(end).unwrap_or((text, ""))
}

fn without_separator(text: &str) -> &str {
    text.trim_start_matches(|c: char| is_separator(c) || c.is_whitespace())
        .trim()
}

fn or_whole(title: &str, whole: &str) -> String {
    if title.is_empty() {
        whole.to_owned()
    } else {
        title.to_owned()
    }
}

fn scope(rest: &str) -> Option<String> {
    let inner = rest.strip_prefix('(')?.split(')').next()?.trim();
    (!inner.is_empty()).then(|| inner.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn role(heading: &str) -> Role {
        recognise(&clean(heading))
    }

    fn named(code: &str, title: &str) -> (Option<String>, String) {
        (Some(code.to_owned()), title.to_owned())
    }

    #[test]
    fn a_part_is_known_by_its_word_number_and_code() {
        for (heading, code, title) in [
            ("🟢 ЧАСТЬ 1. BASIC: Первые шаги", "BASIC", "Первые шаги"),
            ("Part 1. BASIC: First steps", "BASIC", "First steps"),
            ("**Раздел 2** — Дальше", "PART2", "Дальше"),
            ("UNIT 3: Going further", "PART3", "Going further"),
            ("Part II. More", "PARTII", "More"),
            ("Часть BASIC: Первые шаги", "BASIC", "Первые шаги"),
            ("Part 4", "PART4", "Part 4"),
            (
                "Part 1. First steps: a tour",
                "PART1",
                "First steps: a tour",
            ),
        ] {
            let (code, title) = named(code, title);
            assert_eq!(role(heading), Role::Part { code, title }, "{heading}");
        }
    }

    #[test]
    fn a_module_is_known_by_its_word_and_code() {
        for (heading, code, title) in [
            (
                "🧰 Модуль AL1. Установка и инициализация",
                "AL1",
                "Установка и инициализация",
            ),
            ("Module\u{a0}AL1: Setup", "AL1", "Setup"),
            ("Week 3 — Loops", "M3", "Loops"),
            ("1️⃣ Урок 1.2. Типы", "M1.2", "Типы"),
            ("Глава intro\u{2011}2. Ещё", "intro\u{2011}2", "Ещё"),
            ("Lesson AL5 Rollbacks", "AL5", "Rollbacks"),
        ] {
            let (code, title) = named(code, title);
            assert_eq!(role(heading), Role::Module { code, title }, "{heading}");
        }
    }

    #[test]
    fn a_module_without_a_code_keeps_its_whole_title() {
        assert_eq!(
            role("Module: Setup"),
            Role::Module {
                code: None,
                title: "Setup".into()
            }
        );
        assert_eq!(
            role("Урок про циклы"),
            Role::Module {
                code: None,
                title: "про циклы".into()
            }
        );
    }

    #[test]
    fn hyphens_of_every_width_make_the_same_checklist() {
        for heading in [
            "✅ Чек‑лист (BASIC)",
            "Чек-лист (BASIC)",
            "ЧЕКЛИСТ (BASIC)",
            "Check\u{2010}list ( BASIC )",
        ] {
            assert_eq!(
                role(heading),
                Role::Checklist {
                    scope: Some("BASIC".into())
                },
                "{heading}"
            );
        }
    }

    #[test]
    fn practice_and_assessment_are_known_in_both_languages() {
        assert_eq!(
            role("🕹\u{fe0f} Практика (ADVANCED)"),
            Role::Practice {
                scope: Some("ADVANCED".into())
            }
        );
        assert_eq!(role("Assignment"), Role::Practice { scope: None });
        assert_eq!(role("Оценка и проверка"), Role::Assessment);
        assert_eq!(role("Assessment and checks"), Role::Assessment);
        assert_eq!(role("Particles"), Role::Other);
    }

    #[test]
    fn a_title_loses_emoji_and_keeps_its_signs() {
        assert_eq!(
            clean("🧭 Alembic Cookbook: школа миграций"),
            "Alembic Cookbook: школа миграций"
        );
        assert_eq!(clean("👩🏽‍💻 From A → B™ 🇫🇷"), "From A → B™");
        assert_eq!(clean("🕹"), "");
    }

    #[test]
    fn an_id_is_a_slug_of_the_code() {
        assert_eq!(id_of("AL1"), "al1");
        assert_eq!(id_of("M1.2"), "m1-2");
        assert_eq!(id_of("Основы"), "osnovy");
    }
}
