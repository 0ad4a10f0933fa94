//! Linters and formatters.

use ci_reports::{Format, LintFinding, ReadError, Severity, Tool};

use crate::support::{data, lint, read, try_read};

fn findings(format: Format, text: &str) -> Vec<LintFinding> {
    lint(&read(format, text.as_bytes())).findings.clone()
}

fn files(found: &[LintFinding]) -> Vec<&str> {
    found
        .iter()
        .map(|finding| finding.file.as_deref().unwrap_or("-"))
        .collect()
}

#[test]
fn ruff_s_two_formats_agree_with_the_terminal() {
    let json = read(Format::RuffJson, &data("ruff-json/06-lint-errors.json"));
    let sarif = read(Format::Sarif, &data("sarif/ruff-06-lint-errors.sarif"));
    assert_eq!((json.tool, sarif.tool), (Tool::Ruff, Tool::Ruff));
    assert_eq!(lint(&json).findings.len(), 10);
    assert_eq!(json.findings(), sarif.findings());
    let first = &json.findings()[0];
    assert_eq!(
        (first.id.as_str(), first.file.as_deref(), first.line),
        ("F401", Some("back/app/main.py"), Some(3))
    );
    assert!(lint(&read(Format::RuffJson, &data("ruff-json/01-perfect.json"))).is_clean());
}

#[test]
fn ruff_code_that_does_not_parse_has_a_rule() {
    let text = r#"[{"code":null,"message":"SyntaxError: Expected an expression","filename":"a.py","location":{"row":1,"column":2}}]"#;
    assert_eq!(
        findings(Format::RuffJson, text)[0].rule.as_deref(),
        Some("syntax-error")
    );
}

#[test]
fn eslint_s_two_formats_agree_with_the_terminal() {
    let json = read(Format::EslintJson, &data("eslint-json/06-lint-errors.json"));
    let sarif = read(Format::Sarif, &data("sarif/eslint-06-lint-errors.sarif"));
    assert_eq!((json.tool, sarif.tool), (Tool::Eslint, Tool::Eslint));
    for report in [&json, &sarif] {
        assert_eq!(lint(report).count(Severity::Error), 5);
        assert_eq!(lint(report).count(Severity::Warning), 1);
    }
    assert_eq!(json.findings(), sarif.findings());
    let warned = read(Format::EslintJson, &data("eslint-json/08-e2e-failing.json"));
    assert_eq!(lint(&warned).count(Severity::Warning), 1);
    assert_eq!(lint(&warned).findings.len(), 1);
}

#[test]
fn eslint_code_that_does_not_parse_is_an_error() {
    let text = r#"[{"filePath":"a.js","messages":[{"ruleId":null,"fatal":true,"severity":2,"message":"Parsing error","line":1,"column":null}]}]"#;
    let found = findings(Format::EslintJson, text);
    assert_eq!(found[0].rule.as_deref(), Some("syntax-error"));
    assert_eq!(
        (found[0].severity, found[0].column),
        (Severity::Error, None)
    );
}

#[test]
fn sarif_leaves_out_what_no_longer_stands_and_reads_notifications() {
    let text = r#"{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"X","rules":[
          {"id":"R1","defaultConfiguration":{"level":"error"}}]}},
        "results":[
          {"ruleIndex":0,"message":{"text":"by the rule"}},
          {"ruleId":"R2","kind":"pass","message":{"text":"passed"}},
          {"ruleId":"R2","message":{"text":"waived"},"suppressions":[{"kind":"inSource"}]},
          {"ruleId":"R2","message":{"text":"waiver refused"},"suppressions":[{"kind":"external","status":"rejected"}]},
          {"ruleId":"R2","message":{"text":"gone"},"baselineState":"absent"},
          {"ruleId":"R2","level":"note","message":{"id":"m1"},"locations":[{"physicalLocation":
            {"artifactLocation":{"uri":"src/a%20b.js"},"region":{"startLine":4}}}]}],
        "invocations":[{"executionSuccessful":false,"toolConfigurationNotifications":[
          {"descriptor":{"id":"ESL0999"},"level":"error","message":{"text":"Parsing error"}}]}]}]}"#;
    let found = findings(Format::Sarif, text);
    let told: Vec<_> = found
        .iter()
        .map(|f| (f.rule.as_deref(), f.message.as_str(), f.severity))
        .collect();
    assert_eq!(
        told,
        [
            (Some("R1"), "by the rule", Severity::Error),
            (Some("R2"), "waiver refused", Severity::Warning),
            (Some("R2"), "m1", Severity::Note),
            (Some("ESL0999"), "Parsing error", Severity::Error),
        ]
    );
    assert_eq!(
        (found[2].file.as_deref(), found[2].line),
        (Some("src/a b.js"), Some(4))
    );
}

#[test]
fn flake8_agrees_with_the_terminal_and_an_empty_file_is_clean() {
    let report = read(Format::Flake8, &data("flake8/06-lint-errors.txt"));
    assert_eq!(lint(&report).findings.len(), 8);
    let first = &report.findings()[0];
    assert_eq!(
        (first.id.as_str(), first.file.as_deref(), first.line),
        ("F401", Some("app/main.py"), Some(3))
    );
    assert_eq!(first.message, "'json' imported but unused");
    assert!(lint(&read(Format::Flake8, &data("flake8/01-perfect.txt"))).is_clean());
}

#[test]
fn flake8_is_read_from_windows_and_with_every_option() {
    let text = "C:\\x\\my app.py:3:1: F401 'os' imported but unused\r\n\
                import os\r\n^\r\n\
                a.py:1:2: E999 SyntaxError: invalid syntax\r\n\
                a.py:7: [W605] invalid escape\r\n\
                \x1b[1mb.py\x1b[m:9:1: WPS1 words: here:1:2\r\n\
                1     F401 'os' imported but unused\r\n4\r\n";
    let found = findings(Format::Flake8, text);
    assert_eq!(files(&found), ["C:\\x\\my app.py", "a.py", "a.py", "b.py"]);
    assert_eq!(found[1].message, "SyntaxError: invalid syntax");
    assert_eq!(
        (found[2].severity, found[2].column),
        (Severity::Warning, None)
    );
    assert_eq!(found[3].message, "words: here:1:2");
    assert!(findings(Format::Flake8, "0\r\n").is_empty());
}

#[test]
fn a_crash_is_not_a_clean_run() {
    let crash = "Traceback (most recent call last):\n  File \"x\"\nModuleNotFoundError: y\n";
    for format in [
        Format::Flake8,
        Format::RuffFormat,
        Format::Prettier,
        Format::Lcov,
    ] {
        let read = try_read(format, crash.as_bytes());
        assert!(
            matches!(read, Err(ReadError::NotThisFormat { .. })),
            "{format}: {read:?}"
        );
    }
}

#[test]
fn ruff_format_is_read_in_all_its_shapes() {
    assert!(
        lint(&read(
            Format::RuffFormat,
            &data("ruff-format/01-perfect.txt")
        ))
        .is_clean()
    );
    let concise = "app/a.py:3:1: unformatted: File would be reformatted\n\
                   app/a.py:9:1: unformatted: File would be reformatted\n\
                   b.py:1:1: unformatted: File would be reformatted\n\
                   2 files would be reformatted, 15 files already formatted\n";
    assert_eq!(
        files(&findings(Format::RuffFormat, concise)),
        ["app/a.py", "b.py"]
    );
    let old = "Would reformat: app/a.py\nerror: Failed to parse b.py:1:5: Expected an expression\n1 file would be reformatted\n";
    let found = findings(Format::RuffFormat, old);
    assert_eq!(files(&found), ["app/a.py", "b.py"]);
    assert_eq!(found[1].rule.as_deref(), Some("syntax-error"));
    let syntax = "b.py:1:5: invalid-syntax: Expected an expression\ninvalid-syntax: Expected ')'\n --> c.py:2:3\n1 file already formatted\n";
    let found = findings(Format::RuffFormat, syntax);
    assert_eq!(files(&found), ["b.py", "c.py"]);
    assert_eq!(
        (found[1].rule.as_deref(), found[1].line),
        (Some("invalid-syntax"), Some(2))
    );
    let full = "unformatted: File would be reformatted\n --> app/a.py:1:1\n  |\n1 | x=1\n\n1 file would be reformatted\n";
    assert_eq!(files(&findings(Format::RuffFormat, full)), ["app/a.py"]);
    assert_eq!(
        files(&findings(
            Format::RuffFormat,
            "3 files would be reformatted\n"
        )),
        ["-", "-", "-"]
    );
    assert!(try_read(Format::RuffFormat, b"").is_err());
}

#[test]
fn a_lying_ruff_format_total_makes_no_flood() {
    let text = "18446744073709551615 files would be reformatted\n";
    assert!(matches!(
        try_read(Format::RuffFormat, text.as_bytes()),
        Err(ReadError::TooMany { .. })
    ));
}

#[test]
fn prettier_lists_files_and_drops_its_closing_sentence() {
    assert!(lint(&read(Format::Prettier, &data("prettier/01-perfect.txt"))).is_clean());
    let text = "Checking formatting...\n[\x1b[33mwarn\x1b[39m] src/a b.js\n[warn] src/c.js\n\
                [warn] Ignored unknown option { foo: true }.\n\
                [error] src/d.js: SyntaxError: Unexpected token (2:7)\n[error]   1 | x\n[error] > 2 | let = ;\n[error]     |       ^\n\
                [warn] Code style issues found in 2 files. Run Prettier with --write to fix.\n\
                Error occurred when checking code style in the above file.\n";
    let found = findings(Format::Prettier, text);
    assert_eq!(files(&found), ["src/a b.js", "src/c.js", "src/d.js"]);
    assert_eq!((found[2].line, found[2].column), (Some(2), Some(7)));
    assert_eq!(found[2].message, "SyntaxError: Unexpected token");
}

#[test]
fn prettier_without_its_standard_error_gives_no_verdict() {
    let read = try_read(Format::Prettier, b"Checking formatting...\n");
    assert!(matches!(read, Err(ReadError::Malformed { .. })));
    assert!(findings(Format::Prettier, "").is_empty());
}
