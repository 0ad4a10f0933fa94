//! Patterns written in this code.

use regex::Regex;

/// A pattern that is a literal of the program.
#[expect(
    clippy::expect_used,
    reason = "the patterns are literals of this module's siblings, each compiled by a test"
)]
pub fn literal(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a literal pattern is well formed")
}
