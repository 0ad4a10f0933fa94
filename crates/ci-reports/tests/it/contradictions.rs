//! Files whose parts contradict each other: none is read as better than its entries.

use ci_reports::{Format, Ratio, ReadError};

use crate::support::{coverage, five, junit, lint, read, tests, try_read};

fn is_malformed(format: Format, text: &str) -> bool {
    matches!(
        try_read(format, text.as_bytes()),
        Err(ReadError::Malformed { .. })
    )
}

fn lines(format: Format, text: &str) -> Option<(u64, u64)> {
    let report = read(format, text.as_bytes());
    coverage(&report)
        .lines
        .map(|lines| (lines.covered, lines.total))
}

#[test]
fn a_header_below_the_root_is_believed_too() {
    let hidden = junit(
        "<testsuites tests='3' failures='1'><testsuite name='a' failures='1'>\
         <testcase name='x'><failure/></testcase></testsuite>\
         <testsuite name='b'><testsuite name='c' failures='2' errors='1'>\
         <testcase name='y'/></testsuite></testsuite></testsuites>",
    );
    assert_eq!(five(hidden.counts), [1, 1, 0, 0, 0]);
    assert_eq!(
        hidden.problems,
        ["the report counts 4 failures but shows 1"]
    );
}

#[test]
fn a_header_that_counts_less_than_is_shown_changes_nothing() {
    for count in ["0", "-7", "1", "x", ""] {
        let told = junit(&format!(
            "<testsuite failures='{count}'><testcase name='x'><failure/></testcase></testsuite>"
        ));
        assert_eq!(five(told.counts), [0, 1, 0, 0, 0], "{count:?}");
        assert!(told.problems.is_empty(), "{count:?}: {:?}", told.problems);
    }
    let flood =
        junit("<testsuite failures='99999999999999999999999'><testcase name='x'/></testsuite>");
    assert!(!flood.is_green());
}

#[test]
fn a_failure_within_a_skip_and_a_status_beside_one_are_failures() {
    let told = junit(
        "<testsuite><testcase name='a'><skipped><failure message='x'/></skipped></testcase>\
         <testcase name='b' status='failed'><skipped/></testcase>\
         <testcase name='c' status='passed'><error/></testcase></testsuite>",
    );
    assert_eq!(five(told.counts), [0, 2, 1, 0, 0]);
}

#[test]
fn a_later_case_of_the_same_name_hides_no_failure() {
    let twice =
        "<testcase classname='a' name='b'><failure/></testcase><testcase classname='a' name='b'/>";
    for name in ["pytest", "other"] {
        let told = junit(&format!("<testsuite name='{name}'>{twice}</testsuite>"));
        assert_eq!(told.counts.failed, 1, "{name}");
    }
}

#[test]
fn a_linter_s_header_counts_no_more_than_is_shown() {
    assert!(is_malformed(
        Format::LintJunit,
        "<testsuite name='ruff' failures='2'><testcase name='org.ruff.F401'><failure/></testcase></testsuite>"
    ));
}

#[test]
fn lines_that_are_listed_outweigh_better_totals() {
    let class = "<packages><package><classes><class filename='a.py'><lines>\
        <line number='1' hits='1'/><line number='2' hits='0'/><line number='3' hits='-1'/>\
        </lines></class></classes></package></packages>";
    for (root, expected) in [
        ("lines-covered='3' lines-valid='3' line-rate='1'", (1, 3)),
        ("lines-covered='0' lines-valid='0' line-rate='1'", (1, 3)),
        ("lines-covered='-1' lines-valid='-1' line-rate='1'", (1, 3)),
        ("lines-covered='1' lines-valid='9' line-rate='1'", (1, 9)),
    ] {
        let text = format!("<coverage {root}>{class}</coverage>");
        assert_eq!(lines(Format::Cobertura, &text), Some(expected), "{root}");
    }
    let unnumbered = class.replace("number='2'", "number='-2'");
    let text = format!("<coverage line-rate='1'>{unnumbered}</coverage>");
    assert!(is_malformed(Format::Cobertura, &text));
}

#[test]
fn lcov_lines_outweigh_better_totals() {
    let text = "SF:a.py\nDA:1,1\nDA:2,0\nLF:2\nLH:2\nend_of_record\n";
    assert_eq!(lines(Format::Lcov, text), Some((1, 2)));
    let worse = "SF:a.py\nDA:1,1\nLF:4\nLH:1\nend_of_record\n";
    assert_eq!(lines(Format::Lcov, worse), Some((1, 4)));
}

#[test]
fn a_file_in_many_lcov_records_counts_once() {
    let good = "SF:good.py\nDA:1,1\nDA:2,0\nBRDA:1,0,0,1\nend_of_record\n";
    let more = "SF:good.py\nDA:2,1\nBRDA:1,0,1,-\nend_of_record\n";
    let bad = "SF:bad.py\nDA:1,0\nDA:2,0\nend_of_record\n";
    let text = format!("{good}{more}{good}{bad}");
    assert_eq!(lines(Format::Lcov, &text), Some((2, 4)));
    let report = read(Format::Lcov, text.as_bytes());
    let branches = Ratio {
        covered: 1,
        total: 2,
    };
    assert_eq!(coverage(&report).branches, Some(branches));
    let totals = "SF:a.py\nLF:2\nLH:2\nend_of_record\nSF:a.py\nLF:2\nLH:1\nend_of_record\n";
    assert_eq!(lines(Format::Lcov, totals), Some((1, 2)));
}

#[test]
fn totals_of_coverage_py_and_istanbul_are_their_files() {
    let file = r#""files":{"a.py":{"missing_lines":[3],"summary":{"covered_lines":2,"num_statements":3}}}"#;
    let text = |covered| {
        format!(r#"{{"totals":{{"covered_lines":{covered},"num_statements":3}},{file}}}"#)
    };
    assert_eq!(lines(Format::CoveragePyJson, &text(2)), Some((2, 3)));
    assert!(is_malformed(Format::CoveragePyJson, &text(3)));
    let short = text(2).replace("[3]", "[]");
    assert!(is_malformed(Format::CoveragePyJson, &short));
    let summary = |covered| {
        format!(
            r#"{{"total":{{"lines":{{"total":4,"covered":{covered}}}}},
            "a.js":{{"lines":{{"total":4,"covered":1}}}}}}"#
        )
    };
    assert_eq!(lines(Format::IstanbulSummary, &summary(1)), Some((1, 4)));
    assert!(is_malformed(Format::IstanbulSummary, &summary(4)));
}

#[test]
fn a_statement_without_a_count_was_not_run() {
    let text = r#"{"a.js":{"path":"a.js","statementMap":{"0":{"start":{"line":1}},"1":{"start":{"line":2}}},
        "s":{"0":1},"b":{}}}"#;
    assert_eq!(lines(Format::IstanbulFinal, text), Some((1, 2)));
}

fn playwright(status: &str, wanted: &str, tries: &[&str], totals: &str) -> ci_reports::Tests {
    let tries = tries
        .iter()
        .map(|tried| format!(r#"{{"status":"{tried}"}}"#))
        .collect::<Vec<_>>()
        .join(",");
    let text = format!(
        r#"{{"suites":[{{"title":"a","specs":[{{"title":"t","tests":[
        {{"status":"{status}","expectedStatus":"{wanted}","results":[{tries}]}}]}}]}}],
        "errors":[],"stats":{totals}}}"#
    );
    tests(&read(Format::PlaywrightJson, text.as_bytes())).clone()
}

#[test]
fn a_playwright_test_is_no_better_than_its_tries() {
    for (status, wanted, tries, counts, honest) in [
        (
            "expected",
            "passed",
            ["passed"].as_slice(),
            [1, 0, 0, 0, 0],
            true,
        ),
        ("expected", "failed", &["failed"], [1, 0, 0, 0, 0], true),
        (
            "flaky",
            "passed",
            &["timedOut", "passed"],
            [0, 0, 0, 0, 1],
            true,
        ),
        (
            "flaky",
            "skipped",
            &["failed", "skipped"],
            [0, 0, 0, 0, 1],
            true,
        ),
        (
            "unexpected",
            "passed",
            &["failed", "failed"],
            [0, 1, 0, 0, 0],
            true,
        ),
        ("skipped", "passed", &["interrupted"], [0, 0, 0, 1, 0], true),
        ("expected", "passed", &["failed"], [0, 1, 0, 0, 0], false),
        (
            "expected",
            "passed",
            &["failed", "passed"],
            [0, 0, 0, 0, 1],
            false,
        ),
        ("flaky", "passed", &["failed"], [0, 1, 0, 0, 0], false),
        ("skipped", "passed", &["failed"], [0, 1, 0, 0, 0], false),
        ("expected", "passed", &[], [0, 0, 0, 1, 0], false),
        ("unexpected", "passed", &["passed"], [0, 1, 0, 0, 0], true),
    ] {
        let told = playwright(status, wanted, tries, "{}");
        assert_eq!(five(told.counts), counts, "{status} {tries:?}");
        let embellished = told
            .problems
            .iter()
            .any(|problem| problem.contains("better than their tries"));
        assert_eq!(embellished, !honest, "{status} {tries:?}");
    }
}

#[test]
fn playwright_totals_count_no_test_that_is_not_listed() {
    for (stats, honest) in [
        (r#"{"expected":1}"#, true),
        (r#"{"expected":-1,"flaky":0}"#, true),
        (r#"{"expected":2}"#, false),
        (r#"{"skipped":1,"expected":1}"#, false),
        (r#"{"flaky":1}"#, false),
        (r#"{"expected":18446744073709551615,"unexpected":9}"#, false),
    ] {
        let told = playwright("expected", "passed", &["passed"], stats);
        assert_eq!(told.is_green(), honest, "{stats}");
    }
}

#[test]
fn vitest_totals_count_no_test_that_is_not_listed() {
    let text = |total| {
        format!(
            r#"{{"numTotalTests":{total},"success":true,"testResults":[{{"name":"a.js","status":"passed",
            "assertionResults":[{{"title":"t","status":"passed","failureMessages":[]}}]}}]}}"#
        )
    };
    assert!(tests(&read(Format::VitestJson, text(1).as_bytes())).is_green());
    let cut = read(Format::VitestJson, text(3).as_bytes());
    assert_eq!(
        tests(&cut).problems,
        ["the report counts 3 tests but lists 1"]
    );
    let failed = text(1).replace(
        r#""title":"t","status":"passed""#,
        r#""title":"t","status":"failed""#,
    );
    let failed = read(Format::VitestJson, failed.as_bytes());
    assert_eq!(five(tests(&failed).counts), [0, 1, 0, 0, 0]);
}

#[test]
fn an_eslint_file_counts_no_message_that_it_does_not_list() {
    let text = |errors, warnings| {
        format!(
            r#"[{{"filePath":"a.js","errorCount":{errors},"warningCount":{warnings},
            "messages":[{{"ruleId":"no-var","severity":1,"message":"x"}}]}}]"#
        )
    };
    for (errors, warnings, honest) in [(0, 1, true), (0, 0, true), (1, 1, false), (0, 2, false)] {
        let read = try_read(Format::EslintJson, text(errors, warnings).as_bytes());
        match read {
            Ok(report) => assert!(honest && lint(&report).findings.len() == 1),
            Err(error) => assert!(!honest && matches!(error, ReadError::Malformed { .. })),
        }
    }
}

#[test]
fn a_sarif_run_says_what_it_found_or_is_refused() {
    let run = |rest: &str| {
        format!(r#"{{"version":"2.1.0","runs":[{{"tool":{{"driver":{{"name":"x"}}}}{rest}}}]}}"#)
    };
    assert!(lint(&read(Format::Sarif, run(r#","results":[]"#).as_bytes())).is_clean());
    for broken in [
        r#"{"version":"2.1.0","runs":[]}"#.to_owned(),
        run(""),
        run(r#","results":null"#),
        run(r#","results":[],"invocations":[{"executionSuccessful":false}]"#),
    ] {
        assert!(is_malformed(Format::Sarif, &broken), "{broken}");
    }
}

#[test]
fn a_sarif_result_stands_unless_every_waiver_is_accepted() {
    for (waivers, count) in [
        ("[]", 1),
        (r#"[{"kind":"inSource"}]"#, 0),
        (r#"[{"kind":"external","status":"accepted"}]"#, 0),
        (r#"[{"kind":"external","status":"rejected"}]"#, 1),
        (
            r#"[{"kind":"inSource"},{"kind":"external","status":"underReview"}]"#,
            1,
        ),
    ] {
        let text = format!(
            r#"{{"version":"2.1.0","runs":[{{"tool":{{"driver":{{"name":"x"}}}},"results":[
            {{"message":{{"text":"m"}},"suppressions":{waivers}}}]}}]}}"#
        );
        let report = read(Format::Sarif, text.as_bytes());
        assert_eq!(lint(&report).findings.len(), count, "{waivers}");
    }
}

#[test]
fn a_linter_s_last_line_counts_no_more_than_is_listed() {
    for (format, text) in [
        (Format::Flake8, "a.py:1:1: F401 x\n3\n"),
        (Format::Flake8, "3\n"),
        (
            Format::RuffText,
            "a.py:1:1: F401 x\nFound 1 error.\nFound 1 error.\n",
        ),
        (
            Format::Prettier,
            "Checking formatting...\n[warn] a.js\n[warn] Code style issues found in 2 files. Run Prettier with --write to fix.\n",
        ),
        (
            Format::Prettier,
            "Checking formatting...\n[warn] a.js\n[warn] b.js\n",
        ),
        (
            Format::Prettier,
            "Checking formatting...\nError occurred when checking code style in the above file.\n",
        ),
    ] {
        assert!(is_malformed(format, text), "{text}");
    }
    let whole = read(Format::Flake8, b"a.py:1:1: F401 x\n1     F401 x\n1\n");
    assert_eq!(lint(&whole).findings.len(), 1);
}

#[test]
fn a_finding_on_an_endless_line_counts() {
    let long = "x".repeat(100_000);
    for (format, text) in [
        (
            Format::Flake8,
            format!("b.py:1:1: F401 y\na.py:1:1: F401 {long}\n"),
        ),
        (
            Format::RuffText,
            format!("b.py:1:1: F401 y\na.py:1:1: F401 {long}\n"),
        ),
        (
            Format::GithubAnnotations,
            format!("::error file=b.py::y\n::error file=a.py::{long}\n"),
        ),
        (
            Format::Prettier,
            format!("[warn] b.js\n[error] a.js: SyntaxError: {long}\n"),
        ),
    ] {
        let report = read(format, text.as_bytes());
        assert_eq!(lint(&report).findings.len(), 2, "{format}");
    }
}
