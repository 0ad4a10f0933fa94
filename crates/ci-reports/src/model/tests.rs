//! Test results.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

/// What a test runner said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tests {
    /// How many tests ended how; always the sum over `cases`.
    pub counts: TestCounts,
    /// One item a test, in the report's order.
    pub cases: Vec<TestCase>,
    /// What stopped the run outside any test: a broken configuration, a file that failed to
    /// load, a crashed worker, nothing collected.
    pub problems: Vec<String>,
}

/// How many tests ended how. A test is counted once, however often it was tried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestCounts {
    /// Passed; without the flaky ones.
    pub passed: u32,
    /// An assertion did not hold.
    pub failed: u32,
    /// Broke outside the test's own assertions: setup, teardown, collection.
    pub errors: u32,
    /// Not run, or expected to fail and failed.
    pub skipped: u32,
    /// Failed first and passed on a retry, where the report tells. pytest-rerunfailures does
    /// not: such a test is among `passed`.
    pub flaky: u32,
}

/// One test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestCase {
    /// Stable name across runs: `tests.test_a.TestB::test_c` for pytest and other `JUnit`
    /// writers, `src/a.test.ts > suite > name` for Vitest,
    /// `[chromium] › e2e/a.spec.js › suite › name` for Playwright.
    pub id: String,
    /// The test's own name, without file and class.
    pub name: String,
    /// The file as the tool wrote it; may be an absolute path of the runner.
    pub file: Option<String>,
    /// Line in that file, from 1.
    pub line: Option<u32>,
    /// How it ended.
    pub status: TestStatus,
    /// First useful lines of the failure or the reason of a skip: plain text, at most 2 000
    /// characters.
    pub message: Option<String>,
    /// What is known of a failure beside its message.
    #[serde(flatten)]
    pub details: Details,
}

/// What a failed assertion compared, and where it stood.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// What the test wanted: a value, or a relation such as `>= 2`. Plain, at most 500
    /// characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// What the code gave instead; as long.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actual: Option<String>,
    /// The tool's own text with its stack: plain, its middle left out past 4 000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace: Option<String>,
}

/// Tests that did not run for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotRun<'a> {
    /// The reason as the report gives it.
    pub reason: Option<&'a str>,
    /// The tests' ids in the report's order.
    pub ids: Vec<&'a str>,
}

/// How one test ended, from harmless to bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TestStatus {
    /// Passed at the first try, or at a later one that the report does not tell apart.
    Passed,
    /// Failed and then passed on a retry.
    Flaky,
    /// Did not run, or failed as it was marked to.
    Skipped,
    /// An assertion did not hold.
    Failed,
    /// Broke outside its own assertions.
    Error,
}

impl TestStatus {
    /// Whether the test counts against the run.
    #[must_use]
    pub const fn is_bad(self) -> bool {
        matches!(self, Self::Failed | Self::Error)
    }
}

impl TestCounts {
    /// All tests, the skipped ones too.
    #[must_use]
    pub const fn total(&self) -> u32 {
        self.passed
            .saturating_add(self.failed)
            .saturating_add(self.errors)
            .saturating_add(self.skipped)
            .saturating_add(self.flaky)
    }

    fn count(&mut self, status: TestStatus) {
        let slot = match status {
            TestStatus::Passed => &mut self.passed,
            TestStatus::Flaky => &mut self.flaky,
            TestStatus::Skipped => &mut self.skipped,
            TestStatus::Failed => &mut self.failed,
            TestStatus::Error => &mut self.errors,
        };
        *slot = slot.saturating_add(1);
    }
}

impl Tests {
    /// The problem of a run in which no test ran.
    pub const NONE_RAN: &'static str = "no tests ran";

    /// Counts the cases; with none at all and no other problem, "no tests ran" is the problem.
    pub(crate) fn new(cases: Vec<TestCase>, mut problems: Vec<String>) -> Self {
        let mut counts = TestCounts::default();
        for case in &cases {
            counts.count(case.status);
        }
        if cases.is_empty() && problems.is_empty() {
            problems.push(Self::NONE_RAN.to_owned());
        }
        Self {
            counts,
            cases,
            problems,
        }
    }

    /// The skipped tests by their reasons, in the order in which the reasons appear. Tests that
    /// failed as they were marked to are among them.
    #[must_use]
    pub fn not_run(&self) -> Vec<NotRun<'_>> {
        let mut reasons = Vec::<NotRun<'_>>::new();
        let mut places = HashMap::new();
        let skipped = self
            .cases
            .iter()
            .filter(|case| case.status == TestStatus::Skipped);
        for case in skipped {
            let reason = case.message.as_deref();
            let place = *places.entry(reason).or_insert(reasons.len());
            match reasons.get_mut(place) {
                Some(known) => known.ids.push(&case.id),
                None => reasons.push(NotRun {
                    reason,
                    ids: vec![&case.id],
                }),
            }
        }
        reasons
    }

    /// Whether at least one test ran, none failed or broke, and nothing stopped the run.
    #[must_use]
    pub fn is_green(&self) -> bool {
        let counts = &self.counts;
        counts.passed.saturating_add(counts.flaky) > 0
            && counts.failed == 0
            && counts.errors == 0
            && self.problems.is_empty()
    }
}

impl TestCase {
    /// Whether `wanted` names this test: the whole id, or its end after a folder's slash.
    ///
    /// Vitest's JSON names files from the root of the checkout and its `JUnit` file from the
    /// package, so `tests/a.test.js > x` is the end of `front/tests/a.test.js > x`.
    #[must_use]
    pub fn is_named(&self, wanted: &str) -> bool {
        let Some(before) = self.id.strip_suffix(wanted) else {
            return false;
        };
        !wanted.is_empty() && (before.is_empty() || before.ends_with('/'))
    }
}
