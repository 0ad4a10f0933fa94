//! An instructor sets a grade: as a new row with its author and reason, and the member is told.

use chrono::TimeDelta;

use crate::{
    app::{
        App,
        caller::Caller,
        error::{Failure, Fault, Refusal},
        finish_submission::{DELIVER_GRADE, enqueue, tell_mates},
        submit_run::find_practice,
    },
    domain::{
        course::Course,
        grading::{GradeSheet, Review},
        score::BasisPoints,
    },
};

/// The grade as it was set.
#[derive(Debug, Clone)]
pub struct GradeSet<'a> {
    /// The course.
    pub course: &'a Course,
    /// Name of the member.
    pub name: String,
    /// The letter before.
    pub before: String,
    /// The sheet now.
    pub sheet: GradeSheet,
}

/// What an instructor asks for.
#[derive(Debug, Clone, Copy)]
pub struct SetGrade<'a> {
    /// Discord id of the member.
    pub member: i64,
    /// The practice.
    pub practice: &'a str,
    /// The letter; the score moves no further than to the nearest that has it.
    pub grade: &'a str,
    /// Why; the member reads it.
    pub reason: &'a str,
}

/// Sets the grade of the member's submission that waits for review, else of their newest.
///
/// # Errors
/// Refuses anyone who is not an instructor, unknown letters and practices, and members without a grade.
pub async fn set_grade<'a>(
    app: &'a App,
    caller: &Caller,
    asked: SetGrade<'_>,
) -> Result<GradeSet<'a>, Failure> {
    if !caller.is_instructor {
        return Err(Refusal::NotInstructor.into());
    }
    let course = app.course(caller);
    let practice = find_practice(course, asked.practice)?;
    let bands = &course.assessment.bands;
    let wanted = asked.grade.trim();
    let place = bands
        .iter()
        .position(|band| band.grade.eq_ignore_ascii_case(wanted));
    let Some((place, band)) = place.and_then(|place| Some((place, bands.get(place)?))) else {
        return Err(Refusal::NoGrade {
            name: asked.grade.to_owned(),
            known: bands.iter().map(|band| band.grade.clone()).collect(),
        }
        .into());
    };
    let mut tx = app.store.begin().await?;
    let found = app
        .store
        .find_graded(&mut tx, caller.guild_id, &course.id, asked.member, practice)
        .await?;
    let Some(row) = found else {
        return Err(Refusal::NothingGraded {
            practice: practice.to_uppercase(),
        }
        .into());
    };
    let before = row.sheet.grade.clone();
    let mut sheet = row.sheet;
    let better = place.checked_sub(1).and_then(|place| bands.get(place));
    let most = better.map_or(BasisPoints::FULL, |better| {
        BasisPoints::saturating(better.from_bp.get().saturating_sub(1))
    });
    sheet.grade.clone_from(&band.grade);
    sheet.score_bp = sheet.score_bp.min(most).max(band.from_bp);
    sheet.review = Some(Review {
        author: caller.discord_id,
        reason: asked.reason.trim().to_owned(),
    });
    let number = app
        .store
        .record_set_grade(
            &mut tx,
            row.submission,
            &sheet,
            caller.discord_id,
            asked.reason.trim(),
        )
        .await?;
    // The number tells this message from the one of an earlier grade of the same submission.
    let tries = u32::try_from(number).map_err(|error| Fault::Broken(error.to_string()))?;
    enqueue(
        app,
        &mut tx,
        DELIVER_GRADE,
        row.submission,
        tries,
        TimeDelta::zero(),
    )
    .await?;
    tell_mates(app, &mut tx, row.submission, tries).await?;
    app.store.commit(tx).await?;
    Ok(GradeSet {
        course,
        name: row.name,
        before,
        sheet,
    })
}
