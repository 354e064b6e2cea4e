//! Rate limits: so many requests in any sixty seconds.

use std::collections::{BTreeMap, VecDeque};

use super::config::RateLimit;
use crate::spec::Operation;

const MINUTE_MILLIS: i64 = 60_000;

/// Requests a minute of one operation, as Cashfree publishes them.
const PUBLISHED: [(&str, u32); 8] = [
    ("PGCreateOrder", 200),
    ("PGFetchOrder", 400),
    ("PGOrderFetchPayments", 100),
    ("PGOrderFetchPayment", 130),
    ("PGPayOrder", 100),
    ("PGOrderFetchSettlement", 30),
    ("PGOrderCreateRefund", 100),
    ("PGOrderFetchRefund", 30),
];
/// What is not published.
const OTHERS: u32 = 200;

/// When each request of the last minute came, by who and what.
#[derive(Debug, Default)]
pub(super) struct Limits(BTreeMap<String, VecDeque<i64>>);

/// Where a caller stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Turn {
    limit: u32,
    remaining: u32,
    /// Seconds to wait; 0 where the request may be answered.
    pub(super) retry: u32,
    /// When the window has room again, in seconds since 1970.
    reset: i64,
    by: &'static str,
}

impl Limits {
    /// Counts a request.
    pub(super) fn take(
        &mut self,
        rule: RateLimit,
        operation: &Operation,
        account: &str,
        peer: &str,
        now: i64,
    ) -> Turn {
        let by = if operation.public { "ip" } else { "app_id" };
        let who = if operation.public { peer } else { account };
        let (key, limit) = match rule {
            RateLimit::Account(limit) => (who.to_owned(), limit),
            RateLimit::Published => {
                let known = PUBLISHED.iter().find(|(id, _)| *id == operation.id);
                (format!("{who} {}", operation.id), known.map_or(OTHERS, |(_, limit)| *limit))
            }
        };
        let recent = self.0.entry(key).or_default();
        while recent.front().is_some_and(|then| now - then >= MINUTE_MILLIS) {
            recent.pop_front();
        }
        let oldest = recent.front().copied().unwrap_or(now);
        let reset = (oldest + MINUTE_MILLIS).div_euclid(1000);
        if recent.len() >= limit as usize {
            let seconds = (MINUTE_MILLIS - (now - oldest)).div_euclid(1000).clamp(1, 59);
            return Turn { limit, remaining: 0, retry: u32::try_from(seconds).unwrap_or(59), reset, by };
        }
        recent.push_back(now);
        let remaining = limit - u32::try_from(recent.len()).unwrap_or(limit);
        Turn { limit, remaining, retry: 0, reset, by }
    }
}

impl Turn {
    /// The same for a caller who has to wait so long.
    pub(super) fn over(&self, retry: u32) -> Self {
        Self { remaining: 0, retry, ..self.clone() }
    }

    pub(super) fn headers(&self) -> [(&'static str, String); 5] {
        [
            ("x-ratelimit-limit", self.limit.to_string()),
            ("x-ratelimit-remaining", self.remaining.to_string()),
            ("x-ratelimit-retry", self.retry.to_string()),
            ("x-ratelimit-reset", self.reset.to_string()),
            ("x-ratelimit-type", self.by.to_owned()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec;

    #[test]
    fn published_limits_are_by_operation_and_by_address_where_nobody_signs_in() {
        let spec = spec::find("2025-01-01").expect("embedded");
        let operation = |id: &str| spec.operations.iter().find(|one| one.id == id).expect(id);
        let mut limits = Limits::default();
        let mut take = |id: &str, peer: &str, now: i64| {
            limits.take(RateLimit::Published, operation(id), "account", peer, now)
        };
        for _ in 0..30 {
            assert_eq!(take("PGOrderFetchRefund", "1", 0).retry, 0);
        }
        let over = take("PGOrderFetchRefund", "1", 20_000);
        assert_eq!((over.retry, over.limit, over.by), (40, 30, "app_id"));
        assert_eq!(take("PGFetchOrder", "1", 0).limit, 400);
        assert_eq!(take("PGOrderFetchRefund", "1", 60_000).retry, 0);
        for _ in 0..100 {
            take("PGPayOrder", "1", 0);
        }
        assert_eq!(take("PGPayOrder", "1", 0).retry, 59);
        assert_eq!((take("PGPayOrder", "2", 0).retry, take("PGPayOrder", "2", 0).by), (0, "ip"));
    }
}
