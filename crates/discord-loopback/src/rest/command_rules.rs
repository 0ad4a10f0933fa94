//! Rules about application commands that the OpenAPI file does not hold.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::error::{FormErrors, below};

const LOCALES: &[&str] = &[
    "ar", "bg", "cs", "da", "de", "el", "en-GB", "en-US", "es-419", "es-ES", "fi", "fr", "he",
    "hi", "hr", "hu", "id", "it", "ja", "ko", "lt", "nl", "no", "pl", "pt-BR", "ro", "ru", "sv-SE",
    "th", "tr", "uk", "vi", "zh-CN", "zh-TW",
];
/// Characters of names, descriptions and values together.
const SUM: usize = 8_000;
static NAME: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^[-_'\p{L}\p{N}\p{Devanagari}\p{Thai}]{1,32}$").ok());

/// A list that replaces all commands of a scope.
pub fn list(commands: &[Value], errors: &mut FormErrors) {
    let mut seen = HashSet::new();
    for (kind, most) in [(1, 100), (2, 15), (3, 15)] {
        let count = commands
            .iter()
            .filter(|one| one["type"].as_u64().unwrap_or(1) == kind)
            .count();
        if count > most {
            errors.rule(
                &[],
                "APPLICATION_COMMAND_TOO_MANY",
                format!("There may be {most} commands of type {kind}, {count} were given."),
            );
        }
    }
    for (index, command) in commands.iter().enumerate() {
        let path = vec![index.to_string()];
        if !seen.insert((
            command["type"].as_u64().unwrap_or(1),
            command["name"].as_str(),
        )) {
            errors.rule(
                &below(&path, "name"),
                "APPLICATION_COMMANDS_DUPLICATE_NAME",
                "Application command names must be unique.",
            );
        }
        one(command, &path, true, errors);
    }
}

/// One command; `whole` is false for a partial change.
pub fn one(command: &Value, path: &[String], whole: bool, errors: &mut FormErrors) {
    let chat = command["type"].as_u64().unwrap_or(1) == 1;
    if chat {
        names(command, path, errors);
        let empty = command["description"]
            .as_str()
            .unwrap_or_default()
            .is_empty();
        if empty && whole {
            errors.rule(
                &below(path, "description"),
                "BASE_TYPE_REQUIRED",
                "This field is required",
            );
        }
    } else {
        locales(command, path, errors);
        if command["options"]
            .as_array()
            .is_some_and(|list| !list.is_empty())
        {
            errors.rule(
                &below(path, "options"),
                "APPLICATION_COMMAND_OPTIONS_TYPE",
                "Context menu commands have no options.",
            );
        }
    }
    options(command, path, errors);
    if weight(command) > SUM {
        errors.rule(
            path,
            "APPLICATION_COMMAND_TOO_LARGE",
            "Command exceeds maximum size (8000)",
        );
    }
}

fn names(node: &Value, path: &[String], errors: &mut FormErrors) {
    let mut check = |text: &str, at: Vec<String>| {
        let fits = NAME.as_ref().is_none_or(|regex| regex.is_match(text));
        if !fits || text.to_lowercase() != text {
            errors.rule(
                &at,
                "APPLICATION_COMMAND_INVALID_NAME",
                format!("Command name is invalid: {text:?}"),
            );
        }
    };
    if let Some(name) = node["name"].as_str() {
        check(name, below(path, "name"));
    }
    for (locale, name) in node["name_localizations"].as_object().into_iter().flatten() {
        check(
            name.as_str().unwrap_or_default(),
            below(&below(path, "name_localizations"), locale),
        );
    }
    locales(node, path, errors);
}

fn locales(node: &Value, path: &[String], errors: &mut FormErrors) {
    for key in ["name_localizations", "description_localizations"] {
        for locale in node[key]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(locale, _)| locale)
        {
            if !LOCALES.contains(&locale.as_str()) {
                errors.rule(
                    &below(&below(path, key), locale),
                    "BASE_TYPE_CHOICES",
                    format!("Discord has no locale {locale:?}."),
                );
            }
        }
    }
}

fn options(node: &Value, path: &[String], errors: &mut FormErrors) {
    let list = node["options"].as_array().map_or(&[][..], Vec::as_slice);
    let path = below(path, "options");
    let (mut seen, mut optional_seen) = (HashSet::new(), false);
    let mut local_seen: HashSet<(String, String)> = HashSet::new();
    let groups = list
        .iter()
        .filter(|one| matches!(one["type"].as_u64(), Some(1 | 2)))
        .count();
    if groups > 0 && groups < list.len() {
        errors.rule(
            &path,
            "APPLICATION_COMMAND_OPTIONS_TYPE",
            "Sub-commands and options cannot be mixed.",
        );
    }
    for (index, option) in list.iter().enumerate() {
        let here = below(&path, index);
        names(option, &here, errors);
        if !seen.insert(option["name"].as_str()) {
            errors.rule(
                &below(&here, "name"),
                "APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATE",
                "Option names must be unique.",
            );
        }
        for (locale, name) in option["name_localizations"]
            .as_object()
            .into_iter()
            .flatten()
        {
            if !local_seen.insert((locale.clone(), name.to_string())) {
                errors.rule(
                    &here,
                    "APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATE",
                    format!("Localised option names must differ in {locale}."),
                );
            }
        }
        let required = option["required"] == true;
        if required && optional_seen {
            errors.rule(
                &here,
                "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                "Required options must be placed before non-required options",
            );
        }
        optional_seen |= !required;
        choices(option, &here, errors);
        options(option, &here, errors);
    }
}

fn choices(option: &Value, path: &[String], errors: &mut FormErrors) {
    let list = option["choices"].as_array().map_or(&[][..], Vec::as_slice);
    if option["autocomplete"] == true {
        if !list.is_empty() {
            errors.rule(
                path,
                "APPLICATION_COMMAND_AUTOCOMPLETE_WITH_CHOICES",
                "Autocomplete and choices exclude each other.",
            );
        }
        if !matches!(option["type"].as_u64(), Some(3 | 4 | 10)) {
            errors.rule(
                path,
                "APPLICATION_COMMAND_AUTOCOMPLETE_TYPE",
                "Only strings, integers and numbers have autocomplete.",
            );
        }
    }
    let mut seen = HashSet::new();
    for (index, choice) in list.iter().enumerate() {
        let here = below(&below(path, "choices"), index);
        if !seen.insert(choice["name"].as_str()) {
            errors.rule(
                &below(&here, "name"),
                "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_DUPLICATE",
                "Choice names must be unique.",
            );
        }
        locales(choice, &here, errors);
    }
    for (low, high) in [("min_value", "max_value"), ("min_length", "max_length")] {
        if let (Some(least), Some(most)) = (option[low].as_f64(), option[high].as_f64())
            && least > most
        {
            errors.rule(
                &below(path, low),
                "BASE_TYPE_INVALID",
                format!("{low} is greater than {high}."),
            );
        }
    }
}

/// What a command weighs: of every text its longest localisation.
fn weight(node: &Value) -> usize {
    let longest = |key: &str| {
        let own = node[key].as_str().map_or(0, |text| text.chars().count());
        let local = node[format!("{key}_localizations")]
            .as_object()
            .into_iter()
            .flatten()
            .filter_map(|(_, text)| text.as_str());
        local
            .map(|text| text.chars().count())
            .max()
            .unwrap_or(0)
            .max(own)
    };
    let value = node["value"]
        .as_str()
        .map_or(0, |text| text.chars().count());
    let below: usize = ["options", "choices"]
        .iter()
        .flat_map(|key| node[*key].as_array().into_iter().flatten())
        .map(weight)
        .sum();
    longest("name") + longest("description") + value + below
}
