//! Every change of a grade, for an instructor.

use crate::{
    app::show_grade_history::{Change, GradeHistory},
    domain::{grading::GradeSheet, locale::Locale, trust::Level},
    store::{DUE_TIME, GradeRecord},
    text,
    view::{
        Embed, Message,
        limits::{self, cut, join_lines},
        untrusted,
    },
};

/// The history of a member's grade.
#[must_use]
pub fn view(history: &GradeHistory, locale: Locale) -> Message {
    let member = history.member.to_string();
    let mut lines = vec![text!(locale, "history-head", member = member)];
    lines.extend(history.changes.iter().map(|change| entry(change, locale)));
    if history.more > 0 {
        lines.push(text!(locale, "history-more", count = history.more));
    }
    lines.push(text!(locale, "history-how"));
    let practice = history.practice.to_uppercase();
    let title = text!(locale, "history-title", practice = practice);
    Message {
        embeds: vec![Embed {
            title: cut(&title, limits::TITLE),
            description: join_lines(&lines, limits::DESCRIPTION, |count| {
                text!(locale, "history-more", count = count)
            }),
            ..Embed::default()
        }],
        ..Message::default()
    }
}

fn entry(change: &Change, locale: Locale) -> String {
    let record = &change.row.record;
    let sheet = &record.sheet;
    let mark = match &change.before {
        None => text!(
            locale,
            "history-first",
            grade = sheet.grade.as_str(),
            percent = sheet.score_bp.percent()
        ),
        Some(before) => text!(
            locale,
            "history-moved",
            was = before.grade.as_str(),
            was_percent = before.score.percent(),
            grade = sheet.grade.as_str(),
            percent = sheet.score_bp.percent()
        ),
    };
    let author = if record.is_audited() {
        text!(locale, "history-audit")
    } else if record.is_worked_out() {
        "Docent".to_owned()
    } else {
        format!("<@{}>", record.author)
    };
    let line = text!(
        locale,
        "history-entry",
        id = record.id.to_string(),
        time = format!("<t:{}:f>", record.recorded_at.timestamp()),
        author = author,
        mark = mark,
        trust = trust(sheet, locale),
        link = change.row.run.html_url.as_str()
    );
    match why(record, locale) {
        Some(why) => format!("{line}\n  - {why}"),
        None => line,
    }
}

fn why(record: &GradeRecord, locale: Locale) -> Option<String> {
    let reason = record.reason.as_deref()?;
    if !record.is_worked_out() {
        let reason = untrusted::line(reason, 300);
        return Some(text!(locale, "history-reason", reason = reason));
    }
    if reason == DUE_TIME {
        return Some(text!(locale, "history-due"));
    }
    let version = record.sheet.rubric_version.to_string();
    Some(match record.asked_by {
        None => text!(locale, "history-regraded", version = version),
        Some(member) => text!(
            locale,
            "history-regraded-by",
            version = version,
            member = member.to_string()
        ),
    })
}

fn trust(sheet: &GradeSheet, locale: Locale) -> String {
    match sheet.trust.as_ref().map(|trust| trust.level) {
        None => text!(locale, "history-unjudged"),
        Some(Level::Verified) => text!(locale, "history-verified"),
        Some(Level::Advisory) => text!(locale, "history-advisory"),
        Some(Level::NeedsReview) => text!(locale, "history-review"),
        Some(Level::Refused) => text!(locale, "history-refused"),
    }
}
