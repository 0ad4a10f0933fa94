//! The loopback forges answer as the originals do, whatever is asked of them.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use docent::{
    app::ports::{CiError, CiLink, CiProvider, LinkTarget},
    ci::{GitHub, GitHubSettings, GitLab, GitLabSettings, Gitea, GiteaSettings, NoMemory},
    play::{
        gitea::{self, ActionsRun, Dialect, LoopbackGitea},
        github::{self, LoopbackGitHub, RunSpec},
        gitlab::{self, LoopbackGitLab, PipelineSpec},
    },
};

use crate::world::{Original, link};

const REPO: &str = "student-ann/practice";
const SHA: &str = "00000000000000000000000000000000000000aa";

/// Asks a provider for everything it can be asked of a run, and for pages that lead nowhere.
async fn ask_everything(provider: &dyn CiProvider, host: &str, targets: &[LinkTarget]) {
    let link = |target: &LinkTarget| CiLink {
        host: host.to_owned(),
        repository: REPO.to_owned(),
        target: target.clone(),
    };
    for target in targets {
        let run = provider.find_run(&link(target)).await;
        let run = run.unwrap_or_else(|error| panic!("{host} {target:?}: {error}"));
        provider.reload_run(&run).await.expect("the run again");
        provider.list_jobs(&run).await.expect("its jobs");
        provider.load_tree(&run).await.expect("its files");
        for artifact in provider.list_artifacts(&run).await.expect("its artifacts") {
            let bytes = provider.download_artifact(&run, &artifact).await;
            bytes.expect("an artifact");
        }
    }
    for missing in [
        LinkTarget::Run {
            run: 404,
            attempt: None,
        },
        LinkTarget::PullRequest(404),
    ] {
        let found = provider.find_run(&link(&missing)).await;
        assert_eq!(found, Err(CiError::NotFound), "{host} {missing:?}");
    }
}

const fn run(run: u64, attempt: Option<u32>) -> LinkTarget {
    LinkTarget::Run { run, attempt }
}

fn started() -> DateTime<Utc> {
    "2026-11-01T12:00:00Z".parse().expect("a time")
}

#[tokio::test]
async fn the_loopback_github_answers_as_github_does() {
    let world = LoopbackGitHub::start(0).await.expect("a loopback GitHub");
    world.wire().keep_answers();
    let spec = RunSpec {
        head_sha: SHA.to_owned(),
        started_at: Some(started()),
        ..RunSpec::new(REPO, 7)
    };
    let first = spec.clone().with_artifact("reports", b"zip");
    world.add_run(first).expect("a run");
    let again = RunSpec {
        attempt: 2,
        started_at: Some(started() + TimeDelta::hours(1)),
        ..spec.clone()
    };
    let again = again.with_artifact("reports", b"zip");
    world.add_run(again).expect("a second attempt");
    let going = RunSpec {
        run_id: 8,
        head_branch: "going".to_owned(),
        ..spec.running()
    };
    world.add_run(going).expect("a run still going");
    world.add_pull(REPO, 3, SHA).expect("a pull request");
    link(&world, "06-lint-errors");
    let recorded = GitHub::open(
        GitHubSettings {
            api_url: world.api_url(),
            token: Some(github::TOKEN.into()),
            ..GitHubSettings::default()
        },
        Arc::new(NoMemory),
    )
    .expect("good settings");
    let probe = recorded
        .find_run(&CiLink {
            host: "github.com".to_owned(),
            repository: REPO.to_owned(),
            target: run(7, None),
        })
        .await
        .expect("a run");
    let job = recorded.list_jobs(&probe).await.expect("jobs")[0].id;
    let artifact = recorded.list_artifacts(&probe).await.expect("artifacts")[0].id;
    let targets = [
        run(7, None),
        run(7, Some(1)),
        run(8, None),
        LinkTarget::Job { run: None, job },
        LinkTarget::CheckRun(job),
        LinkTarget::Artifact {
            run: None,
            artifact,
        },
        LinkTarget::PullRequest(3),
        LinkTarget::Commit(SHA.to_owned()),
        LinkTarget::Commit("00000000000000".to_owned()),
        LinkTarget::Branch("main".to_owned()),
        LinkTarget::Workflow("practice.yml".to_owned()),
    ];
    ask_everything(&recorded, "github.com", &targets).await;
    let sample = CiLink {
        host: "github.com".to_owned(),
        repository: "student-ann/alembic-practice".to_owned(),
        target: LinkTarget::Branch("main".to_owned()),
    };
    let sample = recorded.find_run(&sample).await.expect("a recorded run");
    recorded.list_jobs(&sample).await.expect("its jobs");
    recorded
        .list_artifacts(&sample)
        .await
        .expect("its artifacts");
    recorded.load_tree(&sample).await.expect("its files");
    world
        .rename_repository(REPO, "student-ann/renamed")
        .expect("a repository");
    recorded.reload_run(&probe).await.expect("a renamed one");
    Original::GitHub.assert_true(world.wire());
    assert_eq!(world.violations(), [] as [String; 0]);
}

#[tokio::test]
async fn the_loopback_gitlab_answers_as_gitlab_does() {
    let world = LoopbackGitLab::start().await.expect("a loopback GitLab");
    world.wire().keep_answers();
    let mut spec = PipelineSpec::new(REPO, 47)
        .with_job("back", "success", b"zip")
        .with_job("front", "failed", b"zip");
    SHA.clone_into(&mut spec.sha);
    world.add_pipeline(&spec);
    world.add_merge_request(REPO, 3, SHA);
    world.add_tree(REPO, SHA, &[("back/a.py".to_owned(), "ab".repeat(20))]);
    let provider = GitLab::open(
        GitLabSettings {
            api_url: world.api_url(),
            token: Some(gitlab::TOKEN.into()),
            host: gitlab::HOST.to_owned(),
            issuer: world.issuer_url().parse().expect("an address"),
        },
        Arc::new(NoMemory),
    )
    .expect("good settings");
    let targets = [
        run(47, None),
        LinkTarget::PullRequest(3),
        LinkTarget::Commit(SHA.to_owned()),
        LinkTarget::Commit("00000000000000".to_owned()),
        LinkTarget::Branch("main".to_owned()),
    ];
    ask_everything(&provider, gitlab::HOST, &targets).await;
    let probe = CiLink {
        host: gitlab::HOST.to_owned(),
        repository: REPO.to_owned(),
        target: run(47, None),
    };
    let probe = provider.find_run(&probe).await.expect("a pipeline");
    let job = provider.list_jobs(&probe).await.expect("jobs")[0].id;
    let job = [LinkTarget::Job { run: None, job }];
    ask_everything(&provider, gitlab::HOST, &job).await;
    let variables = provider.list_variables(&probe).await;
    assert_eq!(variables, Ok(Some(Vec::new())));
    world.set_variables(REPO, 47, Some(&["A"]));
    let variables = provider.list_variables(&probe).await;
    assert_eq!(variables, Ok(Some(vec!["A".to_owned()])));
    let discovery = format!("{}/.well-known/openid-configuration", world.issuer_url());
    let told = reqwest::get(discovery).await.expect("an answer");
    let told = told.bytes().await.expect("a body");
    let told: serde_json::Value = serde_json::from_slice(&told).expect("JSON");
    assert_eq!(told["issuer"], world.issuer_url());
    let keys = told["jwks_uri"].as_str().expect("an address");
    let keys = reqwest::get(keys).await.expect("an answer");
    assert_eq!(keys.status(), 200);
    Original::GitLab.assert_true(world.wire());
    assert_eq!(world.violations(), [] as [String; 0]);
}

#[tokio::test]
async fn the_loopback_gitea_answers_as_gitea_and_forgejo_do() {
    for (dialect, number, original) in [
        (Dialect::Gitea, 7001, Original::Gitea),
        (Dialect::Forgejo, 3, Original::Forgejo),
    ] {
        let world = LoopbackGitea::start(dialect).await.expect("a loopback");
        world.wire().keep_answers();
        world.add_run(ActionsRun {
            sha: SHA.to_owned(),
            ..ActionsRun::new(REPO, 7001, 3).with_artifact("reports", b"zip")
        });
        world.add_pull(REPO, 5, SHA);
        world.add_tree(REPO, SHA, &[("back/a.py".to_owned(), "ab".repeat(20))]);
        let provider = Gitea::open(
            GiteaSettings {
                api_url: world.api_url(),
                token: Some(gitea::TOKEN.into()),
                host: gitea::HOST.to_owned(),
            },
            Arc::new(NoMemory),
        )
        .expect("good settings");
        let targets = [
            run(number, None),
            LinkTarget::PullRequest(5),
            LinkTarget::Commit(SHA.to_owned()),
            LinkTarget::Branch("main".to_owned()),
        ];
        ask_everything(&provider, gitea::HOST, &targets).await;
        original.assert_true(world.wire());
        assert_eq!(world.violations(), [] as [String; 0]);
    }
}
