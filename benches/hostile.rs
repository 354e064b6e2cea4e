//! What hostile bodies cost: `cargo bench --bench hostile`.
//!
//! Each family is measured at three lengths, each twice the one before. Work that grows with the length of the
//! body doubles; work that grows with its square, by which an unsigned body could keep a server busy, takes
//! four times as long. Fails if any family takes more than three times as long twice.

use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use cashfree_pg::types::Body;
use cashfree_pg::v2025_01_01::types::{Order, Payment, Recon};
use cashfree_pg::webhook::{LegacySigning, Verifier, is_dashboard_test};

const LENGTHS: [usize; 3] = [250_000, 500_000, 1_000_000];
const MOST: f64 = 3.0;

struct Family {
    name: &'static str,
    body: fn(usize) -> Vec<u8>,
    run: fn(&[u8]),
}

fn list(open: &str, close: &str, length: usize, item: impl Fn(usize) -> String) -> Vec<u8> {
    let mut body = open.to_owned();
    let mut number = 0;
    while body.len() < length {
        body += if number > 0 { "," } else { "" };
        body += &item(number);
        number += 1;
    }
    (body + close).into_bytes()
}

fn form(length: usize) -> Vec<u8> {
    let mut form = String::new();
    let mut number = 0;
    while form.len() < length {
        form += &format!("k{number}=%31&");
        number += 1;
    }
    (form + "signature=" + &"A".repeat(43) + "=").into_bytes()
}

fn order(body: &[u8]) {
    let _ = black_box(Order::decode(body));
}

fn payments(body: &[u8]) {
    let _ = black_box(Vec::<Payment>::decode(body));
}

fn page(body: &[u8]) {
    let _ = black_box(Recon::decode(body));
}

fn round(body: &[u8]) {
    if let Ok(order) = Order::decode(body) {
        let _ = black_box(serde_json::to_string(&order));
    }
}

fn legacy(body: &[u8]) {
    let verifier = Verifier::new("a client secret the sender does not know");
    let _ = black_box(verifier.verify_legacy(LegacySigning::SortedKeys, body));
}

fn test_call(body: &[u8]) {
    black_box(is_dashboard_test(body));
}

const SIGNED: &str = ",\"signature\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"}";

const FAMILIES: &[Family] = &[
    Family {
        name: "legacy, no signature",
        body: |n| list("{", ",\"signature\":\"x\"}", n, |i| format!("\"k{i}\":1")),
        run: legacy,
    },
    Family {
        name: "legacy, numbers",
        body: |n| list("{", SIGNED, n, |i| format!("\"k{i}\":1")),
        run: legacy,
    },
    Family {
        name: "legacy, texts",
        body: |n| list("{", SIGNED, n, |i| format!("\"k{i}\":\"v\"")),
        run: legacy,
    },
    Family { name: "legacy, a form", body: form, run: legacy },
    Family {
        name: "legacy, nested",
        body: |n| list("{\"a\":[", "]}", n, |_| "[[[[1]]]]".into()),
        run: legacy,
    },
    Family {
        name: "an unsigned test call",
        body: |n| list("{", "}", n, |i| format!("\"k{i}\":1")),
        run: test_call,
    },
    Family { name: "unlisted members", body: |n| list("{", "}", n, |i| format!("\"k{i}\":1")), run: order },
    Family { name: "unlisted, and back", body: |n| list("{", "}", n, |i| format!("\"k{i}\":1")), run: round },
    Family {
        name: "a member twice",
        body: |n| list("{", ",\"k0\":2}", n, |i| format!("\"k{i}\":1")),
        run: order,
    },
    Family {
        name: "a map",
        body: |n| list("{\"order_tags\":{", "}}", n, |i| format!("\"k{i}\":\"v\"")),
        run: order,
    },
    Family { name: "a list of nothing", body: |n| list("[", "]", n, |_| "{}".into()), run: payments },
    Family { name: "a page of nothing", body: |n| list("{\"data\":[", "]}", n, |_| "{}".into()), run: page },
    Family {
        name: "nested lists",
        body: |n| list("[", "]", n, |_| "[".repeat(100) + &"]".repeat(100)),
        run: payments,
    },
    Family {
        name: "unions of two keys",
        body: |n| list("[{\"payment_method\":{", "}}]", n, |i| format!("\"upi\":{{}},\"k{i}\":1")),
        run: payments,
    },
    Family {
        name: "a long number",
        body: |n| [b"{\"order_amount\":", "1".repeat(n).as_bytes(), b"}"].concat(),
        run: order,
    },
    Family {
        name: "escapes",
        body: |n| [b"{\"order_note\":\"", "\\u0041".repeat(n / 6).as_bytes(), b"\"}"].concat(),
        run: order,
    },
];

/// The quickest of a few runs: what it takes when nobody else wants the processor.
fn time(run: fn(&[u8]), body: &[u8]) -> Duration {
    let once = || {
        let started = Instant::now();
        run(black_box(body));
        started.elapsed()
    };
    (0..5).map(|_| once()).min().unwrap_or_default()
}

fn main() -> ExitCode {
    let mut bad = false;
    for Family { name, body, run } in FAMILIES {
        let times = LENGTHS.map(|length| time(*run, &body(length)));
        let growth = [1, 2].map(|i| times[i].as_secs_f64() / times[i - 1].as_secs_f64().max(1e-6));
        let each = times[2].as_secs_f64() * 1e9 / LENGTHS[2] as f64;
        println!(
            "{name:<24} {:>9.2?} a megabyte, {each:>6.1} ns a byte, twice the length takes {:.1} and {:.1} times as long",
            times[2], growth[0], growth[1]
        );
        bad |= growth.iter().all(|growth| *growth > MOST);
    }
    if bad { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
