//! Messages: how they are made, changed, seen and announced.

use serde_json::{Map, Value, json};

use super::World;
use super::permissions::{MENTION_EVERYONE, VIEW_CHANNEL};
use crate::actor::transcript;
use crate::clock::iso;
use crate::gateway::events::{DIRECT_MESSAGES, GUILD_MESSAGES};
use crate::ids::Id;

pub const EPHEMERAL: u64 = 1 << 6;
pub const LOADING: u64 = 1 << 7;
pub const SUPPRESS_EMBEDS: u64 = 1 << 2;
pub const COMPONENTS_V2: u64 = 1 << 15;

/// A message with what Discord keeps beside it.
#[derive(Clone, Debug)]
pub struct Stored {
    pub id: Id,
    pub channel: Id,
    pub author: Id,
    /// The Discord object.
    pub json: Value,
    /// The only person who sees it, if it is ephemeral.
    pub only_for: Option<Id>,
    pub dismissed: bool,
    /// The interaction whose token made it.
    pub interaction: Option<Id>,
}

/// An uploaded file.
#[derive(Clone, Debug)]
pub struct File {
    pub name: String,
    pub content_type: String,
    pub bytes: Vec<u8>,
    pub description: Option<String>,
}

/// What a request wants to be written.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    pub body: Map<String, Value>,
    pub files: Vec<(String, File)>,
}

/// Where a new message comes from.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    pub kind: u8,
    pub flags: u64,
    pub only_for: Option<Id>,
    pub interaction: Option<Id>,
    pub metadata: Option<Value>,
    pub reply_to: Option<Id>,
    /// The id to take, where it is not a new one.
    pub id: Option<Id>,
}

impl Stored {
    pub fn flags(&self) -> u64 {
        self.json["flags"].as_u64().unwrap_or(0)
    }
}

impl World {
    pub fn sees(&self, person: Id, message: &Stored) -> bool {
        let his = message.only_for.is_none_or(|only| only == person);
        his && !message.dismissed && self.may(message.channel, person, VIEW_CHANNEL)
    }

    /// A message object for the page, with the marks that only the page knows.
    pub fn page_message(message: &Stored) -> Value {
        let mut json = message.json.clone();
        json["loopback"] = json!({"ephemeral": message.only_for.is_some(),
            "thinking": message.flags() & LOADING != 0});
        json
    }

    /// Writes a new message and announces it.
    pub fn post(&mut self, channel: Id, author: Id, draft: Draft, origin: Origin) -> Id {
        let id = origin.id.unwrap_or_else(|| self.new_id());
        let moment = self.now_ms();
        let from_bot = author == self.bot.id;
        let mut flags = origin.flags | (flags_of(&draft.body) & (SUPPRESS_EMBEDS | COMPONENTS_V2));
        if origin.only_for.is_some() {
            flags |= EPHEMERAL;
        }
        let mut json = json!({"id": id.to_string(), "channel_id": channel.to_string(),
            "type": origin.kind, "author": self.user_json(author), "content": "",
            "timestamp": iso(moment), "edited_timestamp": null, "tts": false,
            "mention_everyone": false, "mentions": [], "mention_roles": [], "mention_channels": [],
            "attachments": [], "embeds": [], "components": [], "pinned": false, "flags": flags});
        if from_bot && origin.interaction.is_some() {
            json["application_id"] = json!(self.bot.id.to_string());
            json["webhook_id"] = json!(self.bot.id.to_string());
        }
        if let Some(nonce) = draft.body.get("nonce").filter(|nonce| !nonce.is_null()) {
            json["nonce"] = nonce.clone();
        }
        if let Some(poll) = draft.body.get("poll").filter(|poll| !poll.is_null()) {
            json["poll"] = poll.clone();
        }
        if let Some(metadata) = origin.metadata {
            json["interaction_metadata"] = metadata;
        }
        if let Some(target) = origin.reply_to.and_then(|id| self.messages.get(&id)) {
            json["message_reference"] = json!({"type": 0, "message_id": target.id.to_string(),
                "channel_id": target.channel.to_string(),
                "guild_id": self.guild_of(target.channel).map(|id| id.to_string())});
            json["referenced_message"] = target.json.clone();
        }
        let mut stored = Stored {
            id,
            channel,
            author,
            json,
            only_for: origin.only_for,
            dismissed: false,
            interaction: origin.interaction,
        };
        self.fill(&mut stored, draft);
        self.messages.insert(id, stored);
        if origin.only_for.is_none() {
            self.unsaved = true;
            if let Some(place) = self.channels.get_mut(&channel) {
                place.last_message = Some(id);
                place.message_count += 1;
            }
        }
        self.announce(id, "MESSAGE_CREATE", "message_create");
        self.story_of(id, "");
        id
    }

    /// Changes the fields that `draft` names.
    pub fn edit(&mut self, id: Id, draft: Draft) {
        let Some(mut stored) = self.messages.remove(&id) else {
            return;
        };
        let kept = stored.flags() & !LOADING & !SUPPRESS_EMBEDS;
        let was_loading = stored.flags() & LOADING != 0;
        let asked = flags_of(&draft.body);
        let suppress = if draft.body.contains_key("flags") {
            asked & SUPPRESS_EMBEDS
        } else {
            stored.flags() & SUPPRESS_EMBEDS
        };
        stored.json["flags"] = json!(kept | suppress | (asked & COMPONENTS_V2));
        if !was_loading {
            stored.json["edited_timestamp"] = json!(iso(self.now_ms()));
        }
        self.fill(&mut stored, draft);
        let keep = stored.only_for.is_none();
        self.messages.insert(id, stored);
        self.unsaved |= keep;
        self.announce(id, "MESSAGE_UPDATE", "message_update");
        self.story_of(id, if was_loading { "" } else { " (edited)" });
    }

    pub fn delete(&mut self, id: Id) {
        let Some(stored) = self.messages.remove(&id) else {
            return;
        };
        let guild = self.guild_of(stored.channel);
        let mut gone = json!({"id": id.to_string(), "channel_id": stored.channel.to_string()});
        if let Some(guild) = guild {
            gone["guild_id"] = json!(guild.to_string());
        }
        if stored.only_for.is_none() {
            self.unsaved = true;
            let intent = if guild.is_some() {
                GUILD_MESSAGES
            } else {
                DIRECT_MESSAGES
            };
            self.dispatch(guild, intent, "MESSAGE_DELETE", &gone);
        }
        let event = json!({"type": "message_delete", "channel_id": stored.channel.to_string(),
            "message_id": id.to_string()});
        let mut witness = stored;
        witness.dismissed = false;
        self.tell_page_if(&event, |world, person| world.sees(person, &witness));
        let who = self.display_name(witness.author);
        self.tell_story(format!("{who} deleted a message"));
    }

    pub fn guild_of(&self, channel: Id) -> Option<Id> {
        self.channels
            .get(&channel)
            .and_then(|channel| channel.guild)
    }

    fn announce(&mut self, id: Id, gateway_name: &str, page_name: &str) {
        let Some(stored) = self.messages.get(&id).cloned() else {
            return;
        };
        if stored.only_for.is_none() {
            let guild = self.guild_of(stored.channel);
            let mut json = stored.json.clone();
            if let Some(guild) = guild {
                json["guild_id"] = json!(guild.to_string());
                json["member"] = self.bare_member_json(guild, stored.author);
            }
            let intent = if guild.is_some() {
                GUILD_MESSAGES
            } else {
                DIRECT_MESSAGES
            };
            self.dispatch(guild, intent, gateway_name, &json);
        }
        let event = json!({"type": page_name, "channel_id": stored.channel.to_string(),
            "message": Self::page_message(&stored)});
        self.tell_page_if(&event, |world, person| world.sees(person, &stored));
    }

    fn story_of(&mut self, id: Id, mark: &str) {
        let Some(stored) = self.messages.get(&id) else {
            return;
        };
        let who = self.display_name(stored.author);
        let place = self
            .channels
            .get(&stored.channel)
            .map_or("?", |channel| &channel.name);
        let only = stored
            .only_for
            .map(|person| format!(", only for {}", self.display_name(person)))
            .unwrap_or_default();
        let text = transcript::message_text(self, &stored.json).replace('\n', "\n    ");
        let line = format!("{who} in #{place}{only}{mark}:\n    {text}");
        self.tell_story(line);
    }

    /// Puts the written parts of a draft into a message.
    fn fill(&mut self, stored: &mut Stored, draft: Draft) {
        let Draft { body, files } = draft;
        self.fill_attachments(stored, &body, files);
        if let Some(content) = body.get("content") {
            let content = content.as_str().unwrap_or_default().trim();
            stored.json["content"] = json!(content);
            self.fill_mentions(stored, content, body.get("allowed_mentions"));
        }
        if let Some(embeds) = body.get("embeds") {
            let embeds = embeds.as_array().cloned().unwrap_or_default();
            let list: Vec<Value> = embeds
                .into_iter()
                .map(|embed| normal_embed(embed, &stored.json["attachments"]))
                .collect();
            stored.json["embeds"] = json!(list);
        }
        if let Some(components) = body.get("components") {
            let mut components = components.clone();
            if components.is_null() {
                components = json!([]);
            }
            number_components(&mut components);
            stored.json["components"] = components;
        }
    }

    fn fill_attachments(
        &mut self,
        stored: &mut Stored,
        body: &Map<String, Value>,
        files: Vec<(String, File)>,
    ) {
        let old = stored.json["attachments"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let named = body.get("attachments").and_then(Value::as_array);
        let mut list: Vec<Value> = match named {
            Some(named) => old
                .into_iter()
                .filter(|one| {
                    named
                        .iter()
                        .any(|n| id_text(&n["id"]) == id_text(&one["id"]))
                })
                .collect(),
            None => old,
        };
        for (key, mut file) in files {
            let meta = named.and_then(|named| named.iter().find(|one| id_text(&one["id"]) == key));
            if let Some(name) = meta.and_then(|meta| meta["filename"].as_str()) {
                name.clone_into(&mut file.name);
            }
            file.description = meta
                .and_then(|meta| meta["description"].as_str())
                .map(ToOwned::to_owned);
            list.push(self.keep_file(stored.channel, file));
        }
        stored.json["attachments"] = json!(list);
    }

    /// Stores a file and gives its attachment object.
    pub fn keep_file(&mut self, channel: Id, file: File) -> Value {
        let id = self.new_id();
        let name: String = file
            .name
            .chars()
            .map(|c| {
                if c.is_alphanumeric() || "._-".contains(c) {
                    c
                } else {
                    '_'
                }
            })
            .collect();
        let url = format!("{}/attachments/{channel}/{id}/{name}", self.base_url);
        let mut json = json!({"id": id.to_string(), "filename": name, "size": file.bytes.len(),
            "url": url, "proxy_url": url, "content_type": file.content_type});
        if let Some(description) = &file.description {
            json["description"] = json!(description);
        }
        self.files.insert(id, file);
        json
    }

    fn fill_mentions(&self, stored: &mut Stored, content: &str, allowed: Option<&Value>) {
        let found = |open: &str| -> Vec<Id> {
            content
                .split(open)
                .skip(1)
                .filter_map(|rest| rest.split('>').next())
                .filter_map(|id| id.trim_start_matches('!').parse().ok())
                .collect()
        };
        let allows = |what: &str, id: Option<Id>| -> bool {
            let Some(rules) = allowed.filter(|rules| rules.is_object()) else {
                return true;
            };
            let parsed = rules["parse"]
                .as_array()
                .is_some_and(|list| list.iter().any(|one| one == what));
            parsed
                || id.is_some_and(|id| {
                    rules[what]
                        .as_array()
                        .is_some_and(|list| list.iter().any(|one| id_text(one) == id.to_string()))
                })
        };
        let mut users: Vec<Id> = found("<@")
            .into_iter()
            .filter(|id| self.human(*id).is_some() || *id == self.bot.id)
            .collect();
        users.dedup();
        users.retain(|id| allows("users", Some(*id)));
        stored.json["mentions"] = users.iter().map(|id| self.user_json(*id)).collect();
        let roles: Vec<String> = found("<@&")
            .into_iter()
            .filter(|id| allows("roles", Some(*id)))
            .map(|id| id.to_string())
            .collect();
        stored.json["mention_roles"] = json!(roles);
        let shout = content.contains("@everyone") || content.contains("@here");
        let may = self.may(stored.channel, stored.author, MENTION_EVERYONE);
        stored.json["mention_everyone"] = json!(shout && may && allows("everyone", None));
    }
}

/// An id in a request: Discord takes strings and whole numbers.
pub fn id_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

pub fn flags_of(body: &Map<String, Value>) -> u64 {
    body.get("flags").and_then(Value::as_u64).unwrap_or(0)
}

fn normal_embed(mut embed: Value, attachments: &Value) -> Value {
    if let Some(map) = embed.as_object_mut() {
        map.retain(|_, value| !value.is_null());
        map.insert("type".to_owned(), json!("rich"));
        for key in ["image", "thumbnail"] {
            let Some(name) = map
                .get(key)
                .and_then(|image| image["url"].as_str())
                .and_then(|url| url.strip_prefix("attachment://"))
            else {
                continue;
            };
            let url = attachments
                .as_array()
                .into_iter()
                .flatten()
                .find(|one| one["filename"] == name)
                .map(|one| one["url"].clone());
            if let Some(url) = url {
                map.insert(key.to_owned(), json!({"url": url}));
            }
        }
        for field in map
            .get_mut("fields")
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            if field["inline"].is_null() {
                field["inline"] = json!(false);
            }
        }
    }
    embed
}

/// Gives every component without an id the next free number, as Discord does.
fn number_components(components: &mut Value) {
    let mut taken = Vec::new();
    walk_components(components, &mut |component| {
        taken.extend(component["id"].as_u64().filter(|id| *id > 0));
    });
    let mut next = 1;
    walk_components(components, &mut |component| {
        if component["id"].as_u64().unwrap_or(0) == 0 {
            while taken.contains(&next) {
                next += 1;
            }
            component["id"] = json!(next);
            next += 1;
        }
    });
}

/// Calls `visit` for every component, parents before children.
pub fn walk_components(node: &mut Value, visit: &mut impl FnMut(&mut Value)) {
    match node {
        Value::Array(list) => list.iter_mut().for_each(|one| walk_components(one, visit)),
        Value::Object(_) => {
            visit(node);
            for key in ["components", "accessory", "component"] {
                if let Some(child) = node.get_mut(key) {
                    walk_components(child, visit);
                }
            }
        }
        _ => {}
    }
}

/// Every component below `node`, parents before children.
pub fn all_components(node: &Value) -> Vec<&Value> {
    match node {
        Value::Array(list) => list.iter().flat_map(all_components).collect(),
        Value::Object(_) => {
            let mut found = vec![node];
            for key in ["components", "accessory", "component"] {
                found.extend(node.get(key).map(all_components).unwrap_or_default());
            }
            found
        }
        _ => Vec::new(),
    }
}
