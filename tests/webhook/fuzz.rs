//! What the fuzz targets check, over a bounded number of inputs that are the same on every run.

use crate::damage::damage;

/// Bodies to start from; each has something the others have not.
const SEEDS: &[&str] = &[
    r#"{"data":{"order":{"order_id":"o_1","order_amount":170.00,"order_tags":null},"payment":{"cf_payment_id":"7","payment_status":"SUCCESS","payment_amount":170.00,"payment_method":{"upi":{"channel":null}}}},"event_time":"2025-08-06T22:36:40+05:30","type":"PAYMENT_SUCCESS_WEBHOOK"}"#,
    r#"{"data":{"dispute":{"dispute_id":"d","dispute_amount":4,"updated_at":"2023-06-15T21:16:51.123456789+05:30"},"order_details":{"cf_payment_id":885}},"type":"DISPUTE_UPDATED"}"#,
    r#"{"event":"INR_SETTLEMENT_INITIATED","amount":"1e2","referenceId":-9.5e-3,"settlement":{"id":"s","fxRate":83.1},"list":[1,[2,[3]],"\u00e9\ud83d\ude00"]}"#,
    "type=PAYMENT_LINK_EVENT&note=caf%C3%A9+au+lait&signature=AAAA",
    "orderId=o_7&orderAmount=120.50&referenceId=991&txStatus=SUCCESS&paymentMode=UPI&txMsg=&txTime=2019-05-01&signature=VWxuY9poTFaC6YFlI2Ls5EY01lgkty6/5bm1V8nm5PE=",
    "VWxuY9poTFaC6YFlI2Ls5EY01lgkty6/5bm1V8nm5PE=\n1754500000123\n{\"type\":\"X\"}",
];

/// Runs a check over the seeds and what becomes of them; says which input it was, should one fail.
fn run(seed: u64, rounds: usize, check: fn(&[u8])) {
    let mut random = fastrand::Rng::with_seed(seed);
    for round in 0..rounds {
        let mut input = SEEDS[round % SEEDS.len()].as_bytes().to_vec();
        for _ in 0..round / SEEDS.len() % 8 {
            damage(&mut random, &mut input);
        }
        if std::panic::catch_unwind(|| check(&input)).is_err() {
            panic!("round {round}: {:?}", String::from_utf8_lossy(&input));
        }
    }
}

#[test]
fn unsigned_input_never_gets_in() {
    run(0x9e37_79b9_7f4a_7c15, 10_000, crate::checks::unsigned);
}

#[test]
fn signed_input_is_an_event_or_an_error_about_the_body() {
    run(0xd1b5_4a32_d192_ed03, 10_000, crate::checks::signed);
}
