//! What happens by itself, as time passes.

use std::time::{Duration, Instant, UNIX_EPOCH};

use crate::common::{Merchant, PATIENCE, Receiver, now, order, send};
use cashfree_sandbox::{Clock, Sandbox};
use serde_json::{Value, json};

const VERSION: &str = "2025-01-01";
const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

async fn start() -> Sandbox {
    Sandbox::start().await.expect("started")
}

fn told(sandbox: &Sandbox) -> Vec<String> {
    sandbox.webhooks().into_iter().map(|one| one.event_type).collect()
}

fn count(sandbox: &Sandbox, kind: &str) -> usize {
    told(sandbox).iter().filter(|one| *one == kind).count()
}

/// The sandbox's time in `ahead`, as the API reads it.
async fn later(sandbox: &Sandbox, ahead: Duration) -> String {
    (now(sandbox).await + ahead).to_rfc3339()
}

#[tokio::test]
async fn an_attempt_that_was_begun_before_the_expiry_may_still_pay_the_order() {
    let sandbox = start().await;
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    let mut body = order("order_1", 5.0);
    body["order_expiry_time"] = json!(later(&sandbox, HOUR).await);
    let created = merchant.post("/orders", body).await.ok();
    sandbox.advance(Duration::from_secs(50 * 60));
    let late = merchant.pay(&created, "someone@bank").await;
    sandbox.advance(Duration::from_secs(12 * 60));
    assert_eq!(merchant.get("/orders/order_1").await.ok()["order_status"], "EXPIRED");
    assert_eq!(sandbox.decide_payment(&late, "SUCCESS").as_deref(), Some("SUCCESS"));
    assert_eq!(merchant.get("/orders/order_1").await.ok()["order_status"], "PAID");
    assert_eq!(merchant.get("/orders/order_1/refunds").await.ok(), json!([]));
}

#[tokio::test]
async fn an_attempt_has_its_time() {
    let sandbox = start().await;
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    let created = merchant.order("order_1", 5.0).await;
    let begin = async |method: Value| {
        let body = json!({"payment_session_id": created["payment_session_id"], "payment_method": method});
        let answer = merchant.post("/orders/sessions", body).await.ok();
        answer["cf_payment_id"].as_str().expect("an id").to_owned()
    };
    let status = async |id: &str| {
        let shown = merchant.get(&format!("/orders/order_1/payments/{id}")).await.ok();
        (shown["payment_status"].clone(), shown["error_details"]["error_code"].clone())
    };
    let waits = begin(json!({"upi": {"channel": "link"}})).await;
    let short = begin(json!({"upi": {"channel": "link", "upi_expiry_minutes": 5}})).await;
    let never = begin(json!({"netbanking": {"channel": "link", "netbanking_bank_code": 3021}})).await;
    assert_eq!(status(&never).await.0, "NOT_ATTEMPTED");
    sandbox.advance(Duration::from_secs(6 * 60));
    assert_eq!(status(&short).await, (json!("FAILED"), json!("TIME_LIMIT")));
    assert_eq!(status(&waits).await.0, "PENDING");
    sandbox.advance(Duration::from_secs(10 * 60));
    assert_eq!(status(&waits).await.0, "FAILED");
    assert_eq!(status(&never).await.0, "USER_DROPPED");
    assert_eq!(
        told(&sandbox),
        ["PAYMENT_FAILED_WEBHOOK", "PAYMENT_FAILED_WEBHOOK", "PAYMENT_USER_DROPPED_WEBHOOK"]
    );
    assert_eq!(merchant.get("/orders/order_1").await.ok()["order_status"], "ACTIVE");
}

#[tokio::test]
async fn blocked_money_goes_back_after_seven_days() {
    let sandbox = start().await;
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    for (id, method, note) in [
        ("order_1", json!({"upi": {"channel": "link", "authorize_only": true}}), None),
        (
            "order_2",
            json!({"card": {"channel": "link", "card_number": "4111111111111111", "card_expiry_mm": "12",
            "card_expiry_yy": "30", "card_cvv": "123"}}),
            Some("preauth_transaction"),
        ),
        ("order_3", json!({"upi": {"channel": "link"}}), Some("preauth_transaction")),
    ] {
        let mut body = order(id, 100.0);
        body["order_note"] = json!(note);
        let created = merchant.post("/orders", body).await.ok();
        let body = json!({"payment_session_id": created["payment_session_id"], "payment_method": method});
        let payment = merchant.post("/orders/sessions", body).await.ok()["cf_payment_id"].clone();
        sandbox.decide_payment(payment.as_str().expect("an id"), "SUCCESS");
        let shown = async || merchant.get(&format!("/orders/{id}/payments")).await.ok()[0].clone();
        let blocked = shown().await;
        assert_eq!(
            (&blocked["is_captured"], &blocked["payment_status"]),
            (&json!(false), &json!("SUCCESS")),
            "{id}"
        );
        assert_eq!(blocked["payment_message"], "PRE_AUTH|00::Transaction success");
        assert_eq!(blocked["authorization"]["status"], "PENDING");
        sandbox.advance(8 * DAY);
        let released = shown().await;
        assert_eq!(released["payment_status"], "VOID", "{id}");
        assert_eq!(released["authorization"]["action"], "VOID");
        assert_eq!(merchant.get(&format!("/orders/{id}")).await.ok()["order_status"], "ACTIVE");
        let refund = json!({"refund_id": "r_1", "refund_amount": 1});
        let refused = merchant.post(&format!("/orders/{id}/refunds"), refund).await;
        assert_eq!(refused.problem().1, "order_id_voided");
    }
}

#[tokio::test]
async fn links_expire_and_say_so_and_their_orders_are_shown_as_they_are() {
    let sandbox = start().await;
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    let body = json!({
        "link_id": "link_1", "link_amount": 100, "link_currency": "INR", "link_purpose": "test",
        "link_expiry_time": later(&sandbox, 40 * DAY).await, "customer_details": {"customer_phone": "9999999999"},
    });
    merchant.post("/links", body).await.ok();
    let url = format!("{}/links/link_1", sandbox.control_url());
    send("POST", &url, &[], b"{}".to_vec()).await.expect("opened").ok();
    sandbox.advance(31 * DAY);
    let orders = merchant.get("/links/link_1/orders?status=ALL").await.ok();
    assert_eq!(orders[0]["order_status"], "EXPIRED");
    sandbox.advance(10 * DAY);
    assert_eq!(merchant.get("/links/link_1").await.ok()["link_status"], "EXPIRED");
    let event = sandbox.webhooks().into_iter().find(|one| one.event_type == "PAYMENT_LINK_EVENT");
    let body: Value = serde_json::from_str(&event.expect("told").body).expect("JSON");
    assert_eq!((&body["data"]["link_status"], &body["data"]["order"]), (&json!("EXPIRED"), &Value::Null));
}

#[tokio::test]
async fn time_passes_by_itself() {
    let sandbox = start().await;
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    let body = json!({
        "link_id": "link_1", "link_amount": 100, "link_currency": "INR", "link_purpose": "test",
        "link_expiry_time": later(&sandbox, Duration::from_secs(4)).await,
        "customer_details": {"customer_phone": "9999999999"},
    });
    merchant.post("/links", body).await.ok();
    // Nobody asks, and it is told all the same.
    let told = sandbox.wait_for_webhook(PATIENCE, |one| one.event_type == "PAYMENT_LINK_EVENT").await;
    assert!(told.is_some_and(|one| one.body.contains("EXPIRED")));
}

#[tokio::test]
async fn a_dispute_that_nobody_answers_is_lost() {
    let sandbox = start().await;
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    let created = merchant.order("order_1", 100.0).await;
    let payment = merchant.pay(&created, "testsuccess@gocash").await;
    let lost = sandbox.open_dispute(&payment).expect("a dispute");
    let status =
        async |id: &str| merchant.get(&format!("/disputes/{id}")).await.ok()["dispute_status"].clone();
    sandbox.advance(8 * DAY);
    assert_eq!(status(&lost).await, "CHARGEBACK_MERCHANT_LOST");
    let refund = json!({"refund_id": "r_1", "refund_amount": 1});
    let refused = merchant.post("/orders/order_1/refunds", refund).await;
    assert_eq!(refused.problem().1, "refund_amount_invalid", "the money has gone already");

    let created = merchant.order("order_2", 100.0).await;
    let payment = merchant.pay(&created, "testsuccess@gocash").await;
    let won = sandbox.open_dispute(&payment).expect("a dispute");
    assert!(sandbox.move_dispute(&won, "MERCHANT_WON") && !sandbox.move_dispute(&won, "UNDER_REVIEW"));
    assert_eq!(status(&won).await, "CHARGEBACK_MERCHANT_WON");
    assert!(sandbox.move_dispute(&won, "CREATED"));
    assert_eq!(status(&won).await, "PRE_ARBITRATION_CREATED");
    sandbox.advance(8 * DAY);
    assert_eq!(status(&won).await, "PRE_ARBITRATION_MERCHANT_LOST");
}

#[tokio::test]
async fn a_periodic_subscription_is_charged_by_the_calendar() {
    let sandbox = start().await;
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    let body = json!({
        "subscription_id": "s",
        "customer_details": {"customer_email": "a@example.com", "customer_phone": "9999999999"},
        "plan_details": {
            "plan_name": "P", "plan_type": "PERIODIC", "plan_amount": 10, "plan_max_amount": 10,
            "plan_max_cycles": 3, "plan_intervals": 1, "plan_interval_type": "WEEK",
        },
    });
    merchant.post("/subscriptions", body).await.ok();
    let auth = json!({
        "subscription_id": "s", "payment_id": "a", "payment_type": "AUTH",
        "payment_method": {"upi": {"channel": "collect", "upi_id": "testsuccess@gocash"}},
    });
    merchant.post("/subscriptions/pay", auth).await.ok();
    let status = async || merchant.get("/subscriptions/s").await.ok()["subscription_status"].clone();
    let payments = async || {
        let listed = merchant.get("/subscriptions/s/payments").await.ok();
        let listed = listed.as_array().expect("a list").clone();
        listed
            .into_iter()
            .map(|one| one["payment_status"].as_str().expect("a status").to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(status().await, "ACTIVE");
    sandbox.advance(6 * DAY + HOUR);
    assert_eq!(payments().await, ["SUCCESS", "INITIALIZED"]);
    assert_eq!(count(&sandbox, "SUBSCRIPTION_PAYMENT_NOTIFICATION_INITIATED"), 1);
    sandbox.advance(DAY);
    assert_eq!(payments().await, ["SUCCESS", "PENDING"]);
    sandbox.advance(DAY);
    assert_eq!(payments().await, ["SUCCESS", "SUCCESS"], "a charge by UPI succeeds after a day");

    // The second fails: on hold, nothing more is charged, and what failed can be tried again.
    sandbox.advance(6 * DAY);
    assert_eq!(payments().await, ["SUCCESS", "SUCCESS", "PENDING"]);
    let decide = |id: &'static str, status: &'static str| {
        let body = json!({
            "entity": "SUBS_PAYMENTS", "entity_id": id, "entity_simulation": {"payment_status": status},
        });
        merchant.post("/simulate", body)
    };
    decide("s_2", "FAILED").await.ok();
    assert_eq!(status().await, "ON_HOLD");
    sandbox.advance(30 * DAY);
    assert_eq!(payments().await.len(), 3);
    let retry = json!({"subscription_id": "s", "payment_id": "s_2", "action": "RETRY"});
    merchant.post("/subscriptions/s/payments/s_2/manage", retry).await.ok();
    sandbox.advance(2 * DAY);
    assert_eq!(status().await, "ACTIVE");
    sandbox.advance(10 * DAY);
    assert_eq!(status().await, "COMPLETED");
    assert_eq!(payments().await, ["SUCCESS"; 4]);
    sandbox.advance(60 * DAY);
    assert_eq!(payments().await.len(), 4);
}

#[tokio::test]
async fn what_is_cancelled_stays_cancelled_and_what_is_agreed_is_kept_to() {
    let sandbox = start().await;
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    let subscribe = async |id: &str, plan: Value| {
        let body = json!({
            "subscription_id": id, "plan_details": plan,
            "customer_details": {"customer_email": "a@example.com", "customer_phone": "9999999999"},
        });
        merchant.post("/subscriptions", body).await.ok();
    };
    let pay = async |subscription: &str, id: &str, kind: &str, amount: f64| {
        let body = json!({
            "subscription_id": subscription, "payment_id": id, "payment_type": kind, "payment_amount": amount,
            "payment_method": {"upi": {"channel": "collect", "upi_id": "testsuccess@gocash"}},
        });
        merchant.post("/subscriptions/pay", body).await
    };
    let manage = async |id: &str, action: &str| {
        let body = json!({"subscription_id": id, "action": action});
        merchant.post(&format!("/subscriptions/{id}/manage"), body).await
    };
    let plan =
        json!({"plan_name": "P", "plan_type": "ON_DEMAND", "plan_max_amount": 100, "plan_max_cycles": 2});
    for id in ["s_1", "s_2"] {
        subscribe(id, plan.clone()).await;
        pay(id, &format!("auth_{id}"), "AUTH", 1.0).await.ok();
    }
    assert_eq!(pay("s_1", "c_0", "CHARGE", 100.01).await.problem().1, "payment_amount_invalid");
    pay("s_1", "c_1", "CHARGE", 100.0).await.ok();
    let refund = |through: &str| {
        let body =
            json!({"subscription_id": through, "payment_id": "c_1", "refund_id": "r_1", "refund_amount": 1});
        (format!("/subscriptions/{through}/refunds"), body)
    };
    for through in ["s_2", "nobody"] {
        let (path, body) = refund(through);
        assert_eq!(merchant.post(&path, body).await.status, 404, "{through}");
    }
    let (path, body) = refund("s_1");
    merchant.post(&path, body).await.ok();
    assert_eq!(merchant.get("/subscriptions/s_2/refunds/r_1").await.status, 404);
    merchant.get("/subscriptions/s_1/refunds/r_1").await.ok();
    pay("s_1", "c_2", "CHARGE", 1.0).await.ok();
    assert_eq!(merchant.get("/subscriptions/s_1").await.ok()["subscription_status"], "COMPLETED");
    assert_eq!(pay("s_1", "c_3", "CHARGE", 1.0).await.problem().1, "subscription_status_invalid");

    manage("s_2", "CANCEL").await.ok();
    assert_eq!(pay("s_2", "a_2", "AUTH", 1.0).await.problem().1, "subscription_status_invalid");
    for action in ["PAUSE", "ACTIVATE", "CANCEL", "CHANGE_PLAN"] {
        assert_eq!(manage("s_2", action).await.problem().1, "subscription_status_invalid", "{action}");
    }
    assert_eq!(merchant.get("/subscriptions/s_2").await.ok()["subscription_status"], "CANCELLED");
}

#[tokio::test]
async fn a_mandate_on_an_account_is_looked_at_by_the_bank() {
    let sandbox = start().await;
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    let plan = json!({"plan_name": "P", "plan_type": "ON_DEMAND", "plan_max_amount": 100});
    let body = json!({
        "subscription_id": "s", "plan_details": plan, "subscription_expiry_time": later(&sandbox, 100 * DAY).await,
        "customer_details": {"customer_email": "a@example.com", "customer_phone": "9999999999"},
        "authorization_details": {"authorization_amount": 5, "authorization_amount_refund": true},
    });
    merchant.post("/subscriptions", body).await.ok();
    let enach = json!({
        "channel": "link", "account_number": "123456", "account_ifsc": "HDFC0000001", "account_type": "SAVINGS",
        "account_holder_name": "A", "account_bank_code": "HDFC", "auth_mode": "debit_card",
    });
    let pay = |id: &str, kind: &str| {
        json!({
            "subscription_id": "s", "payment_id": id, "payment_type": kind, "payment_amount": 5, "payment_method": enach,
        })
    };
    let status = async || merchant.get("/subscriptions/s").await.ok()["subscription_status"].clone();
    let decide = |id: &'static str, status: &'static str| {
        let url = format!("{}/subscriptions/pay/{id}?status={status}", sandbox.control_url());
        async move { send("POST", &url, &[], Vec::new()).await.expect("an answer").ok() }
    };
    merchant.post("/subscriptions/pay", pay("a_1", "AUTH")).await.ok();
    assert_eq!(status().await, "BANK_APPROVAL_PENDING");
    decide("a_1", "FAILED").await;
    assert_eq!(status().await, "INITIALIZED");
    merchant.post("/subscriptions/pay", pay("a_2", "AUTH")).await.ok();
    decide("a_2", "SUCCESS").await;
    assert_eq!(status().await, "ACTIVE");
    // What the authorisation took goes back, as was agreed.
    assert_eq!(count(&sandbox, "SUBSCRIPTION_REFUND_STATUS"), 1);
    merchant.post("/subscriptions/pay", pay("c_1", "CHARGE")).await.ok();
    sandbox.advance(30 * DAY);
    let charge = merchant.get("/subscriptions/s/payments/c_1").await.ok();
    assert_eq!(charge["payment_status"], "PENDING", "one on an account stays pending");
    sandbox.advance(80 * DAY);
    assert_eq!(status().await, "EXPIRED");
    let charge = merchant.get("/subscriptions/s/payments/c_1").await.ok();
    assert_eq!(charge["payment_status"], "CANCELLED");
}

#[tokio::test]
async fn time_is_after_a_restart_what_it_was_and_a_clock_that_stands_still_goes_on_from_there() {
    let state = std::env::temp_dir().join(format!("sandbox-clock-{}", std::process::id()));
    let _ = std::fs::remove_file(&state);
    let begin = || async { Sandbox::builder().state(&state).start().await.expect("started") };
    let freeze = async |sandbox: &Sandbox, still: bool| {
        let (url, body) = (format!("{}/clock", sandbox.control_url()), json!({"freeze": still}));
        send("POST", &url, &[], body.to_string().into_bytes()).await.expect("an answer").ok();
    };
    let sandbox = begin().await;
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    let created = merchant.order("order_1", 5.0).await["created_at"].clone();
    freeze(&sandbox, true).await;
    let still = now(&sandbox).await;
    drop(sandbox);
    // Longer than the second that is shown.
    tokio::time::sleep(Duration::from_millis(2100)).await;
    let sandbox = begin().await;
    assert_eq!(now(&sandbox).await, still);
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    assert_eq!(merchant.get("/orders/order_1").await.ok()["created_at"], created);
    let released = Instant::now();
    freeze(&sandbox, false).await;
    let gone = now(&sandbox).await - still;
    assert!(gone.to_std().expect("later") <= released.elapsed() + Duration::from_secs(1), "{gone}");
    drop(sandbox);
    let sandbox = begin().await;
    let gone = now(&sandbox).await - still;
    assert!(gone.to_std().expect("later") <= released.elapsed() + Duration::from_secs(1), "{gone}");
    std::fs::remove_file(&state).expect("removed");
}

#[tokio::test]
async fn what_a_reset_leaves_is_there_after_a_restart_too() {
    let state = std::env::temp_dir().join(format!("sandbox-reset-{}", std::process::id()));
    let _ = std::fs::remove_file(&state);
    for still in [false, true] {
        let hooks = Receiver::start(0).await;
        let begin = || async {
            // Where it stands is a setting, which the state's time comes before.
            let clock = Clock::fixed(UNIX_EPOCH + Duration::from_secs(1_700_000_000));
            let clock = if still { clock } else { Clock::system() };
            Sandbox::builder().state(&state).clock(clock).start().await.expect("started")
        };
        let sandbox = begin().await;
        let url = format!("{}/endpoints", sandbox.control_url());
        let endpoint = json!({"url": hooks.url}).to_string().into_bytes();
        send("POST", &url, &[], endpoint).await.expect("an answer").ok();
        sandbox.advance(30 * DAY);
        let url = format!("{}/state", sandbox.control_url());
        send("DELETE", &url, &[], Vec::new()).await.expect("an answer").ok();
        let merchant = Merchant { sandbox: &sandbox, version: VERSION };
        let created = merchant.order("order_1", 5.0).await;
        let (then, passed) = (now(&sandbox).await, Instant::now());
        drop(sandbox);
        let sandbox = begin().await;
        let gone = (now(&sandbox).await - then).to_std().expect("later");
        assert!(gone <= passed.elapsed() + Duration::from_secs(1), "{gone:?}");
        assert!(!still || gone.is_zero(), "{gone:?}");
        let merchant = Merchant { sandbox: &sandbox, version: VERSION };
        merchant.pay(&created, "testsuccess@gocash").await;
        hooks.wait(1).await;
        sandbox.advance(2 * DAY);
        let settled = sandbox.wait_for_webhook(PATIENCE, |one| one.event_type == "SETTLEMENT_SUCCESS").await;
        assert!(settled.is_some(), "time goes on");
        drop(sandbox);
        std::fs::remove_file(&state).expect("removed");
    }
}

#[tokio::test]
async fn the_clock_stands_still_on_request_and_goes_on_over_http() {
    let sandbox = start().await;
    let url = format!("{}/clock", sandbox.control_url());
    let post =
        async |body: Value| send("POST", &url, &[], body.to_string().into_bytes()).await.expect("an answer");
    let still = post(json!({"freeze": true})).await.ok();
    assert_eq!(still["frozen"], true);
    tokio::time::sleep(Duration::from_millis(1100)).await;
    let same = send("GET", &url, &[], Vec::new()).await.expect("the time").ok();
    assert_eq!(same["now"], still["now"]);
    let moved = post(json!({"advance_seconds": 3600})).await.ok();
    assert_ne!(moved["now"], still["now"]);
    assert_eq!(post(json!({"freeze": false})).await.ok()["frozen"], false);
    assert_eq!(post(json!({})).await.status, 400);
}
