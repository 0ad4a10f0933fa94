//! A `JUnit` file as it is written, before anyone asks what it means.

use crate::format::Input;
use crate::text;
use crate::xml::{Element, Node, Walk};
use crate::{Format, ReadError};

/// The parts of a file that carry meaning.
#[derive(Default)]
pub(in crate::format) struct Document {
    /// The root's `name`.
    pub(in crate::format) name: String,
    /// The root's attribute names.
    pub(in crate::format) root_keys: Vec<String>,
    pub(in crate::format) suites: Vec<Suite>,
    pub(in crate::format) cases: Vec<Case>,
    /// Errors that belong to a suite and to no case.
    pub(in crate::format) outside: Vec<String>,
    /// The header's count of tests.
    pub(in crate::format) tests: u64,
    /// Failures and errors that are written out.
    pub(in crate::format) shown: u64,
    /// Failures and errors by the headers, where one counts more than stand below it.
    pub(in crate::format) counted: u64,
}

/// A `<testsuite>`.
pub(in crate::format) struct Suite {
    pub(in crate::format) name: String,
    pub(in crate::format) hostname: String,
    pub(in crate::format) package: String,
    pub(in crate::format) keys: Vec<String>,
}

/// A `<testcase>`.
#[derive(Clone, Default)]
pub(in crate::format) struct Case {
    pub(in crate::format) class: String,
    pub(in crate::format) name: String,
    pub(in crate::format) file: String,
    pub(in crate::format) line: Option<u32>,
    /// `status` or `result`, where `GoogleTest` and `CTest` say what others say by a child.
    pub(in crate::format) status: String,
    /// Whether it took no time at all, by a bare `0`.
    pub(in crate::format) instant: bool,
    /// Index into the suites of the one it stands in.
    pub(in crate::format) suite: Option<usize>,
    pub(in crate::format) outcomes: Vec<Outcome>,
    /// Why it was skipped, by Playwright's annotation properties.
    pub(in crate::format) reason: Option<String>,
}

/// A child of a case that says how it went.
#[derive(Clone)]
pub(in crate::format) struct Outcome {
    pub(in crate::format) kind: Kind,
    pub(in crate::format) message: String,
    pub(in crate::format) body: String,
}

impl Outcome {
    /// Whether it speaks against the case.
    pub(in crate::format) fn is_bad(&self) -> bool {
        matches!(self.kind, Kind::Failure | Kind::Error)
    }
}

/// The outcomes' elements.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::format) enum Kind {
    Failure,
    Error,
    Skipped,
    /// `flakyFailure`, `flakyError`: an earlier try of a test that passed.
    Flaky,
    /// `rerunFailure`, `rerunError`: a later try of a test that failed.
    Rerun,
}

/// More outcomes than a test has: pytest writes one for each subtest that failed.
const OUTCOMES: usize = 1_000;

enum Tag {
    Suite,
    Case,
    Outcome,
    Other,
}

pub(in crate::format) fn read(input: &Input<'_>) -> Result<Document, ReadError> {
    let mut builder = Builder::new(input);
    let mut walk = Walk::new(input.text, input.limits);
    while let Some(node) = walk.next()? {
        match node {
            Node::Open(element) => builder.open(&element)?,
            Node::Text(text) => builder.text(&text),
            Node::Close => builder.close(),
            Node::Comment(_) => {}
        }
    }
    Ok(builder.document)
}

/// A suite that is being read.
struct OpenSuite {
    /// Its place among the suites.
    index: usize,
    /// The failures and errors that its header counts.
    counted: u64,
    /// Those counted before it began.
    before: u64,
}

struct Builder<'i, 't> {
    input: &'i Input<'t>,
    document: Document,
    open: Vec<Tag>,
    open_suites: Vec<OpenSuite>,
    case: Option<Case>,
    outcome: Option<Outcome>,
    /// Whether the root gave the counts, so that the suites' own must not be added.
    counted: bool,
}

impl<'i, 't> Builder<'i, 't> {
    fn new(input: &'i Input<'t>) -> Self {
        Self {
            input,
            document: Document::default(),
            open: Vec::new(),
            open_suites: Vec::new(),
            case: None,
            outcome: None,
            counted: false,
        }
    }

    fn open(&mut self, element: &Element<'_>) -> Result<(), ReadError> {
        if self.input.format == Format::Junit && super::is_linter(element) {
            return Err(self.input.not_this("a linter wrote it, it holds no tests"));
        }
        let name = element.name();
        if self.open.is_empty() && !matches!(name, "testsuites" | "testsuite") {
            return Err(self.input.not_this("the root is no test suite"));
        }
        let tag = match name {
            "testsuites" | "testsuite" if self.case.is_none() => {
                self.open_suite(element)?;
                Tag::Suite
            }
            "testcase" if self.case.is_some() => {
                return Err(self.input.malformed("a test case inside a test case"));
            }
            "testcase" => {
                self.open_case(element)?;
                Tag::Case
            }
            _ => self.open_detail(name, element),
        };
        self.open.push(tag);
        Ok(())
    }

    fn open_suite(&mut self, element: &Element<'_>) -> Result<(), ReadError> {
        self.input.check_cases(self.document.suites.len() + 1)?;
        self.count(element);
        if self.open.is_empty() {
            self.document.name = element.attr("name").unwrap_or_default();
            self.document.root_keys = element.keys();
        }
        let bad = [element.count("failures"), element.count("errors")];
        self.open_suites.push(OpenSuite {
            index: self.document.suites.len(),
            counted: bad.into_iter().flatten().fold(0, u64::saturating_add),
            before: self.document.counted,
        });
        self.document.suites.push(Suite {
            name: element.attr("name").unwrap_or_default(),
            hostname: element.attr("hostname").unwrap_or_default(),
            package: element.attr("package").unwrap_or_default(),
            keys: element.keys(),
        });
        Ok(())
    }

    /// The root's counts hold for all; without them those of the outermost suites are added.
    fn count(&mut self, element: &Element<'_>) {
        let tests = element.count("tests");
        let outermost = self.open.is_empty() || (self.open.len() == 1 && !self.counted);
        if !outermost {
            return;
        }
        self.counted |= self.open.is_empty() && tests.is_some();
        self.document.tests = self.document.tests.saturating_add(tests.unwrap_or(0));
    }

    fn note_bad(&mut self) {
        self.document.shown = self.document.shown.saturating_add(1);
        self.document.counted = self.document.counted.saturating_add(1);
    }

    /// A header that counts more failures than stand below it is believed.
    fn close_suite(&mut self) {
        let Some(suite) = self.open_suites.pop() else {
            return;
        };
        let by_header = suite.before.saturating_add(suite.counted);
        self.document.counted = self.document.counted.max(by_header);
    }

    fn open_case(&mut self, element: &Element<'_>) -> Result<(), ReadError> {
        self.input.check_cases(self.document.cases.len() + 1)?;
        let attr = |key| element.attr(key).unwrap_or_default();
        let status = element.attr("status").or_else(|| element.attr("result"));
        self.case = Some(Case {
            class: attr("classname"),
            name: attr("name"),
            file: attr("file"),
            line: element
                .count("line")
                .and_then(|line| u32::try_from(line).ok()),
            status: status.unwrap_or_default().to_lowercase(),
            instant: element.attr("time").is_some_and(|time| time == "0"),
            suite: self.open_suites.last().map(|suite| suite.index),
            outcomes: Vec::new(),
            reason: None,
        });
        Ok(())
    }

    fn open_detail(&mut self, name: &str, element: &Element<'_>) -> Tag {
        let kind = match name {
            "failure" => Kind::Failure,
            "error" => Kind::Error,
            "skipped" | "disabled" | "ignored" => Kind::Skipped,
            "flakyFailure" | "flakyError" => Kind::Flaky,
            "rerunFailure" | "rerunError" => Kind::Rerun,
            "property" => {
                self.property(element);
                return Tag::Other;
            }
            _ => return Tag::Other,
        };
        if let Some(outcome) = &mut self.outcome {
            // A failure within a skip is no skip.
            if matches!(kind, Kind::Failure | Kind::Error) && !outcome.is_bad() {
                outcome.kind = kind;
            }
            return Tag::Other;
        }
        self.outcome = Some(Outcome {
            kind,
            message: element.attr("message").unwrap_or_default(),
            body: String::new(),
        });
        Tag::Outcome
    }

    fn property(&mut self, element: &Element<'_>) {
        let Some(case) = &mut self.case else { return };
        let name = element.attr("name").unwrap_or_default();
        if matches!(name.as_str(), "skip" | "fixme") && case.reason.is_none() {
            case.reason = element.attr("value");
        }
    }

    fn text(&mut self, text: &str) {
        if let Some(outcome) = &mut self.outcome {
            outcome.body.push_str(text);
        }
    }

    fn close(&mut self) {
        match self.open.pop() {
            Some(Tag::Suite) => self.close_suite(),
            Some(Tag::Case) => self.document.cases.extend(self.case.take()),
            Some(Tag::Outcome) => self.close_outcome(),
            Some(Tag::Other) | None => {}
        }
    }

    fn close_outcome(&mut self) {
        let Some(outcome) = self.outcome.take() else {
            return;
        };
        if outcome.is_bad() {
            self.note_bad();
        }
        let Some(case) = &mut self.case else {
            let room = self.document.outside.len() < OUTCOMES;
            if room && outcome.is_bad() {
                let text = [outcome.message.as_str(), outcome.body.as_str()].join("\n");
                let text = text::message(&text).unwrap_or_else(|| "the suite failed".to_owned());
                self.document.outside.push(text);
            }
            return;
        };
        let known = case.outcomes.iter().any(|seen| seen.kind == outcome.kind);
        if case.outcomes.len() < OUTCOMES || !known {
            case.outcomes.push(outcome);
        }
    }
}
