//! A worker that finds out what became of a refund whose answer was lost.
//!
//! ```sh
//! cargo run -p tour --bin poll-unknown
//! ```

use std::time::Duration;

use anyhow::{Result, bail, ensure};
use cashfree_pg::codes::ErrorCode;
use cashfree_pg::types::Amount;
use cashfree_pg::v2025_01_01::Client;
use cashfree_pg::v2025_01_01::types::{CreateRefundRequest, RefundStatus};
use cashfree_pg::{ErrorKind, RetryPolicy};
use cashfree_sandbox::{Fault, FaultKind};

/// What a worker does with each refund in its table of open questions.
async fn settle(api: &Client, order_id: &str, refund_id: &str) -> Result<Option<RefundStatus>> {
    for wait in [1, 2, 4, 8, 16].map(|tenths| Duration::from_millis(100 * tenths)) {
        match api.fetch_order_refund(order_id, refund_id).await {
            Ok(refund) if refund.is_final() => return Ok(refund.refund_status.clone()),
            Ok(_) => {} // pending: it was carried out, and is on its way
            // It never arrived. The same id and key may be sent again.
            Err(error) => match error.code().and_then(ErrorCode::by_code) {
                Some(ErrorCode::RefundGetNotFound) => return Ok(None),
                _ if error.is_retryable() => {}
                _ => return Err(error.into()),
            },
        }
        tokio::time::sleep(wait).await;
    }
    bail!("{refund_id} is still open: a person looks at it");
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let (sandbox, cashfree) = tour::open().await?;
    let api = cashfree.v2025_01_01();
    tour::paid_order(&api, "order_1", Amount::from_rupees(100)).await?;

    // The connection breaks after the refund was made, or before; these calls do not try again.
    for (lost, refund_id, expected) in [
        (FaultKind::ResetAfter, "refund_1", Some(RefundStatus::Success)),
        (FaultKind::ResetBefore, "refund_2", None),
    ] {
        sandbox.inject(Fault::new(lost).operation("PGOrderCreateRefund"));
        let request = CreateRefundRequest::new(Amount::from_rupees(40), refund_id);
        let call =
            api.create_order_refund("order_1", request).idempotency_key(format!("order_1_{refund_id}"));
        let Err(error) = call.retry(RetryPolicy::off()).await else { bail!("the answer came") };
        ensure!(error.kind() == ErrorKind::OutcomeUnknown, "{error}");
        println!("{error}");

        let status = settle(&api, "order_1", refund_id).await?;
        ensure!(status == expected, "{status:?}");
        println!("carried out: {status:?}");
    }
    Ok(())
}
