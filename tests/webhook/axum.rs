//! The extractor, behind a real server and real HTTP.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::routing::post;
use cashfree_pg::webhook::axum::{Webhook, WebhookRejection};
use cashfree_pg::webhook::{Delivery, SignedHeaders, Verifier, WebhookError, sign};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const SECRET: &str = "a_dummy_secret";
const TEST_CALL: &[u8] = br#"{"type":"WEBHOOK","data":{"test_object":{"test_key":"test_value"}}}"#;

/// What the handlers were called with.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn add(&self, line: String) {
        self.0.lock().unwrap().push(line);
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

#[derive(Clone)]
struct Shop {
    verifier: Verifier,
    log: Log,
}

impl axum::extract::FromRef<Shop> for Verifier {
    fn from_ref(shop: &Shop) -> Self {
        shop.verifier.clone()
    }
}

async fn plain(State(shop): State<Shop>, Webhook(event): Webhook) {
    shop.log.add(format!("{} {:?} {:?}", event.event_type(), event.order_id(), event.attempt()));
}

async fn careful(
    State(shop): State<Shop>,
    webhook: Result<Webhook, WebhookRejection>,
) -> Result<(), WebhookRejection> {
    let Webhook(event) = webhook.inspect_err(|rejection| {
        shop.log.add(format!("{rejection}; test: {}", rejection.is_dashboard_test()))
    })?;
    shop.log.add(event.dedupe_key());
    Ok(())
}

async fn serve(verifier: Verifier) -> (SocketAddr, Log) {
    let shop = Shop { verifier, log: Log::default() };
    let log = shop.log.clone();
    let app = Router::new().route("/plain", post(plain)).route("/careful", post(careful)).with_state(shop);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    (address, log)
}

/// Sends a request as bytes, and gives the status and the body of the answer. This side stays open until then: a server
/// that hears its client leave owes it no answer.
async fn send(address: SocketAddr, head: String, body: &[u8]) -> (u16, String) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    // A server that has seen enough may close before everything is written.
    let _ = stream.write_all(body).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    let answer = String::from_utf8(answer).unwrap();
    let status = answer.split(' ').nth(1).unwrap_or_default().parse().unwrap_or_default();
    let body = answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default();
    (status, body)
}

async fn post_to<N: AsRef<str>>(
    address: SocketAddr,
    path: &str,
    headers: impl IntoIterator<Item = (N, String)>,
    body: &[u8],
) -> (u16, String) {
    let mut head = format!("POST {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{}: {value}\r\n", name.as_ref()));
    }
    head.push_str(&format!("content-length: {}\r\n\r\n", body.len()));
    send(address, head, body).await
}

const NO_HEADERS: [(&str, String); 0] = [];

#[tokio::test]
async fn a_signed_delivery_reaches_the_handler() {
    let (address, log) = serve(Verifier::new(SECRET)).await;
    let delivery = Delivery::event("PAYMENT_SUCCESS_WEBHOOK")
        .data_text(r#"{"order":{"order_id":"o_1","order_amount":170.00}}"#)
        .attempt(2)
        .sign(SECRET);
    let answer = post_to(address, "/plain", delivery.headers(), delivery.body()).await;
    assert_eq!(answer, (200, String::new()));
    assert_eq!(log.take(), [r#"PAYMENT_SUCCESS_WEBHOOK Some("o_1") Some(2)"#]);
}

#[tokio::test]
async fn what_is_turned_away_never_reaches_it() {
    let (address, log) = serve(Verifier::new(SECRET)).await;
    let body = br#"{"type":"X"}"#;
    let refused = |headers, body: &'static [u8]| async move {
        let (status, answer) = post_to(address, "/plain", headers, body).await;
        assert_eq!(answer, "", "the reason is not for the sender");
        status
    };
    let good = Delivery::body_as_is(body.to_vec()).sign(SECRET).headers();
    let stranger = Delivery::body_as_is(body.to_vec()).sign("wrong").headers();
    let old = SignedHeaders::new(sign(SECRET, "1754500000123", body), "1754500000123");
    let no_json = Delivery::body_as_is(*b"hello").sign(SECRET).headers();
    let doubled = [good.clone(), good.clone()].concat();

    assert_eq!(refused(vec![], body).await, 401);
    assert_eq!(refused(stranger, body).await, 401);
    assert_eq!(refused(good, br#"{"type":"Y"}"#).await, 401);
    assert_eq!(refused(old.into_iter().collect(), body).await, 401);
    assert_eq!(refused(no_json, b"hello").await, 400);
    assert_eq!(refused(doubled, body).await, 400);
    assert_eq!(log.take(), [""; 0]);

    let (address, log) = serve(Verifier::new("")).await;
    let good = Delivery::body_as_is(body.to_vec()).sign("").headers();
    assert_eq!(post_to(address, "/plain", good, body).await.0, 500);
    assert_eq!(log.take(), [""; 0]);
}

#[tokio::test]
async fn bodies_are_read_up_to_the_limit() {
    let verifier = || Verifier::builder().secret(SECRET).max_body(4_000_000);
    let (address, log) = serve(verifier().build()).await;
    // More than axum's own limit of two megabytes, which is not the one that counts.
    let large = format!(r#"{{"type":"X","data":"{}"}}"#, "a".repeat(3_000_000)).into_bytes();
    let delivery = Delivery::body_as_is(large).sign(SECRET);
    assert_eq!(post_to(address, "/plain", delivery.headers(), delivery.body()).await.0, 200);
    assert_eq!(log.take().len(), 1);

    let (address, log) = serve(verifier().max_body(1000).build()).await;
    let delivery = Delivery::body_as_is(vec![b' '; 1001]).sign(SECRET);
    let (status, _) = post_to(address, "/careful", delivery.headers(), delivery.body()).await;
    assert_eq!(status, 413);
    // Without a length that could be checked beforehand.
    let head = "POST /careful HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
        transfer-encoding: chunked\r\n\r\n";
    let chunks = format!("1f4\r\n{0}\r\n1f5\r\n{0}b\r\n0\r\n\r\n", "a".repeat(500));
    let (status, _) = send(address, head.to_owned(), chunks.as_bytes()).await;
    assert_eq!(status, 413);
    let expected = WebhookError::BodyTooLarge { limit: 1000 };
    assert_eq!(log.take(), vec![format!("{expected}; test: false"); 2]);
}

#[tokio::test]
async fn a_body_that_breaks_off_is_not_an_event() {
    let (address, log) = serve(Verifier::new(SECRET)).await;
    let head =
        "POST /careful HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: 100\r\n\r\n";
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(&[head.as_bytes(), b"half"].concat()).await.unwrap();
    stream.shutdown().await.unwrap();
    let expected = format!("{}; test: false", WebhookError::BodyUnreadable);
    for _ in 0..100 {
        let lines = log.take();
        if !lines.is_empty() {
            assert_eq!(lines, [expected]);
            return;
        }
        tokio::task::yield_now().await;
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    panic!("the handler never learned of it");
}

#[tokio::test]
async fn the_dashboard_test_call_is_answered_signed_or_not() {
    let (address, log) = serve(Verifier::new(SECRET)).await;
    assert_eq!(post_to(address, "/plain", NO_HEADERS, TEST_CALL).await.0, 200);
    assert_eq!(log.take(), [""; 0]);
    assert_eq!(post_to(address, "/careful", NO_HEADERS, TEST_CALL).await.0, 200);
    assert_eq!(log.take(), ["the header x-webhook-signature is missing; test: true"]);

    let signed = Delivery::body_as_is(TEST_CALL).sign(SECRET);
    assert_eq!(post_to(address, "/plain", signed.headers(), TEST_CALL).await.0, 200);
    assert_eq!(log.take(), ["WEBHOOK None None"]);

    // A wrong signature is wrong on a test call too: it shows that the secret is.
    let stranger = Delivery::body_as_is(TEST_CALL).sign("wrong");
    assert_eq!(post_to(address, "/plain", stranger.headers(), TEST_CALL).await.0, 401);
    // Nothing else gets through for looking like one.
    let other = br#"{"type":"WEBHOOK","data":{"test_object":{},"payment":{"cf_payment_id":"1"}}}"#;
    assert_eq!(post_to(address, "/plain", NO_HEADERS, other).await.0, 401);
    assert_eq!(log.take(), [""; 0]);
}
