//! The sandbox's own time, so that tests need not wait for an order to expire.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use chrono::{DateTime, FixedOffset, NaiveDateTime, TimeZone};

/// A moment in India, where Cashfree lives.
pub(crate) type Time = DateTime<FixedOffset>;

/// The clock goes no further than a thousand years ahead, where dates still have four digits.
const FURTHEST: Duration = Duration::from_secs(1000 * 365 * 24 * 60 * 60);

/// Where the sandbox reads the time.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    /// Stands still at this moment; follows the system where there is none.
    fixed: Option<SystemTime>,
    ahead: Duration,
}

impl Clock {
    /// Follows the system's clock.
    #[must_use]
    pub fn system() -> Self {
        Self { fixed: None, ahead: Duration::ZERO }
    }

    /// Stands still at `moment`, until it is moved with [`Sandbox::advance`](crate::Sandbox::advance).
    #[must_use]
    pub fn fixed(moment: SystemTime) -> Self {
        Self { fixed: Some(moment), ahead: Duration::ZERO }
    }

    pub(crate) fn advance(&mut self, by: Duration) {
        self.ahead = self.ahead.saturating_add(by).min(FURTHEST);
    }

    /// Milliseconds since 1970.
    pub(crate) fn millis(&self) -> i64 {
        let base = self.fixed.unwrap_or_else(SystemTime::now);
        let since = base.duration_since(UNIX_EPOCH).unwrap_or_default().saturating_add(self.ahead);
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }

    pub(crate) fn now(&self) -> Time {
        at_millis(self.millis())
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

fn india() -> FixedOffset {
    FixedOffset::east_opt((5 * 60 + 30) * 60).unwrap_or_else(|| chrono::Offset::fix(&chrono::Utc))
}

fn at_millis(millis: i64) -> Time {
    let utc = DateTime::from_timestamp_millis(millis).unwrap_or_default();
    utc.with_timezone(&india())
}

/// `2025-01-15T12:20:29+05:30`
pub(crate) fn write(time: Time) -> String {
    time.format("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// Reads a time with an offset, or without one as Indian time.
pub(crate) fn read(text: &str) -> Option<Time> {
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Some(time.with_timezone(&india()));
    }
    ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
        .and_then(|naive| india().from_local_datetime(&naive).single())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_indian() {
        let mut clock = Clock::fixed(UNIX_EPOCH + Duration::from_secs(1_700_000_000));
        assert_eq!(write(clock.now()), "2023-11-15T03:43:20+05:30");
        clock.advance(Duration::from_secs(60));
        assert_eq!(write(clock.now()), "2023-11-15T03:44:20+05:30");
        assert_eq!(read("2023-11-14T22:13:20Z").map(write).as_deref(), Some("2023-11-15T03:43:20+05:30"));
        assert_eq!(read("2023-11-15 03:43:20").map(write).as_deref(), Some("2023-11-15T03:43:20+05:30"));
        assert_eq!(read("tomorrow"), None);
    }
}
