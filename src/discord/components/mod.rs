//! Buttons, menus and forms: one file a feature, and this list.

mod checklist;
mod class;
mod group;
pub mod lesson;
mod quiz;

use async_trait::async_trait;

use crate::{
    app::{App, caller::Caller, error::Failure},
    view::{Message, Modal},
};

/// Every component.
#[must_use]
pub fn all() -> Vec<Box<dyn Component>> {
    vec![
        Box::new(lesson::Lesson),
        Box::new(quiz::Quiz),
        Box::new(checklist::Checklist),
        Box::new(class::Class),
        Box::new(group::Group),
    ]
}

/// A use of a component, its custom id taken apart.
#[derive(Debug, Clone)]
pub struct Use {
    /// Name in the custom id.
    pub name: String,
    /// Arguments in the custom id.
    pub args: Vec<String>,
    /// What was chosen or typed.
    pub values: Vec<String>,
    /// Whether only the presser sees the message.
    pub is_private: bool,
}

impl Use {
    /// An argument of the custom id.
    #[must_use]
    pub fn arg(&self, position: usize) -> &str {
        self.args.get(position).map_or("", String::as_str)
    }

    /// The first value chosen or typed.
    #[must_use]
    pub fn value(&self) -> &str {
        self.values.first().map_or("", String::as_str)
    }
}

/// What a component does to what the person sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reaction {
    /// The message changes.
    Update(Message),
    /// A private answer; the message stays.
    Reply(Message),
    /// A form opens.
    Form(Modal),
}

/// What answers the buttons, menus and forms of a feature.
#[async_trait]
pub trait Component: Send + Sync {
    /// The names of its custom ids.
    fn names(&self) -> &'static [&'static str];
    /// Acts on a use.
    ///
    /// # Errors
    /// Refusals and faults of its use case.
    async fn run(&self, app: &App, caller: &Caller, used: &Use) -> Result<Reaction, Failure>;
}
