//! Real runs of the course's own practice raise no alarm, whatever their grade; the cheat among them does.

use serde_json::json;

use super::stage::Stage;
use crate::world::{Sample, World};

const HONEST: [(&str, &str); 11] = [
    ("01-perfect", "S"),
    ("02-one-failing-test", "C"),
    ("04-missing-downgrade", "C"),
    ("06-lint-errors", "A"),
    ("08-e2e-failing", "C"),
    ("12-flaky-retried", "A"),
    ("16-no-tests-ran", "C"),
    ("21-basic-perfect", "S"),
    ("22-basic-untouched", "C"),
    ("23-basic-no-downgrade", "C"),
    ("24-basic-two-heads", "C"),
];

#[tokio::test(flavor = "multi_thread")]
async fn no_honest_run_is_sent_to_review() {
    let stage = Stage::with(World::new().await).await;
    for ((name, letter), person) in HONEST.iter().zip(["anna", "ben"].into_iter().cycle()) {
        let sample = Sample::read(name);
        let number = sample.recorded.run["id"].as_u64().expect("a number");
        let link = sample.add_to(&stage.world.github);
        let seen = stage.submit_link(person, &link, number).await;
        let level = seen.level.as_deref();
        assert!(
            matches!(level, Some("verified" | "advisory")),
            "{name}: {seen:?}"
        );
        assert_eq!(seen.grade.as_deref(), Some(*letter), "{name}: {seen:?}");
    }
    let list = stage.world.person("walter").slash("grade review").await;
    let list = list.expect("a list").text();
    assert_eq!(list, "Nothing waits for your look.");
    stage.end().await;
}

/// Six lines in the given conftest make every test of pytest pass.
#[tokio::test(flavor = "multi_thread")]
async fn perfect_reports_from_a_changed_conftest_are_looked_at() {
    let stage = Stage::with(World::new().await).await;
    let mut sample = Sample::read("01-perfect");
    let tree = sample.recorded.tree.as_mut().expect("a tree");
    let mut entries = tree["tree"].as_array_mut().expect("entries").iter_mut();
    let conftest = entries.find(|entry| entry["path"] == "back/tests/conftest.py");
    conftest.expect("a conftest")["sha"] = json!("a".repeat(40));
    sample.tree = sample.recorded.tree.clone();
    let number = sample.recorded.run["id"].as_u64().expect("a number");
    let link = sample.add_to(&stage.world.github);
    let seen = stage.submit_link("anna", &link, number).await;
    assert_eq!(seen.level.as_deref(), Some("needs_review"), "{seen:?}");
    assert!(seen.text.contains("back/tests/conftest.py"), "{seen:?}");
    stage.end().await;
}
