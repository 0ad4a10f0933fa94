//! The JSON of Playwright and Vitest.

use ci_reports::{Format, ReadError, Tool};

use crate::support::{data, five, read, tests, try_read};

#[test]
fn playwright_counts_equal_the_terminal() {
    let flaky = read(
        Format::PlaywrightJson,
        &data("playwright-json/12-flaky-retried.json"),
    );
    assert_eq!(flaky.tool, Tool::Playwright);
    assert_eq!(five(tests(&flaky).counts), [3, 1, 0, 0, 1]);
    let red = read(
        Format::PlaywrightJson,
        &data("playwright-json/08-e2e-failing.json"),
    );
    assert_eq!(five(tests(&red).counts), [1, 2, 0, 0, 0]);
    let ids: Vec<String> = red
        .findings()
        .into_iter()
        .map(|finding| finding.id)
        .collect();
    assert_eq!(
        ids,
        [
            "[chromium] › e2e/users.spec.js › users page › has a title",
            "[chromium] › e2e/users.spec.js › users page › shows an error for a bad email",
        ]
    );
}

#[test]
fn a_playwright_failure_has_its_place_and_plain_words() {
    let report = read(
        Format::PlaywrightJson,
        &data("playwright-json/12-flaky-retried.json"),
    );
    let findings = report.findings();
    assert_eq!(findings.len(), 1);
    assert_eq!(
        findings[0].id,
        "[chromium] › e2e/users.spec.js › always red"
    );
    assert_eq!(findings[0].file.as_deref(), Some("front/e2e/users.spec.js"));
    assert_eq!(findings[0].line, Some(31));
    assert_eq!(
        findings[0].message,
        "Error: expect(received).toBe(expected) // Object.is equality\n\n\
         Expected: \"зелёный\"\nReceived: \"красный\""
    );
}

#[test]
fn a_playwright_run_that_never_began_is_a_problem() {
    let text = r#"{"config":{},"suites":[],"errors":[{"message":"\u001b[31mError: no webServer"}],
        "stats":{"expected":0,"unexpected":0,"flaky":0,"skipped":0}}"#;
    let report = read(Format::PlaywrightJson, text.as_bytes());
    assert_eq!(tests(&report).problems, ["Error: no webServer"]);
    assert!(!tests(&report).is_green());
}

#[test]
fn playwright_totals_may_not_be_worse_than_the_list() {
    let text = r#"{"suites":[],"errors":[],"stats":{"unexpected":2}}"#;
    let report = read(Format::PlaywrightJson, text.as_bytes());
    assert!(
        tests(&report)
            .problems
            .iter()
            .any(|text| text.contains("counts 2 failures"))
    );
}

#[test]
fn vitest_counts_a_retried_test_as_flaky() {
    let flaky = read(
        Format::VitestJson,
        &data("vitest-json/12-flaky-retried.json"),
    );
    assert_eq!(five(tests(&flaky).counts), [10, 0, 0, 0, 1]);
    assert!(tests(&flaky).is_green());
    assert_eq!(flaky.findings(), []);
    let case = &tests(&flaky).cases[1];
    assert_eq!(case.id, "front/tests/list.test.js > flaky unit");
    assert!(case.is_named("tests/list.test.js > flaky unit"));
    assert!(!case.is_named("list.test.js > flaky"));
    assert_eq!(case.line, Some(17));
    assert_eq!(
        case.message.as_deref(),
        Some("AssertionError: expected 1 to be greater than 1")
    );
    let green = read(Format::VitestJson, &data("vitest-json/01-perfect.json"));
    assert_eq!(five(tests(&green).counts), [10, 0, 0, 0, 0]);
}

#[test]
fn a_vitest_file_that_does_not_load_is_a_problem() {
    let text = r#"{"numTotalTests":1,"numFailedTests":0,"numFailedTestSuites":1,"success":false,
        "testResults":[
          {"name":"/home/runner/work/p/p/front/a.test.js","status":"passed","message":"",
           "assertionResults":[{"ancestorTitles":[],"title":"x","status":"passed","failureMessages":[]}]},
          {"name":"/home/runner/work/p/p/front/b.test.js","status":"failed","message":"Cannot find module './c'",
           "assertionResults":[]}]}"#;
    let report = read(Format::VitestJson, text.as_bytes());
    assert_eq!(five(tests(&report).counts), [1, 0, 0, 0, 0]);
    assert_eq!(
        tests(&report).problems,
        ["front/b.test.js: Cannot find module './c'"]
    );
    assert!(!tests(&report).is_green());
}

#[test]
fn a_failed_vitest_run_without_a_failed_test_is_a_problem() {
    let text = r#"{"numTotalTests":1,"success":false,"testResults":[{"name":"a","status":"passed",
        "assertionResults":[{"title":"x","status":"passed"}]}]}"#;
    let report = read(Format::VitestJson, text.as_bytes());
    assert_eq!(
        tests(&report).problems,
        ["the run failed although no test did"]
    );
}

#[test]
fn half_an_emoji_does_not_spoil_a_report() {
    let text = r#"{"numTotalTests":1,"success":true,"testResults":[{"name":"a","status":"passed",
        "assertionResults":[{"title":"cut \ud83d","status":"passed"}]}]}"#;
    let report = read(Format::VitestJson, text.as_bytes());
    assert_eq!(tests(&report).cases[0].name, "cut \u{fffd}");
}

#[test]
fn another_object_is_not_this_format() {
    for format in [
        Format::PlaywrightJson,
        Format::VitestJson,
        Format::CoveragePyJson,
        Format::Sarif,
    ] {
        assert!(
            matches!(
                try_read(format, b"{}"),
                Err(ReadError::NotThisFormat { .. })
            ),
            "{format}"
        );
        assert!(
            matches!(
                try_read(format, b"{\"a\":"),
                Err(ReadError::Malformed { .. })
            ),
            "{format}"
        );
    }
}

/// Playwright said: 4 failed, 1 flaky, 1 skipped, 1 did not run.
#[test]
fn a_test_of_a_broken_series_did_not_run() {
    let report = read(
        Format::PlaywrightJson,
        &data("playwright-json/comparisons.json"),
    );
    let tests = tests(&report);
    assert_eq!(five(tests.counts), [0, 4, 0, 2, 1]);
    let reasons: Vec<_> = tests.not_run().iter().map(|group| group.reason).collect();
    assert_eq!(reasons, [None, Some("did not run")]);
    let compared: Vec<_> = report
        .findings()
        .into_iter()
        .filter_map(|finding| finding.details.expected.zip(finding.details.actual))
        .collect();
    assert!(compared.contains(&("3".to_owned(), "2".to_owned())));
    assert!(compared.contains(&("\"красный\"".to_owned(), "\"зелёный\"".to_owned())));
}

#[test]
fn a_playwright_file_that_does_not_load_is_a_problem() {
    let report = read(
        Format::PlaywrightJson,
        &data("playwright-json/file-does-not-load.json"),
    );
    assert_eq!(tests(&report).counts.total(), 0);
    assert!(tests(&report).problems[0].contains("Cannot find module"));
    let xml = read(
        Format::Junit,
        &data("junit/playwright-file-does-not-load.xml"),
    );
    assert!(!tests(&xml).is_green());
}

/// Vitest said: 4 failed, 1 passed, 1 expected fail, 1 skipped, 1 todo; one file did not load.
#[test]
fn vitest_s_comparisons_and_retries_are_told() {
    let report = read(Format::VitestJson, &data("vitest-json/comparisons.json"));
    assert_eq!(five(tests(&report).counts), [1, 4, 0, 2, 1]);
    assert_eq!(tests(&report).problems.len(), 1);
    let details: Vec<_> = report
        .findings()
        .into_iter()
        .map(|finding| finding.details)
        .collect();
    let first = &details[1];
    assert_eq!(
        (first.expected.as_deref(), first.actual.as_deref()),
        (Some("3"), Some("2"))
    );
    assert!(
        first
            .trace
            .as_deref()
            .is_some_and(|trace| trace.contains("a.test.js:4:39"))
    );
    assert_eq!(details[2].expected.as_deref(), Some("{ a: 2, b: 'x' }"));
    assert_eq!(details[3].expected.as_deref(), Some("to include 3"));
}

/// Jest said: 3 failed, 1 skipped, 1 todo, 1 passed; two test suites failed.
#[test]
fn jest_s_file_of_the_same_shape_is_read() {
    let report = read(Format::VitestJson, &data("vitest-json/jest.json"));
    assert_eq!(five(tests(&report).counts), [1, 3, 0, 2, 0]);
    assert_eq!(tests(&report).problems.len(), 1);
    let compared: Vec<_> = report
        .findings()
        .into_iter()
        .filter_map(|finding| finding.details.expected.zip(finding.details.actual))
        .collect();
    let pair = |expected: &str, actual: &str| (expected.to_owned(), actual.to_owned());
    assert_eq!(
        compared,
        [
            pair("3", "2"),
            pair("\"a\": 2,", "\"a\": 1,"),
            pair("\"красный\"", "\"зелёный\""),
        ]
    );
}
