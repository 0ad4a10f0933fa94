//! Short ways to read a sample.

use ci_reports::{
    Content, Coverage, Format, Limits, Lint, ReadError, Report, TestCounts, Tests, read_report,
};

/// The bytes of a file below `tests/data`.
pub fn data(path: &str) -> Vec<u8> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data");
    std::fs::read(format!("{root}/{path}")).expect(path)
}

pub fn try_read(format: Format, bytes: &[u8]) -> Result<Report, ReadError> {
    read_report(format, None, bytes, &Limits::default())
}

pub fn read(format: Format, bytes: &[u8]) -> Report {
    try_read(format, bytes).expect("a readable report")
}

pub fn tests(report: &Report) -> &Tests {
    let Content::Tests(tests) = &report.content else {
        panic!("no tests in {report:?}");
    };
    tests
}

pub fn coverage(report: &Report) -> &Coverage {
    let Content::Coverage(coverage) = &report.content else {
        panic!("no coverage in {report:?}");
    };
    coverage
}

pub fn lint(report: &Report) -> &Lint {
    let Content::Lint(lint) = &report.content else {
        panic!("no lint in {report:?}");
    };
    lint
}

/// Tests of an XML text.
pub fn junit(text: &str) -> Tests {
    tests(&read(Format::Junit, text.as_bytes())).clone()
}

/// passed, failed, errors, skipped, flaky.
pub fn five(counts: TestCounts) -> [u32; 5] {
    [
        counts.passed,
        counts.failed,
        counts.errors,
        counts.skipped,
        counts.flaky,
    ]
}
