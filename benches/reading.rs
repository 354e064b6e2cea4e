//! What tolerant, lossless reading costs beside structs with derived serde code: `cargo bench -p benches --bench
//! reading`.

use std::hint::black_box;

use benches::{bodies, by_hand, compare};
use cashfree_pg::types::Body;
use cashfree_pg::v2025_01_01::types::{Order, Payment, Recon};
use serde::de::DeserializeOwned;
use serde_json::Value;

fn read<H: DeserializeOwned, T: Body>(what: &str, body: &str) {
    let body = body.as_bytes();
    assert!(serde_json::from_slice::<H>(body).is_ok() && T::decode(body).is_ok(), "{what}");
    let compared = compare(|| serde_json::from_slice::<H>(black_box(body)), || T::decode(black_box(body)));
    compared.print(what, "ns");
}

fn main() {
    read::<by_hand::Order, Order>("an order", bodies::ORDER);
    read::<by_hand::Payment, Payment>("a payment", bodies::PAYMENT);
    read::<Vec<by_hand::Payment>, Vec<Payment>>("100 payments", &bodies::payments(100));
    read::<by_hand::Recon, Recon>("1,000 rows of a report", &bodies::recon(1000));
    read::<Value, Payment>("a payment, beside a Value", bodies::PAYMENT);
}
