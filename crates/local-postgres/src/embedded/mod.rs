//! A Postgres inside this process, behind a socket that speaks its protocol.

mod answers;
mod client;
mod engine;
mod listen;
mod rewrite;
mod session;
mod sql;

use std::{
    os::unix::net::UnixListener as StdListener,
    sync::{
        Arc,
        mpsc::{Receiver, Sender, channel},
    },
    thread,
};

use tokio::{net::UnixListener, sync::oneshot, task::JoinHandle};

use crate::{Options, StartError, data::DataDir, marker::Marker, socket::SocketDir};
use client::Host;
use engine::Opening;
use session::{End, Event, Session};

/// The major version of the Postgres that the pinned engine crate carries.
pub const MAJOR: u32 = 18;

/// A running embedded engine.
#[derive(Debug)]
pub struct Server {
    socket: SocketDir,
    events: Sender<Event>,
    accepting: JoinHandle<()>,
    /// Resolves when the engine's thread has ended.
    ended: Option<oneshot::Receiver<()>>,
}

impl Server {
    pub async fn start(options: &Options, data: DataDir) -> Result<Self, StartError> {
        let socket = SocketDir::make(&data)?;
        let listener = listen(&socket)?;
        let opening = Opening::prepare(options, &data)?;
        data.mark(Marker {
            engine: crate::Engine::Embedded,
            major: MAJOR,
        })?;
        let (events, received) = channel();
        let (opened, version) = oneshot::channel();
        let (ending, ended) = oneshot::channel();
        // The engine must be used and dropped on the thread that opened it.
        thread::Builder::new()
            .name("embedded-postgres".to_owned())
            .spawn(move || {
                run(&opening, &received, opened);
                drop(data);
                // Nobody may be waiting for the end.
                let _ = ending.send(());
            })
            .map_err(StartError::io("start a thread for", &socket.path))?;
        let server_version = version
            .await
            .unwrap_or_else(|_| Err("its thread ended".to_owned()))
            .map_err(|reason| StartError::Embedded { reason })?;
        tracing::info!("embedded Postgres {server_version} is ready");
        let host = Arc::new(Host {
            database: options.database.clone(),
            server_version,
            events: events.clone(),
        });
        #[expect(clippy::disallowed_methods, reason = "ended by the drop of the server")]
        let accepting = tokio::spawn(accept(listener, host));
        Ok(Self {
            socket,
            events,
            accepting,
            ended: Some(ended),
        })
    }

    pub fn url(&self, database: &str) -> String {
        self.socket.url(database)
    }

    pub async fn stop(mut self) {
        let ended = self.ended.take();
        // Dropping asks the engine to stop.
        drop(self);
        if let Some(ended) = ended {
            // An error says that the thread has ended already.
            let _ = ended.await;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
        // An error says that the thread has ended already.
        let _ = self.events.send(Event::Stop);
    }
}

fn listen(socket: &SocketDir) -> Result<UnixListener, StartError> {
    let file = socket.file();
    let listener = StdListener::bind(&file).map_err(StartError::io("listen on", &file))?;
    listener
        .set_nonblocking(true)
        .and_then(|()| UnixListener::from_std(listener))
        .map_err(StartError::io("listen on", file))
}

#[expect(
    clippy::disallowed_methods,
    reason = "a connection ends with its client or, after the last words, with the engine"
)]
async fn accept(listener: UnixListener, host: Arc<Host>) {
    for client in 1_u64.. {
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::warn!("a connection could not be taken: {error}");
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
                continue;
            }
        };
        let host = Arc::clone(&host);
        tokio::spawn(async move {
            if let Err(error) = client::serve(host, client, stream).await {
                tracing::debug!(client, "a connection ended: {error}");
            }
        });
    }
}

/// The life of the engine's thread. A failed engine is opened anew, because its data are safe;
/// data in memory are gone with it, and then so is the server.
fn run(
    opening: &Opening,
    events: &Receiver<Event>,
    opened: oneshot::Sender<Result<String, String>>,
) {
    let mut opened = Some(opened);
    loop {
        let mut engine = match opening.open() {
            Ok((engine, version)) => {
                if let Some(opened) = opened.take() {
                    // Without a receiver the start was given up; the first event says so.
                    let _ = opened.send(Ok(version));
                }
                engine
            }
            Err(reason) => {
                if let Some(opened) = opened.take() {
                    // Without a receiver the start was given up.
                    let _ = opened.send(Err(reason));
                } else {
                    tracing::error!("the embedded engine did not come back: {reason}");
                }
                return;
            }
        };
        let end = Session::new(&mut engine, opening.idle_limit).run(events);
        if let Err(reason) = engine.close() {
            tracing::warn!("closing the embedded engine: {reason}");
        }
        match end {
            End::Stopped => return,
            End::Failed(reason) => tracing::error!("the embedded engine failed: {reason}"),
        }
        if !opening.can_open_again() {
            return;
        }
    }
}
