//! A course of another subject: English only, without parts, with a practice of two tools.

use std::io::{Cursor, Write as _};

use docent::{domain::locale::Locale, play::github::RunSpec};

use super::settled;
use crate::world::{Bot, World, courses_folder, finish_quiz, message};

/// A world whose bot serves the course about bread.
async fn bakery() -> (World, Bot) {
    let folder = courses_folder().join("bread");
    let world = World::with_settings(&[("DOCENT_CONTENT", &folder.to_string_lossy())]).await;
    let bot = Bot::start(&world).await;
    (world, bot)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lesson_is_read_to_its_end_and_a_russian_member_reads_it_too() {
    let (world, bot) = bakery().await;
    let ben = world.person("ben");
    let mut read = Vec::new();
    let mut page = ben
        .slash("lesson")
        .opt("module", "flour")
        .await
        .expect("a lesson");
    loop {
        read.push(page.text());
        match ben.click(message(&page), "Next").await {
            Ok(next) => page = next,
            Err(_) => break,
        }
    }
    insta::assert_snapshot!("bread_lesson", read.join("\n-- next page --\n"));
    assert!(
        !read.concat().contains("To do"),
        "comments stay the author's"
    );
    let russian = world
        .person("anna")
        .slash("lesson")
        .opt("module", "OVEN")
        .await
        .expect("a lesson");
    assert!(
        russian.text().contains("The last hour decides.")
            && russian.text().contains("страница 1 из"),
        "{}",
        russian.text()
    );
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quiz_is_failed_then_passed_and_the_class_report_has_both() {
    let (world, bot) = bakery().await;
    let ben = world.person("ben");
    let first = ben
        .slash("quiz")
        .opt("topic", "flour")
        .await
        .expect("a quiz");
    let failed = finish_quiz(&ben, &first, Locale::En, |number| number >= 4).await;
    assert!(
        failed
            .text()
            .contains("Not passed yet: 6 of 10 right (60%), and 70% passes."),
        "{}",
        failed.text()
    );
    assert_eq!(failed.text().matches("Read: FLOUR · ").count(), 4);
    let again = ben
        .slash("quiz")
        .opt("topic", "main")
        .await
        .expect("a quiz");
    assert!(
        again.text().contains("Question 1 of 12"),
        "{}",
        again.text()
    );
    let passed = finish_quiz(&ben, &again, Locale::En, |number| number >= 3).await;
    assert!(
        passed.text().contains("Passed: 9 of 12 right (75%)."),
        "{}",
        passed.text()
    );

    let list = ben.slash("checklist").await.expect("a checklist");
    insta::assert_snapshot!("bread_checklist", list.text());
    let label = message(&list).buttons().remove(2);
    ben.click(message(&list), &label).await.expect("a tick");

    let report = world
        .person("walter")
        .slash("report class")
        .await
        .expect("a report");
    insta::assert_snapshot!("bread_class", report.text());
    world.end(bot).await;
}

/// What pytest and ruff left of a calculator whose hydration is wrong and whose code is untidy.
fn kitchen() -> Vec<u8> {
    let tests = r#"<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests"><testsuite name="pytest" errors="0" failures="2" skipped="0" tests="4" time="0.031" timestamp="2026-03-01T10:00:00.000000+00:00" hostname="runner"><testcase classname="tests.test_flour" name="test_hydration_of_a_firm_dough" time="0.001"><failure message="assert 37.5 == 60&#10; +  where 37.5 = hydration(300, 500)">def test_hydration_of_a_firm_dough():
&gt;       assert hydration(300, 500) == 60
E       assert 37.5 == 60
E        +  where 37.5 = hydration(300, 500)

tests/test_flour.py:5: AssertionError</failure></testcase><testcase classname="tests.test_flour" name="test_salt" time="0.001" /><testcase classname="tests.test_dough" name="test_a_cold_rise" time="0.001"><failure message="AssertionError: 2 hours apart">def test_a_cold_rise():
&gt;       assert rise(2, 24, 16) == 4, f"{4 - rise(2, 24, 16)} hours apart"
E       AssertionError: 2 hours apart
E       assert 2 == 4

tests/test_dough.py:5: AssertionError</failure></testcase><testcase classname="tests.test_dough" name="test_the_same_rise" time="0.001" /></testsuite></testsuites>"#;
    let ruff = r#"[{"cell":null,"code":"F401","end_location":{"column":10,"row":1},"filename":"/home/runner/work/bread/bread/calculator.py","fix":null,"location":{"column":8,"row":1},"message":"`math` imported but unused","noqa_row":1,"severity":"error","url":"https://docs.astral.sh/ruff/rules/unused-import"}]"#;
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in [("tests.xml", tests), ("ruff.json", ruff)] {
        zip.start_file(name, zip::write::SimpleFileOptions::default())
            .expect("a file");
        zip.write_all(text.as_bytes()).expect("written");
    }
    zip.finish().expect("a zip").into_inner()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_practice_of_two_tools_is_graded_by_its_own_rubric() {
    let (world, bot) = bakery().await;
    world
        .github
        .add_run(RunSpec {
            conclusion: Some("failure".to_owned()),
            artifacts: vec![("kitchen".to_owned(), kitchen())],
            ..RunSpec::new("baker/bread", 7_200_000_001)
        })
        .expect("a run");
    let reply = world
        .person("ben")
        .slash("submit")
        .opt(
            "link",
            "https://github.com/baker/bread/actions/runs/7200000001",
        )
        .await
        .expect("a grade");
    insta::assert_snapshot!("bread_submit", settled(&reply.text()));
    let opened = world
        .person("ben")
        .select(message(&reply), "Open a section", &["flour-percent"])
        .await
        .expect("a section");
    assert!(
        opened.text().contains("the flour is always 100 %"),
        "{}",
        opened.text()
    );
    world.end(bot).await;
}
