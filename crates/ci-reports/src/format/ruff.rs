//! `ruff check --output-format json`.

use serde::Deserialize;

use crate::format::{Input, Reader, ends, rule};
use crate::json::Num;
use crate::{LintFinding, ReadError, Report, Severity, Tool, json, text};

pub(super) const READER: Reader = Reader {
    claims: |sample| {
        sample
            .shape
            .item_has(&["code", "filename", "location", "message"])
    },
    hinted,
    read,
};

/// ruff writes other lists than this one under names such as `ruff-gitlab.json`.
fn hinted(name: &str) -> bool {
    let other = ["gitlab", "github", "codeclimate", "format", "sarif"];
    name.starts_with("ruff") && ends(name, ".json") && !other.iter().any(|word| name.contains(word))
}

#[derive(Deserialize)]
struct Item {
    /// `null` for code that does not parse.
    code: Option<String>,
    message: String,
    filename: Option<String>,
    location: Option<Location>,
    severity: Option<String>,
}

#[derive(Deserialize)]
struct Location {
    #[serde(default)]
    row: Num,
    #[serde(default)]
    column: Num,
}

fn read(input: &Input<'_>) -> Result<Report, ReadError> {
    let items: Vec<Item> = json::parse(input.text, input.format, input.limits)?;
    input.check_findings(items.len())?;
    input.lint(Tool::Ruff, items.into_iter().map(Item::finding).collect())
}

impl Item {
    fn finding(self) -> LintFinding {
        let code = self.code.unwrap_or_else(|| "syntax-error".to_owned());
        let place = self.location.as_ref();
        LintFinding {
            rule: Some(rule(&code)),
            message: text::message(&self.message).unwrap_or_default(),
            file: self.filename.as_deref().map(text::line),
            line: place.and_then(|place| place.row.position()),
            column: place.and_then(|place| place.column.position()),
            severity: match self.severity.as_deref() {
                Some("warning") => Severity::Warning,
                Some("info" | "note" | "hint" | "help") => Severity::Note,
                _ => Severity::Error,
            },
        }
    }
}
