//! Several processes on one Postgres.

use docent::{config::Settings, wiring::Database};
use local_postgres::Engine;

use crate::world::{Bot, World};

#[tokio::test(flavor = "multi_thread")]
async fn processes_that_start_at_once_migrate_one_after_the_other() {
    let world = World::new().await;
    // The Postgres inside Docent belongs to one process, whose session all of these share: there
    // they come one after the other.
    let at_once = world.postgres.engine() == Engine::Installed;
    let mut starting = tokio::task::JoinSet::new();
    for _ in 0..3 {
        let mut values = world.settings();
        values.retain(|(name, _)| *name != "DOCENT_CONNECTIONS");
        values.push(("DOCENT_CONNECTIONS", "2".to_owned()));
        let settings = Settings::from_values(values).expect("good settings");
        starting.spawn(async move {
            let database = Database::open(&settings).await?;
            database.migrate().await?;
            database.close().await;
            anyhow::Ok(())
        });
        if !at_once {
            let ended = starting.join_next().await.expect("a start");
            ended
                .expect("no panic")
                .expect("the database is brought up to date");
        }
    }
    while let Some(ended) = starting.join_next().await {
        ended
            .expect("no panic")
            .expect("every process finds the database up to date");
    }
    let bot = Bot::start(&world).await;
    let list = world
        .person("ben")
        .slash("checklist")
        .await
        .expect("a checklist");
    assert!(list.text().contains("Checklist BASIC"), "{}", list.text());
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_share_the_shards_and_each_interaction_is_answered_once() {
    let world = World::new().await;
    let first = Bot::start_with(&world, &[("DISCORD_SHARDS", "0-0/2")]).await;
    let second = Bot::start_with(&world, &[("DISCORD_SHARDS", "1-1/2")]).await;
    let (anna, ben) = (world.person("anna"), world.person("ben"));
    let (list, quiz) = tokio::join!(anna.slash("checklist"), ben.slash("quiz"));
    assert!(list.expect("a checklist").text().contains("Чек-лист BASIC"));
    assert!(quiz.expect("a quiz").text().contains("Question 1 of 10"));
    second.stop().await;
    world.end(first).await;
}
