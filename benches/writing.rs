//! What checking and writing a request costs beside derived serde code: `cargo bench -p benches --bench writing`.

use std::hint::black_box;

use benches::{bodies, by_hand, compare};
use cashfree_pg::types::{Amount, Body, Payload};
use cashfree_pg::v2025_01_01::types::{CreateOrderRequest, CustomerDetails, OrderMeta, Payment};

fn request() -> CreateOrderRequest {
    let customer = CustomerDetails::new("lamp_buyer_7", "9876543210")
        .customer_name("Asha Rao")
        .customer_email("asha.rao@mail.example");
    CreateOrderRequest::new(Amount::from_paise(121_840), "INR", customer)
        .order_id("lamp_4471")
        .order_meta(
            OrderMeta::new()
                .return_url("https://shop.example/return?order=lamp_4471")
                .notify_url("https://shop.example/cashfree"),
        )
        .order_expiry_time("2026-02-14T18:12:09+05:30")
        .order_note("one lamp, blue")
        .order_tags([("shop", "north"), ("till", "3")].map(|(name, tag)| (name.to_owned(), tag.to_owned())))
}

fn main() {
    let (by_hand, ours) = (by_hand::CreateOrder::example(), request());
    let as_json = |body: Vec<u8>| serde_json::from_slice::<serde_json::Value>(&body).unwrap_or_default();
    let bodies = [serde_json::to_vec(&by_hand).unwrap_or_default(), ours.to_body().unwrap_or_default()];
    let [theirs, written] = bodies.map(as_json);
    assert_eq!(theirs, written, "both send the same order");
    compare(|| serde_json::to_vec(black_box(&by_hand)), || black_box(&ours).to_body())
        .print("an order to create");

    let by_hand: serde_json::Value = serde_json::from_str(bodies::PAYMENT).unwrap_or_default();
    let ours = Payment::decode(bodies::PAYMENT.as_bytes());
    let Ok(ours) = ours else { return };
    compare(|| serde_json::to_string(black_box(&by_hand)), || serde_json::to_string(black_box(&ours)))
        .print("a payment to store, beside a Value");
}
