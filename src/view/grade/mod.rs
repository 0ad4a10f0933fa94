//! A grade in one screen: the letter, what cost points with the most expensive first, how far the
//! run can be trusted, and what to read again.

mod costs;
mod failure;
mod file;
mod findings;
mod numbers;
mod sentence;
mod standing;
#[cfg(test)]
mod tests;
mod trace;

use crate::{
    app::{ports::Run, standing::Standing},
    domain::{
        course::Course,
        evidence::Missing,
        grading::{GradeSheet, Pointer},
        locale::Locale,
        practice::{Detail, PracticeTask},
    },
    text,
    view::{
        Colour, Embed, Message, TextFile,
        limits::{self, cut, join_lines, width},
        message::Field,
        quiz::section_menu,
        trust, untrusted,
    },
};
use findings::findings;
use numbers::numbers;

/// Signs of all sections to read again.
const POINTERS: usize = 800;

/// A grade with what is shown beside it.
#[derive(Debug, Clone, Copy)]
pub struct Graded<'a> {
    /// The course.
    pub course: &'a Course,
    /// The run that was handed in.
    pub run: &'a Run,
    /// The grade.
    pub sheet: &'a GradeSheet,
    /// Where the member stands in the practice.
    pub standing: &'a Standing,
    /// Which of the attempts at the practice it is, from 1.
    pub attempt: u32,
}

/// The grade of a run.
#[must_use]
pub fn view(graded: &Graded<'_>, locale: Locale) -> Message {
    let Graded {
        course,
        run,
        sheet,
        attempt,
        ..
    } = *graded;
    let practice = course.find_practice(&sheet.practice);
    let detail = practice.map_or(Detail::All, |practice| practice.detail_at(attempt));
    let code = course
        .find_part(&sheet.practice)
        .map_or(sheet.practice.as_str(), |part| &part.code);
    let percent = sheet.score_bp.percent();
    let title = cut(
        &text!(
            locale,
            "grade-title",
            practice = code,
            grade = sheet.grade.as_str(),
            percent = percent
        ),
        limits::TITLE,
    );
    let numbers = numbers(sheet, locale);
    let files: Vec<TextFile> = (detail == Detail::All)
        .then(|| file::file(sheet, run.run_id, &title, &numbers.value, locale))
        .flatten()
        .into_iter()
        .collect();
    let mut fields = findings(sheet, detail, locale);
    fields.extend(pointers(course, &sheet.pointers, locale));
    if detail > Detail::Points {
        fields.push(numbers);
    }
    let mut parts = summary(graded, practice, locale);
    parts.extend(practice.and_then(|practice| more_later(practice, sheet, attempt, locale)));
    parts.extend(
        files
            .iter()
            .map(|file| text!(locale, "grade-file", name = file.name.as_str())),
    );
    let embed = Embed {
        title,
        description: String::new(),
        colour: colour(course, &sheet.grade),
        fields,
        footer: footer(run, locale),
    };
    let embed = Embed {
        description: cut(&parts.join("\n\n"), room(&embed)),
        ..embed
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
        files,
        ..Message::default()
    }
}

/// What is said in the channel to a member who takes no direct messages: that there is a grade, and not which.
#[must_use]
pub fn in_server(member: i64, locale: Locale) -> String {
    text!(locale, "grade-ready-in-server", member = member.to_string())
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

fn summary(graded: &Graded<'_>, practice: Option<&PracticeTask>, locale: Locale) -> Vec<String> {
    let Graded {
        course,
        run,
        sheet,
        standing,
        ..
    } = *graded;
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
    parts.push(standing::lines(sheet, standing, locale).join("\n"));
    if !best {
        parts.extend(standing::next(practice, standing, locale));
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// When more will be shown of what failed; nothing when nothing failed, or all of it is shown already.
fn more_later(
    practice: &PracticeTask,
    sheet: &GradeSheet,
    attempt: u32,
    locale: Locale,
) -> Option<String> {
    let next = practice
        .shows_more_after(attempt)
        .filter(|_| !sheet.findings.is_empty())?;
    let from = next.from_attempt;
    Some(if next.detail == Detail::All {
        text!(locale, "grade-show-all", attempt = attempt, from = from)
    } else {
        text!(
            locale,
            "grade-show-findings",
            attempt = attempt,
            from = from
        )
    })
}

/// Signs that are left for the description beside everything else.
fn room(embed: &Embed) -> usize {
    let fields = embed.fields.iter();
    let taken: usize = fields
        .map(|field| width(&field.name) + width(&field.value))
        .sum();
    limits::EMBEDS
        .saturating_sub(taken + width(&embed.title) + width(&embed.footer))
        .min(limits::DESCRIPTION)
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
    let value = join_lines(&lines, POINTERS, |count| {
        text!(locale, "grade-read-more", count = count)
    });
    (!lines.is_empty()).then(|| Field {
        name: text!(locale, "grade-read"),
        value,
        inline: false,
    })
}
