//! What a score is made of: a bar for each criterion, what cost most first.

use crate::{
    domain::{
        grading::{CriterionScore, GradeSheet},
        locale::Locale,
        practice::PracticeTask,
        rubric::{Criterion, Measure},
        score::BasisPoints,
    },
    text,
};

/// Signs of a bar.
const BAR: u32 = 10;

/// The gate that holds the score down most, when one does.
pub(super) fn gate(practice: &PracticeTask, sheet: &GradeSheet, locale: Locale) -> Option<String> {
    let closed = sheet.gates.iter().filter(|gate| !gate.passed);
    let gate = closed.min_by_key(|gate| gate.cap_bp)?;
    let known = practice
        .rubric
        .gates
        .iter()
        .find(|known| known.id == gate.id)?;
    Some(text!(
        locale,
        "grade-gate",
        title = known.title.text(locale),
        cap = gate.cap_bp.percent()
    ))
}

/// One line a criterion: its bar, its title and what it took; those that took nothing share the last.
pub(super) fn criteria(practice: &PracticeTask, sheet: &GradeSheet, locale: Locale) -> Vec<String> {
    let mut scores: Vec<&CriterionScore> = sheet.criteria.iter().collect();
    scores.sort_by_key(|score| std::cmp::Reverse(score.cost()));
    let known = |score: &CriterionScore| {
        let mut criteria = practice.rubric.criteria.iter();
        criteria.find(|known| known.id == score.id)
    };
    let (full, short): (Vec<_>, Vec<_>) = scores
        .into_iter()
        .partition(|score| score.cost() == BasisPoints::ZERO);
    let short = short.into_iter().filter_map(|score| {
        let words = words(score, known(score)?, sheet, locale);
        Some(format!("`{}` {words}", bar(score.score_bp)))
    });
    let full = full.into_iter().filter_map(known);
    let titles: Vec<&str> = full.map(|known| known.title.text(locale)).collect();
    let together =
        (!titles.is_empty()).then(|| format!("`{}` {}", bar(BasisPoints::FULL), titles.join(", ")));
    short.chain(together).collect()
}

/// Ten signs; only a full score fills them all, and only nothing leaves them all empty.
fn bar(score: BasisPoints) -> String {
    let tenths = score.get() * BAR / BasisPoints::FULL.get();
    let full = if score == BasisPoints::ZERO {
        0
    } else {
        tenths.max(1)
    };
    (0..BAR)
        .map(|sign| if sign < full { '▰' } else { '▱' })
        .collect()
}

fn words(
    score: &CriterionScore,
    criterion: &Criterion,
    sheet: &GradeSheet,
    locale: Locale,
) -> String {
    let title = criterion.title.text(locale);
    let points = text!(
        locale,
        "grade-points",
        points = score.cost().get().div_ceil(100)
    );
    if is_untested(criterion, sheet) {
        text!(
            locale,
            "grade-criterion-untested",
            title = title,
            points = points
        )
    } else {
        text!(locale, "grade-criterion", title = title, points = points)
    }
}

/// Whether coverage is at its level and counts for nothing, because tests failed.
fn is_untested(criterion: &Criterion, sheet: &GradeSheet) -> bool {
    let Measure::Coverage { sides, level_bp } = &criterion.measure else {
        return false;
    };
    let reaches = |side: &String| {
        sheet
            .coverage
            .get(side)
            .is_some_and(|found| found.lines_bp >= level_bp.get())
    };
    sides.iter().all(reaches)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_full_only_for_everything_and_empty_only_for_nothing() {
        let filled = |score| {
            let bar = bar(BasisPoints::saturating(score));
            assert_eq!(bar.chars().count(), 10);
            bar.matches('▰').count()
        };
        assert_eq!(
            [0, 1, 999, 1000, 5000, 9999, 10_000].map(filled),
            [0, 1, 1, 1, 5, 9, 10]
        );
    }
}
