//! The text of `ruff format --check`, in each shape it has had.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;

use crate::format::{Input, Reader};
use crate::recognise::{Sample, Shape};
use crate::{LintFinding, ReadError, Report, Severity, Tool, text};

pub(super) const READER: Reader = Reader {
    claims,
    hinted: |name| name.contains("ruff-format") || name.contains("ruff_format"),
    read,
};

const RULE: &str = "unformatted";
const MESSAGE: &str = "File would be reformatted";

/// The last line: `1 file would be reformatted, 16 files already formatted`.
static SUMMARY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^(?:(\d+) files? would be reformatted)?(?:, )?(?:(\d+) files? already formatted)?$",
    )
    .ok()
});
/// `path:line:column: unformatted: File would be reformatted`, or `invalid-syntax: words`.
static CONCISE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^(.+?):(\d+):(\d+): ([a-z]+(?:-[a-z]+)*): (.*)$").ok());
/// The same without a place, as ruff 0.14 writes it for a file that does not parse.
static PLACELESS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^(.+?): (unformatted|invalid-syntax): (.*)$").ok());
/// The first line of a finding in full: `unformatted: File would be reformatted`.
static HEAD: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^(unformatted|[a-z]+(?:-[a-z]+)+): (.*)$").ok());
/// `error: Failed to parse path:line:column: words`.
static BROKEN: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^error: Failed to \w+ (.+?):(\d+):(\d+): (.*)$").ok());
/// ` --> path:line:column` below a finding in full.
static ARROW: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^\s*--> (.+?)(?::(\d+):(\d+))?$").ok());

fn claims(sample: &Sample<'_>) -> bool {
    let Shape::Text(text) = sample.shape else {
        return false;
    };
    text.lines().any(|line| {
        let line = line.trim_end();
        line.starts_with("Would reformat: ")
            || line.contains(": unformatted: File would be reformatted")
            || line.starts_with("unformatted: File would be reformatted")
            || summary(line).is_some()
    })
}

/// How many files would change, by the last line.
fn summary(line: &str) -> Option<usize> {
    if line.is_empty() {
        return None;
    }
    let found = SUMMARY.as_ref()?.captures(line)?;
    match found.get(1) {
        Some(count) => count.as_str().parse().ok(),
        None => Some(0),
    }
}

/// What one line of the output says.
struct Said<'t> {
    rule: &'t str,
    message: &'t str,
    file: Option<&'t str>,
    line: Option<u32>,
    column: Option<u32>,
}

#[derive(Default)]
struct Collector<'t> {
    findings: Vec<LintFinding>,
    files: HashSet<String>,
    /// Rule and words of a finding in full whose path is still to come.
    head: Option<(&'t str, &'t str)>,
    summary: Option<usize>,
}

fn read(input: &Input<'_>) -> Result<Report, ReadError> {
    let mut collector = Collector::default();
    let text = text::plain(input.text);
    for line in text::lines(&text) {
        collector.line(line);
        input.check_findings(collector.findings.len())?;
    }
    if collector.summary.is_none() && collector.findings.is_empty() {
        return Err(input.not_this("no summary line"));
    }
    collector.missing(input)?;
    input.lint(Tool::RuffFormat, collector.findings)
}

/// A finding that one line says whole.
fn said(line: &str) -> Option<Said<'_>> {
    let at = |file, place: (Option<&str>, Option<&str>), rule, message| Said {
        rule,
        message,
        file,
        line: place.0.and_then(|digits| digits.parse().ok()),
        column: place.1.and_then(|digits| digits.parse().ok()),
    };
    if let Some(path) = line.strip_prefix("Would reformat: ") {
        return Some(at(Some(path), (None, None), RULE, MESSAGE));
    }
    if let Some(found) = BROKEN.as_ref().and_then(|shape| shape.captures(line)) {
        let (_, [file, line, column, message]) = found.extract();
        let place = (Some(line), Some(column));
        return Some(at(Some(file), place, "syntax-error", message));
    }
    if let Some(message) = line.strip_prefix("error: ") {
        return Some(at(None, (None, None), "syntax-error", message));
    }
    if let Some(found) = CONCISE.as_ref()?.captures(line) {
        let (_, [file, line, column, rule, message]) = found.extract();
        return Some(at(Some(file), (Some(line), Some(column)), rule, message));
    }
    let found = PLACELESS.as_ref()?.captures(line)?;
    let (_, [file, rule, message]) = found.extract();
    Some(at(Some(file), (None, None), rule, message))
}

impl<'t> Collector<'t> {
    fn line(&mut self, line: &'t str) {
        if let Some(said) = said(line) {
            self.add(&said);
        } else if let Some(found) = HEAD.as_ref().and_then(|shape| shape.captures(line)) {
            let (_, [rule, message]) = found.extract();
            self.head = Some((rule, message));
        } else if let Some(found) = ARROW.as_ref().and_then(|shape| shape.captures(line)) {
            let number = |index| found.get(index).and_then(|part| part.as_str().parse().ok());
            if let Some((rule, message)) = self.head.take() {
                self.add(&Said {
                    rule,
                    message,
                    file: found.get(1).map(|path| path.as_str()),
                    line: number(2),
                    column: number(3),
                });
            }
        } else if let Some(count) = summary(line) {
            self.summary = Some(count);
        }
    }

    /// An unformatted file is one finding, however many of its lines would change.
    fn add(&mut self, said: &Said<'_>) {
        let file = said.file.map(text::line);
        let unformatted = said.rule == RULE;
        if unformatted && !self.files.insert(file.clone().unwrap_or_default()) {
            return;
        }
        self.findings.push(LintFinding {
            rule: Some(text::line(said.rule)),
            message: text::message(said.message).unwrap_or_default(),
            file,
            line: said.line,
            column: said.column,
            severity: Severity::Error,
        });
    }

    /// Files that only the summary counts, as when the list was cut off.
    fn missing(&mut self, input: &Input<'_>) -> Result<(), ReadError> {
        let counted = self.summary.unwrap_or(0);
        let missing = counted.saturating_sub(self.files.len());
        input.check_findings(self.findings.len().saturating_add(missing))?;
        let unnamed = LintFinding {
            rule: Some(RULE.to_owned()),
            message: MESSAGE.to_owned(),
            file: None,
            line: None,
            column: None,
            severity: Severity::Error,
        };
        self.findings.extend(std::iter::repeat_n(unnamed, missing));
        Ok(())
    }
}
