//! Signing in at GitHub by a code that a member types there: the device flow, without any scope.
//!
//! The token it ends with is asked once who it belongs to, and thrown away.

use async_trait::async_trait;
use chrono::TimeDelta;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, de::DeserializeOwned};
use url::{Url, form_urlencoded::Serializer};

use super::headers;
use crate::app::ports::{Account, CiError, DeviceCode, DeviceFlow, DevicePoll, Provider};
use crate::ci::api::{SettingsError, insert_token};
use crate::ci::client::{ClientSettings, Get, GuardedClient, MAX_JSON, Post};

/// What a poll asks for.
const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";
/// Seconds between two polls, when GitHub does not say.
const PAUSE: i32 = 5;
/// Seconds that are added when GitHub asks to slow down and does not say to what.
const SLOWER: i32 = 5;
/// Seconds that a code is asked about at most: a minute less than it is good for, so that the answer still finds
/// the question it belongs to.
const LONGEST: i64 = 14 * 60;

/// What the operator decides about it.
#[derive(Debug, Clone)]
pub struct DeviceSettings {
    /// The client ID of the App.
    pub client_id: String,
    /// GitHub's pages: `https://github.com`.
    pub web_url: Url,
    /// Its API.
    pub api_url: Url,
    /// The web host, as accounts are kept under.
    pub host: String,
}

/// The device flow of one GitHub.
#[derive(Debug)]
pub struct GitHubDevice {
    settings: DeviceSettings,
    web: GuardedClient,
    api: GuardedClient,
}

impl GitHubDevice {
    /// The device flow with the operator's settings.
    ///
    /// # Errors
    /// [`SettingsError`] when an address cannot be used.
    pub fn open(settings: DeviceSettings) -> Result<Self, SettingsError> {
        let client = |url: &Url| {
            GuardedClient::new(&ClientSettings {
                private_api: settings.host != "github.com",
                ..ClientSettings::new(url.clone())
            })
        };
        let (web, api) = (client(&settings.web_url)?, client(&settings.api_url)?);
        Ok(Self { settings, web, api })
    }

    async fn post<T: DeserializeOwned>(
        &self,
        path: &[&str],
        form: &[(&str, &str)],
    ) -> Result<T, CiError> {
        let mut sent = HeaderMap::new();
        sent.insert(ACCEPT, HeaderValue::from_static("application/json"));
        let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
        sent.insert(CONTENT_TYPE, kind);
        let post = Post {
            url: at(&self.settings.web_url, path)?,
            headers: &sent,
            body: Serializer::new(String::new()).extend_pairs(form).finish(),
            limit: MAX_JSON,
        };
        read(&self.web.post(post).await?)
    }

    /// Whose a token is; the token goes no further.
    async fn account_of(&self, token: &SecretString) -> Result<Account, CiError> {
        let unusable = |_| CiError::Malformed("a token that fits in no header".to_owned());
        let mut sent = headers(None).map_err(unusable)?;
        insert_token(&mut sent, AUTHORIZATION, "Bearer ", token).map_err(unusable)?;
        let get = Get {
            url: at(&self.settings.api_url, &["user"])?,
            api_headers: &sent,
            limit: MAX_JSON,
            tag: None,
        };
        let user: User = read(&self.api.get(&get).await?.body)?;
        Ok(Account {
            provider: Provider::GitHub,
            host: self.settings.host.clone(),
            id: user.id,
            login: user.login,
        })
    }
}

#[derive(Deserialize)]
struct Begun {
    device_code: SecretString,
    user_code: String,
    expires_in: i64,
    interval: Option<i32>,
}

#[derive(Deserialize)]
struct Polled {
    access_token: Option<SecretString>,
    error: Option<String>,
    interval: Option<i32>,
}

#[derive(Deserialize)]
struct User {
    id: u64,
    login: String,
}

#[async_trait]
impl DeviceFlow for GitHubDevice {
    fn host(&self) -> &str {
        &self.settings.host
    }

    /// The page of our own setting, whatever the answers say.
    fn page(&self) -> String {
        format!("https://{}/login/device", self.settings.host)
    }

    async fn begin(&self) -> Result<DeviceCode, CiError> {
        let form = [("client_id", self.settings.client_id.as_str())];
        let begun: Begun = self.post(&["login", "device", "code"], &form).await?;
        Ok(DeviceCode {
            device_code: begun.device_code,
            user_code: begun.user_code,
            life: TimeDelta::seconds(begun.expires_in.clamp(0, LONGEST)),
            pause_s: begun.interval.unwrap_or(PAUSE).max(1),
        })
    }

    async fn poll(&self, device_code: &SecretString, pause_s: i32) -> Result<DevicePoll, CiError> {
        let form = [
            ("client_id", self.settings.client_id.as_str()),
            ("device_code", device_code.expose_secret()),
            ("grant_type", GRANT),
        ];
        let polled: Polled = self
            .post(&["login", "oauth", "access_token"], &form)
            .await?;
        if let Some(token) = polled.access_token {
            return self.account_of(&token).await.map(DevicePoll::Agreed);
        }
        match polled.error.as_deref() {
            Some("authorization_pending") => Ok(DevicePoll::Pending { pause_s }),
            Some("slow_down") => Ok(DevicePoll::Pending {
                pause_s: polled.interval.unwrap_or(0).max(pause_s + SLOWER),
            }),
            Some("access_denied") => Ok(DevicePoll::Refused),
            Some("expired_token" | "incorrect_device_code") => Ok(DevicePoll::Expired),
            other => Err(CiError::Malformed(format!(
                "the device flow ended with {}",
                other.unwrap_or("neither a token nor an error")
            ))),
        }
    }
}

fn at(base: &Url, path: &[&str]) -> Result<Url, CiError> {
    let mut url = base.clone();
    url.path_segments_mut()
        .map_err(|()| CiError::NotFound)?
        .pop_if_empty()
        .extend(path);
    Ok(url)
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, CiError> {
    serde_json::from_slice(body).map_err(|error| CiError::Malformed(error.to_string()))
}
