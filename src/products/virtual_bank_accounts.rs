//! Virtual bank accounts: account numbers of their own for customers, who are recognised by the number they pay to.
//!
//! [`Client`] has a method per operation, and is made by
//! [`Cashfree::virtual_bank_accounts`](crate::Cashfree::virtual_bank_accounts). It takes a merchant's credentials, and
//! its paths hang below the host of the environment, as those of every product do.
//!
//! ```no_run
//! use cashfree_pg::virtual_bank_accounts::types::{CreateVirtualAccountRequest, VirtualAccountDetails};
//!
//! # async fn run(cashfree: cashfree_pg::Cashfree) -> Result<(), Box<dyn std::error::Error>> {
//! let accounts = cashfree.virtual_bank_accounts();
//! let tenant = VirtualAccountDetails::new()
//!     .virtual_account_id("tenant_b204")
//!     .virtual_account_name("Sunrise Flats B204")
//!     .virtual_account_phone("9876543210");
//! let request = CreateVirtualAccountRequest::new().virtual_account_details(tenant);
//! let account = accounts.create_virtual_account(request).await?;
//! println!("{:?}", account.virtual_bank_accounts);
//! # Ok(())
//! # }
//! ```
//!
//! Whatever arrives is told by an `AMOUNT_COLLECTED` event, of the older kind that has its signature in the body:
//! [`Verifier::verify_legacy`](crate::webhook::Verifier::verify_legacy). [`webhook::Payload`] reads it.

include!(concat!(env!("OUT_DIR"), "/virtual_bank_accounts.rs"));
