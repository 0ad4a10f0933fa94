//! Rust as text: what a file names, with comments, texts and tests out of the way.

use std::collections::BTreeSet;

/// Whether a line has a text that is not the end of a longer word.
pub fn has_word(line: &str, text: &str) -> bool {
    let is_inner = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(text).any(|(at, _)| {
        let before = line.get(..at).and_then(|before| before.chars().next_back());
        !text.starts_with(is_inner) || !before.is_some_and(is_inner)
    })
}

/// Every path after `crate::`, with its line; the braces of a `use` are taken apart.
pub fn names(code: &str) -> BTreeSet<(usize, String)> {
    let mut found = BTreeSet::new();
    for (at, marker) in code.match_indices("crate::") {
        let (before, rest) = (
            code.get(..at).unwrap_or_default(),
            code.get(at + marker.len()..).unwrap_or_default(),
        );
        let is_word = before
            .chars()
            .next_back()
            .is_some_and(|c| c.is_alphanumeric() || c == '_');
        if !is_word {
            let line = before.lines().count().max(1) + usize::from(before.ends_with('\n'));
            expand(rest, "", line, &mut found);
        }
    }
    found
}

/// Reads one path, or a group of paths in braces, and returns what follows it.
fn expand<'a>(
    text: &'a str,
    prefix: &str,
    line: usize,
    found: &mut BTreeSet<(usize, String)>,
) -> &'a str {
    let end = text
        .find(|c: char| !(c.is_alphanumeric() || c == '_'))
        .unwrap_or(text.len());
    let (segment, mut rest) = text.split_at(end);
    let path = if prefix.is_empty() || segment.is_empty() {
        format!("{prefix}{segment}")
    } else {
        format!("{prefix}::{segment}")
    };
    if let Some(inner) = rest.strip_prefix("::") {
        return expand(inner, &path, line, found);
    }
    let Some(group) = rest.strip_prefix('{') else {
        let _ = found.insert((line, path));
        return rest;
    };
    rest = group;
    let mut at = line;
    loop {
        let trimmed = rest.trim_start_matches([' ', '\n', '\t', '\r', ',']);
        at += rest
            .len()
            .checked_sub(trimmed.len())
            .and_then(|gone| rest.get(..gone))
            .map_or(0, count_lines);
        if let Some(after) = trimmed.strip_prefix('}') {
            return after;
        }
        let after = expand(trimmed, &path, at, found);
        // A renaming, or what cannot be read: go on behind the next comma or brace.
        let next = after.find([',', '}']).unwrap_or(after.len());
        at += count_lines(
            trimmed
                .get(..trimmed.len() - after.len())
                .unwrap_or_default(),
        );
        rest = after.get(next..).unwrap_or_default();
        if rest.is_empty() {
            return rest;
        }
    }
}

fn count_lines(text: &str) -> usize {
    text.matches('\n').count()
}

/// Blanks comments and the insides of texts, and keeps the line ends.
pub fn blank(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let taken = length_of_blank(rest).min(rest.len());
        if taken > 0 {
            let gone = rest.get(..taken).unwrap_or_default();
            shown.extend(gone.chars().map(|c| if c == '\n' { c } else { ' ' }));
            rest = rest.get(taken..).unwrap_or_default();
        } else {
            shown.push(first);
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
        }
    }
    shown
}

/// How many bytes from here on are a comment, a text or a character; 0 when it is code.
fn length_of_blank(text: &str) -> usize {
    let until = |end: &str, from: usize| {
        text.get(from..)
            .and_then(|rest| rest.find(end))
            .map_or(text.len(), |at| from + at + end.len())
    };
    if text.starts_with("//") {
        return text.find('\n').unwrap_or(text.len());
    }
    if text.starts_with("/*") {
        return until("*/", 2);
    }
    if text.starts_with("r\"") {
        return until("\"", 2);
    }
    if text.starts_with("r#\"") {
        return until("\"#", 3);
    }
    if text.starts_with("'\"'") || text.starts_with("b\"") {
        return if text.starts_with('b') {
            1 + quoted(text.get(1..).unwrap_or_default())
        } else {
            3
        };
    }
    if text.starts_with('"') {
        quoted(text)
    } else {
        0
    }
}

/// The length of a text in quotes, its escapes minded.
fn quoted(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '"' if !escaped => return at + 1,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    text.len()
}

/// Cuts what comes from a test module on: it stands at the end of its file.
pub fn without_tests(code: &str) -> String {
    let at = code
        .match_indices("#[cfg(test)]")
        .map(|(at, _)| at)
        .find(|at| {
            let rest = code.get(*at..).unwrap_or_default();
            rest.lines()
                .skip(1)
                .find(|line| !line.trim().is_empty())
                .is_some_and(|line| line.trim_end().ends_with("mod tests {"))
        });
    at.and_then(|at| code.get(..at)).unwrap_or(code).to_owned()
}
