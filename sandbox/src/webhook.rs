//! Webhooks: the body a version has, its signature, its deliveries and their retries.

use std::net::IpAddr;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use hmac::{Hmac, Mac};
use http_body_util::Full;
use hyper::Uri;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::net::TcpStream;

use crate::money;
use crate::world::{Content, Event, text};

/// How long the receiver may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// One attempt to deliver a webhook, as `GET /_sandbox/webhooks` lists it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Delivery {
    /// `PAYMENT_SUCCESS_WEBHOOK`, ...
    pub event_type: String,
    /// The API version of the body.
    pub version: String,
    /// Where it went; `None` where there was nowhere to send it.
    pub url: Option<String>,
    /// Counts from 1.
    pub attempt: u32,
    /// `x-webhook-timestamp`: milliseconds since 1970.
    pub timestamp: String,
    /// `x-webhook-signature`.
    pub signature: String,
    /// `x-idempotency-key`, which versions before 2025-01-01 do not send.
    pub idempotency_key: Option<String>,
    /// The raw body, as it was signed.
    pub body: String,
    /// The receiver's status.
    pub status: Option<u16>,
    /// Why there is no status.
    pub error: Option<String>,
}

impl Delivery {
    /// Whether the receiver took it: any 2xx.
    #[must_use]
    pub fn is_delivered(&self) -> bool {
        self.status.is_some_and(|status| (200..300).contains(&status))
    }

    pub(crate) fn to_json(&self) -> Value {
        json!({
            "type": self.event_type, "version": self.version, "url": self.url, "attempt": self.attempt,
            "timestamp": self.timestamp, "signature": self.signature, "idempotency_key": self.idempotency_key,
            "body": self.body, "status": self.status, "error": self.error, "delivered": self.is_delivered(),
        })
    }
}

/// `base64(HMAC-SHA256(secret, timestamp + body))`: what Cashfree puts into `x-webhook-signature`.
#[must_use]
pub fn sign(secret: &str, timestamp: &str, body: &[u8]) -> String {
    // HMAC takes a key of any length, so this never fails.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return String::new() };
    mac.update(timestamp.as_bytes());
    mac.update(body);
    STANDARD.encode(mac.finalize().into_bytes())
}

/// The raw body of `event` as `version` has it.
pub(crate) fn body(event: &Event, version: &str) -> Vec<u8> {
    let data = match &event.content {
        Content::Body(body) => return body.clone().into_bytes(),
        Content::Verbatim(data) => data.clone(),
        Content::Data(data) => {
            let mut data = data.clone();
            reshape(&mut data, version);
            data
        }
    };
    let mut body = json!({ "data": data, "event_time": event.time, "type": event.kind });
    if event.kind == "PAYMENT_LINK_EVENT" {
        body["version"] = json!(1);
    }
    money::to_json(&body)
}

/// Takes from a payment's or a refund's data what `version` does not have. Other events go out as they are.
fn reshape(data: &mut Value, version: &str) {
    let before = |date: &str| version < date;
    if data.get("payment").is_some() {
        if before("2025-01-01") {
            remove(data, "/payment", &["international_payment", "payment_surcharge"]);
            remove(data, "/payment/payment_method/upi", &["upi_payer_ifsc", "upi_payer_account_number"]);
            remove(data, "/payment/payment_method/card", &["instrument_id"]);
            remove(data, "", &["terminal_details"]);
        } else if let Some(Value::Object(upi)) = data.pointer_mut("/payment/payment_method/upi") {
            upi.insert("upi_instrument".to_owned(), json!("UPI"));
            upi.insert("upi_instrument_number".to_owned(), Value::Null);
        }
        if before("2023-08-01") {
            if let Some(id) = data.pointer_mut("/payment/cf_payment_id") {
                *id = text(id).and_then(|id| id.parse::<u64>().ok()).map_or(Value::Null, Value::from);
            }
            remove(data, "/payment_gateway_details", &["gateway_reference_name"]);
            remove(data, "/error_details", &["error_subcode_raw"]);
        }
        remove(data, "/error_details", &["error_code_raw", "error_description_raw"]);
    }
    if before("2025-01-01") {
        remove(data, "/dispute", &["dispute_amount_currency"]);
    }
    reshape_subscription(data, before("2025-01-01"));
    if data.get("refund").is_some() {
        if before("2025-01-01") {
            let new = ["requested_speed", "processed_speed", "service_charge", "service_tax"];
            remove(data, "/refund", &new);
            remove(data, "", &["terminalDetails"]);
        } else {
            remove(data, "/refund", &["refund_charge", "refund_mode"]);
        }
    }
}

/// Subscription events before 2025-01-01 name the method by a text, and some members in camel case.
fn reshape_subscription(data: &mut Value, old: bool) {
    let status_changed = data.get("subscription_details").is_some();
    if !status_changed && data.get("payment_type").is_none() {
        return;
    }
    if let Some(Value::Object(details)) = data.get_mut("authorization_details") {
        details.insert("approve_by_time".to_owned(), Value::Null);
        if old && status_changed {
            *details =
                std::mem::take(details).into_iter().map(|(name, value)| (camel(&name), value)).collect();
        } else if !old {
            let method = details.get("payment_method").and_then(Value::as_str).map(str::to_owned);
            details.insert("payment_group".to_owned(), json!(method));
            details
                .insert("payment_method".to_owned(), method.map_or(Value::Null, |name| json!({ name: {} })));
        }
    }
    if old && let Some(object) = data.as_object_mut() {
        object.remove("payment_currency");
        if let Some(failure) = object.remove("failure_details") {
            let failure = if failure["failure_reason"].is_null() { Value::Null } else { failure };
            object.insert("failureDetails".to_owned(), failure);
        }
    }
}

/// `authorization_amount` as `authorizationAmount`.
fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| {
        let (head, tail) = word.split_at(word.len().min(1));
        name + &head.to_ascii_uppercase() + tail
    })
}

fn remove(data: &mut Value, at: &str, names: &[&str]) {
    if let Some(Value::Object(object)) = data.pointer_mut(at) {
        object.retain(|name, _| !names.contains(&name.as_str()));
    }
}

/// Whether webhooks may go to `url`: to this machine, or where the owner of the sandbox said.
pub(crate) fn is_local(url: &str) -> bool {
    let Ok(uri) = url.parse::<Uri>() else { return false };
    let host = uri.host().unwrap_or("").trim_matches(['[', ']']);
    uri.scheme_str() == Some("http")
        && (host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback()))
}

/// Sends one signed webhook; answers the receiver's status.
pub(crate) async fn post(url: &str, headers: &[(&str, String)], body: Vec<u8>) -> Result<u16, String> {
    tokio::time::timeout(PATIENCE, send(url, headers, body))
        .await
        .map_err(|_| "no answer in time".to_owned())?
}

async fn send(url: &str, headers: &[(&str, String)], body: Vec<u8>) -> Result<u16, String> {
    let uri: Uri = url.parse().map_err(|e| format!("{e}"))?;
    if uri.scheme_str() != Some("http") {
        return Err("the sandbox delivers to http:// only".to_owned());
    }
    let host = uri.host().unwrap_or("").trim_matches(['[', ']']).to_owned();
    let port = uri.port_u16().unwrap_or(80);
    let stream = TcpStream::connect((host.as_str(), port)).await.map_err(|e| e.to_string())?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(|e| e.to_string())?;
    let target = uri.path_and_query().map_or("/", |target| target.as_str());
    let mut request = hyper::Request::post(target)
        .header("host", uri.authority().map_or("", |authority| authority.as_str()))
        .header("content-type", "application/json")
        .header("user-agent", "cashfree-sandbox");
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    let request = request.body(Full::new(Bytes::from(body))).map_err(|e| e.to_string())?;
    tokio::select! {
        answer = sender.send_request(request) => answer.map(|one| one.status().as_u16()).map_err(|e| e.to_string()),
        _ = connection => Err("the connection was closed without an answer".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_the_documented_one() {
        // echo -n '1629271506{"a":1}' | openssl dgst -sha256 -hmac cfsk_ma_prod_abc_123456 -binary | base64
        let signature = sign("cfsk_ma_prod_abc_123456", "1629271506", br#"{"a":1}"#);
        assert_eq!(signature, "aRjrv8yFpF1QYxNgZM8Hi6C6dfMpMHzxriGeUUnMzz4=");
        assert_ne!(signature, sign("another", "1629271506", br#"{"a":1}"#));
    }

    #[test]
    fn bodies_differ_by_version() {
        let event = Event {
            kind: "PAYMENT_SUCCESS_WEBHOOK".to_owned(),
            content: Content::Data(json!({ "payment": {
                "cf_payment_id": "12", "international_payment": null,
                "payment_method": {"upi": {"upi_id": "a@b", "upi_payer_ifsc": null}},
                "payment_amount": 5.0,
            }})),
            time: "t".to_owned(),
            version: String::new(),
            notify_url: None,
        };
        let read = |version: &str| -> Value { serde_json::from_slice(&body(&event, version)).expect("JSON") };
        assert_eq!(read("2022-09-01")["data"]["payment"]["cf_payment_id"], 12);
        assert_eq!(read("2023-08-01")["data"]["payment"]["cf_payment_id"], "12");
        assert!(read("2023-08-01")["data"]["payment"].get("international_payment").is_none());
        assert!(read("2025-01-01")["data"]["payment"].get("international_payment").is_some());
        assert!(String::from_utf8_lossy(&body(&event, "2025-01-01")).contains(r#""payment_amount":5.00"#));
    }

    #[test]
    fn subscription_events_differ_by_version() {
        let data = json!({
            "subscription_details": {}, "failure_details": {"failure_reason": null},
            "authorization_details": {"authorization_amount": 1.0, "payment_method": "upi"},
        });
        let (mut old, mut new) = (data.clone(), data);
        reshape(&mut old, "2023-08-01");
        reshape(&mut new, "2025-01-01");
        assert_eq!(old["authorization_details"]["authorizationAmount"], 1.0);
        assert_eq!(old["authorization_details"]["paymentMethod"], "upi");
        assert_eq!(old.get("failureDetails"), Some(&Value::Null));
        assert_eq!(new["authorization_details"]["payment_method"], json!({"upi": {}}));
        assert_eq!(new["authorization_details"]["payment_group"], "upi");
    }

    #[test]
    fn nothing_leaves_the_machine_unasked() {
        for (url, local) in [
            ("http://127.0.0.1:8080/hook", true),
            ("http://localhost/hook", true),
            ("http://[::1]:80/", true),
            ("https://127.0.0.1/", false),
            ("http://example.com/", false),
            ("nonsense", false),
        ] {
            assert_eq!(is_local(url), local, "{url}");
        }
    }
}
