//! The queue as instructors see it, and submissions that would hang.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use docent::{
    app::{ports::Clock, tend_queue::settle_stranded},
    config::Settings,
    store::{Enqueue, Store},
    wiring::{SystemClock, open_app},
};

use crate::world::{Sample, World};

/// The machine's clock, a day ahead.
struct Ahead;

impl Clock for Ahead {
    fn now(&self) -> DateTime<Utc> {
        SystemClock.now() + TimeDelta::hours(26)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_was_given_up_is_shown_and_can_be_tried_anew() {
    let (world, bot) = World::with_bot().await;
    let (vera, walter) = (world.person("vera"), world.person("walter"));
    let quiet = vera.slash("admin queue").await.expect("the queue");
    assert!(quiet.ephemeral);
    insta::assert_snapshot!("queue_ru_quiet", quiet.text());
    let store = Store::connect(world.postgres.url(), 1)
        .await
        .expect("the database");
    let mut tx = store.begin().await.expect("a transaction");
    let job = Enqueue {
        identifier: "deliver_grade",
        payload: &"not a submission",
        key: None,
        run_at: SystemClock.now(),
        max_attempts: 1,
    };
    store.enqueue(&mut tx, job).await.expect("a job");
    store.commit(tx).await.expect("a commit");
    let begun = std::time::Instant::now();
    let shown = loop {
        let shown = walter.slash("admin queue").await.expect("the queue").text();
        if shown.contains("Given up") {
            break shown;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "{shown}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    assert!(shown.contains("`deliver_grade` ×1"), "{shown}");
    let retried = walter.slash("admin queue").opt("retry", true).await;
    let retried = retried.expect("the queue").text();
    assert!(
        retried.contains("Sent to be tried once more: 1."),
        "{retried}"
    );
    let hidden = world.person("ben").slash("admin queue").await;
    assert!(hidden.is_err(), "Discord shows it to instructors only");
    store.close().await;
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_submission_whose_job_is_lost_ends_all_the_same() {
    let (world, bot) = World::with_bot().await;
    let run = Sample::read("01-perfect").running().add_to(&world.github);
    let waiting = world
        .person("anna")
        .slash("submit")
        .opt("link", run.as_str());
    waiting.await.expect("an answer");
    let settings = Settings::from_values(world.settings()).expect("settings");
    let store = Store::connect(world.postgres.url(), 1)
        .await
        .expect("the database");
    let mut app = open_app(&settings, store).expect("the course");
    assert_eq!(
        settle_stranded(&app).await.expect("a look"),
        0,
        "it still has time"
    );
    app.clock = Arc::new(Ahead);
    assert_eq!(settle_stranded(&app).await.expect("a look"), 1);
    assert_eq!(
        settle_stranded(&app).await.expect("a look"),
        0,
        "once is enough"
    );
    app.store.close().await;
    world.end(bot).await;
}
