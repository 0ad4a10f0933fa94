//! Grading from files agrees with what the tools said in their terminals.

use std::{path::Path, process::Command};

use serde_json::{Value, json};

use crate::world::samples_folder;

/// What the tools of a recorded run said in their terminals, and the grade that follows.
struct Truth {
    name: &'static str,
    /// pytest: passed, failed, errors, skipped.
    pytest: [u32; 4],
    /// ruff: findings.
    ruff: u32,
    /// coverage.py: statements that ran, of all.
    covered: (u32, u32),
    grade: &'static str,
}

const fn truth(
    name: &'static str,
    pytest: [u32; 4],
    ruff: u32,
    covered: (u32, u32),
    grade: &'static str,
) -> Truth {
    Truth {
        name,
        pytest,
        ruff,
        covered,
        grade,
    }
}

const TRUTH: [Truth; 7] = [
    truth("01-perfect", [37, 0, 0, 0], 0, (77, 77), "S"),
    truth("02-one-failing-test", [36, 1, 0, 0], 0, (77, 77), "C"),
    truth("04-missing-downgrade", [36, 1, 0, 0], 0, (77, 77), "C"),
    truth("06-lint-errors", [37, 0, 0, 0], 0, (77, 77), "A"),
    truth("08-e2e-failing", [37, 0, 0, 0], 0, (77, 77), "C"),
    truth("12-flaky-retried", [37, 0, 0, 0], 0, (77, 77), "A"),
    truth("16-no-tests-ran", [0, 0, 0, 0], 0, (39, 51), "C"),
];

fn grade(path: &Path) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_docent"))
        .env_clear()
        .current_dir(std::env::temp_dir())
        .arg("grade")
        .arg(path)
        .args(["--course", "alembic", "--practice", "advanced", "--json"])
        .output()
        .expect("the program runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn the_counts_of_every_recorded_run_are_those_of_the_terminal() {
    for Truth {
        name,
        pytest,
        ruff,
        covered: (covered, statements),
        grade: letter,
    } in TRUTH
    {
        let sheet = grade(&samples_folder(name));
        let said = &sheet["tools"]["pytest"];
        let counted = ["passed", "failed", "errors", "skipped"].map(|key| said[key].clone());
        assert_eq!(counted, pytest.map(|count| json!(count)), "{name}");
        assert_eq!(sheet["tools"]["ruff"]["findings"], json!(ruff), "{name}");
        let lines = &sheet["coverage"]["back"]["lines_bp"];
        assert_eq!(lines, &json!(covered * 10_000 / statements), "{name}");
        assert_eq!(sheet["grade"], json!(letter), "{name}: {sheet:#}");
    }
}

#[test]
fn a_folder_of_zips_one_zip_and_unpacked_reports_are_read_alike() {
    let folder = samples_folder("02-one-failing-test");
    let whole = grade(&folder);
    let back = grade(&folder.join("back-reports.zip"));
    assert_eq!(whole["tools"]["pytest"], back["tools"]["pytest"]);
    let unpacked = tempfile::tempdir().expect("a folder");
    unpack(
        &folder.join("back-reports.zip"),
        &unpacked.path().join("back-reports"),
    );
    let loose = grade(&unpacked.path().join("back-reports"));
    assert_eq!(loose, back);
    std::fs::copy(
        folder.join("back-reports.zip"),
        unpacked.path().join("back-reports.zip"),
    )
    .expect("a copy");
    assert_eq!(
        grade(unpacked.path()),
        back,
        "an artifact that is there twice counts once"
    );
}

fn unpack(zip: &Path, into: &Path) {
    let file = std::fs::File::open(zip).expect("a zip");
    zip::ZipArchive::new(file)
        .expect("a zip")
        .extract(into)
        .expect("unpacked");
}

#[test]
fn every_finding_of_the_recorded_runs_has_a_pointer_that_leads_somewhere() {
    for Truth { name, .. } in TRUTH {
        let sheet = grade(&samples_folder(name));
        let findings = sheet["findings"].as_array().expect("findings");
        let pointers = sheet["pointers"].as_array().expect("pointers");
        assert_eq!(
            findings.is_empty(),
            pointers.is_empty(),
            "{name}: {sheet:#}"
        );
    }
    let sheet = grade(&samples_folder("04-missing-downgrade"));
    assert_eq!(sheet["pointers"][0]["section"], "al5-downgrade");
}
