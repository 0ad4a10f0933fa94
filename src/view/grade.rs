//! A grade: the letter, what cost points with the most expensive first, and what to read again.

use std::collections::BTreeMap;

use crate::{
    app::ports::Run,
    domain::{
        course::Course,
        evidence::Missing,
        grading::{CostedFinding, GradeSheet, ToolSummary},
        locale::Locale,
        practice::PracticeTask,
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

/// Gates that hold the score down, then criteria by what they took.
fn costs(practice: Option<&PracticeTask>, sheet: &GradeSheet, locale: Locale) -> Vec<String> {
    let Some(practice) = practice else {
        return Vec::new();
    };
    let mut closed: Vec<_> = sheet.gates.iter().filter(|gate| !gate.passed).collect();
    closed.sort_by_key(|gate| gate.cap_bp);
    let gates = closed.into_iter().filter_map(|gate| {
        let title = &practice
            .rubric
            .gates
            .iter()
            .find(|known| known.id == gate.id)?
            .title;
        Some(text!(
            locale,
            "grade-gate",
            title = title.text(locale),
            cap = gate.cap_bp.percent()
        ))
    });
    let mut taken: Vec<_> = sheet
        .criteria
        .iter()
        .filter(|criterion| criterion.cost() > BasisPoints::ZERO)
        .collect();
    taken.sort_by_key(|criterion| std::cmp::Reverse(criterion.cost()));
    let criteria = taken.into_iter().filter_map(|criterion| {
        let title = &practice
            .rubric
            .criteria
            .iter()
            .find(|known| known.id == criterion.id)?
            .title;
        let points = text!(
            locale,
            "grade-points",
            points = criterion.cost().get().div_ceil(100)
        );
        Some(text!(
            locale,
            "grade-criterion",
            title = title.text(locale),
            points = points
        ))
    });
    criteria.chain(gates).collect()
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

fn numbers(sheet: &GradeSheet, locale: Locale) -> Field {
    let tools = sheet.tools.iter().map(|(tool, summary)| {
        let tool = tool.to_string();
        match summary {
            ToolSummary::Tests {
                passed,
                failed,
                errors,
                skipped,
                flaky,
            } => {
                let line = text!(
                    locale,
                    "grade-tests",
                    tool = tool,
                    passed = *passed,
                    failed = *failed,
                    errors = *errors,
                    skipped = *skipped
                );
                match flaky {
                    0 => line,
                    flaky => format!("{line}, {}", text!(locale, "grade-flaky", flaky = *flaky)),
                }
            }
            ToolSummary::Lint { findings } => {
                text!(locale, "grade-lint", tool = tool, findings = *findings)
            }
        }
    });
    let coverage = sheet.coverage.iter().map(|(side, coverage)| {
        let percent = BasisPoints::saturating(coverage.lines_bp).percent();
        text!(
            locale,
            "grade-coverage",
            side = side.as_str(),
            percent = percent
        )
    });
    let lines: Vec<String> = tools.chain(coverage).collect();
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
        .map(|(finding, count)| name(finding, *count))
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

fn name(finding: &CostedFinding, count: usize) -> String {
    let times = if count > 1 {
        format!(" ×{count}")
    } else {
        String::new()
    };
    let place = match (&finding.file, finding.line) {
        (Some(file), Some(line)) => format!(" {}", untrusted::code(&format!("{file}:{line}"), 60)),
        (Some(file), None) => format!(" {}", untrusted::code(file, 60)),
        (None, _) => String::new(),
    };
    let id = if finding.id.is_empty() {
        String::new()
    } else {
        format!(" {}", untrusted::code(&finding.id, 80))
    };
    let first = finding.message.lines().next().unwrap_or_default();
    let message = if first.is_empty() {
        String::new()
    } else {
        format!(": {}", untrusted::line(first, 110))
    };
    format!("- {}{id}{place}{times}{message}", finding.tool)
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
