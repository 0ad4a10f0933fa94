//! Workers that die, and workers that meet at the same job: a submission is graded once whatever happens.

use std::time::Duration;

use docent::{
    app::finish_submission::{SubmissionJob, finish_submission},
    config::Settings,
    store::Store,
    wiring::open_app,
};
use local_postgres::Engine;
use sqlx::PgPool;
use uuid::Uuid;

use super::submit::wait_for;
use crate::world::{Bot, Gate, Process, Sample, World};

/// The number of a run that is still going.
const RUN: u64 = 7_100_000_950;

/// Anna hands in a run that is still going, the bot goes away, and then the run ends.
async fn left_waiting() -> (World, PgPool, Uuid) {
    let (world, bot) = World::with_bot().await;
    let run = Sample::read("01-perfect")
        .running()
        .numbered(RUN)
        .add_to(&world.github);
    let waiting = world
        .person("anna")
        .slash("submit")
        .opt("link", run.as_str())
        .await;
    assert!(waiting.expect("an answer").text().contains("ещё идёт"));
    bot.stop().await;
    world.github.complete_run(RUN, "success").expect("a run");
    let pool = PgPool::connect(world.postgres.url())
        .await
        .expect("the database");
    let id = sqlx::query_scalar("select id from submission")
        .fetch_one(&pool)
        .await;
    (world, pool, id.expect("a submission"))
}

async fn count(pool: &PgPool, what: &'static str) -> i64 {
    sqlx::query_scalar(what)
        .fetch_one(pool)
        .await
        .expect("a count")
}

/// Anna was told once, and there is one grade.
async fn graded_once(world: &World, pool: &PgPool) {
    let anna = world.person("anna");
    wait_for(&anna, "ADVANCED: S").await;
    assert_eq!(count(pool, "select count(*) from grade").await, 1);
    let told = anna
        .messages("general")
        .iter()
        .filter(|seen| seen.text().contains("ADVANCED: S"))
        .count();
    assert_eq!(told, 1, "the member is told once");
    assert_eq!(
        count(pool, "select count(*) from submission_failure").await,
        0
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_is_killed_while_it_grades_is_succeeded_by_another() {
    let (world, pool, _) = left_waiting().await;
    if world.postgres.engine() != Engine::Installed {
        // The Postgres inside Docent serves one process at a time, and this takes two.
        return world.close().await;
    }
    let mut gate = Gate::before(&world.github.api_url(), "/zip ").await;
    let worker = Process::worker(&world, &[("GITHUB_API_URL", &gate.url)]);
    gate.hangs().await;
    worker.kill();
    let held = "select count(*) from graphile_worker.jobs where locked_at is not null and task_identifier = 'finish_submission'";
    assert_eq!(count(&pool, held).await, 1, "the dead worker holds the job");
    assert_eq!(
        count(&pool, "select count(*) from grade").await,
        0,
        "nothing is half graded"
    );

    let bot = Bot::start(&world).await;
    // Nobody waits here until a worker counts as dead: its last sign of life is moved back instead.
    let aged = "update graphile_worker._private_workers set last_heartbeat_at = last_heartbeat_at - interval '1 hour'
                where id = (select locked_by from graphile_worker.jobs where task_identifier = 'finish_submission')";
    let aged = sqlx::query(aged)
        .execute(&pool)
        .await
        .expect("an hour later");
    assert_eq!(aged.rows_affected(), 1, "the dead worker was known");
    graded_once(&world, &pool).await;
    assert_eq!(
        count(
            &pool,
            "select count(*) from graphile_worker.jobs where attempts >= max_attempts"
        )
        .await,
        0
    );
    pool.close().await;
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn workers_that_meet_at_a_submission_grade_it_once() {
    let (world, pool, submission) = left_waiting().await;
    let settings = Settings::from_values(world.settings()).expect("settings");
    let mut apps = Vec::new();
    for _ in 0..3 {
        let store = Store::connect(world.postgres.url(), 1)
            .await
            .expect("the database");
        apps.push(open_app(&settings, store).expect("the course"));
    }
    // The job as it waits, and the same job twice more, as if a webhook had come twice.
    let job = SubmissionJob {
        submission,
        tries: 0,
        to: None,
    };
    let (one, two, three) = tokio::join!(
        finish_submission(&apps[0], &job),
        finish_submission(&apps[1], &job),
        finish_submission(&apps[2], &job),
    );
    for done in [one, two, three] {
        done.expect("those who come too late have nothing to do");
    }
    for app in apps {
        app.store.close().await;
    }
    let bot = Bot::start(&world).await;
    graded_once(&world, &pool).await;
    // Nothing is left that could grade it again.
    let begun = std::time::Instant::now();
    let waiting =
        "select count(*) from graphile_worker.jobs where task_identifier <> 'forget_interactions'
                   and task_identifier <> 'settle_stranded'";
    while count(&pool, waiting).await > 0 {
        assert!(begun.elapsed() < Duration::from_secs(30), "jobs are left");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    graded_once(&world, &pool).await;

    let again = sqlx::query(
        "insert into grade (submission_id, practice_id, rubric_version, score_bp, grade, sheet)
         select submission_id, practice_id, rubric_version, score_bp, grade, sheet from grade",
    );
    let refused = again
        .execute(&pool)
        .await
        .expect_err("a second first grade");
    assert!(
        refused.to_string().contains("grade_once"),
        "the database itself says no: {refused}"
    );
    pool.close().await;
    world.end(bot).await;
}
