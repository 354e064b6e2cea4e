//! Webhooks: verify first, then read.
//!
//! A webhook endpoint is open to the world, and what comes in moves money. So nothing is believed before
//! its signature is checked, over the bytes as they came, in constant time, and within a few minutes of
//! its signing; and a delivery that is turned away is turned away with the exact reason.
//!
//! ```
//! use cashfree_pg::webhook::{Subject, Verifier, WebhookError};
//!
//! // Once, at the start. The secret is the account's client secret.
//! let verifier = Verifier::new("client secret");
//!
//! // For each delivery: the headers and the raw bytes.
//! fn handle(verifier: &Verifier, headers: &http::HeaderMap, body: &[u8]) -> Result<(), WebhookError> {
//!     let event = verifier.verify(headers, body)?;
//!     match event.subject() {
//!         Subject::Payment(payment) if payment.is_success() => {
//!             println!("{:?} paid for order {:?}", payment.id(), payment.order_id());
//!         }
//!         Subject::Refund(refund) => println!("refund {:?} is {:?}", refund.id(), refund.status()),
//!         _ => {}
//!     }
//!     Ok(())
//! }
//! # assert!(handle(&verifier, &http::HeaderMap::new(), b"{}").is_err());
//! ```
//!
//! # What a handler has to do
//! Answer with 200 within seconds, then work: Cashfree delivers again what is not acknowledged. Drop
//! duplicates by [`Event::dedupe_key`]. Expect events in any order, and several payments for one order.
//! Decide by [`Event::subject`] and its status: neither the type nor the status alone says that money came in.
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
mod entity;
mod error;
mod event;
mod headers;
mod legacy;
mod lenient;
mod sign;
mod subject;
mod typed;
mod verify;

pub use delivery::{Delivery, DeliveryBuilder};
pub use entity::{Entity, Subject};
pub use error::WebhookError;
pub use event::Event;
pub use headers::SignedHeaders;
pub use legacy::LegacySigning;
pub use sign::sign;
pub use typed::AnyPayload;
pub use verify::{Verifier, VerifierBuilder, is_dashboard_test};
