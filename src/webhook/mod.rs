//! Webhooks: verify first, then read.
//!
//! A webhook endpoint is open to the world, and what comes in moves money. So nothing is believed before
//! its signature is checked, over the bytes as they came, in constant time, and within a few minutes of
//! its signing; and a delivery that is turned away is turned away with the exact reason.
//!
//! ```
//! use cashfree_pg::webhook::{Verifier, WebhookError};
//!
//! // Once, at the start. The secret is the account's client secret.
//! let verifier = Verifier::new("client secret");
//!
//! // For each delivery: the headers and the raw bytes.
//! fn handle(verifier: &Verifier, headers: &http::HeaderMap, body: &[u8]) -> Result<(), WebhookError> {
//!     let event = verifier.verify(headers, body)?;
//!     if event.is_final() && event.status() == Some("SUCCESS") {
//!         println!("{:?} paid for order {:?}", event.payment_id(), event.order_id());
//!     }
//!     Ok(())
//! }
//! # assert!(handle(&verifier, &http::HeaderMap::new(), b"{}").is_err());
//! ```
//!
//! # What a handler has to do
//! Answer with 200 within seconds, then work: Cashfree delivers again what is not acknowledged. Drop
//! duplicates by [`Event::dedupe_key`]. Expect events in any order, and several payments for one order.
//! Decide by [`Event::status`], not by the type alone.
//!
//! # What else is here
//! - [`Event::typed`] for the body as the types of its version, of those that are on.
//! - [`Verifier::verify_legacy`] for bodies that carry their own signature.
//! - [`Delivery`] and [`sign`] for tests.
//! - With the feature `axum`, `webhook::axum::Webhook` is an extractor.
//!
//! None of it needs the feature `client`, or any version; without a version no event is typed.

#[cfg(feature = "axum")]
pub mod axum;
mod body;
mod delivery;
mod error;
mod event;
mod headers;
mod legacy;
mod sign;
mod subject;
mod typed;
mod verify;

pub use delivery::{Delivery, DeliveryBuilder};
pub use error::WebhookError;
pub use event::Event;
pub use headers::SignedHeaders;
pub use legacy::LegacySigning;
pub use sign::sign;
pub use typed::AnyPayload;
pub use verify::{Verifier, VerifierBuilder, is_dashboard_test};
