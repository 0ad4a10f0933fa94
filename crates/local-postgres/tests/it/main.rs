//! The stories of this crate, told on a real Postgres.
//!
//! `LOCAL_POSTGRES_ENGINE=installed|embedded` chooses the engine; without it, what a user gets.
//! A machine without the engine that is asked for fails the tests.

#![expect(
    clippy::unwrap_used,
    reason = "the helpers of the tests fail as the tests do"
)]

mod crash;
mod life;
mod sharing;
mod world;
