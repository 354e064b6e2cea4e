//! The sandbox's own time, so that tests need not wait for an order to expire.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use chrono::{DateTime, Datelike as _, FixedOffset, NaiveDate, NaiveDateTime, TimeZone};

/// A moment in India, where Cashfree lives.
pub(crate) type Time = DateTime<FixedOffset>;

/// The clock goes no further than a thousand years ahead, where dates still have four digits: in milliseconds.
const FURTHEST: i64 = 1000 * 365 * 24 * 60 * 60 * 1000;

/// Where the sandbox reads the time.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    /// Stands still at this moment; follows the system where there is none.
    fixed: Option<SystemTime>,
    /// In milliseconds; less than nothing after it has stood still.
    ahead: i64,
}

impl Clock {
    /// Follows the system's clock.
    #[must_use]
    pub fn system() -> Self {
        Self { fixed: None, ahead: 0 }
    }

    /// Stands still at `moment`, until it is moved with [`Sandbox::advance`](crate::Sandbox::advance).
    #[must_use]
    pub fn fixed(moment: SystemTime) -> Self {
        Self { fixed: Some(moment), ahead: 0 }
    }

    pub(crate) fn advance(&mut self, by: Duration) {
        let by = i64::try_from(by.as_millis()).unwrap_or(FURTHEST);
        self.ahead = self.ahead.saturating_add(by).min(FURTHEST);
    }

    /// Stands still at `now`, or goes on from there, where the system's clock shows `system`. It does not look
    /// itself, so that it can be brought back later to where it was.
    pub(crate) fn freeze(&mut self, still: bool, now: i64, system: i64) {
        match (still, self.fixed) {
            (true, None) => *self = Self::fixed(at(now)),
            (false, Some(_)) => *self = Self { fixed: None, ahead: now.saturating_sub(system) },
            _ => {}
        }
    }

    pub(crate) fn is_still(&self) -> bool {
        self.fixed.is_some()
    }

    /// Milliseconds since 1970.
    pub(crate) fn millis(&self) -> i64 {
        let base = self.fixed.unwrap_or_else(SystemTime::now);
        let since = base.duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX).saturating_add(self.ahead)
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

fn at(millis: i64) -> SystemTime {
    UNIX_EPOCH + Duration::from_millis(u64::try_from(millis).unwrap_or_default())
}

fn india() -> FixedOffset {
    FixedOffset::east_opt((5 * 60 + 30) * 60).unwrap_or_else(|| chrono::Offset::fix(&chrono::Utc))
}

pub(crate) fn at_millis(millis: i64) -> Time {
    let utc = DateTime::from_timestamp_millis(millis).unwrap_or_default();
    utc.with_timezone(&india())
}

/// `2025-01-15T12:20:29+05:30`
pub(crate) fn write(time: Time) -> String {
    time.format("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// `2025-01-15 12:20:29`, as some reports have it.
pub(crate) fn write_plain(time: Time) -> String {
    time.format("%Y-%m-%d %H:%M:%S").to_string()
}

/// The first moment at which an Indian clock shows `hour` after `time`.
pub(crate) fn next_hour(time: Time, hour: u32) -> Time {
    let today = time.date_naive().and_hms_opt(hour, 0, 0);
    let today = today.and_then(|naive| india().from_local_datetime(&naive).single()).unwrap_or(time);
    if today > time { today } else { today + chrono::TimeDelta::days(1) }
}

/// Reads a time with an offset, or without one as Indian time.
pub(crate) fn read(text: &str) -> Option<Time> {
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Some(time.with_timezone(&india()));
    }
    let day = || NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?.and_hms_opt(0, 0, 0);
    ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
        .or_else(day)
        // With more digits a year may be the last there is, and nothing can be added to it.
        .filter(|naive| (0..10_000).contains(&naive.year()))
        .and_then(|naive| india().from_local_datetime(&naive).single())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_indian() {
        let mut clock = Clock::fixed(UNIX_EPOCH + Duration::from_secs(1_700_000_000));
        assert_eq!(write(at_millis(clock.millis())), "2023-11-15T03:43:20+05:30");
        clock.advance(Duration::from_secs(60));
        assert_eq!(write(at_millis(clock.millis())), "2023-11-15T03:44:20+05:30");
        assert_eq!(read("2023-11-14T22:13:20Z").map(write).as_deref(), Some("2023-11-15T03:43:20+05:30"));
        assert_eq!(read("2023-11-15 03:43:20").map(write).as_deref(), Some("2023-11-15T03:43:20+05:30"));
        assert_eq!(read("2023-11-15").map(write).as_deref(), Some("2023-11-15T00:00:00+05:30"));
        assert_eq!(read("tomorrow"), None);
        assert_eq!(read("+262142-12-31T23:59:59").or(read("-262143-01-01")), None);
    }

    #[test]
    fn an_hour_is_today_or_tomorrow() {
        let noon = read("2025-01-15T12:00:00").expect("a time");
        assert_eq!(write(next_hour(noon, 15)), "2025-01-15T15:00:00+05:30");
        assert_eq!(write(next_hour(noon, 12)), "2025-01-16T12:00:00+05:30");
    }

    #[test]
    fn a_clock_stands_still_and_goes_on_from_there() {
        let hour = 3_600_000;
        let now = Clock::system().millis();
        for then in [now + hour, now - hour] {
            let mut clock = Clock::system();
            clock.freeze(true, then, now);
            clock.freeze(true, now, now);
            assert!(clock.is_still() && clock.millis() == then);
            clock.freeze(false, then, now);
            assert!(!clock.is_still() && (then..then + hour).contains(&clock.millis()));
        }
    }
}
