//! Two API versions in one program: one handle, one pool of connections, and each version's own types.
//!
//! ```sh
//! cargo run -p tour --bin two-versions
//! ```

use anyhow::{Result, ensure};
use cashfree_pg::types::Amount;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let (sandbox, cashfree) = tour::open().await?;
    tour::paid_order(&cashfree.v2025_01_01(), "order_1", Amount::from_rupees(100)).await?;

    // What still speaks 2023-08-01 sees the same order, as that version describes it.
    let old = cashfree.v2023_08_01().fetch_order("order_1").await?;
    let new = cashfree.v2025_01_01().fetch_order("order_1").await?;
    println!("2023-08-01: {:?}, {:?} rupees", old.order_status, old.order_amount);
    println!("2025-01-01: {:?}, {:?} rupees", new.order_status, new.order_amount);
    ensure!(old.order_amount == new.order_amount);

    let asked: Vec<_> = sandbox.requests().into_iter().map(|request| request.version).collect();
    println!("versions that were asked for: {asked:?}");
    Ok(())
}
