//! Bearer tokens that an operation answers: fetched when first needed, kept, renewed before they end.
//!
//! One of the calls that need a token fetches it while the others wait; nothing runs in the background.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use http::HeaderValue;
use serde_json::Value;
use tokio::time::{Instant, timeout_at};

use crate::{
    account::{credentials::bearer, secret::Secret},
    answer::{
        cause::{Cause, Failure},
        error::Error,
        kind::ErrorKind,
    },
    call::retry::later,
    types::DecodeError,
};

/// A token is renewed so long before it ends, or a tenth of its life where that is shorter.
const MARGIN: Duration = Duration::from_secs(60);

/// The tokens of one account.
#[derive(Default)]
pub(crate) struct Tokens {
    /// Whoever holds it looks for a token, and fetches one if there is none.
    current: tokio::sync::Mutex<Option<Arc<Token>>>,
    /// The last two, which no text may show.
    known: Mutex<Vec<Arc<Token>>>,
}

/// A token as it is sent.
pub(crate) struct Token {
    value: Secret,
    pub(crate) header: HeaderValue,
    /// From when on another is fetched; never, where the answer does not say.
    stale_from: Option<Instant>,
}

/// Boxed, as a call that needs a token is a call: it would hold itself.
pub(crate) type Fetching<'a> = Pin<Box<dyn Future<Output = Result<Token, Error>> + Send + 'a>>;

impl Tokens {
    /// The token that stands for the account, fetched where there is none that lasts.
    pub(crate) async fn get<'a>(
        &self,
        deadline: Instant,
        fetch: impl FnOnce() -> Fetching<'a>,
    ) -> Result<Arc<Token>, Failure> {
        let late = || Failure::new(ErrorKind::NeverSent, Cause::NoTimeLeft);
        let mut current = timeout_at(deadline, self.current.lock()).await.map_err(|_| late())?;
        if let Some(token) = current.as_ref().filter(|token| token.lasts()) {
            return Ok(Arc::clone(token));
        }
        let token = fetch().await.map_err(|error| Failure {
            retryable: error.is_retryable(),
            retry_after: error.retry_after(),
            ..Failure::new(ErrorKind::NeverSent, Cause::NoToken(Box::new(error)))
        })?;
        let token = Arc::new(token);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(0, Arc::clone(&token));
        known.truncate(2);
        *current = Some(Arc::clone(&token));
        Ok(token)
    }

    /// Gives up a token that was refused, unless it was renewed since. Whoever holds the lock until the deadline
    /// is fetching another.
    pub(crate) async fn forget(&self, refused: &Arc<Token>, deadline: Instant) {
        let Ok(mut current) = timeout_at(deadline, self.current.lock()).await else { return };
        if current.as_ref().is_some_and(|token| Arc::ptr_eq(token, refused)) {
            *current = None;
        }
    }

    /// What no text may show.
    pub(crate) fn secrets(&self) -> Vec<Secret> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.iter().map(|token| token.value.clone()).collect()
    }
}

impl Token {
    fn lasts(&self) -> bool {
        self.stale_from.is_none_or(|stale| Instant::now() < stale)
    }

    /// The token in an answer `{"data": {"token": …, "expiry": …}}`.
    pub(crate) fn read(answer: &Value) -> Result<Self, DecodeError> {
        let data = &answer["data"];
        let wrong = |found| DecodeError::new("$.data.token", "a token", found);
        let value = data["token"].as_str().ok_or_else(|| wrong("no text"))?;
        let header = bearer(value).map_err(|_| wrong("a text that no header can hold"))?;
        let stale_from = seconds(&data["expiry"]).and_then(life).map(|life| {
            let margin = MARGIN.min(life / 10);
            later(Instant::now(), life - margin)
        });
        Ok(Self { value: value.into(), header, stale_from })
    }
}

/// A number, or the text of one.
fn seconds(expiry: &Value) -> Option<f64> {
    expiry.as_f64().or_else(|| expiry.as_str()?.trim().parse().ok())
}

/// How long a token lasts. Its end is not documented beyond being a number: the seconds or milliseconds of a
/// moment, or of a while. One that is over already, by a clock that goes wrong perhaps, says nothing.
fn life(expiry: f64) -> Option<Duration> {
    const FIRST_MOMENT: f64 = 1e9;
    const FIRST_MOMENT_IN_MILLISECONDS: f64 = 1e12;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
    let seconds = match expiry {
        expiry if expiry >= FIRST_MOMENT_IN_MILLISECONDS => expiry / 1000.0 - now,
        expiry if expiry >= FIRST_MOMENT => expiry - now,
        expiry => expiry,
    };
    Duration::try_from_secs_f64(seconds).ok().filter(|life| !life.is_zero())
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tokens")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_a_moment_or_a_while() {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs_f64();
        for expiry in [now + 600.0, (now + 600.0) * 1000.0, 600.0] {
            let life = life(expiry).expect("a life").as_secs_f64();
            assert!((599.0..=600.1).contains(&life), "{expiry}: {life}");
        }
        for expiry in [now - 5.0, 0.0, -1.0, f64::INFINITY, f64::NAN] {
            assert_eq!(life(expiry), None, "{expiry}");
        }
    }

    #[test]
    fn a_token_that_no_header_can_hold_is_no_token() {
        for answer in [r#"{"data":{"token":"a\nb"}}"#, r#"{"data":{}}"#, r#"{"data":{"token":""}}"#, "[]"] {
            let answer = serde_json::from_str(answer).expect("JSON");
            assert!(Token::read(&answer).is_err(), "{answer}");
        }
        let token =
            Token::read(&serde_json::json!({"data": {"token": "t", "expiry": "x"}})).expect("a token");
        assert!(token.lasts() && token.stale_from.is_none());
    }
}
