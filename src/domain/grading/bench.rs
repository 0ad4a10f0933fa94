//! The bench: one practice and its evidence, measured by the criteria and gates of the rubric.

use ci_reports::{Finding, LintFinding, Tests, Tool};

use super::{
    CriterionScore, GateResult,
    given::{Gap, find_gaps},
};
use crate::domain::{
    evidence::Evidence,
    pattern::Pattern,
    practice::PracticeTask,
    rubric::{Condition, Criterion, Gate, Measure},
    score::BasisPoints,
};

/// A practice and its evidence.
pub(super) struct Bench<'a> {
    pub practice: &'a PracticeTask,
    pub evidence: &'a Evidence,
    /// Given tests that did not run as they should; each counts as failed.
    pub gaps: Vec<Gap<'a>>,
}

impl<'a> Bench<'a> {
    pub fn new(practice: &'a PracticeTask, evidence: &'a Evidence) -> Self {
        Self {
            practice,
            evidence,
            gaps: find_gaps(practice, evidence),
        }
    }

    pub fn score(&self, criterion: &Criterion) -> CriterionScore {
        let score_bp = match &criterion.measure {
            Measure::Tests { tools, ids } => self.score_tests(tools, ids.as_ref()),
            Measure::Coverage { sides, level_bp } => self.score_coverage(sides, *level_bp),
            Measure::Style { tools, cost_bp } | Measure::Smells { tools, cost_bp, .. } => {
                self.score_lint(&criterion.measure, tools, *cost_bp)
            }
        };
        CriterionScore {
            id: criterion.id.clone(),
            weight_bp: criterion.weight_bp,
            score_bp,
        }
    }

    /// Tests that passed among those that ran; a run that broke outside its tests earns nothing.
    fn score_tests(&self, tools: &[Tool], ids: Option<&Pattern>) -> BasisPoints {
        let is_meant = |id: &str| ids.is_none_or(|ids| ids.is_match(id));
        let (mut good, mut ran) = (0_u64, 0_u64);
        for tool in tools {
            let Some(tests) = self
                .evidence
                .find_tests(*tool)
                .filter(|tests| tests.problems.is_empty())
            else {
                return BasisPoints::ZERO;
            };
            for case in tests.cases.iter().filter(|case| is_meant(&case.id)) {
                use ci_reports::TestStatus::{Error, Failed, Flaky, Passed, Skipped};
                match case.status {
                    Passed | Flaky => (good, ran) = (good + 1, ran + 1),
                    Failed | Error => ran += 1,
                    Skipped => {}
                }
            }
            let gaps = self.gaps.iter().filter(|gap| gap.test.tool == *tool);
            ran += gaps.filter(|gap| is_meant(&gap.test.id)).count() as u64;
        }
        BasisPoints::of(good, ran)
    }

    fn score_coverage(&self, sides: &[String], level: BasisPoints) -> BasisPoints {
        if !self.tests_are_green(Some(sides)) {
            return BasisPoints::ZERO;
        }
        let lowest = sides
            .iter()
            .map(|side| self.evidence.find_coverage(side).unwrap_or(0))
            .min();
        BasisPoints::of(lowest.unwrap_or(0).into(), level.get().into())
    }

    fn score_lint(&self, measure: &Measure, tools: &[Tool], cost: BasisPoints) -> BasisPoints {
        let mut found = 0_u64;
        for tool in tools {
            let mut lints = self.evidence.lints(*tool).peekable();
            if lints.peek().is_none() && self.is_required(*tool) {
                return BasisPoints::ZERO;
            }
            let is_its = |finding: &&LintFinding| {
                self.counts(measure, *tool, finding.rule.as_deref().unwrap_or_default())
            };
            found += lints.flat_map(|lint| &lint.findings).filter(is_its).count() as u64;
        }
        let lost = found.saturating_mul(cost.get().into());
        BasisPoints::FULL.minus(BasisPoints::saturating(
            u32::try_from(lost).unwrap_or(u32::MAX),
        ))
    }

    fn is_required(&self, tool: Tool) -> bool {
        self.evidence
            .exhibits
            .iter()
            .any(|exhibit| exhibit.expected.required && exhibit.expected.tool() == Some(tool))
    }

    /// Whether a measure counts a finding of this tool and id.
    pub fn counts(&self, measure: &Measure, tool: Tool, id: &str) -> bool {
        measure.tools().contains(&tool)
            && match measure {
                // What stopped a whole run took the points of every criterion of its tests.
                Measure::Tests { ids, .. } => ids
                    .as_ref()
                    .is_none_or(|ids| id == Finding::PROBLEM || ids.is_match(id)),
                Measure::Smells { rules, .. } => rules.is_match(id),
                Measure::Style { .. } => !self.is_smell(tool, id),
                Measure::Coverage { .. } => false,
            }
    }

    fn is_smell(&self, tool: Tool, rule: &str) -> bool {
        self.practice.rubric.criteria.iter().any(|criterion| {
            matches!(&criterion.measure, Measure::Smells { tools, rules, .. }
                if tools.contains(&tool) && rules.is_match(rule))
        })
    }

    pub fn try_gate(&self, gate: &Gate) -> GateResult {
        let passed = match gate.condition {
            Condition::TestsGreen => self.tests_are_green(None),
            Condition::CoverageAtLevel => self.are_full(|m| matches!(m, Measure::Coverage { .. })),
            Condition::StyleClean => self.are_full(|m| matches!(m, Measure::Style { .. })),
            Condition::NoSmells => self.are_full(|m| matches!(m, Measure::Smells { .. })),
            Condition::ReportsComplete => self.evidence.missing().next().is_none(),
            Condition::NoFlakyTests => self.test_tools(None).all(|tool| {
                self.evidence
                    .find_tests(tool)
                    .is_none_or(|t| t.counts.flaky == 0)
            }),
            Condition::GivenTestsRan => self.gaps.is_empty(),
        };
        GateResult {
            id: gate.id.clone(),
            passed,
            cap_bp: gate.cap_bp,
        }
    }

    /// Whether every criterion of a kind has its full score.
    fn are_full(&self, of_kind: impl Fn(&Measure) -> bool) -> bool {
        self.practice
            .rubric
            .criteria
            .iter()
            .filter(|criterion| of_kind(&criterion.measure))
            .all(|criterion| self.score(criterion).score_bp == BasisPoints::FULL)
    }

    /// Whether the test runners (of these sides only, when given) all reported and are green, and no
    /// given test of theirs stayed away.
    fn tests_are_green(&self, sides: Option<&[String]>) -> bool {
        self.test_tools(sides).all(|tool| {
            let green = self.evidence.find_tests(tool).is_some_and(Tests::is_green);
            green && !self.gaps.iter().any(|gap| gap.test.tool == tool)
        })
    }

    fn test_tools(&self, sides: Option<&[String]>) -> impl Iterator<Item = Tool> {
        let of_side = move |tool: Tool| {
            sides.is_none_or(|sides| {
                self.practice
                    .reports
                    .iter()
                    .any(|expected| expected.tool() == Some(tool) && sides.contains(&expected.side))
            })
        };
        self.practice
            .rubric
            .criteria
            .iter()
            .filter(|criterion| matches!(criterion.measure, Measure::Tests { .. }))
            .flat_map(|criterion| criterion.measure.tools())
            .copied()
            .filter(move |tool| of_side(*tool))
    }
}
