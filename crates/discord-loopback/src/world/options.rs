//! The options of a slash command against the registered ones.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::World;
use super::raise::{Refused, Scene, plain, refuse};

/// Checks given options against the registered ones.
pub struct OptionCheck<'a> {
    pub world: &'a World,
    pub scene: &'a Scene,
    pub focus: bool,
    pub resolved: &'a mut Map<String, Value>,
    pub title: &'a mut String,
    pub details: &'a mut String,
}

impl OptionCheck<'_> {
    /// Checks one level of options and gives them their registered types.
    pub fn list(&mut self, defined: &[Value], given: &[Value]) -> Result<Vec<Value>, Refused> {
        let has_subcommands = defined
            .iter()
            .any(|one| matches!(one["type"].as_u64(), Some(1 | 2)));
        if has_subcommands {
            let names: Vec<&str> = defined
                .iter()
                .filter_map(|one| one["name"].as_str())
                .collect();
            let [chosen] = given else {
                return refuse(format!(
                    "{} needs one subcommand: {}",
                    self.title,
                    names.join(", ")
                ));
            };
            let Some(definition) = defined.iter().find(|one| one["name"] == chosen["name"]) else {
                return refuse(format!(
                    "{} has no subcommand {}; it has: {}",
                    self.title,
                    chosen["name"],
                    names.join(", ")
                ));
            };
            self.title.push(' ');
            self.title
                .push_str(definition["name"].as_str().unwrap_or_default());
            let below = chosen["options"].as_array().map_or(&[][..], Vec::as_slice);
            let options = self.list(
                definition["options"].as_array().map_or(&[], Vec::as_slice),
                below,
            )?;
            return Ok(vec![
                json!({"name": definition["name"], "type": definition["type"], "options": options}),
            ]);
        }
        let known = |name: &Value| defined.iter().any(|one| one["name"] == *name);
        if let Some(extra) = given.iter().find(|one| !known(&one["name"])) {
            return refuse(format!("{} has no option {}", self.title, extra["name"]));
        }
        for definition in defined
            .iter()
            .filter(|one| one["required"] == true && !self.focus)
        {
            if !given.iter().any(|one| one["name"] == definition["name"]) {
                return refuse(format!(
                    "{} needs the option {}",
                    self.title, definition["name"]
                ));
            }
        }
        given.iter().map(|one| self.one(defined, one)).collect()
    }

    fn one(&mut self, defined: &[Value], given: &Value) -> Result<Value, Refused> {
        let name = given["name"].as_str().unwrap_or_default();
        let Some(definition) = defined.iter().find(|one| one["name"] == name) else {
            return refuse(format!("{} has no option {name:?}", self.title));
        };
        let kind = definition["type"].as_u64().unwrap_or(3);
        let focused = given["focused"] == true;
        let mut option = json!({"name": name, "type": kind});
        if focused {
            if definition["autocomplete"] != true {
                return refuse(format!("the option {name:?} has no autocomplete"));
            }
            option["value"] = json!(plain(&given["value"]));
            option["focused"] = json!(true);
            return Ok(option);
        }
        let value = self.value(definition, kind, &given["value"])?;
        let _ = write!(self.details, " {name}:{}", plain(&given["value"]));
        option["value"] = value;
        Ok(option)
    }

    fn value(&mut self, definition: &Value, kind: u64, given: &Value) -> Result<Value, Refused> {
        let name = definition["name"].as_str().unwrap_or_default();
        let chosen = match definition["choices"]
            .as_array()
            .filter(|list| !list.is_empty())
        {
            Some(choices) => choice(name, choices, given)?,
            None => given.clone(),
        };
        let typed = match kind {
            3 => json!(plain(&chosen)),
            4 => json!(
                plain(&chosen)
                    .trim()
                    .parse::<i64>()
                    .map_err(|_| Refused(format!(
                        "the option {name:?} takes a whole number, not {chosen}"
                    )))?
            ),
            5 => json!(plain(&chosen).parse::<bool>().map_err(|_| Refused(format!(
                "the option {name:?} takes true or false, not {chosen}"
            )))?),
            10 => json!(
                plain(&chosen)
                    .trim()
                    .parse::<f64>()
                    .map_err(|_| Refused(format!(
                        "the option {name:?} takes a number, not {chosen}"
                    )))?
            ),
            11 => self.attachment(name, given)?,
            _ => {
                let id = self.world.thing_named(&plain(&chosen))?.to_string();
                let found = self
                    .world
                    .resolve(self.scene.channel, std::slice::from_ref(&id));
                for (group, members) in found.as_object().into_iter().flatten() {
                    let slot = self
                        .resolved
                        .entry(group.clone())
                        .or_insert_with(|| json!({}));
                    for (key, value) in members.as_object().into_iter().flatten() {
                        slot[key] = value.clone();
                    }
                }
                json!(id)
            }
        };
        limits(name, definition, &typed)?;
        Ok(typed)
    }

    fn attachment(&mut self, name: &str, given: &Value) -> Result<Value, Refused> {
        let Some(id) = given["id"].as_str() else {
            return refuse(format!("the option {name:?} takes a file: use attach()"));
        };
        self.resolved
            .entry("attachments")
            .or_insert_with(|| json!({}))[id] = given.clone();
        Ok(json!(id))
    }
}

fn choice(name: &str, choices: &[Value], given: &Value) -> Result<Value, Refused> {
    let text = plain(given);
    let fits = |one: &&Value| {
        let local = one["name_localizations"]
            .as_object()
            .is_some_and(|map| map.values().any(|v| *v == text));
        plain(&one["value"]) == text || one["name"] == text || local
    };
    if let Some(one) = choices.iter().find(fits) {
        Ok(one["value"].clone())
    } else {
        let all: Vec<String> = choices.iter().map(|one| plain(&one["value"])).collect();
        refuse(format!(
            "the option {name:?} has no choice {text:?}; it has: {}",
            all.join(", ")
        ))
    }
}

fn limits(name: &str, definition: &Value, value: &Value) -> Result<(), Refused> {
    if let Some(text) = value.as_str() {
        let count = text.chars().count() as u64;
        let (least, most) = (
            definition["min_length"].as_u64().unwrap_or(0),
            definition["max_length"].as_u64().unwrap_or(6_000),
        );
        if count < least || count > most {
            return refuse(format!(
                "the option {name:?} takes {least} to {most} characters, {count} were given"
            ));
        }
    }
    if let Some(number) = value.as_f64() {
        let low = definition["min_value"]
            .as_f64()
            .is_some_and(|least| number < least);
        let high = definition["max_value"]
            .as_f64()
            .is_some_and(|most| number > most);
        if low || high {
            return refuse(format!("the option {name:?} does not allow {number}"));
        }
    }
    Ok(())
}
