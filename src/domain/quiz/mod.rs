//! Quizzes: banks of questions, the draw of an attempt, and its mark.

mod attempt;
mod question;

pub use attempt::{DrawnChoice, DrawnKind, DrawnQuestion, Given, Mark, draw, mark};
pub use question::{Bank, Choice, Question, QuestionKind};
