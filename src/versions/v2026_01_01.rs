//! Cashfree's API, version 2026-01-01: the newest.
//!
//! [`Client`] has a method per operation, [`types`] what they take and answer, and [`webhook`] the payloads of
//! events whose endpoint is set to this version. A client is made by
//! [`Cashfree::v2026_01_01`](crate::Cashfree::v2026_01_01).
//!
//! Cashfree's newest SDKs speak this version. What it publishes of it says less of what values and limits are
//! than for 2025-01-01, which is therefore the default feature: choose this one for what it has alone.
//!
//! ```no_run
//! use cashfree_pg::v2026_01_01::types::{UpdateRefundRequest, UpdateRefundStatus};
//!
//! # async fn run(cashfree: cashfree_pg::Cashfree) -> Result<(), Box<dyn std::error::Error>> {
//! let api = cashfree.v2026_01_01();
//! for incident in api.fetch_downtimes().send().await?.incidents.iter().flatten() {
//!     println!("{:?}: {:?}", incident.incident_status, incident.incident_message);
//! }
//! // A refund that has not been processed yet can be taken back.
//! let cancel = UpdateRefundRequest::new(UpdateRefundStatus::Cancelled);
//! let refund = api.update_order_refund("order_1", "refund_1", &cancel).await?;
//! println!("{:?}", refund.refund_status);
//! # Ok(())
//! # }
//! ```
//!
//! # What is different
//! Against 2025-01-01:
//! - **New**: downtimes of banks and networks (`fetch_downtimes`, `fetch_downtime`), the issuer of a card
//!   (`fetch_card_bin`), taking a refund back (`update_order_refund`), payments that were authenticated
//!   elsewhere (`authorize_order_payment`), simulated settlements (`simulate_settlement`,
//!   `fetch_settlement_simulation`), all payments of terminals (`fetch_terminal_payments`), and a summary of a
//!   subscription payment that came back (`generate_return_summary`).
//! - **A row of a reconciliation has groups** (`event_details`, `order_details`, `payment_details` and more),
//!   where it was one flat object: `fetch_recon` as `fetch_settlement_recon`.
//! - An order may allow or deny offers (`offer_filters`) and filter EMI cards apart from others
//!   (`card_emi_bins`, `card_emi_tenure` and more); the filters of cards are lists.
//! - A vendor has one bank account, one UPI id and one set of KYC details, where it had lists of them; none of a
//!   vendor's members is required to update it.
//! - A link needs no `link_id` any more, and may sell a subscription.
//! - `refund_splits` have amounts and no percentages. `payment_surcharge` of `pay_order` and `card_alias` are
//!   gone.
//!
//! The webhooks are those of 2025-01-01.
//!
//! Every difference is listed in the guide: `guide::from_2025_01_01_to_2026_01_01`.

include!(concat!(env!("OUT_DIR"), "/v2026_01_01.rs"));
