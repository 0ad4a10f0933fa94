//! What a graded run shares with runs that other members handed in before.

use uuid::Uuid;

use crate::{
    app::{App, error::Fault, grade_run::GradedRun, ports::Run, recompute::recompute},
    domain::{course::Course, trust::Shared},
    store::Tx,
};

/// Looks for the run's reports and files among those of members for whom it does not count, and grades
/// again when they are there, before lateness. An instructor looks at such a run; nobody is accused:
/// partners may have worked together. `counts_for` names enrolments.
///
/// # Errors
/// A fault of the database.
pub async fn note_shared(
    app: &App,
    tx: &mut Tx,
    course: &Course,
    counts_for: &[Uuid],
    run: &Run,
    graded: &mut GradedRun,
) -> Result<(), Fault> {
    let store = &app.store;
    let marks = &graded.marks;
    let shared = Shared {
        reports: store
            .find_same_reports(tx, counts_for, &course.id, &marks.dated)
            .await?,
        files: if marks.is_green {
            store
                .find_same_files(tx, counts_for, &course.id, run)
                .await?
        } else {
            None
        },
    };
    if shared.is_empty() {
        return Ok(());
    }
    graded.facts.shared = shared;
    graded.sheet = recompute(&graded.rules, &graded.reports, &graded.facts, None)
        .map_err(|error| Fault::Broken(error.to_string()))?;
    Ok(())
}
