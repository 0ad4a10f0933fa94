//! The wire between a client and a loopback forge: what went over it, and the faults that a test
//! has ordered on it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::json;

use super::http::{Asked, Reply, Sent};

/// What goes wrong with an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Another status and these headers in the place of the answer.
    Status(u16, Vec<(String, String)>),
    /// The answer comes, and so much later.
    Slow(Duration),
    /// The answer is what it is now, and so much later it comes.
    Late(Duration),
    /// The connection is closed in the middle of the body.
    CutOff,
    /// The body ends in the middle and says that it is whole; one without content stays as it is.
    Truncated,
    /// A page for people, with the status of a good answer.
    Page,
    /// Away to this address.
    Redirect(String),
    /// Back to the address that was asked.
    RedirectLoop,
}

impl Fault {
    /// Another status, with headers.
    #[must_use]
    pub fn status(status: u16, headers: &[(&str, &str)]) -> Self {
        let headers = headers.iter();
        let headers = headers.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Self::Status(status, headers.collect())
    }

    /// Whether it takes away a part of the body, which needs one.
    const fn cuts(&self) -> bool {
        matches!(self, Self::CutOff | Self::Truncated)
    }

    /// The answer with the fault in it.
    fn spoil(self, asked: &Asked, answer: impl FnOnce() -> Reply) -> Reply {
        match self {
            Self::Status(status, headers) => {
                let body = json!({ "message": "This answer was ordered." });
                let mut reply = Reply::json(status, &body);
                reply.headers.extend(headers);
                reply
            }
            Self::Slow(_) | Self::Late(_) => answer(),
            Self::CutOff => Reply {
                sent: Sent::CutOff,
                ..answer()
            },
            Self::Truncated => {
                let mut reply = answer();
                reply.body.truncate(reply.body.len() / 2);
                reply
            }
            Self::Page => Reply {
                status: 200,
                headers: vec![("content-type".to_owned(), "text/html".to_owned())],
                body: b"<!DOCTYPE html><title>Down for maintenance</title>".to_vec(),
                sent: Sent::AtOnce,
            },
            Self::Redirect(location) => redirect(location),
            Self::RedirectLoop => redirect(asked.path.clone()),
        }
    }
}

fn redirect(location: String) -> Reply {
    Reply::json(302, &json!({})).with("location", location)
}

/// One request, as it was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestLog {
    /// `GET`, nearly always.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// The query, empty without one.
    pub query: String,
    /// Whether it carried a token.
    pub authorized: bool,
    /// The status of the answer.
    pub status: u16,
}

/// An answer that a forge gave by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The path that was asked.
    pub path: String,
    /// The status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

#[derive(Debug)]
struct Ordered {
    fault: Fault,
    /// A part of the paths that are meant; every path when empty.
    part: String,
    /// Whether it stays after the first request.
    stays: bool,
}

#[derive(Debug, Default)]
struct State {
    ordered: VecDeque<Ordered>,
    requests: Vec<RequestLog>,
    /// How many answers a fault has changed since the last time all were taken back.
    spoiled: usize,
    answers: Option<Vec<Answer>>,
}

/// The wire to one forge.
#[derive(Debug, Clone, Default)]
pub struct Wire(Arc<Mutex<State>>);

impl Wire {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Spoils the next answer. Several calls queue up.
    pub fn spoil_next(&self, fault: Fault) {
        self.order(fault, "", false);
    }

    /// Spoils the next answer to a path with this part in it.
    pub fn spoil_once(&self, part: &str, fault: Fault) {
        self.order(fault, part, false);
    }

    /// Spoils every answer to a path with this part in it, until [`Self::mend`].
    pub fn spoil(&self, part: &str, fault: Fault) {
        self.order(fault, part, true);
    }

    fn order(&self, fault: Fault, part: &str, stays: bool) {
        let part = part.to_owned();
        self.state()
            .ordered
            .push_back(Ordered { fault, part, stays });
    }

    /// Takes back all faults; tells how many answers they have changed.
    #[must_use]
    pub fn mend(&self) -> usize {
        let mut state = self.state();
        state.ordered.clear();
        std::mem::take(&mut state.spoiled)
    }

    /// What has been asked so far, in order.
    #[must_use]
    pub fn requests(&self) -> Vec<RequestLog> {
        self.state().requests.clone()
    }

    /// Keeps every answer from now on, so that a test can look at them.
    pub fn keep_answers(&self) {
        self.state().answers.get_or_insert_default();
    }

    /// The answers that were kept; those with an ordered fault are not among them.
    #[must_use]
    pub fn answers(&self) -> Vec<Answer> {
        self.state().answers.clone().unwrap_or_default()
    }

    /// Passes a request on, and spoils and remembers what comes back.
    pub(super) async fn carry(&self, asked: &Asked, answer: impl FnOnce() -> Reply) -> Reply {
        let fault = self.take_fault(&asked.path);
        if let Some(Fault::Slow(pause)) = &fault {
            // Who asks may be gone before the pause has ended.
            self.state().spoiled += 1;
            tokio::time::sleep(*pause).await;
        }
        let late = match &fault {
            Some(Fault::Late(pause)) => Some(*pause),
            _ => None,
        };
        let is_own = fault.is_none();
        let reply = match fault {
            Some(fault) => self.spoiled(fault, asked, answer),
            None => answer(),
        };
        self.remember(asked, &reply, is_own);
        if let Some(pause) = late {
            tokio::time::sleep(pause).await;
        }
        reply
    }

    fn spoiled(&self, fault: Fault, asked: &Asked, answer: impl FnOnce() -> Reply) -> Reply {
        let (is_counted, cuts) = (matches!(fault, Fault::Slow(_)), fault.cuts());
        let reply = fault.spoil(asked, answer);
        if !is_counted && (!cuts || !reply.body.is_empty()) {
            self.state().spoiled += 1;
        }
        reply
    }

    fn take_fault(&self, path: &str) -> Option<Fault> {
        let mut state = self.state();
        let fits = |ordered: &Ordered| path.contains(&ordered.part);
        let at = state.ordered.iter().position(fits)?;
        if state.ordered.get(at)?.stays {
            return Some(state.ordered.get(at)?.fault.clone());
        }
        Some(state.ordered.remove(at)?.fault)
    }

    fn remember(&self, asked: &Asked, reply: &Reply, is_own: bool) {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&asked.query)
            .finish();
        let tokens = ["authorization", "private-token"];
        let log = RequestLog {
            method: asked.method.clone(),
            path: asked.path.clone(),
            query,
            authorized: tokens.iter().any(|name| asked.header(name).is_some()),
            status: reply.status,
        };
        let mut state = self.state();
        state.requests.push(log);
        if let Some(answers) = state.answers.as_mut().filter(|_| is_own) {
            answers.push(Answer {
                path: asked.path.clone(),
                status: reply.status,
                body: reply.body.clone(),
            });
        }
    }
}
