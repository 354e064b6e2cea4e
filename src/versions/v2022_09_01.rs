//! Cashfree's API, version 2022-09-01: the smallest, for integrations that already speak it.
//!
//! [`Client`] has a method per operation, [`types`] what they take and answer, and [`webhook`] the payloads of
//! events whose endpoint is set to this version. A client is made by
//! [`Cashfree::v2022_09_01`](crate::Cashfree::v2022_09_01).
//!
//! ```no_run
//! use cashfree_pg::v2022_09_01::types::PaymentMethod;
//!
//! # async fn run(cashfree: cashfree_pg::Cashfree) -> Result<(), cashfree_pg::Error> {
//! let api = cashfree.v2022_09_01();
//! for payment in api.fetch_order_payments("order_1").await?.iter() {
//!     // `885473311` on the wire, and a string here: see below.
//!     let id = payment.cf_payment_id()?;
//!     match &payment.payment_method {
//!         Some(PaymentMethod::Upi(upi)) => println!("{id} by UPI, {:?}", upi.channel),
//!         other => println!("{id} by {:?}", other.as_ref().and_then(PaymentMethod::key)),
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # What is different
//! - **Ids of Cashfree's own are numbers on the wire**: `cf_order_id`, `cf_payment_id`, `cf_link_id`,
//!   `cf_settlement_id` and others. They are an [`Id`](crate::types::Id) here as in every version, which reads
//!   numbers and strings alike and is written as the number that this version declares.
//! - **An order has links**: `payments`, `settlements` and `refunds` of an order each hold a `url`. 2023-08-01
//!   has dropped them; the methods `fetch_order_payments`, `fetch_order_settlement` and `fetch_order_refunds`
//!   ask for the same in all versions.
//! - **The settlement of an order is one object**, as in 2025-01-01 but not in 2023-08-01.
//! - **Fewer operations**: none for subscriptions, disputes, vendors (Easy Split) or simulations; customers have
//!   saved instruments but cannot be created, and orders cannot be terminated. For such a call, take the client
//!   of a newer version beside this one.
//! - **Percentages and amounts of offers are texts on the wire**, such as `discount_value`.
//!
//! In webhooks:
//! - `data.payment` of a payment event also has `order_id`, `order_amount`, `is_captured`, `authorization` and
//!   `payment_completion_time`; its `cf_payment_id` is a number.
//! - `data.refund` has `refund_charge` and `refund_mode`, where 2025-01-01 has the speeds, charges and taxes.
//! - No delivery carries an idempotency key: [`Event::dedupe_key`](crate::webhook::Event::dedupe_key) is made
//!   from the body.
//!
//! Every difference to the next version is listed in the guide: `guide::from_2022_09_01_to_2023_08_01`.

include!(concat!(env!("OUT_DIR"), "/v2022_09_01.rs"));
