//! Reading lessons.

use crate::world::{World, message};

#[tokio::test(flavor = "multi_thread")]
async fn a_lesson_is_read_page_by_page_in_russian_and_in_english() {
    let (world, bot) = World::with_bot().await;
    let anna = world.person("anna");
    let first = anna
        .slash("lesson")
        .opt("module", "al1")
        .await
        .expect("a lesson");
    assert!(first.ephemeral, "a lesson is private unless shared");
    insta::assert_snapshot!("lesson_ru_first", first.text());
    let second = anna
        .click(message(&first), "Дальше")
        .await
        .expect("the next page");
    insta::assert_snapshot!("lesson_ru_second", second.text());
    let back = anna
        .click(message(&second), "Назад")
        .await
        .expect("the page before");
    assert_eq!(
        without_welcome(&back.text()),
        without_welcome(&first.text())
    );

    let ben = world.person("ben");
    let english = ben
        .slash("lesson")
        .opt("module", "AL4")
        .await
        .expect("a lesson");
    insta::assert_snapshot!("lesson_en_first", english.text());
    world.end(bot).await;
}

fn without_welcome(text: &str) -> String {
    text.lines()
        .filter(|line| !line.starts_with("Добро пожаловать"))
        .collect::<Vec<_>>()
        .join("\n")
        .trim()
        .to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_every_lesson_can_be_turned_to_its_end_in_both_languages() {
    let (world, bot) = World::with_bot().await;
    for (person, next) in [("anna", "Дальше"), ("ben", "Next")] {
        let person = world.person(person);
        for module in ["AL1", "AL2", "AL3", "AL4", "AL5"] {
            let mut page = person
                .slash("lesson")
                .opt("module", module)
                .await
                .expect("a lesson");
            let mut pages = 1;
            while let Ok(turned) = person.click(message(&page), next).await {
                page = turned;
                pages += 1;
            }
            let footer = message(&page).embeds[0]["footer"]["text"]
                .as_str()
                .expect("a footer")
                .to_owned();
            assert!(
                pages >= 3 && footer.contains(&pages.to_string()),
                "{module}: {pages} pages, {footer}"
            );
        }
    }
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn modules_are_suggested_while_one_types_and_a_wrong_one_is_refused_with_the_right_ones() {
    let (world, bot) = World::with_bot().await;
    let anna = world.person("anna");
    let choices = anna
        .autocomplete("lesson")
        .focus("module", "al")
        .await
        .expect("choices");
    assert_eq!(choices.len(), 5);
    let found = anna
        .autocomplete("lesson")
        .focus("module", "откат")
        .await
        .expect("choices");
    assert!(found[0].name.starts_with("AL5"), "{found:?}");
    let refused = anna
        .slash("lesson")
        .opt("module", "AL9")
        .await
        .expect("an answer");
    insta::assert_snapshot!("lesson_ru_unknown", refused.text());
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shared_lesson_stays_where_it_is_when_another_turns_its_page() {
    let (world, bot) = World::with_bot().await;
    let (anna, ben) = (world.person("anna"), world.person("ben"));
    let shared = anna
        .slash("lesson")
        .opt("module", "al2")
        .opt("share", true)
        .await
        .expect("a lesson");
    assert!(!shared.ephemeral);
    let copy = ben.click(message(&shared), "Дальше").await.expect("a copy");
    assert!(copy.ephemeral, "the other person gets a page of their own");
    assert!(
        copy.text().contains("page 2 of"),
        "in their language: {}",
        copy.text()
    );
    let still = ben
        .messages("general")
        .into_iter()
        .find(|seen| seen.id == message(&shared).id)
        .expect("the shared one");
    assert_eq!(still.text(), message(&shared).text());
    world.end(bot).await;
}
