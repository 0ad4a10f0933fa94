//! What a run to be added looks like.

use chrono::{DateTime, Utc};

/// A run, one attempt of it.
#[derive(Debug, Clone)]
pub struct RunSpec {
    /// `owner/name`; a public repository is made when there is none.
    pub repository: String,
    /// The number of the owner's account, who also started the run.
    pub owner_id: u64,
    /// The run's number.
    pub run_id: u64,
    /// The attempt, counted from one.
    pub attempt: u32,
    /// `queued`, `in_progress` or `completed`.
    pub status: String,
    /// `success`, `failure` and so on; `None` until it has ended.
    pub conclusion: Option<String>,
    /// What started it.
    pub event: String,
    /// The workflow file.
    pub workflow_path: String,
    /// The commit.
    pub head_sha: String,
    /// The branch.
    pub head_branch: String,
    /// When the attempt started; `None` for a moment ago.
    pub started_at: Option<DateTime<Utc>>,
    /// Names and bytes of what it uploaded.
    pub artifacts: Vec<(String, Vec<u8>)>,
    /// Its jobs; empty for one job that ended as the run did.
    pub jobs: Vec<JobSpec>,
}

impl RunSpec {
    /// A completed and successful first attempt, pushed to `main`.
    #[must_use]
    pub fn new(repository: &str, run_id: u64) -> Self {
        Self {
            repository: repository.to_owned(),
            owner_id: 42,
            run_id,
            attempt: 1,
            status: "completed".to_owned(),
            conclusion: Some("success".to_owned()),
            event: "push".to_owned(),
            workflow_path: ".github/workflows/practice.yml".to_owned(),
            head_sha: format!("{run_id:040x}"),
            head_branch: "main".to_owned(),
            started_at: None,
            artifacts: Vec::new(),
            jobs: Vec::new(),
        }
    }

    /// The same run, still going.
    #[must_use]
    pub fn running(mut self) -> Self {
        "in_progress".clone_into(&mut self.status);
        self.conclusion = None;
        self
    }

    /// The same run with one more artifact.
    #[must_use]
    pub fn with_artifact(mut self, name: &str, bytes: &[u8]) -> Self {
        self.artifacts.push((name.to_owned(), bytes.to_vec()));
        self
    }
}

/// A job of a run.
#[derive(Debug, Clone)]
pub struct JobSpec {
    /// Its name in the workflow.
    pub name: String,
    /// How it ended; `None` until it has.
    pub conclusion: Option<String>,
    /// Names of its steps, with how each ended.
    pub steps: Vec<(String, Option<String>)>,
}
