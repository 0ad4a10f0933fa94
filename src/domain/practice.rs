//! A practice: the task of a part, the reports its CI must bring, and how they are graded.

use ci_reports::{Format, Tool};
use serde::{Deserialize, Serialize};

use super::{locale::Localized, rubric::Rubric, trust::Policy};

/// A task for the member's own repository, handed in as a link to a CI run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PracticeTask {
    /// Stable id, the id of its part: `basic`.
    pub id: String,
    /// Title.
    #[serde(default, skip_serializing_if = "Localized::is_empty")]
    pub title: Localized<String>,
    /// The task, as Markdown.
    #[serde(default, skip_serializing_if = "Localized::is_empty")]
    pub brief: Localized<String>,
    /// The reports a run of this practice uploads; empty when the course does not grade it.
    pub reports: Vec<ExpectedReport>,
    /// How the reports are graded.
    pub rubric: Rubric,
    /// What is asked of a run before its grade counts as proved; nothing when the course does not say.
    pub integrity: Option<Policy>,
}

/// A report that the CI of a practice uploads under an agreed name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpectedReport {
    /// Name of the artifact: `back-reports`.
    pub artifact: String,
    /// Path inside the artifact: `junit.xml`.
    pub path: String,
    /// The format of the file.
    pub format: Format,
    /// The tool that writes it, where the format alone does not tell.
    pub tool: Option<Tool>,
    /// The side of the project it measures: `back`, `front`, `e2e`.
    pub side: String,
    /// Whether a run without it is incomplete.
    pub required: bool,
}

impl ExpectedReport {
    /// The tool that writes the report: as the course says, else as the format tells.
    #[must_use]
    pub fn tool(&self) -> Option<Tool> {
        self.tool.or(match self.format {
            Format::Junit
            | Format::Sarif
            | Format::LintJunit
            | Format::CodeQuality
            | Format::GithubAnnotations => None,
            Format::Cobertura | Format::CoveragePyJson | Format::Lcov => Some(Tool::CoveragePy),
            Format::IstanbulSummary | Format::IstanbulFinal => Some(Tool::Istanbul),
            Format::PlaywrightJson => Some(Tool::Playwright),
            Format::VitestJson => Some(Tool::Vitest),
            Format::RuffJson | Format::RuffText => Some(Tool::Ruff),
            Format::RuffFormat => Some(Tool::RuffFormat),
            Format::Flake8 => Some(Tool::Flake8),
            Format::EslintJson => Some(Tool::Eslint),
            Format::Prettier => Some(Tool::Prettier),
        })
    }
}
