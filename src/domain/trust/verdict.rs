//! The verdict: how far a run's reports can be trusted, and what that rests on.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How far the reports of a run can be trusted. A verdict accuses nobody: it says what was
/// compared and what differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// The level.
    pub level: Level,
    /// The release of the starter that the run's protected files are those of, or are nearest to.
    pub release: Option<String>,
    /// What keeps the run from being verified; none when it is.
    pub reasons: Vec<Reason>,
}

/// The levels, from the best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Everything the practice asks for was compared and holds.
    Verified,
    /// Nothing differs, and not everything could be compared.
    Advisory,
    /// Something differs from what the practice gave; a person looks.
    NeedsReview,
    /// The run is of a kind that is not graded.
    Refused,
}

impl Level {
    /// The word the level is stored under.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::Advisory => "advisory",
            Self::NeedsReview => "needs_review",
            Self::Refused => "refused",
        }
    }
}

/// One thing that keeps a run from being verified.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Reason {
    /// The run was started by an event that a stranger's workflow can raise.
    Event {
        /// The event.
        event: String,
    },
    /// A protected file has other contents.
    Changed {
        /// Its path.
        path: String,
    },
    /// A protected file is gone.
    Gone {
        /// Its path.
        path: String,
    },
    /// A file was put where everything stays as given.
    Added {
        /// Its path.
        path: String,
    },
    /// A file was added that changes how tests are run.
    Forbidden {
        /// Its path.
        path: String,
    },
    /// A file was added that careless file systems do not tell from a protected one.
    Twin {
        /// Its path.
        path: String,
        /// The path of the protected one.
        given: String,
    },
    /// A repository was put inside the repository: its files are not seen.
    Submodule {
        /// Its path.
        path: String,
    },
    /// The run tested a merge with another branch, whose files are not those of the commit.
    Merge,
    /// The run did not call the workflow of the practice.
    WorkflowNotCalled {
        /// Repository and path of the workflow.
        workflow: String,
    },
    /// The run called the workflow of the practice at a commit that is not trusted.
    WorkflowAtOtherCommit {
        /// The commit.
        sha: String,
    },
    /// All tests are green, and given tests are not among them.
    TestsLeftOut {
        /// How many.
        count: u32,
    },
    /// A job ran on a machine that is not the provider's.
    OwnMachine {
        /// Its name.
        job: String,
    },
    /// The reports are, byte for byte, those that another member handed in before.
    SameReports {
        /// The page of that run.
        run: String,
    },
    /// All files are those of a run that another member handed in before.
    SameFiles {
        /// The page of that run.
        run: String,
    },
    /// The practice does not say what stays as given.
    NoManifest,
    /// The provider does not show the files of the commit.
    TreeUnknown,
    /// The commit has more files than the provider shows.
    TreeTruncated,
    /// The provider does not tell which workflows a run called.
    WorkflowsUnknown,
    /// The provider does not tell on which machines the jobs ran.
    MachinesUnknown,
    /// Neither is a workflow pinned, nor is the file of the workflow protected.
    WorkflowOpen,
}

impl Reason {
    /// The level that this reason alone leads to.
    #[must_use]
    pub const fn level(&self) -> Level {
        match self {
            Self::Event { .. } => Level::Refused,
            Self::Changed { .. }
            | Self::Gone { .. }
            | Self::Added { .. }
            | Self::Forbidden { .. }
            | Self::Twin { .. }
            // A member can bring these about, and hide a file in what is not compared.
            | Self::TreeTruncated
            | Self::Merge
            | Self::Submodule { .. }
            | Self::OwnMachine { .. }
            | Self::SameReports { .. }
            | Self::SameFiles { .. }
            | Self::WorkflowNotCalled { .. }
            | Self::WorkflowAtOtherCommit { .. }
            | Self::TestsLeftOut { .. } => Level::NeedsReview,
            Self::NoManifest
            | Self::TreeUnknown
            | Self::WorkflowsUnknown
            | Self::MachinesUnknown
            | Self::WorkflowOpen => Level::Advisory,
        }
    }
}

impl Reason {
    /// The page of another member's run that this is about; only an instructor may see it.
    #[must_use]
    pub fn other_run(&self) -> Option<&str> {
        match self {
            Self::SameReports { run } | Self::SameFiles { run } => Some(run),
            _ => None,
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Event { event } => write!(f, "runs started by {event} are not graded"),
            Self::Changed { path } => write!(f, "{path} is changed"),
            Self::Gone { path } => write!(f, "{path} is gone"),
            Self::Added { path } => write!(f, "{path} is added where everything stays as given"),
            Self::Forbidden { path } => {
                write!(f, "{path} is added and changes how tests are run")
            }
            Self::Twin { path, given } => write!(f, "{path} is hardly told from {given}"),
            Self::Submodule { path } => {
                write!(
                    f,
                    "{path} is a repository of its own, whose files are not seen"
                )
            }
            Self::Merge => f.write_str("the run tested a merge with another branch"),
            Self::OwnMachine { job } => {
                write!(f, "{job} ran on a machine that is not the provider's")
            }
            Self::SameReports { run } => write!(f, "its reports are those of {run}"),
            Self::SameFiles { run } => write!(f, "its files are those of {run}"),
            Self::MachinesUnknown => f.write_str("the machines of the jobs are not known"),
            Self::WorkflowNotCalled { workflow } => {
                write!(f, "the run did not call {workflow}")
            }
            Self::WorkflowAtOtherCommit { sha } => {
                write!(f, "the workflow was called at {sha}, which is not trusted")
            }
            Self::TestsLeftOut { count } => {
                write!(f, "{count} given tests are not in a green run")
            }
            Self::NoManifest => f.write_str("the practice has no manifest"),
            Self::TreeUnknown => f.write_str("the files of the commit are not known"),
            Self::TreeTruncated => f.write_str("not all files of the commit are known"),
            Self::WorkflowsUnknown => f.write_str("the called workflows are not known"),
            Self::WorkflowOpen => {
                f.write_str("no workflow is pinned and no file of a workflow is protected")
            }
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.level {
            Level::Verified => f.write_str("verified"),
            Level::Advisory => f.write_str("advisory"),
            Level::NeedsReview => f.write_str("needs review"),
            Level::Refused => {
                f.write_str("refused: ")?;
                let why = self
                    .reasons
                    .iter()
                    .find(|one| one.level() == Level::Refused);
                why.map_or(Ok(()), |why| why.fmt(f))
            }
        }
    }
}
