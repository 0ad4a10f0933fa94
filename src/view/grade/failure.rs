//! One failure in three layers: a plain sentence, what was expected and what came, and where in the
//! member's own files.

use ci_reports::Finding;

use super::{
    sentence::sentence,
    trace::{self, Trace, is_own},
};
use crate::{
    domain::{grading::CostedFinding, locale::Locale},
    text,
    view::{
        limits::{self, width},
        untrusted,
    },
};

/// Signs of a value in a message.
const VALUE: usize = 120;
/// Frames of a trace in a message: those nearest to the failure.
const FRAMES: usize = 3;
/// Signs of a line of code in a message.
const COLUMNS: usize = 80;

/// A finding with what its details say.
pub(super) struct Failure<'f> {
    pub finding: &'f CostedFinding,
    pub trace: Trace,
}

impl<'f> Failure<'f> {
    pub fn new(finding: &'f CostedFinding) -> Self {
        let trace = finding.details.trace.as_deref().unwrap_or_default();
        Self {
            finding,
            trace: trace::trim(trace, &finding.id),
        }
    }

    /// What the test wanted and what it got; not where the tool has cut both to the same.
    pub fn values(&self) -> Option<(&'f str, &'f str)> {
        let details = &self.finding.details;
        let expected = details.expected.as_deref()?;
        let actual = details.actual.as_deref()?;
        (expected != actual).then_some((expected, actual))
    }

    /// Whether there is more to say than one sentence.
    pub fn has_layers(&self) -> bool {
        self.values().is_some() || !self.trace.frames.is_empty()
    }

    /// Its layers for a message, as many as fit into `most` signs.
    pub fn layers(&self, most: usize, locale: Locale) -> String {
        let name = Some(&self.finding.id).filter(|id| *id != Finding::PROBLEM);
        let name = name.map(|id| untrusted::code(short_name(id), 100));
        let mut layers: Vec<String> = name.into_iter().collect();
        layers.push(sentence(self.finding, untrusted::line, locale));
        if let Some((expected, actual)) = self.values() {
            layers.push(text!(
                locale,
                "grade-values",
                expected = untrusted::code(expected, VALUE),
                actual = untrusted::code(actual, VALUE)
            ));
        }
        layers.push(self.places());
        let mut said = String::new();
        for layer in layers.iter().filter(|layer| !layer.is_empty()) {
            if width(&said) + width(layer) + 1 > most.min(limits::FIELD) {
                break;
            }
            if !said.is_empty() {
                said.push('\n');
            }
            said.push_str(layer);
        }
        if said.is_empty() {
            said.push('—');
        }
        said
    }

    /// The frames nearest to the failure with their code, else the place that the tool names.
    fn places(&self) -> String {
        let frames = &self.trace.frames;
        if frames.is_empty() {
            return place(self.finding).unwrap_or_default();
        }
        let near = frames.iter().skip(frames.len().saturating_sub(FRAMES));
        let lines = near.flat_map(|frame| {
            let code = (!frame.code.is_empty()).then(|| format!("    {}", frame.code));
            [Some(frame.place.clone()), code].into_iter().flatten()
        });
        let lines: Vec<String> = lines.collect();
        untrusted::block(&lines.join("\n"), 2 * FRAMES, COLUMNS)
    }
}

/// The member's file and line that the tool names, as code.
pub(super) fn place(finding: &CostedFinding) -> Option<String> {
    let file = finding.file.as_deref().filter(|file| is_own(file))?;
    let line = finding.line.map(|line| format!(":{line}"));
    Some(untrusted::code(
        &format!("{file}{}", line.unwrap_or_default()),
        80,
    ))
}

/// A test's own name, without its file and class.
fn short_name(id: &str) -> &str {
    ["::", " › ", " > "]
        .iter()
        .filter_map(|sign| id.rsplit_once(sign))
        .map(|(_, name)| name)
        .min_by_key(|name| name.len())
        .filter(|name| !name.trim().is_empty())
        .unwrap_or(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_is_called_by_its_own_name() {
        for (id, name) in [
            ("tests.test_a.TestB::test_c", "test_c"),
            ("src/a.test.ts > suite > a name", "a name"),
            ("[chromium] › e2e/a.spec.js › it works", "it works"),
            ("tests.test_a::", "tests.test_a::"),
            ("com.shop.CartTest.total", "com.shop.CartTest.total"),
        ] {
            assert_eq!(short_name(id), name);
        }
    }
}
