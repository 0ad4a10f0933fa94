//! `coverage json`.
//!
//! `percent_covered` mixes branches into lines, so only the counts are read.

use std::collections::BTreeMap;

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
    for (path, file) in &document.files {
        files.push(FileCoverage {
            path: text::line(path),
            lines: ratio(file.summary.covered_lines, file.summary.num_statements)?,
        });
    }
    let lines = Some(ratio(totals.covered_lines, totals.num_statements)?);
    Ok(input.report(
        Tool::CoveragePy,
        Content::Coverage(Coverage {
            lines,
            branches,
            files,
        }),
    ))
}
