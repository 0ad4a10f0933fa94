//! Typed fields out of a tree; what is wrong is collected, never fatal.

use super::{Entry, Node, Value};
use crate::{
    content::{
        diagnostic::{Diagnostics, Place},
        page::without_comments,
        suggest::{did_you_mean, nearest},
    },
    domain::{
        locale::{Locale, Localized},
        score::BasisPoints,
    },
};

/// What every field of one file is read with.
pub struct Form<'a> {
    /// Path of the file.
    pub file: &'a str,
    /// Code of a value of the wrong shape: `bad-toml`, `bad-bank`.
    pub code: &'static str,
    /// The language of a plain text.
    pub own: Locale,
    /// The languages of the course; a text that is all code counts for each.
    pub locales: &'a [Locale],
    /// Where complaints go.
    pub out: &'a mut Diagnostics,
}

impl Form<'_> {
    /// A place in the file.
    pub fn place(&self, line: u32) -> Place {
        Place::new(self.file, line)
    }

    /// Complains about a value of the wrong shape.
    pub fn wrong(&mut self, line: u32, message: String, fix: impl Into<String>) {
        let place = self.place(line);
        self.out.error(self.code, &place, message, fix);
    }
}

/// The fields of one table, whose keys have been checked.
pub struct Fields<'n> {
    what: String,
    /// Line of the table.
    pub line: u32,
    entries: &'n [Entry],
    /// Known keys that an unknown one most likely stands for.
    misspelt: Vec<String>,
}

impl<'n> Fields<'n> {
    /// Opens a table; `what` names it in messages, `known` are all the keys it may have.
    pub fn open(node: &'n Node, what: &str, known: &[&str], form: &mut Form<'_>) -> Option<Self> {
        let Value::Map(entries) = &node.value else {
            form.wrong(
                node.line,
                format!("{what} is {}, not a table", node.value.kind()),
                "Write it as keys and values.",
            );
            return None;
        };
        let mut misspelt = Vec::new();
        for entry in entries
            .iter()
            .filter(|entry| !known.contains(&entry.key.as_str()))
        {
            let place = form.place(entry.node.line);
            let message = format!("{what} has an unknown key `{}`", entry.key);
            form.out.error(
                "unknown-key",
                &place,
                message,
                did_you_mean(&entry.key, known.iter().copied()),
            );
            misspelt.extend(nearest(&entry.key, known.iter().copied()).map(str::to_owned));
        }
        Some(Self {
            what: what.to_owned(),
            line: node.line,
            entries,
            misspelt,
        })
    }

    /// The value of a key, unless it is missing or null.
    pub fn get(&self, key: &str) -> Option<&'n Node> {
        let entry = self.entries.iter().find(|entry| entry.key == key)?;
        (entry.node.value != Value::Null).then_some(&entry.node)
    }

    /// The value of a key that must be there.
    pub fn require(&self, key: &str, form: &mut Form<'_>) -> Option<&'n Node> {
        let node = self.get(key);
        if node.is_none() && !self.misspelt.iter().any(|word| word == key) {
            form.wrong(
                self.line,
                format!("{} has no `{key}`", self.what),
                format!("Add `{key}`."),
            );
        }
        node
    }

    /// A text that must be there and not be empty.
    pub fn text(&self, key: &str, form: &mut Form<'_>) -> Option<String> {
        let text = text_of(self.require(key, form)?, key, form)?;
        if text.trim().is_empty() {
            form.wrong(
                self.line,
                format!("`{key}` of {} is empty", self.what),
                format!("Fill in `{key}`."),
            );
            return None;
        }
        Some(text)
    }

    /// A text that may be missing.
    pub fn optional_text(&self, key: &str, form: &mut Form<'_>) -> Option<String> {
        text_of(self.get(key)?, key, form)
    }

    /// A whole number from 0, which may be missing.
    pub fn number(&self, key: &str, form: &mut Form<'_>) -> Option<u32> {
        let node = self.get(key)?;
        let number = if let Value::Int(number) = node.value {
            u32::try_from(number).ok()
        } else {
            None
        };
        if number.is_none() {
            let message = format!("`{key}` of {} is not a whole number from 0", self.what);
            form.wrong(node.line, message, "Write a number such as `10`.");
        }
        number
    }

    /// Basis points, which may be missing.
    pub fn points(&self, key: &str, form: &mut Form<'_>) -> Option<BasisPoints> {
        let line = self.get(key)?.line;
        let number = self.number(key, form)?;
        let points = BasisPoints::new(number);
        if points.is_none() {
            let message = format!("`{key}` of {} is {number}, more than the whole", self.what);
            form.wrong(
                line,
                message,
                "Write basis points from 0 to 10000; 80 % is 8000.",
            );
        }
        points
    }

    /// Basis points that must be there.
    pub fn required_points(&self, key: &str, form: &mut Form<'_>) -> Option<BasisPoints> {
        self.require(key, form)?;
        self.points(key, form)
    }

    /// Yes or no; `default` when it is missing.
    pub fn flag(&self, key: &str, default: bool, form: &mut Form<'_>) -> bool {
        match self.get(key).map(|node| (node.line, &node.value)) {
            None => default,
            Some((_, Value::Bool(yes))) => *yes,
            Some((line, value)) => {
                let message = format!(
                    "`{key}` of {} is {}, not true or false",
                    self.what,
                    value.kind()
                );
                form.wrong(line, message, "Write `true` or `false`.");
                default
            }
        }
    }

    /// The items of a list; none when it is missing.
    pub fn list(&self, key: &str, form: &mut Form<'_>) -> &'n [Node] {
        match self.get(key) {
            None => &[],
            Some(Node {
                value: Value::List(items),
                ..
            }) => items,
            Some(node) => {
                let message = format!(
                    "`{key}` of {} is {}, not a list",
                    self.what,
                    node.value.kind()
                );
                form.wrong(node.line, message, "Write a list in `[ ]`.");
                &[]
            }
        }
    }

    /// The texts of a list, with their lines.
    pub fn texts(&self, key: &str, form: &mut Form<'_>) -> Vec<(String, u32)> {
        let items = self.list(key, form);
        items
            .iter()
            .filter_map(|item| Some((text_of(item, key, form)?, item.line)))
            .collect()
    }

    /// Values named by one of the known names, with their lines.
    pub fn named<T: Copy>(&self, key: &str, known: &[(&str, T)], form: &mut Form<'_>) -> Vec<T> {
        let names = self.texts(key, form);
        names
            .iter()
            .filter_map(|(name, line)| name_of(name, *line, key, known, form))
            .collect()
    }

    /// A text in each language; empty when the key is missing.
    pub fn localized(&self, key: &str, form: &mut Form<'_>) -> Localized<String> {
        self.get(key)
            .map_or_else(Localized::default, |node| localized(node, key, form))
    }
}

/// The value of a known name, or a complaint that names the nearest.
pub fn name_of<T: Copy>(
    name: &str,
    line: u32,
    key: &str,
    known: &[(&str, T)],
    form: &mut Form<'_>,
) -> Option<T> {
    let found = known
        .iter()
        .find(|(word, _)| *word == name)
        .map(|(_, value)| *value);
    if found.is_none() {
        let fix = did_you_mean(name, known.iter().map(|(word, _)| *word));
        form.wrong(line, format!("`{name}` is no value of `{key}`"), fix);
    }
    found
}

/// The text of a scalar: a number or a yes written without quotes is meant as its own text.
pub fn text_of(node: &Node, key: &str, form: &mut Form<'_>) -> Option<String> {
    match &node.value {
        Value::Text(text) => Some(text.clone()),
        Value::Int(number) => Some(number.to_string()),
        Value::Bool(yes) => Some(yes.to_string()),
        other => {
            let message = format!("`{key}` is {}, not a text", other.kind());
            form.wrong(node.line, message, "Put the text in quotes.");
            None
        }
    }
}

/// A text in each language: a table by language, or a plain text of the file's own language.
pub fn localized(node: &Node, key: &str, form: &mut Form<'_>) -> Localized<String> {
    let Value::Map(entries) = &node.value else {
        let Some(text) = text_of(node, key, form) else {
            return Localized::default();
        };
        let text = without_comments(&text);
        if is_neutral(&text) {
            return form
                .locales
                .iter()
                .map(|locale| (*locale, text.clone()))
                .collect();
        }
        return Localized::only(form.own, text);
    };
    let known = Locale::ALL.map(|locale| (locale.code(), locale));
    let mut texts = Localized::default();
    for entry in entries {
        let language = known.iter().find(|(code, _)| *code == entry.key);
        if language.is_none() {
            let place = form.place(entry.node.line);
            let message = format!("`{key}` has an unknown language `{}`", entry.key);
            form.out.error(
                "unknown-key",
                &place,
                message,
                did_you_mean(&entry.key, known.map(|(code, _)| code)),
            );
        }
        if let (Some((_, locale)), Some(text)) = (language, text_of(&entry.node, key, form)) {
            texts.insert(*locale, without_comments(&text).trim_end().to_owned());
        }
    }
    texts
}

/// Whether a text has no words outside code, and so reads the same in every language.
pub fn is_neutral(text: &str) -> bool {
    let outside_code = text.split('`').step_by(2).flat_map(str::chars);
    text.matches('`').count().is_multiple_of(2)
        && !outside_code.into_iter().any(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_code_alone_speaks_every_language() {
        assert!(is_neutral("`alembic upgrade head`"));
        assert!(is_neutral("42"));
        assert!(!is_neutral("Run `alembic`"));
        assert!(!is_neutral("`alembic` бежит"));
    }
}
