//! Waiting on this side of the wire.
//!
//! A fleet of tasks that each retry on 429 keeps hitting it. With a [`RateLimiter`] they queue before
//! they send, and slow down as soon as Cashfree says how much is left.

use std::{
    collections::VecDeque,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::{Instant, sleep, timeout_at},
};

use crate::{answer::meta::RateLimit, call::retry::later};

const MINUTE: Duration = Duration::from_secs(60);

/// How long a limit holds that an answer named. It may be that of one operation only, or a mistake.
const LEARNED_FOR: Duration = Duration::from_secs(120);

/// How much a client sends at once and in a minute. Shared by all clones of the client.
///
/// Whatever is set here, the client also heeds `x-ratelimit-limit` and `x-ratelimit-remaining`: it never
/// goes faster than Cashfree allows, and pauses when nothing is left or after a 429. What it learned so, it
/// forgets after two minutes. A wait that would end after the call's deadline is not begun: who would come too
/// late behind those that wait already fails at once as rate limited, and was not sent.
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

    /// How many requests may begin in any minute, evenly: what one second allows may come at once. 0
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
            waiting: AtomicUsize::new(0),
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
    /// How many wait for their turn or have it.
    waiting: AtomicUsize,
    bucket: Mutex<Bucket>,
}

/// A place in the queue, which is given up when it is dropped.
struct Place<'g>(&'g AtomicUsize);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Gate {
    /// Waits until one more request may begin. The slot is free again when the permit is dropped.
    pub(crate) async fn enter(&self, deadline: Instant) -> Result<Option<SemaphorePermit<'_>>, NoRoom> {
        self.check(1, deadline)?;
        let permit = match &self.slots {
            Some(slots) => match timeout_at(deadline, slots.acquire()).await {
                Ok(Ok(permit)) => Some(permit),
                _ => return Err(NoRoom(None)),
            },
            None => None,
        };
        let ahead = self.waiting.fetch_add(1, Ordering::Relaxed);
        let _place = Place(&self.waiting);
        self.check(ahead + 1, deadline)?;
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

    /// Who would be served too late need not queue.
    fn check(&self, place: usize, deadline: Instant) -> Result<(), NoRoom> {
        let now = Instant::now();
        match self.bucket().wait_for(place, now) {
            wait if later(now, wait) >= deadline && !wait.is_zero() => Err(NoRoom(Some(wait))),
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

/// A token bucket that holds what one second allows, and a log of the last minute: with the bucket alone, the
/// first second's share would come on top of what the minute allows.
#[derive(Debug)]
struct Bucket {
    own_limit: Option<u32>,
    /// What the server said, and when.
    server_limit: Option<(u32, Instant)>,
    tokens: f64,
    counted: Instant,
    paused_until: Instant,
    /// When the requests of the last minute began.
    begun: VecDeque<Instant>,
}

impl Bucket {
    fn new(own_limit: Option<u32>, now: Instant) -> Self {
        let begun = VecDeque::new();
        let mut bucket =
            Self { own_limit, server_limit: None, tokens: 0.0, counted: now, paused_until: now, begun };
        bucket.tokens = bucket.limit(now).map_or(0.0, |limit| rate(limit).max(1.0));
        bucket
    }

    /// How many may begin in a minute.
    fn limit(&self, now: Instant) -> Option<u32> {
        let learned =
            self.server_limit.filter(|(_, when)| now.saturating_duration_since(*when) < LEARNED_FOR);
        let limit = match (self.own_limit, learned) {
            (Some(own), Some((server, _))) => own.min(server),
            (own, server) => own.or(server.map(|(limit, _)| limit))?,
        };
        Some(limit.max(1))
    }

    fn pause(&self, now: Instant) -> Duration {
        self.paused_until.saturating_duration_since(now)
    }

    /// Brings tokens and log up to date.
    fn count(&mut self, now: Instant) {
        while self.begun.front().is_some_and(|begun| now.saturating_duration_since(*begun) >= MINUTE) {
            self.begun.pop_front();
        }
        if let Some(limit) = self.limit(now) {
            let rate = rate(limit);
            let since = now.saturating_duration_since(self.counted).as_secs_f64();
            self.tokens = (self.tokens + since * rate).min(rate.max(1.0));
        }
        self.counted = now;
    }

    /// How long until the one at a place in the queue, counted from 1, may begin.
    fn wait_for(&mut self, place: usize, now: Instant) -> Duration {
        self.count(now);
        let pause = self.pause(now);
        let Some(limit) = self.limit(now) else { return pause };
        let missing = place as f64 - self.tokens;
        // Rounded up, or the timer could end a moment before the token is whole.
        let until_token = match missing > 0.0 {
            true => Duration::from_secs_f64(missing / rate(limit)) + Duration::from_millis(1),
            false => Duration::ZERO,
        };
        // So many of the last minute's have to be over first.
        let over = (self.begun.len() + place).checked_sub(limit as usize + 1);
        let until_over = match over.and_then(|over| self.begun.get(over)) {
            Some(begun) => (*begun + MINUTE).saturating_duration_since(now) + Duration::from_millis(1),
            None => Duration::ZERO,
        };
        pause.max(until_token).max(until_over)
    }

    /// Takes a token, or says how long until there is one.
    fn take(&mut self, now: Instant) -> Option<Duration> {
        let wait = self.wait_for(1, now);
        if !wait.is_zero() {
            return Some(wait);
        }
        if self.limit(now).is_some() {
            self.tokens -= 1.0;
            self.begun.push_back(now);
        }
        None
    }

    fn learn(&mut self, figures: &RateLimit, refused: Option<Duration>, now: Instant) {
        if let Some(limit) = figures.limit() {
            self.count(now);
            self.server_limit = Some((limit, now));
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

/// How many a second, of so many a minute.
fn rate(limit: u32) -> f64 {
    f64::from(limit) / MINUTE.as_secs_f64()
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

    /// The most that begin in any minute, where all that may do.
    fn most_in_a_minute(limit: u32) -> usize {
        let start = Instant::now();
        let mut bucket = Bucket::new(Some(limit), start);
        let mut begun = Vec::new();
        for tick in 0..20 * 180 {
            let now = start + Duration::from_millis(50 * tick);
            begun.extend((0..taken(&mut bucket, now)).map(|_| now));
        }
        let in_minute =
            |from: &Instant| begun.iter().filter(|at| *at >= from && **at < *from + MINUTE).count();
        begun.iter().map(in_minute).max().unwrap_or_default()
    }

    #[test]
    fn no_minute_has_more_than_was_asked_for() {
        for limit in [1, 2, 7, 60, 600] {
            let most = most_in_a_minute(limit);
            assert!(most <= limit as usize, "{most} of {limit}");
            assert!(most >= (limit - limit / 50) as usize, "{most} of {limit}");
        }
    }

    #[test]
    fn what_a_server_said_is_forgotten() {
        let start = Instant::now();
        let mut bucket = Bucket::new(Some(600), start);
        bucket.learn(&figures(&[("x-ratelimit-limit", "0")]), None, start);
        taken(&mut bucket, start);
        assert_eq!(taken(&mut bucket, start + Duration::from_secs(30)), 0);
        assert_eq!(taken(&mut bucket, start + LEARNED_FOR), 10);
        let mut bucket = Bucket::new(None, start);
        bucket.learn(&figures(&[("x-ratelimit-limit", "1")]), None, start);
        assert!(taken(&mut bucket, start) <= 1);
        assert_eq!(taken(&mut bucket, start + LEARNED_FOR), 1000);
    }

    /// Sixty callers with two seconds each, at ten a second: who cannot be served is told at once, and how long
    /// it would have been.
    #[tokio::test(start_paused = true)]
    async fn who_would_come_too_late_is_told_at_once() {
        let gate = std::sync::Arc::new(RateLimiter::new().per_minute(600).start());
        let callers: Vec<_> = (0..60)
            .map(|_| {
                let gate = gate.clone();
                tokio::spawn(async move {
                    let started = Instant::now();
                    let served = gate.enter(started + Duration::from_secs(2)).await;
                    (served.map(drop).map_err(|no_room| no_room.0), started.elapsed())
                })
            })
            .collect();
        let mut served = 0;
        for caller in callers {
            match caller.await.unwrap() {
                (Ok(()), _) => served += 1,
                (Err(wait), took) => {
                    assert!(took < Duration::from_millis(100), "it waited {took:?}");
                    assert!(wait.is_some_and(|wait| wait >= Duration::from_millis(1_900)), "{wait:?}");
                }
            }
        }
        assert!((29..=31).contains(&served), "{served}");
        // Who leaves makes room.
        assert_eq!(gate.waiting.load(Ordering::Relaxed), 0);
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
        bucket.learn(&figures(&[("x-ratelimit-limit", "6000")]), None, start + Duration::from_secs(9));
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
