//! GitLab CI: links, pipelines, jobs and artifacts of gitlab.com or of a server of one's own.
//!
//! A pipeline is the run. A job that is run again replaces the earlier one and begins an attempt; the
//! reports of a replaced job are never read, and earlier attempts cannot be looked at any more. Each job uploads one archive; it is the artifact, under the name the job gave it.

mod facts;
#[cfg(test)]
mod tests;
mod token;
mod tries;
mod wire;

use std::sync::Arc;

use async_trait::async_trait;
use reqwest::header::{HeaderMap, HeaderName};
use secrecy::SecretString;
use url::Url;

use super::api::{Api, SettingsError, insert_token, is_segment, open_client, present};
use super::client::{Fetched, GuardedClient};
use super::issuer::Issuer;
use super::link;
use crate::app::ports::{
    Artifact, CiError, CiLink, CiMemory, CiProvider, Job, LinkError, LinkTarget, Run, RunStatus,
    Signature, Tree,
};
use tries::Tries;

const TOKEN: HeaderName = HeaderName::from_static("private-token");
const GITLAB_COM: &str = "gitlab.com";
/// Where gitlab.com keeps its artifacts.
const DOWNLOAD_HOSTS: [&str; 2] = ["cdn.artifacts.gitlab-static.net", "storage.googleapis.com"];

/// What the operator decides about GitLab.
#[derive(Debug, Clone)]
pub struct GitLabSettings {
    /// The API: `https://gitlab.com/api/v4`.
    pub api_url: Url,
    /// A token with the scope `read_api`; public projects can be read without one.
    pub token: Option<SecretString>,
    /// The web host whose links are read: `gitlab.com`.
    pub host: String,
    /// Who signs the tokens of its jobs: the instance itself, `https://gitlab.com`.
    pub issuer: Url,
}

/// GitLab, seen through its REST API.
#[derive(Debug)]
pub struct GitLab {
    api: Api,
    host: String,
    issuer: Issuer,
}

impl GitLab {
    /// GitLab with the operator's settings, over a client with the usual limits.
    ///
    /// # Errors
    /// [`SettingsError`] when the token or the address cannot be used.
    pub fn open(
        settings: GitLabSettings,
        memory: Arc<dyn CiMemory>,
    ) -> Result<Self, SettingsError> {
        let own_server = settings.host != GITLAB_COM;
        let downloads = if own_server {
            vec![settings.host.clone()]
        } else {
            DOWNLOAD_HOSTS.map(str::to_owned).to_vec()
        };
        let client = open_client(&settings.api_url, downloads, own_server)?;
        Self::new(settings, client, memory)
    }

    /// GitLab with the operator's settings and the client made for its API.
    ///
    /// # Errors
    /// [`SettingsError`] when the token or the address cannot be used.
    pub fn new(
        settings: GitLabSettings,
        client: GuardedClient,
        memory: Arc<dyn CiMemory>,
    ) -> Result<Self, SettingsError> {
        let secret = present(settings.token.as_ref());
        let mut headers = HeaderMap::new();
        if let Some(secret) = secret {
            insert_token(&mut headers, TOKEN, "", secret)?;
        }
        let issuer = Issuer::open(
            &settings.issuer,
            token::KEYS,
            settings.host != GITLAB_COM,
            Arc::clone(&memory),
        )?;
        Ok(Self {
            issuer,
            api: Api::new(client, memory, settings.api_url, headers, secret)?,
            host: settings.host,
        })
    }

    /// The address of something in a project, named by its path or its number.
    fn url(&self, project: &str, path: &[&str]) -> Result<Url, CiError> {
        if !project.split('/').all(is_segment) {
            return Err(CiError::NotFound);
        }
        // As one piece of the address, a slash in the project's path is escaped.
        self.api.url(&[&["projects", project], path].concat())
    }

    async fn load_project(&self, path: &str) -> Result<wire::Project, CiError> {
        let url = self.url(path, &[])?;
        let (project, fetched): (wire::Project, Fetched) = match self.api.fetch_one(url).await {
            Err(CiError::NotFound) => return Err(CiError::Private),
            answered => answered?,
        };
        let same = project.path_with_namespace.eq_ignore_ascii_case(path);
        if same || fetched.redirected {
            Ok(project)
        } else {
            Err(CiError::Forged("another project was answered".to_owned()))
        }
    }

    /// A project by its number.
    async fn load_numbered(&self, id: u64) -> Result<wire::Project, CiError> {
        let asked = self.api.fetch_one(self.url(&id.to_string(), &[])?).await;
        let (project, _): (wire::Project, Fetched) = match asked {
            Err(CiError::NotFound) => return Err(CiError::Private),
            answered => answered?,
        };
        if project.id == id {
            Ok(project)
        } else {
            Err(CiError::Forged("another project was answered".to_owned()))
        }
    }

    async fn load_pipeline(&self, project: &wire::Project, id: u64) -> Result<Run, CiError> {
        let url = self.url(&project.id.to_string(), &["pipelines", &id.to_string()])?;
        let (pipeline, _): (wire::Pipeline, Fetched) = self.api.fetch_one(url).await?;
        if pipeline.id != id {
            return Err(CiError::Forged("another pipeline was answered".to_owned()));
        }
        let jobs = self.load_tries(project.id, id).await?;
        let source = self.find_source(project, &pipeline).await?;
        facts::run(pipeline, project, &self.host, source, &jobs)
    }

    /// The project that a pipeline's commit comes from; `None` when it is gone or not shown. A fork's own pipeline
    /// may run for a request to the project that it was forked from, and bears the number that it has there.
    async fn find_source(
        &self,
        project: &wire::Project,
        pipeline: &wire::Pipeline,
    ) -> Result<Option<u64>, CiError> {
        let Some(number) = pipeline.merge_request() else {
            return Ok(Some(project.id));
        };
        let parent = project.parent.as_ref();
        let mut source = self.source_of(project.id, number).await?;
        if let (true, Some(parent)) = (source != Some(project.id), parent) {
            let there = self.source_of(parent.id, number).await?;
            source = there.filter(|id| *id == project.id).or(source);
        }
        Ok(source)
    }

    /// The project that a merge request's commits come from; `None` when it is gone or not shown.
    async fn source_of(&self, project: u64, request: u64) -> Result<Option<u64>, CiError> {
        let path = ["merge_requests", &request.to_string()];
        let url = self.url(&project.to_string(), &path)?;
        let asked = self.api.fetch_one::<wire::MergeRequest>(url).await;
        match asked {
            Ok((request, _)) => Ok(request.source_project_id),
            Err(CiError::NotFound | CiError::Forbidden | CiError::Unauthorized) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn pipeline_of_job(&self, project: &wire::Project, id: u64) -> Result<u64, CiError> {
        let url = self.url(&project.id.to_string(), &["jobs", &id.to_string()])?;
        let (job, _): (wire::Job, Fetched) = self.api.fetch_one(url).await?;
        if job.id == id {
            Ok(job.pipeline.id)
        } else {
            Err(CiError::Forged("another job was answered".to_owned()))
        }
    }

    /// The latest completed pipeline of a list, or the latest one when none has completed.
    async fn latest(
        &self,
        project: &wire::Project,
        path: &[&str],
        filter: Option<(&str, &str)>,
    ) -> Result<wire::Listed, CiError> {
        let mut url = self.url(&project.id.to_string(), path)?;
        url.query_pairs_mut()
            .append_pair("per_page", "50")
            .extend_pairs(filter);
        let (listed, _): (Vec<wire::Listed>, Fetched) = self.api.fetch_one(url).await?;
        let completed = |status: &str| facts::status(status).0 == RunStatus::Completed;
        listed
            .into_iter()
            .max_by_key(|pipeline| (completed(&pipeline.status), pipeline.id))
            .ok_or(CiError::NotFound)
    }

    /// The forty digits behind a shortened commit name; lists of pipelines know only those.
    async fn full_name(&self, project: &wire::Project, sha: &str) -> Result<String, CiError> {
        if sha.len() == 40 {
            return Ok(sha.to_owned());
        }
        let path = ["repository", "commits", sha];
        let url = self.url(&project.id.to_string(), &path)?;
        let (commit, _): (wire::Commit, Fetched) = self.api.fetch_one(url).await?;
        Ok(commit.id)
    }

    async fn load_tries(&self, project: u64, pipeline: u64) -> Result<Tries, CiError> {
        let path = ["pipelines", &pipeline.to_string(), "jobs"];
        let mut url = self.url(&project.to_string(), &path)?;
        url.query_pairs_mut().append_pair("include_retried", "true");
        let listed = self.api.fetch_all::<Vec<wire::Job>>(url, "per_page");
        let jobs = listed.await?;
        if jobs.iter().any(|job| job.pipeline.id != pipeline) {
            return Err(CiError::Forged("a job of another run is listed".to_owned()));
        }
        Ok(Tries::of(jobs))
    }

    /// The jobs of the run's attempt, which must still be the newest.
    async fn load_jobs(&self, run: &Run) -> Result<Tries, CiError> {
        let tries = self.load_tries(run.repository_id, run.run_id).await?;
        if tries.attempt == run.attempt {
            Ok(tries)
        } else {
            let why = "its jobs are being run again";
            Err(CiError::Unavailable(why.to_owned()))
        }
    }
}

#[async_trait]
impl CiProvider for GitLab {
    fn parse_link(&self, text: &str) -> Result<CiLink, LinkError> {
        let hosts = std::slice::from_ref(&self.host);
        Ok(link::parse_link(text, hosts, link::gitlab::read)?)
    }

    async fn find_run(&self, link: &CiLink) -> Result<Run, CiError> {
        let project = self.load_project(&link.repository).await?;
        let of_all = ["pipelines"].as_slice();
        let id = match &link.target {
            LinkTarget::Run { run, .. } => *run,
            LinkTarget::Job { job, .. } => self.pipeline_of_job(&project, *job).await?,
            LinkTarget::PullRequest(number) => {
                let number = number.to_string();
                let path = ["merge_requests", &number, "pipelines"];
                let newest = self.latest(&project, &path, None).await?;
                if newest.project_id != project.id {
                    let source = self.load_numbered(newest.project_id).await?;
                    return self.load_pipeline(&source, newest.id).await;
                }
                newest.id
            }
            LinkTarget::Commit(sha) => {
                let sha = self.full_name(&project, sha).await?;
                let filter = Some(("sha", sha.as_str()));
                self.latest(&project, of_all, filter).await?.id
            }
            LinkTarget::Branch(name) => {
                let filter = Some(("ref", name.as_str()));
                self.latest(&project, of_all, filter).await?.id
            }
            LinkTarget::Artifact { .. } | LinkTarget::CheckRun(_) | LinkTarget::Workflow(_) => {
                return Err(CiError::NotFound);
            }
        };
        self.load_pipeline(&project, id).await
    }

    async fn reload_run(&self, run: &Run) -> Result<Run, CiError> {
        let project = self.load_project(&run.repository).await?;
        if project.id != run.repository_id {
            return Err(CiError::Forged("the project was replaced".to_owned()));
        }
        self.load_pipeline(&project, run.run_id).await
    }

    /// A project with more files than can be listed has a tree that is known in part.
    async fn load_tree(&self, run: &Run) -> Result<Option<Tree>, CiError> {
        let path = ["repository", "tree"];
        let mut url = self.url(&run.repository_id.to_string(), &path)?;
        url.query_pairs_mut()
            .append_pair("ref", &run.head_sha)
            .append_pair("recursive", "true");
        match self
            .api
            .fetch_all::<Vec<wire::Entry>>(url, "per_page")
            .await
        {
            Ok(entries) => Ok(Some(facts::tree(entries))),
            Err(CiError::NotFound | CiError::Forbidden | CiError::Unauthorized) => Ok(None),
            Err(CiError::TooLarge { .. }) => Ok(Some(Tree {
                truncated: true,
                ..Tree::default()
            })),
            Err(error) => Err(error),
        }
    }

    async fn list_jobs(&self, run: &Run) -> Result<Vec<Job>, CiError> {
        let tries = self.load_jobs(run).await?;
        Ok(tries.newest.into_iter().map(facts::job).collect())
    }

    async fn check_token(&self, _: &Run, token: &str) -> Result<Option<Signature>, CiError> {
        self.read_token(token).await.map(Some)
    }

    async fn list_variables(&self, run: &Run) -> Result<Option<Vec<String>>, CiError> {
        self.fetch_variables(run).await
    }

    async fn list_artifacts(&self, run: &Run) -> Result<Vec<Artifact>, CiError> {
        let tries = self.load_jobs(run).await?;
        let mut artifacts: Vec<Artifact> = tries
            .of_attempt()
            .filter_map(|job| facts::artifact(job, run))
            .collect();
        artifacts.sort_by_key(|artifact| artifact.id);
        Ok(artifacts)
    }

    async fn download_artifact(&self, run: &Run, artifact: &Artifact) -> Result<Vec<u8>, CiError> {
        let (project, job) = (run.repository_id.to_string(), artifact.id.to_string());
        let url = self.url(&project, &["jobs", &job, "artifacts"])?;
        self.api.fetch_artifact(url, artifact).await
    }
}
