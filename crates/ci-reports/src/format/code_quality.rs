//! GitLab's code quality JSON, as ruff, flake8 and Code Climate write it.

use serde::Deserialize;

use crate::format::annotations::tool_named;
use crate::format::{Input, Reader, ends, rule as rule_name};
use crate::json::Num;
use crate::{LintFinding, ReadError, Report, Severity, Tool, json, text};

pub(super) const READER: Reader = Reader {
    claims: |sample| {
        sample
            .shape
            .item_has(&["description", "location", "fingerprint"])
    },
    hinted: |name| {
        let named = ["gitlab", "codeclimate", "codequality", "code-quality"];
        ends(name, ".json") && named.iter().any(|word| name.contains(word))
    },
    read,
};

#[derive(Deserialize)]
struct Item {
    /// Code Climate also lists measurements, which are no complaints.
    #[serde(rename = "type")]
    kind: Option<String>,
    check_name: Option<String>,
    description: String,
    severity: Option<String>,
    location: Location,
    #[serde(default)]
    engine_name: String,
}

#[derive(Deserialize)]
struct Location {
    path: Option<String>,
    lines: Option<Lines>,
    positions: Option<Positions>,
}

#[derive(Deserialize)]
struct Lines {
    begin: Begin,
}

/// A line, or a line with its column: writers mix the two shapes.
#[derive(Clone, Copy, Deserialize)]
#[serde(untagged)]
enum Begin {
    Place {
        #[serde(default)]
        line: Num,
        #[serde(default)]
        column: Num,
    },
    Line(Num),
}

#[derive(Deserialize)]
struct Positions {
    begin: Begin,
}

fn read(input: &Input<'_>) -> Result<Report, ReadError> {
    let items: Vec<Item> = json::parse(input.text, input.format, input.limits)?;
    input.check_findings(items.len())?;
    let named = items.iter().find_map(|item| tool_named(&item.engine_name));
    let seen = named.unwrap_or(Tool::CodeQuality);
    let complaints = items
        .into_iter()
        .filter(|item| item.kind.as_deref() != Some("measurement"));
    input.lint(seen, complaints.map(Item::finding).collect())
}

/// `(F401) words`.
fn bracketed(description: &str) -> Option<(&str, &str)> {
    let (rule, words) = description.strip_prefix('(')?.split_once(") ")?;
    let one_word = rule.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (one_word && !rule.is_empty()).then_some((rule, words))
}

impl Item {
    fn finding(self) -> LintFinding {
        let begin = self.location.positions.map(|span| span.begin);
        let begin = begin.or(self.location.lines.map(|span| span.begin));
        let (line, column) = match begin {
            Some(Begin::Place { line, column }) => (line.position(), column.position()),
            Some(Begin::Line(line)) => (line.position(), None),
            None => (None, None),
        };
        let rule = self.check_name.as_deref().filter(|rule| !rule.is_empty());
        // ruff writes the rule before the words once more.
        let told = rule.and_then(|rule| self.description.strip_prefix(rule)?.strip_prefix(": "));
        // Older ruff has it only there, in brackets.
        let old = bracketed(&self.description).filter(|_| rule.is_none());
        let (rule, told) = old.map_or((rule, told), |(rule, told)| (Some(rule), Some(told)));
        LintFinding {
            rule: rule.map(rule_name),
            message: text::message(told.unwrap_or(&self.description)).unwrap_or_default(),
            file: self.location.path.as_deref().map(text::line),
            line,
            column,
            severity: match self.severity.as_deref() {
                Some("info") => Severity::Note,
                Some("minor") => Severity::Warning,
                _ => Severity::Error,
            },
        }
    }
}
