//! Discord: interactions come in through a transport, are dispatched to a command or component,
//! and their outcome goes out as a reply. Only `dispatch` and `outbox` talk to Discord.

mod body;
pub mod commands;
pub mod components;
pub mod dispatch;
pub mod gateway;
pub mod incoming;
pub mod outbox;
pub mod register;
pub mod rest;
