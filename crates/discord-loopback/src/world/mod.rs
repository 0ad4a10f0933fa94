//! Everything that exists in one loopback, behind one lock. Methods are synchronous; what bots and
//! pages must hear of is pushed into their queues on the way.

pub mod commands;
pub mod form;
pub mod guild;
pub mod interactions;
pub mod journal;
pub mod messages;
pub mod options;
pub mod permissions;
pub mod raise;
pub mod save;

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use tokio::sync::{mpsc, watch};

use crate::clock::Clock;
use crate::faults::Faults;
use crate::gateway::hub::Hub;
use crate::ids::{Id, snowflake};
use crate::rest::ratelimit::Limits;
use commands::Registry;
use guild::{Bot, Channel, Guild, Human};
use interactions::{ACK_MS, Interaction, TOKEN_MS};
use journal::Journal;
use messages::{File, Stored};
use raise::Raised;

/// A web page (or another listener) that looks with the eyes of one person.
#[derive(Debug)]
pub struct Listener {
    pub person: Id,
    pub queue: mpsc::UnboundedSender<Value>,
}

#[derive(Debug)]
pub struct World {
    pub clock: Clock,
    pub base_url: String,
    pub bot: Bot,
    pub guilds: Vec<Guild>,
    pub people: Vec<Human>,
    pub channels: BTreeMap<Id, Channel>,
    pub messages: BTreeMap<Id, Stored>,
    pub files: HashMap<Id, File>,
    pub commands: Registry,
    pub interactions: HashMap<Id, Interaction>,
    pub tokens: HashMap<String, Id>,
    pub nonces: HashMap<(Id, String), (Id, i64)>,
    /// The newest message that a person has read in a channel, as far as tests care.
    pub read: HashMap<(Id, Id), Id>,
    pub hub: Hub,
    pub listeners: Vec<Listener>,
    pub journal: Journal,
    pub limits: Limits,
    pub faults: Faults,
    pub state_file: Option<PathBuf>,
    /// Set when something that the state file keeps has changed.
    pub unsaved: bool,
    counter: u64,
    last_ms: i64,
}

impl World {
    pub fn new(clock: Clock, bot: Bot, hub: Hub, limits: Limits) -> Self {
        Self {
            clock,
            base_url: String::new(),
            bot,
            guilds: Vec::new(),
            people: Vec::new(),
            channels: BTreeMap::new(),
            messages: BTreeMap::new(),
            files: HashMap::new(),
            commands: Registry::default(),
            interactions: HashMap::new(),
            tokens: HashMap::new(),
            nonces: HashMap::new(),
            read: HashMap::new(),
            hub,
            listeners: Vec::new(),
            journal: Journal::default(),
            limits,
            faults: Faults::default(),
            state_file: None,
            unsaved: false,
            counter: 0,
            last_ms: 0,
        }
    }

    pub fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    /// A new snowflake, greater than every earlier one.
    pub fn new_id(&mut self) -> Id {
        self.last_ms = self.last_ms.max(self.clock.now_ms());
        self.counter += 1;
        if self.counter > 0x3f_ffff {
            self.counter = 0;
            self.last_ms += 1;
        }
        let id = snowflake(self.last_ms, self.counter);
        match self.messages.last_key_value() {
            Some((newest, _)) if *newest >= id => newest + 1,
            _ => id,
        }
    }

    pub fn read_until(&mut self, person: Id, channel: Id, message: Id) {
        let mark = self.read.entry((person, channel)).or_insert(0);
        *mark = message.max(*mark);
    }

    /// Tells every page whose person may see the channel.
    pub fn tell_page(&mut self, channel: Id, event: &Value) {
        self.tell_page_if(event, |world, person| {
            world.may(channel, person, permissions::VIEW_CHANNEL)
        });
    }

    /// Tells every page.
    pub fn tell_all_pages(&mut self, event: &Value) {
        self.listeners
            .retain(|listener| listener.queue.send(event.clone()).is_ok());
    }

    pub fn tell_page_if(&mut self, event: &Value, sees: impl Fn(&Self, Id) -> bool) {
        let mut listeners = std::mem::take(&mut self.listeners);
        listeners.retain(|listener| {
            !sees(self, listener.person) || listener.queue.send(event.clone()).is_ok()
        });
        self.listeners = listeners;
    }
}

/// The world behind its lock, with a bell that rings after every change.
#[derive(Debug)]
pub struct Shared {
    world: Mutex<World>,
    bell: watch::Sender<u64>,
    pub settings: Settings,
}

/// What does not change while the loopback runs.
#[derive(Clone, Debug)]
pub struct Settings {
    pub page_token: String,
    pub port: u16,
    pub heartbeat_ms: u64,
    pub privileged_intents: u64,
}

impl Shared {
    pub fn new(world: World, settings: Settings) -> Self {
        Self {
            world: Mutex::new(world),
            bell: watch::channel(0).0,
            settings,
        }
    }

    /// Runs `work` on the world and wakes those who wait for a change.
    pub fn with<R>(&self, work: impl FnOnce(&mut World) -> R) -> R {
        let result = self.look(work);
        self.bell.send_modify(|count| *count += 1);
        result
    }

    /// Runs `work` without waking anybody: for reading.
    pub fn look<R>(&self, work: impl FnOnce(&mut World) -> R) -> R {
        let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        work(&mut world)
    }

    /// Raises an interaction and sees to its deadlines.
    pub fn raise(self: &Arc<Self>, work: impl FnOnce(&mut World) -> Raised) -> Raised {
        let id = self.with(work)?;
        let (clock, weak) = (self.look(|world| world.clock.clone()), Arc::downgrade(self));
        let raised = self.look(|world| world.interactions.get(&id).map_or(0, |one| one.raised_ms));
        #[expect(
            clippy::disallowed_methods,
            reason = "a deadline of a person's action may be lost when the world ends"
        )]
        tokio::spawn(async move {
            clock.sleep_until(raised + ACK_MS).await;
            let Some(shared) = weak.upgrade() else {
                return;
            };
            shared.with(|world| world.ack_deadline(id));
            drop(shared);
            clock.sleep_until(raised + TOKEN_MS).await;
            if let Some(shared) = weak.upgrade() {
                shared.with(|world| world.token_deadline(id));
            }
        });
        Ok(id)
    }

    pub fn bell(&self) -> watch::Receiver<u64> {
        self.bell.subscribe()
    }

    /// Waits until `check` finds something, woken by every change; `None` after `patience`.
    pub async fn wait_for<R>(
        &self,
        patience: std::time::Duration,
        mut check: impl FnMut(&mut World) -> Option<R>,
    ) -> Option<R> {
        let mut bell = self.bell();
        let end = tokio::time::Instant::now() + patience;
        loop {
            bell.borrow_and_update();
            if let Some(found) = self.look(&mut check) {
                return Some(found);
            }
            match tokio::time::timeout_at(end, bell.changed()).await {
                Ok(Ok(())) => {}
                _ => return None,
            }
        }
    }
}
