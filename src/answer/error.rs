//! One error, told apart by what a caller does next.
//!
//! With money, "it failed" is not enough: the question is whether it may have happened all the same.
//! The kind answers that, so that a caller who only reads [`Error::kind`] does the right thing.

use std::{borrow::Cow, error::Error as StdError, fmt, time::Duration};

use bytes::Bytes;
use http::StatusCode;

use crate::{
    account::environment::Environment,
    answer::{
        api_error::ApiError,
        cause::{Cause, Failure},
        kind::ErrorKind,
        meta::{RateLimit, ResponseMeta},
    },
    call::info::CallInfo,
    types::{DecodeError, Invalid, Missing},
};

/// Anything that can go wrong, from a wrong setting to an answer that never came.
///
/// Neither `Debug` nor `Display` shows a credential, a body, a header value or a query value; only
/// [`raw_body`](Self::raw_body) has what was received.
///
/// ```
/// use cashfree_pg::{Cashfree, ErrorKind};
///
/// let error = Cashfree::builder().build().unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Configuration);
/// assert_eq!(error.field(), Some("environment"));
/// assert!(!error.is_retryable());
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    cause: Cause,
    call: Option<CallInfo>,
    meta: ResponseMeta,
    api: Option<ApiError>,
    raw_body: Option<Bytes>,
    retry_after: Option<Duration>,
    retryable: bool,
    doubt: bool,
}

impl Failure {
    pub(crate) fn into_error(self, call: CallInfo, meta: ResponseMeta) -> Error {
        let Self { kind, cause, api, raw_body, retry_after, retryable, doubt } = self;
        let call = Some(call);
        Error(Box::new(Inner { kind, cause, call, meta, api, raw_body, retry_after, retryable, doubt }))
    }
}

impl Error {
    fn before_any_call(kind: ErrorKind, cause: Cause) -> Self {
        Self(Box::new(Inner {
            kind,
            cause,
            call: None,
            meta: ResponseMeta::default(),
            api: None,
            raw_body: None,
            retry_after: None,
            retryable: false,
            doubt: false,
        }))
    }

    /// The same, with the answer that it is missing in.
    pub(crate) fn missing_in(missing: Missing, meta: ResponseMeta, raw_body: Bytes) -> Self {
        let mut error = Self::from(missing);
        (error.0.meta, error.0.raw_body) = (meta, Some(raw_body));
        error
    }

    /// `field` must not be the value, and `problem` must not repeat it.
    pub(crate) fn configuration(
        field: impl Into<Cow<'static, str>>,
        problem: impl Into<Cow<'static, str>>,
    ) -> Self {
        let cause = Cause::Configuration { field: field.into(), problem: problem.into() };
        Self::before_any_call(ErrorKind::Configuration, cause)
    }

    /// What to do about it.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Whether making the same call again is safe and may help: it was never sent, it was rate
    /// limited, or it only reads and the failure may pass.
    ///
    /// Never true where the outcome is unknown: see [`is_outcome_unknown`](Self::is_outcome_unknown).
    pub fn is_retryable(&self) -> bool {
        self.0.retryable
    }

    /// Whether what was asked for may have happened although no answer says so.
    ///
    /// Ask before you repeat, or repeat with the same [`idempotency_key`](Self::idempotency_key) and body.
    pub fn is_outcome_unknown(&self) -> bool {
        self.0.kind == ErrorKind::OutcomeUnknown
    }

    /// Whether the last attempt ended because time was up.
    pub fn is_timeout(&self) -> bool {
        match &self.0.cause {
            Cause::TimedOut | Cause::NoTimeLeft => true,
            Cause::Http(error) => error.is_timeout(),
            _ => false,
        }
    }

    /// Whether the answer was longer than the client's limit.
    pub fn is_body_too_large(&self) -> bool {
        matches!(self.0.cause, Cause::TooLarge { .. })
    }

    /// The HTTP status of the last answer, if one came.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.meta.status()
    }

    /// Cashfree's code for the problem: `order_not_found`.
    pub fn code(&self) -> Option<&str> {
        self.api_error()?.code()
    }

    /// What Cashfree said, for every 4xx and 5xx answer, and for an error that came under a success.
    pub fn api_error(&self) -> Option<&ApiError> {
        self.0.api.as_ref()
    }

    /// The member of the answer that does not fit its type.
    pub fn decode_error(&self) -> Option<&DecodeError> {
        match &self.0.cause {
            Cause::Decode(error) | Cause::NotReadable(error) => Some(error),
            _ => None,
        }
    }

    /// The member that the answer has not, where a caller required it.
    pub fn missing(&self) -> Option<Missing> {
        match &self.0.cause {
            Cause::Missing(missing) => Some(*missing),
            _ => None,
        }
    }

    /// The limits that the request breaks.
    pub fn invalid(&self) -> Option<&Invalid> {
        match &self.0.cause {
            Cause::Invalid(invalid) => Some(invalid),
            _ => None,
        }
    }

    /// The setting that is missing or wrong, by the name of the builder's method, the credential or the
    /// environment variable.
    pub fn field(&self) -> Option<&str> {
        match &self.0.cause {
            Cause::Configuration { field, .. } => Some(field),
            _ => None,
        }
    }

    /// What was received, or the part of it that came. It may hold anything: do not log it.
    pub fn raw_body(&self) -> Option<&[u8]> {
        self.0.raw_body.as_deref()
    }

    /// How long to wait before another try, where that was said or is known.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// The request id to give to Cashfree's support.
    pub fn request_id(&self) -> Option<&str> {
        self.0.meta.request_id()
    }

    /// The idempotency key that every attempt carried.
    pub fn idempotency_key(&self) -> Option<&str> {
        self.0.meta.idempotency_key()
    }

    /// The rate-limit figures of the last answer.
    pub fn rate_limit(&self) -> RateLimit {
        self.0.meta.rate_limit()
    }

    /// The client's method that was called: `create_order`; `None` if no call was made.
    pub fn operation(&self) -> Option<&str> {
        self.0.call.as_ref().map(CallInfo::operation)
    }

    /// Where the call went; `None` if none was made. A 401 is most often due to keys of the other environment.
    pub fn environment(&self) -> Option<&Environment> {
        self.0.call.as_ref().map(CallInfo::environment)
    }

    /// The API version that was asked for; `None` if no call was made.
    pub fn api_version(&self) -> Option<&str> {
        self.0.call.as_ref().map(CallInfo::api_version)
    }

    /// Status, request id, attempts, elapsed time and so on.
    pub fn meta(&self) -> &ResponseMeta {
        &self.0.meta
    }
}

impl From<Missing> for Error {
    /// Without the answer that it is missing in: [`Response::require`](crate::Response::require) has that.
    fn from(missing: Missing) -> Self {
        Self::before_any_call(ErrorKind::Undecodable, Cause::Missing(missing))
    }
}

impl From<Invalid> for Error {
    fn from(invalid: Invalid) -> Self {
        Self::before_any_call(ErrorKind::InvalidInput, Cause::Invalid(invalid))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { kind, cause, call, meta, api, retry_after, doubt, .. } = &*self.0;
        if let Some(call) = call {
            f.write_str(call.operation())?;
            if !call.api_version().is_empty() {
                write!(f, " ({})", call.api_version())?;
            }
            f.write_str(": ")?;
        }
        match api {
            Some(api) if matches!(cause, Cause::ErrorInSuccess) => write!(f, "{kind}: {cause}: {api}")?,
            Some(api) => write!(f, "{kind}: {api}")?,
            None => write!(f, "{kind}: {cause}")?,
        }
        if let (Some(StatusCode::UNAUTHORIZED), Some(call)) = (meta.status(), call) {
            write!(f, "; sent to {}: are these the keys of that environment?", call.environment())?;
        }
        if *doubt {
            f.write_str("; an earlier attempt may have been carried out")?;
        }
        if let Some(wait) = retry_after {
            write!(f, "; try again in {} s", wait.as_secs_f64().ceil())?;
        }
        if meta.attempts > 1 {
            write!(f, "; {} attempts", meta.attempts)?;
        }
        if let Some(id) = meta.request_id() {
            write!(f, "; request id {id}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { kind, cause, call, meta, api, raw_body, retry_after, retryable, doubt } = &*self.0;
        f.debug_struct("Error")
            .field("kind", kind)
            .field("cause", cause)
            .field("call", call)
            .field("api_error", api)
            .field("raw_body", &raw_body.as_ref().map(|body| format!("{} bytes", body.len())))
            .field("retry_after", retry_after)
            .field("retryable", retryable)
            .field("doubt", doubt)
            .field("meta", meta)
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.0.cause {
            Cause::Http(error) => Some(error),
            Cause::Transport(error) => Some(error.reason()),
            Cause::Decode(error) | Cause::NotReadable(error) => Some(error),
            Cause::Missing(missing) => Some(missing),
            Cause::Invalid(invalid) => Some(invalid),
            Cause::NoToken(error) => Some(&**error),
            _ => self.0.api.as_ref().map(|api| api as _),
        }
    }
}
