//! One reader; the target's name is the format's.
#![no_main]

use ci_reports::{Format, Limits, read_report};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let format: Format = env!("CARGO_BIN_NAME")
        .parse()
        .expect("the target is called after a format");
    if let Ok(report) = read_report(format, None, bytes, &Limits::default()) {
        let _ = report.findings();
    }
});
