//! The bot itself, guilds, members and their roles.

use serde_json::{Value, json};

use super::error::ApiError;
use super::route::Op;
use super::{Answer, Call};
use crate::gateway::events::GUILD_MEMBERS;
use crate::ids::Id;
use crate::world::World;
use crate::world::guild::Guild;
use crate::world::permissions::MANAGE_ROLES;

pub fn handle(world: &mut World, call: &mut Call) -> Answer {
    match call.route.op {
        Op::Gateway => Ok((200, Some(json!({"url": gateway_url(&call.base)})))),
        Op::GatewayBot => Ok((200, Some(gateway_bot(world, &call.base)))),
        Op::Me => Ok((200, Some(me(world)))),
        Op::Application => Ok((200, Some(application(world)))),
        Op::AddRole | Op::TakeRole => role(world, call),
        _ => read(world, call),
    }
}

fn gateway_url(base: &str) -> String {
    base.replacen("http", "ws", 1)
}

fn gateway_bot(world: &World, base: &str) -> Value {
    json!({"url": gateway_url(base), "shards": world.hub.recommended_shards,
        "session_start_limit": {"total": 1000, "remaining": 1000_u64.saturating_sub(world.hub.identifies),
            "reset_after": 86_400_000, "max_concurrency": world.hub.max_concurrency}})
}

fn me(world: &World) -> Value {
    let mut user = world.user_json(world.bot.id);
    user["mfa_enabled"] = json!(false);
    user["locale"] = json!("en-US");
    user["verified"] = json!(true);
    user["email"] = Value::Null;
    user
}

fn application(world: &World) -> Value {
    let id = world.bot.id.to_string();
    let owner = world.people.first().map_or(world.bot.id, |human| human.id);
    json!({"id": id, "name": world.bot.name, "icon": null, "description": "", "type": null,
        "bot": world.user_json(world.bot.id), "summary": "", "bot_public": false,
        "bot_require_code_grant": false, "verify_key": "0".repeat(64), "flags": 565_248,
        "hook": true, "is_monetized": false, "rpc_origins": [], "owner": world.user_json(owner),
        "approximate_guild_count": world.guilds.len(), "interactions_endpoint_url": null,
        "role_connections_verification_url": null, "redirect_uris": [], "team": null,
        "integration_types_config": {"0": {}}})
}

fn guild_here(world: &World, id: Id) -> Result<&Guild, ApiError> {
    world
        .guild(id)
        .ok_or_else(|| ApiError::unknown(10_004, "Guild"))
}

fn read(world: &World, call: &Call) -> Answer {
    let guild = guild_here(world, call.route.id("guild_id"))?;
    let body = match call.route.op {
        Op::Guild => {
            let mut json = world.guild_json(guild);
            if call
                .query
                .get("with_counts")
                .is_some_and(|value| value == "true")
            {
                json["approximate_member_count"] = json!(guild.members.len());
                json["approximate_presence_count"] = json!(guild.members.len());
            }
            json
        }
        Op::GuildChannels => world
            .guild_channels(guild.id)
            .into_iter()
            .map(|one| world.channel_json(one))
            .collect(),
        Op::GuildRoles => guild
            .roles
            .iter()
            .map(|role| world.role_json(guild, role))
            .collect(),
        _ => {
            let user = match call.route.text("user_id") {
                "@me" => world.bot.id,
                id => id.parse().unwrap_or(0),
            };
            if world.human(user).is_none() && user != world.bot.id {
                return Err(ApiError::unknown(10_013, "User"));
            }
            guild
                .member(user)
                .ok_or_else(|| ApiError::unknown(10_007, "Member"))?;
            world.member_json(guild.id, user)
        }
    };
    Ok((200, Some(body)))
}

fn role(world: &mut World, call: &Call) -> Answer {
    let (guild_id, user, role_id) = (
        call.route.id("guild_id"),
        call.route.id("user_id"),
        call.route.id("role_id"),
    );
    let bot = world.bot.id;
    let guild = guild_here(world, guild_id)?;
    guild
        .member(user)
        .ok_or_else(|| ApiError::unknown(10_007, "Member"))?;
    let role = guild
        .role(role_id)
        .ok_or_else(|| ApiError::unknown(10_011, "Role"))?;
    let reachable = role.position < guild.top_position(bot) && !role.managed && role.id != guild.id;
    let name = role.name.clone();
    if world.guild_permissions(guild_id, bot) & MANAGE_ROLES == 0 || !reachable {
        return Err(ApiError::missing_permissions());
    }
    let give = call.route.op == Op::AddRole;
    if let Some(member) = world
        .guild_mut(guild_id)
        .and_then(|guild| guild.members.iter_mut().find(|member| member.user == user))
    {
        member.roles.retain(|one| *one != role_id);
        if give {
            member.roles.push(role_id);
        }
    }
    world.unsaved = true;
    let who = world.display_name(user);
    world.tell_story(format!(
        "{who} {} the role {name}",
        if give { "got" } else { "lost" }
    ));
    let mut event = world.member_json(guild_id, user);
    event["guild_id"] = json!(guild_id.to_string());
    world.dispatch(Some(guild_id), GUILD_MEMBERS, "GUILD_MEMBER_UPDATE", &event);
    world.tell_all_pages(&json!({"type": "channel_update"}));
    Ok((204, None))
}
