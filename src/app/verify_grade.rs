//! Verifying a grade from its evidence bundle alone: worked out again, and compared with what it says.

use ci_reports::Report;

use crate::{
    app::{
        bundle::{Bundle, Opened},
        recompute::{recompute, recompute_audited},
    },
    domain::{
        digest,
        grading::{GradeSheet, Rules},
        score::BasisPoints,
        trust::Verdict,
    },
    store::{GradeRecord, Said, StoredReport},
};

/// One thing in a bundle that is not as it should be; the sentence names it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Difference {
    /// The file was changed after it was written.
    #[error(
        "the file was edited after it was written: it says its digest is {sealed}, and it is {found}"
    )]
    Edited {
        /// The digest in the file.
        sealed: String,
        /// The digest of what is there.
        found: String,
    },
    /// The grade that was asked for is not there.
    #[error("the file has no grade {grade}")]
    NoGrade {
        /// Its number.
        grade: i64,
    },
    /// The grade is from before rules were kept.
    #[error(
        "grade {grade} cannot be worked out again: it was made before rubrics were stored with grades"
    )]
    NoRules {
        /// Its number.
        grade: i64,
    },
    /// The grade rests on the run of an audit, of which nothing is there.
    #[error(
        "grade {grade} cannot be worked out again: the reports of its audit are not in the file, as of audits from \
         before they were stored"
    )]
    NoAudit {
        /// Its number.
        grade: i64,
    },
    /// The rules are not there, or are not those of their digest.
    #[error("the rubric {rubric} of grade {grade} {what}")]
    Rules {
        /// The grade's number.
        grade: i64,
        /// The digest of its rules.
        rubric: String,
        /// What is wrong.
        what: String,
    },
    /// A report cannot be read.
    #[error("{0}")]
    Report(String),
    /// Something of the grade is not what its evidence leads to.
    #[error("grade {grade}: {what} is {stored} in the file, and the evidence gives {again}")]
    Differs {
        /// The grade's number.
        grade: i64,
        /// What of it.
        what: String,
        /// As it was recorded.
        stored: String,
        /// As it is worked out.
        again: String,
    },
    /// An original file is not the one that was graded.
    #[error("{artifact}/{path}: {what}")]
    File {
        /// Name of the artifact.
        artifact: String,
        /// Path inside it.
        path: String,
        /// What is wrong.
        what: String,
    },
}

/// Verifies every grade of a bundle that was worked out. Nothing differs when all of them hold.
#[must_use]
pub fn verify(opened: &Opened) -> Vec<Difference> {
    let bundle = &opened.bundle;
    let mut differences = Vec::new();
    if opened.sealed != opened.found {
        differences.push(Difference::Edited {
            sealed: opened.sealed.clone(),
            found: opened.found.clone(),
        });
    }
    if bundle.asked().is_none() {
        differences.push(Difference::NoGrade {
            grade: bundle.grade,
        });
    }
    for record in &bundle.grades {
        let is_old_audit = record.is_audited() && record.rubric.is_none();
        if is_old_audit && record.id != bundle.grade {
            // Of audits from before their evidence was kept there is nothing to compare.
            continue;
        }
        if record.is_worked_out() {
            differences.extend(verify_one(bundle, record));
        } else {
            let by = record.sheet.review.as_ref();
            let says = by.map(|by| (by.author.to_string(), Some(by.reason.clone())));
            let stored = (record.author.clone(), record.reason.clone());
            if says.as_ref() != Some(&stored) {
                let tell = |who: &(String, Option<String>)| {
                    format!(
                        "{} because “{}”",
                        who.0,
                        who.1.as_deref().unwrap_or_default()
                    )
                };
                differences.push(Difference::Differs {
                    grade: record.id,
                    what: "who set it and why".to_owned(),
                    stored: tell(&stored),
                    again: says.as_ref().map_or_else(|| "nobody".to_owned(), tell),
                });
            }
        }
    }
    differences
}

fn verify_one(bundle: &Bundle, record: &GradeRecord) -> Vec<Difference> {
    let audit = bundle.audit_of(record);
    if record.is_audited() && audit.is_none() {
        return vec![Difference::NoAudit { grade: record.id }];
    }
    let rules = match find_rules(bundle, record) {
        Ok(rules) => rules,
        Err(difference) => return vec![difference],
    };
    let late = record.sheet.late.as_ref();
    let handed_in = recompute(&rules, &bundle.reports, &bundle.facts, late);
    let again = match audit {
        None => handed_in,
        Some(audit) => handed_in.and_then(|sheet| recompute_audited(&rules, audit, &sheet, late)),
    };
    match again {
        Ok(again) => compare(record.id, &record.sheet, &again),
        Err(error) => vec![Difference::Report(error.to_string())],
    }
}

/// The rules a grade was worked out by, which are those of their digest.
///
/// # Errors
/// What is wrong with them.
pub fn find_rules(bundle: &Bundle, record: &GradeRecord) -> Result<Rules, Difference> {
    let Some(rubric) = &record.rubric else {
        return Err(Difference::NoRules { grade: record.id });
    };
    let wrong = |what: String| Difference::Rules {
        grade: record.id,
        rubric: rubric.clone(),
        what,
    };
    let Some(body) = bundle.rubrics.get(rubric) else {
        return Err(wrong("is not in the file".to_owned()));
    };
    let found = digest::of_json(body);
    if found != *rubric {
        return Err(wrong(format!("was changed: its digest is {found}")));
    }
    serde_json::from_value(body.clone()).map_err(|error| wrong(format!("cannot be read: {error}")))
}

/// What of a recorded sheet is not what its evidence leads to.
fn compare(grade: i64, stored: &GradeSheet, again: &GradeSheet) -> Vec<Difference> {
    let mut differences = Vec::new();
    let mut check = |what: String, stored: String, again: String| {
        if stored != again {
            differences.push(Difference::Differs {
                grade,
                what,
                stored,
                again,
            });
        }
    };
    let points = |score: BasisPoints| score.get().to_string();
    let trust = |verdict: &Option<Verdict>| {
        verdict
            .as_ref()
            .map_or_else(|| "none".to_owned(), tell_verdict)
    };
    check(
        "the practice".to_owned(),
        stored.practice.clone(),
        again.practice.clone(),
    );
    check(
        "the score".to_owned(),
        points(stored.score_bp),
        points(again.score_bp),
    );
    check(
        "the letter".to_owned(),
        stored.grade.clone(),
        again.grade.clone(),
    );
    check(
        "the verdict".to_owned(),
        trust(&stored.trust),
        trust(&again.trust),
    );
    let ids = |sheet: &GradeSheet| {
        let criteria = sheet.criteria.iter().map(|one| one.id.as_str());
        criteria.collect::<Vec<_>>().join(", ")
    };
    check("the list of criteria".to_owned(), ids(stored), ids(again));
    for (was, is) in stored.criteria.iter().zip(&again.criteria) {
        let tell = |score, weight| format!("{score} of a weight of {weight}");
        check(
            format!("the criterion `{}`", was.id),
            tell(points(was.score_bp), points(was.weight_bp)),
            tell(points(is.score_bp), points(is.weight_bp)),
        );
    }
    differences
}

/// A verdict with its reasons.
fn tell_verdict(verdict: &Verdict) -> String {
    let reasons: Vec<String> = verdict.reasons.iter().map(ToString::to_string).collect();
    if reasons.is_empty() {
        verdict.to_string()
    } else {
        format!("{verdict} ({})", reasons.join("; "))
    }
}

/// What differs between the original files, read again, and what is stored of them.
#[must_use]
pub fn compare_files(stored: &[StoredReport], read_again: &[StoredReport]) -> Vec<Difference> {
    let place = |report: &StoredReport| (report.artifact.clone(), report.path.clone());
    let told = |report: &StoredReport, what: &str| Difference::File {
        artifact: report.artifact.clone(),
        path: report.path.clone(),
        what: what.to_owned(),
    };
    let mut differences = Vec::new();
    for graded in stored {
        match read_again.iter().find(|file| place(file) == place(graded)) {
            None => differences.push(told(graded, "the file was graded, and is not here")),
            Some(file) if file.digest != graded.digest => {
                let what = format!(
                    "its digest is {}, and {} was graded",
                    file.digest, graded.digest
                );
                differences.push(told(graded, &what));
            }
            Some(file) if !is_same(&file.said, &graded.said) => {
                differences.push(told(
                    graded,
                    "the file is the one that was graded, and reads otherwise",
                ));
            }
            Some(_) => {}
        }
    }
    let graded = |file: &&StoredReport| stored.iter().any(|one| place(one) == place(file));
    let more = read_again.iter().filter(|file| !graded(file));
    differences.extend(more.map(|file| told(file, "the file is here, and was not graded")));
    differences
}

/// Whether two readings of a file say the same; what an older reading left out says nothing.
fn is_same(one: &Said, other: &Said) -> bool {
    match (one, other) {
        (Said::Body(one), Said::Body(other)) => {
            let read =
                |body: &serde_json::Value| serde_json::from_value::<Report>(body.clone()).ok();
            read(one).is_some_and(|one| read(other).is_some_and(|other| one == other))
        }
        (one, other) => one == other,
    }
}
