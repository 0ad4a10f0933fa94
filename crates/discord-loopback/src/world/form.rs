//! The form of a modal as a person fills it.

use serde_json::{Map, Value, json};

use super::messages::all_components;
use super::raise::{Refused, option_labels, plain, refuse};

/// The components of a submitted modal: the opened ones with what the person wrote.
pub fn filled_modal(modal: &Value, fields: &Map<String, Value>) -> Result<Vec<Value>, Refused> {
    let inputs = all_components(&modal["components"]);
    let known: Vec<&str> = inputs
        .iter()
        .filter_map(|one| one["custom_id"].as_str())
        .collect();
    if let Some(extra) = fields.keys().find(|key| !known.contains(&key.as_str())) {
        return refuse(format!(
            "the modal has no field {extra:?}; it has: {}",
            known.join(", ")
        ));
    }
    modal["components"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|row| row["type"] != 10)
        .map(|row| {
            let mut answer = json!({"type": row["type"], "id": row["id"]});
            if row["type"] == 18 {
                answer["component"] = filled_field(&row["component"], fields)?;
            } else {
                let inner: Result<Vec<Value>, Refused> = row["components"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .map(|one| filled_field(one, fields))
                    .collect();
                answer["components"] = json!(inner?);
            }
            Ok(answer)
        })
        .collect()
}

fn filled_field(input: &Value, fields: &Map<String, Value>) -> Result<Value, Refused> {
    let custom_id = input["custom_id"].as_str().unwrap_or_default();
    let given = fields.get(custom_id);
    let required = input["required"].as_bool().unwrap_or(true);
    let mut answer = json!({"type": input["type"], "id": input["id"], "custom_id": custom_id});
    if input["type"] == 4 {
        let text = given.map_or_else(|| plain(&input["value"]), plain);
        let count = text.chars().count() as u64;
        let least = input["min_length"].as_u64().unwrap_or(0);
        let most = input["max_length"].as_u64().unwrap_or(4_000);
        if text.is_empty() && required {
            return refuse(format!("the field {custom_id:?} is required"));
        }
        if (count < least && !text.is_empty()) || count > most {
            return refuse(format!(
                "the field {custom_id:?} takes {least} to {most} characters, {count} were given"
            ));
        }
        answer["value"] = json!(text);
        return Ok(answer);
    }
    if input["type"] == 23 {
        answer["value"] = json!(given.and_then(Value::as_bool).unwrap_or(false));
        return Ok(answer);
    }
    let values: Vec<String> = match given {
        Some(Value::Array(list)) => list.iter().map(plain).collect(),
        Some(Value::Null) | None => Vec::new(),
        Some(one) => vec![plain(one)],
    };
    if values.is_empty() && required {
        return refuse(format!("the field {custom_id:?} is required"));
    }
    let options = input["options"].as_array().map_or(&[][..], Vec::as_slice);
    if let Some(bad) = values
        .iter()
        .find(|value| !options.is_empty() && !options.iter().any(|one| one["value"] == **value))
    {
        return refuse(format!(
            "the field {custom_id:?} has no option {bad:?}; it has: {}",
            option_labels(options)
        ));
    }
    if input["type"] == 21 {
        answer["value"] = json!(values.first());
    } else {
        answer["values"] = json!(values);
    }
    Ok(answer)
}
