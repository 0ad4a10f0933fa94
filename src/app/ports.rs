//! What the use cases need from a continuous-integration provider, said without naming one.
//!
//! The adapters in `ci` implement [`CiProvider`]; the use cases see only these values.

mod artifact;
mod consent;
mod memory;

use std::fmt;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use artifact::Artifact;
pub use consent::{Account, DeviceCode, DeviceFlow, DevicePoll};
pub use memory::{CiMemory, KeptAnswer};

pub use crate::domain::trust::{
    Audit, CalledWorkflow, Claims, JobClaims, Signature, Tree, TreeEntry,
};

/// Where a run was executed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Provider {
    /// GitHub Actions, on github.com or on a server of one's own.
    #[serde(rename = "github")]
    GitHub,
    /// GitLab CI, on gitlab.com or on a server of one's own.
    #[serde(rename = "gitlab")]
    GitLab,
    /// Actions of Gitea or Forgejo.
    #[serde(rename = "gitea")]
    Gitea,
}

impl Provider {
    /// The word the provider is stored under.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::GitHub => "github",
            Self::GitLab => "gitlab",
            Self::Gitea => "gitea",
        }
    }
}

/// What a pasted link points at; the link itself is thrown away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CiLink {
    /// The registered host the link was on: `github.com`.
    pub host: String,
    /// `owner/name`, in the letters the member typed.
    pub repository: String,
    /// The page of the repository.
    pub target: LinkTarget,
}

/// The page a link points at. Every one of them leads to one run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkTarget {
    /// A run, at one attempt or at its latest.
    Run {
        /// The run's number.
        run: u64,
        /// The attempt, counted from one; `None` for the latest.
        attempt: Option<u32>,
    },
    /// A job of a run.
    Job {
        /// The run, where the link names it.
        run: Option<u64>,
        /// The job's number.
        job: u64,
    },
    /// An uploaded artifact.
    Artifact {
        /// The run, where the link names it.
        run: Option<u64>,
        /// The artifact's number.
        artifact: u64,
    },
    /// A check run; one of Actions bears the number of its job.
    CheckRun(u64),
    /// A pull request: the latest run of its head commit.
    PullRequest(u64),
    /// A commit, by its full or shortened name: its latest run.
    Commit(String),
    /// A branch: its latest run.
    Branch(String),
    /// A workflow file, such as `practice.yml`: its latest run.
    Workflow(String),
}

/// How far a run or a job has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunStatus {
    /// It waits for a runner, an approval or another run.
    Queued,
    /// It runs.
    InProgress,
    /// It has ended, well or badly.
    Completed,
}

/// How a run, a job or a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Conclusion {
    /// It passed.
    Success,
    /// It failed.
    Failure,
    /// It ended with neither verdict.
    Neutral,
    /// Someone stopped it.
    Cancelled,
    /// Its condition kept it from running.
    Skipped,
    /// It ran out of time.
    TimedOut,
    /// It waits for a person.
    ActionRequired,
    /// The provider gave up waiting for it.
    Stale,
    /// The workflow could not be started, often because its file is wrong.
    StartupFailure,
    /// A job of it never ran: no runner took it.
    NotStarted,
    /// A fault of the provider's own machines ended it.
    Infrastructure,
    /// A word this version does not know.
    Other,
}

impl Conclusion {
    /// The word a submission without a grade is stored under; never changed.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
            Self::Neutral => "neutral",
            Self::Cancelled => "cancelled",
            Self::Skipped => "skipped",
            Self::TimedOut => "timed_out",
            Self::ActionRequired => "action_required",
            Self::Stale => "stale",
            Self::StartupFailure => "startup_failure",
            Self::NotStarted => "not_started",
            Self::Infrastructure => "infrastructure",
            Self::Other => "other",
        }
    }
}

/// One attempt of one run at the provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// Where it ran.
    pub provider: Provider,
    /// The web host of the provider: `github.com`.
    pub host: String,
    /// `owner/name`, as the provider writes it.
    pub repository: String,
    /// The repository's number, which survives a rename.
    pub repository_id: u64,
    /// The number of the repository the commit came from; another one for a fork.
    pub head_repository_id: Option<u64>,
    /// The run's number.
    pub run_id: u64,
    /// The attempt, counted from one.
    pub attempt: u32,
    /// The workflow file, without its reference: `.github/workflows/practice.yml`.
    pub workflow_path: String,
    /// What started the run: `push`, `pull_request`.
    pub event: String,
    /// The commit.
    pub head_sha: String,
    /// The commit's tree, where the provider tells it.
    pub tree_sha: Option<String>,
    /// The branch, where there is one.
    pub head_branch: Option<String>,
    /// The number of the account that started the run.
    pub actor_id: u64,
    /// The name of that account.
    pub actor_login: String,
    /// How far it has come.
    pub status: RunStatus,
    /// How it ended; `None` until it has.
    pub conclusion: Option<Conclusion>,
    /// The page of this attempt.
    pub html_url: String,
    /// When the run was created (its first attempt).
    pub created_at: DateTime<Utc>,
    /// When this attempt started.
    pub started_at: DateTime<Utc>,
    /// When the provider last changed it.
    pub updated_at: DateTime<Utc>,
    /// Reusable workflows it called; `None` where the provider does not tell.
    #[serde(default)]
    pub workflows: Option<Vec<CalledWorkflow>>,
}

/// One job of a run's attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// The job's number.
    pub id: u64,
    /// The name in the workflow.
    pub name: String,
    /// How far it has come.
    pub status: RunStatus,
    /// How it ended; `None` until it has.
    pub conclusion: Option<Conclusion>,
    /// Its steps, in order.
    pub steps: Vec<Step>,
    /// The group of the runner: `GitHub Actions` for a hosted one.
    pub runner_group: Option<String>,
    /// Whether it ran on a machine of the provider; `None` when the provider does not tell, or it did not run.
    pub is_hosted: Option<bool>,
    /// The labels the runner was asked for.
    pub labels: Vec<String>,
    /// The attempt of the run in which it last ran; `None` where only its times tell it.
    #[serde(default)]
    pub attempt: Option<u32>,
    /// When it started, where the provider tells it. One that a later attempt did not run again
    /// keeps its time.
    #[serde(default)]
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended, where the provider tells it.
    #[serde(default)]
    pub completed_at: Option<DateTime<Utc>>,
}

/// One step of a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Its place, counted from one.
    pub number: u32,
    /// Its name.
    pub name: String,
    /// How it ended; `None` until it has.
    pub conclusion: Option<Conclusion>,
}

/// What a job has written down beside its run, for everybody to see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Annotation {
    /// Its title.
    pub title: Option<String>,
    /// Its text, which may have several lines.
    pub message: String,
}

/// Why a text is not a link to a run that this provider can find.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// There is no link in the text.
    #[error("the text holds no link")]
    NotALink,
    /// The link is on a host the operator has not registered.
    #[error("{host} is not a registered host")]
    OtherHost {
        /// The host of the link.
        host: String,
        /// The registered hosts.
        known: Vec<String>,
    },
    /// The link is on a registered host and leads to no run.
    #[error("the link leads to no run")]
    NotARun,
    /// The link carries something no copied link has: a port, a password, an address.
    #[error("the link carries what no copied link has")]
    Unsafe,
}

/// Why the provider did not give what was asked. The codes are stored; the texts are for the log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CiError {
    /// There is no such thing in a repository that can be seen.
    #[error("the provider knows no such run")]
    NotFound,
    /// There is no such repository, or the token may not know of it.
    #[error("the provider shows no such repository")]
    Private,
    /// The token is known and may not do this.
    #[error("the provider's token lacks the permission")]
    Forbidden,
    /// There is no token, or the provider does not know it.
    #[error("the provider asks for a valid token")]
    Unauthorized,
    /// The repository has not let our App in.
    #[error("the App is not installed for the repository")]
    NotInstalled {
        /// Where its owner lets the App in.
        page: Option<String>,
    },
    /// The provider has deleted the artifact.
    #[error("the provider has deleted it: artifacts are kept for a limited time")]
    Expired,
    /// More bytes, pages or redirects than are read.
    #[error("more than the limit of {limit}")]
    TooLarge {
        /// The limit that was reached.
        limit: u64,
    },
    /// The answer is not what the provider's documentation says.
    #[error("the provider's answer makes no sense: {0}")]
    Malformed(String),
    /// The uploaded bytes are not what the course expects.
    #[error("the artifact cannot be read: {0}")]
    Unreadable(String),
    /// The answer leads to a host that is not the provider's.
    #[error("the provider redirects to {0}, which is not among the allowed hosts")]
    Elsewhere(String),
    /// The provider asks to wait.
    #[error("the provider asks to wait until {until}")]
    RateLimited {
        /// The earliest time of the next request.
        until: DateTime<Utc>,
    },
    /// The answer did not come in time.
    #[error("the provider did not answer in time")]
    Timeout,
    /// The provider cannot be reached or has failed.
    #[error("the provider is unavailable: {0}")]
    Unavailable(String),
    /// Two facts that must agree do not: another repository, another digest, a foreign host.
    #[error("the facts do not agree: {0}")]
    Forged(String),
}

impl CiError {
    /// Whether asking again later may succeed.
    #[must_use]
    pub const fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::RateLimited { .. } | Self::Timeout | Self::Unavailable(_)
        )
    }

    /// The word the error is stored under; never changed.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::Private => "private",
            Self::Forbidden => "forbidden",
            Self::Unauthorized => "unauthorized",
            Self::NotInstalled { .. } => "not_installed",
            Self::Expired => "expired",
            Self::TooLarge { .. } => "too_large",
            Self::Malformed(_) => "malformed",
            Self::Unreadable(_) => "unreadable",
            Self::Elsewhere(_) => "elsewhere",
            Self::RateLimited { .. } => "rate_limited",
            Self::Timeout => "timeout",
            Self::Unavailable(_) => "unavailable",
            Self::Forged(_) => "forged",
        }
    }
}

/// A provider of continuous integration, seen from the use cases. Everything is read-only here.
#[async_trait]
pub trait CiProvider: Send + Sync + fmt::Debug {
    /// Reads a pasted text as a link to a run of this provider. Asks nobody.
    ///
    /// # Errors
    /// See [`LinkError`].
    fn parse_link(&self, text: &str) -> Result<CiLink, LinkError>;

    /// The run a link leads to.
    ///
    /// A pull request, commit, branch or workflow leads to its latest completed run, or to the
    /// latest run when none has completed yet.
    async fn find_run(&self, link: &CiLink) -> Result<Run, CiError>;

    /// The same attempt of the same run, as it is now; a later one where the provider shows no other.
    async fn reload_run(&self, run: &Run) -> Result<Run, CiError>;

    /// The files of the run's commit; `None` when the provider does not show them.
    async fn load_tree(&self, run: &Run) -> Result<Option<Tree>, CiError> {
        let _ = run;
        Ok(None)
    }

    /// The files of a merge of the run's commit with another branch; `None` when that commit is no such
    /// merge, or the provider does not show it.
    async fn load_merge(&self, run: &Run, sha: &str) -> Result<Option<Tree>, CiError> {
        let _ = (run, sha);
        Ok(None)
    }

    /// Names of the variables that somebody gave the run; `None` when the provider does not tell.
    async fn list_variables(&self, run: &Run) -> Result<Option<Vec<String>>, CiError> {
        let _ = run;
        Ok(None)
    }

    /// The jobs of the run's attempt, with their steps.
    async fn list_jobs(&self, run: &Run) -> Result<Vec<Job>, CiError>;

    /// What a job of the run has written down; `None` when the provider does not keep or show it.
    async fn list_annotations(
        &self,
        run: &Run,
        job: &Job,
    ) -> Result<Option<Vec<Annotation>>, CiError> {
        let _ = (run, job);
        Ok(None)
    }

    /// Checks a token against the keys of the provider; `None` when it signs none. When the token
    /// was good for is not looked at, only who signed what.
    async fn check_token(&self, run: &Run, token: &str) -> Result<Option<Signature>, CiError> {
        let _ = (run, token);
        Ok(None)
    }

    /// The artifacts the run's attempt has uploaded.
    async fn list_artifacts(&self, run: &Run) -> Result<Vec<Artifact>, CiError>;

    /// The bytes of an artifact, checked against its digest.
    async fn download_artifact(&self, run: &Run, artifact: &Artifact) -> Result<Vec<u8>, CiError>;
}

/// A provider that may start workflows in a repository of the instructors' own, with a token for it.
#[async_trait]
pub trait Starter: CiProvider {
    /// Starts the workflow with these inputs; the run's number where the provider tells it.
    async fn start(&self, target: &Audit, inputs: &[(&str, &str)]) -> Result<Option<u64>, CiError>;

    /// The newest run of the workflow that was started by hand and has this word in its name.
    async fn find_started(&self, target: &Audit, word: &str) -> Result<Option<u64>, CiError>;

    /// A run of the workflow that was started by hand, as it is now.
    async fn load_started(&self, target: &Audit, run: u64) -> Result<Run, CiError>;
}

/// A run that has ended, as its provider's webhook names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndedRun {
    /// The provider.
    pub provider: Provider,
    /// The registered host.
    pub host: String,
    /// The number of the repository.
    pub repository_id: u64,
    /// The run's number.
    pub run_id: u64,
}

/// A delivery of a webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The provider's name for it.
    pub id: String,
    /// SHA-256 of its body.
    pub body_sha256: Vec<u8>,
}

/// The time.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> DateTime<Utc>;
}
