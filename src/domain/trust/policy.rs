//! What a practice asks of a run.

use serde::{Deserialize, Serialize};

use super::Manifest;
use crate::domain::pattern::PathPattern;

/// The rules of integrity of one practice.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Policy {
    /// What the starter gave.
    pub manifest: Manifest,
    /// Paths that stay as given; every file of the starter when empty.
    pub protect: Vec<PathPattern>,
    /// Paths that a member must not add: files that change how tests are run.
    pub forbid: Vec<PathPattern>,
    /// Paths within `protect` that a member may change all the same.
    pub editable: Vec<PathPattern>,
    /// The reusable workflow that must have done the grading.
    pub workflow: Option<PinnedWorkflow>,
    /// Whether every job must have run on a machine of the provider.
    pub hosted_runner: bool,
}

/// A reusable workflow at commits that the instructor trusts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PinnedWorkflow {
    /// Its repository: `school/ci`.
    pub repository: String,
    /// Its path there: `.github/workflows/grade.yml`.
    pub path: String,
    /// Commits that are trusted, in full.
    pub shas: Vec<String>,
}

impl Policy {
    /// Whether a file of the starter, or one put beside it, stays as given.
    #[must_use]
    pub fn protects(&self, path: &str) -> bool {
        let meant = self.protect.is_empty() || PathPattern::any(&self.protect, path);
        meant && !PathPattern::any(&self.editable, path)
    }

    /// The same, of what a careless file system takes the path for.
    pub(super) fn protects_like(&self, path: &str) -> bool {
        let like = PathPattern::any_like(&self.protect, path)
            && !PathPattern::any_like(&self.editable, path);
        like || self.protects(path)
    }
}
