//! What lateness cost, when the practice is due, and how many attempts are left.

use crate::{
    app::standing::Standing,
    domain::{
        grading::GradeSheet, lateness::Lateness, locale::Locale, practice::PracticeTask,
        score::BasisPoints, terms::Counts,
    },
    text,
    view::terms,
};

/// The lines under a grade.
pub(super) fn lines(sheet: &GradeSheet, standing: &Standing, locale: Locale) -> Vec<String> {
    let late = sheet.late.as_ref().and_then(|late| lateness(late, locale));
    late.into_iter()
        .chain(terms::standing(standing, locale))
        .collect()
}

/// How the grade gets better, as long as it may be handed in again.
pub(super) fn next(
    practice: Option<&PracticeTask>,
    standing: &Standing,
    locale: Locale,
) -> Option<String> {
    let attempts = standing.attempts;
    if standing.is_closed || attempts.is_some_and(|one| one.left == 0 && one.next_at.is_none()) {
        return None;
    }
    let counts = practice.map_or(Counts::Best, |practice| practice.terms.counts);
    Some(match counts {
        Counts::Best => text!(locale, "grade-next-better"),
        Counts::Last => text!(locale, "grade-next-last"),
    })
}

/// What lateness cost; nothing for a run in time.
fn lateness(late: &Lateness, locale: Locale) -> Option<String> {
    if late.made_at <= late.due.at {
        return None;
    }
    if late.days == 0 {
        return Some(text!(locale, "grade-late-grace"));
    }
    if late.penalty_bp == BasisPoints::ZERO {
        return Some(text!(locale, "grade-late-free", days = late.days));
    }
    let points = text!(
        locale,
        "grade-points",
        points = late.penalty_bp.get().div_ceil(100)
    );
    Some(text!(
        locale,
        "grade-late",
        days = late.days,
        points = points
    ))
}
