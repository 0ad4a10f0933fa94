//! The loopback's own time: it runs with real time and can be moved forward.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, SecondsFormat, Utc};
use tokio::sync::watch;

/// A clock shared by everything in one loopback. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Clock {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    started: Instant,
    start_ms: i64,
    moved_ms: AtomicI64,
    moves: watch::Sender<u64>,
}

impl Default for Clock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the clock that everything else asks"
    )]
    fn default() -> Self {
        Self::starting_at(Utc::now())
    }
}

impl Clock {
    /// A clock that shows `start` now and runs from there.
    #[must_use]
    pub fn starting_at(start: DateTime<Utc>) -> Self {
        Self {
            inner: Arc::new(Inner {
                started: Instant::now(),
                start_ms: start.timestamp_millis(),
                moved_ms: AtomicI64::new(0),
                moves: watch::channel(0).0,
            }),
        }
    }

    /// Unix milliseconds.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        let ran = i64::try_from(self.inner.started.elapsed().as_millis()).unwrap_or(i64::MAX);
        self.inner.start_ms + ran + self.inner.moved_ms.load(Ordering::SeqCst)
    }

    /// The moment it shows.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.now_ms()).unwrap_or_default()
    }

    /// Moves time forward at once; timers that fall due go off.
    pub fn advance(&self, by: Duration) {
        let ms = i64::try_from(by.as_millis()).unwrap_or(i64::MAX / 4);
        self.inner.moved_ms.fetch_add(ms, Ordering::SeqCst);
        self.inner.moves.send_modify(|count| *count += 1);
    }

    /// Waits until the clock shows `moment_ms` (Unix milliseconds), by running or by being moved.
    pub async fn sleep_until(&self, moment_ms: i64) {
        let mut moves = self.inner.moves.subscribe();
        loop {
            let left = moment_ms - self.now_ms();
            let Ok(left) = u64::try_from(left) else {
                return;
            };
            if left == 0 {
                return;
            }
            tokio::select! {
                () = tokio::time::sleep(Duration::from_millis(left)) => {}
                _ = moves.changed() => {}
            }
        }
    }
}

/// A moment as Discord writes it (`2026-01-02T03:04:05.678000+00:00`).
pub(crate) fn iso(unix_ms: i64) -> String {
    DateTime::<Utc>::from_timestamp_millis(unix_ms)
        .unwrap_or_default()
        .to_rfc3339_opts(SecondsFormat::Micros, false)
}
