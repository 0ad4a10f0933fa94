//! Registering commands: only when what Discord has differs, for it counts creations by the day.

use serde_json::{Map, Value, json};
use serenity::{
    all::ApplicationId,
    http::{LightMethod, Route},
};

use crate::{
    discord::{
        commands,
        rest::{Rest, RestError},
    },
    domain::course::Course,
};

/// Brings Discord's commands of the application in line with ours; true when they changed.
///
/// Subcommands share their command's definition, which is registered once.
///
/// # Errors
/// When Discord refuses a definition or cannot be reached.
pub async fn register(
    rest: &Rest,
    application: ApplicationId,
    course: &Course,
) -> Result<bool, RestError> {
    let route = || Route::Commands {
        application_id: application,
    };
    let mut wanted: Vec<Value> = Vec::new();
    let offered = commands::all()
        .into_iter()
        .filter(|one| one.is_offered(course));
    for command in offered {
        let definition = json!(command.definition(course));
        if !wanted
            .iter()
            .any(|known| known.get("name") == definition.get("name"))
        {
            wanted.push(definition);
        }
    }
    let query = vec![("with_localizations", "true".to_owned())];
    let known = rest
        .send_with(route(), LightMethod::Get, Some(query), None)
        .await?;
    let known = known.as_array().cloned().unwrap_or_default();
    if is_same(&wanted, &known) {
        return Ok(false);
    }
    rest.send(route(), LightMethod::Put, Some(Value::Array(wanted)))
        .await?;
    Ok(true)
}

/// Whether every wanted command is known with all that we say of it, and no other is there.
///
fn is_same(wanted: &[Value], known: &[Value]) -> bool {
    wanted.len() == known.len()
        && wanted.iter().all(|command| {
            let name = command.get("name");
            known
                .iter()
                .any(|other| other.get("name") == name && holds(other, command))
        })
}

/// Whether `known` says everything that `wanted` says, where it says anything of it at all.
fn holds(known: &Value, wanted: &Value) -> bool {
    match (known, wanted) {
        (Value::Object(known), Value::Object(wanted)) => wanted
            .iter()
            .all(|(key, value)| holds_key(known, key, value)),
        (Value::Array(known), Value::Array(wanted)) => {
            known.len() == wanted.len()
                && known
                    .iter()
                    .zip(wanted)
                    .all(|(known, wanted)| holds(known, wanted))
        }
        (known, wanted) => {
            known == wanted
                || known.to_string().trim_matches('"') == wanted.to_string().trim_matches('"')
        }
    }
}

fn holds_key(known: &Map<String, Value>, key: &str, wanted: &Value) -> bool {
    match known.get(key) {
        Some(value) => holds(value, wanted),
        None => is_nothing(wanted),
    }
}

/// What Discord leaves out of an answer: false, empty and null.
fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unchanged_command_is_recognised_though_discord_adds_and_omits_fields() {
        let ours = [
            json!({ "name": "quiz", "description": "d", "options": [{ "name": "topic", "type": 3, "required": false }] }),
        ];
        let theirs = [
            json!({ "id": "1", "version": "2", "name": "quiz", "description": "d", "nsfw": false,
            "options": [{ "name": "topic", "type": 3 }] }),
        ];
        assert!(is_same(&ours, &theirs));
    }

    #[test]
    fn a_changed_text_or_a_command_too_many_is_noticed() {
        let ours = [json!({ "name": "quiz", "description": "new" })];
        assert!(!is_same(
            &ours,
            &[json!({ "name": "quiz", "description": "old" })]
        ));
        let two = [
            json!({ "name": "quiz", "description": "new" }),
            json!({ "name": "old", "description": "" }),
        ];
        assert!(!is_same(&ours, &two));
    }
}
