//! A course in one language as its headings tell it, before the languages are merged.

use super::diagnostic::Place;
use crate::domain::locale::Locale;

/// A course in one language.
#[derive(Debug)]
pub struct DraftCourse {
    /// The language.
    pub locale: Locale,
    /// Where the first file begins.
    pub start: Place,
    /// Title, when there is one.
    pub title: Option<String>,
    /// What stands before the first part.
    pub intro: String,
    /// Parts in order.
    pub parts: Vec<DraftPart>,
    /// Source of the assessment sections, each with its place.
    pub assessment: Vec<(Place, String)>,
}

/// A part.
#[derive(Debug)]
pub struct DraftPart {
    /// Its heading.
    pub place: Place,
    /// Id.
    pub id: String,
    /// Code as written.
    pub code: String,
    /// Title.
    pub title: String,
    /// What stands between its heading and its first module.
    pub intro: String,
    /// Modules in order.
    pub modules: Vec<DraftModule>,
    /// The practice.
    pub practice: Option<DraftPractice>,
    /// The checklist.
    pub checklist: Option<DraftChecklist>,
}

/// A module.
#[derive(Debug)]
pub struct DraftModule {
    /// Its heading.
    pub place: Place,
    /// Id.
    pub id: String,
    /// Code as written.
    pub code: String,
    /// Title.
    pub title: String,
    /// Sections in order.
    pub sections: Vec<DraftSection>,
}

/// A section.
#[derive(Debug)]
pub struct DraftSection {
    /// Its heading.
    pub place: Place,
    /// Anchor.
    pub anchor: String,
    /// Whether the anchor is the author's and not made of the title.
    pub explicit: bool,
    /// Title.
    pub title: String,
    /// Markdown source.
    pub body: String,
}

/// A practice.
#[derive(Debug)]
pub struct DraftPractice {
    /// Its heading.
    pub place: Place,
    /// Title.
    pub title: String,
    /// The task, Markdown source.
    pub brief: String,
}

/// A checklist.
#[derive(Debug)]
pub struct DraftChecklist {
    /// Its heading.
    pub place: Place,
    /// Items in order.
    pub items: Vec<(Place, String)>,
}

impl DraftCourse {
    /// Every module with the part it stands in.
    pub fn modules(&self) -> impl Iterator<Item = &DraftModule> {
        self.parts.iter().flat_map(|part| &part.modules)
    }
}
