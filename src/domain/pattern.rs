//! Patterns that an author writes into a course: regular expressions and globs of paths.

use std::borrow::Cow;

use globset::{GlobBuilder, GlobMatcher};
use regex::{Regex, RegexBuilder};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use unicode_normalization::UnicodeNormalization;

/// Compiled patterns above this size, in bytes, are refused.
const LARGEST: usize = 1 << 20;

/// A regular expression; two are equal when they are written alike.
#[derive(Debug, Clone)]
pub struct Pattern(Regex);

impl Pattern {
    /// Compiles a regular expression.
    ///
    /// # Errors
    /// When it is none, or compiles to too much.
    pub fn new(text: &str) -> Result<Self, regex::Error> {
        RegexBuilder::new(text)
            .size_limit(LARGEST)
            .build()
            .map(Self)
    }

    /// Whether the pattern occurs in the text.
    #[must_use]
    pub fn is_match(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

impl Eq for Pattern {}

impl Serialize for Pattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.as_str())
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::new(&text).map_err(D::Error::custom)
    }
}

/// A glob over paths of a repository: `*` stays within a folder, `**` does not.
#[derive(Debug, Clone)]
pub struct PathPattern {
    exact: GlobMatcher,
    loose: GlobMatcher,
}

impl PathPattern {
    /// Compiles a glob.
    ///
    /// # Errors
    /// When it is none.
    pub fn new(text: &str) -> Result<Self, globset::Error> {
        let mut builder = GlobBuilder::new(text);
        builder.literal_separator(true);
        Ok(Self {
            exact: builder.build()?.compile_matcher(),
            loose: builder.case_insensitive(true).build()?.compile_matcher(),
        })
    }

    /// Whether the path is meant.
    #[must_use]
    pub fn is_match(&self, path: &str) -> bool {
        self.exact.is_match(path)
    }

    /// Whether any of the globs means the path, or what a careless file system takes it for.
    #[must_use]
    pub fn any_like(patterns: &[Self], path: &str) -> bool {
        let folded = fold_path(path);
        let mut patterns = patterns.iter();
        patterns.any(|pattern| pattern.exact.is_match(path) || pattern.loose.is_match(&*folded))
    }

    /// Whether any of the globs means the path.
    #[must_use]
    pub fn any(patterns: &[Self], path: &str) -> bool {
        patterns.iter().any(|pattern| pattern.is_match(path))
    }
}

impl PartialEq for PathPattern {
    fn eq(&self, other: &Self) -> bool {
        self.exact.glob() == other.exact.glob()
    }
}

impl Eq for PathPattern {}

impl Serialize for PathPattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.exact.glob().glob())
    }
}

impl<'de> Deserialize<'de> for PathPattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::new(&text).map_err(D::Error::custom)
    }
}

/// A path as careless file systems see it: without case, letters composed alike, without characters that
/// do not show, and without the dots and spaces that Windows drops from the end of a name.
#[must_use]
pub fn fold_path(path: &str) -> Cow<'_, str> {
    let plain = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'/' | b'.' | b'_' | b'-');
    let drops = |name: &str| name.ends_with(['.', ' ']);
    if path.bytes().all(plain) && !path.split('/').any(drops) {
        return Cow::Borrowed(path);
    }
    let shown = path.nfkc().filter(|letter| !is_ignored(*letter));
    let small: String = shown.flat_map(char::to_lowercase).nfkc().collect();
    let names = small.split(['/', '\\']);
    let names: Vec<&str> = names
        .map(|name| name.trim_end_matches(['.', ' ']))
        .collect();
    Cow::Owned(names.join("/"))
}

/// Characters that do not show, which some file systems leave out when they compare names.
const fn is_ignored(letter: char) -> bool {
    matches!(
        letter,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{E0000}'..='\u{E0FFF}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stays_in_its_folder_and_two_stars_do_not() {
        let one = PathPattern::new("back/tests/*.py").unwrap();
        assert!(one.is_match("back/tests/test_a.py"));
        assert!(!one.is_match("back/tests/unit/test_a.py"));
        let two = PathPattern::new("**/conftest.py").unwrap();
        assert!(two.is_match("conftest.py"));
        assert!(two.is_match("back/tests/unit/conftest.py"));
        assert!(!two.is_match("back/my_conftest.py"));
    }

    #[test]
    fn a_path_is_seen_as_careless_file_systems_see_it() {
        for tricky in [
            "back/Conftest.PY",
            "BACK/conftest.py",
            "back/conftest.py.",
            "back/conftest.py ",
            "back/con\u{200C}ftest.py",
            "back./conftest.py",
            "back\\conftest.py",
            "back/\u{FF43}onftest.py",
        ] {
            assert_eq!(fold_path(tricky), "back/conftest.py", "{tricky:?}");
            let forbid = [PathPattern::new("**/conftest.py").unwrap()];
            assert!(PathPattern::any_like(&forbid, tricky), "{tricky:?}");
        }
        assert_eq!(fold_path("a/Cafe\u{301}.md"), fold_path("a/caf\u{e9}.md"));
        assert!(matches!(fold_path("a/b_c-1.py"), Cow::Borrowed(_)));
        let odd = [PathPattern::new("Docs/[A-Z]*.MD").unwrap()];
        assert!(PathPattern::any_like(&odd, "Docs/Readme.MD"));
        assert!(!PathPattern::any_like(&odd, "src/readme.md"));
    }

    #[test]
    fn patterns_are_equal_when_they_are_written_alike() {
        assert_eq!(Pattern::new("a+").unwrap(), Pattern::new("a+").unwrap());
        assert_ne!(
            PathPattern::new("a/*").unwrap(),
            PathPattern::new("a/**").unwrap()
        );
        assert!(Pattern::new("(").is_err());
        assert!(PathPattern::new("a/[").is_err());
    }
}
