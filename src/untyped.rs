//! The way out: a request this crate has no types for, with the same headers, retries and errors.

use std::{
    borrow::Cow,
    fmt,
    future::{Future, IntoFuture},
    pin::Pin,
};

use bytes::Bytes;
use http::Method;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;

use crate::{
    client::Cashfree,
    error::Error,
    multipart::Upload,
    observe::CallInfo,
    operation::setters,
    request::{Draft, Takes},
    response::Response,
    runtime,
    types::{Body, DecodeError},
    version::ApiVersion,
    wire::Holdable,
};

/// An untyped call that has not been sent yet. Await it, or [`send`](Self::send) it.
///
/// ```no_run
/// use cashfree_pg::{ApiVersion, Cashfree, Method};
///
/// # async fn run(cashfree: Cashfree) -> Result<(), cashfree_pg::Error> {
/// let version = ApiVersion::new("2025-01-01")?;
/// let order = cashfree.request(version, Method::GET, "/orders/{order_id}").path("order_id", "order_1").await?;
/// println!("{}", order.json()["order_status"]);
/// # Ok(())
/// # }
/// ```
#[must_use = "a call does nothing until it is awaited"]
pub struct UntypedCall(Draft);

impl UntypedCall {
    pub(crate) fn new(cashfree: Cashfree, version: ApiVersion, method: Method, path: String) -> Self {
        let info = CallInfo {
            operation: Cow::Borrowed("request"),
            version: version.to_string().into(),
            method,
            path: path.into(),
            reads: false,
            environment: cashfree.inner().environment.clone(),
        };
        Self(Draft::new(cashfree, info, Takes::UNKNOWN))
    }

    /// Fills a `{name}` of the path. Values belong here, not in the path itself: here they are encoded,
    /// and spans show the path without them.
    pub fn path(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) -> Self {
        self.0.path(name.into(), value.into());
        self
    }

    /// Adds a member to the query.
    pub fn query(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) -> Self {
        self.0.query(name.into(), value.into());
        self
    }

    /// The body.
    pub fn json(mut self, body: &Value) -> Self {
        self.0.json(body);
        self
    }

    /// A text of a form, which takes the place of a JSON body.
    pub fn text(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.0.text(name, value.into());
        self
    }

    /// A file of a form, which takes the place of a JSON body.
    pub fn file(mut self, name: &'static str, upload: Upload) -> Self {
        self.0.file(name, upload);
        self
    }

    /// Says that it changes nothing although its method is not GET, as reconciliation by POST: a failure is
    /// then a read's, safe to repeat, and never an unknown outcome.
    pub fn read_only(mut self) -> Self {
        self.0.info.reads = true;
        self
    }

    /// Sends no credentials, for the operations that take none.
    pub fn without_credentials(mut self) -> Self {
        self.0.without_credentials();
        self
    }

    setters!(0);

    /// Sends the call.
    ///
    /// # Errors
    /// Any [`ErrorKind`](crate::ErrorKind) except a wrong configuration.
    pub async fn send(self) -> Result<Response<RawJson>, Error> {
        runtime::send(self.0).await
    }
}

impl IntoFuture for UntypedCall {
    type Output = Result<Response<RawJson>, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

impl fmt::Debug for UntypedCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UntypedCall").field("info", &self.0.info).finish_non_exhaustive()
    }
}

/// The body of an answer as it came: JSON, or empty. `Debug` shows its length only.
#[derive(Clone, PartialEq, Eq)]
pub struct RawJson(Bytes);

impl RawJson {
    /// The bytes that came.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The body as a JSON value; an empty body is null.
    ///
    /// Numbers become binary floating point: [`read`](Self::read) a type of your own where money matters.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.0).unwrap_or_default()
    }

    /// The body as a type of your own.
    ///
    /// # Errors
    /// serde's, if the body does not fit.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_slice(&self.0)
    }
}

impl Body for RawJson {
    fn decode(body: &[u8]) -> Result<Self, DecodeError> {
        if !body.is_empty() {
            // Not merely well formed: `json` has to hold it.
            serde_json::from_slice::<Holdable>(body).map_err(|e| match serde_json::from_slice(body) {
                Ok(IgnoredAny) => DecodeError::new(
                    "$",
                    "JSON with whole texts, finite numbers and no endless nesting",
                    "other",
                ),
                Err(_) => DecodeError::not_json(&e),
            })?;
        }
        Ok(Self(Bytes::copy_from_slice(body)))
    }

    fn show_body(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl fmt::Debug for RawJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawJson({} bytes)", self.0.len())
    }
}

impl crate::types::sealed::Sealed for RawJson {}
