//! A guarded walk over an XML document.
//!
//! quick-xml reads one token at a time and keeps no tree, so nesting costs no stack. On top of it
//! stand the checks of a document: depth, one root, closed elements, no entity declarations.
//! Entities are never expanded: an unknown reference stays as it was written.

use std::borrow::Cow;

use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use crate::{Limits, ReadError};

/// A step of the walk.
pub(crate) enum Node<'a> {
    /// An element begins.
    Open(Element<'a>),
    /// Character data, unescaped; may come in pieces.
    Text(Cow<'a, str>),
    /// The innermost open element ends.
    Close,
    /// A comment.
    Comment(Cow<'a, str>),
}

/// An element's name and attributes.
pub(crate) struct Element<'a> {
    start: BytesStart<'a>,
    /// Names and values as they are written, so that no question reads the tag again.
    attributes: Vec<(String, String)>,
}

impl Element<'_> {
    /// The name without a namespace prefix.
    pub(crate) fn name(&self) -> &str {
        let name = self.start.name().0;
        name.rsplit(':').next().unwrap_or(name)
    }

    /// An attribute's value, unescaped.
    pub(crate) fn attr(&self, key: &str) -> Option<String> {
        let mut attributes = self.attributes.iter();
        let (_, value) = attributes.find(|(name, _)| name == key)?;
        Some(unescape(value))
    }

    /// An attribute's value with thousands separators dropped, as a count.
    pub(crate) fn count(&self, key: &str) -> Option<u64> {
        let text = self.attr(key)?.trim().replace(',', "");
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        // A count too large for a number is still a count, and no small one.
        digits.then(|| text.parse().unwrap_or(u64::MAX))
    }

    /// The attributes' names in order.
    pub(crate) fn keys(&self) -> Vec<String> {
        let names = self.attributes.iter().map(|(name, _)| name.clone());
        names.take(32).collect()
    }
}

/// Walks a document from its first element to its end.
pub(crate) struct Walk<'a> {
    reader: Reader<&'a [u8]>,
    depth: usize,
    max_depth: usize,
    root_seen: bool,
}

impl<'a> Walk<'a> {
    pub(crate) fn new(text: &'a str, limits: &Limits) -> Self {
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.allow_dangling_amp = true;
        Self {
            reader,
            depth: 0,
            max_depth: limits.depth,
            root_seen: false,
        }
    }

    /// The next step; `None` at the end of a whole document.
    pub(crate) fn next(&mut self) -> Result<Option<Node<'a>>, ReadError> {
        loop {
            let event = self.reader.read_event();
            let event = event.map_err(|error| ReadError::malformed("xml", error.to_string()))?;
            let node = match event {
                Event::Start(start) => Some(self.open(start)?),
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    Some(Node::Close)
                }
                Event::Text(text) => self.text(text.into_inner())?,
                Event::CData(text) => self.text(text.into_inner())?,
                Event::GeneralRef(name) => self.text(Cow::Owned(
                    referenced(&name).map_or_else(|| format!("&{};", &*name), String::from),
                ))?,
                Event::DocType(text) => {
                    refuse_entities(&text)?;
                    None
                }
                Event::Comment(text) => Some(Node::Comment(text.into_inner())),
                Event::Empty(_) | Event::Decl(_) | Event::PI(_) => None,
                Event::Eof => return self.end(),
            };
            if node.is_some() {
                return Ok(node);
            }
        }
    }

    fn open(&mut self, start: BytesStart<'a>) -> Result<Node<'a>, ReadError> {
        if self.depth == 0 && self.root_seen {
            return Err(ReadError::malformed("xml", "more than one root element"));
        }
        self.root_seen = true;
        self.depth += 1;
        if self.depth > self.max_depth {
            return Err(ReadError::TooDeep {
                limit: self.max_depth,
            });
        }
        let mut attributes = Vec::new();
        for attribute in start.attributes().with_checks(false) {
            let attribute =
                attribute.map_err(|error| ReadError::malformed("xml", error.to_string()))?;
            attributes.push((attribute.key.0.to_owned(), attribute.value.into_owned()));
        }
        Ok(Node::Open(Element { start, attributes }))
    }

    fn text(&self, text: Cow<'a, str>) -> Result<Option<Node<'a>>, ReadError> {
        if self.depth > 0 {
            return Ok(Some(Node::Text(text)));
        }
        if text.trim().is_empty() {
            return Ok(None);
        }
        Err(ReadError::malformed("xml", "text outside the root element"))
    }

    fn end(&self) -> Result<Option<Node<'a>>, ReadError> {
        if !self.root_seen {
            return Err(ReadError::malformed("xml", "no element at all"));
        }
        if self.depth > 0 {
            return Err(ReadError::malformed("xml", "the file is cut short"));
        }
        Ok(None)
    }
}

fn refuse_entities(doctype: &str) -> Result<(), ReadError> {
    if doctype.to_ascii_uppercase().contains("<!ENTITY") {
        return Err(ReadError::malformed(
            "xml",
            "entity declarations are refused",
        ));
    }
    Ok(())
}

/// Replaces the five named and all numeric references; anything else stays.
fn unescape(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        // The longest reference is `&#x10FFFF;`; leading zeros are the only reason for more.
        let end = after.bytes().take(16).position(|byte| byte == b';');
        let name = end.and_then(|end| after.get(..end));
        if let Some((name, found)) = name.and_then(|name| Some((name, referenced(name)?))) {
            out.push(found);
            rest = after.get(name.len() + 1..).unwrap_or_default();
        } else {
            out.push('&');
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

fn referenced(name: &str) -> Option<char> {
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let digits = name.strip_prefix('#')?;
            let code = match digits.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => digits.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(text: &str) -> Result<usize, ReadError> {
        let limits = Limits::default();
        let mut walk = Walk::new(text, &limits);
        let mut steps = 0;
        while walk.next()?.is_some() {
            steps += 1;
        }
        Ok(steps)
    }

    #[test]
    fn references_are_replaced_and_unknown_ones_stay() {
        assert_eq!(
            unescape("a &lt;b&gt; &#10;&#x43;&nbsp;& &;"),
            "a <b> \nC&nbsp;& &;"
        );
    }

    #[test]
    fn a_document_has_one_closed_root() {
        assert!(walk("<a><b/></a>\n").is_ok());
        for broken in ["", "<a>", "<a></b>", "<a/><b/>", "<a/>x", "x"] {
            assert!(
                matches!(walk(broken), Err(ReadError::Malformed { .. })),
                "{broken}"
            );
        }
    }

    #[test]
    fn a_doctype_is_read_over_and_its_entities_are_refused() {
        assert!(walk("<!DOCTYPE coverage SYSTEM 'http://x/y.dtd'><a/>").is_ok());
        assert!(walk("<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>").is_err());
    }

    #[test]
    fn deep_nesting_is_refused_before_it_costs_anything() {
        let deep = "<testsuite>".repeat(100_000);
        assert_eq!(walk(&deep), Err(ReadError::TooDeep { limit: 32 }));
    }
}
