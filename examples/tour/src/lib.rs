//! What the programs of the tour share: a sandbox in the process, a handle on it, and an order that is paid.
//!
//! In a program of yours the handle comes from `Cashfree::from_env()`, and the order from your shop.

use anyhow::Result;
use cashfree_pg::types::Amount;
use cashfree_pg::v2025_01_01::Client;
use cashfree_pg::v2025_01_01::types::{
    CreateOrderRequest, CustomerDetails, PayOrderRequest, Upi, UpiChannel,
};
use cashfree_pg::{Cashfree, Credentials, Environment};
use cashfree_sandbox::Sandbox;

/// A Cashfree of one's own, and a handle on it.
pub async fn open() -> Result<(Sandbox, Cashfree)> {
    let sandbox = Sandbox::start().await?;
    let cashfree = Cashfree::builder()
        .environment(Environment::custom(sandbox.base_url())?)
        .credentials(Credentials::merchant(sandbox.client_id(), sandbox.client_secret()))
        .build()?;
    Ok((sandbox, cashfree))
}

/// An order with this id that waits for its payment; gives the payment session.
pub async fn order(api: &Client, id: &str, amount: Amount) -> Result<String> {
    let customer = CustomerDetails::new("customer_1", "9999999999");
    let order = api.create_order(CreateOrderRequest::new(amount, "INR", customer).order_id(id)).await?;
    Ok(order.payment_session_id()?.to_owned())
}

/// An order with this id that is paid; gives the id of the payment.
pub async fn paid_order(api: &Client, id: &str, amount: Amount) -> Result<String> {
    let session = order(api, id, amount).await?;
    let upi = Upi::new(UpiChannel::Collect).upi_id("testsuccess@gocash");
    let payment = api.pay_order(PayOrderRequest::new(session, upi)).await?;
    Ok(payment.cf_payment_id()?.to_string())
}
