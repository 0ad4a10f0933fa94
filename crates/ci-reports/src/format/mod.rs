//! The formats, one file each; [`formats!`] below is the one place that lists them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::recognise::Sample;
use crate::{Content, Limits, Lint, LintFinding, ReadError, Report, Tool, text};

mod annotations;
mod cobertura;
mod code_quality;
mod coverage_py;
mod eslint;
mod flake8;
mod istanbul_final;
mod istanbul_summary;
mod junit;
mod lcov;
mod lint_junit;
mod playwright;
mod prettier;
mod ruff;
mod ruff_format;
mod ruff_text;
mod sarif;
mod vitest;

pub(crate) use junit::is_linter;

/// A report's text with all a reader may need to know about it.
pub(crate) struct Input<'a> {
    pub(crate) format: Format,
    /// Who wrote it, if the caller knows.
    pub(crate) tool: Option<Tool>,
    pub(crate) text: &'a str,
    pub(crate) limits: &'a Limits,
}

impl Input<'_> {
    /// The report, by the caller's tool or else by the one the reader recognised.
    pub(crate) fn report(&self, seen: Tool, content: Content) -> Report {
        Report {
            tool: self.tool.unwrap_or(seen),
            format: self.format,
            content,
        }
    }

    /// A lint report, unless it has more findings than allowed.
    pub(crate) fn lint(&self, seen: Tool, findings: Vec<LintFinding>) -> Result<Report, ReadError> {
        self.check_findings(findings.len())?;
        Ok(self.report(seen, Content::Lint(Lint { findings })))
    }

    pub(crate) fn check_findings(&self, count: usize) -> Result<(), ReadError> {
        let limit = self.limits.findings;
        if count > limit {
            return Err(ReadError::TooMany {
                what: "findings",
                limit,
            });
        }
        Ok(())
    }

    pub(crate) fn check_cases(&self, count: usize) -> Result<(), ReadError> {
        let limit = self.limits.cases;
        if count > limit {
            return Err(ReadError::TooMany {
                what: "cases",
                limit,
            });
        }
        Ok(())
    }

    pub(crate) fn malformed(&self, reason: &str) -> ReadError {
        ReadError::malformed(self.format.as_str(), reason)
    }

    pub(crate) fn not_this(&self, reason: &str) -> ReadError {
        ReadError::not_this(self.format, reason)
    }
}

/// What a format's file offers.
pub(crate) struct Reader {
    /// Whether the content can only be this format.
    pub(crate) claims: fn(&Sample<'_>) -> bool,
    /// Whether a lower-case file name suggests this format; asked only when no content decides.
    pub(crate) hinted: fn(&str) -> bool,
    /// Reads the text.
    pub(crate) read: fn(&Input<'_>) -> Result<Report, ReadError>,
}

/// Whether a lower-case file name ends so.
pub(crate) fn ends(name: &str, ending: &str) -> bool {
    name.ends_with(ending)
}

/// A rule as findings name it: code that does not parse has one name in all of ruff's formats.
pub(crate) fn rule(code: &str) -> String {
    match code {
        "invalid-syntax" | "SyntaxError" => "syntax-error".to_owned(),
        code => text::line(code),
    }
}

macro_rules! formats {
    ($($(#[$doc:meta])* $variant:ident = $name:literal => $reader:path,)*) => {
        /// A way of writing a report; its name is stable and safe to store.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        pub enum Format {
            $($(#[$doc])* #[serde(rename = $name)] $variant,)*
        }

        impl Format {
            /// Every format, in the order in which they are tried.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable kebab-case name.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            pub(crate) const fn reader(self) -> &'static Reader {
                match self {
                    $(Self::$variant => &$reader,)*
                }
            }
        }
    };
}

formats! {
    /// `JUnit` XML of a test runner, in the dialects of pytest, Vitest, Playwright and Surefire.
    Junit = "junit" => junit::READER,
    /// `JUnit` XML of a linter: ruff, `ESLint`, pylint. It holds findings and no tests.
    LintJunit = "lint-junit" => lint_junit::READER,
    /// Cobertura XML, as coverage.py and Istanbul write it.
    Cobertura = "cobertura" => cobertura::READER,
    /// `coverage json`.
    CoveragePyJson = "coverage-py-json" => coverage_py::READER,
    /// An lcov trace file.
    Lcov = "lcov" => lcov::READER,
    /// Istanbul's `json-summary`.
    IstanbulSummary = "istanbul-summary" => istanbul_summary::READER,
    /// Istanbul's `json`, usually `coverage-final.json`.
    IstanbulFinal = "istanbul-final" => istanbul_final::READER,
    /// Playwright's JSON reporter.
    PlaywrightJson = "playwright-json" => playwright::READER,
    /// Vitest's or Jest's JSON reporter.
    VitestJson = "vitest-json" => vitest::READER,
    /// `ruff check --output-format json`.
    RuffJson = "ruff-json" => ruff::READER,
    /// The text of `ruff format --check`.
    RuffFormat = "ruff-format" => ruff_format::READER,
    /// The text of `ruff check`: full, concise or grouped.
    RuffText = "ruff-text" => ruff_text::READER,
    /// SARIF 2.1.
    Sarif = "sarif" => sarif::READER,
    /// GitLab's code quality JSON.
    CodeQuality = "code-quality" => code_quality::READER,
    /// GitHub's annotations: workflow commands, or the JSON of a check run.
    GithubAnnotations = "github-annotations" => annotations::READER,
    /// The text of flake8.
    Flake8 = "flake8" => flake8::READER,
    /// `ESLint`'s JSON formatter.
    EslintJson = "eslint-json" => eslint::READER,
    /// The text of `prettier --check`.
    Prettier = "prettier" => prettier::READER,
}

/// A name that is no [`Format`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown report format {0:?}; known: {known}", known = names())]
pub struct UnknownFormat(pub String);

fn names() -> String {
    let names: Vec<&str> = Format::ALL.iter().map(|format| format.as_str()).collect();
    names.join(", ")
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.iter().find(|format| format.as_str() == name);
        found.copied().ok_or_else(|| UnknownFormat(name.to_owned()))
    }
}
