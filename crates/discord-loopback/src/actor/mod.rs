//! People who use the bot from a test: they see what a person sees and can do no more.

pub mod call;
pub mod reply;
pub mod transcript;
pub mod view;

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::ids::Id;
use crate::world::raise::{Refused, Scene};
use crate::world::{Shared, World};
use call::{Autocomplete, Slash};
use reply::{Modal, Reply};
use view::MessageView;

/// Why an action of a person came to nothing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ActorError {
    /// Discord's client would not have sent it.
    #[error("Discord's client would not send this: {0}")]
    Refused(#[from] Refused),
    /// "The application did not respond."
    #[error("the interaction failed: {reason}\n{transcript}")]
    Failed {
        /// `no_answer`, `bot_offline` or `expired`.
        reason: &'static str,
        /// What happened before.
        transcript: String,
    },
    /// It was acknowledged, but the final content did not come.
    #[error("the bot acknowledged but did not finish within {waited:?}\n{transcript}")]
    Unfinished {
        /// How long, in real time.
        waited: Duration,
        /// What happened before.
        transcript: String,
    },
    /// Nothing came while waiting for a message.
    #[error("no new message of the bot in #{channel} within {waited:?}\n{transcript}")]
    NoMessage {
        /// Where.
        channel: String,
        /// How long, in real time.
        waited: Duration,
        /// What happened before.
        transcript: String,
    },
}

/// One person at their Discord client. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Actor {
    pub(crate) shared: Arc<Shared>,
    handle: String,
    locale: Option<String>,
    channel: Option<String>,
    patience: Duration,
}

impl Actor {
    pub(crate) fn new(shared: Arc<Shared>, handle: &str) -> Self {
        Self {
            shared,
            handle: handle.to_owned(),
            locale: None,
            channel: None,
            patience: Duration::from_secs(20),
        }
    }

    /// The same person with Discord set to another language (`ru`, `en-US`).
    #[must_use]
    pub fn locale(&self, locale: &str) -> Self {
        Self {
            locale: Some(locale.to_owned()),
            ..self.clone()
        }
    }

    /// The same person in another channel or thread, by its name or id; `@dm` is the DM with the bot.
    #[must_use]
    pub fn in_channel(&self, name: &str) -> Self {
        Self {
            channel: Some(name.trim_start_matches('#').to_owned()),
            ..self.clone()
        }
    }

    /// How long (in real time) to wait for a final answer; 20 seconds unless set.
    #[must_use]
    pub fn patience(&self, patience: Duration) -> Self {
        Self {
            patience,
            ..self.clone()
        }
    }

    /// The person's user id; 0 when nobody has this name.
    #[must_use]
    pub fn id(&self) -> Id {
        self.shared
            .look(|world| world.human_named(&self.handle).map_or(0, |human| human.id))
    }

    /// Runs `/name`; a subcommand follows after a space: `report class`.
    pub fn slash(&self, name: &str) -> Slash {
        Slash::new(self.clone(), name)
    }

    /// Types into an option and reads the offered choices.
    pub fn autocomplete(&self, name: &str) -> Autocomplete {
        Autocomplete::new(self.clone(), name)
    }

    /// Presses a button, named by custom id or by label.
    ///
    /// # Errors
    /// When the person cannot press it or the bot does not answer.
    pub async fn click(&self, message: &MessageView, button: &str) -> Result<Reply, ActorError> {
        self.use_component(message, button, None).await
    }

    /// Chooses from a select menu, named by custom id or placeholder; values by value or label.
    ///
    /// # Errors
    /// When the person cannot choose so or the bot does not answer.
    pub async fn select(
        &self,
        message: &MessageView,
        menu: &str,
        values: &[&str],
    ) -> Result<Reply, ActorError> {
        let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
        self.use_component(message, menu, Some(&values)).await
    }

    async fn use_component(
        &self,
        message: &MessageView,
        wanted: &str,
        values: Option<&[String]>,
    ) -> Result<Reply, ActorError> {
        let id = message.id;
        let raised = self.shared.raise(|world| {
            let mut scene = self.scene(world)?;
            let Some(stored) = world.messages.get(&id) else {
                return crate::world::raise::refuse("the message is gone");
            };
            scene.channel = stored.channel;
            let custom_id =
                view::component_named(&stored.json["components"], wanted, values.is_some())?;
            world.raise_component(&scene, id, &custom_id, values)
        })?;
        self.finish(raised).await
    }

    /// Fills a form that the bot has opened and sends it.
    ///
    /// # Errors
    /// When the form does not take these fields or the bot does not answer.
    pub async fn submit_modal(
        &self,
        modal: &Modal,
        fields: &[(&str, &str)],
    ) -> Result<Reply, ActorError> {
        let fields: Map<String, Value> = fields
            .iter()
            .map(|(key, value)| ((*key).to_owned(), json!(value)))
            .collect();
        self.submit_modal_values(modal, &fields).await
    }

    /// As [`Actor::submit_modal`], with lists for menus and booleans for checkboxes.
    ///
    /// # Errors
    /// When the form does not take these fields or the bot does not answer.
    pub async fn submit_modal_values(
        &self,
        modal: &Modal,
        fields: &Map<String, Value>,
    ) -> Result<Reply, ActorError> {
        let raised = self.shared.raise(|world| {
            let scene = self.scene(world)?;
            world.raise_modal(&scene, modal.interaction, fields)
        })?;
        self.finish(raised).await
    }

    /// Writes an ordinary message.
    ///
    /// # Errors
    /// When the person may not write there.
    pub fn say(&self, content: &str) -> Result<MessageView, ActorError> {
        let view = self.shared.with(|world| {
            let scene = self.scene(world)?;
            let id = world.say(&scene, content)?;
            MessageView::of(world, id).ok_or_else(|| Refused("the message is gone".to_owned()))
        })?;
        Ok(view)
    }

    /// All messages of a channel that this person sees, oldest first.
    #[must_use]
    pub fn messages(&self, channel: &str) -> Vec<MessageView> {
        let there = self.in_channel(channel);
        self.shared.look(|world| {
            let Ok(scene) = there.scene(world) else {
                return Vec::new();
            };
            let seen = world
                .messages
                .values()
                .filter(|one| one.channel == scene.channel && world.sees(scene.person, one));
            let found: Vec<MessageView> = seen
                .filter_map(|one| MessageView::of(world, one.id))
                .collect();
            if let Some(last) = found.last() {
                world.read_until(scene.person, scene.channel, last.id);
            }
            found
        })
    }

    /// The DMs with the bot, oldest first.
    #[must_use]
    pub fn dms(&self) -> Vec<MessageView> {
        self.messages("@dm")
    }

    /// Waits for the next message that the bot posts by itself (not as an answer) and that this
    /// person has not yet read through this actor.
    ///
    /// # Errors
    /// When none comes within `patience`.
    pub async fn wait_for_message(
        &self,
        channel: &str,
        patience: Duration,
    ) -> Result<MessageView, ActorError> {
        let there = self.in_channel(channel);
        let found = self.shared.wait_for(patience, |world| {
            let scene = there.scene(world).ok()?;
            let read = world
                .read
                .get(&(scene.person, scene.channel))
                .copied()
                .unwrap_or(0);
            let bot = world.bot.id;
            let next = world.messages.values().find(|one| {
                one.id > read
                    && one.channel == scene.channel
                    && one.author == bot
                    && one.interaction.is_none()
                    && world.sees(scene.person, one)
            })?;
            let id = next.id;
            world.read_until(scene.person, scene.channel, id);
            MessageView::of(world, id)
        });
        found.await.ok_or_else(|| ActorError::NoMessage {
            channel: channel.to_owned(),
            waited: patience,
            transcript: self.transcript(),
        })
    }

    /// Waits for the next DM of the bot.
    ///
    /// # Errors
    /// When none comes within `patience`.
    pub async fn wait_for_dm(&self, patience: Duration) -> Result<MessageView, ActorError> {
        self.wait_for_message("@dm", patience).await
    }

    /// Puts an ephemeral message out of sight.
    pub fn dismiss(&self, message: &MessageView) {
        self.shared.with(|world| {
            if let Some(stored) = world
                .messages
                .get_mut(&message.id)
                .filter(|one| one.only_for.is_some())
            {
                stored.dismissed = true;
            }
        });
    }

    pub(crate) fn scene(&self, world: &mut World) -> Result<Scene, Refused> {
        let Some(human) = world.human_named(&self.handle).cloned() else {
            let known: Vec<&str> = world.people.iter().map(|one| one.handle.as_str()).collect();
            return crate::world::raise::refuse(format!(
                "nobody here is called {:?}; there are: {}",
                self.handle,
                known.join(", ")
            ));
        };
        let channel = match self.channel.as_deref() {
            Some("@dm") => Some(world.open_dm(human.id)),
            Some(name) => world.channel_named(name).map(|one| one.id).or_else(|| {
                name.parse()
                    .ok()
                    .filter(|id| world.channels.contains_key(id))
            }),
            None => world
                .guilds
                .first()
                .and_then(|guild| {
                    world
                        .guild_channels(guild.id)
                        .into_iter()
                        .find(|one| one.kind == 0)
                })
                .map(|one| one.id),
        };
        let Some(channel) = channel else {
            return crate::world::raise::refuse(format!(
                "there is no channel {:?}",
                self.channel.as_deref().unwrap_or_default()
            ));
        };
        Ok(Scene {
            person: human.id,
            channel,
            locale: self.locale.clone().unwrap_or(human.locale),
        })
    }

    /// Waits for the final content of an interaction.
    pub(crate) async fn finish(&self, id: Id) -> Result<Reply, ActorError> {
        let found = self
            .shared
            .wait_for(self.patience, |world| reply::outcome(world, id, false))
            .await;
        let found = match found {
            Some(found) => Some(found),
            None => self.shared.look(|world| reply::outcome(world, id, true)),
        };
        match found {
            Some(Ok(reply)) => Ok(reply),
            Some(Err(reason)) => Err(ActorError::Failed {
                reason,
                transcript: self.transcript(),
            }),
            None => Err(ActorError::Unfinished {
                waited: self.patience,
                transcript: self.transcript(),
            }),
        }
    }

    fn transcript(&self) -> String {
        self.shared.look(|world| {
            let lines: Vec<&str> = world
                .journal
                .story
                .iter()
                .rev()
                .take(20)
                .map(String::as_str)
                .collect();
            lines.into_iter().rev().collect::<Vec<_>>().join("\n")
        })
    }
}
