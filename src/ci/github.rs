//! GitHub Actions: links, runs, jobs and artifacts of github.com or of a server of one's own.

mod annotations;
mod app;
mod device;
mod facts;
mod find;
mod merge;
mod starting;
#[cfg(test)]
mod tests;
mod token;
mod tree;
mod wire;

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use secrecy::SecretString;
use serde::de::DeserializeOwned;
use url::Url;

use super::api::{Api, IntoItems, SettingsError, insert_token, is_segment, present};
use super::client::{ClientSettings, Fetched, GuardedClient};
use super::issuer::Issuer;
use super::link;
use crate::app::ports::{
    Annotation, Artifact, CiError, CiLink, CiMemory, CiProvider, Job, LinkError, Run, Signature,
    Tree,
};
use app::App;
pub use app::AppSettings;
pub use device::{DeviceSettings, GitHubDevice};

const API_VERSION: HeaderName = HeaderName::from_static("x-github-api-version");

/// What the operator decides about GitHub.
#[derive(Debug, Clone)]
pub struct GitHubSettings {
    /// The API: `https://api.github.com`, or `https://HOST/api/v3` of one's own server.
    pub api_url: Url,
    /// A token that may read Actions; without one no artifact can be downloaded.
    pub token: Option<SecretString>,
    /// The web host whose links are read: `github.com`.
    pub host: String,
    /// Who signs the tokens of its jobs: `https://token.actions.githubusercontent.com`, or
    /// `https://HOST/_services/token` of one's own server.
    pub issuer: Url,
    /// An App whose installations are read with their own tokens, before the one above.
    pub app: Option<AppSettings>,
}

impl Default for GitHubSettings {
    fn default() -> Self {
        Self {
            api_url: url(&api_of("github.com")),
            token: None,
            host: "github.com".to_owned(),
            issuer: url(&issuer_of("github.com")),
            app: None,
        }
    }
}

#[expect(
    clippy::expect_used,
    reason = "the addresses are written here and a test reads them"
)]
fn url(text: &str) -> Url {
    Url::parse(text).expect("a URL")
}

/// Who signs the tokens of a web host's jobs.
#[must_use]
pub fn issuer_of(host: &str) -> String {
    match host.strip_suffix(".ghe.com") {
        None if host == "github.com" => "https://token.actions.githubusercontent.com".to_owned(),
        Some(tenant) => format!("https://token.actions.{tenant}.ghe.com"),
        None => format!("https://{host}/_services/token"),
    }
}

/// The API of a web host: github.com's, that of a tenant with data residency, or of a server.
#[must_use]
pub fn api_of(host: &str) -> String {
    if host == "github.com" || host.ends_with(".ghe.com") {
        format!("https://api.{host}")
    } else {
        format!("https://{host}/api/v3")
    }
}

/// GitHub, seen through its REST API.
#[derive(Debug)]
pub struct GitHub {
    api: Api,
    host: String,
    issuer: Issuer,
    app: Option<Arc<App>>,
}

impl GitHub {
    /// GitHub with the operator's settings, over a client with the usual limits.
    ///
    /// # Errors
    /// [`SettingsError`] when the token or the address cannot be used.
    pub fn open(
        settings: GitHubSettings,
        memory: Arc<dyn CiMemory>,
    ) -> Result<Self, SettingsError> {
        let mut limits = ClientSettings::new(settings.api_url.clone());
        if settings.host != "github.com" {
            limits.download_hosts.push(settings.host.clone());
            limits.private_api = true;
        }
        let client = GuardedClient::new(&limits)?;
        Self::new(settings, client, memory)
    }

    /// GitHub with the operator's settings and the client made for its API.
    ///
    /// # Errors
    /// [`SettingsError`] when the token or the address cannot be used.
    pub fn new(
        settings: GitHubSettings,
        client: GuardedClient,
        memory: Arc<dyn CiMemory>,
    ) -> Result<Self, SettingsError> {
        let token = present(settings.token.as_ref());
        let headers = headers(token)?;
        let issuer = Issuer::open(
            &settings.issuer,
            token::KEYS,
            settings.host != "github.com",
            Arc::clone(&memory),
        )?;
        let app = settings.app.as_ref();
        let app = app.map(|app| {
            let base = settings.api_url.clone();
            App::new(app, client.clone(), base, token.is_some()).map(Arc::new)
        });
        let app = app.transpose()?;
        let api = Api::new(client, memory, settings.api_url, headers, token)?;
        let api = match app.clone() {
            Some(app) => api.with_passes(app),
            None => api,
        };
        Ok(Self {
            issuer,
            api,
            host: settings.host,
            app,
        })
    }

    /// The name of the App, as GitHub tells it; `None` without one.
    ///
    /// # Errors
    /// When GitHub does not know the App by its signature, or cannot be asked.
    pub async fn app_name(&self) -> Result<Option<String>, CiError> {
        match &self.app {
            Some(app) => app.introduce().await.map(|app| Some(app.name)),
            None => Ok(None),
        }
    }

    /// The address of something in a repository.
    fn url(&self, repository: &str, path: &[&str]) -> Result<Url, CiError> {
        let (owner, name) = repository
            .split_once('/')
            .filter(|(owner, name)| is_segment(owner) && is_segment(name))
            .ok_or(CiError::NotFound)?;
        self.api.url(&[&["repos", owner, name], path].concat())
    }

    async fn fetch_one<T: DeserializeOwned>(&self, url: Url) -> Result<(T, Fetched), CiError> {
        self.api.fetch_one(url).await
    }

    async fn fetch_all<P>(&self, url: Url) -> Result<Vec<P::Item>, CiError>
    where
        P: IntoItems + DeserializeOwned + Send,
        P::Item: Send,
    {
        self.api.fetch_all::<P>(url, "per_page").await
    }

    async fn load_run(
        &self,
        repository: &str,
        run: u64,
        attempt: Option<u32>,
    ) -> Result<Run, CiError> {
        let number = run.to_string();
        let url = match attempt.map(|attempt| attempt.to_string()) {
            None => self.url(repository, &["actions", "runs", &number])?,
            Some(attempt) => self.url(
                repository,
                &["actions", "runs", &number, "attempts", &attempt],
            )?,
        };
        let (body, fetched): (wire::Run, Fetched) = self.fetch_one(url).await?;
        if body.id != run || attempt.is_some_and(|attempt| attempt != body.attempt()) {
            return Err(CiError::Forged("another run was answered".to_owned()));
        }
        facts::run(body, &self.host, repository, fetched.redirected)
    }

    /// When the attempt after this one started, if there is one.
    async fn next_attempt(&self, run: &Run) -> Result<Option<DateTime<Utc>>, CiError> {
        let next = run.attempt.saturating_add(1);
        match self.load_run(&run.repository, run.run_id, Some(next)).await {
            Ok(later) => Ok(Some(later.started_at)),
            Err(CiError::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

#[async_trait]
impl CiProvider for GitHub {
    fn parse_link(&self, text: &str) -> Result<CiLink, LinkError> {
        Ok(link::parse_link(
            text,
            std::slice::from_ref(&self.host),
            link::github::read,
        )?)
    }

    async fn find_run(&self, link: &CiLink) -> Result<Run, CiError> {
        if !link.host.eq_ignore_ascii_case(&self.host) {
            return Err(CiError::NotFound);
        }
        match self.follow(&link.repository, &link.target).await {
            Err(CiError::NotFound) => Err(self.what_is_missing(&link.repository).await),
            found => found,
        }
    }

    async fn reload_run(&self, run: &Run) -> Result<Run, CiError> {
        let again = self.load_run(&run.repository, run.run_id, Some(run.attempt));
        match again.await {
            Err(CiError::NotFound) => Err(self.what_is_missing(&run.repository).await),
            found => found,
        }
    }

    async fn load_tree(&self, run: &Run) -> Result<Option<Tree>, CiError> {
        self.fetch_tree(run).await
    }

    async fn load_merge(&self, run: &Run, sha: &str) -> Result<Option<Tree>, CiError> {
        self.fetch_merge(run, sha).await
    }

    async fn list_jobs(&self, run: &Run) -> Result<Vec<Job>, CiError> {
        let (number, attempt) = (run.run_id.to_string(), run.attempt.to_string());
        let path = ["actions", "runs", &number, "attempts", &attempt, "jobs"];
        let jobs = self.fetch_all::<wire::Jobs>(self.url(&run.repository, &path)?);
        let jobs = jobs.await?;
        if jobs.iter().any(|job| job.run_id != run.run_id) {
            return Err(CiError::Forged("a job of another run is listed".to_owned()));
        }
        Ok(jobs.into_iter().map(facts::job).collect())
    }

    async fn list_annotations(
        &self,
        run: &Run,
        job: &Job,
    ) -> Result<Option<Vec<Annotation>>, CiError> {
        self.fetch_annotations(run, job).await
    }

    async fn check_token(&self, _: &Run, token: &str) -> Result<Option<Signature>, CiError> {
        token::check(&self.issuer, token).await.map(Some)
    }

    /// Artifacts belong to a run, not to an attempt, so the time of upload tells whose they are.
    async fn list_artifacts(&self, run: &Run) -> Result<Vec<Artifact>, CiError> {
        let number = run.run_id.to_string();
        let url = self.url(&run.repository, &["actions", "runs", &number, "artifacts"])?;
        let listed = self.fetch_all::<wire::Artifacts>(url).await?;
        let mut artifacts: Vec<Artifact> = listed
            .into_iter()
            .filter_map(|artifact| facts::artifact(artifact, run))
            .filter(|artifact| run.attempt == 1 || artifact.created_at >= run.started_at)
            .collect();
        // Only what came after this attempt's end can be a later attempt's: ask about it then.
        let late = |artifact: &Artifact| artifact.created_at > run.updated_at;
        if artifacts.iter().any(late)
            && let Some(later) = self.next_attempt(run).await?
        {
            artifacts.retain(|artifact| artifact.created_at < later);
        }
        artifacts.sort_by_key(|artifact| artifact.id);
        Ok(artifacts)
    }

    async fn download_artifact(&self, run: &Run, artifact: &Artifact) -> Result<Vec<u8>, CiError> {
        if !self.api.has_token() {
            return Err(CiError::Unauthorized);
        }
        let number = artifact.id.to_string();
        let url = self.url(&run.repository, &["actions", "artifacts", &number, "zip"])?;
        self.api.fetch_artifact(url, artifact).await
    }
}

fn headers(token: Option<&SecretString>) -> Result<HeaderMap, SettingsError> {
    let mut headers = HeaderMap::new();
    let json = HeaderValue::from_static("application/vnd.github+json");
    headers.insert(ACCEPT, json);
    headers.insert(API_VERSION, HeaderValue::from_static("2022-11-28"));
    if let Some(token) = token {
        insert_token(&mut headers, AUTHORIZATION, "Bearer ", token)?;
    }
    Ok(headers)
}
