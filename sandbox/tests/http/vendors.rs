//! Vendors: their shares of payments, what they give back, and what is left of it.

use std::time::Duration;

use crate::common::{Merchant, order, send, until};
use cashfree_sandbox::Sandbox;
use serde_json::{Value, json};

const VERSION: &str = "2025-01-01";
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn told(sandbox: &Sandbox, kind: &str) -> Vec<Value> {
    let of_kind = sandbox.webhooks().into_iter().filter(|one| one.event_type == kind);
    of_kind.map(|one| serde_json::from_str(&one.body).expect("JSON")).collect()
}

/// A merchant with two vendors.
async fn with_vendors(sandbox: &Sandbox) -> Merchant<'_> {
    let merchant = Merchant { sandbox, version: VERSION };
    for id in ["v_1", "v_2"] {
        let body = json!({
            "vendor_id": id, "status": "ACTIVE", "name": "V", "email": "v@example.com", "phone": "9999999999",
            "kyc_details": [{"account_type": "BUSINESS"}],
            "bank": [{"account_number": "12345", "ifsc": "HDFC0000001", "account_holder": "V"}],
        });
        merchant.post("/easy-split/vendors", body).await.ok();
    }
    merchant
}

fn with_splits(id: &str, splits: Value) -> Value {
    let mut body = order(id, 100.0);
    body["order_splits"] = splits;
    body
}

#[tokio::test]
async fn shares_that_cannot_be_are_refused() {
    let sandbox = Sandbox::start().await.expect("started");
    let merchant = with_vendors(&sandbox).await;
    for (splits, code) in [
        (json!([{"vendor_id": "nobody", "percentage": 10}]), "vendor_id_invalid"),
        (json!([{"vendor_id": "v_1", "percentage": 101}]), "order_splits_invalid"),
        (
            json!([{"vendor_id": "v_1", "amount": 60}, {"vendor_id": "v_2", "percentage": 41}]),
            "order_splits_invalid",
        ),
        (json!([{"vendor_id": "v_1", "amount": 1, "percentage": 1}]), "order_splits_invalid"),
        (json!([{"vendor_id": "v_1"}]), "order_splits_invalid"),
    ] {
        let refused = merchant.post("/orders", with_splits("order_0", splits.clone())).await;
        assert_eq!(refused.problem().1, code, "{splits}");
    }
}

#[tokio::test]
async fn shares_of_a_whole_are_the_whole_wherever_a_part_is_rounded() {
    let sandbox = Sandbox::start().await.expect("started");
    let merchant = with_vendors(&sandbox).await;
    let halves = json!([{"vendor_id": "v_1", "percentage": 50}, {"vendor_id": "v_2", "percentage": 50}]);
    let balances = async || {
        let mut balances = Vec::new();
        for id in ["v_1", "v_2"] {
            let shown = merchant.get(&format!("/easy-split/vendors/{id}/balances")).await.ok();
            balances.push(shown["vendor_unsettled"].clone());
        }
        balances
    };
    let mut body = order("order_1", 499.99);
    body["order_splits"] = halves.clone();
    let created = merchant.post("/orders", body).await.ok();
    merchant.pay(&created, "testsuccess@gocash").await;
    assert_eq!(balances().await, [250.0, 249.99]);
    let refund = json!({"refund_id": "r_1", "refund_amount": 499.99, "refund_splits": halves});
    merchant.post("/orders/order_1/refunds", refund).await.ok();
    assert_eq!(balances().await, [0.0, 0.0]);

    let created = merchant.order("order_2", 1.01).await;
    merchant.pay(&created, "testsuccess@gocash").await;
    let split = json!({"split": halves});
    assert_eq!(merchant.post("/easy-split/orders/order_2/split", split).await.ok()["status"], "OK");
    assert_eq!(balances().await, [0.5, 0.51]);
}

#[tokio::test]
async fn vendors_share_what_a_subscription_is_charged_and_no_more() {
    let sandbox = Sandbox::start().await.expect("started");
    let merchant = with_vendors(&sandbox).await;
    let body = json!({
        "subscription_id": "s",
        "plan_details": {"plan_name": "P", "plan_type": "ON_DEMAND", "plan_max_amount": 500},
        "customer_details": {"customer_email": "a@example.com", "customer_phone": "9999999999"},
        "authorization_details": {"authorization_amount": 100, "authorization_amount_refund": true},
        "subscription_payment_splits": [
            {"vendor_id": "v_1", "percentage": 50}, {"vendor_id": "v_2", "percentage": 50},
        ],
    });
    merchant.post("/subscriptions", body).await.ok();
    let pay = async |id: &str, kind: &str, amount: f64| {
        let body = json!({
            "subscription_id": "s", "payment_id": id, "payment_type": kind, "payment_amount": amount,
            "payment_method": {"upi": {"channel": "collect", "upi_id": "testsuccess@gocash"}},
        });
        merchant.post("/subscriptions/pay", body).await.ok();
    };
    let balance = async |id: &str| {
        let path = format!("/easy-split/vendors/{id}/balances");
        merchant.get(&path).await.ok()["vendor_unsettled"].clone()
    };
    pay("a", "AUTH", 100.0).await;
    assert_eq!(told(&sandbox, "SUBSCRIPTION_REFUND_STATUS").len(), 1);
    assert_eq!((balance("v_1").await, balance("v_2").await), (json!(0.0), json!(0.0)));
    pay("c", "CHARGE", 499.99).await;
    assert_eq!((balance("v_1").await, balance("v_2").await), (json!(250.0), json!(249.99)));
}

#[tokio::test]
async fn vendors_get_their_shares_and_give_back_of_refunds() {
    let sandbox = Sandbox::start().await.expect("started");
    let merchant = with_vendors(&sandbox).await;
    let balance = async |id: &str| {
        let path = format!("/easy-split/vendors/{id}/balances");
        merchant.get(&path).await.ok()["vendor_unsettled"].clone()
    };
    let splits = json!([{"vendor_id": "v_1", "percentage": 50}, {"vendor_id": "v_2", "amount": 20}]);
    let created = merchant.post("/orders", with_splits("order_1", splits)).await.ok();
    assert_eq!(balance("v_1").await, 0.0);
    merchant.pay(&created, "testsuccess@gocash").await;
    assert_eq!((balance("v_1").await, balance("v_2").await), (json!(50.0), json!(20.0)));
    let more = async |amount: f64| {
        let body = json!({"split": [{"vendor_id": "v_2", "amount": amount}]});
        merchant.post("/easy-split/orders/order_1/split", body).await
    };
    assert_eq!(more(30.01).await.problem().1, "api_request_failed");
    assert_eq!(more(5.0).await.ok()["status"], "OK");
    let refund = json!({
        "refund_id": "r_1", "refund_amount": 20, "refund_splits": [{"vendor_id": "v_1", "amount": 10}],
    });
    merchant.post("/orders/order_1/refunds", refund).await.ok();
    assert_eq!((balance("v_1").await, balance("v_2").await), (json!(40.0), json!(25.0)));

    let shown = merchant.get("/easy-split/orders/order_1").await.ok();
    assert_eq!(shown["vendors"][0]["settlement_amount"], 40.0);
    assert!(shown["settlement"].is_null());
    assert_eq!(merchant.get("/easy-split/orders/nothing").await.status, 404);
    let recon = async |vendor: &str| {
        let body = json!({"pagination": {"limit": 10}, "filters": {"merchant_vendor_id": vendor}});
        merchant.post("/recon/vendor", body).await.ok()["data"].clone()
    };
    let kinds = |rows: &Value| {
        let rows = rows.as_array().expect("rows");
        rows.iter().map(|row| row["type"].as_str().expect("a type").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(kinds(&recon("v_1").await), ["transaction", "REFUND"]);
    sandbox.advance(2 * DAY);
    assert_eq!((balance("v_1").await, balance("v_2").await), (json!(0.0), json!(0.0)));
    let paid = told(&sandbox, "VENDOR_SETTLEMENT_SUCCESS");
    assert_eq!(paid[0]["data"]["settlement"]["settlement_amount"], 40.0);
    assert_eq!(paid[0]["data"]["settlement"]["account_number"], "12345");
    assert_eq!(kinds(&recon("v_1").await), ["transaction", "REFUND", "vendor_settlement"]);
    assert_eq!(recon("v_1").await[0]["settled"], true);
    let orders = json!({"pagination": {"limit": 10}, "filters": {"order_ids": ["order_1"]}});
    let rows = merchant.post("/split/order/vendor/recon", orders).await.ok()["data"].clone();
    assert_eq!(rows[0]["order_splits"][0]["split"][0]["merchant_vendor_id"], "v_1");
    assert_eq!(rows[0]["settled"], "YES");
    // 100, less 2.36 for charges, 75 for the vendors, and 10 of the refund.
    let settled = merchant.get("/orders/order_1/settlements").await.ok();
    assert_eq!(settled["settlement_amount"], 12.64);
}

#[tokio::test]
async fn a_static_split_holds_for_what_comes_later() {
    let sandbox = Sandbox::start().await.expect("started");
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    let body = json!({
        "vendor_id": "v_1", "status": "ACTIVE", "name": "V", "email": "v@example.com", "phone": "9999999999",
        "kyc_details": [{"account_type": "BUSINESS"}],
    });
    merchant.post("/easy-split/vendors", body).await.ok();
    let scheme = |active: bool| {
        json!({
            "active": active, "product_type": "STATIC_QR",
            "scheme": [{"merchantVendorId": "v_1", "percentage": "12.5"}],
        })
    };
    assert!(merchant.post("/easy-split/static-split", scheme(true)).await.ok()["added_on"].is_string());
    let created = merchant.order("order_1", 80.0).await;
    merchant.pay(&created, "testsuccess@gocash").await;
    let balance =
        async || merchant.get("/easy-split/vendors/v_1/balances").await.ok()["vendor_unsettled"].clone();
    assert_eq!(balance().await, 10.0);
    merchant.post("/easy-split/static-split", scheme(false)).await.ok();
    let created = merchant.order("order_2", 80.0).await;
    merchant.pay(&created, "testsuccess@gocash").await;
    assert_eq!(balance().await, 10.0);
}

/// What vendors were paid out.
fn paid_out(sandbox: &Sandbox) -> Vec<Value> {
    let paid = told(sandbox, "VENDOR_SETTLEMENT_SUCCESS").into_iter();
    paid.map(|one| one["data"]["settlement"]["settlement_amount"].clone()).collect()
}

#[tokio::test]
async fn a_vendor_is_paid_nothing_that_has_gone_since_the_day_before() {
    for (path, body, paid) in [
        (
            "/easy-split/vendors/v_1/transfer",
            json!({"transfer_from": "VENDOR", "transfer_type": "ON_DEMAND", "transfer_amount": 60}),
            json!([60.0]),
        ),
        (
            "/easy-split/vendors/v_1/adjustment",
            json!({"vendor_id": "v_1", "adjustment_id": 1, "amount": 60, "type": "DEBIT"}),
            json!([]),
        ),
        (
            "/orders/order_1/refunds",
            json!({
                "refund_id": "r_1", "refund_amount": 20, "refund_splits": [{"vendor_id": "v_1", "amount": 10}],
            }),
            json!([50.0]),
        ),
    ] {
        let sandbox = Sandbox::start().await.expect("started");
        let merchant = with_vendors(&sandbox).await;
        let splits = json!([{"vendor_id": "v_1", "amount": 60}]);
        let created = merchant.post("/orders", with_splits("order_1", splits)).await.ok();
        merchant.pay(&created, "testsuccess@gocash").await;
        until(&sandbox, 1, 10).await;
        merchant.post(path, body).await.ok();
        until(&sandbox, 0, 18).await;
        assert_eq!(json!(paid_out(&sandbox)), paid, "{path}");
        let balance = merchant.get("/easy-split/vendors/v_1/balances").await.ok();
        assert_eq!(balance["vendor_unsettled"], 0.0, "{path}");
    }
}

#[tokio::test]
async fn a_vendor_gives_back_no_more_than_it_got() {
    let sandbox = Sandbox::start().await.expect("started");
    let merchant = with_vendors(&sandbox).await;
    let splits = json!([{"vendor_id": "v_1", "amount": 10}]);
    let created = merchant.post("/orders", with_splits("order_1", splits)).await.ok();
    merchant.pay(&created, "testsuccess@gocash").await;
    let refund = async |id: &str, splits: Value| {
        let body = json!({
            "refund_id": id, "refund_amount": 40, "refund_note": "PENDING", "refund_splits": splits,
        });
        merchant.post("/orders/order_1/refunds", body).await
    };
    let (ten, six) = (json!({"vendor_id": "v_1", "amount": 10}), json!({"vendor_id": "v_1", "amount": 6}));
    for splits in [
        json!([{"vendor_id": "v_1", "percentage": 100}]),
        json!([ten, ten]),
        json!([{"vendor_id": "v_2", "percentage": 1}]),
    ] {
        assert_eq!(refund("r_0", splits.clone()).await.problem().1, "refund_splits_invalid", "{splits}");
    }
    let first = refund("r_1", json!([six])).await.ok();
    assert_eq!(refund("r_2", json!([six])).await.problem().1, "refund_splits_invalid", "it is under way");
    let number = first["cf_refund_id"].as_str().expect("an id");
    let url = format!("{}/refunds/{number}?status=FAILED", sandbox.control_url());
    send("POST", &url, &[], Vec::new()).await.expect("an answer").ok();
    refund("r_2", json!([ten])).await.ok();
}

#[tokio::test]
async fn a_vendor_is_paid_on_its_day_also_where_the_merchant_has_been_settled() {
    let sandbox = Sandbox::start().await.expect("started");
    let merchant = with_vendors(&sandbox).await;
    until(&sandbox, 1, 10).await;
    let splits = json!([{"vendor_id": "v_1", "amount": 60}]);
    let created = merchant.post("/orders", with_splits("order_1", splits)).await.ok();
    merchant.pay(&created, "testsuccess@gocash").await;
    let now = json!({"order_id": "order_1", "meta_data": {"settlement_date": "2025-01-01"}});
    merchant.post("/orders/settlements", now).await.ok();
    until(&sandbox, 1, 18).await;
    assert_eq!(paid_out(&sandbox), [60.0]);
}

#[tokio::test]
async fn a_blocked_vendor_is_paid_once_it_is_active_again() {
    let sandbox = Sandbox::start().await.expect("started");
    let merchant = with_vendors(&sandbox).await;
    let turn = async |status: &str| {
        let body = json!({
            "status": status, "name": "V", "email": "v@example.com", "phone": "9999999999", "schedule_option": 1,
            "kyc_details": [{"account_type": "BUSINESS"}],
        });
        merchant.call("PATCH", "/easy-split/vendors/v_1", body).await.ok();
    };
    let splits = json!([{"vendor_id": "v_1", "amount": 60}]);
    let created = merchant.post("/orders", with_splits("order_1", splits)).await.ok();
    merchant.pay(&created, "testsuccess@gocash").await;
    turn("BLOCKED").await;
    let transfer = json!({"transfer_from": "VENDOR", "transfer_type": "ON_DEMAND", "transfer_amount": 60});
    let refused = merchant.post("/easy-split/vendors/v_1/transfer", transfer).await;
    assert_eq!(refused.problem().1, "api_request_failed");
    sandbox.advance(3 * DAY);
    assert_eq!(told(&sandbox, "SETTLEMENT_SUCCESS").len(), 1);
    assert!(paid_out(&sandbox).is_empty());
    turn("ACTIVE").await;
    sandbox.advance(2 * DAY);
    assert_eq!(paid_out(&sandbox), [60.0]);
}

#[tokio::test]
async fn what_an_update_does_not_say_stays_as_it_is() {
    let version = "2026-01-01";
    if !cashfree_sandbox::versions().any(|known| known == version) {
        return;
    }
    let sandbox = Sandbox::start().await.expect("started");
    let merchant = Merchant { version, ..with_vendors(&sandbox).await };
    let update = async |body: Value| merchant.call("PATCH", "/easy-split/vendors/v_1", body).await;
    let changed = update(json!({"phone": "8888888888", "name": "", "email": null})).await.ok();
    let shown = |name: &str| changed[name].as_str().map_or_else(|| changed[name].to_string(), str::to_owned);
    for (name, value) in
        [("phone", "8888888888"), ("name", "V"), ("email", "v@example.com"), ("status", "ACTIVE")]
    {
        assert_eq!(shown(name), value, "{changed}");
    }
    update(json!({"status": "BLOCKED"})).await.ok();
    assert_eq!(update(json!({"name": "W"})).await.ok()["status"], "BLOCKED");
    assert_eq!(update(json!({"email": "nonsense"})).await.status, 400);
    update(json!({"status": "DELETED"})).await.ok();
    assert_eq!(update(json!({"name": "X"})).await.status, 400, "what is deleted stays so");
}

#[tokio::test]
async fn a_vendor_has_its_percentage_of_each_part_of_a_link() {
    let sandbox = Sandbox::start().await.expect("started");
    let merchant = with_vendors(&sandbox).await;
    let body = json!({
        "link_id": "l", "link_amount": 1000, "link_currency": "INR", "link_purpose": "p",
        "link_partial_payments": true, "customer_details": {"customer_phone": "9999999999"},
        "order_splits": [{"vendor_id": "v_1", "percentage": 20}, {"vendor_id": "v_2", "amount": 500}],
    });
    merchant.post("/links", body).await.ok();
    for part in [400, 600] {
        let url = format!("{}/links/l", sandbox.control_url());
        let body = json!({"amount": part}).to_string().into_bytes();
        let opened = send("POST", &url, &[], body).await.expect("an answer").ok();
        sandbox.decide_payment(opened["cf_payment_id"].as_str().expect("an id"), "SUCCESS").expect("decided");
    }
    assert_eq!(merchant.get("/links/l").await.ok()["link_status"], "PAID");
    for (vendor, balance) in [("v_1", 200.0), ("v_2", 0.0)] {
        let shown = merchant.get(&format!("/easy-split/vendors/{vendor}/balances")).await.ok();
        assert_eq!(shown["vendor_unsettled"], balance, "{vendor}");
    }
}
