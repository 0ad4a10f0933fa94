//! `ESLint`'s JSON formatter.

use serde::Deserialize;

use crate::format::{Input, Reader, ends};
use crate::json::Num;
use crate::{LintFinding, ReadError, Report, Severity, Tool, json, text};

pub(super) const READER: Reader = Reader {
    claims: |sample| sample.shape.item_has(&["filePath", "messages"]),
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

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    file_path: String,
    messages: Vec<Complaint>,
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
    let files: Vec<File> = json::parse(input.text, input.format, input.limits)?;
    let mut findings = Vec::new();
    for file in files {
        input.check_findings(findings.len() + file.messages.len())?;
        let path = text::line(&file.file_path);
        findings.extend(
            file.messages
                .into_iter()
                .map(|message| message.finding(&path)),
        );
    }
    input.lint(Tool::Eslint, findings)
}

impl Complaint {
    fn finding(self, path: &str) -> LintFinding {
        let unnamed = self.fatal.then(|| "syntax-error".to_owned());
        let severity = if self.fatal || self.severity.0 != Some(1) {
            Severity::Error
        } else {
            Severity::Warning
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
