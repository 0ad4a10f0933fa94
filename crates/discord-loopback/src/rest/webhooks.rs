//! Follow-up messages and the original response, by the interaction's token.

use super::channels::{check_message, must_hold_something};
use super::error::ApiError;
use super::route::Op;
use super::{Answer, Call};
use crate::ids::Id;
use crate::world::World;
use crate::world::interactions::{Interaction, TOKEN_MS};
use crate::world::messages::{EPHEMERAL, LOADING, Origin, flags_of};

pub fn handle(world: &mut World, call: &mut Call) -> Answer {
    let interaction = holder(world, call)?;
    if call.route.op == Op::FollowUp {
        return follow_up(world, call, &interaction);
    }
    let id = target(world, call, &interaction)?;
    match call.route.op {
        Op::GetFollowUp => Ok((200, world.messages.get(&id).map(|one| one.json.clone()))),
        Op::ChangeFollowUp => change(world, call, &interaction, id),
        _ => {
            world.delete(id);
            settle(world, interaction.id);
            Ok((204, None))
        }
    }
}

/// The interaction whose token this is, if it lives and was acknowledged.
fn holder(world: &World, call: &Call) -> Result<Interaction, ApiError> {
    let token = call.route.text("webhook_token");
    let unknown = || ApiError::protocol(404, 10_015, "Unknown Webhook");
    if call.route.id("webhook_id") != world.bot.id {
        return Err(unknown());
    }
    let interaction = world
        .tokens
        .get(token)
        .and_then(|id| world.interactions.get(id))
        .ok_or_else(unknown)?;
    if world.now_ms() - interaction.raised_ms >= TOKEN_MS {
        return Err(ApiError::protocol(401, 50_027, "Invalid Webhook Token"));
    }
    if interaction.response.is_none() {
        return Err(unknown());
    }
    Ok(interaction.clone())
}

fn target(world: &World, call: &Call, interaction: &Interaction) -> Result<Id, ApiError> {
    let id = match call.route.text("message_id") {
        "@original" => interaction.original,
        text => text.parse::<Id>().ok().filter(|id| {
            interaction.followups.contains(id)
                || interaction.original == Some(*id)
                || interaction.source == Some(*id)
        }),
    };
    id.filter(|id| world.messages.contains_key(id))
        .ok_or_else(|| ApiError::unknown(10_008, "Message"))
}

fn change(world: &mut World, call: &mut Call, interaction: &Interaction, id: Id) -> Answer {
    let flags = world
        .messages
        .get(&id)
        .map_or(0, crate::world::messages::Stored::flags);
    check_message(&call.body, &[], flags)?;
    if flags & LOADING != 0 {
        must_hold_something(&call.body, call.files.len())?;
    }
    let draft = call.draft(None);
    world.edit(id, draft);
    settle(world, interaction.id);
    Ok((200, world.messages.get(&id).map(|one| one.json.clone())))
}

fn settle(world: &mut World, id: Id) {
    if let Some(slot) = world.interactions.get_mut(&id) {
        slot.settled = true;
    }
}

fn follow_up(world: &mut World, call: &mut Call, interaction: &Interaction) -> Answer {
    let waiting = interaction.original.filter(|id| {
        world
            .messages
            .get(id)
            .is_some_and(|one| one.flags() & LOADING != 0)
    });
    if let (Some(original), Some(5)) = (waiting, interaction.response) {
        // The first follow-up of a deferred response fills the response in, and keeps its privacy.
        return change(world, call, interaction, original);
    }
    check_message(&call.body, &[], 0)?;
    must_hold_something(&call.body, call.files.len())?;
    let draft = call.draft(None);
    let ephemeral = flags_of(&draft.body) & EPHEMERAL != 0;
    let origin = Origin {
        kind: if interaction.original.is_some() {
            19
        } else {
            0
        },
        flags: 0,
        only_for: ephemeral.then_some(interaction.person),
        interaction: Some(interaction.id),
        metadata: Some(world.metadata_of(interaction)),
        reply_to: interaction.original,
        id: None,
    };
    let id = world.post(interaction.channel, world.bot.id, draft, origin);
    if let Some(slot) = world.interactions.get_mut(&interaction.id) {
        slot.followups.push(id);
        slot.settled = true;
    }
    Ok((200, world.messages.get(&id).map(|one| one.json.clone())))
}
