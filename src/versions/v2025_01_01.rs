//! Cashfree's API, version 2025-01-01: the best documented one, and the default feature.
//!
//! [`Client`] has a method per operation, [`types`] what they take and answer, and [`webhook`] the payloads of
//! events whose endpoint is set to this version. A client is made by
//! [`Cashfree::v2025_01_01`](crate::Cashfree::v2025_01_01).
//!
//! ```no_run
//! use cashfree_pg::types::Amount;
//! use cashfree_pg::v2025_01_01::types::{CreateRefundRequest, RefundSpeed, RefundStatus};
//!
//! # async fn run(cashfree: cashfree_pg::Cashfree) -> Result<(), Box<dyn std::error::Error>> {
//! let api = cashfree.v2025_01_01();
//! let request = CreateRefundRequest::new("99.25".parse::<Amount>()?, "refund_1").refund_speed(RefundSpeed::Instant);
//! let refund = api.create_order_refund("order_1", &request).await?;
//! match &refund.refund_status {
//!     Some(RefundStatus::Success) => println!("paid back, reference {:?}", refund.refund_arn),
//!     other => println!("not yet: {other:?}"),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # What is different
//! Against 2023-08-01:
//! - **The settlement of an order is one object again**, with charges of foreign currency besides.
//! - **An entry of a settlement's reconciliation has groups** (`event_details`, `order_details`,
//!   `payment_details`, `settlement_details`, `refund_details` and more), where it was one flat object.
//! - **New**: `create_par`; `products` and payment method filters of an order; billing addresses of a card;
//!   `international_payment`, `payment_surcharge` and gateway details of a payment; foreign exchange charges of
//!   refunds and settlements.
//! - `refund_mode` is a text, where it was an enumeration; `link_meta.upi_intent` is a text, where it was a
//!   boolean. `create_vendor_adjustment` needs an `adjustment_id`.
//! - The published `payment_method` of `create_subscription_payment` has lost the keys that tell its kinds
//!   apart. Here it has them, as in 2023-08-01: `{"upi": {…}}`.
//! - `fetch_partner_qr_codes`, `create_partner_qr_codes` and the simulation of virtual bank accounts are gone.
//!
//! In webhooks:
//! - Deliveries carry an idempotency key, which [`Event::dedupe_key`](crate::webhook::Event::dedupe_key) gives.
//! - A UPI payment says which account paid (`upi_payer_ifsc`, `upi_payer_account_number`); a payment has
//!   `international_payment` and `payment_surcharge`. An EMI on a card comes under `card`, with `emi_details`.
//! - A refund has `requested_speed`, `processed_speed`, `service_charge` and `service_tax`, where it had
//!   `refund_mode` and `refund_charge`. Its ids, and the `cf_payment_id` of a dispute, are still
//!   numbers on the wire.
//! - Subscription events are in snake case, and their `payment_method` is an object. Only
//!   `SUBSCRIPTION_CARD_EXPIRY_REMINDER` is in camel case as before.
//!
//! Every difference is listed in the guide: `guide::from_2023_08_01_to_2025_01_01`.

include!(concat!(env!("OUT_DIR"), "/v2025_01_01.rs"));
