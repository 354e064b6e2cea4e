//! Errors in the shape and with the statuses of Cashfree's.

use std::borrow::Cow;

use serde_json::{Value, json};

/// An answer that is `{message, code, type, help}`.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    pub(crate) status: u16,
    pub(crate) code: Cow<'static, str>,
    pub(crate) kind: &'static str,
    pub(crate) message: String,
}

impl Problem {
    pub(crate) fn new(
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

    /// 400: the member at `path` breaks `rule`.
    pub(crate) fn member(path: &str, rule: &str, value: &Value) -> Self {
        let shown = shown(path, value);
        Self::invalid(
            format!("{}_invalid", code_of(path)),
            format!("{path} : {rule}. Value received: {shown}"),
        )
    }

    /// 400: the member at `path` is not there, or empty.
    pub(crate) fn missing(path: &str) -> Self {
        let (code, name) = (code_of(path), code_of(path));
        Self::invalid(
            format!("{code}_missing"),
            format!("{name} : is missing in the request. Value received: "),
        )
    }

    /// 400, as everything about vendors and splits is refused.
    pub(crate) fn split(message: impl Into<String>) -> Self {
        Self::invalid("api_request_failed", message)
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

    /// The same with a status that the operation declares: what it does not declare is a 400.
    pub(crate) fn declared(mut self, statuses: &[u16]) -> Self {
        if matches!(self.status, 404 | 409) && !statuses.contains(&self.status) {
            self.status = 400;
        }
        self
    }

    pub(crate) fn body(&self, origin: &str) -> Value {
        json!({
            "message": self.message, "code": self.code, "type": self.kind,
            "help": format!("What the sandbox got and answered: {origin}/"),
        })
    }
}

/// How a code names a member: by its whole path, but in a payment method by its own name.
fn code_of(path: &str) -> String {
    let plain: String =
        path.split('[').map(|part| part.split_once(']').map_or(part, |(_, rest)| rest)).collect();
    match plain.strip_prefix("payment_method.") {
        Some(inner) => inner.rsplit('.').next().unwrap_or(inner).to_owned(),
        None => plain,
    }
}

/// A value as an error may repeat it: long ones and what may be secret are not.
fn shown(path: &str, value: &Value) -> String {
    let name = path.rsplit('.').next().unwrap_or(path);
    let secret = ["card", "cvv", "otp", "cryptogram", "account"].iter().any(|word| name.contains(word));
    match value {
        Value::Array(_) | Value::Object(_) => String::new(),
        _ if secret => "***".to_owned(),
        Value::String(text) => text.chars().take(60).collect(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_name_members_by_their_path() {
        let code = |path: &str| Problem::missing(path).code.into_owned();
        assert_eq!(code("order_amount"), "order_amount_missing");
        assert_eq!(code("customer_details.customer_phone"), "customer_details.customer_phone_missing");
        assert_eq!(code("order_splits[3].vendor_id"), "order_splits.vendor_id_missing");
        assert_eq!(code("payment_method.card.card_cvv"), "card_cvv_missing");
        let problem = Problem::missing("payment_method.card.card_cvv");
        assert_eq!(problem.message, "card_cvv : is missing in the request. Value received: ");
    }

    #[test]
    fn secrets_are_not_repeated() {
        let problem = Problem::member("payment_method.card.card_number", "is wrong", &json!("4111"));
        assert!(!problem.message.contains("4111"), "{problem:?}");
        assert!(Problem::member("order_id", "is wrong", &json!("a b")).message.contains("a b"));
    }

    #[test]
    fn an_undeclared_status_is_a_400() {
        assert_eq!(Problem::not_found("x", "y").declared(&[200, 400]).status, 400);
        assert_eq!(Problem::not_found("x", "y").declared(&[200, 404]).status, 404);
    }
}
