//! From a sender to a shop, over HTTP: the sandbox delivers, the axum examples receive. Each event is handled
//! once, however often it comes and whatever goes wrong on the way.

#[allow(dead_code, unreachable_pub)]
#[path = "../../examples/axum-webhook/src/main.rs"]
mod describing;
#[allow(dead_code, unreachable_pub)]
#[path = "../../examples/webhook-once/src/main.rs"]
mod once;

use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::samples::{Sample, samples};
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use cashfree_pg::webhook::{AnyPayload, Delivery, Event, Verifier, sign};
use cashfree_sandbox::Sandbox;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

const PATH: &str = "/webhooks/cashfree";
const PATIENCE: Duration = Duration::from_secs(15);

async fn serve(app: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}

async fn sandbox(receiver: SocketAddr, copies: u32) -> Sandbox {
    Sandbox::builder()
        .webhook_url(format!("http://{receiver}{PATH}"))
        .webhook_copies(copies)
        .webhook_retries([20, 30, 50, 80, 120].map(Duration::from_millis))
        .start()
        .await
        .expect("a sandbox")
}

/// The next event, or none where none comes.
async fn next(events: &mut mpsc::Receiver<Event>, wait: Duration) -> Option<Event> {
    tokio::time::timeout(wait, events.recv()).await.ok().flatten()
}

/// A receiver on a bad day. By how often a body has come before: 503 before the shop sees it, then an answer
/// that is lost after the shop has dealt with it, then all is well.
#[derive(Clone, Default)]
struct BadDay {
    came: Arc<Mutex<HashMap<Bytes, u32>>>,
    log: Arc<Mutex<Vec<(u32, u16)>>>,
}

async fn spoil(State(day): State<BadDay>, request: Request, next: Next) -> Response {
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, 1 << 20).await else { return StatusCode::BAD_REQUEST.into_response() };
    let before = {
        let mut came = day.came.lock().expect("no panic");
        let count = came.entry(body.clone()).or_default();
        *count += 1;
        *count - 1
    };
    let answer = match before {
        0 | 1 => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        2 => {
            let answer = next.run(Request::from_parts(head, Body::from(body))).await;
            assert_eq!(answer.status(), StatusCode::OK);
            StatusCode::GATEWAY_TIMEOUT.into_response()
        }
        _ => next.run(Request::from_parts(head, Body::from(body))).await,
    };
    day.log.lock().expect("no panic").push((before, answer.status().as_u16()));
    answer
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_event_of_every_version_is_handled_exactly_once() {
    let probe = Sandbox::start().await.expect("a sandbox");
    let (app, mut handled) = once::app(Verifier::new(probe.client_secret()), 1000);
    let day = BadDay::default();
    let address = serve(app.layer(from_fn_with_state(day.clone(), spoil))).await;
    let sandbox = sandbox(address, 2).await;

    let sent: Vec<Sample> = crate::samples::versions().flat_map(|version| samples(version, 0)).collect();
    for sample in &sent {
        sandbox.deliver_body(&sample.version, &sample.event_type, sample.text());
    }
    let mut seen = BTreeMap::new();
    for _ in &sent {
        let event = next(&mut handled, PATIENCE).await.expect("another event");
        let sample =
            sent.iter().find(|sample| sample.text().as_bytes() == event.raw_body()).expect("one sent");
        assert_eq!(event.event_type(), sample.event_type);
        assert_eq!(event.version(), Some(sample.version.as_str()));
        let on = AnyPayload::VERSIONS.contains(&sample.version.as_str());
        assert_eq!(event.typed().expect("it fits") != AnyPayload::Unknown, on);
        *seen.entry((sample.version.clone(), sample.event_type.clone())).or_insert(0) += 1;
    }
    // Everything has been acknowledged, twice over, and nothing more was handled on the way.
    let acknowledged = || sandbox.webhooks().iter().filter(|one| one.is_delivered()).count();
    for _ in 0..100 {
        if acknowledged() == sent.len() * 2 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(acknowledged(), sent.len() * 2, "every copy is acknowledged in the end");
    assert!(next(&mut handled, Duration::from_millis(100)).await.is_none(), "handled once more");
    assert_eq!(seen.len(), sent.len());
    assert!(seen.values().all(|times| *times == 1), "{seen:?}");

    // And it was a bad day: each body came four times at least, and was refused three times.
    let log = day.log.lock().expect("no panic").clone();
    let refused = |status| log.iter().filter(|(_, answered)| *answered == status).count();
    assert_eq!((refused(503), refused(504)), (sent.len() * 2, sent.len()));
    let delivered = sandbox.webhooks();
    assert!(delivered.iter().any(|one| one.attempt > 1 && one.is_delivered()));
    // A retry is signed anew and keeps its key, where its version has one.
    for sample in &sent {
        let mut of_sample = delivered.iter().filter(|one| one.body == sample.text());
        let key = of_sample.next().expect("delivered").idempotency_key.clone();
        assert_eq!(key.is_some(), sample.version.as_str() >= "2025-01-01");
        assert!(of_sample.all(|one| one.idempotency_key == key));
    }
}

#[tokio::test]
async fn a_full_queue_turns_an_event_away_and_takes_it_later() {
    let probe = Sandbox::start().await.expect("a sandbox");
    let (app, mut handled) = once::app(Verifier::new(probe.client_secret()), 1);
    let address = serve(app).await;
    let sandbox = sandbox(address, 1).await;
    let sent: Vec<Sample> = samples("2025-01-01", 0).into_iter().take(3).collect();
    for sample in &sent {
        sandbox.deliver_body(&sample.version, &sample.event_type, sample.text());
    }
    let turned_away = sandbox.wait_for_webhook(PATIENCE, |one| one.status == Some(503)).await;
    assert!(turned_away.is_some());
    let mut bodies = Vec::new();
    for _ in &sent {
        let event = next(&mut handled, PATIENCE).await.expect("another event");
        bodies.push(String::from_utf8(event.raw_body().to_vec()).expect("text"));
    }
    bodies.sort();
    let mut expected: Vec<String> = sent.iter().map(Sample::text).collect();
    expected.sort();
    assert_eq!(bodies, expected);
    assert!(next(&mut handled, Duration::from_millis(200)).await.is_none(), "handled once more");
}

/// Sends a request as it is, and gives the status of the answer.
async fn post(address: SocketAddr, headers: &[(&str, String)], body: &[u8]) -> u16 {
    let mut head = format!("POST {PATH} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!("content-length: {}\r\n\r\n", body.len()));
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream.write_all(head.as_bytes()).await.expect("sent");
    // A server that has seen enough may close before everything is written.
    let _ = stream.write_all(body).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default()
}

#[tokio::test]
async fn what_is_wrong_is_turned_away_by_its_status_and_never_handled() {
    const SECRET: &str = "a_dummy_secret";
    let (app, mut handled) = once::app(Verifier::new(SECRET), 10);
    let describing = describing::app(Verifier::new(SECRET));
    let body = br#"{"type":"PAYMENT_SUCCESS_WEBHOOK","data":{"payment":{"cf_payment_id":"7"}}}"#;
    let signed = |body: &[u8]| Delivery::body_as_is(body.to_vec()).version("2025-01-01").sign(SECRET);
    let good = signed(body).headers();
    let without = |name: &str| -> Vec<_> { good.iter().filter(|(one, _)| *one != name).cloned().collect() };
    let with = |name: &'static str, value: &str| [without(name), vec![(name, value.to_owned())]].concat();
    let at = |milliseconds: u128| {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a clock");
        (now.as_millis() + milliseconds - 3_600_000).to_string()
    };
    let (old, early) = (at(0), at(7_200_000));
    let large = vec![b' '; Verifier::DEFAULT_MAX_BODY + 1];
    let test_call: &[u8] = br#"{"type":"WEBHOOK","data":{"test_object":{}}}"#;
    let no_event: &[u8] = br#"{"data":{}}"#;
    let twice: &[u8] = br#"{"type":"A","type":"B"}"#;

    type Headers<'a> = Vec<(&'a str, String)>;
    let cases: Vec<(&str, u16, Headers<'_>, &[u8])> = vec![
        ("no headers", 401, vec![], body),
        ("no signature", 401, without("x-webhook-signature"), body),
        ("no timestamp", 401, without("x-webhook-timestamp"), body),
        ("another secret", 401, Delivery::body_as_is(body.to_vec()).sign("another").headers(), body),
        ("another body", 401, good.clone(), br#"{"type":"PAYMENT_SUCCESS_WEBHOOK","data":{}}"#),
        ("another timestamp", 401, with("x-webhook-timestamp", &at(3_599_000)), body),
        (
            "old",
            401,
            vec![("x-webhook-signature", sign(SECRET, &old, body)), ("x-webhook-timestamp", old)],
            body,
        ),
        (
            "from the future",
            401,
            vec![("x-webhook-signature", sign(SECRET, &early, body)), ("x-webhook-timestamp", early)],
            body,
        ),
        ("no signature at all", 400, with("x-webhook-signature", "AAAA"), body),
        ("no timestamp at all", 400, with("x-webhook-timestamp", "today"), body),
        ("two signatures", 400, [good.clone(), good.clone()].concat(), body),
        ("too large", 413, signed(&large).headers(), &large),
        ("no JSON", 400, signed(b"hello").headers(), b"hello"),
        ("cut off", 400, signed(&body[..40]).headers(), &body[..40]),
        ("no event", 400, signed(no_event).headers(), no_event),
        ("two types", 400, signed(twice).headers(), twice),
        ("the dashboard's test, not signed", 200, vec![], test_call),
    ];
    for app in [app, describing] {
        let address = serve(app).await;
        for (what, status, headers, body) in &cases {
            assert_eq!(post(address, headers, body).await, *status, "{what}");
        }
        assert_eq!(post(address, &good, body).await, 200);
    }
    assert_eq!(next(&mut handled, PATIENCE).await.expect("the good one").payment_id(), Some("7"));
    assert!(next(&mut handled, Duration::from_millis(50)).await.is_none());
}

#[test]
fn the_example_says_what_happened() {
    let read = |version: &str, event_type: &str| {
        let mut all = samples(version, 0).into_iter();
        let sample = all.find(|one| one.event_type == event_type).expect("listed");
        let delivery = Delivery::body_as_is(sample.text()).version(version).sign("secret");
        let event = Verifier::new("secret").verify(delivery.headers(), delivery.body()).expect("signed");
        (describing::describe(&event), sample)
    };
    let (said, sample) = read("2025-01-01", "PAYMENT_SUCCESS_WEBHOOK");
    let at = |pointer| sample.at(pointer).expect("there");
    let expected = format!(
        "payment of {} rupees for order {}: SUCCESS",
        at("/data/payment/payment_amount"),
        at("/data/order/order_id")
    );
    assert_eq!(said, expected);
    assert_eq!(read("2025-01-01", "REFUND_STATUS_WEBHOOK").0, "REFUND_STATUS_WEBHOOK: SUCCESS");
    assert_eq!(read("2022-09-01", "PAYMENT_SUCCESS_WEBHOOK").0, "PAYMENT_SUCCESS_WEBHOOK: SUCCESS");
}

/// The example takes nothing for a payment but a payment.
#[test]
fn the_example_ships_for_payments_only() {
    let described = |event_type: &str, data: &str| {
        let delivery = Delivery::event(event_type).data_text(data).sign("secret");
        let event =
            Verifier::new("secret").verify(delivery.headers(), delivery.body()).expect("it is signed");
        once::describe(&event)
    };
    let paid = r#"{"order":{"order_id":"o_1"},"payment":{"cf_payment_id":"7","payment_status":"SUCCESS"}}"#;
    assert_eq!(described("PAYMENT_SUCCESS_WEBHOOK", paid), "ship order o_1: payment 7");
    for member in ["refund", "auto_refund"] {
        let data =
            format!(r#"{{"{member}":{{"cf_refund_id":1,"order_id":"o_1","refund_status":"SUCCESS"}}}}"#);
        let line = described("REFUND_STATUS_WEBHOOK", &data);
        assert!(!line.starts_with("ship"), "{line}");
    }
}
