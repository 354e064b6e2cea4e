//! A verified delivery, read.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::WebhookError;
use super::body::Fields;
use super::entity::{Entity, Subject};
use super::headers::{About, DECIDING, Received};
use super::subject::Summary;
use crate::redact;
use crate::types::{Amount, Body, DecodeError, Timestamp};

/// The members that name the event, in the order they are asked for: of the payment gateway, of
/// collections, and of the first subscriptions.
const DISCRIMINATORS: &[&str] = &["/type", "/event", "/cf_event"];
const EVENT_TIMES: &[&str] =
    &["/event_time", "/updatedStatusTime", "/paymentTime", "/txTime", "/cf_eventTime"];

/// One event, from a delivery that has been verified.
///
/// Works for every event, known or not: the accessors look in the places where Cashfree's events keep
/// such things, and [`payload`](Self::payload) reads the whole body into a type.
///
/// Its `Debug` shows the type, the version, the attempt and names of members, and no other value: bodies
/// hold names, phone numbers and account numbers.
///
/// ```
/// use cashfree_pg::webhook::{Delivery, Subject, Verifier};
///
/// let delivery = Delivery::event("REFUND_STATUS_WEBHOOK")
///     .data_text(r#"{"refund":{"cf_refund_id":11,"cf_payment_id":7,"order_id":"o_1",
///         "refund_amount":2.00,"refund_currency":"INR","refund_status":"SUCCESS"}}"#)
///     .version("2025-01-01")
///     .sign("secret");
/// let event = Verifier::new("secret").verify(delivery.headers(), delivery.body())?;
///
/// assert_eq!(event.event_type(), "REFUND_STATUS_WEBHOOK");
/// assert_eq!(event.version(), Some("2025-01-01"));
/// assert_eq!(event.order_id(), Some("o_1"));
/// assert_eq!(event.payment_id(), Some("7"));
/// assert_eq!(event.entity_id(), Some("11"));
/// assert_eq!(event.amount(), Some("2.00".parse()?));
/// assert!(matches!(event.subject(), Subject::Refund(refund) if refund.is_success()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[doc(alias = "PGWebhookEvent")]
#[derive(Clone)]
pub struct Event {
    event_type: String,
    version: Option<String>,
    attempt: Option<u32>,
    idempotency_key: Option<String>,
    event_time: Option<Timestamp>,
    amount: Option<Amount>,
    summary: Summary,
    fields: Fields,
    body: Bytes,
}

impl Event {
    /// Reads a delivery that was verified before, with
    /// [`verify_signature`](super::Verifier::verify_signature), and has been kept since.
    ///
    /// Verifies nothing. Bytes that come from anywhere else are no event.
    ///
    /// # Errors
    /// [`WebhookError`], for what can be wrong with a body or with a header that is there twice.
    pub fn parse_verified<H, N, V>(headers: H, body: &[u8]) -> Result<Self, WebhookError>
    where
        H: IntoIterator<Item = (N, V)>,
        N: AsRef<[u8]>,
        V: AsRef<[u8]>,
    {
        Self::read(Received::collect(headers, DECIDING)?.about()?, Bytes::copy_from_slice(body))
    }

    pub(super) fn read(about: About, body: Bytes) -> Result<Self, WebhookError> {
        let fields = Fields::read_signed(&body, about.form)?;
        Self::new(about, body, fields, None)
    }

    pub(super) fn new(
        about: About,
        body: Bytes,
        fields: Fields,
        event_type: Option<&str>,
    ) -> Result<Self, WebhookError> {
        let named = DISCRIMINATORS
            .iter()
            .filter_map(|pointer| fields.json.pointer(pointer))
            .find(|value| !value.is_null());
        let event_type = match (event_type, named) {
            (Some(event_type), _) => event_type.to_owned(),
            (None, Some(Value::String(name))) if !name.is_empty() => name.clone(),
            (None, _) => {
                let reason = "it has no text in `type`, `event` or `cf_event`";
                return Err(WebhookError::NotAnEvent { reason });
            }
        };
        let summary = Summary::of(&event_type, &fields);
        Ok(Self {
            event_type,
            version: about.version,
            attempt: about.attempt,
            idempotency_key: about.idempotency_key,
            event_time: fields.text_at(EVENT_TIMES).map(Timestamp::from),
            amount: summary.amount.as_deref().and_then(|text| text.parse().ok()),
            summary,
            fields,
            body,
        })
    }

    pub(super) fn or_version(mut self, version: Option<&str>) -> Self {
        self.version = self.version.or_else(|| version.map(str::to_owned));
        self
    }

    /// What happened: `PAYMENT_SUCCESS_WEBHOOK`. An open set.
    ///
    /// Not what to decide on alone: `PAYMENT_SUCCESS_WEBHOOK` can carry the status `PENDING`. See
    /// [`subject`](Self::subject).
    pub fn event_type(&self) -> &str {
        &self.event_type
    }

    /// The version of the body: `2025-01-01`. It is a setting of the endpoint in Cashfree's dashboard, and
    /// has nothing to do with the version of the calls that led to the event. Not signed.
    ///
    /// `None` if the delivery does not say and the verifier has no default.
    pub fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }

    /// The number of this attempt at the delivery, from 1. Not signed.
    pub fn attempt(&self) -> Option<u32> {
        self.attempt
    }

    /// When it happened, which is not when it was sent.
    pub fn event_time(&self) -> Option<&Timestamp> {
        self.event_time.as_ref()
    }

    /// The same for all attempts at one delivery: the idempotency key that Cashfree sends since
    /// 2025-01-01, else [`content_key`](Self::content_key).
    ///
    /// Cashfree delivers at least once. Remember this key for as long as retries may come, in the same
    /// transaction as what the event causes, and ignore an event whose key is known.
    ///
    /// The idempotency key is not signed, and differs between two endpoints that get the same event. Where
    /// that matters, use [`content_key`](Self::content_key).
    pub fn dedupe_key(&self) -> String {
        self.idempotency_key.clone().unwrap_or_else(|| self.content_key())
    }

    /// A key made of signed content only: the type, the id of what the event is about, its status, and,
    /// where a status can come up again, what tells the two apart.
    ///
    /// An event about nothing known has a hash of its body instead.
    pub fn content_key(&self) -> String {
        let Summary { subject_id, status, also, .. } = &self.summary;
        match subject_id {
            Some(id) => {
                let mut key = format!("{}:{id}:{}", self.event_type, status.as_deref().unwrap_or_default());
                for part in also {
                    key.push(':');
                    key.push_str(part);
                }
                key
            }
            None => format!("{}:{}", self.event_type, STANDARD.encode(Sha256::digest(&self.body))),
        }
    }

    /// The body as it came, to the byte.
    pub fn raw_body(&self) -> &[u8] {
        &self.body
    }

    /// The body as JSON; a form is an object of texts.
    ///
    /// Amounts in it are floating-point numbers, as always with [`serde_json::Value`]. For money use
    /// [`amount`](Self::amount) or [`payload`](Self::payload), which read the text.
    pub fn json(&self) -> &Value {
        &self.fields.json
    }

    /// The whole body as a type.
    ///
    /// # Errors
    /// [`DecodeError`], which names the member that does not fit.
    pub fn payload<T: Body>(&self) -> Result<T, DecodeError> {
        T::decode(&self.fields.text)
    }

    /// The merchant's id of the order it belongs to.
    pub fn order_id(&self) -> Option<&str> {
        self.summary.order_id.as_deref()
    }

    /// Cashfree's id of the payment it belongs to (`cf_payment_id`). Text, whichever way it was sent.
    pub fn payment_id(&self) -> Option<&str> {
        self.summary.payment_id.as_deref()
    }

    /// The merchant's id of the refund it is about, by which the API is asked for it. A refund that Cashfree
    /// makes by itself has none.
    pub fn refund_id(&self) -> Option<&str> {
        self.summary.refund_id.as_deref()
    }

    /// The merchant's id of the subscription it belongs to.
    pub fn subscription_id(&self) -> Option<&str> {
        self.summary.subscription_id.as_deref()
    }

    /// The id of what it is about, by Cashfree's numbering where there is one: the refund of a refund
    /// event, the dispute of a dispute event, the link of a link event.
    pub fn entity_id(&self) -> Option<&str> {
        self.summary.subject_id.as_deref()
    }

    /// What it is about: a payment, a refund, a dispute. Ask this first, since a status alone does not say what
    /// it is a status of: see [`Subject`].
    pub fn subject(&self) -> Subject<'_> {
        (self.summary.about)(Entity(self))
    }

    /// Whether what it is about came to a good end: see [`Entity::is_success`].
    pub(super) fn is_success(&self) -> bool {
        self.summary.is_success
    }

    /// The status of what it is [about](Self::subject): `SUCCESS`, `PENDING`, `CHARGEBACK_CREATED`. An open set.
    ///
    /// `SUCCESS` is that of a payment, and as well that of a refund of the same order.
    pub fn status(&self) -> Option<&str> {
        self.summary.status.as_deref()
    }

    /// Whether no other status follows for what it is about, as far as Cashfree documents its states.
    /// Never for a status that is not known here.
    ///
    /// An order whose payment failed for good may still be paid: that is another payment. A settlement that
    /// succeeded is final here, although a bank can send one back (`SETTLEMENT_REVERSED`).
    pub fn is_final(&self) -> bool {
        self.summary.is_final
    }

    /// The amount of what it is about, exactly as it was written: of the payment, the refund, the dispute;
    /// of a settlement what was paid out; of a payment link all that has been paid so far. In the unit of
    /// [`currency`](Self::currency), which is rupees where it is not given.
    pub fn amount(&self) -> Option<Amount> {
        self.amount
    }

    /// The amount as it was written, be it one that [`amount`](Self::amount) cannot read: `1,499.00`.
    pub fn amount_text(&self) -> Option<&str> {
        self.summary.amount.as_deref()
    }

    /// The currency of [`amount`](Self::amount): `INR`. Not every event names it.
    pub fn currency(&self) -> Option<&str> {
        self.summary.currency.as_deref()
    }

    /// Whether it is the call that the dashboard makes when an endpoint is added. Nothing happened;
    /// answer with 200.
    pub fn is_test(&self) -> bool {
        is_test(&self.fields.json)
    }
}

/// Whether a body is the dashboard's test call, and nothing else.
pub(super) fn is_test(json: &Value) -> bool {
    let data = json.get("data").and_then(Value::as_object);
    json.get("type").and_then(Value::as_str) == Some("WEBHOOK")
        && data.is_some_and(|data| data.len() == 1 && data.contains_key("test_object"))
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = |value: Option<&Value>| -> Vec<String> {
            value
                .and_then(Value::as_object)
                .map(|members| redact::names(members.keys().map(String::as_str)).map(str::to_owned).collect())
                .unwrap_or_default()
        };
        f.debug_struct("Event")
            .field("event_type", &redact::name(&self.event_type))
            .field("version", &self.version.as_deref().map(redact::name))
            .field("attempt", &self.attempt)
            .field("members", &names(Some(&self.fields.json)))
            .field("data", &names(self.fields.json.get("data")))
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}
