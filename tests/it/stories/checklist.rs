//! Ticking checklists.

use crate::world::{World, message};

#[tokio::test(flavor = "multi_thread")]
async fn items_are_ticked_and_unticked_and_a_full_list_says_what_is_next() {
    let (world, bot) = World::with_bot().await;
    let anna = world.person("anna");
    let list = anna.slash("checklist").await.expect("a checklist");
    insta::assert_snapshot!("checklist_ru_empty", list.text());
    let mut shown = message(&list).clone();
    for label in shown.buttons() {
        shown = message(&anna.click(&shown, &label).await.expect("a tick")).clone();
    }
    insta::assert_snapshot!("checklist_ru_full", shown.text());
    let label = shown.buttons().remove(0);
    let unticked = anna.click(&shown, &label).await.expect("an untick");
    assert!(
        unticked.text().contains("Отмечено: 2 из 3"),
        "{}",
        unticked.text()
    );
    let progress = anna.slash("progress").await.expect("progress");
    assert!(progress.text().contains("2 из 6"), "{}", progress.text());
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_other_part_is_chosen_in_english() {
    let (world, bot) = World::with_bot().await;
    let list = world
        .person("ben")
        .slash("checklist")
        .opt("part", "advanced")
        .await
        .expect("a checklist");
    insta::assert_snapshot!("checklist_en_advanced", list.text());
    world.end(bot).await;
}
