//! TOML as a tree.

use toml::de::{DeTable, DeValue};

use super::{Entry, Node, SyntaxError, Value};
use crate::content::document::Document;

/// More levels than any course file needs.
const DEEPEST: usize = 32;

/// The tree of a TOML file.
pub fn parse_toml(document: &Document) -> Result<Node, SyntaxError> {
    match DeTable::parse(&document.text) {
        Ok(table) => Ok(table_node(document, 1, table.get_ref(), 0)),
        Err(error) => Err(SyntaxError {
            line: error
                .span()
                .map_or(1, |span| document.place(span.start).line),
            message: error.message().replace('\n', " "),
        }),
    }
}

fn table_node(document: &Document, line: u32, table: &DeTable<'_>, depth: usize) -> Node {
    let mut entries: Vec<_> = table
        .iter()
        .map(|(key, value)| {
            let line = document.place(key.span().start).line;
            let node = node(
                document,
                line,
                value.get_ref(),
                value.span().start,
                depth + 1,
            );
            (
                key.span().start,
                Entry {
                    key: key.get_ref().to_string(),
                    node,
                },
            )
        })
        .collect();
    entries.sort_by_key(|(start, _)| *start);
    Node {
        line,
        value: Value::Map(entries.into_iter().map(|(_, entry)| entry).collect()),
    }
}

fn node(document: &Document, line: u32, value: &DeValue<'_>, start: usize, depth: usize) -> Node {
    if depth > DEEPEST {
        return Node {
            line,
            value: Value::Other,
        };
    }
    let value = match value {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Boolean(yes) => Value::Bool(*yes),
        DeValue::Integer(number) => {
            i64::from_str_radix(number.as_str(), number.radix()).map_or(Value::Other, Value::Int)
        }
        DeValue::Array(array) => Value::List(
            array
                .iter()
                .map(|item| {
                    let line = document.place(item.span().start).line;
                    node(document, line, item.get_ref(), item.span().start, depth + 1)
                })
                .collect(),
        ),
        DeValue::Table(table) => {
            return table_node(document, document.place(start).line, table, depth);
        }
        DeValue::Datetime(time) => Value::Text(time.to_string()),
        DeValue::Float(_) => Value::Other,
    };
    Node { line, value }
}
