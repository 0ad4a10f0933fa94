//! lcov traces.
//!
//! Only the totals `LF`, `LH`, `BRF` and `BRH` are needed; where a writer leaves them out, the
//! `DA` and `BRDA` records are counted. coverage.py's `BRDA:8,0,jump to line 9,-` is as good as
//! any: its last field alone matters.

use std::collections::BTreeMap;

use super::cobertura::tool_of;
use crate::format::{Input, Reader, ends};
use crate::recognise::{Sample, Shape};
use crate::text;
use crate::{Content, Coverage, FileCoverage, Ratio, ReadError, Report, Tool};

pub(super) const READER: Reader = Reader {
    claims,
    hinted: |name| name == "lcov.info" || ends(name, ".lcov"),
    read,
};

fn claims(sample: &Sample<'_>) -> bool {
    let Shape::Text(text) = sample.shape else {
        return false;
    };
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    match lines.next() {
        Some(first) if first.starts_with("SF:") => true,
        Some(first) if first.starts_with("TN:") => lines
            .next()
            .is_none_or(|next| next.starts_with("SF:") || next.starts_with("TN:")),
        _ => false,
    }
}

/// One `SF` … `end_of_record`.
#[derive(Default)]
struct Record {
    path: String,
    lines: BTreeMap<u64, bool>,
    found: Option<u64>,
    hit: Option<u64>,
    branches: Ratio,
    branches_found: Option<u64>,
    branches_hit: Option<u64>,
}

impl Record {
    fn take(&mut self, key: &str, value: &str) {
        match key {
            "LF" => self.found = value.parse().ok(),
            "LH" => self.hit = value.parse().ok(),
            "BRF" => self.branches_found = value.parse().ok(),
            "BRH" => self.branches_hit = value.parse().ok(),
            "DA" => {
                let mut fields = value.split(',');
                if let Some(Ok(line)) = fields.next().map(str::parse) {
                    *self.lines.entry(line).or_default() |= fields.next().is_some_and(is_hit);
                }
            }
            "BRDA" => {
                let hit = value.rsplit(',').next().is_some_and(is_hit);
                self.branches.add(Ratio {
                    covered: u64::from(hit),
                    total: 1,
                });
            }
            _ => {}
        }
    }

    fn lines(&self) -> Option<Ratio> {
        if let (Some(hit), Some(found)) = (self.hit, self.found) {
            return Ratio::new(hit, found);
        }
        let covered = self.lines.values().filter(|hit| **hit).count();
        Ratio::new(covered as u64, self.lines.len() as u64)
    }

    fn branches(&self) -> Option<Ratio> {
        match (self.branches_hit, self.branches_found) {
            (Some(hit), Some(found)) => Ratio::new(hit, found),
            _ => Some(self.branches),
        }
    }
}

/// A count above zero; `-` is a branch never reached.
fn is_hit(count: &str) -> bool {
    count
        .trim_start()
        .starts_with(|digit: char| digit.is_ascii_digit())
        && count.contains(|digit: char| ('1'..='9').contains(&digit))
}

fn read(input: &Input<'_>) -> Result<Report, ReadError> {
    let (mut lines, mut branches) = (Ratio::default(), Ratio::default());
    let mut files = Vec::new();
    let mut record: Option<Record> = None;
    let mut any = false;
    for line in input.text.lines().map(str::trim) {
        if line == "end_of_record" {
            let done = record.take();
            let done = done.ok_or_else(|| input.malformed("a record ends that never began"))?;
            let impossible = || input.malformed("more covered than there is");
            let own = done.lines().ok_or_else(impossible)?;
            lines.add(own);
            branches.add(done.branches().ok_or_else(impossible)?);
            files.push(FileCoverage {
                path: done.path,
                lines: own,
            });
            continue;
        }
        let Some((key, value)) = line.split_once(':') else {
            continue;
        };
        any |= key == "TN";
        if key == "SF" {
            if record.is_some() {
                return Err(input.malformed("a record is cut short"));
            }
            record = Some(Record {
                path: text::line(value),
                ..Record::default()
            });
        } else if let Some(record) = &mut record {
            record.take(key, value);
        }
    }
    if record.is_some() {
        return Err(input.malformed("the last record is cut short"));
    }
    if files.is_empty() && !any {
        return Err(input.not_this("no record"));
    }
    Ok(report(input, lines, branches, files))
}

fn report(input: &Input<'_>, lines: Ratio, branches: Ratio, files: Vec<FileCoverage>) -> Report {
    let seen = tool_of(files.iter().map(|file| file.path.as_str())).unwrap_or(Tool::Lcov);
    let content = Coverage {
        lines: Some(lines),
        branches: (branches.total > 0).then_some(branches),
        files,
    };
    input.report(seen, Content::Coverage(content))
}
