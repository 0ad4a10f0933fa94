//! The findings that cost most, each in layers: what to do, expected and actual, the trace.

use std::collections::BTreeMap;

use ci_reports::{Finding, Tests};

use crate::{
    domain::{
        grading::{CostedFinding, GradeSheet, NotRun},
        locale::Locale,
    },
    text,
    view::{
        limits::{self, join_lines},
        message::Field,
        untrusted,
    },
};

/// Findings that are named; the rest are counted.
const FINDINGS: usize = 6;

/// The most expensive findings; the same rule in several places is one line.
pub(super) fn findings(sheet: &GradeSheet, locale: Locale) -> Option<Field> {
    let mut groups: Vec<(&CostedFinding, usize)> = Vec::new();
    let mut seen: BTreeMap<(String, &str), usize> = BTreeMap::new();
    for finding in &sheet.findings {
        let next = groups.len();
        let place = *seen
            .entry((finding.tool.to_string(), finding.id.as_str()))
            .or_insert(next);
        match groups.get_mut(place) {
            Some((_, count)) => *count += 1,
            None => groups.push((finding, 1)),
        }
    }
    let named: usize = groups.iter().take(FINDINGS).map(|(_, count)| count).sum();
    let mut lines: Vec<String> = groups
        .iter()
        .take(FINDINGS)
        .map(|(finding, count)| name(finding, *count, locale))
        .collect();
    let rest = sheet.findings.len().saturating_sub(named);
    if rest > 0 {
        lines.push(text!(locale, "grade-more", count = rest));
    }
    let value = join_lines(&lines, limits::FIELD, |count| {
        text!(locale, "grade-more", count = count)
    });
    (!lines.is_empty()).then(|| Field {
        name: text!(locale, "grade-findings"),
        value,
        inline: false,
    })
}

fn name(finding: &CostedFinding, count: usize, locale: Locale) -> String {
    if finding.id == Finding::PROBLEM && finding.message == Tests::NONE_RAN {
        return format!("- {}: {}", finding.tool, text!(locale, "grade-no-tests"));
    }
    let times = if count > 1 {
        format!(" ×{count}")
    } else {
        String::new()
    };
    let place = finding
        .file
        .as_deref()
        .filter(|file| is_own(file))
        .map(|file| {
            let line = finding
                .line
                .map(|line| format!(":{line}"))
                .unwrap_or_default();
            format!(" {}", untrusted::code(&format!("{file}{line}"), 60))
        });
    let is_named = !finding.id.is_empty() && finding.id != Finding::PROBLEM;
    let id = if is_named {
        format!(" {}", untrusted::code(&finding.id, 80))
    } else {
        String::new()
    };
    let first = finding.message.lines().next().unwrap_or_default();
    let message = match finding.not_run {
        Some(NotRun::Missing) => format!(": {}", text!(locale, "grade-not-run-missing")),
        Some(NotRun::Skipped) => format!(": {}", text!(locale, "grade-not-run-skipped")),
        Some(NotRun::Repeated) => format!(": {}", text!(locale, "grade-not-run-repeated")),
        None if first.is_empty() => String::new(),
        None => format!(": {}", untrusted::line(first, 110)),
    };
    format!(
        "- {}{id}{}{times}{message}",
        finding.tool,
        place.unwrap_or_default()
    )
}

/// Whether a file is the member's own, and not one of a library's.
fn is_own(file: &str) -> bool {
    !file.starts_with("..")
        && !file.starts_with('/')
        && !file.contains("site-packages")
        && !file.contains("node_modules")
}
