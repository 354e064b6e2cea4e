//! A local Cashfree over HTTP, to develop and test against: from Rust as a library, from anywhere as a
//! program.
//!
//! It serves every operation of every API version in `openapi/`, keeps the state of what has a life, lets time
//! pass, checks credentials and bodies, answers errors in Cashfree's shape, replays idempotent requests, limits
//! rates, delivers signed webhooks and goes wrong on request.
//!
//! ```
//! # #[tokio::main] async fn main() -> std::io::Result<()> {
//! use cashfree_sandbox::{Fault, FaultKind, Sandbox};
//!
//! let sandbox = Sandbox::builder().webhook_url("http://127.0.0.1:9000/hook").seed(7).start().await?;
//! println!("{} as {}", sandbox.base_url(), sandbox.client_id());
//!
//! // The next order is created, but its answer never arrives.
//! sandbox.inject(Fault::new(FaultKind::ResetAfter).operation("PGCreateOrder"));
//! # Ok(()) }
//! ```
//!
//! Which values decide what becomes of a payment: [`test_values`].

/// The README's Rust runs as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod builder;
mod gateway;
mod http;
mod sandbox;
mod spec;
mod webhook;
mod world;

pub use builder::Builder;
pub use gateway::Credentials;
pub use gateway::config::Happening;
pub use gateway::faults::{Fault, FaultKind};
pub use gateway::log::RequestRecord;
pub use sandbox::Sandbox;
pub use webhook::Delivery;
pub use webhook::endpoint::Endpoint;
pub use webhook::sign::{sign, verify};
pub use world::clock::Clock;

/// The API versions a sandbox serves, oldest first.
pub fn versions() -> impl Iterator<Item = &'static str> {
    spec::versions()
}

/// The event types of an API version; none for a version that is not served.
pub fn event_types(version: &str) -> impl Iterator<Item = &'static str> {
    spec::find(version).into_iter().flat_map(|spec| spec.events().map(|(name, _)| name.as_str()))
}

/// The operations of an API version by their ids, and whether each is imitated; the others answer an example
/// made from their schema, marked by the header `x-sandbox-example`.
pub fn operations(version: &str) -> impl Iterator<Item = (&'static str, bool)> {
    let spec = spec::document(version).into_iter();
    spec.flat_map(|spec| spec.operations.iter().map(|one| (one.id.as_str(), world::World::imitates(&one.id))))
}

/// UPI ids, cards and other values that decide an outcome, as a Markdown table.
#[must_use]
pub fn test_values() -> String {
    world::values::table()
}
