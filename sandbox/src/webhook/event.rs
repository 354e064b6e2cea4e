//! Something that the merchant is to hear of, and the raw body that a version has of it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::sign::{sign, sign_inside};
use crate::spec::{self, Spec, quirks, shape};
use crate::world::money;

/// Something that happened.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    pub(crate) kind: String,
    pub(crate) content: Content,
    pub(crate) time: String,
    /// The version its body has: that of the call which created what it is about.
    pub(crate) version: String,
    /// The order's own `notify_url`.
    pub(crate) notify_url: Option<String>,
    /// What tells it from all others.
    pub(crate) key: [u8; 32],
}

/// What an event's body is made of.
#[derive(Debug, Clone)]
pub(crate) enum Content {
    /// What stands under `data`, with the members of all versions: cut to the one that is sent.
    Data(Value),
    /// What stands under `data`, sent as it is.
    Verbatim(Value),
    /// The whole body, with the members of all versions, which is signed inside.
    Flat(Value),
    /// The whole body as it is, of the event's version whatever the sandbox is set to.
    Body(String),
}

impl Event {
    /// `x-idempotency-key`, in the form that Cashfree's have.
    pub(crate) fn key(&self) -> String {
        STANDARD.encode(self.key)
    }

    /// The raw body as `version` has it, or the way the live API breaks it.
    pub(crate) fn body(&self, version: &str, secret: &str, with_quirks: bool) -> Vec<u8> {
        let spec = spec::find(version);
        let schema = spec.and_then(|spec| Some((spec, spec.event(&self.kind)?)));
        let shaped = |body: Value| match schema {
            Some((spec, schema)) if with_quirks => quirks::spoil(spec, schema, body),
            Some((spec, schema)) => shape::project(spec, schema, body),
            None => body,
        };
        match &self.content {
            Content::Body(body) => body.clone().into_bytes(),
            Content::Verbatim(data) => money::to_json(&self.envelope(data, schema)),
            Content::Data(data) => money::to_json(&shaped(self.envelope(data, schema))),
            Content::Flat(body) => {
                let mut body = shaped(body.clone());
                body["signature"] = json!(sign_inside(secret, &body));
                money::to_json(&body)
            }
        }
    }

    fn envelope(&self, data: &Value, schema: Option<(&'static Spec, &Value)>) -> Value {
        let mut body = json!({ "data": data, "event_time": self.time, "type": self.kind });
        // Payment links count the versions of their event in its body.
        if schema.is_some_and(|(spec, schema)| !spec.resolve(schema)["properties"]["version"].is_null()) {
            body["version"] = json!(1);
        }
        body
    }
}

/// The headers of one attempt.
pub(crate) fn headers(
    secret: &str,
    timestamp: &str,
    version: &str,
    attempt: u32,
    key: Option<&str>,
    body: &[u8],
) -> Vec<(&'static str, String)> {
    let mut headers = vec![
        ("x-webhook-signature", sign(secret, timestamp, body)),
        ("x-webhook-timestamp", timestamp.to_owned()),
        ("x-webhook-version", version.to_owned()),
        ("x-webhook-attempt", attempt.to_string()),
    ];
    headers.extend(key.map(|key| ("x-idempotency-key", key.to_owned())));
    headers
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(kind: &str, data: Value) -> Event {
        Event {
            kind: kind.to_owned(),
            content: Content::Data(data),
            time: "t".to_owned(),
            version: String::new(),
            notify_url: None,
            key: [7; 32],
        }
    }

    fn read(event: &Event, version: &str) -> Value {
        serde_json::from_slice(&event.body(version, "s", false)).expect("JSON")
    }

    #[test]
    fn payments_differ_by_version() {
        let event = event(
            "PAYMENT_SUCCESS_WEBHOOK",
            json!({ "payment": {
                "cf_payment_id": "12", "international_payment": null, "payment_amount": 5.0,
                "payment_method": {"upi": {"upi_id": "a@b", "upi_payer_ifsc": null}},
            }}),
        );
        assert_eq!(read(&event, "2022-09-01")["data"]["payment"]["cf_payment_id"], 12);
        assert_eq!(read(&event, "2023-08-01")["data"]["payment"]["cf_payment_id"], "12");
        let upi = |version: &str| read(&event, version)["data"]["payment"]["payment_method"]["upi"].clone();
        assert!(upi("2023-08-01").get("upi_payer_ifsc").is_none());
        assert!(upi("2025-01-01").get("upi_payer_ifsc").is_some());
        let body = event.body("2025-01-01", "s", false);
        assert!(String::from_utf8_lossy(&body).contains(r#""payment_amount":5.00"#));
    }

    #[test]
    fn subscriptions_differ_by_version() {
        let method = json!({ "upi": { "channel": "link" } });
        let data = json!({
            "subscription_details": {},
            "authorization_details": {
                "authorization_amount": 1.0, "payment_method": method, "authorizationAmount": 1.0,
                "paymentMethod": "upi",
            },
        });
        let event = event("SUBSCRIPTION_STATUS_CHANGED", data);
        let details = |version: &str| read(&event, version)["data"]["authorization_details"].clone();
        assert_eq!(details("2023-08-01"), json!({"authorizationAmount": 1.0, "paymentMethod": "upi"}));
        assert_eq!(details("2025-01-01"), json!({"authorization_amount": 1.0, "payment_method": method}));
    }

    #[test]
    fn links_count_their_version_and_nothing_else_does() {
        assert_eq!(read(&event("PAYMENT_LINK_EVENT", json!({})), "2025-01-01")["version"], 1);
        assert!(read(&event("DISPUTE_CREATED", json!({})), "2025-01-01").get("version").is_none());
    }
}
