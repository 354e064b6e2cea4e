//! What a hostile body can cost: work that grows with its length and no faster, memory within bounds.

use std::sync::Mutex;
use std::time::Duration;

use cashfree_pg::webhook::{LegacySigning, Verifier, WebhookError};
use cpu_time::ThreadTime;
use peak_alloc::PeakAlloc;

/// Counts what is allocated at a time.
#[global_allocator]
static ALLOCATED: PeakAlloc = PeakAlloc;

/// One test at a time, or each would count what the others do.
static ALONE: Mutex<()> = Mutex::new(());

/// The most bytes that `run` had at a time.
fn memory_of<T>(run: impl FnOnce() -> T) -> usize {
    let before = ALLOCATED.current_usage();
    ALLOCATED.reset_peak_usage();
    drop(run());
    ALLOCATED.peak_usage() - before
}

/// What it takes of the processor, whoever else wants that. The least of three.
fn time_of<T>(mut run: impl FnMut() -> T) -> Duration {
    (0..3)
        .map(|_| {
            let started = ThreadTime::now();
            drop(run());
            started.elapsed()
        })
        .min()
        .unwrap_or_default()
}

/// Four times the body takes some four times as long, and never sixteen.
fn grows_linearly(name: &str, make: impl Fn(usize) -> Vec<u8>, run: impl Fn(&[u8])) {
    let (small, large) = (make(40_000), make(160_000));
    let (small, large) = (time_of(|| run(&small)), time_of(|| run(&large)));
    assert!(large < small * 9 + Duration::from_millis(5), "{name}: {small:?}, then {large:?}");
    assert!(large < Duration::from_secs(2), "{name}: {large:?}");
}

fn repeat(open: &str, close: &str, size: usize, item: impl Fn(usize) -> String) -> Vec<u8> {
    let mut body = open.to_owned();
    let mut number = 0;
    while body.len() < size {
        if number > 0 {
            body.push(',');
        }
        body += &item(number);
        number += 1;
    }
    (body + close).into_bytes()
}

#[test]
fn an_unsigned_legacy_body_costs_no_more_than_its_length() {
    let _alone = ALONE.lock().unwrap_or_else(|e| e.into_inner());
    let verifier = Verifier::new("a client secret the sender does not know");
    let unsigned = |size| repeat("{", ",\"signature\":\"x\"}", size, |i| format!("\"k{i}\":1"));
    let badly_signed = |size| {
        repeat("{", &format!(",\"signature\":\"{}=\"}}", "A".repeat(43)), size, |i| format!("\"k{i}\":1"))
    };
    for (body, expected) in [
        (unsigned(80_000), WebhookError::MalformedSignature),
        (badly_signed(80_000), WebhookError::SignatureMismatch),
        // Whatever else is wrong with it: what carries no signature is not looked at.
        (
            repeat("{", ",\"k0\":[],\"signature\":\"x\"}", 80_000, |i| format!("\"k{i}\":1")),
            WebhookError::MalformedSignature,
        ),
    ] {
        assert_eq!(verifier.verify_legacy(LegacySigning::SortedKeys, &body).unwrap_err(), expected);
    }
    grows_linearly("unsigned", unsigned, |body| {
        verifier.verify_legacy(LegacySigning::SortedKeys, body).unwrap_err();
    });
    grows_linearly("badly signed", badly_signed, |body| {
        verifier.verify_legacy(LegacySigning::SortedKeys, body).unwrap_err();
    });
    let form = |size| {
        let mut form = String::new();
        for number in 0.. {
            if form.len() > size {
                break;
            }
            form += &format!("k{number}=%31&");
        }
        (form + "signature=" + &"A".repeat(43) + "=").into_bytes()
    };
    grows_linearly("a form", form, |body| {
        verifier.verify_legacy(LegacySigning::SortedKeys, body).unwrap_err();
    });
}

#[cfg(feature = "v2025-01-01")]
mod reading {
    use cashfree_pg::types::Body;
    use cashfree_pg::v2025_01_01::types::{Order, Payment, Recon, Vendor};

    use super::*;

    const MEGABYTE: usize = 1_000_000;

    type Family = (&'static str, fn(usize) -> Vec<u8>);

    #[test]
    fn a_list_of_nothing_takes_no_memory() {
        let _alone = ALONE.lock().unwrap_or_else(|e| e.into_inner());
        let list = |item: &str| repeat("[", "]", 2 * MEGABYTE, |_| item.to_owned());
        let bodies = [list("{}"), list("[]"), list("\"\""), list("1"), list("{\"cf_payment_id\":1}")];
        for body in bodies {
            for taken in [
                memory_of(|| Vec::<Payment>::decode(&body)),
                memory_of(|| Vec::<Vendor>::decode(&body)),
                memory_of(|| Order::decode(&body)),
            ] {
                assert!(taken < 50 * MEGABYTE, "{} took {taken}", String::from_utf8_lossy(&body[..20]));
            }
        }
        let inside = [&b"{\"data\":"[..], &list("{}"), b"}"].concat();
        let taken = memory_of(|| Recon::decode(&inside));
        assert!(taken < 50 * MEGABYTE, "a page took {taken}");
        let members = repeat("{", "}", 2 * MEGABYTE, |i| format!("\"{i}\":1"));
        let taken = memory_of(|| Order::decode(&members));
        assert!(taken < 80 * MEGABYTE, "members took {taken}");
    }

    /// What a member more costs every list of them. Whoever makes one larger sees it here.
    #[test]
    #[cfg(target_pointer_width = "64")]
    fn the_types_that_are_used_most_are_as_large_as_they_were() {
        use cashfree_pg::v2025_01_01::types as t;
        let sizes = [
            ("CreateOrderRequest", 1600, size_of::<t::CreateOrderRequest>()),
            ("CustomerDetails", 200, size_of::<t::CustomerDetails>()),
            ("Order", 1152, size_of::<t::Order>()),
            ("Payment", 1256, size_of::<t::Payment>()),
            ("PaymentMethod", 272, size_of::<t::PaymentMethod>()),
            ("Refund", 672, size_of::<t::Refund>()),
            ("Settlement", 416, size_of::<t::Settlement>()),
            ("ReconRow", 1144, size_of::<t::ReconRow>()),
            ("Link", 616, size_of::<t::Link>()),
            ("Subscription", 1056, size_of::<t::Subscription>()),
        ];
        let grown: Vec<_> = sizes.iter().filter(|(_, was, is)| was != is).collect();
        assert!(grown.is_empty(), "not as they were, as (type, bytes then, bytes now): {grown:?}");
    }

    #[test]
    fn a_long_list_of_real_things_is_read() {
        let _alone = ALONE.lock().unwrap_or_else(|e| e.into_inner());
        let payment = r#"{"cf_payment_id":"1","order_id":"o_1","payment_amount":499.50,"payment_status":"SUCCESS",
            "payment_method":{"upi":{"upi_id":"a@bank","channel":"collect"}},"payment_time":"2025-01-01T00:00:00+05:30"}"#;
        let body = repeat("[", "]", 4 * MEGABYTE, |_| payment.to_owned());
        assert!(Vec::<Payment>::decode(&body).unwrap().len() > 15_000);
        let small = repeat("[", "]", MEGABYTE / 10, |_| "{\"cf_payment_id\":1}".to_owned());
        assert!(Vec::<Payment>::decode(&small).unwrap().len() > 4_500);
    }

    #[test]
    fn reading_takes_no_longer_than_the_body_is_long() {
        let _alone = ALONE.lock().unwrap_or_else(|e| e.into_inner());
        let families: [Family; 7] = [
            ("unlisted members", |size| repeat("{", "}", size, |i| format!("\"k{i}\":1"))),
            ("one name twice at the end", |size| {
                repeat("{\"k1\":0,", "}", size, |i| format!("\"k{}\":1", i + 2))
            }),
            ("empty objects", |size| repeat("[", "]", size, |_| "{}".to_owned())),
            ("a map", |size| repeat("{\"order_tags\":{", "}}", size, |i| format!("\"k{i}\":\"v\""))),
            ("nested lists", |size| repeat("[", "]", size, |_| "[".repeat(100) + &"]".repeat(100))),
            ("a long number", |size| [b"{\"order_amount\":", "1".repeat(size).as_bytes(), b"}"].concat()),
            ("escapes", |size| {
                [b"{\"order_note\":\"", "\\u0041".repeat(size / 6).as_bytes(), b"\"}"].concat()
            }),
        ];
        for (name, make) in families {
            grows_linearly(name, make, |body| drop(Order::decode(body)));
            grows_linearly(name, make, |body| drop(Vec::<Payment>::decode(body)));
        }
    }
}
