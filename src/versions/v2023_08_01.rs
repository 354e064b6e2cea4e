//! Cashfree's API, version 2023-08-01: the first with subscriptions, disputes and vendors.
//!
//! [`Client`] has a method per operation, [`types`] what they take and answer, and [`webhook`] the payloads of
//! events whose endpoint is set to this version. A client is made by
//! [`Cashfree::v2023_08_01`](crate::Cashfree::v2023_08_01).
//!
//! ```no_run
//! # async fn run(cashfree: cashfree_pg::Cashfree) -> Result<(), cashfree_pg::Error> {
//! let api = cashfree.v2023_08_01();
//! // A page of entries in this version; one settlement in the others.
//! let settlements = api.fetch_order_settlement("order_1").await?;
//! for entry in settlements.data.iter().flatten() {
//!     println!("{:?} {:?} settled", entry.event_type, entry.event_settlement_amount);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # What is different
//! Against 2022-09-01:
//! - **Ids of Cashfree's own are strings on the wire**, `cf_order_id` and `cf_payment_id` among them. Some
//!   numbers are left, and bodies of either form are read: see [`Id`](crate::types::Id).
//! - **An order has no links**: its members `payments`, `settlements` and `refunds` are gone. Ask
//!   `fetch_order_payments`, `fetch_order_settlement` and `fetch_order_refunds`.
//! - **New**: subscriptions and plans, disputes, vendors (Easy Split), extended order data, simulated payments,
//!   `create_customer` and `terminate_order`.
//! - `order_splits[].vendor_id` and `refund_splits[].vendor_id` are required.
//! - Percentages and amounts of offers are numbers on the wire, where they were texts.
//!
//! Against both neighbours:
//! - **The settlement of an order is a page**: `fetch_order_settlement` answers `cursor`, `limit` and a list
//!   `data`. (`fetch_settlements` answers a page in every version.)
//! - `fetch_partner_qr_codes` and `create_partner_qr_codes` are in this version only.
//! - `simulate_payment` also takes virtual bank accounts (`vba_simulation`).
//!
//! In webhooks:
//! - `cf_payment_id` of a payment event is a string; refund and dispute events still write it as a number.
//! - A failed payment's `error_details` also has the bank's own words, in members that end in `_raw`.
//! - Of subscription events, `authorization_details` is in camel case and its `payment_method` is a text.
//! - No delivery carries an idempotency key: [`Event::dedupe_key`](crate::webhook::Event::dedupe_key) is made
//!   from the body.
//!
//! Every difference to its neighbours is listed in the guide: `guide::from_2022_09_01_to_2023_08_01` and
//! `guide::from_2023_08_01_to_2025_01_01`.

include!(concat!(env!("OUT_DIR"), "/v2023_08_01.rs"));
