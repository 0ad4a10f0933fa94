//! From findings to the sections of the course to read again.

use super::{CostedFinding, Pointer, Rules};

/// The sections that the findings point to, in their order, each once.
pub(super) fn point(rules: &Rules, findings: &[CostedFinding]) -> Vec<Pointer> {
    let mut pointers: Vec<Pointer> = Vec::new();
    for finding in findings {
        let rule = rules
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
        if let Some(title) = rules.sections.get(&rule.section) {
            pointers.push(Pointer {
                section: rule.section.clone(),
                title: title.clone(),
                because: finding.id.clone(),
                rule: position,
            });
        }
    }
    pointers
}
