//! The state file: what bot and people have made survives a restart, ephemeral messages do not.

use std::path::Path;

use serde_json::{Value, json};

use super::World;
use super::guild::{Channel, kind};
use super::messages::{File, Stored};
use crate::ids::Id;

/// Larger uploads are not kept in the state file.
const FILE_LIMIT: usize = 1024 * 1024;

impl World {
    pub fn to_saved(&self) -> Value {
        let messages: Vec<Value> = self
            .messages
            .values()
            .filter(|message| message.only_for.is_none())
            .map(|message| json!({"author": message.author.to_string(), "message": message.json}))
            .collect();
        let channels: Vec<Value> = self
            .channels
            .values()
            .filter(|one| one.is_thread() || one.kind == kind::DM)
            .map(|one| json!({"id": one.id.to_string(), "kind": one.kind, "name": one.name,
                "guild": one.guild.map(|id| id.to_string()), "parent": one.parent.map(|id| id.to_string()),
                "owner": one.owner.map(|id| id.to_string()), "applied_tags": one.applied_tags,
                "recipients": ids(&one.recipients)}))
            .collect();
        let commands: Vec<Value> = self
            .commands
            .by_scope
            .iter()
            .map(|(scope, list)| json!({"scope": scope.map(|id| id.to_string()), "commands": list}))
            .collect();
        let files: Vec<Value> = self
            .files
            .iter()
            .filter(|(_, file)| file.bytes.len() <= FILE_LIMIT)
            .map(|(id, file)| {
                json!({"id": id.to_string(), "name": file.name,
                "content_type": file.content_type, "hex": to_hex(&file.bytes)})
            })
            .collect();
        let roles: Vec<Value> = self
            .guilds
            .iter()
            .flat_map(|guild| guild.members.iter().map(move |member| (guild.id, member)))
            .map(|(guild, member)| json!({"guild": guild.to_string(), "user": member.user.to_string(), "roles": ids(&member.roles)}))
            .collect();
        json!({"format": 1, "channels": channels, "messages": messages, "commands": commands,
            "files": files, "member_roles": roles})
    }

    pub fn restore(&mut self, saved: &Value) {
        for one in saved["channels"].as_array().into_iter().flatten() {
            self.restore_channel(one);
        }
        for one in saved["files"].as_array().into_iter().flatten() {
            if let (Some(id), Some(bytes)) = (id_of(&one["id"]), from_hex(text(&one["hex"]))) {
                let file = File {
                    name: text(&one["name"]).to_owned(),
                    content_type: text(&one["content_type"]).to_owned(),
                    bytes,
                    description: None,
                };
                self.files.insert(id, file);
            }
        }
        for one in saved["messages"].as_array().into_iter().flatten() {
            self.restore_message(one);
        }
        for one in saved["commands"].as_array().into_iter().flatten() {
            let list = one["commands"].as_array().cloned().unwrap_or_default();
            self.commands.by_scope.insert(id_of(&one["scope"]), list);
        }
        for one in saved["member_roles"].as_array().into_iter().flatten() {
            let (Some(guild), Some(user)) = (id_of(&one["guild"]), id_of(&one["user"])) else {
                continue;
            };
            let Some(guild) = self.guild_mut(guild) else {
                continue;
            };
            let known: Vec<Id> = guild.roles.iter().map(|role| role.id).collect();
            if let Some(member) = guild.members.iter_mut().find(|member| member.user == user) {
                let saved = one["roles"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(id_of);
                member.roles = saved.filter(|id| known.contains(id)).collect();
            }
        }
    }

    fn restore_channel(&mut self, one: &Value) {
        let (Some(id), Some(kind)) = (id_of(&one["id"]), one["kind"].as_u64()) else {
            return;
        };
        let mut channel = Channel::new(
            id,
            u8::try_from(kind).unwrap_or(0),
            id_of(&one["guild"]),
            text(&one["name"]),
        );
        channel.parent = id_of(&one["parent"]);
        channel.owner = id_of(&one["owner"]);
        channel.recipients = one["recipients"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(id_of)
            .collect();
        channel.applied_tags = one["applied_tags"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|tag| text(tag).to_owned())
            .collect();
        let orphan = channel
            .parent
            .is_some_and(|parent| !self.channels.contains_key(&parent));
        if !orphan {
            self.channels.insert(id, channel);
        }
    }

    fn restore_message(&mut self, one: &Value) {
        let mut json = one["message"].clone();
        let (Some(id), Some(channel), Some(author)) = (
            id_of(&json["id"]),
            id_of(&json["channel_id"]),
            id_of(&one["author"]),
        ) else {
            return;
        };
        let base = self.base_url.clone();
        let Some(place) = self.channels.get_mut(&channel) else {
            return;
        };
        place.last_message = Some(id);
        place.message_count += 1;
        for file in json["attachments"].as_array_mut().into_iter().flatten() {
            let url = format!(
                "{base}/attachments/{channel}/{}/{}",
                text(&file["id"]),
                text(&file["filename"])
            );
            file["url"] = json!(url);
            file["proxy_url"] = json!(url);
        }
        self.messages.insert(
            id,
            Stored {
                id,
                channel,
                author,
                json,
                only_for: None,
                dismissed: false,
                interaction: None,
            },
        );
    }
}

/// Writes beside the file and renames, so that a crash leaves the older state.
pub fn write_state(path: &Path, state: &Value) -> std::io::Result<()> {
    let beside = path.with_extension("tmp");
    std::fs::write(&beside, state.to_string())?;
    std::fs::rename(&beside, path)
}

fn ids(list: &[Id]) -> Vec<String> {
    list.iter().map(ToString::to_string).collect()
}

fn id_of(value: &Value) -> Option<Id> {
    value.as_str()?.parse().ok()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn to_hex(bytes: &[u8]) -> String {
    crate::ids::hex(bytes)
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = text
        .chars()
        .map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok()))
        .collect();
    let digits = digits?;
    Some(
        digits
            .chunks_exact(2)
            .map(|pair| pair.iter().fold(0, |sum, digit| sum * 16 + digit))
            .collect(),
    )
}
