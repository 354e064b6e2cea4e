//! What the reader would gain on another scanner: `cargo run --release --manifest-path benches/scanners/Cargo.toml`.
//!
//! "Passes over" is the least that any reader does with it: it goes over the whole body, and nothing is kept. What
//! the reader's own cursor takes for that shows where the body stands in a member that is not listed. "Structs" are
//! derived serde code that holds less than the types of this crate do, with floats for money.

use std::hint::black_box;

use benches::{bodies, by_hand, compare};
use cashfree_pg::types::Body;
use cashfree_pg::v2025_01_01::types::{Order, Payment, Recon};
use serde::de::{DeserializeOwned, IgnoredAny};

fn measure<T: Body, H: DeserializeOwned>(name: &str, text: &str) {
    let body = text.as_bytes();
    let inside = format!("{{\"unlisted\":{text}}}");
    println!("{name}, as times of what reading it takes");
    let line = |what: &str, run: &mut dyn FnMut() -> bool| {
        assert!(run(), "{what} reads it");
        println!("  {what:<44} {:.2}", compare(|| T::decode(black_box(body)), run).ratio());
    };
    line("this crate passes over", &mut || Order::decode(black_box(inside.as_bytes())).is_ok());
    line("serde_json passes over", &mut || serde_json::from_slice::<IgnoredAny>(black_box(body)).is_ok());
    line("jiter passes over", &mut || jiter::Jiter::new(black_box(body)).next_skip().is_ok());
    line("sonic-rs passes over", &mut || {
        sonic_rs::from_slice::<sonic_rs::LazyValue<'_>>(black_box(body)).is_ok()
    });
    line("simd-json passes over, numbers as floats", &mut || {
        simd_json::to_tape(&mut black_box(body).to_vec()).is_ok()
    });
    line("serde_json reads structs", &mut || serde_json::from_slice::<H>(black_box(body)).is_ok());
    line("sonic-rs reads structs", &mut || sonic_rs::from_slice::<H>(black_box(body)).is_ok());
    line("simd-json reads structs", &mut || {
        simd_json::serde::from_slice::<H>(&mut black_box(body).to_vec()).is_ok()
    });
}

fn main() {
    measure::<Payment, by_hand::Payment>("a payment", bodies::PAYMENT);
    measure::<Vec<Payment>, Vec<by_hand::Payment>>("100 payments", &bodies::payments(100));
    measure::<Recon, by_hand::Recon>("1,000 rows of a report", &bodies::recon(1000));
}
