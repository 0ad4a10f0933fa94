//! What each tool counted.

use crate::{
    domain::{
        grading::{GradeSheet, ToolSummary},
        locale::Locale,
        score::BasisPoints,
    },
    text,
    view::{
        limits::{self, cut},
        message::Field,
    },
};

/// Signs of all of it.
const MOST: usize = 800;

/// What each tool counted; tools with nothing to say share one line.
pub(super) fn numbers(sheet: &GradeSheet, locale: Locale) -> Field {
    let mut lines = Vec::new();
    let mut clean = Vec::new();
    for (tool, summary) in &sheet.tools {
        let tool = tool.to_string();
        match summary {
            ToolSummary::Lint { findings: 0, .. } => clean.push(tool),
            ToolSummary::Lint { findings, .. } => {
                lines.push(text!(
                    locale,
                    "grade-lint",
                    tool = tool,
                    findings = *findings
                ));
            }
            ToolSummary::Tests {
                passed,
                failed,
                errors,
                skipped,
                flaky,
            } => {
                let mut parts = vec![text!(locale, "grade-tests", tool = tool, passed = *passed)];
                let more = |count: u32, words: String| (count > 0).then_some(words);
                parts.extend(more(
                    *failed,
                    text!(locale, "grade-failed", count = *failed),
                ));
                parts.extend(more(
                    *errors,
                    text!(locale, "grade-errors", count = *errors),
                ));
                parts.extend(more(
                    *skipped,
                    text!(locale, "grade-skipped", count = *skipped),
                ));
                parts.extend(more(*flaky, text!(locale, "grade-flaky", flaky = *flaky)));
                lines.push(parts.join(", "));
            }
        }
    }
    if !clean.is_empty() {
        lines.push(text!(locale, "grade-clean", tools = clean.join(", ")));
    }
    lines.extend(sheet.coverage.iter().map(|(side, coverage)| {
        let percent = BasisPoints::saturating(coverage.lines_bp).percent();
        text!(
            locale,
            "grade-coverage",
            side = side.as_str(),
            percent = percent
        )
    }));
    let value = if lines.is_empty() {
        "—".to_owned()
    } else {
        cut(&lines.join("\n"), MOST.min(limits::FIELD))
    };
    Field {
        name: text!(locale, "grade-numbers"),
        value,
        inline: false,
    }
}
