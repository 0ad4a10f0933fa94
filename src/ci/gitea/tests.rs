//! Gitea and Forgejo as the use cases meet them, against the loopback that speaks both dialects.
#![cfg(feature = "play")]

use std::sync::Arc;

use serde_json::json;

use super::{Gitea, GiteaSettings, facts, wire};
use crate::app::ports::{CiError, CiLink, CiProvider, Conclusion, LinkTarget, Provider, RunStatus};
use crate::ci::NoMemory;
use crate::play::gitea::{ActionsRun, Dialect, HOST, LoopbackGitea, TOKEN};

const REPO: &str = "ann/practice";
const ZIP: &[u8] = b"PK not really a zip";
const BOTH: [Dialect; 2] = [Dialect::Gitea, Dialect::Forgejo];

fn provider(world: &LoopbackGitea, token: Option<&str>) -> Gitea {
    Gitea::open(
        GiteaSettings {
            api_url: world.api_url(),
            token: token.map(Into::into),
            host: HOST.to_owned(),
        },
        Arc::new(NoMemory),
    )
    .unwrap()
}

/// Run 7001 is the third of the repository; run 3 is the first of another.
async fn world(dialect: Dialect) -> (LoopbackGitea, Gitea) {
    let world = LoopbackGitea::start(dialect).await.unwrap();
    world.add_run(ActionsRun::new(REPO, 7001, 3).with_artifact("back-reports", ZIP));
    world.add_run(ActionsRun::new("bob/practice", 3, 1));
    let provider = provider(&world, Some(TOKEN));
    (world, provider)
}

fn link(target: LinkTarget) -> CiLink {
    CiLink {
        host: HOST.to_owned(),
        repository: REPO.to_owned(),
        target,
    }
}

const fn page(run: u64) -> LinkTarget {
    LinkTarget::Run { run, attempt: None }
}

#[tokio::test]
async fn a_run_is_found_by_the_number_of_its_own_page() {
    for (dialect, own, foreign) in [(BOTH[0], 7001, 3), (BOTH[1], 3, 7001)] {
        let (world, provider) = world(dialect).await;
        let run = provider.find_run(&link(page(own))).await.unwrap();
        assert_eq!(
            (run.provider, run.run_id),
            (Provider::Gitea, 7001),
            "{dialect:?}"
        );
        assert_eq!(
            run.html_url,
            format!("https://{HOST}/{REPO}/actions/runs/{own}")
        );
        assert_eq!(run.workflow_path, "practice.yml");
        assert_eq!((run.actor_id, run.actor_login.as_str()), (42, "ann"));
        assert_eq!(
            (run.status, run.conclusion),
            (RunStatus::Completed, Some(Conclusion::Success))
        );
        assert_eq!(provider.reload_run(&run).await.unwrap(), run);
        let other = provider.find_run(&link(page(foreign))).await;
        assert_eq!(other.unwrap_err(), CiError::NotFound, "{dialect:?}");
        assert_eq!(world.violations(), [] as [String; 0]);
    }
}

#[tokio::test]
async fn artifacts_are_listed_and_downloaded_in_both_dialects() {
    for dialect in BOTH {
        let (world, provider) = world(dialect).await;
        let branch = link(LinkTarget::Branch("main".to_owned()));
        let run = provider.find_run(&branch).await.unwrap();
        assert_eq!(provider.list_jobs(&run).await.unwrap().len(), 1);
        let artifacts = provider.list_artifacts(&run).await.unwrap();
        assert_eq!(artifacts[0].name, "back-reports");
        let bytes = provider
            .download_artifact(&run, &artifacts[0])
            .await
            .unwrap();
        assert_eq!(bytes, ZIP);
        world.expire_artifacts(REPO, 7001);
        let artifacts = provider.list_artifacts(&run).await.unwrap();
        let gone = provider.download_artifact(&run, &artifacts[0]).await;
        assert_eq!(gone.unwrap_err(), CiError::Expired);
    }
}

#[tokio::test]
async fn commits_and_requests_lead_to_their_latest_completed_run() {
    for dialect in BOTH {
        let (world, provider) = world(dialect).await;
        let sha = format!("{:040x}", 7001);
        world.add_run(ActionsRun {
            status: "running".to_owned(),
            sha: sha.clone(),
            ..ActionsRun::new(REPO, 7002, 4)
        });
        world.add_pull(REPO, 5, &sha);
        for target in [LinkTarget::PullRequest(5), LinkTarget::Commit(sha.clone())] {
            let found = provider.find_run(&link(target)).await;
            assert_eq!(found.map(|run| run.run_id), Ok(7001), "{dialect:?}");
        }
    }
}

#[tokio::test]
async fn strangers_see_no_private_repository_and_download_nothing() {
    for dialect in BOTH {
        let (world, provider) = world(dialect).await;
        let branch = || link(LinkTarget::Branch("main".to_owned()));
        let stranger = self::provider(&world, None);
        let run = stranger.find_run(&branch()).await.unwrap();
        let artifacts = stranger.list_artifacts(&run).await.unwrap();
        let refused = stranger.download_artifact(&run, &artifacts[0]).await;
        assert_eq!(refused.unwrap_err(), CiError::Unauthorized);
        world.add_repository(REPO, true);
        assert_eq!(
            stranger.find_run(&branch()).await.unwrap_err(),
            CiError::Private
        );
        assert!(provider.find_run(&branch()).await.is_ok());
        for status in [502, 502] {
            world.fail_next(status);
        }
        let failed = provider.find_run(&branch()).await.unwrap_err();
        assert!(failed.is_transient(), "{failed:?}");
    }
}

#[tokio::test]
async fn all_files_of_a_commit_are_listed_with_their_blobs() {
    for dialect in BOTH {
        let (world, provider) = world(dialect).await;
        let branch = link(LinkTarget::Branch("main".to_owned()));
        let run = provider.find_run(&branch).await.unwrap();
        assert_eq!(provider.load_tree(&run).await, Ok(None), "not shown");
        let files = [("back/conftest.py".to_owned(), "ab".repeat(20))];
        world.add_tree(REPO, &run.head_sha, &files);
        let tree = provider.load_tree(&run).await.unwrap().unwrap();
        assert_eq!(tree.files.into_iter().collect::<Vec<_>>(), files);
    }
}

#[tokio::test]
async fn the_time_of_upload_tells_whose_an_artifact_is() {
    for dialect in BOTH {
        let (world, provider) = world(dialect).await;
        let branch = link(LinkTarget::Branch("main".to_owned()));
        let first = provider.find_run(&branch).await.unwrap();
        let again = [
            ("back-reports".to_owned(), b"PK again".to_vec()),
            ("front-reports".to_owned(), ZIP.to_vec()),
        ];
        world.rerun(REPO, 7001, &["test"], &again[..1]);
        let second = provider.reload_run(&first).await.unwrap();
        assert_eq!((first.attempt, second.attempt), (1, 2), "{dialect:?}");
        assert!(second.started_at > first.started_at);
        assert_eq!(second.created_at, first.created_at, "{dialect:?}");
        let artifacts = provider.list_artifacts(&second).await.unwrap();
        let names: Vec<_> = artifacts.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["back-reports"], "{dialect:?}");
        let bytes = provider.download_artifact(&second, &artifacts[0]).await;
        assert_eq!(bytes.unwrap(), b"PK again", "{dialect:?}");
        let late = provider.list_artifacts(&first).await.unwrap_err();
        assert!(
            late.is_transient(),
            "{dialect:?}: the attempt is no more: {late:?}"
        );
        world.rerun(REPO, 7001, &["test"], &again[1..]);
        let third = provider.reload_run(&first).await.unwrap();
        let artifacts = provider.list_artifacts(&third).await.unwrap();
        let names: Vec<_> = artifacts.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(
            names,
            ["front-reports"],
            "{dialect:?}: the earlier ones are too old"
        );
        world.expire_artifacts(REPO, 7001);
        let artifacts = provider.list_artifacts(&third).await.unwrap();
        assert!(artifacts.iter().all(|artifact| artifact.expired));
    }
}

#[tokio::test]
async fn jobs_of_an_attempt_that_did_not_run_again_are_told_apart() {
    for dialect in BOTH {
        let (world, provider) = world(dialect).await;
        world.add_run(ActionsRun {
            jobs: vec!["test".to_owned(), "front".to_owned()],
            ..ActionsRun::new(REPO, 7001, 3)
        });
        world.rerun(REPO, 7001, &["test"], &[]);
        let branch = link(LinkTarget::Branch("main".to_owned()));
        let run = provider.find_run(&branch).await.unwrap();
        let jobs = provider.list_jobs(&run).await.unwrap();
        let earlier = jobs.iter().map(|job| {
            job.started_at.is_some_and(|at| at < run.started_at)
                || job.attempt.is_some_and(|attempt| attempt < run.attempt)
        });
        assert_eq!(earlier.collect::<Vec<_>>(), [false, true], "{dialect:?}");
    }
}

/// A run as servers tell it that count the attempts of jobs only.
fn older(own: &serde_json::Value, jobs: serde_json::Value) -> crate::app::ports::Run {
    let mut body = json!({
        "id": 7001, "html_url": format!("https://{HOST}/{REPO}/actions/runs/7001"),
        "status": "completed", "conclusion": "success", "head_sha": "ab", "run_attempt": 0,
        "actor": { "id": 42, "login": "ann" }, "path": "practice.yml@refs/heads/main",
        "started_at": "2026-11-02T00:00:00Z", "completed_at": "2026-11-02T00:01:00Z",
    });
    for (name, field) in own.as_object().unwrap() {
        body[name] = field.clone();
    }
    let body: wire::Run = serde_json::from_value(body).unwrap();
    let jobs: Vec<wire::Job> = serde_json::from_value(jobs).unwrap();
    let repository = wire::Repository {
        id: 500,
        full_name: REPO.to_owned(),
    };
    facts::run(&body, &repository, HOST, Some(500), &jobs).unwrap()
}

#[test]
fn what_older_servers_leave_out_their_jobs_tell() {
    let job = |name: &str, attempt: u32| {
        json!({
            "id": 1, "name": name, "status": "completed", "conclusion": "success",
            "run_attempt": attempt, "created_at": "2026-11-01T00:00:00Z",
        })
    };
    let run = older(&json!({}), json!([job("test", 2), job("front", 1)]));
    assert_eq!(run.attempt, 2);
    assert_eq!(run.created_at.to_rfc3339(), "2026-11-01T00:00:00+00:00");
    assert_eq!(older(&json!({}), json!([])).attempt, 1);
    let untaken = json!({ "conclusion": "cancelled", "started_at": "1970-01-01T00:00:00Z" });
    let run = older(&untaken, json!([job("test", 0)]));
    assert_eq!(
        (run.attempt, run.conclusion),
        (1, Some(Conclusion::NotStarted))
    );
    let asks = json!({ "status": "blocked", "conclusion": null, "need_approval": true });
    let run = older(&asks, json!([]));
    assert_eq!(run.conclusion, Some(Conclusion::ActionRequired));
}
