//! GitHub's annotations: workflow commands of a log, and the JSON of a check run.

use serde::Deserialize;

use crate::format::{Input, Reader, ends, rule};
use crate::json::Num;
use crate::recognise::{Sample, Shape};
use crate::{LintFinding, ReadError, Report, Severity, Tool, json, text};

pub(super) const READER: Reader = Reader {
    claims,
    hinted: |name| {
        let named = name.contains("annotations") || name.contains("-github.");
        named && (ends(name, ".json") || ends(name, ".txt"))
    },
    read,
};

fn claims(sample: &Sample<'_>) -> bool {
    if let Shape::Text(text) = sample.shape {
        // A log of something else may hold commands further below.
        let first = text.lines().find(|line| !line.trim().is_empty());
        return first.is_some_and(|line| command(line).is_some());
    }
    let keys = ["path", "start_line", "annotation_level"];
    sample.shape.item_has(&keys)
}

/// An annotation of a check run.
#[derive(Deserialize)]
struct Item {
    path: Option<String>,
    #[serde(default)]
    start_line: Num,
    #[serde(default)]
    start_column: Num,
    annotation_level: Option<String>,
    title: Option<String>,
    message: Option<String>,
}

fn read(input: &Input<'_>) -> Result<Report, ReadError> {
    let start = input.text.trim_start_matches('\u{feff}').trim_start();
    let said = if start.starts_with('[') && !start.starts_with("[command]") {
        let items: Vec<Item> = json::parse(input.text, input.format, input.limits)?;
        input.check_findings(items.len())?;
        items.into_iter().map(Item::said).collect()
    } else {
        commands(input)?
    };
    let seen = said.iter().find_map(|said| tool_named(said.author()?));
    let findings = said
        .iter()
        .filter(|said| !said.is_exit())
        .map(Said::finding);
    input.lint(seen.unwrap_or(Tool::Github), findings.collect())
}

/// The commands among a log's lines.
fn commands(input: &Input<'_>) -> Result<Vec<Said>, ReadError> {
    let mut said = Vec::new();
    let mut strange = false;
    for line in input.text.lines() {
        match command(line) {
            Some(found) => {
                input.check_findings(said.len() + 1)?;
                said.push(found);
            }
            None => strange |= !line.trim().is_empty(),
        }
    }
    if said.is_empty() && strange {
        return Err(input.not_this("no annotation in it"));
    }
    Ok(said)
}

/// One annotation, from either writing.
#[derive(Default)]
struct Said {
    title: String,
    message: String,
    file: Option<String>,
    line: Option<u32>,
    column: Option<u32>,
    severity: Option<Severity>,
}

impl Item {
    fn said(self) -> Said {
        Said {
            title: self.title.unwrap_or_default(),
            message: self.message.unwrap_or_default(),
            file: self.path.filter(|path| !path.is_empty()),
            line: self.start_line.position(),
            column: self.start_column.position(),
            severity: severity(self.annotation_level.as_deref().unwrap_or_default()),
        }
    }
}

impl Said {
    /// The runner's own remark that a step failed; what failed is said elsewhere.
    fn is_exit(&self) -> bool {
        self.file.as_deref() == Some(".github")
            && self.message.starts_with("Process completed with exit code")
    }

    /// The program that a title such as `ruff (F401)` or `Ruff (F401)` begins with.
    fn author(&self) -> Option<&str> {
        self.title
            .split([' ', '(', ':'])
            .next()
            .filter(|name| !name.is_empty())
    }

    /// The rule in the title's brackets.
    fn rule(&self) -> Option<&str> {
        let (_, rest) = self.title.rsplit_once('(')?;
        let rule = rest.strip_suffix(')')?;
        let one_word = !rule.is_empty() && !rule.contains(char::is_whitespace);
        one_word.then_some(rule)
    }

    fn finding(&self) -> LintFinding {
        let message = match (self.message.trim(), self.rule()) {
            ("", _) => self.title.clone(),
            (message, Some(rule)) => without_place(message, rule).to_owned(),
            (message, None) => message.to_owned(),
        };
        LintFinding {
            rule: self.rule().map(rule),
            message: text::message(&message).unwrap_or_default(),
            file: self.file.as_deref().map(text::line),
            line: self.line,
            column: self.column,
            severity: self.severity.unwrap_or(Severity::Error),
        }
    }
}

/// The words without the `path:line:column: RULE ` that ruff sets before them.
fn without_place<'m>(message: &'m str, rule: &str) -> &'m str {
    let head = message.lines().next().unwrap_or_default();
    let spelled = format!(": {rule} ");
    let at = head.find(&spelled).filter(|at| {
        let place = head.get(..*at).unwrap_or_default();
        place.ends_with(|digit: char| digit.is_ascii_digit())
    });
    at.and_then(|at| message.get(at + spelled.len()..))
        .unwrap_or(message)
}

fn severity(level: &str) -> Option<Severity> {
    match level {
        "error" | "failure" => Some(Severity::Error),
        "warning" => Some(Severity::Warning),
        "notice" => Some(Severity::Note),
        _ => None,
    }
}

/// `::error file=a.py,line=1,col=2,title=T::words`, maybe after a log's time stamp.
fn command(line: &str) -> Option<Said> {
    let line = text::head(line, text::LINE_BYTES / 4).trim_end();
    let (before, _) = line.split_once("::")?;
    // Nothing but the log's own time may stand before a command.
    let stamp = before.trim();
    if !(stamp.is_empty() || stamp.ends_with('Z') && !stamp.contains(' ')) {
        return None;
    }
    let rest = line.get(before.len() + 2..)?;
    let (head, message) = rest.split_once("::")?;
    let (level, properties) = head.split_once(' ').unwrap_or((head, ""));
    let mut said = Said {
        message: unescape(message),
        severity: Some(severity(level).filter(|_| level != "failure")?),
        ..Said::default()
    };
    for property in properties.split(',') {
        let Some((key, value)) = property.split_once('=') else {
            continue;
        };
        let number = || value.parse().ok().filter(|number| *number > 0);
        match key.trim() {
            "file" => said.file = Some(unescape(value)).filter(|file| !file.is_empty()),
            "line" => said.line = number(),
            "col" => said.column = number(),
            "title" => said.title = unescape(value),
            _ => {}
        }
    }
    Some(said)
}

/// Reads back what a command may not hold as it is.
fn unescape(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let escapes = [("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ",")];
    let text = escapes
        .iter()
        .fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
    // Last, so that an escaped percent sign begins no other escape.
    text.replace("%25", "%")
}

/// The linter of a name as its own output spells it.
pub(super) fn tool_named(name: &str) -> Option<Tool> {
    match name.to_lowercase().as_str() {
        "ruff" => Some(Tool::Ruff),
        "eslint" => Some(Tool::Eslint),
        "flake8" => Some(Tool::Flake8),
        "prettier" => Some(Tool::Prettier),
        _ => None,
    }
}
