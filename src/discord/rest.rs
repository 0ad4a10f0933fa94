//! Requests to Discord, one executor for all: it spaces them, obeys Retry-After and retries what
//! may be retried. serenity builds the requests; its own limiter is not used (docs/adr/0003).

use std::{
    collections::HashMap,
    num::NonZeroU32,
    sync::Mutex,
    time::{Duration, Instant},
};

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use reqwest::{
    Client, RequestBuilder, StatusCode,
    header::{CONTENT_LENGTH, HeaderMap},
    multipart::{Form, Part},
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use serenity::http::{LightMethod, Request, Route};

/// Requests a second that a bot may make, besides answers to interactions.
const PER_SECOND: NonZeroU32 = NonZeroU32::new(50).unwrap();
/// Tries of one request.
const TRIES: u32 = 5;
/// The longest wait for one answer.
const TIMEOUT: Duration = Duration::from_secs(15);
/// The longest Retry-After that is waited out; beyond it the caller is told.
const LONGEST_WAIT: Duration = Duration::from_mins(1);

/// What went wrong with a request.
#[derive(Debug, thiserror::Error)]
pub enum RestError {
    /// Discord said no; it will say so again.
    #[error("Discord refused {route}: {status} {body}")]
    Refused {
        /// The route.
        route: String,
        /// HTTP status.
        status: u16,
        /// Discord's own error code, 0 when there is none.
        code: i64,
        /// Discord's answer.
        body: String,
    },
    /// Discord asked for a longer wait than is sensible.
    #[error("Discord limits {route} for {seconds} s")]
    Limited {
        /// The route.
        route: String,
        /// How long.
        seconds: u64,
    },
    /// No answer, however often it was tried.
    #[error("Discord cannot be reached for {route}: {reason}")]
    Unreachable {
        /// The route.
        route: String,
        /// The last failure.
        reason: String,
    },
    /// The request could not be built.
    #[error("the request to {route} could not be built: {reason}")]
    Unbuildable {
        /// The route.
        route: String,
        /// Why.
        reason: String,
    },
}

impl RestError {
    /// Whether the token was refused.
    #[must_use]
    pub const fn is_unauthorized(&self) -> bool {
        matches!(self, Self::Refused { status: 401, .. })
    }

    /// Discord's own error code.
    #[must_use]
    pub const fn code(&self) -> i64 {
        match self {
            Self::Refused { code, .. } => *code,
            _ => 0,
        }
    }
}

/// The executor.
pub struct Rest {
    client: Client,
    token: SecretString,
    base: Option<String>,
    limiter: DefaultDirectRateLimiter,
    pauses: Mutex<HashMap<String, Instant>>,
}

/// What a request carries.
#[derive(Debug, Clone, Default)]
pub struct Payload {
    /// Its JSON; nothing for a request without a body.
    pub json: Option<Value>,
    /// Files beside it; the JSON names them in its `attachments` by their place here, from 0.
    pub files: Vec<Upload>,
}

/// A text that is sent as a file.
#[derive(Debug, Clone)]
pub struct Upload {
    /// Its name.
    pub name: String,
    /// What is in it.
    pub text: String,
}

impl From<Value> for Payload {
    fn from(json: Value) -> Self {
        Self {
            json: Some(json),
            files: Vec::new(),
        }
    }
}

impl From<Option<Value>> for Payload {
    fn from(json: Option<Value>) -> Self {
        Self {
            json,
            files: Vec::new(),
        }
    }
}

enum Verdict {
    Done(Value),
    Again(Duration, String),
    Failed(RestError),
}

impl Rest {
    /// An executor for a token; `base` stands in for `https://discord.com`.
    ///
    /// # Errors
    /// When the HTTP client cannot be made.
    pub fn new(token: SecretString, base: Option<String>) -> Result<Self, reqwest::Error> {
        #[expect(
            clippy::disallowed_methods,
            reason = "the one client that speaks to Discord"
        )]
        let client = Client::builder()
            .timeout(TIMEOUT)
            .connect_timeout(Duration::from_secs(5))
            .build()?;
        Ok(Self {
            client,
            token,
            base,
            limiter: RateLimiter::direct(Quota::per_second(PER_SECOND)),
            pauses: Mutex::new(HashMap::new()),
        })
    }

    /// Sends a request and waits for its answer; null when there is no body.
    ///
    /// # Errors
    /// See [`RestError`]. A 401, 403 or 404 is never retried: Discord bans who insists.
    pub async fn send(
        &self,
        route: Route<'_>,
        method: LightMethod,
        payload: impl Into<Payload>,
    ) -> Result<Value, RestError> {
        self.send_with(route, method, None, payload).await
    }

    /// The same, with a query.
    ///
    /// # Errors
    /// As [`Rest::send`].
    pub async fn send_with(
        &self,
        route: Route<'_>,
        method: LightMethod,
        query: Option<Vec<(&'static str, String)>>,
        payload: impl Into<Payload>,
    ) -> Result<Value, RestError> {
        let name = name_of(&route);
        let answers_interaction = is_outside_limit(&route);
        let payload = payload.into();
        let mut last = String::new();
        for attempt in 0..TRIES {
            self.wait_for(&name, answers_interaction).await;
            let built = self.build(&name, route, method, query.clone(), &payload)?;
            let verdict = match built.send().await {
                Ok(response) => self.judge(&name, response, attempt).await,
                Err(error) => Verdict::Again(backoff(attempt), error.without_url().to_string()),
            };
            match verdict {
                Verdict::Done(value) => return Ok(value),
                Verdict::Failed(error) => return Err(error),
                Verdict::Again(wait, reason) => {
                    tracing::warn!(route = %name, %reason, wait_ms = wait.as_millis(), "asking Discord again");
                    last = reason;
                    tokio::time::sleep(wait).await;
                }
            }
        }
        Err(RestError::Unreachable {
            route: name,
            reason: last,
        })
    }

    /// The request of one try: what it sends is used up with it.
    fn build(
        &self,
        name: &str,
        route: Route<'_>,
        method: LightMethod,
        query: Option<Vec<(&'static str, String)>>,
        payload: &Payload,
    ) -> Result<RequestBuilder, RestError> {
        let unbuildable = |reason: String| RestError::Unbuildable {
            route: name.to_owned(),
            reason,
        };
        let json = payload.json.as_ref().map(Value::to_string);
        let alone = json.clone().filter(|_| payload.files.is_empty());
        let built = Request::new(route, method)
            .params(query)
            .body(alone.map(String::into_bytes))
            .build(
                &self.client,
                self.token.expose_secret(),
                self.base.as_deref(),
            )
            .map_err(|error| unbuildable(error.to_string()))?;
        if payload.files.is_empty() {
            return Ok(built);
        }
        let wrong = |error: reqwest::Error| unbuildable(error.without_url().to_string());
        let form = form(json.unwrap_or_default(), &payload.files).map_err(wrong)?;
        let mut request = built.build().map_err(wrong)?;
        // serenity has counted an empty body.
        request.headers_mut().remove(CONTENT_LENGTH);
        Ok(RequestBuilder::from_parts(self.client.clone(), request).multipart(form))
    }

    async fn judge(&self, name: &str, response: reqwest::Response, attempt: u32) -> Verdict {
        let status = response.status();
        let headers = response.headers().clone();
        let text = response.text().await.unwrap_or_default();
        if status.is_success() {
            self.note_exhausted(name, &headers);
            return Verdict::Done(serde_json::from_str(&text).unwrap_or(Value::Null));
        }
        if status == StatusCode::TOO_MANY_REQUESTS {
            return self.pause(name, &headers);
        }
        if status.is_server_error() {
            return Verdict::Again(backoff(attempt), status.to_string());
        }
        let code = serde_json::from_str::<Value>(&text)
            .ok()
            .and_then(|body| body.get("code")?.as_i64())
            .unwrap_or(0);
        let body = text.chars().take(600).collect();
        Verdict::Failed(RestError::Refused {
            route: name.to_owned(),
            status: status.as_u16(),
            code,
            body,
        })
    }

    /// A 429: the route waits, or everything when the limit is global.
    fn pause(&self, name: &str, headers: &HeaderMap) -> Verdict {
        let wait = header_seconds(headers, "retry-after").unwrap_or(Duration::from_secs(1));
        if wait > LONGEST_WAIT {
            return Verdict::Failed(RestError::Limited {
                route: name.to_owned(),
                seconds: wait.as_secs(),
            });
        }
        let is_global = headers.contains_key("x-ratelimit-global");
        let key = if is_global {
            "*".to_owned()
        } else {
            name.to_owned()
        };
        self.set_pause(key, wait);
        Verdict::Again(wait, "429".to_owned())
    }

    /// The last request of a bucket was used up: the next one waits for its reset.
    fn note_exhausted(&self, name: &str, headers: &HeaderMap) {
        let is_empty = headers
            .get("x-ratelimit-remaining")
            .is_some_and(|left| left == "0");
        if let Some(wait) = header_seconds(headers, "x-ratelimit-reset-after").filter(|_| is_empty)
        {
            self.set_pause(name.to_owned(), wait.min(LONGEST_WAIT));
        }
    }

    fn set_pause(&self, key: String, wait: Duration) {
        let now = Instant::now();
        if let Ok(mut pauses) = self.pauses.lock() {
            pauses.retain(|_, until| *until > now);
            pauses.insert(key, now + wait);
        }
    }

    async fn wait_for(&self, name: &str, answers_interaction: bool) {
        if !answers_interaction {
            self.limiter.until_ready().await;
        }
        loop {
            let until = self.pauses.lock().ok().and_then(|pauses| {
                let own = pauses.get(name).copied();
                let global = pauses.get("*").copied().filter(|_| !answers_interaction);
                own.max(global)
            });
            match until.map(|until| until.saturating_duration_since(Instant::now())) {
                Some(wait) if !wait.is_zero() => tokio::time::sleep(wait).await,
                _ => return,
            }
        }
    }
}

/// A form of JSON and files: `payload_json`, and each file as `files[n]`.
fn form(json: String, files: &[Upload]) -> Result<Form, reqwest::Error> {
    let mut form = Form::new().text("payload_json", json);
    for (place, file) in files.iter().enumerate() {
        let part = Part::text(file.text.clone())
            .file_name(file.name.clone())
            .mime_str("text/markdown; charset=utf-8")?;
        form = form.part(format!("files[{place}]"), part);
    }
    Ok(form)
}

/// A route without its token: what limits are counted by, and what may be logged.
fn name_of(route: &Route<'_>) -> String {
    match route {
        Route::InteractionResponse { .. } => "interaction callback".to_owned(),
        Route::WebhookOriginalInteractionResponse { .. } => "interaction answer".to_owned(),
        Route::WebhookFollowupMessages { .. } => "interaction follow-up".to_owned(),
        other => other.path().replace("https://discord.com/api/v10", ""),
    }
}

const fn is_outside_limit(route: &Route<'_>) -> bool {
    matches!(
        route,
        Route::InteractionResponse { .. }
            | Route::WebhookOriginalInteractionResponse { .. }
            | Route::WebhookFollowupMessages { .. }
    )
}

fn header_seconds(headers: &HeaderMap, name: &str) -> Option<Duration> {
    let seconds: f64 = headers.get(name)?.to_str().ok()?.parse().ok()?;
    Duration::try_from_secs_f64(seconds).ok()
}

fn backoff(attempt: u32) -> Duration {
    Duration::from_millis(150 << attempt.min(4))
}
