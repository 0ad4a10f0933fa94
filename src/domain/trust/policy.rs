//! What a practice asks of a run.

use serde::{Deserialize, Serialize};

use super::Manifest;
use crate::domain::pattern::PathPattern;

/// The rules of integrity of one practice.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
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

    /// Whether a path is of interest at all: facts keep no other files of a commit.
    #[must_use]
    pub fn looks_at(&self, path: &str) -> bool {
        let mut releases = self.manifest.releases.iter();
        releases.any(|one| one.files.contains_key(path))
            || PathPattern::any(&self.protect, path)
            || PathPattern::any(&self.forbid, path)
    }

    /// Whether the facts that were kept for this policy suffice to judge by another one.
    #[must_use]
    pub fn sees_all_of(&self, other: &Self) -> bool {
        let mut given = other
            .manifest
            .releases
            .iter()
            .flat_map(|one| one.files.keys());
        given.all(|path| self.looks_at(path))
            && other.protect.iter().all(|glob| self.protect.contains(glob))
            && other.forbid.iter().all(|glob| self.forbid.contains(glob))
    }
}
