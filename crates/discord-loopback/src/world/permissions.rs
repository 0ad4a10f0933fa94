//! Permission bits and how Discord adds them up.

use serde_json::{Value, json};

use super::World;
use crate::ids::Id;

/// The permission `ADMINISTRATOR`.
pub const ADMINISTRATOR: u64 = 1 << 3;
/// The permission `MANAGE_CHANNELS`.
pub const MANAGE_CHANNELS: u64 = 1 << 4;
/// The permission `MANAGE_GUILD`.
pub const MANAGE_GUILD: u64 = 1 << 5;
/// The permission `ADD_REACTIONS`.
pub const ADD_REACTIONS: u64 = 1 << 6;
/// The permission `VIEW_CHANNEL`.
pub const VIEW_CHANNEL: u64 = 1 << 10;
/// The permission `SEND_MESSAGES`.
pub const SEND_MESSAGES: u64 = 1 << 11;
/// The permission `MANAGE_MESSAGES`.
pub const MANAGE_MESSAGES: u64 = 1 << 13;
/// The permission `EMBED_LINKS`.
pub const EMBED_LINKS: u64 = 1 << 14;
/// The permission `ATTACH_FILES`.
pub const ATTACH_FILES: u64 = 1 << 15;
/// The permission `READ_MESSAGE_HISTORY`.
pub const READ_MESSAGE_HISTORY: u64 = 1 << 16;
/// The permission `MENTION_EVERYONE`.
pub const MENTION_EVERYONE: u64 = 1 << 17;
/// The permission `MANAGE_ROLES`.
pub const MANAGE_ROLES: u64 = 1 << 28;
/// The permission `USE_APPLICATION_COMMANDS`.
pub const USE_APPLICATION_COMMANDS: u64 = 1 << 31;
/// The permission `MANAGE_THREADS`.
pub const MANAGE_THREADS: u64 = 1 << 34;
/// The permission `CREATE_PUBLIC_THREADS`.
pub const CREATE_PUBLIC_THREADS: u64 = 1 << 35;
/// The permission `SEND_MESSAGES_IN_THREADS`.
pub const SEND_MESSAGES_IN_THREADS: u64 = 1 << 38;
/// Every bit that Discord has named so far.
pub const ALL: u64 = (1 << 53) - 1;

/// What `@everyone` may do in a fresh guild.
pub const EVERYONE: u64 = VIEW_CHANNEL
    | SEND_MESSAGES
    | EMBED_LINKS
    | ATTACH_FILES
    | READ_MESSAGE_HISTORY
    | ADD_REACTIONS
    | USE_APPLICATION_COMMANDS
    | CREATE_PUBLIC_THREADS
    | SEND_MESSAGES_IN_THREADS;

/// What the bot may do unless the builder says otherwise.
pub const BOT: u64 = EVERYONE | MANAGE_ROLES | MANAGE_MESSAGES | MANAGE_THREADS;

/// A rule of one channel for a role (kind 0) or a member (kind 1).
#[derive(Clone, Debug)]
pub struct Overwrite {
    /// Its snowflake.
    pub id: Id,
    /// 0 for a role, 1 for a member.
    pub kind: u8,
    /// Bits given.
    pub allow: u64,
    /// Bits taken.
    pub deny: u64,
}

impl Overwrite {
    #[must_use]
    /// As a channel object holds it.
    pub fn json(&self) -> Value {
        json!({"id": self.id.to_string(), "type": self.kind,
            "allow": self.allow.to_string(), "deny": self.deny.to_string()})
    }
}

impl World {
    /// What a member may do in the guild, before any channel's own rules.
    pub fn guild_permissions(&self, guild_id: Id, user: Id) -> u64 {
        let Some(guild) = self.guild(guild_id) else {
            return 0;
        };
        if guild.owner == user {
            return ALL;
        }
        let Some(member) = guild.member(user) else {
            return 0;
        };
        let sum = guild
            .roles
            .iter()
            .filter(|role| role.id == guild.id || member.roles.contains(&role.id))
            .fold(0, |sum, role| sum | role.permissions);
        if sum & ADMINISTRATOR != 0 { ALL } else { sum }
    }

    /// What a user may do in a channel. A thread follows its parent; a DM belongs to its two people.
    pub fn permissions_in(&self, channel_id: Id, user: Id) -> u64 {
        let Some(channel) = self.channels.get(&channel_id) else {
            return 0;
        };
        let Some(guild_id) = channel.guild else {
            let inside = user == self.bot.id || channel.recipients.contains(&user);
            return if inside { EVERYONE } else { 0 };
        };
        if let (true, Some(parent)) = (channel.is_thread(), channel.parent) {
            return self.permissions_in(parent, user);
        }
        let base = self.guild_permissions(guild_id, user);
        if base & ADMINISTRATOR != 0 || base == ALL {
            return ALL;
        }
        let roles = self
            .guild(guild_id)
            .and_then(|guild| guild.member(user))
            .map(|member| member.roles.clone())
            .unwrap_or_default();
        let overwrites = &channel.overwrites;
        let mut sum = base;
        for rule in overwrites
            .iter()
            .filter(|rule| rule.kind == 0 && rule.id == guild_id)
        {
            sum = (sum & !rule.deny) | rule.allow;
        }
        let (mut deny, mut allow) = (0, 0);
        for rule in overwrites
            .iter()
            .filter(|rule| rule.kind == 0 && roles.contains(&rule.id))
        {
            deny |= rule.deny;
            allow |= rule.allow;
        }
        sum = (sum & !deny) | allow;
        for rule in overwrites
            .iter()
            .filter(|rule| rule.kind == 1 && rule.id == user)
        {
            sum = (sum & !rule.deny) | rule.allow;
        }
        if sum & VIEW_CHANNEL == 0 { 0 } else { sum }
    }

    pub fn may(&self, channel: Id, user: Id, bits: u64) -> bool {
        self.permissions_in(channel, user) & bits == bits
    }

    /// The bit that lets someone write here: threads have their own.
    pub fn write_bit(&self, channel: Id) -> u64 {
        match self.channels.get(&channel) {
            Some(channel) if channel.is_thread() => SEND_MESSAGES_IN_THREADS,
            _ => SEND_MESSAGES,
        }
    }
}
