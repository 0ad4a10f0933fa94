//! From findings to the sections of the course to read again.

use super::{CostedFinding, Pointer};
use crate::domain::{course::Course, locale::Locale, remediation::RemediationRule};

/// The sections that the findings point to, in their order, each once.
pub(super) fn point(course: &Course, findings: &[CostedFinding]) -> Vec<Pointer> {
    let found = findings.iter().map(|finding| {
        let fits =
            |rule: &RemediationRule| rule.matches(finding.tool, &finding.id, &finding.message);
        (finding.id.as_str(), find_rule(course, fits))
    });
    collect(course, found)
}

/// The sections that failed steps point to by their names alone: by rules for a tool that the name
/// holds, or for no tool, whose patterns fit the name.
pub fn point_steps<'a>(course: &Course, names: impl Iterator<Item = &'a str>) -> Vec<Pointer> {
    let found = names.map(|name| {
        let fits = |rule: &RemediationRule| rule.matches_step(name);
        (name, find_rule(course, fits))
    });
    collect(course, found)
}

type Found<'a> = Option<(usize, &'a RemediationRule)>;

fn find_rule(course: &Course, fits: impl Fn(&RemediationRule) -> bool) -> Found<'_> {
    let mut rules = course.remediation.iter().enumerate();
    rules.find(|(_, rule)| fits(rule))
}

fn collect<'a, 'b>(
    course: &'a Course,
    found: impl Iterator<Item = (&'b str, Found<'a>)>,
) -> Vec<Pointer> {
    let own = course.locales.first().copied().unwrap_or(Locale::En);
    let mut pointers: Vec<Pointer> = Vec::new();
    for (because, rule) in found {
        let Some((position, rule)) = rule else {
            continue;
        };
        if pointers
            .iter()
            .any(|pointer| pointer.section == rule.section)
        {
            continue;
        }
        if let Some((_, section)) = course.find_section(&rule.section) {
            pointers.push(Pointer {
                section: rule.section.clone(),
                title: section.title.text(own).to_owned(),
                because: because.to_owned(),
                rule: position,
            });
        }
    }
    pointers
}
