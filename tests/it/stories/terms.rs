//! When and how often practices are handed in: due times, late work, more time, attempts, what counts.

use std::{io::Write as _, path::Path, sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use discord_loopback::Actor;
use serde_json::Value;

use super::settled;
use crate::world::{Bot, MovedClock, Sample, World};

/// A course whose practices have terms.
pub const COURSE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/timed");
const PATIENCE: Duration = Duration::from_secs(40);

/// That course with another `course.toml`.
pub fn course_with(change: impl Fn(&str) -> String) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["en/course.md", "ru/course.md", "course.toml"] {
        let text = std::fs::read_to_string(Path::new(COURSE).join(name)).expect("a file");
        let text = if name == "course.toml" {
            change(&text)
        } else {
            text
        };
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }
    folder
}

async fn world() -> (World, Bot, MovedClock) {
    let world = World::with_settings(&[("DOCENT_CONTENT", COURSE)]).await;
    let clock = MovedClock::default();
    let bot = Bot::start_by(&world, &[], Arc::new(clock.clone())).await;
    (world, bot, clock)
}

/// A run that was made at a time, of so many passed tests out of ten.
pub fn sample(number: u64, made: Option<&str>, passed: usize) -> Sample {
    let mut sample = Sample::read("01-perfect").numbered(number);
    sample.recorded.run["head_commit"]["tree_id"] = Value::from(format!("{number:040}"));
    sample.overrides.started_at =
        made.map(|text| text.parse::<DateTime<Utc>>().expect("a time in the test"));
    let cases: Vec<String> = (0..10)
        .map(|case| {
            let end = if case < passed {
                ""
            } else {
                r#"<failure message="assert 1 == 2">no</failure>"#
            };
            format!(r#"<testcase classname="tests.test_count" name="test_{case}">{end}</testcase>"#)
        })
        .collect();
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("junit.xml", zip::write::SimpleFileOptions::default())
        .expect("an entry");
    let cases = cases.concat();
    write!(
        zip,
        r#"<testsuites name="pytest tests"><testsuite name="pytest">{cases}</testsuite></testsuites>"#
    )
    .expect("a report");
    let bytes = zip.finish().expect("a zip").into_inner();
    sample.recorded.zips = vec![("back-reports".to_owned(), bytes)];
    for artifact in sample.recorded.artifacts["artifacts"]
        .as_array_mut()
        .expect("artifacts")
    {
        artifact["digest"] = Value::Null;
    }
    sample
}

pub async fn submit(person: &Actor, practice: &str, link: &str) -> String {
    let answer = person
        .slash("submit")
        .opt("link", link)
        .opt("practice", practice)
        .await;
    answer.expect("an answer to a link").text()
}

async fn progress(person: &Actor) -> String {
    let answer = person.slash("progress").await;
    answer.expect("progress").text()
}

#[tokio::test(flavor = "multi_thread")]
async fn work_in_time_in_grace_late_and_too_late_each_have_their_answer() {
    let (world, bot, _clock) = world().await;
    let (anna, ben) = (world.person("anna"), world.person("ben"));
    let mut seen = Vec::new();
    for (number, (name, made)) in (7_300_000_000..).zip([
        ("before it opens", "2026-02-28T23:59:59Z"),
        ("in time", "2026-03-10T18:00:00Z"),
        ("in grace", "2026-03-10T18:15:00Z"),
        ("a day late", "2026-03-10T18:15:01Z"),
        ("two days late", "2026-03-11T18:00:01Z"),
        ("at the floor", "2026-03-16T18:00:00Z"),
        ("after the cut-off", "2026-03-16T18:00:01Z"),
    ]) {
        for (person, number) in [(&anna, number), (&ben, number + 100)] {
            let link = sample(number, Some(made), 10).add_to(&world.github);
            let said = submit(person, "late", &link).await;
            seen.push(format!("{name}\n{}", settled(&said)));
        }
    }
    insta::assert_snapshot!("terms_late", seen.join("\n\n"));
    let red = sample(7_300_000_200, Some("2026-03-10T18:16:00Z"), 9).add_to(&world.github);
    let said = submit(&ben, "late", &red).await;
    assert!(
        said.contains("LATE: C · 69%") && said.contains("Late by 1 started day: −10 points"),
        "the gate judges what is left: {said}"
    );
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn more_time_is_given_with_a_reason_and_late_grades_are_worked_out_anew() {
    let (world, bot, _clock) = world().await;
    let (anna, ben) = (world.person("anna"), world.person("ben"));
    let (vera, walter) = (world.person("vera"), world.person("walter"));
    let late = sample(7_300_001_000, Some("2026-03-11T19:00:00Z"), 10).add_to(&world.github);
    assert!(submit(&ben, "late", &late).await.contains("LATE: A · 80%"));
    let closed = sample(7_300_001_001, Some("2026-03-18T12:00:00Z"), 10).add_to(&world.github);
    let refused = submit(&anna, "late", &closed).await;
    assert!(
        refused.contains("Приём этой практики закончился"),
        "{refused}"
    );

    let extend = |actor: &Actor, member: &Actor, name: &'static str, value: &'static str| {
        let actor = actor.clone();
        let member = member.id().to_string();
        async move {
            let command = actor.slash("grade extend");
            let command = command
                .opt("member", member.as_str())
                .opt("practice", "late")
                .opt("reason", "Ill, with a note");
            let asked = match value.parse::<i64>() {
                Ok(days) => command.opt(name, days),
                Err(_) => command.opt(name, value),
            };
            asked.await.expect("an answer").text()
        }
    };
    let said = extend(&walter, &ben, "days", "2").await;
    insta::assert_snapshot!("terms_en_extended", settled(&said));
    let told = ben.wait_for_dm(PATIENCE).await.expect("a direct message");
    insta::assert_snapshot!("terms_en_told", settled(told.text()));
    let seen = progress(&ben).await;
    assert!(seen.contains("LATE: **S** (100%)"), "{seen}");
    insta::assert_snapshot!("terms_en_progress", settled(&seen));

    let said = extend(&vera, &anna, "until", "18.03.2026 12:00").await;
    insta::assert_snapshot!("terms_ru_extended", settled(&said));
    let told = anna.wait_for_dm(PATIENCE).await.expect("a direct message");
    insta::assert_snapshot!("terms_ru_told", settled(told.text()));
    let graded = submit(&anna, "late", &closed).await;
    assert!(graded.contains("LATE: S · 100"), "{graded}");
    assert!(
        graded.contains("преподаватель дал вам больше времени"),
        "{graded}"
    );

    let mut refused = Vec::new();
    for (name, value) in [("until", "завтра"), ("until", "2026-03-17")] {
        refused.push(extend(&vera, &anna, name, value).await);
    }
    insta::assert_snapshot!("terms_ru_no_extension", settled(&refused.join("\n")));
    world.discord.allow_command_for_everyone("grade");
    let learner = extend(&anna, &anna, "days", "9").await;
    assert!(learner.contains("преподавател"), "{learner}");
    let rows: Vec<(String, i64, String)> =
        sqlx::query_as("select practice_id, author, reason from extension order by id")
            .fetch_all(
                &sqlx::PgPool::connect(world.postgres.url())
                    .await
                    .expect("the database"),
            )
            .await
            .expect("rows");
    assert_eq!(rows.len(), 2, "{rows:?}");
    assert_eq!(rows[0].2, "Ill, with a note");
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_has_a_due_time_of_its_own_and_moving_it_lowers_no_grade() {
    let (world, bot, _clock) = world().await;
    let (ben, vera) = (world.person("ben"), world.person("vera"));
    let late = sample(7_300_002_000, Some("2026-03-12T12:00:00Z"), 10).add_to(&world.github);
    assert!(submit(&ben, "late", &late).await.contains("LATE: A · 80%"));
    let due = |until: &'static str| {
        let asked = vera
            .slash("grade due")
            .opt("practice", "late")
            .opt("until", until);
        async move { asked.await.expect("an answer").text() }
    };
    let mut seen = vec![due("2026-03-12T15:00+03:00").await];
    let told = ben.wait_for_dm(PATIENCE).await.expect("a direct message");
    insta::assert_snapshot!("terms_en_due_moved", settled(told.text()));
    assert!(progress(&ben).await.contains("LATE: **S** (100%)"));
    seen.push(due("2026-03-01 12:00").await);
    insta::assert_snapshot!("terms_ru_due", settled(&seen.join("\n")));
    assert!(progress(&ben).await.contains("LATE: **S** (100%)"));
    let again = sample(7_300_002_001, Some("2026-03-03T12:00:00Z"), 10).add_to(&world.github);
    let said = submit(&ben, "late", &again).await;
    assert!(
        said.contains("LATE: A · 80%"),
        "the server's time counts: {said}"
    );
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attempts_run_out_come_back_and_are_not_lost_to_what_the_member_did_not_cause() {
    let (world, bot, clock) = world().await;
    let (anna, ben) = (world.person("anna"), world.person("ben"));
    let run = |number: u64| sample(7_300_003_000 + number, None, 9).add_to(&world.github);
    // Nothing that is not graded costs an attempt.
    let mut cancelled = sample(7_300_003_000, None, 9);
    cancelled.recorded.run["conclusion"] = "cancelled".into();
    let cancelled = cancelled.add_to(&world.github);
    submit(&ben, "few", &cancelled).await;
    let unreachable = run(1);
    for _ in 0..2 {
        world.github.fail_next(503, &[]);
    }
    let said = submit(&ben, "few", &unreachable).await;
    assert!(said.contains("does not answer"), "{said}");
    let lost = sample(7_300_003_002, None, 9)
        .running()
        .add_to(&world.github);
    submit(&ben, "few", &lost).await;
    let seen = progress(&ben).await;
    assert!(
        seen.contains("Attempts left: 1 of 2"),
        "a run still going keeps its attempt: {seen}"
    );
    world
        .github
        .complete_run(7_300_003_002, "cancelled")
        .expect("a run");
    let begun = std::time::Instant::now();
    while !progress(&ben).await.contains("Attempts left: 2 of 2") {
        assert!(begun.elapsed() < PATIENCE, "the attempt comes back");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let again = submit(&ben, "few", &lost).await;
    insta::assert_snapshot!("terms_en_failed_before", again);

    let said = submit(&ben, "few", &run(10)).await;
    insta::assert_snapshot!("terms_en_one_left", settled(&said));
    // Two at once cannot both take the last one.
    let (first, second) = (run(11), run(12));
    let (first, second) = tokio::join!(submit(&ben, "few", &first), submit(&ben, "few", &second));
    let graded = [&first, &second];
    let graded = graded.iter().filter(|text| text.contains("FEW: S")).count();
    assert_eq!(graded, 1, "{first}\n{second}");
    let said = submit(&ben, "few", &run(13)).await;
    insta::assert_snapshot!("terms_en_none_left", settled(&said));

    for number in [20, 21] {
        submit(&anna, "few", &run(number)).await;
    }
    let said = submit(&anna, "few", &run(22)).await;
    insta::assert_snapshot!("terms_ru_none_left", settled(&said));
    insta::assert_snapshot!("terms_ru_progress", settled(&progress(&anna).await));
    clock.forward(TimeDelta::minutes(61));
    let said = submit(&anna, "few", &run(22)).await;
    assert!(
        said.contains("FEW: S") && said.contains("Осталось попыток: 0 из 2"),
        "{said}"
    );
    let said = submit(&anna, "few", &run(23)).await;
    assert!(said.contains("Сейчас попыток нет"), "{said}");
    clock.forward(TimeDelta::hours(3));
    assert!(progress(&anna).await.contains("Осталось попыток: 2 из 2"));
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_result_counts_where_the_course_says_so_and_the_best_elsewhere() {
    let (world, bot, _clock) = world().await;
    let (ben, walter) = (world.person("ben"), world.person("walter"));
    for (number, practice, passed) in [
        (7_300_004_000, "last", 10),
        (7_300_004_001, "few", 10),
        (7_300_004_002, "last", 8),
        (7_300_004_003, "few", 8),
    ] {
        let link = sample(number, None, passed).add_to(&world.github);
        let said = submit(&ben, practice, &link).await;
        if number == 7_300_004_002 {
            assert!(said.contains("the grade handed in last counts"), "{said}");
        }
    }
    let seen = progress(&ben).await;
    assert!(seen.contains("LAST: **A** (80%)"), "{seen}");
    assert!(seen.contains("FEW: **S** (100%)"), "{seen}");
    let report = walter.slash("report class").await.expect("a report");
    insta::assert_snapshot!("terms_en_class", report.text());
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_servers_due_time_is_removed_and_the_courses_counts_again() {
    let (world, bot, _clock) = world().await;
    let (ben, vera) = (world.person("ben"), world.person("vera"));
    let walter = world.person("walter");
    let remove = |actor: &Actor| {
        let asked = actor.slash("grade due").opt("practice", "late");
        asked.opt("remove", true)
    };
    let mut seen = vec![remove(&walter).await.expect("an answer").text()];
    let neither = walter.slash("grade due").opt("practice", "late").await;
    seen.push(neither.expect("an answer").text());
    let until = "2026-03-01 12:00";
    let both = remove(&walter).opt("until", until).await;
    seen.push(both.expect("an answer").text());
    insta::assert_snapshot!("terms_en_due_not_removed", settled(&seen.join("\n")));

    let due = vera
        .slash("grade due")
        .opt("practice", "late")
        .opt("until", until);
    due.await.expect("an answer");
    let run = sample(7_300_005_000, Some("2026-03-03T12:00:00Z"), 10).add_to(&world.github);
    let said = submit(&ben, "late", &run).await;
    assert!(said.contains("LATE: A · 80%"), "{said}");
    let mut seen = vec![remove(&vera).await.expect("an answer").text()];
    let told = ben.wait_for_dm(PATIENCE).await.expect("a direct message");
    insta::assert_snapshot!("terms_en_due_removed_told", settled(told.text()));
    let progress = progress(&ben).await;
    assert!(progress.contains("LATE: **S** (100%)"), "{progress}");
    seen.push(remove(&vera).await.expect("an answer").text());
    insta::assert_snapshot!("terms_ru_due_removed", settled(&seen.join("\n")));
    let rows: Vec<(bool, i64)> =
        sqlx::query_as("select due_at is null, author from due_date order by id")
            .fetch_all(
                &sqlx::PgPool::connect(world.postgres.url())
                    .await
                    .expect("the database"),
            )
            .await
            .expect("rows");
    let vera = vera.id().to_string().parse::<i64>().expect("a number");
    assert_eq!(rows, [(false, vera), (true, vera)], "both are kept");
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_due_time_of_the_course_nothing_is_late_once_the_servers_is_removed() {
    let due = "due_at = 2026-03-10T21:00:00+03:00\n";
    let course = course_with(|toml| toml.replacen(due, "", 1));
    let path = course.path().to_str().expect("a path");
    let world = World::with_settings(&[("DOCENT_CONTENT", path)]).await;
    let bot = Bot::start(&world).await;
    let (ben, walter) = (world.person("ben"), world.person("walter"));
    let asked = || walter.slash("grade due").opt("practice", "late");
    let set = asked().opt("until", "2026-03-01 12:00").await;
    set.expect("an answer");
    let run = sample(7_300_006_000, Some("2026-03-03T12:00:00Z"), 10).add_to(&world.github);
    let said = submit(&ben, "late", &run).await;
    assert!(said.contains("LATE: A · 80%"), "{said}");
    let removed = asked().opt("remove", true).await.expect("an answer");
    insta::assert_snapshot!("terms_en_due_removed_undue", settled(&removed.text()));
    let told = ben.wait_for_dm(PATIENCE).await.expect("a direct message");
    insta::assert_snapshot!("terms_en_undue_told", settled(told.text()));
    let progress = progress(&ben).await;
    assert!(progress.contains("LATE: **S** (100%)"), "{progress}");
    world.end(bot).await;
}
