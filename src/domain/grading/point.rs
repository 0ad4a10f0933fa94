//! From findings to the sections of the course to read again.

use super::{CostedFinding, Pointer};
use crate::domain::{course::Course, locale::Locale};

/// The sections that the findings point to, in their order, each once.
pub(super) fn point(course: &Course, findings: &[CostedFinding]) -> Vec<Pointer> {
    let own = course.locales.first().copied().unwrap_or(Locale::En);
    let mut pointers: Vec<Pointer> = Vec::new();
    for finding in findings {
        let rule = course
            .remediation
            .iter()
            .enumerate()
            .find(|(_, rule)| rule.matches(finding.tool, &finding.id, &finding.message));
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
                because: finding.id.clone(),
                rule: position,
            });
        }
    }
    pointers
}
