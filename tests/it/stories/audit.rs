//! Audits: a commit is graded once more by the instructors' own workflow.

use std::time::Duration;

use docent::play::github::Dispatch;

use super::{
    evidence::{docent, said},
    proof::{GREEN, Handed, course_with, zip_of},
    settled,
    submit::wait_for,
};
use crate::world::{Bot, World};

const TOKEN: &str = "dispatch-token";
const AUDIT: &str =
    "audit = { repository = \"school/grader\", workflow = \"audit.yml\", ref = \"main\" }\n";
const RED: &str = r#"<testcase classname="tests.test_count" name="test_files"/>
    <testcase classname="tests.test_count" name="test_folders"><failure message="assert 2 == 3"/></testcase>"#;

async fn world(audit: &str) -> (World, Bot, tempfile::TempDir) {
    let course = course_with(audit);
    let path = course.path().to_str().expect("a path");
    let world =
        World::with_settings(&[("DOCENT_CONTENT", path), ("GITHUB_DISPATCH_TOKEN", TOKEN)]).await;
    world.github.add_token(TOKEN, true);
    world.github.allow_dispatch(TOKEN).expect("a token");
    let bot = Bot::start(&world).await;
    (world, bot, course)
}

/// The workflow that was started, once there are so many.
async fn started(world: &World, count: usize) -> Dispatch {
    let found = tokio::time::timeout(Duration::from_secs(40), async {
        loop {
            if let Some(found) = world.github.dispatches().get(count - 1) {
                return found.clone();
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    });
    found.await.expect("the workflow is started")
}

/// The instructors' run uploads a report of these cases and ends.
fn end(world: &World, run: u64, cases: &str) {
    let junit = format!(
        r#"<testsuites name="pytest tests"><testsuite name="pytest">{cases}</testsuite></testsuites>"#
    );
    let zip = zip_of("junit.xml", &junit);
    let github = &world.github;
    github
        .add_artifact(run, "back-reports", zip)
        .expect("a run");
    github.complete_run(run, "success").expect("a run");
}

async fn ask(world: &World, instructor: &str, member: &str) -> String {
    let id = world.person(member).id().to_string();
    let answer = world
        .person(instructor)
        .slash("grade audit")
        .opt("member", id.as_str())
        .opt("practice", "first")
        .await;
    answer.expect("an answer").text()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_instructors_own_run_agrees_or_its_result_counts() {
    let (world, bot, _course) = world(AUDIT).await;
    let (anna, ben) = (world.person("anna"), world.person("ben"));
    let (first, second) = (
        Handed::add(&world, 7_400_000_001),
        Handed::add(&world, 7_400_000_002),
    );
    for (person, handed) in [(&anna, &first), (&ben, &second)] {
        let answer = person
            .slash("submit")
            .opt("link", handed.link.as_str())
            .await;
        let text = answer.expect("a grade").text();
        assert!(text.contains("FIRST: S"), "{text}");
    }
    let mut seen = vec![ask(&world, "vera", "anna").await];
    let one = started(&world, 1).await;
    assert_eq!(
        (
            one.repository.as_str(),
            one.workflow.as_str(),
            one.reference.as_str()
        ),
        ("school/grader", "audit.yml", "main")
    );
    assert_eq!(one.inputs["repository"], "student-ann/alembic-practice");
    assert_eq!(one.inputs["commit"], first.head_sha);
    assert_eq!(one.inputs["practice"], "first");
    seen.push(ask(&world, "vera", "anna").await);
    end(&world, one.run, GREEN);
    let told = wait_for(&world.person("vera"), "тоже даёт").await;
    seen.push(settled(told.text()));

    // A server that does not tell which run it has started: the run is found by its name.
    world.github.hide_dispatched_runs();
    seen.push(ask(&world, "walter", "ben").await);
    let other = started(&world, 2).await;
    end(&world, other.run, RED);
    let told = wait_for(&world.person("walter"), "your own run gives C").await;
    seen.push(settled(told.text()));
    let told = wait_for(&ben, "FIRST: C").await;
    seen.push(settled(told.text()));
    let runs = [one.run, other.run];
    let text = seen.join("\n\n");
    let text = runs
        .iter()
        .fold(text, |text, run| text.replace(&run.to_string(), "RUN"));
    insta::assert_snapshot!("audit", text);

    let pool = sqlx::PgPool::connect(world.postgres.url()).await;
    let pool = pool.expect("the database");
    let authors: Vec<(String, String)> =
        sqlx::query_as("select author, grade from grade order by id")
            .fetch_all(&pool)
            .await
            .expect("rows");
    let authors: Vec<String> = authors
        .into_iter()
        .map(|(author, grade)| format!("{author} {grade}"))
        .collect();
    assert_eq!(authors, ["docent S", "docent S", "regrade S", "regrade C"]);
    assert_eq!(world.github.violations(), Vec::<String>::new());
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_audit_that_cannot_be_is_refused_and_one_that_fails_is_told_and_changes_nothing() {
    let (world, bot, _course) = world(AUDIT).await;
    let anna = world.person("anna");
    let mut seen = vec![ask(&world, "walter", "anna").await];
    world.discord.allow_command_for_everyone("grade");
    let handed = Handed::add(&world, 7_400_000_003);
    let answer = anna.slash("submit").opt("link", handed.link.as_str()).await;
    answer.expect("a grade");
    seen.push(ask(&world, "ben", "anna").await);
    assert!(
        world.github.dispatches().is_empty(),
        "a learner starts nothing"
    );
    seen.push(ask(&world, "walter", "anna").await);
    let one = started(&world, 1).await;
    world
        .github
        .complete_run(one.run, "failure")
        .expect("a run");
    let told = wait_for(&world.person("walter"), "gave no grade").await;
    seen.push(settled(told.text()));
    insta::assert_snapshot!("audit_refused", seen.join("\n\n"));
    let progress = anna.slash("progress").await.expect("progress").text();
    assert!(progress.contains("FIRST: **S**"), "{progress}");
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_drawn_by_lot_is_audited_unasked_and_what_differs_reaches_the_instructors() {
    let sampled = AUDIT.replace(" }", ", sample = 1 }");
    let (world, bot, _course) = world(&sampled).await;
    let anna = world.person("anna");
    let handed = Handed::add(&world, 7_400_000_004);
    let answer = anna.slash("submit").opt("link", handed.link.as_str()).await;
    assert!(answer.expect("a grade").text().contains("FIRST: S"));
    let one = started(&world, 1).await;
    end(&world, one.run, RED);
    wait_for(&anna, "FIRST: C").await;
    let list = world.person("walter").slash("grade review").await;
    let list = list.expect("a list").text();
    let differs = "an audit gave this grade; the run handed in gave S";
    assert!(list.contains(differs), "{list}");

    // Whoever decides before an audit that nobody asked for has ended has the last word.
    let (ben, vera) = (world.person("ben"), world.person("vera"));
    let handed = Handed::add(&world, 7_400_000_005);
    let answer = ben.slash("submit").opt("link", handed.link.as_str()).await;
    assert!(answer.expect("a grade").text().contains("FIRST: S"));
    let other = started(&world, 2).await;
    let id = ben.id().to_string();
    let set = vera
        .slash("grade set")
        .opt("member", id.as_str())
        .opt("practice", "first")
        .opt("grade", "B")
        .opt("reason", "Разобрали работу вместе")
        .await;
    set.expect("a grade");
    end(&world, other.run, RED);
    let pool = sqlx::PgPool::connect(world.postgres.url()).await;
    let pool = pool.expect("the database");
    let ended = "select count(*) from audit_end where code = 'decided'";
    let begun = std::time::Instant::now();
    while sqlx::query_scalar::<_, i64>(ended)
        .fetch_one(&pool)
        .await
        .expect("a count")
        == 0
    {
        assert!(begun.elapsed() < Duration::from_secs(40), "the audit ends");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let newest: String = sqlx::query_scalar("select grade from grade order by id desc limit 1")
        .fetch_one(&pool)
        .await
        .expect("a grade");
    assert_eq!(newest, "B");
    world.end(bot).await;
}

/// An audit tells how good the work is, and not whose it is.
#[tokio::test(flavor = "multi_thread")]
async fn a_copy_waits_for_an_instructor_though_the_audit_agrees() {
    let (world, bot, _course) = world(&AUDIT.replace(" }", ", sample = 1000000 }")).await;
    let (anna, ben) = (world.person("anna"), world.person("ben"));
    let original = Handed::add(&world, 7_400_000_006);
    let files = format!("{:040}", original.number);
    let copy = Handed::add_changed(&world, 7_400_000_007, |run| {
        run["head_commit"]["tree_id"] = files.into();
    });
    for (person, handed, waits) in [(&ben, &original, false), (&anna, &copy, true)] {
        let answer = person
            .slash("submit")
            .opt("link", handed.link.as_str())
            .await;
        let text = answer.expect("a grade").text();
        assert!(text.contains("FIRST: S"), "{text}");
        assert_eq!(text.contains('🔎'), waits, "{text}");
    }
    // One that waits is audited unasked.
    let one = started(&world, 1).await;
    end(&world, one.run, GREEN);
    let pool = sqlx::PgPool::connect(world.postgres.url()).await;
    let pool = pool.expect("the database");
    let begun = std::time::Instant::now();
    while audited(&pool).await.is_empty() {
        assert!(begun.elapsed() < Duration::from_secs(40), "the audit ends");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(audited(&pool).await, ["S 10000 audited"]);
    let list = async |name: &str| {
        let list = world.person(name).slash("grade review").await;
        settled(&list.expect("a list").text()).replace(&one.run.to_string(), "RUN")
    };
    let mut seen = vec![list("walter").await];
    // One that was asked for says so at once.
    let asked = ask(&world, "vera", "anna").await;
    seen.push(asked);
    let two = started(&world, 2).await;
    end(&world, two.run, GREEN);
    let told = wait_for(&world.person("vera"), "тоже даёт").await;
    let told = settled(told.text()).replace(&two.run.to_string(), "RUN");
    seen.push(told);
    insta::assert_snapshot!("audit_of_a_copy", seen.join("\n\n"));
    let set = world
        .person("vera")
        .slash("grade set")
        .opt("member", anna.id().to_string().as_str())
        .opt("practice", "first")
        .opt("grade", "S")
        .opt("reason", "Работали вместе, я проверила")
        .await;
    set.expect("a grade");
    assert_eq!(list("walter").await, "Nothing waits for your look.");
    world.end(bot).await;
}

/// Every grade of an audit: the letter, the score, and what its verdict rests on.
async fn audited(pool: &sqlx::PgPool) -> Vec<String> {
    let rows = sqlx::query_scalar(
        "select concat_ws(' ', grade, score_bp, sheet #>> '{trust,proof}') from grade
         where author = 'regrade' order by id",
    );
    rows.fetch_all(pool).await.expect("rows")
}

#[expect(clippy::too_many_lines, reason = "one story, told in its order")]
#[tokio::test(flavor = "multi_thread")]
async fn the_grade_of_an_audit_is_verified_and_regraded_from_its_own_reports() {
    let (world, bot, course) = world(AUDIT).await;
    let anna = world.person("anna");
    let handed = Handed::add(&world, 7_400_000_005);
    let answer = anna.slash("submit").opt("link", handed.link.as_str()).await;
    assert!(answer.expect("a grade").text().contains("FIRST: S"));
    ask(&world, "walter", "anna").await;
    let one = started(&world, 1).await;
    end(&world, one.run, RED);
    wait_for(&world.person("walter"), "your own run gives C").await;
    bot.stop().await;

    let folder = tempfile::tempdir().expect("a folder");
    let settings = world.settings();
    let run = |arguments: &[&str]| said(&docent(arguments, &settings, folder.path()));
    let (went_well, words) = run(&["export", "grade", "#2", "--out", "g.json"]);
    assert!(went_well, "{words}");
    // From here on there is the file and nothing else.
    let verify = || said(&docent(&["verify", "grade", "g.json"], &[], folder.path()));
    let (holds, words) = verify();
    assert!(holds, "{words}");
    assert_eq!(
        words.replace(&one.run.to_string(), "RUN"),
        "grade 2 holds: worked out again from 1 reports of the audit \
         https://github.com/school/grader/actions/runs/RUN/attempts/1 by rubric version 1, shell first is C (5000 of \
         10000), verified"
    );
    let file = folder.path().join("g.json");
    let mut whole: serde_json::Value =
        serde_json::from_slice(&std::fs::read(&file).expect("a file")).expect("JSON");
    let audit = whole["grades"][1]["audit"].as_str().expect("an audit");
    let place = format!("/audits/{audit}/reports/0/body/content/tests/cases/1/status");
    *whole.pointer_mut(&place).expect("a case") = "passed".into();
    std::fs::write(&file, whole.to_string()).expect("a file");
    let (holds, words) = verify();
    assert!(
        !holds
            && words
                .contains("grade 2: the score is 5000 in the file, and the evidence gives 6999"),
        "{words}"
    );

    // A red test costs more by the next version; the run that was handed in would be S by that one as well.
    let toml = course.path().join("course.toml");
    let text = std::fs::read_to_string(&toml).expect("a course");
    let text = text
        .replacen("id = \"first\"", "id = \"first\"\nrubric_version = 2", 1)
        .replacen("cap_bp = 6999", "cap_bp = 3000", 1);
    std::fs::write(&toml, text).expect("a course");
    let (went_well, words) = run(&["regrade", "--dry-run"]);
    assert!(went_well, "{words}");
    assert_eq!(
        words,
        "0 would move up, 1 would move down, 0 would stay, 0 were set by instructors and stay; nothing is changed: run \
         it without --dry-run to apply it\n  #2 Анна first: C (5000) to C (3000)"
    );
    let (went_well, words) = run(&["regrade"]);
    assert!(went_well, "{words}");
    let pool = sqlx::PgPool::connect(world.postgres.url()).await;
    let pool = pool.expect("the database");
    assert_eq!(audited(&pool).await, ["C 5000 audited", "C 3000 audited"]);
    let (holds, words) = run(&["verify", "grade", "3"]);
    assert!(
        holds
            && words.contains("1 reports of the audit")
            && words.contains("(3000 of 10000), verified"),
        "{words}"
    );

    // An audit from before its reports were kept is what it was, and is not taken for another.
    for change in [
        "delete from grade where id = 3",
        "update grade set rubric_digest = null where author = 'regrade'",
        "update audit_end set facts = null",
    ] {
        sqlx::query(change)
            .execute(&pool)
            .await
            .expect("a row of old");
    }
    pool.close().await;
    let (holds, words) = run(&["verify", "grade", "1"]);
    assert!(holds, "{words}");
    let (holds, words) = run(&["verify", "grade", "2"]);
    assert!(
        !holds && words.contains("the reports of its audit are not in the file"),
        "{words}"
    );
    let (_, words) = run(&["regrade"]);
    assert!(
        words.contains("1 cannot be worked out again and stay"),
        "{words}"
    );
    world.close().await;
}
