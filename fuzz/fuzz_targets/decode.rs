#![no_main]

#[path = "../decoding.rs"]
mod decoding;

// The first byte says which of the versions that are built in reads the rest.
libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let Some((choice, body)) = input.split_first() else { return };
    let versions = cashfree_pg::registry::VERSIONS;
    decoding::any(versions[usize::from(*choice) % versions.len()].0, body);
});
