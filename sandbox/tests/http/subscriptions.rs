//! Subscriptions: one mandate, as many charges as were agreed, each decided when its bank has had its time.

use std::time::Duration;

use crate::common::{Merchant, now};
use cashfree_sandbox::Sandbox;
use serde_json::{Value, json};

const VERSION: &str = "2025-01-01";
const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A merchant's subscription `s`.
struct Subscribed<'a>(Merchant<'a>);

impl<'a> Subscribed<'a> {
    async fn new(sandbox: &'a Sandbox, plan: Value) -> Self {
        let merchant = Merchant { sandbox, version: VERSION };
        let body = json!({
            "subscription_id": "s", "plan_details": plan,
            "customer_details": {"customer_email": "a@example.com", "customer_phone": "9999999999"},
            "authorization_details": {"authorization_amount": 5, "authorization_amount_refund": true},
        });
        merchant.post("/subscriptions", body).await.ok();
        Self(merchant)
    }

    async fn pay(&self, id: &str, kind: &str, upi_id: &str) {
        let body = json!({
            "subscription_id": "s", "payment_id": id, "payment_type": kind, "payment_amount": 5,
            "payment_method": {"upi": {"channel": "collect", "upi_id": upi_id}},
        });
        self.0.post("/subscriptions/pay", body).await.ok();
    }

    async fn decide(&self, id: &str, status: &str) -> u16 {
        let body = json!({
            "entity": "SUBS_PAYMENTS", "entity_id": id, "entity_simulation": {"payment_status": status},
        });
        self.0.post("/simulate", body).await.status
    }

    /// What a payment answers to this action.
    async fn manage(&self, id: &str, action: &str, details: Value) -> u16 {
        let body =
            json!({"subscription_id": "s", "payment_id": id, "action": action, "action_details": details});
        self.0.post(&format!("/subscriptions/s/payments/{id}/manage"), body).await.status
    }

    async fn shown(&self) -> Value {
        self.0.get("/subscriptions/s").await.ok()
    }

    /// The subscription's status, and those of its payments.
    async fn statuses(&self) -> (String, Vec<String>) {
        let text = |value: &Value| value.as_str().expect("a status").to_owned();
        let payments = self.0.get("/subscriptions/s/payments").await.ok();
        let payments = payments.as_array().expect("a list").iter();
        let payments = payments.map(|one| text(&one["payment_status"])).collect();
        (text(&self.shown().await["subscription_status"]), payments)
    }
}

#[tokio::test]
async fn one_mandate_is_enough() {
    for second in ["SUCCESS", "FAILED", "CANCEL"] {
        let sandbox = Sandbox::start().await.expect("started");
        let plan = json!({"plan_name": "P", "plan_type": "ON_DEMAND", "plan_max_amount": 100});
        let subscribed = Subscribed::new(&sandbox, plan).await;
        for id in ["a_1", "a_2"] {
            subscribed.pay(id, "AUTH", &format!("{id}@bank")).await;
        }
        assert_eq!(subscribed.decide("a_1", "SUCCESS").await, 200);
        let status = match second {
            "CANCEL" => subscribed.manage("a_2", "CANCEL", Value::Null).await,
            second => subscribed.decide("a_2", second).await,
        };
        assert_eq!(status, 400, "{second}");
        let (subscription, payments) = subscribed.statuses().await;
        assert_eq!((subscription.as_str(), payments), ("ACTIVE", vec!["SUCCESS".into(), "CANCELLED".into()]));
        let mandate = subscribed.shown().await["authorisation_details"].clone();
        assert_eq!(
            (&mandate["authorization_status"], &mandate["payment_id"]),
            (&json!("ACTIVE"), &json!("a_1"))
        );
        let told = |kind: &str| sandbox.webhooks().into_iter().filter(|one| one.event_type == kind).count();
        assert_eq!(told("SUBSCRIPTION_REFUND_STATUS"), 1, "what came in went back");
        assert_eq!(told("SUBSCRIPTION_AUTH_STATUS"), 2, "and the other attempt is told of");
    }
}

/// A plan that charges by the calendar.
fn periodic(unit: &str, most: u64) -> Value {
    json!({
        "plan_name": "P", "plan_type": "PERIODIC", "plan_amount": 10, "plan_max_amount": 10,
        "plan_max_cycles": most, "plan_intervals": 1, "plan_interval_type": unit,
    })
}

#[tokio::test]
async fn a_charge_that_was_under_way_may_complete_a_subscription_that_is_paused() {
    let sandbox = Sandbox::start().await.expect("started");
    let subscribed = Subscribed::new(&sandbox, periodic("DAY", 1)).await;
    subscribed.pay("a", "AUTH", "testsuccess@gocash").await;
    sandbox.advance(DAY + HOUR);
    assert_eq!(subscribed.statuses().await.1, ["SUCCESS", "PENDING"]);
    let pause = json!({"subscription_id": "s", "action": "PAUSE"});
    subscribed.0.post("/subscriptions/s/manage", pause).await.ok();
    sandbox.advance(DAY);
    let (status, payments) = subscribed.statuses().await;
    assert_eq!((status.as_str(), payments.len()), ("COMPLETED", 2));
}

#[tokio::test]
async fn a_plan_is_not_changed_to_one_that_is_used_up() {
    let sandbox = Sandbox::start().await.expect("started");
    let subscribed = Subscribed::new(&sandbox, periodic("DAY", 9)).await;
    subscribed.pay("a", "AUTH", "testsuccess@gocash").await;
    sandbox.advance(2 * DAY + HOUR);
    assert_eq!(subscribed.statuses().await.1, ["SUCCESS", "SUCCESS", "PENDING", "INITIALIZED"]);
    let change = async |most: u64| {
        let (mut plan, id) = (periodic("DAY", most), format!("p_{most}"));
        plan["plan_id"] = json!(id);
        subscribed.0.post("/plans", plan).await.ok();
        let body = json!({
            "subscription_id": "s", "action": "CHANGE_PLAN", "action_details": {"plan_id": id},
        });
        subscribed.0.post("/subscriptions/s/manage", body).await
    };
    assert_eq!(change(3).await.problem().1, "subscription_status_invalid", "one is charged, two are open");
    change(4).await.ok();
    sandbox.advance(9 * DAY);
    let (status, payments) = subscribed.statuses().await;
    assert_eq!((status.as_str(), payments), ("COMPLETED", vec!["SUCCESS".to_owned(); 5]));
}

#[tokio::test]
async fn the_calendar_begins_anew_with_another_plan() {
    let sandbox = Sandbox::start().await.expect("started");
    let subscribed = Subscribed::new(&sandbox, periodic("DAY", 90)).await;
    for (id, mut plan) in [("monthly", periodic("MONTH", 90)), ("none", json!({"plan_type": "ON_DEMAND"}))] {
        plan["plan_id"] = json!(id);
        plan["plan_name"] = json!(id);
        plan["plan_max_amount"] = json!(10);
        subscribed.0.post("/plans", plan).await.ok();
    }
    let change = async |id: &str| {
        let body = json!({
            "subscription_id": "s", "action": "CHANGE_PLAN", "action_details": {"plan_id": id},
        });
        subscribed.0.post("/subscriptions/s/manage", body).await.ok();
    };
    subscribed.pay("a", "AUTH", "testsuccess@gocash").await;
    sandbox.advance(10 * DAY + HOUR);
    change("monthly").await;
    let charges = async || subscribed.statuses().await.1.len() - 1;
    sandbox.advance(2 * DAY);
    let before = charges().await;
    assert!((10..=11).contains(&before), "one may have been announced: {before}");
    sandbox.advance(30 * DAY);
    assert_eq!(charges().await, before + 1, "a month after the change");
    change("none").await;
    sandbox.advance(62 * DAY);
    assert_eq!(charges().await, before + 1, "nothing is charged by a calendar any more");
}

#[tokio::test]
async fn every_cycle_is_charged_though_days_were_passed_over_and_charges_ended_otherwise() {
    let sandbox = Sandbox::start().await.expect("started");
    let subscribed = Subscribed::new(&sandbox, periodic("WEEK", 4)).await;
    subscribed.pay("a", "AUTH", "testsuccess@gocash").await;
    sandbox.advance(14 * DAY + HOUR);
    assert_eq!(subscribed.decide("s_2", "FAILED").await, 200);
    sandbox.advance(30 * DAY);
    assert_eq!(subscribed.manage("s_2", "RETRY", Value::Null).await, 200);
    // Of those that follow, each other is cancelled before its day: the last one, too.
    let open = async || {
        let payments = subscribed.0.get("/subscriptions/s/payments").await.ok();
        let last = payments.as_array().expect("a list").last().expect("a charge").clone();
        (last["payment_status"] == "INITIALIZED")
            .then(|| last["payment_id"].as_str().expect("an id").to_owned())
    };
    let mut seen = 0;
    for _ in 0..60 {
        sandbox.advance(DAY);
        if let Some(id) = open().await {
            if seen % 2 == 0 {
                assert_eq!(subscribed.manage(&id, "CANCEL", Value::Null).await, 200);
            }
            seen += 1;
        }
    }
    let (status, payments) = subscribed.statuses().await;
    assert_eq!(status, "COMPLETED", "{payments:?}");
    let count = |status: &str| payments.iter().filter(|one| *one == status).count();
    assert_eq!((count("SUCCESS"), count("CANCELLED")), (5, 2), "{payments:?}");
}

#[tokio::test]
async fn a_charge_that_is_presented_again_is_decided_a_day_after_that() {
    let sandbox = Sandbox::start().await.expect("started");
    let plan = json!({"plan_name": "P", "plan_type": "ON_DEMAND", "plan_max_amount": 100});
    let subscribed = Subscribed::new(&sandbox, plan).await;
    subscribed.pay("a", "AUTH", "testsuccess@gocash").await;
    subscribed.pay("c", "CHARGE", "someone@bank").await;
    sandbox.advance(HOUR);
    assert_eq!(subscribed.decide("c", "FAILED").await, 200);
    let never = json!({"next_scheduled_time": "+262142-12-31T23:59:59"});
    assert_eq!(subscribed.manage("c", "RETRY", never).await, 400, "no clock comes to that");
    let again = json!({"next_scheduled_time": (now(&sandbox).await + 10 * DAY).to_rfc3339()});
    assert_eq!(subscribed.manage("c", "RETRY", again).await, 200);
    sandbox.advance(10 * DAY);
    assert_eq!(subscribed.statuses().await.1, ["SUCCESS", "PENDING"]);
    sandbox.advance(DAY + HOUR);
    assert_eq!(subscribed.statuses().await.1, ["SUCCESS", "SUCCESS"]);
}

#[tokio::test]
async fn an_execution_is_decided_and_a_charge_is_presented_before_its_day() {
    let sandbox = Sandbox::start().await.expect("started");
    let subscribed = Subscribed::new(&sandbox, periodic("WEEK", 4)).await;
    subscribed.pay("a", "AUTH", "testsuccess@gocash").await;
    let simulate = async |entity: &str, id: &str, outcome: Value| {
        let body = json!({"entity": entity, "entity_id": id, "entity_simulation": outcome});
        subscribed.0.post("/simulate", body).await
    };
    let success = json!({"payment_status": "SUCCESS"});
    assert_eq!(simulate("SUBS_RESCHEDULE", "a", success.clone()).await.problem().1, "entity_id_invalid");
    sandbox.advance(6 * DAY + HOUR);
    assert_eq!(subscribed.statuses().await.1, ["SUCCESS", "INITIALIZED"]);
    simulate("SUBS_RESCHEDULE", "s_1", success.clone()).await.ok();
    assert_eq!(subscribed.statuses().await.1, ["SUCCESS", "PENDING"]);
    simulate("SUBS_EXECUTION", "s_1", success).await.ok();
    assert_eq!(subscribed.statuses().await.1, ["SUCCESS", "SUCCESS"]);

    sandbox.advance(7 * DAY);
    for (outcome, code) in [
        (json!({"payment_status": "PENDING"}), "entity_simulation.payment_status_invalid"),
        (json!({"payment_status": "FAILED"}), "entity_simulation.payment_error_code_missing"),
    ] {
        assert_eq!(simulate("SUBS_EXECUTION", "s_2", outcome).await.problem().1, code);
    }
    let failed = json!({"payment_status": "FAILED", "payment_error_code": "INSUFFICIENT_FUNDS"});
    simulate("SUBS_EXECUTION", "s_2", failed).await.ok();
    let charge = subscribed.0.get("/subscriptions/s/payments/s_2").await.ok();
    assert_eq!(charge["failure_details"]["failure_reason"], "INSUFFICIENT_FUNDS");
    assert_eq!(
        simulate("SUBS_DREAM", "s_2", json!({"payment_status": "SUCCESS"})).await.problem().1,
        "entity_invalid"
    );
}

#[tokio::test]
async fn a_charge_is_not_presented_where_it_cannot_be_or_has_been() {
    let sandbox = Sandbox::start().await.expect("started");
    let subscribed = Subscribed::new(&sandbox, periodic("WEEK", 4)).await;
    subscribed.pay("a", "AUTH", "testsuccess@gocash").await;
    let reschedule = async |id: &str| {
        let body = json!({
            "entity": "SUBS_RESCHEDULE", "entity_id": id, "entity_simulation": {"payment_status": "SUCCESS"},
        });
        subscribed.0.post("/simulate", body).await
    };
    let manage = async |action: &str| {
        let body = json!({"subscription_id": "s", "action": action});
        subscribed.0.post("/subscriptions/s/manage", body).await.ok();
    };
    sandbox.advance(6 * DAY + HOUR);
    manage("PAUSE").await;
    assert_eq!(reschedule("s_1").await.problem().1, "subscription_status_invalid");
    assert_eq!(subscribed.statuses().await.1, ["SUCCESS", "INITIALIZED"], "it is not cancelled");
    manage("ACTIVATE").await;
    reschedule("s_1").await.ok();
    let presented = subscribed.0.get("/subscriptions/s/payments/s_1").await.ok();
    sandbox.advance(HOUR);
    assert_eq!(reschedule("s_1").await.problem().1, "entity_id_invalid", "it is with the bank already");
    assert_eq!(subscribed.0.get("/subscriptions/s/payments/s_1").await.ok(), presented);
}
