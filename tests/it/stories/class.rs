//! Class reports.

use docent::domain::locale::Locale;

use crate::world::{World, finish_quiz, link, message};

#[tokio::test(flavor = "multi_thread")]
async fn a_learner_is_refused_and_instructors_get_the_report_in_their_language() {
    let (world, bot) = World::with_bot().await;
    let (anna, ben, vera) = (
        world.person("anna"),
        world.person("ben"),
        world.person("vera"),
    );
    let empty = vera.slash("report class").await.expect("a report");
    insta::assert_snapshot!("class_ru_empty", empty.text());

    let quiz = anna
        .slash("quiz")
        .opt("topic", "al1")
        .await
        .expect("a quiz");
    finish_quiz(&anna, &quiz, Locale::Ru, |_| true).await;
    let list = anna.slash("checklist").await.expect("a checklist");
    let label = message(&list).buttons().remove(0);
    anna.click(message(&list), &label).await.expect("a tick");
    let run = link(&world.github, "01-perfect");
    anna.slash("submit")
        .opt("link", run.as_str())
        .await
        .expect("a grade");
    let run = link(&world.github, "02-one-failing-test");
    ben.slash("submit")
        .opt("link", run.as_str())
        .await
        .expect("a grade");

    assert!(
        anna.slash("report class").await.is_err(),
        "Discord hides the command from learners"
    );
    world.discord.allow_command_for_everyone("report");
    let refused = anna.slash("report class").await.expect("an answer");
    insta::assert_snapshot!("class_ru_refused", refused.text());
    let refused = ben.slash("report class").await.expect("an answer");
    insta::assert_snapshot!("class_en_refused", refused.text());

    let report = vera.slash("report class").await.expect("a report");
    assert!(report.ephemeral);
    insta::assert_snapshot!("class_ru", report.text());
    let report = world
        .person("walter")
        .slash("report class")
        .await
        .expect("a report");
    insta::assert_snapshot!("class_en", report.text());
    world.end(bot).await;
}
