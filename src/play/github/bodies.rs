//! Complete bodies, made from templates: every key that GitHub sends is there.

use serde_json::{Value, json};

pub(super) use crate::play::http::lay_over;

/// The templates, as they stand beside this file.
pub(super) const USER: &str = include_str!("templates/user.json");
pub(super) const REPOSITORY: &str = include_str!("templates/repository.json");
pub(super) const RUN: &str = include_str!("templates/run.json");
pub(super) const JOB: &str = include_str!("templates/job.json");
pub(super) const ARTIFACT: &str = include_str!("templates/artifact.json");
pub(super) const CHECK_RUN: &str = include_str!("templates/check_run.json");
pub(super) const PULL: &str = include_str!("templates/pull.json");
pub(super) const COMMIT: &str = include_str!("templates/commit.json");
pub(super) const WORKFLOW: &str = include_str!("templates/workflow.json");

/// A template with its `%WORDS%` filled in and the given fields laid over it.
pub(super) fn fill(
    template: &str,
    words: &[(&str, &str)],
    fields: Value,
) -> Result<Value, serde_json::Error> {
    let mut body: Value = serde_json::from_str(template)?;
    replace_strings(&mut body, &|text| {
        let mut text = text.to_owned();
        for (word, value) in words {
            text = text.replace(word, value);
        }
        text
    });
    lay_over(&mut body, fields);
    Ok(body)
}

/// Every string of a body, passed through a function.
pub(super) fn replace_strings(body: &mut Value, change: &impl Fn(&str) -> String) {
    match body {
        Value::String(text) => *text = change(text),
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| replace_strings(item, change)),
        Value::Object(fields) => fields
            .values_mut()
            .for_each(|field| replace_strings(field, change)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
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
