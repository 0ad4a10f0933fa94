//! The verdict: how far a run's reports can be trusted, and what that rests on.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Claim, Proof};

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
    /// The strongest proof that holds; `None` when none does.
    #[serde(default)]
    pub proof: Option<Proof>,
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

impl Verdict {
    /// The verdict on reports that the instructors' own run has made; `before` is the letter that
    /// the run handed in had, where it was another. What that run shares with another member's still counts: an
    /// audit tells how good the work is, and not whose.
    #[must_use]
    pub fn audited(
        release: Option<String>,
        before: Option<String>,
        handed_in: Option<&Self>,
    ) -> Self {
        let regraded = before.map(|before| Reason::Regraded { before });
        let shared = handed_in.into_iter().flat_map(|verdict| &verdict.reasons);
        let shared = shared.filter(|reason| reason.other_run().is_some());
        let reasons: Vec<Reason> = regraded.into_iter().chain(shared.cloned()).collect();
        let level = reasons.iter().map(Reason::level).max();
        Self {
            level: level.unwrap_or(Level::Verified),
            release,
            reasons,
            proof: Some(Proof::Audited),
        }
    }
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
    /// The pipeline took its configuration from a file that members can change.
    OtherConfig {
        /// The file, as the project names it.
        path: String,
    },
    /// The pipeline was started with variables of somebody's own.
    Variables {
        /// Their names.
        names: Vec<String>,
    },
    /// The grading job did not end well, or stated nothing.
    GraderSilent,
    /// Several jobs bear the grading job's name, or it stated several things.
    GraderUnclear,
    /// An artifact is not the one that the grading job stated.
    OtherReports {
        /// Name of the artifact.
        artifact: String,
    },
    /// The run's token bears no signature of the provider.
    SignatureBroken,
    /// The provider signed something else than this run's reports.
    SignatureOfOther {
        /// What is another's.
        claim: Claim,
    },
    /// An artifact does not fit the job that should have uploaded it.
    Astray {
        /// The artifact.
        artifact: String,
        /// The job.
        job: String,
    },
    /// The commit comes from another repository than the run's.
    Fork,
    /// The instructors' own run gave another letter than the run that was handed in.
    Regraded {
        /// The letter that it had.
        before: String,
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
    /// The file of the member's workflow is not protected, and nothing else says which jobs ran.
    WorkflowOpen,
    /// The provider does not tell what a job has stated.
    GraderUnknown,
    /// The run has no token of the provider.
    NotSigned,
    /// The token is of a project whose settings may be the member's to change.
    SettingsOpen,
    /// The provider does not tell which variables a pipeline was started with.
    VariablesUnknown,
}

impl Reason {
    /// The level that this reason alone leads to.
    #[must_use]
    pub const fn level(&self) -> Level {
        match self {
            Self::Event { .. } => Level::Refused,
            Self::Regraded { .. } => Level::Verified,
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
            | Self::TestsLeftOut { .. }
            | Self::OtherConfig { .. }
            | Self::Variables { .. }
            | Self::GraderSilent
            | Self::GraderUnclear
            | Self::OtherReports { .. }
            | Self::SignatureBroken
            | Self::SignatureOfOther { .. }
            | Self::Astray { .. } => Level::NeedsReview,
            Self::Fork
            | Self::NoManifest
            | Self::TreeUnknown
            | Self::WorkflowsUnknown
            | Self::MachinesUnknown
            | Self::WorkflowOpen
            | Self::GraderUnknown
            | Self::NotSigned
            | Self::SettingsOpen
            | Self::VariablesUnknown => Level::Advisory,
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
            Self::OtherConfig { path } => {
                write!(
                    f,
                    "the pipeline is configured by {path}, which is not given"
                )
            }
            Self::Variables { names } => {
                write!(f, "the pipeline was started with {}", names.join(", "))
            }
            Self::GraderSilent => f.write_str("the grading job stated nothing"),
            Self::GraderUnclear => f.write_str("more than one job states what was graded"),
            Self::OtherReports { artifact } => {
                write!(
                    f,
                    "{artifact} is not the artifact that the grading job stated"
                )
            }
            Self::SignatureBroken => f.write_str("the token is not signed by the provider"),
            Self::SignatureOfOther { claim } => {
                let what = match claim {
                    Claim::Reports => "of other reports",
                    Claim::Run => "of another run",
                    Claim::Job => "of another job",
                    Claim::Workflow => "of another workflow",
                    Claim::Runner => "of a runner of one's own",
                    Claim::Time => "of another time",
                };
                write!(f, "the token is {what}")
            }
            Self::Astray { artifact, job } => {
                write!(f, "{artifact} does not fit the job {job}")
            }
            Self::Fork => f.write_str("the commit comes from another repository"),
            Self::Regraded { before } => write!(f, "the run handed in gave {before}"),
            Self::NoManifest => f.write_str("the practice has no manifest"),
            Self::TreeUnknown => f.write_str("the files of the commit are not known"),
            Self::TreeTruncated => f.write_str("not all files of the commit are known"),
            Self::WorkflowsUnknown => f.write_str("the called workflows are not known"),
            Self::WorkflowOpen => f.write_str("the member's workflow is not protected"),
            Self::GraderUnknown => f.write_str("what the grading job stated is not known"),
            Self::NotSigned => f.write_str("the run has no token"),
            Self::SettingsOpen => {
                f.write_str("the project's settings are not the instructors' alone")
            }
            Self::VariablesUnknown => f.write_str("the pipeline's variables are not known"),
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
