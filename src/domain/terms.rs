//! The terms of a practice: from when to when, how often, with whom, and which result counts.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    allowance::Bucket,
    lateness::{Due, DueSource, LatePolicy},
};

/// Which of a member's results in a practice counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counts {
    /// The best.
    #[default]
    Best,
    /// The one handed in last.
    Last,
}

/// The terms; a course that states none lets everyone hand in at any time, as often as they like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Runs made earlier are not taken.
    pub opens_at: Option<DateTime<Utc>>,
    /// When the practice is due; servers may set a time of their own.
    pub due_at: Option<DateTime<Utc>>,
    /// What late work loses.
    pub late: LatePolicy,
    /// How often it may be handed in; `None` as often as one likes.
    pub attempts: Option<Bucket>,
    /// Which result counts.
    pub counts: Counts,
    /// Members of a group at most; 1 means that everyone works alone.
    pub group_size: u32,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            opens_at: None,
            due_at: None,
            late: LatePolicy::default(),
            attempts: None,
            counts: Counts::Best,
            group_size: 1,
        }
    }
}

impl Terms {
    /// When the practice is due for a member: at the course's time or the server's in its place, and
    /// no earlier than at the member's own.
    #[must_use]
    pub fn due(
        &self,
        server: Option<DateTime<Utc>>,
        extension: Option<DateTime<Utc>>,
    ) -> Option<Due> {
        let base = match (server, self.due_at) {
            (Some(at), _) => Due {
                at,
                source: DueSource::Server,
            },
            (None, Some(at)) => Due {
                at,
                source: DueSource::Course,
            },
            (None, None) => return None,
        };
        let own = extension.filter(|own| *own > base.at);
        Some(own.map_or(base, |at| Due {
            at,
            source: DueSource::Extension,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_servers_time_replaces_the_courses_and_an_extension_only_gives() {
        let at = |day: i64| DateTime::from_timestamp(day * 86_400, 0);
        let terms = Terms {
            due_at: at(10),
            ..Terms::default()
        };
        let due = |server, extension| terms.due(server, extension).map(|due| (due.at, due.source));
        let expect = |day, source| at(day).map(|at| (at, source));
        assert_eq!(due(None, None), expect(10, DueSource::Course));
        assert_eq!(due(at(5), None), expect(5, DueSource::Server));
        assert_eq!(due(at(5), at(8)), expect(8, DueSource::Extension));
        assert_eq!(due(at(12), at(8)), expect(12, DueSource::Server));
        assert_eq!(Terms::default().due(None, at(8)), None);
    }
}
