//! What checking and writing a request costs beside derived serde code: `cargo bench -p benches --bench writing`.

use std::hint::black_box;

use benches::{bodies, by_hand, compare, create_order};
use cashfree_pg::types::{Body, Payload};
use cashfree_pg::v2025_01_01::types::Payment;

fn main() {
    let (by_hand, ours) = (by_hand::CreateOrder::example(), create_order());
    let as_json = |body: Vec<u8>| serde_json::from_slice::<serde_json::Value>(&body).unwrap_or_default();
    let bodies = [serde_json::to_vec(&by_hand).unwrap_or_default(), ours.to_body().unwrap_or_default()];
    let [theirs, written] = bodies.map(as_json);
    assert_eq!(theirs, written, "both send the same order");
    compare(|| serde_json::to_vec(black_box(&by_hand)), || black_box(&ours).to_body())
        .print("an order to create", "ns");

    let by_hand: serde_json::Value = serde_json::from_str(bodies::PAYMENT).unwrap_or_default();
    let ours = Payment::decode(bodies::PAYMENT.as_bytes());
    let Ok(ours) = ours else { return };
    compare(|| serde_json::to_string(black_box(&by_hand)), || serde_json::to_string(black_box(&ours)))
        .print("a payment to store, beside a Value", "ns");
}
