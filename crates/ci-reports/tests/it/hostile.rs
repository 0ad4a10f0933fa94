//! Bytes nobody honest would send.

use ci_reports::{Format, Limits, ReadError, read_archive, read_report, recognise};
use proptest::prelude::*;

use crate::support::{data, five, tests, try_read};

/// Every sample of every format.
fn samples() -> Vec<(Format, Vec<u8>)> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data");
    let mut found = Vec::new();
    for format in Format::ALL {
        for entry in std::fs::read_dir(format!("{root}/{format}")).expect("samples") {
            let bytes = std::fs::read(entry.expect("an entry").path()).expect("a sample");
            found.push((*format, bytes));
        }
    }
    found
}

/// Reads bytes as every format there is; only panics can fail.
fn read_all(bytes: &[u8]) {
    let limits = Limits::default();
    for format in Format::ALL {
        if let Ok(report) = read_report(*format, None, bytes, &limits) {
            let findings = report.findings();
            assert!(
                findings
                    .iter()
                    .all(|finding| finding.message.chars().count() <= 4_000)
            );
            serde_json::to_string(&report).expect("a report is data");
        }
    }
    let _ = recognise("junit.xml", bytes);
    let _ = recognise("flake8.txt", bytes);
    let _ = read_archive("a", bytes, &limits);
}

/// What was stored is read back the same, and so is what was stored before details were kept.
#[test]
fn a_stored_report_is_read_back() {
    for (format, bytes) in samples() {
        let Ok(report) = try_read(format, &bytes) else {
            continue;
        };
        let stored = serde_json::to_string(&report).expect("data");
        let back: ci_reports::Report = serde_json::from_str(&stored).expect("the report");
        assert_eq!(back, report, "{format}");
    }
    let old = r#"{"id":"a","name":"a","file":null,"line":null,"status":"failed","message":"m"}"#;
    let case: ci_reports::TestCase = serde_json::from_str(old).expect("a case");
    assert_eq!(case.details, ci_reports::Details::default());
}

#[test]
fn deep_nesting_is_refused_without_a_stack() {
    let xml = format!("<testsuites>{}", "<testsuite>".repeat(100_000));
    assert!(matches!(
        try_read(Format::Junit, xml.as_bytes()),
        Err(ReadError::TooDeep { .. })
    ));
    assert_eq!(recognise("junit.xml", xml.as_bytes()), Some(Format::Junit));
    for open in ["[", "{\"a\":", "[{\"suites\":"] {
        let json = open.repeat(100_000);
        for format in Format::ALL {
            assert!(try_read(*format, json.as_bytes()).is_err(), "{format}");
        }
        assert_eq!(recognise("x.json", json.as_bytes()), None);
    }
}

#[test]
fn deep_but_allowed_playwright_suites_are_read() {
    let mut suite =
        r#"{"title":"x","specs":[{"title":"t","tests":[{"status":"expected","results":[{"status":"passed"}]}]}]}"#
            .to_owned();
    for _ in 0..20 {
        suite = format!(r#"{{"title":"x","suites":[{suite}]}}"#);
    }
    let text = format!(r#"{{"stats":{{}},"suites":[{suite}]}}"#);
    let report = try_read(Format::PlaywrightJson, text.as_bytes()).expect("a report");
    assert_eq!(five(tests(&report).counts), [1, 0, 0, 0, 0]);
}

#[test]
fn entities_are_never_expanded() {
    let bomb = "<!DOCTYPE t [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><testsuite name='&b;'/>";
    for format in [Format::Junit, Format::Cobertura] {
        assert!(matches!(
            try_read(format, bomb.as_bytes()),
            Err(ReadError::Malformed { .. })
        ));
    }
}

#[test]
fn sizes_are_limited_by_count() {
    let limits = Limits {
        cases: 10,
        findings: 3,
        file_bytes: 2_000,
        steps: 100,
        ..Limits::default()
    };
    let cases = format!(
        "<testsuite>{}</testsuite>",
        "<testcase name='a'/>".repeat(11)
    );
    assert_eq!(
        read_report(Format::Junit, None, cases.as_bytes(), &limits),
        Err(ReadError::TooMany {
            what: "cases",
            limit: 10
        })
    );
    let lines = "a.py:1:1: E1 x\n".repeat(4);
    assert_eq!(
        read_report(Format::Flake8, None, lines.as_bytes(), &limits),
        Err(ReadError::TooMany {
            what: "findings",
            limit: 3
        })
    );
    for text in [
        "<a/>".repeat(101),
        format!("[{}0]", "0,".repeat(101)),
        "\n".repeat(101),
    ] {
        assert_eq!(
            read_report(Format::Junit, None, text.as_bytes(), &limits),
            Err(ReadError::TooMany {
                what: "steps",
                limit: 100
            })
        );
    }
    assert_eq!(
        read_report(Format::Flake8, None, &[b'a'; 2_001], &limits),
        Err(ReadError::TooLarge {
            what: "report",
            limit: 2_000
        })
    );
}

#[test]
fn every_sample_cut_short_anywhere_is_read_or_refused() {
    for (format, bytes) in samples() {
        let step = (bytes.len() / 60).max(1);
        for length in (0..bytes.len()).step_by(step) {
            let _ = try_read(format, &bytes[..length]);
            let _ = recognise("report", &bytes[..length]);
        }
    }
}

#[test]
fn an_xml_report_cut_short_is_never_a_report() {
    let whole = data("junit/pytest-12-flaky-retried.xml");
    for length in 0..whole.len() {
        assert!(
            try_read(Format::Junit, &whole[..length]).is_err(),
            "{length}"
        );
    }
}

/// Megabytes of what a careless algorithm would be quadratic in; such a test would never end.
#[test]
fn long_inputs_come_to_an_end() {
    let size = 3 << 20;
    let fill = |unit: &str| unit.repeat(size / unit.len());
    for (format, text) in [
        (
            Format::Junit,
            format!("<testsuite {}/>", attributes(100_000)),
        ),
        (
            Format::Junit,
            format!("<testsuite name='{}'/>", fill("&amp;&")),
        ),
        (
            Format::Junit,
            format!(
                "<testsuite><testcase name='a'><failure>{}</failure></testcase></testsuite>",
                fill("&x")
            ),
        ),
        (
            Format::Junit,
            format!(
                "<testsuite><testcase name='a'><failure>{}</failure></testcase></testsuite>",
                fill("\u{1b}]")
            ),
        ),
        (Format::Flake8, fill("a:1:")),
        (Format::Flake8, fill("\u{1b}]8;")),
        (Format::Prettier, format!("[error] {}", fill("a: xError: "))),
        (Format::VitestJson, fill("\\ud83d")),
        (Format::Lcov, fill("DA:1,")),
        (Format::RuffFormat, fill("a:1:1: ")),
        (Format::RuffText, fill("a:1:1: F401 ")),
        (Format::GithubAnnotations, fill("::error file=%25::")),
        (Format::Junit, junit_failure(&fill("assert (a == "))),
        (Format::Junit, junit_failure(&fill("expected: <"))),
        (
            Format::Junit,
            junit_failure(&fill("- Expected\n+ Received\n")),
        ),
    ] {
        let _ = try_read(format, text.as_bytes());
        let _ = recognise("x", text.as_bytes());
    }
}

fn junit_failure(body: &str) -> String {
    let body = body.replace('<', "&lt;");
    format!("<testsuite><testcase name='a'><failure>{body}</failure></testcase></testsuite>")
}

fn attributes(count: usize) -> String {
    let names: Vec<String> = (0..count).map(|index| format!("a{index}=''")).collect();
    names.join(" ")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        read_all(&bytes);
    }

    #[test]
    fn no_text_makes_a_reader_panic(text in "\\PC{0,200}") {
        read_all(text.as_bytes());
    }

    #[test]
    fn no_likely_xml_makes_a_reader_panic(parts in prop::collection::vec(prop::sample::select(vec![
        "<testsuites>", "</testsuites>", "<testsuite name='pytest' tests='3'>", "</testsuite>", "<testcase name='a[\\u04'",
        " classname='ж'", ">", "/>", "</testcase>", "<failure message='&#x1b;[31m#x1B['>", "</failure>", "E   é",
        "a.py:3: x\n", "<![CDATA[", "]]>", "<coverage line-rate='0.5'>", "<class filename='a'>", "<lines>",
        "<line number='1' hits='9'/>", "</lines>", "</class>", "</coverage>", "&", "<!--", "-->", "<?xml encoding='", "?>",
    ]), 0..30)) {
        read_all(parts.concat().as_bytes());
    }

    #[test]
    fn no_damaged_sample_makes_a_reader_panic(
        pick in any::<prop::sample::Index>(),
        wounds in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let samples = samples();
        let (_, bytes) = pick.get(&samples);
        let mut bytes = bytes.clone();
        for (place, byte) in wounds {
            if !bytes.is_empty() {
                let at = place.index(bytes.len());
                bytes[at] = byte;
            }
        }
        read_all(&bytes);
    }

    #[test]
    fn no_damaged_archive_makes_the_reader_panic(
        wounds in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let mut bytes = data("archive/12-flaky-retried-e2e.zip");
        for (place, byte) in wounds {
            let at = place.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = read_archive("a", &bytes, &Limits::default());
    }
}
