//! Late work: when a run was made, when it was due, and what that takes from its score.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::score::BasisPoints;

/// Who set a due time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DueSource {
    /// The course, in its file.
    Course,
    /// An instructor, for their server.
    Server,
    /// An instructor, for one member.
    Extension,
}

/// When a practice is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// The time; work of this very moment is in time.
    pub at: DateTime<Utc>,
    /// Who set it.
    pub source: DueSource,
}

/// What late work loses. Without a rule it loses nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LatePolicy {
    /// Minutes after the due time that still count as in time.
    pub grace_minutes: u32,
    /// What each started day takes from the score, in basis points of the whole.
    pub penalty_bp_per_day: BasisPoints,
    /// Lateness alone lowers no score below this.
    pub floor_bp: BasisPoints,
    /// After so many days nothing is accepted any more; `None` accepts for ever.
    pub cutoff_days: Option<u32>,
}

/// How late a run is, with everything that was weighed: it is worked out again from these values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lateness {
    /// When the provider made the run: its first attempt.
    pub made_at: DateTime<Utc>,
    /// When it was due.
    pub due: Due,
    /// The rules.
    pub policy: LatePolicy,
    /// Started days after the due time; nothing in time and in grace.
    pub days: u32,
    /// What the score lost by it.
    pub penalty_bp: BasisPoints,
}

impl LatePolicy {
    /// When a practice closes for good.
    #[must_use]
    pub fn closes_at(&self, due: Due) -> Option<DateTime<Utc>> {
        let days = TimeDelta::days(i64::from(self.cutoff_days?));
        due.at.checked_add_signed(days.max(self.grace()))
    }

    fn grace(&self) -> TimeDelta {
        TimeDelta::minutes(i64::from(self.grace_minutes))
    }

    fn days(&self, due: Due, made_at: DateTime<Utc>) -> u32 {
        let late = made_at - due.at;
        if late <= self.grace().max(TimeDelta::zero()) {
            return 0;
        }
        let whole = late.num_days();
        let started = whole + i64::from(late > TimeDelta::days(whole));
        u32::try_from(started).unwrap_or(u32::MAX)
    }

    /// What is left of a score that a run made at that time has earned, and how late it was.
    #[must_use]
    pub fn apply(
        &self,
        due: Due,
        made_at: DateTime<Utc>,
        earned: BasisPoints,
    ) -> (BasisPoints, Lateness) {
        let days = self.days(due, made_at);
        let is_closed = self.closes_at(due).is_some_and(|end| made_at > end);
        let left = if is_closed {
            BasisPoints::ZERO
        } else {
            let cost = self.penalty_bp_per_day.get().saturating_mul(days);
            let lowest = earned.min(self.floor_bp);
            earned.minus(BasisPoints::saturating(cost)).max(lowest)
        };
        let lateness = Lateness {
            made_at,
            due,
            policy: *self,
            days,
            penalty_bp: earned.minus(left),
        };
        (left, lateness)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(minute * 60, 0).unwrap()
    }

    const POLICY: LatePolicy = LatePolicy {
        grace_minutes: 15,
        penalty_bp_per_day: BasisPoints::saturating(1000),
        floor_bp: BasisPoints::saturating(4000),
        cutoff_days: Some(7),
    };
    const DAY: i64 = 24 * 60;

    fn due(minute: i64) -> Due {
        Due {
            at: at(minute),
            source: DueSource::Course,
        }
    }

    #[test]
    fn each_started_day_costs_down_to_the_floor_and_after_the_cut_off_nothing_is_left() {
        let left = |minute| {
            let earned = BasisPoints::saturating(9000);
            let (left, lateness) = POLICY.apply(due(0), at(minute), earned);
            (lateness.days, left.get())
        };
        assert_eq!(left(-DAY), (0, 9000));
        assert_eq!(left(0), (0, 9000), "the due time itself is in time");
        assert_eq!(left(15), (0, 9000), "grace includes its end");
        assert_eq!(left(16), (1, 8000));
        assert_eq!(left(DAY), (1, 8000));
        assert_eq!(left(DAY + 1), (2, 7000));
        assert_eq!(left(7 * DAY), (7, 4000), "the floor");
        assert_eq!(left(7 * DAY + 1), (8, 0));
    }

    #[test]
    fn a_score_below_the_floor_stays_as_it_is() {
        let earned = BasisPoints::saturating(2500);
        let (left, lateness) = POLICY.apply(due(0), at(3 * DAY), earned);
        assert_eq!((left, lateness.penalty_bp), (earned, BasisPoints::ZERO));
    }

    proptest! {
        #[test]
        fn later_never_raises_a_score_and_a_later_due_time_never_lowers_it(
            earned in 0..=10_000_u32, grace in 0..3000_u32, penalty in 0..=10_000_u32, floor in 0..=10_000_u32,
            cutoff in proptest::option::of(0..20_u32), minute in -30_000..60_000_i64, later in 0..40_000_i64,
        ) {
            let policy = LatePolicy {
                grace_minutes: grace,
                penalty_bp_per_day: BasisPoints::saturating(penalty),
                floor_bp: BasisPoints::saturating(floor),
                cutoff_days: cutoff,
            };
            let earned = BasisPoints::saturating(earned);
            let (first, lateness) = policy.apply(due(0), at(minute), earned);
            let (second, _) = policy.apply(due(0), at(minute + later), earned);
            let (extended, _) = policy.apply(due(later), at(minute), earned);
            prop_assert!(second <= first && first <= earned && first <= extended);
            prop_assert_eq!(earned.minus(lateness.penalty_bp), first);
            let again = lateness.policy.apply(lateness.due, lateness.made_at, earned);
            prop_assert_eq!(again, (first, lateness));
        }
    }
}
