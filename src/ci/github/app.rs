//! A GitHub App: the tokens of its installations, kept in memory until shortly before their end.
//!
//! They may be lost at any time, and are texts of any length that nobody looks into.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::header::{AUTHORIZATION, HeaderMap};
use rustls::pki_types::{PrivateKeyDer, pem::PemObject};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;
use url::Url;

use super::headers;
use crate::app::ports::CiError;
use crate::ci::api::{Pass, Passes, SettingsError, account, insert_token};
use crate::ci::client::{Get, GuardedClient, MAX_JSON, Post};
use crate::ci::jwt;

/// How long a token of the App itself is good; GitHub allows ten minutes.
const LIFE: TimeDelta = TimeDelta::minutes(9);
/// How far GitHub's clock may be behind ours.
const DRIFT: TimeDelta = TimeDelta::minutes(1);
/// A token is renewed so long before its end, so that it lasts for a download.
const MARGIN: TimeDelta = TimeDelta::minutes(5);
/// How long it is believed that a repository has an installation.
const BELIEVED: TimeDelta = TimeDelta::hours(1);
/// How long it is believed that it has none, where another token does.
const DISBELIEVED: TimeDelta = TimeDelta::minutes(1);

/// What the operator says of the App.
#[derive(Debug, Clone)]
pub struct AppSettings {
    /// Its App ID or its client ID.
    pub id: String,
    /// Its private key, PEM.
    pub private_key: SecretString,
}

/// An RSA key for signing, from PEM as GitHub gives it or as `openssl` rewrites it.
fn read_key(pem: &SecretString) -> Result<SecretKey, SettingsError> {
    let key = PrivateKeyDer::from_pem_slice(pem.expose_secret().as_bytes());
    let key = key.map_err(|_| SettingsError::PrivateKey)?;
    let key = SecretKey(key.secret_der().to_vec());
    // Whether it signs is seen by signing.
    let signed = jwt::sign(&json!({}), &key.0, None);
    signed.map(|_| key).map_err(|_| SettingsError::PrivateKey)
}

/// Where the App is installed, as far as it is known.
#[derive(Debug, Clone)]
struct Place {
    /// The installation and the account it is at; `None` when there is none.
    installation: Option<Installation>,
    believed_until: DateTime<Utc>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
struct Installation {
    id: u64,
    account: Account,
}

#[derive(Debug, Clone, Copy, Deserialize)]
struct Account {
    id: u64,
}

#[derive(Deserialize)]
struct Token {
    token: SecretString,
    expires_at: DateTime<Utc>,
}

/// Who the App is, as GitHub says.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Identity {
    pub(super) name: String,
    html_url: String,
}

#[derive(Debug, Default)]
struct Known {
    places: BTreeMap<String, Place>,
    /// Headers with the token of an installation, and when it ends.
    tokens: BTreeMap<u64, (HeaderMap, DateTime<Utc>)>,
    page: Option<String>,
}

/// The App, at one API.
#[derive(Debug)]
pub(super) struct App {
    client: GuardedClient,
    base: Url,
    id: String,
    key: SecretKey,
    /// Whether a repository without an installation is read otherwise.
    has_other_token: bool,
    known: Mutex<Known>,
}

struct SecretKey(Vec<u8>);

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretKey")
    }
}

impl App {
    pub(super) fn new(
        settings: &AppSettings,
        client: GuardedClient,
        base: Url,
        has_other_token: bool,
    ) -> Result<Self, SettingsError> {
        Ok(Self {
            client,
            base,
            id: settings.id.clone(),
            key: read_key(&settings.private_key)?,
            has_other_token,
            known: Mutex::default(),
        })
    }

    /// Asks GitHub who the App is.
    pub(super) async fn introduce(&self) -> Result<Identity, CiError> {
        self.get(&["app"]).await
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn url(&self, path: &[&str]) -> Result<Url, CiError> {
        let mut url = self.base.clone();
        url.path_segments_mut()
            .map_err(|()| CiError::NotFound)?
            .pop_if_empty()
            .extend(path);
        Ok(url)
    }

    /// The repository that an address of the API is in, in small letters.
    fn repository_of(&self, url: &Url) -> Option<String> {
        let path = url.path().strip_prefix(self.base.path())?;
        let mut pieces = path.trim_start_matches('/').split('/');
        let (repos, owner, name) = (pieces.next()?, pieces.next()?, pieces.next()?);
        (repos == "repos").then(|| format!("{owner}/{name}").to_ascii_lowercase())
    }

    /// Headers with which the App speaks for itself.
    fn own_headers(&self) -> Result<HeaderMap, CiError> {
        let now = now();
        let claims = json!({
            "iss": self.id,
            "iat": (now - DRIFT).timestamp(),
            "exp": (now + LIFE).timestamp(),
        });
        let signed = jwt::sign(&claims, &self.key.0, None);
        let signed = signed.map_err(|_| CiError::Unauthorized)?;
        bearer(&SecretString::from(signed))
    }

    async fn get<T: serde::de::DeserializeOwned>(&self, path: &[&str]) -> Result<T, CiError> {
        let get = Get {
            url: self.url(path)?,
            api_headers: &self.own_headers()?,
            limit: MAX_JSON,
            tag: None,
        };
        let fetched = self.client.get(&get).await.inspect_err(complain)?;
        read(&fetched.body)
    }

    /// Where the App is installed for a repository.
    async fn find_installation(&self, repository: &str) -> Result<Option<Installation>, CiError> {
        let known = self.known().places.get(repository).cloned();
        if let Some(place) = known.filter(|place| place.believed_until > now()) {
            return Ok(place.installation);
        }
        let (owner, name) = repository.split_once('/').ok_or(CiError::NotFound)?;
        let installation = match self.get(&["repos", owner, name, "installation"]).await {
            Ok(installation) => Some(installation),
            Err(CiError::NotFound) => None,
            Err(error) => return Err(error),
        };
        // Whoever is told to install it comes back at once.
        let life = match installation {
            Some(_) => BELIEVED,
            None if self.has_other_token => DISBELIEVED,
            None => TimeDelta::zero(),
        };
        let place = Place {
            installation,
            believed_until: now() + life,
        };
        self.known().places.insert(repository.to_owned(), place);
        Ok(installation)
    }

    /// Headers with a token of an installation; `None` when it is gone or suspended.
    async fn token(&self, installation: u64) -> Result<Option<HeaderMap>, CiError> {
        let known = self.known().tokens.get(&installation).cloned();
        if let Some((headers, _)) = known.filter(|(_, end)| *end - now() > MARGIN) {
            return Ok(Some(headers));
        }
        let number = installation.to_string();
        let post = Post {
            url: self.url(&["app", "installations", &number, "access_tokens"])?,
            headers: &self.own_headers()?,
            body: "{}".to_owned(),
            limit: MAX_JSON,
        };
        let body = match self.client.post(post).await.inspect_err(complain) {
            Ok(body) => body,
            Err(CiError::NotFound | CiError::Forbidden) => return Ok(None),
            Err(error) => return Err(error),
        };
        let token: Token = read(&body)?;
        let headers = bearer(&token.token)?;
        let kept = (headers.clone(), token.expires_at);
        self.known().tokens.insert(installation, kept);
        Ok(Some(headers))
    }

    /// The page where an owner installs the App.
    async fn page(&self) -> Option<String> {
        if let Some(page) = self.known().page.clone() {
            return Some(page);
        }
        let page = self.introduce().await.ok()?.html_url;
        let page = Url::parse(&format!("{page}/installations/new")).ok()?;
        self.known().page = Some(page.to_string());
        Some(page.to_string())
    }
}

#[async_trait]
impl Passes for App {
    async fn find(&self, url: &Url) -> Result<Option<Pass>, CiError> {
        let Some(repository) = self.repository_of(url) else {
            return Ok(None);
        };
        if let Some(installation) = self.find_installation(&repository).await?
            && let Some(headers) = self.token(installation.id).await?
        {
            let name = format!("app installed at {}", installation.account.id);
            return Ok(Some(Pass {
                headers,
                account: account(&self.base, name.as_bytes()),
                lent_for: Some(url.clone()),
            }));
        }
        if self.has_other_token {
            return Ok(None);
        }
        let page = self.page().await;
        Err(CiError::NotInstalled { page })
    }

    fn forget(&self, url: &Url) {
        let Some(repository) = self.repository_of(url) else {
            return;
        };
        let mut known = self.known();
        let place = known.places.remove(&repository);
        if let Some(installation) = place.and_then(|place| place.installation) {
            known.tokens.remove(&installation.id);
        }
    }
}

/// Says what is wrong when GitHub does not know the App by its signature.
fn complain(error: &CiError) {
    if *error == CiError::Unauthorized {
        tracing::error!(
            "GitHub does not know the App: GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY must be of the same App, the \
             key must still be listed on its page, and the clock must be right"
        );
    }
}

fn bearer(token: &SecretString) -> Result<HeaderMap, CiError> {
    let mut all = headers(None).map_err(|_| CiError::Unauthorized)?;
    let inserted = insert_token(&mut all, AUTHORIZATION, "Bearer ", token);
    inserted.map_err(|_| CiError::Malformed("a token that fits in no header".to_owned()))?;
    Ok(all)
}

fn read<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, CiError> {
    serde_json::from_slice(body).map_err(|error| CiError::Malformed(error.to_string()))
}

#[expect(
    clippy::disallowed_methods,
    reason = "GitHub counts the life of tokens on the clock of the machine"
)]
fn now() -> DateTime<Utc> {
    Utc::now()
}

#[cfg(test)]
mod tests {
    use data_encoding::BASE64;
    use ring::{rand::SystemRandom, signature::Ed25519KeyPair};

    use super::*;

    /// A key as `openssl pkcs8` writes it.
    fn pem(der: &[u8]) -> SecretString {
        let body = BASE64.encode(der);
        format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n").into()
    }

    /// DER: a tag, the length in two bytes, the content.
    fn der(tag: u8, content: &[u8]) -> Vec<u8> {
        let length = u16::try_from(content.len()).unwrap().to_be_bytes();
        [&[tag, 0x82], length.as_slice(), content].concat()
    }

    #[test]
    fn a_key_signs_the_same_whether_in_pkcs_1_or_in_pkcs_8() {
        let own = read_key(&crate::play::github::APP_KEY.into()).unwrap();
        // PKCS #8: version 0, `rsaEncryption` without parameters, and the key of PKCS #1 in it.
        let version = [0x02, 0x01, 0x00];
        let algorithm = [
            0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05,
            0x00,
        ];
        let inside = [version.as_slice(), &algorithm, &der(0x04, &own.0)].concat();
        let wrapped = der(0x30, &inside);
        let rewritten = read_key(&pem(&wrapped)).unwrap();
        assert_eq!(rewritten.0, wrapped, "the key is kept as it was given");
        let signed = |key: &SecretKey| jwt::sign(&json!({ "iss": "1" }), &key.0, None).unwrap();
        assert_eq!(signed(&own), signed(&rewritten));
    }

    #[test]
    fn a_pkcs_8_key_that_is_not_rsa_is_refused() {
        let other = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        let refused = read_key(&pem(other.as_ref())).err();
        assert!(matches!(refused, Some(SettingsError::PrivateKey)));
    }
}
