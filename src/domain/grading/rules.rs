//! The rules a grade is worked out by: what of a course a grade depends on, and nothing else of it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::{
    assessment::Band,
    course::Course,
    locale::{Locale, Localized},
    practice::PracticeTask,
    remediation::RemediationRule,
    terms::Terms,
};

/// Everything but the evidence that a grade is worked out from. It is stored with the grade, so what
/// is added to it later must have a default.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rules {
    /// Id of the course.
    pub course: String,
    /// The practice without its texts: expected reports, rubric, what is asked of a run.
    pub practice: PracticeTask,
    /// Letters, from the best down.
    pub bands: Vec<Band>,
    /// From a finding to a section, without advice; in the order of the course, which pointers count by.
    pub remediation: Vec<RemediationRule>,
    /// Titles of the sections that can be pointed to, by anchor, in the course's own language.
    pub sections: BTreeMap<String, String>,
}

impl Rules {
    /// The rules of a practice as its course states them now.
    #[must_use]
    pub fn of(course: &Course, practice: &PracticeTask) -> Self {
        let own = course.locales.first().copied().unwrap_or(Locale::En);
        let anchors = course.remediation.iter().map(|rule| &rule.section);
        let sections = anchors.filter_map(|anchor| {
            let (_, section) = course.find_section(anchor)?;
            Some((anchor.clone(), section.title.text(own).to_owned()))
        });
        Self {
            course: course.id.clone(),
            practice: PracticeTask {
                title: Localized::default(),
                brief: Localized::default(),
                terms: Terms::default(),
                show: Vec::new(),
                ..practice.clone()
            },
            bands: course.assessment.bands.clone(),
            sections: sections.collect(),
            remediation: course
                .remediation
                .iter()
                .map(|rule| RemediationRule {
                    advice: Localized::default(),
                    ..rule.clone()
                })
                .collect(),
        }
    }

    /// These rules for a run whose facts were gathered under earlier ones. Only files that a policy
    /// looks at are kept of a commit; where this policy looks at more, the run is judged by the earlier.
    #[must_use]
    pub fn for_facts_of(mut self, earlier: &Self) -> Self {
        let (now, then) = (&self.practice.integrity, &earlier.practice.integrity);
        let is_seen = match (now, then) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(now), Some(then)) => then.sees_all_of(now),
        };
        if !is_seen {
            self.practice.integrity.clone_from(then);
        }
        self
    }

    /// Whether every report that these rules require was expected by earlier ones, and so was stored
    /// when a run had it.
    #[must_use]
    pub fn has_reports_of(&self, earlier: &Self) -> bool {
        let required = self.practice.reports.iter().filter(|one| one.required);
        let mut places = required.map(|one| (&one.artifact, &one.path));
        places.all(|place| {
            let then = earlier.practice.reports.iter();
            then.map(|one| (&one.artifact, &one.path))
                .any(|known| known == place)
        })
    }
}
