//! Cashfree Payments for Rust.

#[cfg(feature = "client")]
mod api_error;
#[cfg(feature = "client")]
mod builder;
#[cfg(feature = "client")]
mod client;
pub mod codes;
#[cfg(feature = "client")]
mod credentials;
#[cfg(feature = "client")]
mod environment;
#[cfg(feature = "client")]
mod error;
#[cfg(feature = "client")]
mod limit;
#[cfg(feature = "client")]
mod multipart;
#[cfg(feature = "client")]
mod observe;
#[cfg(feature = "client")]
mod operation;
#[cfg(feature = "client")]
mod paginate;
#[cfg(feature = "client")]
mod redact;
#[cfg(feature = "registry")]
#[doc(hidden)]
pub mod registry;
#[cfg(feature = "client")]
mod request;
#[cfg(feature = "client")]
mod response;
#[cfg(feature = "client")]
mod retry;
#[cfg(feature = "client")]
mod runtime;
#[cfg(feature = "client")]
mod tls;
pub mod types;
#[cfg(feature = "client")]
mod untyped;
#[cfg(feature = "client")]
mod version;
pub mod webhook;

#[cfg(feature = "client")]
pub use self::{
    api_error::ApiError,
    builder::CashfreeBuilder,
    client::Cashfree,
    credentials::{Credentials, Secret},
    environment::{BaseUrl, Environment},
    error::{Error, ErrorKind},
    limit::RateLimiter,
    multipart::Upload,
    observe::{AttemptReport, CallEnd, CallInfo, CallReport, Observer},
    operation::{Call, Operation, OperationInfo},
    paginate::{Items, Pages, Paginated},
    response::{RateLimit, Response, ResponseMeta},
    retry::RetryPolicy,
    tls::Tls,
    untyped::{RawJson, UntypedCall},
    version::ApiVersion,
};

// One module for each enabled API version, and `Cashfree::vYYYY_MM_DD()` for each: see build.rs.
#[cfg(feature = "generated")]
include!(concat!(env!("OUT_DIR"), "/versions.rs"));

#[cfg(feature = "client")]
pub use http::{Method, StatusCode};
