//! The other forms in which linters write the same findings.

use ci_reports::{Finding, Format, ReadError, Severity, Tool};

use crate::support::{data, lint, read, try_read};

/// Rule and line of each finding.
fn rules(findings: &[Finding]) -> Vec<(&str, Option<u32>)> {
    findings
        .iter()
        .map(|finding| (finding.id.as_str(), finding.line))
        .collect()
}

#[test]
fn every_form_of_ruff_tells_the_same() {
    let json = read(Format::RuffJson, &data("ruff-json/06-lint-errors.json")).findings();
    for (format, file) in [
        (Format::RuffText, "ruff-text/06-lint-errors.txt"),
        (Format::LintJunit, "lint-junit/ruff.xml"),
        (Format::CodeQuality, "code-quality/ruff-06-lint-errors.json"),
        (
            Format::GithubAnnotations,
            "github-annotations/ruff-06-lint-errors.txt",
        ),
    ] {
        let report = read(format, &data(file));
        let found = report.findings();
        assert_eq!(rules(&found), rules(&json), "{file}");
        for (one, other) in found.iter().zip(&json) {
            assert!(one.message.starts_with(&other.message), "{file}: {one:?}");
            let (path, other) = (one.file.as_deref(), other.file.as_deref());
            let (path, other) = (path.expect("a file"), other.expect("a file"));
            assert!(other.ends_with(path), "{file}: {path}");
        }
    }
}

/// GitHub keeps ten annotations of a step; one of them is the runner's own remark.
#[test]
fn a_check_run_s_annotations_are_read_up_to_github_s_cap() {
    let report = read(
        Format::GithubAnnotations,
        &data("github-annotations/api-06-lint-errors.json"),
    );
    assert_eq!(report.tool, Tool::Ruff);
    let json = read(Format::RuffJson, &data("ruff-json/06-lint-errors.json")).findings();
    let found = report.findings();
    assert_eq!(found.len(), 9);
    for one in &found {
        let same = |other: &&Finding| {
            (&other.id, other.line) == (&one.id, one.line)
                && one.message.starts_with(&other.message)
        };
        let other = json.iter().find(same).expect("a finding of ruff's own");
        assert_eq!(one.file, other.file);
    }
}

#[test]
fn code_that_does_not_parse_has_one_rule_in_every_form() {
    let expected = [
        ("syntax-error", Some(6)),
        ("syntax-error", Some(7)),
        ("F401", Some(1)),
        ("F401", Some(2)),
        ("E711", Some(4)),
        ("E741", Some(5)),
    ];
    for (format, file) in [
        (Format::RuffJson, "ruff-json/every.json"),
        (Format::RuffText, "ruff-text/every-concise.txt"),
        (Format::RuffText, "ruff-text/every-grouped.txt"),
        (Format::LintJunit, "lint-junit/ruff-every.xml"),
        (Format::CodeQuality, "code-quality/every.json"),
        (Format::GithubAnnotations, "github-annotations/every.txt"),
        (Format::Sarif, "sarif/ruff-every.sarif"),
    ] {
        let report = read(format, &data(file));
        assert_eq!(rules(&report.findings()), expected, "{file}");
    }
    // In full ruff puts an error at the end of the file on the line before it.
    let full = read(Format::RuffText, &data("ruff-text/every-full.txt")).findings();
    assert_eq!(rules(&full)[1], ("syntax-error", Some(6)));
    assert_eq!(rules(&full)[2..], expected[2..]);
}

#[test]
fn a_linter_s_clean_run_is_clean() {
    for (format, bytes) in [
        (Format::LintJunit, data("lint-junit/ruff-clean.xml")),
        (Format::RuffText, data("ruff-text/clean.txt")),
        (Format::CodeQuality, b"[]".to_vec()),
        (Format::GithubAnnotations, b"[]".to_vec()),
        (Format::GithubAnnotations, Vec::new()),
    ] {
        assert!(lint(&read(format, &bytes)).is_clean(), "{format}");
    }
}

#[test]
fn eslint_s_junit_tells_errors_from_warnings() {
    let report = read(Format::LintJunit, &data("lint-junit/eslint.xml"));
    assert_eq!(report.tool, Tool::Eslint);
    assert_eq!(lint(&report).count(Severity::Error), 5);
    assert_eq!(lint(&report).count(Severity::Warning), 1);
    let json = read(Format::EslintJson, &data("eslint-json/06-lint-errors.json"));
    assert_eq!(rules(&report.findings()), rules(&json.findings()));
}

#[test]
fn tests_are_no_findings_of_a_linter() {
    let read = try_read(Format::LintJunit, &data("junit/pytest-01-perfect.xml"));
    assert!(matches!(read, Err(ReadError::NotThisFormat { .. })));
}

#[test]
fn a_list_cut_short_is_no_clean_ruff_run() {
    let read = try_read(Format::RuffText, b"a.py:1:1: F401 x\nFound 3 errors.\n");
    assert!(matches!(read, Err(ReadError::Malformed { .. })));
    let fixed = try_read(
        Format::RuffText,
        b"Found 3 errors (3 fixed, 0 remaining).\n",
    );
    assert!(fixed.is_ok_and(|report| lint(&report).is_clean()));
}

#[test]
fn a_log_s_commands_are_read_among_its_lines() {
    let text = "2026-11-22T15:10:09.1234567Z ::warning file=a%2Cb.py,line=3::50%25 of%0Ait\n\
                some words\n::notice::hello\n::debug::no\n::error title=x::";
    let report = read(Format::GithubAnnotations, text.as_bytes());
    let findings = &lint(&report).findings;
    assert_eq!(report.tool, Tool::Github);
    assert_eq!(findings.len(), 3);
    assert_eq!(findings[0].file.as_deref(), Some("a,b.py"));
    assert_eq!(
        (findings[0].line, findings[0].severity),
        (Some(3), Severity::Warning)
    );
    assert_eq!(findings[0].message, "50% of\nit");
    assert_eq!(findings[1].severity, Severity::Note);
    assert_eq!(findings[2].message, "x");
}

#[test]
fn a_runner_s_exit_remark_is_no_finding() {
    let text = r#"[{"path":".github","start_line":1,"annotation_level":"failure",
        "message":"Process completed with exit code 1."}]"#;
    assert!(lint(&read(Format::GithubAnnotations, text.as_bytes())).is_clean());
}

#[test]
fn code_quality_lines_come_in_two_shapes_and_measures_do_not_count() {
    let text = r#"[{"description":"a","fingerprint":"1","location":{"path":"a.js","lines":{"begin":7}},"severity":"minor"},
        {"type":"measurement","description":"b","fingerprint":"2","location":{"path":"a.js","lines":{"begin":1}}},
        {"type":"issue","check_name":"R","engine_name":"eslint","description":"c","fingerprint":"3",
         "location":{"path":"a.js","positions":{"begin":{"line":2,"column":3}}}}]"#;
    let report = read(Format::CodeQuality, text.as_bytes());
    let findings = &lint(&report).findings;
    assert_eq!(report.tool, Tool::Eslint);
    assert_eq!(findings.len(), 2);
    assert_eq!(
        (findings[0].line, findings[0].severity),
        (Some(7), Severity::Warning)
    );
    assert_eq!((findings[1].line, findings[1].column), (Some(2), Some(3)));
}

#[test]
fn prettier_tells_what_is_unformatted_and_what_does_not_parse() {
    let report = read(Format::Prettier, &data("prettier/warning-and-error.txt"));
    let findings = report.findings();
    assert_eq!(
        rules(&findings),
        [("unformatted", None), ("syntax-error", Some(1))]
    );
    assert_eq!(findings[1].message, "SyntaxError: Unexpected token");
}
