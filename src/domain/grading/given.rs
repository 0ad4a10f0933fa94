//! Given tests: those that came with the starter must run, once, and not be skipped.

use ci_reports::{TestStatus, Tool};

use super::NotRun;
use crate::domain::{evidence::Evidence, practice::PracticeTask, trust::GivenTest};

/// A given test that did not run as it should.
#[derive(Debug, Clone, Copy)]
pub(super) struct Gap<'a> {
    /// The test.
    pub test: &'a GivenTest,
    /// What is wrong.
    pub why: NotRun,
}

/// The tests that came with the release of the run; none when the practice has no manifest.
pub(super) fn given<'a>(practice: &'a PracticeTask, evidence: &Evidence) -> &'a [GivenTest] {
    practice
        .integrity
        .as_ref()
        .and_then(|policy| policy.manifest.release(evidence.release.as_deref()))
        .map_or(&[], |release| &release.tests)
}

/// The given tests that did not run as they should, in the order of the manifest.
pub(super) fn find_gaps<'a>(practice: &'a PracticeTask, evidence: &Evidence) -> Vec<Gap<'a>> {
    given(practice, evidence)
        .iter()
        .filter_map(|test| {
            let why = fault(evidence, test.tool, &test.id)?;
            Some(Gap { test, why })
        })
        .collect()
}

fn fault(evidence: &Evidence, tool: Tool, id: &str) -> Option<NotRun> {
    let cases = evidence
        .find_tests(tool)
        .map_or(&[][..], |tests| &tests.cases);
    let mut named = cases.iter().filter(|case| case.is_named(id));
    match (named.next(), named.next()) {
        (None, _) => Some(NotRun::Missing),
        (Some(_), Some(_)) => Some(NotRun::Repeated),
        (Some(case), None) => (case.status == TestStatus::Skipped).then_some(NotRun::Skipped),
    }
}
