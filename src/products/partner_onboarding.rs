//! Partner onboarding: the merchants whom a partner brings to Cashfree, their documents, and links to onboard.
//!
//! [`Client`] has a method per operation, and is made by
//! [`Cashfree::partner_onboarding`](crate::Cashfree::partner_onboarding). It takes
//! [`Credentials::partner_key`](crate::Credentials::partner_key).
//!
//! ```no_run
//! use cashfree_pg::{Cashfree, Credentials, Environment};
//!
//! # async fn run() -> Result<(), cashfree_pg::Error> {
//! let cashfree = Cashfree::builder()
//!     .environment(Environment::Sandbox)
//!     .credentials(Credentials::partner_key("partner key"))
//!     .build()?;
//! let merchant = cashfree.partner_onboarding().fetch_merchant("shop_1").await?;
//! println!("{merchant:?}");
//! # Ok(())
//! # }
//! ```

include!(concat!(env!("OUT_DIR"), "/partner_onboarding.rs"));
