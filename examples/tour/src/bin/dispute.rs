//! A dispute: found, answered with a file, and its end.
//!
//! ```sh
//! cargo run -p tour --bin dispute
//! ```

use anyhow::{Context, Result, ensure};
use cashfree_pg::types::Amount;
use cashfree_pg::{ErrorKind, Upload};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let (sandbox, cashfree) = tour::open().await?;
    let api = cashfree.v2025_01_01();
    let payment_id = tour::paid_order(&api, "order_1", Amount::from_rupees(2_500)).await?;
    // What a customer's bank does in life.
    let dispute_id = sandbox.open_dispute(&payment_id).context("a dispute")?;

    for dispute in api.fetch_order_disputes("order_1").await?.iter() {
        println!(
            "dispute {:?} over {:?} rupees: {:?}; answer by {:?}",
            dispute.dispute_id, dispute.dispute_amount, dispute.reason_description, dispute.respond_by
        );
    }
    let proof = Upload::new("receipt.pdf", "application/pdf", &b"%PDF-1.7 signed by the customer"[..])?;
    api.upload_dispute_document(&dispute_id, proof.clone(), "Delivery/Service Proof")
        .note("delivered")
        .await?;
    let dispute = api.fetch_dispute(&dispute_id).await?;
    println!("answered: {:?}", dispute.dispute_status);

    // Or give in: the money goes back to the customer, and there is no way back.
    api.accept_dispute(&dispute_id).await?;
    let late = api.upload_dispute_document(&dispute_id, proof, "Delivery/Service Proof").await.err();
    ensure!(late.is_some_and(|error| error.kind() == ErrorKind::Rejected), "it is closed");
    println!("closed: {:?}", api.fetch_dispute(&dispute_id).await?.dispute_status);
    Ok(())
}
