//! A grade: the letter, what cost points with the most expensive first, and what to read again.

use std::collections::BTreeMap;

use ci_reports::{Finding, Tests};

use crate::{
    app::ports::Run,
    domain::{
        course::Course,
        evidence::Missing,
        grading::{CostedFinding, CriterionScore, GradeSheet, NotRun, ToolSummary},
        locale::Locale,
        practice::PracticeTask,
        rubric::{Criterion, Measure},
        score::BasisPoints,
    },
    text,
    view::{
        Colour, Embed, Message,
        limits::{self, cut, join_lines},
        message::Field,
        quiz::section_menu,
        untrusted,
    },
};

/// Findings that are named; the rest are counted.
const FINDINGS: usize = 6;

/// The grade of a run.
#[must_use]
pub fn view(course: &Course, run: &Run, sheet: &GradeSheet, locale: Locale) -> Message {
    let practice = course.find_practice(&sheet.practice);
    let code = course
        .find_part(&sheet.practice)
        .map_or(sheet.practice.as_str(), |part| &part.code);
    let percent = sheet.score_bp.percent();
    let mut fields = vec![numbers(sheet, locale)];
    fields.extend(findings(sheet, locale));
    fields.extend(pointers(course, sheet, locale));
    let commit: String = run.head_sha.chars().take(7).collect();
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
        description: summary(course, practice, sheet, locale),
        colour: colour(course, &sheet.grade),
        fields,
        footer: text!(
            locale,
            "grade-run",
            run = run.run_id.to_string(),
            attempt = run.attempt,
            commit = untrusted::line(&commit, 7)
        ),
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
    sheet: &GradeSheet,
    locale: Locale,
) -> String {
    let lines: Vec<String> = costs(practice, sheet, locale)
        .into_iter()
        .chain(missing(sheet, locale))
        .collect();
    if lines.is_empty() {
        return text!(locale, "grade-s");
    }
    let best = course
        .assessment
        .bands
        .first()
        .is_some_and(|band| band.grade == sheet.grade);
    let mut all = vec![text!(locale, "grade-lost")];
    all.extend(lines.into_iter().map(|line| format!("- {line}")));
    if !best {
        all.push(String::new());
        all.push(text!(locale, "grade-next-better"));
    }
    cut(&all.join("\n"), limits::DESCRIPTION)
}

/// The gate that holds the score down most, then criteria by what they took.
fn costs(practice: Option<&PracticeTask>, sheet: &GradeSheet, locale: Locale) -> Vec<String> {
    let Some(practice) = practice else {
        return Vec::new();
    };
    let closed = sheet.gates.iter().filter(|gate| !gate.passed);
    let gate = closed.min_by_key(|gate| gate.cap_bp).and_then(|gate| {
        let known = practice
            .rubric
            .gates
            .iter()
            .find(|known| known.id == gate.id)?;
        let title = known.title.text(locale);
        Some(text!(
            locale,
            "grade-gate",
            title = title,
            cap = gate.cap_bp.percent()
        ))
    });
    let mut taken: Vec<_> = sheet
        .criteria
        .iter()
        .filter(|criterion| criterion.cost() > BasisPoints::ZERO)
        .collect();
    taken.sort_by_key(|criterion| std::cmp::Reverse(criterion.cost()));
    let criteria = taken
        .into_iter()
        .filter_map(|score| {
            Some((
                score,
                practice
                    .rubric
                    .criteria
                    .iter()
                    .find(|known| known.id == score.id)?,
            ))
        })
        .map(|(score, criterion)| cost(score, criterion, sheet, locale));
    gate.into_iter().chain(criteria).collect()
}

fn cost(
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

/// What each tool counted; tools with nothing to say share one line.
fn numbers(sheet: &GradeSheet, locale: Locale) -> Field {
    let mut lines = Vec::new();
    let mut clean = Vec::new();
    for (tool, summary) in &sheet.tools {
        let tool = tool.to_string();
        match summary {
            ToolSummary::Lint { findings: 0, .. } => clean.push(tool),
            ToolSummary::Lint { findings, .. } => {
                lines.push(text!(
                    locale,
                    "grade-lint",
                    tool = tool,
                    findings = *findings
                ));
            }
            ToolSummary::Tests {
                passed,
                failed,
                errors,
                skipped,
                flaky,
            } => {
                let mut parts = vec![text!(locale, "grade-tests", tool = tool, passed = *passed)];
                let more = |count: u32, words: String| (count > 0).then_some(words);
                parts.extend(more(
                    *failed,
                    text!(locale, "grade-failed", count = *failed),
                ));
                parts.extend(more(
                    *errors,
                    text!(locale, "grade-errors", count = *errors),
                ));
                parts.extend(more(
                    *skipped,
                    text!(locale, "grade-skipped", count = *skipped),
                ));
                parts.extend(more(*flaky, text!(locale, "grade-flaky", flaky = *flaky)));
                lines.push(parts.join(", "));
            }
        }
    }
    if !clean.is_empty() {
        lines.push(text!(locale, "grade-clean", tools = clean.join(", ")));
    }
    lines.extend(sheet.coverage.iter().map(|(side, coverage)| {
        let percent = BasisPoints::saturating(coverage.lines_bp).percent();
        text!(
            locale,
            "grade-coverage",
            side = side.as_str(),
            percent = percent
        )
    }));
    let value = if lines.is_empty() {
        "—".to_owned()
    } else {
        cut(&lines.join("\n"), limits::FIELD)
    };
    Field {
        name: text!(locale, "grade-numbers"),
        value,
        inline: false,
    }
}

/// The most expensive findings; the same rule in several places is one line.
fn findings(sheet: &GradeSheet, locale: Locale) -> Option<Field> {
    let mut groups: Vec<(&CostedFinding, usize)> = Vec::new();
    let mut seen: BTreeMap<(String, &str), usize> = BTreeMap::new();
    for finding in &sheet.findings {
        let next = groups.len();
        let place = *seen
            .entry((finding.tool.to_string(), finding.id.as_str()))
            .or_insert(next);
        match groups.get_mut(place) {
            Some((_, count)) => *count += 1,
            None => groups.push((finding, 1)),
        }
    }
    let named: usize = groups.iter().take(FINDINGS).map(|(_, count)| count).sum();
    let mut lines: Vec<String> = groups
        .iter()
        .take(FINDINGS)
        .map(|(finding, count)| name(finding, *count, locale))
        .collect();
    let rest = sheet.findings.len().saturating_sub(named);
    if rest > 0 {
        lines.push(text!(locale, "grade-more", count = rest));
    }
    let value = join_lines(&lines, limits::FIELD, |count| {
        text!(locale, "grade-more", count = count)
    });
    (!lines.is_empty()).then(|| Field {
        name: text!(locale, "grade-findings"),
        value,
        inline: false,
    })
}

fn name(finding: &CostedFinding, count: usize, locale: Locale) -> String {
    if finding.id == Finding::PROBLEM && finding.message == Tests::NONE_RAN {
        return format!("- {}: {}", finding.tool, text!(locale, "grade-no-tests"));
    }
    let times = if count > 1 {
        format!(" ×{count}")
    } else {
        String::new()
    };
    let place = finding
        .file
        .as_deref()
        .filter(|file| is_own(file))
        .map(|file| {
            let line = finding
                .line
                .map(|line| format!(":{line}"))
                .unwrap_or_default();
            format!(" {}", untrusted::code(&format!("{file}{line}"), 60))
        });
    let is_named = !finding.id.is_empty() && finding.id != Finding::PROBLEM;
    let id = if is_named {
        format!(" {}", untrusted::code(&finding.id, 80))
    } else {
        String::new()
    };
    let first = finding.message.lines().next().unwrap_or_default();
    let message = match finding.not_run {
        Some(NotRun::Missing) => format!(": {}", text!(locale, "grade-not-run-missing")),
        Some(NotRun::Skipped) => format!(": {}", text!(locale, "grade-not-run-skipped")),
        Some(NotRun::Repeated) => format!(": {}", text!(locale, "grade-not-run-repeated")),
        None if first.is_empty() => String::new(),
        None => format!(": {}", untrusted::line(first, 110)),
    };
    format!(
        "- {}{id}{}{times}{message}",
        finding.tool,
        place.unwrap_or_default()
    )
}

/// Whether a file is the member's own, and not one of a library's.
fn is_own(file: &str) -> bool {
    !file.starts_with("..")
        && !file.starts_with('/')
        && !file.contains("site-packages")
        && !file.contains("node_modules")
}

fn pointers(course: &Course, sheet: &GradeSheet, locale: Locale) -> Option<Field> {
    let lines: Vec<String> = sheet
        .pointers
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
