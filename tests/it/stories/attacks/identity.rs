//! Other people's runs, old runs, copies, and accounts that change their names.

use docent::play::github::RunSpec;
use serde_json::json;

use super::stage::{Attempt, JUNIT, Stage};

/// The honest report with the time that pytest writes.
fn dated() -> Vec<u8> {
    let time = r#"tests="2" timestamp="2026-11-22T12:01:07.345678+00:00" hostname="runner""#;
    JUNIT.replace(r#"tests="2""#, time).into_bytes()
}

fn is_review(seen: &super::stage::Seen) -> bool {
    seen.level.as_deref() == Some("needs_review")
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_of_another_run_are_looked_at_and_their_owner_is_not() {
    let stage = Stage::open().await;
    let first = stage.run().with_report("junit.xml", dated());
    let seen = stage.submit("anna", &first).await;
    assert_eq!(seen.level.as_deref(), Some("verified"), "{seen:?}");
    // The owner may hand in the same work again.
    let again = stage.run().with_report("junit.xml", dated());
    let seen = stage.submit("anna", &again).await;
    assert_eq!(seen.level.as_deref(), Some("verified"), "{seen:?}");

    let copy = stage
        .run()
        .of("student-ben", 43)
        .with_report("junit.xml", dated());
    let seen = stage.submit("ben", &copy).await;
    assert!(is_review(&seen), "{seen:?}");
    assert!(
        !seen.text.contains("student-ann"),
        "whose run it was is nobody's business: {seen:?}"
    );
    insta::assert_snapshot!("attacks_en_same_reports", seen.text);
    stage.is_well("copied reports").await;
    for person in ["vera", "walter"] {
        let list = stage.world.person(person).slash("grade review").await;
        let list = crate::stories::settled(&list.expect("a list").text());
        insta::assert_snapshot!(format!("attacks_{person}_same_reports"), list);
    }
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_of_another_run_are_looked_at_when_they_are_a_solution() {
    let stage = Stage::open().await;
    let first = stage.run();
    let tree = first.run["head_commit"]["tree_id"].clone();
    stage.submit("ben", &first).await;
    let mut copy = stage.run().of("student-ann-2", 44);
    copy.run["head_commit"]["tree_id"] = tree;
    let seen = stage.submit("anna", &copy).await;
    assert!(is_review(&seen), "{seen:?}");
    insta::assert_snapshot!("attacks_ru_same_files", seen.text);
    stage.is_well("copied files").await;

    // A starter that nobody touched is the same for all: its tests are red.
    let red = JUNIT.replace(
        r#"name="test_folders"/>"#,
        r#"name="test_folders"><failure message="not yet"/></testcase>"#,
    );
    let untouched = |run: Attempt| {
        let mut run = run.with_report("junit.xml", red.clone());
        run.run["head_commit"]["tree_id"] = json!("7".repeat(40));
        run
    };
    for (person, login, account) in [("anna", "student-ann", 42), ("ben", "student-ben", 43)] {
        let run = untouched(stage.run().of(login, account));
        let seen = stage.submit(person, &run).await;
        assert_eq!(seen.level.as_deref(), Some("verified"), "{seen:?}");
        assert_eq!(seen.grade.as_deref(), Some("C"), "{seen:?}");
    }
    stage.end().await;
}

/// Clean linters and empty lists are alike for everybody.
#[tokio::test(flavor = "multi_thread")]
async fn reports_that_say_no_time_are_alike_and_raise_no_alarm() {
    let stage = Stage::open().await;
    for (person, login, account) in [("anna", "student-ann", 42), ("ben", "student-ben", 43)] {
        let seen = stage.submit(person, &stage.run().of(login, account)).await;
        assert_eq!(seen.level.as_deref(), Some("verified"), "{seen:?}");
    }
    stage.end().await;
}

/// A copy is seen as well when its grade comes later, by a job.
#[tokio::test(flavor = "multi_thread")]
async fn a_copy_whose_run_is_still_going_is_looked_at_when_it_ends() {
    let stage = Stage::open().await;
    let first = stage.run().with_report("junit.xml", dated());
    stage.submit("anna", &first).await;
    let mut copy = stage
        .run()
        .of("student-ben", 43)
        .with_report("junit.xml", dated());
    copy.run["status"] = json!("in_progress");
    copy.run["conclusion"] = json!(null);
    let seen = stage.submit("ben", &copy).await;
    assert_eq!(seen.level, None, "{seen:?}");
    let github = &stage.world.github;
    github.complete_run(copy.number, "success").expect("a run");
    let ben = stage.world.person("ben");
    let told = crate::stories::submit::wait_for(&ben, "FIRST: S").await;
    assert!(
        told.text().contains("as those of another run"),
        "{}",
        told.text()
    );
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_its_first_owners_in_every_attempt_and_under_every_name() {
    let stage = Stage::open().await;
    let run = stage.run();
    let seen = stage.submit("anna", &run).await;
    assert_eq!(seen.grade.as_deref(), Some("S"), "{seen:?}");
    let taken = "handed in by another member";
    let seen = stage.submit_link("ben", &run.link(), run.number).await;
    assert!(seen.text.contains(taken), "{seen:?}");
    let attempt = format!("{}/attempts/1", run.link());
    let seen = stage.submit_link("anna", &attempt, run.number).await;
    assert!(seen.text.contains("уже сдавали"), "{seen:?}");

    let mut second = stage.run();
    second.number = run.number;
    second.overrides.run_id = Some(run.number);
    second.run["run_attempt"] = json!(2);
    second.run["run_started_at"] = json!("2026-11-22T12:00:30Z");
    second.add_to(&stage.world);
    let link = format!("{}/attempts/2", run.link());
    let seen = stage.submit_link("ben", &link, run.number).await;
    assert!(
        seen.text.contains(taken),
        "a later attempt is no new run: {seen:?}"
    );
    let seen = stage.submit_link("anna", &link, run.number).await;
    assert!(
        seen.text.contains("FIRST: S"),
        "an owner's later attempt counts: {seen:?}"
    );

    let (old, new) = (run.repository(), "student-ann/renamed");
    stage
        .world
        .github
        .rename_repository(&old, new)
        .expect("a repository");
    let seen = stage.submit_link("ben", &run.link(), run.number).await;
    assert!(seen.text.contains(taken), "by the old name: {seen:?}");
    let link = run.link().replace(&old, new);
    let seen = stage.submit_link("ben", &link, run.number).await;
    assert!(seen.text.contains(taken), "by the new name: {seen:?}");
    stage.is_well("a rename").await;
    stage.end().await;
}

/// Names are given away and taken; what counts is the number of an account.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_takes_a_members_name_does_not_become_the_member() {
    let stage = Stage::open().await;
    let link = |login: &str, account: u64, run: u64, branch: &str| {
        let spec = RunSpec {
            owner_id: account,
            head_branch: branch.to_owned(),
            ..RunSpec::new(&format!("{login}/linking"), run)
        };
        stage.world.github.add_run(spec).expect("a run");
        format!("https://github.com/{login}/linking/actions/runs/{run}")
    };
    let ask = async |person: &str| {
        let text = stage
            .world
            .person(person)
            .slash("link")
            .await
            .expect("an answer")
            .text();
        let branch = text.split('`').find(|part| part.starts_with("docent-"));
        branch.expect("a branch").to_owned()
    };
    let give = async |person: &str, link: &str| {
        let person = stage.world.person(person);
        let answer = person.slash("link").opt("run", link).await;
        answer.expect("an answer").text()
    };
    let branch = ask("anna").await;
    give("anna", &link("ann", 42, 1, &branch)).await;

    // Anna renames her account, and another account takes the old name.
    let seen = stage
        .submit("anna", &stage.run().of("ann-the-second", 42))
        .await;
    assert_eq!(
        seen.grade.as_deref(),
        Some("S"),
        "a rename changes nothing: {seen:?}"
    );
    let foreign = stage.run().of("ann", 4_242);
    let seen = stage.submit("anna", &foreign).await;
    assert_eq!(seen.level, None, "the name is hers no more: {seen:?}");
    assert!(seen.text.contains("ann"), "{seen:?}");

    // Ben cannot hand in what Anna's account started, nor tie that account to himself.
    let seen = stage
        .submit("ben", &stage.run().of("ann-the-second", 42))
        .await;
    assert_eq!(seen.level, None, "{seen:?}");
    let branch = ask("ben").await;
    let refused = give("ben", &link("ann-the-second", 42, 2, &branch)).await;
    assert!(refused.contains("another member"), "{refused}");
    let seen = stage
        .submit("anna", &stage.run().of("ann-the-second", 42))
        .await;
    assert_eq!(
        seen.grade.as_deref(),
        Some("S"),
        "it is Anna's still: {seen:?}"
    );
    stage.is_well("taken names").await;
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn events_that_run_other_code_than_the_commits_are_refused() {
    let stage = Stage::open().await;
    for (event, person) in [
        ("pull_request_target", "anna"),
        ("workflow_run", "ben"),
        ("schedule", "anna"),
        ("repository_dispatch", "ben"),
    ] {
        let mut run = stage.run();
        run.run["event"] = json!(event);
        let seen = stage.submit(person, &run).await;
        assert!(seen.text.contains(event), "{seen:?}");
        assert_eq!(seen.grade, None, "{seen:?}");
        stage.is_well(event).await;
    }
    stage.end().await;
}

/// A run of a pull request tests a merge, which may hold what the commit does not.
#[tokio::test(flavor = "multi_thread")]
async fn a_merge_with_files_that_nobody_compared_is_looked_at() {
    let stage = Stage::open().await;
    for (name, fork) in [("a fork", true), ("a branch", false)] {
        let mut run = stage.run();
        run.run["event"] = json!("pull_request");
        if fork {
            run.run["head_repository"]["id"] = json!(990_000_001);
        }
        let seen = stage.submit("ben", &run).await;
        assert!(is_review(&seen), "{name}: {seen:?}");
        assert_eq!(seen.grade.as_deref(), Some("S"), "{name}: {seen:?}");
        if fork {
            insta::assert_snapshot!("attacks_en_merge", seen.text);
        }
    }
    stage.end().await;
}
