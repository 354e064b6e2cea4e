//! One call of one operation, from its typed arguments to its typed answer.
//!
//! Generated code only fills in an [`OperationInfo`] and the parts of a request; everything that
//! happens to a request is in `runtime`, once, for all operations of all versions.

use std::{
    borrow::Cow,
    fmt,
    future::{Future, IntoFuture},
    marker::PhantomData,
    pin::Pin,
};

use http::Method;

use crate::{
    client::Cashfree,
    credentials::AuthScheme,
    error::Error,
    multipart::Upload,
    observe::CallInfo,
    request::Draft,
    response::Response,
    runtime,
    types::Body,
    wire::{Member, Path, Scalar, check_span},
};

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
    pub(crate) fn call(&self, cashfree: &Cashfree, reads: bool) -> CallInfo {
        CallInfo {
            operation: Cow::Borrowed(self.name),
            version: Cow::Borrowed(self.version),
            // Only an empty or malformed name fails, and the specification has none.
            method: Method::from_bytes(self.method.as_bytes()).unwrap_or_default(),
            path: Cow::Borrowed(self.path),
            reads,
            environment: cashfree.inner().environment.clone(),
        }
    }
}

/// Only generated code implements [`Operation`], so that a new member of it breaks nobody.
///
/// ```compile_fail
/// use cashfree_pg::{Operation, OperationInfo};
///
/// struct Mine;
/// impl Operation for Mine {
///     type Output = cashfree_pg::RawJson;
///     const INFO: OperationInfo = panic!();
/// }
/// ```
pub(crate) mod sealed {
    pub trait Sealed {}
}

/// An operation of one API version, as a type. Implemented by generated code, and by nothing else.
pub trait Operation: sealed::Sealed {
    /// What a successful answer's body is read into.
    type Output: Body + Send + 'static;
    /// The facts of the operation.
    const INFO: OperationInfo;
    /// Whether it changes nothing although its method is not GET: then it is repeated, and fails, as a read.
    const READS: bool = false;
}

/// The settings of one call, which typed and untyped calls have in common.
macro_rules! setters {
    ($draft:tt) => {
        /// The idempotency key: visible ASCII, best a UUID. The same key with the same body is carried out once.
        ///
        /// POST and PATCH have a generated one where none is given. Give your own, and store it before you send, to
        /// be able to repeat a call safely after a crash. Where an operation knows no keys, which only some products
        /// have, the call is refused with one: it would guard nothing.
        #[doc(alias = "x_idempotency_key")]
        pub fn idempotency_key(mut self, key: impl Into<String>) -> Self {
            self.$draft.idempotency_key(key.into());
            self
        }

        crate::operation::setters!(without_key $draft);
    };
    (without_key $draft:tt) => {
        /// The request id, which Cashfree echoes: visible ASCII. Generated where none is given.
        #[doc(alias = "x_request_id")]
        pub fn request_id(mut self, id: impl Into<String>) -> Self {
            self.$draft.request_id(id.into());
            self
        }

        /// How long the whole call may take, waits and retries included, instead of the client's timeout; not
        /// zero. It counts until the last byte of the answer is there.
        pub fn timeout(mut self, timeout: std::time::Duration) -> Self {
            self.$draft.timeout = Some(timeout);
            self
        }

        /// How the call is repeated, instead of the client's policy.
        pub fn retry(mut self, policy: crate::RetryPolicy) -> Self {
            self.$draft.retry = Some(policy);
            self
        }
    };
}
pub(crate) use setters;

/// A call that has not been sent yet. Await it, or [`send`](Self::send) it.
///
/// Dropping the future that sends it ends the call, wherever it is: nothing goes on in the background.
/// A request that was already on its way may still be carried out.
#[must_use = "a call does nothing until it is awaited"]
pub struct Call<O: Operation> {
    pub(crate) draft: Draft,
    operation: PhantomData<fn() -> O>,
}

/// What [`IntoFuture`] gives: a future that can be named.
type Sending<T> = Pin<Box<dyn Future<Output = Result<Response<T>, Error>> + Send>>;

#[allow(dead_code)] // only generated code calls it
impl<O: Operation> Call<O> {
    pub(crate) fn new(cashfree: &Cashfree) -> Self {
        let info = O::INFO.call(cashfree, O::READS);
        Self { draft: Draft::new(cashfree.clone(), info, const { &O::INFO }.into()), operation: PhantomData }
    }
}

/// How arguments get into a request. Methods of the draft and not of the call: a call has the names of its
/// optional arguments for itself.
#[allow(dead_code)] // no version uses all of them
impl Draft {
    /// A value of the path.
    pub(crate) fn in_path<T: Scalar>(&mut self, member: &'static Member, value: T) {
        let text = self.checked(member, &value);
        self.path(member.name.into(), text);
    }

    /// A value that the path has and the form too.
    pub(crate) fn in_path_and_form<T: Scalar>(&mut self, member: &'static Member, value: T) {
        self.text(member.name, value.text());
        self.in_path(member, value);
    }

    /// A member of the query.
    pub(crate) fn in_query<T: Scalar>(&mut self, member: &'static Member, value: T) {
        let text = self.checked(member, &value);
        self.query(member.name.into(), text);
    }

    /// A member of the query that is there once for each value.
    pub(crate) fn each_in_query<T: Scalar>(&mut self, member: &'static Member, values: Vec<T>) {
        for text in self.all_checked(member, &values) {
            self.query(member.name.into(), text);
        }
    }

    /// A member of the query that holds all values, with commas.
    pub(crate) fn joined_in_query<T: Scalar>(&mut self, member: &'static Member, values: Vec<T>) {
        let text = self.all_checked(member, &values).join(",");
        self.query(member.name.into(), text);
    }

    /// A header.
    pub(crate) fn in_header<T: Scalar>(&mut self, member: &'static Member, value: T) {
        let text = self.checked(member, &value);
        self.header(member.name, &text);
    }

    /// A text of a form.
    pub(crate) fn in_form<T: Scalar>(&mut self, member: &'static Member, value: T) {
        let text = self.checked(member, &value);
        self.text(member.name, text);
    }

    /// A text of a form that is there once for each value.
    pub(crate) fn each_in_form<T: Scalar>(&mut self, member: &'static Member, values: Vec<T>) {
        for text in self.all_checked(member, &values) {
            self.text(member.name, text);
        }
    }

    /// Files of a form, all under one name.
    pub(crate) fn files(&mut self, name: &'static str, uploads: Vec<Upload>) {
        uploads.into_iter().for_each(|upload| self.file(name, upload));
    }

    /// The text of a value. A limit it breaks comes out of `send`.
    fn checked<T: Scalar>(&mut self, member: &'static Member, value: &T) -> String {
        value.check(member, &Path::Member(&Path::Root, member.name), &mut self.violations);
        value.text()
    }

    fn all_checked<T: Scalar>(&mut self, member: &'static Member, values: &[T]) -> Vec<String> {
        let path = Path::Member(&Path::Root, member.name);
        check_span(values.len(), member.count, "item", &path, &mut self.violations);
        let limits = member.of_items();
        for (index, value) in values.iter().enumerate() {
            value.check(&limits, &Path::Item(&path, index), &mut self.violations);
        }
        values.iter().map(Scalar::text).collect()
    }
}

impl<O: Operation> Call<O> {
    setters!(draft);

    /// Sends the call and reads the answer.
    ///
    /// # Errors
    /// Any [`ErrorKind`](crate::ErrorKind) except a wrong configuration.
    pub async fn send(self) -> Result<Response<O::Output>, Error> {
        runtime::send(self.draft).await
    }
}

impl<O: Operation + 'static> IntoFuture for Call<O> {
    type Output = Result<Response<O::Output>, Error>;
    type IntoFuture = Sending<O::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

impl<O: Operation> fmt::Debug for Call<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("info", &self.draft.info).finish_non_exhaustive()
    }
}
