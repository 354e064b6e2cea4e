//! One Escrow: escrow accounts and wallets, their balances, movements, and the accounts that may be paid to.
//!
//! [`Client`] has a method per operation, and is made by [`Cashfree::one_escrow`](crate::Cashfree::one_escrow). It takes
//! [`Credentials::bearer`](crate::Credentials::bearer), a token that Cashfree gives you: how one is issued is not
//! published, so that this crate cannot fetch it. When it ends, go on with
//! [`Cashfree::with_credentials`](crate::Cashfree::with_credentials).
//!
//! ```no_run
//! use cashfree_pg::{Cashfree, Credentials, Environment};
//!
//! # async fn run(token: String) -> Result<(), cashfree_pg::Error> {
//! let cashfree = Cashfree::builder()
//!     .environment(Environment::Production)
//!     .credentials(Credentials::bearer(token))
//!     .build()?;
//! let source = cashfree.one_escrow().fetch_fund_source("fund_1").await?;
//! println!("{source:?}");
//! # Ok(())
//! # }
//! ```

include!(concat!(env!("OUT_DIR"), "/one_escrow.rs"));
