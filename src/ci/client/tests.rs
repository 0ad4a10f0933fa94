//! Where the token goes when a server sends the client elsewhere, shown by two servers on two origins.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderMap as Asked, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::*;

/// Which of the API's headers a request brought.
type Seen = Vec<&'static str>;
const ALL: [&str; 3] = ["authorization", "private-token", "if-none-match"];

/// Where a server sends whoever asks; without a place it answers.
#[derive(Debug, Deserialize)]
struct Hop {
    status: Option<u16>,
    to: Option<String>,
}

/// A server that notes what each request brought.
struct Server {
    origin: Url,
    seen: Arc<Mutex<Vec<Seen>>>,
    _task: JoinSet<()>,
}

async fn answer(
    State(seen): State<Arc<Mutex<Vec<Seen>>>>,
    Query(hop): Query<Hop>,
    asked: Asked,
) -> Response {
    let brought = ALL.into_iter().filter(|name| asked.contains_key(*name));
    seen.lock().unwrap().push(brought.collect());
    let status = StatusCode::from_u16(hop.status.unwrap_or(200)).unwrap();
    match hop.to {
        Some(to) => (status, [(LOCATION, to)]).into_response(),
        None => (status, "the zip").into_response(),
    }
}

impl Server {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::default();
        let routes = Router::new()
            .route("/", get(answer))
            .with_state(Arc::clone(&seen));
        let mut task = JoinSet::new();
        task.spawn(async move { axum::serve(listener, routes).await.unwrap() });
        Self {
            origin: origin.parse().unwrap(),
            seen,
            _task: task,
        }
    }

    /// Its address, that refuses with this status.
    fn refusing(&self, status: u16) -> Url {
        let mut url = self.origin.clone();
        url.query_pairs_mut()
            .append_pair("status", &status.to_string());
        url
    }

    /// Its address, that sends on to another with this status.
    fn sending(&self, status: u16, to: &Url) -> Url {
        let mut url = self.refusing(status);
        url.query_pairs_mut().append_pair("to", to.as_str());
        url
    }

    fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

/// An API and the storage of its downloads.
async fn two_origins() -> (Server, Server, GuardedClient) {
    let (api, storage) = (Server::start().await, Server::start().await);
    let place = format!("127.0.0.1:{}", storage.origin.port().unwrap());
    let client = GuardedClient::new(&ClientSettings {
        download_hosts: vec![place],
        retry_pause: Duration::from_millis(1),
        ..ClientSettings::new(api.origin.clone())
    });
    (api, storage, client.unwrap())
}

async fn fetch(client: &GuardedClient, url: Url) -> Result<Fetched, CiError> {
    let headers = [
        ("authorization", "Bearer secret"),
        ("private-token", "secret"),
    ];
    let headers = headers.map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
    client
        .get(&Get {
            url,
            api_headers: &headers.into_iter().collect(),
            limit: MAX_JSON,
            tag: Some("\"a tag\""),
        })
        .await
}

#[tokio::test]
async fn no_redirect_takes_the_token_to_another_origin() {
    for status in [301, 302, 303, 307, 308] {
        let (api, storage, client) = two_origins().await;
        let fetched = fetch(&client, api.sending(status, &storage.origin)).await;
        assert_eq!(fetched.unwrap().body, b"the zip", "{status}");
        assert_eq!(api.seen(), [ALL], "{status}");
        assert_eq!(storage.seen(), [[""; 0]], "{status}");
    }
}

#[tokio::test]
async fn the_token_does_not_come_back_by_way_of_another_origin() {
    for (there, back) in [(302, 302), (302, 307), (307, 301), (301, 308), (308, 303)] {
        let (api, storage, client) = two_origins().await;
        let back = storage.sending(back, &api.origin);
        let fetched = fetch(&client, api.sending(there, &back)).await;
        assert_eq!(fetched.unwrap().body, b"the zip", "{there}");
        assert_eq!(api.seen(), [ALL.to_vec(), vec![]], "{there}");
        assert_eq!(storage.seen(), [[""; 0]], "{there}");
    }
}

#[tokio::test]
async fn the_token_stays_with_a_repository_that_has_moved_and_is_withheld_from_a_signed_address() {
    for (status, second) in [
        (301, ALL.to_vec()),
        (307, ALL.to_vec()),
        (308, ALL.to_vec()),
        (302, vec![]),
        (303, vec![]),
    ] {
        let (api, _, client) = two_origins().await;
        let fetched = fetch(&client, api.sending(status, &api.origin)).await;
        assert!(fetched.unwrap().redirected, "{status}");
        assert_eq!(api.seen(), [ALL.to_vec(), second], "{status}");
    }
}

#[tokio::test]
async fn an_origin_that_nobody_has_named_is_not_asked_from_the_api_nor_from_the_storage() {
    let (api, storage, client) = two_origins().await;
    let stranger = Server::start().await;
    let by_storage = storage.sending(302, &stranger.origin);
    for url in [
        api.sending(307, &stranger.origin),
        api.sending(302, &by_storage),
    ] {
        let refused = fetch(&client, url).await.unwrap_err();
        assert_eq!(refused, CiError::Elsewhere("127.0.0.1".to_owned()));
    }
    assert_eq!(stranger.seen(), [] as [Seen; 0]);
}

#[tokio::test]
async fn a_signed_address_that_is_refused_is_asked_for_anew_and_the_token_is_not_blamed() {
    for status in [401, 403] {
        let (api, storage, client) = two_origins().await;
        let refused = fetch(&client, api.sending(302, &storage.refusing(status))).await;
        let refused = refused.unwrap_err();
        assert_eq!(refused.code(), "unavailable", "{status}");
        assert_eq!((api.seen().len(), storage.seen().len()), (2, 2), "{status}");
        let own = fetch(&client, api.refusing(status)).await.unwrap_err();
        assert!(!own.is_transient(), "{own}");
        assert_eq!(api.seen().len(), 3, "a refusal of the API is taken at once");
    }
}
