#![no_main]

#[path = "../decoding.rs"]
mod decoding;

libfuzzer_sys::fuzz_target!(|input: &[u8]| decoding::any("2022-09-01", input));
