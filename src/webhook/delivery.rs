//! Deliveries made by hand, for the tests of those who receive them.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;

use super::headers::{ATTEMPT, IDEMPOTENCY_KEY, SIGNATURE, Shown, TIMESTAMP, VERSION};
use super::sign;

/// A delivery as Cashfree would send it, for tests.
///
/// Its `Debug` shows neither the signature nor what is in the body, which may be a real one.
///
/// ```
/// use cashfree_pg::webhook::{Delivery, Verifier};
///
/// let delivery = Delivery::event("PAYMENT_SUCCESS_WEBHOOK")
///     .data(serde_json::json!({ "order": { "order_id": "o_1" } }))
///     .version("2025-01-01")
///     .attempt(2)
///     .sign("secret");
///
/// let event = Verifier::new("secret").verify(delivery.headers(), delivery.body())?;
/// assert_eq!(event.attempt(), Some(2));
/// # Ok::<(), cashfree_pg::webhook::WebhookError>(())
/// ```
#[derive(Clone)]
pub struct Delivery {
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl Delivery {
    /// A delivery of an event, put into the usual envelope: `{"data":…,"event_time":…,"type":…}`.
    pub fn event(event_type: impl Into<String>) -> DeliveryBuilder {
        DeliveryBuilder::new(Content::Event {
            event_type: event_type.into(),
            data: "{}".to_owned(),
            event_time: "2025-01-15T12:20:29+05:30".to_owned(),
        })
    }

    /// A delivery of a body that is there already, sent as it is.
    pub fn body_as_is(body: impl Into<Vec<u8>>) -> DeliveryBuilder {
        DeliveryBuilder::new(Content::Body(body.into()))
    }

    /// The headers, as pairs of name and value.
    pub fn headers(&self) -> Vec<(&'static str, String)> {
        self.headers.clone()
    }

    /// The body.
    pub fn body(&self) -> &[u8] {
        &self.body
    }
}

impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery")
            .field("headers", &Shown(&self.headers))
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// Sets up a [`Delivery`].
#[derive(Debug, Clone)]
pub struct DeliveryBuilder {
    content: Content,
    version: Option<String>,
    attempt: Option<u32>,
    idempotency_key: Option<String>,
    content_type: String,
    at: Option<SystemTime>,
}

#[derive(Clone)]
enum Content {
    Event { event_type: String, data: String, event_time: String },
    Body(Vec<u8>),
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (event_type, bytes) = match self {
            Self::Event { event_type, data, .. } => (Some(event_type), data.len()),
            Self::Body(body) => (None, body.len()),
        };
        f.debug_struct("Content")
            .field("event_type", &event_type)
            .field("bytes", &bytes)
            .finish_non_exhaustive()
    }
}

impl DeliveryBuilder {
    fn new(content: Content) -> Self {
        Self {
            content,
            version: None,
            attempt: None,
            idempotency_key: None,
            content_type: "application/json".to_owned(),
            at: None,
        }
    }

    /// The member `data` of the envelope. Of no effect on a body that is sent as it is.
    #[must_use]
    pub fn data(self, data: Value) -> Self {
        self.data_text(data.to_string())
    }

    /// The member `data` of the envelope, as JSON text: for amounts that are written `5.00`, and for
    /// bodies that are broken on purpose. Of no effect on a body that is sent as it is.
    #[must_use]
    pub fn data_text(mut self, json: impl Into<String>) -> Self {
        if let Content::Event { data, .. } = &mut self.content {
            *data = json.into();
        }
        self
    }

    /// The member `event_time` of the envelope. Of no effect on a body that is sent as it is.
    #[must_use]
    pub fn event_time(mut self, time: impl Into<String>) -> Self {
        if let Content::Event { event_time, .. } = &mut self.content {
            *event_time = time.into();
        }
        self
    }

    /// The header `x-webhook-version`. Not sent if not set.
    #[must_use]
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.version = Some(version.into());
        self
    }

    /// The header `x-webhook-attempt`. Not sent if not set.
    #[must_use]
    pub fn attempt(mut self, attempt: u32) -> Self {
        self.attempt = Some(attempt);
        self
    }

    /// The header `x-idempotency-key`. Not sent if not set.
    #[must_use]
    pub fn idempotency_key(mut self, key: impl Into<String>) -> Self {
        self.idempotency_key = Some(key.into());
        self
    }

    /// The header `content-type`. `application/json` if not set.
    #[must_use]
    pub fn content_type(mut self, media_type: impl Into<String>) -> Self {
        self.content_type = media_type.into();
        self
    }

    /// When it is signed. Now, if not set.
    #[must_use]
    pub fn at(mut self, time: SystemTime) -> Self {
        self.at = Some(time);
        self
    }

    /// The delivery, signed.
    pub fn sign(self, secret: impl AsRef<[u8]>) -> Delivery {
        let body = match self.content {
            Content::Body(body) => body,
            Content::Event { event_type, data, event_time } => {
                let (event_type, event_time) = (Value::from(event_type), Value::from(event_time));
                format!(r#"{{"data":{data},"event_time":{event_time},"type":{event_type}}}"#).into_bytes()
            }
        };
        let since_epoch =
            self.at.unwrap_or_else(SystemTime::now).duration_since(UNIX_EPOCH).unwrap_or_default();
        let timestamp = since_epoch.as_millis().to_string();
        let optional = [
            (VERSION, self.version),
            (ATTEMPT, self.attempt.map(|attempt| attempt.to_string())),
            (IDEMPOTENCY_KEY, self.idempotency_key),
        ];
        let mut headers = vec![
            ("content-type", self.content_type),
            (SIGNATURE, sign(secret, &timestamp, &body)),
            (TIMESTAMP, timestamp),
        ];
        headers.extend(optional.into_iter().filter_map(|(name, value)| Some((name, value?))));
        Delivery { headers, body }
    }
}
