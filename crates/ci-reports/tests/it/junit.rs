//! `JUnit` XML in its dialects.

use ci_reports::{Details, Format, Limits, ReadError, TestStatus, Tool, read_report};

use crate::support::{data, five, junit, read, tests, try_read};

fn pytest(cases: &str) -> String {
    format!(
        "<testsuites name=\"pytest tests\"><testsuite name=\"pytest\">{cases}</testsuite></testsuites>"
    )
}

#[test]
fn pytest_counts_equal_the_terminal() {
    for (file, counts, green) in [
        ("pytest-01-perfect.xml", [22, 0, 0, 0, 0], true),
        ("pytest-02-one-failing-test.xml", [21, 1, 0, 0, 0], false),
        ("pytest-04-missing-downgrade.xml", [19, 3, 0, 0, 0], false),
        ("pytest-12-flaky-retried.xml", [23, 1, 0, 0, 0], false),
        ("pytest-16-no-tests-ran.xml", [0, 0, 0, 0, 0], false),
    ] {
        let report = read(Format::Junit, &data(&format!("junit/{file}")));
        assert_eq!(report.tool, Tool::Pytest, "{file}");
        assert_eq!(five(tests(&report).counts), counts, "{file}");
        assert_eq!(tests(&report).is_green(), green, "{file}");
    }
}

#[test]
fn a_run_without_tests_is_a_problem() {
    let report = read(Format::Junit, &data("junit/pytest-16-no-tests-ran.xml"));
    assert_eq!(tests(&report).problems, ["no tests ran"]);
    assert_eq!(report.findings().len(), 1);
    assert_eq!(report.findings()[0].id, "problem");
}

#[test]
fn a_failed_test_is_found_with_its_place_and_words() {
    let report = read(
        Format::Junit,
        &data("junit/pytest-04-missing-downgrade.xml"),
    );
    let findings = report.findings();
    let ids: Vec<&str> = findings.iter().map(|finding| finding.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "tests.advanced.test_postgres::test_downgrade_drops_the_column",
            "tests.advanced.test_postgres::test_stairway",
            "tests.advanced.test_postgres::test_rows_survive_down_and_up",
        ]
    );
    assert_eq!(
        findings[0].file.as_deref(),
        Some("tests/advanced/test_postgres.py")
    );
    assert_eq!(findings[0].line, Some(39));
    assert!(
        findings[0]
            .message
            .starts_with("AssertionError: assert {'email', 'full_name', 'id'}")
    );
    assert!(findings[1].message.contains("DuplicateColumn"));
}

#[test]
fn vitest_and_playwright_files_are_told_apart() {
    let vitest = read(Format::Junit, &data("junit/vitest-12-flaky-retried.xml"));
    assert_eq!(vitest.tool, Tool::Vitest);
    assert_eq!(five(tests(&vitest).counts), [11, 0, 0, 0, 0]);
    assert_eq!(
        tests(&vitest).cases[2].id,
        "tests/validate.test.js > validEmail > accepts a@b"
    );

    let playwright = read(
        Format::Junit,
        &data("junit/playwright-12-flaky-retried.xml"),
    );
    assert_eq!(playwright.tool, Tool::Playwright);
    assert_eq!(five(tests(&playwright).counts), [4, 1, 0, 0, 0]);
    assert_eq!(
        tests(&playwright).cases[0].id,
        "[chromium] › users.spec.js › users page › has a title"
    );
    let finding = &playwright.findings()[0];
    assert_eq!(finding.line, Some(31));
    assert!(
        finding.message.contains("Expected: \"зелёный\""),
        "{}",
        finding.message
    );

    let red = read(Format::Junit, &data("junit/playwright-08-e2e-failing.xml"));
    assert_eq!(five(tests(&red).counts), [1, 2, 0, 0, 0]);
}

#[test]
fn a_linter_s_file_holds_no_tests() {
    for file in ["ruff-clean.xml", "ruff.xml", "eslint.xml"] {
        let read = try_read(Format::Junit, &data(&format!("lint-junit/{file}")));
        assert!(
            matches!(read, Err(ReadError::NotThisFormat { .. })),
            "{file}"
        );
    }
}

/// pytest 9.2 said: 12 failed, 1 passed, 1 skipped, 1 xfailed, 2 errors; with reruns 11 failed and
/// 2 passed. Workers of their own change no count.
#[test]
fn comparisons_subtests_and_workers_are_counted_as_the_terminal_does() {
    for (file, counts) in [
        ("pytest-comparisons.xml", [1, 12, 2, 2, 0]),
        ("pytest-comparisons-xdist.xml", [1, 12, 2, 2, 0]),
        ("pytest-comparisons-xunit1.xml", [1, 12, 2, 2, 0]),
        ("pytest-comparisons-reruns.xml", [2, 11, 2, 2, 0]),
        ("pytest-collection-error.xml", [0, 0, 1, 0, 0]),
    ] {
        let report = read(Format::Junit, &data(&format!("junit/{file}")));
        assert_eq!(five(tests(&report).counts), counts, "{file}");
    }
}

#[test]
fn what_was_wanted_and_what_came_are_told_for_each_runner() {
    let pairs = |file: &str| -> Vec<(Option<String>, Option<String>)> {
        let found = read(Format::Junit, &data(file)).findings().into_iter();
        found
            .map(|finding| (finding.details.expected, finding.details.actual))
            .collect()
    };
    let pair = |expected: &str, actual: &str| (Some(expected.to_owned()), Some(actual.to_owned()));
    let pytest = pairs("junit/pytest-comparisons.xml");
    assert_eq!(pytest[0], pair("3", "2"));
    assert_eq!(pytest[1], pair("'красный'", "'ЗЕЛЁНЫЙ == A'"));
    assert_eq!(pytest[2], pair("[1, 3]", "[1, 2]"));
    assert_eq!(pytest[3], pair(">= 3", "2"));
    assert_eq!(pytest[4], pair("in {'a': 1}", "'x'"));
    assert_eq!(pytest[5], (None, None));
    let vitest = pairs("junit/vitest-comparisons.xml");
    assert!(vitest.contains(&pair("3", "2")));
    assert!(vitest.contains(&pair("{ a: 2, b: 'x' }", "{ a: 1, b: 'x' }")));
    let playwright = pairs("junit/playwright-comparisons.xml");
    assert!(playwright.contains(&pair("3", "2")));
    assert!(playwright.contains(&pair("\"красный\"", "\"зелёный\"")));
}

#[test]
fn a_failure_keeps_its_trace_and_a_pass_has_none() {
    let report = read(Format::Junit, &data("junit/pytest-comparisons.xml"));
    let trace = report.findings()[0].details.trace.clone().expect("a trace");
    assert!(trace.starts_with("def test_equal():"), "{trace}");
    assert!(trace.ends_with(": AssertionError"), "{trace}");
    let passed = tests(&report)
        .cases
        .iter()
        .find(|case| !case.status.is_bad());
    assert_eq!(passed.expect("a pass").details, Details::default());
}

#[test]
fn tests_that_did_not_run_are_grouped_by_reason() {
    let report = read(Format::Junit, &data("junit/pytest-comparisons.xml"));
    let not_run = tests(&report).not_run();
    let reasons: Vec<_> = not_run
        .iter()
        .map(|group| (group.reason, group.ids.as_slice()))
        .collect();
    assert_eq!(
        reasons,
        [
            (Some("позже"), ["test_every::test_skipped"].as_slice()),
            (Some("known"), ["test_every::test_expected"].as_slice()),
        ]
    );
}

#[test]
fn pytest_s_own_ways_to_fail_are_read() {
    let tests = junit(&pytest(
        "<testcase classname='' name='tests.test_a'><error message='collection failure'>\
           ImportError while importing test module\nE   ModuleNotFoundError: No module named 'x'</error></testcase>\
         <testcase classname='t' name='setup'><error message='failed on setup with \"E\"'/></testcase>\
         <testcase classname='t' name='both'><failure message='assert 1 == 2'/></testcase>\
         <testcase classname='t' name='both'><error message='failed on teardown with \"X\"'/></testcase>\
         <testcase classname='t' name='expected'><skipped type='pytest.xfail' message='later'/></testcase>\
         <testcase classname='t' name='subtests'><failure message='one'/><failure message='two'/></testcase>",
    ));
    assert_eq!(five(tests.counts), [0, 3, 3, 1, 0]);
    assert_eq!(tests.cases[0].id, "tests.test_a");
    assert_eq!(
        tests.cases[0].message.as_deref(),
        Some("collection failure\n ModuleNotFoundError: No module named 'x'")
    );
    let messages: Vec<_> = tests.cases[2..]
        .iter()
        .map(|case| case.message.as_deref())
        .collect();
    let said = [
        "assert 1 == 2",
        "failed on teardown with \"X\"",
        "later",
        "one",
        "two",
    ];
    assert_eq!(messages, said.map(Some));
}

/// pytest 9.2.0 said: 4 failed, 2 passed, 2 skipped, 1 xfailed, 1 xpassed, 4 errors. An expected
/// failure is a skip here, and an unexpected pass a pass.
#[test]
fn subtests_and_teardowns_are_counted_as_pytest_s_last_line_counts_them() {
    let report = read(Format::Junit, &data("junit/every-way.xml"));
    assert_eq!(five(tests(&report).counts), [2 + 1, 4, 4, 2 + 1, 0]);
}

#[test]
fn earlier_tries_do_not_count() {
    let report = read(Format::Junit, &data("junit/every-way-reruns.xml"));
    assert_eq!(five(tests(&report).counts), [3, 4, 4, 3, 0]);
}

#[test]
fn a_crashed_worker_is_a_problem_and_no_test() {
    let tests = junit(&pytest(
        "<testcase classname='t' name='a'/><testcase time='0.000'/><testcase time='0.000'/>\
         <testcase classname='pytest' name='internal'><error message='internal error'>boom</error></testcase>",
    ));
    assert_eq!(five(tests.counts), [1, 0, 0, 0, 0]);
    assert_eq!(
        tests.problems,
        [
            "a test began and never ended: the run was interrupted or a worker crashed",
            "pytest crashed: internal error\nboom"
        ]
    );
    assert!(!tests.is_green());
}

/// pytest said: 1 failed, 2 passed; it writes the crash as an error of the test that caused it.
#[test]
fn a_worker_that_dies_is_told_with_its_test() {
    let report = read(Format::Junit, &data("junit/pytest-worker-crashed.xml"));
    assert_eq!(five(tests(&report).counts), [2, 0, 1, 0, 0]);
    assert_eq!(report.findings()[0].id, "test_crash::test_dies");
}

#[test]
fn pytest_s_own_crash_is_told_by_its_last_lines() {
    let report = read(Format::Junit, &data("junit/pytest-internal-error.xml"));
    let problem = &tests(&report).problems[0];
    assert!(
        problem.starts_with("pytest crashed: internal error\n"),
        "{problem}"
    );
    assert!(problem.ends_with("ValueError: boom"), "{problem}");
    assert!(problem.lines().count() <= 4, "{problem}");
}

#[test]
fn a_rerun_that_ends_in_a_skip_is_skipped() {
    let tests = junit(&pytest(
        "<testcase classname='t' name='a'/><testcase classname='t' name='a'><skipped message='no'/></testcase>",
    ));
    assert_eq!(five(tests.counts), [0, 0, 0, 1, 0]);
}

#[test]
fn escaped_parameters_are_shown_as_they_were() {
    let tests = junit(&pytest(
        r"<testcase classname='t' name='test_a[\u0438-#x1B[31m]'/>",
    ));
    assert_eq!(tests.cases[0].name, "test_a[и-]");
}

#[test]
fn the_old_family_has_files_and_counts_lines_from_zero() {
    let tests = junit(&pytest(
        "<testcase classname='t' name='a' file='t.py' line='4'/>",
    ));
    assert_eq!(
        (tests.cases[0].file.as_deref(), tests.cases[0].line),
        (Some("t.py"), Some(5))
    );
}

#[test]
fn surefire_s_flaky_and_rerun_tests_are_told_apart() {
    let tests = junit(
        "<testsuite name='a.B' tests='3' failures='1' errors='0' time='2,503.1'>\
         <testcase classname='a.B' name='x' time='2,503.1'><flakyFailure message='m'>at a.B</flakyFailure></testcase>\
         <testcase classname='a.B' name='y'><failure message='m' type='T'/><rerunFailure/></testcase>\
         <testcase classname='a.B' name='z' time='&lt;&lt;computed&gt;&gt;'/></testsuite>",
    );
    assert_eq!(five(tests.counts), [1, 1, 0, 0, 1]);
    assert_eq!(tests.cases[0].id, "a.B::x");
    assert_eq!(tests.cases[0].status, TestStatus::Flaky);
}

#[test]
fn same_names_of_another_tool_stay_two_tests() {
    let tests = junit(
        "<testsuites name='vitest tests'><testsuite name='a.test.js'>\
         <testcase classname='a.test.js' name='x'/><testcase classname='a.test.js' name='x'/>\
         </testsuite></testsuites>",
    );
    assert_eq!(tests.counts.passed, 2);
}

#[test]
fn a_vitest_file_that_does_not_load_is_a_problem() {
    let tests = junit(
        "<testsuites name='vitest tests'><testsuite name='a.test.js'>\
         <testcase classname='a.test.js' name='a.test.js'><failure message='Cannot find module'/></testcase>\
         </testsuite></testsuites>",
    );
    assert_eq!(tests.counts.total(), 0);
    assert_eq!(tests.problems, ["a.test.js: Cannot find module"]);
}

#[test]
fn a_header_with_failures_nobody_shows_is_a_problem() {
    let tests =
        junit("<testsuite tests='2' failures='1'><testcase classname='a' name='b'/></testsuite>");
    assert_eq!(tests.problems, ["the report counts 1 failures but shows 0"]);
    let none = junit("<testsuites><testsuite tests='7'/></testsuites>");
    assert_eq!(none.problems, ["the report counts 7 tests but lists none"]);
}

#[test]
fn nested_suites_and_status_attributes_are_read() {
    let tests = junit(
        "<testsuites><testsuite name='a'><testsuite name='b'>\
         <testcase name='x' status='run'/><testcase name='y' status='notrun'/>\
         <testcase name='z' status='fail'/></testsuite></testsuite></testsuites>",
    );
    assert_eq!(five(tests.counts), [1, 1, 0, 1, 0]);
}

#[test]
fn the_caller_s_tool_decides_the_dialect() {
    let text = "<testsuite><testcase classname='t' name='a'/><testcase classname='t' name='a'/></testsuite>";
    let read = |tool| {
        read_report(Format::Junit, tool, text.as_bytes(), &Limits::default()).expect("a report")
    };
    assert_eq!(tests(&read(None)).counts.passed, 2);
    assert_eq!(tests(&read(Some(Tool::Pytest))).counts.passed, 1);
    assert_eq!(read(Some(Tool::Pytest)).tool, Tool::Pytest);
}

#[test]
fn windows_1251_is_read_by_its_declaration() {
    let mut bytes =
        b"<?xml version='1.0' encoding='windows-1251'?><testsuite><testcase name='".to_vec();
    bytes.extend([0xF2, 0xE5, 0xF1, 0xF2]);
    bytes.extend(b"'/></testsuite>");
    assert_eq!(tests(&read(Format::Junit, &bytes)).cases[0].name, "тест");
}

#[test]
fn a_message_is_cut_and_plain() {
    let long = "ж".repeat(5_000);
    let tests = junit(&format!(
        "<testsuite><testcase name='a'><failure message='&#x1b;[31m{long}'/></testcase></testsuite>"
    ));
    let message = tests.cases[0].message.as_deref().expect("a message");
    assert_eq!(message.chars().count(), 2_000);
    assert!(message.starts_with('ж'));
}

#[test]
fn odd_but_real_files_are_read() {
    for (text, counts) in [
        // A .NET writer that declares UTF-16 and writes single bytes.
        (
            "<?xml version='1.0' encoding='utf-16'?><testsuite><testcase name='a'/></testsuite>",
            [1, 0, 0, 0, 0],
        ),
        // A bare ampersand, an unknown entity, and terminal colours as references.
        (
            "<testsuite><testcase name='a & b &nbsp;'><failure>x & &#27;[1my</failure></testcase></testsuite>",
            [0, 1, 0, 0, 0],
        ),
        // A namespace and a style sheet.
        (
            "<?xml-stylesheet href='x'?><j:testsuites xmlns:j='u'><j:testsuite><j:testcase name='a'/></j:testsuite></j:testsuites>",
            [1, 0, 0, 0, 0],
        ),
        // Cases directly below the root.
        (
            "\u{feff}<testsuites><testcase name='a'/><testcase name='b'><skipped/></testcase></testsuites>",
            [1, 0, 0, 1, 0],
        ),
        // Both a failure and an error in one case.
        (
            "<testsuite><testcase name='a'><failure/><error/></testcase></testsuite>",
            [0, 0, 1, 0, 0],
        ),
        // Output that looks like results.
        (
            "<testsuite><testcase name='a'><system-out><![CDATA[<failure/>]]></system-out></testcase></testsuite>",
            [1, 0, 0, 0, 0],
        ),
    ] {
        assert_eq!(five(junit(text).counts), counts, "{text}");
    }
}
