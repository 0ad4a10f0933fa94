//! What happens to a run after it was made: it is started again, or was never taken, or is of a fork.
//!
//! Gitea keeps what each attempt has uploaded, and counts attempts of a run. At Forgejo an upload takes the
//! place of the earlier one of its name, and only jobs have attempts.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::{
    ActionsRun, Dialect, LoopbackGitea, Repository, Stored, World,
    answer::{NEVER, stamp},
};
use crate::play::http::lay_over;

/// What of a run belongs to which attempt.
#[derive(Debug)]
pub(super) struct Rerun {
    first: DateTime<Utc>,
    attempt: u32,
    jobs: Vec<Job>,
    /// When each artifact was made and when it was last uploaded.
    uploads: Vec<(DateTime<Utc>, DateTime<Utc>)>,
}

#[derive(Debug)]
struct Job {
    name: String,
    attempt: u32,
    started: DateTime<Utc>,
}

impl Rerun {
    /// A run in its first attempt.
    pub(super) fn none(run: &ActionsRun, started: DateTime<Utc>) -> Self {
        let job = |name: &String| Job {
            name: name.clone(),
            attempt: u32::from(run.taken),
            started,
        };
        let uploaded = started + TimeDelta::seconds(30);
        Self {
            first: started,
            attempt: 1,
            jobs: run.jobs.iter().map(job).collect(),
            uploads: run.artifacts.iter().map(|_| (uploaded, uploaded)).collect(),
        }
    }
}

impl LoopbackGitea {
    /// Starts the named jobs of a run again, an hour after the last attempt; they upload these artifacts.
    pub fn rerun(
        &self,
        repository: &str,
        run: u64,
        jobs: &[&str],
        artifacts: &[(String, Vec<u8>)],
    ) {
        let mut world = self.world();
        let dialect = world.dialect;
        let Some(stored) = world.repository(repository).runs.get_mut(&run) else {
            return;
        };
        stored.started += TimeDelta::hours(1);
        let rerun = &mut stored.rerun;
        rerun.attempt += 1;
        for job in &mut rerun.jobs {
            if jobs.contains(&job.name.as_str()) {
                job.attempt = rerun.attempt;
                job.started = stored.started;
            }
        }
        let uploaded = stored.started + TimeDelta::seconds(30);
        for artifact in artifacts {
            let kept = &mut stored.run.artifacts;
            let earlier = kept.iter().position(|(name, _)| *name == artifact.0);
            let replaced = earlier.filter(|_| dialect == Dialect::Forgejo);
            let places =
                replaced.and_then(|at| Some((kept.get_mut(at)?, rerun.uploads.get_mut(at)?)));
            if let Some((bytes, times)) = places {
                bytes.1.clone_from(&artifact.1);
                times.1 = uploaded;
            } else {
                kept.push(artifact.clone());
                rerun.uploads.push((uploaded, uploaded));
            }
        }
    }

    /// Opens a pull request whose head is a commit of another repository; `None` for one that is gone.
    pub fn add_pull_from(&self, repository: &str, number: u64, sha: &str, from: Option<u64>) {
        let mut world = self.world();
        let repository = world.repository(repository);
        repository.pulls.insert(number, sha.to_owned());
        let from = from.and_then(|id| i64::try_from(id).ok()).unwrap_or(-1);
        repository.forks.insert(number, from);
    }
}

impl Repository {
    /// A pull request with the repository that it comes from.
    pub(super) fn pull_now(&self, number: u64, mut body: Value) -> Value {
        if let Some(from) = self.forks.get(&number) {
            lay_over(
                &mut body,
                json!({ "head": { "repo_id": from, "repo": null } }),
            );
        }
        body
    }
}

impl World {
    /// A run as it is in its newest attempt.
    pub(super) fn run_now(&self, repository: &Repository, stored: &Stored) -> Value {
        let mut body = self.run_body(repository, stored);
        let rerun = &stored.rerun;
        let begun = |body: &mut Value, field: &str| {
            if !stored.run.taken {
                lay_over(body, json!({ field: NEVER }));
            }
        };
        match self.dialect {
            Dialect::Gitea => {
                lay_over(&mut body, json!({ "run_attempt": rerun.attempt }));
                begun(&mut body, "started_at");
                if let Some(number) = stored.run.pull {
                    let path = format!("practice.yml@refs/pull/{number}/head");
                    let of_pull =
                        json!({ "path": path, "event": "pull_request", "head_branch": "" });
                    lay_over(&mut body, of_pull);
                }
            }
            Dialect::Forgejo => {
                lay_over(&mut body, json!({ "created": stamp(rerun.first) }));
                begun(&mut body, "started");
                if let Some(number) = stored.run.pull {
                    let of_pull = json!({
                        "event": "pull_request", "trigger_event": "pull_request",
                        "prettyref": format!("#{number}"),
                        "is_fork_pull_request": repository.forks.contains_key(&number),
                    });
                    lay_over(&mut body, of_pull);
                }
            }
        }
        body
    }

    /// The jobs of a run in its newest attempt.
    pub(super) fn jobs_now(&self, repository: &Repository, stored: &Stored) -> Vec<Value> {
        let jobs = (0_u64..).zip(&stored.rerun.jobs);
        let now = |(at, job): (u64, &Job)| {
            let mut body = self.job_body(repository, stored);
            let own = match self.dialect {
                Dialect::Gitea => json!({
                    "run_attempt": stored.rerun.attempt, "created_at": stamp(stored.rerun.first),
                    "started_at": if stored.run.taken { stamp(job.started) } else { NEVER.to_owned() },
                    "completed_at": stamp(job.started + TimeDelta::seconds(40)),
                }),
                Dialect::Forgejo => json!({ "attempt": job.attempt }),
            };
            lay_over(&mut body, own);
            lay_over(
                &mut body,
                json!({ "id": stored.run.id + 1 + at, "name": job.name }),
            );
            body
        };
        jobs.map(now).collect()
    }

    /// An artifact with the times of its uploads.
    pub(super) fn artifact_now(
        &self,
        repository: &Repository,
        stored: &Stored,
        at: usize,
    ) -> Option<Value> {
        let mut body = self.artifact_body(repository, stored, at)?;
        let (made, uploaded) = stored.rerun.uploads.get(at)?;
        let times = json!({ "created_at": stamp(*made), "updated_at": stamp(*uploaded) });
        lay_over(&mut body, times);
        Some(body)
    }
}
