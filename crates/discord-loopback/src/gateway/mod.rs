//! The gateway: sessions that bots identify and resume, and the socket that carries them.

pub mod control;
pub mod events;
pub mod hub;
pub mod socket;
