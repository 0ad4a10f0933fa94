//! The life of an interaction: raised, acknowledged within three seconds, answered within fifteen minutes.

use serde_json::{Value, json};

use super::World;
use crate::gateway::events::EVERY;
use crate::ids::{Id, random_token};

pub const ACK_MS: i64 = 3_000;
pub const TOKEN_MS: i64 = 15 * 60 * 1_000;
pub const ATTACHMENT_LIMIT: u64 = 10 * 1024 * 1024;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Command,
    Component,
    Autocomplete,
    Modal,
}

impl Kind {
    pub fn number(self) -> u8 {
        match self {
            Self::Command => 2,
            Self::Component => 3,
            Self::Autocomplete => 4,
            Self::Modal => 5,
        }
    }
}

/// Why a person saw "the application did not respond".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Nothing came within three seconds.
    NoAnswer,
    /// No bot was connected.
    BotOffline,
    /// It was deferred and nothing came within fifteen minutes.
    Expired,
}

impl Failure {
    pub fn word(self) -> &'static str {
        match self {
            Self::NoAnswer => "no_answer",
            Self::BotOffline => "bot_offline",
            Self::Expired => "expired",
        }
    }
}

#[derive(Clone, Debug)]
pub struct Interaction {
    pub id: Id,
    pub token: String,
    pub kind: Kind,
    pub person: Id,
    pub channel: Id,
    pub raised_ms: i64,
    pub acked_ms: Option<i64>,
    /// The type of the first response.
    pub response: Option<u64>,
    pub ephemeral: bool,
    /// The message that `@original` means.
    pub original: Option<Id>,
    /// True once the final content is there.
    pub settled: bool,
    /// The message whose component was used.
    pub source: Option<Id>,
    pub followups: Vec<Id>,
    pub modal: Option<Value>,
    pub modal_used: bool,
    pub choices: Option<Vec<Value>>,
    pub failed: Option<Failure>,
    /// The words of the call, such as `/lesson`.
    pub title: String,
}

/// What is needed to raise one.
#[derive(Debug)]
pub struct Raise {
    pub kind: Kind,
    pub person: Id,
    pub channel: Id,
    pub locale: String,
    pub data: Value,
    pub source: Option<Id>,
    /// What was used: `/report class` or `[Next]`.
    pub title: String,
    /// What was given with it, for readers.
    pub details: String,
}

impl World {
    /// Raises an interaction and sends it to the bot; the caller watches the deadline.
    pub fn raise(&mut self, raise: &Raise) -> Id {
        let id = self.new_id();
        let token = random_token(32);
        let now = self.now_ms();
        let event = self.interaction_json(id, &token, raise);
        let interaction = Interaction {
            id,
            token: token.clone(),
            kind: raise.kind,
            person: raise.person,
            channel: raise.channel,
            raised_ms: now,
            acked_ms: None,
            response: None,
            ephemeral: false,
            original: None,
            settled: false,
            source: raise.source,
            followups: Vec::new(),
            modal: None,
            modal_used: false,
            choices: None,
            failed: None,
            title: raise.title.clone(),
        };
        self.forget_old(now);
        self.interactions.insert(id, interaction);
        self.tokens.insert(token, id);
        let who = self.display_name(raise.person);
        let used = format!("{who} used {}{}", raise.title, raise.details);
        if raise.kind != Kind::Autocomplete {
            self.tell_story(used.clone());
        }
        self.note("interaction", used, "raised", event.clone());
        let guild = self.guild_of(raise.channel);
        if self.hub.reachable(guild) {
            self.dispatch(guild, EVERY, "INTERACTION_CREATE", &event);
        } else {
            self.fail(id, Failure::BotOffline);
        }
        id
    }

    fn forget_old(&mut self, now: i64) {
        if self.interactions.len() < 4_000 {
            return;
        }
        self.interactions
            .retain(|_, one| now - one.raised_ms < 2 * TOKEN_MS);
        let known = &self.interactions;
        self.tokens.retain(|_, id| known.contains_key(id));
    }

    fn interaction_json(&self, id: Id, token: &str, raise: &Raise) -> Value {
        let guild = self.guild_of(raise.channel).and_then(|id| self.guild(id));
        let permissions = self.permissions_in(raise.channel, raise.person).to_string();
        let mut channel = self
            .channels
            .get(&raise.channel)
            .map(|one| self.channel_json(one))
            .unwrap_or_default();
        channel["permissions"] = json!(permissions);
        let mut json = json!({"id": id.to_string(), "application_id": self.bot.id.to_string(),
            "type": raise.kind.number(), "data": raise.data, "channel": channel,
            "channel_id": raise.channel.to_string(), "token": token, "version": 1,
            "app_permissions": self.permissions_in(raise.channel, self.bot.id).to_string(),
            "locale": raise.locale, "entitlements": [], "entitlement_sku_ids": [],
            "attachment_size_limit": ATTACHMENT_LIMIT});
        if let Some(guild) = guild {
            let mut member = self.member_json(guild.id, raise.person);
            member["permissions"] = json!(permissions);
            json["member"] = member;
            json["guild_id"] = json!(guild.id.to_string());
            json["guild"] =
                json!({"id": guild.id.to_string(), "locale": guild.locale, "features": []});
            json["guild_locale"] = json!(guild.locale);
            json["context"] = json!(0);
            json["authorizing_integration_owners"] = json!({"0": guild.id.to_string()});
        } else {
            json["user"] = self.user_json(raise.person);
            json["context"] = json!(1);
            json["authorizing_integration_owners"] = json!({"0": "0"});
        }
        if let Some(source) = raise.source.and_then(|id| self.messages.get(&id)) {
            json["message"] = source.json.clone();
        }
        json
    }

    /// Marks an interaction as failed and shows it to its person.
    pub fn fail(&mut self, id: Id, why: Failure) {
        let Some(interaction) = self.interactions.get_mut(&id) else {
            return;
        };
        interaction.failed = Some(why);
        let (person, channel, title) = (
            interaction.person,
            interaction.channel,
            interaction.title.clone(),
        );
        let event = json!({"type": "interaction_failed", "interaction_id": id.to_string(),
            "channel_id": channel.to_string(), "reason": why.word()});
        self.tell_page_if(&event, |_, listener| listener == person);
        self.note("interaction", title.clone(), why.word(), Value::Null);
        self.tell_story(format!("{title} failed: {}", why.word()));
    }

    /// Called when the three seconds are over.
    pub fn ack_deadline(&mut self, id: Id) {
        let Some(interaction) = self.interactions.get(&id) else {
            return;
        };
        if interaction.response.is_some() || interaction.failed.is_some() {
            return;
        }
        let online = self.hub.online();
        self.fail(
            id,
            if online {
                Failure::NoAnswer
            } else {
                Failure::BotOffline
            },
        );
    }

    /// Called when the token dies.
    pub fn token_deadline(&mut self, id: Id) {
        let Some(interaction) = self.interactions.get(&id) else {
            return;
        };
        if interaction.response == Some(5) && !interaction.settled && interaction.failed.is_none() {
            self.fail(id, Failure::Expired);
        }
    }

    /// Says on the page that the first response has come.
    pub fn interaction_done(&mut self, id: Id) {
        let Some(person) = self.interactions.get(&id).map(|one| one.person) else {
            return;
        };
        let event = json!({"type": "interaction_done", "interaction_id": id.to_string()});
        self.tell_page_if(&event, |_, listener| listener == person);
    }

    /// The `interaction_metadata` of a reply.
    pub fn metadata_of(&self, interaction: &Interaction) -> Value {
        let mut json = json!({"id": interaction.id.to_string(), "type": interaction.kind.number(),
            "user": self.user_json(interaction.person), "name": interaction.title.trim_start_matches('/'),
            "authorizing_integration_owners": {"0": self.guild_of(interaction.channel).unwrap_or(0).to_string()}});
        if interaction.kind == Kind::Command {
        } else {
            if let Some(map) = json.as_object_mut() {
                map.remove("name");
            }
            if let Some(source) = interaction.source {
                json["interacted_message_id"] = json!(source.to_string());
            }
        }
        json
    }
}
