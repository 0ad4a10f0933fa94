//! The routes that are served, as one table.

/// What a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    Gateway,
    GatewayBot,
    Me,
    Application,
    ListCommands,
    PutCommands,
    AddCommand,
    GetCommand,
    ChangeCommand,
    DropCommand,
    Callback,
    FollowUp,
    GetFollowUp,
    ChangeFollowUp,
    DropFollowUp,
    Channel,
    ListMessages,
    Post,
    GetMessage,
    ChangeMessage,
    DropMessage,
    StartThread,
    OpenDm,
    Guild,
    GuildChannels,
    GuildRoles,
    Member,
    AddRole,
    TakeRole,
}

type Row = (&'static str, &'static str, Op);

const TABLE: &[Row] = &[
    ("GET", "/gateway", Op::Gateway),
    ("GET", "/gateway/bot", Op::GatewayBot),
    ("GET", "/users/@me", Op::Me),
    ("POST", "/users/@me/channels", Op::OpenDm),
    ("GET", "/applications/@me", Op::Application),
    ("GET", "/oauth2/applications/@me", Op::Application),
    (
        "GET",
        "/applications/{application_id}/commands",
        Op::ListCommands,
    ),
    (
        "PUT",
        "/applications/{application_id}/commands",
        Op::PutCommands,
    ),
    (
        "POST",
        "/applications/{application_id}/commands",
        Op::AddCommand,
    ),
    (
        "GET",
        "/applications/{application_id}/commands/{command_id}",
        Op::GetCommand,
    ),
    (
        "PATCH",
        "/applications/{application_id}/commands/{command_id}",
        Op::ChangeCommand,
    ),
    (
        "DELETE",
        "/applications/{application_id}/commands/{command_id}",
        Op::DropCommand,
    ),
    (
        "GET",
        "/applications/{application_id}/guilds/{guild_id}/commands",
        Op::ListCommands,
    ),
    (
        "PUT",
        "/applications/{application_id}/guilds/{guild_id}/commands",
        Op::PutCommands,
    ),
    (
        "POST",
        "/applications/{application_id}/guilds/{guild_id}/commands",
        Op::AddCommand,
    ),
    (
        "GET",
        "/applications/{application_id}/guilds/{guild_id}/commands/{command_id}",
        Op::GetCommand,
    ),
    (
        "PATCH",
        "/applications/{application_id}/guilds/{guild_id}/commands/{command_id}",
        Op::ChangeCommand,
    ),
    (
        "DELETE",
        "/applications/{application_id}/guilds/{guild_id}/commands/{command_id}",
        Op::DropCommand,
    ),
    (
        "POST",
        "/interactions/{interaction_id}/{interaction_token}/callback",
        Op::Callback,
    ),
    (
        "POST",
        "/webhooks/{webhook_id}/{webhook_token}",
        Op::FollowUp,
    ),
    (
        "GET",
        "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}",
        Op::GetFollowUp,
    ),
    (
        "PATCH",
        "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}",
        Op::ChangeFollowUp,
    ),
    (
        "DELETE",
        "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}",
        Op::DropFollowUp,
    ),
    ("GET", "/channels/{channel_id}", Op::Channel),
    ("GET", "/channels/{channel_id}/messages", Op::ListMessages),
    ("POST", "/channels/{channel_id}/messages", Op::Post),
    (
        "GET",
        "/channels/{channel_id}/messages/{message_id}",
        Op::GetMessage,
    ),
    (
        "PATCH",
        "/channels/{channel_id}/messages/{message_id}",
        Op::ChangeMessage,
    ),
    (
        "DELETE",
        "/channels/{channel_id}/messages/{message_id}",
        Op::DropMessage,
    ),
    ("POST", "/channels/{channel_id}/threads", Op::StartThread),
    ("GET", "/guilds/{guild_id}", Op::Guild),
    ("GET", "/guilds/{guild_id}/channels", Op::GuildChannels),
    ("GET", "/guilds/{guild_id}/roles", Op::GuildRoles),
    ("GET", "/guilds/{guild_id}/members/{user_id}", Op::Member),
    (
        "PUT",
        "/guilds/{guild_id}/members/{user_id}/roles/{role_id}",
        Op::AddRole,
    ),
    (
        "DELETE",
        "/guilds/{guild_id}/members/{user_id}/roles/{role_id}",
        Op::TakeRole,
    ),
];

/// A request that was recognised.
#[derive(Clone, Debug)]
pub struct Route {
    pub op: Op,
    pub method: &'static str,
    pub template: &'static str,
    params: Vec<(&'static str, String)>,
}

impl Route {
    /// Finds the route of a method and a path without `/api/v10`.
    pub fn find(method: &str, path: &str) -> Option<Self> {
        TABLE.iter().find_map(|(row_method, template, op)| {
            let params = fit(template, path).filter(|_| *row_method == method)?;
            Some(Self {
                op: *op,
                method: row_method,
                template,
                params,
            })
        })
    }

    /// `PATCH /channels/{channel_id}/messages/{message_id}`.
    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.template)
    }

    pub fn text(&self, name: &str) -> &str {
        self.params
            .iter()
            .find(|(key, _)| *key == name)
            .map_or("", |(_, value)| value)
    }

    pub fn id(&self, name: &str) -> u64 {
        self.text(name).parse().unwrap_or(0)
    }

    pub fn guild(&self) -> Option<u64> {
        self.params
            .iter()
            .any(|(key, _)| *key == "guild_id")
            .then(|| self.id("guild_id"))
    }

    /// Interaction answers need no bot token and stand outside the global limit.
    pub fn by_interaction_token(&self) -> bool {
        self.template.contains("_token}")
    }

    /// The parameter that splits the rate limit: channel, guild or webhook.
    pub fn major(&self) -> String {
        let keys = [
            "channel_id",
            "guild_id",
            "webhook_id",
            "webhook_token",
            "interaction_id",
        ];
        keys.iter()
            .map(|key| self.text(key))
            .collect::<Vec<_>>()
            .join("/")
    }
}

fn fit(template: &'static str, path: &str) -> Option<Vec<(&'static str, String)>> {
    let mut params = Vec::new();
    let mut parts = path.trim_end_matches('/').split('/');
    for wanted in template.split('/') {
        let part = parts.next()?;
        match wanted
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'))
        {
            Some(name) if part_fits(name, part) => params.push((name, part.to_owned())),
            None if wanted == part => {}
            _ => return None,
        }
    }
    parts.next().is_none().then_some(params)
}

fn part_fits(name: &str, part: &str) -> bool {
    match name {
        "webhook_token" | "interaction_token" => !part.is_empty(),
        "message_id" if part == "@original" => true,
        "user_id" if part == "@me" => true,
        _ => part.parse::<u64>().is_ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_path_finds_its_operation_and_parameters() {
        let route = Route::find("PATCH", "/webhooks/1/abc/messages/@original").expect("route");
        assert_eq!(route.op, Op::ChangeFollowUp);
        assert_eq!(route.text("webhook_token"), "abc");
        assert!(Route::find("POST", "/channels/1/typing").is_none());
        assert!(Route::find("GET", "/guilds/1/members/search").is_none());
    }
}
