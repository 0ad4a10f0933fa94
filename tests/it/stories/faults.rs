//! When something breaks, each hears one sentence and nothing is lost.

use crate::world::{Bot, World, message};

#[tokio::test(flavor = "multi_thread")]
async fn a_reconnect_of_the_gateway_loses_no_interaction() {
    let (world, bot) = World::with_bot().await;
    let anna = world.person("anna");
    world.discord.gateway().reconnect();
    assert!(world.discord.bot_online().await);
    let list = anna
        .slash("checklist")
        .await
        .expect("an answer after the reconnect");
    assert!(list.text().contains("Чек-лист BASIC"), "{}", list.text());
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interaction_delivered_twice_is_answered_once() {
    let (world, bot) = World::with_bot().await;
    let anna = world.person("anna");
    let list = anna.slash("checklist").await.expect("a checklist");
    let label = message(&list).buttons().remove(0);
    world.discord.gateway().duplicate_next_event();
    let ticked = anna.click(message(&list), &label).await.expect("a tick");
    assert!(
        ticked.text().contains("Отмечено: 1 из 3"),
        "{}",
        ticked.text()
    );
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_goes_away_gets_a_sentence_with_a_code() {
    let world = World::new().await;
    let bot = Bot::start(&world).await;
    let anna = world.person("anna");
    anna.slash("checklist").await.expect("a checklist");
    let World {
        discord,
        github: _github,
        postgres,
        ..
    } = world;
    postgres.stop().await;
    let broken = anna
        .slash("checklist")
        .await
        .expect("an answer though the database is gone");
    assert!(broken.ephemeral);
    assert!(
        broken.text().starts_with("У меня что-то сломалось"),
        "{}",
        broken.text()
    );
    drop(bot);
    discord.shutdown().await;
}
