//! Istanbul's full coverage map, usually `coverage-final.json`.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use crate::format::{Input, Reader};
use crate::json::Num;
use crate::recognise::{Sample, Shape};
use crate::{Content, Coverage, FileCoverage, Ratio, ReadError, Report, Tool, json, text};

pub(super) const READER: Reader = Reader {
    claims,
    hinted: |name| name == "coverage-final.json",
    read,
};

fn claims(sample: &Sample<'_>) -> bool {
    let Shape::Object(keys) = &sample.shape else {
        return false;
    };
    keys.first()
        .is_some_and(|(_, inner)| inner.iter().any(|key| key == "statementMap"))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    statement_map: HashMap<String, Span>,
    s: BTreeMap<String, Num>,
    #[serde(default)]
    b: BTreeMap<String, Vec<Num>>,
}

#[derive(Deserialize)]
struct Span {
    start: Position,
}

#[derive(Deserialize)]
struct Position {
    #[serde(default)]
    line: Num,
}

impl File {
    /// A line is what a statement starts on, and is run when any of them was.
    fn lines(&self) -> Ratio {
        let mut lines: HashMap<u64, bool> = HashMap::new();
        // A statement without its count was not run.
        for (id, span) in &self.statement_map {
            if let Some(line) = span.start.line.0 {
                *lines.entry(line).or_default() |= self.s.get(id).copied().is_some_and(is_hit);
            }
        }
        Ratio {
            covered: lines.values().filter(|hit| **hit).count() as u64,
            total: lines.len() as u64,
        }
    }

    fn branches(&self) -> Ratio {
        let paths = || self.b.values().flatten();
        Ratio {
            covered: paths().filter(|hits| is_hit(**hits)).count() as u64,
            total: paths().count() as u64,
        }
    }
}

fn is_hit(hits: Num) -> bool {
    hits.0.is_some_and(|hits| hits > 0)
}

fn read(input: &Input<'_>) -> Result<Report, ReadError> {
    let document: BTreeMap<String, File> = json::parse(input.text, input.format, input.limits)?;
    let (mut lines, mut branches) = (Ratio::default(), Ratio::default());
    let mut files = Vec::with_capacity(document.len());
    for (path, file) in &document {
        let own = file.lines();
        lines.add(own);
        branches.add(file.branches());
        files.push(FileCoverage {
            path: text::line(path),
            lines: own,
        });
    }
    Ok(input.report(
        Tool::Istanbul,
        Content::Coverage(Coverage {
            lines: Some(lines),
            branches: Some(branches),
            files,
        }),
    ))
}
