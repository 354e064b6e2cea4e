//! One call of one operation, from its typed arguments to its typed answer.
//!
//! Generated code only fills in an [`OperationInfo`] and the parts of a request; everything that
//! happens to a request is in `runtime`, once, for all operations of all versions.

use std::{
    fmt,
    future::{Future, IntoFuture},
    marker::PhantomData,
    pin::Pin,
};

use crate::{
    account::handle::Cashfree,
    answer::{error::Error, response::Response},
    call::{info::OperationInfo, request::Draft, runtime},
    types::Body,
};

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

        crate::call::operation::setters!(without_key $draft);
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
    pub(crate) draft: Box<Draft>,
    operation: PhantomData<fn() -> O>,
}

/// What [`IntoFuture`] gives: a future that can be named.
type Sending<T> = Pin<Box<dyn Future<Output = Result<Response<T>, Error>> + Send>>;

#[allow(dead_code)] // only generated code calls it
impl<O: Operation> Call<O> {
    pub(crate) fn new(cashfree: &Cashfree) -> Self {
        let info = O::INFO.call(&cashfree.inner().environment, O::READS);
        Self { draft: Draft::new(cashfree.clone(), info, const { &O::INFO }.into()), operation: PhantomData }
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
