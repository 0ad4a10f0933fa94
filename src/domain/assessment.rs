//! The rules of assessment that a course states: quiz size and pass mark, bands of grades, CI tools.

use serde::{Deserialize, Serialize};

use super::score::BasisPoints;

/// The rules of assessment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Assessment {
    /// The rules of a quiz.
    pub quiz: QuizRules,
    /// Grades from the best down; the last begins at nothing.
    pub bands: Vec<Band>,
    /// Names of the CI tools the outline demands, in lower case: `pytest`, `ruff`, `playwright`.
    pub tools: Vec<String>,
}

/// The rules of a quiz.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct QuizRules {
    /// Fewest questions of one attempt.
    pub min_questions: u32,
    /// Most questions of one attempt.
    pub max_questions: u32,
    /// The share of right answers that passes.
    pub pass_mark_bp: BasisPoints,
}

/// A grade and the lowest score that earns it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Band {
    /// The letter: `S`.
    pub grade: String,
    /// Lowest score of the band.
    pub from_bp: BasisPoints,
}

impl Default for Assessment {
    fn default() -> Self {
        let band = |grade: &str, from| Band {
            grade: grade.to_owned(),
            from_bp: BasisPoints::saturating(from),
        };
        Self {
            quiz: QuizRules::default(),
            bands: vec![
                band("S", 9000),
                band("A", 8000),
                band("B", 7000),
                band("C", 0),
            ],
            tools: Vec::new(),
        }
    }
}

impl Default for QuizRules {
    fn default() -> Self {
        Self {
            min_questions: 10,
            max_questions: 20,
            pass_mark_bp: BasisPoints::saturating(8000),
        }
    }
}

impl Assessment {
    /// The grade of a score: the first band that begins at or below it.
    #[must_use]
    pub fn grade(&self, score: BasisPoints) -> &str {
        letter(&self.bands, score)
    }
}

/// The letter of a score: that of the first band, from the best down, that begins at or below it.
#[must_use]
pub fn letter(bands: &[Band], score: BasisPoints) -> &str {
    let mut reached = bands.iter().filter(|band| score >= band.from_bp);
    reached.next().map_or("C", |band| band.grade.as_str())
}
