//! From uploaded artifacts to evidence: files are told apart by the course's manifest of names
//! first and by their content second.

use std::{cmp::Reverse, collections::BTreeSet};

use crate::{
    domain::{
        course::Course,
        digest,
        evidence::{Evidence, Exhibit, Missing},
        practice::{ExpectedReport, PracticeTask},
        trust::Facts,
    },
    store::{Said, StoredReport},
};
use ci_reports::{ArchiveFile, Limits, ReadError, Report, read_archive, read_report, recognise};
use serde_json::Value;

/// An artifact, unpacked.
#[derive(Debug, Clone)]
pub struct Upload {
    /// Name of the artifact.
    pub name: String,
    /// Its files.
    pub files: Vec<ArchiveFile>,
}

impl Upload {
    /// Unpacks an artifact's body, within limits.
    ///
    /// # Errors
    /// When the body is forged, too large or no archive.
    pub fn unpack(name: &str, body: &[u8]) -> Result<Self, ReadError> {
        Ok(Self {
            name: name.to_owned(),
            files: read_archive(name, body, &Limits::default())?,
        })
    }
}

/// The practice that a run was made for: the one that expects the most of its artifacts, and of
/// those the one that misses the fewest.
///
/// Of practices that fit equally well, the first in the course that `is_done` does not name.
#[must_use]
pub fn choose_practice<'a>(
    course: &'a Course,
    artifacts: &[&str],
    is_done: impl Fn(&str) -> bool,
) -> Option<&'a PracticeTask> {
    let fit = |practice: &PracticeTask| {
        let wanted: BTreeSet<&str> = practice
            .reports
            .iter()
            .map(|report| report.artifact.as_str())
            .collect();
        let (there, missing): (Vec<&str>, Vec<&str>) = wanted
            .into_iter()
            .partition(|name| artifacts.contains(name));
        (there.len(), Reverse(missing.len()))
    };
    let best = course
        .practices()
        .map(fit)
        .max()
        .filter(|(there, _)| *there > 0)?;
    let mut fitting = course.practices().filter(|practice| fit(practice) == best);
    let first = fitting.next();
    first
        .filter(|practice| !is_done(&practice.id))
        .or_else(|| fitting.find(|p| !is_done(&p.id)))
        .or(first)
}

/// Places the files of a run, and what its provider says of it, against what a practice expects.
#[must_use]
pub fn gather(practice: &PracticeTask, uploads: &[Upload], facts: Facts) -> Evidence {
    let mut used: Vec<&ArchiveFile> = Vec::new();
    let named: Vec<Option<&ArchiveFile>> = practice
        .reports
        .iter()
        .map(|expected| find_by_name(expected, uploads))
        .collect();
    used.extend(named.iter().flatten());
    let exhibits = practice
        .reports
        .iter()
        .zip(named)
        .map(|(expected, file)| {
            let file = file.or_else(|| {
                let found = find_by_content(expected, uploads, &used);
                used.extend(found);
                found
            });
            exhibit(expected, file)
        })
        .collect();
    Evidence { exhibits, facts }
}

/// What is stored of the evidence: each file that was there, with its digest and what it said.
#[must_use]
pub fn to_store(evidence: &Evidence) -> Vec<StoredReport> {
    let there = evidence.exhibits.iter().filter_map(|exhibit| {
        let said = match &exhibit.outcome {
            Ok(report) => Said::Body(without_nul(serde_json::to_value(report).ok()?)),
            Err(Missing::Unreadable(why)) => Said::Unreadable(why.replace('\0', REPLACED)),
            Err(Missing::Absent) => return None,
        };
        Some(StoredReport {
            artifact: exhibit.expected.artifact.clone(),
            path: exhibit.expected.path.clone(),
            side: exhibit.expected.side.clone(),
            digest: exhibit.digest.clone(),
            said,
        })
    });
    there.collect()
}

/// Stands where a NUL was, which Postgres keeps in no text: one would leave its run without a grade for ever.
const REPLACED: &str = "\u{FFFD}";

fn without_nul(value: Value) -> Value {
    match value {
        Value::String(text) if text.contains('\0') => Value::String(text.replace('\0', REPLACED)),
        Value::Array(items) => items.into_iter().map(without_nul).collect(),
        Value::Object(fields) => {
            let fields = fields.into_iter();
            fields
                .map(|(key, value)| (key, without_nul(value)))
                .collect()
        }
        other => other,
    }
}

fn find_by_name<'a>(expected: &ExpectedReport, uploads: &'a [Upload]) -> Option<&'a ArchiveFile> {
    let upload = uploads
        .iter()
        .find(|upload| upload.name == expected.artifact)?;
    upload.files.iter().find(|file| file.path == expected.path)
}

/// A file that nothing else claims, of the expected format and tool, in any artifact.
fn find_by_content<'a>(
    expected: &ExpectedReport,
    uploads: &'a [Upload],
    used: &[&ArchiveFile],
) -> Option<&'a ArchiveFile> {
    let is_free = |file: &&ArchiveFile| !used.iter().any(|taken| std::ptr::eq(*taken, *file));
    let own = uploads
        .iter()
        .filter(|upload| upload.name == expected.artifact);
    let foreign = uploads
        .iter()
        .filter(|upload| upload.name != expected.artifact);
    let mut files = own
        .chain(foreign)
        .flat_map(|upload| &upload.files)
        .filter(is_free);
    files.find(|file| {
        recognise(&file.path, &file.bytes) == Some(expected.format)
            && read(expected, file).is_ok_and(|report| {
                expected.tool.is_none()
                    || read_report(expected.format, None, &file.bytes, &Limits::default())
                        .is_ok_and(|untold| untold.tool == report.tool)
            })
    })
}

fn read(expected: &ExpectedReport, file: &ArchiveFile) -> Result<Report, ReadError> {
    read_report(
        expected.format,
        expected.tool,
        &file.bytes,
        &Limits::default(),
    )
}

fn exhibit(expected: &ExpectedReport, file: Option<&ArchiveFile>) -> Exhibit {
    let outcome = match file.map(|file| read(expected, file)) {
        None => Err(Missing::Absent),
        Some(Ok(report)) => Ok(report),
        Some(Err(error)) => Err(Missing::Unreadable(error.to_string())),
    };
    let digest = file
        .map(|file| digest::of_bytes(&file.bytes))
        .unwrap_or_default();
    Exhibit {
        expected: expected.clone(),
        outcome,
        digest,
    }
}

/// What no other run should have in common with this one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks {
    /// Digests of the reports that say when they were written, each once: no other run writes the same bytes.
    pub dated: Vec<String>,
    /// Whether tests ran and all are green. A starter that nobody has touched yet is the same for all.
    pub is_green: bool,
}

impl Marks {
    /// The marks of a run, by its files.
    #[must_use]
    pub fn of(evidence: &Evidence, uploads: &[Upload]) -> Self {
        let graded: BTreeSet<&str> = evidence
            .exhibits
            .iter()
            .map(|exhibit| exhibit.digest.as_str())
            .collect();
        let files = uploads.iter().flat_map(|upload| &upload.files);
        let dated: BTreeSet<String> = files
            .filter(|file| is_dated(&file.bytes))
            .map(|file| digest::of_bytes(&file.bytes))
            .filter(|digest| graded.contains(digest.as_str()))
            .collect();
        Self {
            dated: dated.into_iter().collect(),
            is_green: evidence.is_green(),
        }
    }
}

/// Whether a report says when it was written, in the way of any of the formats that do.
fn is_dated(bytes: &[u8]) -> bool {
    const WAYS: [&[u8]; 4] = [
        b" timestamp=\"",
        b" timestamp='",
        b"\"timestamp\":",
        b"\"startTime\":",
    ];
    let mut ways = WAYS.iter();
    ways.any(|way| bytes.windows(way.len()).any(|window| window == *way))
}
