//! The first response to an interaction.

use serde_json::{Value, json};

use super::channels::{check_message, must_hold_something};
use super::error::{ApiError, FormErrors};
use super::{Answer, Call, rules};
use crate::ids::Id;
use crate::world::World;
use crate::world::interactions::{Interaction, Kind};
use crate::world::messages::{Draft, EPHEMERAL, LOADING, Origin, walk_components};

pub fn callback(world: &mut World, call: &mut Call) -> Answer {
    let id = call.route.id("interaction_id");
    let known = world
        .interactions
        .get(&id)
        .filter(|one| one.token == call.route.text("interaction_token"));
    let Some(interaction) = known.cloned() else {
        return Err(ApiError::protocol(404, 10_062, "Unknown interaction"));
    };
    if interaction.response.is_some() {
        return Err(ApiError::protocol(
            400,
            40_060,
            "Interaction has already been acknowledged.",
        ));
    }
    if interaction.failed.is_some() {
        return Err(ApiError::protocol(404, 10_062, "Unknown interaction"));
    }
    let kind = call.body["type"].as_u64().unwrap_or(0);
    fitting(&interaction, kind)?;
    let message = respond(world, call, &interaction, kind)?;
    let now = world.now_ms();
    if let Some(slot) = world.interactions.get_mut(&id) {
        slot.response = Some(kind);
        slot.acked_ms = Some(now);
    }
    world.interaction_done(id);
    if call
        .query
        .get("with_response")
        .is_some_and(|value| value == "true")
    {
        return Ok((200, Some(described(world, id, kind, message))));
    }
    Ok((204, None))
}

/// Whether this kind of interaction may be answered so.
fn fitting(interaction: &Interaction, response: u64) -> Result<(), ApiError> {
    let fits = match interaction.kind {
        Kind::Autocomplete => response == 8,
        Kind::Command => matches!(response, 4 | 5 | 9),
        Kind::Component => matches!(response, 4 | 5 | 6 | 7 | 9),
        Kind::Modal => {
            matches!(response, 4 | 5) || (matches!(response, 6 | 7) && interaction.source.is_some())
        }
    };
    if fits {
        return Ok(());
    }
    let mut errors = FormErrors::default();
    let message = format!(
        "A response of type {response} does not fit an interaction of type {}.",
        interaction.kind.number()
    );
    errors.rule(
        &["type".to_owned()],
        "INTERACTION_RESPONSE_TYPE_INVALID",
        message,
    );
    errors.into_result()
}

fn respond(
    world: &mut World,
    call: &mut Call,
    interaction: &Interaction,
    kind: u64,
) -> Result<Option<Id>, ApiError> {
    let path = ["data".to_owned()];
    match kind {
        4 => {
            check_message(&call.body["data"], &path, 0)?;
            must_hold_something(&call.body["data"], call.files.len())?;
            let draft = call.draft(Some("data"));
            Ok(Some(reply(world, interaction, draft, 0)))
        }
        5 => {
            let mut draft = Draft::default();
            if let Some(flags) = call.body["data"].get("flags") {
                draft.body.insert("flags".to_owned(), flags.clone());
            }
            Ok(Some(reply(world, interaction, draft, LOADING)))
        }
        6 => {
            if let Some(slot) = world.interactions.get_mut(&interaction.id) {
                slot.original = interaction.source;
            }
            Ok(interaction.source)
        }
        7 => update(world, call, interaction),
        8 => {
            let choices = call.body["data"]["choices"]
                .as_array()
                .cloned()
                .unwrap_or_default();
            if let Some(slot) = world.interactions.get_mut(&interaction.id) {
                slot.choices = Some(choices);
                slot.settled = true;
            }
            Ok(None)
        }
        _ => open_modal(world, call, interaction),
    }
}

/// Writes the reply message and remembers it as the original.
fn reply(world: &mut World, interaction: &Interaction, draft: Draft, loading: u64) -> Id {
    let ephemeral = crate::world::messages::flags_of(&draft.body) & EPHEMERAL != 0;
    let origin = Origin {
        kind: if interaction.kind == Kind::Command {
            20
        } else {
            0
        },
        flags: loading,
        only_for: ephemeral.then_some(interaction.person),
        interaction: Some(interaction.id),
        metadata: Some(world.metadata_of(interaction)),
        reply_to: None,
        id: None,
    };
    let id = world.post(interaction.channel, world.bot.id, draft, origin);
    if let Some(slot) = world.interactions.get_mut(&interaction.id) {
        slot.original = Some(id);
        slot.ephemeral = ephemeral;
        slot.settled = loading == 0;
    }
    id
}

fn update(
    world: &mut World,
    call: &mut Call,
    interaction: &Interaction,
) -> Result<Option<Id>, ApiError> {
    let source = interaction
        .source
        .filter(|id| world.messages.contains_key(id));
    let Some(source) = source else {
        return Err(ApiError::unknown(10_008, "Message"));
    };
    let before = world
        .messages
        .get(&source)
        .map_or(0, crate::world::messages::Stored::flags);
    check_message(&call.body["data"], &["data".to_owned()], before)?;
    let draft = call.draft(Some("data"));
    if let Some(slot) = world.interactions.get_mut(&interaction.id) {
        slot.original = Some(source);
        slot.settled = true;
    }
    world.edit(source, draft);
    Ok(Some(source))
}

fn open_modal(
    world: &mut World,
    call: &Call,
    interaction: &Interaction,
) -> Result<Option<Id>, ApiError> {
    let mut errors = FormErrors::default();
    rules::modal(&call.body["data"], &["data".to_owned()], &mut errors);
    errors.into_result()?;
    let mut modal = call.body["data"].clone();
    let mut number = 0;
    walk_components(&mut modal["components"], &mut |component| {
        number += 1;
        if component["id"].as_u64().unwrap_or(0) == 0 {
            component["id"] = json!(number);
        }
    });
    if let Some(slot) = world.interactions.get_mut(&interaction.id) {
        slot.modal = Some(modal.clone());
        slot.settled = true;
    }
    let event =
        json!({"type": "modal", "interaction_id": interaction.id.to_string(), "modal": modal});
    let person = interaction.person;
    world.tell_page_if(&event, |_, listener| listener == person);
    world.tell_story(format!(
        "form \u{ab}{}\u{bb} opened",
        modal["title"].as_str().unwrap_or_default()
    ));
    Ok(None)
}

/// The body for `with_response=true`.
fn described(world: &World, id: Id, kind: u64, message: Option<Id>) -> Value {
    let Some(interaction) = world.interactions.get(&id) else {
        return Value::Null;
    };
    let stored = message.and_then(|id| world.messages.get(&id));
    let mut about = json!({"id": id.to_string(), "type": interaction.kind.number()});
    let mut resource = json!({"type": kind});
    if let Some(stored) = stored {
        about["response_message_id"] = json!(stored.id.to_string());
        about["response_message_loading"] = json!(stored.flags() & LOADING != 0);
        about["response_message_ephemeral"] = json!(stored.only_for.is_some());
        resource["message"] = stored.json.clone();
    }
    json!({"interaction": about, "resource": resource})
}
