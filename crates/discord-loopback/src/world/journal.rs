//! What happened: the inspector's log, the violations and the readable story.

use std::collections::VecDeque;

use serde::Serialize;
use serde_json::Value;

use super::World;
use crate::clock::iso;

const LOG_LIMIT: usize = 2_000;
const STORY_LIMIT: usize = 5_000;

/// A request that real Discord would have refused, or an answer that came against its rules.
#[derive(Clone, Debug, Serialize)]
pub struct Violation {
    /// `schema`, `rule`, `route`, `protocol` or `gateway`.
    pub kind: String,
    /// What was called, for example `POST /channels/{channel_id}/messages`.
    pub operation: String,
    /// What was wrong, readable.
    pub message: String,
    /// When, on the loopback's clock.
    pub at: String,
}

impl std::fmt::Display for Violation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "[{}] {}: {}", self.kind, self.operation, self.message)
    }
}

/// One line of the inspector.
#[derive(Clone, Debug, Serialize)]
pub struct LogEntry {
    /// When, on the clock of the loopback.
    pub at: String,
    /// `rest`, `gateway` or `interaction`.
    pub direction: &'static str,
    /// What it was, in a line.
    pub summary: String,
    /// What came of it.
    pub status: String,
    /// The objects that were exchanged.
    pub detail: Value,
}

#[derive(Debug, Default)]
pub struct Journal {
    pub log: VecDeque<LogEntry>,
    pub violations: Vec<Violation>,
    pub story: VecDeque<String>,
}

impl World {
    pub fn note(&mut self, direction: &'static str, summary: String, status: &str, detail: Value) {
        let at = iso(self.now_ms());
        if self.journal.log.len() >= LOG_LIMIT {
            self.journal.log.pop_front();
        }
        self.journal.log.push_back(LogEntry {
            at,
            direction,
            summary,
            status: status.to_owned(),
            detail,
        });
    }

    pub fn violate(&mut self, kind: &str, operation: &str, message: &str) {
        tracing::warn!(kind, operation, message, "Discord would refuse this");
        let at = iso(self.now_ms());
        self.journal.violations.push(Violation {
            kind: kind.to_owned(),
            operation: operation.to_owned(),
            message: message.to_owned(),
            at,
        });
        self.tell_story(format!("! {operation}: {message}"));
    }

    pub fn tell_story(&mut self, line: String) {
        if self.journal.story.len() >= STORY_LIMIT {
            self.journal.story.pop_front();
        }
        self.journal.story.push_back(line);
    }
}
