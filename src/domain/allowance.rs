//! How often a practice may be handed in: a token bucket, worked out from the hand-ins themselves.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// A bucket of attempts. It begins full; each graded hand-in takes one, and while it is not full one
/// comes back at each interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bucket {
    /// Attempts of a full bucket; at least one.
    pub capacity: u32,
    /// Minutes until one comes back; `None` gives none back.
    pub refill_minutes: Option<u32>,
}

/// What is left of a bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// Attempts left now.
    pub left: u32,
    /// Attempts of a full bucket.
    pub capacity: u32,
    /// When the next one comes back; `None` when none is missing or none comes.
    pub next_at: Option<DateTime<Utc>>,
}

impl Bucket {
    /// What is left at a time, after the attempts taken at these times, in any order.
    ///
    /// An attempt that was taken from an empty bucket is owed and paid first.
    #[must_use]
    pub fn left(&self, taken: &[DateTime<Utc>], now: DateTime<Utc>) -> Allowance {
        let mut taken = taken.to_vec();
        taken.sort_unstable();
        let full = i64::from(self.capacity);
        let mut level = Level {
            tokens: full,
            next_at: None,
        };
        for time in taken {
            self.refill(&mut level, time);
            level.tokens -= 1;
            if level.next_at.is_none() {
                level.next_at = self.next_after(time);
            }
        }
        self.refill(&mut level, now);
        let owed = TimeDelta::minutes(self.minutes().saturating_mul(-level.tokens.min(0)));
        Allowance {
            left: u32::try_from(level.tokens).unwrap_or(0),
            capacity: self.capacity,
            next_at: level.next_at.and_then(|at| at.checked_add_signed(owed)),
        }
    }

    fn minutes(&self) -> i64 {
        i64::from(self.refill_minutes.unwrap_or(0))
    }

    fn next_after(&self, time: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.refill_minutes?;
        time.checked_add_signed(TimeDelta::minutes(self.minutes()))
    }

    /// Gives back what has come by a time.
    fn refill(&self, level: &mut Level, now: DateTime<Utc>) {
        let (Some(next), interval @ 1..) = (level.next_at, self.minutes()) else {
            return;
        };
        if now < next {
            return;
        }
        let came = 1 + (now - next).num_minutes() / interval;
        level.tokens += came;
        level.next_at = next.checked_add_signed(TimeDelta::minutes(interval.saturating_mul(came)));
        if level.tokens >= i64::from(self.capacity) {
            *level = Level {
                tokens: i64::from(self.capacity),
                next_at: None,
            };
        }
    }
}

struct Level {
    /// Below nothing while attempts are owed.
    tokens: i64,
    next_at: Option<DateTime<Utc>>,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(minute * 60, 0).unwrap()
    }

    const BUCKET: Bucket = Bucket {
        capacity: 2,
        refill_minutes: Some(60),
    };

    fn left(taken: &[i64], now: i64) -> (u32, Option<i64>) {
        let taken: Vec<_> = taken.iter().map(|minute| at(*minute)).collect();
        let allowance = BUCKET.left(&taken, at(now));
        let next = allowance.next_at.map(|next| next.timestamp() / 60);
        (allowance.left, next)
    }

    #[test]
    fn a_bucket_begins_full_and_fills_one_by_one_from_the_first_attempt_on() {
        assert_eq!(left(&[], 0), (2, None));
        assert_eq!(left(&[0], 1), (1, Some(60)));
        assert_eq!(left(&[0, 10], 11), (0, Some(60)));
        assert_eq!(left(&[0, 10], 60), (1, Some(120)));
        assert_eq!(left(&[0, 10], 120), (2, None));
        assert_eq!(left(&[10, 0, 65], 70), (0, Some(120)));
    }

    #[test]
    fn an_attempt_out_of_an_empty_bucket_is_owed() {
        assert_eq!(left(&[0, 10, 20], 30), (0, Some(120)));
        assert_eq!(left(&[0, 10, 20], 120), (1, Some(180)));
    }

    #[test]
    fn without_an_interval_nothing_comes_back() {
        let bucket = Bucket {
            refill_minutes: None,
            ..BUCKET
        };
        let allowance = bucket.left(&[at(0), at(1)], at(1_000_000));
        assert_eq!((allowance.left, allowance.next_at), (0, None));
    }

    proptest! {
        #[test]
        fn waiting_takes_nothing_away_and_the_next_attempt_comes_when_it_is_said(
            capacity in 1..6_u32, refill in proptest::option::of(1..500_u32),
            taken in proptest::collection::vec(0..2000_i64, 0..12), wait in 0..3000_i64,
        ) {
            let bucket = Bucket { capacity, refill_minutes: refill };
            let taken: Vec<_> = taken.into_iter().map(at).collect();
            let now = bucket.left(&taken, at(2000));
            let later = bucket.left(&taken, at(2000 + wait));
            prop_assert!(now.left <= later.left && later.left <= capacity);
            let full = bucket.left(&[], at(2000)).left;
            prop_assert!(u64::from(now.left) + taken.len() as u64 >= u64::from(full));
            if let Some(next) = now.next_at {
                prop_assert!(next > at(2000));
                prop_assert_eq!(bucket.left(&taken, next).left, now.left + 1);
                prop_assert_eq!(bucket.left(&taken, next - TimeDelta::minutes(1)).left, now.left);
            }
        }
    }
}
