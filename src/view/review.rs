//! What waits for an instructor's look, and the answer to a grade that was set.

use crate::{
    app::{list_reviews::Reviews, set_grade::GradeSet},
    domain::{locale::Locale, trust::Reason},
    store::ReviewRow,
    text,
    view::{
        Embed, Message,
        limits::{self, cut, join_lines},
        trust, untrusted,
    },
};

/// Differences that are named of one submission; the rest are counted.
const NAMED: usize = 6;

/// The list of what waits.
#[must_use]
pub fn view(reviews: &Reviews<'_>, locale: Locale) -> Message {
    if reviews.total == 0 {
        return Message::plain(text!(locale, "review-empty"));
    }
    let mut lines = vec![text!(locale, "review-head", count = reviews.total)];
    lines.extend(reviews.first.iter().map(|row| entry(row, locale)));
    let more = reviews.total - reviews.first.len();
    if more > 0 {
        lines.push(text!(locale, "review-more", count = more));
    }
    lines.push(text!(locale, "review-how"));
    let embed = Embed {
        title: cut(&text!(locale, "review-title"), limits::TITLE),
        description: join_lines(&lines, limits::DESCRIPTION, |count| {
            text!(locale, "review-more", count = count)
        }),
        ..Embed::default()
    };
    Message {
        embeds: vec![embed],
        ..Message::default()
    }
}

fn entry(row: &ReviewRow, locale: Locale) -> String {
    let head = text!(
        locale,
        "review-entry",
        name = untrusted::line(&row.name, 40),
        practice = row.sheet.practice.to_uppercase(),
        grade = row.sheet.grade.as_str(),
        percent = row.sheet.score_bp.percent(),
        link = row.run.html_url.as_str(),
        id = row.grade.to_string()
    );
    let reasons = row.sheet.trust.iter().flat_map(|trust| &trust.reasons);
    let reasons: Vec<String> = reasons
        .map(|reason| format!("  - {}", told(reason, locale)))
        .collect();
    let more = reasons.len().saturating_sub(NAMED);
    let mut lines = vec![head];
    lines.extend(reasons.into_iter().take(NAMED));
    if more > 0 {
        lines.push(format!("  - {}", text!(locale, "trust-more", count = more)));
    }
    lines.join("\n")
}

/// A reason, with the other run that it is about: this list is for instructors alone.
fn told(reason: &Reason, locale: Locale) -> String {
    let words = trust::reason(reason, locale);
    match reason.other_run() {
        Some(link) => text!(locale, "review-other-run", words = words, link = link),
        None => words,
    }
}

/// The answer to the instructor who set a grade.
#[must_use]
pub fn set(outcome: &GradeSet<'_>, locale: Locale) -> Message {
    let name = untrusted::line(&outcome.name, 40);
    let practice = outcome.sheet.practice.to_uppercase();
    let grade = outcome.sheet.grade.as_str();
    Message::plain(if outcome.before == outcome.sheet.grade {
        text!(
            locale,
            "review-kept",
            name = name,
            practice = practice,
            grade = grade
        )
    } else {
        text!(
            locale,
            "review-set",
            name = name,
            practice = practice,
            grade = grade,
            before = outcome.before.as_str()
        )
    })
}
