//! A minimal HTTP client and a webhook receiver, so that the tests see what a stranger would see.
#![allow(dead_code, reason = "not every test file uses all of it")]

pub(crate) mod schema;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use cashfree_sandbox::Sandbox;
use chrono::{DateTime, Days, FixedOffset};
use http_body_util::{BodyExt, Full};
use hyper::service::service_fn;
use hyper::{HeaderMap, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};

/// How long a test waits for what is sure to come. A busy machine takes its time.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// An answer, or why there is none.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|e| panic!("{e} in {self:?}"))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The JSON of an answer that must be a success.
    pub(crate) fn ok(&self) -> Value {
        assert!((200..300).contains(&self.status), "{self:?}");
        self.json()
    }

    /// Status and code of an answer that must be an error in Cashfree's shape.
    pub(crate) fn problem(&self) -> (u16, String) {
        let body = self.json();
        for member in ["message", "code", "type"] {
            assert!(body[member].is_string(), "{self:?}");
        }
        (self.status, body["code"].as_str().unwrap_or_default().to_owned())
    }
}

/// Sends one request on a connection of its own.
pub(crate) async fn send(
    method: &str,
    url: &str,
    headers: &[(&str, &str)],
    body: Vec<u8>,
) -> Result<Answer, String> {
    let rest = url.strip_prefix("http://").expect("an http url");
    let (authority, target) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let stream = TcpStream::connect(authority).await.map_err(|e| e.to_string())?;
    stream.set_nodelay(true).map_err(|e| e.to_string())?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(|e| e.to_string())?;
    let driver = tokio::spawn(connection);
    let mut request = Request::builder().method(method).uri(target).header("host", authority);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Full::new(Bytes::from(body))).expect("a request");
    let answer = sender.send_request(request).await.map_err(|e| e.to_string())?;
    let (head, body) = answer.into_parts();
    let body = body.collect().await.map_err(|e| e.to_string())?.to_bytes();
    driver.abort();
    let text = String::from_utf8_lossy(&body).into_owned();
    Ok(Answer { status: head.status.as_u16(), headers: head.headers, text })
}

/// A merchant at a version.
pub(crate) struct Merchant<'a> {
    pub(crate) sandbox: &'a Sandbox,
    pub(crate) version: &'a str,
}

impl Merchant<'_> {
    pub(crate) async fn try_call(
        &self,
        method: &str,
        path: &str,
        body: Value,
        extra: &[(&str, &str)],
    ) -> Result<Answer, String> {
        let mut headers = vec![
            ("x-client-id", self.sandbox.client_id()),
            ("x-client-secret", self.sandbox.client_secret()),
            ("x-api-version", self.version),
            ("content-type", "application/json"),
        ];
        headers.extend(extra);
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        let answer = send(method, &format!("{}{path}", self.sandbox.base_url()), &headers, body).await?;
        self.check(&answer);
        Ok(answer)
    }

    /// Every success that any test sees has the shape that its version declares.
    fn check(&self, answer: &Answer) {
        if !(200..300).contains(&answer.status) {
            return;
        }
        let id = answer.header("x-request-id").expect("an id");
        let operation = self.sandbox.request(id).expect("a request of this sandbox").operation;
        let fits = schema::answer(self.version, &operation, &answer.json());
        fits.unwrap_or_else(|fault| panic!("{fault}"));
    }

    pub(crate) async fn call(&self, method: &str, path: &str, body: Value) -> Answer {
        self.try_call(method, path, body, &[]).await.expect("an answer")
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.call("GET", path, Value::Null).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.call("POST", path, body).await
    }

    /// Creates an order and answers it.
    pub(crate) async fn order(&self, id: &str, amount: f64) -> Value {
        self.post("/orders", order(id, amount)).await.ok()
    }

    /// Pays an order by UPI and answers the payment's id.
    pub(crate) async fn pay(&self, order: &Value, upi_id: &str) -> String {
        let body = json!({
            "payment_session_id": order["payment_session_id"],
            "payment_method": {"upi": {"channel": "collect", "upi_id": upi_id}},
        });
        let answer = self.post("/orders/sessions", body).await.ok();
        answer["cf_payment_id"].to_string().trim_matches('"').to_owned()
    }
}

/// The sandbox's time.
pub(crate) async fn now(sandbox: &Sandbox) -> DateTime<FixedOffset> {
    let url = format!("{}/clock", sandbox.control_url());
    let now = send("GET", &url, &[], Vec::new()).await.expect("the time").ok();
    DateTime::parse_from_rfc3339(now["now"].as_str().expect("a time")).expect("a time")
}

/// Moves the sandbox's time on to an hour of today, or of a day after.
pub(crate) async fn until(sandbox: &Sandbox, days: u64, hour: u32) {
    let now = now(sandbox).await;
    let then = (now.date_naive() + Days::new(days)).and_hms_opt(hour, 0, 0).expect("an hour");
    sandbox.advance((then - now.naive_local()).to_std().expect("later than now"));
}

/// A card as `payment_method` takes it.
pub(crate) fn card(number: &str) -> Value {
    json!({
        "channel": "post", "card_number": number, "card_holder_name": "T", "card_expiry_mm": "12",
        "card_expiry_yy": "30", "card_cvv": "123",
    })
}

pub(crate) fn order(id: &str, amount: f64) -> Value {
    json!({
        "order_id": id, "order_amount": amount, "order_currency": "INR",
        "customer_details": { "customer_id": "c_1", "customer_phone": "9999999999" },
    })
}

/// A row of reconciliation with the members of its groups in it, as versions before 2026-01-01 have it.
pub(crate) fn flat(row: &Value) -> Value {
    let Value::Object(members) = row else { return row.clone() };
    let mut flat = serde_json::Map::new();
    for (name, value) in members {
        match value {
            Value::Object(group) if name.ends_with("_details") => {
                flat.extend(group.iter().map(|(name, value)| (name.clone(), value.clone())));
            }
            value => {
                flat.insert(name.clone(), value.clone());
            }
        }
    }
    Value::Object(flat)
}

/// What a webhook receiver got.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }
}

/// A webhook receiver that answers the first `failures` requests with 500.
pub(crate) struct Receiver {
    pub(crate) url: String,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Receiver {
    pub(crate) async fn start(failures: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
        let received = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&received);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let log = Arc::clone(&log);
                let service = service_fn(move |request: Request<hyper::body::Incoming>| {
                    let log = Arc::clone(&log);
                    async move {
                        let (head, body) = request.into_parts();
                        let body = body.collect().await?.to_bytes().to_vec();
                        let mut log = log.lock().expect("not poisoned");
                        log.push(Received { headers: head.headers, body });
                        let status = if log.len() <= failures { 500 } else { 200 };
                        let mut response = Response::new(Full::new(Bytes::new()));
                        *response.status_mut() = StatusCode::from_u16(status).expect("a status");
                        Ok::<_, hyper::Error>(response)
                    }
                });
                let http = hyper::server::conn::http1::Builder::new();
                tokio::spawn(http.serve_connection(TokioIo::new(stream), service));
            }
        });
        Self { url, received }
    }

    /// Waits for `count` webhooks.
    pub(crate) async fn wait(&self, count: usize) -> Vec<Received> {
        for _ in 0..PATIENCE.as_millis() / 10 {
            let received = self.received.lock().expect("not poisoned").clone();
            if received.len() >= count {
                return received;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{count} webhooks wanted, got {:?}", self.received.lock().expect("not poisoned"));
    }
}
