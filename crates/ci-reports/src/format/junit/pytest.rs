//! Cases as pytest and its plugins write them.

use std::collections::HashMap;

use super::document::{Case, Document};
use super::{cases, message};
use crate::text;
use crate::{TestCase, TestStatus};

/// Tests and problems of a file.
///
/// One test may be several cases: pytest-rerunfailures writes each earlier try as a bare passing
/// case, and a teardown that breaks after a failed call is a second case. Cases of one class and
/// name are one test and the worst of them counts.
pub(super) fn interpret(document: &Document) -> (Vec<TestCase>, Vec<String>) {
    let (mut tests, mut problems) = (Vec::<TestCase>::new(), Vec::<String>::new());
    let mut seen: HashMap<(&str, &str, &str), usize> = HashMap::new();
    for case in &document.cases {
        if let Some(problem) = problem(case) {
            if problems.last() != Some(&problem) {
                problems.push(problem);
            }
            continue;
        }
        let key = (case.class.as_str(), case.name.as_str(), case.file.as_str());
        let earlier = seen.get(&key).and_then(|index| tests.get_mut(*index));
        if let Some(earlier) = earlier {
            merge(earlier, test(case));
        } else {
            seen.insert(key, tests.len());
            tests.push(test(case));
        }
    }
    (tests, problems)
}

/// What is no test: pytest's own crash, and the nameless cases of a crashed xdist worker.
fn problem(case: &Case) -> Option<String> {
    let bad = cases::status(case).is_bad();
    let internal = case.name == "internal" && matches!(case.class.as_str(), "" | "pytest");
    let what = if case.name.is_empty() {
        "a test worker crashed"
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
    }
}

fn merge(earlier: &mut TestCase, later: TestCase) {
    if earlier.status.is_bad() && later.status.is_bad() {
        let texts = [earlier.message.take(), later.message];
        let texts: Vec<String> = texts.into_iter().flatten().collect();
        earlier.message = text::message(&texts.join("\n"));
        earlier.status = earlier.status.max(later.status);
    } else if worse(later.status, earlier.status) {
        *earlier = later;
    }
}

/// A bare pass is an earlier try, so even a skip says more.
fn worse(later: TestStatus, earlier: TestStatus) -> bool {
    later > earlier
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
        if let Some(found) = code.and_then(char::from_u32) {
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
