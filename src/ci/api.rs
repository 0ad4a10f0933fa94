//! The JSON API of a forge, read through the guarded client: addresses, pages, tokens, digests,
//! and what all processes remember of its answers.

use std::sync::Arc;

use async_trait::async_trait;
use reqwest::header::{CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue, LINK};
use secrecy::{ExposeSecret, SecretString};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use url::Url;

use super::client::{
    ClientError, ClientSettings, Fetched, Get, GuardedClient, MAX_JSON, Post, spent_until,
};
use crate::app::ports::{Artifact, CiError, CiMemory, KeptAnswer};

/// Most pages of one list, a hundred items each.
const MAX_PAGES: usize = 10;
const PAGE: usize = 100;

/// Why a forge cannot be asked with the operator's settings.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The token cannot be sent in a header.
    #[error(
        "the token holds a space, a line break or a letter outside ASCII: copy it again without them"
    )]
    Token,
    /// The key is none.
    #[error(
        "the private key is not an RSA key in PEM: give the whole file that GitHub made, from -----BEGIN to -----END, \
         or its path"
    )]
    PrivateKey,
    /// The API's address cannot carry a path.
    #[error("the address of the API must be one such as https://api.github.com")]
    ApiUrl,
    /// The client for that address cannot be made.
    #[error(transparent)]
    Client(#[from] ClientError),
}

/// With what a forge is asked, and whose requests it counts together.
#[derive(Debug, Clone)]
pub(super) struct Pass {
    /// Headers for the API's origin.
    pub(super) headers: HeaderMap,
    /// Whose requests these are: see [`account`].
    pub(super) account: Vec<u8>,
    /// The address it was found for, when another can be had in its place.
    pub(super) lent_for: Option<Url>,
}

/// Passes that are had for one repository each.
#[async_trait]
pub(super) trait Passes: std::fmt::Debug + Send + Sync {
    /// The pass for an address of the API; `None` leaves it to the usual one.
    async fn find(&self, url: &Url) -> Result<Option<Pass>, CiError>;
    /// The pass for an address is no longer good.
    fn forget(&self, url: &Url);
}

/// One forge's API.
#[derive(Debug)]
pub(super) struct Api {
    client: GuardedClient,
    memory: Arc<dyn CiMemory>,
    base: Url,
    usual: Pass,
    lent: Option<Arc<dyn Passes>>,
    has_token: bool,
}

impl Api {
    /// The API behind `base`, asked with these headers.
    pub(super) fn new(
        client: GuardedClient,
        memory: Arc<dyn CiMemory>,
        base: Url,
        headers: HeaderMap,
        token: Option<&SecretString>,
    ) -> Result<Self, SettingsError> {
        if base.cannot_be_a_base() || !client.is_api(&base) {
            return Err(SettingsError::ApiUrl);
        }
        let secret = token.map_or("", |token| token.expose_secret());
        let account = account(&base, secret.as_bytes());
        Ok(Self {
            client,
            memory,
            base,
            usual: Pass {
                headers,
                account,
                lent_for: None,
            },
            lent: None,
            has_token: token.is_some(),
        })
    }

    /// The same API, asked with a pass of these where there is one.
    pub(super) fn with_passes(mut self, passes: Arc<dyn Passes>) -> Self {
        self.lent = Some(passes);
        self.has_token = true;
        self
    }

    /// Whether requests carry a token.
    pub(super) const fn has_token(&self) -> bool {
        self.has_token
    }

    /// An address of the API; each piece is escaped.
    pub(super) fn url(&self, path: &[&str]) -> Result<Url, CiError> {
        let mut url = self.base.clone();
        url.path_segments_mut()
            .map_err(|()| CiError::NotFound)?
            .pop_if_empty()
            .extend(path);
        Ok(url)
    }

    /// With what an address is asked.
    async fn pass(&self, url: &Url) -> Result<Pass, CiError> {
        let lent = match &self.lent {
            Some(passes) => passes.find(url).await?,
            None => None,
        };
        Ok(lent.unwrap_or_else(|| self.usual.clone()))
    }

    /// The bytes of an answer, up to a limit.
    pub(super) async fn fetch(&self, url: Url, limit: u64) -> Result<Fetched, CiError> {
        let pass = self.pass(&url).await?;
        self.get(&pass, url, limit, None).await
    }

    /// Asks; a pass that was lent may have ended meanwhile, so it is had anew once.
    async fn get(
        &self,
        pass: &Pass,
        url: Url,
        limit: u64,
        tag: Option<&str>,
    ) -> Result<Fetched, CiError> {
        let answered = self.try_get(pass, url.clone(), limit, tag).await;
        match (&answered, &pass.lent_for, &self.lent) {
            (Err(CiError::Unauthorized), Some(lent_for), Some(passes)) => {
                passes.forget(lent_for);
                let pass = self.pass(lent_for).await?;
                self.try_get(&pass, url, limit, tag).await
            }
            _ => answered,
        }
    }

    /// The bytes of an artifact, as the provider has them on record. What comes cut short or changed is fetched
    /// once more: the way here spoils more downloads than their senders do. Without a digest, a short one is left
    /// to its reader.
    pub(super) async fn fetch_artifact(
        &self,
        url: Url,
        artifact: &Artifact,
    ) -> Result<Vec<u8>, CiError> {
        let limit = self.client.max_artifact();
        if artifact.expired {
            return Err(CiError::Expired);
        }
        if artifact.size_in_bytes > limit {
            return Err(CiError::TooLarge { limit });
        }
        let body = self.download(url.clone(), limit).await?;
        let spoilt = match check_digest(artifact, &body) {
            Ok(()) => artifact.digest.is_none() && artifact.is_cut(&body),
            Err(_) => true,
        };
        if !spoilt {
            return Ok(body);
        }
        let body = self.download(url, limit).await?;
        check_digest(artifact, &body)?;
        Ok(body)
    }

    /// The bytes behind an address. A page for people is no artifact: a server that is being repaired answers
    /// everything with one.
    async fn download(&self, url: Url, limit: u64) -> Result<Vec<u8>, CiError> {
        let fetched = self.fetch(url, limit).await?;
        let kind = fetched.headers.get(CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if kind.starts_with("text/html") {
            return Err(CiError::Malformed(
                "a page in an artifact's place".to_owned(),
            ));
        }
        Ok(fetched.body)
    }

    /// Asks, unless some process was told to wait; tells the others when it is told so itself.
    async fn try_get(
        &self,
        pass: &Pass,
        url: Url,
        limit: u64,
        tag: Option<&str>,
    ) -> Result<Fetched, CiError> {
        if let Some(until) = self.memory.find_pause(&pass.account).await {
            return Err(CiError::RateLimited { until });
        }
        let get = Get {
            url,
            api_headers: &pass.headers,
            limit,
            tag,
        };
        let answered = self.client.get(&get).await;
        let until = match &answered {
            Err(CiError::RateLimited { until }) => Some(*until),
            Ok(fetched) => spent_until(&fetched.headers),
            Err(_) => None,
        };
        if let Some(until) = until {
            self.memory.record_pause(&pass.account, until).await;
        }
        answered
    }

    /// Has the API do something, and gives what it answers.
    pub(super) async fn post<T: Serialize + Sync>(
        &self,
        url: Url,
        body: &T,
    ) -> Result<Vec<u8>, CiError> {
        let pass = self.pass(&url).await?;
        if let Some(until) = self.memory.find_pause(&pass.account).await {
            return Err(CiError::RateLimited { until });
        }
        let mut headers = pass.headers;
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let post = Post {
            url,
            headers: &headers,
            body: serde_json::to_string(body)
                .map_err(|error| CiError::Malformed(error.to_string()))?,
            limit: MAX_JSON,
        };
        let answered = self.client.post(post).await;
        if let Err(CiError::RateLimited { until }) = &answered {
            self.memory.record_pause(&pass.account, *until).await;
        }
        answered
    }

    /// An answer of the API, which is not sent again while it stands.
    async fn fetch_known(&self, pass: &Pass, url: Url) -> Result<Fetched, CiError> {
        let key = digest(&[&pass.account, url.as_str().as_bytes()]);
        let kept = self.memory.find_answer(&key).await;
        let tag = kept.as_ref().map(|kept| kept.tag.as_str());
        let mut fetched = self.get(pass, url, MAX_JSON, tag).await?;
        if let (true, Some(kept)) = (fetched.unchanged, kept) {
            fetched.body = kept.body;
            if let Some(link) = kept.link.and_then(|link| HeaderValue::from_str(&link).ok()) {
                fetched.headers.insert(LINK, link);
            }
            return Ok(fetched);
        }
        let text = |name| {
            let value: &HeaderValue = fetched.headers.get(name)?;
            value.to_str().ok().map(str::to_owned)
        };
        // A moved repository is asked for under its new name from now on.
        if let (Some(tag), false) = (text(ETAG), fetched.redirected) {
            let answer = KeptAnswer {
                tag,
                body: fetched.body.clone(),
                link: text(LINK),
            };
            self.memory.keep_answer(&key, &answer).await;
        }
        Ok(fetched)
    }

    /// One body.
    pub(super) async fn fetch_one<T: DeserializeOwned>(
        &self,
        url: Url,
    ) -> Result<(T, Fetched), CiError> {
        let pass = self.pass(&url).await?;
        self.fetch_body(&pass, url).await
    }

    async fn fetch_body<T: DeserializeOwned>(
        &self,
        pass: &Pass,
        url: Url,
    ) -> Result<(T, Fetched), CiError> {
        let fetched = self.fetch_known(pass, url).await?;
        let body = serde_json::from_slice(&fetched.body)
            .map_err(|error| CiError::Malformed(error.to_string()))?;
        Ok((body, fetched))
    }

    /// All pages of a list, by the `Link` header, on the API's own origin only. `size` is the
    /// parameter that asks for long pages: `per_page`.
    pub(super) async fn fetch_all<P>(
        &self,
        mut url: Url,
        size: &str,
    ) -> Result<Vec<P::Item>, CiError>
    where
        P: IntoItems + DeserializeOwned + Send,
        P::Item: Send,
    {
        url.query_pairs_mut().append_pair(size, &PAGE.to_string());
        // The address of a later page may not name the repository.
        let pass = self.pass(&url).await?;
        let mut items = Vec::new();
        for _ in 0..MAX_PAGES {
            let (page, fetched): (P, Fetched) = self.fetch_body(&pass, url.clone()).await?;
            items.extend(page.items());
            match next_page(&fetched.headers, &url) {
                Some(next) if self.client.is_api(&next) => url = next,
                Some(next) => {
                    let host = next.host_str().unwrap_or("nowhere");
                    return Err(CiError::Elsewhere(host.to_owned()));
                }
                None => return Ok(items),
            }
        }
        let limit = u64::try_from(MAX_PAGES * PAGE).unwrap_or(u64::MAX);
        Err(CiError::TooLarge { limit })
    }
}

/// A page of a list.
pub(super) trait IntoItems {
    /// What is listed.
    type Item;
    /// The items of the page.
    fn items(self) -> Vec<Self::Item>;
}

impl<T> IntoItems for Vec<T> {
    type Item = T;
    fn items(self) -> Vec<T> {
        self
    }
}

/// A client for the API at this address, with the usual limits.
pub(super) fn open_client(
    api_url: &Url,
    download_hosts: Vec<String>,
    private_api: bool,
) -> Result<GuardedClient, ClientError> {
    GuardedClient::new(&ClientSettings {
        download_hosts,
        private_api,
        ..ClientSettings::new(api_url.clone())
    })
}

/// A token that is not empty.
pub(super) fn present(token: Option<&SecretString>) -> Option<&SecretString> {
    token.filter(|token| !token.expose_secret().trim().is_empty())
}

/// Puts a token into a header, which logs then hide.
pub(super) fn insert_token(
    headers: &mut HeaderMap,
    name: HeaderName,
    prefix: &str,
    token: &SecretString,
) -> Result<(), SettingsError> {
    let token = token.expose_secret().trim();
    if token.contains(|letter: char| !letter.is_ascii_graphic()) {
        return Err(SettingsError::Token);
    }
    let value = HeaderValue::from_str(&format!("{prefix}{token}"));
    let mut value = value.map_err(|_| SettingsError::Token)?;
    value.set_sensitive(true);
    headers.insert(name, value);
    Ok(())
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

/// Whose requests a forge counts together, under a name that tells nothing.
pub(super) fn account(base: &Url, who: &[u8]) -> Vec<u8> {
    digest(&[base.as_str().as_bytes(), who])
}

/// One name for several texts.
fn digest(parts: &[&[u8]]) -> Vec<u8> {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
        hash.update([0]);
    }
    hash.finalize().to_vec()
}

/// Whether a text is one piece of a path and nothing else.
pub(super) fn is_segment(text: &str) -> bool {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    !text.is_empty() && text.chars().all(fits) && !matches!(text, "." | "..")
}

/// Compares the bytes with the digest the provider stated; old uploads have none.
fn check_digest(artifact: &Artifact, body: &[u8]) -> Result<(), CiError> {
    let Some(digest) = &artifact.digest else {
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
    } else if artifact.is_cut(body) {
        Err(artifact.cut(body))
    } else {
        Err(CiError::Forged(
            "the artifact's bytes do not fit its digest".to_owned(),
        ))
    }
}
