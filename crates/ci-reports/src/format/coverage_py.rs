//! `coverage json`.
//!
//! `percent_covered` mixes branches into lines, so only the counts are read. One program writes
//! them all, so counts that contradict each other were not left by it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::format::{Input, Reader};
use crate::{Content, Coverage, FileCoverage, Ratio, ReadError, Report, Tool, json, text};

pub(super) const READER: Reader = Reader {
    claims: |sample| sample.shape.has_keys(&["meta", "totals"]),
    hinted: |name| name == "coverage.json",
    read,
};

#[derive(Deserialize)]
struct Document {
    totals: Summary,
    #[serde(default)]
    files: BTreeMap<String, File>,
}

#[derive(Deserialize)]
struct File {
    summary: Summary,
    /// The executed lines are listed, too, but hold more than statements.
    missing_lines: Option<BTreeSet<u64>>,
}

#[derive(Deserialize)]
struct Summary {
    covered_lines: u64,
    num_statements: u64,
    covered_branches: Option<u64>,
    num_branches: Option<u64>,
}

fn read(input: &Input<'_>) -> Result<Report, ReadError> {
    let document: Document = json::parse(input.text, input.format, input.limits)?;
    let impossible = || input.malformed("more covered than there is");
    let ratio = |covered, total| Ratio::new(covered, total).ok_or_else(impossible);
    let totals = &document.totals;
    let branches = match (totals.covered_branches, totals.num_branches) {
        (Some(covered), Some(total)) => Some(ratio(covered, total)?),
        _ => None,
    };
    let mut files = Vec::with_capacity(document.files.len());
    let mut sum = Ratio::default();
    for (path, file) in &document.files {
        let lines = ratio(file.summary.covered_lines, file.summary.num_statements)?;
        let listed = file.missing_lines.as_ref().map(|lines| lines.len() as u64);
        if listed.is_some_and(|listed| listed != lines.total - lines.covered) {
            return Err(input.malformed("a file's counts are not those of its lines"));
        }
        sum.add(lines);
        files.push(FileCoverage {
            path: text::line(path),
            lines,
        });
    }
    let lines = ratio(totals.covered_lines, totals.num_statements)?;
    if !files.is_empty() && sum != lines {
        return Err(input.malformed("its totals are not the sum of its files"));
    }
    Ok(input.report(
        Tool::CoveragePy,
        Content::Coverage(Coverage {
            lines: Some(lines),
            branches,
            files,
        }),
    ))
}
