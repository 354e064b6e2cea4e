//! What a call comes to: an answer with its metadata, or an error that says what to do next.

pub(crate) mod api_error;
pub(crate) mod cause;
pub(crate) mod error;
#[cfg(feature = "test-util")]
pub(crate) mod fake;
pub(crate) mod kind;
pub(crate) mod meta;
pub(crate) mod raw;
pub(crate) mod response;
