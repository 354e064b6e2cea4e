//! What is retried and what is reported, for each fault and each kind of request, over real sockets.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant, SystemTime},
};

use crate::support::{Reply, Request, Server, builder, encode, quick_retries, refusal};
use cashfree_pg::{
    ApiVersion, Cashfree, Error, ErrorKind, Method, RawJson, Response, RetryPolicy, UntypedCall, Upload,
};

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    Get,
    PostReads,
    Post,
    PostRefused,
    Delete,
    Upload,
}

const KINDS: [(Kind, &str); 6] = [
    (Kind::Get, "GET"),
    (Kind::PostReads, "POST that only reads"),
    (Kind::Post, "POST with a key"),
    (Kind::PostRefused, "POST whose key is refused"),
    (Kind::Delete, "DELETE"),
    (Kind::Upload, "upload"),
];

impl Kind {
    pub(super) fn call(self, cashfree: &Cashfree) -> UntypedCall {
        let version = ApiVersion::new("2025-01-01").unwrap();
        let request = |method, path: &str| cashfree.request(version, method, path).path("id", "order_1");
        let order = serde_json::json!({ "order_amount": 10.5 });
        match self {
            Self::Get => request(Method::GET, "/orders/{id}"),
            Self::PostReads => request(Method::POST, "/recon/{id}").json(&order).read_only(),
            Self::Post => request(Method::POST, "/orders/{id}/refunds").json(&order).idempotency_key("key-1"),
            Self::PostRefused => {
                request(Method::POST, "/orders/{id}/refunds").json(&order).idempotency_key("key-of-another")
            }
            Self::Delete => request(Method::DELETE, "/customers/{id}"),
            Self::Upload => {
                let file = Upload::new("a.pdf", "application/pdf", &b"%PDF-1.7"[..]).unwrap();
                request(Method::POST, "/disputes/{id}/documents").text("doc_type", "PAN").file("file", file)
            }
        }
    }

    /// What a server in good health answers.
    fn answer(self) -> Reply {
        match self {
            Self::PostRefused => refusal(422, "idempotency_error", "idempotency_key_reused"),
            _ => Reply::json(200, r#"{"order_id":"order_1","order_status":"ACTIVE"}"#),
        }
    }
}

/// Something that goes wrong with a request, or with a connection before there is one.
enum Fault {
    NoServer,
    ResetOnAccept,
    Reply(fn() -> Reply),
    /// As `Reply`, and the client waits for what does not come.
    Slow(fn() -> Reply),
    /// As `Reply`, and the client is asked to wait a second or two.
    Patience(fn() -> Reply),
}

pub(super) const WHOLE: &str = r#"{"order_id":"order_1","order_status":"ACTIVE"}"#;

fn whole() -> Vec<u8> {
    encode(&Reply::json(200, WHOLE))
}

fn half() -> Vec<u8> {
    let whole = whole();
    whole[..whole.len() - WHOLE.len() / 2].to_vec()
}

pub(super) fn too_many() -> Reply {
    refusal(429, "rate_limit_error", "rate_limit_exceeded")
}

/// Seconds from now, as HTTP writes a moment.
fn http_date(seconds: u64) -> String {
    let moment = chrono::DateTime::<chrono::Utc>::from(SystemTime::now() + Duration::from_secs(seconds));
    moment.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

fn unix(seconds: u64) -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs() + seconds
}

const FAULTS: &[(&str, Fault)] = &[
    ("connection refused", Fault::NoServer),
    ("reset before the request is read", Fault::ResetOnAccept),
    ("reset after the request", Fault::Reply(|| Reply::Reset(Vec::new()))),
    ("reset in the middle of the answer", Fault::Reply(|| Reply::Reset(half()))),
    ("end after the request", Fault::Reply(|| Reply::Close(Vec::new()))),
    ("slow headers", Fault::Slow(|| Reply::Stall(b"HTTP/1.1 200 OK\r\n".to_vec()))),
    ("slow body", Fault::Slow(|| Reply::Stall(half()))),
    ("half a JSON", Fault::Reply(|| Reply::json(200, &WHOLE[..20]))),
    ("content length too long", Fault::Reply(|| Reply::Close(half()))),
    (
        "content length too short",
        Fault::Reply(|| {
            let text = String::from_utf8(whole()).unwrap();
            Reply::Close(text.replace("content-length: 4", "content-length: 2").into_bytes())
        }),
    ),
    ("no HTTP", Fault::Reply(|| Reply::Close(b"SSH-2.0-OpenSSH_9.6\r\n".to_vec()))),
    ("HTML 200", Fault::Reply(|| Reply::json(200, "<html>Please sign in</html>"))),
    (
        "200 without the body it promised",
        Fault::Reply(|| Reply::Close(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n".to_vec())),
    ),
    ("HTML 502", Fault::Reply(|| Reply::json(502, "<html>Bad Gateway</html>"))),
    ("502 from a bank", Fault::Reply(|| refusal(502, "api_error", "bank_processing_failure"))),
    ("empty 500", Fault::Reply(|| Reply::json(500, ""))),
    (
        "500 cut short",
        Fault::Reply(|| Reply::Close(b"HTTP/1.1 500 No\r\ncontent-length: 99\r\n\r\n{\"mess".to_vec())),
    ),
    ("503 with retry-after: 1", Fault::Patience(|| Reply::json(503, "").with("retry-after", 1))),
    ("501", Fault::Reply(|| Reply::json(501, ""))),
    ("400", Fault::Reply(|| refusal(400, "invalid_request_error", "order_amount_invalid"))),
    ("404", Fault::Reply(|| refusal(404, "invalid_request_error", "order_not_found"))),
    ("409", Fault::Reply(|| refusal(409, "invalid_request_error", "order_already_exists"))),
    ("403 HTML", Fault::Reply(|| Reply::json(403, "<html>Forbidden</html>"))),
    ("408", Fault::Reply(|| Reply::json(408, ""))),
    ("400 api_request_timeout", Fault::Reply(|| refusal(400, "api_error", "api_request_timeout"))),
    (
        "400 api_request_timeout beside a number that no float holds",
        Fault::Reply(|| Reply::json(400, r#"{"x":1e400,"code":"api_request_timeout","type":"api_error"}"#)),
    ),
    (
        "400 api_request_timeout beside half a surrogate pair",
        Fault::Reply(|| Reply::json(400, r#"{"message":"half \ud800","code":"api_request_timeout"}"#)),
    ),
    (
        "400 api_request_timeout beside endless nesting",
        Fault::Reply(|| {
            let deep = "[".repeat(5_000) + &"]".repeat(5_000);
            Reply::json(400, format!(r#"{{"help":{deep},"code":"api_request_timeout"}}"#))
        }),
    ),
    (
        "400 api_request_timeout after a byte order mark",
        Fault::Reply(|| Reply::json(400, "\u{feff}{\"code\":\"api_request_timeout\"}")),
    ),
    (
        "400 cut before its code",
        Fault::Reply(|| Reply::Close(b"HTTP/1.1 400 No\r\ncontent-length: 99\r\n\r\n{\"mess".to_vec())),
    ),
    (
        "400 cut after its code",
        Fault::Reply(|| {
            let cut =
                b"HTTP/1.1 400 No\r\ncontent-length: 99\r\n\r\n{\"code\":\"order_amount_invalid\",\"mess";
            Reply::Close(cut.to_vec())
        }),
    ),
    ("400 HTML", Fault::Reply(|| Reply::json(400, "<html>Bad Request</html>"))),
    (
        "400 of another shape",
        Fault::Reply(|| Reply::json(400, r#"{"error":{"code":"api_request_timeout"}}"#)),
    ),
    ("422 of another shape", Fault::Reply(|| Reply::json(422, r#"{"error":{"type":"idempotency_error"}}"#))),
    ("422 in a list", Fault::Reply(|| Reply::json(422, r#"[{"type":"idempotency_error"}]"#))),
    ("422 IDEMPOTENCY_ERROR", Fault::Reply(|| refusal(422, "IDEMPOTENCY_ERROR", "key_reused"))),
    ("422 empty", Fault::Reply(|| Reply::json(422, ""))),
    ("422", Fault::Reply(|| refusal(422, "invalid_request_error", "order_amount_invalid"))),
    ("400 idempotency_error", Fault::Reply(|| refusal(400, "idempotency_error", "key_reused"))),
    ("423", Fault::Reply(|| Reply::json(423, ""))),
    ("425", Fault::Reply(|| Reply::json(425, ""))),
    (
        "400 with two codes",
        Fault::Reply(|| Reply::json(400, r#"{"code":"api_request_timeout","code":"order_amount_invalid"}"#)),
    ),
    ("404 cut", Fault::Reply(|| Reply::Close(b"HTTP/1.1 404 No\r\ncontent-length: 99\r\n\r\n{".to_vec()))),
    (
        "400 longer than an explanation can be",
        Fault::Reply(|| Reply::json(400, format!(r#"{{"help":"{}","code":"late"}}"#, "x".repeat(300_000)))),
    ),
    ("429 that names no wait", Fault::Reply(too_many)),
    ("429 x-ratelimit-retry: 1", Fault::Patience(|| too_many().with("x-ratelimit-retry", 1))),
    ("429 retry-after: 1", Fault::Patience(|| too_many().with("retry-after", 1))),
    ("429 retry-after: a date", Fault::Patience(|| too_many().with("retry-after", http_date(2)))),
    ("429 x-ratelimit-reset", Fault::Patience(|| too_many().with("x-ratelimit-reset", unix(2)))),
    ("429 with a wait past the deadline", Fault::Reply(|| too_many().with("x-ratelimit-retry", 59))),
    ("302", Fault::Reply(|| Reply::json(302, "").with("location", "/pg/elsewhere"))),
    ("307", Fault::Reply(|| Reply::json(307, "").with("location", "/pg/elsewhere"))),
    (
        "an answer for another version",
        Fault::Reply(|| Reply::json(200, WHOLE).with("x-api-version", "2022-09-01")),
    ),
];

#[derive(Debug, Clone, Copy, PartialEq)]
enum When {
    Always,
    Once,
}

/// Runs one call into a fault and says in a line what came of it.
async fn run(fault: &'static Fault, kind: Kind, when: When) -> String {
    let attempts = Arc::new(AtomicUsize::new(0));
    let faulty = move |number: usize| when == When::Always || number == 0;
    let server =
        Server::start_with(move |connection| matches!(fault, Fault::ResetOnAccept) && faulty(connection), {
            let attempts = attempts.clone();
            move |_| {
                let number = attempts.fetch_add(1, Ordering::SeqCst);
                match fault {
                    Fault::Reply(reply) | Fault::Slow(reply) | Fault::Patience(reply) if faulty(number) => {
                        reply()
                    }
                    _ => kind.answer(),
                }
            }
        })
        .await;
    // A slow machine must not look like a slow server: only where slowness is the point is time short.
    let (retry, timeout) = match fault {
        // The last attempt has what is left of the call.
        Fault::Slow(_) => (quick_retries().attempt_timeout(Duration::from_secs(2)), 8),
        _ => (quick_retries(), 30),
    };
    let url = match fault {
        Fault::NoServer => "http://127.0.0.1:1/pg".to_owned(),
        _ => server.url(),
    };
    let cashfree = builder(&url).retry(retry).timeout(Duration::from_secs(timeout)).build().unwrap();
    let started = Instant::now();
    let result = kind.call(&cashfree).await;
    if matches!(fault, Fault::Patience(_)) && kind != Kind::PostRefused {
        assert!(started.elapsed() >= Duration::from_millis(900), "the wait was not kept");
    }
    let seen = server.seen();
    check_same(kind, &seen, &result);
    describe(result)
}

/// Every attempt carries the same key and the same whole body, and no call goes anywhere else.
fn check_same(kind: Kind, seen: &[Request], result: &Result<Response<RawJson>, Error>) {
    let meta = match result {
        Ok(response) => response.meta(),
        Err(error) => error.meta(),
    };
    let expected = match kind {
        Kind::Get | Kind::Delete => None,
        Kind::Post => Some("key-1"),
        Kind::PostRefused => Some("key-of-another"),
        Kind::PostReads | Kind::Upload => Some(meta.idempotency_key().expect("a generated key")),
    };
    assert_eq!(meta.idempotency_key(), expected);
    for request in seen {
        assert_eq!(request.header("x-idempotency-key"), expected.unwrap_or_default());
        assert_eq!(request.header("x-request-id"), seen[0].header("x-request-id"));
        assert_eq!((&request.target, &request.body), (&seen[0].target, &seen[0].body));
        assert!(request.target.contains("order_1"));
        let has_body = !matches!(kind, Kind::Get | Kind::Delete);
        assert_eq!(request.body.is_empty(), !has_body);
    }
}

fn describe(result: Result<Response<RawJson>, Error>) -> String {
    match result {
        Ok(response) => {
            let mut line =
                format!("success; {} attempts", response.meta().attempts()).replace("; 1 attempts", "");
            if let Some(version) = response.meta().api_version() {
                write!(line, ", answered by {version}").unwrap();
            }
            line
        }
        Err(error) => {
            assert_eq!((error.operation(), error.api_version()), (Some("request"), Some("2025-01-01")));
            assert_eq!(
                error.api_error().map(|api| api.status()),
                error.status().filter(|s| s.as_u16() >= 400)
            );
            assert_eq!(error.is_outcome_unknown(), error.kind() == ErrorKind::OutcomeUnknown);
            let retryable = if error.is_retryable() { ", retryable" } else { "" };
            let text = error.to_string();
            let text = text.split("; request id").next().unwrap().replace("request (2025-01-01): ", "");
            // Rounded up from a wait with some chance in it.
            let text = text.replace("try again in 2 s", "try again in 1 s");
            format!("{text}{retryable}")
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_table() {
    let mut rows = Vec::new();
    for (name, fault) in FAULTS {
        for (kind, label) in KINDS {
            for when in [When::Always, When::Once] {
                // A server that comes up late is below.
                if !matches!((fault, when), (Fault::NoServer, When::Once)) {
                    rows.push((*name, label, when, fault, kind));
                }
            }
        }
    }
    // What is to be slow goes alone: beside hundreds of others everything is.
    let mut ends: BTreeMap<usize, String> = BTreeMap::new();
    for slow in [false, true] {
        let wave = rows.iter().enumerate().filter(|(_, row)| matches!(row.3, Fault::Slow(_)) == slow);
        let runs: Vec<_> =
            wave.map(|(i, (.., when, fault, kind))| (i, tokio::spawn(run(fault, *kind, *when)))).collect();
        for (i, run) in runs {
            ends.insert(i, run.await.unwrap_or_else(|e| panic!("{:?}: {e}", &rows[i].0)));
        }
    }
    // Kinds that end alike share a line.
    let mut table = String::new();
    let mut outcomes: Vec<(&str, Vec<(&str, String)>)> = Vec::new();
    for ((name, label, ..), outcome) in rows.into_iter().zip(ends.into_values()) {
        if outcomes.last().is_none_or(|(last, _)| *last != name) {
            outcomes.push((name, Vec::new()));
        }
        let rows = &mut outcomes.last_mut().unwrap().1;
        match rows.last_mut() {
            Some((last, text)) if *last == label => *text += &format!("\n    once:   {outcome}"),
            _ => rows.push((label, format!("\n    always: {outcome}"))),
        }
    }
    for (name, rows) in outcomes {
        writeln!(table, "\n{name}").unwrap();
        let mut done: Vec<&str> = Vec::new();
        for (_, text) in &rows {
            if !done.contains(&text.as_str()) {
                let alike = rows.iter().filter(|row| row.1 == *text).map(|row| row.0);
                writeln!(table, "  {}{text}", alike.collect::<Vec<_>>().join(", ")).unwrap();
                done.push(text);
            }
        }
    }
    insta::assert_snapshot!(table);
}

#[tokio::test]
async fn without_retries_there_is_one_attempt() {
    let server = Server::start(|_| Reply::json(503, "")).await;
    let cashfree = server.builder().retry(RetryPolicy::off()).build().unwrap();
    for (kind, _) in KINDS {
        assert_eq!(kind.call(&cashfree).await.unwrap_err().meta().attempts(), 1);
        let patient = kind.call(&cashfree).retry(quick_retries().max_attempts(4)).await;
        assert_eq!(patient.unwrap_err().meta().attempts(), 4, "a call's own policy wins");
    }
}

#[tokio::test]
async fn a_method_that_is_not_known_to_be_safe_is_repeated_only_with_a_key() {
    let server = Server::start(|_| Reply::json(503, "")).await;
    let cashfree = server.client();
    let call = || {
        let version = ApiVersion::new("2025-01-01").unwrap();
        cashfree.request(version, Method::from_bytes(b"LOCK").unwrap(), "/orders")
    };
    let error = call().await.unwrap_err();
    assert_eq!((error.kind(), error.meta().attempts()), (ErrorKind::OutcomeUnknown, 1));
    assert_eq!(call().idempotency_key("key-1").await.unwrap_err().meta().attempts(), 3);
}

#[tokio::test]
async fn a_server_that_comes_up_late_is_reached() {
    struct OpenTheDoor(std::sync::Mutex<Option<tokio::sync::oneshot::Sender<()>>>);
    impl cashfree_pg::Observer for OpenTheDoor {
        fn attempt_finished(&self, _: &cashfree_pg::CallInfo, attempt: &cashfree_pg::AttemptReport) {
            assert_eq!(attempt.failure, Some(ErrorKind::NeverSent).filter(|_| attempt.attempt == 1));
            if let Some(door) = self.0.lock().unwrap().take() {
                door.send(()).unwrap();
            }
        }
    }

    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = socket.local_addr().unwrap();
    let (door, opened) = tokio::sync::oneshot::channel();
    tokio::spawn(async move {
        opened.await.unwrap();
        let (mut stream, _) = socket.listen(8).unwrap().accept().await.unwrap();
        while crate::support::read_request(&mut stream, &mut Vec::new()).await.is_some() {
            crate::support::write_answer(&mut stream, &Reply::json(200, WHOLE)).await.unwrap();
        }
    });
    let cashfree = builder(&format!("http://{address}/pg"))
        .retry(quick_retries().backoff(Duration::from_millis(400), Duration::from_millis(400)).seed(3))
        .observer(OpenTheDoor(Some(door).into()))
        .build()
        .unwrap();
    let response = Kind::Post.call(&cashfree).await.unwrap();
    assert_eq!(response.meta().attempts(), 2);
}

/// A refusal does not say what became of an earlier attempt, unless the server says that it is the
/// answer to that one.
#[tokio::test]
async fn a_refusal_after_a_doubtful_attempt_settles_it_only_as_a_replay() {
    for (replayed, kind) in [(false, ErrorKind::OutcomeUnknown), (true, ErrorKind::Rejected)] {
        let attempts = AtomicUsize::new(0);
        let server = Server::start(move |_| match attempts.fetch_add(1, Ordering::SeqCst) {
            0 => Reply::Reset(Vec::new()),
            _ => refusal(400, "invalid_request_error", "refund_amount_too_high")
                .with("x-idempotency-replayed", replayed),
        })
        .await;
        let error = Kind::Post.call(&server.client()).await.unwrap_err();
        assert_eq!((error.kind(), error.code()), (kind, Some("refund_amount_too_high")));
        assert_eq!(error.meta().is_replayed(), replayed);
    }
}

/// A caller who repeats a call with the key that was stored is told no such thing as that the first was
/// not carried out.
#[tokio::test]
async fn a_conflict_over_a_key_of_ones_own_does_not_settle_an_earlier_call() {
    for (status, error_type) in [(409, "invalid_request_error"), (422, "idempotency_error")] {
        for replayed in [false, true] {
            let server = Server::start(move |_| {
                refusal(status, error_type, "conflict").with("x-idempotency-replayed", replayed)
            })
            .await;
            let cashfree = server.client();
            let error = Kind::Post.call(&cashfree).await.unwrap_err();
            let kind = if replayed { ErrorKind::Rejected } else { ErrorKind::OutcomeUnknown };
            assert_eq!((error.kind(), error.meta().attempts()), (kind, 1));
            assert_eq!((error.code(), error.is_retryable()), (Some("conflict"), false));
            assert_eq!(error.to_string().contains("may have been carried out"), !replayed);
            // Nobody used the generated key before, and a read has nothing to settle.
            for call in [Kind::Upload.call(&cashfree), Kind::Get.call(&cashfree).idempotency_key("key-1")] {
                assert_eq!(call.await.unwrap_err().kind(), ErrorKind::Rejected);
            }
        }
    }
    let server = Server::start(|_| refusal(422, "invalid_request_error", "order_amount_invalid")).await;
    assert_eq!(Kind::Post.call(&server.client()).await.unwrap_err().kind(), ErrorKind::Rejected);
}

/// Nothing that a customer is called, which no error quotes, changes what a refusal means.
#[tokio::test]
async fn a_refusal_means_the_same_whatever_the_customer_is_called() {
    for (status, kind, code, name) in [
        (400, "api_error", "api_request_timeout", "api"),
        (400, "api_error", "api_request_timeout,", "timeout"),
        (422, "idempotency_error", "request_invalid", "idempotency"),
    ] {
        let server = Server::start(move |_| refusal(status, kind, code)).await;
        let body = serde_json::json!({ "order_amount": 10.5, "customer_name": name });
        let error = Kind::Post.call(&server.client()).json(&body).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::OutcomeUnknown, "{code} of {name}: {error}");
    }
    let server = Server::start(|_| refusal(400, "invalid_request_error", "order_already_exists")).await;
    let body = serde_json::json!({ "customer_name": "order" });
    let error = Kind::Post.call(&server.client()).json(&body).await.unwrap_err();
    assert_eq!(error.code(), Some("order_already_exists"));
}

#[tokio::test]
async fn a_wait_that_was_asked_for_is_told_where_it_helps() {
    let server = Server::start(|_| Reply::json(503, "").with("retry-after", 120)).await;
    let error = Kind::Get.call(&server.client()).timeout(Duration::from_secs(30)).await.unwrap_err();
    assert_eq!((error.is_retryable(), error.retry_after()), (true, Some(Duration::from_secs(120))));

    let attempts = AtomicUsize::new(0);
    let server = Server::start(move |_| match attempts.fetch_add(1, Ordering::SeqCst) {
        0 => Reply::Reset(Vec::new()),
        _ => Reply::json(429, "").with("retry-after", 120),
    })
    .await;
    let error = Kind::Post.call(&server.client()).timeout(Duration::from_secs(30)).await.unwrap_err();
    assert_eq!((error.kind(), error.retry_after()), (ErrorKind::OutcomeUnknown, None));
}

#[tokio::test]
async fn an_answer_that_is_too_long_is_not_read_to_its_end() {
    let server = Server::start(|_| Reply::json(200, format!("\"{}\"", "x".repeat(100_000)))).await;
    let cashfree = server.builder().body_limit(1_000).build().unwrap();
    for (kind, expected) in [(Kind::Get, ErrorKind::Unanswered), (Kind::Post, ErrorKind::OutcomeUnknown)] {
        let error = kind.call(&cashfree).await.unwrap_err();
        assert_eq!((error.kind(), error.meta().attempts()), (expected, 1));
        assert!(error.is_body_too_large() && !error.is_retryable());
        assert_eq!(error.raw_body().map(<[u8]>::len), Some(1_000));
    }
    let refused = Server::start(|_| Reply::json(403, "x".repeat(100_000))).await;
    let cashfree = refused.builder().body_limit(1_000).build().unwrap();
    let error = Kind::Post.call(&cashfree).await.unwrap_err();
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Rejected, 403));
}
