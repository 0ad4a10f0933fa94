//! How long reading takes beside the least that could be done with the same bytes.
//!
//! Each figure is the best of several runs. The ratio is what to watch: it holds on any machine.

use std::fmt::Write as _;
use std::hint::black_box;
use std::io::{Cursor, Read as _, Write as _};
use std::time::{Duration, Instant};

use ci_reports::{Format, Limits, read_archive, read_report};
use quick_xml::{Reader, events::Event};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

const RUNS: usize = 5;

fn main() -> Outcome {
    let limits = Limits {
        file_bytes: 64 << 20,
        archive_bytes: 128 << 20,
        total_bytes: 128 << 20,
        // A body made of one line packs better than any real one.
        ratio: 2_000,
        steps: usize::MAX,
        ..Limits::default()
    };
    let many = junit(20_000, "");
    compare("20 000 cases", &many, &limits)?;
    let long = junit(20_000, &"E   assert 1 == 2 &amp; more\n".repeat(90));
    compare("50 MB", &long, &limits)
}

/// A report of pytest; with a body each case is a failure.
fn junit(cases: usize, body: &str) -> String {
    let mut text = "<testsuites name=\"pytest tests\"><testsuite name=\"pytest\">".to_owned();
    for case in 0..cases {
        let _ = write!(
            text,
            "<testcase classname=\"tests.unit.test_{}\" name=\"test_{case}\" time=\"0.001\"",
            case % 97
        );
        if body.is_empty() {
            text.push_str(" />");
        } else {
            let _ = write!(
                text,
                "><failure message=\"assert 1 == 2\">{body}</failure></testcase>"
            );
        }
    }
    text.push_str("</testsuite></testsuites>");
    text
}

fn compare(what: &str, text: &str, limits: &Limits) -> Outcome {
    let bytes = text.as_bytes();
    let zip = packed(bytes)?;
    let bare = best(|| tokens(text))?;
    let read = best(|| {
        black_box(read_report(Format::Junit, None, bytes, limits)?);
        Ok(())
    })?;
    let unzip = best(|| unzipped(&zip))?;
    let archive = best(|| {
        black_box(read_archive("a", &zip, limits)?);
        Ok(())
    })?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{what}: {} bytes, {} packed", bytes.len(), zip.len())?;
    line(&mut out, "report / bare quick-xml", read, bare)?;
    line(&mut out, "archive / plain unzip", archive, unzip)
}

fn line(out: &mut impl std::io::Write, what: &str, ours: Duration, bare: Duration) -> Outcome {
    let ratio = ours.as_secs_f64() / bare.as_secs_f64();
    writeln!(out, "  {what}: {ours:.1?} / {bare:.1?} = {ratio:.2}")?;
    Ok(())
}

fn best(mut work: impl FnMut() -> Outcome) -> Outcome<Duration> {
    let mut best = Duration::MAX;
    for _ in 0..RUNS {
        let begin = Instant::now();
        work()?;
        best = best.min(begin.elapsed());
    }
    Ok(best)
}

/// The bare pass: every token, nothing kept.
fn tokens(text: &str) -> Outcome {
    let mut reader = Reader::from_str(text);
    let mut count = 0_usize;
    while !matches!(reader.read_event()?, Event::Eof) {
        count += 1;
    }
    black_box(count);
    Ok(())
}

fn packed(bytes: &[u8]) -> Outcome<Vec<u8>> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    writer.start_file("junit.xml", options)?;
    writer.write_all(bytes)?;
    Ok(writer.finish()?.into_inner())
}

fn unzipped(zip: &[u8]) -> Outcome {
    let mut archive = ZipArchive::new(Cursor::new(zip))?;
    let mut bytes = Vec::new();
    archive.by_index(0)?.read_to_end(&mut bytes)?;
    black_box(bytes.len());
    Ok(())
}
