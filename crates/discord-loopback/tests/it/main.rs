//! The loopback as its clients see it.
#![expect(
    clippy::disallowed_methods,
    reason = "the tests are the clients, and their tasks end with them"
)]
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests fail loudly"
)]
#![recursion_limit = "256"]

mod actors;
mod gateway;
mod guard;
mod interactions;
mod rest;
mod serenity_bot;
mod support;
