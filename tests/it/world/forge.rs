//! One forge of several kinds, so that the same story can be told of each.

use std::{sync::Arc, time::Duration};

use docent::{
    app::ports::{CiLink, CiProvider, LinkTarget},
    ci::{
        GitHub, GitHubSettings, GitLab, GitLabSettings, Gitea, GiteaSettings, NoMemory, Registry,
        client::{ClientSettings, GuardedClient},
    },
    play::{
        gitea::{self, ActionsRun, Dialect, LoopbackGitea},
        github::{self, LoopbackGitHub, RunSpec},
        gitlab::{self, LoopbackGitLab, PipelineSpec},
        wire::Wire,
    },
};

use super::{Original, samples_folder};

/// The repository of every run here.
pub const REPO: &str = "student-ann/practice";
const REPORTS: [&str; 4] = [
    "back-reports",
    "front-reports",
    "e2e-reports",
    "grade-reports",
];

/// A loopback forge.
pub enum Forge {
    GitHub(LoopbackGitHub),
    GitLab(LoopbackGitLab),
    Gitea(LoopbackGitea),
    Forgejo(LoopbackGitea),
}

/// The reports of a recorded run.
pub fn reports(sample: &str) -> Vec<(String, Vec<u8>)> {
    let read = |name: &&str| {
        let path = samples_folder(sample).join(format!("{name}.zip"));
        ((*name).to_owned(), std::fs::read(path).expect("a zip"))
    };
    REPORTS.iter().map(read).collect()
}

impl Forge {
    /// One of each.
    pub async fn all() -> Vec<Self> {
        let github = LoopbackGitHub::start(0).await.expect("a loopback");
        let gitlab = LoopbackGitLab::start().await.expect("a loopback");
        let gitea = LoopbackGitea::start(Dialect::Gitea).await;
        let forgejo = LoopbackGitea::start(Dialect::Forgejo).await;
        let all = vec![
            Self::GitHub(github),
            Self::GitLab(gitlab),
            Self::Gitea(gitea.expect("a loopback")),
            Self::Forgejo(forgejo.expect("a loopback")),
        ];
        for forge in &all {
            forge.wire().keep_answers();
        }
        all
    }

    pub const fn name(&self) -> &'static str {
        match self {
            Self::GitHub(_) => "github",
            Self::GitLab(_) => "gitlab",
            Self::Gitea(_) => "gitea",
            Self::Forgejo(_) => "forgejo",
        }
    }

    pub const fn host(&self) -> &'static str {
        match self {
            Self::GitHub(_) => github::HOST,
            Self::GitLab(_) => gitlab::HOST,
            Self::Gitea(_) | Self::Forgejo(_) => gitea::HOST,
        }
    }

    pub const fn wire(&self) -> &Wire {
        match self {
            Self::GitHub(world) => world.wire(),
            Self::GitLab(world) => world.wire(),
            Self::Gitea(world) | Self::Forgejo(world) => world.wire(),
        }
    }

    /// The settings of a bot that reads its runs; without a token when it has none.
    pub fn settings(&self, has_token: bool) -> Vec<(&'static str, String)> {
        let (names, api, token) = match self {
            Self::GitHub(world) => (
                ["GITHUB_API_URL", "GITHUB_HOST", "GITHUB_TOKEN"],
                world.api_url(),
                github::TOKEN,
            ),
            Self::GitLab(world) => (
                ["GITLAB_API_URL", "GITLAB_HOST", "GITLAB_TOKEN"],
                world.api_url(),
                gitlab::TOKEN,
            ),
            Self::Gitea(world) | Self::Forgejo(world) => (
                ["GITEA_API_URL", "GITEA_HOST", "GITEA_TOKEN"],
                world.api_url(),
                gitea::TOKEN,
            ),
        };
        let token = if has_token { token } else { "" };
        let [api_name, host_name, token_name] = names;
        vec![
            (api_name, api.to_string()),
            (host_name, self.host().to_owned()),
            (token_name, token.to_owned()),
        ]
    }

    /// A reader of its runs that waits a second for an answer and forgets pauses.
    pub fn provider(&self) -> Arc<dyn CiProvider> {
        let host = self.host().to_owned();
        let memory = Arc::new(NoMemory);
        let client = |api_url: &url::Url| {
            GuardedClient::new(&ClientSettings {
                request_timeout: Duration::from_secs(1),
                retry_pause: Duration::from_millis(1),
                ..ClientSettings::new(api_url.clone())
            })
            .expect("a client")
        };
        let provider: Box<dyn CiProvider> = match self {
            Self::GitHub(world) => {
                let api_url = world.api_url();
                let (client, token) = (client(&api_url), Some(github::TOKEN.into()));
                let host = host.clone();
                let settings = GitHubSettings {
                    api_url,
                    token,
                    host,
                    issuer: world.issuer_url().parse().expect("an address"),
                    app: None,
                };
                Box::new(GitHub::new(settings, client, memory).expect("good settings"))
            }
            Self::GitLab(world) => {
                let api_url = world.api_url();
                let (client, token) = (client(&api_url), Some(gitlab::TOKEN.into()));
                let host = host.clone();
                let settings = GitLabSettings {
                    api_url,
                    token,
                    host,
                    issuer: world.issuer_url().parse().expect("an address"),
                };
                Box::new(GitLab::new(settings, client, memory).expect("good settings"))
            }
            Self::Gitea(world) | Self::Forgejo(world) => {
                let api_url = world.api_url();
                let (client, token) = (client(&api_url), Some(gitea::TOKEN.into()));
                let host = host.clone();
                let settings = GiteaSettings {
                    api_url,
                    token,
                    host,
                };
                Box::new(Gitea::new(settings, client, memory).expect("good settings"))
            }
        };
        Arc::new(Registry::new(vec![(host, provider)]))
    }

    /// Adds a run in the forge's own word for its state, with these artifacts; gives its link.
    pub fn add(&self, number: u64, state: &str, artifacts: &[(String, Vec<u8>)]) -> String {
        match self {
            Self::GitHub(world) => {
                let going = matches!(state, "queued" | "in_progress");
                let spec = RunSpec {
                    status: if going { state } else { "completed" }.to_owned(),
                    conclusion: (!going).then(|| state.to_owned()),
                    artifacts: artifacts.to_vec(),
                    ..RunSpec::new(REPO, number)
                };
                world.add_run(spec).expect("a run");
                format!("https://github.com/{REPO}/actions/runs/{number}")
            }
            Self::GitLab(world) => {
                let mut spec = PipelineSpec::new(REPO, number);
                state.clone_into(&mut spec.status);
                for (name, bytes) in artifacts {
                    spec = spec.with_job(name, "success", bytes);
                }
                world.add_pipeline(&spec);
                format!("https://{}/{REPO}/-/pipelines/{number}", gitlab::HOST)
            }
            Self::Gitea(world) | Self::Forgejo(world) => {
                let index = number - 1000;
                world.add_run(ActionsRun {
                    status: state.to_owned(),
                    artifacts: artifacts.to_vec(),
                    ..ActionsRun::new(REPO, number, index)
                });
                let shown = if matches!(self, Self::Gitea(_)) {
                    number
                } else {
                    index
                };
                format!("https://{}/{REPO}/actions/runs/{shown}", gitea::HOST)
            }
        }
    }

    /// The numbers of the first job and the first artifact of a run.
    pub async fn parts_of(&self, run: u64) -> (u64, u64) {
        let provider = self.provider();
        let link = CiLink {
            host: self.host().to_owned(),
            repository: REPO.to_owned(),
            target: LinkTarget::Run { run, attempt: None },
        };
        let run = provider.find_run(&link).await.expect("a run");
        let job = provider.list_jobs(&run).await.expect("jobs")[0].id;
        let artifact = provider.list_artifacts(&run).await.expect("artifacts")[0].id;
        (job, artifact)
    }

    pub fn make_private(&self) {
        match self {
            Self::GitHub(world) => world.add_repository(REPO, 42, true).expect("a repository"),
            Self::GitLab(world) => world.add_project(REPO, true),
            Self::Gitea(world) | Self::Forgejo(world) => world.add_repository(REPO, true),
        }
    }

    pub fn delete(&self, run: u64) {
        match self {
            Self::GitHub(world) => world.delete_run(run).expect("a run"),
            Self::GitLab(world) => world.delete_pipeline(REPO, run),
            Self::Gitea(world) | Self::Forgejo(world) => world.delete_run(REPO, run),
        }
    }

    pub fn expire(&self, run: u64) {
        match self {
            Self::GitHub(world) => world.expire_artifacts(run).expect("a run"),
            Self::GitLab(world) => world.expire_artifacts(REPO, run),
            Self::Gitea(world) | Self::Forgejo(world) => world.expire_artifacts(REPO, run),
        }
    }

    /// Checks that it was asked as a careful client asks, and answered as the original does.
    pub fn assert_clean(&self) {
        let (original, violations) = match self {
            Self::GitHub(world) => (Original::GitHub, world.violations()),
            Self::GitLab(world) => (Original::GitLab, world.violations()),
            Self::Gitea(world) => (Original::Gitea, world.violations()),
            Self::Forgejo(world) => (Original::Forgejo, world.violations()),
        };
        assert_eq!(violations, [] as [String; 0], "{original:?}");
        original.assert_true(self.wire());
    }
}
