//! What an instructor reads of an audit: that it has begun, and how it ended.

use crate::{
    app::audit_grade::AuditAsked,
    domain::locale::Locale,
    store::{AuditEnd, AuditRow},
    text,
    view::{Message, trust, untrusted},
};

/// The answer to the instructor who asked.
#[must_use]
pub fn asked(audit: &AuditAsked, locale: Locale) -> Message {
    let name = untrusted::line(&audit.name, 40);
    let practice = audit.practice.to_uppercase();
    Message::plain(text!(
        locale,
        "audit-asked",
        name = name,
        practice = practice
    ))
}

/// How an audit ended; `None` while it goes on.
#[must_use]
pub fn ended(row: &AuditRow, locale: Locale) -> Option<Message> {
    let name = untrusted::line(&row.name, 40);
    let practice = row.sheet.practice.to_uppercase();
    let text = match row.end.as_ref()? {
        AuditEnd::Failed { code } => text!(
            locale,
            "audit-failed",
            name = name,
            practice = practice,
            code = untrusted::code(code, 40)
        ),
        AuditEnd::Graded { run, before, .. } if before.grade == row.sheet.grade => text!(
            locale,
            "audit-agrees",
            name = name,
            practice = practice,
            grade = row.sheet.grade.as_str(),
            percent = row.sheet.score_bp.percent(),
            link = run.html_url.as_str()
        ),
        AuditEnd::Graded { run, before, .. } => text!(
            locale,
            "audit-differs",
            name = name,
            practice = practice,
            grade = row.sheet.grade.as_str(),
            percent = row.sheet.score_bp.percent(),
            before = before.grade.as_str(),
            was = before.score_bp.percent(),
            link = run.html_url.as_str()
        ),
    };
    let waits = matches!(row.end, Some(AuditEnd::Graded { .. })) && trust::waits(&row.sheet);
    Some(Message::plain(if waits {
        format!("{text} {}", text!(locale, "audit-waits"))
    } else {
        text
    }))
}
