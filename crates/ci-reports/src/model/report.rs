//! One report, and its failures in one shape.

use serde::{Deserialize, Serialize};

use super::{Coverage, Details, Lint, LintFinding, TestCase, Tests, Tool};
use crate::{Format, shorten_path};

/// What one file said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Who wrote it.
    pub tool: Tool,
    /// How it was written.
    pub format: Format,
    /// What it says.
    pub content: Content,
}

/// The three kinds of report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// Results of tests.
    Tests(Tests),
    /// Measured coverage.
    Coverage(Coverage),
    /// Findings of a linter or a formatter.
    Lint(Lint),
}

/// One failure, whatever kind of tool found it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Who found it.
    pub tool: Tool,
    /// A test's id, a rule, or [`Finding::PROBLEM`] for what stopped a whole run. Empty when a
    /// linter names no rule.
    pub id: String,
    /// The tool's words; may be empty.
    pub message: String,
    /// Path from the root of the repository, where the runner's folder is known.
    pub file: Option<String>,
    /// Line from 1.
    pub line: Option<u32>,
    /// What a failed test wanted and got, where its report tells.
    #[serde(flatten)]
    pub details: Details,
}

impl Finding {
    /// The id of a finding that no single test or rule accounts for.
    pub const PROBLEM: &'static str = "problem";
}

impl Report {
    /// Everything that speaks against the work: failed and broken tests, problems of the run,
    /// lint findings. Flaky and skipped tests are no findings, nor is low coverage.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        match &self.content {
            Content::Tests(tests) => {
                let problems = tests.problems.iter().map(|text| self.problem(text));
                let bad = tests.cases.iter().filter(|case| case.status.is_bad());
                problems.chain(bad.map(|case| self.failure(case))).collect()
            }
            Content::Coverage(_) => Vec::new(),
            Content::Lint(lint) => lint.findings.iter().map(|f| self.lint(f)).collect(),
        }
    }

    fn problem(&self, text: &str) -> Finding {
        Finding {
            tool: self.tool,
            id: Finding::PROBLEM.to_owned(),
            message: text.to_owned(),
            file: None,
            line: None,
            details: Details::default(),
        }
    }

    fn failure(&self, case: &TestCase) -> Finding {
        Finding {
            tool: self.tool,
            id: case.id.clone(),
            message: case.message.clone().unwrap_or_default(),
            file: case.file.as_deref().map(shorten_path),
            line: case.line,
            details: case.details.clone(),
        }
    }

    fn lint(&self, finding: &LintFinding) -> Finding {
        Finding {
            tool: self.tool,
            id: finding.rule.clone().unwrap_or_default(),
            message: finding.message.clone(),
            file: finding.file.as_deref().map(shorten_path),
            line: finding.line,
            details: Details::default(),
        }
    }
}
