//! Errors in the shape and with the statuses of Cashfree's.

use std::borrow::Cow;

use serde_json::{Value, json};

/// An answer that is `{message, code, type}`.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    pub(crate) status: u16,
    pub(crate) code: Cow<'static, str>,
    pub(crate) kind: &'static str,
    pub(crate) message: String,
}

impl Problem {
    fn new(
        status: u16,
        kind: &'static str,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) -> Self {
        Self { status, code: code.into(), kind, message: message.into() }
    }

    /// 400: the request cannot be right.
    pub(crate) fn invalid(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self::new(400, "invalid_request_error", code, message)
    }

    /// 401.
    pub(crate) fn unauthenticated() -> Self {
        Self::new(401, "authentication_error", "request_failed", "authentication Failed")
    }

    /// 404: `what` has no such id.
    pub(crate) fn not_found(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self::new(404, "invalid_request_error", code, message)
    }

    /// 409: it exists already, or its state forbids it.
    pub(crate) fn conflict(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self::new(409, "invalid_request_error", code, message)
    }

    /// 422: the idempotency key belongs to another request.
    pub(crate) fn idempotency() -> Self {
        let message = "the idempotency key was used with another request";
        Self::new(422, "idempotency_error", "request_invalid", message)
    }

    /// 429.
    pub(crate) fn rate_limited() -> Self {
        Self::new(429, "rate_limit_error", "request_failed", "Too many requests from IP. Check headers")
    }

    pub(crate) fn body(&self) -> Value {
        json!({ "message": self.message, "code": self.code, "type": self.kind })
    }
}
