//! The bodies of GitLab's REST API, version 4, as far as they are read.
//! Source: GitLab's documentation of the projects, pipelines and jobs API.

use chrono::{DateTime, Utc};
use serde::Deserialize;

/// A project.
#[derive(Debug, Deserialize)]
pub(super) struct Project {
    pub id: u64,
    pub path_with_namespace: String,
    pub ci_config_path: Option<String>,
    #[serde(rename = "forked_from_project")]
    pub parent: Option<Numbered>,
}

/// A pipeline, alone.
#[derive(Debug, Deserialize)]
pub(super) struct Pipeline {
    pub id: u64,
    pub project_id: u64,
    pub sha: String,
    #[serde(rename = "ref")]
    pub branch: Option<String>,
    pub status: String,
    pub source: Option<String>,
    pub created_at: DateTime<Utc>,
    pub updated_at: Option<DateTime<Utc>>,
    pub started_at: Option<DateTime<Utc>>,
    pub user: Option<User>,
    pub yaml_errors: Option<String>,
}

impl Pipeline {
    /// The number of the merge request that it runs for.
    pub(super) fn merge_request(&self) -> Option<u64> {
        let rest = self.branch.as_deref()?;
        let rest = rest.strip_prefix("refs/merge-requests/")?;
        rest.split('/').next()?.parse().ok()
    }
}

/// A merge request.
#[derive(Debug, Deserialize)]
pub(super) struct MergeRequest {
    /// `None` when the fork is gone.
    pub source_project_id: Option<u64>,
}

/// A pipeline in a list.
#[derive(Debug, Deserialize)]
pub(super) struct Listed {
    pub id: u64,
    pub project_id: u64,
    pub status: String,
}

/// An account.
#[derive(Debug, Deserialize)]
pub(super) struct User {
    pub id: u64,
    pub username: String,
}

/// A commit.
#[derive(Debug, Deserialize)]
pub(super) struct Commit {
    pub id: String,
}

/// A job.
#[derive(Debug, Deserialize)]
pub(super) struct Job {
    pub id: u64,
    pub name: String,
    pub status: String,
    pub created_at: DateTime<Utc>,
    pub started_at: Option<DateTime<Utc>>,
    pub finished_at: Option<DateTime<Utc>>,
    pub pipeline: Numbered,
    pub artifacts_file: Option<ArtifactsFile>,
    pub artifacts_expire_at: Option<DateTime<Utc>>,
    pub runner: Option<Runner>,
    pub allow_failure: Option<bool>,
    pub failure_reason: Option<String>,
    #[serde(default)]
    pub tag_list: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Numbered {
    pub id: u64,
}

/// The archive of a job.
#[derive(Debug, Deserialize)]
pub(super) struct ArtifactsFile {
    pub filename: String,
    pub size: Option<u64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Runner {
    pub description: Option<String>,
    pub runner_type: Option<String>,
}

/// A file or folder of a commit.
#[derive(Debug, Deserialize)]
pub(super) struct Entry {
    pub id: String,
    pub path: String,
    #[serde(default)]
    pub mode: String,
    #[serde(rename = "type")]
    pub kind: String,
}
