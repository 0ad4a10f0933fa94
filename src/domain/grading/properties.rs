//! Properties of every grade: worse work never earns more, order means nothing, and the same evidence
//! earns the same.

use ci_reports::{Content, Report, TestStatus, Tests};
use proptest::prelude::*;

use super::{
    GradeSheet, grade,
    tests::{everything, rules},
};
use crate::domain::{
    evidence::{Evidence, Exhibit},
    lateness::{Due, DueSource, LatePolicy},
    practice::PracticeTask,
    score::BasisPoints,
    trust::Facts,
};

/// Small reports: for each of three kinds of test how each ended, and the rules a linter found.
fn reports() -> impl Strategy<Value = (Vec<(usize, usize)>, Vec<usize>)> {
    (
        prop::collection::vec((0..3_usize, 0..5_usize), 0..20),
        prop::collection::vec(0..4_usize, 0..12),
    )
}

const KINDS: [&str; 3] = [
    "tests.unit.test_a",
    "tests.integration.test_b",
    "tests.own.test_c",
];
const ENDS: [&str; 5] = [
    "",
    r#"<failure message="assert 1 == 2">no</failure>"#,
    r#"<error message="setup">no</error>"#,
    r#"<skipped message="later"/>"#,
    "",
];
const RULES: [&str; 4] = ["B008", "SIM105", "E501", "F401"];

fn evidence(practice: &PracticeTask, cases: &[(usize, usize)], rules: &[usize]) -> Evidence {
    let names: Vec<String> = (0..cases.len())
        .map(|place| format!("test_{place}"))
        .collect();
    let cases: Vec<super::tests::Case<'_>> = cases
        .iter()
        .zip(&names)
        .map(|((kind, end), name)| (KINDS[*kind], name.as_str(), ENDS[*end]))
        .collect();
    let rules: Vec<&str> = rules.iter().map(|rule| RULES[*rule]).collect();
    let files = [super::tests::junit(&cases), super::tests::ruff(&rules)];
    Evidence {
        exhibits: super::tests::exhibits(practice, [Some(&files[0]), Some(&files[1])]),
        facts: Facts::default(),
    }
}

fn graded(practice: &PracticeTask, evidence: &Evidence) -> GradeSheet {
    grade(&rules(practice), evidence)
}

/// The tests of the evidence, to be made worse.
fn tests_of(exhibit: &mut Exhibit) -> Option<&mut Tests> {
    match exhibit
        .outcome
        .as_mut()
        .map(|report: &mut Report| &mut report.content)
    {
        Ok(Content::Tests(tests)) => Some(tests),
        _ => None,
    }
}

proptest! {
    #[test]
    fn one_more_failure_never_raises_a_score((cases, rules) in reports(), at in 0..20_usize) {
        let practice = everything();
        let before = evidence(&practice, &cases, &rules);
        let mut after = before.clone();
        for tests in after.exhibits.iter_mut().filter_map(tests_of) {
            let green = tests.cases.iter_mut().filter(|case| case.status == TestStatus::Passed);
            if let Some(case) = green.into_iter().nth(at % cases.len().max(1)) {
                case.status = TestStatus::Failed;
                tests.counts.passed -= 1;
                tests.counts.failed += 1;
            }
        }
        let (before, after) = (graded(&practice, &before), graded(&practice, &after));
        prop_assert!(after.score_bp <= before.score_bp, "{before:#?}\n{after:#?}");
    }

    #[test]
    fn one_more_finding_never_raises_a_score((cases, mut rules) in reports(), rule in 0..4_usize) {
        let practice = everything();
        let before = graded(&practice, &evidence(&practice, &cases, &rules));
        rules.push(rule);
        let after = graded(&practice, &evidence(&practice, &cases, &rules));
        prop_assert!(after.score_bp <= before.score_bp);
    }

    #[test]
    fn later_never_raises_a_score_and_gates_judge_what_is_left(
        (cases, rules) in reports(), minute in -9000..20_000_i64, later in 0..20_000_i64,
    ) {
        let practice = everything();
        let at = |minute: i64| chrono::DateTime::from_timestamp(minute * 60, 0).unwrap();
        let policy = LatePolicy {
            grace_minutes: 30,
            penalty_bp_per_day: BasisPoints::saturating(1200),
            floor_bp: BasisPoints::saturating(3000),
            cutoff_days: Some(9),
        };
        let due = Due { at: at(0), source: DueSource::Course };
        let plain = graded(&practice, &evidence(&practice, &cases, &rules));
        let bands = super::tests::rules(&practice).bands;
        let settled = |minute| {
            let mut sheet = plain.clone();
            sheet.settle_late(&bands, &policy, due, at(minute));
            sheet
        };
        let (first, second) = (settled(minute), settled(minute + later));
        prop_assert!(second.score_bp <= first.score_bp && first.score_bp <= plain.score_bp);
        for gate in first.gates.iter().filter(|gate| !gate.passed) {
            prop_assert!(first.score_bp <= gate.cap_bp);
        }
        let mut again = second.clone();
        let late = second.late.unwrap();
        again.settle_late(&bands, &late.policy, late.due, late.made_at);
        prop_assert_eq!(again, second);
    }

    #[test]
    fn the_order_of_cases_findings_and_files_means_nothing((cases, rules) in reports()) {
        let practice = everything();
        let straight = evidence(&practice, &cases, &rules);
        let mut turned = straight.clone();
        turned.exhibits.reverse();
        for exhibit in &mut turned.exhibits {
            match exhibit.outcome.as_mut().map(|report| &mut report.content) {
                Ok(Content::Tests(tests)) => tests.cases.reverse(),
                Ok(Content::Lint(lint)) => lint.findings.reverse(),
                _ => {}
            }
        }
        let before = graded(&practice, &straight);
        let after = graded(&practice, &turned);
        prop_assert_eq!(before.score_bp, after.score_bp);
        prop_assert_eq!(before.criteria, after.criteria);
        prop_assert_eq!(before.gates, after.gates);
    }

    #[test]
    fn a_grade_is_worked_out_again_from_what_is_stored((cases, rules) in reports()) {
        let practice = everything();
        let first = evidence(&practice, &cases, &rules);
        let mut again = first.clone();
        for exhibit in &mut again.exhibits {
            let stored = serde_json::to_vec(exhibit.outcome.as_ref().unwrap()).unwrap();
            exhibit.outcome = Ok(serde_json::from_slice(&stored).unwrap());
        }
        let sheet = graded(&practice, &first);
        prop_assert_eq!(&sheet, &graded(&practice, &again));
        let stored = serde_json::to_vec(&sheet).unwrap();
        prop_assert_eq!(sheet, serde_json::from_slice::<GradeSheet>(&stored).unwrap());
    }
}
