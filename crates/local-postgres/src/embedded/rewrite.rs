//! Gives every client its own names in the one session.
//!
//! Only prepared statements need it. A portal lives no longer than its transaction, and while a
//! transaction is open the session belongs to one client.

use std::collections::{HashMap, HashSet};

use super::sql::{Listen, remarks};
use crate::wire::{self, Message};

/// Messages of one client up to a point where the engine answers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batch {
    /// For the engine.
    pub bytes: Vec<u8>,
    /// What the batch changes about who hears what.
    pub listens: Vec<Listen>,
    /// Prepared statements that nobody can name any more once the batch is done.
    pub forgotten: Vec<Vec<u8>>,
}

/// Rewrites the messages of one client.
#[derive(Debug)]
pub struct Rewriter {
    client: u64,
    batch: Batch,
    /// The statements in the engine that are this client's.
    statements: HashSet<Vec<u8>>,
    /// What each statement listens to, by its name in the engine.
    listens: HashMap<Vec<u8>, Vec<Listen>>,
    /// How many unnamed statements there have been. Each gets a name of its own, because other
    /// clients come between its preparation and its use.
    unnamed: u64,
}

impl Rewriter {
    pub fn new(client: u64) -> Self {
        Self {
            client,
            batch: Batch::default(),
            statements: HashSet::new(),
            listens: HashMap::new(),
            unnamed: 0,
        }
    }

    /// Takes one message; a batch when the message asks for an answer.
    pub fn take(&mut self, message: Message<'_>) -> Option<Batch> {
        match message.tag {
            b'P' => self.parse(message.body),
            b'B' => self.bind(message.body),
            b'D' | b'C' => self.describe_or_close(message),
            b'Q' => self.query(message.body),
            b'E' | b'H' | b'S' | b'F' => self.pass_on(message),
            // Copied data after a refused COPY, and passwords nobody asked for.
            _ => {}
        }
        matches!(message.tag, b'Q' | b'S' | b'H' | b'F').then(|| std::mem::take(&mut self.batch))
    }

    /// The statements to forget when the client has gone.
    pub fn into_statements(self) -> Vec<Vec<u8>> {
        self.statements.into_iter().collect()
    }

    fn pass_on(&mut self, message: Message<'_>) {
        wire::put(&mut self.batch.bytes, message.tag, &[message.body]);
    }

    fn query(&mut self, body: &[u8]) {
        let (text, _) = wire::split_text(body);
        let (text, listens) = checked(text);
        self.batch.listens.extend(listens);
        wire::put(&mut self.batch.bytes, b'Q', &[&text, b"\0"]);
    }

    fn parse(&mut self, body: &[u8]) {
        let (name, rest) = wire::split_text(body);
        let (text, types) = wire::split_text(rest);
        let (text, listens) = checked(text);
        if name.is_empty() {
            self.forget_unnamed();
            self.unnamed += 1;
        }
        let name = self.own_name(name);
        if !listens.is_empty() {
            self.listens.insert(name.clone(), listens);
        }
        wire::put(
            &mut self.batch.bytes,
            b'P',
            &[&name, b"\0", &text, b"\0", types],
        );
        self.statements.insert(name);
    }

    fn forget_unnamed(&mut self) {
        let old = self.own_name(b"");
        if self.statements.remove(&old) {
            self.listens.remove(&old);
            self.batch.forgotten.push(old);
        }
    }

    fn bind(&mut self, body: &[u8]) {
        let (portal, rest) = wire::split_text(body);
        let (statement, rest) = wire::split_text(rest);
        let statement = self.own_name(statement);
        if let Some(listens) = self.listens.get(&statement) {
            self.batch.listens.extend_from_slice(listens);
        }
        wire::put(
            &mut self.batch.bytes,
            b'B',
            &[portal, b"\0", &statement, b"\0", rest],
        );
    }

    fn describe_or_close(&mut self, message: Message<'_>) {
        let Some((b'S', name)) = message.body.split_first() else {
            return self.pass_on(message);
        };
        let (name, _) = wire::split_text(name);
        let name = self.own_name(name);
        if message.tag == b'C' {
            self.statements.remove(&name);
            self.listens.remove(&name);
        }
        wire::put(&mut self.batch.bytes, message.tag, &[b"S", &name, b"\0"]);
    }

    /// The statement's name in the engine.
    fn own_name(&self, name: &[u8]) -> Vec<u8> {
        let client = self.client;
        if name.is_empty() {
            return format!("u{client}_{}", self.unnamed).into_bytes();
        }
        let mut own = format!("c{client}_").into_bytes();
        own.extend_from_slice(name);
        own
    }
}

/// The text to run and what it listens to. A text that the shared session cannot bear becomes
/// one that fails with the reason, so that the state of the transaction follows by itself.
fn checked(text: &[u8]) -> (Vec<u8>, Vec<Listen>) {
    let remarks = remarks(&String::from_utf8_lossy(text));
    match remarks.refused {
        None => (text.to_vec(), remarks.listens),
        Some(reason) => {
            let failing = format!(
                "DO $refused$ BEGIN RAISE EXCEPTION '{reason}' \
                 USING ERRCODE = 'feature_not_supported'; END $refused$"
            );
            (failing.into_bytes(), Vec::new())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(tag: u8, body: &[u8]) -> Message<'_> {
        Message { tag, body }
    }

    fn text(batch: &Batch) -> String {
        String::from_utf8_lossy(&batch.bytes).into_owned()
    }

    #[test]
    fn two_clients_may_use_the_same_statement_name() {
        let (mut one, mut two) = (Rewriter::new(1), Rewriter::new(2));
        for rewriter in [&mut one, &mut two] {
            assert_eq!(rewriter.take(message(b'P', b"s\0SELECT 1\0\0\0")), None);
        }
        let one = one.take(message(b'S', b"")).unwrap();
        let two = two.take(message(b'S', b"")).unwrap();
        assert!(text(&one).contains("c1_s\0SELECT 1"), "{one:?}");
        assert!(text(&two).contains("c2_s\0SELECT 1"), "{two:?}");
    }

    #[test]
    fn an_unnamed_statement_is_forgotten_when_the_next_comes() {
        let mut rewriter = Rewriter::new(7);
        rewriter.take(message(b'P', b"\0SELECT 1\0\0\0"));
        let first = rewriter.take(message(b'S', b"")).unwrap();
        assert_eq!(first.forgotten, Vec::<Vec<u8>>::new());
        rewriter.take(message(b'B', b"\0\0\0\0\0\0\0\0"));
        let used = rewriter.take(message(b'S', b"")).unwrap();
        assert!(text(&used).contains("u7_1"), "{used:?}");
        rewriter.take(message(b'P', b"\0SELECT 2\0\0\0"));
        let second = rewriter.take(message(b'S', b"")).unwrap();
        assert_eq!(second.forgotten, [b"u7_1"]);
        assert_eq!(rewriter.into_statements(), [b"u7_2"]);
    }

    #[test]
    fn a_prepared_listen_counts_when_it_is_bound() {
        let mut rewriter = Rewriter::new(1);
        rewriter.take(message(b'P', b"s\0LISTEN jobs\0\0\0"));
        assert_eq!(rewriter.take(message(b'S', b"")).unwrap().listens, []);
        rewriter.take(message(b'B', b"\0s\0\0\0\0\0\0\0"));
        let batch = rewriter.take(message(b'S', b"")).unwrap();
        assert_eq!(batch.listens, [Listen::To("jobs".to_owned())]);
    }

    #[test]
    fn copied_data_never_reach_the_engine() {
        let mut rewriter = Rewriter::new(1);
        assert_eq!(rewriter.take(message(b'd', b"1\t2\n")), None);
        let batch = rewriter
            .take(message(b'Q', b"COPY t FROM STDIN\0"))
            .unwrap();
        assert!(text(&batch).contains("feature_not_supported"), "{batch:?}");
        assert!(!text(&batch).contains("1\t2"), "{batch:?}");
    }
}
