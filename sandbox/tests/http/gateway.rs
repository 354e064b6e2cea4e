//! What every operation has in common: credentials, versions, idempotency, rate limits, faults, controls.

use std::time::{Duration, Instant, UNIX_EPOCH};

use crate::common::{Merchant, order, send};
use cashfree_sandbox::{Clock, Fault, FaultKind, Sandbox};
use serde_json::{Value, json};

const VERSION: &str = "2025-01-01";

async fn start() -> Sandbox {
    Sandbox::start().await.expect("started")
}

#[tokio::test]
async fn each_pair_of_credentials_is_accepted_and_nothing_less() {
    let sandbox = start().await;
    let known = sandbox.credentials().clone();
    let (id, secret) =
        (("x-client-id", known.client_id.as_str()), ("x-client-secret", known.client_secret.as_str()));
    let signature = ("x-client-signature", known.client_signature.as_str());
    let partner = ("x-partner-apikey", known.partner_apikey.as_str());
    let merchant = ("x-partner-merchantid", known.partner_merchantid.as_str());
    let wrong = ("x-client-secret", "wrong");
    for (headers, status) in [
        (vec![id, secret], 404),
        (vec![id, signature], 404),
        (vec![id, partner], 404),
        (vec![merchant, partner], 404),
        (vec![id], 401),
        (vec![secret], 401),
        (vec![partner], 401),
        (vec![id, wrong], 401),
        (vec![merchant, secret], 401),
        (vec![], 401),
    ] {
        let mut all = headers.clone();
        all.push(("x-api-version", VERSION));
        let url = format!("{}/orders/order_1", sandbox.base_url());
        let answer = send("GET", &url, &all, Vec::new()).await.expect("an answer");
        assert_eq!(answer.status, status, "{headers:?}");
        if status == 401 {
            assert_eq!(answer.json()["type"], "authentication_error");
        }
    }
}

#[tokio::test]
async fn what_cannot_be_right_is_refused_in_cashfrees_shape() {
    let sandbox = start().await;
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    let cases = [
        (merchant.get("/nowhere").await, 400, "request_failed"),
        (merchant.call("DELETE", "/orders/order_1", Value::Null).await, 400, "request_failed"),
        (merchant.get("/orders/order_1").await, 404, "order_not_found"),
        (merchant.post("/orders", json!([1])).await, 400, "request_invalid"),
        (merchant.post("/orders", Value::Null).await, 400, "request_failed"),
        (merchant.post("/orders", order("or", 5.0)).await, 400, "order_id_invalid"),
        (merchant.post("/orders", order("order 1", 5.0)).await, 400, "order_id_invalid"),
        (merchant.post("/orders", order("order_1", 5.005)).await, 400, "order_amount_invalid"),
        (merchant.post("/orders", order("order_1", 0.0)).await, 400, "order_amount_invalid"),
        (merchant.post("/orders", order("order_1", 1e15)).await, 400, "order_amount_invalid"),
        (merchant.get("/terminal/qrcodes").await, 400, "cf_terminal_id_missing"),
        (merchant.get("/disputes/none").await, 400, "dispute_id_invalid"),
    ];
    for (answer, status, code) in cases {
        assert_eq!(answer.problem(), (status, code.to_owned()), "{answer:?}");
    }
    for version in ["1999-01-01", "soon"] {
        let other = Merchant { sandbox: &sandbox, version };
        assert_eq!(other.get("/orders/order_1").await.problem(), (400, "version_invalid".into()));
    }
    let url = format!("{}/orders/order_1", sandbox.base_url());
    let without = send("GET", &url, &[], Vec::new()).await.expect("an answer");
    assert_eq!(without.problem(), (400, "request_failed".into()));
    assert_eq!(without.json()["message"], "version is missing in header");
    let broken = [("x-client-id", sandbox.client_id()), ("x-client-secret", sandbox.client_secret())];
    let broken = [broken[0], broken[1], ("x-api-version", VERSION)];
    let url = format!("{}/orders", sandbox.base_url());
    let answer = send("POST", &url, &broken, b"{\"order_amount\": 1".to_vec()).await.expect("an answer");
    assert_eq!(answer.problem(), (400, "request_failed".into()));
}

#[tokio::test]
async fn the_same_key_replays_and_another_body_is_refused() {
    let sandbox = start().await;
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    let mut body = order("unused", 5.0);
    body.as_object_mut().expect("an object").remove("order_id");
    let key = [("x-idempotency-key", "7c6d2f7e-8b0a-4c3e-9d54-0f6f1d2f3a4b")];
    let call = |path: &'static str, body: Value| merchant.try_call("POST", path, body, &key);

    let first = call("/orders", body.clone()).await.expect("an answer");
    assert_eq!(first.header("x-idempotency-replayed"), None);
    let second = call("/orders", body.clone()).await.expect("an answer");
    assert_eq!(second.header("x-idempotency-replayed"), Some("true"));
    assert_eq!(second.header("x-idempotency-key"), Some(key[0].1));
    assert_eq!(first.text, second.text);

    body["order_amount"] = json!(6);
    let other_body = call("/orders", body.clone()).await.expect("an answer");
    assert_eq!(other_body.status, 422);
    assert_eq!(other_body.json()["type"], "idempotency_error");
    let other_path = call("/plans", json!({})).await.expect("an answer");
    assert_eq!(other_path.status, 422);
    // Without the key it is another order.
    assert_ne!(merchant.post("/orders", body).await.ok()["order_id"], first.json()["order_id"]);
}

#[tokio::test]
async fn request_ids_come_back() {
    let sandbox = start().await;
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    let mine = [("x-request-id", "mine-1")];
    let answer = merchant.try_call("GET", "/orders/x", Value::Null, &mine).await.expect("an answer");
    assert_eq!(answer.header("x-request-id"), Some("mine-1"));
    assert_eq!(answer.header("x-api-version"), Some(VERSION));
    assert!(merchant.get("/orders/x").await.header("x-request-id").is_some_and(|id| id.len() > 10));
}

#[tokio::test]
async fn the_rate_is_limited_and_the_wait_is_told() {
    let clock = Clock::fixed(UNIX_EPOCH + Duration::from_secs(1_700_000_000));
    let sandbox = Sandbox::builder().rate_limit(2).clock(clock).start().await.expect("started");
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    let first = merchant.get("/orders/x").await;
    assert_eq!(first.header("x-ratelimit-limit"), Some("2"));
    assert_eq!(first.header("x-ratelimit-remaining"), Some("1"));
    assert_eq!(first.header("x-ratelimit-retry"), Some("0"));
    sandbox.advance(Duration::from_secs(20));
    merchant.get("/orders/x").await;
    let third = merchant.get("/orders/x").await;
    assert_eq!(third.status, 429);
    assert_eq!(third.json()["type"], "rate_limit_error");
    assert_eq!(third.header("x-ratelimit-retry"), Some("40"));
    assert_eq!(third.header("x-ratelimit-remaining"), Some("0"));
    sandbox.advance(Duration::from_secs(40));
    assert_eq!(merchant.get("/orders/x").await.status, 404);
}

#[tokio::test]
async fn faults_do_what_they_say() {
    let sandbox = start().await;
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    let create = |id: &'static str| merchant.try_call("POST", "/orders", order(id, 5.0), &[]);
    let exists = async |id: &str| merchant.get(&format!("/orders/{id}")).await.status == 200;

    for (kind, id, took_effect) in
        [(FaultKind::ResetBefore, "order_1", false), (FaultKind::ResetAfter, "order_2", true)]
    {
        sandbox.inject(Fault::new(kind));
        create(id).await.expect_err("reset");
        assert_eq!(exists(id).await, took_effect, "{id}");
    }

    sandbox.inject(Fault::new(FaultKind::Truncated));
    create("order_3").await.expect_err("broken off");
    assert!(exists("order_3").await);

    let html = || Fault::new(FaultKind::Html502).operation("PGCreateOrder");
    sandbox.inject(html());
    sandbox.inject(html().after_effect());
    for (id, took_effect) in [("order_4", false), ("order_5", true)] {
        let answer = create(id).await.expect("an answer");
        assert_eq!((answer.status, answer.header("content-type")), (502, Some("text/html")));
        assert!(answer.text.starts_with("<html>"));
        assert_eq!(exists(id).await, took_effect, "{id}");
    }

    sandbox.inject(Fault::new(FaultKind::Empty500));
    let answer = create("order_6").await.expect("an answer");
    assert_eq!((answer.status, answer.text.as_str()), (500, ""));

    sandbox.inject(Fault::new(FaultKind::RateLimited(7)));
    let answer = create("order_6").await.expect("an answer");
    assert_eq!((answer.status, answer.header("x-ratelimit-retry")), (429, Some("7")));

    sandbox.inject(Fault::new(FaultKind::Delay(Duration::from_millis(150))));
    let started = Instant::now();
    create("order_6").await.expect("an answer").ok();
    assert!(started.elapsed() >= Duration::from_millis(150));
}

#[tokio::test]
async fn a_lost_answer_is_replayed_under_its_key() {
    let sandbox = start().await;
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    sandbox.inject(Fault::new(FaultKind::ResetAfter).operation("PGCreateOrder"));
    let key = [("x-idempotency-key", "k-1")];
    merchant.try_call("POST", "/orders", order("order_1", 5.0), &key).await.expect_err("reset");
    let again = merchant.try_call("POST", "/orders", order("order_1", 5.0), &key).await.expect("an answer");
    assert_eq!(again.header("x-idempotency-replayed"), Some("true"));
    assert_eq!(again.ok()["order_id"], "order_1");
    let seen: Vec<_> = sandbox.requests().into_iter().map(|one| (one.operation, one.status)).collect();
    assert_eq!(seen, [("PGCreateOrder".to_owned(), None), ("PGCreateOrder".to_owned(), Some(200))]);
}

#[tokio::test]
async fn the_controls_work_over_http() {
    let sandbox = start().await;
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    let control = |method: &'static str, path: &str, body: Value| {
        let url = format!("{}/{path}", sandbox.control_url());
        async move { send(method, &url, &[], body.to_string().into_bytes()).await.expect("an answer") }
    };

    let fault = json!({"kind": "empty_500", "operation": "PGCreateOrder", "times": 2});
    control("POST", "faults", fault).await.ok();
    assert_eq!(control("GET", "faults", Value::Null).await.ok()[0]["times"], 2);
    assert_eq!(merchant.post("/orders", order("order_1", 5.0)).await.status, 500);
    assert_eq!(control("POST", "faults", json!({"kind": "flood"})).await.status, 400);
    control("DELETE", "faults", Value::Null).await.ok();

    let created = merchant.order("order_1", 5.0).await;
    merchant.pay(&created, "testsuccess@gocash").await;
    let webhooks = control("GET", "webhooks", Value::Null).await.ok();
    assert_eq!(webhooks[0]["type"], "PAYMENT_SUCCESS_WEBHOOK");
    assert_eq!(webhooks[0]["delivered"], false);
    assert_eq!(control("GET", "requests", Value::Null).await.ok().as_array().map(Vec::len), Some(3));

    control("POST", "clock", json!({"advance_seconds": 60})).await.ok();
    assert_eq!(control("POST", "clock", json!({})).await.status, 400);
    control("DELETE", "state", Value::Null).await.ok();
    assert_eq!(merchant.get("/orders/order_1").await.status, 404);
    assert_eq!(control("GET", "webhooks", Value::Null).await.ok(), json!([]));
    assert_eq!(control("GET", "nothing", Value::Null).await.status, 404);
}

#[tokio::test]
async fn the_same_seed_makes_the_same_ids() {
    let moment = Clock::fixed(UNIX_EPOCH + Duration::from_secs(1_700_000_000));
    let mut answers = Vec::new();
    for seed in [7, 7, 8] {
        let sandbox = Sandbox::builder().seed(seed).clock(moment).start().await.expect("started");
        let merchant = Merchant { sandbox: &sandbox, version: VERSION };
        answers.push(merchant.order("order_1", 5.0).await);
    }
    assert_eq!(answers[0], answers[1]);
    assert_ne!(answers[0], answers[2]);
}

#[tokio::test]
async fn a_dropped_sandbox_is_gone() {
    let sandbox = start().await;
    let url = format!("{}/orders/x", sandbox.base_url());
    drop(sandbox);
    for _ in 0..100 {
        if send("GET", &url, &[], Vec::new()).await.is_err() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("still there");
}
