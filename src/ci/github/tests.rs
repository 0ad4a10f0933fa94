//! GitHub as the use cases meet it, against the loopback GitHub.
#![cfg(feature = "play")]

mod links;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use super::{GitHub, GitHubSettings};
use crate::app::ports::{CiError, CiLink, CiProvider, Conclusion, LinkTarget, Run, RunStatus};
use crate::ci::NoMemory;
use crate::ci::client::{ClientSettings, GuardedClient};
use crate::play::github::{JobSpec, LoopbackGitHub, RunSpec, TOKEN};

const REPO: &str = "student-ann/alembic-practice";
const ZIP: &[u8] = b"PK not really a zip, and nobody here minds";

async fn world() -> LoopbackGitHub {
    LoopbackGitHub::start(0).await.unwrap()
}

fn provider_with(world: &LoopbackGitHub, token: Option<&str>, max_artifact: u64) -> GitHub {
    let mut client = ClientSettings::new(world.api_url());
    client.retry_pause = Duration::from_millis(1);
    client.max_artifact = max_artifact;
    let settings = GitHubSettings {
        api_url: world.api_url(),
        token: token.map(Into::into),
        ..GitHubSettings::default()
    };
    GitHub::new(
        settings,
        GuardedClient::new(&client).unwrap(),
        Arc::new(NoMemory),
    )
    .unwrap()
}

fn provider(world: &LoopbackGitHub) -> GitHub {
    provider_with(world, Some(TOKEN), 1_000_000)
}

fn link(target: LinkTarget) -> CiLink {
    CiLink {
        host: "github.com".to_owned(),
        repository: REPO.to_owned(),
        target,
    }
}

fn started() -> DateTime<Utc> {
    DateTime::from_timestamp(1_780_000_000, 0).unwrap()
}

fn spec(run: u64) -> RunSpec {
    RunSpec {
        started_at: Some(started() + TimeDelta::seconds(i64::try_from(run).unwrap())),
        ..RunSpec::new(REPO, run)
    }
}

/// A world with one perfect run, its provider, and that run as the provider sees it.
async fn perfect() -> (LoopbackGitHub, GitHub, Run) {
    let world = world().await;
    world
        .add_run(spec(7).with_artifact("back-reports", ZIP))
        .unwrap();
    let provider = provider(&world);
    let run = provider.load_run(REPO, 7, None).await.unwrap();
    (world, provider, run)
}

async fn download(provider: &GitHub, run: &Run) -> Result<Vec<u8>, CiError> {
    let artifacts = provider.list_artifacts(run).await?;
    provider
        .download_artifact(run, artifacts.first().unwrap())
        .await
}

#[tokio::test]
async fn a_pasted_link_leads_to_the_bytes_of_a_perfect_run() {
    let (world, provider, _) = perfect().await;
    let text = format!("Сдаю <https://github.com/{REPO}/actions/runs/7>!");
    let link = provider.parse_link(&text).unwrap();
    let run = provider.find_run(&link).await.unwrap();
    assert_eq!((run.run_id, run.attempt, run.actor_id), (7, 1, 42));
    assert_eq!(run.status, RunStatus::Completed);
    assert_eq!(run.conclusion, Some(Conclusion::Success));
    assert_eq!(run.workflow_path, ".github/workflows/practice.yml");
    assert_eq!(run.head_repository_id, Some(run.repository_id));
    assert_eq!(run.tree_sha.as_ref().map(String::len), Some(40));
    assert_eq!(
        run.html_url,
        format!("https://github.com/{REPO}/actions/runs/7/attempts/1")
    );
    let jobs = provider.list_jobs(&run).await.unwrap();
    assert_eq!(jobs.len(), 1);
    assert_eq!(jobs[0].runner_group.as_deref(), Some("GitHub Actions"));
    assert_eq!(jobs[0].steps[0].conclusion, Some(Conclusion::Success));
    assert_eq!(download(&provider, &run).await.unwrap(), ZIP);
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_run_that_is_still_going_says_so_until_it_ends() {
    let world = world().await;
    world.add_run(spec(7).running()).unwrap();
    let provider = provider(&world);
    let run = provider.load_run(REPO, 7, None).await.unwrap();
    assert_eq!((run.status, run.conclusion), (RunStatus::InProgress, None));
    world.complete_run(7, "failure").unwrap();
    let run = provider.load_run(REPO, 7, None).await.unwrap();
    assert_eq!(run.status, RunStatus::Completed);
    assert_eq!(run.conclusion, Some(Conclusion::Failure));
}

#[tokio::test]
async fn an_expired_artifact_is_said_to_be_expired() {
    let (world, provider, run) = perfect().await;
    let mut before = provider.list_artifacts(&run).await.unwrap();
    world.expire_artifacts(7).unwrap();
    assert_eq!(download(&provider, &run).await, Err(CiError::Expired));
    // The list may be older than the deletion.
    let stale = before.remove(0);
    let late = provider.download_artifact(&run, &stale).await;
    assert_eq!(late, Err(CiError::Expired));
}

#[tokio::test]
async fn bytes_that_do_not_fit_the_digest_are_called_forged() {
    let (world, provider, run) = perfect().await;
    world
        .tamper_artifact(7, "back-reports", b"other bytes".to_vec())
        .unwrap();
    assert_eq!(
        download(&provider, &run).await.unwrap_err().code(),
        "forged"
    );
    let field = ("/digest", json!(null));
    world
        .set_artifact_field(7, "back-reports", field.0, field.1)
        .unwrap();
    assert_eq!(download(&provider, &run).await.unwrap(), b"other bytes");
}

#[tokio::test]
async fn a_redirect_to_another_host_is_refused_before_it_is_asked() {
    let (world, provider, run) = perfect().await;
    let elsewhere = LoopbackGitHub::start(0).await.unwrap();
    let blob = elsewhere.api_url().join("/blobs/1").unwrap();
    for location in [
        blob.as_str(),
        "https://evil.example/a.zip",
        "http://169.254.169.254/",
    ] {
        world.redirect_next_download(location);
        let error = download(&provider, &run).await.unwrap_err();
        assert_eq!(error.code(), "elsewhere", "{location}");
    }
    assert_eq!(elsewhere.requests().len(), 0);
}

#[tokio::test]
async fn the_signed_address_is_asked_without_the_token() {
    let (world, provider, run) = perfect().await;
    download(&provider, &run).await.unwrap();
    let requests = world.requests();
    let [.., zip, blob] = requests.as_slice() else {
        panic!("two requests")
    };
    assert!(zip.path.ends_with("/zip") && zip.authorized && zip.status == 302);
    assert!(blob.path.starts_with("/blobs/") && !blob.authorized && blob.status == 200);
}

#[tokio::test]
async fn without_a_token_lists_are_read_and_downloads_are_not_tried() {
    let (world, _, _) = perfect().await;
    let provider = provider_with(&world, None, 1_000_000);
    let run = provider.load_run(REPO, 7, None).await.unwrap();
    assert_eq!(download(&provider, &run).await, Err(CiError::Unauthorized));
    assert!(
        !world
            .requests()
            .iter()
            .any(|request| request.path.ends_with("/zip"))
    );
}

#[tokio::test]
async fn tokens_are_told_apart_by_what_they_lack() {
    let (world, _, run) = perfect().await;
    world.add_token("reader", false);
    let reader = provider_with(&world, Some("reader"), 1_000_000);
    assert_eq!(download(&reader, &run).await, Err(CiError::Forbidden));
    let stranger = provider_with(&world, Some("revoked"), 1_000_000);
    assert_eq!(
        stranger.load_run(REPO, 7, None).await,
        Err(CiError::Unauthorized)
    );
}

#[tokio::test]
async fn a_private_repository_is_not_found_until_the_token_may_see_it() {
    let (world, provider, run) = perfect().await;
    world.add_repository(REPO, 42, true).unwrap();
    assert_eq!(
        provider.load_run(REPO, 7, None).await,
        Err(CiError::NotFound)
    );
    world.grant(TOKEN, REPO).unwrap();
    assert_eq!(download(&provider, &run).await.unwrap(), ZIP);
}

#[tokio::test]
async fn a_429_names_the_time_to_come_back() {
    let (world, provider, _) = perfect().await;
    world.fail_next(429, &[("retry-after", "90")]);
    let error = provider.load_run(REPO, 7, None).await.unwrap_err();
    let CiError::RateLimited { until } = error else {
        panic!("{error:?}")
    };
    #[expect(
        clippy::disallowed_methods,
        reason = "the client measures from its own clock"
    )]
    let wait = (until - Utc::now()).num_seconds();
    assert!((80..=90).contains(&wait), "{wait}");
}

#[tokio::test]
async fn a_secondary_limit_is_a_wait_and_a_plain_403_is_a_refusal() {
    let (world, provider, _) = perfect().await;
    world.fail_next(403, &[("retry-after", "60")]);
    let limited = provider.load_run(REPO, 7, None).await.unwrap_err();
    assert_eq!(limited.code(), "rate_limited");
    world.fail_next(
        403,
        &[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "1")],
    );
    let spent = provider.load_run(REPO, 7, None).await.unwrap_err();
    assert_eq!(spent.code(), "rate_limited");
    world.fail_next(403, &[]);
    let refused = provider.load_run(REPO, 7, None).await.unwrap_err();
    assert_eq!(refused, CiError::Forbidden);
}

#[tokio::test]
async fn an_hour_without_a_token_has_sixty_requests() {
    let (world, _, _) = perfect().await;
    let provider = provider_with(&world, None, 1);
    for _ in 0..60 {
        provider.load_run(REPO, 7, None).await.unwrap();
    }
    let error = provider.load_run(REPO, 7, None).await.unwrap_err();
    assert_eq!(error.code(), "rate_limited");
}

#[tokio::test]
async fn a_server_error_is_tried_once_more() {
    let (world, provider, _) = perfect().await;
    world.fail_next(502, &[]);
    assert!(provider.load_run(REPO, 7, None).await.is_ok());
    world.fail_next(502, &[]);
    world.fail_next(503, &[]);
    let error = provider.load_run(REPO, 7, None).await.unwrap_err();
    assert_eq!(error, CiError::Unavailable("status 503".to_owned()));
}

#[tokio::test]
async fn an_artifact_over_the_limit_is_cut_whatever_it_claims() {
    let (world, _, run) = perfect().await;
    let small = provider_with(&world, Some(TOKEN), 50_000);
    let too_large = Err(CiError::TooLarge { limit: 50_000 });
    let big = vec![b'x'; 200_000];
    world.add_run(spec(8).with_artifact("big", &big)).unwrap();
    let other = small.load_run(REPO, 8, None).await.unwrap();
    assert_eq!(
        download(&small, &other).await,
        too_large,
        "as the list says"
    );
    world.tamper_artifact(7, "back-reports", big).unwrap();
    assert_eq!(
        download(&small, &run).await,
        too_large,
        "as the length says"
    );
    world.hide_lengths();
    assert_eq!(download(&small, &run).await, too_large, "as the bytes come");
}

#[tokio::test]
async fn more_than_a_hundred_jobs_come_in_pages() {
    let world = world().await;
    let job = |number: usize| JobSpec {
        name: format!("job {number}"),
        conclusion: Some("success".to_owned()),
        steps: Vec::new(),
    };
    let jobs = (0..230).map(job).collect();
    world.add_run(RunSpec { jobs, ..spec(7) }).unwrap();
    let provider = provider(&world);
    let run = provider.load_run(REPO, 7, None).await.unwrap();
    let jobs = provider.list_jobs(&run).await.unwrap();
    assert_eq!(jobs.len(), 230);
    assert_eq!(jobs[229].name, "job 229");
    assert_eq!(world.requests().len(), 1 + 3);
    assert_eq!(world.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn each_attempt_has_its_own_artifacts() {
    let world = world().await;
    world
        .add_run(spec(7).with_artifact("back-reports", b"first"))
        .unwrap();
    let later = Some(started() + TimeDelta::hours(1));
    let second = RunSpec {
        attempt: 2,
        started_at: later,
        ..spec(7)
    };
    world
        .add_run(second.with_artifact("back-reports", b"second"))
        .unwrap();
    let provider = provider(&world);
    let latest = provider.load_run(REPO, 7, None).await.unwrap();
    assert_eq!(latest.attempt, 2);
    assert_eq!(download(&provider, &latest).await.unwrap(), b"second");
    let first = provider.load_run(REPO, 7, Some(1)).await.unwrap();
    assert_eq!(first.created_at, latest.created_at);
    let artifacts = provider.list_artifacts(&first).await.unwrap();
    assert_eq!(artifacts.len(), 1);
    assert_eq!(download(&provider, &first).await.unwrap(), b"first");
}

#[tokio::test]
async fn an_artifact_of_another_commit_is_left_out() {
    let (world, provider, run) = perfect().await;
    let sha = json!("0".repeat(40));
    world
        .set_artifact_field(7, "back-reports", "/workflow_run/head_sha", sha)
        .unwrap();
    assert_eq!(provider.list_artifacts(&run).await.unwrap(), Vec::new());
}

#[tokio::test]
async fn a_provider_that_is_gone_is_unavailable() {
    let (world, provider, _) = perfect().await;
    drop(world);
    tokio::time::sleep(Duration::from_millis(50)).await;
    let error = provider.load_run(REPO, 7, None).await.unwrap_err();
    assert!(error.is_transient(), "{error:?}");
}

#[test]
fn a_token_with_a_line_break_inside_is_refused_with_advice() {
    let settings = GitHubSettings {
        token: Some("one\ntwo".into()),
        ..GitHubSettings::default()
    };
    let error = GitHub::open(settings, Arc::new(NoMemory))
        .unwrap_err()
        .to_string();
    assert!(error.contains("token") && !error.contains("two"), "{error}");
}
