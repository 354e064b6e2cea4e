//! How often a call is tried, and how long it waits in between.

use std::time::Duration;

use tokio::time::Instant;

/// How a call is repeated when an attempt fails.
///
/// What is repeated is not for this policy to say, since it follows from whether a repeat is safe:
///
/// - an attempt that never left: always;
/// - 429: after the wait that Cashfree asks for;
/// - 408, 500, 502, 503, 504, a timeout, a broken connection, an answer that is cut: what only reads (GET,
///   and reconciliation and the like by POST), PUT and DELETE, and anything with an idempotency key. POST and
///   PATCH have one, generated where you give none and the same on every attempt of a call, except those of a
///   product or of the first API that know none;
/// - anything else: never.
///
/// A wait that would end after the call's deadline is not begun: the call fails at once.
///
/// ```
/// use std::time::Duration;
/// use cashfree_pg::RetryPolicy;
///
/// let patient = RetryPolicy::default().max_attempts(5).backoff(Duration::from_secs(1), Duration::from_secs(20));
/// assert_ne!(patient, RetryPolicy::off());
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct RetryPolicy {
    max_attempts: u32,
    first_backoff: Duration,
    longest_backoff: Duration,
    attempt_timeout: Duration,
    rate_limit_wait: Duration,
    seed: Option<u64>,
}

impl Default for RetryPolicy {
    /// Three attempts; waits of up to 250 ms, doubling, at most 8 s; an attempt that others may follow is
    /// given up after 25 s; a minute after a 429 that names no wait.
    fn default() -> Self {
        Self {
            max_attempts: 3,
            first_backoff: Duration::from_millis(250),
            longest_backoff: Duration::from_secs(8),
            attempt_timeout: Duration::from_secs(25),
            rate_limit_wait: Duration::from_secs(60),
            seed: None,
        }
    }
}

impl RetryPolicy {
    /// One attempt, no matter what: not even a token that was refused is renewed before the next call.
    ///
    /// A server may close a connection that is kept for reuse just as a request is written to it. Nothing is
    /// carried out then, but nobody can tell: such a call ends as one of unknown outcome, where a repeat would
    /// have settled it.
    pub fn off() -> Self {
        Self::default().max_attempts(1)
    }

    /// How often a request is tried at most, the first time included. 0 counts as 1.
    #[must_use]
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// The waits between attempts: each is random between nothing and a ceiling that begins at `first`,
    /// doubles with each attempt and ends at `longest`.
    #[must_use]
    pub fn backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.first_backoff = first;
        self.longest_backoff = longest;
        self
    }

    /// When an attempt that another may follow is given up. The last one has what is left of the
    /// call's timeout, and so has one whose repeat would not be safe.
    #[must_use]
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// How long to wait after a 429 whose headers do not say. Cashfree asks for a minute at least.
    #[must_use]
    pub fn rate_limit_wait(mut self, wait: Duration) -> Self {
        self.rate_limit_wait = wait;
        self
    }

    /// Makes the random waits of every call the same, for tests.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// The waits of one call.
    pub(crate) fn waits(&self) -> Waits<'_> {
        let random = self.seed.map_or_else(fastrand::Rng::new, fastrand::Rng::with_seed);
        Waits { policy: self, random }
    }

    /// What an attempt may take, unless it is the last: then only the call's deadline counts.
    pub(crate) fn limit_of(&self, attempt: u32) -> Option<Duration> {
        (attempt < self.max_attempts).then_some(self.attempt_timeout)
    }

    pub(crate) fn is_last(&self, attempt: u32) -> bool {
        attempt >= self.max_attempts
    }

    pub(crate) fn wait_after_429(&self, asked: Option<Duration>) -> Duration {
        asked.unwrap_or(self.rate_limit_wait)
    }
}

/// `start + duration`, for any duration: a user may well mean "never" by `Duration::MAX`.
pub(crate) fn later(start: Instant, duration: Duration) -> Instant {
    const NEVER: Duration = Duration::from_secs(60 * 60 * 24 * 365);
    start.checked_add(duration).unwrap_or_else(|| start + NEVER)
}

/// The random waits of one call.
pub(crate) struct Waits<'a> {
    policy: &'a RetryPolicy,
    random: fastrand::Rng,
}

impl Waits<'_> {
    /// The wait after the given attempt, counted from 1: full jitter below an exponential ceiling.
    pub(crate) fn backoff(&mut self, attempt: u32) -> Duration {
        let doubled = 2u32.saturating_pow(attempt.saturating_sub(1));
        let ceiling = self.policy.first_backoff.saturating_mul(doubled).min(self.policy.longest_backoff);
        ceiling.mul_f64(self.random.f64())
    }

    /// At least the wait that was asked for, and a little more: not everyone comes back at once.
    pub(crate) fn at_least(&mut self, asked: Duration) -> Duration {
        asked.saturating_add(self.policy.first_backoff.mul_f64(self.random.f64()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ceiling_doubles_and_ends_and_the_wait_stays_below() {
        let policy = RetryPolicy::default().backoff(Duration::from_millis(100), Duration::from_millis(350));
        for (attempt, ceiling) in [(1, 100), (2, 200), (3, 350), (40, 350), (u32::MAX, 350)] {
            let wait = |seed| policy.clone().seed(seed).waits().backoff(attempt);
            let longest = (0..200).map(wait).max().expect("some");
            let ceiling = Duration::from_millis(ceiling);
            assert!((ceiling.mul_f64(0.9)..=ceiling).contains(&longest), "{attempt}: {longest:?}");
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_waits() {
        let waits = || {
            let policy = RetryPolicy::default().seed(42);
            let mut waits = policy.waits();
            (1..5).map(|attempt| waits.backoff(attempt)).collect::<Vec<_>>()
        };
        assert_eq!(waits(), waits());
    }
}
