//! The page, its API and the attachments: for people on this machine only.

pub mod actions;
pub mod guard;
pub mod look;
pub mod page;

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router, middleware};
use serde_json::{Value, json};

use crate::world::Shared;
use crate::world::raise::Refused;

/// A refused request with its words for the page.
#[derive(Debug)]
pub struct Bad(StatusCode, String);

impl Bad {
    pub fn request(why: impl Into<String>) -> Self {
        Self(StatusCode::BAD_REQUEST, why.into())
    }

    pub fn missing(what: &str) -> Self {
        Self(StatusCode::NOT_FOUND, format!("there is no such {what}"))
    }

    pub fn late() -> Self {
        Self(
            StatusCode::GATEWAY_TIMEOUT,
            "the bot did not answer in time".to_owned(),
        )
    }
}

impl From<Refused> for Bad {
    fn from(refused: Refused) -> Self {
        Self::request(refused.0)
    }
}

impl axum::response::IntoResponse for Bad {
    fn into_response(self) -> Response {
        (self.0, Json(json!({"message": self.1}))).into_response()
    }
}

pub type Answer = Result<Json<Value>, Bad>;

/// `/_loopback/...`, behind the token.
pub fn router(shared: &Arc<Shared>) -> Router<Arc<Shared>> {
    Router::new()
        .route("/_loopback/state", get(look::state))
        .route("/_loopback/channels/{id}/messages", get(look::messages))
        .route("/_loopback/log", get(look::log))
        .route("/_loopback/violations", get(look::violations))
        .route("/_loopback/events", get(look::events))
        .route("/_loopback/interactions/command", post(actions::command))
        .route(
            "/_loopback/interactions/autocomplete",
            post(actions::autocomplete),
        )
        .route(
            "/_loopback/interactions/component",
            post(actions::component),
        )
        .route("/_loopback/interactions/modal", post(actions::modal))
        .route("/_loopback/messages", post(actions::message))
        .route("/_loopback/dismiss", post(actions::dismiss))
        .route("/_loopback/clock", post(actions::clock))
        .route("/_loopback/faults", post(actions::faults))
        .route("/_loopback/{*rest}", get(nothing).post(nothing))
        .layer(middleware::from_fn_with_state(
            Arc::clone(shared),
            guard::token,
        ))
}

async fn nothing() -> Response {
    Bad::missing("call").into_response()
}
