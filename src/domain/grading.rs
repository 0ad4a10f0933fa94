//! Grading: evidence and rubric in, a sheet with score, grade, costs and pointers out.

use std::collections::BTreeMap;

use ci_reports::{Content, Finding, Tool};
use serde::{Deserialize, Serialize};

use super::{
    course::Course,
    evidence::{Evidence, Missing},
    practice::PracticeTask,
    rubric::{Condition, Criterion, Gate, Measure},
    score::BasisPoints,
};

/// The whole answer to a submission. It is stored as it is, so fields are only ever added.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GradeSheet {
    /// Id of the course.
    pub course: String,
    /// Id of the practice.
    pub practice: String,
    /// Version of the rubric that was applied.
    pub rubric_version: u32,
    /// The score, after the gates.
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
    /// Its share of what its criterion lost.
    pub cost_bp: BasisPoints,
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

/// Grades a practice: a pure function of the evidence, the rubric and the course's rules.
#[must_use]
pub fn grade(course: &Course, practice: &PracticeTask, evidence: &Evidence) -> GradeSheet {
    let bench = Bench { practice, evidence };
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
    let earned: u32 = criteria
        .iter()
        .map(|c| c.weight_bp.times(c.score_bp).get())
        .sum();
    let cap = gates
        .iter()
        .filter(|gate| !gate.passed)
        .map(|gate| gate.cap_bp)
        .min();
    let score = BasisPoints::saturating(earned).min(cap.unwrap_or(BasisPoints::FULL));
    let findings = bench.cost_findings(&criteria);
    GradeSheet {
        course: course.id.clone(),
        practice: practice.id.clone(),
        rubric_version: practice.rubric.version,
        score_bp: score,
        grade: course.assessment.grade(score).to_owned(),
        tools: bench.summarise_tools(),
        coverage: bench.summarise_coverage(),
        pointers: point(course, &findings),
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
    }
}

struct Bench<'a> {
    practice: &'a PracticeTask,
    evidence: &'a Evidence,
}

impl Bench<'_> {
    fn score(&self, criterion: &Criterion) -> CriterionScore {
        let score_bp = match &criterion.measure {
            Measure::Tests { tools } => self.score_tests(tools),
            Measure::Coverage { sides, level_bp } => self.score_coverage(sides, *level_bp),
            Measure::Style { tools, cost_bp } => self.score_style(tools, *cost_bp),
        };
        CriterionScore {
            id: criterion.id.clone(),
            weight_bp: criterion.weight_bp,
            score_bp,
        }
    }

    /// Tests that passed among those that ran; a run that broke outside its tests earns nothing.
    fn score_tests(&self, tools: &[Tool]) -> BasisPoints {
        let (mut good, mut ran) = (0_u64, 0_u64);
        for tool in tools {
            let Some(tests) = self
                .evidence
                .find_tests(*tool)
                .filter(|tests| tests.problems.is_empty())
            else {
                return BasisPoints::ZERO;
            };
            let counts = &tests.counts;
            let passed = u64::from(counts.passed) + u64::from(counts.flaky);
            good += passed;
            ran += passed + u64::from(counts.failed) + u64::from(counts.errors);
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

    fn score_style(&self, tools: &[Tool], cost: BasisPoints) -> BasisPoints {
        let mut found = 0_u64;
        for tool in tools {
            match self.evidence.count_findings(*tool) {
                Some(count) => found += count,
                None if self.is_required(*tool) => return BasisPoints::ZERO,
                None => {}
            }
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

    fn try_gate(&self, gate: &Gate) -> GateResult {
        let passed = match gate.condition {
            Condition::TestsGreen => self.tests_are_green(None),
            Condition::CoverageAtLevel => self.criteria(|m| matches!(m, Measure::Coverage { .. })),
            Condition::StyleClean => self.criteria(|m| matches!(m, Measure::Style { .. })),
            Condition::ReportsComplete => self.evidence.missing().next().is_none(),
            Condition::NoFlakyTests => self.test_tools(None).all(|tool| {
                self.evidence
                    .find_tests(tool)
                    .is_none_or(|t| t.counts.flaky == 0)
            }),
        };
        GateResult {
            id: gate.id.clone(),
            passed,
            cap_bp: gate.cap_bp,
        }
    }

    /// Whether every criterion of a kind has its full score.
    fn criteria(&self, of_kind: impl Fn(&Measure) -> bool) -> bool {
        self.practice
            .rubric
            .criteria
            .iter()
            .filter(|criterion| of_kind(&criterion.measure))
            .all(|criterion| self.score(criterion).score_bp == BasisPoints::FULL)
    }

    /// Whether the test runners (of these sides only, when given) all reported and are green.
    fn tests_are_green(&self, sides: Option<&[String]>) -> bool {
        self.test_tools(sides).all(|tool| {
            self.evidence
                .find_tests(tool)
                .is_some_and(ci_reports::Tests::is_green)
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
            .filter_map(|criterion| match &criterion.measure {
                Measure::Tests { tools } => Some(tools),
                _ => None,
            })
            .flatten()
            .copied()
            .filter(move |tool| of_side(*tool))
    }

    fn summarise_tools(&self) -> BTreeMap<Tool, ToolSummary> {
        let mut tools = BTreeMap::new();
        for (_, report) in self.evidence.reports() {
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
                    let findings = self.evidence.count_findings(report.tool).unwrap_or(0);
                    tools.insert(report.tool, ToolSummary::Lint { findings });
                }
                Content::Coverage(_) => {}
            }
        }
        tools
    }

    fn summarise_coverage(&self) -> BTreeMap<String, CoverageSummary> {
        let sides = self
            .practice
            .reports
            .iter()
            .map(|expected| expected.side.clone());
        sides
            .filter_map(|side| {
                let lines_bp = self.evidence.find_coverage(&side)?;
                Some((side, CoverageSummary { lines_bp }))
            })
            .collect()
    }

    /// Findings with their share of what their criterion lost, the most expensive first.
    fn cost_findings(&self, scores: &[CriterionScore]) -> Vec<CostedFinding> {
        let mut findings: Vec<CostedFinding> = Vec::new();
        for (_, report) in self.evidence.reports() {
            let cost = self.cost_of_one(report.tool, scores);
            findings.extend(report.findings().into_iter().map(|finding| CostedFinding {
                tool: finding.tool,
                id: finding.id,
                message: finding.message,
                file: finding.file,
                line: finding.line,
                cost_bp: cost,
            }));
        }
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.cost_bp));
        findings
    }

    fn cost_of_one(&self, tool: Tool, scores: &[CriterionScore]) -> BasisPoints {
        let lost =
            self.practice
                .rubric
                .criteria
                .iter()
                .zip(scores)
                .find_map(|(criterion, score)| {
                    let tools = match &criterion.measure {
                        Measure::Tests { tools } | Measure::Style { tools, .. } => tools,
                        Measure::Coverage { .. } => return None,
                    };
                    tools
                        .contains(&tool)
                        .then(|| (score.cost(), self.count(tools)))
                });
        match lost {
            Some((lost, count)) if count > 0 => BasisPoints::saturating(
                u32::try_from(u64::from(lost.get()) / count).unwrap_or(u32::MAX),
            ),
            _ => BasisPoints::ZERO,
        }
    }

    fn count(&self, tools: &[Tool]) -> u64 {
        self.evidence
            .reports()
            .filter(|(_, report)| tools.contains(&report.tool))
            .map(|(_, report)| report.findings().len() as u64)
            .sum()
    }
}

/// The sections that the findings point to, in their order, each once.
fn point(course: &Course, findings: &[CostedFinding]) -> Vec<Pointer> {
    let mut pointers: Vec<Pointer> = Vec::new();
    for finding in findings {
        let plain = Finding {
            tool: finding.tool,
            id: finding.id.clone(),
            message: finding.message.clone(),
            file: finding.file.clone(),
            line: finding.line,
            details: ci_reports::Details::default(),
        };
        let rule = course
            .remediation
            .iter()
            .enumerate()
            .find(|(_, rule)| rule.matches(&plain));
        let Some((position, rule)) = rule else {
            continue;
        };
        if pointers
            .iter()
            .any(|pointer| pointer.section == rule.section)
        {
            continue;
        }
        if let Some((_, section)) = course.find_section(&rule.section) {
            let own = course
                .locales
                .first()
                .copied()
                .unwrap_or(super::locale::Locale::En);
            pointers.push(Pointer {
                section: rule.section.clone(),
                title: section.title.text(own).to_owned(),
                because: finding.id.clone(),
                rule: position,
            });
        }
    }
    pointers
}
