//! Istanbul's `json-summary`.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::format::{Input, Reader};
use crate::json::Num;
use crate::recognise::{Sample, Shape};
use crate::{Content, Coverage, FileCoverage, Ratio, ReadError, Report, Tool, json, text};

pub(super) const READER: Reader = Reader {
    claims,
    hinted: |name| name == "coverage-summary.json",
    read,
};

fn claims(sample: &Sample<'_>) -> bool {
    let Shape::Object(keys) = &sample.shape else {
        return false;
    };
    keys.iter().any(|(key, inner)| {
        key == "total"
            && ["lines", "statements"]
                .iter()
                .all(|part| inner.iter().any(|key| key == part))
    })
}

#[derive(Deserialize)]
struct Summary {
    lines: Counter,
    branches: Option<Counter>,
}

/// `pct` may be the word "Unknown"; it is not read, the counts say more.
#[derive(Deserialize)]
struct Counter {
    total: Num,
    covered: Num,
}

fn read(input: &Input<'_>) -> Result<Report, ReadError> {
    let mut document: BTreeMap<String, Summary> =
        json::parse(input.text, input.format, input.limits)?;
    let Some(total) = document.remove("total") else {
        return Err(input.not_this("no `total`"));
    };
    let ratio = |counter: &Counter| {
        let both = counter.covered.0.zip(counter.total.0);
        let ratio = both.and_then(|(covered, total)| Ratio::new(covered, total));
        ratio.ok_or_else(|| input.malformed("a count is missing or more is covered than there is"))
    };
    let mut files = Vec::with_capacity(document.len());
    for (path, file) in &document {
        files.push(FileCoverage {
            path: text::line(path),
            lines: ratio(&file.lines)?,
        });
    }
    let lines = ratio(&total.lines)?;
    let mut sum = Ratio::default();
    for file in &files {
        sum.add(file.lines);
    }
    if !files.is_empty() && sum != lines {
        return Err(input.malformed("its total is not the sum of its files"));
    }
    let content = Content::Coverage(Coverage {
        lines: Some(lines),
        branches: total.branches.as_ref().map(ratio).transpose()?,
        files,
    });
    Ok(input.report(Tool::Istanbul, content))
}
