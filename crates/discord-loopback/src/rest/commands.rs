//! Application commands, global and of one guild.

use serde_json::{Map, Value};

use super::error::{ApiError, FormErrors};
use super::route::Op;
use super::{Answer, Call, command_rules};
use crate::world::World;

pub fn handle(world: &mut World, call: &mut Call) -> Answer {
    if call.route.id("application_id") != world.bot.id {
        return Err(ApiError::new(
            403,
            20_012,
            "You are not authorized to perform this action on this application",
        ));
    }
    let scope = call.route.guild();
    if scope.is_some_and(|guild| world.guild(guild).is_none()) {
        return Err(ApiError::missing_access());
    }
    let id = call.route.text("command_id").to_owned();
    let localised = call
        .query
        .get("with_localizations")
        .is_some_and(|value| value == "true");
    match call.route.op {
        Op::ListCommands => {
            let list: Vec<Value> = world
                .commands
                .scope(scope)
                .iter()
                .map(|one| shown(one, localised))
                .collect();
            Ok((200, Some(Value::Array(list))))
        }
        Op::PutCommands => {
            let list = call.body.as_array().cloned().unwrap_or_default();
            let mut errors = FormErrors::default();
            command_rules::list(&list, &mut errors);
            errors.into_result()?;
            Ok((200, Some(Value::Array(world.put_commands(scope, &list)))))
        }
        Op::AddCommand => {
            let body = object(&call.body);
            check(&call.body, true)?;
            let (command, new) = world.put_command(scope, &body);
            Ok((if new { 201 } else { 200 }, Some(command)))
        }
        Op::ChangeCommand => change(world, call, &id),
        Op::DropCommand => {
            if world.drop_command(scope, &id) {
                Ok((204, None))
            } else {
                Err(unknown())
            }
        }
        _ => world
            .commands
            .find(scope, &id)
            .map(|one| (200, Some(one.clone())))
            .ok_or_else(unknown),
    }
}

fn unknown() -> ApiError {
    ApiError::unknown(10_063, "application command")
}

fn object(body: &Value) -> Map<String, Value> {
    body.as_object().cloned().unwrap_or_default()
}

fn check(body: &Value, whole: bool) -> Result<(), ApiError> {
    let mut errors = FormErrors::default();
    command_rules::one(body, &[], whole, &mut errors);
    errors.into_result()
}

fn change(world: &mut World, call: &Call, id: &str) -> Answer {
    let scope = call.route.guild();
    let mut merged = world
        .commands
        .find(scope, id)
        .map(object)
        .ok_or_else(unknown)?;
    let old_name = merged.get("name").cloned();
    for (key, value) in object(&call.body) {
        merged.insert(key, value);
    }
    check(&Value::Object(merged.clone()), true)?;
    if merged.get("name") != old_name.as_ref() {
        // Kept under its id: the older name is put out of the way first.
        if let Some(list) = world.commands.by_scope.get_mut(&scope) {
            for one in list.iter_mut().filter(|one| one["id"] == id) {
                one["name"] = merged.get("name").cloned().unwrap_or_default();
            }
        }
    }
    Ok((200, Some(world.put_command(scope, &merged).0)))
}

/// A list leaves localisations out unless they were asked for.
fn shown(command: &Value, localised: bool) -> Value {
    let mut command = command.clone();
    if !localised && let Some(map) = command.as_object_mut() {
        map.remove("name_localizations");
        map.remove("description_localizations");
    }
    command
}
