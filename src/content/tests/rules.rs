//! Every rule of `docent check` has a course that breaks it and nothing else.

use std::{collections::BTreeSet, fs, path::Path};

use super::{ROOT, course_files, read, told};
use crate::content::CODES;

/// Folders beside those of the rules: whole courses, and slips that several rules tell of.
const NO_RULE: [&str; 4] = ["bread", "misspelt-keys", "valid", "wrong-value"];

/// Names of the folders in `tests/data/courses`.
fn folders() -> BTreeSet<String> {
    let entries = fs::read_dir(Path::new(ROOT).join("tests/data/courses")).unwrap();
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

#[test]
fn every_code_has_a_course_and_every_course_a_code() {
    let known: BTreeSet<String> = CODES
        .iter()
        .chain(&NO_RULE)
        .map(|name| (*name).to_owned())
        .collect();
    assert_eq!(folders(), known);
}

#[test]
fn every_broken_course_is_told_with_file_line_and_fix() {
    let mut differing = Vec::new();
    for rule in folders()
        .into_iter()
        .filter(|rule| !["bread", "valid"].contains(&rule.as_str()))
    {
        let reading = read(course_files(&rule));
        let codes: BTreeSet<&str> = reading.diagnostics.iter().map(|one| one.code).collect();
        if CODES.contains(&rule.as_str()) && codes != BTreeSet::from([rule.as_str()]) {
            differing.push(format!("== {rule} shows {codes:?}"));
        }
        let expected = Path::new(ROOT).join("tests/data/courses").join(&rule);
        let expected = fs::read_to_string(expected.join("expected.txt")).unwrap_or_default();
        if told(&reading) != expected {
            differing.push(format!(
                "== {rule}, expected\n{expected}-- told\n{}",
                told(&reading)
            ));
        }
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

#[test]
fn every_code_in_the_source_is_listed() {
    let call = regex::Regex::new(
        r#"(?:\b(?:error|warning|refuse|out_of_shape|read)\(\s*|code: |\), )"([a-z0-9]+(?:-[a-z0-9]+)+)""#,
    )
    .unwrap();
    let mut found = BTreeSet::new();
    let mut queue = vec![Path::new(ROOT).join("src/content")];
    while let Some(folder) = queue.pop() {
        for path in fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
        {
            if path.is_dir() {
                queue.extend((!path.ends_with("tests")).then_some(path));
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
            found.extend(call.captures_iter(code).map(|found| found[1].to_owned()));
        }
    }
    let listed: BTreeSet<String> = CODES.iter().map(|code| (*code).to_owned()).collect();
    assert_eq!(found, listed);
}
