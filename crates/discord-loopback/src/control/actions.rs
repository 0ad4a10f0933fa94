//! What a person does on the page.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use serde_json::{Value, json};

use super::{Answer, Bad};
use crate::actor::reply;
use crate::clock::iso;
use crate::faults::FaultRule;
use crate::ids::Id;
use crate::world::raise::Scene;
use crate::world::{Shared, World};

type Held = State<Arc<Shared>>;

fn json_of(bytes: &[u8]) -> Result<Value, Bad> {
    serde_json::from_slice(bytes)
        .map_err(|error| Bad::request(format!("the body is not JSON: {error}")))
}

fn id_in(body: &Value, key: &str) -> Result<Id, Bad> {
    body[key]
        .as_str()
        .and_then(|id| id.parse().ok())
        .ok_or_else(|| Bad::request(format!("{key} must be an id in a string")))
}

fn text_in<'a>(body: &'a Value, key: &str) -> Result<&'a str, Bad> {
    body[key]
        .as_str()
        .ok_or_else(|| Bad::request(format!("{key} must be a string")))
}

fn scene(world: &World, body: &Value, channel: Id) -> Result<Scene, Bad> {
    let person = id_in(body, "as")?;
    let human = world.human(person).ok_or_else(|| Bad::missing("person"))?;
    let locale = body["locale"].as_str().unwrap_or(&human.locale).to_owned();
    Ok(Scene {
        person,
        channel,
        locale,
    })
}

fn here(shared: &Shared, body: &Value) -> Result<Scene, Bad> {
    let channel = id_in(body, "channel_id")?;
    shared.look(|world| scene(world, body, channel))
}

fn raised(id: Id) -> Json<Value> {
    Json(json!({"interaction_id": id.to_string()}))
}

pub async fn command(State(shared): Held, bytes: Bytes) -> Answer {
    let body = json_of(&bytes)?;
    let scene = here(&shared, &body)?;
    let name = text_in(&body, "name")?;
    let options = body["options"].as_array().cloned().unwrap_or_default();
    Ok(raised(shared.raise(|world| {
        world.raise_command(&scene, name, &options, false)
    })?))
}

pub async fn autocomplete(State(shared): Held, bytes: Bytes) -> Answer {
    let body = json_of(&bytes)?;
    let scene = here(&shared, &body)?;
    let name = text_in(&body, "name")?;
    let options = body["options"].as_array().cloned().unwrap_or_default();
    let id = shared.raise(|world| world.raise_command(&scene, name, &options, true))?;
    let outcome = shared
        .wait_for(Duration::from_millis(3_500), |world| {
            reply::outcome(world, id, false)
        })
        .await;
    match outcome {
        Some(Ok(reply)) => Ok(Json(json!({"choices": reply.choices}))),
        _ => Err(Bad::late()),
    }
}

pub async fn component(State(shared): Held, bytes: Bytes) -> Answer {
    let body = json_of(&bytes)?;
    let scene = here(&shared, &body)?;
    let message = id_in(&body, "message_id")?;
    let custom_id = text_in(&body, "custom_id")?;
    let values: Option<Vec<String>> = body["values"].as_array().map(|list| {
        list.iter()
            .filter_map(|one| one.as_str().map(ToOwned::to_owned))
            .collect()
    });
    Ok(raised(shared.raise(|world| {
        world.raise_component(&scene, message, custom_id, values.as_deref())
    })?))
}

pub async fn modal(State(shared): Held, bytes: Bytes) -> Answer {
    let body = json_of(&bytes)?;
    let opener = id_in(&body, "interaction_id")?;
    let fields = body["fields"].as_object().cloned().unwrap_or_default();
    let scene = shared.look(|world| {
        let channel = world
            .interactions
            .get(&opener)
            .map(|one| one.channel)
            .ok_or_else(|| Bad::missing("form"))?;
        scene(world, &body, channel)
    })?;
    Ok(raised(shared.raise(|world| {
        world.raise_modal(&scene, opener, &fields)
    })?))
}

pub async fn message(State(shared): Held, bytes: Bytes) -> Answer {
    let body = json_of(&bytes)?;
    let scene = here(&shared, &body)?;
    let content = text_in(&body, "content")?;
    shared.with(|world| {
        let id = world.say(&scene, content)?;
        Ok(Json(
            world
                .messages
                .get(&id)
                .map(World::page_message)
                .unwrap_or_default(),
        ))
    })
}

pub async fn dismiss(State(shared): Held, bytes: Bytes) -> Answer {
    let body = json_of(&bytes)?;
    let (person, message) = (id_in(&body, "as")?, id_in(&body, "message_id")?);
    shared.with(|world| {
        let stored = world
            .messages
            .get_mut(&message)
            .filter(|one| one.only_for == Some(person));
        stored
            .ok_or_else(|| Bad::missing("ephemeral message of this person"))?
            .dismissed = true;
        Ok(Json(json!({})))
    })
}

pub async fn clock(State(shared): Held, bytes: Bytes) -> Answer {
    let body = json_of(&bytes)?;
    let seconds = body["advance_seconds"]
        .as_f64()
        .filter(|seconds| (0.0..=31_536_000.0).contains(seconds));
    let seconds = seconds
        .ok_or_else(|| Bad::request("advance_seconds must be a number from 0 to 31536000"))?;
    shared.with(|world| {
        world.clock.advance(Duration::from_secs_f64(seconds));
        Ok(Json(json!({"now": iso(world.now_ms())})))
    })
}

pub async fn faults(State(shared): Held, bytes: Bytes) -> Answer {
    let body = json_of(&bytes)?;
    let rules: Vec<FaultRule> = serde_json::from_value(body["rules"].clone())
        .map_err(|error| Bad::request(format!("rules: {error}")))?;
    let count = rules.len();
    shared.with(|world| world.faults.set(rules));
    Ok(Json(json!({"rules": count})))
}
