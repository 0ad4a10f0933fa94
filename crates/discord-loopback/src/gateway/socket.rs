//! One WebSocket connection of a bot: hello, identify or resume, heartbeats, events.

use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use flate2::{Compress, Compression, FlushCompress, write::ZlibEncoder};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::events::{GUILDS, KNOWN, PRIVILEGED};
use super::hub::{Frame, Session};
use crate::ids::random_token;
use crate::world::Shared;

const LONGEST_PAYLOAD: usize = 4_096;

/// How frames are written.
enum Packing {
    Plain,
    /// Each payload is a whole zlib stream (`compress: true` in IDENTIFY).
    Payload,
    /// One zlib stream for the whole connection (`?compress=zlib-stream`).
    Stream(Box<Compress>),
}

struct Connection {
    shared: Arc<Shared>,
    socket: WebSocket,
    number: u64,
    packing: Packing,
    session: Option<String>,
    link: mpsc::UnboundedSender<Frame>,
}

/// Why a connection ends.
enum End {
    /// The client left; a clean close forgets the session.
    Left {
        clean: bool,
    },
    Close(Option<u16>, &'static str),
    Cut,
}

/// Serves a connection until it ends.
pub async fn serve(shared: Arc<Shared>, socket: WebSocket, transport_zlib: bool) {
    let (link, mut frames) = mpsc::unbounded_channel();
    let number = shared.look(|world| world.hub.next_socket());
    let packing = if transport_zlib {
        Packing::Stream(Box::new(Compress::new(Compression::default(), true)))
    } else {
        Packing::Plain
    };
    let mut connection = Connection {
        shared,
        socket,
        number,
        packing,
        session: None,
        link,
    };
    let end = connection.run(&mut frames).await;
    connection.finish(end).await;
}

impl Connection {
    async fn run(&mut self, frames: &mut mpsc::UnboundedReceiver<Frame>) -> End {
        let interval = self.shared.settings.heartbeat_ms;
        let hello = json!({"t": null, "s": null, "op": 10, "d": {"heartbeat_interval": interval, "_trace": ["loopback"]}});
        if self.write(hello.to_string()).await.is_err() {
            return End::Left { clean: false };
        }
        let patience = Duration::from_millis(interval.saturating_mul(2).max(2_000));
        let mut beat = tokio::time::Instant::now();
        loop {
            tokio::select! {
                frame = frames.recv() => match frame {
                    Some(Frame::Payload(text)) => {
                        if self.write(text).await.is_err() {
                            return End::Left { clean: false };
                        }
                    }
                    Some(Frame::Close(code, why)) => return End::Close(code, why),
                    Some(Frame::Drop) | None => return End::Cut,
                },
                message = self.socket.recv() => {
                    let text = match message {
                        Some(Ok(Message::Text(text))) => text.to_string(),
                        Some(Ok(Message::Binary(bytes))) => String::from_utf8_lossy(&bytes).into_owned(),
                        Some(Ok(Message::Close(frame))) => {
                            let clean = frame.is_some_and(|frame| matches!(frame.code, 1000 | 1001));
                            return End::Left { clean };
                        }
                        Some(Ok(_)) => continue,
                        Some(Err(_)) | None => return End::Left { clean: false },
                    };
                    beat = tokio::time::Instant::now();
                    if let Some(end) = self.hear(&text).await {
                        return end;
                    }
                }
                () = tokio::time::sleep_until(beat + patience) => return End::Close(Some(4009), "Session timed out."),
            }
        }
    }

    async fn hear(&mut self, text: &str) -> Option<End> {
        if text.len() > LONGEST_PAYLOAD {
            return Some(End::Close(Some(4002), "Payload too large."));
        }
        let Ok(payload) = serde_json::from_str::<Value>(text) else {
            return Some(End::Close(Some(4002), "Error while decoding payload."));
        };
        match payload["op"].as_u64() {
            Some(1) => self.heartbeat().await,
            Some(2) => self.identify(&payload["d"]).await,
            Some(6) => self.resume(&payload["d"]).await,
            Some(3 | 4 | 8 | 31 | 43) if self.session.is_some() => self.ask(&payload),
            Some(3 | 4 | 8 | 31 | 43) => Some(End::Close(Some(4003), "Not authenticated.")),
            _ => Some(End::Close(Some(4001), "Unknown opcode.")),
        }
    }

    async fn heartbeat(&mut self) -> Option<End> {
        if !self.shared.look(|world| world.hub.acking) {
            return None;
        }
        let ack = json!({"t": null, "s": null, "op": 11, "d": null}).to_string();
        self.write(ack)
            .await
            .err()
            .map(|_| End::Left { clean: false })
    }

    async fn identify(&mut self, data: &Value) -> Option<End> {
        if self.session.is_some() {
            return Some(End::Close(Some(4005), "Already authenticated."));
        }
        let wanted = self.shared.look(|world| world.bot.token.clone());
        if data["token"].as_str().map(bare_token) != Some(wanted.as_str()) {
            return Some(self.wrong(4004, "Authentication failed."));
        }
        let Some(intents) = data["intents"].as_u64().filter(|bits| bits & !KNOWN == 0) else {
            return Some(self.wrong(4013, "Invalid intent(s)."));
        };
        if intents & PRIVILEGED & !self.shared.settings.privileged_intents != 0 {
            return Some(self.wrong(4014, "Disallowed intent(s)."));
        }
        let shard = match data.get("shard") {
            None | Some(Value::Null) => (0, 1),
            Some(pair) => match (pair[0].as_u64(), pair[1].as_u64()) {
                (Some(index), Some(count)) if index < count => (index, count),
                _ => return Some(self.wrong(4010, "Invalid shard.")),
            },
        };
        if data["properties"].as_object().is_none() {
            return Some(self.wrong(4002, "Error while decoding payload."));
        }
        if !self.shared.look(|world| world.hub.may_identify(shard.0)) {
            let invalid = json!({"t": null, "s": null, "op": 9, "d": false}).to_string();
            self.shared.with(|world| {
                world.violate(
                    "gateway",
                    "IDENTIFY",
                    "identified again sooner than max_concurrency allows",
                );
            });
            return self
                .write(invalid)
                .await
                .err()
                .map(|_| End::Left { clean: false });
        }
        if data["compress"] == true && matches!(self.packing, Packing::Plain) {
            self.packing = Packing::Payload;
        }
        self.open_session(shard, intents);
        None
    }

    fn open_session(&mut self, shard: (u64, u64), intents: u64) {
        let id = random_token(16);
        let url = format!("ws://127.0.0.1:{}", self.shared.settings.port);
        let zlib = matches!(self.packing, Packing::Payload);
        let mut session = Session {
            shard,
            intents,
            zlib,
            seq: 0,
            replay: std::collections::VecDeque::new(),
            link: Some((self.number, self.link.clone())),
            lost: None,
        };
        self.shared.with(|world| {
            session.push("READY", &world.ready_json(&id, shard, &url), false);
            if intents & GUILDS != 0 {
                let mine = world
                    .guilds
                    .iter()
                    .filter(|guild| super::hub::handles(shard, Some(guild.id)));
                for guild in mine {
                    session.push(
                        "GUILD_CREATE",
                        &world.guild_create_json(guild, intents),
                        false,
                    );
                }
            }
            world.hub.identifies += 1;
            world.note(
                "gateway",
                format!("IDENTIFY shard {}/{} intents {intents}", shard.0, shard.1),
                "ready",
                Value::Null,
            );
            world.hub.sessions.insert(id.clone(), session);
            world.bot_presence();
        });
        self.session = Some(id);
    }

    async fn resume(&mut self, data: &Value) -> Option<End> {
        if self.session.is_some() {
            return Some(End::Close(Some(4005), "Already authenticated."));
        }
        let wanted = self.shared.look(|world| world.bot.token.clone());
        if data["token"].as_str().map(bare_token) != Some(wanted.as_str()) {
            return Some(self.wrong(4004, "Authentication failed."));
        }
        let id = data["session_id"].as_str().unwrap_or_default().to_owned();
        let since = data["seq"].as_u64().unwrap_or(0);
        let (number, link) = (self.number, self.link.clone());
        let resumed = self.shared.with(|world| {
            let session = world
                .hub
                .sessions
                .get_mut(&id)
                .filter(|session| session.resumable())?;
            if since > session.seq {
                return Some(Err(()));
            }
            let complete = session
                .replay
                .front()
                .is_none_or(|(first, _)| *first <= since + 1);
            if !complete {
                world.hub.sessions.remove(&id);
                return None;
            }
            if let Some((_, older)) = session.link.replace((number, link.clone())) {
                let _ = older.send(Frame::Close(Some(4000), "Resumed elsewhere."));
            }
            session.lost = None;
            for (_, text) in session.replay.iter().filter(|(seq, _)| *seq > since) {
                let _ = link.send(Frame::Payload(text.clone()));
            }
            session.push("RESUMED", &json!({"_trace": ["loopback"]}), false);
            let zlib = session.zlib;
            world.hub.resumes += 1;
            world.note(
                "gateway",
                format!("RESUME from {since}"),
                "resumed",
                Value::Null,
            );
            world.bot_presence();
            Some(Ok(zlib))
        });
        match resumed {
            Some(Ok(zlib)) => {
                if zlib && matches!(self.packing, Packing::Plain) {
                    self.packing = Packing::Payload;
                }
                self.session = Some(id);
                None
            }
            Some(Err(())) => Some(End::Close(Some(4007), "Invalid seq.")),
            None => {
                let invalid = json!({"t": null, "s": null, "op": 9, "d": false}).to_string();
                self.write(invalid)
                    .await
                    .err()
                    .map(|_| End::Left { clean: false })
            }
        }
    }

    /// Presence updates are taken; member requests are answered with those who fit.
    fn ask(&self, payload: &Value) -> Option<End> {
        if payload["op"] != 8 {
            return None;
        }
        let id = self.session.clone().unwrap_or_default();
        let data = payload["d"].clone();
        self.shared.with(|world| {
            let guild = data["guild_id"].as_str().and_then(|id| id.parse().ok());
            let Some(guild) = guild.and_then(|id| world.guild(id)) else {
                return;
            };
            let members: Vec<Value> = guild.members.iter().map(|member| world.member_json(guild.id, member.user)).collect();
            let chunk = json!({"guild_id": guild.id.to_string(), "members": members, "chunk_index": 0,
                "chunk_count": 1, "not_found": [], "nonce": data["nonce"]});
            if let Some(session) = world.hub.sessions.get_mut(&id) {
                session.push("GUILD_MEMBERS_CHUNK", &chunk, false);
            }
        });
        None
    }

    fn wrong(&self, code: u16, why: &'static str) -> End {
        self.shared
            .with(|world| world.violate("gateway", "IDENTIFY", why));
        End::Close(Some(code), why)
    }

    async fn write(&mut self, text: String) -> Result<(), axum::Error> {
        let message = match &mut self.packing {
            Packing::Plain => Message::Text(text.into()),
            Packing::Payload => {
                let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
                let packed = encoder
                    .write_all(text.as_bytes())
                    .and_then(|()| encoder.finish());
                Message::Binary(packed.map_err(axum::Error::new)?.into())
            }
            Packing::Stream(stream) => Message::Binary(deflate(stream, text.as_bytes()).into()),
        };
        self.socket.send(message).await
    }

    async fn finish(mut self, end: End) {
        let (clean, close) = match end {
            End::Left { clean } => (clean, None),
            End::Close(code, why) => (matches!(code, Some(4004 | 4010..=4014)), Some((code, why))),
            End::Cut => (false, None),
        };
        let number = self.number;
        if let Some(id) = self.session.take() {
            self.shared.with(|world| {
                let mine = world
                    .hub
                    .sessions
                    .get_mut(&id)
                    .filter(|session| session.link.as_ref().is_some_and(|(n, _)| *n == number));
                if let Some(session) = mine {
                    session.link = None;
                    session.lost = Some(std::time::Instant::now());
                    if clean {
                        world.hub.sessions.remove(&id);
                    }
                }
                world.note(
                    "gateway",
                    "connection ended".to_owned(),
                    if clean { "closed" } else { "lost" },
                    Value::Null,
                );
                world.bot_presence();
            });
        }
        if let Some((code, why)) = close {
            let frame = code.map(|code| CloseFrame {
                code,
                reason: why.into(),
            });
            let _ = self.socket.send(Message::Close(frame)).await;
            let drain = async { while let Some(Ok(_)) = self.socket.recv().await {} };
            let _ = tokio::time::timeout(Duration::from_secs(1), drain).await;
        }
    }
}

fn bare_token(token: &str) -> &str {
    token.strip_prefix("Bot ").unwrap_or(token)
}

/// Adds one payload to a connection-long zlib stream, flushed so that it can be read at once.
fn deflate(stream: &mut Compress, bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() / 2 + 64);
    let start = stream.total_in();
    loop {
        let taken = usize::try_from(stream.total_in() - start).unwrap_or(usize::MAX);
        let rest = bytes.get(taken..).unwrap_or_default();
        let room_before = out.capacity() - out.len();
        if stream
            .compress_vec(rest, &mut out, FlushCompress::Sync)
            .is_err()
        {
            return out;
        }
        let done = usize::try_from(stream.total_in() - start).unwrap_or(usize::MAX) >= bytes.len();
        if done && out.len() < out.capacity() {
            return out;
        }
        if room_before > 0 || out.len() == out.capacity() {
            out.reserve(bytes.len() + 64);
        }
    }
}
