//! The registered application commands and who may use them.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Map, Value, json};

use super::World;
use super::permissions::{ADMINISTRATOR, USE_APPLICATION_COMMANDS, VIEW_CHANNEL};
use crate::ids::Id;

pub const CHAT_INPUT: u64 = 1;

/// Commands by scope: `None` is global, otherwise one guild's own.
#[derive(Debug, Default)]
pub struct Registry {
    pub by_scope: BTreeMap<Option<Id>, Vec<Value>>,
    /// Commands whose default permissions an administrator has widened to everybody.
    pub for_everyone: HashSet<String>,
    /// How many times the bot has written commands.
    pub writes: u64,
}

impl Registry {
    pub fn scope(&self, scope: Option<Id>) -> &[Value] {
        self.by_scope.get(&scope).map_or(&[], Vec::as_slice)
    }

    pub fn find(&self, scope: Option<Id>, id: &str) -> Option<&Value> {
        self.scope(scope).iter().find(|command| command["id"] == id)
    }
}

fn kind_of(command: &Value) -> u64 {
    command["type"].as_u64().unwrap_or(CHAT_INPUT)
}

impl World {
    /// Writes one command; the same name and type replace the older one and keep its id.
    pub fn put_command(&mut self, scope: Option<Id>, body: &Map<String, Value>) -> (Value, bool) {
        let name = body.get("name").cloned().unwrap_or_default();
        let kind = body
            .get("type")
            .and_then(Value::as_u64)
            .unwrap_or(CHAT_INPUT);
        let old = self
            .commands
            .scope(scope)
            .iter()
            .position(|command| command["name"] == name && kind_of(command) == kind);
        let id = old
            .and_then(|index| self.commands.scope(scope).get(index))
            .and_then(|command| command["id"].as_str().map(ToOwned::to_owned))
            .unwrap_or_else(|| self.new_id().to_string());
        let command = self.complete_command(scope, &id, kind, body);
        let list = self.commands.by_scope.entry(scope).or_default();
        match old.and_then(|index| list.get_mut(index)) {
            Some(slot) => *slot = command.clone(),
            None => list.push(command.clone()),
        }
        self.commands_written();
        (command, old.is_none())
    }

    /// Replaces the whole list of a scope.
    pub fn put_commands(&mut self, scope: Option<Id>, bodies: &[Value]) -> Vec<Value> {
        let names: Vec<(Value, u64)> = bodies
            .iter()
            .map(|body| (body["name"].clone(), kind_of(body)))
            .collect();
        if let Some(list) = self.commands.by_scope.get_mut(&scope) {
            list.retain(|one| names.contains(&(one["name"].clone(), kind_of(one))));
        }
        let written = bodies
            .iter()
            .filter_map(Value::as_object)
            .map(|body| self.put_command(scope, body).0)
            .collect();
        self.commands_written();
        written
    }

    pub fn drop_command(&mut self, scope: Option<Id>, id: &str) -> bool {
        let list = self.commands.by_scope.entry(scope).or_default();
        let before = list.len();
        list.retain(|command| command["id"] != id);
        let gone = list.len() < before;
        self.commands_written();
        gone
    }

    fn commands_written(&mut self) {
        self.commands.writes += 1;
        self.unsaved = true;
        self.tell_all_pages(&json!({"type": "commands_update"}));
    }

    fn complete_command(
        &mut self,
        scope: Option<Id>,
        id: &str,
        kind: u64,
        body: &Map<String, Value>,
    ) -> Value {
        let field = |key: &str, fallback: Value| match body.get(key) {
            Some(value) if !value.is_null() => value.clone(),
            _ => fallback,
        };
        let permissions = match body.get("default_member_permissions") {
            Some(Value::Number(number)) => json!(number.to_string()),
            Some(value) => value.clone(),
            None => Value::Null,
        };
        let mut command = json!({"id": id, "application_id": self.bot.id.to_string(),
            "version": self.new_id().to_string(), "type": kind, "name": field("name", json!("")),
            "name_localizations": field("name_localizations", Value::Null),
            "description": field("description", json!("")),
            "description_localizations": field("description_localizations", Value::Null),
            "options": field("options", json!([])), "nsfw": field("nsfw", json!(false)),
            "default_member_permissions": permissions,
            "integration_types": field("integration_types", json!([0])),
            "contexts": field("contexts", Value::Null)});
        match scope {
            Some(guild) => command["guild_id"] = json!(guild.to_string()),
            None => command["dm_permission"] = field("dm_permission", json!(true)),
        }
        command
    }

    /// The commands that a channel offers: the guild's own hide global ones of the same name.
    pub fn commands_in(&self, channel: Id) -> Vec<&Value> {
        let guild = self.guild_of(channel);
        let own = guild.map_or(&[][..], |guild| self.commands.scope(Some(guild)));
        let global = self.commands.scope(None).iter().filter(|command| {
            let hidden = own
                .iter()
                .any(|one| one["name"] == command["name"] && kind_of(one) == kind_of(command));
            !hidden && fits_context(command, guild.is_none())
        });
        own.iter().chain(global).collect()
    }

    /// Why `person` may not run the command here, if so.
    pub fn command_refusal(&self, command: &Value, channel: Id, person: Id) -> Option<String> {
        let name = command["name"].as_str().unwrap_or_default();
        let guild = self.guild_of(channel)?;
        let here = self.permissions_in(channel, person);
        if here & VIEW_CHANNEL == 0 {
            return Some("the person does not see this channel".to_owned());
        }
        if here & USE_APPLICATION_COMMANDS == 0 {
            return Some("the person may not use application commands here".to_owned());
        }
        if self.commands.for_everyone.contains(name) {
            return None;
        }
        let mine = self.guild_permissions(guild, person);
        let needed: u64 = command["default_member_permissions"]
            .as_str()?
            .parse()
            .ok()?;
        let allowed = mine & ADMINISTRATOR != 0 || (needed != 0 && mine & needed == needed);
        (!allowed).then(|| {
            format!("/{name} needs the permissions {needed}, which the person does not have")
        })
    }
}

fn fits_context(command: &Value, dm: bool) -> bool {
    match command["contexts"].as_array() {
        Some(contexts) => contexts.iter().any(|one| *one == u8::from(dm)),
        None => !dm || command["dm_permission"].as_bool().unwrap_or(true),
    }
}
