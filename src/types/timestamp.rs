//! Times as they came, read leniently when they are needed.
//!
//! The API writes times with and without an offset, with a blank or a `T`, as bare dates, with zero to
//! nine decimals of a second, as `NA` and as an empty string. A strict type would refuse whole bodies
//! for a member nobody looks at, and a parsed one could not be written back as it was. So a
//! [`Timestamp`] is its text, and the parser sits on top.

use std::cmp::Ordering;
use std::fmt;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, SecondsFormat, TimeZone};
use serde::{Deserialize, Serialize};

/// India's offset, +05:30, which is what the API means where it writes none.
const IST_SECONDS: i32 = (5 * 60 + 30) * 60;

/// A point in time, kept as the text that was read or given.
///
/// ```
/// use cashfree_pg::types::Timestamp;
///
/// let settled = Timestamp::from("2025-02-14 12:00:00");
/// assert_eq!(settled.as_str(), "2025-02-14 12:00:00");
/// assert_eq!(settled.to_datetime()?.to_rfc3339(), "2025-02-14T12:00:00+05:30");
///
/// let same = Timestamp::from("2025-02-14T06:30:00Z");
/// assert!(settled.same_instant(&same));
/// assert_ne!(settled, same);
/// # Ok::<(), cashfree_pg::types::ParseTimestampError>(())
/// ```
///
/// # Equality and order
/// Two timestamps are equal if their texts are. They are ordered by instant, then by text, and those
/// that cannot be read as a time (`NA`) come after all others: sorting works, and agrees with equality.
/// To ask for the instants alone use [`same_instant`](Timestamp::same_instant) or compare
/// [`to_datetime`](Timestamp::to_datetime).
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(String);

impl Timestamp {
    /// The text as it came.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text as it came, owned.
    pub fn into_string(self) -> String {
        self.0
    }

    /// The time it names.
    ///
    /// Reads a date (`2024-07-20`, midnight in India) or a date and a time, separated by `T` or a blank;
    /// seconds and up to nine decimals of a second are optional, and so is the offset (`Z`, `+00:00`,
    /// `+0530`): +05:30 is assumed. Blanks between the parts are skipped.
    ///
    /// # Errors
    /// [`ParseTimestampError`] where the text is no such time: `NA`, an empty text, a 30 February.
    pub fn to_datetime(&self) -> Result<DateTime<FixedOffset>, ParseTimestampError> {
        Parser { text: &self.0, position: 0 }.timestamp()
    }

    /// Whether both can be read and name the same instant, however they are written.
    pub fn same_instant(&self, other: &Timestamp) -> bool {
        matches!((self.to_datetime(), other.to_datetime()), (Ok(a), Ok(b)) if a == b)
    }
}

impl Ord for Timestamp {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.to_datetime(), other.to_datetime()) {
            (Ok(a), Ok(b)) => a.cmp(&b),
            (Ok(_), Err(_)) => Ordering::Less,
            (Err(_), Ok(_)) => Ordering::Greater,
            (Err(_), Err(_)) => Ordering::Equal,
        }
        .then_with(|| self.0.cmp(&other.0))
    }
}

impl PartialOrd for Timestamp {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Timestamp({:?})", self.0)
    }
}

impl AsRef<str> for Timestamp {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl From<String> for Timestamp {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Timestamp {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl<Tz: TimeZone> From<DateTime<Tz>> for Timestamp {
    /// Writes RFC 3339 with the offset of the value; in UTC where that has seconds, which RFC 3339 cannot say.
    ///
    /// ```
    /// use cashfree_pg::types::Timestamp;
    /// use chrono::DateTime;
    ///
    /// let expiry = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
    /// assert_eq!(Timestamp::from(expiry).as_str(), "2023-11-14T22:13:20Z");
    /// ```
    fn from(time: DateTime<Tz>) -> Self {
        let time = time.fixed_offset();
        let whole_minutes = time.offset().local_minus_utc() % 60 == 0;
        let time = if whole_minutes { time } else { time.to_utc().fixed_offset() };
        Self(time.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

impl From<NaiveDate> for Timestamp {
    fn from(date: NaiveDate) -> Self {
        Self(date.to_string())
    }
}

impl From<Timestamp> for String {
    fn from(timestamp: Timestamp) -> Self {
        timestamp.0
    }
}

impl PartialEq<str> for Timestamp {
    fn eq(&self, text: &str) -> bool {
        self.0 == text
    }
}

impl PartialEq<&str> for Timestamp {
    fn eq(&self, text: &&str) -> bool {
        self.0 == *text
    }
}

/// A text that names no time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseTimestampError {
    expected: &'static str,
    position: usize,
}

impl ParseTimestampError {
    /// Where the text stops being a time, counted in bytes from 0.
    pub fn position(&self) -> usize {
        self.position
    }
}

impl fmt::Display for ParseTimestampError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a time: expected {} at byte {}", self.expected, self.position)
    }
}

impl std::error::Error for ParseTimestampError {}

/// Reads the parts of a time from left to right. Every part may have blanks before it.
struct Parser<'t> {
    text: &'t str,
    position: usize,
}

impl Parser<'_> {
    fn timestamp(mut self) -> Result<DateTime<FixedOffset>, ParseTimestampError> {
        let date = self.date()?;
        let time = if self.at_end() { NaiveTime::MIN } else { self.time()? };
        let offset = self.offset()?;
        if !self.at_end() {
            return Err(self.expected("the end"));
        }
        // A fixed offset maps each local time to one instant, unless that leaves the calendar.
        offset
            .from_local_datetime(&date.and_time(time))
            .single()
            .ok_or_else(|| self.expected("a time in range"))
    }

    fn date(&mut self) -> Result<NaiveDate, ParseTimestampError> {
        // A year of more digits has a sign before it, as ISO 8601 writes it.
        let digits =
            if self.accept(['+']) { self.rest().bytes().take_while(u8::is_ascii_digit).count() } else { 4 };
        let year = self.number(digits.clamp(4, 6), "a year of 4 digits")?;
        self.require('-', "`-` and a month")?;
        let month = self.number(2, "a month of 2 digits")?;
        self.require('-', "`-` and a day")?;
        let day = self.number(2, "a day of 2 digits")?;
        i32::try_from(year)
            .ok()
            .and_then(|year| NaiveDate::from_ymd_opt(year, month, day))
            .ok_or_else(|| self.expected("a day of the calendar"))
    }

    fn time(&mut self) -> Result<NaiveTime, ParseTimestampError> {
        let separated = self.rest().starts_with(char::is_whitespace);
        if !self.accept(['T', 't']) && !separated {
            return Err(self.expected("`T` or a blank, and a time"));
        }
        let hour = self.number(2, "hours of 2 digits")?;
        self.require(':', "`:` and minutes")?;
        let minute = self.number(2, "minutes of 2 digits")?;
        let (mut second, mut nanos) = (0, 0);
        if self.accept([':']) {
            second = self.number(2, "seconds of 2 digits")?;
            if self.accept(['.']) {
                nanos = self.nanoseconds()?;
            }
        }
        if second == 60 {
            // chrono's way of writing a leap second.
            (second, nanos) = (59, nanos + 1_000_000_000);
        }
        NaiveTime::from_hms_nano_opt(hour, minute, second, nanos)
            .ok_or_else(|| self.expected("a time of day"))
    }

    fn nanoseconds(&mut self) -> Result<u32, ParseTimestampError> {
        const EXPECTED: &str = "1 to 9 decimals of a second";
        let digits = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        if !(1..=9).contains(&digits) {
            return Err(self.expected(EXPECTED));
        }
        let fraction = self.number(digits, EXPECTED)?;
        Ok((digits..9).fold(fraction, |nanos, _| nanos * 10))
    }

    fn offset(&mut self) -> Result<FixedOffset, ParseTimestampError> {
        let seconds = if self.at_end() {
            IST_SECONDS
        } else if self.accept(['Z', 'z']) {
            0
        } else {
            let sign = if self.accept(['+']) {
                1
            } else if self.accept(['-']) {
                -1
            } else {
                return Err(self.expected("an offset"));
            };
            let hours = self.number(2, "an offset's hours")?;
            self.accept([':']);
            let minutes = if self.at_end() { 0 } else { self.number(2, "an offset's minutes")? };
            if hours > 23 || minutes > 59 {
                return Err(self.expected("an offset below 24:00"));
            }
            sign * ((hours * 60 + minutes) * 60).cast_signed()
        };
        FixedOffset::east_opt(seconds).ok_or_else(|| self.expected("an offset below 24:00"))
    }

    fn rest(&self) -> &str {
        self.text.get(self.position..).unwrap_or_default()
    }

    fn skip_blanks(&mut self) {
        self.position = self.text.len() - self.rest().trim_start().len();
    }

    fn at_end(&mut self) -> bool {
        self.rest().trim_start().is_empty()
    }

    fn accept<const N: usize>(&mut self, wanted: [char; N]) -> bool {
        self.skip_blanks();
        let found = self.rest().starts_with(wanted);
        if found {
            self.position += 1;
        }
        found
    }

    fn require(&mut self, wanted: char, expected: &'static str) -> Result<(), ParseTimestampError> {
        if self.accept([wanted]) { Ok(()) } else { Err(self.expected(expected)) }
    }

    /// Exactly so many digits, at most nine.
    fn number(&mut self, digits: usize, expected: &'static str) -> Result<u32, ParseTimestampError> {
        self.skip_blanks();
        let number = self
            .rest()
            .get(..digits)
            .filter(|text| text.bytes().all(|b| b.is_ascii_digit()))
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| self.expected(expected))?;
        self.position += digits;
        Ok(number)
    }

    fn expected(&self, expected: &'static str) -> ParseTimestampError {
        ParseTimestampError { expected, position: self.position }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rfc3339(text: &str) -> String {
        let time = Timestamp::from(text).to_datetime().unwrap_or_else(|e| panic!("{text}: {e}"));
        time.to_rfc3339_opts(SecondsFormat::AutoSi, true)
    }

    #[test]
    fn reads_every_form_the_api_writes() {
        for (text, read) in [
            ("2021-08-18T12:55:06+05:30", "2021-08-18T12:55:06+05:30"),
            ("2022-08-16 14:53:15", "2022-08-16T14:53:15+05:30"),
            ("2050-12-31T00:00:00", "2050-12-31T00:00:00+05:30"),
            ("2024-07-20", "2024-07-20T00:00:00+05:30"),
            ("2023-02-27T18:30:00Z", "2023-02-27T18:30:00Z"),
            ("2023-02-27T18:30:00+00:00", "2023-02-27T18:30:00Z"),
            ("2022-11-09T06:23:25.972Z", "2022-11-09T06:23:25.972Z"),
            ("2022-11-09T06:23:25.9+0530", "2022-11-09T06:23:25.900+05:30"),
            ("2022-11-09T06:23:25.123456789-03:00", "2022-11-09T06:23:25.123456789-03:00"),
            ("2023-06-15T21: 50: 04+05: 30", "2023-06-15T21:50:04+05:30"),
            ("2023-06-15 21:50:04 +05:30", "2023-06-15T21:50:04+05:30"),
            ("2023-06-15T21:50+05", "2023-06-15T21:50:00+05:00"),
            ("  2023-06-15t21:50:04z ", "2023-06-15T21:50:04Z"),
            ("2016-12-31T23:59:60Z", "2016-12-31T23:59:60Z"),
        ] {
            assert_eq!(rfc3339(text), read, "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_time() {
        for (text, position) in [
            ("", 0),
            ("NA", 0),
            ("null", 0),
            ("2024", 4),
            ("24-07-20", 0),
            ("2024-7-20", 5),
            ("2024-02-30", 10),
            ("2024-13-01", 10),
            ("2024-07-2012:00:00", 10),
            ("2024-07-20T", 11),
            ("2024-07-20T24:00:00", 19),
            ("2024-07-20T12:00:61", 19),
            ("2024-07-20T12:00:00.", 20),
            ("2024-07-20T12:00:00.1234567890", 20),
            ("2024-07-20T12:00:00+24:00", 25),
            ("2024-07-20T12:00:00+05:60", 25),
            ("2024-07-20T12:00:00Zulu", 20),
            ("2024-07-20T12:00:00 IST", 20),
            ("2024-07-20T12:00:00+05:30x", 25),
            ("2024-07-20T1 2:00:00", 11),
            ("२०२४-07-20", 0),
        ] {
            let error = Timestamp::from(text).to_datetime().expect_err(text);
            assert_eq!(error.position(), position, "{text}: {error}");
        }
    }

    #[test]
    fn orders_by_instant_then_text_and_agrees_with_equality() {
        let mut times =
            ["NA", "2024-07-21", "2024-07-20T23:00:00Z", "", "2024-07-20T18:30:00Z"].map(Timestamp::from);
        times.sort();
        assert_eq!(times, ["2024-07-20T18:30:00Z", "2024-07-21", "2024-07-20T23:00:00Z", "", "NA"]);
        assert!(times[0].same_instant(&times[1]));
        assert_ne!(times[0].cmp(&times[1]), Ordering::Equal);
        assert!(!times[3].same_instant(&times[3]));
    }

    #[test]
    fn is_a_string_in_json() {
        let time: Timestamp = serde_json::from_str(r#""2022-08-16 14:53:15""#).unwrap();
        assert_eq!(serde_json::to_string(&time).unwrap(), r#""2022-08-16 14:53:15""#);
        assert!(serde_json::from_str::<Timestamp>("1660641795").is_err());
        assert_eq!(Timestamp::from(NaiveDate::from_ymd_opt(2024, 7, 20).unwrap()), "2024-07-20");
    }

    #[test]
    fn what_is_written_is_read_again() {
        let at = |offset: i32, year: i32| {
            FixedOffset::east_opt(offset).unwrap().with_ymd_and_hms(year, 1, 2, 3, 4, 5).unwrap()
        };
        for time in
            [at(0, 2025), at(19_800, 2025), at(21_208, 2025), at(-1, 1999), at(0, 10_000), at(60, 123_456)]
        {
            let written = Timestamp::from(time);
            assert_eq!(written.to_datetime().as_ref(), Ok(&time), "{written}");
        }
    }

    proptest! {
        #[test]
        fn any_instant_round_trips(
            seconds in 0i64..250_000_000_000,
            nanos in 0u32..1_000_000_000,
            offset_minutes in -1439i32..1440,
        ) {
            let offset = FixedOffset::east_opt(offset_minutes * 60).unwrap();
            let time = DateTime::from_timestamp(seconds, nanos).unwrap().with_timezone(&offset);
            let read = Timestamp::from(time).to_datetime().unwrap();
            prop_assert_eq!(read, time);
            prop_assert_eq!(read.offset(), time.offset());
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,40}|[-0-9T:.+Z ]{0,40}") {
            let _ = Timestamp::from(text.as_str()).to_datetime();
        }
    }
}
