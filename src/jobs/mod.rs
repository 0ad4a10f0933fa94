//! Background jobs: one file each, registered here.

mod deliver_grade;
mod finish_submission;
mod forget_interactions;
mod run_audit;
mod settle_stranded;
mod tell_member;
mod tell_regrade;
mod worker;

use crate::{app::App, discord::outbox::Outbox};

pub use worker::{migrate, run};

/// What jobs work with.
#[derive(Clone)]
pub struct Workshop {
    /// The use cases.
    pub app: App,
    /// The way to Discord.
    pub outbox: Outbox,
}

impl std::fmt::Debug for Workshop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Workshop")
    }
}
