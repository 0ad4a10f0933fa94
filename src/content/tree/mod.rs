//! Data of a TOML, YAML or JSON file as one kind of tree, each value with its line.

mod fields;
mod toml;
mod yaml;

pub use fields::{Fields, Form, localized, name_of, text_of};
pub use toml::parse_toml;
pub use yaml::{parse_json, parse_yaml};

/// A value and the line it stands on.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Line, from 1.
    pub line: u32,
    /// The value.
    pub value: Value,
}

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number or scalar that courses have no use for.
    Other,
    /// A text, or a date as it is written.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A table.
    Map(Vec<Entry>),
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// The value, at its line.
    pub node: Node,
}

/// A file that is not well formed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// Line, from 1.
    pub line: u32,
    /// The parser's words, in one line.
    pub message: String,
}

impl Value {
    /// What the value is called in a message.
    const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Bool(_) => "true or false",
            Self::Int(_) => "a whole number",
            Self::Other => "a number of another kind",
            Self::Text(_) => "a text",
            Self::List(_) => "a list",
            Self::Map(_) => "a table",
        }
    }
}
