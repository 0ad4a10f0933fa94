//! Whatever was graded, its bundle alone leads to the same grade, and a bundle that says otherwise is found out.

use std::{collections::BTreeMap, sync::LazyLock};

use ci_reports::ArchiveFile;
use docent::{
    app::{
        bundle::{Bundle, BundleError, FORMAT},
        evidence::{Upload, gather, to_store},
        recompute::{recompute, recompute_audited},
        verify_grade::{Difference, verify},
    },
    config::Settings,
    domain::{
        digest,
        grading::{GradeSheet, Rules},
        lateness::{Due, DueSource, LatePolicy, Lateness},
        score::BasisPoints,
        trust::{Facts, Level, Proof, Tree},
    },
    store::{AuditEvidence, DOCENT, GradeRecord, REGRADE, Said},
    wiring::load_library,
};
use proptest::prelude::*;
use serde_json::json;

/// The rules of the practice of the course that comes with Docent.
static RULES: LazyLock<Rules> = LazyLock::new(|| {
    let settings = Settings::from_values(Vec::<(&str, String)>::new()).expect("settings");
    let library = load_library(&settings).expect("the course");
    let course = library.default_course();
    let practice = course.find_practice("advanced").expect("a practice");
    let mut rules = Rules::of(course, practice);
    // Each costs its patterns anew whenever a bundle is opened; a few show as much.
    rules.remediation.truncate(4);
    rules
});

/// A run: how its tests ended, what ruff found, which protected file differs, and a file that nobody can read.
#[derive(Debug, Clone)]
struct Work {
    ends: Vec<usize>,
    findings: Vec<usize>,
    changed: Option<usize>,
    broken: bool,
}

fn work() -> impl Strategy<Value = Work> {
    (
        prop::collection::vec(0..4_usize, 0..12),
        prop::collection::vec(0..3_usize, 0..6),
        prop::option::of(0..5_usize),
        any::<bool>(),
    )
        .prop_map(|(ends, findings, changed, broken)| Work {
            ends,
            findings,
            changed,
            broken,
        })
}

fn junit(ends: &[usize]) -> Vec<u8> {
    let inside = [
        "",
        "<failure message=\"не то\">no</failure>",
        "<error>no</error>",
        "<skipped/>",
    ];
    let cases: Vec<String> = ends
        .iter()
        .enumerate()
        .map(|(place, end)| {
            let inside = inside[*end];
            format!(
                r#"<testcase classname="tests.unit.test_a" name="test_{place}">{inside}</testcase>"#
            )
        })
        .collect();
    let cases = cases.concat();
    format!(r#"<testsuites><testsuite name="pytest">{cases}</testsuite></testsuites>"#).into_bytes()
}

fn ruff(findings: &[usize]) -> Vec<u8> {
    let found = |rule: &usize| {
        let code = ["B008", "E501", "F401"][*rule];
        let place = json!({ "row": 1, "column": 1 });
        json!({ "code": code, "message": "look", "filename": "app/a.py", "location": place })
    };
    serde_json::to_vec(&findings.iter().map(found).collect::<Vec<_>>()).expect("JSON")
}

fn facts(changed: Option<usize>) -> Facts {
    let policy = RULES.practice.integrity.as_ref().expect("a policy");
    let release = policy.manifest.releases.last().expect("a release");
    let mut files = release.files.clone();
    if let Some(place) = changed
        && let Some(sha) = files.values_mut().nth(place)
    {
        *sha = "f".repeat(40);
    }
    Facts {
        head_sha: "a".repeat(40),
        event: Some("push".to_owned()),
        tree: Some(Tree {
            files,
            ..Tree::default()
        }),
        ..Facts::default()
    }
}

/// The bundle of a run of this work.
fn bundle(work: &Work) -> Bundle {
    let rules = &*RULES;
    let file = |expected: &ci_reports::Format| match expected {
        ci_reports::Format::Junit => Some(junit(&work.ends)),
        ci_reports::Format::RuffJson if work.broken => Some(b"{ruff crashed".to_vec()),
        ci_reports::Format::RuffJson => Some(ruff(&work.findings)),
        _ => None,
    };
    let uploads: Vec<Upload> = rules
        .practice
        .reports
        .iter()
        .filter_map(|expected| {
            Some(Upload {
                name: expected.artifact.clone(),
                files: vec![ArchiveFile {
                    path: expected.path.clone(),
                    bytes: file(&expected.format)?,
                }],
            })
        })
        .collect();
    let evidence = gather(&rules.practice, &uploads, facts(work.changed));
    let reports = to_store(&evidence);
    let sheet = recompute(rules, &reports, &evidence.facts, None).expect("a grade");
    let direct = docent::domain::grading::grade(rules, &evidence);
    assert_eq!(sheet, direct, "what is stored leads where the files led");
    let body = serde_json::to_value(rules).expect("JSON");
    let rubric = digest::of_json(&body);
    let folder = crate::world::samples_folder("01-perfect");
    let run = std::fs::read(folder.join("run.json")).expect("a run");
    let run: serde_json::Value = serde_json::from_slice(&run).expect("JSON");
    Bundle {
        format: FORMAT,
        docent: "0.1.0".to_owned(),
        grade: 7,
        submission: uuid::Uuid::nil(),
        handed_in_at: chrono::DateTime::UNIX_EPOCH,
        run: serde_json::from_value(json!({
            "provider": "github", "host": "github.com", "repository": run["repository"]["full_name"],
            "repository_id": 1, "head_repository_id": null, "run_id": run["id"], "attempt": 1,
            "workflow_path": run["path"], "event": "push", "head_sha": run["head_sha"], "tree_sha": null,
            "head_branch": "main", "actor_id": 1, "actor_login": "anna", "status": "completed",
            "conclusion": "success", "html_url": run["html_url"], "created_at": run["created_at"],
            "started_at": run["created_at"], "updated_at": run["created_at"],
        }))
        .expect("a run"),
        facts: evidence.facts,
        reports,
        audits: BTreeMap::new(),
        rubrics: [(rubric.clone(), body)].into(),
        grades: vec![GradeRecord {
            id: 7,
            recorded_at: chrono::DateTime::UNIX_EPOCH,
            author: DOCENT.to_owned(),
            reason: None,
            asked_by: None,
            rubric: Some(rubric),
            audit: None,
            sheet,
        }],
    }
}

/// A run that was made two days after it was due.
fn two_days_late() -> Lateness {
    let at = |day: i64| chrono::DateTime::from_timestamp(day * 86_400, 0).expect("a time");
    let due = Due {
        at: at(0),
        source: DueSource::Server,
    };
    let policy = LatePolicy {
        penalty_bp_per_day: BasisPoints::saturating(700),
        ..LatePolicy::default()
    };
    policy.apply(due, at(2), BasisPoints::FULL).1
}

/// What a sheet becomes by that.
fn late(sheet: &GradeSheet) -> GradeSheet {
    let late = two_days_late();
    let mut sheet = sheet.clone();
    sheet.settle_late(&RULES.bands, &late.policy, late.due, late.made_at);
    sheet
}

/// The bundle of a late run of this work whose audit found other work.
fn audited(work: &Work, found: &Work) -> Bundle {
    let mut bundle = bundle(work);
    let other = self::bundle(found);
    let audit = uuid::Uuid::from_u128(9);
    let evidence = AuditEvidence {
        run: other.run,
        facts: Facts {
            tree: bundle.facts.tree.clone(),
            ..other.facts
        },
        reports: other.reports,
    };
    let first = bundle.grades[0].clone();
    let due = two_days_late();
    let sheet = recompute_audited(&RULES, &evidence, &late(&first.sheet), Some(&due));
    let sheet = sheet.expect("a grade");
    bundle.audits.insert(audit, evidence);
    bundle.grades.push(GradeRecord {
        id: 8,
        author: REGRADE.to_owned(),
        audit: Some(audit),
        sheet,
        ..first
    });
    bundle.grade = 8;
    bundle
}

/// What verifying the bundle's own file finds.
fn found(bundle: &Bundle) -> Vec<Difference> {
    verify(&Bundle::open(&bundle.seal().expect("a file")).expect("a bundle"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_grade_is_verified_exactly_from_its_exported_bundle(work in work()) {
        let bundle = bundle(&work);
        let opened = Bundle::open(&bundle.seal().expect("a file")).expect("a bundle");
        prop_assert_eq!(&opened.bundle, &bundle);
        prop_assert_eq!(verify(&opened), vec![]);
    }

    #[test]
    fn the_grade_of_an_audit_is_verified_exactly_from_its_own_reports((work, other) in (work(), work())) {
        let good = audited(&work, &other);
        let opened = Bundle::open(&good.seal().expect("a file")).expect("a bundle");
        prop_assert_eq!(&opened.bundle, &good);
        prop_assert_eq!(verify(&opened), vec![]);
        let (first, second) = (&good.grades[0], &good.grades[1]);
        let (handed_in, alone) = (late(&first.sheet), late(&bundle(&other).grades[0].sheet));
        let sheet = &second.sheet;
        prop_assert_eq!((sheet.score_bp, &sheet.grade), (alone.score_bp, &alone.grade));
        let verdict = sheet.trust.as_ref().expect("a verdict");
        prop_assert_eq!((verdict.level, verdict.proof), (Level::Verified, Some(Proof::Audited)));
        prop_assert_eq!(verdict.reasons.is_empty(), handed_in.grade == sheet.grade);

        // The reports of the run that was handed in do not stand in for those of the audit.
        let mut swapped = good.clone();
        let evidence = swapped.audits.values_mut().next().expect("an audit");
        evidence.reports.clone_from(&good.reports);
        prop_assert!(handed_in.score_bp == sheet.score_bp || !found(&swapped).is_empty());
        let mut emptied = good.clone();
        emptied.audits.clear();
        prop_assert_eq!(found(&emptied), vec![Difference::NoAudit { grade: 8 }]);
    }

    #[test]
    fn a_bundle_that_says_another_score_letter_or_verdict_is_found_out_though_it_is_sealed_anew(
        work in work(), score in 0..=10_000_u32,
    ) {
        let good = bundle(&work);
        let mut other = good.clone();
        let sheet = &mut other.grades[0].sheet;
        sheet.score_bp = BasisPoints::saturating(score);
        let differs = found(&other);
        prop_assert_eq!(differs.is_empty(), score == good.grades[0].sheet.score_bp.get());
        let mut other = good.clone();
        other.grades[0].sheet.grade.push('+');
        prop_assert_eq!(found(&other).len(), 1);
        let mut other = good.clone();
        let verdict = other.grades[0].sheet.trust.as_mut().expect("a verdict");
        verdict.level = if verdict.level == Level::Verified { Level::Advisory } else { Level::Verified };
        prop_assert_eq!(found(&other).len(), 1);
    }

    #[test]
    fn one_more_failure_in_a_stored_report_is_found_out(work in work()) {
        let mut bundle = bundle(&work);
        let mut touched = false;
        for report in &mut bundle.reports {
            if let Said::Body(body) = &mut report.said
                && let Some(case) = body.pointer_mut("/content/tests/cases/0")
                && case["status"] == "passed"
            {
                case["status"] = json!("failed");
                touched = true;
            }
        }
        let before = bundle.grades[0].sheet.criteria.iter().any(|one| one.score_bp > BasisPoints::ZERO && one.id.contains("unit"));
        prop_assume!(touched && before);
        prop_assert!(!found(&bundle).is_empty());
    }
}

#[test]
fn a_nul_in_a_report_does_not_reach_the_database() {
    let rules = &*RULES;
    let of = |format| {
        let mut reports = rules.practice.reports.iter();
        reports.find(|one| one.format == format).expect("a report")
    };
    let (tests, lint) = (
        of(ci_reports::Format::Junit),
        of(ci_reports::Format::RuffJson),
    );
    let lint_body = br#"[{"code": "E5\u0000", "message": "a\u0000b", "filename": "a\u0000.py", "location": {"row": 1, "column": 1}}]"#;
    let upload = |expected: &docent::domain::practice::ExpectedReport, bytes: &[u8]| Upload {
        name: expected.artifact.clone(),
        files: vec![ArchiveFile {
            path: expected.path.clone(),
            bytes: bytes.to_vec(),
        }],
    };
    let uploads = [
        upload(tests, b"<testsuites>\0</x\0>"),
        upload(lint, lint_body),
    ];
    let stored = to_store(&gather(&rules.practice, &uploads, Facts::default()));
    assert_eq!(stored.len(), 2, "{stored:?}");
    for report in &stored {
        let text = match &report.said {
            Said::Body(body) => body.to_string(),
            Said::Unreadable(why) => why.clone(),
        };
        assert!(!text.contains('\0') && !text.contains("\\u0000"), "{text}");
    }
}

#[test]
fn what_differs_is_named() {
    let work = Work {
        ends: vec![0, 0, 1],
        findings: vec![0],
        changed: None,
        broken: false,
    };
    let good = bundle(&work);
    assert_eq!(found(&good), vec![]);

    let mut edited = good.seal().expect("a file");
    let place = edited
        .windows(4)
        .position(|part| part == b"anna")
        .expect("a name");
    edited[place..place + 4].copy_from_slice(b"olga");
    let told = verify(&Bundle::open(&edited).expect("a bundle"));
    assert!(
        matches!(told.as_slice(), [Difference::Edited { .. }]),
        "{told:?}"
    );

    let mut eased = good.clone();
    let body = eased.rubrics.values_mut().next().expect("a rubric");
    body["practice"]["rubric"]["gates"] = json!([]);
    let told = found(&eased);
    assert!(
        matches!(told.as_slice(), [Difference::Rules { what, .. }] if what.contains("was changed")),
        "{told:?}"
    );

    let mut old = good.clone();
    old.grades[0].rubric = None;
    let told: Vec<String> = found(&old).iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        ["grade 7 cannot be worked out again: it was made before rubrics were stored with grades"]
    );

    let mut set = good.clone();
    set.grades[0].author = "42".to_owned();
    set.grades[0].reason = Some("fine".to_owned());
    let told = found(&set);
    assert!(
        told[0].to_string().contains("who set it and why"),
        "{told:?}"
    );

    let newer = String::from_utf8(good.seal().expect("a file")).expect("text");
    let newer = newer.replacen("\"format\": 1", "\"format\": 2", 1);
    assert!(matches!(
        Bundle::open(newer.as_bytes()),
        Err(BundleError::Newer(2))
    ));
    assert!(matches!(Bundle::open(b"{}"), Err(BundleError::Unsealed)));
    assert!(matches!(
        Bundle::open(b"no"),
        Err(BundleError::Malformed(_))
    ));
}
