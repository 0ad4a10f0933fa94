//! Complete bodies, made from templates: every key that GitLab sends is there.

use serde_json::{Value, json};

use super::{HOST, Project};
use crate::play::http::lay_over;
use crate::play::template;

pub(super) const PIPELINE: &str = include_str!("templates/pipeline.json");
pub(super) const JOB: &str = include_str!("templates/job.json");
const PROJECT: &str = include_str!("templates/project.json");
const SEEN_BY_USER: &str = include_str!("templates/project_seen_by_user.json");
const USER: &str = include_str!("templates/user.json");
const COMMIT: &str = include_str!("templates/commit.json");

/// What GitLab tells of an account beside somebody's work.
const BASIC: [&str; 7] = [
    "id",
    "username",
    "name",
    "state",
    "locked",
    "avatar_url",
    "web_url",
];

/// What GitLab tells of a project beside its fork.
const BASIC_PROJECT: [&str; 16] = [
    "id",
    "description",
    "name",
    "name_with_namespace",
    "path",
    "path_with_namespace",
    "created_at",
    "tag_list",
    "topics",
    "ssh_url_to_repo",
    "http_url_to_repo",
    "web_url",
    "avatar_url",
    "star_count",
    "last_activity_at",
    "namespace",
];

/// A project, with the one that it is a fork of; whoever asks without a token is told less of it.
pub(super) fn project(
    api: &str,
    project: &Project,
    parent: Option<&Project>,
    has_token: bool,
) -> Value {
    let (owner, name) = project.path.rsplit_once('/').unwrap_or_default();
    let id = project.id.to_string();
    let words = [
        ("%API%", api),
        ("%PROJECT%", &project.path),
        ("%OWNER%", owner),
        ("%NAME%", name),
        ("%ID%", &id),
    ];
    let mut body = filled(PROJECT, &words, json!({ "id": project.id }));
    if has_token {
        let visibility = if project.private { "private" } else { "public" };
        let more = json!({
            "visibility": visibility, "owner": basic_user(42, owner), "ci_config_path": project.config,
        });
        lay_over(&mut body, filled(SEEN_BY_USER, &words, more));
        if let Some(parent) = parent {
            let parent = kept(&self::project(api, parent, None, false), &BASIC_PROJECT);
            lay_over(&mut body, json!({ "forked_from_project": parent }));
        }
    }
    body
}

/// An account with its profile.
pub(super) fn user(id: u64, login: &str) -> Value {
    filled(USER, &[("%LOGIN%", login)], json!({ "id": id }))
}

/// An account without its profile.
pub(super) fn basic_user(id: u64, login: &str) -> Value {
    kept(&user(id, login), &BASIC)
}

/// A commit.
pub(super) fn commit(project: &Project, sha: &str, login: &str, at: &str) -> Value {
    let words = [
        ("%PROJECT%", project.path.as_str()),
        ("%SHA%", sha),
        ("%LOGIN%", login),
    ];
    let fields = json!({
        "id": sha, "short_id": sha.get(..8), "created_at": at, "authored_date": at,
        "committed_date": at,
    });
    filled(COMMIT, &words, fields)
}

/// Some fields of a body.
pub(super) fn kept(body: &Value, names: &[&str]) -> Value {
    let kept = names.iter().map(|name| {
        let field = body.get(*name).cloned().unwrap_or_default();
        ((*name).to_owned(), field)
    });
    Value::Object(kept.collect())
}

/// A template with its words and with fields laid over it.
#[expect(clippy::expect_used, reason = "the template stands beside this file")]
pub(super) fn filled(template: &str, words: &[(&str, &str)], fields: Value) -> Value {
    let words = [words, &[("%HOST%", HOST)]].concat();
    template::fill(template, &words, fields).expect("a template")
}
