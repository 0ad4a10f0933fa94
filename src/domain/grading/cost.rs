//! What each finding cost: its share of what its criteria lost.

use ci_reports::{Details, Finding, Report};

use super::{CostedFinding, CriterionScore, bench::Bench, given::Gap};
use crate::domain::score::BasisPoints;

/// Findings whose details the sheet keeps. Of thousands of failures nobody reads every trace, and the
/// reports are stored beside the sheet.
const DETAILED: usize = 300;

/// Findings with their cost, the most expensive first.
pub(super) fn cost_findings(bench: &Bench<'_>, scores: &[CriterionScore]) -> Vec<CostedFinding> {
    let mut findings: Vec<CostedFinding> = bench
        .evidence
        .reports()
        .flat_map(|(_, report)| Report::findings(report))
        .map(plain)
        .chain(told_gaps(bench).map(|gap| CostedFinding {
            tool: gap.test.tool,
            id: gap.test.id.clone(),
            message: String::new(),
            file: None,
            line: None,
            cost_bp: BasisPoints::ZERO,
            details: Details::default(),
            not_run: Some(gap.why),
        }))
        .collect();
    for (criterion, score) in bench.practice.rubric.criteria.iter().zip(scores) {
        let is_its =
            |finding: &CostedFinding| bench.counts(&criterion.measure, finding.tool, &finding.id);
        let count = findings.iter().filter(|finding| is_its(finding)).count() as u64;
        let share = u64::from(score.cost().get()).checked_div(count);
        let share = share
            .and_then(|share| u32::try_from(share).ok())
            .unwrap_or(0);
        for finding in findings.iter_mut().filter(|finding| is_its(finding)) {
            finding.cost_bp = BasisPoints::saturating(finding.cost_bp.get().saturating_add(share));
        }
    }
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.cost_bp));
    for finding in findings.iter_mut().skip(DETAILED) {
        finding.details = Details::default();
    }
    findings
}

/// The gaps worth naming one by one: where no report came or the run broke, that says it all.
fn told_gaps<'a>(bench: &'a Bench<'a>) -> impl Iterator<Item = &'a Gap<'a>> {
    bench.gaps.iter().filter(|gap| {
        let tests = bench.evidence.find_tests(gap.test.tool);
        tests.is_some_and(|tests| tests.problems.is_empty())
    })
}

fn plain(finding: Finding) -> CostedFinding {
    CostedFinding {
        tool: finding.tool,
        id: finding.id,
        message: finding.message,
        file: finding.file,
        line: finding.line,
        cost_bp: BasisPoints::ZERO,
        details: finding.details,
        not_run: None,
    }
}
