//! Facts of a run that its provider states and its reports cannot change.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Pipeline, Policy, Shared, Signature, Statement, Tree, places::Sight};

/// What the provider says of a run. It is stored, so that a verdict can be worked out again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The commit that was tested; empty when it is not known.
    pub head_sha: String,
    /// What started the run: `push`.
    pub event: Option<String>,
    /// Whether a merge of the commit with another branch was tested in its place, as GitHub does for a
    /// `pull_request`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_merge: bool,
    /// The merge that was tested, where a token of the run names it; its files are then those of `tree`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merge_sha: Option<String>,
    /// The files of the commit; `None` when the provider does not show them.
    pub tree: Option<Tree>,
    /// Reusable workflows the run called; `None` when the provider does not tell.
    pub workflows: Option<Vec<CalledWorkflow>>,
    /// Jobs that ran on machines which are not the provider's; `None` when that is not asked for, or the
    /// provider does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own_machines: Option<Vec<String>>,
    /// What of the run another member handed in before.
    #[serde(default, skip_serializing_if = "Shared::is_empty")]
    pub shared: Shared,
    /// Which run it is; not kept of older ones.
    #[serde(default)]
    pub run: Option<RunStamp>,
    /// The artifacts the grade rests on, as they were downloaded.
    #[serde(default, skip_serializing_if = "Statement::is_empty")]
    pub graded: Statement,
    /// What the grading job stated; `None` when the provider does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grading: Option<GradingJob>,
    /// The token in the run's artifacts; `None` when there is none, or the provider signs none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<Signature>,
    /// What only GitLab tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pipeline: Option<Pipeline>,
    /// Whether the commit comes from another repository than the run's.
    #[serde(default)]
    pub fork: bool,
    /// Artifacts that do not fit the job that the practice expects them from.
    #[serde(default)]
    pub astray: Vec<Astray>,
}

/// A run's own numbers and times.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunStamp {
    /// The repository's number.
    pub repository_id: u64,
    /// The run's number.
    pub run_id: u64,
    /// The attempt, counted from one.
    pub attempt: u32,
    /// When the attempt started.
    pub started_at: DateTime<Utc>,
    /// When the provider last changed it.
    pub ended_at: DateTime<Utc>,
}

/// The job that states which reports a run is graded by. Only its own machine speaks for it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GradingJob {
    /// Jobs of its name in the attempt: one, unless somebody gave the name to another.
    pub jobs: usize,
    /// Whether the only one has succeeded.
    pub succeeded: bool,
    /// What the only one stated: one statement, unless something was added.
    pub stated: Vec<Statement>,
}

/// An artifact that does not fit the job that should have uploaded it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Astray {
    /// The artifact.
    pub artifact: String,
    /// The job.
    pub job: String,
}

/// A reusable workflow that a run called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalledWorkflow {
    /// Repository, file and reference: `school/ci/.github/workflows/grade.yml@main`.
    pub path: String,
    /// The commit the workflow was taken from.
    pub sha: String,
}

impl Facts {
    /// The commit whose files were tested, as far as it is known.
    #[must_use]
    pub fn tested_sha(&self) -> &str {
        self.merge_sha.as_deref().unwrap_or(&self.head_sha)
    }

    /// The facts without the files that the policy does not look at: what is worth storing.
    #[must_use]
    pub fn trim(mut self, policy: &Policy) -> Self {
        if let Some(tree) = &mut self.tree {
            let files = std::mem::take(&mut tree.files);
            let sight = Sight::of(policy);
            let looked_at = |path: &str| tree.stand_ins.contains_key(path) || sight.sees(path);
            let kept: BTreeMap<_, _> = files
                .into_iter()
                .filter(|(path, _)| looked_at(path))
                .collect();
            tree.files = kept;
        }
        self
    }
}
