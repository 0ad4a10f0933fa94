//! Facts of a run that its provider states and its reports cannot change.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Policy, Shared, Tree, places::Given};
use crate::domain::pattern::PathPattern;

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
            let releases = policy.manifest.releases.iter();
            let releases: Vec<_> = releases.map(|one| (one, Given::of(policy, one))).collect();
            let of_release = |path: &str| {
                let mut releases = releases.iter();
                releases.any(|(one, given)| {
                    one.files.contains_key(path) || given.find_twin(path).is_some()
                })
            };
            let looked_at = |path: &str| {
                of_release(path)
                    || tree.stand_ins.contains_key(path)
                    || PathPattern::any_like(&policy.protect, path)
                    || PathPattern::any_like(&policy.forbid, path)
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
