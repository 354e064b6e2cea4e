//! Orders, payments and refunds from end to end, in every version.

use std::time::Duration;

use crate::common::{Merchant, PATIENCE, Receiver, order};
use cashfree_sandbox::{Sandbox, sign};
use serde_json::{Value, json};

#[tokio::test]
async fn an_order_is_paid_and_partly_refunded_in_every_version() {
    for version in cashfree_sandbox::versions() {
        let hooks = Receiver::start(0).await;
        let sandbox = Sandbox::builder().webhook_url(&hooks.url).start().await.expect("started");
        let merchant = Merchant { sandbox: &sandbox, version };

        let created = merchant.order("order_1", 499.5).await;
        assert_eq!(created["order_status"], "ACTIVE");
        assert_eq!(created["order_amount"], 499.5);
        assert_eq!(created["cf_order_id"].is_u64(), version == "2022-09-01", "{created}");
        assert_eq!(created["cf_order_id"].is_string(), version != "2022-09-01", "{created}");
        assert_eq!(created.get("products").is_some(), version >= "2025-01-01");

        let payment_id = merchant.pay(&created, "testsuccess@gocash").await;
        assert_eq!(merchant.get("/orders/order_1").await.ok()["order_status"], "PAID");
        let payments = merchant.get("/orders/order_1/payments").await.ok();
        assert_eq!(payments.as_array().map(Vec::len), Some(1));
        assert_eq!(payments[0]["payment_status"], "SUCCESS");
        assert_eq!(payments[0]["payment_method"]["upi"]["upi_id"], "testsuccess@gocash");
        assert_eq!(payments[0]["cf_payment_id"].is_u64(), version == "2022-09-01");
        let payment = merchant.get(&format!("/orders/order_1/payments/{payment_id}")).await.ok();
        assert_eq!(payment, payments[0]);

        let refund = json!({"refund_amount": 99.25, "refund_id": "refund_1", "refund_note": "half"});
        let refund = merchant.post("/orders/order_1/refunds", refund).await.ok();
        assert_eq!(refund["refund_status"], "PENDING");
        let refund = merchant.get("/orders/order_1/refunds/refund_1").await.ok();
        assert_eq!((&refund["refund_status"], &refund["refund_amount"]), (&json!("SUCCESS"), &json!(99.25)));
        assert_eq!(merchant.get("/orders/order_1/refunds").await.ok(), json!([refund]));

        let received = hooks.wait(2).await;
        for webhook in &received {
            let timestamp = webhook.header("x-webhook-timestamp").expect("a timestamp");
            assert_eq!(timestamp.len(), 13);
            let signature = sign(sandbox.client_secret(), timestamp, &webhook.body);
            assert_eq!(webhook.header("x-webhook-signature"), Some(signature.as_str()));
            assert_eq!(webhook.header("x-webhook-version"), Some(version));
            assert_eq!(webhook.header("x-webhook-attempt"), Some("1"));
            assert_eq!(webhook.header("x-idempotency-key").is_some(), version >= "2025-01-01");
        }
        let find = |kind: &str| received.iter().find(|one| one.json()["type"] == kind).expect(kind);
        let paid = find("PAYMENT_SUCCESS_WEBHOOK");
        assert_eq!(paid.json()["data"]["payment"]["cf_payment_id"], payments[0]["cf_payment_id"]);
        assert!(String::from_utf8_lossy(&paid.body).contains(r#""order_amount":499.50"#));
        let refunded = find("REFUND_STATUS_WEBHOOK").json();
        assert_eq!(refunded["data"]["refund"]["refund_amount"], 99.25);
        assert!(refunded["data"]["refund"]["cf_refund_id"].is_u64());
        assert_eq!(refunded["data"]["refund"].get("requested_speed").is_some(), version >= "2025-01-01");
    }
}

#[tokio::test]
async fn a_refund_never_exceeds_what_was_paid() {
    let sandbox = Sandbox::start().await.expect("started");
    let merchant = Merchant { sandbox: &sandbox, version: "2025-01-01" };
    let created = merchant.order("order_1", 10.10).await;
    let refund = |id: &'static str, amount: Value| {
        merchant.post("/orders/order_1/refunds", json!({"refund_id": id, "refund_amount": amount}))
    };
    assert_eq!(refund("refund_0", json!(1)).await.problem(), (400, "order_id_not_paid".into()));
    merchant.pay(&created, "testsuccess@gocash").await;
    refund("refund_1", json!(10.0)).await.ok();
    assert_eq!(refund("refund_1", json!(0.05)).await.problem(), (409, "refund_already_exists".into()));
    assert_eq!(refund("refund_2", json!(0.11)).await.problem(), (400, "refund_amount_invalid".into()));
    assert_eq!(refund("refund_2", json!(0)).await.problem(), (400, "refund_amount_invalid".into()));
    assert_eq!(refund("refund_2", json!(-1)).await.problem(), (400, "refund_amount_invalid".into()));
    refund("refund_2", json!("0.10")).await.ok();
    assert_eq!(refund("refund_3", json!(0.01)).await.problem(), (400, "refund_amount_invalid".into()));
}

#[tokio::test]
async fn a_card_takes_the_otp() {
    let sandbox = Sandbox::start().await.expect("started");
    for version in cashfree_sandbox::versions() {
        let merchant = Merchant { sandbox: &sandbox, version };
        let id = format!("order_{version}");
        let created = merchant.order(&id, 100.0).await;
        let card = crate::common::card("4111111111111111");
        let body =
            json!({"payment_session_id": created["payment_session_id"], "payment_method": {"card": card}});
        let started = merchant.post("/orders/sessions", body).await.ok();
        assert_eq!(started["action"], "post");
        let payment = started["cf_payment_id"].to_string().trim_matches('"').to_owned();
        let path = format!("/orders/pay/authenticate/{payment}");
        let otp = |otp: &'static str| browser_post(&sandbox, version, &path, otp);
        assert_eq!(otp("000000").await["authenticate_status"], "FAILED");
        assert_eq!(merchant.get(&format!("/orders/{id}")).await.ok()["order_status"], "ACTIVE");
        assert_eq!(otp("111000").await["authenticate_status"], "SUCCESS");
        assert_eq!(merchant.get(&format!("/orders/{id}")).await.ok()["order_status"], "PAID");
        let shown = merchant.get(&format!("/orders/{id}/payments")).await;
        assert!(shown.text.contains("XXXXXXXXXXXX1111") && !shown.text.contains("4111111111111111"));
    }
}

/// Submits an OTP as a browser does: without credentials.
async fn browser_post(sandbox: &Sandbox, version: &str, path: &str, otp: &str) -> Value {
    let url = format!("{}{path}", sandbox.base_url());
    let headers = [("x-api-version", version), ("content-type", "application/json")];
    let body = json!({"otp": otp, "action": "SUBMIT_OTP"}).to_string().into_bytes();
    crate::common::send("POST", &url, &headers, body).await.expect("an answer").ok()
}

#[tokio::test]
async fn three_wrong_otps_fail_the_payment() {
    let sandbox = Sandbox::start().await.expect("started");
    let merchant = Merchant { sandbox: &sandbox, version: "2025-01-01" };
    let created = merchant.order("order_1", 100.0).await;
    let card = crate::common::card("4111111111111111");
    let body = json!({"payment_session_id": created["payment_session_id"], "payment_method": {"card": card}});
    let started = merchant.post("/orders/sessions", body).await.ok();
    let path = format!("/orders/pay/authenticate/{}", started["cf_payment_id"].as_str().expect("an id"));
    for _ in 0..3 {
        merchant.post(&path, json!({"otp": "1", "action": "SUBMIT_OTP"})).await.ok();
    }
    let again = merchant.post(&path, json!({"otp": "111000", "action": "SUBMIT_OTP"})).await;
    assert_eq!(again.problem(), (400, "orderpay_already_exists".into()));
    let payments = merchant.get("/orders/order_1/payments").await.ok();
    assert_eq!(payments[0]["payment_status"], "FAILED");
}

#[tokio::test]
async fn a_pending_payment_is_decided_by_simulation() {
    let sandbox = Sandbox::start().await.expect("started");
    let merchant = Merchant { sandbox: &sandbox, version: "2025-01-01" };
    for (status, kind, order_status) in [
        ("SUCCESS", "PAYMENT_SUCCESS_WEBHOOK", "PAID"),
        ("FAILED", "PAYMENT_FAILED_WEBHOOK", "ACTIVE"),
        ("USER_DROPPED", "PAYMENT_USER_DROPPED_WEBHOOK", "ACTIVE"),
    ] {
        let id = format!("order_{status}");
        let created = merchant.order(&id, 5.0).await;
        let payment = merchant.pay(&created, "someone@bank").await;
        let shown = merchant.get(&format!("/orders/{id}/payments/{payment}")).await.ok();
        assert_eq!(shown["payment_status"], "PENDING");
        let body = json!({
            "entity": "PAYMENTS", "entity_id": payment,
            "entity_simulation": {"payment_status": status, "payment_error_code": "ISSUER_NOT_AVAILABLE"},
        });
        let simulation = merchant.post("/simulate", body.clone()).await.ok();
        let path = format!("/simulate/{}", simulation["simulation_id"].as_str().expect("an id"));
        assert_eq!(merchant.get(&path).await.ok(), simulation);
        let shown = merchant.get(&format!("/orders/{id}/payments/{payment}")).await.ok();
        assert_eq!(shown["payment_status"], status);
        if status == "FAILED" {
            assert_eq!(shown["error_details"]["error_code"], "ISSUER_NOT_AVAILABLE");
        }
        assert_eq!(merchant.get(&format!("/orders/{id}")).await.ok()["order_status"], order_status);
        assert!(sandbox.webhooks().iter().any(|one| one.event_type == kind && one.body.contains(&id)));
        assert_eq!(merchant.post("/simulate", body).await.problem(), (400, "entity_id_invalid".into()));
    }
    let body = json!({
        "entity": "PAYMENTS", "entity_id": "1", "entity_simulation": {"payment_status": "SUCCESS"},
    });
    assert_eq!(merchant.post("/simulate", body).await.problem(), (400, "entity_id_invalid".into()));
}

#[tokio::test]
async fn the_second_success_of_an_order_is_refunded() {
    let sandbox = Sandbox::start().await.expect("started");
    let merchant = Merchant { sandbox: &sandbox, version: "2025-01-01" };
    let created = merchant.order("order_1", 5.0).await;
    let slow = merchant.pay(&created, "someone@bank").await;
    merchant.pay(&created, "testsuccess@gocash").await;
    let body = json!({
        "entity": "PAYMENTS", "entity_id": slow, "entity_simulation": {"payment_status": "SUCCESS"},
    });
    merchant.post("/simulate", body).await.ok();
    let refunds = merchant.get("/orders/order_1/refunds").await.ok();
    assert_eq!(refunds[0]["refund_type"], "PAYMENT_AUTO_REFUND");
    let told = sandbox.webhooks().into_iter().find(|one| one.event_type == "AUTO_REFUND_STATUS_WEBHOOK");
    let body: Value = serde_json::from_str(&told.expect("told").body).expect("JSON");
    assert_eq!(body["data"]["auto_refund"]["cf_payment_id"], json!(slow));
    // What is left to refund is the payment that counted.
    let refund = json!({"refund_id": "refund_1", "refund_amount": 5});
    merchant.post("/orders/order_1/refunds", refund).await.ok();
}

#[tokio::test]
async fn orders_expire_and_are_terminated() {
    let sandbox = Sandbox::start().await.expect("started");
    let merchant = Merchant { sandbox: &sandbox, version: "2025-01-01" };
    let pay = |order: &Value| {
        json!({
            "payment_session_id": order["payment_session_id"],
            "payment_method": {"upi": {"channel": "link"}},
        })
    };

    let created = merchant.order("order_1", 5.0).await;
    let ended = merchant.call("PATCH", "/orders/order_1", json!({"order_status": "TERMINATED"})).await.ok();
    assert_eq!(ended["order_status"], "TERMINATED");
    assert_eq!(
        merchant.post("/orders/sessions", pay(&created)).await.problem(),
        (400, "order_inactive".into())
    );
    let paused = merchant.call("PATCH", "/orders/order_1", json!({"order_status": "PAUSED"})).await;
    assert_eq!(paused.problem(), (400, "order_status_invalid".into()));

    let waiting = merchant.order("order_2", 5.0).await;
    let payment = merchant.pay(&waiting, "someone@bank").await;
    let ended = merchant.call("PATCH", "/orders/order_2", json!({"order_status": "TERMINATED"})).await.ok();
    assert_eq!(ended["order_status"], "TERMINATION_REQUESTED");
    let body = json!({
        "entity": "PAYMENTS", "entity_id": payment, "entity_simulation": {"payment_status": "FAILED"},
    });
    merchant.post("/simulate", body).await.ok();
    assert_eq!(merchant.get("/orders/order_2").await.ok()["order_status"], "TERMINATED");

    let created = merchant.order("order_3", 5.0).await;
    sandbox.advance(Duration::from_secs(31 * 24 * 60 * 60));
    assert_eq!(merchant.get("/orders/order_3").await.ok()["order_status"], "EXPIRED");
    assert_eq!(
        merchant.post("/orders/sessions", pay(&created)).await.problem(),
        (400, "order_inactive".into())
    );

    let mut past = order("order_4", 5.0);
    past["order_expiry_time"] = json!("2021-07-29T00:00:00Z");
    assert_eq!(merchant.post("/orders", past).await.problem(), (400, "order_expiry_time_invalid".into()));
}

#[tokio::test]
async fn blocked_money_is_captured_or_released() {
    let sandbox = Sandbox::start().await.expect("started");
    let merchant = Merchant { sandbox: &sandbox, version: "2025-01-01" };
    for (id, action) in [("order_1", "CAPTURE"), ("order_2", "VOID")] {
        let created = merchant.order(id, 100.0).await;
        let upi = json!({"channel": "collect", "upi_id": "testsuccess@gocash", "authorize_only": true});
        let body =
            json!({"payment_session_id": created["payment_session_id"], "payment_method": {"upi": upi}});
        merchant.post("/orders/sessions", body).await.ok();
        let payments = merchant.get(&format!("/orders/{id}/payments")).await.ok();
        assert_eq!(payments[0]["is_captured"], false);
        let refund = json!({"refund_id": "refund_1", "refund_amount": 5});
        let refused = merchant.post(&format!("/orders/{id}/refunds"), refund.clone()).await;
        assert_eq!(refused.problem(), (400, "order_id_not_paid".into()));

        let path = format!("/orders/{id}/authorization");
        let too_much = merchant.post(&path, json!({"action": "CAPTURE", "amount": 100.01})).await;
        assert_eq!(too_much.problem(), (400, "payment_amount_invalid".into()));
        let done = merchant.post(&path, json!({"action": action, "amount": 60})).await.ok();
        assert_eq!(done["authorization"]["action"], action);
        let captured = action == "CAPTURE";
        assert_eq!(done["is_captured"], captured);
        assert_eq!(done["payment_status"], if captured { "SUCCESS" } else { "VOID" });
        let again = merchant.post(&path, json!({"action": "VOID"})).await;
        assert_eq!(again.problem(), (400, "authorize_only_invalid".into()));
        let refunded = merchant.post(&format!("/orders/{id}/refunds"), refund).await;
        assert_eq!(refunded.status, if captured { 200 } else { 400 });
    }
}

#[tokio::test]
async fn failed_deliveries_are_retried_and_signed_anew() {
    let hooks = Receiver::start(2).await;
    let sandbox = Sandbox::builder()
        .webhook_retries([Duration::from_millis(20), Duration::from_millis(20)])
        .start()
        .await
        .expect("started");
    let merchant = Merchant { sandbox: &sandbox, version: "2025-01-01" };
    let mut body = order("order_1", 5.0);
    body["order_meta"] = json!({"notify_url": hooks.url});
    let created = merchant.post("/orders", body).await.ok();
    merchant.pay(&created, "testfailure@gocash").await;

    let received = hooks.wait(3).await;
    let attempts: Vec<_> = received.iter().filter_map(|one| one.header("x-webhook-attempt")).collect();
    assert_eq!(attempts, ["1", "2", "3"]);
    let keys: Vec<_> = received.iter().filter_map(|one| one.header("x-idempotency-key")).collect();
    assert!(keys.len() == 3 && keys.iter().all(|key| *key == keys[0]));
    assert_ne!(received[0].header("x-webhook-timestamp"), received[2].header("x-webhook-timestamp"));
    assert!(received.iter().all(|one| one.body == received[0].body));
    assert_eq!(received[0].json()["type"], "PAYMENT_FAILED_WEBHOOK");
    assert_eq!(received[0].json()["data"]["error_details"]["error_code"], "TRANSACTION_DECLINED");

    let done = sandbox.wait_for_webhook(PATIENCE, |one| one.is_delivered()).await;
    assert_eq!(done.map(|one| one.attempt), Some(3));
    assert_eq!(sandbox.webhooks().len(), 3);
}

#[tokio::test]
async fn any_event_can_be_delivered() {
    let hooks = Receiver::start(0).await;
    let sandbox = Sandbox::builder().webhook_url(&hooks.url).start().await.expect("started");
    sandbox.deliver("SETTLEMENT_SUCCESS", json!({"settlement": {"amount_settled": 5.0, "utr": 7}}));
    let received = hooks.wait(1).await.remove(0);
    assert_eq!(received.json()["type"], "SETTLEMENT_SUCCESS");
    assert!(String::from_utf8_lossy(&received.body).contains(r#"{"amount_settled":5.00,"utr":7}"#));
}

#[tokio::test]
async fn copies_of_a_webhook_have_the_same_key() {
    let hooks = Receiver::start(0).await;
    let sandbox =
        Sandbox::builder().webhook_url(&hooks.url).webhook_copies(2).start().await.expect("started");
    sandbox.deliver("SETTLEMENT_SUCCESS", json!({}));
    let received = hooks.wait(2).await;
    assert_eq!(received[0].header("x-idempotency-key"), received[1].header("x-idempotency-key"));
}

#[tokio::test]
async fn nothing_is_sent_to_other_machines() {
    // The last two are 8.8.8.8, to those who read a number as an address.
    for url in ["https://shop.example/hook", "http://134744072/hook", "http://0x08080808/hook"] {
        let sandbox = Sandbox::start().await.expect("started");
        let merchant = Merchant { sandbox: &sandbox, version: "2025-01-01" };
        let mut body = order("order_1", 5.0);
        body["order_meta"] = json!({ "notify_url": url });
        let created = merchant.post("/orders", body).await.ok();
        merchant.pay(&created, "testsuccess@gocash").await;
        let refused = sandbox.wait_for_webhook(PATIENCE, |one| one.error.is_some()).await.expect("refused");
        assert_eq!(refused.url.as_deref(), Some(url));
        assert!(refused.error.is_some_and(|error| error.contains("--deliver-anywhere")), "{url}");
        assert_eq!(sandbox.webhooks().len(), 1);
    }
}

#[tokio::test]
async fn a_number_that_is_this_machines_address_is_delivered_to() {
    let hooks = Receiver::start(0).await;
    let sandbox = Sandbox::start().await.expect("started");
    let merchant = Merchant { sandbox: &sandbox, version: "2025-01-01" };
    let mut body = order("order_1", 5.0);
    body["order_meta"] = json!({"notify_url": hooks.url.replace("127.0.0.1", "2130706433")});
    let created = merchant.post("/orders", body).await.ok();
    merchant.pay(&created, "testsuccess@gocash").await;
    hooks.wait(1).await;
}

#[tokio::test]
async fn the_payment_page_decides() {
    let sandbox = Sandbox::start().await.expect("started");
    let merchant = Merchant { sandbox: &sandbox, version: "2025-01-01" };
    let created = merchant.order("order_1", 5.0).await;
    let body = json!({
        "payment_session_id": created["payment_session_id"],
        "payment_method": {"netbanking": {"channel": "link", "netbanking_bank_code": 3021}},
    });
    let started = merchant.post("/orders/sessions", body).await.ok();
    let page = started["data"]["url"].as_str().expect("a page").to_owned();
    let status = async || merchant.get("/orders/order_1/payments").await.ok()[0]["payment_status"].clone();
    assert_eq!(status().await, "NOT_ATTEMPTED");
    let shown = crate::common::send("GET", &page, &[], Vec::new()).await.expect("a page");
    assert!(shown.text.starts_with("<!doctype html>"), "{shown:?}");
    assert_eq!(status().await, "PENDING");
    let asked = [("accept", "application/json")];
    let shown = crate::common::send("GET", &page, &asked, Vec::new()).await.expect("what it shows").ok();
    assert_eq!(shown["payment"]["payment_status"], "PENDING");
    crate::common::send("POST", &format!("{page}?status=SUCCESS"), &[], Vec::new()).await.expect("decided");
    assert_eq!(merchant.get("/orders/order_1").await.ok()["order_status"], "PAID");
}

#[tokio::test]
async fn a_surcharge_is_paid_on_top_and_an_absurd_one_breaks_nothing() {
    let sandbox = Sandbox::start().await.expect("started");
    let merchant = Merchant { sandbox: &sandbox, version: "2025-01-01" };
    let created = merchant.order("order_1", 100.0).await;
    let pay = |charge: Value| {
        let body = json!({
            "payment_session_id": created["payment_session_id"],
            "payment_method": {"upi": {"channel": "link"}},
            "payment_surcharge": {
                "payment_surcharge_service_charge": charge, "payment_surcharge_service_tax": charge,
            },
        });
        merchant.post("/orders/sessions", body)
    };
    assert_eq!(pay(json!(0.36)).await.ok()["payment_amount"], 100.72);
    pay(json!("79228162514264337593543950335")).await.ok();
}
