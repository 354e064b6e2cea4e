//! Secrets and card numbers, put wherever they can be, show nowhere: not in an error, a `Debug`, a span
//! or an event.

use std::time::Duration;

use crate::seen_of;
use crate::support::{Reply, SECRET, Server, builder, encode, log::Log, quick_retries};
use cashfree_pg::{ApiVersion, Cashfree, Credentials, Method, RetryPolicy, UntypedCall, Upload};
use serde_json::json;

const CARD: &str = "4111111111111111";
const SPACED_CARD: &str = "4111 1111 1111 1111";
const QUERY: &str = "MARKED_QUERY";
const BODY: &str = "MARKED_BODY";
const FILE: &str = "MARKED_FILE";
const PATH: &str = "MARKED_PATH";
const HEADER: &str = "MARKED_HEADER";
const PROXY: &str = "MARKED_PROXY";
const OTP: &str = "731905";
const CVV: &str = "847";
const VPA: &str = "asha.marked@bank";
const EMAIL: &str = "asha.marked@mail.example";
const PHONE: &str = "9876501234";
const ACCOUNT: &str = "026291800001191";
const SESSION: &str = "session_MARKED0123456789abcdefghijkl";
const NAME: &str = "Asha Marked Rao";
/// A secret that JSON writes otherwise.
const ODD_SECRET: &str = r#"cfsk_"MARKED"\odd"#;

const MARKS: [&str; 18] = [
    SECRET,
    CARD,
    SPACED_CARD,
    QUERY,
    BODY,
    FILE,
    HEADER,
    PROXY,
    OTP,
    "cvv 847",
    VPA,
    EMAIL,
    PHONE,
    ACCOUNT,
    SESSION,
    NAME,
    ODD_SECRET,
    r#"cfsk_\"MARKED\"\\odd"#,
];

fn check(where_: &str, text: &str) {
    for secret in MARKS.into_iter().chain([PATH]) {
        assert!(!text.contains(secret), "{secret} shows in {where_}: {text}");
    }
    let line_breaks = text.replace('\n', "");
    assert!(!line_breaks.contains(|c: char| c.is_control()), "a control character shows in {where_}: {text}");
    assert!(
        !text.contains(['\u{202e}', '\u{200b}', '\u{feff}']),
        "what is invisible shows in {where_}: {text}"
    );
}

/// A body with all of it, in members that say what they are.
fn everything() -> serde_json::Value {
    json!({
        "card_number": CARD, "card_cvv": CVV, "otp": OTP, "payment_session_id": SESSION, "note": BODY_IN_A_NAME,
        "customer_details": { "customer_name": NAME, "customer_email": EMAIL, "customer_phone": PHONE },
        "payment_method": { "upi": { "upi_id": VPA }, "netbanking": { "bank_account_number": ACCOUNT } },
    })
}

/// What the request holds that no error may quote is told by its member's name; a note is no secret.
const BODY_IN_A_NAME: &str = "two tickets";

fn calls(cashfree: &Cashfree) -> Vec<UntypedCall> {
    let version = ApiVersion::new("2025-01-01").unwrap();
    let request = |method| {
        cashfree.request(version, method, "/orders/{order_id}").path("order_id", PATH).query("utr", QUERY)
    };
    let file = Upload::new(format!("{FILE}.pdf"), "application/pdf", FILE.as_bytes()).unwrap();
    vec![
        request(Method::GET),
        request(Method::POST).json(&everything()),
        request(Method::DELETE),
        request(Method::POST).text("account_number", BODY).file("file", file),
        // Refused before anything is sent.
        request(Method::POST).idempotency_key(format!("{SECRET}\n")).json(&json!({ "card_number": CARD })),
    ]
}

fn replies(secret: &str) -> Vec<Reply> {
    let echo = format!("key {secret} and card {CARD} or {SPACED_CARD} are wrong");
    let body = json!({ "message": echo, "code": echo, "type": echo, "help": echo });
    // Quotes what is in the requests that carry it, and hides it as well as it can.
    let quote = format!(
        "otp {OTP}, cvv {CVV}\nFATAL {VPA} \u{1b}[2J{EMAIL} \u{202e}{PHONE}\u{202c} a\u{200b}c {SESSION} \u{feff}{CARD}1230",
    );
    let quote = json!({ "message": { "said": quote, "key": secret }, "code": quote, "help": [quote] });
    let dirty = format!("r-1 {secret} {CARD} {}", "x".repeat(300));
    let not_json = format!("<html>{secret} {CARD} {BODY}</html>");
    let cut = encode(&Reply::json(200, format!(r#"{{"card_number":"{CARD}","x":"{secret} {BODY}"}}"#)));
    vec![
        Reply::json(400, &body).with("x-unknown", HEADER),
        Reply::json(401, &body),
        Reply::json(400, &quote).with("x-request-id", &dirty),
        Reply::json(409, &quote).with("x-api-version", &dirty).with("x-deprecated-at", &dirty),
        Reply::json(200, &quote).with("x-request-id", &dirty).with("x-ratelimit-type", &dirty),
        Reply::json(
            200,
            r#"{"type":"x_error","message":"MESSAGE"}"#.replace("MESSAGE", &echo.replace(['"', '\\'], "")),
        ),
        Reply::json(422, &body),
        Reply::json(429, &body).with("x-ratelimit-retry", HEADER),
        Reply::json(500, &body),
        Reply::json(502, &not_json).with("set-cookie", HEADER),
        Reply::json(403, &not_json),
        Reply::json(302, "").with("location", format!("/{secret}?{QUERY}")),
        Reply::json(200, &not_json),
        Reply::json(200, format!(r#"{{"card_number":"{CARD}","#)),
        Reply::json(200, format!(r#"{{"card_number":"{CARD}"}}"#)).with("x-unknown", HEADER),
        Reply::Reset(Vec::new()),
        Reply::Reset(cut[..cut.len() - 8].to_vec()),
        Reply::Close(cut[..cut.len() - 8].to_vec()),
        Reply::Close(format!("{secret} {CARD}\r\n").into_bytes()),
        Reply::Stall(cut[..cut.len() - 8].to_vec()),
    ]
}

/// Runs every call into every reply and returns what an observer saw.
async fn run_all(secret: &'static str) -> String {
    let observed = Log::default();
    let build = |builder: cashfree_pg::CashfreeBuilder| {
        let retry = quick_retries().max_attempts(2).attempt_timeout(Duration::from_millis(200));
        let builder = builder.credentials(Credentials::merchant("client-1", secret));
        let builder = builder.observer(observed.clone()).retry(retry).timeout(Duration::from_millis(600));
        check("a builder", &format!("{builder:?} {builder:#?}"));
        builder.build().unwrap()
    };
    let mut servers = Vec::new();
    let mut clients = Vec::new();
    for reply in replies(secret) {
        let server = Server::start(move |_| reply.clone()).await;
        clients.push(build(server.builder()));
        servers.push(server);
    }
    clients.push(build(builder("http://127.0.0.1:1/pg")));
    clients.push(build(
        builder("http://cashfree.localhost/pg").proxy(format!("http://user:{PROXY}@127.0.0.1:1")),
    ));

    let mut runs = Vec::new();
    for cashfree in &clients {
        check("a client", &format!("{cashfree:?} {cashfree:#?}"));
        for call in calls(cashfree) {
            check("a call", &format!("{call:?} {call:#?}"));
            runs.push(tokio::spawn(call.send()));
        }
    }
    for run in runs {
        match run.await.unwrap() {
            Ok(response) => check("a response", &format!("{response:?} {response:#?} {:?}", response.meta())),
            Err(error) => check("an error", &seen_of(&error)),
        }
    }
    observed.text()
}

#[tokio::test]
async fn nothing_secret_is_ever_shown() {
    let observed = run_all(SECRET).await + &run_all(ODD_SECRET).await;
    assert!(observed.contains("OutcomeUnknown") && observed.contains("/orders/{order_id}"));
    for line in observed.lines() {
        check("an observer", line);
    }
    check("credentials", &format!("{:?}", Credentials::partner_merchant("id", SECRET)));
    check("an upload", &format!("{:?}", Upload::new("a", "a/b", CARD.as_bytes()).unwrap()));
    check("a policy", &format!("{:?}", RetryPolicy::default()));
}

/// That they were in the way at all: the raw body is the one place to find them.
#[tokio::test]
async fn the_raw_body_is_raw() {
    let server = Server::start(|_| replies(SECRET).remove(0)).await;
    let error = calls(&server.client()).remove(0).await.unwrap_err();
    assert!(String::from_utf8_lossy(error.raw_body().unwrap()).contains(SECRET));
    assert_eq!(
        error.api_error().unwrap().message(),
        Some("key [redacted] and card [redacted] or [redacted] are wrong")
    );
    let sent = server.seen().remove(0);
    assert!(
        sent.target.contains(PATH) && sent.target.contains(QUERY) && sent.header("x-client-secret") == SECRET
    );
}

#[cfg(feature = "tracing")]
#[tokio::test]
async fn nor_in_a_span_or_an_event() {
    let log = Log::default();
    let hearing = log.hear();
    run_all(SECRET).await;
    run_all(ODD_SECRET).await;
    drop(hearing);
    let text = log.text();
    assert!(text.contains("trying again after a wait") && text.contains("error=outcome unknown"));
    // What other crates log over several lines is theirs; that it holds nothing is not.
    check("a span or an event", &text.replace(['\n', '\t'], " "));
}

#[cfg(feature = "tracing")]
#[tokio::test]
async fn a_call_is_one_span() {
    let server = Server::start(|request| match request.method.as_str() {
        "GET" => Reply::json(200, "{}").with("x-request-id", "r-1"),
        _ => Reply::json(503, "").with("x-request-id", "r-1"),
    })
    .await;
    let cashfree = server.client();
    let log = Log::default();
    let hearing = log.hear();
    let version = ApiVersion::new("2025-01-01").unwrap();
    for method in [Method::GET, Method::DELETE] {
        let call = cashfree.request(version, method, "/orders/{order_id}").path("order_id", "order_1");
        let _ = call.retry(quick_retries().max_attempts(2)).await;
    }
    drop(hearing);
    let text = log.text();
    let ours = text.lines().filter(|line| !line.contains("message=") || line.contains("trying again"));
    let steady: Vec<_> = ours
        .map(|line| match line.split_once("_ms=") {
            Some((name, _)) => format!("{name}_ms=(some)"),
            None => line.to_owned(),
        })
        .collect();
    insta::assert_snapshot!(steady.join("\n"));
}
