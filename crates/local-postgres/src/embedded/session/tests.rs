use std::sync::mpsc;

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::*;

/// Answers a query with its own text; `BEGIN` and `COMMIT` move the state.
#[derive(Default)]
struct Echo {
    open: bool,
    seen: Vec<String>,
}

impl Engine for Echo {
    fn exchange(&mut self, request: &[u8]) -> Result<Vec<u8>, String> {
        let (message, _) = wire::split_first(request).unwrap();
        let text = String::from_utf8_lossy(message.body);
        let text = text.trim_end_matches('\0').to_owned();
        match text.as_str() {
            "BEGIN" => self.open = true,
            "COMMIT" | "ROLLBACK" => self.open = false,
            "break" => return Err("broken".to_owned()),
            _ => {}
        }
        let mut answer = wire::encode(b'C', text.as_bytes());
        wire::put(&mut answer, b'Z', &[if self.open { b"T" } else { b"I" }]);
        self.seen.push(text);
        Ok(answer)
    }
}

fn sent(client: u64, sql: &str) -> Event {
    let bytes = wire::query(sql);
    Event::Sent {
        client,
        batch: Batch {
            bytes,
            ..Batch::default()
        },
    }
}

fn left(client: u64) -> Event {
    Event::Left {
        client,
        statements: Vec::new(),
    }
}

fn joined(client: u64) -> (Event, UnboundedReceiver<Outgoing>) {
    let (outgoing, receiver) = unbounded_channel();
    (Event::Joined { client, outgoing }, receiver)
}

/// Plays the events to the end and tells what the engine saw.
#[expect(
    clippy::disallowed_methods,
    reason = "a thread of its own, without a runtime"
)]
fn play(events: Vec<Event>, idle: Duration) -> (End, Vec<String>) {
    let (sender, receiver) = mpsc::channel();
    for event in events {
        sender.send(event).unwrap();
    }
    let stopper = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(100));
        let _ = sender.send(Event::Stop);
    });
    let mut engine = Echo::default();
    let end = Session::new(&mut engine, idle).run(&receiver);
    stopper.join().unwrap();
    (end, engine.seen)
}

#[test]
fn others_wait_while_a_transaction_is_open() {
    let ((one, _r1), (two, _r2)) = (joined(1), joined(2));
    let events = vec![
        one,
        two,
        sent(1, "BEGIN"),
        sent(2, "two"),
        sent(1, "one"),
        sent(1, "COMMIT"),
    ];
    let (end, seen) = play(events, Duration::from_secs(30));
    assert_eq!(end, End::Stopped);
    assert_eq!(seen, ["BEGIN", "one", "COMMIT", "two"]);
}

#[test]
fn a_client_that_leaves_is_rolled_back() {
    let ((one, _r1), (two, _r2)) = (joined(1), joined(2));
    let events = vec![one, two, sent(1, "BEGIN"), sent(2, "two"), left(1)];
    let (_, seen) = play(events, Duration::from_secs(30));
    assert_eq!(seen, ["BEGIN", "", "ROLLBACK", "two"]);
}

#[test]
fn an_idle_transaction_is_rolled_back_and_its_client_told() {
    let ((one, mut told), (two, _r2)) = (joined(1), joined(2));
    let events = vec![one, two, sent(1, "BEGIN"), sent(2, "two")];
    let (_, seen) = play(events, Duration::from_millis(20));
    assert_eq!(seen, ["BEGIN", "", "ROLLBACK", "two"]);
    assert!(matches!(told.try_recv().unwrap(), Outgoing::Bytes(_)));
    assert_eq!(
        told.try_recv().unwrap(),
        Outgoing::LastWords(answers::idle_too_long())
    );
}

#[test]
fn a_broken_engine_is_told_to_every_client() {
    let ((one, mut first), (two, mut second)) = (joined(1), joined(2));
    let (end, _) = play(vec![one, two, sent(1, "break")], Duration::from_secs(30));
    assert_eq!(end, End::Failed("broken".to_owned()));
    for told in [&mut first, &mut second] {
        assert_eq!(
            told.try_recv().unwrap(),
            Outgoing::LastWords(answers::failed())
        );
    }
}

#[test]
fn the_last_client_leaves_a_clean_session() {
    let (one, _r1) = joined(1);
    let (_, seen) = play(
        vec![one, sent(1, "SET x = 1"), left(1)],
        Duration::from_secs(30),
    );
    assert_eq!(seen, ["SET x = 1", "DISCARD ALL"]);
}
