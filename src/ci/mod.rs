//! Continuous-integration providers: from a pasted link to the bytes of a run's reports.
//!
//! [`link`] is pure, [`client`] is the only place that speaks HTTP to strangers, and each
//! provider is one file beside them that implements [`crate::app::ports::CiProvider`].

pub mod client;
pub mod github;
pub mod link;

pub use github::{GitHub, GitHubError, GitHubSettings};
