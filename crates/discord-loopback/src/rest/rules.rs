//! Rules about messages that the OpenAPI file does not hold.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::error::{FormErrors, below};
use crate::world::messages::{COMPONENTS_V2, all_components, flags_of};

const CONTENT_LIMIT: usize = 2_000;
const EMBED_SUM: usize = 6_000;

/// Checks a message body. `path` is where it lies in the request, `before` the flags it already has.
pub fn message(body: &Map<String, Value>, path: &[String], before: u64, errors: &mut FormErrors) {
    let get = |key: &str| body.get(key).filter(|value| !is_nothing(value));
    let content = get("content").and_then(Value::as_str).unwrap_or_default();
    if content.chars().count() > CONTENT_LIMIT {
        errors.rule(
            &below(path, "content"),
            "BASE_TYPE_MAX_LENGTH",
            "Must be 2000 or fewer in length.",
        );
    }
    let v2 = (before | flags_of(body)) & COMPONENTS_V2 != 0;
    if v2 {
        for key in ["content", "embeds", "poll", "sticker_ids"] {
            if get(key).is_some() {
                errors.rule(
                    &below(path, key),
                    "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                    format!(
                        "The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
                    ),
                );
            }
        }
    }
    embeds(get("embeds"), path, errors);
    mentions(get("allowed_mentions"), path, errors);
    if let Some(components) = get("components") {
        layout(components, v2, &below(path, "components"), errors);
        custom_ids(components, &below(path, "components"), errors);
        each(components, &below(path, "components"), errors);
    }
}

fn is_nothing(value: &Value) -> bool {
    value.is_null() || value.as_str() == Some("") || value.as_array().is_some_and(Vec::is_empty)
}

fn count(value: &Value) -> usize {
    value.as_str().map_or(0, |text| text.chars().count())
}

fn embeds(embeds: Option<&Value>, path: &[String], errors: &mut FormErrors) {
    let sum: usize = embeds
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(|embed| {
            let fields: usize = embed["fields"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|field| count(&field["name"]) + count(&field["value"]))
                .sum();
            count(&embed["title"])
                + count(&embed["description"])
                + count(&embed["footer"]["text"])
                + count(&embed["author"]["name"])
                + fields
        })
        .sum();
    if sum > EMBED_SUM {
        errors.rule(
            &below(path, "embeds"),
            "MAX_EMBED_SIZE_EXCEEDED",
            "Embed size exceeds maximum size of 6000",
        );
    }
    for (index, embed) in embeds
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .enumerate()
    {
        let here = below(&below(path, "embeds"), index);
        for (number, field) in embed["fields"].as_array().into_iter().flatten().enumerate() {
            for key in ["name", "value"] {
                if field[key]
                    .as_str()
                    .is_none_or(|text| text.trim().is_empty())
                {
                    let at = below(&below(&below(&here, "fields"), number), key);
                    errors.rule(&at, "BASE_TYPE_REQUIRED", "This field is required");
                }
            }
        }
    }
}

fn mentions(rules: Option<&Value>, path: &[String], errors: &mut FormErrors) {
    let Some(rules) = rules else {
        return;
    };
    for key in ["users", "roles"] {
        let listed = rules[key].as_array().is_some_and(|list| !list.is_empty());
        let parsed = rules["parse"]
            .as_array()
            .is_some_and(|list| list.iter().any(|one| one == key));
        if listed && parsed {
            let at = below(&below(path, "allowed_mentions"), "parse");
            errors.rule(
                &at,
                "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
                format!("parse:[\"{key}\"] and {key}: [ids...] are mutually exclusive."),
            );
        }
    }
}

fn layout(components: &Value, v2: bool, path: &[String], errors: &mut FormErrors) {
    let top = components.as_array().map_or(&[][..], Vec::as_slice);
    if v2 {
        if all_components(components).len() > 40 {
            errors.rule(
                path,
                "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
                "The total number of components is limited to 40",
            );
        }
        return;
    }
    if top.len() > 5 {
        errors.rule(
            path,
            "BASE_TYPE_MAX_LENGTH",
            "Must be 5 or fewer in length.",
        );
    }
    for (index, row) in top.iter().enumerate() {
        if row["type"] != 1 {
            errors.rule(
                &below(&below(path, index), "type"),
                "UNION_TYPE_CHOICES",
                "Value of field \"type\" must be one of (1,).",
            );
        }
    }
}

fn custom_ids(components: &Value, path: &[String], errors: &mut FormErrors) {
    let mut seen = HashSet::new();
    let mut numbers = HashSet::new();
    for component in all_components(components) {
        if let Some(id) = component["custom_id"].as_str()
            && !seen.insert(id)
        {
            errors.rule(
                path,
                "COMPONENT_CUSTOM_ID_DUPLICATED",
                format!("Component custom id cannot be duplicated: {id}"),
            );
        }
        if let Some(id) = component["id"].as_u64().filter(|id| *id > 0)
            && !numbers.insert(id)
        {
            errors.rule(
                path,
                "COMPONENT_ID_DUPLICATED",
                format!("Component id cannot be duplicated: {id}"),
            );
        }
    }
}

fn each(node: &Value, path: &[String], errors: &mut FormErrors) {
    for (index, component) in node.as_array().into_iter().flatten().enumerate() {
        let here = below(path, index);
        one(component, &here, errors);
        if let Some(inner) = component.get("components") {
            each(inner, &below(&here, "components"), errors);
        }
        if let Some(accessory) = component.get("accessory") {
            one(accessory, &below(&here, "accessory"), errors);
        }
    }
}

fn one(component: &Value, path: &[String], errors: &mut FormErrors) {
    match component["type"].as_u64() {
        Some(1) => row(component, path, errors),
        Some(2) => button(component, path, errors),
        Some(3) => select(component, path, errors),
        Some(17) => {
            let nested = component["components"]
                .as_array()
                .is_some_and(|list| list.iter().any(|one| one["type"] == 17));
            if nested {
                errors.rule(
                    path,
                    "UNION_TYPE_CHOICES",
                    "A container cannot hold a container.",
                );
            }
        }
        _ => {}
    }
}

fn row(component: &Value, path: &[String], errors: &mut FormErrors) {
    let inner = component["components"]
        .as_array()
        .map_or(&[][..], Vec::as_slice);
    let selects = inner.iter().filter(|one| one["type"] != 2).count();
    if selects > 0 && inner.len() > 1 {
        errors.rule(
            &below(path, "components"),
            "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
            "The width of a row is five buttons or one menu.",
        );
    }
}

fn button(component: &Value, path: &[String], errors: &mut FormErrors) {
    let has = |key: &str| component.get(key).is_some_and(|value| !is_nothing(value));
    match component["style"].as_u64() {
        Some(5) => {
            if !has("url") {
                errors.rule(
                    &below(path, "url"),
                    "BASE_TYPE_REQUIRED",
                    "A link button must have a url.",
                );
            }
            if has("custom_id") {
                errors.rule(
                    &below(path, "custom_id"),
                    "BUTTON_COMPONENT_CUSTOM_ID_URL_CONFLICT",
                    "A link button has no custom id.",
                );
            }
            let url = component["url"].as_str().unwrap_or_default();
            if has("url")
                && !["http://", "https://", "discord://"]
                    .iter()
                    .any(|start| url.starts_with(start))
            {
                errors.rule(
                    &below(path, "url"),
                    "URL_TYPE_INVALID_SCHEME",
                    "Scheme must be one of ('http', 'https', 'discord').",
                );
            }
        }
        Some(6) => return,
        _ => {
            if !has("custom_id") {
                errors.rule(
                    &below(path, "custom_id"),
                    "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED",
                    "A custom id is required.",
                );
            }
            if has("url") {
                errors.rule(
                    &below(path, "url"),
                    "BUTTON_COMPONENT_CUSTOM_ID_URL_CONFLICT",
                    "Only a link button has a url.",
                );
            }
        }
    }
    if !has("label") && !has("emoji") {
        errors.rule(
            path,
            "BUTTON_COMPONENT_INVALID_LABEL_OR_EMOJI",
            "A label or an emoji is required.",
        );
    }
}

fn select(component: &Value, path: &[String], errors: &mut FormErrors) {
    let options = component["options"]
        .as_array()
        .map_or(&[][..], Vec::as_slice);
    let mut values = HashSet::new();
    for (index, option) in options.iter().enumerate() {
        if !values.insert(option["value"].as_str()) {
            let at = below(&below(&below(path, "options"), index), "value");
            errors.rule(
                &at,
                "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
                "The specified option value is already used.",
            );
        }
    }
    let least = component["min_values"].as_u64().unwrap_or(1);
    let most = component["max_values"].as_u64().unwrap_or(1);
    if least > most || most > options.len() as u64 {
        errors.rule(
            &below(path, "max_values"),
            "SELECT_COMPONENT_MAX_VALUES_TOO_MANY",
            "min_values <= max_values <= number of options is needed.",
        );
    }
    let chosen = options.iter().filter(|one| one["default"] == true).count() as u64;
    if chosen > most {
        errors.rule(
            &below(path, "options"),
            "SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES",
            "More options are default than may be chosen.",
        );
    }
}

/// Checks a modal: its rows and the ids of its fields.
pub fn modal(data: &Value, path: &[String], errors: &mut FormErrors) {
    let here = below(path, "components");
    let rows = data["components"].as_array().map_or(&[][..], Vec::as_slice);
    if rows.is_empty() || rows.len() > 5 {
        errors.rule(
            &here,
            "BASE_TYPE_BAD_LENGTH",
            "Must be between 1 and 5 in length.",
        );
    }
    custom_ids(&data["components"], &here, errors);
    for (index, row) in rows.iter().enumerate() {
        let inner = row["components"].as_array().map_or(0, Vec::len);
        if row["type"] == 1 && inner != 1 {
            errors.rule(
                &below(&below(&here, index), "components"),
                "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
                "A row of a modal holds one text field.",
            );
        }
    }
    for input in all_components(&data["components"])
        .into_iter()
        .filter(|one| one["type"] == 4)
    {
        let least = input["min_length"].as_u64().unwrap_or(0);
        let most = input["max_length"].as_u64().unwrap_or(4_000);
        let value = count(&input["value"]) as u64;
        if least > most || value > most || (value > 0 && value < least) {
            errors.rule(
                &here,
                "BASE_TYPE_BAD_LENGTH",
                format!(
                    "The value of {} does not fit its lengths.",
                    input["custom_id"]
                ),
            );
        }
    }
}
