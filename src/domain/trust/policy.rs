//! What a practice asks of a run.

use serde::{Deserialize, Serialize};

use super::{Manifest, places::Sight};
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
    /// Whether every job must have run on a machine of the provider.
    #[serde(default)]
    pub hosted_runner: bool,
    /// What it takes for a run to be verified.
    pub require: Proof,
    /// Where commits are graded once more when an instructor asks for it.
    pub audit: Option<Audit>,
}

/// A workflow of the instructors' own that grades a commit of anybody's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audit {
    /// Its repository: `school/alembic-grader`.
    pub repository: String,
    /// Its file: `audit.yml`.
    pub workflow: String,
    /// The branch it is started on: `main`.
    pub reference: String,
    /// One of so many runs with the best letter is audited unasked; none when left out.
    pub sample: Option<u32>,
}

impl Audit {
    /// Whether a graded run is drawn as a sample; `lot` is a number that nobody can choose.
    #[must_use]
    pub fn draws(&self, lot: u128) -> bool {
        let one_of = self.sample.map(u128::from).filter(|one_of| *one_of > 0);
        one_of.is_some_and(|one_of| lot.is_multiple_of(one_of))
    }
}

/// What a verdict rests on, from the weakest. Each includes those before it.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Proof {
    /// The files of the commit are those of a release of the starter.
    #[default]
    ProtectedTree,
    /// The job of the pinned workflow stated the very reports that were graded.
    PinnedGrader,
    /// The provider signed that it was this job, in this run, and these reports.
    Signed,
    /// The commit was graded in a run of the instructors' own.
    Audited,
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
    /// Name of the job in it that states which reports the run is graded by.
    pub job: String,
}

impl PinnedWorkflow {
    /// Whether a called workflow, `school/ci/.github/workflows/grade.yml@v1`, is this one.
    #[must_use]
    pub fn is(&self, called: &str) -> bool {
        let path = called.split('@').next().unwrap_or_default();
        path.eq_ignore_ascii_case(&format!("{}/{}", self.repository, self.path))
    }

    /// Whether a commit is trusted.
    #[must_use]
    pub fn trusts(&self, sha: &str) -> bool {
        self.shas
            .iter()
            .any(|known| known.eq_ignore_ascii_case(sha))
    }

    /// Whether a job of a pipeline, `proof`, bears the name of the signing job.
    #[must_use]
    pub fn signs(&self, name: &str) -> bool {
        name == self.job
    }

    /// Whether a job of a run, `practice / proof`, bears the name of the stating job.
    #[must_use]
    pub fn is_job(&self, name: &str) -> bool {
        name.rsplit_once(" / ")
            .is_some_and(|(_, job)| job == self.job)
    }
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

    /// Whether the facts that were kept for this policy suffice to judge by another one.
    #[must_use]
    pub fn sees_all_of(&self, other: &Self) -> bool {
        let sight = Sight::of(self);
        let mut given = other
            .manifest
            .releases
            .iter()
            .flat_map(|one| one.files.keys());
        given.all(|path| sight.sees(path))
            && other.protect.iter().all(|glob| self.protect.contains(glob))
            && other.forbid.iter().all(|glob| self.forbid.contains(glob))
            && (self.hosted_runner || !other.hosted_runner)
    }
}
