//! Trust: what a practice asks of a run before its grade counts as proved, and how far a run meets it.

mod facts;
mod judge;
mod manifest;
mod places;
mod policy;
mod shared;
#[cfg(test)]
mod tests;
mod tree;
mod verdict;

pub use facts::{CalledWorkflow, Facts};
pub use judge::{find_release, is_graded_event, judge};
pub use manifest::{GivenTest, Manifest, Release};
pub use policy::{PinnedWorkflow, Policy};
pub use shared::Shared;
pub use tree::{StandIn, Tree, TreeEntry};
pub use verdict::{Level, Reason, Verdict};
