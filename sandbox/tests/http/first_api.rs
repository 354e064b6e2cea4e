//! The first API: what its refunds are of, and what is no amount.

use crate::common::{Merchant, send};
use cashfree_sandbox::Sandbox;
use serde_json::Value;

/// Sends a form of the first API, with the merchant's credentials.
async fn form(sandbox: &Sandbox, path: &str, fields: &str) -> Value {
    let (root, id, secret) = (sandbox.base_url(), sandbox.client_id(), sandbox.client_secret());
    let url = format!("{}/api/v1/{path}", root.trim_end_matches("/pg"));
    let body = format!("appId={id}&secretKey={secret}&{fields}");
    let kind = [("content-type", "application/x-www-form-urlencoded")];
    send("POST", &url, &kind, body.into_bytes()).await.expect("an answer").ok()
}

#[tokio::test]
async fn a_refund_is_of_the_payment_that_it_names() {
    let sandbox = Sandbox::start().await.expect("started");
    let merchant = Merchant { sandbox: &sandbox, version: "2025-01-01" };
    let mut payments = Vec::new();
    for id in ["order_1", "order_2"] {
        let order = merchant.order(id, 100.0).await;
        payments.push(merchant.pay(&order, "testfailure@gocash").await);
        payments.push(merchant.pay(&order, "testsuccess@gocash").await);
    }
    let refund = async |order: &str, payment: &str, amount: &str| {
        let fields = format!("orderId={order}&referenceId={payment}&refundAmount={amount}");
        form(&sandbox, "order/refund", &fields).await["status"].clone()
    };
    assert_eq!(refund("order_1", &payments[0], "10").await, "ERROR", "it failed");
    assert_eq!(refund("order_1", &payments[3], "10").await, "ERROR", "it is another order's");
    assert_eq!(refund("nothing", &payments[1], "10").await, "ERROR");
    assert_eq!(refund("order_1", &payments[1], "0.001").await, "ERROR");
    for id in ["order_1", "order_2"] {
        assert_eq!(merchant.get(&format!("/orders/{id}/refunds")).await.ok(), Value::Array(Vec::new()));
    }
    assert_eq!(refund("order_1", &payments[1], "10.25").await, "OK");
}

#[tokio::test]
async fn an_order_is_of_an_amount_that_can_be_paid() {
    let sandbox = Sandbox::start().await.expect("started");
    for (amount, status) in
        [("10.005", "ERROR"), ("5000000000000", "ERROR"), ("ten", "ERROR"), ("10.05", "OK")]
    {
        let fields = format!("orderId=order_1&orderAmount={amount}&customerPhone=9999999999");
        assert_eq!(form(&sandbox, "order/create", &fields).await["status"], status, "{amount}");
    }
}
