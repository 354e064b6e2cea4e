//! Reconciliation: every money event of a month, page by page, as CSV.
//!
//! ```sh
//! cargo run -p tour --bin reconciliation > events.csv
//! ```

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use cashfree_pg::types::Amount;
use cashfree_pg::v2025_01_01::types::{
    CreateRefundRequest, FetchReconFilters, FetchReconRequest, Pagination,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let (sandbox, cashfree) = tour::open().await?;
    let api = cashfree.v2025_01_01();
    for number in 1..=12 {
        tour::paid_order(&api, &format!("order_{number}"), Amount::from_rupees(100)).await?;
    }
    api.create_order_refund("order_1", CreateRefundRequest::new(Amount::from_paise(2_550), "refund_1"))
        .await?;
    sandbox.advance(Duration::from_secs(2 * 24 * 60 * 60));

    let filters = FetchReconFilters::new("2020-01-01T00:00:00Z", "2090-01-01T00:00:00Z");
    let mut rows = api.fetch_recon(FetchReconRequest::new(Pagination::new(10), filters)).items();
    let mut csv = csv::Writer::from_writer(std::io::stdout());
    csv.write_record(["event", "entity", "order", "amount", "fee", "tax", "sign"])?;
    let mut balance = Amount::from_paise(0);
    while let Some(row) = rows.next().await {
        let row = row?;
        let amount = row.event_amount.context("every event has an amount")?;
        // Amounts have no sign of their own: CREDIT is money for you; DEBIT is money taken, or paid out to your bank.
        let sign = row.sale_type.as_deref().context("every event has a side")?;
        let after = match sign {
            "DEBIT" => balance.checked_sub(amount),
            _ => balance.checked_add(amount),
        };
        // Of a row without charges none are taken: here, and only here, is absent the same as nothing.
        let charges: Amount =
            [row.payment_service_charge, row.payment_service_tax].into_iter().flatten().sum();
        balance = after.and_then(|after| after.checked_sub(charges)).context("more money than there is")?;
        let text = |amount: Option<Amount>| amount.map(|amount| amount.to_string()).unwrap_or_default();
        csv.write_record([
            row.event_type.as_deref().unwrap_or_default(),
            row.entity.as_deref().unwrap_or_default(),
            row.order_id.as_deref().unwrap_or_default(),
            &amount.to_string(),
            &text(row.payment_service_charge),
            &text(row.payment_service_tax),
            sign,
        ])?;
    }
    csv.flush()?;
    eprintln!("{balance} rupees are not paid out yet");
    ensure!(balance.is_zero(), "{balance}");
    Ok(())
}
