//! `ESLint`'s JSON formatter.

use serde::Deserialize;

use crate::format::{Input, Reader, ends};
use crate::json::Num;
use crate::{LintFinding, ReadError, Report, Severity, Tool, json, text};

pub(super) const READER: Reader = Reader {
    claims: |sample| {
        sample.shape.item_has(&["filePath", "messages"])
            || sample.shape.has_keys(&["results", "metadata"])
    },
    hinted,
    read,
};

/// Other formatters of `ESLint` may write an empty list, too.
fn hinted(name: &str) -> bool {
    let other = ["gitlab", "codeclimate", "sarif"];
    name.starts_with("eslint")
        && ends(name, ".json")
        && !other.iter().any(|word| name.contains(word))
}

/// What the formatter `json-with-metadata` puts around the list.
#[derive(Deserialize)]
struct WithMetadata {
    results: Vec<File>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    #[serde(rename = "filePath")]
    path: String,
    messages: Vec<Complaint>,
    #[serde(default)]
    error_count: Num,
    #[serde(default)]
    warning_count: Num,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Complaint {
    rule_id: Option<String>,
    #[serde(default)]
    severity: Num,
    #[serde(default)]
    fatal: bool,
    message: String,
    #[serde(default)]
    line: Num,
    #[serde(default)]
    column: Num,
}

fn read(input: &Input<'_>) -> Result<Report, ReadError> {
    let files = if json::body(input.text).starts_with('{') {
        json::parse::<WithMetadata>(input.text, input.format, input.limits)?.results
    } else {
        json::parse(input.text, input.format, input.limits)?
    };
    let mut findings = Vec::new();
    for file in files {
        input.check_findings(findings.len() + file.messages.len())?;
        if file.hides_messages() {
            return Err(input.malformed("a file counts more messages than it lists"));
        }
        let path = text::line(&file.path);
        findings.extend(
            file.messages
                .into_iter()
                .map(|message| message.finding(&path)),
        );
    }
    input.lint(Tool::Eslint, findings)
}

impl File {
    fn hides_messages(&self) -> bool {
        let warnings = self.messages.iter().filter(|message| message.is_warning());
        let warnings = warnings.count();
        let errors = self.messages.len() - warnings;
        self.error_count.0.unwrap_or(0) > errors as u64
            || self.warning_count.0.unwrap_or(0) > warnings as u64
    }
}

impl Complaint {
    fn is_warning(&self) -> bool {
        !self.fatal && self.severity.0 == Some(1)
    }

    fn finding(self, path: &str) -> LintFinding {
        let unnamed = self.fatal.then(|| "syntax-error".to_owned());
        let severity = if self.is_warning() {
            Severity::Warning
        } else {
            Severity::Error
        };
        LintFinding {
            rule: self.rule_id.as_deref().map(text::line).or(unnamed),
            message: text::message(&self.message).unwrap_or_default(),
            file: (!path.is_empty()).then(|| path.to_owned()),
            line: self.line.position(),
            column: self.column.position(),
            severity,
        }
    }
}
