//! What clients and networks do on a bad day: nothing hangs, nothing panics, and below `/pg` every refusal has
//! Cashfree's shape.

use std::time::{Duration, Instant};

use crate::common::{Merchant, PATIENCE, order, send};
use cashfree_sandbox::{Fault, FaultKind, Sandbox};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

const VERSION: &str = "2025-01-01";

fn address(sandbox: &Sandbox) -> &str {
    sandbox.base_url().trim_start_matches("http://").trim_end_matches("/pg")
}

/// What comes back to these bytes until the connection ends, after which nothing more is said.
async fn raw(sandbox: &Sandbox, bytes: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(address(sandbox)).await.expect("connected");
    let _ = stream.write_all(bytes).await;
    let _ = stream.shutdown().await;
    let mut answer = Vec::new();
    let _ = timeout(PATIENCE, stream.read_to_end(&mut answer)).await.expect("it ends");
    answer
}

fn request(sandbox: &Sandbox, method: &str, path: &str, body: &str, length: usize) -> String {
    format!(
        "{method} {path} HTTP/1.1\r\nhost: x\r\nx-client-id: {}\r\nx-client-secret: {}\r\nx-api-version: {VERSION}\r\n\
         content-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}",
        sandbox.client_id(),
        sandbox.client_secret()
    )
}

/// Status and body of whole bytes of an answer.
fn parts(answer: &[u8]) -> (u16, String) {
    let text = String::from_utf8_lossy(answer).into_owned();
    let status = text.get(9..12).and_then(|digits| digits.parse().ok()).unwrap_or(0);
    let body = text.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    (status, body.to_owned())
}

#[tokio::test]
async fn an_answer_is_spoilt_as_asked_and_the_order_is_there() {
    let sandbox = Sandbox::start().await.expect("started");
    for (at, kind) in
        [FaultKind::WrongLength, FaultKind::EarlyClose, FaultKind::Truncated, FaultKind::ResetAfter]
            .into_iter()
            .enumerate()
    {
        sandbox.inject(Fault::new(kind.clone()).operation("PGCreateOrder"));
        let body = order(&format!("o_{at}"), 10.0).to_string();
        let answer =
            raw(&sandbox, request(&sandbox, "POST", "/pg/orders", &body, body.len()).as_bytes()).await;
        let (status, body) = parts(&answer);
        assert!(serde_json::from_str::<Value>(&body).is_err() || kind == FaultKind::WrongLength, "{kind:?}");
        if kind != FaultKind::ResetAfter {
            let head = String::from_utf8_lossy(&answer).to_lowercase();
            let length = head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next());
            let length: usize = length.and_then(|length| length.parse().ok()).expect("a length");
            assert_eq!(status, 200, "{kind:?}");
            assert!(length > body.len(), "{kind:?}: {length} and {}", body.len());
        }
        let merchant = Merchant { sandbox: &sandbox, version: VERSION };
        assert_eq!(merchant.get(&format!("/orders/o_{at}")).await.status, 200, "{kind:?} took effect");
    }
}

#[tokio::test]
async fn a_dripping_answer_is_whole_and_takes_its_time() {
    let sandbox = Sandbox::start().await.expect("started");
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    sandbox.inject(Fault::new(FaultKind::SlowDrip(Duration::from_millis(400))));
    let started = Instant::now();
    let answer = merchant.order("o_1", 10.0).await;
    assert_eq!(answer["order_id"], "o_1");
    assert!(started.elapsed() > Duration::from_millis(300), "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_gateways_page_comes_before_or_after_the_effect() {
    let sandbox = Sandbox::start().await.expect("started");
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    let pages = [(FaultKind::Html502, 502), (FaultKind::Html503, 503), (FaultKind::Html504, 504)];
    for (kind, status) in pages {
        sandbox.inject(Fault::new(kind.clone()));
        let refused = merchant.post("/orders", order(&format!("a_{status}"), 1.0)).await;
        assert_eq!((refused.status, refused.header("content-type")), (status, Some("text/html")));
        assert_eq!(merchant.get(&format!("/orders/a_{status}")).await.status, 404);
        sandbox.inject(Fault::new(kind).after_effect());
        assert_eq!(merchant.post("/orders", order(&format!("b_{status}"), 1.0)).await.status, status);
        assert_eq!(merchant.get(&format!("/orders/b_{status}")).await.status, 200);
    }
}

#[tokio::test]
async fn the_longest_delay_there_is_holds_up_nobody_else() {
    let sandbox = Sandbox::start().await.expect("started");
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    sandbox.inject(Fault::new(FaultKind::Delay(Duration::MAX)));
    sandbox.inject(Fault::new(FaultKind::SlowDrip(Duration::MAX)));
    let waits = timeout(Duration::from_secs(1), merchant.post("/orders", order("o_1", 1.0))).await;
    assert!(waits.is_err(), "{waits:?}");
    let answer = merchant.get("/orders/o_1").await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn a_client_that_stops_talking_still_gets_its_answer() {
    let sandbox = Sandbox::start().await.expect("started");
    let body = order("o_1", 10.0).to_string();
    let whole = request(&sandbox, "POST", "/pg/orders", &body, body.len());
    let (status, answer) = parts(&raw(&sandbox, whole.as_bytes()).await);
    assert_eq!(status, 200);
    assert_eq!(serde_json::from_str::<Value>(&answer).expect("JSON")["order_id"], "o_1");
    // And one that breaks off does not make an order of half a body.
    let broken = request(&sandbox, "POST", "/pg/orders", &body[..20], body.len());
    let (status, _) = parts(&raw(&sandbox, broken.as_bytes()).await);
    assert_ne!(status, 200);
    assert_eq!(sandbox.requests().len(), 1);
}

/// A body that is wrong somewhere: cut, doubled, of wrong types, too deep, or no text at all.
fn spoilt(random: &mut fastrand::Rng, body: &Value) -> Vec<u8> {
    let mut text = body.to_string().into_bytes();
    match random.u8(..8) {
        0 => text.truncate(random.usize(..text.len())),
        1 => {
            let at = random.usize(..text.len());
            text[at] = random.u8(..);
        }
        2 => text = (0..random.usize(..200)).map(|_| random.u8(..)).collect(),
        3 => {
            let depth = random.usize(1..2000);
            text = [vec![b'['; depth], vec![b']'; depth]].concat();
        }
        4 => {
            let mut body = body.clone();
            let names: Vec<String> = body.as_object().expect("an object").keys().cloned().collect();
            let odd = [
                json!(null),
                json!([]),
                json!({}),
                json!(-1),
                json!(1e308),
                json!("\u{0}'\"<é"),
                json!(true),
            ];
            body[&names[random.usize(..names.len())]] = odd[random.usize(..odd.len())].clone();
            text = body.to_string().into_bytes();
        }
        5 => text.extend(body.to_string().into_bytes()),
        6 => text = format!("{{\"order_amount\": {}}}", "9".repeat(random.usize(1..400))).into_bytes(),
        _ => text.clear(),
    }
    text
}

fn malformed(random: &mut fastrand::Rng, sandbox: &Sandbox) -> Vec<u8> {
    let methods = ["POST", "GET", "PUT", "PATCH", "DELETE", "HEADS", "PROPFIND"];
    let tails = [
        "/orders",
        "/orders/sessions",
        "/orders/o_1/refunds",
        "/links",
        "/subscriptions",
        "/subscriptions/pay",
        "/easy-split/vendors",
        "/settlement/recon",
        "/orders/%00%ff",
        "/../pg/orders",
        "/orders//",
        "",
        "/%",
        "/customers",
        "/offers",
        "/simulate",
        "/disputes/1/documents",
        "/easy-split/vendor-docs/v_1",
    ];
    let odd = [
        "x-api-version: 1999-01-01",
        "x-api-version: \t",
        "content-type: text/xml",
        "content-type: multipart/form-data",
        "content-type: multipart/form-data; boundary=x",
        "x-idempotency-key: ",
        "content-encoding: gzip",
        "x-client-secret: wrong",
        "expect: 100-continue",
        "x-request-id: \u{7f}",
        "cookie: a=b",
    ];
    let method = methods[random.usize(..methods.len())];
    let tail = tails[random.usize(..tails.len())];
    let query = ["", "?", "?limit=-1", "?a=%zz&&=", "?cursor=%ff"][random.usize(..5)];
    let body = spoilt(random, &order("o_1", 10.0));
    let mut head = request(sandbox, method, &format!("/pg{tail}{query}"), "", body.len());
    if random.bool() {
        let line = format!("{}\r\n\r\n", odd[random.usize(..odd.len())]);
        head = head.replace("\r\n\r\n", &format!("\r\n{line}"));
    }
    let mut bytes = head.into_bytes();
    match random.u8(..12) {
        // The head itself is broken.
        0 => {
            let at = random.usize(..bytes.len());
            bytes[at] = random.u8(..);
        }
        1 => bytes.truncate(random.usize(1..bytes.len())),
        _ => bytes.extend(body),
    }
    bytes
}

fn below_pg(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    [" /pg/", " /pg?", " /pg "].iter().any(|start| text.contains(start))
}

#[tokio::test]
async fn a_page_that_no_list_has_is_empty() {
    let sandbox = Sandbox::start().await.expect("started");
    let url = format!("http://{}/gc/virtual-accounts?page={}", address(&sandbox), u64::MAX);
    let token = [("authorization", "Bearer TEST_BEARER_TOKEN")];
    let page = send("GET", &url, &token, Vec::new()).await.expect("an answer").ok();
    assert_eq!((&page["data"]["last"], &page["data"]["vAccounts"]), (&json!(true), &json!([])));
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_malformed_requests_get_cashfrees_shape_or_nothing() {
    let sandbox = Sandbox::builder().rate_limit(u32::MAX).start().await.expect("started");
    let sandbox = std::sync::Arc::new(sandbox);
    let clients = (0..16_u64).map(|seed| {
        let sandbox = std::sync::Arc::clone(&sandbox);
        tokio::spawn(async move {
            let mut random = fastrand::Rng::with_seed(seed);
            for _ in 0..625 {
                let bytes = malformed(&mut random, &sandbox);
                let answer = raw(&sandbox, &bytes).await;
                let shown = || {
                    format!("{:?}\n{:?}", String::from_utf8_lossy(&bytes), String::from_utf8_lossy(&answer))
                };
                let (status, body) = parts(&answer);
                // Nothing at all is for heads that never end; what is not below `/pg` may be answered by anything.
                if status < 400 || !below_pg(&bytes) {
                    assert!(status < 500, "{}", shown());
                    continue;
                }
                let body: Value = serde_json::from_str(&body).unwrap_or_else(|e| panic!("{e}: {}", shown()));
                for member in ["message", "code", "type"] {
                    assert!(body[member].is_string(), "{}", shown());
                }
            }
        })
    });
    for client in clients.collect::<Vec<_>>() {
        client.await.expect("every answer was right");
    }
    let merchant = Merchant { sandbox: &sandbox, version: VERSION };
    merchant.order("still_here", 1.0).await;
}
