//! One server on 127.0.0.1 for the REST API, the gateway, the page and the attachments.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{DefaultBodyLimit, Query, State, WebSocketUpgrade};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, get};
use axum::{Router, middleware};

use crate::control::{self, guard, page};
use crate::gateway::socket;
use crate::rest;
use crate::world::Shared;

/// Discord takes requests of 25 MiB.
const BODY_LIMIT: usize = 25 * 1024 * 1024;

pub fn router(shared: Arc<Shared>) -> Router {
    let own = Router::new()
        .merge(control::router(&shared))
        .route("/_page/{name}", get(page::part))
        .route("/attachments/{channel}/{id}/{name}", get(page::attachment))
        .route("/", get(front))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&shared),
            guard::host,
        ));
    let open = Router::new()
        .route("/gateway", get(gateway))
        .route("/gateway/", get(gateway))
        .route("/api/{*rest}", any(rest::serve));
    own.merge(open)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(shared)
}

type Upgrade = Result<WebSocketUpgrade, WebSocketUpgradeRejection>;
type Words = Query<HashMap<String, String>>;

/// The gateway for a WebSocket, the page for a browser.
async fn front(
    State(shared): State<Arc<Shared>>,
    Query(query): Words,
    upgrade: Upgrade,
) -> Response {
    match upgrade {
        Ok(upgrade) => connect(shared, &query, upgrade),
        Err(_) => page::index(),
    }
}

async fn gateway(
    State(shared): State<Arc<Shared>>,
    Query(query): Words,
    upgrade: Upgrade,
) -> Response {
    match upgrade {
        Ok(upgrade) => connect(shared, &query, upgrade),
        Err(_) => (
            StatusCode::UPGRADE_REQUIRED,
            "this is a gateway: connect with a WebSocket",
        )
            .into_response(),
    }
}

fn connect(
    shared: Arc<Shared>,
    query: &HashMap<String, String>,
    upgrade: WebSocketUpgrade,
) -> Response {
    let zlib = query
        .get("compress")
        .is_some_and(|way| way == "zlib-stream");
    upgrade.on_upgrade(move |socket| socket::serve(shared, socket, zlib))
}
