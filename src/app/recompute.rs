//! Working a grade out from what is stored: grading, regrading and verifying all come here.

use std::collections::HashMap;

use crate::{
    domain::{
        evidence::{Evidence, Exhibit, Missing},
        grading::{GradeSheet, Rules, grade},
        lateness::Lateness,
        practice::PracticeTask,
        trust::{Facts, Verdict},
    },
    store::{AuditEvidence, Said, StoredReport},
};

/// A stored report that is not what it should be.
#[derive(Debug, thiserror::Error)]
#[error("the stored report {artifact}/{path} cannot be read: {reason}")]
pub struct BadReport {
    /// Name of the artifact.
    pub artifact: String,
    /// Path inside it.
    pub path: String,
    /// What is wrong with it.
    pub reason: String,
}

/// The grade that rules, stored reports and facts lead to: the same whenever and wherever it is asked.
/// `late` is what was recorded of a late run: when it was made and due, and what that costs.
///
/// # Errors
/// When a stored report cannot be read; a grade without it would be another.
pub fn recompute(
    rules: &Rules,
    reports: &[StoredReport],
    facts: &Facts,
    late: Option<&Lateness>,
) -> Result<GradeSheet, BadReport> {
    let evidence = from_store(&rules.practice, reports, facts.clone())?;
    let mut sheet = grade(rules, &evidence);
    if let Some(late) = late {
        sheet.settle_late(&rules.bands, &late.policy, late.due, late.made_at);
    }
    Ok(sheet)
}

/// The grade that an audit leads to: worked out from the reports of its own run, and late as the run that was
/// handed in is. Its verdict names the letter of that run, by the same rules, where it is another, and
/// keeps what that run shares with another member's.
///
/// # Errors
/// As of [`recompute`].
pub fn recompute_audited(
    rules: &Rules,
    audit: &AuditEvidence,
    handed_in: &GradeSheet,
    late: Option<&Lateness>,
) -> Result<GradeSheet, BadReport> {
    let mut sheet = recompute(rules, &audit.reports, &audit.facts, late)?;
    let release = sheet.trust.take().and_then(|trust| trust.release);
    let before = (sheet.grade != handed_in.grade).then(|| handed_in.grade.clone());
    sheet.trust = Some(Verdict::audited(release, before, handed_in.trust.as_ref()));
    Ok(sheet)
}

/// Stored reports, placed against what a practice expects; one that is not stored was not there.
fn from_store(
    practice: &PracticeTask,
    reports: &[StoredReport],
    facts: Facts,
) -> Result<Evidence, BadReport> {
    let stored: HashMap<(&str, &str), &StoredReport> = reports
        .iter()
        .map(|report| ((report.artifact.as_str(), report.path.as_str()), report))
        .collect();
    let exhibits = practice.reports.iter().map(|expected| {
        let found = stored.get(&(expected.artifact.as_str(), expected.path.as_str()));
        let outcome = match found.map(|report| &report.said) {
            None => Err(Missing::Absent),
            Some(Said::Unreadable(why)) => Err(Missing::Unreadable(why.clone())),
            Some(Said::Body(body)) => Ok(serde_json::from_value(body.clone()).map_err(
                |error| BadReport {
                    artifact: expected.artifact.clone(),
                    path: expected.path.clone(),
                    reason: error.to_string(),
                },
            )?),
        };
        Ok(Exhibit {
            expected: expected.clone(),
            outcome,
            digest: found
                .map(|report| report.digest.clone())
                .unwrap_or_default(),
        })
    });
    Ok(Evidence {
        exhibits: exhibits.collect::<Result<_, _>>()?,
        facts,
    })
}
