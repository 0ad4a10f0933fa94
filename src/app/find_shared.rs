//! What a graded run shares with runs that other members handed in before.

use std::collections::BTreeSet;

use uuid::Uuid;

use crate::{
    app::{App, error::Fault, grade_run::GradedRun, ports::Run},
    domain::{course::Course, grading::grade, trust::Shared},
    store::Tx,
};

/// Looks for the run's reports and files among those of other members, and grades again when they are
/// there. An instructor looks at such a run; nobody is accused: partners may have worked together.
///
/// # Errors
/// A fault of the database.
pub async fn note_shared(
    app: &App,
    tx: &mut Tx,
    course: &Course,
    enrolment: Uuid,
    run: &Run,
    graded: &mut GradedRun,
) -> Result<(), Fault> {
    let store = &app.store;
    let dated: BTreeSet<&str> = graded.evidence.dated_digests().collect();
    let dated: Vec<String> = dated.into_iter().map(str::to_owned).collect();
    let shared = Shared {
        reports: store
            .find_same_reports(tx, enrolment, &course.id, &dated)
            .await?,
        // A starter that nobody has touched yet is the same for all.
        files: if graded.evidence.is_green() {
            store
                .find_same_files(tx, enrolment, &course.id, run)
                .await?
        } else {
            None
        },
    };
    if shared.is_empty() {
        return Ok(());
    }
    graded.evidence.facts.shared = shared;
    if let Some(practice) = course.find_practice(&graded.sheet.practice) {
        graded.sheet = grade(course, practice, &graded.evidence);
    }
    Ok(())
}
