//! The headers of a delivery, from whatever a framework keeps them in.

use std::fmt;

use super::WebhookError;

/// The header that carries the signature.
pub(super) const SIGNATURE: &str = "x-webhook-signature";
/// The header that carries the time of signing, in milliseconds since 1970.
pub(super) const TIMESTAMP: &str = "x-webhook-timestamp";
/// The header that carries the version of the body.
pub(super) const VERSION: &str = "x-webhook-version";
/// The header that counts attempts at a delivery, from 1.
pub(super) const ATTEMPT: &str = "x-webhook-attempt";
/// The header that is the same for every attempt at a delivery. Sent since version 2025-01-01.
pub(super) const IDEMPOTENCY_KEY: &str = "x-idempotency-key";
const CONTENT_TYPE: &str = "content-type";

/// What a signature needs.
pub(super) const SIGNED: &[&str] = &[SIGNATURE, TIMESTAMP];
/// What decides something.
pub(super) const DECIDING: &[&str] = &[SIGNATURE, TIMESTAMP, VERSION, ATTEMPT, IDEMPOTENCY_KEY, CONTENT_TYPE];

/// The headers of a delivery as plain strings, for frameworks that keep them in a form of their own.
///
/// Their `Debug` leaves out the signature: with the body it is all that a replay needs.
///
/// ```
/// use cashfree_pg::webhook::{SignedHeaders, Verifier, sign};
///
/// let (timestamp, body) = ("1746427759733", br#"{"type":"WEBHOOK","data":{"test_object":{}}}"#);
/// let headers = SignedHeaders::new(sign("secret", timestamp, body), timestamp).version("2025-01-01");
/// let verifier = Verifier::builder().secret("secret").without_timestamp_check_dangerous().build();
/// assert!(verifier.verify(headers, body)?.is_test());
/// # Ok::<(), cashfree_pg::webhook::WebhookError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct SignedHeaders {
    pairs: Vec<(&'static str, String)>,
}

impl SignedHeaders {
    /// The two headers without which nothing can be verified.
    pub fn new(signature: impl Into<String>, timestamp: impl Into<String>) -> Self {
        Self { pairs: vec![(SIGNATURE, signature.into()), (TIMESTAMP, timestamp.into())] }
    }

    /// The value of `x-webhook-version`.
    #[must_use]
    pub fn version(self, version: impl Into<String>) -> Self {
        self.with(VERSION, version.into())
    }

    /// The value of `x-webhook-attempt`.
    #[must_use]
    pub fn attempt(self, attempt: impl Into<String>) -> Self {
        self.with(ATTEMPT, attempt.into())
    }

    /// The value of `x-idempotency-key`.
    #[must_use]
    pub fn idempotency_key(self, key: impl Into<String>) -> Self {
        self.with(IDEMPOTENCY_KEY, key.into())
    }

    /// The value of `content-type`, which matters for bodies that are forms.
    #[must_use]
    pub fn content_type(self, media_type: impl Into<String>) -> Self {
        self.with(CONTENT_TYPE, media_type.into())
    }

    fn with(mut self, name: &'static str, value: String) -> Self {
        self.pairs.retain(|(n, _)| *n != name);
        self.pairs.push((name, value));
        self
    }
}

impl IntoIterator for SignedHeaders {
    type Item = (&'static str, String);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.pairs.into_iter()
    }
}

impl fmt::Debug for SignedHeaders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SignedHeaders").field(&Shown(&self.pairs)).finish()
    }
}

/// Headers without the signature.
pub(super) struct Shown<'a>(pub(super) &'a [(&'static str, String)]);

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = |(name, value): &'_ (&'static str, String)| match *name {
            SIGNATURE => (*name, "[redacted]".to_owned()),
            _ => (*name, value.clone()),
        };
        f.debug_map().entries(self.0.iter().map(value)).finish()
    }
}

/// The headers this module reads, once each, in the type they came in: verifying copies nothing.
pub(super) struct Received<V> {
    signature: Option<V>,
    timestamp: Option<V>,
    version: Option<V>,
    attempt: Option<V>,
    idempotency_key: Option<V>,
    content_type: Option<V>,
}

/// What the headers say that are not signed.
#[derive(Default)]
pub(super) struct About {
    pub(super) version: Option<String>,
    pub(super) attempt: Option<u32>,
    pub(super) idempotency_key: Option<String>,
    /// Whether the content type is that of a form, if there is one.
    pub(super) form: Option<bool>,
}

impl<V: AsRef<[u8]>> Received<V> {
    /// Those of `names` that are there, each at most once.
    pub(super) fn collect<H, N>(headers: H, names: &[&'static str]) -> Result<Self, WebhookError>
    where
        H: IntoIterator<Item = (N, V)>,
        N: AsRef<[u8]>,
    {
        let mut received = Self {
            signature: None,
            timestamp: None,
            version: None,
            attempt: None,
            idempotency_key: None,
            content_type: None,
        };
        for (name, value) in headers {
            let name = name.as_ref();
            let is = |known: &&&str| name.eq_ignore_ascii_case(known.as_bytes());
            let Some(&name) = names.iter().find(is) else { continue };
            let slot = match name {
                SIGNATURE => &mut received.signature,
                TIMESTAMP => &mut received.timestamp,
                VERSION => &mut received.version,
                ATTEMPT => &mut received.attempt,
                IDEMPOTENCY_KEY => &mut received.idempotency_key,
                _ => &mut received.content_type,
            };
            if slot.replace(value).is_some() {
                return Err(WebhookError::DuplicateHeader { name });
            }
        }
        Ok(received)
    }

    pub(super) fn signature(&self) -> Result<&[u8], WebhookError> {
        required(SIGNATURE, &self.signature)
    }

    pub(super) fn timestamp(&self) -> Result<&[u8], WebhookError> {
        required(TIMESTAMP, &self.timestamp)
    }

    pub(super) fn about(&self) -> Result<About, WebhookError> {
        Ok(About {
            version: text(VERSION, &self.version)?.map(str::to_owned),
            attempt: text(ATTEMPT, &self.attempt)?.and_then(|attempt| attempt.parse().ok()),
            idempotency_key: text(IDEMPOTENCY_KEY, &self.idempotency_key)?.map(str::to_owned),
            form: self.content_type.as_ref().map(|media_type| is_form(media_type.as_ref())),
        })
    }
}

fn required<'a, V: AsRef<[u8]>>(name: &'static str, value: &'a Option<V>) -> Result<&'a [u8], WebhookError> {
    value.as_ref().map(|value| trim(value.as_ref())).ok_or(WebhookError::MissingHeader { name })
}

/// An empty header says as much as none.
fn text<'a, V: AsRef<[u8]>>(
    name: &'static str,
    value: &'a Option<V>,
) -> Result<Option<&'a str>, WebhookError> {
    let value = value.as_ref().map(|value| trim(value.as_ref())).unwrap_or_default();
    let text = std::str::from_utf8(value).map_err(|_| WebhookError::MalformedHeader { name })?;
    Ok(Some(text).filter(|text| !text.is_empty()))
}

/// Blanks around a header's value are not part of it (RFC 9110, 5.5); not every framework strips them.
fn trim(value: &[u8]) -> &[u8] {
    let blank = |b: &u8| matches!(b, b' ' | b'\t');
    let start = value.iter().position(|b| !blank(b)).unwrap_or(value.len());
    let end = value.iter().rposition(|b| !blank(b)).map_or(start, |last| last + 1);
    &value[start..end]
}

fn is_form(media_type: &[u8]) -> bool {
    let essence = media_type.split(|b| *b == b';').next().unwrap_or_default();
    trim(essence).eq_ignore_ascii_case(b"application/x-www-form-urlencoded")
}
