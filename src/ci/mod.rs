//! Continuous-integration providers: from a pasted link to the bytes of a run's reports.
//!
//! [`link`] is pure, [`client`] is the only place that speaks HTTP to strangers, and each
//! provider is one file beside them that implements [`crate::app::ports::CiProvider`].

mod api;
pub mod client;
pub mod gitea;
pub mod github;
pub mod gitlab;
mod issuer;
pub mod jwt;
pub mod link;
mod memory;
mod registry;

pub use api::SettingsError;
pub use gitea::{Gitea, GiteaSettings};
pub use github::{AppSettings, DeviceSettings, GitHub, GitHubDevice, GitHubSettings};
pub use gitlab::{GitLab, GitLabSettings};
pub use memory::NoMemory;
pub use registry::Registry;
