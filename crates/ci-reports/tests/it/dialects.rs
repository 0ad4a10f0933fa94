//! Real runs whose files are easily misread, and what is printed around a report.

use ci_reports::{Format, ReadError, recognise};

use crate::support::{coverage, data, five, lint, read, tests, try_read};

/// `vitest run --bail=1` of Vitest 4.1.12 said: 1 failed, 1 passed, 3 skipped, 1 todo (25). The other
/// 19 never began, and its file has them as passed.
#[test]
fn tests_that_vitest_never_began_did_not_run() {
    let report = read(Format::Junit, &data("junit/vitest-bail.xml"));
    assert_eq!(five(tests(&report).counts), [1, 1, 0, 23, 0]);
    let not_run = tests(&report).not_run();
    let cut_off = not_run
        .iter()
        .find(|group| group.reason == Some("did not run"));
    assert_eq!(cut_off.map(|group| group.ids.len()), Some(19));
}

/// `coverage report` of coverage.py 6.5.0 said: 18 statements, 9 missed. It writes LF:0 and LH:1 for
/// an empty file.
#[test]
fn an_empty_file_of_coverage_py_6_is_no_obstacle() {
    let report = read(Format::Lcov, &data("lcov/coverage-py-6-empty-file.info"));
    let lines = coverage(&report)
        .lines
        .map(|lines| (lines.covered, lines.total));
    assert_eq!(lines, Some((9, 18)));
}

/// `ruff format --check --preview --output-format=concise` of ruff 0.14.0: two files to reformat and
/// one that does not parse, which has no line.
#[test]
fn a_file_that_does_not_parse_counts_without_a_place() {
    let report = read(
        Format::RuffFormat,
        &data("ruff-format/ruff-0.14-concise.txt"),
    );
    let rules: Vec<_> = lint(&report)
        .findings
        .iter()
        .map(|finding| finding.rule.as_deref())
        .collect();
    let unformatted = Some("unformatted");
    assert_eq!(rules, [unformatted, Some("invalid-syntax"), unformatted]);
}

/// `ruff check --output-format=gitlab` of ruff 0.1.15 found 12 and names the rules in the words.
#[test]
fn the_rules_of_an_old_ruff_are_read_from_its_words() {
    let report = read(Format::CodeQuality, &data("code-quality/ruff-0.1.json"));
    let findings = report.findings();
    assert_eq!(findings.len(), 12);
    assert_eq!(findings[0].id, "E401");
    assert_eq!(findings[0].message, "Multiple imports on one line");
}

/// `eslint -f json-with-metadata` of `ESLint` 9.39.5 said: 9 problems (5 errors, 4 warnings).
#[test]
fn eslint_s_list_with_metadata_is_read() {
    use ci_reports::Severity::{Error, Warning};
    let report = read(Format::EslintJson, &data("eslint-json/with-metadata.json"));
    let lint = lint(&report);
    assert_eq!((lint.count(Error), lint.count(Warning)), (5, 4));
}

#[test]
fn what_npm_prints_before_a_report_is_passed_over() {
    let list = data("eslint-json/08-e2e-failing.json");
    let plain = read(Format::EslintJson, &list);
    let npm = [
        b"\n> front@1.0.0 lint\n> eslint -f json .\n\n".as_slice(),
        &list,
    ]
    .concat();
    assert_eq!(recognise("a.json", &npm), Some(Format::EslintJson));
    assert_eq!(read(Format::EslintJson, &npm), plain);
    for other in ["words\n[]", "> npm\n", "> npm\nwords\n[]", "> npm\n[][]"] {
        let read = try_read(Format::EslintJson, other.as_bytes());
        assert!(
            matches!(read, Err(ReadError::Malformed { .. })),
            "{other:?}"
        );
    }
}

/// `prettier --list-different` names unformatted files without a mark, and broken ones with one.
#[test]
fn a_list_of_different_files_is_no_check() {
    let text = b"p/a.js\n[error] p/broken.js: SyntaxError: Unexpected token (2:1)\np/j.json\n";
    let read = try_read(Format::Prettier, text);
    assert!(matches!(read, Err(ReadError::NotThisFormat { .. })));
}

#[test]
fn an_empty_file_is_no_clean_ruff_run() {
    for nothing in ["", "\n", "warning: No Python files found\n"] {
        let read = try_read(Format::RuffText, nothing.as_bytes());
        assert!(
            matches!(read, Err(ReadError::NotThisFormat { .. })),
            "{nothing:?}"
        );
    }
}
