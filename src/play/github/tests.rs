//! The loopback GitHub is as strict as the original.

use chrono::{DateTime, Utc};
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

use super::{LoopbackGitHub, Overrides, Recorded, RunSpec, TOKEN};

const REPO: &str = "student-ann/practice";

async fn ask(
    world: &LoopbackGitHub,
    path: &str,
    headers: &[(&'static str, &str)],
) -> (u16, HeaderMap, Value) {
    #[expect(
        clippy::disallowed_methods,
        reason = "a client without manners, to see the loopback answer it"
    )]
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    let mut request = client
        .no_proxy()
        .build()
        .unwrap()
        .get(world.api_url().join(path).unwrap());
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = request.send().await.unwrap();
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    (status, headers, answer.json().await.unwrap_or(Value::Null))
}

fn polite() -> Vec<(&'static str, &'static str)> {
    vec![
        ("user-agent", "test"),
        ("x-github-api-version", "2022-11-28"),
    ]
}

async fn world() -> LoopbackGitHub {
    let world = LoopbackGitHub::start(0).await.unwrap();
    world
        .add_run(RunSpec::new(REPO, 7).with_artifact("back-reports", b"zip"))
        .unwrap();
    world
}

/// Every template word is filled, and no time is left empty.
fn assert_complete(body: &Value) {
    match body {
        Value::String(text) => assert!(!text.contains('%'), "{text}"),
        Value::Array(items) => items.iter().for_each(assert_complete),
        Value::Object(fields) => {
            for (name, field) in fields {
                let empty = name.ends_with("_at") && field == "";
                assert!(!empty, "{name} is empty");
                assert_complete(field);
            }
        }
        _ => {}
    }
}

#[tokio::test]
async fn every_body_is_complete() {
    let world = world().await;
    world.add_pull(REPO, 3, &format!("{:040x}", 7)).unwrap();
    let repo = format!("/repos/{REPO}");
    let jobs = format!("{repo}/actions/runs/7/jobs");
    let (_, _, listed) = ask(&world, &jobs, &polite()).await;
    let job = listed["jobs"][0]["id"].as_u64().unwrap();
    for path in [
        String::new(),
        "/actions/runs".to_owned(),
        "/actions/runs/7".to_owned(),
        "/actions/runs/7/attempts/1".to_owned(),
        "/actions/runs/7/attempts/1/jobs".to_owned(),
        "/actions/runs/7/artifacts".to_owned(),
        "/actions/workflows/practice.yml".to_owned(),
        "/pulls/3".to_owned(),
        format!("/git/commits/{:040x}", 7),
        format!("/actions/jobs/{job}"),
        format!("/check-runs/{job}"),
    ] {
        let (status, headers, body) = ask(&world, &format!("{repo}{path}"), &polite()).await;
        assert_eq!(status, 200, "{path}");
        assert_eq!(headers["x-ratelimit-limit"], "60");
        assert_complete(&body);
    }
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn an_impolite_request_is_refused_or_noticed() {
    let world = world().await;
    let path = format!("/repos/{REPO}/actions/runs/7");
    assert_eq!(ask(&world, &path, &[]).await.0, 403);
    assert_eq!(ask(&world, &path, &[("user-agent", "test")]).await.0, 200);
    let old = [
        ("user-agent", "test"),
        ("x-github-api-version", "2001-01-01"),
    ];
    assert_eq!(ask(&world, &path, &old).await.0, 400);
    let (status, _, body) = ask(&world, "/nowhere", &polite()).await;
    assert_eq!((status, &body["message"]), (404, &json!("Not Found")));
    assert_eq!(world.violations().len(), 3, "{:?}", world.violations());
}

#[tokio::test]
async fn a_download_needs_a_token_and_its_signed_address_refuses_one() {
    let world = world().await;
    let list = format!("/repos/{REPO}/actions/runs/7/artifacts");
    let (_, _, listed) = ask(&world, &list, &polite()).await;
    let id = listed["artifacts"][0]["id"].as_u64().unwrap();
    let zip = format!("/repos/{REPO}/actions/artifacts/{id}/zip");
    assert_eq!(ask(&world, &zip, &polite()).await.0, 401);
    let bearer = format!("Bearer {TOKEN}");
    let mut with_token = polite();
    with_token.push(("authorization", &bearer));
    let (status, headers, _) = ask(&world, &zip, &with_token).await;
    assert_eq!(status, 302);
    let location = headers["location"].to_str().unwrap();
    assert_eq!(ask(&world, location, &with_token).await.0, 400);
    assert_eq!(ask(&world, location, &[]).await.0, 200);
    world.expire_downloads();
    assert_eq!(ask(&world, location, &[]).await.0, 403);
}

#[tokio::test]
async fn an_answer_one_already_has_is_not_sent_again() {
    let world = world().await;
    let path = format!("/repos/{REPO}/actions/runs/7");
    let (_, headers, _) = ask(&world, &path, &polite()).await;
    let tag = headers["etag"].to_str().unwrap().to_owned();
    let mut again = polite();
    again.push(("if-none-match", &tag));
    assert_eq!(ask(&world, &path, &again).await.0, 304);
}

fn recorded() -> Recorded {
    let artifact = json!({ "id": 70_000_000_005_u64, "name": "back-reports", "expired": false,
        "workflow_run": { "id": 7_000_000_000_u64 } });
    Recorded {
        run: json!({
            "id": 7_000_000_000_u64, "run_attempt": 1, "head_sha": "ab", "head_branch": "main",
            "url": "https://api.github.com/repos/student-ann/practice/actions/runs/7000000000",
            "status": "completed", "conclusion": "success", "path": ".github/workflows/practice.yml",
            "created_at": "2026-11-22T12:00:00Z", "run_started_at": "2026-11-22T12:00:00Z",
            "actor": { "id": 42, "login": "student-ann" },
            "repository": { "id": 900_000_001, "name": "practice", "full_name": REPO,
                "owner": { "id": 42, "login": "student-ann" } },
        }),
        jobs: json!({ "jobs": [{ "id": 70_000_000_000_u64, "run_id": 7_000_000_000_u64,
            "html_url": "https://github.com/student-ann/practice/actions/runs/7000000000/job/70000000000" }] }),
        artifacts: json!({ "artifacts": [artifact] }),
        tree: None,
        zips: vec![("back-reports".to_owned(), b"zip".to_vec())],
    }
}

#[tokio::test]
async fn a_recording_is_answered_as_it_stands() {
    let world = LoopbackGitHub::start(0).await.unwrap();
    let run = recorded().run;
    assert_eq!(
        world
            .add_recorded(recorded(), &Overrides::default())
            .unwrap(),
        7_000_000_000
    );
    let path = format!("/repos/{REPO}/actions/runs/7000000000");
    let (_, _, answered) = ask(&world, &path, &polite()).await;
    assert_eq!(answered["created_at"], run["created_at"]);
    assert_eq!(
        answered["url"],
        format!("{}{}", world.api_url().as_str().trim_end_matches('/'), path)
    );
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_recording_can_be_given_another_owner_number_and_time() {
    let world = LoopbackGitHub::start(0).await.unwrap();
    let started: DateTime<Utc> = "2027-01-01T00:00:00Z".parse().unwrap();
    let overrides = Overrides {
        repository: Some("bob/work".to_owned()),
        actor_id: Some(43),
        run_id: Some(5),
        started_at: Some(started),
    };
    assert_eq!(world.add_recorded(recorded(), &overrides).unwrap(), 5);
    let (_, _, run) = ask(&world, "/repos/bob/work/actions/runs/5", &polite()).await;
    assert_eq!(run["actor"], json!({ "id": 43, "login": "bob" }));
    assert_eq!(run["repository"]["owner"]["id"], 43);
    assert_eq!(run["created_at"], "2027-01-01T00:00:00Z");
    let (_, _, jobs) = ask(&world, "/repos/bob/work/actions/runs/5/jobs", &polite()).await;
    let job = &jobs["jobs"][0];
    let page = format!(
        "https://github.com/bob/work/actions/runs/5/job/{}",
        job["id"]
    );
    assert_eq!(
        (&job["run_id"], &job["html_url"]),
        (&json!(5), &json!(page))
    );
}

#[tokio::test]
async fn a_run_ends_once_and_an_unknown_one_never_does() {
    let world = LoopbackGitHub::start(0).await.unwrap();
    world.add_run(RunSpec::new(REPO, 5).running()).unwrap();
    let path = format!("/repos/{REPO}/actions/runs/5");
    let (_, _, going) = ask(&world, &path, &polite()).await;
    assert_eq!(
        (&going["status"], &going["conclusion"]),
        (&json!("in_progress"), &Value::Null)
    );
    world.complete_run(5, "success").unwrap();
    let (_, _, ended) = ask(&world, &path, &polite()).await;
    assert_eq!(ended["conclusion"], "success");
    assert!(world.complete_run(6, "success").is_err());
    world.delete_run(5).unwrap();
    assert_eq!(ask(&world, &path, &polite()).await.0, 404);
}
