//! Handing in a practice together.

use std::time::Duration;

use discord_loopback::{Actor, Reply};

use super::{
    link, settled,
    terms::{COURSE, sample, submit},
};
use crate::world::{Bot, Sample, World, message};

const PATIENCE: Duration = Duration::from_secs(40);

async fn world() -> (World, Bot) {
    let world = World::with_settings(&[("DOCENT_CONTENT", COURSE)]).await;
    let bot = Bot::start(&world).await;
    (world, bot)
}

async fn invite(person: &Actor, others: &[&Actor]) -> Reply {
    let mut command = person.slash("group");
    for (name, other) in ["member", "member2"].into_iter().zip(others) {
        command = command.opt(name, other.id().to_string().as_str());
    }
    command.await.expect("an answer")
}

async fn progress(person: &Actor) -> String {
    person.slash("progress").await.expect("progress").text()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_is_invited_joined_and_left_and_each_step_is_kept() {
    let (world, bot) = world().await;
    let (anna, ben) = (world.person("anna"), world.person("ben"));
    let (vera, walter) = (world.person("vera"), world.person("walter"));
    let none = ben.slash("group").await.expect("an answer");
    assert!(none.ephemeral);
    insta::assert_snapshot!("group_en_none", none.text());
    let asked = invite(&anna, &[&ben, &vera]).await;
    assert!(!asked.ephemeral, "those invited must see it");
    insta::assert_snapshot!("group_ru_invited", people(&world, &asked.text()));
    let full = invite(&anna, &[&walter]).await;
    insta::assert_snapshot!("group_ru_full", full.text());

    let stranger = walter.click(message(&asked), "Вступить").await;
    insta::assert_snapshot!("group_en_stranger", stranger.expect("an answer").text());
    let joined = ben.click(message(&asked), "Вступить").await;
    let joined = joined.expect("an answer");
    insta::assert_snapshot!("group_en_joined", people(&world, &joined.text()));
    let declined = vera.click(message(&joined), "Not this time").await;
    let declined = declined.expect("an answer");
    insta::assert_snapshot!("group_ru_declined", declined.text());
    assert!(
        message(&declined).buttons().is_empty(),
        "nobody is waited for"
    );

    // Whoever is in a group with others joins no second one.
    let second = invite(&walter, &[&ben]).await;
    insta::assert_snapshot!("group_en_in_another", second.text());
    let own = ben.slash("group").await.expect("an answer");
    let left = ben.click(message(&own), "Leave the group").await;
    insta::assert_snapshot!("group_en_left", left.expect("an answer").text());
    let again = ben.click(message(&joined), "Not this time").await;
    assert!(
        again.is_err() || again.is_ok_and(|reply| reply.text().contains("for others")),
        "the invitation was answered"
    );
    let events: Vec<(String, String)> = sqlx::query_as(
        "select m.name, v.kind from group_event v join enrolment e on e.id = v.enrolment_id
         join member m on m.id = e.member_id order by v.id",
    )
    .fetch_all(
        &sqlx::PgPool::connect(world.postgres.url())
            .await
            .expect("the database"),
    )
    .await
    .expect("rows");
    insta::assert_debug_snapshot!("group_events", events);
    world.end(bot).await;
}

#[expect(clippy::too_many_lines, reason = "one story, told in its order")]
#[tokio::test(flavor = "multi_thread")]
async fn what_one_hands_in_counts_for_all_and_each_is_told() {
    let (world, bot) = world().await;
    let (anna, ben) = (world.person("anna"), world.person("ben"));
    progress(&ben).await;
    let asked = invite(&anna, &[&ben]).await;
    ben.click(message(&asked), "Вступить")
        .await
        .expect("joined");
    // Ben ties the account that starts the runs: Anna hands them in for the group, and for nothing else.
    let actor = Sample::read("01-perfect").recorded.run["actor"]["id"]
        .as_u64()
        .expect("an account");
    let (branch, _) = link::ask(&ben).await;
    world
        .github
        .add_run(link::run(3, actor, &branch))
        .expect("a run");
    link::give(&ben, 3).await;
    let alone = sample(7_400_000_009, None, 10).add_to(&world.github);
    let refused = submit(&anna, "last", &alone).await;
    assert!(
        refused.contains("аккаунт привязан к другому участнику"),
        "{refused}"
    );
    let run =
        |number: u64, passed| sample(7_400_000_000 + number, None, passed).add_to(&world.github);

    let said = submit(&anna, "pair", &run(1, 8)).await;
    assert!(
        said.contains("PAIR: A") && said.contains("Осталось попыток: 2 из 3"),
        "{said}"
    );
    let told = ben.wait_for_dm(PATIENCE).await.expect("a direct message");
    insta::assert_snapshot!("group_en_told", settled(told.text()));
    let seen = progress(&ben).await;
    assert!(seen.contains("PAIR: **A** (80%)"), "{seen}");
    assert!(seen.contains("Attempts left: 2 of 3"), "{seen}");

    // The instructor finds it under either name.
    for member in [&anna, &ben] {
        let history = world
            .person("vera")
            .slash("grade history")
            .opt("member", member.id().to_string().as_str())
            .opt("practice", "pair")
            .await
            .expect("a history");
        let text = history.text();
        assert!(text.contains("runs/7400000001"), "{text}");
    }

    // A run still going is everyone's too, and its grade reaches each.
    let going = sample(7_400_000_002, None, 10)
        .running()
        .add_to(&world.github);
    submit(&ben, "pair", &going).await;
    assert!(progress(&anna).await.contains("Осталось попыток: 1 из 3"));
    world
        .github
        .complete_run(7_400_000_002, "success")
        .expect("a run");
    let told = anna.wait_for_dm(PATIENCE).await.expect("a direct message");
    assert!(
        told.text()
            .contains("Работу за вашу группу отправил участник Ben"),
        "{}",
        told.text()
    );
    let report = world.person("vera").slash("report class").await;
    insta::assert_snapshot!("group_ru_class", report.expect("a report").text());

    // What was handed in together still counts for who leaves, and so do its attempts.
    let own = ben.slash("group").await.expect("an answer");
    ben.click(message(&own), "Leave the group")
        .await
        .expect("left");
    let refused = submit(&anna, "pair", &run(3, 9)).await;
    assert!(
        refused.contains("привязан к другому участнику"),
        "Ben's account is none of the group's any more: {refused}"
    );
    let mut own = sample(7_400_000_004, None, 9);
    own.overrides.actor_id = Some(4_242);
    let said = submit(&anna, "pair", &own.add_to(&world.github)).await;
    assert!(said.contains("PAIR: S · 90"), "{said}");
    let seen = progress(&anna).await;
    assert!(seen.contains("Осталось попыток: 0 из 3"), "{seen}");
    let seen = progress(&ben).await;
    assert!(seen.contains("PAIR: **S** (100%)"), "{seen}");
    assert!(seen.contains("Attempts left: 1 of 3"), "{seen}");
    world.end(bot).await;
}

/// The text with names in the place of mentions.
fn people(world: &World, text: &str) -> String {
    ["anna", "ben", "vera", "walter"]
        .into_iter()
        .fold(text.to_owned(), |text, name| {
            let id = world.person(name).id().to_string();
            text.replace(&id, name)
        })
}
