//! Grading: evidence and rubric in, a sheet with score, grade, costs and pointers out.

mod bench;
mod cost;
mod given;
mod point;
#[cfg(test)]
mod properties;
mod rules;
mod settle;
mod sheet;
mod summary;
#[cfg(test)]
mod tests;

pub use rules::Rules;
pub use sheet::{
    CostedFinding, CoverageSummary, CriterionScore, GateResult, GradeSheet, MissingReport, NotRun,
    Pointer, Review, ToolSummary,
};

use bench::Bench;
use cost::cost_findings;
use given::count_left_out;
use point::point;
pub use point::point_steps;
use summary::{summarise_coverage, summarise_tools};

use super::{evidence::Evidence, score::BasisPoints, trust::judge};

/// Grades a practice: a pure function of the rules and the evidence. When the practice is due,
/// [`GradeSheet::settle_late`] adds what lateness takes.
#[must_use]
pub fn grade(rules: &Rules, evidence: &Evidence) -> GradeSheet {
    let practice = &rules.practice;
    let bench = Bench::new(practice, evidence);
    let criteria: Vec<CriterionScore> = practice
        .rubric
        .criteria
        .iter()
        .map(|c| bench.score(c))
        .collect();
    let gates: Vec<GateResult> = practice
        .rubric
        .gates
        .iter()
        .map(|gate| bench.try_gate(gate))
        .collect();
    let findings = cost_findings(&bench, &criteria);
    let mut sheet = GradeSheet {
        course: rules.course.clone(),
        practice: practice.id.clone(),
        rubric_version: practice.rubric.version,
        score_bp: BasisPoints::ZERO,
        grade: String::new(),
        tools: summarise_tools(evidence),
        coverage: summarise_coverage(practice, evidence),
        pointers: point(rules, &findings),
        trust: Some(judge(
            practice.integrity.as_ref(),
            &evidence.facts,
            count_left_out(&bench.gaps, evidence),
        )),
        late: None,
        review: None,
        criteria,
        findings,
        gates,
        missing: evidence
            .missing()
            .map(|(expected, why)| MissingReport {
                artifact: expected.artifact.clone(),
                path: expected.path.clone(),
                why: why.clone(),
            })
            .collect(),
    };
    let earned = sheet.earned();
    sheet.settle(&rules.bands, earned);
    sheet
}
