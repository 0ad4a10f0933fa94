//! Who may talk to the page's side: this machine, by the right name, with the run's token.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use crate::world::Shared;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
connect-src 'self'; font-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

/// Refuses foreign host names and origins, and puts the policy on every answer.
pub async fn host(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let port = shared.settings.port;
    let ours = if let Some(why) = refused(request.headers(), port) {
        forbidden(why)
    } else {
        next.run(request).await
    };
    with_policy(ours)
}

/// Refuses calls without the run's token.
pub async fn token(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let wanted = &shared.settings.page_token;
    let in_header = request
        .headers()
        .get("x-loopback-token")
        .and_then(|value| value.to_str().ok());
    let query = request.uri().query().unwrap_or_default();
    let in_query = query
        .split('&')
        .find_map(|pair| pair.strip_prefix("token="));
    if same(in_header, wanted) || same(in_query, wanted) {
        return next.run(request).await;
    }
    forbidden(
        "the token of this run is missing or wrong: open the address that the program printed",
    )
}

fn same(given: Option<&str>, wanted: &str) -> bool {
    let given = given.unwrap_or_default().as_bytes();
    let differing = given
        .iter()
        .zip(wanted.as_bytes())
        .fold(0, |sum, (a, b)| sum | (a ^ b));
    given.len() == wanted.len() && differing == 0
}

fn refused(headers: &HeaderMap, port: u16) -> Option<&'static str> {
    let text = |name: HeaderName| {
        headers
            .get(name)
            .map(|value| value.to_str().unwrap_or_default())
    };
    let hosts = [format!("127.0.0.1:{port}"), format!("localhost:{port}")];
    let host = text(header::HOST).unwrap_or_default();
    if !hosts.iter().any(|one| one == host) {
        return Some("unknown Host: use 127.0.0.1 or localhost with the port");
    }
    let origin = text(header::ORIGIN)?;
    (origin.strip_prefix("http://") != Some(host)).then_some("foreign Origin")
}

fn forbidden(why: &str) -> Response {
    (StatusCode::FORBIDDEN, Json(json!({"message": why}))).into_response()
}

fn with_policy(mut response: Response) -> Response {
    let headers = response.headers_mut();
    let mut put = |name: &'static str, value: &'static str| {
        headers
            .entry(HeaderName::from_static(name))
            .or_insert(HeaderValue::from_static(value));
    };
    put("content-security-policy", POLICY);
    put("x-content-type-options", "nosniff");
    put("referrer-policy", "no-referrer");
    put("cross-origin-resource-policy", "same-origin");
    put("cache-control", "no-store");
    response
}
