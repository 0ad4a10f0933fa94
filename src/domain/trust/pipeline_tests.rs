//! Verdicts on pipelines of GitLab, over facts that are right but for one thing.

use chrono::{DateTime, TimeDelta};

use super::{
    Claim, Facts, JobClaims, Level, Manifest, PinnedWorkflow, Pipeline, Policy, Proof, Reason,
    Release, RunStamp, Signature, SigningJob, Statement, Tree, Verdict, judge,
};

const SHIM: (&str, &str) = (".gitlab-ci.yml", "aa");

fn files() -> std::collections::BTreeMap<String, String> {
    [(SHIM.0.to_owned(), SHIM.1.to_owned())].into()
}

fn policy(require: Proof) -> Policy {
    Policy {
        manifest: Manifest {
            releases: vec![Release {
                name: "first".to_owned(),
                files: files(),
                tests: Vec::new(),
            }],
        },
        workflow: Some(PinnedWorkflow {
            repository: "school/ci".to_owned(),
            path: "grade.gitlab-ci.yml".to_owned(),
            shas: vec!["1111".to_owned()],
            job: "proof".to_owned(),
        }),
        require,
        ..Policy::default()
    }
}

fn pipeline() -> Pipeline {
    Pipeline {
        host: "gitlab.com".to_owned(),
        project: "School/2026/ann".to_owned(),
        config: ".gitlab-ci.yml".to_owned(),
        signing: vec![SigningJob {
            id: 702,
            is_hosted: Some(true),
        }],
        variables: Some(Vec::new()),
    }
}

fn claims() -> JobClaims {
    JobClaims {
        audience: graded().audience(),
        project_id: 7,
        pipeline_id: 70,
        job_id: 702,
        sha: "EE".to_owned(),
        config: Some("gitlab.com/School/2026/ann//.gitlab-ci.yml@refs/heads/main".to_owned()),
        role: Some("developer".to_owned()),
        runner: "gitlab-hosted".to_owned(),
        issued_at: started_at() + TimeDelta::minutes(9),
    }
}

fn started_at() -> DateTime<chrono::Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000)
}

fn graded() -> Statement {
    let mut graded = Statement::default();
    graded.add("grade-reports", b"grade");
    graded
}

fn facts(pipeline: Pipeline, claims: Option<JobClaims>) -> Facts {
    Facts {
        head_sha: "ee".to_owned(),
        event: Some("push".to_owned()),
        tree: Some(Tree {
            files: files(),
            ..Tree::default()
        }),
        run: Some(RunStamp {
            repository_id: 7,
            run_id: 70,
            attempt: 1,
            started_at: started_at(),
            ended_at: started_at() + TimeDelta::minutes(10),
        }),
        pipeline: Some(pipeline),
        signature: claims.map(|claims| Signature::SignedJob(Box::new(claims))),
        graded: graded(),
        ..Facts::default()
    }
}

fn told(require: Proof, facts: &Facts) -> Verdict {
    judge(Some(&policy(require)), facts, 0)
}

#[test]
fn each_level_is_told_as_far_as_it_holds() {
    let signed = facts(pipeline(), Some(claims()));
    for require in [Proof::ProtectedTree, Proof::PinnedGrader, Proof::Signed] {
        let verdict = told(require, &signed);
        assert_eq!(verdict.reasons, [], "{require:?}");
        assert_eq!(verdict.proof, Some(Proof::Signed), "{require:?}");
    }
    let unsigned = facts(pipeline(), None);
    let verdict = told(Proof::ProtectedTree, &unsigned);
    assert_eq!(verdict.proof, Some(Proof::ProtectedTree));
    for (require, reason) in [
        (Proof::PinnedGrader, Reason::GraderUnknown),
        (Proof::Signed, Reason::NotSigned),
    ] {
        let verdict = told(require, &unsigned);
        assert_eq!(
            (verdict.level, verdict.reasons),
            (Level::Advisory, vec![reason])
        );
    }
}

#[test]
fn each_claim_is_held_against_the_pipeline() {
    type Change = fn(&mut JobClaims);
    let own = "gitlab.com/School/2026/ann//mine.yml@refs/heads/main";
    let cases: [(Change, Claim); 10] = [
        (|claims| claims.audience.push('0'), Claim::Reports),
        (|claims| claims.project_id = 8, Claim::Run),
        (|claims| claims.pipeline_id = 71, Claim::Run),
        (|claims| claims.sha.push('f'), Claim::Run),
        (|claims| claims.job_id = 701, Claim::Job),
        (|claims| claims.config = None, Claim::Workflow),
        (
            |claims| claims.issued_at += TimeDelta::hours(1),
            Claim::Time,
        ),
        (
            |claims| claims.issued_at -= TimeDelta::hours(1),
            Claim::Time,
        ),
        (
            |claims| {
                let of_other = "gitlab.com/School/2026/ben//.gitlab-ci.yml@refs/heads/main";
                claims.config = Some(of_other.to_owned());
            },
            Claim::Workflow,
        ),
        (
            |claims| {
                let elsewhere = "example.org/School/2026/ann//.gitlab-ci.yml@refs/heads/main";
                claims.config = Some(elsewhere.to_owned());
            },
            Claim::Workflow,
        ),
    ];
    for (change, claim) in cases {
        let mut changed = claims();
        change(&mut changed);
        let verdict = told(Proof::ProtectedTree, &facts(pipeline(), Some(changed)));
        assert_eq!(verdict.reasons, [Reason::SignatureOfOther { claim }]);
        assert_eq!(verdict.level, Level::NeedsReview);
    }
    let mut changed = claims();
    changed.config = Some(own.to_owned());
    let verdict = told(Proof::Signed, &facts(pipeline(), Some(changed)));
    assert_eq!(verdict.level, Level::NeedsReview);
}

#[test]
fn a_second_job_of_the_name_or_a_machine_of_ones_own_proves_nothing() {
    let mut twice = pipeline();
    let job = SigningJob {
        id: 703,
        is_hosted: Some(true),
    };
    twice.signing.push(job);
    let mut elsewhere = pipeline();
    elsewhere.signing[0].is_hosted = Some(false);
    let own_server = JobClaims {
        runner: "self-hosted".to_owned(),
        ..claims()
    };
    for (pipeline, claims, claim) in [
        (twice, claims(), Claim::Job),
        (elsewhere, own_server.clone(), Claim::Runner),
    ] {
        let verdict = told(Proof::Signed, &facts(pipeline, Some(claims)));
        assert_eq!(verdict.reasons, [Reason::SignatureOfOther { claim }]);
    }
    let verdict = told(Proof::Signed, &facts(pipeline(), Some(own_server)));
    assert_eq!(
        verdict.proof,
        Some(Proof::Signed),
        "an administrator's runner"
    );
}

#[test]
fn a_token_proves_nothing_of_whoever_may_change_the_settings() {
    let with_role = |role: Option<&str>| JobClaims {
        role: role.map(str::to_owned),
        ..claims()
    };
    for role in [
        None,
        Some("maintainer"),
        Some("owner"),
        Some("admin"),
        Some(""),
    ] {
        let verdict = told(Proof::Signed, &facts(pipeline(), Some(with_role(role))));
        assert_eq!(verdict.reasons, [Reason::SettingsOpen], "{role:?}");
        assert_eq!(verdict.level, Level::Advisory, "{role:?}");
        assert_eq!(verdict.proof, Some(Proof::ProtectedTree), "{role:?}");
    }
    for project in ["ann/practice", "schools/ann", "school"] {
        let outside = Pipeline {
            project: project.to_owned(),
            ..pipeline()
        };
        let own = JobClaims {
            config: Some(format!("gitlab.com/{project}//.gitlab-ci.yml@main")),
            ..claims()
        };
        let verdict = told(Proof::Signed, &facts(outside, Some(own)));
        assert_eq!(verdict.reasons, [Reason::SettingsOpen], "{project}");
    }
}

#[test]
fn variables_of_somebodys_own_are_looked_at_and_unknown_ones_keep_it_from_being_signed() {
    let given = Pipeline {
        variables: Some(vec!["BASH_ENV".to_owned()]),
        ..pipeline()
    };
    for require in [Proof::ProtectedTree, Proof::Signed] {
        let verdict = told(require, &facts(given.clone(), Some(claims())));
        let names = vec!["BASH_ENV".to_owned()];
        assert_eq!(verdict.reasons, [Reason::Variables { names }]);
        assert_eq!(verdict.level, Level::NeedsReview);
    }
    let hidden = Pipeline {
        variables: None,
        ..pipeline()
    };
    let verdict = told(Proof::Signed, &facts(hidden, Some(claims())));
    assert_eq!(verdict.reasons, [Reason::VariablesUnknown]);
    assert_eq!(verdict.level, Level::Advisory);
}

#[test]
fn a_configuration_that_members_can_change_is_looked_at() {
    let judged = |config: &str, policy: &Policy| {
        let pipeline = Pipeline {
            config: config.to_owned(),
            ..pipeline()
        };
        judge(Some(policy), &facts(pipeline, None), 0).reasons
    };
    let policy = policy(Proof::ProtectedTree);
    assert_eq!(judged(".gitlab-ci.yml", &policy), []);
    assert_eq!(judged("grade.yml@School/CI", &policy), []);
    assert_eq!(judged("grade.yml@school/ci:2026", &policy), []);
    for config in [
        "mine.yml",
        "grade.yml@ann/ci",
        "grade.yml@ann/ci:school/ci",
        "https://example.org/school/ci.yml",
        "https://example.org/grade.yml@school/ci",
    ] {
        let path = config.to_owned();
        assert_eq!(judged(config, &policy), [Reason::OtherConfig { path }]);
    }
    let mut open = policy;
    open.protect = vec![crate::domain::pattern::PathPattern::new("tests/**").unwrap()];
    assert_eq!(judged(".gitlab-ci.yml", &open), [Reason::WorkflowOpen]);
}

#[test]
fn a_configuration_of_the_instructors_project_may_be_named_or_left_out_by_the_token() {
    let external = Pipeline {
        config: "grade.yml@school/ci".to_owned(),
        ..pipeline()
    };
    let named = "gitlab.com/School/2026/ann//grade.yml@school/ci@refs/heads/main";
    for (config, fits) in [
        (None, true),
        (Some(named.to_owned()), true),
        (claims().config, false),
    ] {
        let claims = JobClaims { config, ..claims() };
        let verdict = told(Proof::Signed, &facts(external.clone(), Some(claims)));
        assert_eq!(
            verdict.proof == Some(Proof::Signed),
            fits,
            "{:?}",
            verdict.reasons
        );
    }
}
