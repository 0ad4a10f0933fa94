//! What of a failure's text helps its reader.

use super::document::{Case, Kind, Outcome};
use crate::{Details, details, text};

/// Lines of a body that go into a message at most.
const LINES: usize = 40;
/// Lines of a bare traceback: the error, and the frame it came from.
const TRACEBACK_LINES: usize = 3;

/// The message of a case: its failures, or the reason of a skip.
pub(super) fn of(case: &Case, describe: fn(&Outcome) -> String) -> Option<String> {
    let bad = |outcome: &&Outcome| !matches!(outcome.kind, Kind::Skipped);
    let mut texts: Vec<String> = case.outcomes.iter().filter(bad).map(describe).collect();
    if texts.is_empty() {
        let skips = case.outcomes.iter().map(|skip| skip.message.clone());
        texts = case.reason.iter().cloned().chain(skips).collect();
        texts.retain(|text| !text.trim().is_empty());
    }
    text::message(&texts.join("\n"))
}

/// What the first failure compared, and its whole text.
pub(super) fn details(case: &Case) -> Details {
    let mut bad = case.outcomes.iter();
    let Some(first) = bad.find(|outcome| outcome.kind != Kind::Skipped) else {
        return Details::default();
    };
    details::of(&[&first.message, &first.body], &first.body)
}

/// The headline, then what the body adds to it without the stack.
pub(super) fn with_body(outcome: &Outcome) -> String {
    let headline = outcome.message.trim();
    let told = |line: &&str| {
        let line = line.trim();
        let stack = line.starts_with("at ") || line.starts_with('❯');
        !line.is_empty() && !stack && (headline.is_empty() || !line.contains(headline))
    };
    let head = text::plain(text::head(&outcome.body, 20_000));
    let mut lines: Vec<&str> = head.lines().filter(told).take(LINES).collect();
    if !headline.is_empty() {
        lines.insert(0, headline);
    }
    lines.join("\n")
}

/// pytest's headline; where that is a mere phrase, the lines pytest marks with `E`.
pub(super) fn pytest(outcome: &Outcome) -> String {
    let headline = outcome.message.trim();
    let bare = matches!(
        headline,
        "" | "collection failure" | "internal error" | "test setup failure"
    );
    if !bare {
        return headline.to_owned();
    }
    let marked = outcome
        .body
        .lines()
        .filter_map(|line| line.strip_prefix("E  "));
    let mut lines: Vec<&str> = marked.map(str::trim_end).take(LINES).collect();
    if lines.is_empty() {
        // A bare traceback of Python: what went wrong is its last line.
        let told = outcome.body.lines().rev();
        lines = told
            .filter(|line| !line.trim().is_empty())
            .take(TRACEBACK_LINES)
            .collect();
        lines.reverse();
    }
    if !headline.is_empty() {
        lines.insert(0, headline);
    }
    lines.join("\n")
}
