//! What linters and formatters found.

use serde::{Deserialize, Serialize};

/// What a linter or a formatter said; nothing found is an empty list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lint {
    /// The findings in the report's order.
    pub findings: Vec<LintFinding>,
}

/// One finding of a linter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LintFinding {
    /// The rule's code or name: `F401`, `no-var`; `syntax-error` for code that does not parse.
    pub rule: Option<String>,
    /// The tool's words, plain and at most 2 000 characters.
    pub message: String,
    /// The file as the tool wrote it; may be an absolute path of the runner.
    pub file: Option<String>,
    /// Line from 1.
    pub line: Option<u32>,
    /// Column from 1.
    pub column: Option<u32>,
    /// How bad the tool thinks it is.
    pub severity: Severity,
}

/// How bad a finding is, from mild to bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// A hint.
    Note,
    /// A warning.
    Warning,
    /// An error.
    Error,
}

impl Lint {
    /// Findings of one severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        let of_it = |finding: &&LintFinding| finding.severity == severity;
        self.findings.iter().filter(of_it).count()
    }

    /// Whether nothing was found.
    #[must_use]
    pub const fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }
}
