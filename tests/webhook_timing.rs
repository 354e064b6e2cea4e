//! Verification takes as long for a signature that is wrong in its first byte as for one that is wrong
//! in its last: otherwise a sender could find it byte by byte.
//!
//! Times are noisy on a shared machine, so the comparison is of medians, of measurements taken in turn,
//! and the same statistic is shown to find a comparison that stops at the first difference.

use std::hint::black_box;
use std::time::Instant;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cashfree_pg::webhook::{SignedHeaders, Verifier, sign};

const SECRET: &str = "a_dummy_secret";
const TIMESTAMP: &str = "1754500000123";
const ROUNDS: usize = 3000;

/// How much longer, in per cent of the shorter, the second of two takes. Each round runs both, in an
/// order that changes, so that whatever slows the machine down slows both.
fn difference(mut run: impl FnMut(usize)) -> f64 {
    let mut times = [Vec::with_capacity(ROUNDS), Vec::with_capacity(ROUNDS)];
    for round in 0..ROUNDS {
        for which in [round % 2, 1 - round % 2] {
            let start = Instant::now();
            for _ in 0..8 {
                run(which);
            }
            times[which].push(start.elapsed().as_nanos() as f64);
        }
    }
    let [first, second] = times.map(|mut times| {
        times.sort_by(f64::total_cmp);
        times[ROUNDS / 2]
    });
    100.0 * (second - first) / first.min(second)
}

/// Signatures that agree with the right one in none, and in all but the last, of their bytes.
fn guesses(body: &[u8]) -> [[u8; 32]; 2] {
    let right: [u8; 32] = STANDARD.decode(sign(SECRET, TIMESTAMP, body)).unwrap().try_into().unwrap();
    let (mut none, mut all_but_one) = (right, right);
    none[0] ^= 1;
    all_but_one[31] ^= 1;
    [none, all_but_one]
}

#[test]
fn time_does_not_tell_how_much_of_a_signature_is_right() {
    let body = b"{}";
    let verifier = Verifier::builder().secret(SECRET).without_timestamp_check_dangerous().build();
    let headers = guesses(body).map(|guess| SignedHeaders::new(STANDARD.encode(guess), TIMESTAMP));
    for headers in &headers {
        assert!(verifier.verify_signature(headers.clone(), body).is_err());
    }
    // The best of a few: what is in the code is there every time, what else the machine does is not.
    let measured: Vec<f64> = (0..5)
        .map(|_| {
            difference(|which| {
                black_box(verifier.verify_signature(black_box(headers[which].clone()), black_box(body))).ok();
            })
        })
        .collect();
    let least = measured.iter().copied().map(f64::abs).fold(f64::INFINITY, f64::min);
    assert!(least < 1.0, "differs by {measured:?} per cent");
}

#[test]
fn the_measurement_finds_a_comparison_that_stops_early() {
    let right: [u8; 32] = STANDARD.decode(sign(SECRET, TIMESTAMP, b"{}")).unwrap().try_into().unwrap();
    let guesses = guesses(b"{}");
    let found = difference(|which| {
        for _ in 0..64 {
            black_box(
                black_box(&guesses[which]).iter().zip(black_box(&right)).all(|(a, b)| black_box(a == b)),
            );
        }
    });
    assert!(found > 50.0, "differs by {found} per cent only");
}
