//! A partner: brings a merchant, sends it a link to finish its onboarding, and asks how far it is.
//!
//! ```sh
//! cargo run -p tour --bin partner
//! ```

use anyhow::{Result, ensure};
use cashfree_pg::Credentials;
use cashfree_pg::partner_onboarding::types::{
    CreateMerchantRequest, CreateMerchantRequired, OnboardingLinkRequest,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let (sandbox, cashfree) = tour::open().await?;
    // The same connections and policy, with the key of the partner.
    let key = sandbox.credentials().partner_apikey.clone();
    let partner = cashfree.with_credentials(Credentials::partner_key(key))?.partner_onboarding();

    let merchant = CreateMerchantRequest::new(CreateMerchantRequired {
        merchant_id: "shop_1",
        merchant_email: "asha@example.com",
        merchant_name: "Rao Lamps",
        poc_phone: "9999999999",
        merchant_site_url: "https://lamps.example",
    });
    // No idempotency key is known here: a call that may have been carried out is not repeated.
    partner.create_merchant(merchant).await?;
    let request = OnboardingLinkRequest::new().return_url("https://partner.example/merchants/shop_1");
    let link = partner.create_onboarding_link("shop_1", request).await?;
    ensure!(link.onboarding_link.is_some(), "{link:?}");
    println!(
        "the link opens until {:?}; it is not printed, as whoever has it is the merchant",
        link.expires_at
    );

    let merchant = partner.fetch_merchant("shop_1").await?;
    println!("{:?}: {:?}", merchant.merchant_name, merchant.onboarding_status);

    // On behalf of the merchant: orders and payments with the partner's key and the merchant's id.
    let credentials = sandbox.credentials();
    let behalf = Credentials::partner_merchant(&credentials.partner_merchantid, &*credentials.partner_apikey);
    let api = cashfree.with_credentials(behalf)?.v2025_01_01();
    tour::order(&api, "order_1", "99.00".parse()?).await?;
    println!("{:?}", api.fetch_order("order_1").await?.order_status);
    Ok(())
}
