//! GitHub Actions: links, runs, jobs and artifacts of github.com or of a server of one's own.

mod facts;
mod find;
#[cfg(test)]
mod tests;
mod wire;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderName, HeaderValue, LINK};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use url::Url;

use super::client::{ClientError, ClientSettings, Fetched, Get, GuardedClient, MAX_JSON};
use super::link;
use crate::app::ports::{Artifact, CiError, CiLink, CiProvider, Job, LinkError, Run};

/// Most pages of one list, a hundred items each.
const MAX_PAGES: usize = 10;
const PAGE: usize = 100;
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
}

impl Default for GitHubSettings {
    fn default() -> Self {
        Self {
            api_url: api_of_github(),
            token: None,
            host: "github.com".to_owned(),
        }
    }
}

#[expect(
    clippy::expect_used,
    reason = "the address is written here and a test reads it"
)]
fn api_of_github() -> Url {
    Url::parse("https://api.github.com").expect("a URL")
}

/// Why GitHub cannot be asked with these settings.
#[derive(Debug, thiserror::Error)]
pub enum GitHubError {
    /// The token cannot be sent in a header.
    #[error(
        "the GitHub token holds a space, a line break or a letter outside ASCII: copy it again without them"
    )]
    Token,
    /// The API's address cannot carry a path.
    #[error("the GitHub api_url must be an address such as https://api.github.com")]
    ApiUrl,
    /// The client for that address cannot be made.
    #[error(transparent)]
    Client(#[from] ClientError),
}

/// GitHub, seen through its REST API.
#[derive(Debug)]
pub struct GitHub {
    client: GuardedClient,
    api_url: Url,
    host: String,
    headers: HeaderMap,
    has_token: bool,
}

impl GitHub {
    /// GitHub with the operator's settings, over a client with the usual limits.
    ///
    /// # Errors
    /// [`GitHubError`] when the token or the address cannot be used.
    pub fn open(settings: GitHubSettings) -> Result<Self, GitHubError> {
        let client = GuardedClient::new(&ClientSettings::new(settings.api_url.clone()))?;
        Self::new(settings, client)
    }

    /// GitHub with the operator's settings and the client made for its API.
    ///
    /// # Errors
    /// [`GitHubError`] when the token or the address cannot be used.
    pub fn new(settings: GitHubSettings, client: GuardedClient) -> Result<Self, GitHubError> {
        if settings.api_url.cannot_be_a_base() || !client.is_api(&settings.api_url) {
            return Err(GitHubError::ApiUrl);
        }
        let token = settings.token.as_ref();
        let token = token.filter(|token| !token.expose_secret().trim().is_empty());
        Ok(Self {
            headers: headers(token)?,
            has_token: token.is_some(),
            api_url: settings.api_url,
            host: settings.host,
            client,
        })
    }

    /// The address of something in a repository.
    fn url(&self, repository: &str, path: &[&str]) -> Result<Url, CiError> {
        let (owner, name) = repository
            .split_once('/')
            .filter(|(owner, name)| is_segment(owner) && is_segment(name))
            .ok_or(CiError::NotFound)?;
        let mut url = self.api_url.clone();
        url.path_segments_mut()
            .map_err(|()| CiError::NotFound)?
            .pop_if_empty()
            .extend(["repos", owner, name])
            .extend(path);
        Ok(url)
    }

    async fn fetch(&self, url: Url, limit: u64) -> Result<Fetched, CiError> {
        let api_headers = &self.headers;
        self.client
            .get(&Get {
                url,
                api_headers,
                limit,
            })
            .await
    }

    async fn fetch_one<T: DeserializeOwned>(&self, url: Url) -> Result<(T, Fetched), CiError> {
        let fetched = self.fetch(url, MAX_JSON).await?;
        let body = serde_json::from_slice(&fetched.body)
            .map_err(|error| CiError::Malformed(error.to_string()))?;
        Ok((body, fetched))
    }

    /// All pages of a list, by the `Link` header, on the API's own origin only.
    async fn fetch_all<P>(&self, mut url: Url) -> Result<Vec<P::Item>, CiError>
    where
        P: wire::Page + DeserializeOwned + Send,
        P::Item: Send,
    {
        url.query_pairs_mut()
            .append_pair("per_page", &PAGE.to_string());
        let mut items = Vec::new();
        for _ in 0..MAX_PAGES {
            let (page, fetched): (P, Fetched) = self.fetch_one(url.clone()).await?;
            items.extend(page.items());
            match next_page(&fetched.headers, &url) {
                Some(next) if self.client.is_api(&next) => url = next,
                Some(_) => return Err(CiError::Forged("the next page is elsewhere".to_owned())),
                None => return Ok(items),
            }
        }
        let limit = u64::try_from(MAX_PAGES * PAGE).unwrap_or(u64::MAX);
        Err(CiError::TooLarge { limit })
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
        Ok(link::parse_link(text, std::slice::from_ref(&self.host))?)
    }

    async fn find_run(&self, link: &CiLink) -> Result<Run, CiError> {
        if !link.host.eq_ignore_ascii_case(&self.host) {
            return Err(CiError::NotFound);
        }
        self.follow(&link.repository, &link.target).await
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
        let limit = self.client.max_artifact();
        if !self.has_token {
            return Err(CiError::Unauthorized);
        }
        if artifact.expired {
            return Err(CiError::Expired);
        }
        if artifact.size_in_bytes > limit {
            return Err(CiError::TooLarge { limit });
        }
        let number = artifact.id.to_string();
        let url = self.url(&run.repository, &["actions", "artifacts", &number, "zip"])?;
        let body = self.fetch(url, limit).await?.body;
        check_digest(artifact.digest.as_deref(), &body)?;
        Ok(body)
    }
}

fn headers(token: Option<&SecretString>) -> Result<HeaderMap, GitHubError> {
    let mut headers = HeaderMap::new();
    let json = HeaderValue::from_static("application/vnd.github+json");
    headers.insert(ACCEPT, json);
    headers.insert(API_VERSION, HeaderValue::from_static("2022-11-28"));
    if let Some(token) = token {
        let token = token.expose_secret().trim();
        if token.contains(|letter: char| !letter.is_ascii_graphic()) {
            return Err(GitHubError::Token);
        }
        let bearer = HeaderValue::from_str(&format!("Bearer {token}"));
        let mut bearer = bearer.map_err(|_| GitHubError::Token)?;
        bearer.set_sensitive(true);
        headers.insert(AUTHORIZATION, bearer);
    }
    Ok(headers)
}

/// Whether a text is one piece of a path and nothing else.
fn is_segment(text: &str) -> bool {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    !text.is_empty() && text.chars().all(fits) && !matches!(text, "." | "..")
}

/// The address marked `rel="next"` in a `Link` header.
fn next_page(headers: &HeaderMap, base: &Url) -> Option<Url> {
    let links = headers.get(LINK)?.to_str().ok()?;
    links.split(',').find_map(|link| {
        let (address, relation) = link.split_once(';')?;
        let next = relation.contains("rel=\"next\"");
        let address = address.trim().strip_prefix('<')?.strip_suffix('>')?;
        next.then(|| base.join(address).ok()).flatten()
    })
}

/// Compares the bytes with the digest the provider stated; old uploads have none.
fn check_digest(digest: Option<&str>, body: &[u8]) -> Result<(), CiError> {
    let Some(digest) = digest else {
        return Ok(());
    };
    let stated = digest
        .strip_prefix("sha256:")
        .ok_or_else(|| CiError::Malformed("a digest that is not sha256".to_owned()))?;
    let actual = Sha256::digest(body)
        .iter()
        .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    if actual.eq_ignore_ascii_case(stated) {
        Ok(())
    } else {
        Err(CiError::Forged(
            "the artifact's bytes do not fit its digest".to_owned(),
        ))
    }
}
