//! The documents against the checkout: what they name must be there.

use std::{fs, path::Path};

/// Every document, with its path.
fn documents() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = ["docs", "docs/adr"];
    let files = folders
        .iter()
        .flat_map(|folder| {
            fs::read_dir(root.join(folder))
                .into_iter()
                .flatten()
                .flatten()
        })
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "md"));
    let named = files.filter_map(|path| {
        let text = fs::read_to_string(&path).ok()?;
        Some((path.strip_prefix(root).ok()?.display().to_string(), text))
    });
    named.collect()
}

/// The words in backticks that are paths of this repository, without placeholders.
fn paths(text: &str) -> Vec<&str> {
    let quoted = text.split('`').skip(1).step_by(2);
    let roots = ["src/", "crates/", "tests/", "docs/", "scripts/", ".ci/"];
    quoted
        .filter(|word| roots.iter().any(|root| word.starts_with(root)))
        .filter(|word| !word.contains(['<', '*', ' ', '\n']))
        .collect()
}

#[test]
fn every_file_that_a_document_names_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let documents = documents();
    assert!(documents.len() > 5, "the documents were not found");
    let gone: Vec<String> = documents
        .iter()
        .flat_map(|(document, text)| paths(text).into_iter().map(move |path| (document, path)))
        .filter(|(_, path)| !root.join(path).exists())
        .map(|(document, path)| format!("{document} names {path}, which does not exist"))
        .collect();
    assert!(gone.is_empty(), "{}", gone.join("\n"));
}

#[test]
fn every_setting_is_explained_to_operators() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &str| fs::read_to_string(root.join(path)).unwrap();
    let (example, operating) = (read(".env.example"), read("docs/OPERATING.md"));
    let names: Vec<&str> = example
        .lines()
        .filter_map(|line| Some(line.trim_start_matches("# ").split_once('=')?.0))
        .filter(|name| name.chars().all(|c| c.is_ascii_uppercase() || c == '_'))
        .collect();
    assert!(names.len() > 10, "no settings were found in .env.example");
    let silent: Vec<&&str> = names
        .iter()
        .filter(|name| !operating.contains(&format!("`{name}`")))
        .collect();
    assert!(
        silent.is_empty(),
        "docs/OPERATING.md does not explain {silent:?}"
    );
}
