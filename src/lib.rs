//! Cashfree Payments for Rust.

#[cfg(feature = "client")]
mod client;
pub mod codes;
#[cfg(feature = "client")]
mod credentials;
#[cfg(feature = "client")]
mod error;
#[cfg(feature = "client")]
mod operation;
#[cfg(feature = "client")]
mod runtime;
pub mod types;
#[cfg(feature = "client")]
mod version;
pub mod webhook;

#[cfg(feature = "client")]
pub use operation::{Call, Operation, OperationInfo};
