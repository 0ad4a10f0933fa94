//! Shares the engine's one session among the clients, in turn.
//!
//! Without a transaction, batches run in the order of their arrival. A client with an open
//! transaction is the holder: only its batches run until the transaction ends, the client leaves
//! or it has been idle for too long.

use std::{
    collections::{HashMap, VecDeque},
    sync::mpsc::{Receiver, RecvTimeoutError},
    time::{Duration, Instant},
};

use tokio::sync::mpsc::UnboundedSender;

use super::{answers, listen::Listeners, rewrite::Batch, sql::Listen};
use crate::wire;

/// A Postgres session: bytes of the protocol in, bytes of the protocol out.
pub trait Engine {
    /// # Errors
    /// When the session is broken and must not be used again.
    fn exchange(&mut self, request: &[u8]) -> Result<Vec<u8>, String>;
}

/// What a client is sent.
#[derive(Debug, PartialEq, Eq)]
pub enum Outgoing {
    Bytes(Vec<u8>),
    /// Then the connection is closed.
    LastWords(Vec<u8>),
}

/// What the session hears of.
#[derive(Debug)]
pub enum Event {
    Joined {
        client: u64,
        outgoing: UnboundedSender<Outgoing>,
    },
    Sent {
        client: u64,
        batch: Batch,
    },
    Left {
        client: u64,
        statements: Vec<Vec<u8>>,
    },
    Stop,
}

/// Why the session is over.
#[derive(Debug, PartialEq, Eq)]
pub enum End {
    Stopped,
    Failed(String),
}

/// The client whose transaction is open.
#[derive(Debug)]
struct Holder {
    client: u64,
    since: Instant,
    /// Takes effect when the transaction is committed.
    listens: Vec<Listen>,
}

/// What one exchange with the engine brought.
#[derive(Debug, Default)]
struct Answer {
    bytes: Vec<u8>,
    /// From the last `ReadyForQuery`; `None` after a mere flush.
    status: Option<u8>,
    failed: bool,
}

/// The one session and all who use it.
#[derive(Debug)]
pub struct Session<'e, E> {
    engine: &'e mut E,
    idle_limit: Duration,
    clients: HashMap<u64, UnboundedSender<Outgoing>>,
    waiting: VecDeque<(u64, Batch)>,
    holder: Option<Holder>,
    listeners: Listeners,
    /// Requests of the bridge itself, for when nobody's transaction is open.
    chores: Vec<Vec<u8>>,
}

impl<'e, E: Engine> Session<'e, E> {
    pub fn new(engine: &'e mut E, idle_limit: Duration) -> Self {
        Self {
            engine,
            idle_limit,
            clients: HashMap::new(),
            waiting: VecDeque::new(),
            holder: None,
            listeners: Listeners::default(),
            chores: Vec::new(),
        }
    }

    /// Serves until it is stopped or the engine fails; then every client is told.
    pub fn run(mut self, events: &Receiver<Event>) -> End {
        let outcome = self.serve(events);
        let (end, words) = match outcome {
            Ok(()) => (End::Stopped, answers::stopping()),
            Err(reason) => (End::Failed(reason), answers::failed()),
        };
        for outgoing in self.clients.values() {
            // A client that has gone needs no last words.
            let _ = outgoing.send(Outgoing::LastWords(words.clone()));
        }
        end
    }

    fn serve(&mut self, events: &Receiver<Event>) -> Result<(), String> {
        loop {
            match self.next_event(events) {
                Ok(Event::Stop) | Err(RecvTimeoutError::Disconnected) => {
                    return self.release().map(drop);
                }
                Ok(Event::Joined { client, outgoing }) => {
                    self.clients.insert(client, outgoing);
                }
                Ok(Event::Sent { client, batch }) => self.waiting.push_back((client, batch)),
                Ok(Event::Left { client, statements }) => self.leave(client, &statements)?,
                Err(RecvTimeoutError::Timeout) => self.turn_out_holder()?,
            }
            self.work()?;
        }
    }

    fn next_event(&self, events: &Receiver<Event>) -> Result<Event, RecvTimeoutError> {
        match &self.holder {
            None => events.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(holder) => {
                let left = self.idle_limit.saturating_sub(holder.since.elapsed());
                if left.is_zero() {
                    // However many events of others are waiting.
                    return Err(RecvTimeoutError::Timeout);
                }
                events.recv_timeout(left)
            }
        }
    }

    /// Runs everything that may run now.
    fn work(&mut self) -> Result<(), String> {
        self.do_chores()?;
        while let Some((client, batch)) = self.next_batch() {
            self.run_batch(client, batch)?;
            self.do_chores()?;
        }
        Ok(())
    }

    fn next_batch(&mut self) -> Option<(u64, Batch)> {
        let index = match &self.holder {
            Some(holder) => self
                .waiting
                .iter()
                .position(|(client, _)| *client == holder.client)?,
            None => 0,
        };
        self.waiting.remove(index)
    }

    fn run_batch(&mut self, client: u64, batch: Batch) -> Result<(), String> {
        // It may have been turned out, or belong to a session before this one.
        if !self.clients.contains_key(&client) {
            return Ok(());
        }
        let answer = self.exchange(&batch.bytes)?;
        let mut listens = batch.listens;
        if answer.failed {
            listens.clear();
        }
        self.close_later(&batch.forgotten);
        self.note_holder(client, answer.status, listens);
        self.send(client, Outgoing::Bytes(answer.bytes));
        Ok(())
    }

    /// Keeps or frees the session, depending on how the client's transaction stands.
    fn note_holder(&mut self, client: u64, status: Option<u8>, listens: Vec<Listen>) {
        let mut all = self
            .holder
            .take()
            .map_or_else(Vec::new, |holder| holder.listens);
        all.extend(listens);
        if status == Some(b'I') {
            let restore = self.listeners.follow(client, all);
            self.chores.extend(restore.map(|sql| wire::query(&sql)));
        } else {
            self.holder = Some(Holder {
                client,
                since: Instant::now(),
                listens: all,
            });
        }
    }

    fn leave(&mut self, client: u64, statements: &[Vec<u8>]) -> Result<(), String> {
        self.waiting.retain(|(waiting, _)| *waiting != client);
        if self
            .holder
            .as_ref()
            .is_some_and(|holder| holder.client == client)
        {
            self.release()?;
        }
        let restore = self.listeners.forget(client);
        self.chores.extend(restore.map(|sql| wire::query(&sql)));
        self.close_later(statements);
        self.forget(client);
        Ok(())
    }

    fn forget(&mut self, client: u64) {
        let known = self.clients.remove(&client).is_some();
        if known && self.clients.is_empty() {
            // The next one finds the session as new: settings, locks and temporary tables.
            self.chores.push(wire::query("DISCARD ALL"));
        }
    }

    fn turn_out_holder(&mut self) -> Result<(), String> {
        let Some(client) = self.release()? else {
            return Ok(());
        };
        tracing::warn!(
            client,
            "a transaction was left idle and has been rolled back"
        );
        self.send(client, Outgoing::LastWords(answers::idle_too_long()));
        self.forget(client);
        Ok(())
    }

    /// Ends the holder's transaction.
    fn release(&mut self) -> Result<Option<u64>, String> {
        let Some(holder) = self.holder.take() else {
            return Ok(None);
        };
        // It may have stopped in the middle of a series of messages.
        self.exchange(&wire::encode(b'S', b""))?;
        self.exchange(&wire::query("ROLLBACK"))?;
        Ok(Some(holder.client))
    }

    fn close_later(&mut self, statements: &[Vec<u8>]) {
        if statements.is_empty() {
            return;
        }
        let mut bytes = Vec::new();
        for statement in statements {
            wire::put(&mut bytes, b'C', &[b"S", statement, b"\0"]);
        }
        wire::put(&mut bytes, b'S', &[]);
        self.chores.push(bytes);
    }

    fn do_chores(&mut self) -> Result<(), String> {
        if self.holder.is_some() {
            return Ok(());
        }
        for chore in std::mem::take(&mut self.chores) {
            self.exchange(&chore)?;
        }
        Ok(())
    }

    /// One request to the engine. Notifications go to whom they concern, the rest is returned.
    fn exchange(&mut self, request: &[u8]) -> Result<Answer, String> {
        let response = self.engine.exchange(request)?;
        let mut answer = Answer::default();
        let mut rest = response.as_slice();
        while let Some((message, after)) = wire::split_first(rest) {
            match message.tag {
                b'A' => {
                    self.notify(message.body);
                    rest = after;
                    continue;
                }
                b'Z' => answer.status = message.body.first().copied(),
                b'E' => answer.failed = true,
                _ => {}
            }
            wire::put(&mut answer.bytes, message.tag, &[message.body]);
            rest = after;
        }
        if rest.is_empty() {
            Ok(answer)
        } else {
            Err("the engine answered with half a message".to_owned())
        }
    }

    fn notify(&self, body: &[u8]) {
        let Some((_process, names)) = body.split_first_chunk::<4>() else {
            return;
        };
        let (channel, _) = wire::split_text(names);
        for client in self.listeners.on(&String::from_utf8_lossy(channel)) {
            self.send(client, Outgoing::Bytes(wire::encode(b'A', body)));
        }
    }

    fn send(&self, client: u64, outgoing: Outgoing) {
        if let Some(sender) = self.clients.get(&client) {
            // A client that has gone says so itself.
            let _ = sender.send(outgoing);
        }
    }
}

#[cfg(test)]
mod tests;
