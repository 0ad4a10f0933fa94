//! The programs that write reports.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The program a report comes from; its name is stable and safe to store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tool {
    /// pytest, with or without its plugins.
    Pytest,
    /// Vitest, or Jest, which writes the same JSON.
    Vitest,
    /// Playwright Test.
    Playwright,
    /// A check that runs the work from outside and writes `JUnit` XML; only named, never guessed.
    Blackbox,
    /// Some other writer of `JUnit` XML: Surefire, Gradle, go-junit-report.
    Junit,
    /// coverage.py, also through pytest-cov.
    CoveragePy,
    /// Istanbul and everything that writes through its reporters.
    Istanbul,
    /// Some other writer of Cobertura XML.
    Cobertura,
    /// Some other writer of lcov traces.
    Lcov,
    /// `ruff check`.
    Ruff,
    /// `ruff format --check`.
    RuffFormat,
    /// flake8.
    Flake8,
    /// `ESLint`.
    Eslint,
    /// `prettier --check`.
    Prettier,
    /// Some other writer of SARIF.
    Sarif,
    /// Some other writer of GitHub's annotations.
    Github,
    /// Some other writer of GitLab's code quality JSON.
    CodeQuality,
}

/// A name that is no [`Tool`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown tool {0:?}; known: {known}", known = Tool::names())]
pub struct UnknownTool(pub String);

impl Tool {
    /// Every tool, in declaration order.
    pub const ALL: [Self; 17] = [
        Self::Pytest,
        Self::Vitest,
        Self::Playwright,
        Self::Blackbox,
        Self::Junit,
        Self::CoveragePy,
        Self::Istanbul,
        Self::Cobertura,
        Self::Lcov,
        Self::Ruff,
        Self::RuffFormat,
        Self::Flake8,
        Self::Eslint,
        Self::Prettier,
        Self::Sarif,
        Self::Github,
        Self::CodeQuality,
    ];

    /// The stable kebab-case name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pytest => "pytest",
            Self::Vitest => "vitest",
            Self::Playwright => "playwright",
            Self::Blackbox => "blackbox",
            Self::Junit => "junit",
            Self::CoveragePy => "coverage-py",
            Self::Istanbul => "istanbul",
            Self::Cobertura => "cobertura",
            Self::Lcov => "lcov",
            Self::Ruff => "ruff",
            Self::RuffFormat => "ruff-format",
            Self::Flake8 => "flake8",
            Self::Eslint => "eslint",
            Self::Prettier => "prettier",
            Self::Sarif => "sarif",
            Self::Github => "github",
            Self::CodeQuality => "code-quality",
        }
    }

    fn names() -> String {
        Self::ALL.map(Self::as_str).join(", ")
    }
}

impl fmt::Display for Tool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Tool {
    type Err = UnknownTool;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|tool| tool.as_str() == name);
        found.ok_or_else(|| UnknownTool(name.to_owned()))
    }
}
