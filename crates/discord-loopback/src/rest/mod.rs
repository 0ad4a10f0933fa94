//! Discord's REST API: recognise, authenticate, limit, validate, carry out, answer.

pub mod body;
pub mod channels;
pub mod command_rules;
pub mod commands;
pub mod error;
pub mod guilds;
pub mod interactions;
pub mod ratelimit;
pub mod route;
pub mod rules;
pub mod validate;
pub mod webhooks;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

use crate::faults::FaultRule;
use crate::world::messages::Draft;
use crate::world::{Shared, World};
use body::Parsed;
use error::{ApiError, FormErrors};
use ratelimit::{Quota, Refusal};
use route::{Op, Route};

/// What a handler gets beside the world.
#[derive(Debug)]
pub struct Call {
    pub route: Route,
    pub query: HashMap<String, String>,
    pub body: Value,
    pub files: Vec<(String, crate::world::messages::File)>,
    /// The world's clock must be watched for these interactions.
    pub base: String,
}

impl Call {
    /// The message that the body (or a part of it) describes.
    pub fn draft(&mut self, part: Option<&str>) -> Draft {
        let body = part.map_or(&self.body, |part| &self.body[part]);
        Draft {
            body: body.as_object().cloned().unwrap_or_default(),
            files: std::mem::take(&mut self.files),
        }
    }
}

/// A handler's answer: a status and perhaps a body.
pub type Answer = Result<(u16, Option<Value>), ApiError>;

/// Every request below `/api`.
pub async fn serve(
    State(shared): State<Arc<Shared>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    bytes: Bytes,
) -> Response {
    let path = percent_decoded(uri.path().strip_prefix("/api").unwrap_or_default());
    let path = ["/v10", "/v9"]
        .iter()
        .find_map(|version| path.strip_prefix(version))
        .unwrap_or(&path)
        .to_owned();
    let Some(route) = Route::find(method.as_str(), &path) else {
        return unknown_route(&shared, &method, &path);
    };
    let name = route.name();
    let fault = shared.with(|world| world.faults.take(method.as_str(), route.template));
    if let Some(rule) = &fault {
        tokio::time::sleep(Duration::from_millis(rule.delay_ms)).await;
        if rule.status != 0 && !rule.after_effect {
            return spoilt(&shared, &name, rule);
        }
    }
    if !authorised(&shared, &route, &headers) {
        let error = ApiError {
            message: "401: Unauthorized".to_owned(),
            ..ApiError::new(401, 0, "")
        };
        return finish(&shared, &name, &Value::Null, Err(error), None);
    }
    let quota = match shared.with(|world| world.limits.count(&route, world.clock.now_ms())) {
        Ok(quota) => quota,
        Err(refusal) => return limited(&shared, &name, &refusal),
    };
    let parsed = match body::parse(&headers, bytes).await {
        Ok(parsed) => parsed,
        Err(error) => return finish(&shared, &name, &Value::Null, Err(error), Some(&quota)),
    };
    let query = query_of(uri.query().unwrap_or_default());
    let (answer, sent) = carry_out(&shared, route, query, parsed);
    if let Some(rule) = fault.filter(|rule| rule.status != 0) {
        return spoilt(&shared, &name, &rule);
    }
    finish(&shared, &name, &sent, answer, Some(&quota))
}

fn carry_out(
    shared: &Arc<Shared>,
    route: Route,
    query: HashMap<String, String>,
    parsed: Parsed,
) -> (Answer, Value) {
    let sent = parsed.body.clone();
    let template = if route.text("message_id") == "@original" {
        route.template.replace("{message_id}", "@original")
    } else {
        route.template.to_owned()
    };
    let mut errors = FormErrors::default();
    if !matches!(route.method, "GET" | "DELETE") {
        validate::check(route.method, &template, &parsed.body, &mut errors);
        body::check_files(&parsed, &mut errors);
    }
    if let Err(error) = errors.into_result() {
        return (Err(error), sent);
    }
    let mut call = Call {
        route,
        query,
        body: parsed.body,
        files: parsed.files,
        base: String::new(),
    };
    let answer = shared.with(|world| {
        call.base.clone_from(&world.base_url);
        handle(world, &mut call)
    });
    (answer, sent)
}

fn handle(world: &mut World, call: &mut Call) -> Answer {
    match call.route.op {
        Op::Gateway
        | Op::GatewayBot
        | Op::Me
        | Op::Application
        | Op::Guild
        | Op::GuildChannels
        | Op::GuildRoles
        | Op::Member
        | Op::AddRole
        | Op::TakeRole => guilds::handle(world, call),
        Op::ListCommands
        | Op::PutCommands
        | Op::AddCommand
        | Op::GetCommand
        | Op::ChangeCommand
        | Op::DropCommand => commands::handle(world, call),
        Op::Callback => interactions::callback(world, call),
        Op::FollowUp | Op::GetFollowUp | Op::ChangeFollowUp | Op::DropFollowUp => {
            webhooks::handle(world, call)
        }
        Op::Channel
        | Op::ListMessages
        | Op::Post
        | Op::GetMessage
        | Op::ChangeMessage
        | Op::DropMessage
        | Op::StartThread
        | Op::OpenDm => channels::handle(world, call),
    }
}

fn unknown_route(shared: &Shared, method: &Method, path: &str) -> Response {
    let name = format!("{method} {path}");
    let message = "this loopback does not serve the route";
    shared.with(|world| {
        world.violate("route", &name, message);
        world.note("rest", name.clone(), "501", Value::Null);
    });
    answer(
        501,
        Some(&json!({"message": format!("{name}: {message}"), "code": 0})),
    )
}

fn authorised(shared: &Shared, route: &Route, headers: &HeaderMap) -> bool {
    if route.by_interaction_token() || route.op == Op::Gateway {
        return true;
    }
    let given = headers
        .get("authorization")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    shared.look(|world| given.strip_prefix("Bot ") == Some(world.bot.token.as_str()))
}

fn query_of(query: &str) -> HashMap<String, String> {
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect()
}

/// Some clients write `@original` as `%40original`.
fn percent_decoded(path: &str) -> String {
    let mut parts = path.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let code = part
            .get(..2)
            .and_then(|code| u8::from_str_radix(code, 16).ok());
        if let (Some(code), Some(rest)) = (code, part.get(2..)) {
            bytes.push(code);
            bytes.extend_from_slice(rest.as_bytes());
        } else {
            bytes.push(b'%');
            bytes.extend_from_slice(part.as_bytes());
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn spoilt(shared: &Shared, name: &str, rule: &FaultRule) -> Response {
    shared.with(|world| {
        world.note(
            "rest",
            name.to_owned(),
            &format!("{} (fault)", rule.status),
            Value::Null,
        );
    });
    if rule.status == 429 {
        return too_many(rule.retry_after, &rule.scope);
    }
    answer(
        rule.status,
        Some(&json!({"message": "a fault on order", "code": 0})),
    )
}

fn limited(shared: &Shared, name: &str, refusal: &Refusal) -> Response {
    shared.with(|world| world.note("rest", name.to_owned(), "429", Value::Null));
    let seconds = seconds_of(refusal.retry_ms.max(1));
    let mut response = too_many(seconds, if refusal.global { "global" } else { "user" });
    if let Some(quota) = &refusal.quota {
        quota_headers(response.headers_mut(), quota, refusal.retry_ms);
    }
    response
}

fn too_many(retry_after: f64, scope: &str) -> Response {
    let global = scope == "global";
    let body = json!({"message": "You are being rate limited.", "retry_after": retry_after, "global": global});
    let mut response = answer(429, Some(&body));
    let headers = response.headers_mut();
    put(headers, "retry-after", &format!("{}", retry_after.ceil()));
    put(headers, "x-ratelimit-scope", scope);
    if global {
        put(headers, "x-ratelimit-global", "true");
    }
    response
}

#[expect(
    clippy::cast_precision_loss,
    reason = "milliseconds of a rate limit are small"
)]
fn seconds_of(ms: i64) -> f64 {
    ms as f64 / 1_000.0
}

fn quota_headers(headers: &mut HeaderMap, quota: &Quota, left_ms: i64) {
    put(headers, "x-ratelimit-limit", &quota.limit.to_string());
    put(
        headers,
        "x-ratelimit-remaining",
        &quota.remaining.to_string(),
    );
    put(
        headers,
        "x-ratelimit-reset",
        &format!("{:.3}", seconds_of(quota.reset_ms)),
    );
    put(
        headers,
        "x-ratelimit-reset-after",
        &format!("{:.3}", seconds_of(left_ms.max(1))),
    );
    put(headers, "x-ratelimit-bucket", &quota.bucket);
}

fn put(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

fn finish(
    shared: &Shared,
    name: &str,
    sent: &Value,
    result: Answer,
    quota: Option<&Quota>,
) -> Response {
    let (status, body) = match result {
        Ok((status, body)) => (status, body),
        Err(error) => {
            shared.with(|world| {
                if let Some(kind) = error.violation {
                    let message = readable(&error);
                    world.violate(kind, name, &message);
                }
            });
            (error.status, Some(error.body()))
        }
    };
    let now = shared.with(|world| {
        let detail = json!({"request": sent, "response": body});
        world.note("rest", name.to_owned(), &status.to_string(), detail);
        world.now_ms()
    });
    let mut response = answer(status, body.as_ref());
    if let Some(quota) = quota {
        quota_headers(response.headers_mut(), quota, quota.reset_ms - now);
    }
    response
}

fn readable(error: &ApiError) -> String {
    match &error.form {
        Some(form) => format!("{} {}: {}", error.code, error.message, form.summary),
        None => format!("{} {}", error.code, error.message),
    }
}

fn answer(status: u16, body: Option<&Value>) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    match body {
        Some(body) => (status, axum::Json(body)).into_response(),
        None => status.into_response(),
    }
}
