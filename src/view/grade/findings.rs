//! What failed, what cost most first: the first failures in layers, the others in a line each.

use std::collections::BTreeMap;

use ci_reports::Finding;

use super::{
    failure::{Failure, place},
    sentence::{runs_tests, sentence},
};
use crate::{
    domain::{
        grading::{CostedFinding, GradeSheet},
        locale::Locale,
        practice::Detail,
    },
    text,
    view::{
        limits::{self, join_lines},
        message::Field,
        untrusted,
    },
};

/// Failures that are told in layers.
const IN_LAYERS: usize = 3;
/// Signs of one of them.
const LAYERS: usize = 600;
/// Findings that are named in a line each; the rest are counted.
const IN_LINES: usize = 6;
/// Signs of all the lines together.
const LINES: usize = 900;

/// Findings of the same tool and rule, or test.
struct Group<'f> {
    first: &'f CostedFinding,
    count: usize,
}

/// What failed, as fields of a message.
pub(super) fn findings(sheet: &GradeSheet, detail: Detail, locale: Locale) -> Vec<Field> {
    if detail == Detail::Points {
        return Vec::new();
    }
    let mut fields = Vec::new();
    let mut lines = Vec::new();
    let mut named = 0;
    for group in group(sheet) {
        let is_test = runs_tests(group.first.tool) && group.first.not_run.is_none();
        if detail == Detail::All && fields.len() < IN_LAYERS && is_test {
            named += group.count;
            fields.push(Field {
                name: format!("{}. {}", fields.len() + 1, group.first.tool),
                value: Failure::new(group.first).layers(LAYERS, locale),
                inline: false,
            });
        } else if lines.len() < IN_LINES {
            named += group.count;
            lines.push(line(&group, locale));
        }
    }
    let more = |count: usize| {
        if detail == Detail::All {
            text!(locale, "grade-more-in-file", count = count)
        } else {
            text!(locale, "grade-more", count = count)
        }
    };
    let rest = sheet.findings.len().saturating_sub(named);
    if rest > 0 {
        lines.push(more(rest));
    }
    let value = join_lines(&lines, LINES.min(limits::FIELD), more);
    if !lines.is_empty() {
        let name = if fields.is_empty() {
            text!(locale, "grade-findings")
        } else {
            text!(locale, "grade-findings-also")
        };
        fields.push(Field {
            name,
            value,
            inline: false,
        });
    }
    fields
}

/// The findings by tool and rule, the most expensive first.
fn group(sheet: &GradeSheet) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut seen: BTreeMap<_, usize> = BTreeMap::new();
    for finding in &sheet.findings {
        let next = groups.len();
        let place = *seen
            .entry((finding.tool, finding.id.as_str()))
            .or_insert(next);
        match groups.get_mut(place) {
            Some(group) => group.count += 1,
            None => groups.push(Group {
                first: finding,
                count: 1,
            }),
        }
    }
    groups
}

/// A test or rule as code; nothing for what has no name of its own.
pub(super) fn id(finding: &CostedFinding) -> Option<String> {
    let is_named = !finding.id.is_empty() && finding.id != Finding::PROBLEM;
    is_named.then(|| untrusted::code(&finding.id, 80))
}

fn line(group: &Group<'_>, locale: Locale) -> String {
    let finding = group.first;
    let times = (group.count > 1).then(|| format!("×{}", group.count));
    let parts = [
        Some(finding.tool.to_string()),
        id(finding),
        place(finding),
        times,
    ];
    let head = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let said = sentence(finding, untrusted::line, locale);
    if said.is_empty() {
        format!("- {head}")
    } else {
        format!("- {head}: {said}")
    }
}
