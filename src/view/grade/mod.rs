//! A grade in one screen: the letter, what cost points with the most expensive first, how far the
//! run can be trusted, and what to read again.

mod costs;
mod findings;
mod numbers;

use crate::{
    app::ports::Run,
    domain::{
        course::Course,
        evidence::Missing,
        grading::{GradeSheet, Pointer},
        locale::Locale,
        practice::PracticeTask,
    },
    text,
    view::{
        Colour, Embed, Message,
        limits::{self, cut, join_lines},
        message::Field,
        quiz::section_menu,
        trust, untrusted,
    },
};
use findings::findings;
use numbers::numbers;

/// The grade of a run.
#[must_use]
pub fn view(course: &Course, run: &Run, sheet: &GradeSheet, locale: Locale) -> Message {
    let practice = course.find_practice(&sheet.practice);
    let code = course
        .find_part(&sheet.practice)
        .map_or(sheet.practice.as_str(), |part| &part.code);
    let percent = sheet.score_bp.percent();
    let mut fields: Vec<Field> = findings(sheet, locale).into_iter().collect();
    fields.extend(pointers(course, &sheet.pointers, locale));
    fields.push(numbers(sheet, locale));
    let embed = Embed {
        title: cut(
            &text!(
                locale,
                "grade-title",
                practice = code,
                grade = sheet.grade.as_str(),
                percent = percent
            ),
            limits::TITLE,
        ),
        description: summary(course, practice, run, sheet, locale),
        colour: colour(course, &sheet.grade),
        fields,
        footer: footer(run, locale),
    };
    let anchors = sheet
        .pointers
        .iter()
        .map(|pointer| pointer.section.as_str());
    let rows = section_menu(
        course,
        anchors,
        &text!(locale, "grade-open-section"),
        locale,
    )
    .into_iter()
    .collect();
    Message {
        embeds: vec![embed],
        rows,
        ..Message::default()
    }
}

/// Which run it was.
pub(super) fn footer(run: &Run, locale: Locale) -> String {
    let commit: String = run.head_sha.chars().take(7).collect();
    text!(
        locale,
        "grade-run",
        run = run.run_id.to_string(),
        attempt = run.attempt,
        commit = untrusted::line(&commit, 7)
    )
}

fn colour(course: &Course, grade: &str) -> Colour {
    let bands = &course.assessment.bands;
    match bands.iter().position(|band| band.grade == grade) {
        Some(0) => Colour::Good,
        Some(position) if position + 1 < bands.len() => Colour::Fair,
        _ => Colour::Poor,
    }
}

fn summary(
    course: &Course,
    practice: Option<&PracticeTask>,
    run: &Run,
    sheet: &GradeSheet,
    locale: Locale,
) -> String {
    let best = course
        .assessment
        .bands
        .first()
        .is_some_and(|band| band.grade == sheet.grade);
    let holds: Vec<String> = practice
        .and_then(|practice| costs::gate(practice, sheet, locale))
        .into_iter()
        .chain(missing(sheet, locale))
        .collect();
    let mut parts = Vec::new();
    let is_settled = sheet.review.is_none() && !trust::waits(sheet);
    if best && holds.is_empty() && sheet.findings.is_empty() && is_settled {
        parts.push(text!(locale, "grade-s"));
    }
    parts.push(holds.join("\n"));
    let criteria = practice.map(|practice| costs::criteria(practice, sheet, locale));
    parts.push(criteria.unwrap_or_default().join("\n"));
    parts.push(trust::lines(sheet, locale).join("\n"));
    if run.attempt > 1 {
        parts.push(text!(locale, "grade-rerun", attempt = run.attempt));
    }
    if !best {
        parts.push(text!(locale, "grade-next-better"));
    }
    parts.retain(|part| !part.is_empty());
    cut(&parts.join("\n\n"), limits::DESCRIPTION)
}

fn missing(sheet: &GradeSheet, locale: Locale) -> Vec<String> {
    let lines = sheet.missing.iter().map(|report| {
        let file = format!("{}/{}", report.artifact, report.path);
        match report.why {
            Missing::Absent => text!(locale, "grade-missing-absent", file = file),
            Missing::Unreadable(_) => text!(locale, "grade-missing-unreadable", file = file),
        }
    });
    lines.collect()
}

/// The sections to read again, with the advice of the rule that leads to each.
pub(super) fn pointers(course: &Course, pointers: &[Pointer], locale: Locale) -> Option<Field> {
    let lines: Vec<String> = pointers
        .iter()
        .filter_map(|pointer| {
            let (module, section) = course.find_section(&pointer.section)?;
            let rule = course
                .remediation
                .get(pointer.rule)
                .filter(|rule| rule.section == pointer.section);
            let advice = rule
                .map(|rule| rule.advice.text(locale))
                .unwrap_or_default();
            let section = format!("{} · {}", module.code, section.title.text(locale));
            Some(text!(
                locale,
                "grade-pointer",
                section = section,
                advice = advice
            ))
        })
        .collect();
    let value = join_lines(&lines, limits::FIELD, |count| {
        text!(locale, "grade-more", count = count)
    });
    (!lines.is_empty()).then(|| Field {
        name: text!(locale, "grade-read"),
        value,
        inline: false,
    })
}
