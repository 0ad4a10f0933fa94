//! The JSON reporter of Vitest and Jest.

use serde::Deserialize;

use crate::format::{Input, Reader, ends};
use crate::json::Num;
use crate::{
    Content, ReadError, Report, TestCase, TestStatus, Tests, Tool, details, json, shorten_path,
    text,
};

pub(super) const READER: Reader = Reader {
    claims: |sample| sample.shape.has_keys(&["numTotalTests", "testResults"]),
    hinted: |name| ends(name, ".json") && (name.contains("vitest") || name.contains("jest")),
    read,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    num_total_tests: Num,
    #[serde(default)]
    num_failed_tests: Num,
    #[serde(default)]
    num_failed_test_suites: Num,
    #[serde(default)]
    num_runtime_error_test_suites: Num,
    success: Option<bool>,
    test_results: Vec<File>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    #[serde(default)]
    name: String,
    #[serde(default)]
    status: String,
    message: Option<String>,
    #[serde(default)]
    assertion_results: Vec<Assertion>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Assertion {
    #[serde(default)]
    ancestor_titles: Vec<String>,
    title: String,
    status: String,
    failure_messages: Option<Vec<String>>,
    location: Option<Location>,
}

#[derive(Deserialize)]
struct Location {
    #[serde(default)]
    line: Num,
}

fn read(input: &Input<'_>) -> Result<Report, ReadError> {
    let document: Document = json::parse(input.text, input.format, input.limits)?;
    let (mut cases, mut problems) = (Vec::new(), Vec::new());
    for file in &document.test_results {
        input.check_cases(cases.len() + file.assertion_results.len())?;
        problems.extend(file.problem());
        let tests = file.assertion_results.iter();
        cases.extend(tests.map(|test| test.case(&file.name)));
    }
    let failing = cases
        .iter()
        .filter(|case: &&TestCase| case.status.is_bad())
        .count();
    problems.extend(document.unexplained(failing as u64, problems.len(), cases.is_empty()));
    let (counted, listed) = (document.num_total_tests.0.unwrap_or(0), cases.len() as u64);
    if counted > listed {
        problems.push(format!(
            "the report counts {counted} tests but lists {listed}"
        ));
    }
    Ok(input.report(Tool::Vitest, Content::Tests(Tests::new(cases, problems))))
}

impl Document {
    /// A failure in the totals that neither a test nor a file accounts for.
    fn unexplained(&self, failing: u64, problems: usize, no_cases: bool) -> Option<String> {
        let counted = self.num_failed_tests.0.unwrap_or(0);
        if counted > failing {
            return Some(format!(
                "the report counts {counted} failures but shows {failing}"
            ));
        }
        if failing > 0 || problems > 0 || no_cases {
            return None;
        }
        let suites = [
            self.num_failed_test_suites,
            self.num_runtime_error_test_suites,
        ];
        let broken = suites
            .iter()
            .any(|suites| suites.0.is_some_and(|count| count > 0));
        (broken || self.success == Some(false))
            .then(|| "the run failed although no test did".to_owned())
    }
}

impl File {
    /// What kept a file's tests from being run: it did not load, or a hook broke.
    fn problem(&self) -> Option<String> {
        let failing = self
            .assertion_results
            .iter()
            .any(|test| test.status == "failed");
        if self.status != "failed" || failing {
            return None;
        }
        let message = self.message.as_deref().and_then(text::message);
        let message = message.unwrap_or_else(|| "the file failed".to_owned());
        Some(format!(
            "{}: {message}",
            shorten_path(&text::line(&self.name))
        ))
    }
}

impl Assertion {
    fn case(&self, file: &str) -> TestCase {
        let failures = self.failure_messages.as_deref().unwrap_or_default();
        let status = match self.status.as_str() {
            // An earlier try left its message behind.
            "passed" if !failures.is_empty() => TestStatus::Flaky,
            "passed" => TestStatus::Passed,
            "failed" => TestStatus::Failed,
            "skipped" | "pending" | "todo" | "disabled" | "focused" => TestStatus::Skipped,
            // A test still marked as running was cut off.
            _ => TestStatus::Error,
        };
        let short = shorten_path(file);
        let titles = self
            .ancestor_titles
            .iter()
            .filter(|title| !title.is_empty());
        let mut parts: Vec<&str> = vec![&short];
        parts.extend(titles.map(String::as_str));
        parts.push(&self.title);
        let located = self
            .location
            .as_ref()
            .and_then(|place| place.line.position());
        let traced = || {
            failures
                .first()
                .and_then(|trace| text::line_of(file, trace))
        };
        TestCase {
            id: text::line(&parts.join(" > ")),
            name: text::line(&self.title),
            file: (!file.is_empty()).then(|| text::line(file)),
            line: traced().or(located),
            status,
            message: message(failures),
            details: failures
                .first()
                .map(|text| details::of(&[text], text))
                .unwrap_or_default(),
        }
    }
}

/// The first failure without its stack.
fn message(failures: &[String]) -> Option<String> {
    let first = text::plain(failures.first()?);
    let stack = |line: &&str| line.trim_start().starts_with("at ");
    let lines: Vec<&str> = first.lines().filter(|line| !stack(line)).take(40).collect();
    text::message(&lines.join("\n"))
}
