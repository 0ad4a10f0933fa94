//! What processes remember together of the CI providers, on a real Postgres.

use std::sync::Arc;

use docent::{
    app::ports::{CiError, CiLink, CiProvider, LinkTarget},
    ci::{GitHub, GitHubSettings},
    play::github::{LoopbackGitHub, RunSpec, TOKEN},
    store::Store,
};
use local_postgres::{LocalPostgres, Options};

use crate::world::engine;

const REPO: &str = "student-ann/practice";

async fn database() -> (LocalPostgres, Store) {
    let options = Options {
        engine: engine(),
        database: "docent".to_owned(),
        ..Options::throwaway()
    };
    let postgres = local_postgres::start(options).await.expect("a Postgres");
    let store = Store::connect(postgres.url(), 1)
        .await
        .expect("the database");
    store.migrate().await.expect("migrations");
    (postgres, store)
}

/// GitHub as one process with this token asks it.
fn process(world: &LoopbackGitHub, store: &Store, token: &str) -> GitHub {
    let settings = GitHubSettings {
        api_url: world.api_url(),
        token: Some(token.into()),
        ..GitHubSettings::default()
    };
    GitHub::open(settings, Arc::new(store.clone())).expect("good settings")
}

fn link() -> CiLink {
    CiLink {
        host: "github.com".to_owned(),
        repository: REPO.to_owned(),
        target: LinkTarget::Run {
            run: 7,
            attempt: None,
        },
    }
}

fn statuses(world: &LoopbackGitHub) -> Vec<u16> {
    world.requests().iter().map(|asked| asked.status).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_stands_is_not_sent_again_to_any_process() {
    let (postgres, store) = database().await;
    let world = LoopbackGitHub::start(0).await.expect("a loopback GitHub");
    world
        .add_run(RunSpec::new(REPO, 7).running())
        .expect("a run");
    let first = process(&world, &store, TOKEN).find_run(&link()).await;
    let again = process(&world, &store, TOKEN).find_run(&link()).await;
    let first = first.expect("a run");
    assert_eq!(first, again.expect("a run"));
    assert_eq!(statuses(&world), [200, 304]);
    world.complete_run(7, "failure").expect("a run");
    let changed = process(&world, &store, TOKEN).find_run(&link()).await;
    assert_ne!(first.status, changed.expect("a run").status);
    world.add_token("another", true);
    let other = process(&world, &store, "another").find_run(&link()).await;
    other.expect("a run");
    assert_eq!(
        statuses(&world),
        [200, 304, 200, 200],
        "another token has answers of its own"
    );
    store.close().await;
    postgres.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_is_told_to_wait_tells_all() {
    let (postgres, store) = database().await;
    let world = LoopbackGitHub::start(0).await.expect("a loopback GitHub");
    world.add_run(RunSpec::new(REPO, 7)).expect("a run");
    world.add_token("another", true);
    world.fail_next(429, &[("retry-after", "600")]);
    let told = process(&world, &store, TOKEN).find_run(&link()).await;
    let asked = world.requests().len();
    let spared = process(&world, &store, TOKEN).find_run(&link()).await;
    let (Err(CiError::RateLimited { until: a }), Err(CiError::RateLimited { until: b })) =
        (&told, &spared)
    else {
        panic!("{told:?} {spared:?}")
    };
    assert!((*a - *b).num_seconds().abs() <= 1, "{a} {b}");
    assert_eq!(world.requests().len(), asked, "nobody asks during the wait");
    let other = process(&world, &store, "another").find_run(&link()).await;
    assert!(other.is_ok(), "another token is not held up: {other:?}");
    store.close().await;
    postgres.stop().await;
}
