//! Gateway sessions with their replay buffers, and the switches that tests turn.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::ids::Id;

const REPLAY_LIMIT: usize = 1_000;
/// How long a lost session can be resumed, in real time.
const RESUMABLE: Duration = Duration::from_mins(2);

/// What the socket of a session is told to do.
#[derive(Clone, Debug)]
pub enum Frame {
    Payload(String),
    /// Close with this code, or without one.
    Close(Option<u16>, &'static str),
    /// Cut the TCP connection without a closing handshake.
    Drop,
}

#[derive(Debug)]
pub struct Session {
    /// Its number and how many there are.
    pub shard: (u64, u64),
    pub intents: u64,
    pub zlib: bool,
    pub seq: u64,
    pub replay: VecDeque<(u64, String)>,
    /// The socket, while there is one, with its number.
    pub link: Option<(u64, mpsc::UnboundedSender<Frame>)>,
    pub lost: Option<Instant>,
}

impl Session {
    pub fn resumable(&self) -> bool {
        self.link.is_some() || self.lost.is_some_and(|lost| lost.elapsed() < RESUMABLE)
    }
}

#[derive(Debug)]
pub struct Hub {
    pub sessions: BTreeMap<String, Session>,
    pub max_concurrency: u64,
    pub identify_spacing: Duration,
    identified: HashMap<u64, Vec<Instant>>,
    /// How many coming dispatches are sent twice.
    pub duplicates: u32,
    pub acking: bool,
    pub recommended_shards: u64,
    sockets: u64,
    pub identifies: u64,
    pub resumes: u64,
}

impl Hub {
    pub fn new(max_concurrency: u64, identify_spacing: Duration) -> Self {
        Self {
            sessions: BTreeMap::new(),
            max_concurrency,
            identify_spacing,
            identified: HashMap::new(),
            duplicates: 0,
            acking: true,
            recommended_shards: 1,
            sockets: 0,
            identifies: 0,
            resumes: 0,
        }
    }

    pub fn next_socket(&mut self) -> u64 {
        self.sockets += 1;
        self.sockets
    }

    /// True while at least one session has a socket.
    pub fn online(&self) -> bool {
        self.sessions.values().any(|session| session.link.is_some())
    }

    /// True when an event of this guild reaches somebody, now or on resume.
    pub fn reachable(&self, guild: Option<Id>) -> bool {
        self.sessions
            .values()
            .any(|session| handles(session.shard, guild) && session.resumable())
    }

    /// Whether a shard may identify now; counts it when it may.
    pub fn may_identify(&mut self, shard: u64) -> bool {
        let spacing = self.identify_spacing;
        let key = shard % self.max_concurrency.max(1);
        let recent = self.identified.entry(key).or_default();
        recent.retain(|moment| moment.elapsed() < spacing);
        if recent.is_empty() {
            recent.push(Instant::now());
            return true;
        }
        false
    }

    pub fn send(
        &mut self,
        guild: Option<Id>,
        intent: u64,
        name: &str,
        data: &Value,
        thinned: Option<&Value>,
    ) -> usize {
        let mut reached = 0;
        let again = self.duplicates > 0;
        for session in self.sessions.values_mut() {
            if !handles(session.shard, guild) || (intent != 0 && session.intents & intent == 0) {
                continue;
            }
            let sees_content = session.intents & super::events::MESSAGE_CONTENT != 0;
            let data = thinned.filter(|_| !sees_content).unwrap_or(data);
            session.push(name, data, again);
            reached += 1;
        }
        if again && reached > 0 {
            self.duplicates -= 1;
        }
        self.sessions.retain(|_, session| session.resumable());
        reached
    }
}

impl Session {
    /// Numbers an event, keeps it for a resume and sends it when there is a socket.
    pub fn push(&mut self, name: &str, data: &Value, twice: bool) {
        self.seq += 1;
        let text = json!({"t": name, "s": self.seq, "op": 0, "d": data}).to_string();
        if self.replay.len() >= REPLAY_LIMIT {
            self.replay.pop_front();
        }
        self.replay.push_back((self.seq, text.clone()));
        if let Some((_, link)) = &self.link {
            if twice {
                let _ = link.send(Frame::Payload(text.clone()));
            }
            let _ = link.send(Frame::Payload(text));
        }
    }
}

/// Guild events go to one shard, everything else to shard 0.
pub fn handles(shard: (u64, u64), guild: Option<Id>) -> bool {
    let (index, count) = shard;
    match guild {
        Some(guild) => (guild >> 22) % count.max(1) == index,
        None => index == 0,
    }
}
