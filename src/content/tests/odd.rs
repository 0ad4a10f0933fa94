//! Files that are no course.

use proptest::{collection::vec, prelude::*, sample::select};

use super::{codes, languages::SETTINGS, outline, outlines::RUSSIAN, read_texts};
use crate::content::{SourceFile, read_outline};

#[test]
fn one_bad_file_hides_no_other() {
    let reading = read_texts(&[
        ("course.toml", "id = \n"),
        ("en/1.md", "## Module A1. One\n"),
        ("banks/a1.json", "{"),
        ("banks/a2.yaml", "questions: [\n"),
    ]);
    let codes: Vec<_> = codes(&reading).into_iter().map(|(code, _)| code).collect();
    assert_eq!(
        codes,
        [
            "bad-json",
            "bad-yaml",
            "bad-toml",
            "no-title",
            "empty-section"
        ]
    );
}

#[test]
fn odd_bytes_are_answered_and_never_panic() {
    let deep = "[".repeat(5_000);
    let nested = format!("{}a", "> - ".repeat(2_000));
    let dotted = format!("{} = 1", vec!["a"; 3_000].join("."));
    let odd = [
        "",
        "\0",
        "# ",
        "##",
        "- [ ]",
        "- [x] ",
        "<!--",
        "# T\n<!--",
        "## Module",
        "### Part (",
        "## Practice (X)\n",
        "﻿",
        "…",
        "\u{200d}",
        "= ",
        "## q {",
        "> ",
        "a: &a [*a]",
        "draw: 99999999999999999999",
        &deep,
        &nested,
        &dotted,
    ];
    for text in odd {
        for path in [
            "course.toml",
            "ru/1.md",
            "en/1.md",
            "banks/a1.yaml",
            "banks/a1.json",
            "banks/a1.md",
            "banks/a1.ru.md",
        ] {
            let mut files = vec![("course.toml", SETTINGS), ("ru/0.md", RUSSIAN)];
            files.push((path, text));
            let _ = read_texts(&files);
        }
        let _ = outline(text);
    }
    for cut in 0..RUSSIAN.len() {
        let bytes = RUSSIAN.as_bytes()[..cut].to_vec();
        let _ = read_outline(&SourceFile {
            path: String::new(),
            bytes,
        });
    }
}

/// Pieces of course files, to be put together without sense.
const PIECES: [&str; 34] = [
    "# ",
    "## ",
    "### ",
    "#### ",
    "Part 1. A: b",
    "Модуль A1. в",
    "Practice (A)",
    "Чек-лист",
    "Assessment",
    "\n",
    "\n\n",
    "- [ ] ",
    "- [x] ",
    "  > ",
    "> ",
    "= ",
    "```",
    "<!--",
    "-->",
    "{#a}",
    "{section=a1 kind=short tolerance=9}",
    "---\n",
    "10-20 questions",
    "S (90–100)",
    "%",
    "🧪",
    "\u{200d}",
    "\u{301}",
    "questions:",
    "  - id: ",
    "[[practice]]\n",
    "id = \"",
    "\t",
    "\0",
];

proptest! {
    #[test]
    fn any_run_of_pieces_is_answered_with_places_inside_the_file(pieces in vec(select(&PIECES[..]), 0..40)) {
        let text = pieces.concat();
        let lines = text.matches('\n').count() + 1;
        let mut readings = vec![outline(&text)];
        for path in ["course.toml", "ru/1.md", "banks/a1.yaml", "banks/a1.json", "banks/a1.en.md"] {
            readings.push(read_texts(&[("course.toml", SETTINGS), ("ru/0.md", RUSSIAN), (path, &text)]));
        }
        for diagnostic in readings.iter().flat_map(|reading| &reading.diagnostics) {
            let own = !["ru/0.md", "course.toml"].contains(&diagnostic.file.as_str());
            prop_assert!(!own || diagnostic.line as usize <= lines, "{diagnostic} of {lines} lines");
            prop_assert!(!diagnostic.message.is_empty() && !diagnostic.fix.is_empty());
        }
    }

    #[test]
    fn any_bytes_are_answered(bytes in vec(any::<u8>(), 0..200)) {
        let path = String::from("x.md");
        let reading = read_outline(&SourceFile { path, bytes });
        prop_assert!(reading.has_errors());
    }
}
