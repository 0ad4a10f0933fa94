//! Banks as their files tell them, whatever the format.

use crate::{
    content::diagnostic::{Diagnostics, Place},
    domain::locale::Localized,
};

/// A bank, or what one file says of it.
#[derive(Debug)]
pub struct DraftBank {
    /// Where the file begins.
    pub place: Place,
    /// Id of its module or part.
    pub id: String,
    /// Title, when it has its own.
    pub title: Localized<String>,
    /// Questions of one attempt, at its place.
    pub draw: Option<(u32, Place)>,
    /// Ids of included banks, at their places.
    pub includes: Vec<(String, Place)>,
    /// Questions in order.
    pub questions: Vec<DraftQuestion>,
}

/// The kind of a question, as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One choice.
    Single,
    /// Any number of choices.
    Multiple,
    /// A short text.
    Short,
}

/// The kinds by name.
pub const KINDS: [(&str, Kind); 3] = [
    ("single", Kind::Single),
    ("multiple", Kind::Multiple),
    ("short", Kind::Short),
];

/// A question.
#[derive(Debug)]
pub struct DraftQuestion {
    /// Where it begins.
    pub place: Place,
    /// Id.
    pub id: String,
    /// Anchor of its section, at its place.
    pub section: Option<(String, Place)>,
    /// Its kind, when given.
    pub kind: Option<Kind>,
    /// What is asked.
    pub prompt: Localized<String>,
    /// Choices in order.
    pub choices: Vec<DraftChoice>,
    /// Right choices named apart from the choices.
    pub answer: Vec<(String, Place)>,
    /// Accepted short answers.
    pub accept: Vec<String>,
    /// Edits a short answer may be away.
    pub tolerance: Option<u32>,
    /// Explanation.
    pub explanation: Localized<String>,
}

/// A choice.
#[derive(Debug)]
pub struct DraftChoice {
    /// Where it stands.
    pub place: Place,
    /// Id, when given.
    pub id: Option<String>,
    /// Its text.
    pub text: Localized<String>,
    /// Whether it is right.
    pub correct: bool,
    /// Why.
    pub because: Localized<String>,
}

impl DraftBank {
    /// Takes what another file says of the same bank.
    pub fn absorb(&mut self, other: Self, out: &mut Diagnostics) {
        absorb_text(&mut self.title, &other.title);
        match (&self.draw, other.draw) {
            (Some((mine, _)), Some((theirs, place))) if *mine != theirs => {
                let message = format!(
                    "the bank `{}` draws {mine} questions in {} and {theirs} here",
                    self.id, self.place.file
                );
                out.error(
                    "bad-bank",
                    &place,
                    message,
                    "Write the same `draw` in every file of the bank.",
                );
            }
            (None, theirs) => self.draw = theirs,
            _ => {}
        }
        for include in other.includes {
            if !self.includes.iter().any(|(id, _)| *id == include.0) {
                self.includes.push(include);
            }
        }
        for question in other.questions {
            // A second version in the same language is no translation: it is left for the check of unique ids.
            let translated = self
                .questions
                .iter_mut()
                .find(|mine| mine.id == question.id);
            match translated.filter(|mine| !share_a_language(&mine.prompt, &question.prompt)) {
                Some(mine) => mine.absorb(question, out),
                None => self.questions.push(question),
            }
        }
    }
}

impl DraftQuestion {
    /// Takes the same question in another language; the keys must agree.
    fn absorb(&mut self, other: Self, out: &mut Diagnostics) {
        let mut differs = |what: &str| {
            let message = format!(
                "{what} of `{}` differs from line {} of {}",
                self.id, self.place.line, self.place.file
            );
            let fix = "Write the choices in the same order with the same right ones, and the same settings.";
            out.error("answer-key-differs", &other.place, message, fix);
        };
        let anchor = |question: &Self| question.section.as_ref().map(|(anchor, _)| anchor.clone());
        if anchor(&other).is_some() && anchor(self).is_some() && anchor(&other) != anchor(self) {
            differs("the section");
        }
        if other.kind.is_some() && self.kind.is_some() && other.kind != self.kind {
            differs("the kind");
        }
        if other.tolerance.is_some()
            && self.tolerance.is_some()
            && other.tolerance != self.tolerance
        {
            differs("the tolerance");
        }
        let key = |question: &Self| {
            question
                .choices
                .iter()
                .map(|choice| choice.correct)
                .collect::<Vec<_>>()
        };
        if key(&other) != key(self) || other.accept.is_empty() != self.accept.is_empty() {
            differs("the answer key");
        }
        self.section = self.section.take().or(other.section);
        self.kind = self.kind.or(other.kind);
        self.tolerance = self.tolerance.or(other.tolerance);
        absorb_text(&mut self.prompt, &other.prompt);
        absorb_text(&mut self.explanation, &other.explanation);
        for (mine, theirs) in self.choices.iter_mut().zip(other.choices) {
            absorb_text(&mut mine.text, &theirs.text);
            absorb_text(&mut mine.because, &theirs.because);
        }
        for accepted in other.accept {
            if !self.accept.contains(&accepted) {
                self.accept.push(accepted);
            }
        }
    }
}

fn absorb_text(mine: &mut Localized<String>, theirs: &Localized<String>) {
    for (locale, text) in theirs.iter() {
        if mine.exact(locale).is_none() {
            mine.insert(locale, text.clone());
        }
    }
}

fn share_a_language(a: &Localized<String>, b: &Localized<String>) -> bool {
    a.locales().any(|locale| b.exact(locale).is_some())
}
