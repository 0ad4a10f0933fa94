//! Handing in a practice together.

use std::time::Duration;

use discord_loopback::{Actor, Reply};

use super::{
    link, settled,
    terms::{COURSE, course_with, sample, submit},
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
    let help = ben.slash("help").await.expect("help").text();
    assert!(help.contains("`/group` invites the others"), "{help}");
    let asked = invite(&anna, &[&ben, &vera]).await;
    assert!(!asked.ephemeral, "those invited must see it");
    insta::assert_snapshot!("group_ru_invited", people(&world, &asked.text()));
    let full = invite(&anna, &[&walter]).await;
    insta::assert_snapshot!("group_ru_full", full.text());

    let stranger = walter.click(message(&asked), "Вступить").await;
    insta::assert_snapshot!("group_en_stranger", stranger.expect("an answer").text());
    let joined = ben.click(message(&asked), "Вступить").await;
    let joined = joined.expect("an answer");
    // Everybody sees the invitation, so it stays in Anna's language.
    insta::assert_snapshot!("group_ru_joined", people(&world, &joined.text()));
    let declined = vera.click(message(&joined), "Не в этот раз").await;
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
    let again = ben.click(message(&joined), "Не в этот раз").await;
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

#[tokio::test(flavor = "multi_thread")]
async fn an_attempt_of_one_is_an_attempt_of_the_group_and_is_numbered_so() {
    // What failed is told from the third attempt on.
    let course = course_with(|toml| {
        let steps = "capacity = 4\n\n[[practice.show]]\nfrom_attempt = 1\ndetail = \"points\"\n\n\
                     [[practice.show]]\nfrom_attempt = 3\ndetail = \"all\"\n";
        toml.replacen("capacity = 3\n", steps, 1)
    });
    let path = course.path().to_str().expect("a path");
    let world = World::with_settings(&[("DOCENT_CONTENT", path)]).await;
    let bot = Bot::start(&world).await;
    let (anna, ben) = (world.person("anna"), world.person("ben"));
    let run = |number: u64| sample(7_400_001_000 + number, None, 8).add_to(&world.github);
    let said = submit(&ben, "pair", &run(1)).await;
    assert!(said.contains("your attempt 1 at this practice"), "{said}");
    let asked = invite(&anna, &[&ben]).await;
    ben.click(message(&asked), "Вступить")
        .await
        .expect("joined");
    // Anna's first is the second of those who hand in together, for each of them.
    let said = submit(&anna, "pair", &run(2)).await;
    assert!(said.contains("ваша попытка № 2"), "{said}");
    assert!(said.contains("Осталось попыток: 2 из 4"), "{said}");
    let told = ben.wait_for_dm(PATIENCE).await.expect("a direct message");
    let told = told.text();
    assert!(told.contains("your attempt 2 at this practice"), "{told}");
    assert!(!told.contains("test_8"), "{told}");
    let said = submit(&ben, "pair", &run(3)).await;
    assert!(
        said.contains("test_8") && said.contains("Attempts left: 1 of 4"),
        "{said}"
    );
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_without_a_chosen_practice_that_ends_later_counts_for_the_whole_group() {
    // Only its reports tell that the run is of the practice that groups hand in.
    let course = course_with(|toml| {
        let (alone, pair) = toml.split_once("id = \"pair\"").expect("the practice");
        let alone = alone.replace("back-reports", "other-reports");
        format!("{alone}id = \"pair\"{pair}")
    });
    let path = course.path().to_str().expect("a path");
    let world = World::with_settings(&[("DOCENT_CONTENT", path)]).await;
    let bot = Bot::start(&world).await;
    let (anna, ben) = (world.person("anna"), world.person("ben"));
    let asked = invite(&anna, &[&ben]).await;
    ben.click(message(&asked), "Вступить")
        .await
        .expect("joined");
    let number = 7_400_002_000;
    let going = sample(number, None, 10).running().add_to(&world.github);
    let said = anna.slash("submit").opt("link", going.as_str()).await;
    let said = said.expect("an answer").text();
    assert!(!said.contains("PAIR"), "{said}");
    world.github.complete_run(number, "success").expect("a run");
    let told = ben.wait_for_dm(PATIENCE).await.expect("a direct message");
    insta::assert_snapshot!("group_en_told_later", settled(told.text()));
    for (person, left) in [
        (&anna, "Осталось попыток: 2 из 3"),
        (&ben, "Attempts left: 2 of 3"),
    ] {
        let seen = progress(person).await;
        assert!(
            seen.contains("PAIR: **S**") && seen.contains(left),
            "{seen}"
        );
    }
    world.end(bot).await;
}

/// Every event of groups: to whom, what, whether an instructor ordered it, and why.
async fn ordered_events(world: &World) -> Vec<String> {
    let rows = sqlx::query_scalar(
        "select concat_ws(' ', m.name, v.kind, case when v.author is null then 'false' else 'true' end, v.reason)
         from group_event v join enrolment e on e.id = v.enrolment_id join member m on m.id = e.member_id order by v.id",
    );
    let pool = sqlx::PgPool::connect(world.postgres.url()).await;
    let rows = rows.fetch_all(&pool.expect("the database")).await;
    rows.expect("rows")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instructor_puts_groups_together_moves_members_and_dissolves_them() {
    let (world, bot) = world().await;
    let (anna, ben) = (world.person("anna"), world.person("ben"));
    let (vera, walter) = (world.person("vera"), world.person("walter"));
    let ask = |actor: &Actor, command: &str, people: &[(&str, &Actor)]| {
        let mut asked = actor.slash(command);
        for (name, person) in people {
            asked = asked.opt(name, person.id().to_string().as_str());
        }
        if command != "admin groups" {
            asked = asked.opt("reason", "The groups were drawn in class");
        }
        async move { asked.await.expect("an answer").text() }
    };
    // Each is told in the language they use, also when all they ever asked for is help, or something they may not.
    let help = anna.slash("help").await.expect("help").text();
    assert!(help.contains("/сдать"), "{help}");
    world.discord.allow_command_for_everyone("admin");
    let refused = ask(&ben, "admin groups", &[]).await;
    assert!(refused.contains("instructors"), "{refused}");
    let mut seen = vec![ask(&walter, "admin groups", &[]).await];
    let pair = [("member", &anna), ("member2", &ben)];
    seen.push(ask(&walter, "admin group", &pair).await);
    for (person, name) in [(&anna, "group_ru_arranged"), (&ben, "group_en_arranged")] {
        let told = person
            .wait_for_dm(PATIENCE)
            .await
            .expect("a direct message");
        insta::assert_snapshot!(name, told.text());
    }
    let run = sample(7_400_003_000, None, 10).add_to(&world.github);
    let said = submit(&anna, "pair", &run).await;
    assert!(said.contains("PAIR: S"), "{said}");
    let shared = progress(&ben).await;
    assert!(shared.contains("PAIR: **S** (100%)"), "{shared}");

    let moving = [("member", &walter), ("to", &ben)];
    let steps: [(&str, &[(&str, &Actor)]); 12] = [
        ("admin group", &pair),
        ("admin group", &[("member", &vera), ("member2", &vera)]),
        ("admin move", &moving),
        ("admin move", &moving),
        ("admin move", &[("member", &vera)]),
        ("admin groups", &[]),
        ("admin move", &[("member", &walter)]),
        ("admin move", &[("member", &ben), ("to", &vera)]),
        ("admin groups", &[]),
        ("admin dissolve", &[("member", &ben)]),
        ("admin dissolve", &[("member", &ben)]),
        ("admin groups", &[]),
    ];
    for (command, people) in steps {
        seen.push(ask(&walter, command, people).await);
    }
    insta::assert_snapshot!("group_en_instructor", seen.join("\n\n"));
    let said = [
        ask(&vera, "admin group", &pair).await,
        ask(&vera, "admin move", &[("member", &ben), ("to", &ben)]).await,
        ask(&vera, "admin move", &[("member", &ben)]).await,
        ask(&vera, "admin groups", &[]).await,
        ask(&vera, "admin dissolve", &[("member", &anna)]).await,
    ];
    insta::assert_snapshot!("group_ru_instructor", said.join("\n\n"));
    let kept = progress(&ben).await;
    assert!(
        kept.contains("PAIR: **S** (100%)"),
        "what was handed in together stays with those for whom it counted: {kept}"
    );
    let refused = ask(&ben, "admin group", &pair).await;
    assert!(refused.contains("instructors"), "{refused}");
    insta::assert_debug_snapshot!("group_instructor_events", ordered_events(&world).await);
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
