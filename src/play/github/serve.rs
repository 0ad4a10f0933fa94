//! From sockets to requests and back.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use futures_util::stream;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use url::Url;

use super::LoopbackError;
use super::desk::{Asked, Reply};
use super::world::World;

/// The size of the pieces a download without a length comes in.
const PIECE: usize = 16 * 1024;

type Shared = Arc<Mutex<World>>;

/// A socket on this machine only, and its address.
pub(super) async fn listen(port: u16) -> Result<(TcpListener, Url), LoopbackError> {
    let taken = |source| LoopbackError::Listen { port, source };
    let listener = TcpListener::bind(("127.0.0.1", port))
        .await
        .map_err(taken)?;
    let address = listener.local_addr().map_err(taken)?;
    Ok((listener, Url::parse(&format!("http://{address}"))?))
}

/// Serves until the task is stopped.
#[expect(
    clippy::disallowed_methods,
    reason = "the handle's owner stops the task when it is dropped"
)]
pub(super) fn spawn(listener: TcpListener, world: Shared) -> JoinHandle<()> {
    let router = Router::new().fallback(handle).with_state(world);
    tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, router).await {
            tracing::error!(%error, "the loopback GitHub has stopped");
        }
    })
}

async fn handle(State(world): State<Shared>, request: Request) -> Response {
    let asked = take_apart(&request);
    let reply = world
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .answer(&asked);
    send(reply)
}

fn take_apart(request: &Request) -> Asked {
    let query = request.uri().query().unwrap_or_default();
    let headers = request.headers().iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        (name.as_str().to_owned(), value)
    });
    Asked {
        method: request.method().as_str().to_owned(),
        path: request.uri().path().to_owned(),
        query: url::form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect(),
        headers: headers.collect(),
    }
}

fn send(reply: Reply) -> Response {
    let body = if reply.chunked {
        let pieces: Vec<Result<Vec<u8>, Infallible>> = reply
            .body
            .chunks(PIECE)
            .map(|piece| Ok(piece.to_vec()))
            .collect();
        Body::from_stream(stream::iter(pieces))
    } else {
        Body::from(reply.body)
    };
    let mut response = Response::new(body);
    *response.status_mut() =
        StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in reply.headers {
        let name = HeaderName::from_bytes(name.as_bytes());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(&value)) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}
