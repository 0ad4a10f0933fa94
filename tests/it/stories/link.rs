//! Linking an account, and what it keeps others from.

use discord_loopback::Actor;
use docent::play::github::RunSpec;

use super::hand_in::submit;
use crate::world::{Sample, World};

const ANNA: &str = "student-ann/practice";
const ANNAS_ACCOUNT: u64 = 42;
const BENS_ACCOUNT: u64 = 43;

/// A run of an account, on a branch, started by a push.
pub fn run(number: u64, account: u64, branch: &str) -> RunSpec {
    RunSpec {
        owner_id: account,
        head_branch: branch.to_owned(),
        ..RunSpec::new(ANNA, number)
    }
}

fn address(number: u64) -> String {
    format!("https://github.com/{ANNA}/actions/runs/{number}")
}

/// Asks for a branch and tells it.
pub async fn ask(person: &Actor) -> (String, String) {
    let text = person.slash("link").await.expect("an answer").text();
    let at = text.find("docent-").expect("a branch");
    let rest = text.get(at..).expect("the rest");
    let branch: String = rest.chars().take(23).collect();
    let shown = text.replace(&branch, "BRANCH");
    (branch, shown)
}

pub async fn give(person: &Actor, number: u64) -> String {
    let answered = person.slash("link").opt("run", address(number).as_str());
    answered.await.expect("an answer").text()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_branch_only_they_know_links_an_account_to_a_member() {
    let (world, bot) = World::with_bot().await;
    let (anna, ben) = (world.person("anna"), world.person("ben"));
    insta::assert_snapshot!("link_ru_without_asking", {
        world
            .github
            .add_run(run(1, ANNAS_ACCOUNT, "main"))
            .expect("a run");
        give(&anna, 1).await
    });
    let (branch, shown) = ask(&anna).await;
    insta::assert_snapshot!("link_ru_asked", shown);
    assert_eq!(ask(&anna).await.0, branch, "the branch stays the same");
    let (bens, shown) = ask(&ben).await;
    insta::assert_snapshot!("link_en_asked", shown);
    assert_ne!(bens, branch);
    insta::assert_snapshot!(
        "link_ru_other_branch",
        give(&anna, 1).await.replace(&branch, "BRANCH")
    );
    world
        .github
        .add_run(RunSpec {
            event: "pull_request".to_owned(),
            ..run(2, ANNAS_ACCOUNT, &branch)
        })
        .expect("a run");
    let refused = give(&anna, 2).await;
    assert!(refused.contains(&branch), "only a push counts: {refused}");
    world
        .github
        .add_run(run(3, ANNAS_ACCOUNT, &branch))
        .expect("a run");
    let refused = give(&ben, 3).await;
    assert!(
        refused.contains(&bens),
        "Anna's branch is none of Ben's: {refused}"
    );
    insta::assert_snapshot!("link_ru_linked", give(&anna, 3).await);
    let (_, shown) = ask(&anna).await;
    assert!(shown.contains("Сейчас привязан"), "{shown}");
    world
        .github
        .add_run(run(4, ANNAS_ACCOUNT, &bens))
        .expect("a run");
    insta::assert_snapshot!("link_en_taken", give(&ben, 4).await);
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_of_a_linked_account_are_handed_in_by_its_owner_alone() {
    let (world, bot) = World::with_bot().await;
    let (anna, ben) = (world.person("anna"), world.person("ben"));
    let (branch, _) = ask(&anna).await;
    let practice = Sample::read("01-perfect").add_to(&world.github);
    let actor = Sample::read("01-perfect").recorded.run["actor"]["id"]
        .as_u64()
        .expect("an account");
    world.github.add_run(run(3, actor, &branch)).expect("a run");
    give(&anna, 3).await;
    insta::assert_snapshot!("link_en_run_of_another", submit(&ben, &practice).await);
    let graded = submit(&anna, &practice).await;
    assert!(graded.contains("ADVANCED: S"), "{graded}");
    let (branch, _) = ask(&ben).await;
    let own = RunSpec {
        repository: "student-ben/practice".to_owned(),
        ..run(5, BENS_ACCOUNT, &branch)
    };
    world.github.add_run(own).expect("a run");
    let own = "https://github.com/student-ben/practice/actions/runs/5";
    let linked = ben.slash("link").opt("run", own).await.expect("an answer");
    assert!(linked.text().contains("student-ben"), "{}", linked.text());
    world.github.add_run(run(6, 77, "main")).expect("a run");
    insta::assert_snapshot!("link_en_other_account", submit(&ben, &address(6)).await);
    world.end(bot).await;
}
