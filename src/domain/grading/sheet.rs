//! The sheet: everything a grade says and why.

use std::collections::BTreeMap;

use ci_reports::{Details, Tool};
use serde::{Deserialize, Serialize};

use crate::domain::{evidence::Missing, lateness::Lateness, score::BasisPoints, trust::Verdict};

/// The whole answer to a submission. It is stored as it is, so fields are only ever added.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GradeSheet {
    /// Id of the course.
    pub course: String,
    /// Id of the practice.
    pub practice: String,
    /// Version of the rubric that was applied.
    pub rubric_version: u32,
    /// The score, after lateness and the gates.
    pub score_bp: BasisPoints,
    /// The letter.
    pub grade: String,
    /// Criteria in the order of the rubric.
    pub criteria: Vec<CriterionScore>,
    /// What each tool said.
    pub tools: BTreeMap<Tool, ToolSummary>,
    /// Line coverage by side.
    pub coverage: BTreeMap<String, CoverageSummary>,
    /// Findings, the most expensive first.
    pub findings: Vec<CostedFinding>,
    /// Sections to read again, the most expensive first, each once.
    pub pointers: Vec<Pointer>,
    /// Gates in the order of the rubric.
    pub gates: Vec<GateResult>,
    /// Required reports that were missing or unreadable.
    pub missing: Vec<MissingReport>,
    /// How far the reports can be trusted; grades from before this was judged have none.
    #[serde(default)]
    pub trust: Option<Verdict>,
    /// When the run was made and due, and what lateness took; nothing where no due time was known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late: Option<Lateness>,
    /// Set when an instructor set the grade.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<Review>,
}

/// An instructor's decision about a grade.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// Discord id of the instructor.
    pub author: i64,
    /// Why, in their words.
    pub reason: String,
}

/// The score of one criterion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CriterionScore {
    /// Id of the criterion.
    pub id: String,
    /// Its share of the whole.
    pub weight_bp: BasisPoints,
    /// Its own score, of 10 000.
    pub score_bp: BasisPoints,
}

impl CriterionScore {
    /// What the criterion took from the whole.
    #[must_use]
    pub fn cost(&self) -> BasisPoints {
        self.weight_bp.minus(self.weight_bp.times(self.score_bp))
    }
}

/// What one tool said, in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ToolSummary {
    /// A test runner.
    Tests {
        /// Passed, without those that passed only on a retry where the runner tells them apart.
        passed: u32,
        /// Failed.
        failed: u32,
        /// Broke outside the test's own checks.
        errors: u32,
        /// Skipped.
        skipped: u32,
        /// Passed only on a retry.
        flaky: u32,
    },
    /// A linter or formatter.
    Lint {
        /// How many things it found.
        findings: u64,
        /// Those it calls errors.
        #[serde(default)]
        errors: u64,
        /// Those it calls warnings.
        #[serde(default)]
        warnings: u64,
    },
}

/// Coverage of one side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoverageSummary {
    /// Line coverage.
    pub lines_bp: u32,
}

/// A finding and what it cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CostedFinding {
    /// The tool that made it.
    pub tool: Tool,
    /// The test or the rule.
    pub id: String,
    /// What the tool said.
    pub message: String,
    /// File, shortened to a path inside the repository.
    pub file: Option<String>,
    /// Line, from 1.
    pub line: Option<u32>,
    /// Its share of what its criteria lost.
    pub cost_bp: BasisPoints,
    /// What a failed test wanted and got, and its trace, where the report tells; kept of the most
    /// expensive findings only. Sheets from before this was kept have none.
    #[serde(flatten)]
    pub details: Details,
    /// Set for a given test that did not run as it should; such a finding has no message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_run: Option<NotRun>,
}

/// Why a given test counts as failed though no report says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotRun {
    /// The report does not name it: it was deleted, renamed or left out of the run.
    Missing,
    /// It was skipped.
    Skipped,
    /// The report names it more than once, so one result may hide another.
    Repeated,
}

/// A section to read again, and the finding that points there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pointer {
    /// Anchor of the section.
    pub section: String,
    /// Title of the section in the course's own language.
    pub title: String,
    /// Id of the finding that points there.
    pub because: String,
    /// Position of the rule among the course's remediation rules, for its advice.
    pub rule: usize,
}

/// Whether a gate's condition held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GateResult {
    /// Id of the gate.
    pub id: String,
    /// Whether its condition held.
    pub passed: bool,
    /// The highest score while it does not.
    pub cap_bp: BasisPoints,
}

/// A required report that could not be graded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissingReport {
    /// Name of the artifact.
    pub artifact: String,
    /// Path inside the artifact.
    pub path: String,
    /// Why.
    pub why: Missing,
}
