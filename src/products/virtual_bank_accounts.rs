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
//! let tenant = VirtualAccountDetails::new("tenant_b204", "Sunrise Flats B204", "b204@flats.example.in", "9876543210");
//! let account = accounts.create_virtual_account(CreateVirtualAccountRequest::new(tenant)).await?;
//! println!("{:?}", account.virtual_account_details);
//! # Ok(())
//! # }
//! ```

include!(concat!(env!("OUT_DIR"), "/virtual_bank_accounts.rs"));
