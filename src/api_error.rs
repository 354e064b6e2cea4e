//! Cashfree's own error body, whatever is left of it.

use std::fmt;

use http::StatusCode;
use serde_json::Value;

use crate::redact;

/// What Cashfree said when it refused: `{message, code, type, help?}`.
///
/// There is one for every 4xx and 5xx answer. A gateway may answer with HTML or nothing: then only the
/// status is there, and [`Error::raw_body`](crate::Error::raw_body) has the rest. Credentials and card
/// numbers that the texts quote are cut out of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiError {
    status: StatusCode,
    message: Option<String>,
    code: Option<String>,
    kind: Option<String>,
    help: Option<String>,
}

impl ApiError {
    pub(crate) fn read(status: StatusCode, body: &[u8], secret: &str) -> Self {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let text = |name: &str| match &body[name] {
            Value::Null => None,
            Value::String(text) => Some(redact::clean(text, secret)),
            other => Some(redact::clean(&other.to_string(), secret)),
        };
        Self { status, message: text("message"), code: text("code"), kind: text("type"), help: text("help") }
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Cashfree's explanation, for people.
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// Cashfree's code for the problem: `order_not_found`. An open set; see [`crate::codes`].
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// Cashfree's class of the problem (`type`): `invalid_request_error`, `authentication_error`,
    /// `idempotency_error`, `rate_limit_error`, `api_error`. An open set.
    pub fn error_type(&self) -> Option<&str> {
        self.kind.as_deref()
    }

    /// Where to read more.
    pub fn help(&self) -> Option<&str> {
        self.help.as_deref()
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status.as_u16())?;
        match (&self.code, &self.message) {
            (None, None) => f.write_str(" without a readable explanation"),
            (code, message) => {
                if let Some(code) = code {
                    write!(f, " {code}")?;
                }
                if let Some(message) = message {
                    write!(f, ": {message}")?;
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for ApiError {}
