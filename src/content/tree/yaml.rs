//! YAML and JSON as a tree.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_saphyr::Spanned;

use super::{Entry, Node, SyntaxError, Value};
use crate::content::document::Document;

/// More levels than any bank needs.
const DEEPEST: usize = 48;

/// The tree of a YAML file.
pub fn parse_yaml(document: &Document) -> Result<Node, SyntaxError> {
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! { max_depth: DEEPEST, flow_nesting_limit: DEEPEST },
        with_snippet: false,
        // `yes`, `010` and `1_000` are what their author sees: texts.
        strict_booleans: true,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
    };
    match serde_saphyr::from_str_with_options::<Spanned<Raw>>(&document.text, options) {
        Ok(root) => Ok(Node::from(root)),
        Err(error) => Err(SyntaxError {
            line: error
                .location()
                .map_or(1, |at| u32::try_from(at.line()).unwrap_or(u32::MAX)),
            message: error.without_snippet().to_string().replace('\n', " "),
        }),
    }
}

/// The tree of a JSON file. JSON is checked as JSON, then read as the YAML it also is, for the sake of its lines.
pub fn parse_json(document: &Document) -> Result<Node, SyntaxError> {
    serde_json::from_str::<IgnoredAny>(&document.text).map_err(|error| SyntaxError {
        line: u32::try_from(error.line()).unwrap_or(u32::MAX),
        message: error.to_string(),
    })?;
    parse_yaml(document)
}

enum Raw {
    Scalar(Value),
    List(Vec<Spanned<Raw>>),
    Map(Vec<(String, Spanned<Raw>)>),
}

impl From<Spanned<Raw>> for Node {
    fn from(spanned: Spanned<Raw>) -> Self {
        let line = u32::try_from(spanned.referenced.line()).unwrap_or(u32::MAX);
        let value = match spanned.value {
            Raw::Scalar(value) => value,
            Raw::List(items) => Value::List(items.into_iter().map(Self::from).collect()),
            Raw::Map(entries) => Value::Map(
                entries
                    .into_iter()
                    .map(|(key, value)| Entry {
                        key,
                        node: Self::from(value),
                    })
                    .collect(),
            ),
        };
        Self { line, value }
    }
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Raw, E> {
        Ok(Raw::Scalar(Value::Bool(value)))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Raw, E> {
        Ok(Raw::Scalar(Value::Int(value)))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Raw, E> {
        Ok(Raw::Scalar(
            i64::try_from(value).map_or(Value::Other, Value::Int),
        ))
    }

    fn visit_i128<E>(self, _: i128) -> Result<Raw, E> {
        Ok(Raw::Scalar(Value::Other))
    }

    fn visit_u128<E>(self, _: u128) -> Result<Raw, E> {
        Ok(Raw::Scalar(Value::Other))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Raw, E> {
        Ok(Raw::Scalar(Value::Other))
    }

    fn visit_str<E>(self, value: &str) -> Result<Raw, E> {
        Ok(Raw::Scalar(Value::Text(value.to_owned())))
    }

    fn visit_bytes<E>(self, _: &[u8]) -> Result<Raw, E> {
        Ok(Raw::Scalar(Value::Other))
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Scalar(Value::Null))
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Scalar(Value::Null))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Raw, D::Error> {
        deserializer.deserialize_any(Self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Raw, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Raw::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Raw, A::Error> {
        let mut map = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            map.push(entry);
        }
        Ok(Raw::Map(map))
    }
}
