//! Whatever the reports say, a message and its file stay within Discord's limits, and what is shown of a
//! stranger's words neither ends its code nor means anything outside.

use std::collections::BTreeMap;

use ci_reports::{Details, Tool};
use proptest::prelude::*;

use super::{file::file, findings::findings};
use crate::{
    domain::{
        grading::{CostedFinding, GradeSheet},
        locale::Locale,
        practice::Detail,
        score::BasisPoints,
    },
    view::limits::{self, width},
};

/// Pieces that hostile words are made of.
const PIECES: [&str; 24] = [
    "`",
    "```",
    "\n",
    "\r\n",
    "    ",
    "@everyone",
    "<@1>",
    "[a](https://e.vil)",
    "**",
    "||",
    "# ",
    "> ",
    "\u{202E}",
    "\u{200B}",
    "\u{301}",
    "\u{1b}[31m",
    "я",
    "🙂",
    "tests/a.py:1: in f\n    x",
    "File \"a.py\", line 1, in f",
    "\n    at f (a.js:1:2)",
    "\nE   AssertionError: ",
    "assert 1 == 2",
    "_ _ _",
];

fn words() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => prop::sample::select(PIECES.to_vec()).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
        1 => (prop::sample::select(PIECES.to_vec()), 1..400_usize).prop_map(|(piece, times)| piece.repeat(times)),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

fn finding() -> impl Strategy<Value = CostedFinding> {
    let texts = (words(), words(), words(), words(), words(), words());
    let tool = prop::sample::select(vec![Tool::Pytest, Tool::Vitest, Tool::Ruff, Tool::Prettier]);
    (texts, tool).prop_map(
        |((id, message, file, expected, actual, trace), tool)| CostedFinding {
            tool,
            id,
            message,
            file: Some(file),
            line: Some(u32::MAX),
            cost_bp: BasisPoints::ZERO,
            details: Details {
                expected: Some(expected),
                actual: Some(actual),
                trace: Some(trace),
            },
            not_run: None,
        },
    )
}

fn sheet(findings: Vec<CostedFinding>) -> GradeSheet {
    GradeSheet {
        course: String::new(),
        practice: "practice".to_owned(),
        rubric_version: 1,
        score_bp: BasisPoints::ZERO,
        grade: "C".to_owned(),
        criteria: Vec::new(),
        tools: BTreeMap::new(),
        coverage: BTreeMap::new(),
        findings,
        pointers: Vec::new(),
        gates: Vec::new(),
        missing: Vec::new(),
        trust: None,
        late: None,
        review: None,
    }
}

/// What stands outside code.
fn outside(text: &str) -> String {
    let plain = text.split("```").step_by(2);
    plain.flat_map(|text| text.split('`').step_by(2)).collect()
}

proptest! {
    #[test]
    fn no_report_breaks_out_of_the_message(
        all in prop::collection::vec(finding(), 0..12),
        detail in prop::sample::select(vec![Detail::Findings, Detail::All]),
    ) {
        for locale in Locale::ALL {
            let fields = findings(&sheet(all.clone()), detail, locale);
            let sum: usize = fields.iter().map(|field| width(&field.name) + width(&field.value)).sum();
            prop_assert!(sum < limits::EMBEDS - 2500, "{sum}");
            for field in fields {
                prop_assert!(width(&field.name) <= limits::FIELD_NAME && width(&field.value) <= limits::FIELD);
                prop_assert!(!field.value.trim().is_empty());
                prop_assert!(field.value.matches("```").count().is_multiple_of(2), "{}", field.value);
                let plain = outside(&field.value);
                for sign in ["@e", "<@1", "://", "\u{202E}", "\u{1b}"] {
                    prop_assert!(!plain.replace('\\', "").contains(sign), "{sign:?} in {plain:?}");
                }
                let unescaped = plain.replace("\\*", "").replace("\\|", "").replace("\\]", "");
                prop_assert!(!unescaped.contains(['*', '|', ']']), "{plain:?}");
            }
        }
    }

    #[test]
    fn no_report_breaks_out_of_the_file(all in prop::collection::vec(finding(), 2..12)) {
        let file = file(&sheet(all), 7, "BASIC: C", "pytest: 1", Locale::Ru).expect("a file");
        prop_assert!(file.text.len() <= limits::FILE);
        prop_assert_eq!(file.name, "practice-run-7.md");
        for line in file.text.lines() {
            prop_assert!(!line.chars().any(char::is_control), "{line:?}");
            if !line.starts_with("    ") {
                let plain = outside(line);
                prop_assert!(!plain.contains(['@', '<', '*', '|', ']']), "{line:?}");
            }
        }
    }
}
