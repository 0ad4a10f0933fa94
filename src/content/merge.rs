//! Drafts of one course in its languages to one course.

use super::{
    diagnostic::{Diagnostics, Place},
    draft::{DraftChecklist, DraftCourse, DraftModule, DraftPart, DraftPractice, DraftSection},
};
use crate::domain::{
    assessment::Assessment,
    course::{Checklist, ChecklistItem, Course, Module, Part, Section},
    locale::{Locale, Localized},
    practice::PracticeTask,
    rubric::Rubric,
    terms::Terms,
};

/// The course of its drafts; the first is the author's own language, which the others follow.
pub fn merge(
    id: &str,
    drafts: &[DraftCourse],
    assessment: Assessment,
    out: &mut Diagnostics,
) -> Option<Course> {
    let (base, others) = drafts.split_first()?;
    let mut course = Course {
        id: id.to_owned(),
        title: Localized::default(),
        intro: Localized::default(),
        locales: drafts.iter().map(|draft| draft.locale).collect(),
        parts: base
            .parts
            .iter()
            .map(|part| new_part(part, base.locale))
            .collect(),
        assessment,
        banks: Vec::new(),
        remediation: Vec::new(),
    };
    for draft in drafts {
        let locale = draft.locale;
        course
            .title
            .insert(locale, draft.title.clone().unwrap_or_else(|| id.to_owned()));
        course.intro.insert(locale, intro(draft));
    }
    for other in others {
        let mut merger = Merger {
            base: base.locale,
            other: other.locale,
            out,
        };
        merger.parts(&mut course.parts, &base.parts, &other.parts);
    }
    Some(course)
}

/// The introduction of the course; what introduces a part follows it under the part's title.
fn intro(draft: &DraftCourse) -> String {
    let parts = draft.parts.iter().filter(|part| !part.intro.is_empty());
    let parts = parts.map(|part| format!("### {}\n\n{}", part.title, part.intro));
    let all: Vec<_> = std::iter::once(draft.intro.clone())
        .filter(|intro| !intro.is_empty())
        .chain(parts)
        .collect();
    all.join("\n\n")
}

fn new_part(draft: &DraftPart, locale: Locale) -> Part {
    Part {
        id: draft.id.clone(),
        code: draft.code.clone(),
        title: Localized::only(locale, draft.title.clone()),
        modules: draft
            .modules
            .iter()
            .map(|module| new_module(module, locale))
            .collect(),
        practice: draft
            .practice
            .as_ref()
            .map(|practice| new_practice(&draft.id, practice, locale)),
        checklist: draft
            .checklist
            .as_ref()
            .map(|checklist| new_checklist(&draft.id, checklist, locale)),
    }
}

fn new_module(draft: &DraftModule, locale: Locale) -> Module {
    Module {
        id: draft.id.clone(),
        code: draft.code.clone(),
        title: Localized::only(locale, draft.title.clone()),
        sections: draft
            .sections
            .iter()
            .map(|section| new_section(section, locale))
            .collect(),
    }
}

fn new_section(draft: &DraftSection, locale: Locale) -> Section {
    Section {
        anchor: draft.anchor.clone(),
        title: Localized::only(locale, draft.title.clone()),
        body: Localized::only(locale, draft.body.clone()),
    }
}

fn new_practice(part: &str, draft: &DraftPractice, locale: Locale) -> PracticeTask {
    PracticeTask {
        id: part.to_owned(),
        title: Localized::only(locale, draft.title.clone()),
        brief: Localized::only(locale, draft.brief.clone()),
        reports: Vec::new(),
        rubric: Rubric::default(),
        integrity: None,
        terms: Terms::default(),
        show: Vec::new(),
    }
}

fn new_checklist(part: &str, draft: &DraftChecklist, locale: Locale) -> Checklist {
    let items = draft
        .items
        .iter()
        .enumerate()
        .map(|(index, (_, text))| ChecklistItem {
            id: format!("{part}-{}", index + 1),
            text: Localized::only(locale, text.clone()),
        });
    Checklist {
        items: items.collect(),
    }
}

/// Lays one language over the author's own.
struct Merger<'a> {
    base: Locale,
    other: Locale,
    out: &'a mut Diagnostics,
}

impl Merger<'_> {
    fn parts(&mut self, parts: &mut [Part], base: &[DraftPart], other: &[DraftPart]) {
        for (part, mine) in parts.iter_mut().zip(base) {
            let Some(theirs) = other.iter().find(|draft| draft.id == mine.id) else {
                self.missing(&mine.place, &format!("the part {}", mine.code), self.other);
                continue;
            };
            part.title.insert(self.other, theirs.title.clone());
            self.modules(&mut part.modules, &mine.modules, &theirs.modules);
            self.practice(part.practice.as_mut(), mine, theirs);
            self.checklist(part.checklist.as_mut(), mine, theirs);
        }
        for theirs in other
            .iter()
            .filter(|draft| !base.iter().any(|mine| mine.id == draft.id))
        {
            self.missing(
                &theirs.place,
                &format!("the part {}", theirs.code),
                self.base,
            );
        }
        let order = |drafts: &[DraftPart]| {
            drafts
                .iter()
                .map(|draft| draft.id.clone())
                .collect::<Vec<_>>()
        };
        self.same_order(
            &order(base),
            &order(other),
            "the parts",
            other.first().map(|draft| &draft.place),
        );
    }

    fn modules(&mut self, modules: &mut [Module], base: &[DraftModule], other: &[DraftModule]) {
        for (module, mine) in modules.iter_mut().zip(base) {
            let Some(theirs) = other.iter().find(|draft| draft.id == mine.id) else {
                self.missing(
                    &mine.place,
                    &format!("the module {}", mine.code),
                    self.other,
                );
                continue;
            };
            module.title.insert(self.other, theirs.title.clone());
            self.sections(&mut module.sections, mine, theirs);
        }
        for theirs in other
            .iter()
            .filter(|draft| !base.iter().any(|mine| mine.id == draft.id))
        {
            self.missing(
                &theirs.place,
                &format!("the module {}", theirs.code),
                self.base,
            );
        }
        let order = |drafts: &[DraftModule]| {
            drafts
                .iter()
                .map(|draft| draft.id.clone())
                .collect::<Vec<_>>()
        };
        self.same_order(
            &order(base),
            &order(other),
            "the modules",
            other.first().map(|draft| &draft.place),
        );
    }

    /// Pairs sections by the author's anchors, and what has none by its order.
    fn sections(&mut self, sections: &mut [Section], base: &DraftModule, other: &DraftModule) {
        let mut mine: Vec<_> = sections.iter_mut().zip(&base.sections).collect();
        let mut theirs: Vec<_> = other.sections.iter().collect();
        let shared = |draft: &DraftSection, all: &[DraftSection]| {
            all.iter().any(|one| one.anchor == draft.anchor)
        };
        let order = |all: &[DraftSection], of: &[DraftSection]| {
            all.iter()
                .filter(|draft| shared(draft, of))
                .map(|draft| draft.anchor.clone())
                .collect::<Vec<_>>()
        };
        let sides = (
            order(&base.sections, &other.sections),
            order(&other.sections, &base.sections),
        );
        self.same_order(
            &sides.0,
            &sides.1,
            &format!("the sections of {}", base.code),
            Some(&other.place),
        );
        mine.retain_mut(|(section, draft)| {
            let Some(at) = theirs.iter().position(|other| other.anchor == draft.anchor) else {
                return true;
            };
            lay(section, theirs.remove(at), self.other);
            false
        });
        if mine.len() == theirs.len()
            && mine
                .iter()
                .zip(&theirs)
                .all(|((_, mine), theirs)| !(mine.explicit && theirs.explicit))
        {
            for ((section, _), theirs) in mine.into_iter().zip(theirs) {
                if theirs.explicit {
                    section.anchor.clone_from(&theirs.anchor);
                }
                lay(section, theirs, self.other);
            }
            return;
        }
        for (_, draft) in mine {
            self.missing_section(draft, self.other);
        }
        for draft in theirs {
            self.missing_section(draft, self.base);
        }
    }

    fn practice(
        &mut self,
        practice: Option<&mut PracticeTask>,
        mine: &DraftPart,
        theirs: &DraftPart,
    ) {
        match (practice, &mine.practice, &theirs.practice) {
            (Some(practice), Some(_), Some(theirs)) => {
                practice.title.insert(self.other, theirs.title.clone());
                practice.brief.insert(self.other, theirs.brief.clone());
            }
            (_, Some(draft), None) => self.missing(
                &draft.place,
                &format!("the practice of {}", mine.code),
                self.other,
            ),
            (_, None, Some(draft)) => self.missing(
                &draft.place,
                &format!("the practice of {}", mine.code),
                self.base,
            ),
            _ => {}
        }
    }

    fn checklist(
        &mut self,
        checklist: Option<&mut Checklist>,
        mine: &DraftPart,
        theirs: &DraftPart,
    ) {
        let name = format!("the checklist of {}", mine.code);
        match (checklist, &mine.checklist, &theirs.checklist) {
            (Some(checklist), Some(mine), Some(theirs)) => {
                for (item, (_, text)) in checklist.items.iter_mut().zip(&theirs.items) {
                    item.text.insert(self.other, text.clone());
                }
                if let Some((place, text)) = mine.items.get(theirs.items.len()) {
                    self.missing(place, &format!("`{text}` of {name}"), self.other);
                }
                if let Some((place, text)) = theirs.items.get(mine.items.len()) {
                    self.missing(place, &format!("`{text}` of {name}"), self.base);
                }
            }
            (_, Some(draft), None) => self.missing(&draft.place, &name, self.other),
            (_, None, Some(draft)) => self.missing(&draft.place, &name, self.base),
            _ => {}
        }
    }

    fn missing_section(&mut self, draft: &DraftSection, locale: Locale) {
        if draft.explicit {
            return self.missing(
                &draft.place,
                &format!("the section `{}`", draft.anchor),
                locale,
            );
        }
        let message = format!(
            "the section `{}` has no counterpart in `{locale}`",
            draft.title
        );
        let fix =
            "Give the sections of both languages the same `{#anchor}`, and write the missing one.";
        self.out
            .error("sections-differ", &draft.place, message, fix);
    }

    fn missing(&mut self, place: &Place, what: &str, locale: Locale) {
        let message = format!("{what} is missing in `{locale}`");
        self.out.error(
            "missing-translation",
            place,
            message,
            format!("Write it in `{locale}` at the same place."),
        );
    }

    fn same_order(
        &mut self,
        mine: &[String],
        theirs: &[String],
        what: &str,
        place: Option<&Place>,
    ) {
        let mut sorted = (mine.to_vec(), theirs.to_vec());
        sorted.0.sort();
        sorted.1.sort();
        if let (Some(place), true, true) = (place, mine != theirs, sorted.0 == sorted.1) {
            let message = format!(
                "{what} stand in another order than in `{}`: {}",
                self.base,
                mine.join(", ")
            );
            self.out.error(
                "sections-differ",
                place,
                message,
                "Put them in the same order.",
            );
        }
    }
}

fn lay(section: &mut Section, draft: &DraftSection, locale: Locale) {
    section.title.insert(locale, draft.title.clone());
    section.body.insert(locale, draft.body.clone());
}
