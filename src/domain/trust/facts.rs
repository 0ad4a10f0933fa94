//! Facts of a run that its provider states and its reports cannot change.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Policy, Tree};

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
            let kept: BTreeMap<_, _> = files
                .into_iter()
                .filter(|(path, _)| policy.looks_at(path))
                .collect();
            tree.files = kept;
        }
        self
    }
}
