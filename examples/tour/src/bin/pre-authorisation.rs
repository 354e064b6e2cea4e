//! Pre-authorisation: money is blocked first, and taken or given back later.
//!
//! ```sh
//! cargo run -p tour --bin pre-authorisation
//! ```

use anyhow::{Context, Result, ensure};
use cashfree_pg::types::Amount;
use cashfree_pg::v2025_01_01::Client;
use cashfree_pg::v2025_01_01::types::{
    CaptureOrVoidOrderAction, CaptureOrVoidOrderRequest, PayOrderRequest, Upi, UpiChannel,
};

/// Blocks 500 rupees for an order.
async fn block(api: &Client, order_id: &str) -> Result<()> {
    let session = tour::order(api, order_id, Amount::from_rupees(500)).await?;
    let upi = Upi::new(UpiChannel::Collect).upi_id("testsuccess@gocash").authorize_only(true);
    api.pay_order(PayOrderRequest::new(session, upi)).await?;
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let (_sandbox, cashfree) = tour::open().await?;
    let api = cashfree.v2025_01_01();

    block(&api, "order_1").await?;
    // Less than was blocked: the rest is free again.
    let capture = CaptureOrVoidOrderRequest::new()
        .action(CaptureOrVoidOrderAction::Capture)
        .amount(Amount::from_paise(42_050));
    let payment = api.capture_or_void_order("order_1", capture).await?;
    let captured = payment.authorization.as_ref().context("what became of it")?.captured_amount;
    ensure!(captured == Some(Amount::from_paise(42_050)), "{captured:?}");
    println!("taken: {captured:?}");

    block(&api, "order_2").await?;
    let void = CaptureOrVoidOrderRequest::new().action(CaptureOrVoidOrderAction::Void);
    let payment = api.capture_or_void_order("order_2", void).await?;
    println!("given back: the payment is {:?}", payment.payment_status);
    Ok(())
}
