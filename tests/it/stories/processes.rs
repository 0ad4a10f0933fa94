//! Several processes on one Postgres.

use docent::{config::Settings, wiring::Database};

use crate::world::{Bot, World};

#[tokio::test(flavor = "multi_thread")]
async fn processes_that_start_at_once_migrate_one_after_the_other() {
    let world = World::new().await;
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
