//! Global Collections: accounts abroad that customers of an Indian exporter pay into.
//!
//! [`Client`] has a method per operation, and is made by
//! [`Cashfree::global_collections`](crate::Cashfree::global_collections). A partner calls it, with
//! [`Credentials::partner_merchant`](crate::Credentials::partner_merchant): every operation takes a bearer token, which
//! the client fetches with those, keeps, and renews before it ends. Calls share it.
//!
//! ```no_run
//! use cashfree_pg::{Cashfree, Credentials, Environment};
//!
//! # async fn run() -> Result<(), cashfree_pg::Error> {
//! let cashfree = Cashfree::builder()
//!     .environment(Environment::Production)
//!     .credentials(Credentials::partner_merchant("CF_MERCHANT", "partner key"))
//!     .build()?;
//! let accounts = cashfree.global_collections().fetch_virtual_accounts().await?;
//! println!("{accounts:?}");
//! # Ok(())
//! # }
//! ```

include!(concat!(env!("OUT_DIR"), "/global_collections.rs"));
