//! Many connections at once.

#![expect(
    clippy::disallowed_methods,
    reason = "the tests wait for their own tasks"
)]

use std::time::Duration;

use local_postgres::{Engine, Options, start};
use sqlx::{Connection, Executor, PgConnection, postgres::PgListener};
use tokio::time::{sleep, timeout};

use crate::world::{Place, migrate, note, notes, pool, pool_of, throwaway};

#[tokio::test(flavor = "multi_thread")]
async fn lower_knows_russian_letters() {
    let postgres = throwaway().await;
    let pool = pool(&postgres).await;
    let lower: String = sqlx::query_scalar("SELECT lower('ПРИВЕТ, ЁЖ')")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(lower, "привет, ёж");
    let found: bool = sqlx::query_scalar("SELECT 'Проверки' ILIKE '%ПРОВЕР%'")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert!(found);
    pool.close().await;
    postgres.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_connections_keep_their_transactions_apart() {
    let postgres = throwaway().await;
    let pool = pool_of(&postgres, 10).await;
    migrate(&pool).await;
    let tasks: Vec<_> = (0..10)
        .map(|worker| {
            let pool = pool.clone();
            tokio::spawn(async move {
                for round in 0..20 {
                    let body = format!("{worker}/{round}");
                    let mut tx = pool.begin().await.unwrap();
                    sqlx::query("INSERT INTO note (body) VALUES ($1)")
                        .bind(body.clone())
                        .execute(&mut *tx)
                        .await
                        .unwrap();
                    tokio::task::yield_now().await;
                    let own: i64 = sqlx::query_scalar("SELECT count(*) FROM note WHERE body = $1")
                        .bind(body)
                        .fetch_one(&mut *tx)
                        .await
                        .unwrap();
                    assert_eq!(own, 1);
                    if round % 2 == 0 {
                        tx.commit().await.unwrap();
                    } else {
                        tx.rollback().await.unwrap();
                    }
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(notes(&pool).await, 100);
    pool.close().await;
    postgres.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_in_one_transaction_hurts_no_other() {
    let postgres = throwaway().await;
    let pool = pool(&postgres).await;
    migrate(&pool).await;
    let mut failing = pool.begin().await.unwrap();
    failing.execute("SELECT 1 / 0").await.unwrap_err();
    failing.execute("SELECT 1").await.unwrap_err();
    let other = tokio::spawn({
        let pool = pool.clone();
        async move { note(&pool, "from another").await }
    });
    failing.rollback().await.unwrap();
    other.await.unwrap();
    assert_eq!(notes(&pool).await, 1);
    pool.close().await;
    postgres.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn unprepared_queries_of_two_connections_do_not_mix() {
    let postgres = throwaway().await;
    let mut one = PgConnection::connect(postgres.url()).await.unwrap();
    let mut two = PgConnection::connect(postgres.url()).await.unwrap();
    for round in 0..10_i64 {
        let ask = |number: i64| {
            sqlx::query_scalar::<_, i64>("SELECT $1::bigint")
                .bind(number)
                .persistent(false)
        };
        let (first, second) = tokio::join!(
            ask(round).fetch_one(&mut one),
            ask(round + 100).fetch_one(&mut two)
        );
        assert_eq!((first.unwrap(), second.unwrap()), (round, round + 100));
    }
    one.close().await.unwrap();
    two.close().await.unwrap();
    postgres.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notification_reaches_every_listener() {
    let postgres = throwaway().await;
    let pool = pool(&postgres).await;
    let mut first = PgListener::connect(postgres.url()).await.unwrap();
    let mut second = PgListener::connect(postgres.url()).await.unwrap();
    first.listen_all(["jobs", "Other:Channel"]).await.unwrap();
    second.listen("jobs").await.unwrap();

    pool.execute("SELECT pg_notify('jobs', 'раз')")
        .await
        .unwrap();
    for listener in [&mut first, &mut second] {
        assert_eq!(heard(listener).await, "раз");
    }

    second.unlisten("jobs").await.unwrap();
    drop(second);
    pool.execute(r#"NOTIFY "Other:Channel", 'two'"#)
        .await
        .unwrap();
    assert_eq!(heard(&mut first).await, "two");
    pool.execute("NOTIFY jobs, 'three'").await.unwrap();
    assert_eq!(heard(&mut first).await, "three");
    drop(first);
    pool.close().await;
    postgres.stop().await;
}

async fn heard(listener: &mut PgListener) -> String {
    let heard = timeout(Duration::from_secs(10), listener.recv()).await;
    heard.unwrap().unwrap().payload().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notification_waits_for_the_commit() {
    let postgres = throwaway().await;
    let pool = pool(&postgres).await;
    let mut listener = PgListener::connect(postgres.url()).await.unwrap();
    listener.listen("jobs").await.unwrap();
    let mut tx = pool.begin().await.unwrap();
    tx.execute("NOTIFY jobs, 'never'").await.unwrap();
    tx.rollback().await.unwrap();
    let mut tx = pool.begin().await.unwrap();
    tx.execute("NOTIFY jobs, 'committed'").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(heard(&mut listener).await, "committed");
    drop(listener);
    pool.close().await;
    postgres.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_breaks_off_is_rolled_back() {
    let postgres = throwaway().await;
    let pool = pool(&postgres).await;
    migrate(&pool).await;
    let mut broken = PgConnection::connect(postgres.url()).await.unwrap();
    broken.execute("BEGIN").await.unwrap();
    broken
        .execute("INSERT INTO note (body) VALUES ('lost')")
        .await
        .unwrap();
    drop(broken);
    note(&pool, "kept").await;
    assert_eq!(notes(&pool).await, 1);
    pool.close().await;
    postgres.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_left_idle_is_rolled_back_so_that_others_go_on() {
    let place = Place::new();
    let options = Options {
        idle_in_transaction: Duration::from_millis(300),
        ..place.options()
    };
    let postgres = start(options).await.unwrap();
    let pool = pool(&postgres).await;
    migrate(&pool).await;
    let mut idle = PgConnection::connect(postgres.url()).await.unwrap();
    idle.execute("BEGIN; LOCK TABLE note; INSERT INTO note (body) VALUES ('lost')")
        .await
        .unwrap();
    timeout(Duration::from_secs(10), note(&pool, "kept"))
        .await
        .unwrap();
    assert_eq!(notes(&pool).await, 1);
    sleep(Duration::from_millis(50)).await;
    idle.execute("COMMIT").await.unwrap_err();
    pool.close().await;
    postgres.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn copy_works_or_is_refused_in_words() {
    let postgres = throwaway().await;
    let mut connection = PgConnection::connect(postgres.url()).await.unwrap();
    connection
        .execute("CREATE TABLE number (n bigint)")
        .await
        .unwrap();
    let copying = connection.copy_in_raw("COPY number FROM STDIN").await;
    match postgres.engine() {
        Engine::Installed => {
            let mut copying = copying.unwrap();
            copying.send(b"1\n2\n".as_slice()).await.unwrap();
            assert_eq!(copying.finish().await.unwrap(), 2);
        }
        Engine::Embedded => {
            let error = copying.map(drop).unwrap_err().to_string();
            assert!(error.contains("COPY over the connection"), "{error}");
        }
    }
    let one: i32 = sqlx::query_scalar("SELECT 1")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    assert_eq!(one, 1);
    connection.close().await.unwrap();
    postgres.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_that_breaks_the_engine_is_an_error_and_the_rows_stay() {
    let place = Place::new();
    let postgres = place.start().await;
    let pool = pool(&postgres).await;
    migrate(&pool).await;
    note(&pool, "kept").await;
    let endless = "CREATE FUNCTION endless(n int) RETURNS int LANGUAGE plpgsql \
                   AS $$ BEGIN RETURN endless(n + 1); END $$";
    pool.execute(endless).await.unwrap();
    let breaking = timeout(Duration::from_mins(1), pool.execute("SELECT endless(1)"));
    breaking.await.unwrap().unwrap_err();
    let found = timeout(Duration::from_mins(1), async {
        loop {
            // Connections of the pool may have died with the engine.
            let count = sqlx::query_scalar::<_, i64>("SELECT count(*) FROM note");
            match count.fetch_one(&pool).await {
                Ok(count) => break count,
                Err(_) => sleep(Duration::from_millis(20)).await,
            }
        }
    });
    assert_eq!(found.await.unwrap(), 1);
    pool.close().await;
    postgres.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_database_is_refused_by_name() {
    let postgres = throwaway().await;
    let url = postgres.url().replace("/app?", "/elsewhere?");
    let error = PgConnection::connect(&url)
        .await
        .map(drop)
        .unwrap_err()
        .to_string();
    assert!(error.contains("elsewhere"), "{error}");
    postgres.stop().await;
}
