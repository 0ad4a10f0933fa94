//! Messages and forms as plain text: what a person would read aloud, without ids and times.

use std::sync::LazyLock;

use regex::{Captures, Regex};
use serde_json::Value;

use crate::world::World;

static MARKUP: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"<(@!?|@&|#|t:|a?:\w+:)(-?\d+)(?::[tTdDfFR])?>").ok());
const STYLES: [&str; 6] = [
    "primary",
    "secondary",
    "success",
    "danger",
    "link",
    "premium",
];

/// The whole message.
pub fn message_text(world: &World, json: &Value) -> String {
    let mut lines = Vec::new();
    if json["flags"].as_u64().unwrap_or(0) & crate::world::messages::LOADING != 0 {
        lines.push("(thinking)".to_owned());
    }
    push_text(&mut lines, &readable(world, text(&json["content"])));
    for embed in json["embeds"].as_array().into_iter().flatten() {
        embed_lines(world, embed, &mut lines);
    }
    for file in json["attachments"].as_array().into_iter().flatten() {
        lines.push(format!(
            "file: {} ({} bytes)",
            text(&file["filename"]),
            file["size"]
        ));
    }
    if let Some(question) = json["poll"]["question"]["text"].as_str() {
        lines.push(format!("poll: {question}"));
    }
    component_lines(world, &json["components"], &mut lines);
    lines.join("\n")
}

/// A form.
pub fn modal_text(json: &Value) -> String {
    let mut lines = vec![format!("form: {}", text(&json["title"]))];
    for part in json["components"].as_array().into_iter().flatten() {
        match part["type"].as_u64() {
            Some(10) => push_text(&mut lines, text(&part["content"])),
            Some(18) => field_lines(text(&part["label"]), &part["component"], &mut lines),
            _ => {
                for input in part["components"].as_array().into_iter().flatten() {
                    field_lines(text(&input["label"]), input, &mut lines);
                }
            }
        }
    }
    lines.join("\n")
}

fn field_lines(label: &str, input: &Value, lines: &mut Vec<String>) {
    let mut about = Vec::new();
    if input["required"] == false {
        about.push("optional".to_owned());
    }
    if let Some(hint) = input["placeholder"].as_str() {
        about.push(format!("hint: {hint}"));
    }
    if let Some(value) = input["value"].as_str().filter(|value| !value.is_empty()) {
        about.push(format!("filled: {value}"));
    }
    let about = if about.is_empty() {
        String::new()
    } else {
        format!(" ({})", about.join("; "))
    };
    lines.push(format!("  {label}: ____{about}"));
    option_lines(input, "    ", lines);
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn push_text(lines: &mut Vec<String>, words: &str) {
    if !words.is_empty() {
        lines.extend(words.lines().map(ToOwned::to_owned));
    }
}

/// Mentions, times and custom emoji by name.
fn readable(world: &World, words: &str) -> String {
    let Some(markup) = MARKUP.as_ref() else {
        return words.to_owned();
    };
    let name = |found: &Captures<'_>| {
        let kind = found.get(1).map_or("", |part| part.as_str());
        let id = found
            .get(2)
            .and_then(|part| part.as_str().parse().ok())
            .unwrap_or(0);
        match kind {
            "@" | "@!" => format!("@{}", world.display_name(id)),
            "#" => format!(
                "#{}",
                world.channels.get(&id).map_or("unknown", |one| &one.name)
            ),
            "@&" => format!(
                "@{}",
                world
                    .guilds
                    .iter()
                    .find_map(|guild| guild.role(id))
                    .map_or("unknown-role", |role| &role.name)
            ),
            "t:" => "<time>".to_owned(),
            emoji => emoji.trim_start_matches('a').to_owned(),
        }
    };
    markup.replace_all(words, name).into_owned()
}

fn embed_lines(world: &World, embed: &Value, lines: &mut Vec<String>) {
    let mut inner = Vec::new();
    push_text(&mut inner, text(&embed["author"]["name"]));
    if let Some(title) = embed["title"].as_str() {
        inner.push(format!("# {title}"));
    }
    push_text(&mut inner, &readable(world, text(&embed["description"])));
    for field in embed["fields"].as_array().into_iter().flatten() {
        let value = readable(world, text(&field["value"]));
        let joint = if value.contains('\n') { "\n" } else { " " };
        push_text(
            &mut inner,
            &format!("{}:{joint}{value}", text(&field["name"])),
        );
    }
    if embed["image"].is_object() || embed["thumbnail"].is_object() {
        inner.push("(image)".to_owned());
    }
    if let Some(footer) = embed["footer"]["text"].as_str() {
        inner.push(format!("-- {footer}"));
    }
    lines.extend(
        inner
            .into_iter()
            .map(|line| format!("| {line}").trim_end().to_owned()),
    );
}

fn component_lines(world: &World, list: &Value, lines: &mut Vec<String>) {
    for component in list.as_array().into_iter().flatten() {
        match component["type"].as_u64() {
            Some(1) => row_lines(component, lines),
            Some(9) => {
                component_lines(world, &component["components"], lines);
                if component["accessory"]["type"] == 2 {
                    lines.push(button_text(&component["accessory"]));
                }
            }
            Some(10) => push_text(lines, &readable(world, text(&component["content"]))),
            Some(12) => {
                for item in component["items"].as_array().into_iter().flatten() {
                    lines.push(
                        format!("(image) {}", text(&item["description"]))
                            .trim_end()
                            .to_owned(),
                    );
                }
            }
            Some(13) => lines.push(format!(
                "file: {}",
                text(&component["file"]["url"]).trim_start_matches("attachment://")
            )),
            Some(14) => lines.push("---".to_owned()),
            Some(17) => {
                let mut inner = Vec::new();
                component_lines(world, &component["components"], &mut inner);
                lines.extend(inner.into_iter().map(|line| format!("| {line}")));
            }
            _ => {}
        }
    }
}

fn row_lines(row: &Value, lines: &mut Vec<String>) {
    let inner = row["components"].as_array().map_or(&[][..], Vec::as_slice);
    let buttons: Vec<String> = inner
        .iter()
        .filter(|one| one["type"] == 2)
        .map(button_text)
        .collect();
    if !buttons.is_empty() {
        lines.push(buttons.join(" "));
    }
    for menu in inner.iter().filter(|one| one["type"] != 2) {
        let hint = menu["placeholder"].as_str().unwrap_or("Make a selection");
        let (least, most) = (
            menu["min_values"].as_u64().unwrap_or(1),
            menu["max_values"].as_u64().unwrap_or(1),
        );
        let several = if (least, most) == (1, 1) {
            String::new()
        } else {
            format!(" · {least}-{most}")
        };
        let off = if menu["disabled"] == true {
            " · disabled"
        } else {
            ""
        };
        lines.push(format!("{{{hint}{several}{off}}}"));
        option_lines(menu, "  ", lines);
    }
}

fn option_lines(menu: &Value, indent: &str, lines: &mut Vec<String>) {
    for option in menu["options"].as_array().into_iter().flatten() {
        let mark = if option["default"] == true {
            "(x)"
        } else {
            "( )"
        };
        let about = option["description"]
            .as_str()
            .map(|words| format!(" - {words}"))
            .unwrap_or_default();
        lines.push(format!(
            "{indent}{mark} {}{}{about}",
            emoji(option),
            text(&option["label"])
        ));
    }
}

fn emoji(node: &Value) -> String {
    node["emoji"]["name"]
        .as_str()
        .map(|name| format!("{name} "))
        .unwrap_or_default()
}

/// `[Label · style]`, with `disabled` when it is.
fn button_text(button: &Value) -> String {
    let style = button["style"]
        .as_u64()
        .and_then(|style| usize::try_from(style).ok()?.checked_sub(1));
    let style = style
        .and_then(|index| STYLES.get(index))
        .copied()
        .unwrap_or("unknown");
    let off = if button["disabled"] == true {
        ", disabled"
    } else {
        ""
    };
    let label = format!("{}{}", emoji(button), text(&button["label"]));
    format!("[{} · {style}{off}]", label.trim())
}
