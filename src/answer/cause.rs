//! Why a call failed, before it is known of which call.

use std::{borrow::Cow, error::Error as StdError, fmt, time::Duration};

use bytes::Bytes;
use http::StatusCode;

use super::{api_error::ApiError, kind::ErrorKind};
use crate::types::{DecodeError, Invalid, Missing};

type BoxError = Box<dyn StdError + Send + Sync>;

/// Why, in words and as a source.
#[derive(Debug)]
pub(crate) enum Cause {
    /// The [`ApiError`] says it all.
    Api,
    Http(reqwest::Error),
    /// Of a transport that the user brought.
    Transport(TransportError),
    /// The answer ended before the length that its headers promise.
    CutShort,
    TimedOut,
    /// Time was up before anything was sent.
    NoTimeLeft,
    Decode(DecodeError),
    /// A success without a member that every one of its kind has.
    Missing(Missing),
    /// A success whose body is an error's.
    ErrorInSuccess,
    /// A success without a JSON body where there must be one: cut, or not from Cashfree.
    NotReadable(DecodeError),
    TooLarge {
        limit: usize,
    },
    /// Neither a success nor an error: redirects are not followed.
    UnexpectedStatus(StatusCode),
    /// An HTTP client that the user brought followed a redirect.
    Redirected,
    LocalLimit,
    /// The token that the call needs could not be fetched.
    NoToken(BoxError),
    Invalid(Invalid),
    Configuration {
        field: Cow<'static, str>,
        problem: Cow<'static, str>,
    },
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Api => f.write_str("Cashfree answered with an error"),
            Self::Http(error) if error.is_connect() => f.write_str("no connection"),
            Self::Http(_) => f.write_str("the connection broke"),
            Self::Transport(_) => f.write_str("the transport failed"),
            Self::CutShort => f.write_str("the answer ended too early"),
            Self::TimedOut => f.write_str("no answer in time"),
            Self::NoTimeLeft => f.write_str("time was up before it could be sent"),
            Self::Decode(error) => error.fmt(f),
            Self::Missing(missing) => missing.fmt(f),
            Self::ErrorInSuccess => f.write_str("a success whose body is an error"),
            Self::NotReadable(_) => f.write_str("a success whose body is cut or no JSON"),
            Self::TooLarge { limit } => write!(f, "the answer is longer than {limit} bytes"),
            Self::UnexpectedStatus(status) => write!(f, "unexpected status {}", status.as_u16()),
            Self::Redirected => f.write_str("the answer came by a redirect"),
            Self::LocalLimit => f.write_str("the client's own rate limiter has no room before the deadline"),
            Self::NoToken(error) => write!(f, "no token: {error}"),
            Self::Invalid(invalid) => invalid.fmt(f),
            Self::Configuration { field, problem } => write!(f, "{field} {problem}"),
        }
    }
}

/// The end of a call that failed; the runtime fills it in.
pub(crate) struct Failure {
    pub(crate) kind: ErrorKind,
    pub(crate) cause: Cause,
    pub(crate) api: Option<ApiError>,
    pub(crate) raw_body: Option<Bytes>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) retryable: bool,
    /// The last attempt was not carried out, but an earlier one, or an earlier call, may have been.
    pub(crate) doubt: bool,
}

impl Failure {
    pub(crate) fn new(kind: ErrorKind, cause: Cause) -> Self {
        let retryable = matches!(kind, ErrorKind::NeverSent | ErrorKind::RateLimited);
        Self { kind, cause, api: None, raw_body: None, retry_after: None, retryable, doubt: false }
    }
}

/// Why a [`transport`](crate::CashfreeBuilder::transport) has no answer.
///
/// The one thing that matters is whether the request may have left: if it may, what it was to change may
/// have happened. Any error that `?` converts counts as such; so that any can, this is no
/// [`Error`](std::error::Error) itself.
#[derive(Debug)]
pub struct TransportError {
    not_sent: bool,
    source: BoxError,
}

impl TransportError {
    /// Nothing of the request was sent: the call may end as [`NeverSent`](crate::ErrorKind::NeverSent).
    pub fn not_sent(source: impl Into<BoxError>) -> Self {
        Self { not_sent: true, source: source.into() }
    }

    /// Something of it may have been sent.
    pub fn maybe_sent(source: impl Into<BoxError>) -> Self {
        Self { not_sent: false, source: source.into() }
    }

    pub(crate) fn is_not_sent(&self) -> bool {
        self.not_sent
    }

    /// Why.
    pub fn reason(&self) -> &(dyn StdError + Send + Sync + 'static) {
        &*self.source
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.source.fmt(f)
    }
}

impl<E: Into<BoxError>> From<E> for TransportError {
    fn from(source: E) -> Self {
        Self::maybe_sent(source)
    }
}
