//! What the page reads.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::sse::{Event, Sse};
use futures_util::{Stream, stream};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::{Answer, Bad};
use crate::clock::iso;
use crate::ids::Id;
use crate::world::guild::{Guild, kind};
use crate::world::permissions::{MANAGE_GUILD, VIEW_CHANNEL};
use crate::world::{Listener, Shared, World};

type Words = Query<HashMap<String, String>>;

/// The person that `as` names, or the first one.
fn person(world: &World, query: &HashMap<String, String>) -> Result<Id, Bad> {
    match query.get("as") {
        Some(id) => id
            .parse()
            .ok()
            .filter(|id| world.human(*id).is_some())
            .ok_or_else(|| Bad::missing("person")),
        None => world
            .people
            .first()
            .map(|human| human.id)
            .ok_or_else(|| Bad::missing("person")),
    }
}

pub async fn state(State(shared): State<Arc<Shared>>, Query(query): Words) -> Answer {
    shared.look(|world| {
        let me = person(world, &query)?;
        let Some(guild) = world.guilds.first() else {
            return Err(Bad::missing("guild"));
        };
        let sees = |id: Id| world.may(id, me, VIEW_CHANNEL);
        let mut channels: Vec<Value> = world.guild_channels(guild.id).into_iter().filter(|one| sees(one.id)).map(|one| world.channel_json(one)).collect();
        let direct = world.channels.values().filter(|one| one.kind == kind::DM && sees(one.id));
        channels.extend(direct.map(|one| {
            let mut json = world.channel_json(one);
            json["name"] = json!(world.bot.name);
            json
        }));
        let threads: Vec<Value> = world.guild_threads(guild.id).into_iter().filter(|one| sees(one.id)).map(|one| world.channel_json(one)).collect();
        let members: Vec<Value> = world.people.iter().map(|human| member(world, guild, human.id)).collect();
        let roles: Vec<Value> = guild.roles.iter().map(|role| world.role_json(guild, role)).collect();
        let commands: Vec<Value> = world
            .guild_channels(guild.id)
            .first()
            .map(|first| world.commands_in(first.id).into_iter().filter(|one| world.command_refusal(one, first.id, me).is_none()).cloned().collect())
            .unwrap_or_default();
        Ok(Json(json!({
            "guild": {"id": guild.id.to_string(), "name": guild.name, "icon_text": initials(&guild.name)},
            "channels": channels, "threads": threads, "members": members, "roles": roles, "commands": commands,
            "bot": {"id": world.bot.id.to_string(), "username": world.bot.name, "online": world.hub.online()},
            "me": member(world, guild, me), "now": iso(world.now_ms())})))
    })
}

fn member(world: &World, guild: &Guild, id: Id) -> Value {
    let mut user = world.user_json(id);
    let name = world.display_name(id);
    user["avatar_text"] = json!(initials(&name));
    let colours = [
        "#5865f2", "#3ba55c", "#faa61a", "#ed4245", "#eb459e", "#9b59b6",
    ];
    let index = usize::try_from((id >> 22) % colours.len() as u64).unwrap_or(0);
    user["color"] = json!(colours.get(index));
    let roles: Vec<String> = guild
        .member(id)
        .map(|one| one.roles.iter().map(ToString::to_string).collect())
        .unwrap_or_default();
    let teaches = world.guild_permissions(guild.id, id) & MANAGE_GUILD != 0;
    json!({"user": user, "roles": roles, "is_instructor": teaches})
}

fn initials(name: &str) -> String {
    name.split_whitespace()
        .filter_map(|word| word.chars().next())
        .take(2)
        .flat_map(char::to_uppercase)
        .collect()
}

pub async fn messages(
    State(shared): State<Arc<Shared>>,
    Path(channel): Path<Id>,
    Query(query): Words,
) -> Answer {
    shared.look(|world| {
        let me = person(world, &query)?;
        if !world.may(channel, me, VIEW_CHANNEL) {
            return Err(Bad::missing("channel"));
        }
        let number = |key: &str| query.get(key).and_then(|text| text.parse::<u64>().ok());
        let limit = usize::try_from(number("limit").unwrap_or(50).min(200)).unwrap_or(50);
        let before = number("before").unwrap_or(u64::MAX);
        let fitting = world
            .messages
            .values()
            .rev()
            .filter(|one| one.channel == channel && one.id < before && world.sees(me, one));
        let mut list: Vec<Value> = fitting.take(limit).map(World::page_message).collect();
        list.reverse();
        Ok(Json(Value::Array(list)))
    })
}

pub async fn log(State(shared): State<Arc<Shared>>, Query(query): Words) -> Answer {
    let limit = query
        .get("limit")
        .and_then(|text| text.parse::<usize>().ok())
        .unwrap_or(200);
    shared.look(|world| {
        let log = &world.journal.log;
        let list: Vec<_> = log.iter().skip(log.len().saturating_sub(limit)).collect();
        Ok(Json(json!(list)))
    })
}

pub async fn violations(State(shared): State<Arc<Shared>>) -> Answer {
    shared.look(|world| Ok(Json(json!(world.journal.violations))))
}

/// Events as they come, with a ping every 15 seconds.
pub async fn events(
    State(shared): State<Arc<Shared>>,
    Query(query): Words,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Bad> {
    let (queue, receiver) = mpsc::unbounded_channel();
    shared.look(|world| {
        let me = person(world, &query)?;
        let _ = queue.send(json!({"type": "bot", "online": world.hub.online()}));
        world.listeners.push(Listener { person: me, queue });
        Ok::<_, Bad>(())
    })?;
    Ok(Sse::new(stream::unfold(
        receiver,
        |mut receiver| async move {
            let event = match tokio::time::timeout(Duration::from_secs(15), receiver.recv()).await {
                Ok(Some(event)) => event,
                Ok(None) => return None,
                Err(_) => json!({"type": "ping"}),
            };
            Some((Ok(Event::default().data(event.to_string())), receiver))
        },
    )))
}
