//! How far a run can be trusted: honest work raises no alarm, and whatever differs reaches a person.

use std::io::Write as _;

use discord_loopback::Actor;
use serde_json::{Value, json};

use super::{settled, submit::wait_for};
use crate::world::{Sample, World};

/// A course whose practice has a manifest.
const COURSE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/trusted");

const WORKFLOW: (&str, char) = (".github/workflows/practice.yml", '1');
const CONFTEST: (&str, char) = ("tests/conftest.py", '2');
const TESTS: (&str, char) = ("tests/test_count.py", '3');
pub const HONEST: [(&str, char); 4] = [WORKFLOW, CONFTEST, TESTS, ("count.sh", '9')];

const BOTH: &str = r#"<testcase classname="tests.test_count" name="test_files"/>
    <testcase classname="tests.test_count" name="test_folders"/>"#;

async fn world() -> (World, crate::world::Bot) {
    let world = World::with_settings(&[("DOCENT_CONTENT", COURSE)]).await;
    let bot = crate::world::Bot::start(&world).await;
    (world, bot)
}

/// A run of these files whose pytest wrote these cases.
pub fn run(world: &World, number: u64, files: &[(&str, char)], cases: &str) -> String {
    let mut sample = Sample::read("01-perfect").numbered(number);
    let entry = |(path, id): &(&str, char)| {
        let sha: String = std::iter::repeat_n(*id, 40).collect();
        json!({ "path": path, "mode": "100644", "type": "blob", "sha": sha, "size": 1 })
    };
    let tree: Vec<Value> = files.iter().map(entry).collect();
    let sha = format!("{number:040}");
    sample.recorded.run["head_commit"]["tree_id"] = json!(sha);
    sample.recorded.tree = Some(json!({ "sha": sha, "truncated": false, "tree": tree }));
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("junit.xml", zip::write::SimpleFileOptions::default())
        .expect("an entry");
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
    sample.add_to(&world.github)
}

async fn submit(person: &Actor, link: &str) -> String {
    let answer = person.slash("submit").opt("link", link).await;
    settled(&answer.expect("an answer to a link").text())
}

#[tokio::test(flavor = "multi_thread")]
async fn honest_work_raises_no_alarm_in_either_language() {
    let (world, bot) = world().await;
    let (anna, ben) = (world.person("anna"), world.person("ben"));
    let seen = submit(&anna, &run(&world, 7_200_000_001, &HONEST, BOTH)).await;
    insta::assert_snapshot!("trust_ru_verified", seen);
    let mut own = HONEST.to_vec();
    own.extend([("tests/own/test_mine.py", '8'), ("lib/more.sh", '7')]);
    let seen = submit(&ben, &run(&world, 7_200_000_002, &own, BOTH)).await;
    insta::assert_snapshot!("trust_en_verified", seen);
    let list = world.person("vera").slash("grade review").await;
    let list = list.expect("a list");
    assert!(list.ephemeral);
    assert_eq!(list.text(), "Сейчас ничего не ждёт вашей проверки.");
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_differs_reaches_the_instructor_and_their_word_reaches_the_member() {
    let (world, bot) = world().await;
    let (anna, ben) = (world.person("anna"), world.person("ben"));
    let forged = [WORKFLOW, ("tests/conftest.py", '6'), TESTS];
    let seen = submit(&anna, &run(&world, 7_200_000_003, &forged, BOTH)).await;
    insta::assert_snapshot!("trust_ru_review", seen);
    let edited = [
        (".github/workflows/practice.yml", '6'),
        CONFTEST,
        TESTS,
        ("pytest.ini", '5'),
    ];
    let seen = submit(&ben, &run(&world, 7_200_000_004, &edited, BOTH)).await;
    insta::assert_snapshot!("trust_en_review", seen);

    let (vera, walter) = (world.person("vera"), world.person("walter"));
    let list = vera.slash("grade review").await.expect("a list");
    insta::assert_snapshot!("trust_ru_list", settled(&list.text()));
    let list = walter.slash("grade review").await.expect("a list");
    insta::assert_snapshot!("trust_en_list", settled(&list.text()));

    let set = |actor: Actor, member: String, grade: &'static str, reason: &'static str| async move {
        let answer = actor
            .slash("grade set")
            .opt("member", member.as_str())
            .opt("practice", "first")
            .opt("grade", grade)
            .opt("reason", reason)
            .await;
        answer.expect("an answer").text()
    };
    let said = set(
        world.person("vera"),
        anna.id().to_string(),
        "C",
        "Верните conftest.py и сдайте новый запуск",
    )
    .await;
    assert_eq!(said, "Анна, FIRST: C вместо S. Участнику сообщу.");
    let told = wait_for(&anna, "Верните conftest.py").await;
    insta::assert_snapshot!("trust_ru_set", settled(told.text()));
    let said = set(
        world.person("walter"),
        ben.id().to_string(),
        "S",
        "The new cache step is fine",
    )
    .await;
    assert_eq!(said, "Ben, FIRST: S is confirmed. I tell the member.");
    wait_for(&ben, "The new cache step is fine").await;

    let list = vera.slash("grade review").await.expect("a list");
    assert_eq!(list.text(), "Сейчас ничего не ждёт вашей проверки.");
    let progress = anna.slash("progress").await.expect("progress").text();
    assert!(progress.contains("FIRST: **C**"), "{progress}");
    let rows: Vec<(String, Option<String>)> =
        sqlx::query_as("select author, reason from grade order by id")
            .fetch_all(
                &sqlx::PgPool::connect(world.postgres.url())
                    .await
                    .expect("the database"),
            )
            .await
            .expect("rows");
    assert_eq!(rows.len(), 4, "what was there stays: {rows:?}");
    assert_eq!(rows[3].1.as_deref(), Some("The new cache step is fine"));
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_given_test_that_is_missing_renamed_skipped_or_repeated_has_failed() {
    let (world, bot) = world().await;
    let (anna, ben) = (world.person("anna"), world.person("ben"));
    let one = r#"<testcase classname="tests.test_count" name="test_files"/>"#;
    let with = |case: &str| format!("{one}{case}");
    let cases = [
        ("missing", with("")),
        (
            "renamed",
            with(r#"<testcase classname="tests.test_count" name="test_dirs"/>"#),
        ),
        (
            "skipped",
            with(
                r#"<testcase classname="tests.test_count" name="test_folders"><skipped type="pytest.skip" message="later"/></testcase>"#,
            ),
        ),
        (
            "repeated",
            with(
                r#"<testcase classname="tests.test_count" name="test_folders"/><testcase classname="x/tests.test_count" name="test_folders"/>"#,
            ),
        ),
    ];
    let mut seen = Vec::new();
    for (number, (name, cases)) in (7_200_000_010..).zip(&cases) {
        let person = if number % 2 == 0 { &anna } else { &ben };
        let text = submit(person, &run(&world, number, &HONEST, cases)).await;
        assert!(text.contains("FIRST: C"), "{name}: {text}");
        seen.push(format!("{name}\n{text}"));
    }
    insta::assert_snapshot!("trust_given_tests", seen.join("\n\n"));
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_learner_sees_no_list_and_sets_no_grade_and_odd_events_are_not_graded() {
    let (world, bot) = world().await;
    let anna = world.person("anna");
    world.discord.allow_command_for_everyone("grade");
    let refused = anna.slash("grade review").await.expect("an answer");
    let again = anna
        .slash("grade set")
        .opt("member", anna.id().to_string().as_str())
        .opt("practice", "first")
        .opt("grade", "S")
        .opt("reason", "because")
        .await
        .expect("an answer");
    assert_eq!(refused.text(), again.text());
    assert!(!refused.text().contains("FIRST"), "{}", refused.text());
    let mut odd = Sample::read("01-perfect").numbered(7_200_000_020);
    odd.recorded.run["event"] = "workflow_run".into();
    let seen = submit(&anna, &odd.add_to(&world.github)).await;
    assert_eq!(
        seen,
        "Запуски, начатые событием `workflow_run`, не оцениваются. Отправьте коммит, дождитесь CI и сдайте тот запуск."
    );
    world.end(bot).await;
}
