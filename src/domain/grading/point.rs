//! From findings to the sections of the course to read again.

use super::{CostedFinding, Pointer, Rules};
use crate::domain::remediation::RemediationRule;

/// The sections that the findings point to, in their order, each once.
pub(super) fn point(rules: &Rules, findings: &[CostedFinding]) -> Vec<Pointer> {
    let found = findings.iter().map(|finding| {
        let fits =
            |rule: &RemediationRule| rule.matches(finding.tool, &finding.id, &finding.message);
        (finding.id.as_str(), find_rule(rules, fits))
    });
    collect(rules, found)
}

/// The sections that failed steps point to by their names alone: by rules for a tool that the name
/// holds, or for no tool, whose patterns fit the name.
pub fn point_steps<'a>(rules: &Rules, names: impl Iterator<Item = &'a str>) -> Vec<Pointer> {
    let found = names.map(|name| {
        let fits = |rule: &RemediationRule| rule.matches_step(name);
        (name, find_rule(rules, fits))
    });
    collect(rules, found)
}

type Found<'a> = Option<(usize, &'a RemediationRule)>;

fn find_rule(rules: &Rules, fits: impl Fn(&RemediationRule) -> bool) -> Found<'_> {
    let mut all = rules.remediation.iter().enumerate();
    all.find(|(_, rule)| fits(rule))
}

fn collect<'a, 'b>(
    rules: &'a Rules,
    found: impl Iterator<Item = (&'b str, Found<'a>)>,
) -> Vec<Pointer> {
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
        if let Some(title) = rules.sections.get(&rule.section) {
            pointers.push(Pointer {
                section: rule.section.clone(),
                title: title.clone(),
                because: because.to_owned(),
                rule: position,
            });
        }
    }
    pointers
}
