//! Files to a course: pure and total. Whatever the bytes are, the answer is a course, diagnostics, or both.

mod assessment;
mod bank;
mod check;
mod diagnostic;
mod document;
mod draft;
mod folder;
mod heading;
mod integrity;
mod merge;
mod outline;
mod page;
mod pattern;
mod rubric;
mod segment;
mod settings;
mod show;
mod single;
mod suggest;
mod terms;
#[cfg(test)]
mod tests;
mod tree;

use crate::domain::course::Course;

pub use diagnostic::{CODES, Diagnostic, Severity};
pub use folder::read_course;
pub use single::read_outline;

/// A file as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Path with forward slashes, relative, as diagnostics show it.
    pub path: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// The files of a course in a folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CourseFiles {
    /// `course.toml` and the lessons, `ru/*.md` and `en/*.md` beside it; other files are left alone.
    pub content: Vec<SourceFile>,
    /// Banks of questions: YAML, JSON and Markdown.
    pub banks: Vec<SourceFile>,
}

/// What was read.
#[derive(Debug)]
pub struct Reading {
    /// The course, when there is one at all. With errors beside it, it is for looking at, not for serving.
    pub course: Option<Course>,
    /// Everything wrong with the files, by file and line.
    pub diagnostics: Vec<Diagnostic>,
}

impl Reading {
    /// Whether the course must not be served.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.course.is_none()
            || self
                .diagnostics
                .iter()
                .any(|one| one.severity == Severity::Error)
    }
}
