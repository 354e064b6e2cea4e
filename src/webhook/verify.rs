//! The verifier: is this delivery from Cashfree, unchanged, and recent?

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use subtle::{Choice, ConstantTimeEq};

use super::body::{self, Fields};
use super::headers::{About, DECIDING, Received, SIGNED};
use super::legacy::LegacySigning;
use super::{Event, WebhookError, sign};

type Clock = dyn Fn() -> SystemTime + Send + Sync;

/// Verifies deliveries and turns them into [`Event`]s.
///
/// Cheap to clone. Its `Debug` shows how many secrets it has, and none of them.
///
/// # What is checked, in this order
/// 1. The verifier has a secret, and the body is within [`max_body`](VerifierBuilder::max_body).
/// 2. The signature and the timestamp header are there, once, and well formed. The timestamp must be all
///    digits: nothing separates it from the body in the signed text, so a looser rule would let the
///    boundary move.
/// 3. The signature fits one of the secrets. All of them are tried every time and compared in constant
///    time.
/// 4. The timestamp is recent enough. That comes after the signature so that a clock problem is reported
///    only for deliveries that Cashfree did sign.
/// 5. Only now are the body and the other headers looked at.
///
/// # What a signature does not cover
/// The timestamp and the body are signed, the other headers are not. Whoever can replay a delivery within
/// the tolerance can give it another version, attempt or idempotency key. Handlers that must not be
/// fooled by that use [`Event::content_key`] to drop duplicates.
///
/// ```
/// use cashfree_pg::webhook::{Delivery, Verifier};
///
/// let verifier = Verifier::builder().secrets(["the new secret", "the old secret"]).build();
///
/// let delivery = Delivery::event("PAYMENT_SUCCESS_WEBHOOK")
///     .data_text(r#"{"order":{"order_id":"o_1"},"payment":{"cf_payment_id":"7","payment_status":"SUCCESS"}}"#)
///     .sign("the old secret");
/// let event = verifier.verify(delivery.headers(), delivery.body())?;
/// assert_eq!(event.order_id(), Some("o_1"));
/// # Ok::<(), cashfree_pg::webhook::WebhookError>(())
/// ```
#[derive(Clone)]
pub struct Verifier {
    settings: Arc<Settings>,
}

struct Settings {
    keys: Vec<sign::Key>,
    window: Option<Window>,
    max_body: usize,
    default_version: Option<String>,
    clock: Box<Clock>,
}

#[derive(Clone, Copy)]
struct Window {
    past: Duration,
    future: Duration,
}

impl Verifier {
    /// Five minutes, to either side.
    ///
    /// Long enough for a slow delivery between two clocks that are set by NTP; short enough that a
    /// captured delivery is of little use, and that a store of handled events need not remember for long.
    /// A retry is reported to be signed anew, so it needs no more.
    pub const DEFAULT_TOLERANCE: Duration = Duration::from_secs(5 * 60);

    /// Forty-five minutes: for [`max_age`](VerifierBuilder::max_age), if retries turn out to carry the
    /// timestamp of the first attempt.
    ///
    /// Cashfree does not say that they do not. By default its retries come 2, 10 and 30 minutes after one
    /// another, 42 minutes after the first attempt in all. An endpoint with a longer schedule of its own
    /// needs more.
    pub const RETRY_TOLERANCE: Duration = Duration::from_secs(45 * 60);

    /// One mebibyte. Real bodies have one to four kilobytes.
    pub const DEFAULT_MAX_BODY: usize = 1024 * 1024;

    /// A verifier with one secret: the client secret of the account (`x-client-secret`); there is no
    /// secret of its own for webhooks.
    ///
    /// An empty secret counts as none: everything is then turned away with [`WebhookError::NoSecret`].
    pub fn new(secret: impl AsRef<[u8]>) -> Self {
        Self::builder().secret(secret).build()
    }

    /// A verifier with several secrets, or with other limits.
    pub fn builder() -> VerifierBuilder {
        VerifierBuilder::default()
    }

    /// Verifies a delivery and reads it.
    ///
    /// `headers` is anything that gives pairs of name and value, in any case: an `&http::HeaderMap`, a map
    /// or a vector of strings, or [`SignedHeaders`](super::SignedHeaders). `body` is the bytes as they came
    /// in: a body that was parsed and written again has another signature.
    ///
    /// # Errors
    /// [`WebhookError`], one variant per cause, in the order given [above](Verifier). Each of the headers
    /// `x-webhook-signature`, `-timestamp`, `-version`, `-attempt`, `x-idempotency-key` and `content-type`
    /// may be there once only.
    #[doc(alias = "PGVerifyWebhookSignature")]
    pub fn verify<H, N, V>(&self, headers: H, body: &[u8]) -> Result<Event, WebhookError>
    where
        H: IntoIterator<Item = (N, V)>,
        N: AsRef<[u8]>,
        V: AsRef<[u8]>,
    {
        let received = self.check(headers, DECIDING, body)?;
        self.read(received.about()?, Bytes::copy_from_slice(body))
    }

    /// Verifies a delivery without looking at its body, for those who keep the bytes and read them later
    /// with [`Event::parse_verified`].
    ///
    /// # Errors
    /// As [`verify`](Self::verify), less what concerns the body and the headers that are not signed.
    pub fn verify_signature<H, N, V>(&self, headers: H, body: &[u8]) -> Result<(), WebhookError>
    where
        H: IntoIterator<Item = (N, V)>,
        N: AsRef<[u8]>,
        V: AsRef<[u8]>,
    {
        self.check(headers, SIGNED, body).map(|_| ())
    }

    /// Verifies and reads a body that carries its signature in a member of its own, `signature`: the
    /// notifications of retired APIs, and of virtual bank accounts.
    ///
    /// A method of its own, and not what [`verify`](Self::verify) falls back to, because these signatures
    /// prove less: they have no timestamp, so an old delivery can be replayed for ever, and they cover the
    /// values without their names, so bytes can move from one value to the next. What they sign must not
    /// begin like an ordinary delivery, 10 to 13 digits and then `{`: it would be one, cut into values by
    /// someone who captured it.
    ///
    /// That keeps out deliveries that are JSON, as all are that have been seen. One that is a form could not
    /// be told apart, so call this only where bodies of this kind are expected.
    ///
    /// # Errors
    /// [`WebhookError`]. The form of the signature is checked first; then the body has to be read before it
    /// can be verified, so what is wrong with it is reported before a signature that does not fit.
    pub fn verify_legacy(&self, signing: LegacySigning, body: &[u8]) -> Result<Event, WebhookError> {
        self.ready(body)?;
        LegacySigning::check_form(body)?;
        let body = Bytes::copy_from_slice(body);
        let fields = Fields::read(&body, None).map_err(WebhookError::before_verification)?;
        let (signature, parts) = signing.parts(&fields)?;
        let parts: Vec<&[u8]> = parts.iter().map(|part| part.as_bytes()).collect();
        self.compare(signature.as_bytes(), &parts)?;
        LegacySigning::refuse_delivery(&parts.concat())?;
        Event::new(About::default(), body, fields, signing.event_type())
            .map(|event| event.or_version(self.settings.default_version.as_deref()))
    }

    /// The most bytes of a body that are accepted.
    pub fn max_body(&self) -> usize {
        self.settings.max_body
    }

    /// As [`verify`](Self::verify), without copying a body that is already shared.
    #[cfg(feature = "axum")]
    pub(super) fn verify_bytes(&self, headers: &http::HeaderMap, body: Bytes) -> Result<Event, WebhookError> {
        let about = self.check(headers, DECIDING, &body)?.about()?;
        self.read(about, body)
    }

    fn read(&self, about: About, body: Bytes) -> Result<Event, WebhookError> {
        Ok(Event::read(about, body)?.or_version(self.settings.default_version.as_deref()))
    }

    fn ready(&self, body: &[u8]) -> Result<(), WebhookError> {
        if self.settings.keys.is_empty() {
            return Err(WebhookError::NoSecret);
        }
        if body.len() > self.settings.max_body {
            return Err(WebhookError::BodyTooLarge { limit: self.settings.max_body });
        }
        Ok(())
    }

    fn check<H, N, V>(
        &self,
        headers: H,
        names: &[&'static str],
        body: &[u8],
    ) -> Result<Received<V>, WebhookError>
    where
        H: IntoIterator<Item = (N, V)>,
        N: AsRef<[u8]>,
        V: AsRef<[u8]>,
    {
        self.ready(body)?;
        let received = Received::collect(headers, names)?;
        self.check_signed(received.signature()?, received.timestamp()?, body)?;
        Ok(received)
    }

    fn check_signed(&self, signature: &[u8], timestamp: &[u8], body: &[u8]) -> Result<(), WebhookError> {
        let signed_at = since_epoch(timestamp).ok_or(WebhookError::MalformedTimestamp)?;
        self.compare(signature, &[timestamp, body])?;
        // Nothing stands between the two in the signed text: these digits may have been the timestamp's.
        if body.first().is_some_and(u8::is_ascii_digit) {
            return Err(WebhookError::NotAnEvent { reason: "it begins with a digit" });
        }
        self.in_time(signed_at)
    }

    fn compare(&self, signature: &[u8], parts: &[&[u8]]) -> Result<(), WebhookError> {
        let given = sign::decode(signature).ok_or(WebhookError::MalformedSignature)?;
        let mut fits = Choice::from(0);
        for key in &self.settings.keys {
            fits |= sign::tag(key, parts).ct_eq(&given);
        }
        if fits.into() { Ok(()) } else { Err(WebhookError::SignatureMismatch) }
    }

    fn in_time(&self, signed_at: Duration) -> Result<(), WebhookError> {
        let Some(Window { past, future }) = self.settings.window else { return Ok(()) };
        let now = (self.settings.clock)().duration_since(UNIX_EPOCH).unwrap_or_default();
        let (age, ahead) = (now.saturating_sub(signed_at), signed_at.saturating_sub(now));
        if age > past {
            return Err(WebhookError::TooOld { age, limit: past });
        }
        if ahead > future {
            return Err(WebhookError::FromTheFuture { ahead, limit: future });
        }
        Ok(())
    }
}

/// As many digits as the number of milliseconds can have.
const LONGEST_TIMESTAMP: usize = 20;

/// The time a timestamp stands for. Deliveries carry milliseconds, a published example carries seconds.
/// Below 10¹¹ it must be seconds (up to the year 5138); as milliseconds it would lie before March 1973.
fn since_epoch(timestamp: &[u8]) -> Option<Duration> {
    if timestamp.len() > LONGEST_TIMESTAMP || !timestamp.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number: u64 = std::str::from_utf8(timestamp).ok()?.parse().ok()?;
    Some(if number < 100_000_000_000 { Duration::from_secs(number) } else { Duration::from_millis(number) })
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let settings = &self.settings;
        f.debug_struct("Verifier")
            .field("secrets", &settings.keys.len())
            .field("max_age", &settings.window.map(|w| w.past))
            .field("max_ahead", &settings.window.map(|w| w.future))
            .field("max_body", &settings.max_body)
            .field("default_version", &settings.default_version)
            .finish_non_exhaustive()
    }
}

/// Sets up a [`Verifier`].
pub struct VerifierBuilder {
    settings: Settings,
}

impl Default for VerifierBuilder {
    fn default() -> Self {
        let tolerance = Verifier::DEFAULT_TOLERANCE;
        Self {
            settings: Settings {
                keys: Vec::new(),
                window: Some(Window { past: tolerance, future: tolerance }),
                max_body: Verifier::DEFAULT_MAX_BODY,
                default_version: None,
                clock: Box::new(SystemTime::now),
            },
        }
    }
}

impl VerifierBuilder {
    /// Adds a secret. A delivery is accepted if any of them fits, which is what a rotation needs: add the
    /// new one, wait until Cashfree signs with it (it signs with the oldest active one), drop the old one.
    ///
    /// An empty secret is left out: anyone could sign with it.
    #[must_use]
    pub fn secret(mut self, secret: impl AsRef<[u8]>) -> Self {
        if !secret.as_ref().is_empty() {
            self.settings.keys.push(sign::key(secret.as_ref()));
        }
        self
    }

    /// Adds several secrets.
    #[must_use]
    pub fn secrets<S: AsRef<[u8]>>(self, secrets: impl IntoIterator<Item = S>) -> Self {
        secrets.into_iter().fold(self, Self::secret)
    }

    /// How far the time of signing may be from now, before or after.
    /// [`Verifier::DEFAULT_TOLERANCE`] if not set.
    #[must_use]
    pub fn tolerance(mut self, tolerance: Duration) -> Self {
        self.settings.window = Some(Window { past: tolerance, future: tolerance });
        self
    }

    /// How long ago a delivery may have been signed, where that is not the same as how far its clock may
    /// be ahead. See [`Verifier::RETRY_TOLERANCE`].
    #[must_use]
    pub fn max_age(mut self, age: Duration) -> Self {
        let future = self.settings.window.map_or(Verifier::DEFAULT_TOLERANCE, |window| window.future);
        self.settings.window = Some(Window { past: age, future });
        self
    }

    /// Accepts deliveries however old they are.
    ///
    /// Dangerous: whoever gets hold of one delivery can send it again at any time, for ever. For replaying
    /// one's own records, never for an endpoint. A timestamp must still be there, and be a number.
    #[must_use]
    pub fn without_timestamp_check_dangerous(mut self) -> Self {
        self.settings.window = None;
        self
    }

    /// The version of deliveries that come without `x-webhook-version`, as those of payment links do: the one
    /// that the endpoint is set to in the dashboard. They are typed by it.
    #[must_use]
    pub fn default_version(mut self, version: impl Into<String>) -> Self {
        self.settings.default_version = Some(version.into());
        self
    }

    /// The most bytes of a body that are accepted. [`Verifier::DEFAULT_MAX_BODY`] if not set.
    #[must_use]
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.settings.max_body = bytes;
        self
    }

    /// Where the present time comes from, for tests. The system's clock if not set.
    #[must_use]
    pub fn clock(mut self, clock: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        self.settings.clock = Box::new(clock);
        self
    }

    /// The verifier.
    pub fn build(self) -> Verifier {
        Verifier { settings: Arc::new(self.settings) }
    }
}

impl fmt::Debug for VerifierBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifierBuilder").field("secrets", &self.settings.keys.len()).finish_non_exhaustive()
    }
}

/// Whether a body is the call that the dashboard makes when an endpoint is added:
/// `{"type":"WEBHOOK","data":{"test_object":{…}}}`.
///
/// It wants a 200 and means nothing, so it may be answered with one even if it is not signed.
/// True only for a body that has nothing else in it.
///
/// ```
/// use cashfree_pg::webhook::is_dashboard_test;
///
/// assert!(is_dashboard_test(br#"{"type":"WEBHOOK","data":{"test_object":{"test_key":"test_value"}}}"#));
/// assert!(!is_dashboard_test(br#"{"type":"PAYMENT_SUCCESS_WEBHOOK","data":{"test_object":{}}}"#));
/// ```
pub fn is_dashboard_test(body: &[u8]) -> bool {
    if body.len() > Verifier::DEFAULT_MAX_BODY {
        return false;
    }
    body::json(body).is_ok_and(|json| super::event::is_test(&json))
}
