//! What is said of an operation, and of a call of it.

use std::borrow::Cow;

use http::Method;

use crate::account::{environment::Environment, scheme::AuthScheme};

/// What the specification says about an operation.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct OperationInfo {
    /// The operation id of the specification: `PGCreateOrder`.
    pub id: &'static str,
    /// The method of the client: `create_order`.
    pub name: &'static str,
    /// The HTTP method.
    pub method: &'static str,
    /// The path template: `/orders/{order_id}`.
    pub path: &'static str,
    /// The value of `x-api-version`; empty where it is not sent.
    pub version: &'static str,
    /// Whether the path is that below the host, as those of the products are, instead of below `/pg`.
    pub below_host: bool,
    /// The credentials it takes, any of them. Some payment operations take none: the payment session is theirs.
    pub credentials: &'static [AuthScheme],
    /// The operation that answers the bearer token it takes, which is then fetched and kept.
    pub token: Option<&'static OperationInfo>,
    /// Whether a repeat is known by its idempotency key. Without one, a POST or PATCH that may have been carried
    /// out is never repeated.
    pub keyed: bool,
}

impl OperationInfo {
    /// A call of it.
    pub(crate) fn call(&self, environment: &Environment, reads: bool) -> CallInfo {
        CallInfo {
            operation: Cow::Borrowed(self.name),
            version: Cow::Borrowed(self.version),
            // Only an empty or malformed name fails, and the specification has none.
            method: Method::from_bytes(self.method.as_bytes()).unwrap_or_default(),
            path: Cow::Borrowed(self.path),
            reads,
            environment: environment.clone(),
        }
    }
}

/// Which operation of which version is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallInfo {
    pub(crate) operation: Cow<'static, str>,
    pub(crate) version: Cow<'static, str>,
    pub(crate) method: Method,
    pub(crate) path: Cow<'static, str>,
    /// It only reads, whatever its method.
    pub(crate) reads: bool,
    pub(crate) environment: Environment,
}

impl CallInfo {
    /// The client's method: `create_order`; `request` for the untyped request.
    pub fn operation(&self) -> &str {
        &self.operation
    }

    /// The API version that is asked for: `2025-01-01`; empty for a product that has none.
    pub fn api_version(&self) -> &str {
        &self.version
    }

    /// The HTTP method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// Whether it changes nothing: a GET, a reconciliation, a question about eligibility.
    pub fn is_read(&self) -> bool {
        self.reads || matches!(self.method, Method::GET | Method::HEAD | Method::OPTIONS)
    }

    /// Where it goes.
    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    /// The path template below the base URL, without values: `/orders/{order_id}`.
    pub fn path(&self) -> &str {
        &self.path
    }
}
