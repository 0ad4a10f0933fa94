//! Guarded JSON.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, DeserializeOwned, Deserializer, Visitor};
use serde_json::error::Category;

use crate::{Format, Limits, ReadError};

/// Parses a report. A broken grammar is `Malformed`; a good one of another shape is
/// `NotThisFormat`.
pub(crate) fn parse<T: DeserializeOwned>(
    text: &str,
    format: Format,
    limits: &Limits,
) -> Result<T, ReadError> {
    let text = body(text);
    check_depth(text, limits.json_depth())?;
    let text = mend_surrogates(text);
    serde_json::from_str(&text).map_err(|error| match error.classify() {
        Category::Data => ReadError::not_this(format, error.to_string()),
        Category::Syntax | Category::Eof | Category::Io => {
            ReadError::malformed("json", error.to_string())
        }
    })
}

/// The text without the lines `> name` and `> command` that npm and pnpm print before a program's
/// own output; the whole text where no JSON follows them.
pub(crate) fn body(text: &str) -> &str {
    let whole = text.trim_start_matches('\u{feff}').trim_start();
    let mut rest = whole;
    while rest.starts_with("> ") {
        let Some((_, below)) = rest.split_once('\n') else {
            return whole;
        };
        rest = below.trim_start();
    }
    if rest.starts_with(['{', '[']) {
        rest
    } else {
        whole
    }
}

/// Counts brackets outside strings, so that no parser meets a nesting it could choke on.
pub(crate) fn check_depth(text: &str, limit: usize) -> Result<(), ReadError> {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => {
                depth += 1;
                if depth > limit {
                    return Err(ReadError::TooDeep { limit });
                }
            }
            b']' | b'}' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    Ok(())
}

/// Replaces half surrogate pairs. `JavaScript` writes them when a message was cut inside an emoji;
/// JSON parsers refuse the whole file for one.
fn mend_surrogates(text: &str) -> Cow<'_, str> {
    if !text.contains("\\ud") && !text.contains("\\uD") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let pair = after.strip_prefix('u').and_then(unit);
        let low = after.get(5..).and_then(|next| next.strip_prefix("\\u"));
        let length = match pair {
            Some(0xD800..=0xDBFF)
                if low
                    .and_then(unit)
                    .is_some_and(|unit| (0xDC00..=0xDFFF).contains(&unit)) =>
            {
                11
            }
            Some(0xD800..=0xDFFF) => {
                out.push_str("\\ufffd");
                rest = after.get(5..).unwrap_or_default();
                continue;
            }
            // Any other escape: its first character goes along, so that `\\` is not read twice.
            _ => after.chars().next().map_or(0, char::len_utf8),
        };
        out.push('\\');
        let (escape, next) = after.split_at_checked(length).unwrap_or((after, ""));
        out.push_str(escape);
        rest = next;
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The code unit four hex digits spell.
fn unit(digits: &str) -> Option<u32> {
    u32::from_str_radix(digits.get(..4)?, 16).ok()
}

/// A whole number where tools also write `null`, a fraction, a negative number or a text.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Num(pub(crate) Option<u64>);

impl Num {
    /// The number as a line or column: from 1, `None` for anything else.
    pub(crate) fn position(self) -> Option<u32> {
        let number = u32::try_from(self.0?).ok()?;
        (number > 0).then_some(number)
    }
}

struct NumVisitor;

impl Visitor<'_> for NumVisitor {
    type Value = Num;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number")
    }

    fn visit_u64<E>(self, value: u64) -> Result<Num, E> {
        Ok(Num(Some(value)))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Num, E> {
        Ok(Num(None))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Num, E> {
        // Going through text keeps the conversion checked: only whole numbers parse.
        Ok(Num(format!("{value:.0}").parse().ok()))
    }

    fn visit_unit<E>(self) -> Result<Num, E> {
        Ok(Num(None))
    }

    fn visit_str<E>(self, value: &str) -> Result<Num, E> {
        Ok(Num(value.parse().ok()))
    }
}

impl<'de> Deserialize<'de> for Num {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NumVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_pair_is_replaced_and_a_whole_one_stays() {
        let mended = mend_surrogates(r#"["\ud83d\ude00","\ud83d","\\ud83d","\uDE00x","\ud83"]"#);
        assert_eq!(
            mended,
            r#"["\ud83d\ude00","\ufffd","\\ud83d","\ufffdx","\ud83"]"#
        );
    }

    #[test]
    fn brackets_in_strings_do_not_nest() {
        assert!(check_depth(r#"{"a":"[[[[\"[["}"#, 1).is_ok());
        assert_eq!(
            check_depth(&"[".repeat(100_000), 64),
            Err(ReadError::TooDeep { limit: 64 })
        );
    }

    #[test]
    fn odd_numbers_are_none() {
        let numbers: Vec<Num> = serde_json::from_str(r#"[1,-1,null,2.0,"x",0]"#).expect("numbers");
        let seen: Vec<_> = numbers.iter().map(|number| number.position()).collect();
        assert_eq!(seen, [Some(1), None, None, Some(2), None, None]);
    }
}
