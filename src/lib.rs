//! Docent, a course assistant for Discord.
//!
//! It hands out lessons and quizzes, keeps members' checklists in Postgres, and grades practices
//! from the real reports of a CI run. docs/ARCHITECTURE.md tells how the parts fit.

pub mod app;
pub mod ci;
pub mod cli;
pub mod config;
pub mod content;
pub mod discord;
pub mod domain;
pub mod files;
pub mod http;
pub mod jobs;
#[cfg(feature = "play")]
pub mod play;
pub mod store;
pub mod telemetry;
pub mod text;
pub mod view;
pub mod wiring;
