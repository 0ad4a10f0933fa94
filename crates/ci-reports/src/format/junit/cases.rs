//! Cases of every writer but pytest: each `<testcase>` is one test.

use super::dialect::Dialect;
use super::document::{Case, Document, Kind};
use super::message;
use crate::text;
use crate::{TestCase, TestStatus};

/// Tests and problems of a file.
pub(super) fn interpret(document: &Document, dialect: Dialect) -> (Vec<TestCase>, Vec<String>) {
    let (mut tests, mut problems) = (Vec::new(), Vec::new());
    let failing = document.cases.iter().any(|case| status(case).is_bad());
    for case in &document.cases {
        let mut test = test(document, case, dialect);
        // `--bail` leaves tests that Vitest never began, and its file has them as passed.
        let bailed = dialect == Dialect::Vitest && failing && case.instant;
        if bailed && test.status == TestStatus::Passed {
            test.status = TestStatus::Skipped;
            test.message = Some("did not run".to_owned());
        }
        // Vitest shows a file that did not load as a failed test called after the file.
        if dialect == Dialect::Vitest && case.class == case.name && test.status.is_bad() {
            let message = test.message.unwrap_or_default();
            problems.push(format!("{}: {message}", test.name));
        } else {
            tests.push(test);
        }
    }
    (tests, problems)
}

fn test(document: &Document, case: &Case, dialect: Dialect) -> TestCase {
    let name = text::line(&case.name);
    let class = text::line(&case.class);
    let by_class = matches!(dialect, Dialect::Vitest | Dialect::Playwright);
    let file = if case.file.is_empty() && by_class {
        class.clone()
    } else {
        text::line(&case.file)
    };
    let outcomes = case.outcomes.iter();
    let trace_line = || {
        outcomes
            .clone()
            .find_map(|outcome| text::line_of(&file, &outcome.body))
    };
    TestCase {
        id: id(document, case, dialect, &class, &name),
        line: case.line.filter(|line| *line > 0).or_else(trace_line),
        status: soften(status(case), dialect),
        message: message::of(case, message::with_body),
        details: message::details(case),
        file: (!file.is_empty()).then_some(file),
        name,
    }
}

fn id(document: &Document, case: &Case, dialect: Dialect, class: &str, name: &str) -> String {
    match dialect {
        Dialect::Vitest => [class, name].join(" > "),
        Dialect::Playwright => {
            let suite = case.suite.and_then(|suite| document.suites.get(suite));
            let project = suite
                .map(|suite| text::line(&suite.hostname))
                .unwrap_or_default();
            let project = (!project.is_empty()).then(|| format!("[{project}]"));
            let parts = project.as_deref().into_iter().chain([class, name]);
            parts.collect::<Vec<_>>().join(" › ")
        }
        Dialect::Pytest | Dialect::Other => qualified(class, name),
    }
}

/// `class::name`, or the one of them there is.
pub(super) fn qualified(class: &str, name: &str) -> String {
    match (class, name) {
        ("", name) => name.to_owned(),
        (class, "") => class.to_owned(),
        (class, name) => format!("{class}::{name}"),
    }
}

/// How a case ended: the worse of what its children and its `status` say.
pub(super) fn status(case: &Case) -> TestStatus {
    let attribute = match case.status.as_str() {
        "fail" | "failed" | "failure" => TestStatus::Failed,
        "error" | "errored" | "broken" => TestStatus::Error,
        "notrun" | "disabled" | "skipped" | "suppressed" | "ignored" => TestStatus::Skipped,
        _ => TestStatus::Passed,
    };
    by_children(case)
        .unwrap_or(TestStatus::Passed)
        .max(attribute)
}

fn by_children(case: &Case) -> Option<TestStatus> {
    let has = |kind| case.outcomes.iter().any(|outcome| outcome.kind == kind);
    if has(Kind::Error) {
        Some(TestStatus::Error)
    } else if has(Kind::Failure) || has(Kind::Rerun) {
        Some(TestStatus::Failed)
    } else if has(Kind::Skipped) {
        Some(TestStatus::Skipped)
    } else {
        has(Kind::Flaky).then_some(TestStatus::Flaky)
    }
}

/// Playwright and Vitest write a timeout or a thrown error as `<error>`, and call both a failure.
fn soften(status: TestStatus, dialect: Dialect) -> TestStatus {
    match (status, dialect) {
        (TestStatus::Error, Dialect::Vitest | Dialect::Playwright) => TestStatus::Failed,
        (status, _) => status,
    }
}
