//! Verdicts that rest on a grading job's word and on a signature, over facts that are right but for one thing.

use chrono::{DateTime, TimeDelta};

use super::{
    Audit, CalledWorkflow, Claim, Claims, Facts, GradingJob, Level, Manifest, PinnedWorkflow,
    Policy, Proof, Reason, Release, RunStamp, Signature, Statement, Tree, Verdict, judge,
};

const WORKFLOW: &str = "school/ci/.github/workflows/grade.yml@refs/heads/main";

fn policy(require: Proof) -> Policy {
    let shim = (".github/workflows/practice.yml".to_owned(), "aa".to_owned());
    Policy {
        manifest: Manifest {
            releases: vec![Release {
                name: "first".to_owned(),
                files: [shim].into(),
                tests: Vec::new(),
            }],
        },
        workflow: Some(PinnedWorkflow {
            repository: "school/ci".to_owned(),
            path: ".github/workflows/grade.yml".to_owned(),
            shas: vec!["1111".to_owned()],
            job: "proof".to_owned(),
        }),
        require,
        ..Policy::default()
    }
}

fn graded() -> Statement {
    let mut graded = Statement::default();
    graded.add("back-reports", b"back");
    graded.add("grade-reports", b"grade");
    graded
}

/// A run whose job has stated what was graded, with a token for it.
fn facts() -> Facts {
    let started_at = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
    let tree = [(".github/workflows/practice.yml".to_owned(), "aa".to_owned())];
    Facts {
        fork: false,
        astray: Vec::new(),
        head_sha: "ee".to_owned(),
        event: Some("push".to_owned()),
        tree: Some(Tree {
            files: tree.into(),
            ..Tree::default()
        }),
        workflows: Some(vec![CalledWorkflow {
            path: WORKFLOW.to_owned(),
            sha: "1111".to_owned(),
        }]),
        run: Some(RunStamp {
            repository_id: 7,
            run_id: 70,
            attempt: 2,
            started_at,
            ended_at: started_at + TimeDelta::minutes(10),
        }),
        grading: Some(GradingJob {
            jobs: 1,
            succeeded: true,
            stated: vec![graded()],
        }),
        signature: Some(Signature::Signed(Box::new(Claims {
            audience: graded().audience(),
            repository_id: 7,
            run_id: 70,
            attempt: 2,
            sha: "EE".to_owned(),
            workflow: WORKFLOW.to_owned(),
            workflow_sha: "1111".to_owned(),
            runner: "github-hosted".to_owned(),
            issued_at: started_at + TimeDelta::minutes(9),
        }))),
        graded: graded(),
        ..Facts::default()
    }
}

fn unsigned() -> Facts {
    Facts {
        signature: None,
        ..facts()
    }
}

fn told(require: Proof, facts: &Facts) -> Verdict {
    judge(Some(&policy(require)), facts, 0)
}

#[test]
fn the_strongest_proof_that_holds_is_named() {
    for (facts, proof) in [(facts(), Proof::Signed), (unsigned(), Proof::PinnedGrader)] {
        let verdict = told(Proof::ProtectedTree, &facts);
        assert_eq!(
            (verdict.level, verdict.proof),
            (Level::Verified, Some(proof))
        );
    }
    let silent = Facts {
        grading: None,
        ..unsigned()
    };
    let verdict = told(Proof::ProtectedTree, &silent);
    assert_eq!(verdict.level, Level::Verified);
    assert_eq!(verdict.proof, Some(Proof::ProtectedTree));
}

#[test]
fn what_the_practice_asks_for_and_is_not_there_is_not_verified() {
    let unknown = Facts {
        grading: None,
        ..unsigned()
    };
    let verdict = told(Proof::PinnedGrader, &unknown);
    assert_eq!(verdict.level, Level::Advisory);
    assert_eq!(verdict.reasons, [Reason::GraderUnknown]);
    let verdict = told(Proof::Signed, &unsigned());
    assert_eq!(verdict.reasons, [Reason::NotSigned]);
    assert_eq!(verdict.proof, Some(Proof::PinnedGrader), "so much holds");
    let signed = Facts {
        grading: None,
        ..facts()
    };
    let verdict = told(Proof::PinnedGrader, &signed);
    assert_eq!(
        verdict.proof,
        Some(Proof::Signed),
        "a signature says as much"
    );
}

#[test]
fn a_report_that_the_job_did_not_state_is_looked_at_whatever_is_asked_for() {
    let mut foreign = unsigned();
    foreign.graded = Statement::default();
    foreign.graded.add("back-reports", b"forged");
    foreign.graded.add("grade-reports", b"grade");
    for require in [Proof::ProtectedTree, Proof::PinnedGrader, Proof::Signed] {
        let verdict = told(require, &foreign);
        assert_eq!(verdict.level, Level::NeedsReview);
        let differs = Reason::OtherReports {
            artifact: "back-reports".to_owned(),
        };
        assert!(verdict.reasons.contains(&differs), "{:?}", verdict.reasons);
        assert_eq!(verdict.proof, None);
    }
}

#[test]
fn a_job_that_failed_or_is_not_the_only_one_of_its_name_proves_nothing() {
    let with = |change: fn(&mut GradingJob)| {
        let mut facts = unsigned();
        facts.grading.iter_mut().for_each(change);
        told(Proof::PinnedGrader, &facts)
    };
    for (change, reason) in [
        (
            (|job| job.succeeded = false) as fn(&mut GradingJob),
            Reason::GraderSilent,
        ),
        (|job| job.stated.clear(), Reason::GraderSilent),
        (|job| job.jobs = 0, Reason::GraderSilent),
        (|job| job.jobs = 2, Reason::GraderUnclear),
        (
            |job| job.stated.push(Statement::default()),
            Reason::GraderUnclear,
        ),
    ] {
        let verdict = with(change);
        assert_eq!(verdict.level, Level::NeedsReview, "{reason:?}");
        assert_eq!(verdict.reasons, [reason]);
    }
}

#[test]
fn names_of_jobs_are_free_so_the_members_workflow_must_be_protected_unless_it_is_signed() {
    let mut open = policy(Proof::PinnedGrader);
    open.manifest.releases[0].files.clear();
    let verdict = judge(Some(&open), &unsigned(), 0);
    assert_eq!(verdict.reasons, [Reason::WorkflowOpen]);
    let verdict = judge(Some(&open), &facts(), 0);
    assert_eq!(verdict.level, Level::Verified, "{:?}", verdict.reasons);
}

/// Something else that a token may say.
type Change = fn(&mut Claims);

#[test]
fn each_claim_of_a_token_is_held_against_the_run() {
    let cases: [(Change, Claim); 10] = [
        (|claims| claims.audience.push('0'), Claim::Reports),
        (|claims| claims.repository_id = 8, Claim::Run),
        (|claims| claims.run_id = 71, Claim::Run),
        (|claims| claims.attempt = 1, Claim::Run),
        (|claims| "ef".clone_into(&mut claims.sha), Claim::Run),
        (
            |claims| "evil/ci/.github/workflows/grade.yml@v1".clone_into(&mut claims.workflow),
            Claim::Workflow,
        ),
        (
            |claims| "2222".clone_into(&mut claims.workflow_sha),
            Claim::Workflow,
        ),
        (
            |claims| "self-hosted".clone_into(&mut claims.runner),
            Claim::Runner,
        ),
        (
            |claims| claims.issued_at += TimeDelta::hours(1),
            Claim::Time,
        ),
        (
            |claims| claims.issued_at -= TimeDelta::hours(1),
            Claim::Time,
        ),
    ];
    for (change, claim) in cases {
        let mut facts = facts();
        if let Some(Signature::Signed(claims)) = &mut facts.signature {
            change(claims);
        }
        let verdict = told(Proof::ProtectedTree, &facts);
        assert_eq!(verdict.reasons, [Reason::SignatureOfOther { claim }]);
        assert_eq!(verdict.level, Level::NeedsReview);
    }
    let broken = Facts {
        signature: Some(Signature::Broken),
        ..facts()
    };
    let verdict = told(Proof::ProtectedTree, &broken);
    assert_eq!(verdict.reasons, [Reason::SignatureBroken]);
}

#[test]
fn one_in_so_many_is_drawn_and_none_where_nobody_asks() {
    let audit = |sample| Audit {
        repository: "school/ci".to_owned(),
        workflow: "audit.yml".to_owned(),
        reference: "main".to_owned(),
        sample,
    };
    let drawn = |sample| (0..100).filter(|lot| audit(sample).draws(*lot)).count();
    assert_eq!(drawn(Some(10)), 10);
    assert_eq!(drawn(Some(1)), 100);
    assert_eq!(drawn(Some(0)), 0);
    assert_eq!(drawn(None), 0);
}
