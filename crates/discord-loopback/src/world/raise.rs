//! What a person can do, checked as Discord's own client checks it before anything is sent.

use serde_json::{Map, Value, json};

use super::World;
use super::form::filled_modal;
use super::interactions::{Kind, Raise};
use super::messages::{Draft, Origin, all_components, id_text};
use super::options::OptionCheck;
use super::permissions::VIEW_CHANNEL;
use crate::ids::Id;

/// Why Discord's client would not send it. The text is for the reader of a test or of the page.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
#[error("{0}")]
pub struct Refused(pub String);

pub type Raised = Result<Id, Refused>;

pub fn refuse<T>(why: impl Into<String>) -> Result<T, Refused> {
    Err(Refused(why.into()))
}

/// Who acts, where and in which language.
#[derive(Clone, Debug)]
pub struct Scene {
    pub person: Id,
    pub channel: Id,
    pub locale: String,
}

impl World {
    /// Runs a slash command (or asks for its choices, when an option is focused).
    pub fn raise_command(
        &mut self,
        scene: &Scene,
        name: &str,
        options: &[Value],
        focus: bool,
    ) -> Raised {
        self.must_see(scene)?;
        let Some(command) = self.find_command(scene.channel, name).cloned() else {
            let known: Vec<String> = self
                .commands_in(scene.channel)
                .iter()
                .filter_map(|one| one["name"].as_str().map(|name| format!("/{name}")))
                .collect();
            return refuse(format!(
                "no command /{name} is registered; there are: {}",
                known.join(", ")
            ));
        };
        if let Some(why) = self.command_refusal(&command, scene.channel, scene.person) {
            return refuse(why);
        }
        let mut resolved = Map::new();
        let mut title = format!("/{name}");
        let mut details = String::new();
        let options = {
            let mut check = OptionCheck {
                world: self,
                scene,
                focus,
                resolved: &mut resolved,
                title: &mut title,
                details: &mut details,
            };
            check.list(
                command["options"].as_array().map_or(&[], Vec::as_slice),
                options,
            )?
        };
        let mut data = json!({"id": command["id"], "name": command["name"], "type": command["type"], "options": options});
        if !resolved.is_empty() {
            data["resolved"] = Value::Object(resolved);
        }
        if let Some(guild) = command.get("guild_id") {
            data["guild_id"] = guild.clone();
        }
        Ok(self.raise(&Raise {
            kind: if focus {
                Kind::Autocomplete
            } else {
                Kind::Command
            },
            person: scene.person,
            channel: scene.channel,
            locale: scene.locale.clone(),
            data,
            source: None,
            title,
            details,
        }))
    }

    pub fn find_command(&self, channel: Id, name: &str) -> Option<&Value> {
        self.commands_in(channel)
            .into_iter()
            .find(|command| command["type"] == 1 && command["name"] == name)
    }

    /// Presses a button or sends the chosen values of a select menu.
    pub fn raise_component(
        &mut self,
        scene: &Scene,
        message: Id,
        custom_id: &str,
        values: Option<&[String]>,
    ) -> Raised {
        let Some(stored) = self
            .messages
            .get(&message)
            .filter(|stored| self.sees(scene.person, stored))
        else {
            return refuse("this person does not see such a message");
        };
        let found = all_components(&stored.json["components"])
            .into_iter()
            .find(|one| one["custom_id"] == custom_id)
            .cloned();
        let channel = stored.channel;
        let Some(component) = found else {
            return refuse(format!(
                "the message has no component with custom_id {custom_id:?}"
            ));
        };
        if component["disabled"] == true {
            return refuse(format!("the component {custom_id:?} is disabled"));
        }
        let kind = component["type"].as_u64().unwrap_or(0);
        let mut data =
            json!({"component_type": kind, "custom_id": custom_id, "id": component["id"]});
        let mut title = component_title(&component);
        let mut details = String::new();
        if kind == 2 {
            if values.is_some_and(|values| !values.is_empty()) {
                return refuse(format!("{custom_id:?} is a button, it has no values"));
            }
        } else {
            let values = self.check_values(&component, values.unwrap_or_default())?;
            if kind != 3 {
                data["resolved"] = self.resolve(channel, &values);
            }
            details = format!(": {}", labels_of(&component, &values).join(", "));
            data["values"] = json!(values);
        }
        if title.is_empty() {
            title = format!("[{custom_id}]");
        }
        Ok(self.raise(&Raise {
            kind: Kind::Component,
            person: scene.person,
            channel,
            locale: scene.locale.clone(),
            data,
            source: Some(message),
            title,
            details,
        }))
    }

    fn check_values(&self, component: &Value, given: &[String]) -> Result<Vec<String>, Refused> {
        let least = component["min_values"].as_u64().unwrap_or(1);
        let most = component["max_values"].as_u64().unwrap_or(1);
        let count = given.len() as u64;
        if count < least || count > most {
            return refuse(format!(
                "the menu takes {least} to {most} values, {count} were given"
            ));
        }
        let options = component["options"].as_array();
        given
            .iter()
            .map(|wanted| match options {
                Some(options) => options
                    .iter()
                    .find(|one| one["value"] == *wanted)
                    .or_else(|| options.iter().find(|one| one["label"] == *wanted))
                    .and_then(|one| one["value"].as_str().map(ToOwned::to_owned))
                    .ok_or_else(|| {
                        Refused(format!(
                            "the menu has no option {wanted:?}; it has: {}",
                            option_labels(options)
                        ))
                    }),
                None => self.thing_named(wanted).map(|id| id.to_string()),
            })
            .collect()
    }

    /// Sends the filled form of a modal.
    pub fn raise_modal(
        &mut self,
        scene: &Scene,
        opened_by: Id,
        fields: &Map<String, Value>,
    ) -> Raised {
        let Some(opener) = self
            .interactions
            .get(&opened_by)
            .filter(|one| one.person == scene.person)
        else {
            return refuse("this person has no such modal open");
        };
        let Some(modal) = opener.modal.clone() else {
            return refuse("that interaction opened no modal");
        };
        if opener.modal_used {
            return refuse("this modal was already submitted");
        }
        let (channel, source) = (opener.channel, opener.source);
        let components = filled_modal(&modal, fields)?;
        if let Some(opener) = self.interactions.get_mut(&opened_by) {
            opener.modal_used = true;
        }
        Ok(self.raise(&Raise {
            kind: Kind::Modal,
            person: scene.person,
            channel,
            locale: scene.locale.clone(),
            data: json!({"custom_id": modal["custom_id"], "components": components}),
            source,
            title: format!(
                "form \u{ab}{}\u{bb}",
                modal["title"].as_str().unwrap_or_default()
            ),
            details: String::new(),
        }))
    }

    /// A person's own message.
    pub fn say(&mut self, scene: &Scene, content: &str) -> Raised {
        self.must_see(scene)?;
        if !self.may(scene.channel, scene.person, self.write_bit(scene.channel)) {
            return refuse("the person may not write here");
        }
        if content.trim().is_empty() || content.chars().count() > 2_000 {
            return refuse("a message has 1 to 2000 characters");
        }
        if self
            .channels
            .get(&scene.channel)
            .is_some_and(|one| one.kind == super::guild::kind::FORUM)
        {
            return refuse("a forum has posts (threads), messages go into them");
        }
        let body = json!({"content": content})
            .as_object()
            .cloned()
            .unwrap_or_default();
        Ok(self.post(
            scene.channel,
            scene.person,
            Draft {
                body,
                files: Vec::new(),
            },
            Origin::default(),
        ))
    }

    fn must_see(&self, scene: &Scene) -> Result<(), Refused> {
        if self.may(scene.channel, scene.person, VIEW_CHANNEL) {
            Ok(())
        } else {
            refuse("the person does not see this channel")
        }
    }

    /// A person, role or channel by its name or id.
    pub fn thing_named(&self, wanted: &str) -> Result<Id, Refused> {
        let name = wanted.trim_start_matches(['@', '#']);
        let by_id = name.parse::<Id>().ok().filter(|id| {
            self.human(*id).is_some()
                || *id == self.bot.id
                || self.channels.contains_key(id)
                || self.guilds.iter().any(|guild| guild.role(*id).is_some())
        });
        by_id
            .or_else(|| self.human_named(name).map(|human| human.id))
            .or_else(|| (name == self.bot.name).then_some(self.bot.id))
            .or_else(|| self.channel_named(name).map(|channel| channel.id))
            .or_else(|| {
                self.guilds
                    .iter()
                    .flat_map(|guild| &guild.roles)
                    .find(|role| role.name == name)
                    .map(|role| role.id)
            })
            .ok_or_else(|| Refused(format!("there is no person, role or channel {wanted:?}")))
    }

    /// The `resolved` objects of ids that a person chose.
    pub fn resolve(&self, channel: Id, values: &[String]) -> Value {
        let mut resolved = json!({});
        let guild = self.guild_of(channel);
        for id in values.iter().filter_map(|value| value.parse::<Id>().ok()) {
            let key = id.to_string();
            if self.human(id).is_some() || id == self.bot.id {
                resolved["users"][&key] = self.user_json(id);
                if let Some(guild) = guild {
                    resolved["members"][&key] = self.bare_member_json(guild, id);
                    resolved["members"][&key]["permissions"] =
                        json!(self.permissions_in(channel, id).to_string());
                }
            } else if let Some(found) = self.channels.get(&id) {
                resolved["channels"][&key] = self.channel_json(found);
                resolved["channels"][&key]["permissions"] = json!("0");
            } else if let Some((guild, role)) = self
                .guilds
                .iter()
                .find_map(|guild| guild.role(id).map(|role| (guild, role)))
            {
                resolved["roles"][&key] = self.role_json(guild, role);
            }
        }
        resolved
    }
}

/// A value as a person would type it.
pub fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Object(map) => map.get("filename").map(id_text).unwrap_or_default(),
        other => id_text(other),
    }
}

fn component_title(component: &Value) -> String {
    let label = component["label"]
        .as_str()
        .or_else(|| component["placeholder"].as_str())
        .or_else(|| component["emoji"]["name"].as_str());
    label.map(|label| format!("[{label}]")).unwrap_or_default()
}

fn labels_of(component: &Value, values: &[String]) -> Vec<String> {
    let options = component["options"].as_array();
    values
        .iter()
        .map(|value| {
            let found = options.and_then(|list| list.iter().find(|one| one["value"] == *value));
            found.map_or_else(|| value.clone(), |one| plain(&one["label"]))
        })
        .collect()
}

/// The labels of a menu's options, for an error.
pub fn option_labels(options: &[Value]) -> String {
    let labels: Vec<String> = options.iter().map(|one| plain(&one["label"])).collect();
    labels.join(", ")
}
