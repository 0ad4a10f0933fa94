//! lcov traces.
//!
//! The `DA` and `BRDA` records are counted; the totals `LF`, `LH`, `BRF` and `BRH` serve where a
//! writer leaves those out, or where they are worse. coverage.py's `BRDA:8,0,jump to line 9,-` is
//! as good as any: its last field alone matters. A file that stands in several records, one for
//! each test, is one file.

use std::collections::{BTreeMap, HashMap};

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
    lines: Part<u64>,
    branches: Part<String>,
}

/// The lines or the branches of a record.
#[derive(Default)]
struct Part<K> {
    listed: BTreeMap<K, bool>,
    found: Option<u64>,
    hit: Option<u64>,
}

impl<K: Ord> Part<K> {
    fn note(&mut self, key: K, hit: bool) {
        *self.listed.entry(key).or_default() |= hit;
    }

    fn listed(&self) -> Ratio {
        Ratio {
            covered: self.listed.values().filter(|hit| **hit).count() as u64,
            total: self.listed.len() as u64,
        }
    }

    /// `None` when only totals are there, and they are impossible.
    fn ratio(&self) -> Option<Ratio> {
        let listed = self.listed();
        let (Some(hit), Some(found)) = (self.hit, self.found) else {
            return Some(listed);
        };
        match Ratio::new(hit, found) {
            Some(counted) => Some(counted.worse(listed)),
            // coverage.py 6 counts one line hit of none found in an empty file.
            None => (listed.total > 0 || found == 0).then_some(listed),
        }
    }

    /// Another test's record of the same file. Totals cannot be joined: the worse ones stay.
    fn join(&mut self, other: Self) {
        let counted = |part: &Self| Ratio::new(part.hit?, part.found?);
        let worse = match (counted(self), counted(&other)) {
            (Some(own), Some(others)) => Some(own.worse(others)),
            (own, others) => own.or(others),
        };
        for (key, hit) in other.listed {
            self.note(key, hit);
        }
        // What is listed is whole, and each of the totals is of one test only.
        let worse = worse.filter(|_| self.listed.is_empty());
        (self.hit, self.found) = (worse.map(|all| all.covered), worse.map(|all| all.total));
    }
}

impl Record {
    fn take(&mut self, key: &str, value: &str) {
        match key {
            "LF" => self.lines.found = value.parse().ok(),
            "LH" => self.lines.hit = value.parse().ok(),
            "BRF" => self.branches.found = value.parse().ok(),
            "BRH" => self.branches.hit = value.parse().ok(),
            "DA" => {
                let mut fields = value.split(',');
                // Lines begin at 1; coverage.py 6 gives an empty file a line 0.
                let line = fields.next().and_then(|line| line.parse().ok());
                if let Some(line) = line.filter(|line: &u64| *line > 0) {
                    let hit = fields.next().is_some_and(is_hit);
                    self.lines.note(line, hit);
                }
            }
            "BRDA" => {
                if let Some((branch, hits)) = value.rsplit_once(',') {
                    self.branches.note(branch.to_owned(), is_hit(hits));
                }
            }
            _ => {}
        }
    }
}

/// A count above zero; `-` is a branch never reached.
pub(super) fn is_hit(count: &str) -> bool {
    count
        .trim_start()
        .starts_with(|digit: char| digit.is_ascii_digit())
        && count.contains(|digit: char| ('1'..='9').contains(&digit))
}

fn read(input: &Input<'_>) -> Result<Report, ReadError> {
    let mut records = Records::default();
    let mut record: Option<Record> = None;
    let mut any = false;
    for line in input.text.lines().map(str::trim) {
        if line == "end_of_record" {
            let done = record.take();
            let done = done.ok_or_else(|| input.malformed("a record ends that never began"))?;
            let impossible = || input.malformed("more covered than there is");
            done.lines.ratio().ok_or_else(impossible)?;
            done.branches.ratio().ok_or_else(impossible)?;
            records.add(done);
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
    if records.files.is_empty() && !any {
        return Err(input.not_this("no record"));
    }
    Ok(report(input, records))
}

/// The files, each of them once.
#[derive(Default)]
struct Records {
    files: Vec<Record>,
    by_path: HashMap<String, usize>,
}

impl Records {
    fn add(&mut self, record: Record) {
        let next = self.files.len();
        let place = *self.by_path.entry(record.path.clone()).or_insert(next);
        match self.files.get_mut(place) {
            Some(known) => {
                known.lines.join(record.lines);
                known.branches.join(record.branches);
            }
            None => self.files.push(record),
        }
    }
}

fn report(input: &Input<'_>, records: Records) -> Report {
    let (mut lines, mut branches) = (Ratio::default(), Ratio::default());
    let mut files = Vec::with_capacity(records.files.len());
    for record in records.files {
        let own = record.lines.ratio().unwrap_or_default();
        lines.add(own);
        branches.add(record.branches.ratio().unwrap_or_default());
        files.push(FileCoverage {
            path: record.path,
            lines: own,
        });
    }
    let seen = tool_of(files.iter().map(|file| file.path.as_str())).unwrap_or(Tool::Lcov);
    let content = Coverage {
        lines: Some(lines),
        branches: (branches.total > 0).then_some(branches),
        files,
    };
    input.report(seen, Content::Coverage(content))
}
