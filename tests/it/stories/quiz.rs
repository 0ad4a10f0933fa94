//! Taking quizzes.

use docent::domain::locale::Locale;

use crate::world::{Bot, Process, World, answer, button, finish_quiz, message};

#[tokio::test(flavor = "multi_thread")]
async fn a_quiz_is_passed_in_russian_and_shows_in_the_progress() {
    let (world, bot) = World::with_bot().await;
    let anna = world.person("anna");
    let first = anna
        .slash("quiz")
        .opt("topic", "al1")
        .await
        .expect("a quiz");
    assert!(first.ephemeral, "a quiz is private");
    assert!(first.text().contains("Вопрос 1 из 10"), "{}", first.text());
    assert!(first.text().contains("порог 80\u{a0}%"), "{}", first.text());
    let result = finish_quiz(&anna, &first, Locale::Ru, |_| true).await;
    insta::assert_snapshot!("quiz_ru_passed", result.text());
    let progress = anna.slash("progress").await.expect("progress");
    insta::assert_snapshot!("progress_ru_after_quiz", progress.text());
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_of_ten_pass_and_seven_fail_with_the_section_of_each_wrong_answer() {
    let (world, bot) = World::with_bot().await;
    let ben = world.person("ben");
    let first = ben.slash("quiz").opt("topic", "al2").await.expect("a quiz");
    let passed = finish_quiz(&ben, &first, Locale::En, |number| number >= 2).await;
    assert!(
        passed.text().contains("Passed: 8 of 10 right (80%)."),
        "{}",
        passed.text()
    );

    let again = ben.slash("quiz").opt("topic", "al3").await.expect("a quiz");
    let failed = finish_quiz(&ben, &again, Locale::En, |number| number >= 3).await;
    let text = failed.text();
    assert!(
        text.contains("Not passed yet: 7 of 10 right (70%), and 80% passes."),
        "{text}"
    );
    assert_eq!(text.matches("Read: AL3 · ").count(), 3, "{text}");
    let is_whole = |line: &str| line.matches('`').count().is_multiple_of(2);
    assert!(text.lines().all(is_whole), "code is cut open: {text}");
    assert_eq!(text.matches("Your answer: ").count(), 3, "{text}");
    assert!(failed.buttons().contains(&"Take it again".to_owned()));

    let section = ben
        .select(&failed, "Read a section again", &[&first_option(&failed)])
        .await
        .expect("a section");
    assert!(
        section.ephemeral && section.text().contains("AL3 · "),
        "{}",
        section.text()
    );
    world.end(bot).await;
}

fn first_option(shown: &discord_loopback::MessageView) -> String {
    shown.components[0]["components"][0]["options"][0]["value"]
        .as_str()
        .expect("an option")
        .to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quiz_goes_on_after_the_program_was_killed_in_the_middle() {
    let world = World::new().await;
    let process = Process::start(&world).await;
    let anna = world.person("anna");
    let mut shown = message(
        &anna
            .slash("quiz")
            .opt("topic", "al1")
            .await
            .expect("a quiz"),
    )
    .clone();
    for _ in 0..4 {
        shown = message(&answer(&anna, &shown, Locale::Ru, true).await).clone();
    }
    assert!(shown.text().contains("Вопрос 5 из 10"), "{}", shown.text());
    process.kill();
    let failed = anna.click(&shown, "A").await;
    assert!(failed.is_err(), "nobody answers while the bot is gone");

    let process = Process::start(&world).await;
    let next = answer(&anna, &shown, Locale::Ru, true).await;
    assert!(
        next.text().contains("Вопрос 6 из 10"),
        "the old message still works: {}",
        next.text()
    );
    let resumed = anna.slash("quiz").await.expect("the same quiz");
    assert!(
        resumed.text().contains("продолжаем с того же места"),
        "{}",
        resumed.text()
    );
    assert!(
        resumed.text().contains("Вопрос 6 из 10"),
        "{}",
        resumed.text()
    );
    let result = finish_quiz(&anna, &resumed, Locale::Ru, |_| true).await;
    assert!(
        result
            .text()
            .contains("Сдано: верно 10 из 10 (100\u{a0}%)."),
        "{}",
        result.text()
    );
    process.kill();
    world.discord.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_answer_stands_and_someone_elses_quiz_cannot_be_answered() {
    let (world, bot) = World::with_bot().await;
    let (anna, ben) = (world.person("anna"), world.person("ben"));
    let begun = anna
        .slash("quiz")
        .opt("topic", "al4")
        .await
        .expect("a quiz");
    let mut shown = message(&begun).clone();
    let mut number = 1;
    while shown.buttons().len() < 2 {
        shown = message(&answer(&anna, &shown, Locale::Ru, true).await).clone();
        number += 1;
    }
    assert!(
        ben.click(&shown, "A").await.is_err(),
        "a private message is nobody else's"
    );
    let (right, wrong) = (
        button(&shown, Locale::Ru, true),
        button(&shown, Locale::Ru, false),
    );
    let (first, second) = tokio::join!(anna.click(&shown, &right), anna.click(&shown, &wrong));
    let (first, second) = (first.expect("an answer"), second.expect("an answer"));
    let next = format!("Вопрос {} из 10", number + 1);
    for reply in [&first, &second] {
        assert!(
            reply.text().contains(&next),
            "both presses lead to the next: {}",
            reply.text()
        );
    }
    let result = finish_quiz(&anna, &second, Locale::Ru, |_| true).await;
    let right = result.text().contains("10 из 10") || result.text().contains("9 из 10");
    assert!(right, "one question has one answer: {}", result.text());
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_quiz_draws_fifteen_from_its_modules_and_another_language_may_be_used_midway() {
    let world = World::new().await;
    let bot = Bot::start(&world).await;
    let anna = world.person("anna");
    let first = anna
        .slash("quiz")
        .opt("topic", "advanced")
        .await
        .expect("a quiz");
    assert!(first.text().contains("Вопрос 1 из 15"), "{}", first.text());
    let second = answer(&anna, message(&first), Locale::Ru, true).await;
    let english = anna
        .locale("en-US")
        .slash("quiz")
        .await
        .expect("the same quiz");
    assert!(
        english.text().contains("Question 2 of 15"),
        "{}",
        english.text()
    );
    assert!(
        second.text().contains("Вопрос 2 из 15"),
        "{}",
        second.text()
    );
    world.end(bot).await;
}
