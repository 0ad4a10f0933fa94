//! One connection to the bridge.

use std::{
    io,
    sync::{Arc, mpsc::Sender},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, BufReader},
    net::{
        UnixStream,
        unix::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
};

use super::{
    answers,
    rewrite::Rewriter,
    session::{Event, Outgoing},
};
use crate::wire::{self, Message};

// In place of a version: what else a first message may ask for.
const CANCEL: u32 = 80_877_102;
const SSL: u32 = 80_877_103;
const GSS: u32 = 80_877_104;

/// What every connection needs to know.
#[derive(Debug)]
pub struct Host {
    /// The only database, under the name the caller gave it.
    pub database: String,
    pub server_version: String,
    pub events: Sender<Event>,
}

/// Serves one connection until either side ends it.
pub async fn serve(host: Arc<Host>, client: u64, stream: UnixStream) -> io::Result<()> {
    let (reader, mut writer) = stream.into_split();
    let mut reader = BufReader::new(reader);
    if !greet(&host, client, &mut reader, &mut writer).await? {
        return writer.shutdown().await;
    }
    let (outgoing, incoming) = unbounded_channel();
    let mut rewriter = Rewriter::new(client);
    if host
        .events
        .send(Event::Joined { client, outgoing })
        .is_err()
    {
        writer.write_all(&answers::failed()).await?;
        return writer.shutdown().await;
    }
    let outcome = tokio::select! {
        outcome = forward(&host, client, &mut reader, &mut rewriter) => outcome,
        outcome = deliver(incoming, &mut writer) => outcome,
    };
    let statements = rewriter.into_statements();
    // A session that has ended needs no farewell.
    let _ = host.events.send(Event::Left { client, statements });
    outcome
}

/// Answers the first messages; whether the client may go on.
async fn greet(
    host: &Host,
    client: u64,
    reader: &mut BufReader<OwnedReadHalf>,
    writer: &mut OwnedWriteHalf,
) -> io::Result<bool> {
    loop {
        let body = read_body(reader).await?;
        let Some((code, parameters)) = body.split_first_chunk::<4>() else {
            return Ok(false);
        };
        match u32::from_be_bytes(*code) {
            SSL | GSS => writer.write_all(b"N").await?,
            // A statement in this engine cannot be interrupted.
            CANCEL => return Ok(false),
            version if version >> 16 == 3 => {
                if let Some(name) = other_database(host, parameters) {
                    let text = format!(
                        "there is no database \"{name}\": the embedded engine has only \"{}\"",
                        host.database
                    );
                    writer.write_all(&answers::fatal("3D000", &text)).await?;
                    return Ok(false);
                }
                if version != wire::VERSION_3 {
                    // The newest minor version known here is 0, and no option is unknown.
                    writer.write_all(&wire::encode(b'v', &[0; 8])).await?;
                }
                let greeting = answers::greeting(&host.server_version, client);
                writer.write_all(&greeting).await?;
                return Ok(true);
            }
            _ => {
                let text = "only version 3 of the Postgres protocol is spoken here";
                writer.write_all(&answers::fatal("0A000", text)).await?;
                return Ok(false);
            }
        }
    }
}

/// The database that is asked for, when it is not the one there is.
fn other_database(host: &Host, parameters: &[u8]) -> Option<String> {
    let mut rest = parameters;
    loop {
        let (name, after) = wire::split_text(rest);
        if name.is_empty() {
            return None;
        }
        let (value, after) = wire::split_text(after);
        if name == b"database" && value != host.database.as_bytes() {
            return Some(String::from_utf8_lossy(value).into_owned());
        }
        rest = after;
    }
}

/// From the client to the session.
async fn forward(
    host: &Host,
    client: u64,
    reader: &mut BufReader<OwnedReadHalf>,
    rewriter: &mut Rewriter,
) -> io::Result<()> {
    loop {
        let tag = match reader.read_u8().await {
            Ok(b'X') => return Ok(()),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
            tag => tag?,
        };
        let body = read_body(reader).await?;
        if let Some(batch) = rewriter.take(Message { tag, body: &body })
            && host.events.send(Event::Sent { client, batch }).is_err()
        {
            // The other half tells the client.
            std::future::pending::<()>().await;
        }
    }
}

/// From the session to the client.
async fn deliver(
    mut incoming: UnboundedReceiver<Outgoing>,
    writer: &mut OwnedWriteHalf,
) -> io::Result<()> {
    loop {
        match incoming.recv().await {
            Some(Outgoing::Bytes(bytes)) => writer.write_all(&bytes).await?,
            Some(Outgoing::LastWords(bytes)) => {
                writer.write_all(&bytes).await?;
                return writer.shutdown().await;
            }
            // The engine's thread has ended without a word.
            None => {
                writer.write_all(&answers::failed()).await?;
                return writer.shutdown().await;
            }
        }
    }
}

async fn read_body(reader: &mut BufReader<OwnedReadHalf>) -> io::Result<Vec<u8>> {
    let mut field = [0; 4];
    reader.read_exact(&mut field).await?;
    let length = wire::body_length(field).ok_or(io::ErrorKind::InvalidData)?;
    // The buffer grows with what really comes, not with what was announced.
    let mut body = Vec::new();
    let announced = u64::try_from(length).unwrap_or(u64::MAX);
    reader.take(announced).read_to_end(&mut body).await?;
    if body.len() == length {
        Ok(body)
    } else {
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}
