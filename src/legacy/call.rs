//! A call of the first API: a form in place of JSON, and nothing that makes a repeat safe.

use std::{
    borrow::Cow,
    fmt,
    future::{Future, IntoFuture},
    marker::PhantomData,
    pin::Pin,
};

use bytes::Bytes;
use http::{
    HeaderValue, Method, StatusCode,
    header::{ACCEPT, CONTENT_TYPE},
};
use url::{Url, form_urlencoded};

use super::record::Record;
use crate::{
    account::{environment::Environment, handle::Cashfree},
    answer::{api_error::ApiError, error::Error, response::Response},
    call::{
        info::CallInfo,
        operation::setters,
        prepared::Prepared,
        request::{Dialect, Draft, Takes, header_value},
        runtime,
    },
    headers::REQUEST_ID,
    types::{Invalid, Violation},
    wire::{Member, Scalar},
};

const FORM: &str = "application/x-www-form-urlencoded";
const APP_ID: &str = "appId";
const SECRET_KEY: &str = "secretKey";

/// An operation of the first API, as a type.
pub trait Operation: crate::call::operation::sealed::Sealed {
    /// The method of the client: `create_order`.
    const NAME: &'static str;
    /// The path, below the host: `/api/v1/order/create`.
    const PATH: &'static str;
    /// Whether it changes nothing: then it is repeated, and fails, as a read.
    const READS: bool;
}

/// A call that has not been sent yet. Await it, or [`send`](Self::send) it.
///
/// It takes no idempotency key: the first API knows none, so that what may have been carried out is never
/// repeated.
///
/// ```compile_fail,E0599
/// # fn call(api: cashfree_pg::legacy::Client) {
/// let call = api.fetch_order("order_1").idempotency_key("key_1");
/// # }
/// ```
#[must_use = "a call does nothing until it is awaited"]
pub struct Call<O: Operation> {
    draft: Box<Draft>,
    operation: PhantomData<fn() -> O>,
}

impl<O: Operation> Call<O> {
    pub(super) fn new(cashfree: &Cashfree) -> Self {
        let info = CallInfo {
            operation: Cow::Borrowed(O::NAME),
            version: Cow::Borrowed("v1"),
            method: Method::POST,
            path: Cow::Borrowed(O::PATH),
            reads: O::READS,
            environment: cashfree.inner().environment.clone(),
        };
        let mut draft = Draft::new(cashfree.clone(), info, Takes::UNKNOWN);
        draft.dialect = Some(&Dialect { prepare, refusal });
        match cashfree.inner().credentials.merchant_pair() {
            Some((id, secret)) => {
                draft.text(APP_ID, id.to_owned());
                draft.text(SECRET_KEY, secret.to_owned());
            }
            None => {
                let rule = "must be a merchant's id and secret: the first API knows no others";
                draft.violations.push(Violation::new("credentials", rule));
            }
        }
        Self { draft, operation: PhantomData }
    }

    pub(super) fn with<T: Scalar>(mut self, member: &'static Member, value: T) -> Self {
        self.draft.in_form(member, value);
        self
    }

    /// A field that this crate has no method for, by its name on the wire.
    ///
    /// One that is given already is refused when the call is sent: which of the two is meant cannot be known.
    pub fn field(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) -> Self {
        self.draft.text(name, value.into());
        self
    }

    setters!(without_key draft);

    /// Sends the call and reads the answer.
    ///
    /// # Errors
    /// Any [`ErrorKind`](crate::ErrorKind) except a wrong configuration. An answer that says `ERROR` is
    /// [`Rejected`](crate::ErrorKind::Rejected), whatever its HTTP status.
    pub async fn send(self) -> Result<Response<Record>, Error> {
        runtime::send(self.draft).await
    }
}

impl<O: Operation + 'static> IntoFuture for Call<O> {
    type Output = Result<Response<Record>, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

impl<O: Operation> fmt::Debug for Call<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("info", &self.draft.info).finish_non_exhaustive()
    }
}

/// Checks everything and makes the request. It has none of the headers that today's API is told versions and
/// keys by, and no credentials in any.
fn prepare(draft: &Draft) -> Result<Prepared, Invalid> {
    let mut violations = draft.violations.clone();
    let mut names = Vec::new();
    for (name, _) in draft.texts() {
        if name.is_empty() {
            violations.push(Violation::new("field", "must have a name"));
        } else if names.contains(&name) {
            violations.push(Violation::new(name, "is given twice"));
        }
        names.push(name);
    }
    let request_id = draft.request_id_or_new();
    let mut headers = draft.cashfree.inner().common_headers.clone();
    match header_value(&request_id) {
        Ok(value) => drop(headers.insert(&REQUEST_ID, value)),
        Err(rule) => violations.push(Violation::new("request_id", rule)),
    }
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(FORM));
    if !violations.is_empty() {
        return Err(Invalid::new(violations));
    }
    let host = host(&draft.info.environment);
    let url = Url::parse(&format!("{host}{}", draft.info.path));
    let url = url.map_err(|_| Invalid::one("path", "does not make a URL"))?;
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(draft.texts()).finish();
    let body = Some(Bytes::from(body));
    Ok(Prepared { url, headers, body, request_id, idempotency_key: None, token: None })
}

/// The first API's sandbox has a host of its own.
fn host(environment: &Environment) -> &str {
    match environment {
        Environment::Production => "https://api.cashfree.com",
        Environment::Sandbox => "https://test.cashfree.com",
        Environment::Custom(url) => url.as_str().strip_suffix("/pg").unwrap_or(url.as_str()),
    }
}

fn refusal(draft: &Draft, status: StatusCode, body: &[u8]) -> Option<ApiError> {
    ApiError::of_first_api(status, body, &draft.hidden())
}
