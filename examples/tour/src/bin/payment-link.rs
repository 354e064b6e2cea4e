//! A payment link: made, read, and cancelled while nobody has paid.
//!
//! ```sh
//! cargo run -p tour --bin payment-link
//! ```

use anyhow::{Result, ensure};
use cashfree_pg::types::Amount;
use cashfree_pg::v2025_01_01::types::{CreateLinkRequest, LinkCustomerDetails};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let (_sandbox, cashfree) = tour::open().await?;
    let api = cashfree.v2025_01_01();

    let customer = LinkCustomerDetails::new("9999999999").customer_name("Asha Rao");
    let request = CreateLinkRequest::new("link_1", Amount::from_rupees(1_200), "INR", "two lamps", customer)
        .link_partial_payments(true)
        .link_minimum_partial_amount(Amount::from_rupees(200));
    // The id of the link is yours: sent again, it is refused and not made twice.
    let link = api.create_link(request).await?;
    println!("send the customer to {}", link.link_url.as_deref().unwrap_or("nowhere"));

    let link = api.fetch_link("link_1").await?;
    println!("{:?}: {:?} of {:?} rupees paid", link.link_status, link.link_amount_paid, link.link_amount);

    let cancelled = api.cancel_link("link_1").await?;
    ensure!(cancelled.link_status.as_deref() == Some("CANCELLED"), "{cancelled:?}");
    println!("cancelled: nobody can pay it any more");
    Ok(())
}
