//! A message as one moment saw it.

use serde_json::Value;

use super::transcript;
use crate::ids::Id;
use crate::world::World;
use crate::world::messages::all_components;
use crate::world::raise::{Refused, refuse};

/// A message with the parts that tests ask for. It does not change when the message does.
#[derive(Clone, Debug)]
pub struct MessageView {
    /// Its snowflake.
    pub id: Id,
    /// The channel's name.
    pub channel: String,
    /// The author's visible name.
    pub author: String,
    /// The text as it was sent.
    pub content: String,
    /// The embeds as Discord objects.
    pub embeds: Vec<Value>,
    /// The top rows as Discord objects.
    pub components: Vec<Value>,
    /// The files as Discord objects.
    pub attachments: Vec<Value>,
    /// True when only one person sees it.
    pub ephemeral: bool,
    /// The whole Discord object.
    pub json: Value,
    text: String,
    channel_id: Id,
    files: Vec<(String, Vec<u8>)>,
}

impl MessageView {
    pub(crate) fn of(world: &World, id: Id) -> Option<Self> {
        let stored = world.messages.get(&id)?;
        let list = |key: &str| stored.json[key].as_array().cloned().unwrap_or_default();
        Some(Self {
            id,
            channel: world
                .channels
                .get(&stored.channel)
                .map(|one| one.name.clone())
                .unwrap_or_default(),
            author: world.display_name(stored.author),
            content: stored.json["content"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
            embeds: list("embeds"),
            components: list("components"),
            attachments: list("attachments"),
            ephemeral: stored.only_for.is_some(),
            json: stored.json.clone(),
            text: transcript::message_text(world, &stored.json),
            channel_id: stored.channel,
            files: files_of(world, &list("attachments")),
        })
    }

    /// A readable transcript without ids and times, fit for snapshots.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The id of its channel.
    #[must_use]
    pub fn channel_id(&self) -> Id {
        self.channel_id
    }

    /// The names of its files, in order.
    #[must_use]
    pub fn file_names(&self) -> Vec<&str> {
        self.files.iter().map(|(name, _)| name.as_str()).collect()
    }

    /// What is in a file, as a person reads it who opens it.
    #[must_use]
    pub fn read_file(&self, name: &str) -> Option<String> {
        let (_, bytes) = self.files.iter().find(|(known, _)| known == name)?;
        Some(String::from_utf8_lossy(bytes).into_owned())
    }

    /// The labels of the buttons, in order.
    #[must_use]
    pub fn buttons(&self) -> Vec<String> {
        let all = self
            .components
            .iter()
            .flat_map(all_components)
            .filter(|one| one["type"] == 2);
        all.filter_map(|one| one["label"].as_str().map(ToOwned::to_owned))
            .collect()
    }

    /// The custom id of a component, found by custom id, label or placeholder.
    #[must_use]
    pub fn custom_id(&self, wanted: &str) -> Option<String> {
        let all: Vec<&Value> = self.components.iter().flat_map(all_components).collect();
        find(&all, wanted)
            .and_then(|one| one["custom_id"].as_str())
            .map(ToOwned::to_owned)
    }
}

fn files_of(world: &World, attachments: &[Value]) -> Vec<(String, Vec<u8>)> {
    let file = |one: &Value| {
        let id = one["id"].as_str()?.parse::<Id>().ok()?;
        let name = one["filename"].as_str()?.to_owned();
        Some((name, world.files.get(&id)?.bytes.clone()))
    };
    attachments.iter().filter_map(file).collect()
}

fn find<'a>(all: &[&'a Value], wanted: &str) -> Option<&'a Value> {
    ["custom_id", "label", "placeholder"]
        .iter()
        .find_map(|key| all.iter().copied().find(|one| one[*key] == wanted))
}

/// The custom id of a button or menu that a person names.
pub(crate) fn component_named(
    components: &Value,
    wanted: &str,
    menu: bool,
) -> Result<String, Refused> {
    let fitting: Vec<&Value> = all_components(components)
        .into_iter()
        .filter(|one| {
            if menu {
                matches!(one["type"].as_u64(), Some(3 | 5..=8))
            } else {
                one["type"] == 2
            }
        })
        .collect();
    let found = find(&fitting, wanted).or_else(|| {
        let only = fitting
            .first()
            .filter(|_| menu && wanted.is_empty() && fitting.len() == 1);
        only.copied()
    });
    match found.and_then(|one| one["custom_id"].as_str()) {
        Some(id) => Ok(id.to_owned()),
        None if found.is_some() => refuse(format!("{wanted:?} is a link, it raises nothing")),
        None => {
            let names = fitting.iter().filter_map(|one| {
                one["label"]
                    .as_str()
                    .or_else(|| one["placeholder"].as_str())
                    .or_else(|| one["custom_id"].as_str())
            });
            refuse(format!(
                "the message has no {} {wanted:?}; it has: {}",
                if menu { "menu" } else { "button" },
                names.collect::<Vec<_>>().join(", ")
            ))
        }
    }
}
