//! Laws of money: never more back than came in, never more out than is owed, and every report says the same.

use std::time::Duration;

use crate::common::{Merchant, send};
use cashfree_sandbox::Sandbox;
use serde_json::{Value, json};

const VERSION: &str = "2025-01-01";
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

async fn start() -> Sandbox {
    Sandbox::start().await.expect("started")
}

fn told(sandbox: &Sandbox, kind: &str) -> Vec<Value> {
    let of_kind = sandbox.webhooks().into_iter().filter(|one| one.event_type == kind);
    of_kind.map(|one| serde_json::from_str(&one.body).expect("JSON")).collect()
}

/// Starts a payment by this method; gives its id.
async fn begin(merchant: &Merchant<'_>, order: &Value, method: Value) -> String {
    let body = json!({"payment_session_id": order["payment_session_id"], "payment_method": method});
    let answer = merchant.post("/orders/sessions", body).await.ok();
    answer["cf_payment_id"].as_str().expect("an id").to_owned()
}

fn blocking() -> Value {
    json!({"upi": {"channel": "link", "authorize_only": true}})
}

#[tokio::test]
async fn a_late_authorisation_captures_nothing_and_refunds_nothing() {
    let sandbox = start().await;
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    let created = merchant.order("order_1", 5.0).await;
    let late = begin(&merchant, &created, blocking()).await;
    merchant.pay(&created, "testsuccess@gocash").await;
    assert_eq!(sandbox.decide_payment(&late, "SUCCESS").as_deref(), Some("VOID"));
    assert_eq!(merchant.get("/orders/order_1/refunds").await.ok(), json!([]));
    let capture =
        merchant.post("/orders/order_1/authorization", json!({"action": "CAPTURE", "amount": 5})).await;
    assert_eq!(capture.problem().1, "authorize_only_invalid");
    // The payment that counts is untouched.
    merchant.post("/orders/order_1/refunds", json!({"refund_id": "r_1", "refund_amount": 5})).await.ok();
}

#[tokio::test]
async fn the_payment_that_counts_is_settled_and_not_the_one_that_went_back() {
    let sandbox = start().await;
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    let created = merchant.order("order_1", 100.0).await;
    let older = begin(&merchant, &created, json!({"upi": {"channel": "link"}})).await;
    let counts = merchant.pay(&created, "testsuccess@gocash").await;
    sandbox.decide_payment(&older, "SUCCESS");
    sandbox.advance(2 * DAY);
    let settlement = merchant.get("/orders/order_1/settlements").await.ok();
    assert_eq!(settlement["cf_payment_id"], json!(counts));
    assert_eq!(settlement["settlement_amount"], 97.64);
    let events = told(&sandbox, "SETTLEMENT_SUCCESS");
    // What came twice and went back once leaves nothing, and costs nothing.
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["data"]["settlement"]["amount_settled"], 97.64);
    let body = json!({
        "pagination": {"limit": 10},
        "filters": {"start_date": "2020-01-01T00:00:00Z", "end_date": "2090-01-01T00:00:00Z"},
    });
    let rows = merchant.post("/settlements", body).await.ok()["data"].clone();
    let rows = rows.as_array().expect("rows").iter();
    let rows: Vec<_> = rows.map(|row| (&row["cf_payment_id"], &row["settlement_amount"])).collect();
    assert_eq!(rows, [(&json!(counts), &json!(97.64)), (&json!(older), &json!(0.0))], "each by itself");
}

#[tokio::test]
async fn a_settlement_is_net_of_charges_refunds_and_lost_disputes() {
    let sandbox = start().await;
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    for id in ["order_1", "order_2"] {
        let created = merchant.order(id, 100.0).await;
        merchant.pay(&created, "testsuccess@gocash").await;
    }
    let refund = json!({"refund_id": "r_1", "refund_amount": 30});
    merchant.post("/orders/order_1/refunds", refund).await.ok();
    let payment = merchant.get("/orders/order_2/payments").await.ok()[0]["cf_payment_id"].clone();
    let dispute = sandbox.open_dispute(payment.as_str().expect("an id")).expect("a dispute");
    assert_eq!(merchant.get("/orders/order_1/settlements").await.status, 404);
    sandbox.advance(2 * DAY);
    assert_eq!(merchant.get("/orders/order_1/settlements").await.ok()["settlement_amount"], 67.64);
    let first = told(&sandbox, "SETTLEMENT_SUCCESS").remove(0)["data"]["settlement"].clone();
    assert_eq!((&first["payment_amount"], &first["adjustment"]), (&json!(200.0), &json!(-30.0)));
    assert_eq!(first["amount_settled"], 165.28);
    assert!(first["utr"].is_u64());
    let utr = merchant.get("/orders/order_1/settlements").await.ok()["transfer_utr"].clone();
    assert_eq!(utr, json!(first["utr"].to_string()), "one number, as a number and as a text");

    // A dispute that is lost later is taken from what comes later.
    assert!(sandbox.move_dispute(&dispute, "MERCHANT_LOST"));
    sandbox.advance(2 * DAY);
    assert_eq!(told(&sandbox, "SETTLEMENT_SUCCESS").len(), 1, "less than nothing is not paid out");
    let created = merchant.order("order_3", 150.0).await;
    merchant.pay(&created, "testsuccess@gocash").await;
    sandbox.advance(2 * DAY);
    let second = told(&sandbox, "SETTLEMENT_SUCCESS").remove(1)["data"]["settlement"].clone();
    assert_eq!(second["amount_settled"], 46.46);
}

#[tokio::test]
async fn a_dispute_that_is_lost_costs_what_it_says_whatever_refunds_were_under_way() {
    let sandbox = start().await;
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    let created = merchant.order("order_1", 100.0).await;
    let payment = merchant.pay(&created, "testsuccess@gocash").await;
    let dispute = sandbox.open_dispute(&payment).expect("a dispute");
    for (id, amount) in [("r_1", 60), ("r_2", 40)] {
        let refund = json!({"refund_id": id, "refund_amount": amount, "refund_note": "PENDING"});
        merchant.post("/orders/order_1/refunds", refund).await.ok();
    }
    assert!(sandbox.move_dispute(&dispute, "MERCHANT_LOST"));
    for id in ["r_1", "r_2"] {
        let refund = merchant.get(&format!("/orders/order_1/refunds/{id}")).await.ok();
        assert_eq!(refund["refund_status"], "FAILED", "the payer has the money already");
    }
    assert_eq!(told(&sandbox, "REFUND_STATUS_WEBHOOK").len(), 2);
    let body = json!({
        "pagination": {"limit": 10},
        "filters": {"start_date": "2020-01-01T00:00:00Z", "end_date": "2090-01-01T00:00:00Z"},
    });
    let rows = merchant.post("/recon", body).await.ok()["data"].clone();
    assert_eq!((&rows[1]["event_type"], &rows[1]["event_amount"]), (&json!("DISPUTE"), &json!(100.0)));
}

#[tokio::test]
async fn a_settlement_that_fails_goes_out_with_the_next() {
    let sandbox = start().await;
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    let created = merchant.order("order_1", 100.0).await;
    merchant.pay(&created, "testsuccess@gocash").await;
    // Until the first is under way.
    while told(&sandbox, "SETTLEMENT_INITIATED").is_empty() {
        sandbox.advance(Duration::from_secs(60 * 60));
    }
    let decide = |id: Value, status: &'static str| {
        let url = format!("{}/settlements/{id}?status={status}", sandbox.control_url());
        async move { send("POST", &url, &[], Vec::new()).await.expect("an answer") }
    };
    let id = told(&sandbox, "SETTLEMENT_INITIATED")[0]["data"]["settlement"]["settlement_id"].clone();
    assert_eq!(decide(id.clone(), "FAILED").await.ok()["status"], "FAILED");
    assert_eq!(decide(id, "SUCCESS").await.status, 400);
    assert_eq!(merchant.get("/orders/order_1/settlements").await.status, 404);
    sandbox.advance(2 * DAY);
    assert_eq!(merchant.get("/orders/order_1/settlements").await.ok()["settlement_amount"], 97.64);
    let second = told(&sandbox, "SETTLEMENT_SUCCESS")[0]["data"]["settlement"]["settlement_id"].clone();
    assert_eq!(decide(second, "REVERSED").await.ok()["status"], "REVERSED");
    assert_eq!(merchant.get("/orders/order_1/settlements").await.status, 404);
    sandbox.advance(2 * DAY);
    assert_eq!(merchant.get("/orders/order_1/settlements").await.ok()["settlement_amount"], 97.64);
    assert_eq!(told(&sandbox, "SETTLEMENT_FAILED").len(), 1);
    assert_eq!(told(&sandbox, "SETTLEMENT_REVERSED").len(), 1);
}

#[tokio::test]
async fn a_voided_payment_leaves_a_link_unpaid_and_parts_never_add_up_to_more() {
    let sandbox = start().await;
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    let link = |id: &str| {
        json!({
            "link_id": id, "link_amount": 100, "link_currency": "INR", "link_purpose": "test",
            "link_partial_payments": true, "customer_details": {"customer_phone": "9999999999"},
        })
    };
    let open = async |id: &str, amount: f64| {
        let url = format!("{}/links/{id}", sandbox.control_url());
        send("POST", &url, &[], json!({"amount": amount}).to_string().into_bytes()).await.expect("an answer")
    };
    merchant.post("/links", link("link_1")).await.ok();
    let opened = open("link_1", 60.0).await.ok();
    assert_eq!(open("link_1", 50.0).await.problem().1, "order_amount_invalid");
    // The same part again is the same order; of two payments of it one goes back.
    let again = open("link_1", 60.0).await.ok();
    assert_eq!(opened["order_id"], again["order_id"]);
    for one in [&opened, &again] {
        sandbox.decide_payment(one["cf_payment_id"].as_str().expect("an id"), "SUCCESS");
    }
    let shown = merchant.get("/links/link_1").await.ok();
    assert_eq!((&shown["link_amount_paid"], &shown["link_status"]), (&json!(60.0), &json!("PARTIALLY_PAID")));
    assert_eq!(told(&sandbox, "AUTO_REFUND_STATUS_WEBHOOK").len(), 1);
    assert_eq!(merchant.post("/links/link_1/cancel", Value::Null).await.problem().1, "link_inactive");

    merchant.post("/links", link("link_2")).await.ok();
    let opened = open("link_2", 100.0).await.ok();
    let order_id = opened["order_id"].as_str().expect("an id");
    sandbox.decide_payment(opened["cf_payment_id"].as_str().expect("an id"), "FAILED");
    let order = merchant.get(&format!("/orders/{order_id}")).await.ok();
    let blocked = begin(&merchant, &order, blocking()).await;
    sandbox.decide_payment(&blocked, "SUCCESS");
    let paid = async || merchant.get("/links/link_2").await.ok()["link_amount_paid"].clone();
    assert_eq!(paid().await, 0.0, "blocked is not paid");
    assert_eq!(open("link_2", 50.0).await.problem().1, "order_amount_invalid", "but it is spoken for");
    let events = told(&sandbox, "PAYMENT_LINK_EVENT").len();
    let path = format!("/orders/{order_id}/authorization");
    merchant.post(&path, json!({"action": "VOID"})).await.ok();
    assert_eq!(merchant.get("/links/link_2").await.ok()["link_status"], "ACTIVE");
    assert_eq!(told(&sandbox, "PAYMENT_LINK_EVENT").len(), events, "nothing has changed, nothing is told");
    open("link_2", 50.0).await.ok();
}

#[tokio::test]
async fn a_cancelled_link_takes_no_money() {
    let sandbox = start().await;
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    let link = json!({
        "link_id": "link_1", "link_amount": 100, "link_currency": "INR", "link_purpose": "test",
        "customer_details": {"customer_phone": "9999999999"},
    });
    merchant.post("/links", link).await.ok();
    let url = format!("{}/links/link_1", sandbox.control_url());
    let opened = send("POST", &url, &[], b"{}".to_vec()).await.expect("opened").ok();
    merchant.post("/links/link_1/cancel", Value::Null).await.ok();
    let payment = opened["cf_payment_id"].as_str().expect("an id");
    assert_eq!(sandbox.decide_payment(payment, "SUCCESS").as_deref(), Some("CANCELLED"));
    let order = merchant.get(&format!("/orders/{}", opened["order_id"].as_str().expect("an id"))).await.ok();
    assert_eq!(order["order_status"], "TERMINATED");
    assert_eq!(send("POST", &url, &[], b"{}".to_vec()).await.expect("refused").problem().1, "link_inactive");
}

/// A link of 100 rupees that its customer has opened: the order and the payment that were begun.
async fn open_link(merchant: &Merchant<'_>, id: &str) -> Value {
    let link = json!({
        "link_id": id, "link_amount": 100, "link_currency": "INR", "link_purpose": "test",
        "customer_details": {"customer_phone": "9999999999"},
    });
    merchant.post("/links", link).await.ok();
    let url = format!("{}/links/{id}", merchant.sandbox.control_url());
    send("POST", &url, &[], b"{}".to_vec()).await.expect("opened").ok()
}

#[tokio::test]
async fn what_is_blocked_or_looked_at_ends_with_its_link() {
    let sandbox = start().await;
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    for (id, status) in [("link_1", "FLAGGED"), ("link_2", "SUCCESS")] {
        let opened = open_link(&merchant, id).await;
        let order_id = opened["order_id"].as_str().expect("an id");
        sandbox.decide_payment(opened["cf_payment_id"].as_str().expect("an id"), "FAILED");
        let order = merchant.get(&format!("/orders/{order_id}")).await.ok();
        let payment = begin(&merchant, &order, blocking()).await;
        sandbox.decide_payment(&payment, status);
        merchant.post(&format!("/links/{id}/cancel"), Value::Null).await.ok();

        let path = format!("/orders/{order_id}/authorization");
        let capture = merchant.post(&path, json!({"action": "CAPTURE"})).await;
        assert_eq!(capture.problem().1, "authorize_only_invalid", "{id}");
        let ended = if status == "FLAGGED" { "CANCELLED" } else { "VOID" };
        assert_eq!(sandbox.decide_payment(&payment, "SUCCESS").as_deref(), Some(ended), "{id}");
        let order = merchant.get(&format!("/orders/{order_id}")).await.ok();
        assert_eq!(order["order_status"], "TERMINATED", "{id}");
    }
}

#[tokio::test]
async fn a_link_is_paid_by_its_amount_and_not_by_what_is_on_top_or_taken_off() {
    let sandbox = start().await;
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    let offer = json!({
        "offer_meta": {
            "offer_title": "Ten off", "offer_description": "Ten off", "offer_code": "TEN",
            "offer_start_time": "2020-01-01T00:00:00Z", "offer_end_time": "2090-01-01T00:00:00Z",
        },
        "offer_tnc": {"offer_tnc_type": "text", "offer_tnc_value": "none"},
        "offer_details": {
            "offer_type": "DISCOUNT",
            "discount_details": {"discount_type": "flat", "discount_value": "10", "max_discount_amount": "10"},
        },
        "offer_validations": {"min_amount": 1, "max_allowed": 9, "payment_method": {"all": {}}},
    });
    let offer = merchant.post("/offers", offer).await.ok()["offer_id"].clone();
    let surcharge = json!({"payment_surcharge_service_charge": 4, "payment_surcharge_service_tax": 1});
    for (id, name, value, captured) in
        [("link_1", "payment_surcharge", surcharge, 105.0), ("link_2", "offer_id", offer, 90.0)]
    {
        let opened = open_link(&merchant, id).await;
        sandbox.decide_payment(opened["cf_payment_id"].as_str().expect("an id"), "FAILED");
        let order_id = opened["order_id"].as_str().expect("an id");
        let order = merchant.get(&format!("/orders/{order_id}")).await.ok();
        let mut body = json!({
            "payment_session_id": order["payment_session_id"],
            "payment_method": {"upi": {"channel": "collect", "upi_id": "testsuccess@gocash"}},
        });
        body[name] = value;
        assert_eq!(merchant.post("/orders/sessions", body).await.ok()["payment_amount"], captured, "{id}");
        let link = merchant.get(&format!("/links/{id}")).await.ok();
        assert_eq!(
            (&link["link_amount_paid"], &link["link_status"]),
            (&json!(100.0), &json!("PAID")),
            "{id}"
        );
    }
}

#[tokio::test]
async fn pages_of_reconciliation_stand_still_while_others_write() {
    let sandbox = start().await;
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    for number in 0..15 {
        let created = merchant.order(&format!("order_{number}"), 10.0).await;
        merchant.pay(&created, "testsuccess@gocash").await;
    }
    let mut seen: Vec<(Value, Value)> = Vec::new();
    let mut cursor = Value::Null;
    let mut refunds = 0;
    loop {
        let body = json!({
            "pagination": {"limit": 10, "cursor": cursor},
            "filters": {"start_date": "2020-01-01T00:00:00Z", "end_date": "2090-01-01T00:00:00Z"},
        });
        let page = merchant.post("/recon", body).await.ok();
        let rows = page["data"].as_array().expect("rows");
        seen.extend(rows.iter().map(|row| (row["event_type"].clone(), row["event_id"].clone())));
        cursor = page["cursor"].clone();
        if cursor.is_null() {
            break;
        }
        if refunds < 3 {
            let refund = json!({"refund_id": "refund", "refund_amount": 1});
            merchant.post(&format!("/orders/order_{refunds}/refunds"), refund).await.ok();
            refunds += 1;
        }
    }
    let mut once = seen.clone();
    once.sort_by_key(|(kind, id)| format!("{kind}{id}"));
    once.dedup();
    assert_eq!(once.len(), seen.len(), "a row came twice: {seen:?}");
    assert_eq!(seen.iter().filter(|(kind, _)| kind == "PAYMENT").count(), 15);
    assert_eq!(seen.iter().filter(|(kind, _)| kind == "REFUND").count(), refunds);
}

#[tokio::test]
async fn reconciliation_has_refunds_at_their_own_time_and_everything_besides() {
    let sandbox = start().await;
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    let created = merchant.order("order_1", 100.0).await;
    let payment = merchant.pay(&created, "testsuccess@gocash").await;
    sandbox.advance(3 * DAY);
    let refund = json!({"refund_id": "r_1", "refund_amount": 10});
    merchant.post("/orders/order_1/refunds", refund).await.ok();
    let dispute = sandbox.open_dispute(&payment).expect("a dispute");
    merchant.call("PUT", &format!("/disputes/{dispute}/accept"), Value::Null).await.ok();
    let rows = async |from: &str, till: &str| {
        let body = json!({"pagination": {"limit": 10}, "filters": {"start_date": from, "end_date": till}});
        let page = merchant.post("/recon", body).await.ok();
        let rows = page["data"].as_array().expect("rows").clone();
        rows.into_iter().map(|row| row["event_type"].as_str().expect("a type").to_owned()).collect::<Vec<_>>()
    };
    let all = rows("2020-01-01T00:00:00Z", "2090-01-01T00:00:00Z").await;
    assert_eq!(all, ["PAYMENT", "SETTLEMENT", "REFUND", "DISPUTE"]);
    let today = created["created_at"].as_str().expect("a time").to_owned();
    let day = &today[..10];
    let early = rows(&format!("{day}T00:00:00+05:30"), &format!("{day}T23:59:59+05:30")).await;
    assert_eq!(early, ["PAYMENT"]);
    let settled = merchant.get("/orders/order_1/settlements").await.ok();
    let body = json!({
        "pagination": {"limit": 10}, "filters": {"cf_settlement_ids": [settled["cf_settlement_id"]]},
    });
    let page = merchant.post("/settlement/recon", body).await.ok();
    assert_eq!(page["data"].as_array().map(Vec::len), Some(1));
    assert_eq!(page["data"][0]["event_details"]["event_settlement_amount"], 97.64);
    assert_eq!(page["data"][0]["settlement_details"]["utr"], settled["transfer_utr"]);
}

#[tokio::test]
async fn a_refund_ends_as_its_note_says_and_money_that_did_not_go_can_go_again() {
    let sandbox = start().await;
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    let created = merchant.order("order_1", 100.0).await;
    merchant.pay(&created, "testsuccess@gocash").await;
    let refund = async |id: &str, amount: f64, note: &str| {
        let body = json!({"refund_id": id, "refund_amount": amount, "refund_note": note});
        merchant.post("/orders/order_1/refunds", body).await
    };
    for (id, note, status) in [
        ("r_1", "FAILED", "FAILED"),
        ("r_2", "PENDING", "PENDING"),
        ("r_3", "ACTIVE", "ACTIVE"),
        ("r_4", "SUCCESS", "SUCCESS"),
        ("r_5", "failed", "SUCCESS"),
    ] {
        refund(id, 20.0, note).await.ok();
        let shown = merchant.get(&format!("/orders/order_1/refunds/{id}")).await.ok();
        assert_eq!(shown["refund_status"], status, "{note}");
    }
    // 20 failed and can go again; 20 and 20 are under way, 20 and 20 have gone.
    assert_eq!(refund("r_6", 20.01, "again").await.problem().1, "refund_amount_invalid");
    let failed = told(&sandbox, "REFUND_STATUS_WEBHOOK").remove(0);
    assert_eq!(failed["data"]["refund"]["refund_status"], "FAILED");
    let pending = merchant.get("/orders/order_1/refunds/r_2").await.ok();
    let decide = async |status: &str| {
        let number = pending["cf_refund_id"].as_str().expect("an id");
        let url = format!("{}/refunds/{number}?status={status}", sandbox.control_url());
        send("POST", &url, &[], Vec::new()).await.expect("an answer")
    };
    assert_eq!(decide("ONHOLD").await.ok()["refund_status"], "ONHOLD");
    assert_eq!(decide("CANCELLED").await.ok()["refund_status"], "CANCELLED");
    assert_eq!(decide("SUCCESS").await.status, 400);
    refund("r_6", 40.0, "again").await.ok();
    assert_eq!(refund("r_7", 0.01, "again").await.problem().1, "refund_amount_invalid");
}

#[tokio::test]
async fn offers_apply_where_they_say() {
    let sandbox = start().await;
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    let offer = |least: u64, most: u64, end: &str, method: Value| {
        json!({
            "offer_meta": {
                "offer_title": "Ten off", "offer_description": "Ten percent off", "offer_code": "TEN",
                "offer_start_time": "2020-01-01T00:00:00", "offer_end_time": end,
            },
            "offer_tnc": {"offer_tnc_type": "text", "offer_tnc_value": "none"},
            "offer_details": {
                "offer_type": "DISCOUNT",
                "discount_details": {"discount_type": "percentage", "discount_value": "10", "max_discount_amount": "50"},
            },
            "offer_validations": {"min_amount": least, "max_allowed": most, "payment_method": method},
        })
    };
    let create = async |body: Value| {
        merchant.post("/offers", body).await.ok()["offer_id"].as_str().expect("an id").to_owned()
    };
    let good = create(offer(100, 1, "2090-01-01T00:00:00Z", json!({"upi": {}}))).await;
    let over = create(offer(1, 9, "2021-01-01T00:00:00Z", json!({"all": {}}))).await;
    let cards =
        create(offer(1, 9, "2090-01-01T00:00:00Z", json!({"wallet": {}, "app": {"provider": "paytm"}})))
            .await;
    assert_eq!(merchant.get(&format!("/offers/{over}")).await.ok()["offer_status"], "inactive");
    let eligible = async |amount: u64| {
        let body = json!({"queries": {"amount": amount}});
        let listed = merchant.post("/eligibility/offers", body).await.ok();
        let of = |id: &str| {
            let listed = listed.as_array().expect("a list");
            listed.iter().find(|one| one["entity_value"] == id).expect("listed").clone()
        };
        (of(&good), of(&over))
    };
    let (one, other) = eligible(1000).await;
    assert_eq!((&one["eligibility"], &other["eligibility"]), (&json!(true), &json!(false)));
    assert_eq!(one["entity_details"]["payable_amount"], 950.0, "ten percent, fifty at most");
    assert_eq!(eligible(99).await.0["eligibility"], false);

    let pay = async |id: &str, amount: f64, offer: &str| {
        let created = merchant.order(id, amount).await;
        let body = json!({
            "payment_session_id": created["payment_session_id"], "offer_id": offer,
            "payment_method": {"upi": {"channel": "collect", "upi_id": "testsuccess@gocash"}},
        });
        merchant.post("/orders/sessions", body).await
    };
    assert_eq!(pay("order_1", 200.0, "nothing").await.problem().1, "offer_not_found");
    assert_eq!(pay("order_2", 200.0, &over).await.problem().1, "offer_id_invalid");
    assert_eq!(pay("order_3", 200.0, &cards).await.problem().1, "offer_id_invalid");
    assert_eq!(pay("order_4", 99.0, &good).await.problem().1, "offer_id_invalid");
    assert_eq!(pay("order_5", 200.0, &good).await.ok()["payment_amount"], 180.0);
    let told = told(&sandbox, "PAYMENT_SUCCESS_WEBHOOK").remove(0);
    assert_eq!(told["data"]["payment_offers"][0]["offer_redemption"]["discount_amount"], 20.0);
    assert_eq!(merchant.get("/orders/order_5/extended").await.ok()["offer"]["offer_id"], json!(good));
    let refund = json!({"refund_id": "r_1", "refund_amount": 180.01});
    assert_eq!(merchant.post("/orders/order_5/refunds", refund).await.problem().1, "refund_amount_invalid");
    assert_eq!(pay("order_6", 200.0, &good).await.problem().1, "offer_id_invalid", "it is used up");
}
