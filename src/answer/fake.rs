//! Errors and answers made by hand, for tests of code that calls this crate behind a trait of its own.
//!
//! A test that goes all the way is better: against the sandbox, or over
//! [`transport`](crate::CashfreeBuilder::transport).

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};

use crate::{
    account::environment::Environment,
    answer::{
        api_error::ApiError,
        cause::{Cause, Failure},
        error::Error,
        kind::ErrorKind,
        meta::ResponseMeta,
        response::Response,
    },
    call::info::CallInfo,
    redact::Hidden,
    types::{DecodeError, Invalid, Violation},
};

impl<T> Response<T> {
    /// An answer made by hand: status 200, one attempt. Needs the feature `test-util`.
    ///
    #[cfg_attr(feature = "v2025-01-01", doc = "```")]
    #[cfg_attr(not(feature = "v2025-01-01"), doc = "```ignore")]
    /// use cashfree_pg::types::Body;
    /// use cashfree_pg::v2025_01_01::types::Order;
    /// use cashfree_pg::{Response, ResponseMeta};
    ///
    /// let order = Order::decode(br#"{"order_id":"order_1","order_status":"PAID"}"#)?;
    /// let meta = ResponseMeta::fake().header("x-idempotency-replayed", "true").attempts(2);
    /// let answer = Response::fake(order).with_meta(meta);
    /// assert!(answer.meta().is_replayed());
    /// # Ok::<(), cashfree_pg::types::DecodeError>(())
    /// ```
    pub fn fake(value: T) -> Self {
        Self::new(value, ResponseMeta::fake().meta, Bytes::new())
    }

    /// The same with other metadata. Needs the feature `test-util`.
    #[must_use]
    pub fn with_meta(self, meta: FakeMeta) -> Self {
        let (value, _) = self.into_parts();
        Self::new(value, meta.meta, Bytes::new())
    }
}

impl ResponseMeta {
    /// Metadata made by hand: status 200, one attempt. Needs the feature `test-util`.
    pub fn fake() -> FakeMeta {
        FakeMeta {
            meta: ResponseMeta { status: Some(StatusCode::OK), attempts: 1, ..ResponseMeta::default() },
        }
    }
}

/// Metadata that is being made: see [`ResponseMeta::fake`].
#[derive(Debug, Clone)]
pub struct FakeMeta {
    meta: ResponseMeta,
}

impl FakeMeta {
    /// The HTTP status of the last answer.
    #[must_use]
    pub fn status(mut self, status: StatusCode) -> Self {
        self.meta.status = Some(status);
        self
    }

    /// A header of the last answer. One that is none is left out.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            self.meta.headers.insert(name, value);
        }
        self
    }

    /// The request id.
    #[must_use]
    pub fn request_id(mut self, id: impl Into<String>) -> Self {
        self.meta.request_id = Some(id.into());
        self
    }

    /// The idempotency key.
    #[must_use]
    pub fn idempotency_key(mut self, key: impl Into<String>) -> Self {
        self.meta.idempotency_key = Some(key.into());
        self
    }

    /// How often the request was sent.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.meta.attempts = attempts;
        self
    }

    /// How long the call took.
    #[must_use]
    pub fn elapsed(mut self, elapsed: Duration) -> Self {
        self.meta.elapsed = elapsed;
        self
    }
}

impl Error {
    /// An error made by hand, of any kind. Needs the feature `test-util`.
    ///
    /// ```
    /// use cashfree_pg::{Error, ErrorKind};
    ///
    /// /// What a shop does once a refund did not come back.
    /// fn next_step(error: &Error) -> &'static str {
    ///     match error.kind() {
    ///         ErrorKind::OutcomeUnknown => "ask for the state",
    ///         _ if error.is_retryable() => "try again",
    ///         _ => "tell a person",
    ///     }
    /// }
    ///
    /// assert_eq!(next_step(&Error::fake(ErrorKind::OutcomeUnknown).build()), "ask for the state");
    /// assert_eq!(next_step(&Error::fake(ErrorKind::NeverSent).build()), "try again");
    /// let refused = Error::fake(ErrorKind::Rejected).code("order_not_found").message("no such order").build();
    /// assert_eq!((next_step(&refused), refused.code()), ("tell a person", Some("order_not_found")));
    /// ```
    pub fn fake(kind: ErrorKind) -> FakeError {
        FakeError {
            kind,
            meta: ResponseMeta { attempts: 1, ..ResponseMeta::default() },
            body: serde_json::Map::new(),
            raw_body: None,
            retry_after: None,
            retryable: None,
            operation: "request",
            member: "member",
        }
    }
}

/// An error that is being made: see [`Error::fake`].
#[derive(Debug, Clone)]
#[must_use = "it is no error until it is built"]
pub struct FakeError {
    kind: ErrorKind,
    meta: ResponseMeta,
    body: serde_json::Map<String, serde_json::Value>,
    raw_body: Option<Bytes>,
    retry_after: Option<Duration>,
    retryable: Option<bool>,
    operation: &'static str,
    member: &'static str,
}

impl FakeError {
    /// The HTTP status of the last answer. Without one it is 400 for what is rejected, 429 for what is rate
    /// limited, 200 for what is undecodable, and none for the rest.
    pub fn status(mut self, status: StatusCode) -> Self {
        self.meta.status = Some(status);
        self
    }

    /// Cashfree's code: `order_not_found`. For kinds that come with an answer.
    pub fn code(self, code: &str) -> Self {
        self.said("code", code)
    }

    /// Cashfree's explanation.
    pub fn message(self, message: &str) -> Self {
        self.said("message", message)
    }

    /// Cashfree's class of the problem: `invalid_request_error`.
    pub fn error_type(self, error_type: &str) -> Self {
        self.said("type", error_type)
    }

    fn said(mut self, name: &str, text: &str) -> Self {
        self.body.insert(name.to_owned(), text.into());
        self
    }

    /// What was received.
    pub fn raw_body(mut self, body: impl Into<Bytes>) -> Self {
        self.raw_body = Some(body.into());
        self
    }

    /// How long to wait before another try.
    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    /// Whether a repeat may help, where it is not as the kind has it.
    pub fn retryable(mut self, retryable: bool) -> Self {
        self.retryable = Some(retryable);
        self
    }

    /// The method that was called: `create_order`.
    pub fn operation(mut self, operation: &'static str) -> Self {
        self.operation = operation;
        self
    }

    /// The member, or the setting, that a [`Configuration`](ErrorKind::Configuration) error, an
    /// [`InvalidInput`](ErrorKind::InvalidInput) or an [`Undecodable`](ErrorKind::Undecodable) names.
    pub fn member(mut self, member: &'static str) -> Self {
        self.member = member;
        self
    }

    /// Request id, idempotency key, headers, attempts. The status is this error's own.
    pub fn meta(mut self, meta: FakeMeta) -> Self {
        self.meta = ResponseMeta { status: self.meta.status, ..meta.meta };
        self
    }

    /// The error.
    pub fn build(mut self) -> Error {
        let usual = match self.kind {
            ErrorKind::Rejected => Some(StatusCode::BAD_REQUEST),
            ErrorKind::RateLimited => Some(StatusCode::TOO_MANY_REQUESTS),
            ErrorKind::Undecodable => Some(StatusCode::OK),
            _ => None,
        };
        self.meta.status = self.meta.status.or(usual);
        let refused = self.meta.status.filter(|status| status.is_client_error() || status.is_server_error());
        let cause = match (self.kind, refused) {
            (ErrorKind::Configuration, _) => return Error::configuration(self.member, "is wrong"),
            (ErrorKind::InvalidInput, _) => {
                Cause::Invalid(Invalid::new(vec![Violation::new(self.member, "is wrong")]))
            }
            (ErrorKind::NeverSent, _) => Cause::NoTimeLeft,
            (ErrorKind::Undecodable, _) => {
                Cause::Decode(DecodeError::new(format!("$.{}", self.member), "an amount", "a boolean"))
            }
            (_, Some(_)) => Cause::Api,
            (_, None) => Cause::TimedOut,
        };
        let mut failure = Failure::new(self.kind, cause);
        if matches!(self.kind, ErrorKind::InvalidInput | ErrorKind::NeverSent) {
            self.meta = ResponseMeta { status: None, headers: HeaderMap::new(), attempts: 0, ..self.meta };
        } else if let Some(status) = refused {
            let body = serde_json::Value::from(self.body).to_string();
            failure.api = Some(ApiError::read(status, body.as_bytes(), false, &Hidden::new([])));
            failure.raw_body = Some(body.into());
        }
        failure.raw_body = self.raw_body.or(failure.raw_body);
        failure.retry_after = self.retry_after;
        failure.retryable = self.retryable.unwrap_or(failure.retryable || self.kind == ErrorKind::Unanswered);
        let call = CallInfo {
            operation: self.operation.into(),
            version: "2025-01-01".into(),
            method: Method::POST,
            path: "/".into(),
            reads: self.kind == ErrorKind::Unanswered,
            environment: Environment::Sandbox,
        };
        failure.into_error(call, self.meta)
    }
}
