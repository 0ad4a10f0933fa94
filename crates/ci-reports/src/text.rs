//! Text out of bytes, and text without terminal colours.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::ReadError;

/// Longest message kept, in characters.
pub(crate) const MESSAGE_CHARS: usize = 2_000;
/// Bytes of a line in a text report that are looked at.
pub(crate) const LINE_BYTES: usize = 16_384;
/// Longest identifier, name or path kept, in characters.
pub(crate) const NAME_CHARS: usize = 1_000;

/// Decodes by byte order mark, then by the XML declaration, then as UTF-8.
///
/// `PowerShell` writes UTF-16, some XML writers windows-1251; a declaration of UTF-16 in a file of
/// single bytes is a known slip of .NET writers and is read as UTF-8.
pub(crate) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, ReadError> {
    let (encoding, bytes) = detect(bytes)?;
    let (text, bad) = encoding.decode_without_bom_handling(bytes);
    if bad {
        return Err(ReadError::Encoding {
            encoding: encoding.name().to_owned(),
        });
    }
    Ok(text)
}

fn detect(bytes: &[u8]) -> Result<(&'static Encoding, &[u8]), ReadError> {
    if bytes.starts_with(&[0xFF, 0xFE, 0, 0]) || bytes.starts_with(&[0, 0, 0xFE, 0xFF]) {
        return Err(ReadError::Encoding {
            encoding: "UTF-32".to_owned(),
        });
    }
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return Ok((encoding, bytes.get(mark..).unwrap_or_default()));
    }
    match bytes {
        [b'<' | b'{' | b'[', 0, ..] => Ok((UTF_16LE, bytes)),
        [0, b'<' | b'{' | b'[', ..] => Ok((UTF_16BE, bytes)),
        _ => Ok((declared(bytes)?, bytes)),
    }
}

/// The encoding an XML declaration names; UTF-8 when there is none.
fn declared(bytes: &[u8]) -> Result<&'static Encoding, ReadError> {
    let head = bytes.get(..bytes.len().min(200)).unwrap_or_default();
    if !head.trim_ascii_start().starts_with(b"<?xml") {
        return Ok(UTF_8);
    }
    let head = String::from_utf8_lossy(head);
    let declaration = head.split("?>").next().unwrap_or_default();
    let Some((_, rest)) = declaration.split_once("encoding") else {
        return Ok(UTF_8);
    };
    let rest = rest.trim_start().trim_start_matches('=').trim_start();
    let label = rest.split(['"', '\'']).nth(1).unwrap_or_default();
    match Encoding::for_label(label.as_bytes()) {
        Some(wide) if wide == UTF_16LE || wide == UTF_16BE => Ok(UTF_8),
        Some(encoding) => Ok(encoding),
        None => Err(ReadError::Encoding {
            encoding: cut(&plain(label), 40).into_owned(),
        }),
    }
}

/// Text without terminal escapes and control characters; line feeds and tabs stay.
///
/// pytest writes an escape character it may not put into XML as the four characters `#x1B`; that
/// spelling goes too when a terminal sequence follows it.
#[must_use]
pub fn plain(text: &str) -> String {
    // Controls are single bytes below a space, DEL, or begin with 0xC2; `#` may begin a spelling.
    let odd = |byte: u8| {
        (byte < b' ' && byte != b'\n' && byte != b'\t') || matches!(byte, b'#' | 0x7F | 0xC2)
    };
    if !text.bytes().any(odd) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(next) = rest.next() {
        match next {
            '\u{1b}' => skip_escape(&mut rest),
            '\u{9b}' => skip_csi(&mut rest),
            '#' if rest.as_str().starts_with("x1B[") => {
                rest.nth(3);
                skip_csi(&mut rest);
            }
            '\n' | '\t' => out.push(next),
            '\r' if rest.as_str().starts_with('\n') => {}
            '\r' => out.push('\n'),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Drops what follows an escape character. Everything looked at is consumed, so the whole pass
/// stays linear.
fn skip_escape(rest: &mut std::str::Chars<'_>) {
    match rest.clone().next() {
        Some('[') => {
            rest.next();
            skip_csi(rest);
        }
        Some(']') => skip_string(rest),
        Some('\n') | None => {}
        Some(_) => {
            rest.next();
        }
    }
}

/// Drops parameters and the final byte of a control sequence.
fn skip_csi(rest: &mut std::str::Chars<'_>) {
    while let Some(next) = rest.clone().next() {
        match next {
            '0'..='?' | ' '..='/' => {
                rest.next();
            }
            '@'..='~' => {
                rest.next();
                return;
            }
            _ => return,
        }
    }
}

/// Drops an operating system command up to its terminator or the end of the line.
fn skip_string(rest: &mut std::str::Chars<'_>) {
    while let Some(next) = rest.clone().next() {
        if next == '\n' {
            return;
        }
        rest.next();
        if next == '\u{7}' {
            return;
        }
        if next == '\u{1b}' {
            if rest.as_str().starts_with('\\') {
                rest.next();
            }
            return;
        }
    }
}

/// The first `chars` characters of a text, with an ellipsis for the last one when it was longer.
#[must_use]
pub fn cut(text: &str, chars: usize) -> Cow<'_, str> {
    if text.len() <= chars || text.chars().nth(chars).is_none() {
        return Cow::Borrowed(text);
    }
    let mut short: String = text.chars().take(chars.saturating_sub(1)).collect();
    if chars > 0 {
        short.push('…');
    }
    Cow::Owned(short)
}

/// About the first `chars` characters of a text, found without counting them one by one.
pub(crate) fn head(text: &str, chars: usize) -> &str {
    let end = text.floor_char_boundary(chars.saturating_mul(4));
    text.get(..end).unwrap_or(text)
}

/// The lines of a text report, each no longer than a finding may be.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .map(|line| head(line, LINE_BYTES / 4).trim_end())
}

/// A message as reports keep it: plain, trimmed, cut; `None` when nothing is left.
pub(crate) fn message(text: &str) -> Option<String> {
    // A body may be megabytes long; nothing past this can reach the cut text.
    let text = plain(head(text, MESSAGE_CHARS * 8));
    let text = text.trim();
    (!text.is_empty()).then(|| cut(text, MESSAGE_CHARS).into_owned())
}

/// A name or path on one line.
pub(crate) fn line(text: &str) -> String {
    let mut text = plain(head(text, NAME_CHARS * 4));
    if text.contains(['\n', '\t']) {
        text = text.replace(['\n', '\t'], " ");
    }
    cut(text.trim(), NAME_CHARS).into_owned()
}

/// The line number after the first `file:` in a trace.
pub(crate) fn line_of(file: &str, trace: &str) -> Option<u32> {
    if file.is_empty() {
        return None;
    }
    trace.match_indices(file).find_map(|(at, _)| {
        let rest = trace.get(at + file.len()..)?.strip_prefix(':')?;
        let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
        digits.parse().ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_and_control_characters_go_and_lines_stay() {
        assert_eq!(
            plain("\u{1b}[31mred\u{1b}[0m\r\nnext\u{0}\t."),
            "red\nnext\t."
        );
        assert_eq!(plain("#x1B[1mbold#x1B[0m #x1B"), "bold #x1B");
        assert_eq!(
            plain("\u{1b}]8;;http://x\u{7}link\u{1b}]8;;\u{1b}\\!"),
            "link!"
        );
    }

    #[test]
    fn a_text_is_cut_between_characters() {
        assert_eq!(cut("зелёный", 4), "зел…");
        assert_eq!(cut("зелёный", 7), "зелёный");
    }

    #[test]
    fn declared_windows_1251_is_decoded() {
        let mut bytes = b"<?xml version='1.0' encoding='windows-1251'?><a>".to_vec();
        bytes.extend([0xEF, 0xF0]);
        bytes.extend(b"</a>");
        assert!(decode(&bytes).expect("text").contains("<a>пр</a>"));
    }

    #[test]
    fn utf_16_with_and_without_a_mark_is_decoded() {
        let wide: Vec<u8> = "<a>ё</a>"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(decode(&wide).expect("text"), "<a>ё</a>");
        let marked = [&[0xFF, 0xFE], wide.as_slice()].concat();
        assert_eq!(decode(&marked).expect("text"), "<a>ё</a>");
    }

    #[test]
    fn bytes_of_no_declared_encoding_are_refused() {
        assert!(matches!(
            decode(b"\xFF\xC3("),
            Err(ReadError::Encoding { .. })
        ));
        assert!(matches!(
            decode(b"<?xml version='1.0' encoding='klingon'?><a/>"),
            Err(ReadError::Encoding { .. })
        ));
    }
}
