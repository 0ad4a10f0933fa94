//! What a stranger pastes as a link.
#![no_main]

use docent_fuzz::ci::check;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| check(text));
