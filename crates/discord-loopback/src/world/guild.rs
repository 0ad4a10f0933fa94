//! Guilds, roles, channels and people, and their Discord objects.

use serde_json::{Map, Value, json};

use super::World;
use super::permissions::Overwrite;
use crate::clock::iso;
use crate::ids::{Id, moment_of};

/// Channel kinds of Discord's API that this world has.
pub mod kind {
    pub const TEXT: u8 = 0;
    pub const DM: u8 = 1;
    pub const PUBLIC_THREAD: u8 = 11;
    pub const FORUM: u8 = 15;
}

#[derive(Clone, Debug)]
pub struct Role {
    pub id: Id,
    pub name: String,
    pub permissions: u64,
    pub position: u64,
    pub color: u32,
    pub managed: bool,
}

#[derive(Clone, Debug)]
pub struct Member {
    pub user: Id,
    pub roles: Vec<Id>,
}

#[derive(Clone, Debug)]
pub struct Guild {
    pub id: Id,
    pub name: String,
    pub owner: Id,
    pub locale: String,
    pub roles: Vec<Role>,
    pub members: Vec<Member>,
}

impl Guild {
    pub fn member(&self, user: Id) -> Option<&Member> {
        self.members.iter().find(|member| member.user == user)
    }

    pub fn role(&self, id: Id) -> Option<&Role> {
        self.roles.iter().find(|role| role.id == id)
    }

    pub fn top_position(&self, user: Id) -> u64 {
        let roles = self.member(user).map(|member| member.roles.as_slice());
        self.roles
            .iter()
            .filter(|role| roles.is_some_and(|mine| mine.contains(&role.id)))
            .map(|role| role.position)
            .max()
            .unwrap_or(0)
    }
}

#[derive(Clone, Debug)]
pub struct Channel {
    pub id: Id,
    pub kind: u8,
    pub guild: Option<Id>,
    pub name: String,
    pub topic: Option<String>,
    pub parent: Option<Id>,
    pub position: u64,
    pub overwrites: Vec<Overwrite>,
    pub recipients: Vec<Id>,
    pub owner: Option<Id>,
    pub tags: Vec<(Id, String)>,
    pub applied_tags: Vec<String>,
    pub message_count: u64,
    pub last_message: Option<Id>,
}

impl Channel {
    pub fn new(id: Id, kind: u8, guild: Option<Id>, name: &str) -> Self {
        Self {
            id,
            kind,
            guild,
            name: name.to_owned(),
            topic: None,
            parent: None,
            position: 0,
            overwrites: Vec::new(),
            recipients: Vec::new(),
            owner: None,
            tags: Vec::new(),
            applied_tags: Vec::new(),
            message_count: 0,
            last_message: None,
        }
    }

    pub fn is_thread(&self) -> bool {
        self.kind == kind::PUBLIC_THREAD
    }
}

/// A human of this world.
#[derive(Clone, Debug)]
pub struct Human {
    pub id: Id,
    /// The handle, by which tests name the person.
    pub handle: String,
    pub display: String,
    pub locale: String,
    pub refuses_dms: bool,
}

#[derive(Clone, Debug)]
pub struct Bot {
    pub id: Id,
    pub name: String,
    pub token: String,
}

impl World {
    pub fn guild(&self, id: Id) -> Option<&Guild> {
        self.guilds.iter().find(|guild| guild.id == id)
    }

    pub fn guild_mut(&mut self, id: Id) -> Option<&mut Guild> {
        self.guilds.iter_mut().find(|guild| guild.id == id)
    }

    pub fn human(&self, id: Id) -> Option<&Human> {
        self.people.iter().find(|human| human.id == id)
    }

    pub fn human_named(&self, handle: &str) -> Option<&Human> {
        self.people.iter().find(|human| human.handle == handle)
    }

    pub fn channel_named(&self, name: &str) -> Option<&Channel> {
        let newest = |kind_ok: fn(&Channel) -> bool| {
            self.channels
                .values()
                .rfind(move |channel| kind_ok(channel) && channel.name == name)
        };
        newest(|channel| !channel.is_thread()).or_else(|| newest(Channel::is_thread))
    }

    /// The name that people see over someone's messages.
    pub fn display_name(&self, user: Id) -> String {
        if user == self.bot.id {
            return self.bot.name.clone();
        }
        self.human(user)
            .map_or_else(|| user.to_string(), |human| human.display.clone())
    }

    pub fn user_json(&self, id: Id) -> Value {
        let bot = id == self.bot.id;
        let (username, global) = match self.human(id) {
            Some(human) => (human.handle.clone(), json!(human.display)),
            None if bot => (self.bot.name.clone(), Value::Null),
            None => ("deleted_user".to_owned(), Value::Null),
        };
        json!({"id": id.to_string(), "username": username, "discriminator": if bot { "0001" } else { "0" },
            "global_name": global, "avatar": null, "avatar_decoration_data": null, "banner": null,
            "accent_color": null, "collectibles": null, "primary_guild": null,
            "bot": bot, "system": false, "flags": 0, "public_flags": 0})
    }

    /// A member object without its user.
    pub fn bare_member_json(&self, guild: Id, user: Id) -> Value {
        let roles: Vec<String> = self
            .guild(guild)
            .and_then(|guild| guild.member(user))
            .map(|member| member.roles.iter().map(ToString::to_string).collect())
            .unwrap_or_default();
        json!({"roles": roles, "nick": null, "avatar": null, "banner": null,
            "joined_at": iso(moment_of(guild)), "premium_since": null, "deaf": false, "mute": false,
            "flags": 0, "pending": false, "communication_disabled_until": null,
            "avatar_decoration_data": null})
    }

    pub fn member_json(&self, guild: Id, user: Id) -> Value {
        let mut member = self.bare_member_json(guild, user);
        member["user"] = self.user_json(user);
        member
    }

    pub fn role_json(&self, guild: &Guild, role: &Role) -> Value {
        let mut json = json!({"id": role.id.to_string(), "name": role.name, "color": role.color,
            "colors": {"primary_color": role.color, "secondary_color": null, "tertiary_color": null},
            "hoist": false, "icon": null, "unicode_emoji": null, "position": role.position,
            "permissions": role.permissions.to_string(), "managed": role.managed,
            "mentionable": false, "flags": 0});
        if role.managed && role.id != guild.id {
            json["tags"] = json!({"bot_id": self.bot.id.to_string()});
        }
        json
    }

    pub fn channel_json(&self, channel: &Channel) -> Value {
        let mut json = Map::new();
        let mut put = |key: &str, value: Value| {
            json.insert(key.to_owned(), value);
        };
        put("id", json!(channel.id.to_string()));
        put("type", json!(channel.kind));
        put(
            "last_message_id",
            json!(channel.last_message.map(|id| id.to_string())),
        );
        put("flags", json!(0));
        if channel.kind == kind::DM {
            let people: Vec<Value> = channel
                .recipients
                .iter()
                .map(|id| self.user_json(*id))
                .collect();
            put("recipients", json!(people));
            return Value::Object(json);
        }
        put("guild_id", json!(channel.guild.map(|id| id.to_string())));
        put("name", json!(channel.name));
        put("parent_id", json!(channel.parent.map(|id| id.to_string())));
        put("rate_limit_per_user", json!(0));
        if channel.is_thread() {
            let made = iso(moment_of(channel.id));
            put("owner_id", json!(channel.owner.map(|id| id.to_string())));
            put("message_count", json!(channel.message_count));
            put("total_message_sent", json!(channel.message_count));
            put("member_count", json!(1));
            put("applied_tags", json!(channel.applied_tags));
            put(
                "thread_metadata",
                json!({"archived": false, "auto_archive_duration": 4320,
                "archive_timestamp": made, "locked": false, "create_timestamp": made}),
            );
            return Value::Object(json);
        }
        let rules: Vec<Value> = channel.overwrites.iter().map(Overwrite::json).collect();
        put("topic", json!(channel.topic));
        put("position", json!(channel.position));
        put("nsfw", json!(false));
        put("permission_overwrites", json!(rules));
        if channel.kind == kind::FORUM {
            let tags: Vec<Value> = channel
                .tags
                .iter()
                .map(|(id, name)| {
                    json!({"id": id.to_string(), "name": name, "moderated": false,
                    "emoji_id": null, "emoji_name": null})
                })
                .collect();
            put("available_tags", json!(tags));
            put("default_reaction_emoji", Value::Null);
            put("default_sort_order", Value::Null);
            put("default_forum_layout", json!(0));
        }
        Value::Object(json)
    }

    /// The channels of a guild without its threads, in the order of the sidebar.
    pub fn guild_channels(&self, guild: Id) -> Vec<&Channel> {
        let mut list: Vec<&Channel> = self
            .channels
            .values()
            .filter(|channel| channel.guild == Some(guild) && !channel.is_thread())
            .collect();
        list.sort_by_key(|channel| (channel.position, channel.id));
        list
    }

    pub fn guild_threads(&self, guild: Id) -> Vec<&Channel> {
        self.channels
            .values()
            .filter(|channel| channel.guild == Some(guild) && channel.is_thread())
            .collect()
    }

    pub fn guild_json(&self, guild: &Guild) -> Value {
        let roles: Vec<Value> = guild
            .roles
            .iter()
            .map(|role| self.role_json(guild, role))
            .collect();
        json!({"id": guild.id.to_string(), "name": guild.name, "icon": null, "splash": null,
            "discovery_splash": null, "owner_id": guild.owner.to_string(), "region": "deprecated",
            "afk_channel_id": null, "afk_timeout": 300, "widget_enabled": false,
            "widget_channel_id": null, "verification_level": 0, "default_message_notifications": 1,
            "explicit_content_filter": 0, "roles": roles, "emojis": [], "stickers": [],
            "features": [], "mfa_level": 0, "application_id": null, "system_channel_id": null,
            "system_channel_flags": 0, "rules_channel_id": null, "max_presences": null,
            "max_members": 500_000, "vanity_url_code": null, "description": null, "banner": null,
            "premium_tier": 0, "premium_subscription_count": 0, "preferred_locale": guild.locale,
            "public_updates_channel_id": null, "max_video_channel_users": 25,
            "max_stage_video_channel_users": 50, "nsfw_level": 0, "nsfw": false,
            "premium_progress_bar_enabled": false, "safety_alerts_channel_id": null,
            "incidents_data": null, "inventory_settings": null, "hub_type": null,
            "latest_onboarding_question_id": null, "home_header": null})
    }

    /// The DM channel with a person, made when it is first needed.
    pub fn open_dm(&mut self, person: Id) -> Id {
        let id = crate::ids::stable_id(&["dm", &self.bot.id.to_string(), &person.to_string()]);
        if !self.channels.contains_key(&id) {
            let mut channel = Channel::new(id, kind::DM, None, &self.bot.name.clone());
            channel.recipients.push(person);
            self.channels.insert(id, channel);
            self.tell_page(id, &json!({"type": "channel_update"}));
        }
        id
    }
}
