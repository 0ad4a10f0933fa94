//! Grading on small evidence: what each measure and gate makes of it.

use ci_reports::{Format, Limits, Tool, read_report};

use super::{GradeSheet, NotRun, Rules, grade};
use crate::domain::{
    assessment::Assessment,
    course::{Course, Part},
    evidence::{Evidence, Exhibit, Missing},
    locale::{Locale, Localized},
    pattern::Pattern,
    practice::{ExpectedReport, PracticeTask},
    rubric::{Condition, Criterion, Gate, Measure, Rubric},
    score::BasisPoints,
    terms::Terms,
    trust::{Facts, GivenTest, Manifest, Policy, Release, Tree},
};

pub(super) fn rules(practice: &PracticeTask) -> Rules {
    let course = Course {
        id: "shell".to_owned(),
        title: Localized::default(),
        intro: Localized::default(),
        locales: vec![Locale::En],
        parts: vec![Part {
            id: practice.id.clone(),
            code: "FIRST".to_owned(),
            title: Localized::default(),
            modules: Vec::new(),
            practice: Some(practice.clone()),
            checklist: None,
        }],
        assessment: Assessment::default(),
        banks: Vec::new(),
        remediation: Vec::new(),
    };
    Rules::of(&course, practice)
}

fn criterion(id: &str, weight: u32, measure: Measure) -> Criterion {
    Criterion {
        id: id.to_owned(),
        title: Localized::default(),
        weight_bp: BasisPoints::saturating(weight),
        measure,
    }
}

fn tests_of(ids: Option<&str>) -> Measure {
    Measure::Tests {
        tools: vec![Tool::Pytest],
        ids: ids.map(|ids| Pattern::new(ids).unwrap()),
    }
}

fn gate(condition: Condition) -> Gate {
    Gate {
        id: "gate".to_owned(),
        title: Localized::default(),
        condition,
        cap_bp: BasisPoints::saturating(6999),
    }
}

fn practice(criteria: Vec<Criterion>, gates: Vec<Gate>, given: &[&str]) -> PracticeTask {
    let expected = |path: &str, format, tool| ExpectedReport {
        artifact: "reports".to_owned(),
        path: path.to_owned(),
        format,
        tool,
        side: "back".to_owned(),
        required: true,
        job: None,
    };
    let release = |name: &str, ids: &[&str]| Release {
        name: name.to_owned(),
        files: [("tests.sh".to_owned(), format!("file of {name}"))].into(),
        tests: ids
            .iter()
            .map(|id| GivenTest {
                tool: Tool::Pytest,
                id: (*id).to_owned(),
            })
            .collect(),
    };
    PracticeTask {
        id: "first".to_owned(),
        title: Localized::default(),
        brief: Localized::default(),
        reports: vec![
            expected("junit.xml", Format::Junit, Some(Tool::Pytest)),
            expected("ruff.json", Format::RuffJson, None),
        ],
        rubric: Rubric {
            version: 1,
            criteria,
            gates,
        },
        show: Vec::new(),
        integrity: Some(Policy {
            manifest: Manifest {
                releases: vec![
                    release("older", &["tests.unit.test_old::test_a"]),
                    release("newer", given),
                ],
            },
            ..Policy::default()
        }),
        terms: Terms::default(),
    }
}

/// A case of `JUnit`: its class, its name, and what stands inside.
pub(super) type Case<'a> = (&'a str, &'a str, &'a str);

pub(super) fn junit(cases: &[Case<'_>]) -> Vec<u8> {
    let cases: Vec<String> = cases
        .iter()
        .map(|(class, name, inside)| {
            format!(r#"<testcase classname="{class}" name="{name}">{inside}</testcase>"#)
        })
        .collect();
    let cases = cases.concat();
    format!(r#"<testsuites><testsuite name="pytest">{cases}</testsuite></testsuites>"#).into_bytes()
}

pub(super) fn ruff(rules: &[&str]) -> Vec<u8> {
    let findings: Vec<_> = rules
        .iter()
        .map(|rule| serde_json::json!({"code": rule, "message": "look", "filename": "app/a.py", "location": {"row": 1, "column": 1}}))
        .collect();
    serde_json::to_vec(&findings).unwrap()
}

/// What the practice expects, read from these files.
pub(super) fn exhibits(practice: &PracticeTask, files: [Option<&[u8]>; 2]) -> Vec<Exhibit> {
    let read = practice.reports.iter().zip(files).map(|(expected, file)| {
        let outcome = match file {
            None => Err(Missing::Absent),
            Some(bytes) => read_report(expected.format, expected.tool, bytes, &Limits::default())
                .map_err(|error| Missing::Unreadable(error.to_string())),
        };
        Exhibit {
            expected: expected.clone(),
            outcome,
            digest: String::new(),
        }
    });
    read.collect()
}

fn sheet(practice: &PracticeTask, junit: Option<&[u8]>, ruff: Option<&[u8]>) -> GradeSheet {
    let evidence = Evidence {
        exhibits: exhibits(practice, [junit, ruff]),
        facts: Facts::default(),
    };
    grade(&rules(practice), &evidence)
}

/// A practice with every measure and gate that these reports can tell of.
pub(super) fn everything() -> PracticeTask {
    let cost_bp = BasisPoints::saturating(1500);
    practice(
        vec![
            criterion("unit", 2500, tests_of(Some(r"^tests\.unit"))),
            criterion("all", 3500, tests_of(None)),
            criterion(
                "style",
                2000,
                Measure::Style {
                    tools: vec![Tool::Ruff],
                    cost_bp,
                },
            ),
            criterion(
                "smells",
                2000,
                Measure::Smells {
                    tools: vec![Tool::Ruff],
                    rules: Pattern::new("^(B|SIM)").unwrap(),
                    cost_bp,
                },
            ),
        ],
        vec![
            gate(Condition::TestsGreen),
            gate(Condition::NoSmells),
            gate(Condition::StyleClean),
            gate(Condition::GivenTestsRan),
        ],
        &["tests.unit.test_a::test_0", "tests.unit.test_a::test_1"],
    )
}

fn scores(sheet: &GradeSheet) -> Vec<u32> {
    sheet
        .criteria
        .iter()
        .map(|criterion| criterion.score_bp.get())
        .collect()
}

const FAILED: &str = r#"<failure message="assert 1 == 2">assert 1 == 2</failure>"#;
const SKIPPED: &str = r#"<skipped type="pytest.skip" message="later"/>"#;

#[test]
fn a_criterion_of_ids_counts_the_tests_it_names_and_no_others() {
    let practice = practice(
        vec![
            criterion("unit", 4000, tests_of(Some(r"^tests\.unit"))),
            criterion("integration", 4000, tests_of(Some(r"^tests\.integration"))),
            criterion("postgres", 2000, tests_of(Some(r"^tests\.postgres"))),
        ],
        Vec::new(),
        &[],
    );
    let report = junit(&[
        ("tests.unit.test_a", "test_one", ""),
        ("tests.unit.test_a", "test_two", ""),
        ("tests.integration.test_b", "test_one", ""),
        ("tests.integration.test_b", "test_two", FAILED),
    ]);
    let sheet = sheet(&practice, Some(&report), None);
    assert_eq!(scores(&sheet), [10_000, 5000, 0]);
    assert_eq!(sheet.findings.len(), 1);
    assert_eq!(
        sheet.findings[0].cost_bp.get(),
        2000,
        "the failure costs its own criterion alone"
    );
}

#[test]
fn smells_are_counted_once_and_not_as_style() {
    let lint = |kind: fn(Vec<Tool>, BasisPoints) -> Measure| {
        kind(vec![Tool::Ruff], BasisPoints::saturating(1000))
    };
    let practice = practice(
        vec![
            criterion(
                "style",
                5000,
                lint(|tools, cost_bp| Measure::Style { tools, cost_bp }),
            ),
            criterion(
                "smells",
                5000,
                lint(|tools, cost_bp| Measure::Smells {
                    tools,
                    rules: Pattern::new("^(B|SIM|C90)").unwrap(),
                    cost_bp,
                }),
            ),
        ],
        vec![gate(Condition::NoSmells), gate(Condition::StyleClean)],
        &[],
    );
    let told = |rules: &[&str]| {
        let sheet = sheet(&practice, None, Some(&ruff(rules)));
        let gates: Vec<bool> = sheet.gates.iter().map(|gate| gate.passed).collect();
        (scores(&sheet), gates)
    };
    assert_eq!(told(&[]), (vec![10_000, 10_000], vec![true, true]));
    assert_eq!(
        told(&["B008", "SIM105", "E501"]),
        (vec![9000, 8000], vec![false, false])
    );
    assert_eq!(told(&["E501"]), (vec![9000, 10_000], vec![true, false]));
    let missing = sheet(&practice, None, None);
    assert_eq!(
        scores(&missing),
        [0, 0],
        "a report that is missing is not clean"
    );
}

#[test]
fn a_given_test_that_did_not_run_has_failed() {
    let given = ["tests.unit.test_a::test_one", "tests.unit.test_a::test_two"];
    let practice = practice(
        vec![criterion("unit", 10_000, tests_of(None))],
        vec![gate(Condition::GivenTestsRan), gate(Condition::TestsGreen)],
        &given,
    );
    let told = |cases: &[Case<'_>]| {
        let sheet = sheet(&practice, Some(&junit(cases)), None);
        let why = sheet.findings.iter().find_map(|finding| finding.not_run);
        let gates: Vec<bool> = sheet.gates.iter().map(|gate| gate.passed).collect();
        (scores(&sheet), gates, why)
    };
    let one = ("tests.unit.test_a", "test_one", "");
    assert_eq!(
        told(&[one, ("tests.unit.test_a", "test_two", "")]),
        (vec![10_000], vec![true, true], None)
    );
    let bad = |why| (vec![5000], vec![false, false], Some(why));
    assert_eq!(told(&[one]), bad(NotRun::Missing));
    assert_eq!(
        told(&[one, ("tests.unit.test_a", "test_two", SKIPPED)]),
        bad(NotRun::Skipped)
    );
    let renamed = told(&[one, ("tests.unit.test_a", "test_2", "")]);
    assert_eq!(
        renamed,
        (vec![6666], vec![false, false], Some(NotRun::Missing))
    );
    assert_eq!(
        told(&[
            one,
            ("other/tests.unit.test_a", "test_two", ""),
            ("tests.unit.test_a", "test_two", "")
        ])
        .2,
        Some(NotRun::Repeated)
    );
}

#[test]
fn the_given_tests_are_those_of_the_release_that_the_run_is_of() {
    let practice = practice(
        vec![criterion("unit", 10_000, tests_of(None))],
        vec![gate(Condition::GivenTestsRan)],
        &["tests.unit.test_new::test_a"],
    );
    let report = junit(&[("tests.unit.test_old", "test_a", "")]);
    let read = read_report(
        Format::Junit,
        Some(Tool::Pytest),
        &report,
        &Limits::default(),
    )
    .unwrap();
    let told = |file: Option<&str>| {
        let evidence = Evidence {
            exhibits: vec![Exhibit {
                expected: practice.reports[0].clone(),
                outcome: Ok(read.clone()),
                digest: String::new(),
            }],
            facts: Facts {
                tree: file.map(|sha| Tree {
                    files: [("tests.sh".to_owned(), sha.to_owned())].into(),
                    ..Tree::default()
                }),
                ..Facts::default()
            },
        };
        grade(&rules(&practice), &evidence).gates[0].passed
    };
    assert!(told(Some("file of older")));
    assert!(!told(Some("file of newer")));
    assert!(!told(None), "an unknown release is the newest");
}

#[test]
fn the_most_expensive_failures_keep_their_details_and_older_sheets_are_read() {
    let practice = practice(vec![criterion("unit", 10_000, tests_of(None))], vec![], &[]);
    let names: Vec<String> = (0..400).map(|number| format!("test_{number}")).collect();
    let failed = r#"<failure message="assert 2 == 3">E assert 2 == 3</failure>"#;
    let cases: Vec<Case<'_>> = names
        .iter()
        .map(|name| ("tests.test_a", name.as_str(), failed))
        .collect();
    let mut sheet = sheet(&practice, Some(&junit(&cases)), None);
    let details = &sheet.findings[0].details;
    assert_eq!(details.expected.as_deref(), Some("3"));
    assert_eq!(details.actual.as_deref(), Some("2"));
    let told = sheet
        .findings
        .iter()
        .filter(|one| one.details.trace.is_some());
    assert_eq!(told.count(), 300);
    let mut stored = serde_json::to_value(&sheet).unwrap();
    for finding in stored["findings"].as_array_mut().unwrap() {
        let finding = finding.as_object_mut().unwrap();
        finding.retain(|key, _| !["expected", "actual", "trace"].contains(&key.as_str()));
    }
    for finding in &mut sheet.findings {
        finding.details = ci_reports::Details::default();
    }
    assert_eq!(serde_json::from_value::<GradeSheet>(stored).unwrap(), sheet);
}

#[test]
fn a_course_shows_more_with_each_step_and_everything_when_it_does_not_say() {
    use crate::domain::practice::{Detail, Show};
    let mut practice = everything();
    let told = |practice: &PracticeTask| [1, 2, 3, 9].map(|attempt| practice.detail_at(attempt));
    assert_eq!(told(&practice), [Detail::All; 4]);
    let step = |from_attempt, detail| Show {
        from_attempt,
        detail,
    };
    practice.show = vec![step(1, Detail::Points), step(3, Detail::All)];
    assert_eq!(
        told(&practice),
        [Detail::Points, Detail::Points, Detail::All, Detail::All]
    );
    assert_eq!(practice.shows_more_after(2), Some(step(3, Detail::All)));
    assert_eq!(practice.shows_more_after(3), None);
}
