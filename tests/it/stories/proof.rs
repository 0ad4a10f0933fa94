//! What vouches for reports: the word of the grading job, and the signature of the CI server.

use std::{fs, io::Write as _, path::Path};

use chrono::{DateTime, TimeDelta, Utc};
use discord_loopback::Actor;
use docent::{ci::jwt, domain::trust::Statement};
use serde_json::{Value, json};

use super::settled;
use crate::world::{Bot, Sample, World};

const COURSE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/trusted");
const WORKFLOW: &str = "school/ci/.github/workflows/grade.yml";
const TRUSTED: &str = "0123456789abcdef0123456789abcdef01234567";
const JOB: &str = "practice / proof";
pub const GREEN: &str = r#"<testcase classname="tests.test_count" name="test_files"/>
    <testcase classname="tests.test_count" name="test_folders"/>"#;

/// A world whose course asks for a proof.
pub async fn world(require: &str) -> (World, Bot, tempfile::TempDir) {
    let course = course_with(&format!(
        "require = \"{require}\"\nworkflow = {{ repository = \"school/ci\", \
         path = \".github/workflows/grade.yml\", shas = [\"{TRUSTED}\"] }}\n"
    ));
    let path = course.path().to_str().expect("a path");
    let world = World::with_settings(&[("DOCENT_CONTENT", path)]).await;
    let bot = Bot::start(&world).await;
    (world, bot, course)
}

/// The course whose practice has a manifest, with more lines in its `[practice.integrity]`.
pub fn course_with(lines: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    copy(Path::new(COURSE), folder.path());
    let file = folder.path().join("course.toml");
    let settings = fs::read_to_string(&file).expect("a course");
    let table = format!("[practice.integrity]\n{lines}");
    fs::write(&file, settings.replace("[practice.integrity]\n", &table)).expect("a course");
    folder
}

fn copy(from: &Path, into: &Path) {
    fs::create_dir_all(into).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder").flatten() {
        let (from, into) = (entry.path(), into.join(entry.file_name()));
        if from.is_dir() {
            copy(&from, &into);
        } else {
            fs::copy(from, into).expect("a copy");
        }
    }
}

/// A run of the given files that called the trusted workflow and uploaded green reports.
pub struct Handed {
    pub number: u64,
    pub repository: String,
    pub link: String,
    reports: Vec<u8>,
    repository_id: Value,
    pub head_sha: Value,
    started_at: DateTime<Utc>,
}

pub fn zip_of(path: &str, text: &str) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file(path, zip::write::SimpleFileOptions::default())
        .expect("an entry");
    zip.write_all(text.as_bytes()).expect("a file");
    zip.finish().expect("a zip").into_inner()
}

impl Handed {
    pub fn add(world: &World, number: u64) -> Self {
        Self::add_changed(world, number, |_| {})
    }

    /// The same, of a run in which something is otherwise.
    pub fn add_changed(world: &World, number: u64, change: impl FnOnce(&mut Value)) -> Self {
        let mut sample = Sample::read("01-perfect").numbered(number);
        let entry = |path: &str, id: char| {
            let sha: String = std::iter::repeat_n(id, 40).collect();
            json!({ "path": path, "mode": "100644", "type": "blob", "sha": sha, "size": 1 })
        };
        let run = &mut sample.recorded.run;
        run["head_commit"]["tree_id"] = json!(format!("{number:040}"));
        run["referenced_workflows"] =
            json!([{ "path": format!("{WORKFLOW}@{TRUSTED}"), "sha": TRUSTED, "ref": TRUSTED }]);
        change(run);
        let sha = run["head_commit"]["tree_id"].clone();
        let repository = run["repository"]["full_name"]
            .as_str()
            .expect("a name")
            .to_owned();
        let (repository_id, head_sha) = (run["repository"]["id"].clone(), run["head_sha"].clone());
        let started_at = run["run_started_at"].as_str().expect("a time");
        let started_at = started_at.parse().expect("a time");
        sample.recorded.tree = Some(json!({ "sha": sha, "truncated": false, "tree": [
            entry(".github/workflows/practice.yml", '1'), entry("tests/conftest.py", '2'),
            entry("tests/test_count.py", '3'), entry("count.sh", '9'),
        ]}));
        let junit = format!(
            r#"<testsuites name="pytest tests"><testsuite name="pytest">{GREEN}</testsuite></testsuites>"#
        );
        let reports = zip_of("junit.xml", &junit);
        sample.recorded.zips = vec![("back-reports".to_owned(), reports.clone())];
        let artifacts = sample.recorded.artifacts["artifacts"].as_array_mut();
        let artifacts = artifacts.expect("artifacts");
        artifacts.retain(|artifact| artifact["name"] == "back-reports");
        artifacts[0]["digest"] = Value::Null;
        let jobs = sample.recorded.jobs["jobs"].as_array_mut().expect("jobs");
        jobs.truncate(1);
        jobs[0]["name"] = json!(JOB);
        jobs[0]["conclusion"] = json!("success");
        let link = sample.add_to(&world.github);
        Self {
            number,
            repository,
            link,
            reports,
            repository_id,
            head_sha,
            started_at,
        }
    }

    /// What a grader states of these reports.
    fn statement(&self) -> Statement {
        let mut statement = Statement::default();
        statement.add("back-reports", &self.reports);
        statement
    }

    fn states(self, world: &World, message: &str) -> Self {
        world
            .github
            .annotate(self.number, JOB, "docent", message)
            .expect("a job");
        self
    }

    /// The claims of an honest token, which ran out minutes after it was signed.
    pub fn claims(&self) -> Value {
        let signed_at = self.started_at + TimeDelta::minutes(4);
        json!({
            "aud": self.statement().audience(), "iat": signed_at.timestamp(),
            "nbf": signed_at.timestamp(), "exp": (signed_at + TimeDelta::minutes(5)).timestamp(),
            "repository_id": self.repository_id.to_string(), "run_id": self.number.to_string(),
            "run_attempt": "1", "sha": self.head_sha,
            "job_workflow_ref": format!("{WORKFLOW}@{TRUSTED}"), "job_workflow_sha": TRUSTED,
            "runner_environment": "github-hosted", "repository": "student-ann/alembic-practice",
        })
    }

    pub fn brings(&self, world: &World, token: &str) {
        let zip = zip_of("proof.jwt", token);
        world
            .github
            .add_artifact(self.number, "docent-proof", zip)
            .expect("a run");
    }
}

fn digest_lines(handed: &Handed) -> String {
    let digest = docent::domain::digest::of_bytes(&handed.reports);
    format!("{digest}  back-reports")
}

pub async fn submit(person: &Actor, link: &str) -> String {
    let answer = person.slash("submit").opt("link", link).await;
    settled(&answer.expect("an answer to a link").text())
}

/// The lines of a grade that say how far it is proved.
pub fn trust(text: &str) -> String {
    let begin = text.find(['✅', 'ℹ', '🔎']).expect("a word on trust");
    text.get(begin..).unwrap_or_default().trim().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn reports_that_the_grading_job_states_are_verified_and_others_are_looked_at() {
    let (world, bot, _course) = world("pinned-grader").await;
    let (anna, ben) = (world.person("anna"), world.person("ben"));
    let mut seen = Vec::new();
    let honest = |number| {
        let handed = Handed::add(&world, number);
        let lines = digest_lines(&handed);
        handed.states(&world, &lines)
    };
    for (person, number) in [(&anna, 7_300_000_001), (&ben, 7_300_000_002)] {
        seen.push(trust(&submit(person, &honest(number).link).await));
    }
    // Another job of the same run has uploaded other reports under the name.
    for (person, number) in [(&anna, 7_300_000_003), (&ben, 7_300_000_004)] {
        let handed = honest(number);
        let junit = format!(
            r#"<testsuites name="pytest tests"><testsuite name="pytest">{GREEN}<!-- forged --></testsuite></testsuites>"#
        );
        let forged = zip_of("junit.xml", &junit);
        world
            .github
            .tamper_artifact(number, "back-reports", forged)
            .expect("an artifact");
        seen.push(trust(&submit(person, &handed.link).await));
    }
    // Nothing was stated; then two things were.
    let silent = Handed::add(&world, 7_300_000_005);
    seen.push(trust(&submit(&ben, &silent.link).await));
    let twice =
        honest(7_300_000_006).states(&world, &format!("{TRUSTED}{TRUSTED:.24}  back-reports"));
    seen.push(trust(&submit(&ben, &twice.link).await));
    insta::assert_snapshot!("proof_grader", seen.join("\n\n"));
    let list = world.person("walter").slash("grade review").await;
    let list = list.expect("a list").text();
    assert!(list.contains("4 submissions"), "{list}");
    world.end(bot).await;
}

/// What token a run brings, if any.
type Token = Box<dyn Fn(&World, &Handed) -> Option<String>>;

/// A token that says one thing differently, and is signed by the issuer all the same.
fn saying(field: &'static str, value: impl Fn(&Handed) -> Value + 'static) -> Token {
    Box::new(move |world, run| {
        let mut claims = run.claims();
        claims[field] = value(run);
        Some(world.github.sign_token(claims))
    })
}

/// A token under a header of somebody's own, with the public keys as the secret of its signature.
fn under(header: &'static str, is_signed: bool) -> Token {
    Box::new(move |world, run| {
        let whole = world.github.sign_token(run.claims());
        let body = whole.split('.').nth(1).expect("a body");
        let text = format!("{}.{body}", base64(header.as_bytes()));
        let keys = include_str!("../../../src/play/issuer.jwks.json");
        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, keys.as_bytes());
        let tag = ring::hmac::sign(&key, text.as_bytes());
        let tag = if is_signed {
            base64(tag.as_ref())
        } else {
            String::new()
        };
        Some(format!("{text}.{tag}"))
    })
}

fn by_another_key(world: &World, run: &Handed) -> String {
    let mut claims = run.claims();
    claims["iss"] = json!(world.github.issuer_url());
    let key = include_bytes!("../../data/another_issuer.der");
    jwt::sign(&claims, key, Some("loopback-1")).expect("a token")
}

fn tokens() -> Vec<(&'static str, Token)> {
    let own = "student-ann/alembic-practice/.github/workflows/mine.yml@refs/heads/main";
    let github = "https://token.actions.githubusercontent.com";
    let none = r#"{"alg":"none","typ":"JWT","kid":"loopback-1"}"#;
    let shared = r#"{"alg":"HS256","typ":"JWT","kid":"loopback-1"}"#;
    let later = |run: &Handed| json!((run.started_at + TimeDelta::days(1)).timestamp());
    vec![
        (
            "valid, and expired long ago",
            saying("sub", |_| json!("repo")),
        ),
        ("none", Box::new(|_, _| None)),
        (
            "another audience",
            saying("aud", |_| json!("docent#sha256=00")),
        ),
        ("another run", saying("run_id", |_| json!("7"))),
        (
            "another workflow",
            saying("job_workflow_ref", move |_| json!(own)),
        ),
        (
            "a runner of one's own",
            saying("runner_environment", |_| json!("self-hosted")),
        ),
        ("a day later", saying("iat", later)),
        ("another issuer", saying("iss", move |_| json!(github))),
        (
            "another key",
            Box::new(|world, run| Some(by_another_key(world, run))),
        ),
        ("no algorithm", under(none, false)),
        ("the public key as a secret", under(shared, true)),
        ("no token at all", Box::new(|_, _| Some("hello".to_owned()))),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_ci_servers_signature_of_these_reports_in_this_run_counts() {
    let (world, bot, _course) = world("signed").await;
    let (anna, ben) = (world.person("anna"), world.person("ben"));
    let mut seen = Vec::new();
    for (number, (name, token)) in (7_310_000_001..).zip(tokens()) {
        let handed = Handed::add(&world, number);
        let lines = digest_lines(&handed);
        let handed = handed.states(&world, &lines);
        if let Some(token) = token(&world, &handed) {
            handed.brings(&world, &token);
        }
        let person = if number % 2 == 0 { &anna } else { &ben };
        let said = trust(&submit(person, &handed.link).await);
        let is_verified = said.starts_with('✅');
        assert_eq!(is_verified, name.starts_with("valid"), "{name}: {said}");
        seen.push(format!("{name}\n{said}"));
    }
    insta::assert_snapshot!("proof_signature", seen.join("\n\n"));
    world.end(bot).await;
}

/// Base64 as tokens have it.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let word = three
            .iter()
            .fold(0_u32, |word, byte| (word << 8) | u32::from(*byte));
        let word = word << (8 * (3 - three.len()));
        for place in 0..=three.len() {
            let six = (word >> (18 - 6 * place)) & 63;
            text.push(char::from(LETTERS[usize::try_from(six).expect("six bits")]));
        }
    }
    text
}
