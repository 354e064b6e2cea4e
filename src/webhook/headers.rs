//! The headers of a delivery, from whatever a framework keeps them in.

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

/// The headers of a delivery as plain strings, for frameworks that keep them in a form of their own.
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
#[derive(Debug, Clone, PartialEq, Eq)]
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

/// The headers this module reads, once each.
#[derive(Default)]
pub(super) struct Received {
    pub(super) signature: Option<Vec<u8>>,
    pub(super) timestamp: Option<Vec<u8>>,
    pub(super) version: Option<String>,
    pub(super) attempt: Option<u32>,
    pub(super) idempotency_key: Option<String>,
    pub(super) form: Option<bool>,
}

impl Received {
    pub(super) fn collect<H, N, V>(headers: H) -> Result<Self, WebhookError>
    where
        H: IntoIterator<Item = (N, V)>,
        N: AsRef<[u8]>,
        V: AsRef<[u8]>,
    {
        let (mut attempt, mut content_type) = (None, None);
        let (mut version, mut idempotency_key) = (None, None);
        let mut received = Self::default();
        for (name, value) in headers {
            let (name, value) = (name.as_ref(), trim(value.as_ref()));
            let (known, slot) = match name.len() {
                19 if name.eq_ignore_ascii_case(SIGNATURE.as_bytes()) => (SIGNATURE, &mut received.signature),
                19 if name.eq_ignore_ascii_case(TIMESTAMP.as_bytes()) => (TIMESTAMP, &mut received.timestamp),
                17 if name.eq_ignore_ascii_case(VERSION.as_bytes()) => (VERSION, &mut version),
                17 if name.eq_ignore_ascii_case(ATTEMPT.as_bytes()) => (ATTEMPT, &mut attempt),
                17 if name.eq_ignore_ascii_case(IDEMPOTENCY_KEY.as_bytes()) => {
                    (IDEMPOTENCY_KEY, &mut idempotency_key)
                }
                12 if name.eq_ignore_ascii_case(CONTENT_TYPE.as_bytes()) => (CONTENT_TYPE, &mut content_type),
                _ => continue,
            };
            if slot.is_some() {
                return Err(WebhookError::DuplicateHeader { name: known });
            }
            *slot = Some(value.to_vec());
        }
        received.version = text(VERSION, version)?;
        received.idempotency_key = text(IDEMPOTENCY_KEY, idempotency_key)?;
        received.attempt = text(ATTEMPT, attempt)?.and_then(|a| a.parse().ok());
        received.form = content_type.map(|media_type| is_form(&media_type));
        Ok(received)
    }
}

/// Blanks around a header's value are not part of it (RFC 9110, 5.5); not every framework strips them.
fn trim(value: &[u8]) -> &[u8] {
    let blank = |b: &u8| matches!(b, b' ' | b'\t');
    let start = value.iter().position(|b| !blank(b)).unwrap_or(value.len());
    let end = value.iter().rposition(|b| !blank(b)).map_or(start, |last| last + 1);
    &value[start..end]
}

/// An empty header says as much as none.
fn text(name: &'static str, value: Option<Vec<u8>>) -> Result<Option<String>, WebhookError> {
    match value {
        Some(value) if !value.is_empty() => {
            String::from_utf8(value).map(Some).map_err(|_| WebhookError::MalformedHeader { name })
        }
        _ => Ok(None),
    }
}

fn is_form(media_type: &[u8]) -> bool {
    let essence = media_type.split(|b| *b == b';').next().unwrap_or_default();
    trim(essence).eq_ignore_ascii_case(b"application/x-www-form-urlencoded")
}
