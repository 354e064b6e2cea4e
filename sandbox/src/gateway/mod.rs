//! What every call has in common, in the order it happens: version, route, credentials, rate limit, faults,
//! idempotency, validation; then the world; then the shape of the answer.

mod apply;
mod auth;
mod body;
pub(crate) mod config;
mod engine;
pub(crate) mod faults;
mod idempotency;
pub(crate) mod input;
mod journal;
mod limits;
pub(crate) mod log;
mod pipeline;
pub(crate) mod problem;
pub(crate) mod reply;

pub use auth::Credentials;
pub(crate) use engine::Engine;
