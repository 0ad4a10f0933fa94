//! Request bodies against Discord's OpenAPI file.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::{LazyLock, Mutex, PoisonError};

use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, Validator};
use serde_json::{Value, json};

use super::error::{FormErrors, below};

static SPEC: LazyLock<Value> = LazyLock::new(|| {
    let mut spec =
        serde_json::from_str(include_str!("../../openapi/discord.json")).unwrap_or_default();
    loosen(&mut spec);
    spec
});
static VALIDATORS: LazyLock<Mutex<HashMap<String, Option<Arc<Validator>>>>> =
    LazyLock::new(Mutex::default);

/// The file writes `oneOf` where several may fit at once.
fn loosen(node: &mut Value) {
    match node {
        Value::Array(list) => list.iter_mut().for_each(loosen),
        Value::Object(map) => {
            if let Some(choices) = map.remove("oneOf") {
                map.insert("anyOf".to_owned(), choices);
            }
            map.values_mut().for_each(loosen);
        }
        _ => {}
    }
}

fn schema_of(method: &str, template: &str) -> Option<&'static Value> {
    let entry = &SPEC["paths"][template][method.to_lowercase()];
    let schema = &entry["requestBody"]["content"]["application/json"]["schema"];
    (!schema.is_null()).then_some(schema)
}

/// Built once for each operation and shared by all loopbacks of the process.
fn validator_of(method: &str, template: &str) -> Option<Arc<Validator>> {
    let schema = schema_of(method, template)?;
    let mut built = VALIDATORS.lock().unwrap_or_else(PoisonError::into_inner);
    built
        .entry(format!("{method} {template}"))
        .or_insert_with(|| {
            let mut root = schema.clone();
            root["components"] = SPEC["components"].clone();
            match jsonschema::draft202012::options().build(&root) {
                Ok(validator) => Some(Arc::new(validator)),
                Err(error) => {
                    tracing::error!(%error, method, template, "schema cannot be built");
                    None
                }
            }
        })
        .clone()
}

/// Where the file errs, the body is bent to it before it is compared.
fn bend(body: &Value) -> Value {
    let mut bent = body.clone();
    bend_in(&mut bent);
    bent
}

fn bend_in(node: &mut Value) {
    match node {
        Value::Array(list) => list.iter_mut().for_each(bend_in),
        Value::Object(map) => {
            for (key, value) in map.iter_mut() {
                match (key.as_str(), &*value) {
                    // A string in the documentation, an integer in the file.
                    ("default_member_permissions", Value::String(text)) => {
                        if let Ok(number) = text.parse::<u64>() {
                            *value = json!(number);
                        }
                    }
                    // Ids may be sent as numbers.
                    (key, Value::Number(number)) if key.ends_with("_id") => {
                        *value = json!(number.to_string());
                    }
                    ("attachments", Value::Array(_)) => {
                        for one in value.as_array_mut().into_iter().flatten() {
                            if let Some(number) = one["id"].as_u64() {
                                one["id"] = json!(number.to_string());
                            }
                        }
                    }
                    _ => bend_in(value),
                }
            }
        }
        _ => {}
    }
}

/// Adds what the file says against the body, and names that look mistyped.
pub fn check(method: &str, template: &str, body: &Value, errors: &mut FormErrors) {
    let Some(validator) = validator_of(method, template) else {
        return;
    };
    let bent = bend(body);
    for error in validator.iter_errors(&bent) {
        report(&error, errors);
    }
    if let Some(schema) = schema_of(method, template).filter(|_| errors.is_empty()) {
        typos(&[schema], &bent, &[], errors);
    }
}

/// Reports an error; inside an `anyOf` the branch that fits best is asked for its own.
fn report(error: &ValidationError<'_>, errors: &mut FormErrors) {
    let inner = match error.kind() {
        ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
            best_branch(context)
        }
        _ => None,
    };
    if let Some(inner) = inner {
        for one in inner {
            report(one, errors);
        }
        return;
    }
    let path: Vec<String> = error
        .instance_path()
        .to_string()
        .split('/')
        .skip(1)
        .map(ToOwned::to_owned)
        .collect();
    let (path, code, message) = worded(error, path);
    errors.add(&path, code, message);
}

/// The branch whose `type` fits and that has gone furthest into the body.
fn best_branch<'a>(
    context: &'a [Vec<ValidationError<'static>>],
) -> Option<&'a [ValidationError<'static>]> {
    let about_type = |error: &ValidationError<'static>| {
        let at_type = error.instance_path().to_string().ends_with("/type");
        at_type
            && matches!(
                error.kind(),
                ValidationErrorKind::Enum { .. } | ValidationErrorKind::Constant { .. }
            )
    };
    let depth = |errors: &[ValidationError<'static>]| {
        errors
            .iter()
            .map(|one| one.instance_path().to_string().matches('/').count())
            .max()
            .unwrap_or(0)
    };
    context
        .iter()
        .filter(|errors| !errors.is_empty())
        .filter(|errors| !errors.iter().all(|one| matches!(one.kind(), ValidationErrorKind::Type { kind } if format!("{kind:?}").contains("Null"))))
        .min_by_key(|errors| (errors.iter().any(about_type), std::cmp::Reverse(depth(errors)), errors.len()))
        .map(Vec::as_slice)
}

fn worded(error: &ValidationError<'_>, path: Vec<String>) -> (Vec<String>, &'static str, String) {
    match error.kind() {
        ValidationErrorKind::MaxLength { limit } | ValidationErrorKind::MaxItems { limit } => (
            path,
            "BASE_TYPE_MAX_LENGTH",
            format!("Must be {limit} or fewer in length."),
        ),
        ValidationErrorKind::MinLength { limit } | ValidationErrorKind::MinItems { limit } => (
            path,
            "BASE_TYPE_MIN_LENGTH",
            format!("Must be {limit} or more in length."),
        ),
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            (
                below(&path, name),
                "BASE_TYPE_REQUIRED",
                "This field is required".to_owned(),
            )
        }
        ValidationErrorKind::Enum { .. } | ValidationErrorKind::Constant { .. } => {
            (path, "BASE_TYPE_CHOICES", error.to_string())
        }
        _ => (path, "BASE_TYPE_INVALID", error.to_string()),
    }
}

fn follow(schema: &'static Value, found: &mut Vec<&'static Value>) {
    if let Some(name) = schema["$ref"]
        .as_str()
        .and_then(|target| target.strip_prefix("#/components/schemas/"))
    {
        follow(&SPEC["components"]["schemas"][name], found);
        return;
    }
    for key in ["anyOf", "allOf"] {
        for branch in schema[key].as_array().into_iter().flatten() {
            follow(branch, found);
        }
    }
    found.push(schema);
}

/// A field that no schema knows but that is nearly one of its names is a slip of the pen.
fn typos(schemas: &[&'static Value], body: &Value, path: &[String], errors: &mut FormErrors) {
    let mut flat = Vec::new();
    for schema in schemas {
        follow(schema, &mut flat);
    }
    match body {
        Value::Array(list) => {
            let items: Vec<&Value> = flat
                .iter()
                .filter_map(|schema| schema.get("items"))
                .collect();
            for (index, one) in list.iter().enumerate() {
                typos(&items, one, &below(path, index), errors);
            }
        }
        Value::Object(map) => {
            let fits: Vec<&&Value> = flat
                .iter()
                .filter(|schema| type_fits(schema, body))
                .collect();
            if fits
                .iter()
                .any(|schema| schema.get("additionalProperties").is_some())
            {
                return;
            }
            let known: Vec<&String> = fits
                .iter()
                .filter_map(|schema| schema["properties"].as_object())
                .flat_map(serde_json::Map::keys)
                .collect();
            for (key, value) in map {
                let next: Vec<&Value> = fits
                    .iter()
                    .filter_map(|schema| schema["properties"].get(key))
                    .collect();
                if !next.is_empty() {
                    typos(&next, value, &below(path, key), errors);
                } else if let Some(near) = known.iter().find(|name| distance(name, key) <= 2) {
                    errors.rule(
                        &below(path, key),
                        "UNKNOWN_FIELD",
                        format!("Discord knows no field {key:?} here; {near:?} was meant?"),
                    );
                }
            }
        }
        _ => {}
    }
}

/// False when the schema is of another component or option type than the body.
fn type_fits(schema: &Value, body: &Value) -> bool {
    let (Some(allowed), Some(kind)) = (
        schema["properties"]["type"]["enum"].as_array(),
        body.get("type"),
    ) else {
        return true;
    };
    allowed.contains(kind)
}

/// Edit distance of two short names, letters swapped counting twice.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut last = i;
        let mut left = i + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (slot, y) in row.iter_mut().skip(1).zip(&b) {
            let change = last + usize::from(x != *y);
            last = *slot;
            left = change.min(last + 1).min(left + 1);
            *slot = left;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors_of(method: &str, template: &str, body: &Value) -> String {
        let mut errors = FormErrors::default();
        check(method, template, body, &mut errors);
        errors.summary()
    }

    #[test]
    fn a_mistyped_field_is_named() {
        let said = errors_of(
            "POST",
            "/channels/{channel_id}/messages",
            &json!({"contents": "x"}),
        );
        assert!(
            said.contains("contents") && said.contains("content"),
            "{said}"
        );
        assert_eq!(distance("content", "contents"), 1);
    }

    #[test]
    fn a_long_custom_id_is_reported_at_its_place() {
        let body = json!({"components": [{"type": 1, "components": [{"type": 2, "style": 1, "label": "x", "custom_id": "x".repeat(101)}]}]});
        let said = errors_of("POST", "/channels/{channel_id}/messages", &body);
        assert!(
            said.starts_with("components.0.components.0.custom_id: Must be 100 or fewer"),
            "{said}"
        );
    }

    #[test]
    fn permissions_may_be_a_string() {
        let body =
            json!([{"name": "report", "description": "x", "default_member_permissions": "32"}]);
        assert_eq!(
            errors_of("PUT", "/applications/{application_id}/commands", &body),
            ""
        );
    }
}
