//! Slash commands and autocompletion as a person calls them.

use std::future::{Future, IntoFuture};
use std::pin::Pin;

use serde_json::{Value, json};

use super::reply::Reply;
use super::{Actor, ActorError};
use crate::ids::Id;
use crate::rest::body::guess_type;
use crate::world::messages::File;

/// A value as a test writes it: text, a number or a truth value.
#[derive(Clone, Debug)]
pub struct OptValue(Value);

macro_rules! opt_value_from {
    ($($kind:ty),*) => {$(
        impl From<$kind> for OptValue {
            fn from(value: $kind) -> Self {
                Self(json!(value))
            }
        }
    )*};
}
opt_value_from!(&str, String, &String, i32, i64, u32, u64, bool, f64);

#[derive(Clone, Debug)]
struct Given {
    name: String,
    value: Value,
    focused: bool,
    file: Option<File>,
}

/// The name, subcommands and options of a call.
#[derive(Clone, Debug)]
struct Words {
    path: Vec<String>,
    given: Vec<Given>,
}

impl Words {
    fn new(name: &str) -> Self {
        Self {
            path: name
                .trim_start_matches('/')
                .split_whitespace()
                .map(ToOwned::to_owned)
                .collect(),
            given: Vec::new(),
        }
    }

    fn add(&mut self, name: &str, value: Value, focused: bool, file: Option<File>) {
        self.given.push(Given {
            name: name.to_owned(),
            value,
            focused,
            file,
        });
    }

    fn raise(&self, actor: &Actor, focus: bool) -> Result<Id, ActorError> {
        let raised = actor.shared.raise(|world| {
            let scene = actor.scene(world)?;
            let mut options = Vec::new();
            for one in &self.given {
                let value = match &one.file {
                    Some(file) => world.keep_file(scene.channel, file.clone()),
                    None => one.value.clone(),
                };
                let mut option = json!({"name": one.name, "value": value});
                if one.focused {
                    option["focused"] = json!(true);
                }
                options.push(option);
            }
            let mut below = options;
            for name in self.path.iter().skip(1).rev() {
                below = vec![json!({"name": name, "options": below})];
            }
            let name = self.path.first().map_or("", String::as_str);
            world.raise_command(&scene, name, &below, focus)
        });
        Ok(raised?)
    }
}

/// A slash command about to be sent; await it.
#[derive(Clone, Debug)]
#[must_use = "a command is sent when it is awaited"]
pub struct Slash {
    actor: Actor,
    words: Words,
}

impl Slash {
    pub(crate) fn new(actor: Actor, name: &str) -> Self {
        Self {
            actor,
            words: Words::new(name),
        }
    }

    /// A subcommand (or a group, then a subcommand).
    #[expect(
        clippy::should_implement_trait,
        reason = "a command has subcommands, it is not subtracted from"
    )]
    pub fn sub(mut self, name: &str) -> Self {
        self.words.path.push(name.to_owned());
        self
    }

    /// An option. Its type is the registered one; people, roles and channels go by name.
    pub fn opt(mut self, name: &str, value: impl Into<OptValue>) -> Self {
        self.words.add(name, value.into().0, false, None);
        self
    }

    /// A file for an attachment option.
    pub fn attach(mut self, name: &str, file_name: &str, bytes: &[u8]) -> Self {
        let file = File {
            name: file_name.to_owned(),
            content_type: guess_type(file_name).to_owned(),
            bytes: bytes.to_vec(),
            description: None,
        };
        self.words.add(name, Value::Null, false, Some(file));
        self
    }
}

impl IntoFuture for Slash {
    type Output = Result<Reply, ActorError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let id = self.words.raise(&self.actor, false)?;
            self.actor.finish(id).await
        })
    }
}

/// An offered choice.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// As this person reads it.
    pub name: String,
    /// What the bot gets when it is chosen.
    pub value: Value,
}

/// A person typing into an option; await it for the choices.
#[derive(Clone, Debug)]
#[must_use = "nothing is asked until it is awaited"]
pub struct Autocomplete {
    actor: Actor,
    words: Words,
}

impl Autocomplete {
    pub(crate) fn new(actor: Actor, name: &str) -> Self {
        Self {
            actor,
            words: Words::new(name),
        }
    }

    /// A subcommand.
    #[expect(
        clippy::should_implement_trait,
        reason = "a command has subcommands, it is not subtracted from"
    )]
    pub fn sub(mut self, name: &str) -> Self {
        self.words.path.push(name.to_owned());
        self
    }

    /// An option filled earlier.
    pub fn opt(mut self, name: &str, value: impl Into<OptValue>) -> Self {
        self.words.add(name, value.into().0, false, None);
        self
    }

    /// The option being typed, with what is there so far.
    pub fn focus(mut self, name: &str, typed: &str) -> Self {
        self.words.add(name, json!(typed), true, None);
        self
    }
}

impl IntoFuture for Autocomplete {
    type Output = Result<Vec<Choice>, ActorError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let id = self.words.raise(&self.actor, true)?;
            let locale = self
                .actor
                .shared
                .look(|world| self.actor.scene(world))
                .map(|scene| scene.locale)?;
            let reply = self.actor.finish(id).await?;
            let choices = reply.choices.into_iter().map(|one| {
                let local = one["name_localizations"][&locale]
                    .as_str()
                    .or_else(|| one["name"].as_str());
                Choice {
                    name: local.unwrap_or_default().to_owned(),
                    value: one["value"].clone(),
                }
            });
            Ok(choices.collect())
        })
    }
}
