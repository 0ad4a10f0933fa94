//! The reader of links, built alone. `domain`, `app::ports` and `ci::link` are the program's own.
#![allow(dead_code, reason = "only the reader of links is called")]

pub mod app {
    //! Of the use cases only the values that a link becomes.
    pub mod ports;
}
pub mod ci;
pub mod domain;
