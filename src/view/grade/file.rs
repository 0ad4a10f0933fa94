//! The file beside a grade: every finding with its whole trimmed trace, and what each tool counted.

use super::{
    failure::{Failure, place},
    findings::id,
    sentence::sentence,
};
use crate::{
    domain::{
        grading::{CostedFinding, GradeSheet},
        locale::Locale,
    },
    text,
    view::{
        limits::{self, join_parts},
        message::TextFile,
        untrusted,
    },
};

/// Lines of one value or trace, and signs of a line.
const LINES: usize = 80;
const COLUMNS: usize = 300;

/// The file; none when the message says it all. `title` heads it, `numbers` end it.
pub(super) fn file(
    sheet: &GradeSheet,
    run: u64,
    title: &str,
    numbers: &str,
    locale: Locale,
) -> Option<TextFile> {
    let failures: Vec<Failure<'_>> = sheet.findings.iter().map(Failure::new).collect();
    let is_short = |failure: &Failure<'_>| !failure.has_layers() && !has_more(failure.finding);
    if failures.len() <= 1 && failures.iter().all(is_short) {
        return None;
    }
    let mut parts = vec![
        format!("# {title}"),
        text!(locale, "grade-file-head", run = run.to_string()),
        format!(
            "## {}\n\n- {}",
            text!(locale, "grade-numbers"),
            numbers.replace('\n', "\n- ")
        ),
        format!("## {}", text!(locale, "grade-findings")),
    ];
    let told = failures.iter().enumerate();
    parts.extend(told.map(|(place, failure)| entry(place + 1, failure, locale)));
    Some(TextFile {
        name: format!("{}-run-{run}.md", ascii(&sheet.practice)),
        about: text!(locale, "grade-file-about"),
        text: join_parts(&parts, limits::FILE, |count| {
            text!(locale, "grade-file-cut", count = count)
        }),
    })
}

/// Whether the tool said more than the sentence tells.
fn has_more(finding: &CostedFinding) -> bool {
    finding.message.trim().lines().count() > 1
}

fn entry(number: usize, failure: &Failure<'_>, locale: Locale) -> String {
    let finding = failure.finding;
    let parts = [Some(finding.tool.to_string()), id(finding), place(finding)];
    let head = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let mut paragraphs = vec![
        format!("### {number}. {head}"),
        sentence(finding, untrusted::code, locale),
    ];
    let mut block = |title: String, text: &str| {
        let lines = untrusted::indented(text, LINES, COLUMNS);
        if !lines.is_empty() {
            paragraphs.push(format!("{title}\n\n{lines}"));
        }
    };
    if let Some((expected, actual)) = failure.values() {
        block(text!(locale, "grade-file-expected"), expected);
        block(text!(locale, "grade-file-actual"), actual);
    }
    if !failure.trace.text.is_empty() {
        block(text!(locale, "grade-file-trace"), &failure.trace.text);
    } else if has_more(finding) {
        block(text!(locale, "grade-file-message"), &finding.message);
    }
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs.join("\n\n")
}

/// The id of a practice as Discord takes a file's name.
fn ascii(id: &str) -> String {
    let kept: String = id
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        .take(40)
        .collect();
    if kept.is_empty() {
        "practice".to_owned()
    } else {
        kept
    }
}
