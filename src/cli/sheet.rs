//! A grade on the command line: as JSON with stable keys, or as text.

use ci_reports::Tool;
use serde_json::{Map, Value, json};

use crate::{
    domain::grading::{CostedFinding, GradeSheet, ToolSummary},
    view::untrusted::plain,
};

/// Findings that the text names; JSON has them all.
const NAMED: usize = 20;

/// Prints a text.
#[expect(clippy::print_stdout, reason = "the command line's own output")]
pub fn print(text: &str) {
    println!("{text}");
}

/// The sheet as JSON.
pub fn to_json(sheet: &GradeSheet) -> String {
    let pointers: Vec<_> = sheet
        .pointers
        .iter()
        .map(|pointer| json!({ "section": pointer.section, "title": pointer.title, "because": pointer.because }))
        .collect();
    let tools: Map<String, Value> = sheet
        .tools
        .iter()
        .map(|(tool, summary)| (tool.as_str().replace('-', "_"), numbers(*tool, summary)))
        .collect();
    let trust = sheet.trust.as_ref();
    let reasons: Vec<String> = trust
        .into_iter()
        .flat_map(|trust| &trust.reasons)
        .map(ToString::to_string)
        .collect();
    let body = json!({
        "course": sheet.course, "practice": sheet.practice, "score_bp": sheet.score_bp, "grade": sheet.grade,
        "verdict": trust.map(ToString::to_string),
        "trust": { "release": trust.and_then(|trust| trust.release.as_ref()), "reasons": reasons },
        "rubric_version": sheet.rubric_version, "criteria": sheet.criteria, "tools": tools,
        "coverage": sheet.coverage, "findings": sheet.findings, "pointers": pointers, "gates": sheet.gates,
        "missing": sheet.missing,
    });
    format!("{body:#}")
}

/// What a tool counted, in the words of the tool: formatters count files.
fn numbers(tool: Tool, summary: &ToolSummary) -> Value {
    match summary {
        ToolSummary::Lint { findings, .. } if matches!(tool, Tool::RuffFormat | Tool::Prettier) => {
            json!({ "findings": findings, "files": findings })
        }
        _ => json!(summary),
    }
}

/// The sheet as text.
pub fn to_text(sheet: &GradeSheet) -> String {
    let mut lines = vec![format!(
        "{} {}: {} ({})",
        sheet.course, sheet.practice, sheet.grade, sheet.score_bp
    )];
    for criterion in &sheet.criteria {
        lines.push(format!(
            "  {}: {} of its {}",
            criterion.id, criterion.score_bp, criterion.weight_bp
        ));
    }
    for gate in sheet.gates.iter().filter(|gate| !gate.passed) {
        lines.push(format!("  not met: {} (at most {})", gate.id, gate.cap_bp));
    }
    for report in &sheet.missing {
        lines.push(format!("  missing: {}/{}", report.artifact, report.path));
    }
    for (tool, summary) in &sheet.tools {
        lines.push(match summary {
            ToolSummary::Tests { passed, failed, errors, skipped, flaky } => format!(
                "  {tool}: passed {passed}, failed {failed}, errors {errors}, skipped {skipped}, flaky {flaky}"
            ),
            ToolSummary::Lint { findings, .. } => format!("  {tool}: findings {findings}"),
        });
    }
    let named = sheet.findings.iter().take(NAMED);
    lines.extend(named.flat_map(finding));
    let more = sheet.findings.len().saturating_sub(NAMED);
    if more > 0 {
        lines.push(format!("  {more} more findings: --json prints them all"));
    }
    if let Some(trust) = &sheet.trust {
        lines.push(format!("  {trust}"));
        lines.extend(trust.reasons.iter().map(|reason| format!("    {reason}")));
    }
    for pointer in &sheet.pointers {
        lines.push(format!(
            "  read {} ({}), because of {}",
            pointer.section, pointer.title, pointer.because
        ));
    }
    lines.join("\n")
}

/// A finding with what was expected and what came, as lines.
fn finding(finding: &CostedFinding) -> Vec<String> {
    let place = finding.file.as_deref().map(|file| {
        let line = finding.line.map(|line| format!(":{line}"));
        format!(" ({file}{})", line.unwrap_or_default())
    });
    let head = format!(
        "{} {}{}",
        finding.tool,
        finding.id,
        place.unwrap_or_default()
    );
    let first = finding.message.lines().next().unwrap_or_default();
    let mut lines = vec![format!("  {}: {}", plain(&head, 200), plain(first, 200))];
    let details = &finding.details;
    for (what, value) in [("expected", &details.expected), ("got", &details.actual)] {
        if let Some(value) = value {
            lines.push(format!("    {what} {}", plain(value, 200)));
        }
    }
    lines
}
