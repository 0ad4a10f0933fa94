//! The text of `prettier --check`.

use std::sync::LazyLock;

use regex::Regex;

use crate::format::{Input, Reader, ends};
use crate::recognise::{Sample, Shape};
use crate::{LintFinding, ReadError, Report, Severity, Tool, text};

pub(super) const READER: Reader = Reader {
    claims,
    hinted: |name| name.contains("prettier") && !ends(name, ".json") && !ends(name, ".xml"),
    read,
};

const CLEAN: &str = "All matched files use Prettier code style!";

/// `path: SyntaxError: words (line:column)`.
static BROKEN: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^(.+?): (\w*Error: .*?)(?: \((\d+):(\d+)\))?$").ok());
/// A line of the source that follows an error.
static SOURCE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^\s*>?\s*\d*\s*\|").ok());

fn claims(sample: &Sample<'_>) -> bool {
    let Shape::Text(text) = sample.shape else {
        return false;
    };
    text.lines().take(200).any(|line| {
        let line = text::plain(line);
        line.starts_with("Checking formatting...")
            || line.trim_end() == CLEAN
            || line.contains("Run Prettier with --write to fix.")
    })
}

fn read(input: &Input<'_>) -> Result<Report, ReadError> {
    let (mut findings, mut verdict, mut begun) = (Vec::new(), false, false);
    let (mut counted, mut strange) = (0_usize, false);
    let text = text::plain(input.text);
    for line in text::lines(&text) {
        counted = closing(line).unwrap_or(0).saturating_add(counted);
        verdict |= line == CLEAN || closing(line).is_some();
        begun |= line == "Checking formatting...";
        if let Some(rest) = line.strip_prefix("[warn] ") {
            findings.extend(warning(rest));
        } else if let Some(rest) = line.strip_prefix("[error] ") {
            findings.extend(error(rest));
        } else {
            strange |= !(line.is_empty() || line.starts_with("> "));
        }
        input.check_findings(findings.len())?;
    }
    if counted > findings.len() {
        return Err(input.malformed("fewer files than its last line counts"));
    }
    if begun && !verdict {
        // The verdict on a file that is not clean goes to standard error.
        return Err(input.malformed("no verdict: it is cut short, or without standard error"));
    }
    // Bare paths are those of `--list-different`.
    let marked = !findings.is_empty() && !strange;
    if verdict || marked || text.trim().is_empty() {
        return input.lint(Tool::Prettier, findings);
    }
    Err(input.not_this("no line of `prettier --check`"))
}

/// How many files the sentence under their list counts: `Code style issues found in 2 files.`
fn closing(line: &str) -> Option<usize> {
    let line = line
        .strip_prefix("[warn] ")
        .or(line.strip_prefix("[error] "))
        .unwrap_or(line);
    let about = line
        .strip_prefix("Code style issues ")
        .or(line.strip_prefix("Error occurred when checking code style"))?;
    let mut words = about.split_whitespace();
    // Other words are those of one file, `in the above file`.
    Some(words.find_map(|word| word.parse().ok()).unwrap_or(1))
}

fn warning(rest: &str) -> Option<LintFinding> {
    let about_options = rest.starts_with("Ignored unknown option")
        || (rest.contains(" is deprecated") && rest.ends_with('.'))
        || rest.starts_with("Forgot to run Prettier?");
    if rest.trim().is_empty() || closing(rest).is_some() || about_options {
        return None;
    }
    Some(LintFinding {
        rule: Some("unformatted".to_owned()),
        message: "Code style issues found".to_owned(),
        file: Some(text::line(rest)),
        line: None,
        column: None,
        severity: Severity::Warning,
    })
}

fn error(rest: &str) -> Option<LintFinding> {
    let source = SOURCE.as_ref().is_some_and(|shape| shape.is_match(rest));
    if rest.trim().is_empty() || source || closing(rest).is_some() || rest.starts_with([' ', '>']) {
        return None;
    }
    let found = BROKEN.as_ref().and_then(|shape| shape.captures(rest));
    let part = |index| {
        found
            .as_ref()
            .and_then(|found| found.get(index))
            .map(|part| part.as_str())
    };
    let number = |index| part(index).and_then(|digits| digits.parse().ok());
    Some(LintFinding {
        rule: part(1).map(|_| "syntax-error".to_owned()),
        message: text::message(part(2).unwrap_or(rest)).unwrap_or_default(),
        file: part(1).map(text::line),
        line: number(3),
        column: number(4),
        severity: Severity::Error,
    })
}
