//! Bodies made from templates, in which every key of the original is there.

use serde_json::Value;

use super::http::lay_over;

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
