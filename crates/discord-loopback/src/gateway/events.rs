//! Intents, and the events that a fresh session gets.

use serde_json::{Value, json};

use super::hub::handles;
use crate::clock::iso;
use crate::ids::{Id, moment_of};
use crate::world::World;
use crate::world::guild::Guild;

/// No intent is needed.
pub const EVERY: u64 = 0;
pub const GUILDS: u64 = 1;
pub const GUILD_MEMBERS: u64 = 1 << 1;
pub const GUILD_PRESENCES: u64 = 1 << 8;
pub const GUILD_MESSAGES: u64 = 1 << 9;
pub const DIRECT_MESSAGES: u64 = 1 << 12;
pub const MESSAGE_CONTENT: u64 = 1 << 15;
pub const PRIVILEGED: u64 = GUILD_MEMBERS | GUILD_PRESENCES | MESSAGE_CONTENT;
/// Every bit that names an intent.
pub const KNOWN: u64 = ((1 << 22) - 1) | (1 << 24) | (1 << 25);

impl World {
    /// Sends an event to the sessions that asked for it.
    pub fn dispatch(&mut self, guild: Option<Id>, intent: u64, name: &str, data: &Value) {
        let thinned = self.without_content(guild, name, data);
        let reached = self.hub.send(guild, intent, name, data, thinned.as_ref());
        if reached > 0 {
            self.note(
                "gateway",
                format!("{name} to {reached} session(s)"),
                "sent",
                data.clone(),
            );
        }
    }

    /// A message as a bot without the `MESSAGE_CONTENT` intent gets it, when that differs.
    fn without_content(&self, guild: Option<Id>, name: &str, data: &Value) -> Option<Value> {
        let bot = self.bot.id.to_string();
        let concerns_bot = data["author"]["id"] == bot.as_str()
            || data["mentions"]
                .as_array()
                .into_iter()
                .flatten()
                .any(|user| user["id"] == bot.as_str());
        if guild.is_none() || concerns_bot || !matches!(name, "MESSAGE_CREATE" | "MESSAGE_UPDATE") {
            return None;
        }
        let mut thinned = data.clone();
        thinned["content"] = json!("");
        for key in ["embeds", "attachments", "components"] {
            thinned[key] = json!([]);
        }
        Some(thinned)
    }

    pub fn ready_json(&self, session: &str, shard: (u64, u64), gateway_url: &str) -> Value {
        let guilds: Vec<Value> = self
            .guilds
            .iter()
            .filter(|guild| handles(shard, Some(guild.id)))
            .map(|guild| json!({"id": guild.id.to_string(), "unavailable": true}))
            .collect();
        let mut user = self.user_json(self.bot.id);
        user["verified"] = json!(true);
        user["email"] = Value::Null;
        user["mfa_enabled"] = json!(false);
        json!({"v": 10, "user_settings": {}, "user": user, "session_type": "normal", "session_id": session,
            "resume_gateway_url": gateway_url, "relationships": [], "private_channels": [],
            "presences": [], "guilds": guilds, "guild_join_requests": [], "geo_ordered_rtc_regions": [],
            "shard": [shard.0, shard.1], "auth": {},
            "application": {"id": self.bot.id.to_string(), "flags": 565_248}, "_trace": ["loopback"]})
    }

    /// The whole guild, as it comes after READY.
    pub fn guild_create_json(&self, guild: &Guild, intents: u64) -> Value {
        let mut json = self.guild_json(guild);
        let seen = |id: Id| self.may(id, self.bot.id, crate::world::permissions::VIEW_CHANNEL);
        let channels: Vec<Value> = self
            .guild_channels(guild.id)
            .into_iter()
            .map(|one| self.channel_json(one))
            .collect();
        let threads: Vec<Value> = self
            .guild_threads(guild.id)
            .into_iter()
            .filter(|one| seen(one.id))
            .map(|one| self.channel_json(one))
            .collect();
        let members: Vec<Value> = guild
            .members
            .iter()
            .filter(|member| intents & GUILD_MEMBERS != 0 || member.user == self.bot.id)
            .map(|member| self.member_json(guild.id, member.user))
            .collect();
        json["joined_at"] = json!(iso(moment_of(guild.id)));
        json["large"] = json!(false);
        json["unavailable"] = json!(false);
        json["member_count"] = json!(guild.members.len());
        json["voice_states"] = json!([]);
        json["members"] = json!(members);
        json["channels"] = json!(channels);
        json["threads"] = json!(threads);
        json["presences"] = json!([]);
        json["stage_instances"] = json!([]);
        json["guild_scheduled_events"] = json!([]);
        json["soundboard_sounds"] = json!([]);
        json
    }

    /// Tells the pages whether the bot is there.
    pub fn bot_presence(&mut self) {
        let event = json!({"type": "bot", "online": self.hub.online()});
        self.tell_all_pages(&event);
    }
}
