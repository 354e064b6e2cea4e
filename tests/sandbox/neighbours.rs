//! The SDK against the sandbox: every operation of the products beside the payments API, but virtual bank accounts,
//! which have a page of tests of their own.

use std::collections::BTreeSet;

use crate::shop::{Shop, handle};
use cashfree_pg::global_collections::types::{InvoiceRequest, SimulatePaymentRequest};
use cashfree_pg::import_payments::types::*;
use cashfree_pg::one_escrow::types::*;
use cashfree_pg::partner_onboarding::types::*;
use cashfree_pg::types::Amount;
use cashfree_pg::{Cashfree, Credentials, ErrorKind, Upload};

#[path = "../specs/mod.rs"]
mod specs;

const CREDENTIALS: [&str; 3] = ["TEST_PARTNER_MERCHANTID", "TEST_PARTNER_APIKEY", "TEST_BEARER_TOKEN"];

fn account(shop: &Shop, credentials: Credentials) -> Cashfree {
    handle(&shop.sandbox).credentials(credentials).build().expect("a handle")
}

fn rupees(whole: i64) -> Amount {
    Amount::from_rupees(whole)
}

async fn onboarding(shop: &Shop) {
    let api = account(shop, Credentials::partner_key(CREDENTIALS[1])).partner_onboarding();
    let lamps = CreateMerchantRequest::new(CreateMerchantRequired {
        merchant_id: "lamps_pune",
        merchant_email: "accounts@lamps.example.in",
        merchant_name: "Pune Lamp Works",
        poc_phone: "9876543210",
        merchant_site_url: "https://lamps.example.in",
    });
    let created = api.create_merchant(&lamps).await.unwrap();
    assert_eq!(created.onboarding_status.as_deref(), Some("MIN_KYC_PENDING"));
    let twice = api.create_merchant(&lamps).await.unwrap_err();
    assert_eq!((twice.kind(), twice.code()), (ErrorKind::Rejected, Some("merchant_already_exists")));
    api.update_merchant("lamps_pune", UpdateMerchantRequest::new().merchant_name("Lamps")).await.unwrap();
    let merchant = api.fetch_merchant("lamps_pune").await.unwrap();
    assert_eq!(merchant.merchant_name.as_deref(), Some("Lamps"));
    let pan = Upload::new("pan.pdf", "application/pdf", b"%PDF".to_vec()).unwrap();
    let kept = api.upload_merchant_document("lamps_pune").document_type("PAN").file(pan).await.unwrap();
    assert_eq!(kept.document_type.as_deref(), Some("PAN"));
    let link = OnboardingLinkRequest::new().return_url("https://platform.example.in/back");
    assert!(api.create_onboarding_link("lamps_pune", &link).await.unwrap().onboarding_link.is_some());
    assert!(
        api.create_standard_onboarding_link("lamps_pune", &link).await.unwrap().onboarding_link.is_some()
    );
    let nobody = api.create_onboarding_link("nobody", &link).await.unwrap_err();
    assert_eq!(nobody.code(), Some("merchant_not_found"));
}

async fn payments_from_abroad(shop: &Shop) {
    let api =
        account(shop, Credentials::partner_merchant(CREDENTIALS[0], CREDENTIALS[1])).global_collections();
    let token = api.fetch_token().await.unwrap();
    assert!(token.data.as_ref().unwrap().token.is_some());
    assert!(api.verify_token().await.unwrap().expiry.is_some());
    let accounts = api.fetch_virtual_accounts().currency("USD").await.unwrap();
    let accounts = accounts.data.as_ref().unwrap().v_accounts.as_ref().unwrap();
    let [dollars] = accounts.as_slice() else { panic!("{accounts:?}") };
    let number = dollars.account_number.clone().unwrap();

    let pay = |currency: &str, sum| {
        SimulatePaymentRequest::new(number.clone(), rupees(sum), currency, "COLLECT", "000987654321")
    };
    let wrong = api.simulate_payment(pay("EUR", 1)).await.unwrap_err();
    assert_eq!(wrong.code(), Some("currency_invalid"));
    for sum in [1250, 80] {
        api.simulate_payment(pay("USD", sum)).await.unwrap();
    }
    let page = api.fetch_payments("2000-01-01", "2100-01-01", 0i64, 1).await.unwrap();
    let first = page.data.as_ref().unwrap().payments.as_ref().unwrap()[0].clone();
    assert_eq!(first.amount, Some(rupees(1250)));
    assert_eq!(first.status.as_deref(), Some("AWAITING_DETAILS"));
    let reference = first.reference_id.unwrap();
    let rest = api.fetch_payments("2000-01-01", "2100-01-01", reference.clone(), 10).await.unwrap();
    let rest = rest.data.as_ref().unwrap().payments.as_ref().unwrap().clone();
    assert_eq!(rest.iter().filter_map(|payment| payment.amount).collect::<Vec<_>>(), [rupees(80)]);

    let invoice = InvoiceRequest::new("2026-14", rupees(1250), "%PDF", "Lone Star Design LLC");
    let stored = api.add_invoice(reference, invoice).await.unwrap();
    assert_eq!(stored.status.as_deref(), Some("IN_REVIEW"));
    let page = api.fetch_payments("2000-01-01", "2100-01-01", 0i64, 1).await.unwrap();
    let status = page.data.as_ref().unwrap().payments.as_ref().unwrap()[0].status.clone();
    assert_eq!(status.as_deref(), Some("COLLECTED"));
}

async fn escrow(shop: &Shop) {
    let api = account(shop, Credentials::bearer(CREDENTIALS[2])).one_escrow();
    let mut sources = Vec::new();
    for name in ["Orders", "Deposits"] {
        let created = api.create_virtual_account(CreateVirtualAccountRequest::new(name)).await.unwrap();
        sources.push(created.data.as_ref().unwrap().payment_instrument_id.clone().unwrap());
    }
    let [orders, deposits] = sources.as_slice() else { panic!("{sources:?}") };
    let recharge = RechargeRequest::new(rupees(1_000), orders).recharge_id("recharge_1");
    api.recharge_connected_wallet(&recharge).await.unwrap();
    let twice = api.recharge_connected_wallet(&recharge).await.unwrap_err();
    assert_eq!(twice.code(), Some("rechargeId_invalid"), "a reference comes once");
    let debit = |sum| DebitRequest::new(rupees(sum), orders).remarks("Milestone 2");
    let much = api.debit_connected_wallet(debit(1_001)).await.unwrap_err();
    assert_eq!((much.kind(), much.code()), (ErrorKind::Rejected, Some("insufficient_balance")));
    api.debit_connected_wallet(debit(250)).await.unwrap();
    let move_on = InternalTransferRequest::new(rupees(300), deposits, orders);
    let moved = api.transfer_between_fund_sources(move_on.transfer_id("move_1")).await.unwrap();
    assert_eq!(moved.data.as_ref().unwrap().transfer_id.as_deref(), Some("move_1"));
    for (source, balance) in [(orders, 450), (deposits, 300)] {
        let source = api.fetch_fund_source(source.as_str()).await.unwrap();
        assert_eq!(source.data.as_ref().unwrap().balance, Some(rupees(balance)));
    }

    let (mut closing, mut cursor) = (Vec::new(), None);
    loop {
        let mut page =
            api.fetch_account_statement(0, 4_000_000_000_i64).payment_instrument_id(orders.as_str()).limit(2);
        if let Some(cursor) = cursor.take() {
            page = page.cursor(cursor);
        }
        let page = page.await.unwrap().into_inner();
        closing.extend(page.batches.unwrap().into_iter().filter_map(|row| row.closing_balance));
        if page.has_next != Some(true) {
            break;
        }
        cursor = page.next_cursor;
    }
    assert_eq!(closing, [1_000, 750, 450].map(rupees));
    let friend = WhitelistBankAccountRequest::new(WhitelistBankAccountRequired {
        name: "Asha Rao",
        bank_account: "000123456789",
        ifsc: "HDFC0000123",
        payment_instrument_id: orders.as_str(),
    });
    api.whitelist_bank_account(friend).await.unwrap();
}

/// What is not imitated answers an example, which says so.
async fn examples(shop: &Shop) {
    let imports = shop.cashfree.import_payments();
    imports.fetch_payment_verification(5_114_920_037_i64).await.unwrap();
    imports.fetch_import_settlement("order_1").await.unwrap();
    let proof = Upload::new("invoice.pdf", "application/pdf", b"%PDF".to_vec()).unwrap();
    imports.upload_payment_verification_documents(5_114_920_037_i64).file("INVOICE", proof).await.unwrap();
    let february = ImportReconFilter::new().start_date("2026-02-01").end_date("2026-02-28");
    let request = ImportReconRequest::new(february, ImportReconPagination::new().limit(50));
    imports.fetch_import_settlement_recon("2026-02-01", "2026-02-28", request).await.unwrap();
    let bill = shop.cashfree.bbps().fetch_bill_payment_status("CF01604210193000").await.unwrap();
    assert_eq!(bill.meta().header("x-sandbox-example"), Some("true"));
}

#[tokio::test]
async fn every_operation_beside_the_payments_api_is_served() {
    let shop = Shop::open().await;
    onboarding(&shop).await;
    payments_from_abroad(&shop).await;
    escrow(&shop).await;
    examples(&shop).await;
    let requests = shop.sandbox.requests();
    let done = requests.iter().filter(|one| one.status.is_some_and(|status| (200..300).contains(&status)));
    let done: BTreeSet<&str> = done.map(|one| one.operation.as_str()).collect();
    for spec in specs::ALL.iter().filter(|spec| spec.is_product() && spec.version != "virtual-bank-accounts")
    {
        for operation in spec.operations() {
            assert!(done.contains(operation.id()), "{} {}", spec.version, operation.id());
        }
    }
    assert!(done.len() >= 24, "{done:?}");
}
