//! BBPS, the Bharat Bill Payment System: what became of the payment of a bill.
//!
//! [`Client`] has a method per operation, and is made by [`Cashfree::bbps`](crate::Cashfree::bbps). It takes a
//! merchant's credentials.
//!
//! ```no_run
//! # async fn run(cashfree: cashfree_pg::Cashfree) -> Result<(), cashfree_pg::Error> {
//! let status = cashfree.bbps().fetch_bill_payment_status("bbps_1").await?;
//! println!("{status:?}");
//! # Ok(())
//! # }
//! ```

include!(concat!(env!("OUT_DIR"), "/bbps.rs"));
