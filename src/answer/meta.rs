//! What an answer says besides its body: who answered, how often it was asked, what is left of the limit.

use std::{
    fmt,
    time::{Duration, SystemTime},
};

use chrono::DateTime;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header::RETRY_AFTER};

use crate::{
    account::secret::Secret,
    headers::{
        API_VERSION, DEPRECATED_AT, IDEMPOTENCY_REPLAYED, RATE_LIMIT, RATE_LIMIT_REMAINING, RATE_LIMIT_RESET,
        RATE_LIMIT_RETRY, RATE_LIMIT_TYPE, REQUEST_ID,
    },
    redact::Hidden,
};

/// What is known about a call besides the body of its answer; on every success and every error.
#[derive(Clone, Default)]
pub struct ResponseMeta {
    pub(crate) status: Option<StatusCode>,
    pub(crate) headers: HeaderMap,
    pub(crate) request_id: Option<String>,
    pub(crate) idempotency_key: Option<String>,
    pub(crate) attempts: u32,
    pub(crate) elapsed: Duration,
}

impl ResponseMeta {
    /// The HTTP status of the last answer; `None` if none came.
    pub fn status(&self) -> Option<StatusCode> {
        self.status
    }

    /// The request id to give to Cashfree's support: the one of the answer, else the one that was sent.
    pub fn request_id(&self) -> Option<&str> {
        self.text(&REQUEST_ID).or(self.request_id.as_deref())
    }

    /// The idempotency key that every attempt of the call carried, given or generated.
    ///
    /// A later call with this key and the same body is safe: it is answered like the first.
    pub fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    /// Whether Cashfree says that this answer repeats the first answer to the same idempotency key.
    pub fn is_replayed(&self) -> bool {
        self.text(&IDEMPOTENCY_REPLAYED).is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// The rate-limit figures of the answer.
    pub fn rate_limit(&self) -> RateLimit {
        RateLimit::read(&self.headers)
    }

    /// The API version that answered. It should be the one that was asked for; where it is not, the
    /// body is read as the version that was asked for all the same.
    pub fn api_version(&self) -> Option<&str> {
        self.text(&API_VERSION)
    }

    /// When this operation or version will be, or was, deprecated, as Cashfree writes it.
    pub fn deprecated_at(&self) -> Option<&str> {
        self.text(&DEPRECATED_AT)
    }

    /// How many times the request was sent, or tried to be.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// From the call to its end, waits and retries included.
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// A header of the last answer, for what has no method here. `None` if it is absent or no text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    fn text(&self, name: &HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// The headers of an answer, with those clean that `Debug`, `Display` and spans show: a server may write into
/// them whatever it likes. What the request said of itself shows anyway.
pub(crate) fn shown_headers(
    mut headers: HeaderMap,
    said: [&str; 2],
    secrets: impl Fn() -> Vec<Secret>,
) -> HeaderMap {
    for name in [&REQUEST_ID, &API_VERSION, &DEPRECATED_AT, &RATE_LIMIT_TYPE] {
        let Some(value) = headers.get(name).filter(|value| !said.iter().any(|said| value == said)) else {
            continue;
        };
        let hidden = Hidden::new(secrets().iter().map(Secret::expose));
        let clean = value.to_str().map(|text| hidden.clean_header(text)).unwrap_or_default();
        match HeaderValue::from_str(&clean) {
            Ok(clean) if !clean.is_empty() => drop(headers.insert(name, clean)),
            _ => drop(headers.remove(name)),
        }
    }
    headers
}

impl fmt::Debug for ResponseMeta {
    // Headers that are not known stay out: what they hold is not known either.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseMeta")
            .field("status", &self.status)
            .field("request_id", &self.request_id())
            .field("idempotency_key", &self.idempotency_key)
            .field("replayed", &self.is_replayed())
            .field("rate_limit", &self.rate_limit())
            .field("api_version", &self.api_version())
            .field("deprecated_at", &self.deprecated_at())
            .field("attempts", &self.attempts)
            .field("elapsed", &self.elapsed)
            .finish()
    }
}

/// The rate-limit figures of an answer; each is `None` where Cashfree sent none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RateLimit {
    limit: Option<u32>,
    remaining: Option<u32>,
    wait: Option<Duration>,
    scope: Option<String>,
}

impl RateLimit {
    /// Requests allowed in a minute: `x-ratelimit-limit`.
    pub fn limit(&self) -> Option<u32> {
        self.limit
    }

    /// Requests left in the sliding minute: `x-ratelimit-remaining`.
    pub fn remaining(&self) -> Option<u32> {
        self.remaining
    }

    /// How long to wait: `x-ratelimit-retry`, else `retry-after`, else `x-ratelimit-reset`. `None` when
    /// there is nothing to wait for.
    pub fn wait(&self) -> Option<Duration> {
        self.wait
    }

    /// What is counted: `app_id` or `ip` (`x-ratelimit-type`).
    pub fn scope(&self) -> Option<&str> {
        self.scope.as_deref()
    }

    pub(crate) fn read(headers: &HeaderMap) -> Self {
        let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
        let number = |name| text(name).and_then(|value| value.parse().ok());
        let now = SystemTime::now();
        let wait = [&RATE_LIMIT_RETRY, &RETRY_AFTER, &RATE_LIMIT_RESET]
            .into_iter()
            .filter_map(|name| wait_from(text(name)?, now))
            .find(|wait| !wait.is_zero());
        Self {
            limit: number(&RATE_LIMIT),
            remaining: number(&RATE_LIMIT_REMAINING),
            wait,
            scope: text(&RATE_LIMIT_TYPE).map(str::to_owned),
        }
    }
}

/// A wait written as seconds, as a moment in Unix seconds or milliseconds, or as a date.
///
/// Cashfree does not say which of them `x-ratelimit-reset` is.
fn wait_from(text: &str, now: SystemTime) -> Option<Duration> {
    const UNIX_SECONDS_FROM: f64 = 1e9;
    const UNIX_MILLISECONDS_FROM: f64 = 1e12;
    let moment = match text.parse::<f64>() {
        Ok(seconds) if seconds < UNIX_SECONDS_FROM => return Duration::try_from_secs_f64(seconds).ok(),
        Ok(seconds) if seconds < UNIX_MILLISECONDS_FROM => Duration::try_from_secs_f64(seconds).ok()?,
        Ok(milliseconds) => Duration::try_from_secs_f64(milliseconds / 1e3).ok()?,
        Err(_) => {
            let date =
                DateTime::parse_from_rfc2822(text).or_else(|_| DateTime::parse_from_rfc3339(text)).ok()?;
            Duration::from_millis(u64::try_from(date.timestamp_millis()).ok()?)
        }
    };
    let moment = SystemTime::UNIX_EPOCH.checked_add(moment)?;
    Some(moment.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_read_in_every_form_it_comes_in() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_735_689_600); // 2025-01-01T00:00:00Z
        let cases = [
            ("7", Some(7)),
            ("0", Some(0)),
            ("1735689630", Some(30)),
            ("1735689630000", Some(30)),
            ("Wed, 01 Jan 2025 00:00:42 GMT", Some(42)),
            ("2025-01-01T05:31:00+05:30", Some(60)),
            ("1735689000", Some(0)),
            ("-1", None),
            ("NaN", None),
            ("soon", None),
        ];
        for (text, seconds) in cases {
            assert_eq!(wait_from(text, now), seconds.map(Duration::from_secs), "{text}");
        }
    }

    #[test]
    fn the_first_header_that_asks_for_a_wait_wins() {
        let wait = |pairs: &[(&'static str, &'static str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(*name, http::HeaderValue::from_static(value));
            }
            RateLimit::read(&headers).wait()
        };
        let seconds = |s| Some(Duration::from_secs(s));
        assert_eq!(wait(&[("x-ratelimit-retry", "3"), ("retry-after", "5")]), seconds(3));
        assert_eq!(wait(&[("x-ratelimit-retry", "0"), ("retry-after", "5")]), seconds(5));
        assert_eq!(wait(&[("x-ratelimit-reset", "9")]), seconds(9));
        assert_eq!(wait(&[]), None);
    }
}
