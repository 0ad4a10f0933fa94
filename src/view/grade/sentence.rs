//! What went wrong, in one sentence: in the member's language where the kind of failure is known, else in
//! the first line of the tool.

use ci_reports::{Finding, Tests, Tool};

use crate::{
    domain::{
        grading::{CostedFinding, NotRun},
        locale::Locale,
    },
    text,
    view::untrusted,
};

/// Signs of a stranger's words in a sentence.
const WORDS: usize = 160;

/// Makes a stranger's words harmless, for where they are shown: cut to so many signs.
pub type Words = fn(&str, usize) -> String;

/// The sentence about a finding; empty when nothing is known of it.
pub fn sentence(finding: &CostedFinding, words: Words, locale: Locale) -> String {
    if let Some(why) = finding.not_run {
        return match why {
            NotRun::Missing => text!(locale, "grade-not-run-missing"),
            NotRun::Skipped => text!(locale, "grade-not-run-skipped"),
            NotRun::Repeated => text!(locale, "grade-not-run-repeated"),
        };
    }
    if finding.id == Finding::PROBLEM && finding.message == Tests::NONE_RAN {
        return text!(locale, "grade-no-tests");
    }
    match finding.tool {
        tool if runs_tests(tool) => failure(finding, words, locale),
        Tool::RuffFormat | Tool::Prettier if finding.id == "unformatted" => {
            text!(locale, "grade-kind-unformatted")
        }
        _ => first_line(&finding.message, words),
    }
}

/// Whether a tool runs tests; the others read code.
pub const fn runs_tests(tool: Tool) -> bool {
    matches!(
        tool,
        Tool::Pytest | Tool::Vitest | Tool::Playwright | Tool::Blackbox | Tool::Junit
    )
}

fn failure(finding: &CostedFinding, shown: Words, locale: Locale) -> String {
    let first = finding.message.lines().next().unwrap_or_default().trim();
    let what = first_line(first, shown);
    let has = |sign: &str| first.contains(sign);
    if first.starts_with("failed on setup") {
        return text!(locale, "grade-kind-setup", what = quoted(first, shown));
    }
    if first.starts_with("failed on teardown") {
        return text!(locale, "grade-kind-teardown", what = quoted(first, shown));
    }
    if has("DID NOT RAISE") {
        return text!(locale, "grade-kind-no-error", what = what);
    }
    if has("ModuleNotFoundError") || has("ImportError") || has("Cannot find module") {
        return text!(locale, "grade-kind-module", what = what);
    }
    if first.starts_with("SyntaxError") || first.starts_with("IndentationError") {
        return text!(locale, "grade-kind-syntax", what = what);
    }
    if has("TimeoutError") || has("timed out") || (has("Timeout") && has("exceeded")) {
        return text!(locale, "grade-kind-timeout", what = what);
    }
    let words = first
        .strip_prefix("AssertionError")
        .map_or(first, |rest| rest.trim_start_matches(':').trim_start());
    let wordless = words.is_empty()
        || ["assert ", "expected ", "expect(", "Error: expect("]
            .iter()
            .any(|begins| words.starts_with(begins));
    if wordless && finding.details.expected.is_some() {
        return text!(locale, "grade-kind-differs");
    }
    if wordless && !words.is_empty() {
        return text!(locale, "grade-kind-failed", what = first_line(words, shown));
    }
    match words.split_once(": ").filter(|(name, _)| is_error(name)) {
        Some((name, rest)) => text!(
            locale,
            "grade-kind-broke",
            error = untrusted::code(name, 60),
            what = first_line(rest, shown)
        ),
        None => first_line(words, shown),
    }
}

fn first_line(text: &str, words: Words) -> String {
    let first = text.lines().next().unwrap_or_default().trim();
    if first.is_empty() {
        return String::new();
    }
    words(first, WORDS)
}

/// What pytest quotes: `failed on setup with "RuntimeError: no"`.
fn quoted(text: &str, words: Words) -> String {
    let inner = text.split_once('"').map_or(text, |(_, rest)| rest);
    first_line(inner.trim_end_matches('"'), words)
}

/// Whether this is the name of an error's class: `KeyError`, `sqlalchemy.exc.ProgrammingError`.
fn is_error(name: &str) -> bool {
    let plain = name
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "._".contains(c));
    plain && (name.ends_with("Error") || name.ends_with("Exception"))
}
