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
async fn world(require: &str) -> (World, Bot, tempfile::TempDir) {
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
    number: u64,
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
        let mut sample = Sample::read("01-perfect").numbered(number);
        let entry = |path: &str, id: char| {
            let sha: String = std::iter::repeat_n(id, 40).collect();
            json!({ "path": path, "mode": "100644", "type": "blob", "sha": sha, "size": 1 })
        };
        let sha = format!("{number:040}");
        let run = &mut sample.recorded.run;
        run["head_commit"]["tree_id"] = json!(sha);
        run["referenced_workflows"] =
            json!([{ "path": format!("{WORKFLOW}@{TRUSTED}"), "sha": TRUSTED, "ref": TRUSTED }]);
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
    fn claims(&self) -> Value {
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

    fn brings(&self, world: &World, token: &str) {
        let zip = zip_of("proof.jwt", token);
        world
            .github
            .add_artifact(self.number, "docent-proof", zip)
            .expect("a run");
    }
}

fn digest_lines(handed: &Handed) -> String {
    let digest =
        docent::app::evidence::hex(&<sha2::Sha256 as sha2::Digest>::digest(&handed.reports));
    format!("{digest}  back-reports")
}

async fn submit(person: &Actor, link: &str) -> String {
    let answer = person.slash("submit").opt("link", link).await;
    settled(&answer.expect("an answer to a link").text())
}

/// The lines of a grade that say how far it is proved.
fn trust(text: &str) -> String {
    let begin = text.find(['✅', 'ℹ', '🔎']).expect("a word on trust");
    text[begin..].trim().to_owned()
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
type Token<'a> = Box<dyn Fn(&Handed) -> Option<String> + 'a>;

#[tokio::test(flavor = "multi_thread")]
async fn only_the_ci_servers_signature_of_these_reports_in_this_run_counts() {
    let (world, bot, _course) = world("signed").await;
    let (anna, ben) = (world.person("anna"), world.person("ben"));
    let sign = |claims: Value| world.github.sign_token(claims);
    let with = |claims: &Value, field: &str, value: Value| {
        let mut claims = claims.clone();
        claims[field] = value;
        sign(claims)
    };
    let forge = |claims: Value, header: &str, mac: bool| {
        let whole = sign(claims);
        let body = whole.split('.').nth(1).expect("a body");
        let text = format!("{}.{body}", base64(header.as_bytes()));
        let keys = include_str!("../../../src/play/github/issuer.jwks.json");
        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, keys.as_bytes());
        let tag = ring::hmac::sign(&key, text.as_bytes());
        let tag = if mac {
            base64(tag.as_ref())
        } else {
            String::new()
        };
        format!("{text}.{tag}")
    };
    let cases: Vec<(&str, Token<'_>)> = vec![
        (
            "valid, and expired long ago",
            Box::new(|run| Some(sign(run.claims()))),
        ),
        ("none", Box::new(|_| None)),
        (
            "another audience",
            Box::new(|run| Some(with(&run.claims(), "aud", json!("docent#sha256=00")))),
        ),
        (
            "another run",
            Box::new(|run| Some(with(&run.claims(), "run_id", json!("7")))),
        ),
        (
            "another workflow",
            Box::new(|run| {
                let own = "student-ann/alembic-practice/.github/workflows/mine.yml@refs/heads/main";
                Some(with(&run.claims(), "job_workflow_ref", json!(own)))
            }),
        ),
        (
            "a runner of one's own",
            Box::new(|run| {
                Some(with(
                    &run.claims(),
                    "runner_environment",
                    json!("self-hosted"),
                ))
            }),
        ),
        (
            "a day later",
            Box::new(|run| {
                let later = run.started_at + TimeDelta::days(1);
                Some(with(&run.claims(), "iat", json!(later.timestamp())))
            }),
        ),
        (
            "another issuer",
            Box::new(|run| {
                Some(with(
                    &run.claims(),
                    "iss",
                    json!("https://token.actions.githubusercontent.com"),
                ))
            }),
        ),
        (
            "another key",
            Box::new(|run| {
                let mut claims = run.claims();
                claims["iss"] = json!(world.github.issuer_url());
                let key = include_bytes!("../../data/another_issuer.der");
                Some(jwt::sign(&claims, key, Some("loopback-1")).expect("a token"))
            }),
        ),
        (
            "no algorithm",
            Box::new(|run| {
                Some(forge(
                    run.claims(),
                    r#"{"alg":"none","typ":"JWT","kid":"loopback-1"}"#,
                    false,
                ))
            }),
        ),
        (
            "the public key as a secret",
            Box::new(|run| {
                Some(forge(
                    run.claims(),
                    r#"{"alg":"HS256","typ":"JWT","kid":"loopback-1"}"#,
                    true,
                ))
            }),
        ),
        ("no token at all", Box::new(|_| Some("hello".to_owned()))),
    ];
    let mut seen = Vec::new();
    for (number, (name, token)) in (7_310_000_001..).zip(&cases) {
        let handed = Handed::add(&world, number);
        let lines = digest_lines(&handed);
        let handed = handed.states(&world, &lines);
        if let Some(token) = token(&handed) {
            handed.brings(&world, &token);
        }
        let person = if number % 2 == 0 { &anna } else { &ben };
        let said = trust(&submit(person, &handed.link).await);
        assert_eq!(
            said.starts_with('✅'),
            name.starts_with("valid"),
            "{name}: {said}"
        );
        seen.push(format!("{name}\n{said}"));
    }
    insta::assert_snapshot!("proof_signature", seen.join("\n\n"));
    drop(cases);
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
