//! Waiting on this side of the wire.
//!
//! A fleet of tasks that each retry on 429 keeps hitting it. With a [`RateLimiter`] they queue before
//! they send, and slow down as soon as Cashfree says how much is left.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::{Instant, sleep, timeout_at},
};

use crate::{response::RateLimit, retry::later};

const MINUTE: Duration = Duration::from_secs(60);

/// How much a client sends at once and in a minute. Shared by all clones of the client.
///
/// Whatever is set here, the client also heeds `x-ratelimit-limit` and `x-ratelimit-remaining`: it never
/// goes faster than Cashfree allows, and pauses when nothing is left or after a 429. A wait that would
/// end after the call's deadline is not begun; the call fails as rate limited, and was not sent.
///
/// ```
/// use cashfree_pg::RateLimiter;
///
/// let limiter = RateLimiter::new().concurrency(16).per_minute(300);
/// ```
#[derive(Debug, Clone, Default)]
pub struct RateLimiter {
    concurrency: Option<usize>,
    per_minute: Option<u32>,
}

impl RateLimiter {
    /// No limit but those that Cashfree sends.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many requests may be under way at a time. 0 counts as 1.
    #[must_use]
    pub fn concurrency(mut self, requests: usize) -> Self {
        self.concurrency = Some(requests.clamp(1, Semaphore::MAX_PERMITS));
        self
    }

    /// How many requests may begin in a minute, evenly: what one second allows may come at once. 0
    /// counts as 1.
    #[must_use]
    pub fn per_minute(mut self, requests: u32) -> Self {
        self.per_minute = Some(requests.max(1));
        self
    }

    pub(crate) fn start(&self) -> Gate {
        Gate {
            slots: self.concurrency.map(Semaphore::new),
            turn: tokio::sync::Mutex::new(()),
            bucket: Mutex::new(Bucket::new(self.per_minute, Instant::now())),
        }
    }
}

/// There is no room before the deadline; with the wait it would take, where that is known.
#[derive(Debug)]
pub(crate) struct NoRoom(pub(crate) Option<Duration>);

/// The limiter of one client at work.
#[derive(Debug)]
pub(crate) struct Gate {
    slots: Option<Semaphore>,
    /// Whoever holds it is next; the others queue in order, and one that is dropped just leaves.
    turn: tokio::sync::Mutex<()>,
    bucket: Mutex<Bucket>,
}

impl Gate {
    /// Waits until one more request may begin. The slot is free again when the permit is dropped.
    pub(crate) async fn enter(&self, deadline: Instant) -> Result<Option<SemaphorePermit<'_>>, NoRoom> {
        self.check_pause(deadline)?;
        let permit = match &self.slots {
            Some(slots) => match timeout_at(deadline, slots.acquire()).await {
                Ok(Ok(permit)) => Some(permit),
                _ => return Err(NoRoom(None)),
            },
            None => None,
        };
        self.check_pause(deadline)?;
        let _turn = timeout_at(deadline, self.turn.lock()).await.map_err(|_| NoRoom(None))?;
        loop {
            let now = Instant::now();
            let Some(wait) = self.bucket().take(now) else { return Ok(permit) };
            if later(now, wait) >= deadline {
                return Err(NoRoom(Some(wait)));
            }
            sleep(wait).await;
        }
    }

    /// Whoever holds the turn waits for the end of a pause; who cannot wait that long need not queue.
    fn check_pause(&self, deadline: Instant) -> Result<(), NoRoom> {
        let now = Instant::now();
        match self.bucket().pause(now) {
            Some(wait) if later(now, wait) >= deadline => Err(NoRoom(Some(wait))),
            _ => Ok(()),
        }
    }

    /// Takes over what an answer says about the limit. `refused` is the wait after a 429.
    pub(crate) fn learn(&self, figures: &RateLimit, refused: Option<Duration>) {
        self.bucket().learn(figures, refused, Instant::now());
    }

    fn bucket(&self) -> MutexGuard<'_, Bucket> {
        self.bucket.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A token bucket that holds what one second allows.
#[derive(Debug)]
struct Bucket {
    own_limit: Option<u32>,
    server_limit: Option<u32>,
    tokens: f64,
    counted: Instant,
    paused_until: Instant,
}

impl Bucket {
    fn new(own_limit: Option<u32>, now: Instant) -> Self {
        let mut bucket = Self { own_limit, server_limit: None, tokens: 0.0, counted: now, paused_until: now };
        bucket.tokens = bucket.per_second().map_or(0.0, |rate| rate.max(1.0));
        bucket
    }

    fn per_second(&self) -> Option<f64> {
        let limit = match (self.own_limit, self.server_limit) {
            (Some(own), Some(server)) => own.min(server),
            (own, server) => own.or(server)?,
        };
        Some(f64::from(limit.max(1)) / MINUTE.as_secs_f64())
    }

    fn pause(&self, now: Instant) -> Option<Duration> {
        (now < self.paused_until).then(|| self.paused_until - now)
    }

    /// Takes a token, or says how long until there is one.
    fn take(&mut self, now: Instant) -> Option<Duration> {
        if let Some(wait) = self.pause(now) {
            return Some(wait);
        }
        let rate = self.per_second()?;
        let since = now.saturating_duration_since(self.counted).as_secs_f64();
        self.tokens = (self.tokens + since * rate).min(rate.max(1.0));
        self.counted = now;
        if self.tokens >= 1.0 {
            self.tokens -= 1.0;
            return None;
        }
        // Rounded up, or the timer could end a moment before the token is whole.
        Some(Duration::from_secs_f64((1.0 - self.tokens) / rate) + Duration::from_millis(1))
    }

    fn learn(&mut self, figures: &RateLimit, refused: Option<Duration>, now: Instant) {
        if let Some(limit) = figures.limit() {
            if self.own_limit.is_none() && self.server_limit.is_none() {
                self.counted = now;
            }
            self.server_limit = Some(limit);
        }
        if let Some(remaining) = figures.remaining() {
            self.tokens = self.tokens.min(f64::from(remaining));
        }
        // A pause longer than the window that is counted would be a mistake of the server's.
        if let Some(wait) = refused.or_else(|| figures.wait().filter(|_| figures.remaining() == Some(0))) {
            self.paused_until = self.paused_until.max(now + wait.min(MINUTE));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(pairs: &[(&'static str, &'static str)]) -> RateLimit {
        let headers = pairs.iter().map(|&(name, value)| {
            (http::HeaderName::from_static(name), http::HeaderValue::from_static(value))
        });
        RateLimit::read(&headers.collect())
    }

    fn taken(bucket: &mut Bucket, now: Instant) -> u32 {
        let mut taken = 0;
        while taken < 1000 && bucket.take(now).is_none() {
            taken += 1;
        }
        taken
    }

    #[test]
    fn a_second_allows_its_share_and_no_more() {
        let start = Instant::now();
        let mut bucket = Bucket::new(Some(300), start);
        assert_eq!(taken(&mut bucket, start), 5);
        assert_eq!(taken(&mut bucket, start + Duration::from_secs(1)), 5);
        assert_eq!(taken(&mut bucket, start + MINUTE), 5);
    }

    #[test]
    fn the_server_can_only_slow_it_down() {
        let start = Instant::now();
        let mut bucket = Bucket::new(Some(300), start);
        bucket.learn(
            &figures(&[("x-ratelimit-limit", "120"), ("x-ratelimit-remaining", "100")]),
            None,
            start,
        );
        taken(&mut bucket, start);
        assert_eq!(taken(&mut bucket, start + Duration::from_secs(9)), 2);
        bucket.learn(&figures(&[("x-ratelimit-limit", "6000")]), None, start);
        taken(&mut bucket, start + Duration::from_secs(9));
        assert_eq!(taken(&mut bucket, start + Duration::from_secs(20)), 5);
    }

    #[test]
    fn nothing_left_means_a_pause() {
        let start = Instant::now();
        let mut bucket = Bucket::new(None, start);
        assert_eq!(taken(&mut bucket, start), 1000);
        bucket.learn(&figures(&[("x-ratelimit-remaining", "0"), ("x-ratelimit-retry", "7")]), None, start);
        assert_eq!(bucket.take(start), Some(Duration::from_secs(7)));
        assert_eq!(bucket.take(start + Duration::from_secs(7)), None);
    }

    #[test]
    fn a_refusal_means_a_pause_of_a_minute_at_most() {
        for (wait, pause) in [(7, 7), (60, 60), (3600, 60)] {
            let start = Instant::now();
            let mut bucket = Bucket::new(None, start);
            bucket.learn(&figures(&[]), Some(Duration::from_secs(wait)), start);
            assert_eq!(bucket.take(start), Some(Duration::from_secs(pause)));
            assert_eq!(bucket.take(start + MINUTE), None);
        }
    }

    #[tokio::test]
    async fn who_cannot_wait_for_the_end_of_a_pause_does_not_queue() {
        let gate = RateLimiter::new().start();
        gate.learn(&RateLimit::default(), Some(Duration::from_secs(30)));
        // Someone with more time holds the turn.
        let _turn = gate.turn.lock().await;
        let started = Instant::now();
        let NoRoom(wait) = gate.enter(started + Duration::from_secs(20)).await.unwrap_err();
        assert!(wait.is_some_and(|wait| wait > Duration::from_secs(20)), "{wait:?}");
        assert!(started.elapsed() < Duration::from_secs(10), "it queued");
    }
}
