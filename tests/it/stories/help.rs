//! The first minute: help and enrolment.

use crate::world::{World, message};

#[tokio::test(flavor = "multi_thread")]
async fn help_speaks_the_language_of_each_and_tells_instructors_more() {
    let (world, bot) = World::with_bot().await;
    insta::assert_snapshot!(
        "help_ru",
        world
            .person("anna")
            .slash("help")
            .await
            .expect("help")
            .text()
    );
    insta::assert_snapshot!(
        "help_en_instructor",
        world
            .person("walter")
            .slash("help")
            .await
            .expect("help")
            .text()
    );
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_use_enrols_and_says_so_once() {
    let (world, bot) = World::with_bot().await;
    let ben = world.person("ben");
    let first = ben
        .slash("lesson")
        .opt("module", "al1")
        .await
        .expect("a lesson");
    assert!(
        first.text().contains("Welcome to the course!"),
        "{}",
        first.text()
    );
    let second = ben
        .slash("lesson")
        .opt("module", "al1")
        .await
        .expect("a lesson");
    assert!(!second.text().contains("Welcome"), "{}", second.text());
    let progress = ben.slash("progress").await.expect("progress");
    assert!(
        progress.text().contains("⬜ AL1"),
        "a lesson is read at its end: {}",
        progress.text()
    );
    let mut page = second;
    while let Ok(turned) = ben.click(message(&page), "Next").await {
        page = turned;
    }
    let progress = ben.slash("progress").await.expect("progress");
    insta::assert_snapshot!("progress_en_after_a_lesson", progress.text());
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_are_named_in_both_languages_and_registered_once() {
    let (world, bot) = World::with_bot().await;
    let registered = world.discord.commands();
    let names: Vec<String> = registered
        .iter()
        .map(|command| {
            format!(
                "{} {}",
                command["name"], command["name_localizations"]["ru"]
            )
        })
        .collect();
    insta::assert_snapshot!("commands", names.join("\n"));
    bot.stop().await;
    let puts = || {
        world
            .discord
            .log()
            .iter()
            .filter(|entry| entry.summary.contains("PUT"))
            .count()
    };
    let before = puts();
    let bot = crate::world::Bot::start(&world).await;
    assert_eq!(
        puts(),
        before,
        "nothing has changed, so nothing is registered again"
    );
    world.end(bot).await;
}
