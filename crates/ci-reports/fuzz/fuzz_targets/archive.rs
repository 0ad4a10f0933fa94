//! The archive's reader, with limits small enough to be met.
#![no_main]

use ci_reports::{Limits, read_archive};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits {
        total_bytes: 1 << 20,
        entries: 20,
        ..Limits::default()
    };
    if let Ok(files) = read_archive("artifact", bytes, &limits) {
        let total: usize = files.iter().map(|file| file.bytes.len()).sum();
        assert!(files.len() <= 20 && total <= 1 << 20);
        for file in files {
            assert!(!file.path.starts_with('/') && !file.path.split('/').any(|part| part == ".."));
        }
    }
});
