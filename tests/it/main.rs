//! The integration tests, in one binary: stories of people, and the rules of the house.
#![expect(
    clippy::disallowed_methods,
    reason = "the tests are the world around the program: they read the environment and start tasks"
)]
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests fail loudly"
)]

mod architecture;
mod authoring;
mod bundle;
mod ci_memory;
mod command_line;
mod forge_worlds;
mod grading;
mod stories;
mod world;
