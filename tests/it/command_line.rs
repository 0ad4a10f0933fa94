//! The program as an operator and an author meet it: its words when something is wrong.

use std::{
    path::Path,
    process::{Command, Output, Stdio},
};

use serde_json::Value;

fn docent(arguments: &[&str], settings: &[(&str, &str)], folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_docent"))
        .env_clear()
        .env("HOME", std::env::var("HOME").unwrap_or_default())
        .env("PATH", std::env::var("PATH").unwrap_or_default())
        .envs(settings.iter().copied())
        .current_dir(folder)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .expect("the program runs")
}

/// The sentence a failed program leaves on standard error.
fn complaint(arguments: &[&str], settings: &[(&str, &str)]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let output = docent(arguments, settings, folder.path());
    assert!(!output.status.success(), "it should have failed");
    String::from_utf8(output.stderr)
        .expect("text")
        .trim()
        .to_owned()
}

#[test]
fn wrong_settings_are_named_with_their_fix() {
    let unknown = complaint(&["run"], &[("DOCENT_LOCAL", "ru")]);
    assert!(
        unknown.contains("unknown setting `DOCENT_LOCAL`: did you mean `DOCENT_LOCALE`?"),
        "{unknown}"
    );
    let token = complaint(&["run"], &[]);
    assert!(
        token.contains("DISCORD_TOKEN is not set") && token.contains("docent play"),
        "{token}"
    );
    let half = complaint(
        &["run"],
        &[
            ("DISCORD_TOKEN", "x"),
            ("DISCORD_API_URL", "http://127.0.0.1:1"),
        ],
    );
    assert!(half.contains("DISCORD_GATEWAY_URL is not"), "{half}");
    let database = complaint(
        &["run"],
        &[
            ("DISCORD_TOKEN", "x"),
            ("DATABASE_URL", "postgres://127.0.0.1:9/none"),
        ],
    );
    assert!(
        database.contains("DATABASE_URL cannot be reached"),
        "{database}"
    );
    let content = complaint(&["doctor"], &[("DOCENT_LOCALE", "de")]);
    assert!(content.contains("set it to `ru` or `en`"), "{content}");
}

#[test]
fn the_shipped_course_has_no_errors_and_no_warnings() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = docent(&["check", "--json"], &[], folder.path());
    let body: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(body["diagnostics"], serde_json::json!([]), "{body:#}");
    assert!(output.status.success());
    let course = &body["courses"][0];
    assert_eq!(course["parts"].as_array().map(Vec::len), Some(2));
    let modules: Vec<&Value> = course["parts"]
        .as_array()
        .expect("parts")
        .iter()
        .flat_map(|part| part["modules"].as_array().expect("modules"))
        .collect();
    let codes: Vec<&str> = modules
        .iter()
        .filter_map(|module| module["code"].as_str())
        .collect();
    assert_eq!(codes, ["AL1", "AL2", "AL3", "AL4", "AL5"]);
}

#[test]
fn a_course_of_another_subject_is_read_and_a_broken_one_fails_with_its_line() {
    let courses = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/courses");
    let good = docent(&["check", "valid"], &[], &courses);
    assert!(
        good.status.success(),
        "{}",
        String::from_utf8_lossy(&good.stdout)
    );
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(
        folder.path().join("course.md"),
        "# Title\n\nNothing here.\n",
    )
    .expect("a file");
    let bad = docent(&["check", "course.md"], &[], folder.path());
    assert_eq!(bad.status.code(), Some(1));
    let text = String::from_utf8(bad.stdout).expect("text");
    assert!(
        text.contains("error[no-modules] course.md:") && text.contains("fix: "),
        "{text}"
    );
}

#[test]
fn a_busy_port_and_a_data_folder_in_use_are_each_one_sentence() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let busy = complaint(&["play", "--port", &port], &[]);
    assert!(
        busy.contains(&format!("port {port} is in use")) && busy.contains("--port"),
        "{busy}"
    );

    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data/postgres");
    std::fs::create_dir_all(&data).expect("a folder");
    let lock = std::fs::File::create(data.join("lock")).expect("a lock");
    lock.lock().expect("locked");
    let used = docent(&["play"], &[], folder.path());
    let words = String::from_utf8(used.stderr).expect("text");
    assert!(
        !used.status.success() && words.contains("in use by another process"),
        "{words}"
    );
}

#[test]
fn a_token_that_discord_refuses_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let discord = runtime.block_on(
        discord_loopback::Loopback::builder()
            .guild("Group", |guild| guild)
            .start(),
    );
    let discord = discord.expect("a loopback Discord");
    let (api, gateway) = (discord.api_url(), discord.gateway_url());
    let settings = [
        ("DISCORD_TOKEN", "wrong"),
        ("DISCORD_API_URL", &*api),
        ("DISCORD_GATEWAY_URL", &*gateway),
        ("DOCENT_DATA", "data"),
    ];
    let output = docent(&["run"], &settings, folder.path());
    let words = String::from_utf8(output.stderr).expect("text");
    assert!(
        !output.status.success() && words.contains("Discord refused the token: set DISCORD_TOKEN"),
        "{words}"
    );
    runtime.block_on(discord.shutdown());
}
