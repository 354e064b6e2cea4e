//! A call, from its arguments to the end of its last attempt.
//!
//! [`operation`] and [`untyped`] are what users hold; both fill a [`request::Draft`]. [`runtime`] sends it, as often as
//! [`judge`] and [`retry`] say.

mod arguments;
mod course;
pub(crate) mod info;
pub(crate) mod judge;
pub(crate) mod limit;
pub(crate) mod multipart;
pub(crate) mod observe;
pub(crate) mod operation;
pub(crate) mod pages;
pub(crate) mod prepared;
pub(crate) mod request;
pub(crate) mod retry;
pub(crate) mod runtime;
pub(crate) mod transport;
pub(crate) mod untyped;
