//! Start, stop, start again.

use std::{fs, os::unix::fs::PermissionsExt};

use local_postgres::{Choice, Engine, Options, StartError, start};

use crate::world::{Place, engine, migrate, note, notes, pool, throwaway};

#[tokio::test(flavor = "multi_thread")]
async fn rows_are_found_again_after_a_restart() {
    let place = Place::new();
    for round in 0..3 {
        let postgres = place.start().await;
        let pool = pool(&postgres).await;
        migrate(&pool).await;
        migrate(&pool).await;
        assert_eq!(notes(&pool).await, round);
        note(&pool, "one more").await;
        pool.close().await;
        postgres.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_engine_that_was_asked_for_answers() {
    let postgres = throwaway().await;
    match engine() {
        Choice::Auto => {}
        Choice::Installed => assert_eq!(postgres.engine(), Engine::Installed),
        Choice::Embedded => assert_eq!(postgres.engine(), Engine::Embedded),
    }
    let pool = pool(&postgres).await;
    let version: String = sqlx::query_scalar("SHOW server_version_num")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert!(version.parse::<u32>().unwrap() >= 150_000, "{version}");
    pool.close().await;
    postgres.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn data_in_use_are_refused_to_a_second_start() {
    let place = Place::new();
    let postgres = place.start().await;
    let error = start(place.options()).await.unwrap_err().to_string();
    assert!(error.contains("in use by another process"), "{error}");
    postgres.stop().await;
    place.start().await.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn data_of_the_other_engine_are_refused() {
    let place = Place::new();
    let postgres = place.start().await;
    let (other, made_by) = match postgres.engine() {
        Engine::Installed => (Choice::Embedded, "installed engine"),
        Engine::Embedded => (Choice::Installed, "embedded engine"),
    };
    postgres.stop().await;
    let options = Options {
        engine: other,
        ..place.options()
    };
    let error = start(options).await.unwrap_err().to_string();
    assert!(error.contains(made_by), "{error}");
    assert!(error.contains(&format!("the {other} engine")), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn data_of_another_major_version_are_refused() {
    let place = Place::new();
    let postgres = place.start().await;
    let name = postgres.engine();
    postgres.stop().await;
    fs::write(place.data().join("engine"), format!("{name} 9")).unwrap();
    let error = start(place.options()).await.unwrap_err().to_string();
    assert!(
        error.contains(&format!("{name} engine (Postgres 9)")),
        "{error}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn existing_data_decide_the_engine() {
    let place = Place::new();
    let postgres = place.start().await;
    let made_by = postgres.engine();
    postgres.stop().await;
    let options = Options {
        engine: Choice::Auto,
        ..place.options()
    };
    let postgres = start(options).await.unwrap();
    assert_eq!(postgres.engine(), made_by);
    postgres.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_postgres_lets_the_next_one_start() {
    let place = Place::new();
    let postgres = place.start().await;
    let pool_before = pool(&postgres).await;
    migrate(&pool_before).await;
    note(&pool_before, "kept").await;
    pool_before.close().await;
    drop(postgres);
    // The embedded engine gives the data back when it has closed them.
    let postgres = loop {
        match start(place.options()).await {
            Ok(postgres) => break postgres,
            Err(error) => assert!(error.to_string().contains("in use"), "{error}"),
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    };
    let pool = pool(&postgres).await;
    assert_eq!(notes(&pool).await, 1);
    pool.close().await;
    postgres.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_throwaway_leaves_nothing_behind() {
    let postgres = throwaway().await;
    let pool = pool(&postgres).await;
    migrate(&pool).await;
    note(&pool, "gone soon").await;
    let options = pool.connect_options();
    let socket_dir = options.get_socket().unwrap().clone();
    assert!(socket_dir.exists());
    pool.close().await;
    postgres.stop().await;
    assert!(!socket_dir.exists(), "{}", socket_dir.display());
    let cluster = socket_dir.parent().unwrap();
    assert!(!cluster.exists(), "{}", cluster.display());
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_owner_may_reach_the_socket() {
    let place = Place::new();
    let postgres = place.start().await;
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let run = place.data().join("run");
    assert_eq!(mode(&run), 0o700);
    postgres.stop().await;
    assert!(!run.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_path_is_no_obstacle() {
    let place = Place::new();
    let options = Options {
        data: place
            .data()
            .join("очень длинный путь".repeat(4))
            .join("b".repeat(60)),
        ..place.options()
    };
    let postgres = start(options).await.unwrap();
    pool(&postgres).await.close().await;
    postgres.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_needs_quotes_is_refused_as_a_database() {
    let options = Options {
        database: "My base".to_owned(),
        ..Options::throwaway()
    };
    let error = start(options).await.unwrap_err().to_string();
    assert!(error.contains("`My base`"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn under_root_a_closed_directory_is_named_and_auto_goes_round_it() {
    let place = Place::closed();
    let outcome = start(place.options()).await;
    if !is_root() {
        // Whoever runs the program runs Postgres too.
        outcome.unwrap().stop().await;
        return;
    }
    match (engine(), outcome) {
        (Choice::Embedded, Ok(postgres)) => postgres.stop().await,
        (Choice::Auto, Ok(postgres)) => {
            assert_eq!(postgres.engine(), Engine::Embedded);
            postgres.stop().await;
        }
        (_, Err(error)) => {
            assert!(matches!(error, StartError::Unreachable { .. }), "{error}");
            let text = error.to_string();
            let closed = place.data().parent().unwrap().display().to_string();
            assert!(text.contains(&format!("chmod o+x {closed}`")), "{text}");
        }
        (Choice::Installed, Ok(_)) => panic!("Postgres entered a closed directory"),
    }
}

fn is_root() -> bool {
    let output = std::process::Command::new("id").arg("-u").output().unwrap();
    output.stdout == b"0\n"
}
