//! What answers over HTTP: webhooks of CI providers, and whether the process is well.
//!
//! It speaks plain HTTP to whatever ends TLS before it. Nothing here grades: a webhook only moves a look
//! that was to come anyway.

mod delivery;
mod hooks;
mod signature;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Router,
    extract::State,
    http::StatusCode,
    routing::{get, post},
};
use secrecy::SecretString;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::app::{App, ports::Provider};

/// How long the database has to say that it is there.
const PATIENCE: Duration = Duration::from_secs(5);

/// A forge whose webhooks are taken.
#[derive(Debug, Clone)]
pub struct Hook {
    /// Which kind of forge.
    pub provider: Provider,
    /// Its web host, as its runs are stored under.
    pub host: String,
    /// What it signs with.
    pub secret: SecretString,
}

/// A socket that is open and not yet answered on.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    hooks: Arc<[Hook]>,
}

impl Server {
    /// Opens the socket.
    ///
    /// # Errors
    /// When the address cannot be had.
    pub async fn bind(address: SocketAddr, hooks: Vec<Hook>) -> std::io::Result<Self> {
        Ok(Self {
            listener: TcpListener::bind(address).await?,
            hooks: hooks.into(),
        })
    }

    /// Where it is, with the port that was free when port 0 was asked for.
    ///
    /// # Errors
    /// When the system does not tell.
    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Answers until `stop`; answers that were begun are finished.
    pub async fn serve(self, app: App, stop: CancellationToken) {
        let router = Router::new()
            .route("/healthz", get(health))
            .route("/hooks/{forge}", post(hooks::take))
            .with_state(Desk {
                app,
                hooks: self.hooks,
            });
        let stopped = async move { stop.cancelled().await };
        let ended = axum::serve(self.listener, router)
            .with_graceful_shutdown(stopped)
            .await;
        if let Err(error) = ended {
            tracing::error!(%error, "HTTP_LISTEN is no longer answered");
        }
    }
}

/// What answers are made with.
#[derive(Clone)]
struct Desk {
    app: App,
    hooks: Arc<[Hook]>,
}

/// Whether this process can do its work: its database answers.
async fn health(State(desk): State<Desk>) -> (StatusCode, &'static str) {
    match tokio::time::timeout(PATIENCE, desk.app.store.ping()).await {
        Ok(Ok(())) => (StatusCode::OK, "ok\n"),
        _ => (
            StatusCode::SERVICE_UNAVAILABLE,
            "the database does not answer\n",
        ),
    }
}
