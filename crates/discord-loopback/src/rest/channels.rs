//! Channels, their messages, threads and DMs.

use serde_json::{Value, json};

use super::error::{ApiError, FormErrors};
use super::route::Op;
use super::{Answer, Call, rules};
use crate::gateway::events::GUILDS;
use crate::ids::Id;
use crate::world::World;
use crate::world::guild::{Channel, kind};
use crate::world::messages::{Origin, SUPPRESS_EMBEDS, Stored};
use crate::world::permissions::{
    ATTACH_FILES, CREATE_PUBLIC_THREADS, EMBED_LINKS, MANAGE_MESSAGES, READ_MESSAGE_HISTORY,
    SEND_MESSAGES, VIEW_CHANNEL,
};

const NONCE_MS: i64 = 5 * 60 * 1_000;

pub fn handle(world: &mut World, call: &mut Call) -> Answer {
    if call.route.op == Op::OpenDm {
        return open_dm(world, call);
    }
    let channel = call.route.id("channel_id");
    if !world.channels.contains_key(&channel) {
        return Err(ApiError::unknown(10_003, "Channel"));
    }
    if !world.may(channel, world.bot.id, VIEW_CHANNEL) {
        return Err(ApiError::missing_access());
    }
    match call.route.op {
        Op::Channel => Ok((
            200,
            world
                .channels
                .get(&channel)
                .map(|one| world.channel_json(one)),
        )),
        Op::ListMessages => Ok((200, Some(list(world, call, channel)))),
        Op::Post => post(world, call, channel),
        Op::StartThread => start_thread(world, call, channel),
        _ => one_message(world, call, channel),
    }
}

fn open_dm(world: &mut World, call: &Call) -> Answer {
    let person = call.body["recipient_id"]
        .as_str()
        .and_then(|id| id.parse::<Id>().ok())
        .or_else(|| call.body["recipient_id"].as_u64());
    let Some(person) = person.filter(|id| world.human(*id).is_some()) else {
        return Err(ApiError::unknown(10_013, "User"));
    };
    let channel = world.open_dm(person);
    Ok((
        200,
        world
            .channels
            .get(&channel)
            .map(|one| world.channel_json(one)),
    ))
}

/// Checks the message in a body by the rules that the schema does not hold.
pub fn check_message(body: &Value, path: &[String], before: u64) -> Result<(), ApiError> {
    let mut errors = FormErrors::default();
    if let Some(map) = body.as_object() {
        rules::message(map, path, before, &mut errors);
    }
    errors.into_result()
}

/// A message must hold something.
pub fn must_hold_something(body: &Value, files: usize) -> Result<(), ApiError> {
    let holds = |key: &str| match &body[key] {
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(list) => !list.is_empty(),
        Value::Object(_) => true,
        _ => false,
    };
    if files > 0
        || ["content", "embeds", "components", "sticker_ids", "poll"]
            .into_iter()
            .any(holds)
    {
        return Ok(());
    }
    Err(ApiError {
        violation: Some("rule"),
        ..ApiError::new(400, 50_006, "Cannot send an empty message")
    })
}

fn list(world: &World, call: &Call, channel: Id) -> Value {
    if !world.may(channel, world.bot.id, READ_MESSAGE_HISTORY) {
        return json!([]);
    }
    let number = |key: &str| {
        call.query
            .get(key)
            .and_then(|text| text.parse::<u64>().ok())
    };
    let limit = usize::try_from(number("limit").unwrap_or(50).clamp(1, 100)).unwrap_or(50);
    let (before, after) = (
        number("before").unwrap_or(u64::MAX),
        number("after").unwrap_or(0),
    );
    let fits = |one: &&Stored| {
        one.channel == channel && one.only_for.is_none() && one.id < before && one.id > after
    };
    let mut found: Vec<Value> = if after > 0 {
        let mut list: Vec<Value> = world
            .messages
            .values()
            .filter(fits)
            .take(limit)
            .map(|one| one.json.clone())
            .collect();
        list.reverse();
        list
    } else {
        world
            .messages
            .values()
            .rev()
            .filter(fits)
            .take(limit)
            .map(|one| one.json.clone())
            .collect()
    };
    found.truncate(limit);
    Value::Array(found)
}

fn post(world: &mut World, call: &mut Call, channel: Id) -> Answer {
    check_message(&call.body, &[], 0)?;
    must_hold_something(&call.body, call.files.len())?;
    let bot = world.bot.id;
    if world
        .channels
        .get(&channel)
        .is_some_and(|one| one.kind == kind::FORUM)
    {
        return Err(ApiError::protocol(
            400,
            50_008,
            "Cannot send messages in a non-text channel",
        ));
    }
    let mut needed = world.write_bit(channel);
    if !call.files.is_empty() {
        needed |= ATTACH_FILES;
    }
    if !world.may(channel, bot, needed) {
        return Err(ApiError::missing_permissions());
    }
    refused_dm(world, channel)?;
    if let Some(known) = same_nonce(world, call, channel) {
        return Ok((200, Some(known)));
    }
    let reply_to = replied(world, call, channel)?;
    let mut draft = call.draft(None);
    if !world.may(channel, bot, EMBED_LINKS) {
        draft.body.remove("embeds");
    }
    let nonce = draft
        .body
        .get("nonce")
        .filter(|nonce| !nonce.is_null())
        .map(crate::world::messages::id_text);
    let enforced = draft.body.get("enforce_nonce") == Some(&json!(true));
    let origin = Origin {
        kind: if reply_to.is_some() { 19 } else { 0 },
        reply_to,
        ..Origin::default()
    };
    let id = world.post(channel, bot, draft, origin);
    if let (Some(nonce), true) = (nonce, enforced) {
        let until = world.now_ms() + NONCE_MS;
        world.nonces.insert((channel, nonce), (id, until));
    }
    Ok((200, world.messages.get(&id).map(|one| one.json.clone())))
}

fn refused_dm(world: &World, channel: Id) -> Result<(), ApiError> {
    let recipients = world
        .channels
        .get(&channel)
        .filter(|one| one.kind == kind::DM)
        .map(|one| one.recipients.clone());
    let refused = recipients
        .unwrap_or_default()
        .iter()
        .any(|id| world.human(*id).is_some_and(|human| human.refuses_dms));
    if refused {
        return Err(ApiError::new(
            403,
            50_007,
            "Cannot send messages to this user",
        ));
    }
    Ok(())
}

fn same_nonce(world: &mut World, call: &Call, channel: Id) -> Option<Value> {
    let now = world.now_ms();
    world.nonces.retain(|_, (_, until)| *until > now);
    if call.body["enforce_nonce"] != true {
        return None;
    }
    let nonce = crate::world::messages::id_text(&call.body["nonce"]);
    let (id, _) = world.nonces.get(&(channel, nonce))?;
    world.messages.get(id).map(|one| one.json.clone())
}

fn replied(world: &World, call: &Call, channel: Id) -> Result<Option<Id>, ApiError> {
    let reference = &call.body["message_reference"];
    let wanted = crate::world::messages::id_text(&reference["message_id"])
        .parse::<Id>()
        .ok();
    let Some(wanted) = wanted else {
        return Ok(None);
    };
    let known = world
        .messages
        .get(&wanted)
        .is_some_and(|one| one.channel == channel && one.only_for.is_none());
    if known {
        return Ok(Some(wanted));
    }
    if reference["fail_if_not_exists"] == false {
        return Ok(None);
    }
    let mut errors = FormErrors::default();
    errors.rule(
        &["message_reference".to_owned()],
        "MESSAGE_REFERENCE_UNKNOWN_MESSAGE",
        "Unknown message",
    );
    errors.into_result().map(|()| None)
}

fn one_message(world: &mut World, call: &mut Call, channel: Id) -> Answer {
    let id = call.route.id("message_id");
    let stored = world
        .messages
        .get(&id)
        .filter(|one| one.channel == channel && one.only_for.is_none());
    let Some(stored) = stored else {
        return Err(ApiError::unknown(10_008, "Message"));
    };
    let mine = stored.author == world.bot.id;
    match call.route.op {
        Op::GetMessage => Ok((200, Some(stored.json.clone()))),
        Op::ChangeMessage => {
            let flags = stored.flags();
            let only_flags = call
                .body
                .as_object()
                .is_some_and(|map| map.keys().all(|key| key == "flags"));
            let suppressing = only_flags && call.body["flags"].as_u64() == Some(SUPPRESS_EMBEDS);
            let allowed = suppressing && world.may(channel, world.bot.id, MANAGE_MESSAGES);
            if !mine && !allowed {
                return Err(ApiError::new(
                    403,
                    50_005,
                    "Cannot edit a message authored by another user",
                ));
            }
            check_message(&call.body, &[], flags)?;
            let draft = call.draft(None);
            world.edit(id, draft);
            Ok((200, world.messages.get(&id).map(|one| one.json.clone())))
        }
        _ => {
            if !mine && !world.may(channel, world.bot.id, MANAGE_MESSAGES) {
                return Err(ApiError::missing_permissions());
            }
            world.delete(id);
            Ok((204, None))
        }
    }
}

/// A forum post (with its first message), or a thread of a text channel.
fn start_thread(world: &mut World, call: &mut Call, parent: Id) -> Answer {
    let (bot, forum) = (
        world.bot.id,
        world
            .channels
            .get(&parent)
            .is_some_and(|one| one.kind == kind::FORUM),
    );
    let needed = if forum {
        SEND_MESSAGES
    } else {
        CREATE_PUBLIC_THREADS
    };
    if !world.may(parent, bot, needed) {
        return Err(ApiError::missing_permissions());
    }
    if forum {
        let path = ["message".to_owned()];
        if call.body["message"].is_null() {
            let mut errors = FormErrors::default();
            errors.rule(&path, "BASE_TYPE_REQUIRED", "This field is required");
            errors.into_result()?;
        }
        check_message(&call.body["message"], &path, 0)?;
        must_hold_something(&call.body["message"], call.files.len())?;
    } else if world
        .channels
        .get(&parent)
        .is_some_and(|one| one.kind != kind::TEXT)
    {
        return Err(ApiError::protocol(
            400,
            50_024,
            "Cannot execute action on this channel type",
        ));
    }
    let guild = world.guild_of(parent);
    let id = world.new_id();
    let mut thread = Channel::new(
        id,
        kind::PUBLIC_THREAD,
        guild,
        call.body["name"].as_str().unwrap_or_default(),
    );
    thread.parent = Some(parent);
    thread.owner = Some(bot);
    thread.applied_tags = tags(world, call, parent)?;
    world.channels.insert(id, thread);
    world.unsaved = true;
    let mut json = world
        .channels
        .get(&id)
        .map(|one| world.channel_json(one))
        .unwrap_or_default();
    json["newly_created"] = json!(true);
    world.dispatch(guild, GUILDS, "THREAD_CREATE", &json);
    world.tell_page(parent, &json!({"type": "channel_update"}));
    if forum {
        let draft = call.draft(Some("message"));
        // The first message of a post carries the post's own id.
        let first = world.post(
            id,
            bot,
            draft,
            Origin {
                id: Some(id),
                ..Origin::default()
            },
        );
        json["message"] = world
            .messages
            .get(&first)
            .map(|one| one.json.clone())
            .unwrap_or_default();
    }
    Ok((201, Some(json)))
}

fn tags(world: &World, call: &Call, parent: Id) -> Result<Vec<String>, ApiError> {
    let known = world
        .channels
        .get(&parent)
        .map(|one| one.tags.clone())
        .unwrap_or_default();
    let wanted: Vec<String> = call.body["applied_tags"]
        .as_array()
        .into_iter()
        .flatten()
        .map(crate::world::messages::id_text)
        .collect();
    if let Some(bad) = wanted
        .iter()
        .find(|id| !known.iter().any(|(tag, _)| tag.to_string() == **id))
    {
        let mut errors = FormErrors::default();
        errors.rule(
            &["applied_tags".to_owned()],
            "CHANNEL_TAG_UNKNOWN",
            format!("Unknown tag {bad}"),
        );
        errors.into_result()?;
    }
    Ok(wanted)
}
