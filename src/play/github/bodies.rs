//! Complete bodies, made from templates: every key that GitHub sends is there.

use serde_json::{Value, json};

pub(super) use crate::play::http::lay_over;
pub(super) use crate::play::template::{fill, replace_strings};

/// The templates, as they stand beside this file.
pub(super) const USER: &str = include_str!("templates/user.json");
pub(super) const REPOSITORY: &str = include_str!("templates/repository.json");
const REPOSITORY_PAGE: &str = include_str!("templates/repository_page.json");
pub(super) const PROFILE: &str = include_str!("templates/profile.json");
pub(super) const RUN: &str = include_str!("templates/run.json");
pub(super) const JOB: &str = include_str!("templates/job.json");
pub(super) const ARTIFACT: &str = include_str!("templates/artifact.json");
pub(super) const CHECK_RUN: &str = include_str!("templates/check_run.json");
pub(super) const PULL: &str = include_str!("templates/pull.json");
pub(super) const COMMIT: &str = include_str!("templates/commit.json");
pub(super) const WORKFLOW: &str = include_str!("templates/workflow.json");

/// A repository on a page of its own, or of a pull request: more of it than beside a run.
pub(super) fn repository_page(body: &Value) -> Result<Value, serde_json::Error> {
    let words = [("%PAGE%", text(body, "/html_url"))];
    fill(REPOSITORY_PAGE, &words, body.clone())
}

/// GitHub's shape of a refusal.
pub(super) fn refusal(status: u16, message: &str) -> Value {
    json!({
        "message": message,
        "documentation_url": "https://docs.github.com/rest",
        "status": status.to_string(),
    })
}

/// A number in a body, zero when it is not there.
pub(super) fn number(body: &Value, pointer: &str) -> u64 {
    body.pointer(pointer).and_then(Value::as_u64).unwrap_or(0)
}

/// A text in a body, empty when it is not there.
pub(super) fn text<'a>(body: &'a Value, pointer: &str) -> &'a str {
    body.pointer(pointer).and_then(Value::as_str).unwrap_or("")
}
