//! Easy split: a vendor with its documents, and a payment that is shared with it.
//!
//! ```sh
//! cargo run -p tour --bin easy-split
//! ```

use anyhow::{Result, ensure};
use cashfree_pg::Upload;
use cashfree_pg::types::Amount;
use cashfree_pg::v2025_01_01::types::{
    CreateVendorRequest, CreateVendorRequired, KycDetails, SplitOrderRequest, SplitShare,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let (_sandbox, cashfree) = tour::open().await?;
    let api = cashfree.v2025_01_01();

    // Five texts in a row are easy to swap: they go by name.
    let vendor = CreateVendorRequest::new(CreateVendorRequired {
        vendor_id: "vendor_1",
        name: "Asha Rao",
        email: "asha@example.com",
        phone: "9999999999",
        kyc_details: vec![KycDetails::new().account_type("BUSINESS").business_type("Lamps")],
    });
    api.create_vendor(vendor.status("ACTIVE")).await?;
    let pan = Upload::new("pan.pdf", "application/pdf", &b"%PDF-1.7 a card"[..])?;
    api.upload_vendor_document("vendor_1", pan).doc_type("PAN").doc_value("ABCDE1234F").await?;
    for document in api.fetch_vendor_documents("vendor_1").await?.documents.iter().flatten() {
        println!("document {:?}: {:?}", document.doc_type, document.status);
    }

    tour::paid_order(&api, "order_1", Amount::from_rupees(1_000)).await?;
    let share = SplitShare::new().vendor_id("vendor_1").amount(Amount::from_rupees(800));
    api.split_order("order_1", SplitOrderRequest::new([share])).await?;
    let balance = api.fetch_vendor_balance("vendor_1").await?;
    println!("the vendor has {:?} rupees to come", balance.vendor_unsettled);
    ensure!(balance.vendor_unsettled == Some(Amount::from_rupees(800)), "{balance:?}");
    Ok(())
}
