//! The words people read, in Russian and English, by Fluent.
//!
//! [`crate::text!`] looks a message up by its key; a key that no language has does not compile, and a
//! test keeps the languages alike.

use std::{borrow::Cow, collections::HashMap};

use fluent_templates::{Loader as _, fluent_bundle::FluentValue, static_loader};
use unic_langid::{LanguageIdentifier, langid};

use crate::domain::locale::Locale;

static_loader! {
    static MESSAGES = {
        locales: "./src/text/locales",
        fallback_language: "en",
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

macro_rules! sources {
    ($locale:literal) => {
        concat!(
            include_str!(concat!("locales/", $locale, "/account.ftl")),
            "\n",
            include_str!(concat!("locales/", $locale, "/admin.ftl")),
            "\n",
            include_str!(concat!("locales/", $locale, "/commands.ftl")),
            "\n",
            include_str!(concat!("locales/", $locale, "/common.ftl")),
            "\n",
            include_str!(concat!("locales/", $locale, "/course.ftl")),
            "\n",
            include_str!(concat!("locales/", $locale, "/grades.ftl")),
            "\n",
            include_str!(concat!("locales/", $locale, "/group.ftl")),
            "\n",
            include_str!(concat!("locales/", $locale, "/practice.ftl")),
            "\n",
            include_str!(concat!("locales/", $locale, "/terms.ftl")),
        )
    };
}

/// Every message in English, as written.
pub const ENGLISH: &str = sources!("en");
/// Every message in Russian, as written.
pub const RUSSIAN: &str = sources!("ru");

/// Whether a Fluent source defines a message; used when the program is compiled.
#[must_use]
pub const fn defines(source: &str, key: &str) -> bool {
    let (source, key) = (source.as_bytes(), key.as_bytes());
    let mut at = 0;
    let mut line_start = true;
    while at + key.len() < source.len() {
        if line_start && source[at] == key[0] {
            let mut same = 0;
            while same < key.len() && source[at + same] == key[same] {
                same += 1;
            }
            if same == key.len() && source[at + same] == b' ' {
                return true;
            }
        }
        line_start = source[at] == b'\n';
        at += 1;
    }
    false
}

/// Looks a message up; use [`crate::text!`], which checks the key.
#[must_use]
pub fn lookup(locale: Locale, key: &str, args: &[(&'static str, FluentValue<'_>)]) -> String {
    const RU: LanguageIdentifier = langid!("ru");
    const EN: LanguageIdentifier = langid!("en");
    let language = match locale {
        Locale::Ru => RU,
        Locale::En => EN,
    };
    let args: HashMap<Cow<'static, str>, FluentValue<'_>> = args
        .iter()
        .map(|(name, value)| (Cow::Borrowed(*name), value.clone()))
        .collect();
    MESSAGES
        .try_lookup_with_args(&language, key, &args)
        .unwrap_or_default()
}

/// The words of a message in a language: `text!(locale, "quiz-passed", correct = 9)`.
///
/// The key must be defined in both languages, else the program does not compile.
#[macro_export]
macro_rules! text {
    ($locale:expr, $key:literal $(, $name:ident = $value:expr)* $(,)?) => {{
        const { assert!($crate::text::defines($crate::text::ENGLISH, $key), concat!("no English text for `", $key, "`")) };
        const { assert!($crate::text::defines($crate::text::RUSSIAN, $key), concat!("no Russian text for `", $key, "`")) };
        $crate::text::lookup($locale, $key, &[$((stringify!($name), $value.into())),*])
    }};
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    /// Keys with the variables each uses.
    fn messages(source: &str) -> BTreeMap<String, BTreeSet<String>> {
        let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut key = String::new();
        for line in source.lines() {
            if let Some((name, _)) = line
                .split_once(" =")
                .filter(|_| !line.starts_with([' ', '#', '}']))
            {
                name.clone_into(&mut key);
                found.entry(key.clone()).or_default();
            }
            for part in line.split('$').skip(1) {
                let variable: String = part
                    .chars()
                    .take_while(|c| c.is_alphanumeric() || *c == '-' || *c == '_')
                    .collect();
                found.entry(key.clone()).or_default().insert(variable);
            }
        }
        found
    }

    #[test]
    fn both_languages_have_the_same_messages_with_the_same_variables() {
        assert_eq!(messages(ENGLISH), messages(RUSSIAN));
        assert!(messages(ENGLISH).len() > 60);
    }

    #[test]
    fn russian_plurals_are_right() {
        let items = |n: i64| lookup(Locale::Ru, "questions", &[("count", n.into())]);
        assert_eq!(
            [1, 2, 5, 11, 21].map(items),
            [
                "1 вопрос",
                "2 вопроса",
                "5 вопросов",
                "11 вопросов",
                "21 вопрос"
            ]
        );
    }
}
