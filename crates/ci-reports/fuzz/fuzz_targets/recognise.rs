//! Recognition, by a name that gives no hint and by one that does.
#![no_main]

use ci_reports::recognise;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = recognise("report", bytes);
    let _ = recognise("flake8.txt", bytes);
});
