//! Rules that hold across a whole course.

use super::{
    diagnostic::{Diagnostics, Place},
    draft::DraftCourse,
    suggest::did_you_mean,
};
use crate::domain::{
    course::Course,
    locale::{Locale, Localized},
};

/// Complains about each language of the course in which a text is missing.
pub fn translated(
    text: &Localized<String>,
    locales: &[Locale],
    place: &Place,
    what: &str,
    out: &mut Diagnostics,
) {
    for locale in locales {
        if text
            .exact(*locale)
            .is_none_or(|text| text.trim().is_empty())
        {
            let message = format!("{what} is missing in `{locale}`");
            out.error(
                "missing-translation",
                place,
                message,
                format!("Write it in `{locale}` too."),
            );
        }
    }
}

/// The rules that the draft of each language keeps by itself.
pub fn check_draft(draft: &DraftCourse, out: &mut Diagnostics) {
    if draft.title.is_none() {
        let message = "there is no `# Title`".to_owned();
        out.error(
            "no-title",
            &draft.start,
            message,
            "Begin the first file with `#` and the title of the course.",
        );
    }
    if draft.modules().next().is_none() {
        let message = "there is no module".to_owned();
        out.error(
            "no-modules",
            &draft.start,
            message,
            "Add headings such as `### Module AL1. Setup`.",
        );
    }
    check_anchors(draft, out);
    check_bodies(draft, out);
    for part in &draft.parts {
        if let Some(checklist) = part
            .checklist
            .as_ref()
            .filter(|checklist| checklist.items.is_empty())
        {
            let message = format!("the checklist of {} has no items", part.code);
            out.error(
                "empty-checklist",
                &checklist.place,
                message,
                "Add items as `- [ ] done`.",
            );
        }
    }
}

fn check_anchors(draft: &DraftCourse, out: &mut Diagnostics) {
    let mut seen: Vec<(&str, &Place)> = Vec::new();
    for section in draft.modules().flat_map(|module| &module.sections) {
        if let Some((_, first)) = seen.iter().find(|(anchor, _)| *anchor == section.anchor) {
            let message = format!(
                "the anchor `{}` already stands on line {} of {}",
                section.anchor, first.line, first.file
            );
            out.error(
                "duplicate-anchor",
                &section.place,
                message,
                "Give the section its own `{#anchor}`.",
            );
        } else {
            seen.push((&section.anchor, &section.place));
        }
    }
}

fn check_bodies(draft: &DraftCourse, out: &mut Diagnostics) {
    for module in draft.modules() {
        for section in module
            .sections
            .iter()
            .filter(|section| section.body.trim().is_empty())
        {
            let message = format!("the section `{}` has no text", section.title);
            out.warning(
                "empty-section",
                &section.place,
                message,
                "Write the section or remove its heading.",
            );
        }
    }
}

/// Complains when no section of the course has the anchor.
pub fn check_section(
    course: &Course,
    anchor: &str,
    place: &Place,
    what: &str,
    out: &mut Diagnostics,
) {
    // Without modules every anchor is dead, and that is told already.
    if course.modules().next().is_some() && course.find_section(anchor).is_none() {
        let anchors: Vec<_> = course
            .modules()
            .flat_map(|module| &module.sections)
            .map(|one| one.anchor.as_str())
            .collect();
        let message = format!("{what} points to the section `{anchor}`, which does not exist");
        let near = super::suggest::nearest(anchor, anchors.iter().copied());
        let fix = near.map_or_else(
            || "Point to an existing `{#anchor}`.".to_owned(),
            |_| did_you_mean(anchor, anchors.iter().copied()),
        );
        out.error("dead-section", place, message, fix);
    }
}
