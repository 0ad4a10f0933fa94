//! Given tests: those that came with the starter must run, once, and not be skipped.

use ci_reports::{TestStatus, Tests, Tool};

use super::NotRun;
use crate::domain::{
    evidence::Evidence,
    practice::PracticeTask,
    trust::{GivenTest, find_release},
};

/// A given test that did not run as it should.
#[derive(Debug, Clone, Copy)]
pub(super) struct Gap<'a> {
    /// The test.
    pub test: &'a GivenTest,
    /// What is wrong.
    pub why: NotRun,
}

/// The tests that came with the release of the run, else with the newest; none without a manifest.
fn given<'a>(practice: &'a PracticeTask, evidence: &Evidence) -> &'a [GivenTest] {
    let release = practice.integrity.as_ref().and_then(|policy| {
        let tree = evidence.facts.tree.as_ref();
        tree.and_then(|tree| find_release(policy, tree))
            .or(policy.manifest.releases.last())
    });
    release.map_or(&[], |release| &release.tests)
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

/// How many given tests runners left out whose own reports are green: nothing else tells of them.
pub(super) fn count_left_out(gaps: &[Gap<'_>], evidence: &Evidence) -> u32 {
    let green = |tool| evidence.find_tests(tool).is_some_and(Tests::is_green);
    let left_out = gaps.iter().filter(|gap| green(gap.test.tool)).count();
    u32::try_from(left_out).unwrap_or(u32::MAX)
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
