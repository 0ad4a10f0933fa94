//! Trust: what a practice asks of a run before its grade counts as proved.

mod manifest;
mod policy;
mod tree;

pub use manifest::{GivenTest, Manifest, Release};
pub use policy::{PinnedWorkflow, Policy};
pub use tree::Tree;
