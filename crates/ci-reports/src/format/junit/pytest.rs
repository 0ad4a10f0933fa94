//! Cases as pytest and its plugins write them.

use std::collections::HashMap;

use super::document::{Case, Document, Kind, Outcome};
use super::{cases, message};
use crate::TestCase;
use crate::text;

/// Tests and problems of a file, counted as pytest's own last line counts them.
///
/// Cases of one class and name are one test: pytest-rerunfailures writes each earlier try as a
/// case of its own, and a teardown that breaks after a failed call is a second case. Each failed
/// subtest is a `<failure>` of its own and counts as one; a broken teardown counts as an error
/// beside what the call was.
pub(super) fn interpret(document: &Document) -> (Vec<TestCase>, Vec<String>) {
    let mut problems = Vec::<String>::new();
    let mut groups = Vec::<Vec<&Case>>::new();
    let mut seen: HashMap<(&str, &str, &str), usize> = HashMap::new();
    for case in &document.cases {
        if let Some(problem) = problem(case) {
            if problems.last() != Some(&problem) {
                problems.push(problem);
            }
            continue;
        }
        let key = (case.class.as_str(), case.name.as_str(), case.file.as_str());
        let next = groups.len();
        let place = *seen.entry(key).or_insert(next);
        match groups.get_mut(place) {
            Some(group) => group.push(case),
            None => groups.push(vec![case]),
        }
    }
    (
        groups.iter().flat_map(|tries| results(tries)).collect(),
        problems,
    )
}

/// What came of one test: the last of its worst tries, and its broken teardown.
fn results(tries: &[&Case]) -> Vec<TestCase> {
    let (teardowns, calls): (Vec<&Case>, Vec<&Case>) = tries
        .iter()
        .copied()
        .partition(|case| is_broken_teardown(case));
    // `max_by_key` gives the last of several equals: the try that counted.
    let call = calls.into_iter().max_by_key(|case| cases::status(case));
    let mut results = call.map(outcomes).unwrap_or_default();
    if let Some(teardown) = teardowns.last() {
        if results.is_empty() {
            results.push(test(&Case {
                outcomes: Vec::new(),
                ..(*teardown).clone()
            }));
        }
        results.extend(outcomes(teardown));
    }
    results
}

/// One result for each thing a case says happened; a case that says nothing passed.
fn outcomes(case: &Case) -> Vec<TestCase> {
    if case.outcomes.len() < 2 {
        return vec![test(case)];
    }
    let each = case.outcomes.iter().map(|outcome| {
        let outcomes = vec![outcome.clone()];
        test(&Case {
            outcomes,
            ..case.clone()
        })
    });
    each.collect()
}

/// Whether nothing but the teardown is spoken of: the call was another case, or passed.
fn is_broken_teardown(case: &Case) -> bool {
    let of_teardown = |outcome: &Outcome| {
        outcome.kind == Kind::Error && outcome.message.starts_with("failed on teardown")
    };
    !case.outcomes.is_empty() && case.outcomes.iter().all(of_teardown)
}

/// What is no test: pytest's own crash, and the nameless cases of a crashed xdist worker.
fn problem(case: &Case) -> Option<String> {
    let bad = cases::status(case).is_bad();
    let internal = case.name == "internal" && matches!(case.class.as_str(), "" | "pytest");
    let what = if case.name.is_empty() {
        "a test began and never ended: the run was interrupted or a worker crashed"
    } else if internal && bad {
        "pytest crashed"
    } else {
        return None;
    };
    let message = message::of(case, message::pytest);
    Some(message.map_or_else(|| what.to_owned(), |message| format!("{what}: {message}")))
}

fn test(case: &Case) -> TestCase {
    let (class, name) = (text::line(&case.class), text::line(&readable(&case.name)));
    let place = case
        .outcomes
        .iter()
        .find_map(|outcome| place(&outcome.body));
    // The old xunit1 family has the file, and counts its lines from 0.
    let written = (!case.file.is_empty()).then(|| text::line(&case.file));
    let (file, line) = match (place, written) {
        (Some((file, line)), _) => (Some(file), Some(line)),
        (None, file) => (file, case.line.map(|line| line.saturating_add(1))),
    };
    TestCase {
        id: cases::qualified(&class, &name),
        name,
        file,
        line,
        status: cases::status(case),
        message: message::of(case, message::pytest),
        details: message::details(case),
    }
}

/// File and line of the first frame of a traceback, which is the test's own.
fn place(body: &str) -> Option<(String, u32)> {
    body.lines().find_map(|line| {
        if line.starts_with([' ', '\t', '>', '_']) || line.starts_with("E  ") {
            return None;
        }
        let (stem, rest) = line.split_once(".py:")?;
        let (digits, _) = rest.split_once(':')?;
        Some((text::line(&format!("{stem}.py")), digits.parse().ok()?))
    })
}

/// Parameter ids with Python's escapes read back: pytest writes `[\u0438]` for `[и]`.
fn readable(name: &str) -> String {
    let Some((test, parameters)) = name.split_once('[') else {
        return name.to_owned();
    };
    let mut out = format!("{test}[");
    let mut rest = parameters;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let mut kind = after.chars();
        let digits = match kind.next() {
            Some('x') => 2,
            Some('u') => 4,
            Some('U') => 8,
            _ => 0,
        };
        let spelled = kind.as_str().get(..digits).filter(|_| digits > 0);
        let code = spelled.and_then(|hex| u32::from_str_radix(hex, 16).ok());
        // A control character stays spelled out: it would be lost, and two tests look like one.
        let found = code.and_then(char::from_u32);
        if let Some(found) = found.filter(|found| !found.is_control()) {
            out.push(found);
            rest = kind.as_str().get(digits..).unwrap_or_default();
        } else {
            out.push('\\');
            let pair = after.strip_prefix('\\');
            rest = pair.unwrap_or(after);
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameter_ids_are_readable() {
        assert_eq!(
            readable(r"test_a[\u0438-\U0001f642-\xe9]"),
            "test_a[и-🙂-é]"
        );
        assert_eq!(readable(r"test_a[\x1b[31m]"), r"test_a[\x1b[31m]");
        assert_eq!(
            readable(r"test_a[\ud83d-\\u0438-\n-\]"),
            r"test_a[\ud83d-\u0438-\n-\]"
        );
        assert_eq!(readable(r"test_\u0438"), r"test_\u0438");
    }

    #[test]
    fn the_first_frame_is_the_place() {
        let body = "def test_a():\n>   b()\n\ntests/test_a.py:7: \n_ _ _\n\nlib/b.py:9: ValueError";
        assert_eq!(place(body), Some(("tests/test_a.py".to_owned(), 7)));
        assert_eq!(place("E   a.py:3: x"), None);
    }
}
