//! The evidence bundle of a recorded grade, out of the database.

use std::collections::BTreeMap;

use crate::{
    app::{
        bundle::{Bundle, FORMAT},
        error::Fault,
    },
    store::Store,
};

/// Gathers all that a grade rests on; `None` when there is no grade of this number.
///
/// # Errors
/// A fault of the database.
pub async fn export_grade(store: &Store, grade: i64) -> Result<Option<Bundle>, Fault> {
    let mut tx = store.begin().await?;
    let Some(id) = store.find_graded_submission(&mut tx, grade).await? else {
        return Ok(None);
    };
    let Some(submission) = store.find_submission(&mut tx, id).await? else {
        return Ok(None);
    };
    let grades = store.list_grades(&mut tx, id).await?;
    let mut bundle = Bundle {
        format: FORMAT,
        docent: env!("CARGO_PKG_VERSION").to_owned(),
        grade,
        submission: id,
        handed_in_at: submission.recorded_at,
        run: submission.run,
        facts: store.find_facts(&mut tx, id).await?,
        reports: store.list_reports(&mut tx, id, None).await?,
        audits: BTreeMap::new(),
        rubrics: BTreeMap::new(),
        grades,
    };
    for digest in bundle.grades.iter().filter_map(|one| one.rubric.clone()) {
        if let Some(rules) = store.find_rules(&mut tx, &digest).await? {
            bundle.rubrics.insert(digest, rules);
        }
    }
    for audit in bundle.grades.iter().filter_map(|one| one.audit) {
        if let Some(evidence) = store.find_audit_evidence(&mut tx, audit).await? {
            bundle.audits.insert(audit, evidence);
        }
    }
    store.commit(tx).await?;
    Ok(Some(bundle))
}
