//! Every change of a member's grade in a practice: when, by whom, from what to what, and why.

use crate::{
    app::{
        App,
        caller::Caller,
        error::{Failure, Refusal},
        regrade::Mark,
        submit_run::find_practice,
    },
    store::RecordedGrade,
};

/// Changes of one answer.
const SHOWN: usize = 25;
/// Rows that are read: what came before the oldest that is shown must be among them.
const READ: i64 = 200;

/// The history of a grade.
#[derive(Debug, Clone)]
pub struct GradeHistory {
    /// Discord id of the member.
    pub member: i64,
    /// The practice.
    pub practice: String,
    /// The newest changes, the newest first.
    pub changes: Vec<Change>,
    /// How many older ones there are, as far as they were read.
    pub more: usize,
}

/// One change.
#[derive(Debug, Clone)]
pub struct Change {
    /// The grade, with its run.
    pub row: RecordedGrade,
    /// The mark its submission had before; `None` for the first.
    pub before: Option<Mark>,
}

/// Lists the changes of a member's grade.
///
/// # Errors
/// Refuses anyone who is not an instructor, unknown practices, and members without a grade.
pub async fn show_grade_history(
    app: &App,
    caller: &Caller,
    member: i64,
    practice: &str,
) -> Result<GradeHistory, Failure> {
    if !caller.is_instructor {
        return Err(Refusal::NotInstructor.into());
    }
    let course = app.course(caller);
    let practice = find_practice(course, practice)?;
    let mut tx = app.store.begin().await?;
    let rows = app
        .store
        .list_grade_history(&mut tx, caller.guild_id, &course.id, member, practice, READ)
        .await?;
    app.store.commit(tx).await?;
    if rows.is_empty() {
        return Err(Refusal::NothingGraded {
            practice: practice.to_uppercase(),
        }
        .into());
    }
    let before = |place: usize, row: &RecordedGrade| {
        let mut older = rows.iter().skip(place + 1);
        let found = older.find(|older| older.submission == row.submission);
        found.map(|older| Mark::of(&older.record.sheet))
    };
    let changes = rows
        .iter()
        .enumerate()
        .take(SHOWN)
        .map(|(place, row)| Change {
            row: row.clone(),
            before: before(place, row),
        });
    Ok(GradeHistory {
        member,
        practice: practice.to_owned(),
        changes: changes.collect(),
        more: rows.len().saturating_sub(SHOWN),
    })
}
