//! The one HTTP client that speaks to CI providers, with every guard in one place.
//!
//! * Redirects are followed by hand, to the API's own origin or to the provider's download hosts.
//! * The headers that carry the token go to the API's origin, and not to a signed address.
//! * Only https, unless the operator's API is on this machine; no proxy from the environment.
//! * Names that resolve to private addresses are refused.
//! * Time and bytes are limited while reading.

mod addresses;
mod guard;
#[cfg(test)]
mod tests;
mod verdict;

use std::time::Duration;

use futures_util::StreamExt;
use reqwest::header::{CONTENT_LENGTH, HeaderMap, IF_NONE_MATCH, LOCATION};
use reqwest::{Response, StatusCode, redirect};
use url::Url;

use crate::app::ports::CiError;
pub use guard::ClientError;
use guard::Guard;
pub(crate) use verdict::spent_until;

/// Most bytes of an answer that is read as JSON.
pub const MAX_JSON: u64 = 8 * 1024 * 1024;
/// Most bytes of one artifact.
pub const MAX_ARTIFACT: u64 = 64 * 1024 * 1024;
const MAX_REDIRECTS: usize = 5;
const TRIES: usize = 2;
const USER_AGENT: &str = concat!("docent/", env!("CARGO_PKG_VERSION"));

/// Where the downloads of github.com are kept; a leading dot stands for any name before it.
pub const GITHUB_DOWNLOAD_HOSTS: [&str; 3] = [
    ".blob.core.windows.net",
    ".actions.githubusercontent.com",
    ".githubusercontent.com",
];

/// What the operator decides about the client.
#[derive(Debug, Clone)]
pub struct ClientSettings {
    /// The provider's API: https, or http on a loopback address.
    pub api_url: Url,
    /// Hosts a download may be redirected to; when the API is on a loopback address, others on one, each
    /// with its port.
    pub download_hosts: Vec<String>,
    /// Lets the API's own host resolve to a private address, for a server inside the organisation.
    pub private_api: bool,
    /// Time to connect.
    pub connect_timeout: Duration,
    /// Time of one request with its body.
    pub request_timeout: Duration,
    /// The pause before a failed request is tried again; up to as much is added at random.
    pub retry_pause: Duration,
    /// Most bytes of one artifact.
    pub max_artifact: u64,
}

impl ClientSettings {
    /// The usual limits, for one API.
    #[must_use]
    pub fn new(api_url: Url) -> Self {
        Self {
            api_url,
            download_hosts: GITHUB_DOWNLOAD_HOSTS.map(str::to_owned).to_vec(),
            private_api: false,
            connect_timeout: Duration::from_secs(10),
            request_timeout: Duration::from_mins(1),
            retry_pause: Duration::from_millis(300),
            max_artifact: MAX_ARTIFACT,
        }
    }
}

/// A GET of something at the provider.
#[derive(Debug, Clone)]
pub(crate) struct Get<'a> {
    /// The address, on the API's origin.
    pub url: Url,
    /// Headers for the API's origin only: the token is among them.
    pub api_headers: &'a HeaderMap,
    /// Most bytes of the answer.
    pub limit: u64,
    /// The tag of an answer one already has: the provider then only says that it stands.
    pub tag: Option<&'a str>,
}

/// A POST to the API's own origin.
#[derive(Debug)]
pub(crate) struct Post<'a> {
    /// The address.
    pub url: Url,
    /// The headers: the token may be among them.
    pub headers: &'a HeaderMap,
    /// The body.
    pub body: String,
    /// Most bytes of the answer.
    pub limit: u64,
}

/// An answer that has been read to its end.
#[derive(Debug)]
pub(crate) struct Fetched {
    /// Headers of the last answer.
    pub headers: HeaderMap,
    /// The bytes.
    pub body: Vec<u8>,
    /// Whether the API answered with a redirect: the repository has another name now.
    pub redirected: bool,
    /// Whether the answer of the given tag still stands; there is no body then.
    pub unchanged: bool,
}

/// The guarded client of one provider's API.
#[derive(Debug, Clone)]
pub struct GuardedClient {
    http: reqwest::Client,
    guard: Guard,
    retry_pause: Duration,
    max_artifact: u64,
}

impl GuardedClient {
    /// A client for the API in the settings.
    ///
    /// # Errors
    /// [`ClientError`] when the API's address is not one that may be asked.
    pub fn new(settings: &ClientSettings) -> Result<Self, ClientError> {
        let guard = Guard::new(settings)?;
        #[expect(
            clippy::disallowed_methods,
            reason = "this is the one client, and its limits are set here"
        )]
        let builder = reqwest::Client::builder();
        let http = builder
            .user_agent(USER_AGENT)
            .redirect(redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .https_only(!guard.is_loopback())
            .connect_timeout(settings.connect_timeout)
            .timeout(settings.request_timeout)
            .dns_resolver(addresses::PublicOnly::new(guard.trusted_host()))
            .build()
            .map_err(ClientError::Build)?;
        Ok(Self {
            http,
            guard,
            retry_pause: settings.retry_pause,
            max_artifact: settings.max_artifact,
        })
    }

    /// The most bytes an artifact may have.
    #[must_use]
    pub const fn max_artifact(&self) -> u64 {
        self.max_artifact
    }

    /// Whether an address is on the API's own origin.
    pub(crate) fn is_api(&self, url: &Url) -> bool {
        self.guard.is_api(url)
    }

    /// Gets an address of the API, with its redirects; tries once more after a failure that passes.
    pub(crate) async fn get(&self, get: &Get<'_>) -> Result<Fetched, CiError> {
        let mut tries = 1;
        loop {
            let result = self.try_get(get).await;
            match result {
                Err(CiError::Unavailable(reason)) if tries < TRIES => {
                    tracing::debug!(reason, "the CI provider failed; trying once more");
                    tokio::time::sleep(self.jittered_pause()).await;
                    tries += 1;
                }
                other => return other,
            }
        }
    }

    /// Posts to the API's own origin. A redirect is an error, and nothing is tried again: it may have been done.
    pub(crate) async fn post(&self, post: Post<'_>) -> Result<Vec<u8>, CiError> {
        if !self.is_api(&post.url) {
            return Err(CiError::Forged("a post to a foreign address".to_owned()));
        }
        let request = self.http.post(post.url).headers(post.headers.clone());
        let response = request.body(post.body).send().await;
        let response = response.map_err(verdict::of_failure)?;
        tracing::debug!(status = response.status().as_u16(), "ci post");
        let (_, body) = read(response, post.limit).await?;
        Ok(body)
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the jitter of a retry needs no seed"
    )]
    fn jittered_pause(&self) -> Duration {
        self.retry_pause.mul_f64(1.0 + rand::random::<f64>())
    }

    async fn try_get(&self, get: &Get<'_>) -> Result<Fetched, CiError> {
        let (mut url, mut at_api, mut redirected) = (get.url.clone(), true, false);
        for _ in 0..=MAX_REDIRECTS {
            self.guard.check(&url)?;
            at_api &= self.guard.is_api(&url);
            let response = self.send(&url, get, at_api).await?;
            if response.status() == StatusCode::NOT_MODIFIED && get.tag.is_some() {
                return Ok(Fetched {
                    headers: response.headers().clone(),
                    body: Vec::new(),
                    redirected,
                    unchanged: true,
                });
            }
            if response.status().is_redirection() {
                url = next_hop(&url, &response)?;
                // A renamed repository has moved for good; a "found" is a signed address, which
                // needs no token and refuses requests that bring one.
                at_api &= !matches!(response.status(), StatusCode::FOUND | StatusCode::SEE_OTHER);
                redirected = true;
                continue;
            }
            let answer = read(response, get.limit).await;
            let (headers, body) = if at_api {
                answer
            } else {
                answer.map_err(verdict::of_storage)
            }?;
            return Ok(Fetched {
                headers,
                body,
                redirected,
                unchanged: false,
            });
        }
        Err(CiError::Malformed("it redirects without end".to_owned()))
    }

    async fn send(&self, url: &Url, get: &Get<'_>, at_api: bool) -> Result<Response, CiError> {
        let mut request = self.http.get(url.clone());
        if at_api {
            request = request.headers(get.api_headers.clone());
            if let Some(tag) = get.tag {
                request = request.header(IF_NONE_MATCH, tag);
            }
        }
        let response = request.send().await.map_err(verdict::of_failure)?;
        tracing::debug!(
            host = url.host_str().unwrap_or_default(),
            status = response.status().as_u16(),
            "ci call"
        );
        Ok(response)
    }
}

/// The address a redirect leads to; the guard looks at it before it is asked.
fn next_hop(from: &Url, response: &Response) -> Result<Url, CiError> {
    let location = response.headers().get(LOCATION);
    let location = location.and_then(|value| value.to_str().ok());
    location
        .and_then(|location| from.join(location).ok())
        .ok_or_else(|| CiError::Malformed("a redirect without a usable address".to_owned()))
}

/// Headers and body of a good answer; an error for every other one.
async fn read(response: Response, limit: u64) -> Result<(HeaderMap, Vec<u8>), CiError> {
    let status = response.status();
    let headers = response.headers().clone();
    if !status.is_success() {
        let body = read_body(response, verdict::MAX_MESSAGE)
            .await
            .unwrap_or_default();
        return Err(verdict::of_answer(status, &headers, &body));
    }
    let announced = headers
        .get(CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(CiError::TooLarge { limit });
    }
    Ok((headers, read_body(response, limit).await?))
}

/// The body, as long as it stays within the limit.
async fn read_body(response: Response, limit: u64) -> Result<Vec<u8>, CiError> {
    let mut body = Vec::new();
    let mut stream = response.bytes_stream();
    while let Some(piece) = stream.next().await {
        let piece = piece.map_err(verdict::of_failure)?;
        let length = u64::try_from(body.len() + piece.len()).unwrap_or(u64::MAX);
        if length > limit {
            return Err(CiError::TooLarge { limit });
        }
        body.extend_from_slice(&piece);
    }
    Ok(body)
}
