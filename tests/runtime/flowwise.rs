//! Flowwise, as its page says: no schema, a base URL of the caller's, and whatever paths there are below it.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::{Reply, SECRET, Server, refusal};
use cashfree_pg::{ApiVersion, Cashfree, Environment, ErrorKind, Method, types::Amount};
use serde::Deserialize;
use serde_json::json;

fn version() -> ApiVersion {
    ApiVersion::new("2025-01-01").unwrap()
}

/// A handle for a base URL that has nothing to do with the gateway's `/pg`.
fn flowwise(server: &Server) -> Cashfree {
    let base = server.url().replace("/pg", "/orchestration/flowwise");
    server.builder().environment(Environment::custom(&base).unwrap()).build().unwrap()
}

#[tokio::test]
async fn any_path_below_any_base_url_is_reached_with_the_keys() {
    let server = Server::start(|_| Reply::json(200, r#"{"status":"OK"}"#)).await;
    let api = flowwise(&server);
    for method in [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
        let call = api.request(version(), method.clone(), "/orders/{id}/routes").path("id", "a/b");
        let call = call.query("gateway", "x y");
        let call = if method == Method::GET { call } else { call.json(&json!({ "order_amount": 499.5 })) };
        assert_eq!(call.await.unwrap().json()["status"], "OK");
        let seen = server.seen().pop().unwrap();
        assert_eq!(seen.method, method.as_str());
        assert_eq!(seen.target, "/orchestration/flowwise/orders/a%2Fb/routes?gateway=x+y");
        let headers = ["x-client-id", "x-client-secret", "x-api-version"].map(|name| seen.header(name));
        assert_eq!(headers, ["client-1", SECRET, "2025-01-01"]);
        let keyed = matches!(method, Method::POST | Method::PATCH);
        assert_eq!(seen.header("x-idempotency-key").is_empty(), !keyed, "{method}");
        assert_eq!(seen.body.is_empty(), method == Method::GET);
    }
}

#[tokio::test]
async fn a_change_whose_answer_is_lost_is_repeated_with_its_key_and_then_in_doubt() {
    let attempts = AtomicUsize::new(0);
    let server = Server::start(move |_| match attempts.fetch_add(1, Ordering::SeqCst) {
        0 => Reply::Reset(Vec::new()),
        1 => Reply::json(200, r#"{"status":"CREATED"}"#),
        _ => Reply::Reset(Vec::new()),
    })
    .await;
    let api = flowwise(&server);
    let create = || api.request(version(), Method::POST, "/orders").json(&json!({ "order_id": "order_1" }));
    let order = create().idempotency_key("order_1").await.unwrap();
    assert_eq!((order.json()["status"].as_str(), order.meta().attempts()), (Some("CREATED"), 2));
    assert!(server.seen().iter().all(|seen| seen.header("x-idempotency-key") == "order_1"));
    assert_eq!(create().await.unwrap_err().kind(), ErrorKind::OutcomeUnknown);
    assert_eq!(create().read_only().await.unwrap_err().kind(), ErrorKind::Unanswered);
}

#[tokio::test]
async fn a_refusal_is_one_and_an_amount_stays_exact() {
    #[derive(Deserialize)]
    struct Order {
        amount: Amount,
    }
    let server = Server::start(|request| match request.method.as_str() {
        "GET" => Reply::json(200, r#"{"amount":"90071992547409.93"}"#),
        _ => refusal(422, "invalid_request_error", "route_invalid"),
    })
    .await;
    let api = flowwise(&server);
    let error = api.request(version(), Method::PUT, "/routes/r_1").await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Rejected, Some("route_invalid")));
    let order = api.request(version(), Method::GET, "/orders/o_1").await.unwrap().read::<Order>().unwrap();
    assert_eq!(order.amount.to_paise(), Some(9_007_199_254_740_993));
}
