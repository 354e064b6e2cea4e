//! How requests leave: clients of the user's own, redirects, proxies, connections that never come, and what
//! takes the place of HTTP.

use std::{
    net::SocketAddr,
    process::Command,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use crate::support::{Reply, Server, builder, quick_retries, refusal};
use bytes::Bytes;
use cashfree_pg::{
    ApiVersion, AttemptReport, CallInfo, Cashfree, CashfreeBuilder, Credentials, Environment, Error,
    ErrorKind, Method, Observer, RetryPolicy, TransportError, UntypedCall, reqwest,
};
use reqwest::redirect::Policy;

fn version() -> ApiVersion {
    ApiVersion::new("2025-01-01").unwrap()
}

fn get(cashfree: &Cashfree) -> UntypedCall {
    cashfree.request(version(), Method::GET, "/orders/o_1")
}

fn post(cashfree: &Cashfree) -> UntypedCall {
    cashfree.request(version(), Method::POST, "/orders").json(&serde_json::json!({ "order_id": "o_1" }))
}

/// A builder without any setting that a client of one's own refuses.
pub(super) fn plain(url: &str) -> CashfreeBuilder {
    Cashfree::builder()
        .environment(Environment::custom(url).unwrap())
        .credentials(Credentials::merchant("id", "secret"))
        .retry(quick_retries())
}

/// A client of one's own, where reqwest has TLS to make one with.
fn own_client(policy: Option<Policy>) -> Option<reqwest::Client> {
    #[cfg(feature = "rustls-ring")]
    let _ = tokio_rustls::rustls::crypto::ring::default_provider().install_default();
    let builder = reqwest::Client::builder().no_proxy();
    match policy {
        Some(policy) => builder.redirect(policy),
        None => builder,
    }
    .build()
    .ok()
}

#[test]
fn a_client_that_may_follow_redirects_is_refused() {
    for policy in [None, Some(Policy::limited(1)), Some(Policy::custom(|attempt| attempt.follow()))] {
        let Some(client) = own_client(policy) else { return };
        let error = plain("http://127.0.0.1:1/pg").http_client(client).build().unwrap_err();
        assert_eq!((error.kind(), error.field()), (ErrorKind::Configuration, Some("http_client")));
        assert!(error.to_string().contains("Policy::none()"), "{error}");
    }
    let Some(client) = own_client(Some(Policy::none())) else { return };
    plain("http://127.0.0.1:1/pg").http_client(client).build().unwrap();
}

/// Elsewhere, back to the same URL, or to where nobody listens: whoever answers then is not who was asked.
#[tokio::test]
async fn no_redirect_is_followed_by_any_client() {
    for location in ["", "/pg/elsewhere", "http://127.0.0.1:1/pg"] {
        for status in [301, 302, 303, 307, 308] {
            let asked = Arc::new(AtomicUsize::new(0));
            let server = Server::start({
                let asked = asked.clone();
                move |request| match asked.fetch_add(1, Ordering::SeqCst) {
                    0 if location.is_empty() => Reply::json(status, "").with("location", &request.target),
                    0 => Reply::json(status, "").with("location", location),
                    _ => Reply::json(200, r#"{"order_id":"another"}"#),
                }
            })
            .await;
            let follows = |http: reqwest::ClientBuilder| http.redirect(Policy::limited(5));
            let configured = server.builder().configure_http(follows).build().unwrap();
            let own = own_client(Some(Policy::none()))
                .map(|client| plain(&server.url()).http_client(client).build().unwrap());
            for cashfree in [Some(configured), own].into_iter().flatten() {
                for (call, kind) in
                    [(get(&cashfree), ErrorKind::Unanswered), (post(&cashfree), ErrorKind::OutcomeUnknown)]
                {
                    asked.store(0, Ordering::SeqCst);
                    let error = call.await.unwrap_err();
                    assert_eq!((error.kind(), error.is_retryable()), (kind, false), "{status} {location}");
                    assert_eq!(asked.load(Ordering::SeqCst), 1, "{status} {location}");
                }
            }
        }
    }
}

/// The child of the test below: it runs with a proxy in its environment.
#[tokio::test]
#[ignore = "run by a_proxy_of_the_environment_is_not_told_what_goes_to_this_machine"]
async fn child_with_a_proxy_in_its_environment() {
    let base = std::env::var("TEST_BASE_URL").unwrap();
    let cashfree = plain(&base).build().unwrap();
    post(&cashfree).await.unwrap();
    get(&cashfree).await.unwrap();
    let cashfree = plain(&base).proxy(std::env::var("HTTP_PROXY").unwrap()).build().unwrap();
    assert_eq!(get(&cashfree).await.unwrap().json()["proxy"], true, "one that is asked for is used");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proxy_of_the_environment_is_not_told_what_goes_to_this_machine() {
    let server = Server::start(|_| Reply::json(200, r#"{"order_id":"o_1"}"#)).await;
    let proxy = Server::start(|_| Reply::json(200, r#"{"proxy":true}"#)).await;
    for host in ["127.0.0.1", "localhost"] {
        let before = proxy.seen().len();
        let mut child = Command::new(std::env::current_exe().unwrap());
        child
            .args(["--ignored", "--exact", "transport::child_with_a_proxy_in_its_environment"])
            .env("TEST_BASE_URL", format!("http://{host}:{}/pg", server.address.port()));
        for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
            child.env(name, format!("http://{}", proxy.address));
        }
        let output = tokio::task::spawn_blocking(move || child.output().unwrap()).await.unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        assert_eq!(proxy.seen().len(), before + 1);
    }
    assert_eq!(server.seen().len(), 4);
}

/// A host whose queue of connections is full: nobody answers the first packet.
fn black_hole() -> (SocketAddr, Vec<std::net::TcpStream>, std::net::TcpListener) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let mut waiting = Vec::new();
    while let Ok(stream) = std::net::TcpStream::connect_timeout(&address, Duration::from_millis(200)) {
        waiting.push(stream);
        assert!(waiting.len() < 10_000, "the queue never fills");
    }
    (address, waiting, listener)
}

#[tokio::test]
async fn a_call_with_less_time_than_a_connection_still_says_that_nothing_was_sent() {
    let (address, _waiting, _listener) = tokio::task::spawn_blocking(black_hole).await.unwrap();
    let cashfree = builder(&format!("http://{address}/pg")).build().unwrap();
    for policy in [RetryPolicy::off(), quick_retries()] {
        let started = Instant::now();
        let error = post(&cashfree).retry(policy).timeout(Duration::from_millis(600)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NeverSent, "{error}");
        assert!(error.is_timeout() && error.is_retryable(), "{error:?}");
        assert!(started.elapsed() < Duration::from_secs(5));
    }
}

/// Answers once, and is gone.
async fn once(reply: Reply) -> (String, tokio::task::JoinHandle<()>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/pg", listener.local_addr().unwrap());
    let task = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        drop(listener);
        crate::support::read_request(&mut stream, &mut Vec::new()).await.unwrap();
        match reply {
            Reply::Answer { .. } => crate::support::write_answer(&mut stream, &reply).await.unwrap(),
            _ => stream.set_zero_linger().unwrap(),
        }
    });
    (url, task)
}

#[tokio::test]
async fn never_sent_means_that_no_attempt_was() {
    let too_many = || refusal(429, "rate_limit_error", "rate_limit_exceeded").with("x-ratelimit-retry", 0);
    let cases = [
        (Reply::json(503, ""), true, ErrorKind::Rejected, Some(503)),
        (Reply::Reset(Vec::new()), true, ErrorKind::Unanswered, None),
        (Reply::json(503, ""), false, ErrorKind::OutcomeUnknown, Some(503)),
        (Reply::Reset(Vec::new()), false, ErrorKind::OutcomeUnknown, None),
        (Reply::json(200, "{"), false, ErrorKind::OutcomeUnknown, Some(200)),
    ];
    for (reply, reads, kind, status) in cases {
        let (url, task) = once(reply).await;
        let cashfree = builder(&url).build().unwrap();
        let error = if reads { get(&cashfree) } else { post(&cashfree) }.await.unwrap_err();
        task.await.unwrap();
        assert_eq!((error.kind(), error.status().map(|s| s.as_u16())), (kind, status), "{error}");
        assert_eq!(error.meta().attempts(), 3);
    }
    let (url, task) = once(too_many()).await;
    let error = post(&builder(&url).build().unwrap()).await.unwrap_err();
    task.await.unwrap();
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::RateLimited, 429));
    assert!(error.retry_after().is_some() && error.is_retryable());
}

fn hooked<F>(answer: F) -> (Cashfree, Arc<Mutex<Vec<http::Request<Bytes>>>>)
where
    F: Fn(usize) -> Result<http::Response<Bytes>, TransportError> + Send + Sync + 'static,
{
    let seen = Arc::new(Mutex::new(Vec::new()));
    let kept = seen.clone();
    let answer = Arc::new(answer);
    let cashfree = plain("https://api.example/pg")
        .transport(move |request| {
            let mut seen = kept.lock().unwrap();
            let answer = answer(seen.len());
            seen.push(request);
            async move { answer }
        })
        .build()
        .unwrap();
    (cashfree, seen)
}

#[tokio::test]
async fn a_transport_of_ones_own_is_judged_like_http() {
    let (cashfree, seen) = hooked(|number| match number {
        0 => Err(TransportError::not_sent("the queue is full")),
        1 => Ok(http::Response::builder().status(503).body(Bytes::new())?),
        _ => Ok(http::Response::builder().header("x-request-id", "r-1").body(r#"{"a":1}"#.into())?),
    });
    let answer = post(&cashfree).await.unwrap();
    assert_eq!((answer.json()["a"].as_i64(), answer.meta().attempts()), (Some(1), 3));
    assert_eq!(answer.meta().request_id(), Some("r-1"));
    let seen = std::mem::take(&mut *seen.lock().unwrap());
    assert_eq!(seen.len(), 3);
    for request in &seen {
        assert_eq!(request.uri(), "https://api.example/pg/orders");
        assert_eq!(
            (request.method(), request.body()),
            (&Method::POST, &Bytes::from(r#"{"order_id":"o_1"}"#))
        );
        assert_eq!(request.headers()["x-api-version"], "2025-01-01");
        assert_eq!(request.headers()["x-idempotency-key"], seen[0].headers()["x-idempotency-key"]);
    }

    let end = |result: fn() -> Result<http::Response<Bytes>, TransportError>| async move {
        let (cashfree, _) = hooked(move |_| result());
        post(&cashfree).await.unwrap_err()
    };
    let never = end(|| Err(TransportError::not_sent("no route"))).await;
    assert_eq!(never.kind(), ErrorKind::NeverSent);
    let maybe = end(|| Err(std::io::Error::other("the pipe broke").into())).await;
    assert_eq!(maybe.kind(), ErrorKind::OutcomeUnknown);
    assert_eq!(std::error::Error::source(&maybe).unwrap().to_string(), "the pipe broke");
    let long = end(|| Ok(http::Response::new("x".repeat(9 << 20).into()))).await;
    assert!(long.is_body_too_large());
    assert_eq!(long.kind(), ErrorKind::OutcomeUnknown);
}

/// The first attempt may have been carried out; that the second was not sent says nothing of it, and a refusal of the
/// third may be due to it.
#[tokio::test]
async fn an_attempt_that_was_not_sent_takes_no_doubt_away() {
    #[derive(Clone, Default)]
    struct Failures(Arc<Mutex<Vec<Option<ErrorKind>>>>);
    impl Observer for Failures {
        fn attempt_finished(&self, _: &CallInfo, attempt: &AttemptReport) {
            self.0.lock().unwrap().push(attempt.failure);
        }
    }
    let (failures, number) = (Failures::default(), AtomicUsize::new(0));
    let cashfree = plain("https://api.example/pg")
        .observer(failures.clone())
        .transport(move |_| {
            let answer = match number.fetch_add(1, Ordering::SeqCst) {
                0 => Err(TransportError::maybe_sent("the pipe broke")),
                1 => Err(TransportError::not_sent("no route")),
                _ => {
                    let body = r#"{"code":"order_already_exists","type":"invalid_request_error"}"#;
                    Ok(http::Response::builder().status(400).body(body.into()).unwrap())
                }
            };
            async move { answer }
        })
        .build()
        .unwrap();
    let error = post(&cashfree).await.unwrap_err();
    assert_eq!((error.kind(), error.meta().attempts()), (ErrorKind::OutcomeUnknown, 3), "{error}");
    let expected = [ErrorKind::OutcomeUnknown, ErrorKind::NeverSent, ErrorKind::OutcomeUnknown];
    assert_eq!(*failures.0.lock().unwrap(), expected.map(Some));
}

#[tokio::test]
async fn a_transport_that_never_answers_is_left_at_the_deadline() {
    let cashfree = plain("https://api.example/pg").transport(|_| std::future::pending()).build().unwrap();
    let error = get(&cashfree).timeout(Duration::from_secs(1)).await.unwrap_err();
    assert_eq!((error.kind(), error.is_timeout()), (ErrorKind::Unanswered, true));
}

#[test]
fn settings_of_another_way_to_send_are_refused() {
    let hook = |builder: CashfreeBuilder| builder.transport(|_| std::future::pending());
    let field = |result: Result<Cashfree, Error>| result.unwrap_err().field().map(str::to_owned);
    let base = || plain("https://api.example/pg");
    assert_eq!(field(hook(base().no_proxy()).build()).as_deref(), Some("no_proxy"));
    assert_eq!(field(hook(base().configure_http(|http| http)).build()).as_deref(), Some("configure_http"));
    if let Some(client) = own_client(Some(Policy::none())) {
        assert_eq!(field(hook(base().http_client(client.clone())).build()).as_deref(), Some("transport"));
        let both = base().http_client(client).configure_http(|http| http).build();
        assert_eq!(field(both).as_deref(), Some("configure_http"));
    }
}
