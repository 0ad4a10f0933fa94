//! An attempt: the questions as they were drawn, and how answers to them are marked.

use rand::{SeedableRng, rngs::StdRng, seq::SliceRandom};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::{Bank, Question, QuestionKind};
use crate::domain::{course::Course, locale::Localized, score::BasisPoints};

/// One question as drawn: its own copy of the text and the key, with the choices in the order shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DrawnQuestion {
    /// Id of the question in its bank.
    pub id: String,
    /// Anchor of the section it tests.
    pub section: String,
    /// What is asked.
    pub prompt: Localized<String>,
    /// What is shown after the attempt.
    pub explanation: Localized<String>,
    /// What kind of answer it takes.
    pub kind: DrawnKind,
}

/// The kind of a drawn question, with its key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum DrawnKind {
    /// Choose one, or choose all that apply.
    Choose {
        /// Whether several may be chosen.
        several: bool,
        /// Choices in the order shown.
        choices: Vec<DrawnChoice>,
    },
    /// Type a short text.
    Short {
        /// Accepted answers.
        accept: Vec<String>,
        /// Most edits away from an accepted answer.
        tolerance: u32,
    },
}

/// One choice as drawn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DrawnChoice {
    /// The text shown.
    pub text: Localized<String>,
    /// Whether it is right.
    pub correct: bool,
    /// Why it is right or wrong.
    pub because: Localized<String>,
}

/// What a member gave as an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Given {
    /// Positions of the chosen choices, in the order shown.
    Chosen(Vec<usize>),
    /// A typed text.
    Typed(String),
}

/// How many of an attempt's answers are right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Right answers.
    pub correct: u32,
    /// All questions; one without an answer is not right.
    pub total: u32,
}

impl Mark {
    /// The share of right answers.
    #[must_use]
    pub fn share(self) -> BasisPoints {
        BasisPoints::of(self.correct.into(), self.total.into())
    }

    /// Whether the share reaches the pass mark.
    #[must_use]
    pub fn passes(self, pass_mark: BasisPoints) -> bool {
        u64::from(self.correct) * 10_000 >= u64::from(self.total) * u64::from(pass_mark.get())
    }
}

/// Draws the questions of one attempt: those of the bank and of the banks it includes, shuffled by the seed.
///
/// The same course and seed always give the same questions in the same order.
#[must_use]
pub fn draw(course: &Course, bank: &Bank, seed: u64) -> Vec<DrawnQuestion> {
    let included = bank
        .includes
        .iter()
        .filter_map(|id| course.find_bank(id))
        .filter(|other| other.id != bank.id);
    let mut pool: Vec<&Question> = bank
        .questions
        .iter()
        .chain(included.flat_map(|other| &other.questions))
        .collect();
    let mut rng = StdRng::seed_from_u64(seed);
    pool.shuffle(&mut rng);
    let rules = course.assessment.quiz;
    let wanted = bank.draw.clamp(
        rules.min_questions.min(rules.max_questions),
        rules.max_questions,
    );
    pool.truncate(usize::try_from(wanted).unwrap_or(usize::MAX));
    pool.into_iter()
        .map(|question| draw_question(question, &mut rng))
        .collect()
}

fn draw_question(question: &Question, rng: &mut StdRng) -> DrawnQuestion {
    let choose = |choices: &[super::Choice], several, rng: &mut StdRng| {
        let mut choices: Vec<DrawnChoice> = choices
            .iter()
            .map(|choice| DrawnChoice {
                text: choice.text.clone(),
                correct: choice.correct,
                because: choice.because.clone(),
            })
            .collect();
        choices.shuffle(rng);
        DrawnKind::Choose { several, choices }
    };
    let kind = match &question.kind {
        QuestionKind::Single { choices } => choose(choices, false, rng),
        QuestionKind::Multiple { choices } => choose(choices, true, rng),
        QuestionKind::Short { accept, tolerance } => DrawnKind::Short {
            accept: accept.clone(),
            tolerance: *tolerance,
        },
    };
    DrawnQuestion {
        id: question.id.clone(),
        section: question.section.clone(),
        prompt: question.prompt.clone(),
        explanation: question.explanation.clone(),
        kind,
    }
}

impl DrawnQuestion {
    /// Whether an answer is right.
    #[must_use]
    pub fn is_right(&self, given: &Given) -> bool {
        match (&self.kind, given) {
            (DrawnKind::Choose { choices, .. }, Given::Chosen(chosen)) => choices
                .iter()
                .enumerate()
                .all(|(position, choice)| choice.correct == chosen.contains(&position)),
            (DrawnKind::Short { accept, tolerance }, Given::Typed(text)) => {
                let typed = fold(text);
                accept
                    .iter()
                    .any(|wanted| is_near(&typed, &fold(wanted), *tolerance))
            }
            _ => false,
        }
    }

    /// Whether an answer is of this question's kind and names only choices that were shown.
    #[must_use]
    pub fn accepts(&self, given: &Given) -> bool {
        match (&self.kind, given) {
            (DrawnKind::Choose { several, choices }, Given::Chosen(chosen)) => {
                !chosen.is_empty()
                    && (*several || chosen.len() == 1)
                    && chosen.iter().all(|position| *position < choices.len())
            }
            (DrawnKind::Short { .. }, Given::Typed(text)) => !text.trim().is_empty(),
            _ => false,
        }
    }
}

/// Marks an attempt: `answers[i]` is the answer to `questions[i]`, `None` when there is none.
#[must_use]
pub fn mark(questions: &[DrawnQuestion], answers: &[Option<Given>]) -> Mark {
    let correct = questions
        .iter()
        .zip(
            answers
                .iter()
                .map(Option::as_ref)
                .chain(std::iter::repeat(None)),
        )
        .filter(|(question, given)| given.is_some_and(|given| question.is_right(given)))
        .count();
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Mark {
        correct: count(correct),
        total: count(questions.len()),
    }
}

fn fold(text: &str) -> String {
    let text: String = text
        .nfkc()
        .collect::<String>()
        .to_lowercase()
        .replace('ё', "е");
    let words: Vec<&str> = text.split_whitespace().collect();
    words
        .join(" ")
        .trim_matches(|c: char| {
            matches!(
                c,
                '.' | ',' | ';' | '!' | '?' | '`' | '"' | '\'' | '«' | '»'
            )
        })
        .to_owned()
}

fn is_near(typed: &str, wanted: &str, tolerance: u32) -> bool {
    typed == wanted
        || u32::try_from(strsim::damerau_levenshtein(typed, wanted))
            .is_ok_and(|edits| edits <= tolerance)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::locale::Locale;

    fn choose(several: bool, key: &[bool]) -> DrawnQuestion {
        let text = |t: &str| Localized::only(Locale::En, t.to_owned());
        let choices = key
            .iter()
            .map(|correct| DrawnChoice {
                text: text("c"),
                correct: *correct,
                because: text("b"),
            })
            .collect();
        DrawnQuestion {
            id: "q".into(),
            section: "s".into(),
            prompt: text("?"),
            explanation: text("!"),
            kind: DrawnKind::Choose { several, choices },
        }
    }

    fn short(accept: &str, tolerance: u32) -> DrawnQuestion {
        DrawnQuestion {
            kind: DrawnKind::Short {
                accept: vec![accept.into()],
                tolerance,
            },
            ..choose(false, &[])
        }
    }

    #[test]
    fn several_choices_are_right_only_all_together() {
        let question = choose(true, &[true, false, true]);
        assert!(question.is_right(&Given::Chosen(vec![2, 0])));
        assert!(!question.is_right(&Given::Chosen(vec![0])));
        assert!(!question.is_right(&Given::Chosen(vec![0, 1, 2])));
    }

    #[test]
    fn a_typed_answer_forgives_case_spaces_and_the_set_number_of_typos() {
        let question = short("alembic upgrade head", 1);
        assert!(question.is_right(&Given::Typed("  Alembic  upgrade head. ".into())));
        assert!(question.is_right(&Given::Typed("alembic upgrad head".into())));
        assert!(!question.is_right(&Given::Typed("alembic upgrde hea".into())));
        assert!(!short("ok", 0).is_right(&Given::Typed("o".into())));
    }

    #[test]
    fn an_answer_of_another_kind_or_beyond_the_choices_is_not_accepted() {
        let question = choose(false, &[true, false]);
        assert!(question.accepts(&Given::Chosen(vec![1])));
        assert!(!question.accepts(&Given::Chosen(vec![2])));
        assert!(!question.accepts(&Given::Chosen(vec![0, 1])));
        assert!(!question.accepts(&Given::Typed("a".into())));
    }

    #[test]
    fn eight_of_ten_pass_and_seven_do_not() {
        let pass = BasisPoints::saturating(8000);
        assert!(
            Mark {
                correct: 8,
                total: 10
            }
            .passes(pass)
        );
        assert!(
            Mark {
                correct: 12,
                total: 15
            }
            .passes(pass)
        );
        assert!(
            !Mark {
                correct: 11,
                total: 14
            }
            .passes(pass)
        );
        assert!(
            !Mark {
                correct: 7,
                total: 10
            }
            .passes(pass)
        );
    }
}
