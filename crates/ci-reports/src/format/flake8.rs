//! The text of flake8, in its default and its pylint format.

use std::sync::LazyLock;

use regex::Regex;

use crate::format::{Input, Reader, ends};
use crate::recognise::{Sample, Shape};
use crate::{LintFinding, ReadError, Report, Severity, Tool, text};

pub(super) const READER: Reader = Reader {
    claims,
    // A clean run writes an empty file, which only its name can tell.
    hinted: |name| name.contains("flake8") && !ends(name, ".json") && !ends(name, ".xml"),
    read,
};

/// `path:line:column: CODE words` and `path:line: [CODE] words`; a path may begin with `C:`.
static FINDING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"^(?P<file>.+?):(?P<line>\d+):",
        r"(?:(?P<column>\d+): (?P<code>[A-Z]{1,8}[0-9]{0,4})| \[(?P<pylint>[A-Z]{1,8}[0-9]{0,4})\])",
        r"(?: (?P<message>.*))?$"
    ))
    .ok()
});

fn claims(sample: &Sample<'_>) -> bool {
    let Shape::Text(text) = sample.shape else {
        return false;
    };
    if sample.file_name.contains("flake8") {
        return false;
    }
    // `ruff --output-format concise` looks the same but for its last lines and its stars.
    let ruff = sample.file_name.contains("ruff")
        || text
            .lines()
            .any(|line| line.contains(" [*] ") || line.starts_with("Found "));
    let first = text.lines().find(|line| !line.trim().is_empty());
    !ruff && first.is_some_and(|line| finding(&text::plain(line)).is_some())
}

fn read(input: &Input<'_>) -> Result<Report, ReadError> {
    let (mut findings, mut strange) = (Vec::new(), None);
    let text = text::plain(input.text);
    for line in text::lines(&text) {
        if let Some(found) = finding(line) {
            input.check_findings(findings.len() + 1)?;
            findings.push(found);
        } else if strange.is_none() && !is_total(line) {
            strange = Some(line);
        }
    }
    if last_count(&text).is_some_and(|counted| counted > findings.len() as u64) {
        return Err(input.malformed("fewer findings than its last line counts"));
    }
    match strange {
        // Beside findings, other lines are the source that `--show-source` prints.
        Some(line) if findings.is_empty() => {
            let line = text::cut(line, 120);
            Err(input.not_this(&format!("no finding in it, but {line:?}")))
        }
        _ => input.lint(Tool::Flake8, findings),
    }
}

/// The number that `--count` leaves on the last line.
fn last_count(text: &str) -> Option<u64> {
    text.trim_end().lines().next_back()?.trim().parse().ok()
}

/// Blank lines, the number of `--count` and the lines of `--statistics`.
fn is_total(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let number = words
        .next()
        .is_none_or(|word| word.bytes().all(|byte| byte.is_ascii_digit()));
    let code = words.next().is_none_or(|word| {
        word.starts_with(|first: char| first.is_ascii_uppercase())
            && word.bytes().all(|byte| byte.is_ascii_alphanumeric())
    });
    number && code
}

fn finding(line: &str) -> Option<LintFinding> {
    let found = FINDING.as_ref()?.captures(line)?;
    let part = |name| found.name(name).map(|part| part.as_str());
    let number = |name| {
        part(name)
            .and_then(|digits| digits.parse().ok())
            .filter(|n| *n > 0)
    };
    let code = part("code").or_else(|| part("pylint"))?;
    Some(LintFinding {
        rule: Some(code.to_owned()),
        message: text::message(part("message").unwrap_or_default()).unwrap_or_default(),
        file: part("file").map(text::line),
        line: number("line"),
        column: number("column"),
        severity: if code.starts_with('W') {
            Severity::Warning
        } else {
            Severity::Error
        },
    })
}
