//! A bank and its questions, as the author wrote them.

use serde::Serialize;

use crate::domain::locale::Localized;

/// A bank of questions: of a module, or of a part when it draws from several modules.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bank {
    /// Stable id: that of its module or part, `al1` or `basic`.
    pub id: String,
    /// Title for members.
    pub title: Localized<String>,
    /// How many questions one attempt draws.
    pub draw: u32,
    /// Banks it draws from besides its own questions: a part's quiz lists its modules' banks.
    pub includes: Vec<String>,
    /// Questions in order.
    pub questions: Vec<Question>,
}

/// One question.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Question {
    /// Stable id, unique in the course: `al1-url`.
    pub id: String,
    /// Anchor of the section it tests.
    pub section: String,
    /// What is asked, as Markdown.
    pub prompt: Localized<String>,
    /// What kind of answer it takes, with the key.
    pub kind: QuestionKind,
    /// Why the right answer is right, shown after the attempt.
    pub explanation: Localized<String>,
}

/// The kind of answer a question takes, with its key.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum QuestionKind {
    /// Exactly one choice is right.
    Single {
        /// Choices in the author's order.
        choices: Vec<Choice>,
    },
    /// One or more choices are right; the answer is right when it is exactly those.
    Multiple {
        /// Choices in the author's order.
        choices: Vec<Choice>,
    },
    /// A short text, compared without regard to case, spaces and punctuation at the ends.
    Short {
        /// Accepted answers, in every language.
        accept: Vec<String>,
        /// Most edits (Damerau-Levenshtein) an answer may be away from an accepted one.
        tolerance: u32,
    },
}

/// One choice of a question.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Choice {
    /// Stable id within the question: `a`.
    pub id: String,
    /// The text shown.
    pub text: Localized<String>,
    /// Whether it is right.
    pub correct: bool,
    /// Why it is right or wrong, shown after the attempt.
    pub because: Localized<String>,
}
