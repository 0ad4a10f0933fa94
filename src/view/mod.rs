//! From outcomes to messages: what people see, with nothing of how it is sent.

pub mod account;
pub mod audit;
pub mod checklist;
pub mod class;
pub mod custom_id;
pub mod grade;
pub mod group;
pub mod groups;
pub mod help;
pub mod history;
pub mod lesson;
pub mod limits;
pub mod message;
pub mod news;
pub mod pages;
pub mod progress;
pub mod queue;
pub mod quiz;
pub mod refusal;
pub mod regrade;
pub mod review;
pub mod steps;
pub mod terms;
pub mod trust;
pub mod untrusted;

pub use message::{Button, Colour, Embed, Menu, MenuOption, Message, Modal, Row, Style, TextFile};
