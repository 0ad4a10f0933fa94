//! Telling formats apart.

use ci_reports::{Format, Tool, recognise};

use crate::support::data;

#[test]
fn every_sample_is_recognised_by_its_content() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data");
    let mut seen = 0;
    for format in Format::ALL {
        let folder = format!("{root}/{format}");
        for entry in std::fs::read_dir(&folder).expect("samples of every format") {
            let path = entry.expect("an entry").path();
            let bytes = std::fs::read(&path).expect("a sample");
            // Empty files and empty lists are the ones only a name can tell.
            if bytes.len() > 2 {
                assert_eq!(
                    recognise("report", &bytes),
                    Some(*format),
                    "{}",
                    path.display()
                );
                seen += 1;
            }
        }
    }
    assert!(seen > 20);
}

#[test]
fn what_is_no_report_here_is_not_recognised() {
    for (name, file) in [
        ("coverage/clover.xml", "other/clover.xml"),
        ("pytest.txt", "other/pytest.txt"),
        ("alembic.txt", "other/alembic.txt"),
        ("vitest.txt", "other/vitest.txt"),
        ("playwright.txt", "other/playwright.txt"),
    ] {
        assert_eq!(recognise(name, &data(file)), None, "{name}");
    }
    assert_eq!(recognise("shot.png", b"\x89PNG\r\n\x1a\n"), None);
}

#[test]
fn a_silent_file_is_told_by_its_name() {
    for (path, bytes, format) in [
        ("reports/flake8.txt", b"".as_slice(), Format::Flake8),
        ("reports\\flake8.txt", b"crash", Format::Flake8),
        ("ruff.json", b"[]", Format::RuffJson),
        ("ruff.txt", b"", Format::RuffText),
        ("ruff-gitlab.json", b"[]", Format::CodeQuality),
        ("flake8-codeclimate.json", b"[]", Format::CodeQuality),
        ("ruff-github.txt", b"", Format::GithubAnnotations),
        ("ruff-junit.xml", b"", Format::LintJunit),
        ("eslint.json", b"[]\n", Format::EslintJson),
        ("junit.xml", b"", Format::Junit),
        ("prettier.txt", b"", Format::Prettier),
        ("playwright.json", b"", Format::PlaywrightJson),
        ("coverage.xml", b"", Format::Cobertura),
    ] {
        assert_eq!(recognise(path, bytes), Some(format), "{path}");
    }
}

#[test]
fn a_report_cut_short_is_still_recognised() {
    for (format, file) in [
        (Format::Junit, "junit/pytest-01-perfect.xml"),
        (Format::VitestJson, "vitest-json/01-perfect.json"),
        (Format::RuffJson, "ruff-json/06-lint-errors.json"),
        (Format::IstanbulFinal, "istanbul-final/06-lint-errors.json"),
    ] {
        let bytes = data(file);
        assert_eq!(
            recognise("report", &bytes[..bytes.len() - 40]),
            Some(format),
            "{file}"
        );
    }
}

#[test]
fn a_report_in_utf_16_is_recognised() {
    let text = String::from_utf8(data("flake8/06-lint-errors.txt")).expect("text");
    let wide: Vec<u8> = [0xFEFF]
        .into_iter()
        .chain(text.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(recognise("a.txt", &wide), Some(Format::Flake8));
}

#[test]
fn names_are_stable() {
    for format in Format::ALL {
        assert_eq!(format.as_str().parse(), Ok(*format));
        assert_eq!(
            serde_json::to_value(format).expect("a name"),
            format.as_str()
        );
    }
    for tool in Tool::ALL {
        assert_eq!(tool.as_str().parse(), Ok(tool));
        assert_eq!(serde_json::to_value(tool).expect("a name"), tool.as_str());
    }
    let unknown = "nunit".parse::<Format>().expect_err("unknown");
    assert!(unknown.to_string().contains("known: junit, lint-junit"));
}
