//! The front desk: what every request is checked for before it is answered, and the headers that
//! every answer bears.

use chrono::TimeDelta;
use serde_json::json;

use super::bodies;
use super::world::{World, now};
use crate::play::http::hex_digest;
use crate::play::http::{self, Asked, Reply};
use crate::play::issuer;

/// Where the issuer of tokens shows its keys.
const KEYS_PATH: &str = "/oidc/.well-known/jwks";
/// The versions of the API that GitHub still speaks.
const VERSIONS: [&str; 2] = ["2022-11-28", "2026-03-10"];
/// Query parameters that some answer depends on.
const PARAMETERS: [&str; 12] = [
    "per_page",
    "page",
    "filter",
    "name",
    "actor",
    "branch",
    "event",
    "status",
    "head_sha",
    "check_suite_id",
    "exclude_pull_requests",
    "recursive",
];

impl Reply {
    /// A no, in GitHub's shape.
    pub(super) fn refusal(status: u16, message: &str) -> Self {
        Self::json(status, &bodies::refusal(status, message))
    }
}

impl http::World for World {
    fn answer(&mut self, asked: &Asked) -> Reply {
        match asked.path.strip_prefix("/blobs/") {
            Some(signature) => self.blob(signature, asked),
            None if asked.path == KEYS_PATH => issuer::keys(),
            None => self.api_answer(asked),
        }
    }
}

impl World {
    fn api_answer(&mut self, asked: &Asked) -> Reply {
        if asked.header("user-agent").is_none_or(str::is_empty) {
            self.violations
                .push(format!("{}: no User-Agent", asked.path));
            return Reply::refusal(403, "Request forbidden: send a User-Agent header");
        }
        if let Some(reply) = self.device_answer(asked) {
            return reply;
        }
        match asked.header("x-github-api-version") {
            None => self
                .violations
                .push(format!("{}: no X-GitHub-Api-Version", asked.path)),
            Some(version) if VERSIONS.contains(&version) => {}
            Some(_) => return Reply::refusal(400, "This API version is not supported"),
        }
        let unknown = asked
            .query
            .iter()
            .find(|(name, _)| !PARAMETERS.contains(&name.as_str()));
        if let Some((name, _)) = unknown {
            self.violations
                .push(format!("{}: unknown parameter {name}", asked.path));
        }
        if let Some(reply) = self.app_answer(asked) {
            return reply;
        }
        let now = self.now();
        let stranger = |token| {
            let record = self.tokens.get(token);
            record.is_none_or(|record| record.until.is_some_and(|until| until <= now))
        };
        let unreadable = asked.header("authorization").is_some() && asked.token().is_none();
        if unreadable || asked.token().is_some_and(stranger) {
            return Reply::refusal(401, "Bad credentials");
        }
        let (limit, used) = self.spend(asked);
        if used > limit {
            let reply = Reply::refusal(403, "API rate limit exceeded");
            return self.counted(reply, limit, limit);
        }
        let reply = if asked.path == "/rate_limit" {
            self.rate_limit(limit, used.saturating_sub(1))
        } else if asked.path == "/user" {
            self.token_user(asked)
        } else {
            self.route(asked)
        };
        let reply = self.counted(reply, limit, used);
        tagged(reply, asked)
    }

    /// Counts the request; returns the limit of the hour and how much of it is used.
    fn spend(&mut self, asked: &Asked) -> (u32, u32) {
        if now() >= self.window_end {
            self.spent.clear();
            self.window_end = now() + TimeDelta::hours(1);
        }
        let who = asked.token().unwrap_or_default().to_owned();
        let limit = if who.is_empty() { 60 } else { 5_000 };
        let used = self.spent.entry(who).or_default();
        *used = used.saturating_add(1);
        (limit, *used)
    }

    fn rate_limit(&self, limit: u32, used: u32) -> Reply {
        let core = json!({
            "limit": limit, "used": used, "remaining": limit.saturating_sub(used),
            "reset": self.window_end.timestamp(),
        });
        let body = json!({ "resources": { "core": core }, "rate": core });
        Reply::json(200, &body)
    }

    fn counted(&self, reply: Reply, limit: u32, used: u32) -> Reply {
        reply
            .with("x-ratelimit-limit", limit.to_string())
            .with("x-ratelimit-used", used.to_string())
            .with(
                "x-ratelimit-remaining",
                limit.saturating_sub(used).to_string(),
            )
            .with("x-ratelimit-reset", self.window_end.timestamp().to_string())
            .with("x-ratelimit-resource", "core")
            .with("x-github-media-type", "github.v3; format=json")
    }
}

/// A tag for good answers, and 304 for those who already have them.
fn tagged(reply: Reply, asked: &Asked) -> Reply {
    if reply.status != 200 {
        return reply;
    }
    let tag = format!("W/\"{}\"", hex_digest(&reply.body));
    let mut reply = reply.with("etag", tag.clone());
    if asked.header("if-none-match") == Some(tag.as_str()) {
        reply.status = 304;
        reply.body.clear();
    }
    reply
}
