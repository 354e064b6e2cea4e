//! One call of one operation, from its typed arguments to its typed answer.
//!
//! Generated code only fills in an [`OperationInfo`] and the parts of a request; everything that
//! happens to a request is in `runtime`, once, for all operations of all versions.

use crate::types::Body;

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
    /// The path template, below the base URL: `/orders/{order_id}`.
    pub path: &'static str,
    /// The value of `x-api-version`.
    pub version: &'static str,
    /// Whether credentials are sent. Two payment operations take none: the payment session is theirs.
    pub credentials: bool,
}

/// An operation of one API version, as a type. Implemented by generated code.
pub trait Operation {
    /// What a successful answer's body is read into.
    type Output: Body;
    /// The facts of the operation.
    const INFO: OperationInfo;
}

/// A call that has not been sent yet.
#[derive(Debug)]
pub struct Call<O: Operation> {
    operation: std::marker::PhantomData<O>,
}
