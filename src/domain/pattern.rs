//! Patterns that an author writes into a course: regular expressions and globs of paths.

use globset::{GlobBuilder, GlobMatcher};
use regex::{Regex, RegexBuilder};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

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
pub struct PathPattern(GlobMatcher);

impl PathPattern {
    /// Compiles a glob.
    ///
    /// # Errors
    /// When it is none.
    pub fn new(text: &str) -> Result<Self, globset::Error> {
        let glob = GlobBuilder::new(text).literal_separator(true).build()?;
        Ok(Self(glob.compile_matcher()))
    }

    /// Whether the path is meant.
    #[must_use]
    pub fn is_match(&self, path: &str) -> bool {
        self.0.is_match(path)
    }

    /// Whether any of the globs means the path.
    #[must_use]
    pub fn any(patterns: &[Self], path: &str) -> bool {
        patterns.iter().any(|pattern| pattern.is_match(path))
    }
}

impl PartialEq for PathPattern {
    fn eq(&self, other: &Self) -> bool {
        self.0.glob() == other.0.glob()
    }
}

impl Eq for PathPattern {}

impl Serialize for PathPattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.glob().glob())
    }
}

impl<'de> Deserialize<'de> for PathPattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::new(&text).map_err(D::Error::custom)
    }
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
