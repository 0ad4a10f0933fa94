//! Verdicts on small trees: what is left alone, what is looked at, and what is not known.

use super::{
    CalledWorkflow, Facts, Level, Manifest, PinnedWorkflow, Policy, Reason, Release, StandIn, Tree,
    judge,
};
use crate::domain::pattern::PathPattern;

fn files(entries: &[(&str, &str)]) -> std::collections::BTreeMap<String, String> {
    entries
        .iter()
        .map(|(path, sha)| ((*path).to_owned(), (*sha).to_owned()))
        .collect()
}

fn globs(texts: &[&str]) -> Vec<PathPattern> {
    texts
        .iter()
        .map(|text| PathPattern::new(text).unwrap())
        .collect()
}

const GIVEN: [(&str, &str); 3] = [
    (".github/workflows/practice.yml", "aa"),
    ("back/tests/conftest.py", "bb"),
    ("back/tests/test_api.py", "cc"),
];

fn policy() -> Policy {
    Policy {
        manifest: Manifest {
            releases: vec![
                Release {
                    name: "first".to_owned(),
                    files: files(&[(".github/workflows/practice.yml", "a0"), GIVEN[1], GIVEN[2]]),
                    tests: Vec::new(),
                },
                Release {
                    name: "second".to_owned(),
                    files: files(&GIVEN),
                    tests: Vec::new(),
                },
            ],
        },
        protect: globs(&[".github/**", "back/tests/**"]),
        forbid: globs(&["**/conftest.py", "**/*.pth", "back/pytest.ini"]),
        editable: globs(&["back/tests/own/**"]),
        ..Policy::default()
    }
}

fn facts(changes: &[(&str, &str)]) -> Facts {
    let mut tree = files(&GIVEN);
    tree.insert("back/app/main.py".to_owned(), "dd".to_owned());
    for (path, sha) in changes {
        if sha.is_empty() {
            tree.remove(*path);
        } else {
            tree.insert((*path).to_owned(), (*sha).to_owned());
        }
    }
    Facts {
        head_sha: "ee".to_owned(),
        event: Some("push".to_owned()),
        tree: Some(Tree {
            files: tree,
            ..Tree::default()
        }),
        workflows: Some(Vec::new()),
        ..Facts::default()
    }
}

fn reasons(changes: &[(&str, &str)]) -> (Level, Vec<String>) {
    let verdict = judge(Some(&policy()), &facts(changes), 0);
    let reasons = verdict.reasons.iter().map(ToString::to_string);
    (verdict.level, reasons.collect())
}

#[test]
fn work_in_ones_own_files_is_verified() {
    assert_eq!(reasons(&[]), (Level::Verified, Vec::new()));
    let own = [
        ("back/app/main.py", "d1"),
        ("back/app/users.py", "d2"),
        ("back/tests/own/test_mine.py", "d3"),
    ];
    assert_eq!(reasons(&own), (Level::Verified, Vec::new()));
}

#[test]
fn whatever_differs_is_listed_and_a_person_looks() {
    let told = |changes: &[(&str, &str)]| {
        let (level, reasons) = reasons(changes);
        assert_eq!(level, Level::NeedsReview);
        reasons.join("; ")
    };
    assert_eq!(
        told(&[("back/tests/conftest.py", "b1")]),
        "back/tests/conftest.py is changed"
    );
    assert_eq!(
        told(&[("back/tests/test_api.py", "")]),
        "back/tests/test_api.py is gone"
    );
    assert_eq!(
        told(&[("back/tests/test_more.py", "c1")]),
        "back/tests/test_more.py is added where everything stays as given"
    );
    for path in [
        "conftest.py",
        "back/app/conftest.py",
        "back/tests/own/conftest.py",
        "back/x.pth",
    ] {
        assert_eq!(
            told(&[(path, "f1")]),
            format!("{path} is added and changes how tests are run")
        );
    }
    assert_eq!(
        told(&[(".github/workflows/practice.yml", "a9")]),
        ".github/workflows/practice.yml is changed"
    );
}

#[test]
fn a_workflow_of_ones_own_is_told_also_where_only_the_given_one_is_protected() {
    let own = ".github/workflows/mine.yml";
    let judged = |change: &dyn Fn(&mut Policy)| {
        let mut policy = Policy {
            protect: globs(&[".github/workflows/practice.yml", "back/tests/**"]),
            ..policy()
        };
        change(&mut policy);
        let facts = facts(&[(own, "f1")]);
        let verdict = judge(Some(&policy), &facts, 0);
        let trimmed = facts.trim(&policy);
        assert_eq!(judge(Some(&policy), &trimmed, 0), verdict);
        verdict.reasons
    };
    let path = own.to_owned();
    assert_eq!(judged(&|_| {}), [Reason::Added { path: path.clone() }]);
    assert_eq!(
        judged(&|policy| policy.protect.clear()),
        [Reason::Added { path }]
    );
    let allow = |policy: &mut Policy| policy.editable = globs(&[".github/workflows/mine.yml"]);
    assert_eq!(judged(&allow), []);
}

#[test]
fn what_stands_for_other_files_is_looked_at_where_it_could_hide_one() {
    let told = |path: &str, stand_in: StandIn| {
        let mut facts = facts(&[(path, "f1")]);
        let tree = facts.tree.as_mut().unwrap();
        tree.stand_ins.insert(path.to_owned(), stand_in);
        let trimmed = facts.clone().trim(&policy());
        let verdict = judge(Some(&policy()), &facts, 0);
        assert_eq!(judge(Some(&policy()), &trimmed, 0), verdict, "{path}");
        verdict.reasons
    };
    let path = "vendor".to_owned();
    let submodule = Reason::Submodule { path };
    assert_eq!(told("vendor", StandIn::Submodule), [submodule]);
    assert_eq!(told("AGENTS.md", StandIn::Link), []);
    let path = "Back/Tests".to_owned();
    assert_eq!(
        told("Back/Tests", StandIn::Link),
        [Reason::Added { path }],
        "a folder by another case"
    );
}

#[test]
fn a_file_that_is_hardly_told_from_a_given_one_is_looked_at() {
    let path = ".github/workflows/Practice.yml";
    let mut policy = policy();
    policy.protect.clear();
    let facts = facts(&[(path, "f1"), ("back/tests/more.py", "f2")]);
    let verdict = judge(Some(&policy), &facts, 0);
    let twin = Reason::Twin {
        path: path.to_owned(),
        given: GIVEN[0].0.to_owned(),
    };
    assert_eq!(verdict.reasons, [twin]);
    assert_eq!(judge(Some(&policy), &facts.trim(&policy), 0), verdict);
}

#[test]
fn machines_and_what_another_member_handed_in_count_in_the_verdict() {
    let mut policy = policy();
    policy.hosted_runner = true;
    let mut facts = facts(&[]);
    let unknown = judge(Some(&policy), &facts, 0);
    assert_eq!(unknown.reasons, [Reason::MachinesUnknown]);
    assert_eq!(unknown.level, Level::Advisory);
    facts.own_machines = Some(Vec::new());
    assert_eq!(judge(Some(&policy), &facts, 0).level, Level::Verified);
    facts.own_machines = Some(vec!["test".to_owned()]);
    assert_eq!(judge(Some(&policy), &facts, 0).level, Level::NeedsReview);
    facts.own_machines = Some(Vec::new());
    facts.shared.files = Some("https://github.com/a/b/actions/runs/1".to_owned());
    let shared = judge(Some(&policy), &facts, 0);
    assert_eq!(shared.level, Level::NeedsReview);
    assert_eq!(
        judge(None, &facts, 0).level,
        Level::NeedsReview,
        "without a policy too"
    );
    let stored = serde_json::to_string(&facts).unwrap();
    let back: Facts = serde_json::from_str(&stored).unwrap();
    assert_eq!(judge(Some(&policy), &back, 0), shared);
}

#[test]
fn a_merge_is_not_the_commit_that_is_compared() {
    let mut facts = facts(&[]);
    facts.is_merge = true;
    let verdict = judge(Some(&policy()), &facts, 0);
    assert_eq!(verdict.reasons, [Reason::Merge]);
    assert_eq!(verdict.level, Level::NeedsReview);
}

#[test]
fn a_run_is_compared_with_the_release_it_was_made_from() {
    let old = facts(&[(".github/workflows/practice.yml", "a0")]);
    let verdict = judge(Some(&policy()), &old, 0);
    assert_eq!(verdict.level, Level::Verified);
    assert_eq!(verdict.release.as_deref(), Some("first"));
    let new = judge(
        Some(&policy()),
        &facts(&[("back/tests/test_api.py", "c9")]),
        0,
    );
    assert_eq!(new.release.as_deref(), Some("second"));
}

#[test]
fn what_could_not_be_compared_is_said_and_never_passes_for_verified() {
    let level = |policy: Option<&Policy>, facts: &Facts| {
        let verdict = judge(policy, facts, 0);
        (verdict.level, verdict.reasons)
    };
    assert_eq!(
        level(None, &facts(&[])),
        (Level::Advisory, vec![Reason::NoManifest])
    );
    let mut unknown = facts(&[]);
    unknown.tree = None;
    assert_eq!(
        level(Some(&policy()), &unknown),
        (Level::Advisory, vec![Reason::TreeUnknown])
    );
    let mut cut = facts(&[("back/tests/test_api.py", "")]);
    cut.tree.as_mut().unwrap().truncated = true;
    assert_eq!(
        level(Some(&policy()), &cut),
        (Level::NeedsReview, vec![Reason::TreeTruncated])
    );
    let mut open = policy();
    for release in &mut open.manifest.releases {
        release.files.remove(".github/workflows/practice.yml");
    }
    open.protect = globs(&["back/tests/**"]);
    assert_eq!(
        level(Some(&open), &facts(&[])),
        (Level::Advisory, vec![Reason::WorkflowOpen])
    );
}

#[test]
fn a_pinned_workflow_must_have_been_called_at_a_trusted_commit() {
    let mut policy = policy();
    policy.workflow = Some(PinnedWorkflow {
        repository: "school/ci".to_owned(),
        path: ".github/workflows/grade.yml".to_owned(),
        shas: vec!["1111".to_owned()],
        job: "proof".to_owned(),
    });
    let call = |path: &str, sha: &str| CalledWorkflow {
        path: path.to_owned(),
        sha: sha.to_owned(),
    };
    let told = |workflows: Option<Vec<CalledWorkflow>>| {
        let mut facts = facts(&[]);
        facts.workflows = workflows;
        judge(Some(&policy), &facts, 0).level
    };
    let good = call("School/ci/.github/workflows/grade.yml@v1", "1111");
    assert_eq!(told(Some(vec![good.clone()])), Level::Verified);
    assert_eq!(told(None), Level::Advisory);
    assert_eq!(told(Some(Vec::new())), Level::NeedsReview);
    let moved = call("school/ci/.github/workflows/grade.yml@v1", "2222");
    assert_eq!(told(Some(vec![moved.clone()])), Level::NeedsReview);
    assert_eq!(told(Some(vec![good, moved])), Level::NeedsReview);
    let foreign = call("other/ci/.github/workflows/grade.yml@v1", "1111");
    assert_eq!(told(Some(vec![foreign])), Level::NeedsReview);
}

#[test]
fn events_that_strangers_can_raise_are_refused() {
    let mut facts = facts(&[]);
    facts.event = Some("pull_request_target".to_owned());
    let verdict = judge(Some(&policy()), &facts, 0);
    assert_eq!(
        verdict.to_string(),
        "refused: runs started by pull_request_target are not graded"
    );
}

#[test]
fn given_tests_that_a_green_run_leaves_out_are_looked_at() {
    let verdict = judge(Some(&policy()), &facts(&[]), 2);
    assert_eq!(verdict.to_string(), "needs review");
}

#[test]
fn trimmed_facts_lead_to_the_same_verdict() {
    for changes in [
        &[][..],
        &[("back/tests/test_api.py", "c9"), ("conftest.py", "f1")],
        &[("back/tests/test_more.py", "c1"), ("front/a.ts", "f2")],
    ] {
        let facts = facts(changes);
        let trimmed = facts.clone().trim(&policy());
        assert_eq!(
            judge(Some(&policy()), &facts, 0),
            judge(Some(&policy()), &trimmed, 0)
        );
        let kept = trimmed.tree.unwrap().files;
        assert!(
            !kept.contains_key("back/app/main.py"),
            "of no interest, so not stored"
        );
    }
}
