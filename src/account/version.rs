//! The date that says which API a request speaks.
//!
//! Any well-formed date is accepted, so that the untyped request reaches versions this crate has no
//! types for.

use std::{fmt, str::FromStr};

use chrono::NaiveDate;

use crate::answer::error::Error;

/// The value of `x-api-version`: a date, such as `2025-01-01`.
///
/// ```
/// use cashfree_pg::ApiVersion;
///
/// let version: ApiVersion = "2025-01-01".parse()?;
/// assert_eq!(version.to_string(), "2025-01-01");
/// assert!("2025-1-1".parse::<ApiVersion>().is_err());
/// # Ok::<(), cashfree_pg::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[doc(alias = "XApiVersion")]
pub struct ApiVersion(NaiveDate);

impl ApiVersion {
    /// Reads a version from its date.
    ///
    /// # Errors
    /// A configuration error on `api_version` unless it is a real date written `YYYY-MM-DD`.
    pub fn new(date: &str) -> Result<Self, Error> {
        date.parse()
    }
}

impl FromStr for ApiVersion {
    type Err = Error;

    fn from_str(date: &str) -> Result<Self, Error> {
        // The shape is checked apart: chrono would also take `2025-1-1` and ` 2025-01-01`.
        let shaped = date.len() == 10
            && date
                .bytes()
                .enumerate()
                .all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() });
        match NaiveDate::parse_from_str(date, "%Y-%m-%d") {
            Ok(parsed) if shaped => Ok(Self(parsed)),
            _ => Err(Error::configuration("api_version", "must be a date written YYYY-MM-DD")),
        }
    }
}

impl TryFrom<&str> for ApiVersion {
    type Error = Error;

    fn try_from(date: &str) -> Result<Self, Error> {
        date.parse()
    }
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m-%d"))
    }
}
