//! What is wrong with a course, where, and what to do about it.

use std::fmt;

use serde::Serialize;

/// Every code a diagnostic may have. `docs/AUTHORING.md` has a cure for each, and `tests/data/courses`
/// a course that shows it; tests keep all three alike.
pub const CODES: &[&str] = &[
    "answer-by-length",
    "answer-key-differs",
    "answer-not-among-options",
    "assessment-differs",
    "bad-assessment",
    "bad-attempts",
    "bad-bank",
    "bad-date",
    "bad-glob",
    "bad-json",
    "bad-manifest",
    "bad-pattern",
    "bad-show",
    "bad-toml",
    "bad-yaml",
    "bands-not-whole",
    "bank-cannot-fill-draw",
    "choice-too-long",
    "dates-out-of-order",
    "dead-section",
    "draw-out-of-range",
    "duplicate-anchor",
    "duplicate-checklist",
    "duplicate-choice",
    "duplicate-id",
    "duplicate-module",
    "duplicate-part",
    "duplicate-practice",
    "duplicate-question",
    "empty-checklist",
    "empty-section",
    "gate-without-criterion",
    "late-costs-nothing",
    "measure-without-report",
    "missing-course-toml",
    "missing-explanation",
    "missing-language-folder",
    "missing-manifest",
    "missing-translation",
    "module-inside-module",
    "no-modules",
    "no-remediation-condition",
    "no-right-answer",
    "no-title",
    "not-utf8",
    "prompt-too-long",
    "sections-differ",
    "several-right-answers",
    "tolerance-too-wide",
    "too-few-choices",
    "too-few-questions",
    "too-many-choices",
    "unclosed-comment",
    "unknown-bank",
    "unknown-heading",
    "unknown-key",
    "unknown-part",
    "unlisted-language",
    "unreadable-file",
    "weights-not-whole",
];

/// How bad a finding about content is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The course must not be served as it is.
    Error,
    /// The course works; its author should look.
    Warning,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
        })
    }
}

/// One thing wrong with the content, at its file and line, with the way to mend it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// Whether the course can be served.
    pub severity: Severity,
    /// Stable name of the rule: `dead-section`.
    pub code: &'static str,
    /// Path of the file as the caller named it.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub fix: String,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            severity,
            code,
            file,
            line,
            message,
            fix,
        } = self;
        write!(
            f,
            "{severity}[{code}] {file}:{line}: {message}\n  fix: {fix}"
        )
    }
}

/// A file and a line in it, from 1.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Place {
    /// Path of the file as the caller named it.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
}

impl Place {
    /// A line of a file.
    pub fn new(file: &str, line: u32) -> Self {
        Self {
            file: file.to_owned(),
            line: line.max(1),
        }
    }
}

/// Every diagnostic of one reading.
#[derive(Debug, Default)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// Adds something that forbids serving the course.
    pub fn error(
        &mut self,
        code: &'static str,
        place: &Place,
        message: String,
        fix: impl Into<String>,
    ) {
        self.add(Severity::Error, code, place, message, fix.into());
    }

    /// Adds something the author should look at.
    pub fn warning(
        &mut self,
        code: &'static str,
        place: &Place,
        message: String,
        fix: impl Into<String>,
    ) {
        self.add(Severity::Warning, code, place, message, fix.into());
    }

    fn add(
        &mut self,
        severity: Severity,
        code: &'static str,
        place: &Place,
        message: String,
        fix: String,
    ) {
        let Place { file, line } = place.clone();
        self.0.push(Diagnostic {
            severity,
            code,
            file,
            line,
            message,
            fix,
        });
    }

    /// All of them by file and line, without repetitions.
    pub fn into_sorted(self) -> Vec<Diagnostic> {
        let mut all = self.0;
        all.sort_by(|a, b| {
            (&a.file, a.line, a.severity, a.code).cmp(&(&b.file, b.line, b.severity, b.code))
        });
        all.dedup();
        all
    }
}
