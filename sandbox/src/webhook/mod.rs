//! Webhooks: what they say, how they are signed, where they go, and whether they arrived.

pub(crate) mod endpoint;
pub(crate) mod event;
pub(crate) mod post;
pub(crate) mod sample;
pub(crate) mod send;
pub(crate) mod sign;

use serde_json::{Value, json};

/// One attempt to deliver a webhook, as `GET /_sandbox/webhooks` lists it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Delivery {
    /// What [`Sandbox::resend`](crate::Sandbox::resend) takes; 0 where there was nowhere to send it.
    pub id: u64,
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
    /// `x-idempotency-key`, which versions before 2025-01-01 do not send. Each event has its own.
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
            "id": self.id, "type": self.event_type, "version": self.version, "url": self.url,
            "attempt": self.attempt, "timestamp": self.timestamp, "signature": self.signature,
            "idempotency_key": self.idempotency_key, "body": self.body, "status": self.status,
            "error": self.error, "delivered": self.is_delivered(),
        })
    }
}
