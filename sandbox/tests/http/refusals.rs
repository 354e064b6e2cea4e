//! What production refuses, with its codes; and what an official test suite expects.

use std::time::Duration;

use crate::common::{Merchant, order, send};
use cashfree_sandbox::Sandbox;
use serde_json::{Value, json};

const VERSION: &str = "2025-01-01";

async fn start() -> Sandbox {
    Sandbox::start().await.expect("started")
}

/// Sets a member at a dotted path.
fn set(body: &mut Value, path: &str, value: Value) {
    let mut place = body;
    for name in path.split('.') {
        place = &mut place[name];
    }
    *place = value;
}

#[tokio::test]
async fn an_order_that_production_refuses_is_refused() {
    let sandbox = start().await;
    for version in cashfree_sandbox::versions() {
        let merchant = Merchant { sandbox: &sandbox, version };
        for (path, value, code) in [
            ("order_amount", json!(-100), "order_amount_invalid"),
            ("order_amount", json!("5e-324"), "order_amount_invalid"),
            ("order_currency", json!("INjR"), "order_currency_invalid"),
            ("order_currency", json!("XYZ"), "order_currency_invalid"),
            ("order_currency", json!(""), "order_currency_missing"),
            ("order_id", json!("order 1"), "order_id_invalid"),
            ("customer_details.customer_id", json!("a@b.in"), "customer_details.customer_id_invalid"),
            ("customer_details.customer_id", Value::Null, "customer_details.customer_id_missing"),
            ("customer_details.customer_phone", json!(""), "customer_details.customer_phone_missing"),
            (
                "customer_details.customer_phone",
                json!("abcdefghij"),
                "customer_details.customer_phone_invalid",
            ),
            ("customer_details.customer_email", json!("nonsense"), "customer_details.customer_email_invalid"),
            ("order_meta.return_url", json!("nonsense"), "order_meta.return_url_invalid"),
            ("order_meta.notify_url", json!("ftp://x"), "order_meta.notify_url_invalid"),
            ("order_expiry_time", json!("tomorrow"), "order_expiry_time_invalid"),
        ] {
            let mut body = order("order_1", 5.0);
            set(&mut body, path, value.clone());
            let refused = merchant.post("/orders", body).await;
            assert_eq!(refused.problem(), (400, code.to_owned()), "{version} {path} {value}");
            assert!(refused.json()["help"].is_string());
        }
        let mut body = order(&format!("order_{version}"), 5.0);
        set(&mut body, "order_note", Value::Null);
        set(&mut body, "order_meta.return_url", json!("https://shop.example/?id={order_id}"));
        merchant.post("/orders", body).await.ok();
    }
}

#[tokio::test]
async fn a_payment_that_production_refuses_is_refused() {
    let sandbox = start().await;
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    let created = merchant.order("order_1", 5000.0).await;
    let pay = |method: Value| {
        let body = json!({"payment_session_id": created["payment_session_id"], "payment_method": method});
        merchant.post("/orders/sessions", body)
    };
    let card = |name: &str, value: &str| {
        let mut card = crate::common::card("4111111111111111");
        card[name] = json!(value);
        json!({ "card": card })
    };
    let emi = |bank: &str, months: u64| {
        let mut card = crate::common::card("4111111111111111");
        (card["card_bank_name"], card["emi_tenure"]) = (json!(bank), json!(months));
        json!({ "emi": card })
    };
    for (method, code) in [
        (card("card_number", "4111111111111112"), "card_number_invalid"),
        // Ten digits after the beginning of a card to keep; the check digit is wrong.
        (card("card_number", "4706131234567890"), ""),
        (card("card_cvv", ""), "card_cvv_missing"),
        (card("card_cvv", "12"), "card_cvv_invalid"),
        (card("card_expiry_mm", "13"), "card_expiry_mm_invalid"),
        (card("card_expiry_yy", "20"), "card_expiry_yy_invalid"),
        (card("instrument_id", "nothing"), "instrument_id_invalid"),
        (json!({"upi": {"channel": "collect"}}), "upi_id_missing"),
        (json!({"upi": {"channel": "collect", "upi_id": "nonsense"}}), "upi_id_invalid"),
        (
            json!({"netbanking": {"channel": "link", "netbanking_bank_code": 9999}}),
            "netbanking_bank_code_invalid",
        ),
        (json!({"netbanking": {"channel": "link"}}), "netbanking_bank_code_missing"),
        (json!({"app": {"channel": "link", "provider": "phonepe", "phone": "1"}}), "phone_invalid"),
        (emi("hdfc", 7), "emi_tenure_invalid"),
        (emi("axis", 3), ""),
        (json!({"banktransfer": {"channel": "link"}}), "payment_method_unsupported"),
        (json!({"barter": {}}), "payment_method_invalid"),
        (json!({"app": null, "card": null}), "payment_method_invalid"),
    ] {
        let answer = pay(method.clone()).await;
        match code {
            "" => drop(answer.ok()),
            code => assert_eq!(answer.problem(), (400, code.to_owned()), "{method}"),
        }
    }
    let mut body = order("order_2", 5000.0);
    body["order_meta"] = json!({"payment_methods": "upi,nb"});
    let created = merchant.post("/orders", body).await.ok();
    let body = json!({
        "payment_session_id": created["payment_session_id"],
        "payment_method": {"card": crate::common::card("4111111111111111")},
    });
    assert_eq!(merchant.post("/orders/sessions", body).await.problem().1, "payment_method_unsupported");
    let nobody = json!({"payment_session_id": "x", "payment_method": {"upi": {"channel": "link"}}});
    assert_eq!(merchant.post("/orders/sessions", nobody).await.problem().1, "payment_session_id_invalid");
}

#[tokio::test]
async fn null_members_and_members_that_name_no_method_do_not_count() {
    let sandbox = start().await;
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    let upi = json!({"channel": "collect", "upi_id": "testsuccess@gocash"});
    for (id, other, value) in [
        ("order_1", "app", Value::Null),
        ("order_2", "card", Value::Null),
        ("order_3", "comment", json!("x")),
    ] {
        let created = merchant.order(id, 5.0).await;
        let body = json!({
            "payment_session_id": created["payment_session_id"], "payment_method": {other: value, "upi": upi},
        });
        assert_eq!(merchant.post("/orders/sessions", body).await.ok()["payment_method"], "upi", "{other}");
        assert_eq!(merchant.get(&format!("/orders/{id}")).await.ok()["order_status"], "PAID", "{other}");
    }
}

#[tokio::test]
async fn every_test_value_has_an_outcome_of_its_own() {
    let sandbox = start().await;
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    let mut codes = Vec::new();
    for (at, name) in [
        "testfailure",
        "testinvalid",
        "testdeclineuser",
        "testexpired",
        "testtimeoutbank",
        "testinsufficientfunds",
        "testbankdeclined",
        "testriskflagged",
        "testnetworkerror",
        "testinvalidpin",
        "testtpvfail",
    ]
    .into_iter()
    .enumerate()
    {
        let created = merchant.order(&format!("order_{at}"), 5.0).await;
        merchant.pay(&created, &format!("{name}@gocash")).await;
        let shown = merchant.get(&format!("/orders/order_{at}/payments")).await.ok()[0].clone();
        assert_eq!(shown["payment_status"], "FAILED", "{name}");
        codes.push(shown["error_details"]["error_reason"].as_str().expect(name).to_owned());
    }
    codes.sort();
    codes.dedup();
    assert_eq!(codes.len(), 11, "{codes:?}");
    let created = merchant.order("order_dropped", 5.0).await;
    merchant.pay(&created, "testuserdropped@gocash").await;
    let shown = merchant.get("/orders/order_dropped/payments").await.ok();
    assert_eq!(shown[0]["payment_status"], "USER_DROPPED");
    for (id, account, status) in [("order_right", "1111222233", "SUCCESS"), ("order_wrong", "9999", "FAILED")]
    {
        let mut body = order(id, 5.0);
        body["customer_details"]["customer_bank_account_number"] = json!(account);
        body["customer_details"]["customer_bank_ifsc"] = json!("TEST0001234");
        let created = merchant.post("/orders", body).await.ok();
        merchant.pay(&created, "testtpvsuccess@gocash").await;
        let shown = merchant.get(&format!("/orders/{id}/payments")).await.ok();
        assert_eq!(shown[0]["payment_status"], status, "{id}");
    }
}

#[tokio::test]
async fn methods_are_called_in_events_as_events_call_them() {
    let sandbox = start().await;
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    let mut emi = crate::common::card("4111111111111111");
    (emi["card_bank_name"], emi["emi_tenure"]) = (json!("hdfc"), json!(3));
    for (id, method, key, group) in [
        ("order_1", json!({ "emi": emi }), "card", "credit_card_emi"),
        (
            "order_2",
            json!({"paylater": {"channel": "link", "provider": "simpl", "phone": "8714268343"}}),
            "pay_later",
            "pay_later",
        ),
        ("order_3", json!({"card": crate::common::card("4706131211212123")}), "card", "debit_card"),
        (
            "order_4",
            json!({"app": {"channel": "link", "provider": "phonepe", "phone": "9999999999"}}),
            "app",
            "wallet",
        ),
    ] {
        let created = merchant.order(id, 5000.0).await;
        let body = json!({"payment_session_id": created["payment_session_id"], "payment_method": method});
        let started = merchant.post("/orders/sessions", body).await.ok();
        sandbox.decide_payment(started["cf_payment_id"].as_str().expect("an id"), "SUCCESS");
        let sent = sandbox.webhooks().pop().expect("told");
        let body: Value = serde_json::from_str(&sent.body).expect("JSON");
        crate::common::schema::event(VERSION, &sent.event_type, &body)
            .unwrap_or_else(|fault| panic!("{fault}"));
        let payment = &body["data"]["payment"];
        assert_eq!(
            (payment["payment_method"].get(key).is_some(), &payment["payment_group"]),
            (true, &json!(group)),
            "{payment}"
        );
        assert_eq!(payment["auth_id"].is_string(), key == "card");
    }
    let emi = &serde_json::from_str::<Value>(&sandbox.webhooks()[0].body).expect("JSON")["data"]["payment"];
    assert_eq!(emi["payment_method"]["card"]["emi_details"]["emi_tenure"], 3);
}

/// The fourteen cases of the tests that Cashfree's own SDK for Node comes with, as requests and answers.
#[tokio::test]
async fn what_an_official_test_suite_expects() {
    let sandbox = start().await;
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    let mut number = 0;
    let mut create = || {
        number += 1;
        json!({
            "order_amount": 1, "order_currency": "INR", "order_id": format!("order_{number}"),
            "customer_details": {
                "customer_id": "testCustomer", "customer_phone": "9999999999", "customer_email": "t@example.com",
            },
            "order_meta": {"return_url": "https://shop.example/checkout?order_id={order_id}"},
        })
    };
    let created = merchant.post("/orders", create()).await.ok();
    assert!(created["payment_session_id"].is_string());
    let card = |cvv: &str| {
        json!({"card": {
            "channel": "link", "card_number": "4838305610460100", "card_holder_name": "T", "card_expiry_mm": "06",
            "card_expiry_yy": "30", "card_cvv": cvv,
        }})
    };
    let bank = json!({"netbanking": {"netbanking_bank_code": 3087, "channel": "link"}});
    let wallet = json!({"app": {"provider": "phonepe", "phone": "8474090512", "channel": "link"}});
    for (method, name) in [(bank, "netbanking"), (card("123"), "card"), (wallet, "app")] {
        for _ in 0..2 {
            let created = merchant.post("/orders", create()).await.ok();
            let body = json!({"payment_session_id": created["payment_session_id"], "payment_method": method});
            let paid = merchant.post("/orders/sessions", body).await.ok();
            assert_eq!((&paid["channel"], &paid["payment_method"]), (&json!("link"), &json!(name)));
            assert!(paid["payment_amount"].as_f64().is_some_and(|amount| amount >= 1.0));
        }
    }
    for _ in 0..2 {
        let created = merchant.post("/orders", create()).await.ok();
        let body = json!({"payment_session_id": created["payment_session_id"], "payment_method": card("")});
        let refused = merchant.post("/orders/sessions", body).await.json();
        assert_eq!(refused["code"], "card_cvv_missing");
        assert_eq!(refused["type"], "invalid_request_error");
        assert_eq!(refused["message"], "card_cvv : is missing in the request. Value received: ");
    }
    for (path, value, code, said) in [
        ("order_currency", json!("INjR"), "order_currency_invalid", "order_currency"),
        ("order_amount", json!(-100), "order_amount_invalid", "Invalid amount"),
        (
            "customer_details.customer_phone",
            json!(""),
            "customer_details.customer_phone_missing",
            "customer_phone",
        ),
    ] {
        let mut body = create();
        set(&mut body, path, value);
        let refused = merchant.post("/orders", body).await.json();
        assert_eq!((&refused["code"], &refused["type"]), (&json!(code), &json!("invalid_request_error")));
        assert!(refused["message"].as_str().is_some_and(|text| text.contains(said)), "{refused}");
    }
    assert_eq!(merchant.get("/orders/order_1").await.ok()["order_currency"], "INR");
    merchant.get("/orders/order_1/payments").await.ok();
}

#[tokio::test]
async fn a_browser_may_call_what_needs_no_credentials() {
    let sandbox = start().await;
    let ask = async |path: &str, method: &str| {
        let headers = [
            ("origin", "https://shop.example"),
            ("access-control-request-method", method),
            ("access-control-request-headers", "content-type,x-api-version"),
        ];
        send("OPTIONS", &format!("{}{path}", sandbox.base_url()), &headers, Vec::new())
            .await
            .expect("an answer")
    };
    let allowed = ask("/orders/sessions", "POST").await;
    assert_eq!((allowed.status, allowed.header("access-control-allow-origin")), (204, Some("*")));
    assert_eq!(allowed.header("access-control-allow-headers"), Some("content-type,x-api-version"));
    assert_eq!(ask("/orders/pay/authenticate/1", "POST").await.status, 204);
    assert_eq!(ask("/orders", "POST").await.problem().1, "request_failed");
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    let paid = merchant.post("/orders/sessions", json!({})).await;
    assert_eq!(paid.header("access-control-allow-origin"), Some("*"));
}

#[tokio::test]
async fn keys_count_on_posts_with_credentials_for_a_day_and_in_every_version() {
    let sandbox = start().await;
    let at = |version: &'static str| Merchant { sandbox: &sandbox, version };
    let key = [("x-idempotency-key", "k-1")];
    let first =
        at("2025-01-01").try_call("POST", "/orders", order("order_1", 5.0), &key).await.expect("created");
    let again =
        at("2022-09-01").try_call("POST", "/orders", order("order_1", 5.0), &key).await.expect("replayed");
    assert_eq!(again.header("x-idempotency-replayed"), Some("true"));
    assert!(first.json()["cf_order_id"].is_string());
    assert!(again.json()["cf_order_id"].is_u64(), "in the shape of the version that asks");

    // A refusal is replayed, too.
    let refused =
        at(VERSION).try_call("POST", "/orders", order("order_1", 5.0), &[("x-idempotency-key", "k-2")]).await;
    assert_eq!(refused.expect("refused").problem().1, "order_already_exists");
    // What needs no credentials is not, and neither is a change that is no POST.
    let created = first.json();
    let body = json!({
        "payment_session_id": created["payment_session_id"], "payment_method": {"upi": {"channel": "link"}},
    });
    let mut ids = Vec::new();
    for _ in 0..2 {
        let paid = at(VERSION).try_call("POST", "/orders/sessions", body.clone(), &key).await.expect("paid");
        assert_eq!(paid.header("x-idempotency-replayed"), None);
        ids.push(paid.ok()["cf_payment_id"].clone());
    }
    assert_ne!(ids[0], ids[1]);
    sandbox.advance(Duration::from_secs(25 * 60 * 60));
    let late = at(VERSION).try_call("POST", "/orders", order("order_1", 5.0), &key).await.expect("an answer");
    assert_eq!(late.problem(), (409, "order_already_exists".into()));
}

#[tokio::test]
async fn published_rate_limits_are_kept_to() {
    let sandbox = Sandbox::builder().published_rate_limits().start().await.expect("started");
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    for left in (0..30).rev() {
        let answer = merchant.get("/orders/x/refunds/y").await;
        assert_eq!(answer.header("x-ratelimit-remaining"), Some(left.to_string().as_str()));
    }
    let over = merchant.get("/orders/x/refunds/y").await;
    assert_eq!((over.status, over.header("x-ratelimit-limit")), (429, Some("30")));
    for name in ["x-ratelimit-retry", "x-ratelimit-reset", "x-ratelimit-type"] {
        assert!(over.header(name).is_some(), "{name}");
    }
    assert_eq!(merchant.get("/orders/x").await.status, 404, "another operation has its own");
}
