//! Handing in practices.

use std::time::Duration;

use discord_loopback::{Actor, MessageView, Reply};

use super::settled;
use crate::world::{Bot, Sample, World, link, message};

const PATIENCE: Duration = Duration::from_secs(40);
/// The number of a run that is still going.
const RUN: u64 = 7_100_000_900;

#[tokio::test(flavor = "multi_thread")]
async fn a_perfect_run_earns_the_best_grade_in_both_languages() {
    let (world, bot) = World::with_bot().await;
    let run = link(&world.github, "01-perfect");
    let reply = submit(&world.person("anna"), &run).await;
    assert!(reply.ephemeral, "a grade is private");
    insta::assert_snapshot!("submit_ru_perfect", settled(&reply.text()));
    let progress = world
        .person("anna")
        .slash("progress")
        .await
        .expect("progress");
    assert!(
        progress.text().contains("ADVANCED: **S** (100\u{a0}%)"),
        "{}",
        progress.text()
    );
    let other = Sample::read("01-perfect")
        .of_another(7_100_000_001)
        .add_to(&world.github);
    let reply = submit(&world.person("ben"), &other).await;
    insta::assert_snapshot!("submit_en_perfect", settled(&reply.text()));
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_fault_has_its_grade_its_cost_and_its_section() {
    let (world, bot) = World::with_bot().await;
    for (name, person) in [
        ("02-one-failing-test", "ben"),
        ("04-missing-downgrade", "anna"),
        ("06-lint-errors", "ben"),
        ("08-e2e-failing", "anna"),
        ("12-flaky-retried", "ben"),
        ("16-no-tests-ran", "anna"),
    ] {
        let run = link(&world.github, name);
        let reply = submit(&world.person(person), &run).await;
        insta::assert_snapshot!(
            format!("submit_{}", name.replace('-', "_")),
            settled(&reply.text())
        );
    }
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_section_that_a_grade_points_to_opens() {
    let (world, bot) = World::with_bot().await;
    let run = link(&world.github, "04-missing-downgrade");
    let anna = world.person("anna");
    let reply = submit(&anna, &run).await;
    let opened = anna
        .select(message(&reply), "Открыть раздел", &["al5-downgrade"])
        .await
        .expect("a section");
    assert!(
        opened.ephemeral && opened.text().contains("AL5"),
        "{}",
        opened.text()
    );
    assert!(
        opened.text().to_lowercase().contains("downgrade"),
        "{}",
        opened.text()
    );
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_still_going_is_graded_later_and_the_answer_comes_by_itself() {
    let (world, bot) = World::with_bot().await;
    let run = Sample::read("01-perfect")
        .running()
        .numbered(RUN)
        .add_to(&world.github);
    let anna = world.person("anna");
    let waiting = submit(&anna, &run).await;
    insta::assert_snapshot!("submit_ru_waiting", settled(&waiting.text()));
    let again = submit(&anna, &run).await;
    insta::assert_snapshot!("submit_ru_waiting_twice", settled(&again.text()));
    world.github.complete_run(RUN, "success").expect("a run");
    let graded = wait_for(&anna, "ADVANCED: S").await;
    assert!(graded.ephemeral, "a grade that comes later is private too");
    assert!(
        graded.file_names().is_empty(),
        "where nothing failed there is no more to tell"
    );
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grade_that_comes_after_the_token_ended_is_a_direct_message() {
    let (world, bot) = World::with_bot().await;
    let run = Sample::read("02-one-failing-test")
        .running()
        .numbered(RUN)
        .add_to(&world.github);
    let ben = world.person("ben");
    submit(&ben, &run).await;
    world.discord.clock().advance(Duration::from_mins(16));
    world.github.complete_run(RUN, "failure").expect("a run");
    let graded = ben.wait_for_dm(PATIENCE).await.expect("a direct message");
    assert!(graded.text().contains("ADVANCED: C"), "{}", graded.text());
    world.discord.clear_violations();
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_handed_in_once_and_by_one_member() {
    let (world, bot) = World::with_bot().await;
    let run = link(&world.github, "06-lint-errors");
    let (anna, ben) = (world.person("anna"), world.person("ben"));
    submit(&anna, &run).await;
    let again = anna
        .slash("submit")
        .opt("link", format!("<{run}>").as_str())
        .await
        .expect("an answer");
    insta::assert_snapshot!("submit_ru_twice", settled(&again.text()));
    let taken = submit(&ben, &run).await;
    insta::assert_snapshot!("submit_en_taken", settled(&taken.text()));
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_members_who_hand_in_a_run_at_once_do_not_both_get_it() {
    let (world, bot) = World::with_bot().await;
    let run = link(&world.github, "01-perfect");
    let (anna, ben) = (world.person("anna"), world.person("ben"));
    let (first, second) = tokio::join!(
        anna.slash("submit").opt("link", run.as_str()),
        ben.slash("submit").opt("link", run.as_str())
    );
    let texts = [
        first.expect("an answer").text(),
        second.expect("an answer").text(),
    ];
    let graded = texts
        .iter()
        .filter(|text| text.contains("ADVANCED: S"))
        .count();
    assert_eq!(graded, 1, "{texts:#?}");
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_link_gets_one_sentence_that_says_what_to_do() {
    let (world, bot) = World::with_bot().await;
    let (anna, ben) = (world.person("anna"), world.person("ben"));
    let mut seen = Vec::new();
    for text in [
        "сделал!",
        "https://gitlab.com/a/b/-/pipelines/1",
        "https://github.com/student-ann/alembic-practice",
        "https://github.com:8443/a/b/actions/runs/1",
        "https://github.com/student-ann/alembic-practice/actions/runs/404",
    ] {
        for person in [&anna, &ben] {
            let reply = submit(person, text).await;
            assert!(reply.ephemeral);
            seen.push(format!("{text}\n  {}", reply.text()));
        }
    }
    insta::assert_snapshot!("submit_wrong_links", seen.join("\n"));
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn expired_cancelled_and_foreign_reports_each_have_their_answer() {
    let (world, bot) = World::with_bot().await;
    let anna = world.person("anna");
    let run = link(&world.github, "01-perfect");
    world.github.expire_artifacts(7_000_000_000).expect("a run");
    let mut seen = vec![submit(&anna, &run).await.text()];
    let mut cancelled = Sample::read("02-one-failing-test");
    cancelled.recorded.run["conclusion"] = "cancelled".into();
    let run = cancelled.add_to(&world.github);
    seen.push(submit(&anna, &run).await.text());
    let mut foreign = Sample::read("08-e2e-failing");
    for artifact in foreign.recorded.artifacts["artifacts"]
        .as_array_mut()
        .expect("artifacts")
    {
        artifact["name"] = "something-else".into();
    }
    foreign.recorded.zips.clear();
    let run = foreign.add_to(&world.github);
    seen.push(submit(&anna, &run).await.text());
    insta::assert_snapshot!("submit_ru_no_reports", seen.join("\n"));
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn github_out_of_reach_loses_nothing() {
    let world = World::with_settings(&[("GITHUB_API_URL", "http://127.0.0.1:9")]).await;
    let bot = Bot::start(&world).await;
    let link = "https://github.com/student-ann/alembic-practice/actions/runs/7000000000";
    let reply = submit(&world.person("anna"), link).await;
    insta::assert_snapshot!("submit_ru_unreachable", settled(&reply.text()));
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_practice_may_be_chosen() {
    let (world, bot) = World::with_bot().await;
    let run = link(&world.github, "08-e2e-failing");
    let reply = world
        .person("ben")
        .slash("submit")
        .opt("link", run.as_str())
        .opt("practice", "basic")
        .await
        .expect("a grade");
    assert!(
        reply.text().contains("BASIC: S"),
        "BASIC asks for no browser tests: {}",
        reply.text()
    );
    world.end(bot).await;
}

/// Hands in a link.
pub async fn submit(person: &Actor, link: &str) -> Reply {
    let answered = person.slash("submit").opt("link", link).await;
    answered.expect("an answer to a link")
}

/// Waits for a message with these words, which the bot sends by itself.
pub async fn wait_for(person: &Actor, words: &str) -> MessageView {
    let begun = std::time::Instant::now();
    loop {
        let found = person
            .messages("general")
            .into_iter()
            .find(|seen| seen.text().contains(words));
        if let Some(found) = found {
            return found;
        }
        assert!(begun.elapsed() < PATIENCE, "nothing with «{words}» came");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
