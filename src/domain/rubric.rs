//! A rubric: weighted criteria and the gates that cap a grade.

use ci_reports::Tool;
use serde::{Deserialize, Serialize};

use super::{locale::Localized, pattern::Pattern, score::BasisPoints};

/// How a practice is graded.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Rubric {
    /// Version of the rules, raised by the author when they change.
    pub version: u32,
    /// Criteria; their weights sum to 10 000.
    pub criteria: Vec<Criterion>,
    /// Conditions without which a score goes no higher than a cap.
    pub gates: Vec<Gate>,
}

/// One measured quality and its share of the score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Criterion {
    /// Stable id: `back-tests`.
    pub id: String,
    /// What is measured, for members.
    pub title: Localized<String>,
    /// Share of the whole.
    pub weight_bp: BasisPoints,
    /// How it is measured.
    pub measure: Measure,
}

/// How a criterion is measured from reports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Measure {
    /// The share of tests that passed, of all that were not skipped; a given test that did not run
    /// has failed. A missing report is nothing.
    Tests {
        /// Test runners whose cases are counted together.
        tools: Vec<Tool>,
        /// Only the tests whose id it matches; when no test does, the criterion earns nothing.
        ids: Option<Pattern>,
    },
    /// Line coverage of the sides against a level; counts only when all tests are green.
    Coverage {
        /// Sides: `back`, `front`. The lowest counts.
        sides: Vec<String>,
        /// The level that earns everything; below it the score falls in proportion.
        level_bp: BasisPoints,
    },
    /// Clean style: everything, less a cost for each finding that is no smell. A missing required
    /// report is nothing.
    Style {
        /// Linters and formatters.
        tools: Vec<Tool>,
        /// What one finding costs, of this criterion's own score.
        cost_bp: BasisPoints,
    },
    /// Findings of certain rules, which tell of careless design more than of style.
    Smells {
        /// Linters.
        tools: Vec<Tool>,
        /// The rules that are smells.
        rules: Pattern,
        /// What one finding costs, of this criterion's own score.
        cost_bp: BasisPoints,
    },
}

impl Measure {
    /// The tools whose findings the measure counts.
    #[must_use]
    pub fn tools(&self) -> &[Tool] {
        match self {
            Self::Tests { tools, .. } | Self::Style { tools, .. } | Self::Smells { tools, .. } => {
                tools
            }
            Self::Coverage { .. } => &[],
        }
    }
}

/// A condition without which the score goes no higher than a cap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gate {
    /// Stable id: `tests-green`.
    pub id: String,
    /// The condition, for members.
    pub title: Localized<String>,
    /// What must hold.
    pub condition: Condition,
    /// The highest score when it does not hold.
    pub cap_bp: BasisPoints,
}

/// What a gate asks for. Each is checked over the criteria and required reports of the practice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Condition {
    /// Every test runner of the rubric reported, ran at least one test, none failed, and every given
    /// test ran.
    TestsGreen,
    /// Every coverage criterion is at its level.
    CoverageAtLevel,
    /// Every linter and formatter of the rubric reported and found nothing.
    StyleClean,
    /// Every required report was there and could be read.
    ReportsComplete,
    /// No test passed only on a retry.
    NoFlakyTests,
    /// Every linter of the smells criteria reported and found none.
    NoSmells,
    /// Every test that came with the starter ran, once, and was not skipped.
    GivenTestsRan,
}
