//! Evidence: what the reports of a run said, placed against what the practice expects.

use ci_reports::{Content, Lint, Report, Tests, Tool};
use serde::{Deserialize, Serialize};

use super::{practice::ExpectedReport, trust::Facts};

/// Why an expected report is not there to be graded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "reason", content = "detail")]
pub enum Missing {
    /// No file of that name or kind was uploaded.
    Absent,
    /// The file is there and cannot be read; the reader's own words.
    Unreadable(String),
}

/// One expected report and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Exhibit {
    /// What the practice expects.
    pub expected: ExpectedReport,
    /// What the file said.
    pub outcome: Result<Report, Missing>,
    /// SHA-256 of the file, in hex; empty when it is absent.
    pub digest: String,
}

/// Everything a grade is worked out from.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Evidence {
    /// One exhibit for each expected report, in the order of the practice.
    pub exhibits: Vec<Exhibit>,
    /// What the provider says of the run; nothing is known of a run whose reports came alone.
    pub facts: Facts,
}

impl Evidence {
    /// The reports that could be read, with the side each measures.
    pub fn reports(&self) -> impl Iterator<Item = (&str, &Report)> {
        self.exhibits.iter().filter_map(|exhibit| {
            exhibit
                .outcome
                .as_ref()
                .ok()
                .map(|report| (exhibit.expected.side.as_str(), report))
        })
    }

    /// The test results of a tool, when it reported.
    #[must_use]
    pub fn find_tests(&self, tool: Tool) -> Option<&Tests> {
        self.reports()
            .find_map(|(_, report)| match &report.content {
                Content::Tests(tests) if report.tool == tool => Some(tests),
                _ => None,
            })
    }

    /// What a linter or formatter found, when it reported.
    pub fn lints(&self, tool: Tool) -> impl Iterator<Item = &Lint> {
        self.reports()
            .filter_map(move |(_, report)| match &report.content {
                Content::Lint(lint) if report.tool == tool => Some(lint),
                _ => None,
            })
    }

    /// Line coverage of a side in basis points, when it was measured.
    #[must_use]
    pub fn find_coverage(&self, wanted: &str) -> Option<u32> {
        self.reports()
            .find_map(|(side, report)| match &report.content {
                Content::Coverage(coverage) if side == wanted => coverage
                    .lines
                    .as_ref()
                    .and_then(ci_reports::Ratio::basis_points),
                _ => None,
            })
    }

    /// Whether tests ran, and all of them are green.
    #[must_use]
    pub fn is_green(&self) -> bool {
        let tests = self
            .reports()
            .filter_map(|(_, report)| match &report.content {
                Content::Tests(tests) => Some(tests),
                _ => None,
            });
        let mut tests = tests.peekable();
        tests.peek().is_some() && tests.all(Tests::is_green)
    }

    /// The required reports that are missing.
    pub fn missing(&self) -> impl Iterator<Item = (&ExpectedReport, &Missing)> {
        self.exhibits
            .iter()
            .filter(|exhibit| exhibit.expected.required)
            .filter_map(|exhibit| {
                exhibit
                    .outcome
                    .as_ref()
                    .err()
                    .map(|missing| (&exhibit.expected, missing))
            })
    }
}
