//! The token of a run: what a provider has signed about the job that graded.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{Facts, JobClaims, PinnedWorkflow, RunStamp, Statement};

/// How far the provider's clock and its record of a run may differ.
const SLACK: TimeDelta = TimeDelta::minutes(5);

/// A token that a run uploaded, after its signature was checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signature {
    /// The provider signed it, at whatever time.
    Signed(Box<Claims>),
    /// GitLab signed it, at whatever time.
    SignedJob(Box<JobClaims>),
    /// It is no token of this provider: another key, another issuer, another algorithm.
    Broken,
}

/// What a provider says in a token about the job that asked for it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// For whom the job asked to sign.
    pub audience: String,
    /// The repository's number.
    pub repository_id: u64,
    /// The run's number.
    pub run_id: u64,
    /// The attempt, counted from one.
    pub attempt: u32,
    /// The commit.
    pub sha: String,
    /// The workflow the job is of: `school/ci/.github/workflows/grade.yml@<reference>`.
    pub workflow: String,
    /// The commit of that workflow.
    pub workflow_sha: String,
    /// Who owns the machine: `github-hosted`.
    pub runner: String,
    /// When it was signed.
    pub issued_at: DateTime<Utc>,
}

/// A claim that is not about this run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Claim {
    /// Other reports.
    Reports,
    /// Another repository, run, attempt or commit.
    Run,
    /// Another job than the one that signs, or not the only one of its name.
    Job,
    /// A job of another workflow, or of a commit of it that is not trusted.
    Workflow,
    /// A machine of somebody's own.
    Runner,
    /// A time outside the run.
    Time,
}

/// Whether a time lies in a run.
pub(super) fn is_during(at: DateTime<Utc>, run: &RunStamp) -> bool {
    at >= run.started_at - SLACK && at <= run.ended_at + SLACK
}

impl Claims {
    /// The first claim that does not fit the run and the workflow that should have graded it.
    #[must_use]
    pub fn find_misfit(
        &self,
        facts: &Facts,
        pinned: &PinnedWorkflow,
        graded: &Statement,
    ) -> Option<Claim> {
        let Some(run) = &facts.run else {
            return Some(Claim::Run);
        };
        // A merge that is not known cannot be compared; that is a reason of its own.
        let is_commit = (facts.is_merge && facts.merge_sha.is_none())
            || self.sha.eq_ignore_ascii_case(facts.tested_sha());
        let is_run = self.repository_id == run.repository_id
            && self.run_id == run.run_id
            && self.attempt == run.attempt
            && is_commit;
        let checks = [
            (self.audience == graded.audience(), Claim::Reports),
            (is_run, Claim::Run),
            (
                pinned.is(&self.workflow) && pinned.trusts(&self.workflow_sha),
                Claim::Workflow,
            ),
            (self.runner == "github-hosted", Claim::Runner),
            (is_during(self.issued_at, run), Claim::Time),
        ];
        let misfit = checks.into_iter().find(|(fits, _)| !fits);
        misfit.map(|(_, claim)| claim)
    }
}
