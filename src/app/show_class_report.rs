//! How a class is doing, for its instructors.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    app::{
        App,
        caller::Caller,
        error::{Failure, Refusal},
        show_checklist::parts_with_checklist,
    },
    domain::course::Course,
    store::LearnerRow,
};

/// Learners of one page of a report.
pub const PAGE: usize = 20;
/// After so long without a fact a learner counts as quiet.
pub const QUIET_AFTER: TimeDelta = TimeDelta::days(7);
/// Learners at most that the answer counts over.
const MOST: i64 = 5_000;

/// The class report: the answer, and one page of learners.
#[derive(Debug, Clone)]
pub struct ClassReport<'a> {
    /// The course.
    pub course: &'a Course,
    /// Learners of the page, those to look at first on top.
    pub learners: Vec<LearnerRow>,
    /// Position of the page's first learner.
    pub from: usize,
    /// All learners.
    pub total: usize,
    /// Learners who passed every quiz.
    pub finished: usize,
    /// Learners with a graded practice.
    pub graded: usize,
    /// Learners quiet for a week.
    pub quiet: usize,
    /// Names to look at first.
    pub attention: Vec<String>,
    /// When it was made.
    pub now: DateTime<Utc>,
}

/// Makes the class report of a guild.
///
/// # Errors
/// Refuses anyone who is not an instructor.
pub async fn show_class_report<'a>(
    app: &'a App,
    caller: &Caller,
    from: usize,
) -> Result<ClassReport<'a>, Failure> {
    if !caller.is_instructor {
        return Err(Refusal::NotInstructor.into());
    }
    let course = app.course(caller);
    let mut tx = app.store.begin().await?;
    app.enrol(&mut tx, caller).await?;
    let learners = app
        .store
        .list_learners(
            &mut tx,
            caller.guild_id,
            &course.id,
            &course.last_counts(),
            i64::MIN,
            MOST,
        )
        .await?;
    app.store.commit(tx).await?;
    Ok(summarise(course, learners, from, app.clock.now()))
}

fn summarise(
    course: &Course,
    mut learners: Vec<LearnerRow>,
    from: usize,
    now: DateTime<Utc>,
) -> ClassReport<'_> {
    let is_quiet = |row: &LearnerRow| now - row.last_seen > QUIET_AFTER;
    let is_finished = |row: &LearnerRow| {
        course
            .banks
            .iter()
            .all(|bank| row.banks_passed.contains(&bank.id))
    };
    let is_graded = |row: &LearnerRow| {
        row.grades
            .as_object()
            .is_some_and(|grades| !grades.is_empty())
    };
    let count =
        |wanted: &dyn Fn(&LearnerRow) -> bool| learners.iter().filter(|row| wanted(row)).count();
    let (finished, graded, quiet) = (count(&is_finished), count(&is_graded), count(&is_quiet));
    learners.sort_by_key(|row| {
        (
            !is_quiet(row),
            row.banks_passed.len(),
            row.ticked,
            row.discord_id,
        )
    });
    let attention = learners
        .iter()
        .filter(|row| is_quiet(row) || is_lowest(course, row))
        .take(5)
        .map(|row| row.name.clone())
        .collect();
    let total = learners.len();
    let learners = learners.into_iter().skip(from).take(PAGE).collect();
    ClassReport {
        course,
        learners,
        from,
        total,
        finished,
        graded,
        quiet,
        attention,
        now,
    }
}

/// Whether a learner's grade in some practice is the lowest there is.
fn is_lowest(course: &Course, row: &LearnerRow) -> bool {
    let Some(lowest) = course.assessment.bands.last() else {
        return false;
    };
    row.grades.as_object().is_some_and(|grades| {
        grades
            .values()
            .any(|grade| grade.as_str() == Some(lowest.grade.as_str()))
    })
}

/// Items of every checklist of a course.
#[must_use]
pub fn count_items(course: &Course) -> usize {
    parts_with_checklist(course)
        .map(|(_, list)| list.items.len())
        .sum()
}
