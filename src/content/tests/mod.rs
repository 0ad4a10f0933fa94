//! Whole courses read from files: the valid one, and one folder for each rule it can break.

mod banks;
mod comments;
mod languages;
mod odd;
mod outlines;
mod rules;

use std::{collections::BTreeMap, fs, path::Path};

use super::{CODES, CourseFiles, Reading, SourceFile, read_course, read_outline};
use crate::domain::{course::Course, locale::Locale, rubric::Measure};

const ROOT: &str = match option_env!("DOCENT_ROOT") {
    Some(root) => root,
    None => env!("CARGO_MANIFEST_DIR"),
};

type Files = BTreeMap<String, Vec<u8>>;

fn collect(folder: &Path, prefix: &str, files: &mut Files) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = format!("{prefix}{}", entry.file_name().into_string().unwrap());
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{name}/"), files);
        } else {
            files.insert(name, fs::read(entry.path()).unwrap());
        }
    }
}

/// The files of the valid course, with those of another folder laid over them; an empty file takes one away.
fn course_files(rule: &str) -> Files {
    let courses = Path::new(ROOT).join("tests/data/courses");
    let mut files = Files::new();
    collect(&courses.join("valid"), "", &mut files);
    if rule != "valid" {
        collect(&courses.join(rule), "", &mut files);
    }
    files.remove("expected.txt");
    files.retain(|_, bytes| !bytes.is_empty());
    files
}

fn read(files: Files) -> Reading {
    let (banks, content) = files
        .into_iter()
        .map(|(path, bytes)| SourceFile { path, bytes })
        .partition(|file| file.path.starts_with("banks/"));
    read_course(&CourseFiles { content, banks })
}

fn read_texts(files: &[(&str, &str)]) -> Reading {
    read(
        files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()))
            .collect(),
    )
}

fn told(reading: &Reading) -> String {
    for one in &reading.diagnostics {
        assert!(CODES.contains(&one.code), "CODES has no `{}`", one.code);
    }
    let lines: Vec<String> = reading
        .diagnostics
        .iter()
        .map(ToString::to_string)
        .collect();
    lines.iter().flat_map(|line| [line, "\n"]).collect()
}

fn codes(reading: &Reading) -> Vec<(&'static str, String)> {
    reading
        .diagnostics
        .iter()
        .map(|one| (one.code, format!("{}:{}", one.file, one.line)))
        .collect()
}

fn outline(text: &str) -> Reading {
    read_outline(&SourceFile {
        path: "notes/My Course.md".to_owned(),
        bytes: text.as_bytes().to_vec(),
    })
}

fn valid() -> Course {
    let reading = read(course_files("valid"));
    assert_eq!(told(&reading), "");
    reading.course.unwrap()
}

#[test]
fn a_valid_course_is_read_in_order_with_its_ids() {
    let course = valid();
    assert_eq!(course.id, "shell");
    assert_eq!(
        course.title.text(Locale::En),
        "Shell Scripts in Three Weeks"
    );
    assert_eq!(
        course.intro.text(Locale::En),
        "Small programs that hold big ones together."
    );
    let parts: Vec<_> = course
        .parts
        .iter()
        .map(|part| (part.id.as_str(), part.title.text(Locale::En)))
        .collect();
    assert_eq!(
        parts,
        [
            ("first", "A script that runs"),
            ("part2", "A script that lasts")
        ]
    );
    let anchors: Vec<_> = course
        .modules()
        .flat_map(|module| &module.sections)
        .map(|one| one.anchor.as_str())
        .collect();
    assert_eq!(anchors, ["m1", "m1-status", "m2", "m2-quotes", "m3"]);
}

#[test]
fn a_body_is_the_authors_markdown_without_comments() {
    let course = valid();
    let body = |anchor| {
        course
            .find_section(anchor)
            .unwrap()
            .1
            .body
            .text(Locale::En)
            .to_owned()
    };
    assert_eq!(
        body("m1-status"),
        "Zero means that all went well.\n\n##### Why zero\n\nThere is one way to succeed and there are many to fail."
    );
    assert_eq!(
        body("m2-quotes"),
        "```sh\n# Not a heading\nprintf '%s\\n' \"$HOME\"   <!-- not a comment -->\n```"
    );
}

#[test]
fn a_checklist_and_a_practice_belong_to_their_part() {
    let course = valid();
    let items: Vec<_> = course.parts[0]
        .checklist
        .as_ref()
        .unwrap()
        .items
        .iter()
        .collect();
    assert_eq!(items[1].id, "first-2");
    assert_eq!(items[1].text.text(Locale::En), "Every variable is quoted");
    assert_eq!(
        course
            .find_practice("first")
            .unwrap()
            .brief
            .text(Locale::En),
        "Write a script that counts the files of a folder."
    );
    assert!(course.parts[1].practice.is_none());
}

#[test]
fn a_practice_is_graded_as_the_settings_say() {
    let course = valid();
    let practice = course.find_practice("first").unwrap();
    assert_eq!(
        (
            practice.reports.len(),
            practice.rubric.version,
            practice.rubric.gates[0].cap_bp.get()
        ),
        (3, 2, 6999)
    );
    assert!(!practice.reports[1].required);
    assert!(
        matches!(&practice.rubric.criteria[1].measure, Measure::Coverage { sides, level_bp } if sides == &["back"] && level_bp.get() == 9000)
    );
    assert_eq!(course.remediation[0].section, "m2-quotes");
}

#[test]
fn the_grading_section_gives_the_rules() {
    let assessment = valid().assessment;
    assert_eq!(
        (
            assessment.quiz.min_questions,
            assessment.quiz.max_questions,
            assessment.quiz.pass_mark_bp.get()
        ),
        (10, 12, 7500)
    );
    assert_eq!(assessment.tools, ["pytest", "ruff", "coverage"]);
    assert_eq!(
        [95, 60, 59].map(|percent| assessment
            .grade(crate::domain::score::BasisPoints::saturating(percent * 100))
            .to_owned()),
        ["A", "B", "C"]
    );
}
