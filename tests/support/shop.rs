//! A shop: a sandbox, a handle on it, and an endpoint that the sandbox's webhooks arrive at.
// Each test uses its part of it.
#![allow(dead_code, unreachable_pub)]

use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use cashfree_pg::webhook::{Event, Verifier};
use cashfree_pg::{Cashfree, CashfreeBuilder, Credentials, Environment, RetryPolicy};
use cashfree_sandbox::{Builder, RequestRecord, Sandbox};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::mpsc;

pub struct Shop {
    pub sandbox: Sandbox,
    pub cashfree: Cashfree,
    events: mpsc::UnboundedReceiver<Event>,
}

/// A handle on `sandbox`, still to be built. It waits for little before it tries again.
pub fn handle(sandbox: &Sandbox) -> CashfreeBuilder {
    let quick = RetryPolicy::default().backoff(Duration::from_millis(1), Duration::from_millis(5)).seed(1);
    Cashfree::builder()
        .environment(Environment::custom(sandbox.base_url()).expect("its URL"))
        .credentials(Credentials::merchant(sandbox.client_id(), sandbox.client_secret()))
        .retry(quick)
}

impl Shop {
    pub async fn open() -> Self {
        Self::with(|sandbox| sandbox).await
    }

    pub async fn with(settings: impl FnOnce(Builder) -> Builder) -> Self {
        const SECRET: &str = "the_shops_secret";
        let (sender, events) = mpsc::unbounded_channel();
        let state = (Verifier::new(SECRET), sender);
        let app = Router::new().route("/hook", post(receive)).with_state(state);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let hook = format!("http://{}/hook", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, app).await });
        let sandbox = Sandbox::builder().quirks(true).credentials("the_shop", SECRET).webhook_url(hook);
        let sandbox = settings(sandbox).start().await.expect("a sandbox");
        let cashfree = handle(&sandbox).build().expect("a handle");
        Self { sandbox, cashfree, events }
    }

    /// The next event, verified; it must be of this type.
    pub async fn event(&mut self, event_type: &str) -> Event {
        let next = tokio::time::timeout(Duration::from_secs(30), self.events.recv()).await;
        let event = next.unwrap_or_else(|_| panic!("no {event_type} came")).expect("an endpoint");
        assert_eq!(event.event_type(), event_type, "{}", String::from_utf8_lossy(event.raw_body()));
        checked(event)
    }

    /// The next event of this type, verified; others may come before it.
    pub async fn find(&mut self, event_type: &str) -> Event {
        let wanted = async {
            loop {
                let event = self.events.recv().await.expect("an endpoint");
                if event.event_type() == event_type {
                    return checked(event);
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(30), wanted)
            .await
            .unwrap_or_else(|_| panic!("no {event_type} came"))
    }

    /// What a browser does on one of the sandbox's pages.
    pub async fn visit(&self, url: &str, body: &str) -> serde_json::Value {
        let rest = url.strip_prefix("http://").expect("a page of the sandbox");
        let (host, path) = rest.split_once('/').expect("a path");
        let length = body.len();
        let request = format!(
            "POST /{path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\
             content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
        );
        let mut stream = tokio::net::TcpStream::connect(host).await.expect("a connection");
        stream.write_all(request.as_bytes()).await.expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 2"), "{url}: {answer}");
        let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
        serde_json::from_str(body).unwrap_or_default()
    }

    /// The requests of one operation, by its id.
    pub fn requests(&self, operation: &str) -> Vec<RequestRecord> {
        self.sandbox.requests().into_iter().filter(|one| one.operation == operation).collect()
    }
}

/// What the sandbox sends is what the specification says: every member finds its place and comes back.
fn checked(event: Event) -> Event {
    event.typed().expect("it fits");
    #[cfg(feature = "registry")]
    for (version, entries) in cashfree_pg::registry::VERSIONS {
        let mut of_event =
            entries.iter().filter(|one| one.kind == "webhook" && one.name == event.event_type());
        if event.version() == Some(version)
            && let Some(entry) = of_event.next()
        {
            let (body, what) = (event.raw_body(), String::from_utf8_lossy(event.raw_body()));
            assert_eq!((entry.misfits)(body).expect("it fits"), [""; 0], "{version} {what}");
            assert!((entry.round_trip)(body).is_ok(), "{version} {what}");
        }
    }
    event
}

async fn receive(
    State((verifier, events)): State<(Verifier, mpsc::UnboundedSender<Event>)>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    match verifier.verify(&headers, &body) {
        Ok(event) => events.send(event).map_or(StatusCode::SERVICE_UNAVAILABLE, |()| StatusCode::OK),
        Err(error) => StatusCode::from_u16(error.http_status()).expect("a status"),
    }
}
