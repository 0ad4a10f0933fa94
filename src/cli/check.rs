//! `docent check`: a course, read and judged.

use std::{path::PathBuf, process::ExitCode};

use anyhow::Context as _;
use serde_json::{Value, json};

use crate::{
    config::Settings,
    content::{Diagnostic, Reading, Severity},
    domain::course::Course,
    files::{Found, embedded_courses, find_courses},
    wiring::read_found,
};

/// What is checked, and how it is told.
#[derive(Debug, clap::Args)]
pub struct CheckArguments {
    /// Where the course is; the shipped one, or `DOCENT_CONTENT`, when left out
    path: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Go on, and say after each save what has changed
    #[arg(long, conflicts_with = "json")]
    pub watch: bool,
}

impl CheckArguments {
    /// The files to watch.
    ///
    /// # Errors
    /// When none are named: those inside the program do not change.
    pub fn folder(self, settings: &Settings) -> anyhow::Result<PathBuf> {
        self.path.or_else(|| settings.content.clone()).context(
            "there is nothing to watch: name the folder of a course, or set DOCENT_CONTENT",
        )
    }
}

/// Checks the courses at a path; exit status 1 when any has errors.
pub fn run(settings: &Settings, arguments: &CheckArguments) -> anyhow::Result<ExitCode> {
    let found = match arguments.path.as_ref().or(settings.content.as_ref()) {
        Some(path) => find_courses(path)?,
        None => embedded_courses().into_iter().map(Found::Folder).collect(),
    };
    let readings: Vec<Reading> = found.iter().map(read_found).collect();
    print(&if arguments.json {
        as_json(&readings)
    } else {
        as_text(&readings)
    });
    let failed = readings.iter().any(Reading::has_errors);
    Ok(if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// Prints on standard output.
#[expect(clippy::print_stdout, reason = "the command line's own output")]
pub fn print(text: &str) {
    println!("{text}");
}

/// Every diagnostic, what each course has, and the totals.
pub fn as_text(readings: &[Reading]) -> String {
    let mut lines: Vec<String> = Vec::new();
    for reading in readings {
        lines.extend(reading.diagnostics.iter().map(ToString::to_string));
        lines.extend(reading.course.as_ref().map(summary));
    }
    lines.push(totals(
        readings.iter().flat_map(|reading| &reading.diagnostics),
    ));
    lines.join("\n")
}

/// How many there are of each severity.
pub fn totals<'a>(diagnostics: impl IntoIterator<Item = &'a Diagnostic>) -> String {
    let (errors, warnings): (Vec<_>, Vec<_>) = diagnostics
        .into_iter()
        .partition(|one| one.severity == Severity::Error);
    format!("errors: {}, warnings: {}", errors.len(), warnings.len())
}

fn summary(course: &Course) -> String {
    let languages: Vec<&str> = course.locales.iter().map(|locale| locale.code()).collect();
    format!(
        "{} ({}): parts {}, modules {}, sections {}, questions {}, practices {}, checklists {}",
        course.id,
        languages.join(", "),
        course.parts.len(),
        course.modules().count(),
        course
            .modules()
            .map(|module| module.sections.len())
            .sum::<usize>(),
        course
            .banks
            .iter()
            .map(|bank| bank.questions.len())
            .sum::<usize>(),
        course.practices().count(),
        course
            .parts
            .iter()
            .filter(|part| part.checklist.is_some())
            .count(),
    )
}

fn as_json(readings: &[Reading]) -> String {
    let courses: Vec<Value> = readings
        .iter()
        .filter_map(|reading| reading.course.as_ref())
        .map(course_json)
        .collect();
    let diagnostics: Vec<&Diagnostic> = readings
        .iter()
        .flat_map(|reading| &reading.diagnostics)
        .collect();
    let errors = diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity == Severity::Error)
        .count();
    let body = json!({ "courses": courses, "diagnostics": diagnostics, "errors": errors,
        "warnings": diagnostics.len() - errors });
    format!("{body:#}")
}

/// A course in outline: its structure and rules, without the bodies of its texts.
fn course_json(course: &Course) -> Value {
    let parts: Vec<Value> = course
        .parts
        .iter()
        .map(|part| {
            let modules: Vec<Value> = part
                .modules
                .iter()
                .map(|module| {
                    let sections: Vec<Value> = module
                        .sections
                        .iter()
                        .map(|section| json!({ "anchor": section.anchor, "title": section.title }))
                        .collect();
                    json!({ "id": module.id, "code": module.code, "title": module.title, "sections": sections })
                })
                .collect();
            let practice = part.practice.as_ref().map(|practice| json!({ "id": practice.id, "title": practice.title }));
            let checklist = part.checklist.as_ref().map(|list| json!({ "items": list.items }));
            json!({ "id": part.id, "code": part.code, "title": part.title, "modules": modules,
                "practice": practice, "checklist": checklist })
        })
        .collect();
    let banks: Vec<Value> = course
        .banks
        .iter()
        .map(|bank| json!({ "id": bank.id, "draw": bank.draw, "includes": bank.includes, "questions": bank.questions.len() }))
        .collect();
    json!({ "id": course.id, "title": course.title, "locales": course.locales, "parts": parts,
        "assessment": course.assessment, "banks": banks })
}
