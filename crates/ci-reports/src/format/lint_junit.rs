//! `JUnit` XML that a linter wrote: findings in the clothes of tests.

use crate::format::annotations::tool_named;
use crate::format::junit::document::{self, Case, Outcome};
use crate::format::junit::{is_linter_name, names_linter};
use crate::format::{Input, Reader, ends, rule as rule_name};
use crate::recognise::{Sample, Shape};
use crate::{LintFinding, ReadError, Report, Severity, Tool, text};

pub(super) const READER: Reader = Reader {
    claims,
    hinted: |name| ends(name, ".xml") && name.contains("junit") && names_linter(name),
    read,
};

fn claims(sample: &Sample<'_>) -> bool {
    let Shape::Xml(xml) = &sample.shape else {
        return false;
    };
    let test_like = matches!(xml.root.as_str(), "testsuites" | "testsuite");
    test_like && (xml.linter || names_linter(&sample.file_name))
}

fn read(input: &Input<'_>) -> Result<Report, ReadError> {
    let document = document::read(input)?;
    let named = std::iter::once(document.name.as_str());
    let suites = document
        .suites
        .iter()
        .flat_map(|suite| [suite.name.as_str(), suite.package.as_str()]);
    let writer = named.chain(suites).find_map(is_linter_name);
    if writer.is_none() && input.tool.is_none() {
        return Err(input.not_this("no linter wrote it"));
    }
    let mut findings = Vec::new();
    for case in &document.cases {
        let suite = case.suite.and_then(|suite| document.suites.get(suite));
        let suite = suite.map(|suite| suite.name.as_str()).unwrap_or_default();
        let complaints = case.outcomes.iter().filter(|outcome| outcome.is_bad());
        for outcome in complaints {
            input.check_findings(findings.len() + 1)?;
            findings.push(finding(case, suite, outcome));
        }
    }
    let seen = writer.and_then(|name| tool_named(&name));
    if document.counted > document.shown {
        return Err(input.malformed("a suite counts more failures than it shows"));
    }
    input.lint(seen.unwrap_or(Tool::Junit), findings)
}

/// The suite is called after the file, the case after the rule: `org.ruff.F401`.
fn finding(case: &Case, suite: &str, outcome: &Outcome) -> LintFinding {
    let body = text::plain(text::head(&outcome.body, text::LINE_BYTES));
    let (line, column) = place(&body);
    let message = outcome.message.trim();
    let told = if message.is_empty() {
        body.trim()
    } else {
        message
    };
    let words = body.split_once(" - ").map_or("", |(head, _)| head);
    LintFinding {
        rule: rule(&case.name),
        message: text::message(told).unwrap_or_default(),
        file: [case.file.as_str(), suite, case.class.as_str()]
            .into_iter()
            .find(|name| !name.is_empty())
            .map(text::line),
        line: case.line.filter(|line| *line > 0).or(line),
        column,
        severity: if words.ends_with("Warning") {
            Severity::Warning
        } else {
            Severity::Error
        },
    }
}

fn rule(name: &str) -> Option<String> {
    let mut parts = name.strip_prefix("org.").unwrap_or(name).splitn(2, '.');
    let first = parts.next().filter(|first| is_linter_name(first).is_some());
    let rule = first.and(parts.next()).unwrap_or(name);
    // ESLint calls a complaint of no rule `org.eslint.unknown`.
    (!rule.is_empty() && rule != "unknown").then(|| rule_name(rule))
}

/// `line 3, col 8, words`.
fn place(body: &str) -> (Option<u32>, Option<u32>) {
    let mut parts = body.trim_start().splitn(3, ',').map(str::trim);
    let mut number = |word: &str| {
        let digits = parts.next()?.strip_prefix(word)?.trim();
        digits.parse().ok().filter(|number: &u32| *number > 0)
    };
    let line = number("line");
    (line, number("col"))
}
