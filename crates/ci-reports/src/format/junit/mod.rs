//! `JUnit` XML: one vocabulary, as many dialects as writers.

use crate::format::{Input, Reader, ends};
use crate::recognise::{Sample, Shape};
use crate::{Content, ReadError, Report, Tests, Tool};

mod cases;
mod dialect;
pub(super) mod document;
mod message;
mod pytest;

use dialect::Dialect;
pub(crate) use dialect::is_linter;
pub(super) use dialect::{is_linter_name, names_linter};
use document::Document;

pub(super) const READER: Reader = Reader {
    claims,
    hinted,
    read,
};

fn claims(sample: &Sample<'_>) -> bool {
    let Shape::Xml(xml) = &sample.shape else {
        return false;
    };
    let test_like = matches!(xml.root.as_str(), "testsuites" | "testsuite");
    test_like && !xml.linter && !names_linter(&sample.file_name)
}

fn hinted(name: &str) -> bool {
    let xml = ends(name, ".xml");
    xml && (name.contains("junit") || name.starts_with("test")) && !names_linter(name)
}

fn read(input: &Input<'_>) -> Result<Report, ReadError> {
    let document = document::read(input)?;
    let dialect = Dialect::of(&document, input.tool);
    let (cases, mut problems) = match dialect {
        Dialect::Pytest => pytest::interpret(&document),
        Dialect::Vitest | Dialect::Playwright | Dialect::Other => {
            cases::interpret(&document, dialect)
        }
    };
    problems.extend(document.outside.iter().cloned());
    problems.extend(document.hidden_failures());
    if problems.is_empty() && cases.is_empty() && document.tests > 0 {
        let counted = document.tests;
        problems.push(format!("the report counts {counted} tests but lists none"));
    }
    let seen = match dialect {
        Dialect::Pytest => Tool::Pytest,
        Dialect::Vitest => Tool::Vitest,
        Dialect::Playwright => Tool::Playwright,
        Dialect::Other => Tool::Junit,
    };
    Ok(input.report(seen, Content::Tests(Tests::new(cases, problems))))
}

impl Document {
    /// Headers that count more failures than are shown: a shortened or edited file.
    fn hidden_failures(&self) -> Option<String> {
        let by_status = self.cases.iter().filter(|case| case.outcomes.is_empty());
        let by_status = by_status
            .filter(|case| cases::status(case).is_bad())
            .count();
        let shown = self.shown.saturating_add(by_status as u64);
        let counted = self.counted;
        (counted > shown).then(|| format!("the report counts {counted} failures but shows {shown}"))
    }
}
