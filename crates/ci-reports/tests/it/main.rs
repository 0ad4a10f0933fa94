//! Reports of real tools, and bytes of strangers.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests fail loudly"
)]

mod archives;
mod contradictions;
mod coverage;
mod dialects;
mod hostile;
mod junit;
mod lint;
mod linter_forms;
mod recognition;
mod runners;
mod support;
