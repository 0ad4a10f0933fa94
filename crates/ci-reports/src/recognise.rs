//! Which format a file is, by its content first and its name second.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::xml::{Node, Walk};
use crate::{Format, Limits, json, text};

/// What a first look at a file shows.
pub(crate) struct Sample<'a> {
    pub(crate) shape: Shape<'a>,
    /// The file's name in lower case, without its folders.
    pub(crate) file_name: String,
}

/// The outline of a content.
pub(crate) enum Shape<'a> {
    /// Nothing but white space.
    Empty,
    /// XML: the root, and its first elements.
    Xml(XmlOutline),
    /// A JSON object: its first keys, each with the keys of its value.
    Object(Vec<(String, Vec<String>)>),
    /// A JSON list: the keys of its first item, `None` when it is empty.
    List(Option<Vec<String>>),
    /// Any other text.
    Text(&'a str),
    /// No text at all, or a form no reader takes.
    Unreadable,
}

/// The first elements of an XML document.
#[derive(Default)]
pub(crate) struct XmlOutline {
    /// Name and attribute names of the root.
    pub(crate) root: String,
    pub(crate) root_keys: Vec<String>,
    /// The names of the first elements below it.
    pub(crate) children: Vec<String>,
    /// A test-like file that a linter wrote.
    pub(crate) linter: bool,
}

impl Shape<'_> {
    /// The keys of an object, if it is one.
    pub(crate) fn has_keys(&self, wanted: &[&str]) -> bool {
        let Self::Object(keys) = self else {
            return false;
        };
        wanted
            .iter()
            .all(|wanted| keys.iter().any(|(key, _)| key == wanted))
    }

    /// Whether a list's first item has these keys.
    pub(crate) fn item_has(&self, wanted: &[&str]) -> bool {
        let Self::List(Some(keys)) = self else {
            return false;
        };
        wanted
            .iter()
            .all(|wanted| keys.iter().any(|key| key == wanted))
    }

    /// Whether nothing in the content tells what it is.
    fn is_silent(&self) -> bool {
        matches!(
            self,
            Self::Empty | Self::Unreadable | Self::List(None) | Self::Text(_)
        ) || matches!(self, Self::Object(keys) if keys.is_empty())
    }
}

/// The format of a file, or `None` when nothing here reads it.
///
/// The content decides where it can. The name decides only for files that say nothing themselves,
/// such as the empty file of a clean flake8 run or a report cut short. Test-like XML written by a
/// linter is no test report and is not recognised.
#[must_use]
pub fn recognise(path: &str, bytes: &[u8]) -> Option<Format> {
    let limits = Limits::default();
    let decoded = if bytes.len() > limits.file_bytes {
        None
    } else {
        text::decode(bytes).ok()
    };
    let file_name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let sample = Sample {
        shape: decoded
            .as_ref()
            .map_or(Shape::Unreadable, |text| outline(text, &limits)),
        file_name: file_name.to_lowercase(),
    };
    let mut formats = Format::ALL.iter().copied();
    let claimed = formats.find(|format| (format.reader().claims)(&sample));
    if claimed.is_some() || !sample.shape.is_silent() {
        return claimed;
    }
    let mut formats = Format::ALL.iter().copied();
    formats.find(|format| (format.reader().hinted)(&sample.file_name))
}

fn outline<'a>(text: &'a str, limits: &Limits) -> Shape<'a> {
    let text = json::body(text);
    match text.chars().next() {
        None => Shape::Empty,
        Some('<') => xml_outline(text, limits),
        // Prettier's lines begin with a bracket as well.
        Some('[') if !text.starts_with("[warn]") && !text.starts_with("[error]") => {
            json_outline(text, limits)
        }
        Some('{') => json_outline(text, limits),
        Some(_) => Shape::Text(text),
    }
}

fn xml_outline<'a>(text: &str, limits: &Limits) -> Shape<'a> {
    let mut outline = XmlOutline::default();
    let mut walk = Walk::new(text, limits);
    while let Ok(Some(node)) = walk.next() {
        let Node::Open(element) = node else {
            continue;
        };
        outline.linter |= crate::format::is_linter(&element);
        if outline.root.is_empty() {
            element.name().clone_into(&mut outline.root);
            outline.root_keys = element.keys();
        } else if outline.children.len() < 4 {
            outline.children.push(element.name().to_owned());
        } else {
            break;
        }
    }
    if outline.root.is_empty() {
        return Shape::Unreadable;
    }
    Shape::Xml(outline)
}

fn json_outline<'a>(text: &str, limits: &Limits) -> Shape<'a> {
    if json::check_depth(text, limits.json_depth()).is_err() {
        return Shape::Unreadable;
    }
    let mut seen = Outline::default();
    let mut parser = serde_json::Deserializer::from_str(text);
    // A file cut short still shows its first keys; its reader will say what is wrong with it.
    let whole = TopSeed(&mut seen).deserialize(&mut parser).is_ok();
    match seen {
        Outline {
            list: true, first, ..
        } => match first {
            Some(keys) => Shape::List(Some(keys)),
            None if whole => Shape::List(None),
            None => Shape::Unreadable,
        },
        Outline { keys, .. } if whole || !keys.is_empty() => Shape::Object(keys),
        Outline { .. } => Shape::Unreadable,
    }
}

/// How many keys of an object are looked at.
const KEYS: usize = 64;

#[derive(Default)]
struct Outline {
    list: bool,
    first: Option<Vec<String>>,
    keys: Vec<(String, Vec<String>)>,
}

/// Notes the keys of the outermost value and goes over all the rest.
struct TopSeed<'s>(&'s mut Outline);

impl<'de> DeserializeSeed<'de> for TopSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for TopSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or a list")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if self.0.keys.len() >= KEYS {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            self.0.keys.push((key, Vec::new()));
            if let Some((_, inner)) = self.0.keys.last_mut() {
                map.next_value_seed(KeysSeed(inner))?;
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        self.0.list = true;
        let mut keys = Vec::new();
        let first = items.next_element_seed(KeysSeed(&mut keys));
        if !matches!(first, Ok(None)) {
            self.0.first = Some(keys);
        }
        first?;
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }
}

/// Notes the keys of one value if it is an object.
struct KeysSeed<'s>(&'s mut Vec<String>);

impl<'de> DeserializeSeed<'de> for KeysSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for KeysSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if self.0.len() < KEYS {
                self.0.push(key);
            }
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
}
