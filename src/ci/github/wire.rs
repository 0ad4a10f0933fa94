//! The bodies of GitHub's REST API, as far as they are read.
//! Source: the OpenAPI description of version 2022-11-28.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::ci::api::IntoItems;

/// `workflow-run`
#[derive(Debug, Deserialize)]
pub(super) struct Run {
    pub id: u64,
    pub path: String,
    pub event: String,
    pub display_title: Option<String>,
    pub head_sha: String,
    pub head_branch: Option<String>,
    pub status: Option<String>,
    pub conclusion: Option<String>,
    #[serde(rename = "run_attempt")]
    pub number_of_attempt: Option<u32>,
    pub created_at: DateTime<Utc>,
    #[serde(rename = "run_started_at")]
    pub started_at: Option<DateTime<Utc>>,
    pub updated_at: DateTime<Utc>,
    pub actor: Option<User>,
    pub head_commit: Option<HeadCommit>,
    pub repository: Repository,
    pub head_repository: Option<Numbered>,
    #[serde(rename = "referenced_workflows")]
    pub workflows: Option<Vec<CalledWorkflow>>,
}

impl Run {
    /// The attempt; servers that do not tell it have only one.
    pub(super) fn attempt(&self) -> u32 {
        self.number_of_attempt.unwrap_or(1)
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct CalledWorkflow {
    pub path: String,
    pub sha: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct User {
    pub id: u64,
    pub login: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct HeadCommit {
    pub tree_id: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Repository {
    pub id: u64,
    pub full_name: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Numbered {
    pub id: u64,
}

/// A list of runs.
#[derive(Debug, Deserialize)]
pub(super) struct Runs {
    pub workflow_runs: Vec<Run>,
}

/// `job`
#[derive(Debug, Deserialize)]
pub(super) struct Job {
    pub id: u64,
    pub run_id: u64,
    pub run_attempt: Option<u32>,
    pub name: String,
    pub status: String,
    pub conclusion: Option<String>,
    #[serde(default)]
    pub steps: Vec<Step>,
    pub runner_group_name: Option<String>,
    pub started_at: Option<DateTime<Utc>>,
    pub completed_at: Option<DateTime<Utc>>,
    #[serde(default)]
    pub labels: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Step {
    pub number: u32,
    pub name: String,
    pub conclusion: Option<String>,
}

/// A list of jobs.
#[derive(Debug, Deserialize)]
pub(super) struct Jobs {
    jobs: Vec<Job>,
}

impl IntoItems for Jobs {
    type Item = Job;
    fn items(self) -> Vec<Job> {
        self.jobs
    }
}

/// `artifact`
#[derive(Debug, Deserialize)]
pub(super) struct Artifact {
    pub id: u64,
    pub name: String,
    pub size_in_bytes: u64,
    pub expired: bool,
    pub digest: Option<String>,
    pub created_at: Option<DateTime<Utc>>,
    pub workflow_run: Option<ArtifactRun>,
}

#[derive(Debug, Deserialize)]
pub(super) struct ArtifactRun {
    pub id: Option<u64>,
    pub head_sha: Option<String>,
}

/// A list of artifacts.
#[derive(Debug, Deserialize)]
pub(super) struct Artifacts {
    artifacts: Vec<Artifact>,
}

impl IntoItems for Artifacts {
    type Item = Artifact;
    fn items(self) -> Vec<Artifact> {
        self.artifacts
    }
}

/// `check-run`
#[derive(Debug, Deserialize)]
pub(super) struct CheckRun {
    pub details_url: Option<String>,
}

/// `check-annotation`
#[derive(Debug, Deserialize)]
pub(super) struct Annotation {
    pub title: Option<String>,
    pub message: Option<String>,
}

/// `pull-request`
#[derive(Debug, Deserialize)]
pub(super) struct Pull {
    pub head: Head,
}

/// A commit with its tree and the commits it follows.
#[derive(Debug, Deserialize)]
pub(super) struct GitCommit {
    pub sha: String,
    pub tree: Head,
    pub parents: Vec<Head>,
}

/// The head of a pull request, and a commit: whatever has a name.
#[derive(Debug, Deserialize)]
pub(super) struct Head {
    pub sha: String,
}
