//! A call from the argument to the answer, over real sockets: what is sent, what is repeated, and what each ending means.
#![cfg(feature = "client")]

#[cfg(feature = "registry")]
#[path = "../specs/mod.rs"]
mod specs;
#[path = "../support/mod.rs"]
mod support;

#[cfg(feature = "v2025-01-01")]
mod answers;
mod calls;
mod deadlines;
mod exactly_once;
mod faults;
mod flowwise;
#[cfg(feature = "legacy")]
mod legacy;
#[cfg(feature = "registry")]
mod operations;
#[cfg(all(feature = "v2022-09-01", feature = "v2023-08-01", feature = "v2025-01-01"))]
mod paginate;
#[cfg(feature = "__rustls")]
mod tls;
mod transport;
mod watched;
