//! A practice: the task of a part, the reports its CI must bring, and how they are graded.

use ci_reports::{Format, Tool};
use serde::{Deserialize, Serialize};

use super::{locale::Localized, rubric::Rubric, terms::Terms, trust::Policy};

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
    /// From when to when, how often and with whom it is handed in.
    #[serde(default)]
    pub terms: Terms,
    /// How much of what failed a reply shows, from the first attempt on; everything when it is empty.
    #[serde(default)]
    pub show: Vec<Show>,
}

/// From which attempt on a reply shows how much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Show {
    /// The first attempt it is for, from 1: the member's graded submissions of the practice are counted.
    pub from_attempt: u32,
    /// How much is shown.
    pub detail: Detail,
}

/// How much of what failed a reply shows, from little to everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Detail {
    /// The letter, the criteria and the sections to read again.
    Points,
    /// What failed as well, in one sentence each.
    Findings,
    /// What was expected and what came, the trace, and a file with all of it.
    All,
}

impl PracticeTask {
    /// How much the reply to an attempt shows.
    #[must_use]
    pub fn detail_at(&self, attempt: u32) -> Detail {
        let reached = self.show.iter().rev();
        reached
            .into_iter()
            .find(|show| show.from_attempt <= attempt)
            .map_or(Detail::All, |show| show.detail)
    }

    /// The next attempt whose reply shows more than the one to this attempt, and how much.
    #[must_use]
    pub fn shows_more_after(&self, attempt: u32) -> Option<Show> {
        let now = self.detail_at(attempt);
        let mut later = self.show.iter();
        later
            .find(|show| show.from_attempt > attempt && show.detail > now)
            .copied()
    }
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
    /// The name of the job that uploads it, when the course asks for that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job: Option<String>,
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
