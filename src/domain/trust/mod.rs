//! Trust: what a practice asks of a run before its grade counts as proved, and how far a run meets it.

mod facts;
mod judge;
mod manifest;
mod pipeline;
#[cfg(test)]
mod pipeline_tests;
mod places;
mod policy;
#[cfg(test)]
mod proof_tests;
mod shared;
mod signature;
mod statement;
#[cfg(test)]
mod tests;
mod tree;
mod verdict;

pub use facts::{Astray, CalledWorkflow, Facts, GradingJob, RunStamp};
pub use judge::{find_release, is_graded_event, judge};
pub use manifest::{GivenTest, Manifest, Release};
pub use pipeline::{JobClaims, Pipeline, SigningJob};
pub use policy::{Audit, PinnedWorkflow, Policy, Proof};
pub use shared::Shared;
pub use signature::{Claim, Claims, Signature};
pub use statement::Statement;
pub use tree::{StandIn, Tree, TreeEntry};
pub use verdict::{Level, Reason, Verdict};
