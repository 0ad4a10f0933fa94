//! What a grade says of each failure, in the message and in the file beside it: in layers, as much as the
//! course allows at this attempt, and harmless whatever the reports carry.

use std::{fs, path::Path, time::Duration};

use discord_loopback::{FaultRule, MessageView};
use serde_json::Value;
use tempfile::TempDir;

use super::{
    settled,
    submit::{submit, wait_for},
    trust::{HONEST, run},
};
use crate::world::{Bot, Sample, World, link, message};

/// A failure in the member's own code, below a library's.
const FAILED: &str = r#"<testcase classname="tests.test_count" name="test_files"/>
<testcase classname="tests.test_count" name="test_folders" file="tests/test_count.py" line="7"><failure
 message="assert 2 == 3">def test_folders():
&gt;       assert count("a") == 3
E       assert 2 == 3

tests/test_count.py:9: AssertionError</failure></testcase>
<testcase classname="tests.own.test_mine" name="test_links"><failure message="KeyError: 'link'">def test_links():
&gt;       follow("a")

tests/own/test_mine.py:4:
_ _ _ _ _

    def follow(name):
        secret = "of the library"
&gt;       return table[name]
E       KeyError: 'link'

/usr/lib/python3.13/site-packages/links/core.py:88: KeyError</failure></testcase>"#;

/// The course with a manifest, with more in its settings.
fn course_with(more: &str) -> TempDir {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/trusted");
    let folder = tempfile::tempdir().expect("a folder");
    copy(&from, folder.path());
    let settings = folder.path().join("course.toml");
    let text = fs::read_to_string(&settings).expect("settings");
    let (practice, rest) = text.split_once("[practice.integrity]").expect("a table");
    let text = format!("{practice}{more}\n[practice.integrity]{rest}");
    fs::write(settings, text).expect("settings");
    folder
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("a folder").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            fs::create_dir_all(&target).expect("a folder");
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

async fn world_of(course: &TempDir) -> (World, Bot) {
    let folder = course.path().to_str().expect("a path");
    let world = World::with_settings(&[("DOCENT_CONTENT", folder)]).await;
    let bot = Bot::start(&world).await;
    (world, bot)
}

/// The only file of a message.
fn only_file(seen: &MessageView) -> String {
    let names = seen.file_names();
    assert_eq!(names.len(), 1, "{}", seen.text());
    seen.read_file(names[0]).expect("a text")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_has_what_the_message_has_no_room_for_in_both_languages() {
    let (world, bot) = World::with_bot().await;
    let reply = submit(
        &world.person("anna"),
        &link(&world.github, "08-e2e-failing"),
    )
    .await;
    assert_eq!(message(&reply).file_names(), ["advanced-run-7000000004.md"]);
    insta::assert_snapshot!("reply_file_ru", only_file(message(&reply)));
    let reply = submit(
        &world.person("ben"),
        &link(&world.github, "02-one-failing-test"),
    )
    .await;
    insta::assert_snapshot!("reply_file_en", only_file(message(&reply)));
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_library_s_frames_are_in_neither_the_message_nor_the_file() {
    let course = course_with("");
    let (world, bot) = world_of(&course).await;
    let reply = submit(
        &world.person("anna"),
        &run(&world, 7_300_000_001, &HONEST, FAILED),
    )
    .await;
    insta::assert_snapshot!("reply_layers_ru", settled(&reply.text()));
    let file = only_file(message(&reply));
    assert!(file.contains("tests/own/test_mine.py:4"), "{file}");
    for hidden in ["secret", "core.py"] {
        assert!(!file.contains(hidden) && !reply.text().contains(hidden));
    }
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_course_says_at_which_attempt_how_much_is_shown() {
    let course = course_with(
        r#"
[[practice.show]]
from_attempt = 1
detail = "points"

[[practice.show]]
from_attempt = 2
detail = "findings"

[[practice.show]]
from_attempt = 3
detail = "all"
"#,
    );
    let (world, bot) = world_of(&course).await;
    let (anna, ben) = (world.person("anna"), world.person("ben"));
    let mut seen = Vec::new();
    for attempt in 1..=3 {
        let reply = submit(&ben, &run(&world, 7_300_000_010 + attempt, &HONEST, FAILED)).await;
        let files = message(&reply).file_names().len();
        assert_eq!(files, usize::from(attempt == 3), "attempt {attempt}");
        seen.push(settled(&reply.text()));
    }
    insta::assert_snapshot!("reply_attempts_en", seen.join("\n\n"));
    let reply = submit(&anna, &run(&world, 7_300_000_020, &HONEST, FAILED)).await;
    insta::assert_snapshot!("reply_first_attempt_ru", settled(&reply.text()));
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grade_that_is_told_again_counts_as_the_attempt_it_was() {
    let course = course_with(
        "[[practice.show]]\nfrom_attempt = 1\ndetail = \"points\"\n\n[[practice.show]]\nfrom_attempt = 2\ndetail = \"all\"\n",
    );
    let (world, bot) = world_of(&course).await;
    let anna = world.person("anna");
    submit(&anna, &run(&world, 7_300_000_030, &HONEST, FAILED)).await;
    let answer = world
        .person("vera")
        .slash("grade set")
        .opt("member", anna.id().to_string().as_str())
        .opt("practice", "first")
        .opt("grade", "B")
        .opt("reason", "Почти всё на месте")
        .await;
    answer.expect("an answer");
    let told = wait_for(&anna, "Почти всё на месте").await;
    assert!(told.file_names().is_empty(), "{}", told.text());
    assert!(told.text().contains("попытка № 1"), "{}", told.text());
    let reply = submit(&anna, &run(&world, 7_300_000_031, &HONEST, FAILED)).await;
    only_file(message(&reply));
    world.end(bot).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_sent_again_with_its_message_and_shows_once() {
    let (world, bot) = World::with_bot().await;
    let lost = |method: &str, route: &str, status| FaultRule {
        method: method.to_owned(),
        after_effect: true,
        ..FaultRule::status(route, status)
    };
    let ben = world.person("ben");
    let faults = world.discord.faults();
    faults.add(FaultRule {
        method: "PATCH".to_owned(),
        ..FaultRule::status("/webhooks/", 502)
    });
    faults.add(lost("PATCH", "/webhooks/", 500));
    let reply = submit(&ben, &link(&world.github, "02-one-failing-test")).await;
    let seen = ben.messages("general").pop().expect("a message");
    assert_eq!(seen.id, message(&reply).id);
    assert!(only_file(&seen).contains("test_rollback"));

    let run = Sample::read("04-missing-downgrade")
        .running()
        .numbered(7_300_000_040)
        .add_to(&world.github);
    submit(&ben, &run).await;
    world.discord.clock().advance(Duration::from_mins(16));
    faults.add(lost("POST", "/channels/{channel_id}/messages", 500));
    world
        .github
        .complete_run(7_300_000_040, "failure")
        .expect("a run");
    let told = ben
        .wait_for_dm(Duration::from_secs(40))
        .await
        .expect("a direct message");
    assert!(only_file(&told).contains("downgrade"));
    assert_eq!(ben.dms().len(), 1, "a repeated post shows once");
    world.discord.clear_violations();
    world.end(bot).await;
}

/// Everything a stranger may try with words that others read.
const HOSTILE: &[&str] = &[
    "@everyone @here <@1> <@&1> <#1> <@!1>",
    "**bold** __line__ ~~gone~~ ||hidden|| `code` ```\nfence\n``` # head",
    "[free nitro](https://e.vil/x) <https://e.vil> https://e.vil discord.gg/evil https://discord.com/invite/evil",
    "\u{202E}drowssap\u{202C} a\u{200B}b\u{2066}c\u{2069} \u{FEFF}soft\u{AD}hyphen \u{E0041}",
    "&#27;[31mred&#27;[0m",
    "</submit:1> <t:1:R> <:emoji:1> -# small > quote",
];

/// A report of more failures than anyone reads, with all of this in names, messages, files and traces.
fn hostile_report() -> String {
    let escape = |text: &str| {
        text.replace('<', "&lt;")
            .replace('>', "&gt;")
            .replace('"', "&quot;")
    };
    let mut cases =
        vec![r#"<testcase classname="tests.test_count" name="test_files"/>"#.to_owned()];
    cases.extend(HOSTILE.iter().map(|words| {
        let words = escape(words);
        format!(
            "<testcase classname=\"tests.{words}\" name=\"{words}\" file=\"tests/{words}.py\" line=\"1\"><failure \
             message=\"AssertionError: {words}\nassert '{words}' == '{words}!'\">&gt;  assert '{words}'\n\
             E  assert '{words}' == '{words}!'\n\ntests/a.py:1: AssertionError\n{words}</failure></testcase>"
        )
    }));
    for words in [
        "я".repeat(30_000),
        "\n".repeat(4_000),
        "\u{301}".repeat(500),
    ] {
        cases.push(format!(
            "<testcase classname=\"tests.big\" name=\"test_{words}\"><failure message=\"e{words}\">\
             tests/b.py:1: in f\n    {words}x</failure></testcase>"
        ));
    }
    let wide = format!("E  {}\n", "x".repeat(99)).repeat(20);
    cases.extend((0..900).map(|number| {
        format!(
            "<testcase classname=\"tests.many\" name=\"test_{number}\"><failure message=\"assert {number} == 1\">{wide}\n\
             tests/c.py:1: AssertionError</failure></testcase>"
        )
    }));
    cases.concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_words_neither_ping_nor_format_nor_outgrow_the_message_and_its_file() {
    let course = course_with("");
    let (world, bot) = world_of(&course).await;
    let run = run(&world, 7_300_000_050, &HONEST, &hostile_report());
    let reply = submit(&world.person("ben"), &run).await;
    let seen = message(&reply);
    insta::assert_snapshot!("reply_hostile", settled(seen.text()));
    check_words(seen);
    let file = only_file(seen);
    assert!(file.len() <= 256 * 1024, "{} bytes", file.len());
    let last = file.lines().last();
    assert!(
        last.is_some_and(|last| last.ends_with("in the reports of the run.")),
        "{last:?}"
    );
    for line in file.lines() {
        check_line(line);
    }
    world.end(bot).await;
}

/// A line of a file: short, nothing in it is hidden, and a sign means something in code alone.
fn check_line(line: &str) {
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
    };
    assert!(!line.chars().any(hidden), "{line:?}");
    assert!(line.chars().count() <= 400, "{line}");
    if !line.starts_with("    ") {
        let outside: String = line.split('`').step_by(2).collect();
        for sign in ["@", "](", "<", "://", "||", "**"] {
            assert!(!outside.contains(sign), "{line}");
        }
    }
}

/// Nobody is mentioned, and outside code no sign means anything.
fn check_words(seen: &MessageView) {
    assert_eq!(seen.json["mention_everyone"], false);
    assert_eq!(seen.json["mentions"], serde_json::json!([]));
    let mut texts = Vec::new();
    collect(&seen.json["embeds"], &mut texts);
    for text in texts {
        for sign in ["@everyone", "@here", "<@1>", "\u{202E}", "\u{200D}"] {
            assert!(!text.contains(sign), "{sign:?} in {text}");
        }
        let outside: String = text
            .split("```")
            .step_by(2)
            .flat_map(|text| text.split('`').step_by(2))
            .collect();
        let unescaped = outside.replace("\\]", "");
        for sign in ["://", "discord.gg/", "/invite/e", "]("] {
            assert!(!unescaped.contains(sign), "{sign} in {outside}");
        }
        assert!(text.matches("```").count().is_multiple_of(2), "{text}");
        let inline = text.matches('`').count() - 3 * text.matches("```").count();
        assert!(inline.is_multiple_of(2), "{text}");
    }
}

/// Every text of an embed.
fn collect(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) => texts.push(text.clone()),
        Value::Array(list) => list.iter().for_each(|one| collect(one, texts)),
        Value::Object(map) => map.values().for_each(|one| collect(one, texts)),
        _ => {}
    }
}
