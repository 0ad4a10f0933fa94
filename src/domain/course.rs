//! A course as its author wrote it: parts, modules, sections, checklists and practices.

use serde::Serialize;

use super::{
    assessment::Assessment,
    locale::{Locale, Localized},
    practice::PracticeTask,
    quiz::Bank,
    remediation::RemediationRule,
    terms::Counts,
};

/// A course: everything a member can read, answer, tick and hand in.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Course {
    /// Stable id, also the name of its folder: `alembic`.
    pub id: String,
    /// Title without emoji.
    pub title: Localized<String>,
    /// What stands before the first part, as Markdown.
    pub intro: Localized<String>,
    /// The languages the course is written in, the author's own first.
    pub locales: Vec<Locale>,
    /// Parts in order.
    pub parts: Vec<Part>,
    /// The rules of assessment.
    pub assessment: Assessment,
    /// Question banks.
    pub banks: Vec<Bank>,
    /// From a finding in a report to the section to read again; the first that matches wins.
    pub remediation: Vec<RemediationRule>,
}

/// A part of a course, with its practice and checklist: BASIC.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Part {
    /// Stable id in lower case, used in links and settings: `basic`.
    pub id: String,
    /// Code as written in the heading: `BASIC`.
    pub code: String,
    /// Title without number, code and emoji.
    pub title: Localized<String>,
    /// Modules in order.
    pub modules: Vec<Module>,
    /// The practice of the part.
    pub practice: Option<PracticeTask>,
    /// The checklist of the part.
    pub checklist: Option<Checklist>,
}

/// A module, which is one lesson in sections: AL1.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Module {
    /// Stable id in lower case: `al1`.
    pub id: String,
    /// Code as written: `AL1`.
    pub code: String,
    /// Title without code and emoji.
    pub title: Localized<String>,
    /// Sections in order; the first holds what stands before the first sub-heading, when anything does.
    pub sections: Vec<Section>,
}

/// A section of a module: what remediation points to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Section {
    /// Stable anchor, the same in every language: `al3-server-defaults`.
    pub anchor: String,
    /// Title without emoji.
    pub title: Localized<String>,
    /// Body as Markdown, without the heading.
    pub body: Localized<String>,
}

/// The checklist of a part.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Checklist {
    /// Items in order.
    pub items: Vec<ChecklistItem>,
}

/// One thing a member ticks off.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChecklistItem {
    /// Stable id: the part's id and the item's number, `basic-1`.
    pub id: String,
    /// What has been done, as Markdown of one line.
    pub text: Localized<String>,
}

impl Course {
    /// The modules of every part, in order.
    pub fn modules(&self) -> impl Iterator<Item = &Module> {
        self.parts.iter().flat_map(|part| &part.modules)
    }

    /// The module of an id or code, in any case.
    #[must_use]
    pub fn find_module(&self, name: &str) -> Option<&Module> {
        let wanted = name.trim().to_lowercase();
        self.modules()
            .find(|module| module.id == wanted || module.code.to_lowercase() == wanted)
    }

    /// The part of an id or code, in any case.
    #[must_use]
    pub fn find_part(&self, name: &str) -> Option<&Part> {
        let wanted = name.trim().to_lowercase();
        self.parts
            .iter()
            .find(|part| part.id == wanted || part.code.to_lowercase() == wanted)
    }

    /// The section of an anchor, with its module.
    #[must_use]
    pub fn find_section(&self, anchor: &str) -> Option<(&Module, &Section)> {
        self.modules().find_map(|module| {
            module
                .sections
                .iter()
                .find(|section| section.anchor == anchor)
                .map(|section| (module, section))
        })
    }

    /// The practice of an id, in any case.
    #[must_use]
    pub fn find_practice(&self, id: &str) -> Option<&PracticeTask> {
        let wanted = id.trim().to_lowercase();
        self.practices().find(|practice| practice.id == wanted)
    }

    /// Every practice, in order.
    pub fn practices(&self) -> impl Iterator<Item = &PracticeTask> {
        self.parts.iter().filter_map(|part| part.practice.as_ref())
    }

    /// Ids of the practices in which the last result counts.
    #[must_use]
    pub fn last_counts(&self) -> Vec<String> {
        self.practices()
            .filter(|practice| practice.terms.counts == Counts::Last)
            .map(|practice| practice.id.clone())
            .collect()
    }

    /// The bank of an id.
    #[must_use]
    pub fn find_bank(&self, id: &str) -> Option<&Bank> {
        self.banks.iter().find(|bank| bank.id == id)
    }
}
