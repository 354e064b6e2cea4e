//! `--quirks`: answers and events break their version the way the live API does, and stay true.

use crate::common::{Merchant, Receiver, order, send};
use cashfree_sandbox::Sandbox;
use serde_json::{Value, json};

const VERSION: &str = "2025-01-01";

/// A call whose answer is not held against its version.
async fn call(sandbox: &Sandbox, method: &str, path: &str, body: Value) -> Value {
    let headers = [
        ("x-client-id", sandbox.client_id()),
        ("x-client-secret", sandbox.client_secret()),
        ("x-api-version", VERSION),
        ("content-type", "application/json"),
    ];
    let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
    let url = format!("{}{path}", sandbox.base_url());
    send(method, &url, &headers, body).await.expect("an answer").ok()
}

#[tokio::test]
async fn with_quirks_answers_are_what_the_live_api_sends() {
    let receiver = Receiver::start(0).await;
    let sandbox = Sandbox::builder().quirks(true).webhook_url(&receiver.url).start().await.expect("started");
    let made = call(&sandbox, "POST", "/orders", order("o_1", 100.0)).await;
    assert!(made["cf_order_id"].is_number(), "a number for a text: {made}");
    assert_eq!(made["order_note"], "", "an empty text for nothing");
    let method = json!({"upi": {"channel": "collect", "upi_id": "testsuccess@gocash"}});
    let session = json!({"payment_session_id": made["payment_session_id"], "payment_method": method});
    let started = call(&sandbox, "POST", "/orders/sessions", session).await;
    assert!(started["cf_payment_id"].is_number(), "{started}");
    let paid = call(&sandbox, "GET", "/orders/o_1/payments", Value::Null).await;
    assert!(paid[0].get("payment_offers").is_some(), "undeclared, and there: {paid}");
    assert_eq!(paid[0]["payment_status"], "SUCCESS");
    let refund = json!({"refund_id": "refund_1", "refund_amount": 10.5});
    let refund = call(&sandbox, "POST", "/orders/o_1/refunds", refund).await;
    assert_eq!(refund[0]["refund_amount"], 10.5, "a list for one: {refund}");

    let vendor = json!({
        "vendor_id": "v_1", "status": "ACTIVE", "name": "V", "email": "v@example.com", "phone": "9999999999",
        "bank": {"account_number": "026291800001191", "account_holder": "V", "ifsc": "YESB0000262"},
        "kyc_details": {"account_type": "BUSINESS", "business_type": "Jewellery", "pan": "ABCPV1234D"},
    });
    let made = call(&sandbox, "POST", "/easy-split/vendors", vendor).await;
    assert!(made["bank"].is_object(), "one for a list: {made}");

    let success = receiver.wait(1).await.remove(0).json();
    assert!(success["data"]["payment"]["cf_payment_id"].is_number(), "{success}");
    assert_eq!(success["data"]["order"]["order_amount"], 100.0);
}

#[tokio::test]
async fn without_quirks_they_are_what_the_version_declares() {
    let sandbox = Sandbox::start().await.expect("started");
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    let made = merchant.order("o_1", 100.0).await;
    assert!(made["cf_order_id"].is_string(), "{made}");
    merchant.pay(&made, "testsuccess@gocash").await;
    let paid = merchant.get("/orders/o_1/payments").await.ok();
    assert!(paid[0].get("payment_offers").is_none(), "{paid}");
}
