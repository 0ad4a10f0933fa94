//! The text of `ruff check`: concise, full and grouped.

use std::sync::LazyLock;

use regex::Regex;

use crate::format::{Input, Reader, rule as rule_name};
use crate::recognise::{Sample, Shape};
use crate::{LintFinding, ReadError, Report, Severity, Tool, text};

pub(super) const READER: Reader = Reader {
    claims,
    hinted: |name| name == "ruff.txt" || name == "ruff-check.txt",
    read,
};

const CLEAN: &str = "All checks passed!";
const BROKEN: &str = "syntax-error";

/// `path:line:column: F401 [*] words`, or `invalid-syntax: words` and `SyntaxError: words`.
static CONCISE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"^(?P<file>.+?):(?P<line>\d+):(?P<column>\d+): ",
        r"(?:(?P<code>[A-Z]{1,5}\d{2,4})|(?P<broken>invalid-syntax|SyntaxError):|(?P<name>[a-z]+(?:-[a-z]+)+):?)",
        r" (?:\[\*\] )?(?P<message>.*)$"
    ))
    .ok()
});
/// Full: `F401 [*] words`, with the place on the next line.
static HEAD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"^(?:(?P<code>[A-Z]{1,5}\d{2,4})|(?P<broken>invalid-syntax|SyntaxError):|(?P<name>[a-z]+(?:-[a-z]+)+):)",
        r" (?:\[\*\] )?(?P<message>.+)$"
    ))
    .ok()
});
/// Full: ` --> path:line:column`.
static ARROW: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^\s*--> (.+?):(\d+):(\d+)$").ok());
/// Grouped: `  3:8 F401 [*] words` below `path:`.
static GROUPED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"^\s+(?P<line>\d+):(?P<column>\d+)\s+",
        r"(?:(?P<code>[A-Z]{1,5}\d{2,4})|(?P<broken>invalid-syntax|SyntaxError):?|(?P<name>[a-z]+(?:-[a-z]+)+):?)",
        r"\s+(?:\[\*\] )?(?P<message>.*)$"
    ))
    .ok()
});
/// `Found 3 errors.`, `Found 3 errors (1 fixed, 2 remaining).`
static TOTAL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^Found (\d+) errors?(?: \(\d+ fixed, (\d+) remaining\))?\.$").ok()
});

fn claims(sample: &Sample<'_>) -> bool {
    let Shape::Text(text) = sample.shape else {
        return false;
    };
    if sample.file_name.contains("flake8") {
        return false;
    }
    let told = |line: &str| line == CLEAN || total(line).is_some() || line.contains(" [*] ");
    text.lines().any(|line| told(text::plain(line).trim_end()))
}

/// The findings that are left, by the last line.
fn total(line: &str) -> Option<usize> {
    let found = TOTAL.as_ref()?.captures(line)?;
    found.get(2).or_else(|| found.get(1))?.as_str().parse().ok()
}

#[derive(Default)]
struct Collector {
    findings: Vec<LintFinding>,
    /// A finding in full whose place is still to come.
    head: Option<LintFinding>,
    /// The file that a group of findings is about.
    group: Option<String>,
    clean: bool,
    total: Option<usize>,
}

fn read(input: &Input<'_>) -> Result<Report, ReadError> {
    let mut collector = Collector::default();
    let text = text::plain(input.text);
    for line in text::lines(&text) {
        collector.line(line);
        input.check_findings(collector.findings.len())?;
    }
    let told = collector.clean || collector.total.is_some() || !collector.findings.is_empty();
    // A clean run says so; one that broke off leaves nothing.
    if !told {
        return Err(input.not_this("neither a finding nor a last line"));
    }
    let listed = collector.findings.len();
    match collector.total {
        Some(total) if total > listed => {
            Err(input.malformed("fewer findings than its last line counts"))
        }
        _ => input.lint(Tool::Ruff, collector.findings),
    }
}

impl Collector {
    fn line(&mut self, line: &str) {
        if line == CLEAN {
            self.clean = true;
        } else if let Some(total) = total(line) {
            // Two runs into one file have two last lines.
            self.total = Some(self.total.unwrap_or(0).saturating_add(total));
        } else if let Some(found) = shaped(&CONCISE, line).or_else(|| self.grouped(line)) {
            self.findings.push(found);
        } else if let Some(found) = ARROW.as_ref().and_then(|shape| shape.captures(line)) {
            let (_, [file, row, column]) = found.extract();
            if let Some(head) = self.head.take() {
                self.findings.push(LintFinding {
                    file: Some(text::line(file)),
                    line: row.parse().ok(),
                    column: column.parse().ok(),
                    ..head
                });
            }
        } else if let Some(head) = shaped(&HEAD, line) {
            self.head = Some(head);
        } else if let Some(path) = line.strip_suffix(':').filter(|_| !line.starts_with(' ')) {
            self.group = Some(text::line(path));
        }
    }

    fn grouped(&self, line: &str) -> Option<LintFinding> {
        let file = self.group.clone()?;
        let found = shaped(&GROUPED, line)?;
        Some(LintFinding {
            file: Some(file),
            ..found
        })
    }
}

/// What a line of one shape says.
fn shaped(shape: &LazyLock<Option<Regex>>, line: &str) -> Option<LintFinding> {
    let found = shape.as_ref()?.captures(line)?;
    let part = |name| found.name(name).map(|part| part.as_str());
    let number = |name| part(name).and_then(|digits| digits.parse().ok());
    let rule = part("code").or(part("name")).unwrap_or(BROKEN);
    Some(LintFinding {
        rule: Some(rule_name(rule)),
        message: text::message(part("message").unwrap_or_default()).unwrap_or_default(),
        file: part("file").map(text::line),
        line: number("line").filter(|line| *line > 0),
        column: number("column").filter(|column| *column > 0),
        severity: Severity::Error,
    })
}
