//! A rubric changes: what would move is seen first, then applied once, and everybody concerned is told once.

use std::{io::Write as _, path::Path, time::Duration};

use discord_loopback::Actor;
use serde_json::Value;

use super::{
    evidence::{docent, said},
    settled,
    submit::wait_for,
};
use crate::world::{Bot, Sample, World, message};

const PATIENCE: Duration = Duration::from_secs(40);
const COURSE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/trusted");

/// A run whose pytest ran the given tests and these of the member's own.
fn run(world: &World, number: u64, passed: usize, failed: usize) -> String {
    let mut sample = Sample::read("01-perfect").numbered(number);
    let sha = format!("{number:040}");
    let files = [
        (".github/workflows/practice.yml", "1"),
        ("tests/conftest.py", "2"),
        ("tests/test_count.py", "3"),
    ];
    let tree: Vec<Value> = files
        .iter()
        .map(|(path, id)| serde_json::json!({ "path": path, "mode": "100644", "type": "blob", "sha": id.repeat(40), "size": 1 }))
        .collect();
    sample.recorded.run["head_commit"]["tree_id"] = serde_json::json!(sha);
    sample.recorded.tree =
        Some(serde_json::json!({ "sha": sha, "truncated": false, "tree": tree }));
    let given = ["test_files", "test_folders"];
    let given =
        given.map(|name| format!(r#"<testcase classname="tests.test_count" name="{name}"/>"#));
    let own = (0..passed + failed).map(|place| {
        let inside = if place < failed {
            "<failure message=\"no\">no</failure>"
        } else {
            ""
        };
        format!(
            r#"<testcase classname="tests.own.test_mine" name="test_{place}">{inside}</testcase>"#
        )
    });
    let cases: Vec<String> = given.into_iter().chain(own).collect();
    let cases = cases.concat();
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("junit.xml", zip::write::SimpleFileOptions::default())
        .expect("an entry");
    write!(zip, r#"<testsuites name="pytest tests"><testsuite name="pytest">{cases}</testsuite></testsuites>"#)
        .expect("a report");
    let bytes = zip.finish().expect("a zip").into_inner();
    sample.recorded.zips = vec![("back-reports".to_owned(), bytes)];
    for artifact in sample.recorded.artifacts["artifacts"]
        .as_array_mut()
        .expect("artifacts")
    {
        artifact["digest"] = Value::Null;
    }
    sample.add_to(&world.github)
}

/// The course with another `course.toml`.
fn changed(folder: &Path, change: impl Fn(&str) -> String) {
    let copy = |name: &str, bytes: Vec<u8>| {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, bytes).expect("a file");
    };
    for name in ["en/course.md", "ru/course.md", "manifests/first.json"] {
        copy(
            name,
            std::fs::read(Path::new(COURSE).join(name)).expect("a file"),
        );
    }
    let toml = std::fs::read_to_string(Path::new(COURSE).join("course.toml")).expect("a file");
    copy("course.toml", change(&toml).into_bytes());
}

/// Half of the score is now for the member's own tests, and a failing test caps it less.
fn second_version(toml: &str) -> String {
    toml.replacen("id = \"first\"", "id = \"first\"\nrubric_version = 2", 1)
        .replacen("weight_bp = 10000", "weight_bp = 5000", 1)
        .replacen(
            "[[practice.gate]]",
            "[[practice.criterion]]\nid = \"own\"\ntitle = { ru = \"Свои тесты\", en = \"Own tests\" }\nweight_bp = 5000\n\
             measure = { kind = \"tests\", tools = [\"pytest\"], ids = '^tests\\.own' }\n\n[[practice.gate]]",
            1,
        )
        .replacen("cap_bp = 6999", "cap_bp = 8500", 1)
}

async fn submit(person: &Actor, link: &str) -> String {
    let answer = person.slash("submit").opt("link", link).await;
    answer.expect("an answer to a link").text()
}

async fn count_grades(world: &World) -> i64 {
    let pool = sqlx::PgPool::connect(world.postgres.url())
        .await
        .expect("the database");
    let count = sqlx::query_scalar("select count(*) from grade")
        .fetch_one(&pool)
        .await;
    pool.close().await;
    count.expect("a count")
}

fn told(person: &Actor, words: &str) -> usize {
    let messages = person.messages("general");
    messages
        .iter()
        .filter(|seen| seen.text().contains(words))
        .count()
}

#[expect(clippy::too_many_lines, reason = "one story, told in its order")]
#[tokio::test(flavor = "multi_thread")]
async fn a_changed_rubric_is_tried_applied_once_and_told_once() {
    let world = World::new().await;
    let bot = Bot::start_with(&world, &[("DOCENT_CONTENT", COURSE)]).await;
    let (anna, ben) = (world.person("anna"), world.person("ben"));
    let (vera, walter) = (world.person("vera"), world.person("walter"));
    assert!(
        submit(&anna, &run(&world, 7_300_000_001, 8, 1))
            .await
            .contains("FIRST: C")
    );
    assert!(
        submit(&ben, &run(&world, 7_300_000_002, 0, 0))
            .await
            .contains("FIRST: S")
    );
    assert!(
        submit(&ben, &run(&world, 7_300_000_003, 0, 0))
            .await
            .contains("FIRST: S")
    );
    let set = walter
        .slash("grade set")
        .opt("member", ben.id().to_string().as_str())
        .opt("practice", "first")
        .opt("grade", "A")
        .opt("reason", "Shown in class")
        .await;
    set.expect("a grade");
    bot.stop().await;

    let folder = tempfile::tempdir().expect("a folder");
    changed(folder.path(), second_version);
    let content = folder.path().to_string_lossy().into_owned();
    let mut settings = world.settings();
    settings.push(("DOCENT_CONTENT", content.clone()));
    let (went_well, words) = said(&docent(&["regrade", "--dry-run"], &settings, folder.path()));
    assert!(went_well, "{words}");
    assert_eq!(
        words,
        "1 would move up, 1 would move down, 0 would stay, 1 were set by instructors and stay; nothing is changed: run \
         it without --dry-run to apply it\n  #2 Ben first: S (10000) to C (5000)\n  #1 Анна first: C (6999) to A (8500)"
    );
    let bot = Bot::start_with(&world, &[("DOCENT_CONTENT", &content)]).await;
    let shown = vera.slash("grade dryrun").await.expect("an answer");
    assert!(shown.ephemeral, "names of members are for instructors");
    insta::assert_snapshot!("regrade_ru_dryrun", settled(&shown.text()));
    let shown = walter.slash("grade dryrun").await.expect("an answer");
    insta::assert_snapshot!("regrade_en_dryrun", settled(&shown.text()));
    assert_eq!(count_grades(&world).await, 4, "a trial changes nothing");

    let (one, other) = tokio::join!(vera.slash("grade regrade"), walter.slash("grade regrade"));
    let (one, other) = (
        one.expect("an answer").text(),
        other.expect("an answer").text(),
    );
    assert_eq!(
        count_grades(&world).await,
        6,
        "two who ask at once move each grade once\n{one}\n{other}"
    );
    insta::assert_snapshot!(
        "regrade_ru_told",
        settled(wait_for(&anna, "Рубрика изменилась").await.text())
    );
    insta::assert_snapshot!(
        "regrade_en_told",
        settled(wait_for(&ben, "The rubric changed").await.text())
    );
    let again = walter
        .slash("grade regrade")
        .await
        .expect("an answer")
        .text();
    insta::assert_snapshot!("regrade_en_again", settled(&again));
    assert_eq!(count_grades(&world).await, 6, "a repeat changes nothing");
    assert_eq!(
        (
            told(&anna, "Рубрика изменилась"),
            told(&ben, "The rubric changed")
        ),
        (1, 1)
    );

    let history = |actor: &Actor, member: &Actor| {
        let member = member.id().to_string();
        actor
            .slash("grade history")
            .opt("member", member.as_str())
            .opt("practice", "first")
    };
    // Either of the two who asked at once may have been the one.
    let anyone = |text: &str| {
        let text = settled(text).replace("@Walter", "@X");
        text.replace("@Вера", "@X")
    };
    let shown = history(&vera, &anna).await.expect("a history");
    assert!(shown.ephemeral);
    insta::assert_snapshot!("regrade_ru_history", anyone(&shown.text()));
    let shown = history(&walter, &ben).await.expect("a history");
    insta::assert_snapshot!("regrade_en_history", anyone(&shown.text()));
    let progress = anna.slash("progress").await.expect("progress").text();
    assert!(progress.contains("FIRST: **A**"), "{progress}");

    world.discord.allow_command_for_everyone("grade");
    for name in ["grade dryrun", "grade regrade"] {
        let refused = anna.slash(name).await.expect("an answer").text();
        assert!(!refused.contains("FIRST"), "{refused}");
    }
    let refused = history(&anna, &ben).await.expect("an answer").text();
    assert!(!refused.contains("FIRST"), "{refused}");
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_that_no_run_was_asked_for_takes_nobodys_grade() {
    let world = World::new().await;
    let bot = Bot::start_with(&world, &[("DOCENT_CONTENT", COURSE)]).await;
    let anna = world.person("anna");
    assert!(
        submit(&anna, &run(&world, 7_300_000_011, 3, 0))
            .await
            .contains("FIRST: S")
    );
    bot.stop().await;
    let folder = tempfile::tempdir().expect("a folder");
    changed(folder.path(), |toml| {
        toml.replacen(
            "[[practice.criterion]]",
            "[[practice.report]]\nartifact = \"back-reports\"\npath = \"ruff.json\"\nformat = \"ruff-json\"\n\
             side = \"back\"\n\n[[practice.criterion]]\nid = \"style\"\ntitle = { ru = \"Стиль\", en = \"Style\" }\n\
             weight_bp = 4000\nmeasure = { kind = \"style\", tools = [\"ruff\"], cost_bp = 1000 }\n\n\
             [[practice.criterion]]",
            1,
        )
        .replacen("weight_bp = 10000", "weight_bp = 6000", 1)
    });
    let content = folder.path().to_string_lossy().into_owned();
    let bot = Bot::start_with(&world, &[("DOCENT_CONTENT", &content)]).await;
    let shown = world
        .person("walter")
        .slash("grade regrade")
        .await
        .expect("an answer");
    insta::assert_snapshot!("regrade_en_unknown", settled(&shown.text()));
    assert_eq!(count_grades(&world).await, 1);
    world.end(bot).await;
}

/// The course whose first practice is handed in by two.
fn for_two(toml: &str) -> String {
    toml.replacen("id = \"first\"", "id = \"first\"\ngroup_size = 2", 1)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_groups_regraded_work_is_told_to_each_of_them_in_their_language() {
    let world = World::new().await;
    let folder = tempfile::tempdir().expect("a folder");
    changed(folder.path(), for_two);
    let content = folder.path().to_string_lossy().into_owned();
    let bot = Bot::start_with(&world, &[("DOCENT_CONTENT", &content)]).await;
    let (anna, ben) = (world.person("anna"), world.person("ben"));
    let asked = anna
        .slash("group")
        .opt("member", ben.id().to_string().as_str())
        .await
        .expect("an answer");
    ben.click(message(&asked), "Вступить")
        .await
        .expect("joined");
    assert!(
        submit(&anna, &run(&world, 7_300_000_021, 8, 1))
            .await
            .contains("FIRST: C")
    );
    let told_first = ben.wait_for_dm(PATIENCE).await.expect("a direct message");
    assert!(told_first.text().contains("FIRST: C"));
    bot.stop().await;

    changed(folder.path(), |toml| for_two(&second_version(toml)));
    let bot = Bot::start_with(&world, &[("DOCENT_CONTENT", &content)]).await;
    // Ben handed nothing in, and what Anna handed in is his as well.
    let regrade = || {
        let asked = world.person("walter").slash("grade regrade");
        asked.opt("member", ben.id().to_string().as_str())
    };
    let done = regrade().await.expect("an answer").text();
    assert!(done.contains("I tell 2 members"), "{done}");
    insta::assert_snapshot!(
        "regrade_ru_group_told",
        settled(wait_for(&anna, "Рубрика изменилась").await.text())
    );
    let mate = ben.wait_for_dm(PATIENCE).await.expect("a direct message");
    insta::assert_snapshot!("regrade_en_group_told", settled(mate.text()));
    let again = regrade().await.expect("an answer").text();
    assert!(again.contains("Nothing moved"), "{again}");
    assert_eq!(told(&anna, "Рубрика изменилась"), 1);
    assert_eq!(count_grades(&world).await, 2, "one grade for both");
    world.end(bot).await;
}
