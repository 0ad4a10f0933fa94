//! What becomes of a run of any forge: it is started again, ends without its member's fault, or is of a fork.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use docent::play::{
    gitea::ActionsRun,
    github::{JobSpec, LoopbackGitHub, RunSpec},
};
use serde_json::{Value, json};

use super::{Forge, REPO, reports};

/// How a run ends whose member could do nothing about it, or whose workflow is wrong.
#[derive(Debug, Clone, Copy)]
pub enum End {
    TimedOut,
    NotStarted,
    BadFile,
    Infrastructure,
}

/// The repository of a fork.
const FORK: u64 = 4242;
/// The request that a run is of.
const REQUEST: u64 = 3;

impl Forge {
    /// Adds a run that ended so without a report; `None` where the forge does not tell it.
    pub fn add_ended(&self, number: u64, end: End) -> Option<String> {
        match (self, end) {
            (Self::GitHub(_), End::TimedOut) => Some(self.add(number, "timed_out", &[])),
            (Self::GitHub(_), End::BadFile) => Some(self.add(number, "startup_failure", &[])),
            (Self::GitLab(world), _) => {
                let job = [("back-reports".to_owned(), Vec::new())];
                let link = self.add(
                    number,
                    "failed",
                    if matches!(end, End::BadFile) {
                        &[]
                    } else {
                        &job
                    },
                );
                let reason = match end {
                    End::TimedOut => "job_execution_timeout",
                    End::NotStarted => "ci_quota_exceeded",
                    End::Infrastructure => "runner_system_failure",
                    End::BadFile => {
                        let wrong = json!({ "yaml_errors": "jobs config should contain a job", "started_at": null });
                        world.set_fields(REPO, number, None, wrong);
                        return Some(link);
                    }
                };
                let failed = json!({
                    "status": "failed", "failure_reason": reason, "artifacts_file": null,
                    "artifacts": [], "artifacts_expire_at": null,
                });
                world.set_fields(REPO, number, Some("back-reports"), failed);
                if matches!(end, End::NotStarted) {
                    let never = json!({ "started_at": null });
                    world.set_fields(REPO, number, Some("back-reports"), never);
                }
                Some(link)
            }
            (Self::Gitea(world) | Self::Forgejo(world), End::NotStarted) => {
                let link = self.add(number, "cancelled", &[]);
                world.add_run(ActionsRun {
                    status: "cancelled".to_owned(),
                    taken: false,
                    ..ActionsRun::new(REPO, number, number - 1000)
                });
                Some(link)
            }
            (Self::GitHub(_) | Self::Gitea(_) | Self::Forgejo(_), _) => None,
        }
    }

    /// Adds the first attempt of a run of several jobs, with the reports of a sample.
    pub fn add_first(&self, number: u64, sample: &str) -> String {
        match self {
            Self::GitHub(world) => {
                world
                    .add_run(attempt(number, 1, reports(sample)))
                    .expect("a run");
                format!("https://github.com/{REPO}/actions/runs/{number}")
            }
            Self::GitLab(_) => self.add(number, "success", &reports(sample)),
            Self::Gitea(world) | Self::Forgejo(world) => {
                let link = self.add(number, "success", &[]);
                world.add_run(ActionsRun {
                    artifacts: reports(sample),
                    jobs: vec!["test".to_owned(), "front".to_owned()],
                    ..ActionsRun::new(REPO, number, number - 1000)
                });
                link
            }
        }
    }

    /// Starts all jobs of a run again; this is the attempt of that number.
    pub fn run_again(&self, number: u64, attempt_number: u32, sample: &str) {
        match self {
            Self::GitHub(world) => world
                .add_run(attempt(number, attempt_number, reports(sample)))
                .expect("a run"),
            Self::GitLab(world) => {
                let reports = reports(sample);
                let jobs = reports.iter();
                let jobs: Vec<_> = jobs
                    .map(|(name, zip)| (name.as_str(), "success", zip.as_slice()))
                    .collect();
                world.retry(REPO, number, &jobs);
            }
            Self::Gitea(world) | Self::Forgejo(world) => {
                world.rerun(REPO, number, &["test", "front"], &reports(sample));
            }
        }
    }

    /// Starts the job of the back end again and no other; this is the attempt of that number.
    pub fn run_half_again(&self, number: u64, attempt_number: u32, sample: &str) {
        let back = reports(sample).swap_remove(0);
        match self {
            Self::GitHub(world) => {
                world
                    .add_run(attempt(number, attempt_number, vec![back]))
                    .expect("a run");
                was_not_run_again(world, number, "front");
            }
            Self::GitLab(world) => world.retry(REPO, number, &[(&back.0, "success", &back.1)]),
            Self::Gitea(world) | Self::Forgejo(world) => {
                world.rerun(REPO, number, &["test"], &[back]);
            }
        }
    }

    /// Adds a run for a pull request (at GitHub, of a push), whose commit is of a fork or of the repository itself.
    pub fn add_of_request(&self, number: u64, sample: &str, of_fork: bool) -> String {
        let link = self.add(number, "success", &reports(sample));
        let sha = format!("{number:040x}");
        match self {
            Self::GitHub(world) => {
                if of_fork {
                    world
                        .set_field(number, None, "/head_repository/id", json!(FORK))
                        .expect("a field");
                }
            }
            Self::GitLab(world) => {
                if of_fork {
                    world.add_merge_request_from(REPO, REQUEST, &sha, Some(FORK));
                } else {
                    world.add_merge_request(REPO, REQUEST, &sha);
                }
                let reference = format!("refs/merge-requests/{REQUEST}/head");
                let of_request = json!({ "source": "merge_request_event", "ref": reference });
                world.set_fields(REPO, number, None, of_request);
            }
            Self::Gitea(world) | Self::Forgejo(world) => {
                let request = if of_fork { REQUEST } else { REQUEST + 1 };
                if of_fork {
                    world.add_pull_from(REPO, request, &sha, Some(FORK));
                } else {
                    world.add_pull(REPO, request, &sha);
                }
                world.add_run(ActionsRun {
                    artifacts: reports(sample),
                    pull: Some(request),
                    ..ActionsRun::new(REPO, number, number - 1000)
                });
            }
        }
        link
    }
}

fn started() -> DateTime<Utc> {
    "2026-11-01T12:00:00Z".parse().expect("a time")
}

/// An attempt at GitHub whose jobs are `test`, which uploads the reports, and `front`.
fn attempt(run: u64, number: u32, artifacts: Vec<(String, Vec<u8>)>) -> RunSpec {
    let job = |name: &str| JobSpec {
        name: name.to_owned(),
        conclusion: Some("success".to_owned()),
        steps: vec![("Upload the reports".to_owned(), Some("success".to_owned()))],
    };
    RunSpec {
        attempt: number,
        started_at: Some(started() + TimeDelta::hours(i64::from(number))),
        artifacts,
        jobs: vec![job("test"), job("front")],
        ..RunSpec::new(REPO, run)
    }
}

/// Says that a job of the latest attempt was not run again: it keeps its times.
fn was_not_run_again(github: &LoopbackGitHub, run: u64, job: &str) {
    for (field, minute) in [("/started_at", 0), ("/completed_at", 2)] {
        let at = started() + TimeDelta::hours(1) + TimeDelta::minutes(minute);
        let at: Value = json!(at.to_rfc3339_opts(SecondsFormat::Secs, true));
        github
            .set_field(run, Some(job), field, at)
            .expect("a field of a job");
    }
}
