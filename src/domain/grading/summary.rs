//! What each tool said, in numbers.

use std::collections::BTreeMap;

use ci_reports::{Content, Severity, Tool};

use super::{CoverageSummary, ToolSummary};
use crate::domain::{evidence::Evidence, practice::PracticeTask};

/// What each tool said; several reports of a linter are added up.
pub(super) fn summarise_tools(evidence: &Evidence) -> BTreeMap<Tool, ToolSummary> {
    let mut tools = BTreeMap::new();
    for (_, report) in evidence.reports() {
        match &report.content {
            Content::Tests(tests) => {
                let c = &tests.counts;
                // Vitest's own total counts a test that passed on a retry as passed; the others do not.
                let retried = if report.tool == Tool::Vitest {
                    c.flaky
                } else {
                    0
                };
                tools.insert(
                    report.tool,
                    ToolSummary::Tests {
                        passed: c.passed + retried,
                        failed: c.failed,
                        errors: c.errors,
                        skipped: c.skipped,
                        flaky: c.flaky,
                    },
                );
            }
            Content::Lint(_) => {
                let found = |severity: Option<Severity>| {
                    evidence
                        .lints(report.tool)
                        .map(|lint| {
                            severity.map_or(lint.findings.len(), |one| lint.count(one)) as u64
                        })
                        .sum()
                };
                tools.insert(
                    report.tool,
                    ToolSummary::Lint {
                        findings: found(None),
                        errors: found(Some(Severity::Error)),
                        warnings: found(Some(Severity::Warning)),
                    },
                );
            }
            Content::Coverage(_) => {}
        }
    }
    tools
}

/// Line coverage of each side of the practice that was measured.
pub(super) fn summarise_coverage(
    practice: &PracticeTask,
    evidence: &Evidence,
) -> BTreeMap<String, CoverageSummary> {
    let sides = practice
        .reports
        .iter()
        .map(|expected| expected.side.clone());
    sides
        .filter_map(|side| {
            let lines_bp = evidence.find_coverage(&side)?;
            Some((side, CoverageSummary { lines_bp }))
        })
        .collect()
}
