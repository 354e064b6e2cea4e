//! Import payments (Collect from India): proof of what was bought for payments that leave the country, and their
//! settlements.
//!
//! [`Client`] has a method per operation, and is made by
//! [`Cashfree::import_payments`](crate::Cashfree::import_payments). It takes a merchant's credentials.
//!
//! ```no_run
//! # async fn run(cashfree: cashfree_pg::Cashfree) -> Result<(), cashfree_pg::Error> {
//! let settlement = cashfree.import_payments().fetch_import_settlement("order_1").await?;
//! println!("{settlement:?}");
//! # Ok(())
//! # }
//! ```

include!(concat!(env!("OUT_DIR"), "/import_payments.rs"));
