//! Actions of Gitea and Forgejo: links, runs, jobs and artifacts of a server of one's own.
//!
//! The number in a link is a run's place in its repository or its id, by the server's version.
//! Which of both it is, the answer's own address tells: it must be the address of the link.
//! Of a run that was started again only the newest attempt can be looked at.

mod facts;
#[cfg(test)]
mod tests;
mod wire;

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use reqwest::header::{AUTHORIZATION, HeaderMap};
use secrecy::SecretString;
use url::Url;

use super::api::{Api, SettingsError, insert_token, is_segment, open_client, present};
use super::client::{Fetched, GuardedClient, MAX_JSON};
use super::link;
use crate::app::ports::{
    Artifact, CiError, CiLink, CiMemory, CiProvider, Job, LinkError, LinkTarget, Run, RunStatus,
    Tree,
};

/// What the operator decides about a Gitea or Forgejo.
#[derive(Debug, Clone)]
pub struct GiteaSettings {
    /// The API: `https://HOST/api/v1`.
    pub api_url: Url,
    /// A token that may read repositories.
    pub token: Option<SecretString>,
    /// The web host whose links are read.
    pub host: String,
}

/// A Gitea or Forgejo, seen through its REST API.
#[derive(Debug)]
pub struct Gitea {
    api: Api,
    host: String,
}

impl Gitea {
    /// The server with the operator's settings, over a client with the usual limits.
    ///
    /// # Errors
    /// [`SettingsError`] when the token or the address cannot be used.
    pub fn open(settings: GiteaSettings, memory: Arc<dyn CiMemory>) -> Result<Self, SettingsError> {
        let client = open_client(&settings.api_url, vec![settings.host.clone()], true)?;
        Self::new(settings, client, memory)
    }

    /// The server with the operator's settings and the client made for its API.
    ///
    /// # Errors
    /// [`SettingsError`] when the token or the address cannot be used.
    pub fn new(
        settings: GiteaSettings,
        client: GuardedClient,
        memory: Arc<dyn CiMemory>,
    ) -> Result<Self, SettingsError> {
        let token = present(settings.token.as_ref());
        let mut headers = HeaderMap::new();
        if let Some(token) = token {
            insert_token(&mut headers, AUTHORIZATION, "token ", token)?;
        }
        Ok(Self {
            api: Api::new(client, memory, settings.api_url, headers, token)?,
            host: settings.host,
        })
    }

    fn url(&self, repository: &str, path: &[&str]) -> Result<Url, CiError> {
        let (owner, name) = repository
            .split_once('/')
            .filter(|(owner, name)| is_segment(owner) && is_segment(name))
            .ok_or(CiError::NotFound)?;
        self.api.url(&[&["repos", owner, name], path].concat())
    }

    async fn load_repository(&self, name: &str) -> Result<wire::Repository, CiError> {
        let asked = self.api.fetch_one(self.url(name, &[])?).await;
        let (body, fetched): (wire::Repository, Fetched) = match asked {
            Err(CiError::NotFound) => return Err(CiError::Private),
            answered => answered?,
        };
        let same = body.full_name.eq_ignore_ascii_case(name);
        if same || fetched.redirected {
            Ok(body)
        } else {
            Err(CiError::Forged(
                "another repository was answered".to_owned(),
            ))
        }
    }

    async fn load_by_id(&self, repository: &str, id: u64) -> Result<wire::Run, CiError> {
        let url = self.url(repository, &["actions", "runs", &id.to_string()])?;
        Ok(self.api.fetch_one(url).await?.0)
    }

    async fn list(
        &self,
        repository: &str,
        filter: (&str, &str),
    ) -> Result<Vec<wire::Run>, CiError> {
        let mut url = self.url(repository, &["actions", "runs"])?;
        url.query_pairs_mut()
            .append_pair(filter.0, filter.1)
            .append_pair("limit", "50");
        let (page, _): (wire::Runs, Fetched) = self.api.fetch_one(url).await?;
        Ok(page.workflow_runs)
    }

    /// The run whose own page is `/actions/runs/NUMBER`.
    async fn find_by_page(
        &self,
        repository: &wire::Repository,
        number: u64,
    ) -> Result<wire::Run, CiError> {
        let name = &repository.full_name;
        let is_meant = |run: &wire::Run| facts::page_number(run, &self.host, name) == Some(number);
        match self.load_by_id(name, number).await {
            Ok(run) if is_meant(&run) => return Ok(run),
            Ok(_) | Err(CiError::NotFound) => {}
            Err(error) => return Err(error),
        }
        let listed = self.list(name, ("run_number", &number.to_string())).await?;
        listed.into_iter().find(is_meant).ok_or(CiError::NotFound)
    }

    /// A run with what its own body leaves out.
    async fn complete(
        &self,
        body: &wire::Run,
        repository: &wire::Repository,
    ) -> Result<Run, CiError> {
        let jobs = if body.attempt().is_none() || body.created_at().is_none() {
            let jobs = self.load_jobs(&repository.full_name, body.id).await;
            unless_hidden(jobs)?.unwrap_or_default()
        } else {
            Vec::new()
        };
        let source = self.find_source(body, repository).await?;
        facts::run(body, repository, &self.host, source, &jobs)
    }

    /// The repository that a run's commit comes from; `None` when it is gone or not told.
    async fn find_source(
        &self,
        body: &wire::Run,
        repository: &wire::Repository,
    ) -> Result<Option<u64>, CiError> {
        if body.is_fork_pull_request == Some(true) {
            return Ok(None);
        }
        let Some(number) = body.pull() else {
            let head = body.head_repository.as_ref();
            return Ok(Some(head.map_or(repository.id, |head| head.id)));
        };
        let pull = self.load_pull(&repository.full_name, number).await;
        let pull = unless_hidden(pull)?;
        Ok(pull.and_then(|pull| pull.head.repo_id?.try_into().ok()))
    }

    async fn load_pull(&self, repository: &str, number: u64) -> Result<wire::Pull, CiError> {
        let url = self.url(repository, &["pulls", &number.to_string()])?;
        Ok(self.api.fetch_one(url).await?.0)
    }

    /// The jobs of the newest attempt; a server may list those of all.
    async fn load_jobs(&self, repository: &str, run: u64) -> Result<Vec<wire::Job>, CiError> {
        let path = ["actions", "runs", &run.to_string(), "jobs"];
        let url = self.url(repository, &path)?;
        let jobs = self.api.fetch_all::<wire::Jobs>(url, "limit").await?;
        let newest = jobs.iter().fold(BTreeMap::new(), |mut newest, job| {
            let known: &mut Option<u32> = newest.entry(job.name.clone()).or_default();
            *known = job.attempt().max(*known);
            newest
        });
        let is_newest = |job: &wire::Job| newest.get(&job.name) == Some(&job.attempt());
        Ok(jobs.into_iter().filter(is_newest).collect())
    }

    async fn latest(
        &self,
        repository: &wire::Repository,
        filter: (&str, &str),
        fits: impl Fn(&wire::Run) -> bool,
    ) -> Result<wire::Run, CiError> {
        let completed = |run: &wire::Run| facts::status(run).0 == RunStatus::Completed;
        self.list(&repository.full_name, filter)
            .await?
            .into_iter()
            .filter(fits)
            .max_by_key(|run| (completed(run), run.id))
            .ok_or(CiError::NotFound)
    }
}

#[async_trait]
impl CiProvider for Gitea {
    fn parse_link(&self, text: &str) -> Result<CiLink, LinkError> {
        let hosts = std::slice::from_ref(&self.host);
        Ok(link::parse_link(text, hosts, link::gitea::read)?)
    }

    async fn find_run(&self, link: &CiLink) -> Result<Run, CiError> {
        let repository = self.load_repository(&link.repository).await?;
        let of_commit = |sha: String| move |run: &wire::Run| run.sha().starts_with(&sha);
        let run = match &link.target {
            LinkTarget::Run { run, .. } => self.find_by_page(&repository, *run).await?,
            LinkTarget::Commit(sha) => {
                let filter = ("head_sha", sha.as_str());
                self.latest(&repository, filter, of_commit(sha.clone()))
                    .await?
            }
            LinkTarget::PullRequest(number) => {
                let pull = self.load_pull(&repository.full_name, *number).await?;
                let sha = pull.head.sha;
                self.latest(&repository, ("head_sha", &sha), of_commit(sha.clone()))
                    .await?
            }
            LinkTarget::Branch(name) => {
                let fits = |run: &wire::Run| run.branch() == Some(name.as_str());
                self.latest(&repository, ("branch", name), fits).await?
            }
            LinkTarget::Job { .. }
            | LinkTarget::Artifact { .. }
            | LinkTarget::CheckRun(_)
            | LinkTarget::Workflow(_) => return Err(CiError::NotFound),
        };
        self.complete(&run, &repository).await
    }

    async fn reload_run(&self, run: &Run) -> Result<Run, CiError> {
        let repository = self.load_repository(&run.repository).await?;
        if repository.id != run.repository_id {
            return Err(CiError::Forged("the repository was replaced".to_owned()));
        }
        let body = self.load_by_id(&repository.full_name, run.run_id).await?;
        if body.id != run.run_id {
            return Err(CiError::Forged("another run was answered".to_owned()));
        }
        self.complete(&body, &repository).await
    }

    async fn load_tree(&self, run: &Run) -> Result<Option<Tree>, CiError> {
        let mut url = self.url(&run.repository, &["git", "trees", &run.head_sha])?;
        url.query_pairs_mut().append_pair("recursive", "true");
        match self.api.fetch(url, MAX_JSON).await {
            Ok(fetched) => Tree::parse(&fetched.body)
                .map(Some)
                .ok_or_else(|| CiError::Malformed("a tree without entries".to_owned())),
            Err(CiError::NotFound | CiError::Forbidden | CiError::Unauthorized) => Ok(None),
            Err(CiError::TooLarge { .. }) => Ok(Some(Tree {
                truncated: true,
                ..Tree::default()
            })),
            Err(error) => Err(error),
        }
    }

    async fn list_jobs(&self, run: &Run) -> Result<Vec<Job>, CiError> {
        let jobs = self.load_jobs(&run.repository, run.run_id).await?;
        Ok(jobs.into_iter().map(facts::job).collect())
    }

    /// Artifacts belong to a run, not to an attempt, so the time of upload tells whose they are.
    async fn list_artifacts(&self, run: &Run) -> Result<Vec<Artifact>, CiError> {
        let number = run.run_id.to_string();
        let path = ["actions", "runs", &number, "artifacts"];
        let url = self.url(&run.repository, &path)?;
        let listed = self.api.fetch_all::<wire::Artifacts>(url, "limit").await?;
        let listed = listed.into_iter();
        let artifacts = listed.map(|body| facts::artifact(body, run));
        let of_attempt =
            |artifact: &Artifact| run.attempt == 1 || artifact.created_at >= run.started_at;
        let artifacts: Vec<Artifact> = artifacts.filter(of_attempt).collect();
        // Only what came after this attempt's end can be a later attempt's: ask about it then.
        let late = |artifact: &Artifact| artifact.created_at > run.updated_at;
        if artifacts.iter().any(late) {
            let now = self.reload_run(run).await?;
            if now.attempt != run.attempt || now.status != RunStatus::Completed {
                let why = "the run is being started again";
                return Err(CiError::Unavailable(why.to_owned()));
            }
        }
        Ok(artifacts)
    }

    async fn download_artifact(&self, run: &Run, artifact: &Artifact) -> Result<Vec<u8>, CiError> {
        if !self.api.has_token() {
            return Err(CiError::Unauthorized);
        }
        let number = artifact.id.to_string();
        let path = ["actions", "artifacts", &number, "zip"];
        let url = self.url(&run.repository, &path)?;
        self.api.fetch_artifact(url, artifact).await
    }
}

/// `None` for what is not there, or not shown to us.
fn unless_hidden<T>(asked: Result<T, CiError>) -> Result<Option<T>, CiError> {
    match asked {
        Ok(found) => Ok(Some(found)),
        Err(CiError::NotFound | CiError::Forbidden | CiError::Unauthorized) => Ok(None),
        Err(error) => Err(error),
    }
}
