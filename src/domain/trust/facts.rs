//! Facts of a run that its provider states and its reports cannot change.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Policy, Tree};
use crate::domain::pattern::PathPattern;

/// What the provider says of a run. It is stored, so that a verdict can be worked out again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The commit that was tested; empty when it is not known.
    pub head_sha: String,
    /// What started the run: `push`.
    pub event: Option<String>,
    /// The files of the commit; `None` when the provider does not show them.
    pub tree: Option<Tree>,
    /// Reusable workflows the run called; `None` when the provider does not tell.
    pub workflows: Option<Vec<CalledWorkflow>>,
    /// Whether the commit comes from another repository than the run's.
    #[serde(default)]
    pub fork: bool,
    /// Artifacts that do not fit the job that the practice expects them from.
    #[serde(default)]
    pub astray: Vec<Astray>,
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
    /// The facts without the files that the policy does not look at: what is worth storing.
    #[must_use]
    pub fn trim(mut self, policy: &Policy) -> Self {
        if let Some(tree) = &mut self.tree {
            let files = std::mem::take(&mut tree.files);
            let of_release = |path: &str| {
                let releases = &policy.manifest.releases;
                releases.iter().any(|one| one.files.contains_key(path))
            };
            let looked_at = |path: &str| {
                of_release(path)
                    || PathPattern::any(&policy.protect, path)
                    || PathPattern::any(&policy.forbid, path)
            };
            let kept: BTreeMap<_, _> = files
                .into_iter()
                .filter(|(path, _)| looked_at(path))
                .collect();
            tree.files = kept;
        }
        self
    }
}
