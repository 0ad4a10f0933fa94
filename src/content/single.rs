//! A course of one Markdown file.

use super::{
    Reading, SourceFile,
    assessment::{Rules, read_rules, settle},
    check::check_draft,
    diagnostic::Diagnostics,
    document::Document,
    merge::merge,
    outline,
    page::Page,
    segment::{Segment, segments},
};
use crate::domain::{course::Course, locale::Locale};

/// The course of an outline in one file; its id is the name of the file, its language that of its headings.
#[must_use]
pub fn read_outline(file: &SourceFile) -> Reading {
    let mut out = Diagnostics::default();
    let course = Document::decode(file, &mut out).and_then(|document| read(document, &mut out));
    Reading {
        course,
        diagnostics: out.into_sorted(),
    }
}

fn read(document: Document, out: &mut Diagnostics) -> Option<Course> {
    let (id, start) = (id_of_file(&document.path), document.start());
    let segments = segments(&[Page::read(document, out)]);
    let draft = outline::read_outline(language(&segments), start.clone(), &segments, out);
    check_draft(&draft, out);
    let rules = read_rules(&draft.assessment, out);
    let place = draft
        .assessment
        .first()
        .map_or(start, |(place, _)| place.clone());
    let assessment = settle(rules, Rules::default(), &place, out);
    let found = draft.modules().next().is_some();
    merge(&id, &[draft], assessment, out).filter(|_| found)
}

/// `notes/My Course.md` is `my-course`.
fn id_of_file(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let id = slug::slugify(stem);
    if id.is_empty() {
        "course".to_owned()
    } else {
        id
    }
}

/// Russian when a good part of the letters of the headings is Cyrillic; codes are Latin in both languages.
fn language(segments: &[Segment]) -> Locale {
    let letters = || {
        segments
            .iter()
            .flat_map(|segment| segment.title.chars())
            .filter(|c| c.is_alphabetic())
    };
    let cyrillic = letters()
        .filter(|c| matches!(c, '\u{400}'..='\u{4ff}'))
        .count();
    if cyrillic > 0 && cyrillic * 3 >= letters().count() {
        Locale::Ru
    } else {
        Locale::En
    }
}
