//! The other things that have a life: links, instruments, settlements, disputes, subscriptions, vendors.

use crate::common::{Merchant, send};
use cashfree_sandbox::Sandbox;
use serde_json::{Value, json};

const VERSION: &str = "2025-01-01";

async fn start() -> Sandbox {
    Sandbox::start().await.expect("started")
}

/// The types of the webhooks so far.
fn told(sandbox: &Sandbox) -> Vec<String> {
    sandbox.webhooks().into_iter().map(|one| one.event_type).collect()
}

#[tokio::test]
async fn a_link_is_paid_in_parts() {
    let sandbox = start().await;
    for version in cashfree_sandbox::versions() {
        let merchant = Merchant { sandbox: &sandbox, version };
        let id = format!("link_{version}");
        let body = json!({
            "link_id": id, "link_amount": 100, "link_currency": "INR", "link_purpose": "test",
            "link_partial_payments": true, "link_minimum_partial_amount": 20,
            "customer_details": {"customer_phone": "9999999999"},
        });
        let link = merchant.post("/links", body.clone()).await.ok();
        assert_eq!(link["link_status"], "ACTIVE");
        assert_eq!(merchant.post("/links", body).await.problem(), (409, "link_already_exists".into()));

        let url = link["link_url"].as_str().expect("an address").to_owned();
        let open = |amount: Value| {
            let url = url.clone();
            async move { send("POST", &url, &[], amount.to_string().into_bytes()).await.expect("an answer") }
        };
        assert_eq!(open(json!({"amount": 10})).await.status, 400);
        for (amount, status) in [(json!({"amount": 30.5}), "PARTIALLY_PAID"), (json!({}), "PAID")] {
            let opened = open(amount).await.ok();
            let page = format!("{}?status=SUCCESS", opened["url"].as_str().expect("a page"));
            send("POST", &page, &[], Vec::new()).await.expect("paid");
            assert_eq!(merchant.get(&format!("/links/{id}")).await.ok()["link_status"], status);
        }
        let orders = merchant.get(&format!("/links/{id}/orders")).await.ok();
        assert_eq!(orders.as_array().map(Vec::len), Some(2));
        let cancelled = merchant.post(&format!("/links/{id}/cancel"), Value::Null).await;
        assert_eq!(cancelled.problem(), (400, "link_inactive".into()));
    }
    let event = sandbox.webhooks().into_iter().find(|one| one.event_type == "PAYMENT_LINK_EVENT");
    let body: Value = serde_json::from_str(&event.expect("told").body).expect("JSON");
    assert_eq!((&body["version"], &body["data"]["link_amount_paid"]), (&json!(1), &json!("30.50")));
    assert!(body["data"]["cf_link_id"].is_u64());
}

#[tokio::test]
async fn a_card_is_kept_and_forgotten() {
    let sandbox = start().await;
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    let created = merchant.order("order_1", 5.0).await;
    let body = json!({
        "payment_session_id": created["payment_session_id"], "save_instrument": true,
        "payment_method": {"card": crate::common::card("4111111111111111")},
    });
    let payment = merchant.post("/orders/sessions", body).await.ok();
    let path = format!("/orders/pay/authenticate/{}", payment["cf_payment_id"].as_str().expect("an id"));
    merchant.post(&path, json!({"otp": "111000", "action": "SUBMIT_OTP"})).await.ok();
    assert!(told(&sandbox).contains(&"INSTRUMENT_ACTIVE_WEBHOOK".to_owned()));

    let cards = merchant.get("/customers/c_1/instruments?instrument_type=card").await.ok();
    assert_eq!(cards[0]["instrument_display"], "XXXXXXXXXXXX1111");
    let path = format!("/customers/c_1/instruments/{}", cards[0]["instrument_id"].as_str().expect("an id"));
    assert_eq!(merchant.get(&path).await.ok(), cards[0]);
    assert_eq!(merchant.get(&format!("{path}/cryptogram")).await.ok()["card_display"], "1111");
    let other = path.replace("c_1", "c_2");
    assert_eq!(merchant.get(&other).await.problem(), (404, "instrument_not_found".into()));
    let deleted = merchant.call("DELETE", &path, Value::Null).await.ok();
    assert_eq!(deleted["instrument_status"], "INACTIVE");
    assert_eq!(merchant.get(&path).await.status, 404);
}

#[tokio::test]
async fn reconciliation_comes_page_by_page() {
    let sandbox = start().await;
    let expected: Vec<String> = (0..25).map(|number| format!("order_{number}")).collect();
    for number in 0..25 {
        let merchant = Merchant { sandbox: &sandbox, version: VERSION };
        let created = merchant.order(&format!("order_{number}"), 100.0).await;
        merchant.pay(&created, "testsuccess@gocash").await;
    }
    for version in cashfree_sandbox::versions() {
        let merchant = Merchant { sandbox: &sandbox, version };
        let mut seen = Vec::new();
        let mut cursor = Value::Null;
        loop {
            let body = json!({
                "pagination": {"limit": 10, "cursor": cursor},
                "filters": {"start_date": "2020-01-01T00:00:00Z", "end_date": "2090-01-01T00:00:00Z"},
            });
            let page = merchant.post("/recon", body).await.ok();
            let rows = page["data"].as_array().expect("rows").clone();
            assert!(rows.len() <= 10);
            seen.extend(rows.into_iter().map(|row| crate::common::flat(&row)["order_id"].clone()));
            cursor = page["cursor"].clone();
            if cursor.is_null() {
                break;
            }
        }
        assert_eq!(seen, expected, "{version}");
        let refused = async |pagination: Value, filters: Value| {
            let body = json!({"pagination": pagination, "filters": filters});
            merchant.post("/settlement/recon", body).await.problem().1
        };
        assert_eq!(
            refused(json!({"limit": 10, "cursor": "garbage"}), json!({})).await,
            "pagination.cursor_invalid"
        );
        assert_eq!(refused(json!({"limit": 9}), json!({})).await, "pagination.limit_invalid");
        assert_eq!(refused(json!({"limit": 1001}), json!({})).await, "pagination.limit_invalid");
        for filters in
            [json!({"start_date": "nonsense"}), json!({"start_date": "2026-01-02", "end_date": "2026-01-01"})]
        {
            assert_eq!(refused(json!({"limit": 10}), filters).await, "order_expiry_time_invalid");
        }
    }
}

#[tokio::test]
async fn a_paid_order_is_settled_less_charges() {
    let sandbox = start().await;
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    let created = merchant.order("order_1", 100.0).await;
    let mark = json!({"order_id": "order_1", "meta_data": {"settlement_date": "2025-01-01"}});
    assert_eq!(merchant.get("/orders/order_1/settlements").await.problem().1, "settlement_get_not_found");
    assert_eq!(merchant.post("/orders/settlements", mark.clone()).await.problem().1, "order_id_not_paid");
    merchant.pay(&created, "testsuccess@gocash").await;
    assert_eq!(merchant.get("/orders/order_1/settlements").await.problem().1, "settlement_get_not_found");
    assert_eq!(merchant.post("/orders/settlements", mark.clone()).await.status, 202);
    let settlement = merchant.get("/orders/order_1/settlements").await.ok();
    let figures =
        [&settlement["service_charge"], &settlement["service_tax"], &settlement["settlement_amount"]];
    assert_eq!(figures, [&json!(2.0), &json!(0.36), &json!(97.64)]);
    assert_eq!(merchant.post("/orders/settlements", mark).await.problem().1, "api_request_failed");
    assert!(told(&sandbox).contains(&"SETTLEMENT_SUCCESS".to_owned()));
}

#[tokio::test]
async fn a_dispute_is_answered_and_closed() {
    let sandbox = start().await;
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    let created = merchant.order("order_1", 100.0).await;
    let payment = merchant.pay(&created, "testsuccess@gocash").await;
    assert_eq!(sandbox.open_dispute("1"), None);
    let id = sandbox.open_dispute(&payment).expect("opened");
    assert_eq!(merchant.get("/orders/order_1/disputes").await.ok()[0]["dispute_id"].to_string(), id);
    let of_payment = merchant.get(&format!("/payments/{payment}/disputes")).await.ok();
    assert_eq!(of_payment[0]["dispute_status"], "CHARGEBACK_CREATED");

    let upload = |content_type: &'static str, body: &'static str| {
        let url = format!("{}/disputes/{id}/documents", sandbox.base_url());
        let headers = [
            ("x-client-id", sandbox.client_id().to_owned()),
            ("x-client-secret", sandbox.client_secret().to_owned()),
            ("x-api-version", VERSION.to_owned()),
            ("content-type", content_type.to_owned()),
        ];
        async move {
            let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
            send("POST", &url, &headers, body.as_bytes().to_vec()).await.expect("an answer")
        }
    };
    let whole = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n%PDF\r\n\
                 --x\r\nContent-Disposition: form-data; name=\"doc_type\"\r\n\r\nproof\r\n--x--\r\n";
    let partly = "--x\r\nContent-Disposition: form-data; name=\"doc_type\"\r\n\r\nproof\r\n--x--\r\n";
    let form = "multipart/form-data; boundary=x";
    assert_eq!(upload("application/json", "{}").await.problem(), (400, "request_failed".into()));
    assert_eq!(upload(form, partly).await.problem(), (400, "file_missing".into()));
    let answered = upload(form, whole).await.ok();
    assert_eq!(answered[0]["dispute_evidence"][0]["document_name"], "a.pdf");

    let accepted = merchant.call("PUT", &format!("/disputes/{id}/accept"), Value::Null).await.ok();
    assert_eq!(accepted["dispute_status"], "CHARGEBACK_MERCHANT_ACCEPTED");
    assert_eq!(upload(form, whole).await.status, 400);
    let told = told(&sandbox);
    assert_eq!(&told[1..], ["DISPUTE_CREATED", "DISPUTE_UPDATED", "DISPUTE_CLOSED"]);
}

#[tokio::test]
async fn a_subscription_is_authorised_charged_refunded_and_cancelled() {
    let sandbox = start().await;
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    let plan = json!({"plan_id": "p", "plan_name": "P", "plan_type": "ON_DEMAND", "plan_max_amount": 500});
    merchant.post("/plans", plan).await.ok();
    let body = json!({
        "subscription_id": "s",
        "customer_details": {"customer_email": "a@example.com", "customer_phone": "9999999999"},
        "plan_details": {"plan_id": "p"},
    });
    let created = merchant.post("/subscriptions", body.clone()).await.ok();
    let seen = (&created["subscription_status"], &created["plan_details"]["plan_name"]);
    assert_eq!(seen, (&json!("INITIALIZED"), &json!("P")));
    let again = merchant.post("/subscriptions", body).await;
    assert_eq!(again.problem(), (400, "subscription_already_exists".into()));
    authorise_and_charge(&merchant).await;
    refund_and_manage(&merchant).await;
    assert_eq!(
        told(&sandbox),
        [
            "SUBSCRIPTION_AUTH_STATUS",
            "SUBSCRIPTION_STATUS_CHANGED",
            "SUBSCRIPTION_PAYMENT_FAILED",
            // On hold, and active again.
            "SUBSCRIPTION_STATUS_CHANGED",
            "SUBSCRIPTION_PAYMENT_SUCCESS",
            "SUBSCRIPTION_STATUS_CHANGED",
            "SUBSCRIPTION_REFUND_STATUS",
            "SUBSCRIPTION_STATUS_CHANGED",
            "SUBSCRIPTION_STATUS_CHANGED",
            "SUBSCRIPTION_STATUS_CHANGED",
        ]
    );
}

async fn authorise_and_charge(merchant: &Merchant<'_>) {
    let pay = |id: &'static str, kind: &'static str| {
        let body = json!({
            "subscription_id": "s", "payment_id": id, "payment_type": kind, "payment_amount": 100,
            "payment_method": {"upi": {"channel": "link"}},
        });
        merchant.post("/subscriptions/pay", body)
    };
    let decide = |id: &'static str, status: &'static str| {
        let body = json!({
            "entity": "SUBS_PAYMENTS", "entity_id": id, "entity_simulation": {"payment_status": status},
        });
        merchant.post("/simulate", body)
    };
    assert_eq!(pay("c1", "CHARGE").await.problem().1, "subscription_status_invalid");
    pay("a1", "AUTH").await.ok();
    decide("a1", "SUCCESS").await.ok();
    let active = merchant.get("/subscriptions/s").await.ok();
    assert_eq!(active["subscription_status"], "ACTIVE");
    assert_eq!(active["authorisation_details"]["authorization_status"], "ACTIVE");

    pay("c1", "CHARGE").await.ok();
    decide("c1", "FAILED").await.ok();
    let retry = json!({"subscription_id": "s", "payment_id": "c1", "action": "RETRY"});
    let retried = merchant.post("/subscriptions/s/payments/c1/manage", retry).await.ok();
    assert_eq!((&retried["payment_status"], &retried["retry_attempts"]), (&json!("PENDING"), &json!(1)));
    decide("c1", "SUCCESS").await.ok();
    assert_eq!(merchant.get("/subscriptions/s/payments").await.ok().as_array().map(Vec::len), Some(2));
    assert_eq!(merchant.get("/subscriptions/s/payments/c1").await.ok()["payment_status"], "SUCCESS");
    assert_eq!(merchant.get("/subscriptions/t/payments/c1").await.status, 404);
}

async fn refund_and_manage(merchant: &Merchant<'_>) {
    let refund = |id: &'static str, amount: f64| {
        let body =
            json!({"subscription_id": "s", "payment_id": "c1", "refund_id": id, "refund_amount": amount});
        merchant.post("/subscriptions/s/refunds", body)
    };
    refund("r1", 60.0).await.ok();
    assert_eq!(refund("r2", 40.01).await.problem().1, "refund_amount_invalid");
    assert_eq!(merchant.get("/subscriptions/s/refunds/r1").await.ok()["refund_status"], "SUCCESS");

    let manage = |action: &'static str| {
        merchant.post("/subscriptions/s/manage", json!({"subscription_id": "s", "action": action}))
    };
    assert_eq!(manage("PAUSE").await.ok()["subscription_status"], "CUSTOMER_PAUSED");
    assert_eq!(manage("PAUSE").await.problem().1, "subscription_status_invalid");
    assert_eq!(manage("ACTIVATE").await.ok()["subscription_status"], "ACTIVE");
    assert_eq!(manage("CANCEL").await.ok()["subscription_status"], "CANCELLED");
    assert_eq!(manage("DANCE").await.problem().1, "action_invalid");
}

#[tokio::test]
async fn a_vendor_has_a_balance() {
    let sandbox = start().await;
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    // `kyc_details` is a list by the spec and an object in practice.
    let body = json!({
        "vendor_id": "v", "status": "ACTIVE", "name": "V", "email": "v@example.com", "phone": 9_999_999_999_u64,
        "kyc_details": {"account_type": "BUSINESS"}, "bank": {"account_number": "1", "ifsc": "X"},
    });
    assert_eq!(merchant.post("/easy-split/vendors", body).await.ok()["vendor_id"], "v");
    let adjust = |amount: f64, kind: &'static str| {
        let body = json!({"vendor_id": "v", "adjustment_id": 1, "amount": amount, "type": kind});
        merchant.post("/easy-split/vendors/v/adjustment", body)
    };
    assert_eq!(adjust(10.5, "CREDIT").await.ok()["status"], "OK");
    assert_eq!(adjust(10.51, "DEBIT").await.problem().1, "api_request_failed");
    assert_eq!(adjust(0.0, "DEBIT").await.problem().1, "api_request_failed");
    let transfer = |amount: f64, from: &'static str| {
        let body = json!({"transfer_from": from, "transfer_type": "ON_DEMAND", "transfer_amount": amount});
        merchant.post("/easy-split/vendors/v/transfer", body)
    };
    assert_eq!(transfer(9.99, "MERCHANT").await.problem().1, "api_request_failed");
    assert_eq!(transfer(10.51, "VENDOR").await.problem().1, "api_request_failed");
    assert_eq!(transfer(20.0, "MERCHANT").await.ok()["balances"]["vendor_unsettled"], 30.5);
    let moved = transfer(10.25, "VENDOR").await.ok();
    assert_eq!(moved["balances"]["vendor_unsettled"], 20.25);
    assert_eq!(moved["charges"]["service_charges"], 10.0);
    assert_eq!(merchant.get("/easy-split/vendors/v/balances").await.ok()["vendor_unsettled"], 20.25);
    assert!(told(&sandbox).contains(&"VENDOR_SETTLEMENT_INITIATED".to_owned()));
    assert_eq!(merchant.get("/easy-split/vendors/w").await.problem(), (400, "api_request_failed".into()));
}

#[tokio::test]
async fn a_terminal_takes_a_payment() {
    let sandbox = start().await;
    for version in cashfree_sandbox::versions() {
        let merchant = Merchant { sandbox: &sandbox, version };
        let order = merchant.order(&format!("order_{version}"), 5.0).await;
        let body = json!({"cf_order_id": order["cf_order_id"], "payment_method": "QR_CODE"});
        let started = merchant.post("/terminal/transactions", body).await.ok();
        assert_eq!(started["payment_amount"], 5);
        let page = format!("{}?status=SUCCESS", started["payment_url"].as_str().expect("a page"));
        send("POST", &page, &[], Vec::new()).await.expect("paid");
        let shown = merchant.get(&format!("/orders/order_{version}")).await.ok();
        assert_eq!(shown["order_status"], "PAID");
    }
}
