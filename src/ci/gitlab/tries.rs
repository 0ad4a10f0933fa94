//! Which jobs of a pipeline count: of each name the newest, and how often one was run again.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{facts, wire};

/// The jobs of a pipeline, without those that were replaced.
#[derive(Debug)]
pub(super) struct Tries {
    /// The attempt, counted from one: one more than a job was run again at most.
    pub attempt: u32,
    /// When the attempt began; `None` for the first.
    pub began: Option<DateTime<Utc>>,
    /// The newest job of each name, in the order of their numbers.
    pub newest: Vec<wire::Job>,
}

impl Tries {
    /// Sorts all the jobs of a pipeline. A replaced job that a fault of GitLab's machines ended is no try:
    /// it said nothing of the work.
    pub(super) fn of(mut jobs: Vec<wire::Job>) -> Self {
        jobs.sort_by_key(|job| job.id);
        let mut names: BTreeMap<String, (u32, wire::Job)> = BTreeMap::new();
        for job in jobs {
            let earlier = names.get(&job.name).map_or(0, |(earlier, replaced)| {
                earlier + u32::from(!facts::said_nothing(replaced))
            });
            names.insert(job.name.clone(), (earlier, job));
        }
        let most = names.values().map(|(earlier, _)| *earlier).max();
        let most = most.unwrap_or(0);
        let of_most = names.values().filter(|(earlier, _)| *earlier == most);
        let began = of_most.map(|(_, job)| job.created_at).min();
        let newest = names.into_values().map(|(_, job)| job);
        let mut newest: Vec<wire::Job> = newest.collect();
        newest.sort_by_key(|job| job.id);
        Self {
            attempt: most.saturating_add(1),
            began: began.filter(|_| most > 0),
            newest,
        }
    }

    /// The jobs that ran in the attempt.
    pub(super) fn of_attempt(&self) -> impl Iterator<Item = &wire::Job> {
        let ran_then = |job: &&wire::Job| match self.began {
            Some(began) => job.started_at.is_some_and(|at| at >= began),
            None => true,
        };
        self.newest.iter().filter(ran_then)
    }
}
