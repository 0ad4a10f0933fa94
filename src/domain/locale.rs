//! The languages Docent speaks.

use std::{collections::BTreeMap, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A language of texts and courses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    /// Russian.
    Ru,
    /// English.
    En,
}

impl Locale {
    /// Every language, in the order they are shown.
    pub const ALL: [Self; 2] = [Self::Ru, Self::En];

    /// The language of a Discord locale such as `ru` or `en-GB`; `None` for one Docent does not speak.
    #[must_use]
    pub fn from_discord(code: &str) -> Option<Self> {
        match code.split('-').next()? {
            "ru" => Some(Self::Ru),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// The ISO 639-1 code, which is also the folder of the language in a course.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ru => "ru",
            Self::En => "en",
        }
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Locale {
    type Err = UnknownLocale;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::from_discord(text).ok_or_else(|| UnknownLocale(text.to_owned()))
    }
}

/// A language code that Docent does not speak.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a language Docent speaks: use `ru` or `en`")]
pub struct UnknownLocale(pub String);

/// A value that differs by language, such as a title.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Localized<T>(BTreeMap<Locale, T>);

impl<T> Default for Localized<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T> Localized<T> {
    /// The value in one language only.
    #[must_use]
    pub fn only(locale: Locale, value: T) -> Self {
        Self(BTreeMap::from([(locale, value)]))
    }

    /// Sets the value in one language and gives back the one that stood there.
    pub fn insert(&mut self, locale: Locale, value: T) -> Option<T> {
        self.0.insert(locale, value)
    }

    /// The value in exactly this language.
    #[must_use]
    pub fn exact(&self, locale: Locale) -> Option<&T> {
        self.0.get(&locale)
    }

    /// The value in this language, else in any that has one.
    #[must_use]
    pub fn find(&self, locale: Locale) -> Option<&T> {
        self.exact(locale).or_else(|| self.0.values().next())
    }

    /// The languages that have a value.
    pub fn locales(&self) -> impl Iterator<Item = Locale> + '_ {
        self.0.keys().copied()
    }

    /// Every value with its language.
    pub fn iter(&self) -> impl Iterator<Item = (Locale, &T)> {
        self.0.iter().map(|(locale, value)| (*locale, value))
    }

    /// Whether no language has a value.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Localized<String> {
    /// The text in this language, else in any; empty when there is none.
    #[must_use]
    pub fn text(&self, locale: Locale) -> &str {
        self.find(locale).map_or("", String::as_str)
    }
}

impl<T> FromIterator<(Locale, T)> for Localized<T> {
    fn from_iter<I: IntoIterator<Item = (Locale, T)>>(iter: I) -> Self {
        Self(iter.into_iter().collect())
    }
}
