//! What an assertion wanted and what it got, out of the words of many tools.

use std::sync::LazyLock;

use regex::Regex;

use crate::{Details, text};

/// Longest value kept, in characters.
const VALUE_CHARS: usize = 500;
/// Longest trace kept, in characters: its beginning and, more of it, its end.
const TRACE_HEAD: usize = 1_000;
const TRACE_TAIL: usize = 3_000;
/// Characters of a text in which a comparison is looked for.
const LOOKED_AT: usize = 20_000;

/// `JUnit`: `expected:<1> but was:<2>`, `expected: <1> but was: <2>`.
static JAVA: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?s)expected: ?<(.{0,2000}?)> but was: ?<(.{0,2000}?)>").ok());
/// Labels of values that stand on lines of their own: Jest and Playwright, testify, Rust.
static LABELS: &[(&str, &str)] = &[
    ("Expected", "Received"),
    ("expected", "actual"),
    ("right", "left"),
];
/// Relations of pytest's `assert left OP right`, longest first.
const RELATIONS: &[&str] = &[
    " not in ", " is not ", " == ", " != ", " >= ", " <= ", " in ", " is ", " > ", " < ",
];
/// chai's ways to say that two values are the same.
const SAME: &[&str] = &[
    "be ",
    "equal ",
    "eql ",
    "deeply equal ",
    "strictly equal ",
    "loosely equal ",
    "be equal to ",
];

/// Details from texts that may hold a comparison, the likelier first, and the whole trace.
pub(crate) fn of(texts: &[&str], trace: &str) -> Details {
    let found = texts.iter().find_map(|text| {
        let head = text::plain(text::head(text, LOOKED_AT));
        labelled(&head)
            .or_else(|| diff(&head))
            .or_else(|| java(&head))
            .or_else(|| asserted(&head))
            .or_else(|| chai(&head))
    });
    let (expected, actual) = found.unzip();
    Details {
        expected: expected.as_deref().and_then(value),
        actual: actual.as_deref().and_then(value),
        trace: shorten_trace(trace),
    }
}

type Pair = (String, String);

fn value(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text::cut(text, VALUE_CHARS).into_owned())
}

/// The trace without its middle, where it is long.
fn shorten_trace(trace: &str) -> Option<String> {
    let (head, tail) = (TRACE_HEAD * 2, TRACE_TAIL * 2);
    // Of a text of megabytes only the two ends are looked at.
    let ends = if trace.len() > (head + tail) * 8 {
        let start = trace.ceil_char_boundary(trace.len().saturating_sub(tail * 4));
        let last = trace.get(start..).unwrap_or_default();
        format!("{}{last}", text::head(trace, head))
    } else {
        trace.to_owned()
    };
    let plain = text::plain(&ends);
    let plain = plain.trim();
    let count = plain.chars().count();
    if count == 0 {
        return None;
    }
    if count <= TRACE_HEAD + TRACE_TAIL {
        return Some(plain.to_owned());
    }
    let first: String = plain.chars().take(TRACE_HEAD).collect();
    let last: String = plain.chars().skip(count - TRACE_TAIL).collect();
    Some(format!("{}\n…\n{}", first.trim_end(), last.trim_start()))
}

/// `Expected: 1` and `Received: 2`, each on a line; words may stand between name and colon, as in
/// `Expected substring: "a"`.
fn labelled(text: &str) -> Option<Pair> {
    LABELS.iter().find_map(|(expected, actual)| {
        let line = |name: &str| text.lines().find_map(|line| after_label(line, name));
        Some((line(expected)?.to_owned(), line(actual)?.to_owned()))
    })
}

fn after_label<'t>(line: &'t str, name: &str) -> Option<&'t str> {
    let (label, value) = line.trim().strip_prefix(name)?.split_once(':')?;
    let plain_words = label.chars().all(|c| c.is_ascii_lowercase() || c == ' ');
    (plain_words && !value.trim().is_empty()).then_some(value)
}

/// The lines below `- Expected` and `+ Received`, by their signs.
fn diff(text: &str) -> Option<Pair> {
    let mut lines = text
        .lines()
        .skip_while(|line| !line.starts_with("- Expected"));
    lines.next()?;
    let below = lines.next().filter(|line| line.starts_with("+ Received"));
    below?;
    let lines: Vec<&str> = lines
        .take_while(|line| !line.trim_start().starts_with("at ") && !line.starts_with(" ❯"))
        .take(200)
        .collect();
    let signed = |sign| {
        let own = lines.iter().filter_map(|line| line.strip_prefix(sign));
        own.map(str::trim).collect::<Vec<_>>().join("\n")
    };
    let pair = (signed('-'), signed('+'));
    (!pair.0.is_empty() || !pair.1.is_empty()).then_some(pair)
}

fn java(text: &str) -> Option<Pair> {
    let found = JAVA.as_ref()?.captures(text)?;
    let (_, [expected, actual]) = found.extract();
    Some((expected.to_owned(), actual.to_owned()))
}

/// pytest's `assert left == right`: the course's tests call the code on the left.
fn asserted(text: &str) -> Option<Pair> {
    let statement = text.lines().find_map(|line| {
        let line = line.strip_prefix("E ").unwrap_or(line).trim();
        let line = line.strip_prefix("AssertionError: ").unwrap_or(line);
        line.strip_prefix("assert ")
    })?;
    let (left, relation, right) = split(statement)?;
    let expected = match relation.trim() {
        "==" | "is" => right.to_owned(),
        other => format!("{other} {right}"),
    };
    Some((expected, left.to_owned()))
}

/// A comparison's two sides; `None` when it has no relation outside quotes and brackets, or two.
fn split(statement: &str) -> Option<(&str, &'static str, &str)> {
    let (mut depth, mut quote, mut escaped) = (0_usize, None, false);
    let mut found: Option<(usize, &'static str)> = None;
    for (at, next) in statement.char_indices() {
        match (quote, next) {
            _ if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (Some(open), _) => quote = (open != next).then_some(open),
            (None, '"' | '\'') => quote = Some(next),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth = depth.saturating_sub(1),
            (None, ' ') if depth == 0 => {
                let inside = found.is_some_and(|(seen, relation)| at < seen + relation.len() - 1);
                let rest = statement.get(at..).unwrap_or_default();
                let relation = RELATIONS
                    .iter()
                    .find(|relation| rest.starts_with(**relation));
                match relation.filter(|_| !inside) {
                    Some(_) if found.is_some() => return None,
                    Some(relation) => found = Some((at, relation)),
                    None => {}
                }
            }
            _ => {}
        }
    }
    let (at, relation) = found?;
    let right = statement.get(at + relation.len()..)?;
    Some((statement.get(..at)?, relation, right))
}

/// chai's `expected 1 to be 2 // Object.is equality`.
fn chai(text: &str) -> Option<Pair> {
    let line = text.lines().find_map(|line| {
        let line = line.trim();
        let line = line.strip_prefix("AssertionError: ").unwrap_or(line);
        line.strip_prefix("expected ")
    })?;
    let (actual, wanted) = line.split_once(" to ")?;
    let wanted = wanted.split(" // ").next().unwrap_or(wanted);
    let value = SAME.iter().filter_map(|same| wanted.strip_prefix(same));
    let value = value
        .min_by_key(|value| value.len())
        .filter(|value| is_value(value));
    let expected = value.map_or_else(|| format!("to {wanted}"), str::to_owned);
    Some((expected, actual.to_owned()))
}

/// Whether what follows `be` is a value and no further relation, as in `be greater than 1`.
fn is_value(text: &str) -> bool {
    let relations = [
        "greater ", "less ", "at ", "above ", "below ", "a ", "an ", "close ", "within ", "one of ",
    ];
    !relations.iter().any(|relation| text.starts_with(relation))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(text: &str) -> Option<(String, String)> {
        let details = of(&[text], "");
        details.expected.zip(details.actual)
    }

    #[test]
    fn each_tool_s_words_are_read() {
        for (text, expected, actual) in [
            ("assert 1 == 2", "2", "1"),
            (
                "AssertionError: the list differs\nassert [1, 2] == [1, 3]\n  at index 1",
                "[1, 3]",
                "[1, 2]",
            ),
            (
                "E   AssertionError: assert 'a == b' == 'c'",
                "'c'",
                "'a == b'",
            ),
            ("assert f(1 == 1) is None", "None", "f(1 == 1)"),
            ("assert 2 >= 3\n +  where 2 = len('ab')", ">= 3", "2"),
            ("assert 'x' not in {'x': 1}", "not in {'x': 1}", "'x'"),
            (
                "Error: expect(received).toBe(expected)\n\nExpected: \u{1b}[32m3\u{1b}[39m\nReceived: \u{1b}[31m2\u{1b}[39m",
                "3",
                "2",
            ),
            (
                "Expected substring: \"красный\"\nReceived string:    \"зелёный\"",
                "\"красный\"",
                "\"зелёный\"",
            ),
            (
                "AssertionError: expected 1 to be 2 // Object.is equality\n    at x",
                "2",
                "1",
            ),
            (
                "AssertionError: expected 1 to be greater than 1\n    at x",
                "to be greater than 1",
                "1",
            ),
            (
                "AssertionError: expected { a: 1 } to deeply equal { a: 2 }",
                "{ a: 2 }",
                "{ a: 1 }",
            ),
            (
                "AssertionError: x\n\n- Expected\n+ Received\n\n  {\n-   a: 2\n+   a: 1\n  }\n\n ❯ a.test.js:1:2",
                "a: 2",
                "a: 1",
            ),
            (
                "org.opentest4j.AssertionFailedError: expected: <1> but was: <2>",
                "1",
                "2",
            ),
            (
                "assertion `left == right` failed\n  left: 1\n right: 2",
                "2",
                "1",
            ),
        ] {
            assert_eq!(
                pair(text),
                Some((expected.to_owned(), actual.to_owned())),
                "{text}"
            );
        }
    }

    #[test]
    fn what_compares_nothing_has_no_values() {
        for text in [
            "",
            "assert False",
            "RuntimeError: x == y",
            "assert 1 < 2 < 1",
            "Failed: DID NOT RAISE ValueError",
            "assert (a == b",
        ] {
            assert_eq!(pair(text), None, "{text}");
        }
    }

    #[test]
    fn a_long_trace_keeps_its_ends() {
        let long = format!("begin {} end", "ж".repeat(200_000));
        let trace = of(&[], &long).trace.expect("a trace");
        assert!(trace.starts_with("begin ж") && trace.ends_with("ж end"));
        assert_eq!(trace.chars().count(), TRACE_HEAD + TRACE_TAIL + 3);
        assert_eq!(of(&[], " \n").trace, None);
    }
}
