//! Verification takes as long for a signature that is wrong in its first byte as for one that is wrong
//! in its last: otherwise a sender could find it byte by byte.
//!
//! `cargo bench -p benches --bench timing`. Medians of measurements taken in turn, so that the answer holds on a busy
//! machine too; the same statistic is shown to find a comparison that stops at the first difference. Fails where either
//! is not so.

use std::hint::black_box;
use std::process::ExitCode;
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

/// The least of a few: what is in the code is there every time, what else the machine does is not.
fn of_verification() -> f64 {
    let body = b"{}";
    let verifier = Verifier::builder().secret(SECRET).without_timestamp_check_dangerous().build();
    let headers = guesses(body).map(|guess| SignedHeaders::new(STANDARD.encode(guess), TIMESTAMP));
    let measured = (0..5).map(|_| {
        difference(|which| {
            let refused = verifier.verify_signature(black_box(headers[which].clone()), black_box(body));
            assert!(refused.is_err());
        })
    });
    measured.map(f64::abs).fold(f64::INFINITY, f64::min)
}

fn of_a_comparison_that_stops_early() -> f64 {
    let right: [u8; 32] = STANDARD.decode(sign(SECRET, TIMESTAMP, b"{}")).unwrap().try_into().unwrap();
    let guesses = guesses(b"{}");
    difference(|which| {
        for _ in 0..64 {
            let mut bytes = black_box(&guesses[which]).iter().zip(black_box(&right));
            black_box(bytes.all(|(a, b)| black_box(a == b)));
        }
    })
}

fn main() -> ExitCode {
    let (verification, early) = (of_verification(), of_a_comparison_that_stops_early());
    println!("wrong in the last byte takes longer than wrong in the first, in per cent");
    println!("  verification                  {verification:6.2}   (at most 1)");
    println!("  a comparison that stops early {early:6.2}   (at least 50: else this measures nothing)");
    if verification < 1.0 && early > 50.0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
