//! What verification costs over the bare arithmetic: `cargo bench -p benches --bench webhook`.
//!
//! Both are measured in turn, in one run, on the same bytes, so the ratio holds on a slow or a busy
//! machine too. Fails if verification takes more than 1.15 times as long as `hmac`, `sha2` and `base64`
//! do by themselves.

use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cashfree_pg::webhook::{Verifier, sign};
use hmac::{Hmac, Mac};
use sha2::Sha256;

const SECRET: &str = "cfsk_ma_test_0123456789abcdef0123456789abcdef_01234567";
const TIMESTAMP: &str = "1754500000123";
const MOST: f64 = 1.15;
const ROUNDS: usize = 2000;
const BATCH: u32 = 50;

/// The least that can be done: what a handler written by hand would do, and no more.
fn bare(signature: &str, timestamp: &str, body: &[u8]) -> bool {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()) else { return false };
    mac.update(timestamp.as_bytes());
    mac.update(body);
    STANDARD.decode(signature).is_ok_and(|signature| mac.verify_slice(&signature).is_ok())
}

fn nanoseconds(mut run: impl FnMut() -> bool) -> f64 {
    let start = Instant::now();
    for _ in 0..BATCH {
        assert!(black_box(run()));
    }
    start.elapsed().as_nanos() as f64 / f64::from(BATCH)
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// The headers of a delivery as it comes through a proxy.
fn headers(signature: &str) -> http::HeaderMap {
    let mut headers = http::HeaderMap::new();
    for (name, value) in [
        ("host", "shop.example"),
        ("user-agent", "ReactorNetty/1.2.16"),
        ("accept", "*/*"),
        ("content-type", "application/json"),
        ("x-webhook-attempt", "1"),
        ("x-webhook-signature", signature),
        ("x-webhook-timestamp", TIMESTAMP),
        ("x-webhook-version", "2025-01-01"),
        ("x-idempotency-key", "Z8RrsvbOd3gF4mO5qYd0v0nq7i1yVf2V1lQZp3W1a0E="),
        ("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
    ] {
        if let Ok(value) = value.parse() {
            headers.insert(name, value);
        }
    }
    headers
}

fn main() -> ExitCode {
    let verifier = Verifier::builder().secret(SECRET).without_timestamp_check_dangerous().build();
    let mut slow = false;
    for size in [1024, 4096] {
        let envelope = r#"{"type":"X","data":""}"#.len();
        let body = format!(r#"{{"type":"X","data":"{}"}}"#, "a".repeat(size - envelope)).into_bytes();
        let signature = sign(SECRET, TIMESTAMP, &body);
        let headers = headers(&signature);
        let (mut ours, mut theirs, mut whole) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            theirs.push(nanoseconds(|| bare(black_box(&signature), TIMESTAMP, black_box(&body))));
            ours.push(nanoseconds(|| {
                verifier.verify_signature(black_box(&headers), black_box(&body)).is_ok()
            }));
            whole.push(nanoseconds(|| verifier.verify(black_box(&headers), black_box(&body)).is_ok()));
        }
        let (ours, theirs, whole) = (median(ours), median(theirs), median(whole));
        let ratio = ours / theirs;
        println!(
            "{size} bytes: bare {theirs:.0} ns, verify_signature {ours:.0} ns, ratio {ratio:.3} (at most {MOST}); \
             verify and read {whole:.0} ns"
        );
        slow |= ratio > MOST;
    }
    if slow { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
