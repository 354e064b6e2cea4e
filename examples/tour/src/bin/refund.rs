//! Refunds: in parts, never more than was paid, and never twice by one id.
//!
//! ```sh
//! cargo run -p tour --bin refund
//! ```

use anyhow::{Result, ensure};
use cashfree_pg::ErrorKind;
use cashfree_pg::types::Amount;
use cashfree_pg::v2025_01_01::types::CreateRefundRequest;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let (_sandbox, cashfree) = tour::open().await?;
    let api = cashfree.v2025_01_01();
    tour::paid_order(&api, "order_1", "499.50".parse()?).await?;

    // The id of the refund is yours. Store it before you send: by it you find the refund again.
    let request = CreateRefundRequest::new(Amount::from_paise(9_925), "refund_1").refund_note("one ticket");
    let refund = api.create_order_refund("order_1", &request).await?;
    println!("{} of {} rupees is {}", refund.refund_id()?, refund.refund_amount()?, refund.refund_status()?);

    let too_much = CreateRefundRequest::new("400.26".parse::<Amount>()?, "refund_2");
    let error = api.create_order_refund("order_1", &too_much).await.err();
    ensure!(error.as_ref().is_some_and(|error| error.kind() == ErrorKind::Rejected), "{error:?}");
    println!("one paisa too much: {:?}", error.and_then(|error| error.code().map(str::to_owned)));

    let refunds = api.fetch_order_refunds("order_1").await?;
    let sum: Amount = refunds.iter().filter_map(|refund| refund.refund_amount).sum();
    ensure!(sum == Amount::from_paise(9_925), "{sum}");
    println!("{sum} rupees went back");
    Ok(())
}
