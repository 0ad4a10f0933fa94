//! The bodies of the REST APIs of Gitea (1.24 and newer) and Forgejo (12 and newer), as far as
//! they are read. Both name the same things differently, so most fields may be missing.
//! Source: the Swagger descriptions of both.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::ci::api::IntoItems;

/// A repository.
#[derive(Debug, Deserialize)]
pub(super) struct Repository {
    pub id: u64,
    pub full_name: String,
}

/// A run: Gitea's `ActionWorkflowRun`, Forgejo's `ActionRun`.
#[derive(Debug, Deserialize)]
pub(super) struct Run {
    pub id: u64,
    pub html_url: String,
    pub event: Option<String>,
    pub status: String,
    pub conclusion: Option<String>,
    pub repository: Option<Repository>,
    head_sha: Option<String>,
    commit_sha: Option<String>,
    head_branch: Option<String>,
    prettyref: Option<String>,
    path: Option<String>,
    workflow_id: Option<String>,
    actor: Option<User>,
    trigger_user: Option<User>,
    #[serde(rename = "run_attempt")]
    attempts: Option<u32>,
    #[serde(alias = "created_at")]
    created: Option<DateTime<Utc>>,
    started: Option<DateTime<Utc>>,
    started_at: Option<DateTime<Utc>>,
    stopped: Option<DateTime<Utc>>,
    completed_at: Option<DateTime<Utc>>,
    #[serde(alias = "updated_at")]
    updated: Option<DateTime<Utc>>,
    pub head_repository: Option<Repository>,
    pub is_fork_pull_request: Option<bool>,
    pub need_approval: Option<bool>,
}

impl Run {
    /// The commit.
    pub(super) fn sha(&self) -> &str {
        let sha = self.head_sha.as_deref().or(self.commit_sha.as_deref());
        sha.unwrap_or_default()
    }

    /// The branch, where there is one.
    pub(super) fn branch(&self) -> Option<&str> {
        let branch = self.head_branch.as_deref().or(self.prettyref.as_deref());
        branch.filter(|name| !name.is_empty())
    }

    /// The workflow file: a path with its reference at Gitea, a bare name at Forgejo.
    pub(super) fn workflow(&self) -> &str {
        let file = self.path.as_deref().or(self.workflow_id.as_deref());
        file.unwrap_or_default()
            .split('@')
            .next()
            .unwrap_or_default()
    }

    /// Who started it.
    pub(super) fn actor(&self) -> Option<&User> {
        self.actor.as_ref().or(self.trigger_user.as_ref())
    }

    /// The number of the pull request that it runs for, as far as the server tells it.
    pub(super) fn pull(&self) -> Option<u64> {
        let (_, reference) = self.path.as_deref()?.split_once('@')?;
        let rest = reference.strip_prefix("refs/pull/")?;
        rest.split('/').next()?.parse().ok()
    }

    /// The attempt, counted from one; `None` where only its jobs tell it.
    pub(super) fn attempt(&self) -> Option<u32> {
        self.attempts.filter(|attempt| *attempt > 0)
    }

    /// When it was created; `None` where only its jobs tell it.
    pub(super) fn created_at(&self) -> Option<DateTime<Utc>> {
        real(self.created)
    }

    /// When it started.
    pub(super) fn started_at(&self) -> Option<DateTime<Utc>> {
        real(self.started_at).or_else(|| real(self.started))
    }

    /// When it was last changed.
    pub(super) fn updated_at(&self) -> Option<DateTime<Utc>> {
        real(self.updated)
            .or_else(|| real(self.completed_at))
            .or_else(|| real(self.stopped))
    }
}

/// Servers write times that have not come as the year 1 or 1970.
fn real(at: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
    at.filter(|at| at.timestamp() > 0)
}

/// An account.
#[derive(Debug, Deserialize)]
pub(super) struct User {
    pub id: u64,
    pub login: String,
}

/// A list of runs.
#[derive(Debug, Deserialize)]
pub(super) struct Runs {
    pub workflow_runs: Vec<Run>,
}

/// A job.
#[derive(Debug, Deserialize)]
pub(super) struct Job {
    pub id: u64,
    pub name: String,
    pub status: String,
    pub conclusion: Option<String>,
    pub steps: Option<Vec<Step>>,
    pub labels: Option<Vec<String>>,
    pub runs_on: Option<Vec<String>>,
    pub runner_name: Option<String>,
    #[serde(rename = "run_attempt", alias = "attempt")]
    attempts: Option<u32>,
    created_at: Option<DateTime<Utc>>,
    started_at: Option<DateTime<Utc>>,
    completed_at: Option<DateTime<Utc>>,
}

impl Job {
    /// The attempt in which it last ran, counted from one; `None` when it has not run.
    pub(super) fn attempt(&self) -> Option<u32> {
        self.attempts.filter(|attempt| *attempt > 0)
    }

    /// When it was created, as far as the server tells it.
    pub(super) fn created_at(&self) -> Option<DateTime<Utc>> {
        real(self.created_at)
    }

    /// When it started and when it ended, as far as the server tells it.
    pub(super) fn times(&self) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
        (real(self.started_at), real(self.completed_at))
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Step {
    pub number: u32,
    pub name: String,
    pub status: String,
    pub conclusion: Option<String>,
}

/// A list of jobs: an object at Gitea, a bare list at Forgejo.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Jobs {
    Object { jobs: Vec<Job> },
    Bare(Vec<Job>),
}

impl IntoItems for Jobs {
    type Item = Job;
    fn items(self) -> Vec<Job> {
        match self {
            Self::Object { jobs } | Self::Bare(jobs) => jobs,
        }
    }
}

/// An artifact.
#[derive(Debug, Deserialize)]
pub(super) struct Artifact {
    pub id: u64,
    pub name: String,
    #[serde(default)]
    pub size_in_bytes: u64,
    #[serde(default)]
    pub expired: bool,
    pub digest: Option<String>,
    created_at: Option<DateTime<Utc>>,
    updated_at: Option<DateTime<Utc>>,
}

impl Artifact {
    /// When it was uploaded last: some servers put an upload of the same name into the place of the earlier
    /// one. That its bytes were deleted is a change too, and no upload.
    pub(super) fn uploaded_at(&self) -> Option<DateTime<Utc>> {
        let updated_at = real(self.updated_at).filter(|_| !self.expired);
        updated_at.max(real(self.created_at))
    }
}

/// A list of artifacts: an object at Gitea, a bare list at Forgejo.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Artifacts {
    Object { artifacts: Vec<Artifact> },
    Bare(Vec<Artifact>),
}

impl IntoItems for Artifacts {
    type Item = Artifact;
    fn items(self) -> Vec<Artifact> {
        match self {
            Self::Object { artifacts } | Self::Bare(artifacts) => artifacts,
        }
    }
}

/// A pull request.
#[derive(Debug, Deserialize)]
pub(super) struct Pull {
    pub head: Head,
}

#[derive(Debug, Deserialize)]
pub(super) struct Head {
    pub sha: String,
    /// Its repository; below one when that is gone.
    pub repo_id: Option<i64>,
}
