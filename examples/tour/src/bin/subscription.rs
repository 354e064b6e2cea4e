//! A subscription: a plan, a customer's mandate, a charge, and its end.
//!
//! ```sh
//! cargo run -p tour --bin subscription
//! ```

use anyhow::{Result, ensure};
use cashfree_pg::types::Amount;
use cashfree_pg::v2025_01_01::Client;
use cashfree_pg::v2025_01_01::types::{
    CreatePlanRequest, CreateSubscriptionPaymentRequest, CreateSubscriptionPlanDetails,
    CreateSubscriptionRequest, EntitySimulationRequest, ManageSubscriptionRequest, SimulateRequest,
    SimulatedEntity, SimulatedPaymentStatus, SubscriptionCustomerDetails,
};

/// What the customer and the bank do in life; only the sandbox can be told to.
async fn succeed(api: &Client, payment_id: &str) -> Result<()> {
    let outcome = EntitySimulationRequest::new(SimulatedPaymentStatus::Success);
    api.simulate_payment(SimulateRequest::new(SimulatedEntity::SubsPayments, payment_id, outcome)).await?;
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let (_sandbox, cashfree) = tour::open().await?;
    let api = cashfree.v2025_01_01();

    // No charge can be more than the plan's largest.
    api.create_plan(CreatePlanRequest::new("plan_1", "Tea club", "ON_DEMAND", Amount::from_rupees(500)))
        .await?;
    let customer = SubscriptionCustomerDetails::new("asha@example.com", "9999999999");
    let plan = CreateSubscriptionPlanDetails::new().plan_id("plan_1");
    api.create_subscription(CreateSubscriptionRequest::new("subscription_1", customer, plan)).await?;

    let payment = |id, kind| CreateSubscriptionPaymentRequest::new("subscription_1", id, kind);
    api.create_subscription_payment(payment("mandate_1", "AUTH").payment_amount(Amount::from_rupees(1)))
        .await?;
    succeed(&api, "mandate_1").await?;

    let march = payment("charge_march", "CHARGE").payment_amount(Amount::from_paise(34_900));
    api.create_subscription_payment(march).await?;
    succeed(&api, "charge_march").await?;
    for payment in api.fetch_subscription_payments("subscription_1").await?.iter() {
        println!(
            "{:?}: {:?} rupees, {:?}",
            payment.payment_id, payment.payment_amount, payment.payment_status
        );
    }

    let cancel = ManageSubscriptionRequest::new("subscription_1", "CANCEL");
    let subscription = api.manage_subscription("subscription_1", cancel).await?;
    ensure!(subscription.subscription_status.as_deref() == Some("CANCELLED"), "{subscription:?}");
    println!("cancelled: it is not charged again");
    Ok(())
}
