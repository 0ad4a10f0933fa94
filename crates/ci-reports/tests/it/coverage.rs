//! Coverage in five formats of the same two runs.

use ci_reports::{Format, Ratio, ReadError, Tool};

use crate::support::{coverage, data, read, try_read};

const fn ratio(covered: u64, total: u64) -> Ratio {
    Ratio { covered, total }
}

#[test]
fn every_python_format_gives_the_same_lines() {
    for (format, file) in [
        (
            Format::Cobertura,
            "cobertura/coverage-py-06-lint-errors.xml",
        ),
        (
            Format::CoveragePyJson,
            "coverage-py-json/06-lint-errors.json",
        ),
        (Format::Lcov, "lcov/coverage-py-06-lint-errors.info"),
    ] {
        let report = read(format, &data(file));
        assert_eq!(report.tool, Tool::CoveragePy, "{file}");
        assert_eq!(coverage(&report).lines, Some(ratio(56, 60)), "{file}");
        assert_eq!(coverage(&report).branches, Some(ratio(1, 2)), "{file}");
        assert_eq!(coverage(&report).files.len(), 5, "{file}");
    }
}

#[test]
fn every_javascript_format_gives_the_same_lines() {
    for (format, file) in [
        (Format::Cobertura, "cobertura/istanbul-06-lint-errors.xml"),
        (
            Format::IstanbulSummary,
            "istanbul-summary/06-lint-errors.json",
        ),
        (Format::IstanbulFinal, "istanbul-final/06-lint-errors.json"),
        (Format::Lcov, "lcov/istanbul-06-lint-errors.info"),
    ] {
        let report = read(format, &data(file));
        assert_eq!(report.tool, Tool::Istanbul, "{file}");
        assert_eq!(coverage(&report).lines, Some(ratio(14, 15)), "{file}");
        assert_eq!(
            coverage(&report)
                .lines
                .and_then(|lines| lines.basis_points()),
            Some(9_333)
        );
        assert_eq!(coverage(&report).branches, Some(ratio(13, 14)), "{file}");
        let lines: Vec<Ratio> = coverage(&report)
            .files
            .iter()
            .map(|file| file.lines)
            .collect();
        assert_eq!(
            lines,
            [
                Ratio {
                    covered: 7,
                    total: 8
                },
                Ratio {
                    covered: 7,
                    total: 7
                }
            ],
            "{file}"
        );
    }
}

#[test]
fn truth_of_other_runs_holds() {
    let perfect = read(
        Format::Cobertura,
        &data("cobertura/coverage-py-01-perfect.xml"),
    );
    assert_eq!(coverage(&perfect).lines, Some(ratio(49, 51)));
    assert_eq!(
        coverage(&perfect)
            .branches
            .and_then(|branches| branches.basis_points()),
        None
    );
    let nothing_ran = read(
        Format::Cobertura,
        &data("cobertura/coverage-py-16-no-tests-ran.xml"),
    );
    assert_eq!(coverage(&nothing_ran).lines, Some(ratio(39, 51)));
}

#[test]
fn a_rate_counts_only_where_lines_are_missing() {
    let rate = read(
        Format::Cobertura,
        b"<coverage line-rate='0.75' branch-rate='0,5'/>",
    );
    assert_eq!(
        coverage(&rate).lines.and_then(|lines| lines.basis_points()),
        Some(7_500)
    );
    assert_eq!(
        coverage(&rate)
            .branches
            .and_then(|lines| lines.basis_points()),
        Some(5_000)
    );
    let lines = read(
        Format::Cobertura,
        b"<coverage line-rate='1'><packages><package><classes><class filename='A.java'>\
          <methods><method><lines><line number='1' hits='1'/></lines></method></methods>\
          <lines><line number='1' hits='1'/><line number='2' hits='0'/></lines></class>\
          <class filename='A.java'><lines><line number='2' hits='3'/><line number='9' hits='0'/></lines></class>\
          </classes></package></packages></coverage>",
    );
    assert_eq!(lines.tool, Tool::Cobertura);
    assert_eq!(coverage(&lines).lines, Some(ratio(2, 3)));
}

#[test]
fn impossible_numbers_are_refused() {
    for (format, text) in [
        (
            Format::Cobertura,
            "<coverage lines-covered='9' lines-valid='3' line-rate='1'/>",
        ),
        (Format::Cobertura, "<coverage line-rate='7'/>"),
        (Format::Cobertura, "<coverage line-rate='NaN'/>"),
        (Format::Lcov, "SF:a.py\nLF:1\nLH:2\nend_of_record\n"),
        (Format::Lcov, "SF:a.py\nLF:1\n"),
        (Format::Lcov, "SF:a.py\nSF:b.py\nend_of_record\n"),
        (
            Format::CoveragePyJson,
            r#"{"totals":{"covered_lines":2,"num_statements":1}}"#,
        ),
        (
            Format::IstanbulSummary,
            r#"{"total":{"lines":{"total":1,"covered":2,"pct":"Unknown"}}}"#,
        ),
    ] {
        let read = try_read(format, text.as_bytes());
        assert!(
            matches!(read, Err(ReadError::Malformed { .. })),
            "{text}: {read:?}"
        );
    }
}

#[test]
fn clover_is_not_cobertura() {
    let read = try_read(Format::Cobertura, &data("other/clover.xml"));
    assert!(matches!(read, Err(ReadError::NotThisFormat { .. })));
}

#[test]
fn an_unknown_percentage_is_no_obstacle() {
    let text = r#"{"total":{"lines":{"total":0,"covered":0,"skipped":0,"pct":"Unknown"}}}"#;
    let report = read(Format::IstanbulSummary, text.as_bytes());
    assert_eq!(
        coverage(&report)
            .lines
            .and_then(|lines| lines.basis_points()),
        None
    );
}

#[test]
fn lcov_without_totals_is_counted() {
    let text = "TN:\r\nSF:src/a.go\r\nDA:1,1\r\nDA:2,0\r\nBRDA:1,0,jump to line 9,-\r\nBRDA:1,0,1,4\r\nend_of_record\r\n";
    let report = read(Format::Lcov, text.as_bytes());
    assert_eq!(report.tool, Tool::Lcov);
    assert_eq!(coverage(&report).lines, Some(ratio(1, 2)));
    assert_eq!(coverage(&report).branches, Some(ratio(1, 2)));
}
