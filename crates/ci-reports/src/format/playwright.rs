//! Playwright's JSON reporter.

use serde::Deserialize;

use crate::format::{Input, Reader, ends};
use crate::json::Num;
use crate::{
    Content, Details, ReadError, Report, TestCase, TestStatus, Tests, Tool, details, json, text,
};

pub(super) const READER: Reader = Reader {
    claims: |sample| sample.shape.has_keys(&["suites", "stats"]),
    hinted: |name| ends(name, ".json") && name.contains("playwright"),
    read,
};

#[derive(Deserialize)]
struct Document {
    #[serde(default)]
    config: Config,
    suites: Vec<Suite>,
    #[serde(default)]
    errors: Vec<Failure>,
    stats: Stats,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Config {
    config_file: Option<String>,
    root_dir: Option<String>,
}

#[derive(Deserialize)]
struct Suite {
    #[serde(default)]
    title: String,
    #[serde(default)]
    specs: Vec<Spec>,
    #[serde(default)]
    suites: Vec<Suite>,
}

#[derive(Deserialize)]
struct Spec {
    title: String,
    #[serde(default)]
    file: String,
    #[serde(default)]
    line: Num,
    #[serde(default)]
    tests: Vec<Test>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Test {
    status: String,
    #[serde(default)]
    expected_status: String,
    #[serde(default)]
    project_name: String,
    #[serde(default)]
    results: Vec<Try>,
    #[serde(default)]
    annotations: Vec<Annotation>,
}

#[derive(Deserialize)]
struct Try {
    status: Option<String>,
    error: Option<Failure>,
    #[serde(default)]
    errors: Vec<Failure>,
}

#[derive(Deserialize)]
struct Failure {
    message: Option<String>,
    value: Option<String>,
    stack: Option<String>,
}

#[derive(Deserialize)]
struct Annotation {
    #[serde(default, rename = "type")]
    kind: String,
    description: Option<String>,
}

#[derive(Deserialize)]
struct Stats {
    #[serde(default)]
    expected: Num,
    #[serde(default)]
    unexpected: Num,
    #[serde(default)]
    flaky: Num,
    #[serde(default)]
    skipped: Num,
}

fn read(input: &Input<'_>) -> Result<Report, ReadError> {
    let document: Document = json::parse(input.text, input.format, input.limits)?;
    let mut collector = Collector {
        input,
        folder: folder(&document.config),
        root: document.config.root_dir.clone().unwrap_or_default(),
        cases: Vec::new(),
        interrupted: 0,
        embellished: 0,
    };
    for suite in &document.suites {
        // The outermost title is the file, which every spec names itself.
        collector.suite(suite, &mut Vec::new())?;
    }
    let mut problems: Vec<String> = document.errors.iter().filter_map(Failure::text).collect();
    if collector.interrupted > 0 {
        problems.push(format!("{} tests were interrupted", collector.interrupted));
    }
    if collector.embellished > 0 {
        problems.push(format!(
            "{} tests are said to have ended better than their tries",
            collector.embellished
        ));
    }
    let tests = Tests::new(collector.cases, problems);
    Ok(input.report(
        Tool::Playwright,
        Content::Tests(checked(tests, &document.stats)),
    ))
}

/// The totals may not be more than what is listed: then something was cut out.
fn checked(mut tests: Tests, stats: &Stats) -> Tests {
    let count = |total: Num| total.0.unwrap_or(0);
    let each = [stats.expected, stats.unexpected, stats.flaky, stats.skipped];
    let all = each.into_iter().map(count).fold(0, u64::saturating_add);
    for (counted, listed, what) in [
        (count(stats.unexpected), tests.counts.failed, "failures"),
        (count(stats.flaky), tests.counts.flaky, "flaky tests"),
        (all, tests.counts.total(), "tests"),
    ] {
        if counted > u64::from(listed) {
            tests.problems.push(format!(
                "the report counts {counted} {what} but shows {listed}"
            ));
        }
    }
    tests
}

/// Where the tests lie, as seen from the configuration file: `e2e/`.
fn folder(config: &Config) -> String {
    let (Some(file), Some(root)) = (&config.config_file, &config.root_dir) else {
        return String::new();
    };
    let (file, root) = (file.replace('\\', "/"), root.replace('\\', "/"));
    let home = file.rsplit_once('/').map_or("", |(home, _)| home);
    match root
        .strip_prefix(home)
        .and_then(|rest| rest.strip_prefix('/'))
    {
        Some(below) if !below.is_empty() => format!("{below}/"),
        _ => String::new(),
    }
}

struct Collector<'i, 't> {
    input: &'i Input<'t>,
    folder: String,
    root: String,
    cases: Vec<TestCase>,
    interrupted: usize,
    /// Tests whose own status is better than what their tries show.
    embellished: usize,
}

impl Collector<'_, '_> {
    /// Recursion ends with the depth that JSON is read to.
    fn suite<'s>(&mut self, suite: &'s Suite, above: &mut Vec<&'s str>) -> Result<(), ReadError> {
        for spec in &suite.specs {
            for test in &spec.tests {
                self.input.check_cases(self.cases.len() + 1)?;
                let case = self.case(spec, test, above);
                self.cases.push(case);
                let last = test.results.last().and_then(|last| last.status.as_deref());
                self.interrupted += usize::from(last == Some("interrupted"));
                self.embellished += usize::from(test.declared() < test.tried());
            }
        }
        for inner in &suite.suites {
            above.push(&inner.title);
            self.suite(inner, above)?;
            above.pop();
        }
        Ok(())
    }

    fn case(&self, spec: &Spec, test: &Test, above: &[&str]) -> TestCase {
        let project = (!test.project_name.is_empty()).then(|| format!("[{}]", test.project_name));
        let file = format!("{}{}", self.folder, spec.file);
        let titles = above.iter().copied().filter(|title| !title.is_empty());
        let mut parts: Vec<&str> = project.as_deref().into_iter().collect();
        parts.push(&file);
        parts.extend(titles);
        parts.push(&spec.title);
        let status = test.outcome();
        TestCase {
            id: text::line(&parts.join(" › ")),
            name: text::line(&spec.title),
            file: self.path(&spec.file),
            line: spec.line.position(),
            status,
            message: test.message(status),
            details: test.details(),
        }
    }

    fn path(&self, file: &str) -> Option<String> {
        if file.is_empty() {
            return None;
        }
        if self.root.is_empty() || file.starts_with('/') {
            return Some(text::line(file));
        }
        Some(text::line(&format!("{}/{file}", self.root)))
    }
}

/// The reason of a test that was to run and did not.
const NOT_REACHED: &str = "did not run";

impl Test {
    /// The worse of what the test is said to be and what its tries were.
    fn outcome(&self) -> TestStatus {
        self.declared().max(self.tried())
    }

    /// What Playwright makes of the tries.
    fn tried(&self) -> TestStatus {
        let wanted = match self.expected_status.as_str() {
            "" => "passed",
            wanted => wanted,
        };
        let (mut good, mut bad, mut skips) = (false, false, false);
        for status in self
            .results
            .iter()
            .filter_map(|tried| tried.status.as_deref())
        {
            match status {
                "interrupted" => {}
                "skipped" => skips |= wanted == "skipped",
                status if status == wanted => good = true,
                _ => bad = true,
            }
        }
        match (good, bad) {
            (false, false) => TestStatus::Skipped,
            (true, false) => TestStatus::Passed,
            (false, true) if !skips => TestStatus::Failed,
            (_, true) => TestStatus::Flaky,
        }
    }

    fn declared(&self) -> TestStatus {
        match self.status.as_str() {
            "expected" => TestStatus::Passed,
            "flaky" => TestStatus::Flaky,
            "skipped" => TestStatus::Skipped,
            _ => TestStatus::Failed,
        }
    }

    fn message(&self, status: TestStatus) -> Option<String> {
        match status {
            TestStatus::Passed => None,
            TestStatus::Skipped => {
                let mut marks = self.annotations.iter();
                let mark = marks.find(|mark| matches!(mark.kind.as_str(), "skip" | "fixme"));
                let reason = mark.and_then(|mark| text::message(mark.description.as_deref()?));
                // Nobody asked to skip it: an earlier test of a series failed, or too many did.
                let cut_off = mark.is_none() && self.expected_status == "passed";
                reason.or_else(|| cut_off.then(|| NOT_REACHED.to_owned()))
            }
            TestStatus::Flaky | TestStatus::Failed | TestStatus::Error => {
                self.results.iter().find_map(Try::text)
            }
        }
    }
}

impl Test {
    fn details(&self) -> Details {
        let failures = self.results.iter().find_map(Try::failure);
        failures.map_or_else(Details::default, |failure| {
            let message = failure.message.as_deref().unwrap_or_default();
            details::of(&[message], failure.stack.as_deref().unwrap_or(message))
        })
    }
}

impl Try {
    fn failure(&self) -> Option<&Failure> {
        self.error.as_ref().or(self.errors.first())
    }

    fn text(&self) -> Option<String> {
        if let Some(text) = self.error.as_ref().and_then(Failure::text) {
            return Some(text);
        }
        if let Some(text) = self.errors.iter().find_map(Failure::text) {
            return Some(text);
        }
        // A test that was to fail and did not, or a timeout without words.
        let status = self.status.as_deref().unwrap_or_default();
        (status != "skipped").then(|| text::message(&format!("the test ended as {status}")))?
    }
}

impl Failure {
    fn text(&self) -> Option<String> {
        text::message(self.message.as_deref().or(self.value.as_deref())?)
    }
}
