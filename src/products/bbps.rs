//! BBPS, the Bharat Bill Payment System: what became of the payment of a bill.
//!
//! [`Client`] has a method per operation, and is made by [`Cashfree::bbps`](crate::Cashfree::bbps). No credentials are
//! published for it, and none are sent, although it answers 401. Where yours asks for some, make the request with
//! [`Cashfree::request`](crate::Cashfree::request), by a client whose
//! [`Environment::custom`](crate::Environment::custom) is the host without `/pg`.
//!
//! ```no_run
//! # async fn run(cashfree: cashfree_pg::Cashfree) -> Result<(), cashfree_pg::Error> {
//! let status = cashfree.bbps().fetch_bill_payment_status("bbps_1").await?;
//! println!("{status:?}");
//! # Ok(())
//! # }
//! ```

include!(concat!(env!("OUT_DIR"), "/bbps.rs"));
