//! Actions of Gitea and Forgejo: links, runs, jobs and artifacts of a server of one's own.
//!
//! The number in a link is a run's place in its repository or its id, by the server's version.
//! Which of both it is, the answer's own address tells: it must be the address of the link.

mod facts;
#[cfg(test)]
mod tests;
mod wire;

use std::sync::Arc;

use async_trait::async_trait;
use reqwest::header::{AUTHORIZATION, HeaderMap};
use secrecy::SecretString;
use url::Url;

use super::api::{
    Api, SettingsError, check_digest, insert_token, is_segment, open_client, present,
};
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
                let path = ["pulls", &number.to_string()];
                let url = self.url(&repository.full_name, &path)?;
                let (pull, _): (wire::Pull, Fetched) = self.api.fetch_one(url).await?;
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
        facts::run(&run, &repository, &self.host)
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
        facts::run(&body, &repository, &self.host)
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
        let number = run.run_id.to_string();
        let url = self.url(&run.repository, &["actions", "runs", &number, "jobs"])?;
        let jobs = self.api.fetch_all::<wire::Jobs>(url, "limit").await?;
        Ok(jobs.into_iter().map(facts::job).collect())
    }

    async fn list_artifacts(&self, run: &Run) -> Result<Vec<Artifact>, CiError> {
        let number = run.run_id.to_string();
        let path = ["actions", "runs", &number, "artifacts"];
        let url = self.url(&run.repository, &path)?;
        let listed = self.api.fetch_all::<wire::Artifacts>(url, "limit").await?;
        let listed = listed.into_iter();
        let artifacts = listed.map(|body| facts::artifact(body, run));
        // Artifacts belong to a run, not to an attempt: the time of upload tells whose they are.
        let of_attempt =
            |artifact: &Artifact| run.attempt == 1 || artifact.created_at >= run.started_at;
        Ok(artifacts.filter(of_attempt).collect())
    }

    async fn download_artifact(&self, run: &Run, artifact: &Artifact) -> Result<Vec<u8>, CiError> {
        let limit = self.api.max_artifact();
        if artifact.expired {
            return Err(CiError::Expired);
        }
        if artifact.size_in_bytes > limit {
            return Err(CiError::TooLarge { limit });
        }
        if !self.api.has_token() {
            return Err(CiError::Unauthorized);
        }
        let number = artifact.id.to_string();
        let path = ["actions", "artifacts", &number, "zip"];
        let url = self.url(&run.repository, &path)?;
        let body = self.api.fetch_artifact(url, limit).await?;
        check_digest(artifact.digest.as_deref(), &body)?;
        Ok(body)
    }
}
