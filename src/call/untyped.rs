//! The way out: a request this crate has no types for, with the same headers, retries and errors.

use std::{
    borrow::Cow,
    fmt,
    future::{Future, IntoFuture},
    pin::Pin,
};

use http::Method;
use serde_json::Value;

use crate::{
    account::{handle::Cashfree, version::ApiVersion},
    answer::{error::Error, raw::RawJson, response::Response},
    call::{
        info::CallInfo,
        multipart::Upload,
        operation::setters,
        request::{Draft, Takes},
        runtime,
    },
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
pub struct UntypedCall(Box<Draft>);

impl Cashfree {
    /// A request this crate has no types for: same headers, retries and errors as the typed ones.
    ///
    /// A POST or PATCH has an idempotency key, and is repeated by it as those of the payments API are. Anything else
    /// that it is sent to may ignore the key: see
    /// [`without_idempotency_key`](UntypedCall::without_idempotency_key).
    ///
    /// `path` is below the base URL and begins with a slash; `{name}` in it is filled by
    /// [`UntypedCall::path`].
    pub fn request(&self, version: ApiVersion, method: Method, path: impl Into<String>) -> UntypedCall {
        UntypedCall::new(self.clone(), version, method, path.into())
    }
}

impl UntypedCall {
    fn new(cashfree: Cashfree, version: ApiVersion, method: Method, path: String) -> Self {
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
    pub fn text(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) -> Self {
        self.0.text(name, value.into());
        self
    }

    /// A file of a form, which takes the place of a JSON body.
    pub fn file(mut self, name: impl Into<Cow<'static, str>>, upload: Upload) -> Self {
        self.0.file(name, upload);
        self
    }

    /// Says that it changes nothing although its method is not GET, as reconciliation by POST: a failure is
    /// then a read's, safe to repeat, and never an unknown outcome.
    pub fn read_only(mut self) -> Self {
        self.0.info.reads = true;
        self
    }

    /// Says that the operation knows no idempotency keys, as many of the products beside the payments API: none is
    /// sent, and a POST or PATCH that may have been carried out is not sent again.
    pub fn without_idempotency_key(mut self) -> Self {
        self.0.without_idempotency_key();
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
