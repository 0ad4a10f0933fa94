//! A wire to a server of the world that hangs, as networks do, at the first request which holds certain words.

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::mpsc,
    task::JoinHandle,
};
use url::Url;

/// The wire.
pub struct Gate {
    /// The address to use in place of the server's.
    pub url: String,
    hangs: mpsc::UnboundedReceiver<()>,
    wire: JoinHandle<()>,
}

impl Gate {
    /// A wire to this server that hangs before these words.
    pub async fn before(server: &Url, words: &'static str) -> Self {
        let port = server.port().expect("the port of a loopback server");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let (tell, hangs) = mpsc::unbounded_channel();
        let wire = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(carry(client, port, words, tell.clone()));
            }
        });
        Self { url, hangs, wire }
    }

    /// Waits until someone hangs.
    pub async fn hangs(&mut self) {
        let patience = std::time::Duration::from_mins(1);
        let hung = tokio::time::timeout(patience, self.hangs.recv()).await;
        hung.expect("somebody asks in time")
            .expect("the wire stands");
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.wire.abort();
    }
}

async fn carry(client: TcpStream, port: u16, words: &str, tell: mpsc::UnboundedSender<()>) {
    let server = TcpStream::connect(("127.0.0.1", port))
        .await
        .expect("the server");
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let back = tokio::spawn(async move { tokio::io::copy(&mut from_server, &mut to_client).await });
    let mut bytes = vec![0; 16 * 1024];
    while let Ok(count) = from_client.read(&mut bytes).await {
        if count == 0 {
            break;
        }
        if String::from_utf8_lossy(&bytes[..count]).contains(words) {
            tell.send(()).ok();
            std::future::pending::<()>().await;
        }
        if to_server.write_all(&bytes[..count]).await.is_err() {
            break;
        }
    }
    back.abort();
}
