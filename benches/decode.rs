//! What tolerant, lossless reading costs: `cargo bench --bench decode`.
//!
//! A payment of about 600 bytes is read as a typed answer and, in turn, as a bare `serde_json::Value`,
//! in one run on the same bytes; the ratio holds on a slow or a busy machine too.

use std::hint::black_box;
use std::time::Instant;

use cashfree_pg::types::Body;
use cashfree_pg::v2025_01_01::types::Payment;

const ROUNDS: usize = 2000;
const BATCH: u32 = 50;

const PAYMENT: &[u8] = br#"{"auth_id":null,"authorization":null,"bank_reference":"433211907765",
"cf_payment_id":"5114910002","entity":"payment","error_details":null,"is_captured":true,
"order_amount":499.50,"order_currency":"INR","order_id":"order_7","payment_amount":499.50,
"payment_completion_time":"2026-01-15T18:20:41+05:30","payment_currency":"INR",
"payment_gateway_details":{"gateway_name":"CASHFREE","gateway_order_id":null,"gateway_payment_id":null,
"gateway_settlement":"CASHFREE"},"payment_group":"upi","payment_message":"Transaction successful",
"payment_method":{"upi":{"channel":"collect","upi_id":"asha@bank"}},"payment_status":"SUCCESS",
"payment_time":"2026-01-15T18:20:33+05:30","payment_offers":[]}"#;

fn nanoseconds<T>(mut run: impl FnMut() -> T) -> f64 {
    let start = Instant::now();
    for _ in 0..BATCH {
        black_box(run());
    }
    start.elapsed().as_nanos() as f64 / f64::from(BATCH)
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn main() {
    let payment = Payment::decode(PAYMENT).expect("the payment decodes");
    let (mut floor, mut read, mut write) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        floor.push(nanoseconds(|| serde_json::from_slice::<serde_json::Value>(black_box(PAYMENT))));
        read.push(nanoseconds(|| Payment::decode(black_box(PAYMENT))));
        write.push(nanoseconds(|| serde_json::to_string(black_box(&payment))));
    }
    let (floor, read, write) = (median(floor), median(read), median(write));
    println!("serde_json::Value  {floor:>7.0} ns  (the floor)");
    println!("typed, read        {read:>7.0} ns  {:.2} of the floor", read / floor);
    println!("typed, write       {write:>7.0} ns  {:.2} of the floor", write / floor);
}
