//! What the loopback forges share: sockets, requests taken apart, answers put together.

use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use futures_util::stream;
use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use url::Url;

use super::wire::Wire;

/// The size of the pieces a download without a length comes in.
const PIECE: usize = 16 * 1024;
/// Most bytes of a request's body that are read.
const LONGEST_BODY: usize = 1024 * 1024;

/// A world that answers requests.
pub(super) trait World: Send + 'static {
    /// Answers one request and remembers what must be remembered.
    fn answer(&mut self, asked: &Asked) -> Reply;
}

/// A request, taken apart.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) query: Vec<(String, String)>,
    /// Names in small letters.
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Asked {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }

    pub(super) fn query(&self, name: &str) -> Option<&str> {
        find(&self.query, name)
    }

    /// The token, from either form GitHub knows.
    pub(super) fn token(&self) -> Option<&str> {
        let header = self.header("authorization")?;
        let (scheme, token) = header.split_once(' ')?;
        let known = scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("token");
        known.then_some(token.trim())
    }
}

fn find<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let found = pairs.iter().find(|(key, _)| key == name);
    found.map(|(_, value)| value.as_str())
}

/// An answer, ready to be sent.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
    pub(super) sent: Sent,
}

/// How a body goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sent {
    /// With its length.
    AtOnce,
    /// In pieces, without its length.
    InPieces,
    /// Half of it; then the connection is closed.
    CutOff,
}

impl Reply {
    pub(super) fn json(status: u16, body: &Value) -> Self {
        let kind = "application/json; charset=utf-8".to_owned();
        Self {
            status,
            headers: vec![("content-type".to_owned(), kind)],
            body: body.to_string().into_bytes(),
            sent: Sent::AtOnce,
        }
    }

    pub(super) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }
}

/// Percent signs undone in one piece of a path.
pub(super) fn decode(piece: &str) -> String {
    let form = piece
        .replace('+', "%2B")
        .replace('&', "%26")
        .replace('=', "%3D");
    url::form_urlencoded::parse(format!("x={form}").as_bytes())
        .next()
        .map_or_else(String::new, |(_, value)| value.into_owned())
}

/// Lays fields over a body; objects are joined, everything else is replaced.
pub(super) fn lay_over(body: &mut Value, fields: Value) {
    match (body, fields) {
        (Value::Object(body), Value::Object(fields)) => {
            for (name, field) in fields {
                lay_over(body.entry(name).or_insert(Value::Null), field);
            }
        }
        (body, fields) => *body = fields,
    }
}

/// A socket on this machine only, and its address.
pub(super) async fn listen(port: u16) -> std::io::Result<(TcpListener, Url)> {
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    let address = listener.local_addr()?;
    let url = Url::parse(&format!("http://{address}")).map_err(std::io::Error::other)?;
    Ok((listener, url))
}

/// Serves until the task is stopped.
#[expect(
    clippy::disallowed_methods,
    reason = "the handle's owner stops the task when it is dropped"
)]
pub(super) fn spawn<W: World>(
    listener: TcpListener,
    world: Arc<Mutex<W>>,
    wire: Wire,
) -> JoinHandle<()> {
    let router = Router::new()
        .fallback(handle::<W>)
        .with_state((world, wire));
    tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, router).await {
            tracing::error!(%error, "a loopback forge has stopped");
        }
    })
}

async fn handle<W: World>(
    State((world, wire)): State<(Arc<Mutex<W>>, Wire)>,
    request: Request,
) -> Response {
    let asked = take_apart(request).await;
    let answer = || {
        let mut world = world.lock().unwrap_or_else(PoisonError::into_inner);
        world.answer(&asked)
    };
    send(wire.carry(&asked, answer).await)
}

async fn take_apart(request: Request) -> Asked {
    let (request, body) = request.into_parts();
    let body = axum::body::to_bytes(body, LONGEST_BODY).await;
    let query = request.uri.query().unwrap_or_default();
    let headers = request.headers.iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        (name.as_str().to_owned(), value)
    });
    Asked {
        method: request.method.as_str().to_owned(),
        path: request.uri.path().to_owned(),
        query: url::form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect(),
        headers: headers.collect(),
        body: body.map(Into::into).unwrap_or_default(),
    }
}

fn send(reply: Reply) -> Response {
    let pieces = |body: &[u8]| -> Vec<std::io::Result<Vec<u8>>> {
        let pieces = body.chunks(PIECE);
        pieces.map(|piece| Ok(piece.to_vec())).collect()
    };
    let body = match reply.sent {
        Sent::AtOnce => Body::from(reply.body),
        Sent::InPieces => Body::from_stream(stream::iter(pieces(&reply.body))),
        Sent::CutOff => {
            let half = reply.body.get(..reply.body.len() / 2).unwrap_or_default();
            let end = Err(std::io::Error::other("this answer was ordered"));
            Body::from_stream(stream::iter(pieces(half).into_iter().chain([end])))
        }
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

/// SHA-256 in hex digits.
pub(super) fn hex_digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}
