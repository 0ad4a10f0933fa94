//! GitLab as the use cases meet it, against the loopback GitLab.
#![cfg(feature = "play")]

use std::sync::Arc;

use serde_json::json;

use super::{GitLab, GitLabSettings};
use crate::app::ports::{
    CiError, CiLink, CiProvider, Clock as _, Conclusion, LinkError, LinkTarget, Provider, RunStatus,
};
use crate::ci::NoMemory;
use crate::play::gitlab::{HOST, JobSpec, LoopbackGitLab, PipelineSpec, TOKEN};

const PROJECT: &str = "study/2026/practice";
const ZIP: &[u8] = b"PK not really a zip";

fn provider(world: &LoopbackGitLab, token: Option<&str>) -> GitLab {
    GitLab::open(
        GitLabSettings {
            api_url: world.api_url(),
            token: token.map(Into::into),
            host: HOST.to_owned(),
            issuer: world.issuer_url().parse().unwrap(),
        },
        Arc::new(NoMemory),
    )
    .unwrap()
}

async fn world() -> (LoopbackGitLab, GitLab) {
    let world = LoopbackGitLab::start().await.unwrap();
    world.add_pipeline(
        &PipelineSpec::new(PROJECT, 47)
            .with_job("back-reports", "success", ZIP)
            .with_job("front-reports", "failed", ZIP),
    );
    let provider = provider(&world, Some(TOKEN));
    (world, provider)
}

fn link(target: LinkTarget) -> CiLink {
    CiLink {
        host: HOST.to_owned(),
        repository: PROJECT.to_owned(),
        target,
    }
}

const fn pipeline(id: u64) -> LinkTarget {
    LinkTarget::Run {
        run: id,
        attempt: None,
    }
}

#[tokio::test]
async fn a_pipeline_is_a_run_with_jobs_and_artifacts() {
    let (world, provider) = world().await;
    let pasted = format!("[run](<https://{HOST}/{PROJECT}/-/pipelines/47/test_report>).");
    let link = provider.parse_link(&pasted).unwrap();
    let run = provider.find_run(&link).await.unwrap();
    assert_eq!(
        (run.provider, run.run_id, run.attempt),
        (Provider::GitLab, 47, 1)
    );
    assert_eq!(run.status, RunStatus::Completed);
    assert_eq!(run.conclusion, Some(Conclusion::Success));
    assert_eq!(run.workflow_path, ".gitlab-ci.yml");
    assert_eq!((run.actor_id, run.actor_login.as_str()), (42, "ann"));
    assert_eq!(
        run.html_url,
        format!("https://{HOST}/{PROJECT}/-/pipelines/47")
    );
    assert_eq!(provider.reload_run(&run).await.unwrap(), run);
    let jobs = provider.list_jobs(&run).await.unwrap();
    let jobs: Vec<_> = jobs
        .iter()
        .map(|job| (job.name.as_str(), job.conclusion))
        .collect();
    assert_eq!(
        jobs,
        [
            ("back-reports", Some(Conclusion::Success)),
            ("front-reports", Some(Conclusion::Failure)),
        ]
    );
    let artifacts = provider.list_artifacts(&run).await.unwrap();
    let names: Vec<_> = artifacts
        .iter()
        .map(|artifact| artifact.name.as_str())
        .collect();
    assert_eq!(names, ["back-reports", "front-reports"]);
    let bytes = provider
        .download_artifact(&run, &artifacts[0])
        .await
        .unwrap();
    assert_eq!(bytes, ZIP);
    assert_eq!(world.violations(), [] as [String; 0]);
}

#[tokio::test]
async fn jobs_requests_commits_and_branches_lead_to_their_pipeline() {
    let (world, provider) = world().await;
    let sha = format!("{:040x}", 47);
    world.add_merge_request(PROJECT, 3, &sha);
    let run = provider.find_run(&link(pipeline(47))).await.unwrap();
    let job = provider.list_jobs(&run).await.unwrap()[1].id;
    for target in [
        LinkTarget::Job { run: None, job },
        LinkTarget::PullRequest(3),
        LinkTarget::Commit(sha.clone()),
        LinkTarget::Branch("main".to_owned()),
    ] {
        let found = provider.find_run(&link(target.clone())).await;
        assert_eq!(found.map(|run| run.run_id), Ok(47), "{target:?}");
    }
    let short = LinkTarget::Commit("0".repeat(10));
    assert_eq!(provider.find_run(&link(short)).await.unwrap().run_id, 47);
    let missing = provider.find_run(&link(LinkTarget::PullRequest(4))).await;
    assert_eq!(missing.unwrap_err(), CiError::NotFound);
}

#[tokio::test]
async fn the_latest_completed_pipeline_wins_over_one_still_going() {
    let (world, provider) = world().await;
    let going = PipelineSpec {
        status: "running".to_owned(),
        ..PipelineSpec::new(PROJECT, 48)
    };
    world.add_pipeline(&going);
    let branch = link(LinkTarget::Branch("main".to_owned()));
    assert_eq!(provider.find_run(&branch).await.unwrap().run_id, 47);
    let run = provider.find_run(&link(pipeline(48))).await.unwrap();
    assert_eq!((run.status, run.conclusion), (RunStatus::InProgress, None));
}

#[tokio::test]
async fn strangers_see_public_projects_only_and_a_wrong_token_nothing() {
    let (world, _) = world().await;
    let stranger = provider(&world, None);
    assert!(stranger.find_run(&link(pipeline(47))).await.is_ok());
    world.add_project(PROJECT, true);
    let hidden = stranger.find_run(&link(pipeline(47))).await;
    assert_eq!(hidden.unwrap_err(), CiError::Private);
    let wrong = provider(&world, Some("glpat-other"));
    let refused = wrong.find_run(&link(pipeline(47))).await;
    assert_eq!(refused.unwrap_err(), CiError::Unauthorized);
}

#[tokio::test]
async fn deleted_archives_are_said_to_be_deleted() {
    let (world, provider) = world().await;
    let run = provider.find_run(&link(pipeline(47))).await.unwrap();
    world.expire_artifacts(PROJECT, 47);
    let artifacts = provider.list_artifacts(&run).await.unwrap();
    assert!(
        artifacts.iter().all(|artifact| artifact.expired),
        "{artifacts:?}"
    );
    let gone = provider.download_artifact(&run, &artifacts[0]).await;
    assert_eq!(gone.unwrap_err(), CiError::Expired);
}

#[tokio::test]
async fn a_limit_is_waited_out_as_long_as_gitlab_says() {
    let (world, provider) = world().await;
    let reset = chrono::DateTime::from_timestamp(4_102_444_800, 0).unwrap();
    world.fail_next(429, &[("retry-after", "30")]);
    let limited = provider.find_run(&link(pipeline(47))).await.unwrap_err();
    assert!(
        matches!(limited, CiError::RateLimited { until } if until < reset),
        "{limited:?}"
    );
    let tomorrow = crate::wiring::SystemClock.now().timestamp() + 600;
    let tomorrow = tomorrow.to_string();
    world.fail_next(
        429,
        &[("ratelimit-remaining", "0"), ("ratelimit-reset", &tomorrow)],
    );
    let limited = provider.find_run(&link(pipeline(47))).await.unwrap_err();
    let CiError::RateLimited { until } = limited else {
        panic!("{limited:?}")
    };
    assert_eq!(until.timestamp().to_string(), tomorrow);
}

#[tokio::test]
async fn more_jobs_than_a_page_are_all_read() {
    let (world, provider) = world().await;
    let mut spec = PipelineSpec::new(PROJECT, 50);
    for at in 0..130 {
        spec.jobs.push(JobSpec {
            name: format!("job-{at}"),
            status: "success".to_owned(),
            archive: None,
        });
    }
    world.add_pipeline(&spec);
    let run = provider.find_run(&link(pipeline(50))).await.unwrap();
    assert_eq!(provider.list_jobs(&run).await.unwrap().len(), 130);
    assert_eq!(provider.list_artifacts(&run).await.unwrap(), []);
}

#[test]
fn a_link_to_another_host_names_the_host_in_use() {
    let provider = GitLab::open(
        GitLabSettings {
            api_url: "https://gitlab.com/api/v4".parse().unwrap(),
            token: None,
            host: "gitlab.com".to_owned(),
            issuer: "https://gitlab.com".parse().unwrap(),
        },
        Arc::new(NoMemory),
    )
    .unwrap();
    let other = provider.parse_link("https://gitlab.example.net/a/b/-/pipelines/4");
    let known = vec!["gitlab.com".to_owned()];
    let host = "gitlab.example.net".to_owned();
    assert_eq!(other, Err(LinkError::OtherHost { host, known }));
}

#[tokio::test]
async fn all_files_of_a_commit_are_listed_with_their_blobs() {
    let (world, provider) = world().await;
    let run = provider.find_run(&link(pipeline(47))).await.unwrap();
    assert_eq!(provider.load_tree(&run).await, Ok(None), "not shown");
    let files: Vec<(String, String)> = (0..130)
        .map(|at| (format!("back/tests/test_{at:03}.py"), format!("{at:040x}")))
        .collect();
    world.add_tree(PROJECT, &run.head_sha, &files);
    let tree = provider.load_tree(&run).await.unwrap().unwrap();
    assert!(!tree.truncated);
    assert_eq!(tree.files.into_iter().collect::<Vec<_>>(), files);
}

#[tokio::test]
async fn a_retried_job_begins_an_attempt_and_what_it_replaced_is_never_read() {
    let (world, provider) = world().await;
    let first = provider.find_run(&link(pipeline(47))).await.unwrap();
    world.retry(PROJECT, 47, &[("front-reports", "success", b"PK again")]);
    let again = provider.reload_run(&first).await.unwrap();
    assert_eq!((first.attempt, again.attempt), (1, 2));
    assert!(again.started_at > first.started_at);
    assert_eq!(again.created_at, first.created_at);
    let jobs = provider.list_jobs(&again).await.unwrap();
    let earlier = jobs
        .iter()
        .map(|job| job.started_at < Some(again.started_at));
    assert_eq!(earlier.collect::<Vec<_>>(), [true, false]);
    let artifacts = provider.list_artifacts(&again).await.unwrap();
    let names: Vec<_> = artifacts.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["front-reports"]);
    let bytes = provider.download_artifact(&again, &artifacts[0]).await;
    assert_eq!(bytes.unwrap(), b"PK again");
    let gone = provider.list_artifacts(&first).await.unwrap_err();
    assert!(gone.is_transient(), "the attempt is no more: {gone:?}");
    world.retry(PROJECT, 47, &[("back-reports", "success", b"PK again")]);
    let whole = provider.reload_run(&first).await.unwrap();
    assert_eq!(whole.attempt, 2, "one by one is one attempt");
    assert_eq!(provider.list_artifacts(&whole).await.unwrap().len(), 2);
    assert_eq!(world.violations(), [] as [String; 0]);
}

#[tokio::test]
async fn a_retry_of_what_gitlabs_machines_failed_is_no_attempt() {
    let (world, provider) = world().await;
    let failed = json!({ "status": "failed", "failure_reason": "runner_system_failure" });
    world.set_fields(PROJECT, 47, Some("front-reports"), failed);
    world.retry(PROJECT, 47, &[("front-reports", "success", ZIP)]);
    let run = provider.find_run(&link(pipeline(47))).await.unwrap();
    assert_eq!(run.attempt, 1);
    assert_eq!(provider.list_artifacts(&run).await.unwrap().len(), 2);
}

#[tokio::test]
async fn the_reasons_of_needed_jobs_tell_why_a_pipeline_failed() {
    let (world, provider) = world().await;
    world.set_fields(PROJECT, 47, None, json!({ "status": "failed" }));
    for (reason, started_at, how) in [
        (
            "script_failure",
            Some("2026-01-01T00:00:00Z"),
            Conclusion::Failure,
        ),
        (
            "job_execution_timeout",
            Some("2026-01-01T00:00:00Z"),
            Conclusion::TimedOut,
        ),
        (
            "server_timeout_running",
            Some("2026-01-01T00:00:00Z"),
            Conclusion::TimedOut,
        ),
        (
            "stuck_or_timeout_failure",
            Some("2026-01-01T00:00:00Z"),
            Conclusion::Infrastructure,
        ),
        ("stuck_or_timeout_failure", None, Conclusion::NotStarted),
        ("ci_quota_exceeded", None, Conclusion::NotStarted),
        ("scheduler_failure", None, Conclusion::Infrastructure),
    ] {
        let fields = json!({
            "status": "failed", "failure_reason": reason, "started_at": started_at,
            "allow_failure": false,
        });
        world.set_fields(PROJECT, 47, Some("back-reports"), fields);
        let run = provider.find_run(&link(pipeline(47))).await.unwrap();
        assert_eq!(run.conclusion, Some(how), "{reason}");
    }
    let allowed = json!({ "allow_failure": true });
    world.set_fields(PROJECT, 47, Some("back-reports"), allowed);
    let run = provider.find_run(&link(pipeline(47))).await.unwrap();
    assert_eq!(run.conclusion, Some(Conclusion::Failure), "it may fail");
    world.set_fields(PROJECT, 47, None, json!({ "yaml_errors": "no jobs" }));
    let run = provider.find_run(&link(pipeline(47))).await.unwrap();
    assert_eq!(run.conclusion, Some(Conclusion::StartupFailure));
}

#[tokio::test]
async fn a_merge_request_tells_the_project_of_its_commit() {
    let (world, provider) = world().await;
    let of_request =
        json!({ "source": "merge_request_event", "ref": "refs/merge-requests/9/head" });
    world.set_fields(PROJECT, 47, None, of_request);
    let source = async || {
        let run = provider.find_run(&link(pipeline(47))).await.unwrap();
        (run.head_repository_id, run.repository_id)
    };
    assert_eq!(source().await.0, None, "the request is not shown");
    let sha = format!("{:040x}", 47);
    world.add_merge_request_from(PROJECT, 9, &sha, Some(4242));
    assert_eq!(source().await.0, Some(4242));
    world.add_merge_request_from(PROJECT, 9, &sha, None);
    assert_eq!(source().await.0, None, "the fork is gone");
    world.add_merge_request(PROJECT, 9, &sha);
    let (head, own) = source().await;
    assert_eq!(head, Some(own));
}

/// Members who work in forks hand in the request; its pipeline ran in their fork.
#[tokio::test]
async fn a_request_leads_to_the_pipeline_of_the_fork_that_it_comes_from() {
    let (world, provider) = world().await;
    let fork = world.add_fork("student-ben/practice", PROJECT);
    let mut spec = PipelineSpec::new("student-ben/practice", 52);
    spec.status = "success".to_owned();
    world.add_pipeline(&spec);
    let sha = format!("{:040x}", 52);
    world.add_merge_request_from(PROJECT, 9, &sha, Some(fork));
    let of_request = LinkTarget::PullRequest(9);
    for (reference, event) in [
        ("main", "push"),
        ("refs/merge-requests/9/head", "merge_request_event"),
    ] {
        let fields = json!({ "ref": reference, "source": event });
        world.set_fields("student-ben/practice", 52, None, fields);
        let run = provider.find_run(&link(of_request.clone())).await.unwrap();
        assert_eq!(
            (run.run_id, run.repository.as_str()),
            (52, "student-ben/practice")
        );
        assert_eq!(
            (run.repository_id, run.head_repository_id),
            (fork, Some(fork)),
            "{reference}"
        );
        let again = provider.reload_run(&run).await.unwrap();
        assert_eq!(again.head_repository_id, Some(fork), "{reference}");
    }
    assert_eq!(world.violations(), [] as [String; 0]);
}
