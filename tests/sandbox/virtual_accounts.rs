//! The SDK against the sandbox: virtual bank accounts, and whatever else hangs below its host.

use crate::shop::{Shop, handle};
use cashfree_pg::ErrorKind;
use cashfree_pg::types::Amount;
use cashfree_pg::v2026_01_01::types::{
    SimulateRequest, SimulatedEntity, VirtualAccountSimulation, VirtualAccountSimulationRequired,
};
use cashfree_pg::virtual_bank_accounts::types::*;
use cashfree_pg::virtual_bank_accounts::webhook::Payload;
use cashfree_pg::webhook::{LegacySigning, Verifier};
use cashfree_pg::{Credentials, Error};

const REMITTER: &str = "000123456789";

fn tenant(id: &str) -> CreateVirtualAccountRequest {
    let details = VirtualAccountDetails::new()
        .virtual_account_id(id)
        .virtual_account_name("Sunrise Flats B204")
        .virtual_account_email("b204@flats.example.in")
        .virtual_account_phone("9876543210");
    CreateVirtualAccountRequest::new().virtual_account_details(details)
}

/// Somebody sends so many rupees to an account.
async fn send(shop: &Shop, account: &str, rupees: i64, utr: &str) -> Result<(), Error> {
    let transfer = VirtualAccountSimulation::new(VirtualAccountSimulationRequired {
        vba_ifsc: "YESB0CMSNOC",
        utr,
        amount: Amount::from_paise(rupees * 100),
        remitter_account: REMITTER,
        remitter_ifsc: "HDFC0000123",
        remitter_name: "Asha Rao",
        phone: "9876543210",
    });
    let request = SimulateRequest::new(SimulatedEntity::VbaTransfer, account).vba_simulation(transfer);
    shop.cashfree.v2026_01_01().simulate_payment(request).await.map(drop)
}

#[tokio::test]
async fn money_that_arrives_is_told_and_listed() {
    let mut shop = Shop::open().await;
    let api = shop.cashfree.virtual_bank_accounts();
    let created = api.create_virtual_account(tenant("tenant_b204")).await.unwrap();
    let account = &created.virtual_bank_accounts.as_ref().unwrap()[0];
    assert_eq!(
        (account.vba_status.as_deref(), account.vba_bank_code.as_deref()),
        (Some("ACTIVE"), Some("YESB"))
    );
    let number = account.vba_account_number.clone().unwrap();

    send(&shop, &number, 1_250, "utr_1").await.unwrap();
    let event = shop.event("AMOUNT_COLLECTED").await;
    let Ok(Payload::AmountCollectedEvent(collected)) = Payload::of(&event) else { panic!("{event:?}") };
    assert_eq!(collected.amount, Some(Amount::from_paise(125_000)));
    assert_eq!(collected.v_account_id.as_deref(), Some("tenant_b204"));
    assert_eq!(collected.utr.as_deref(), Some("utr_1"));
    // As such events are signed where the headers are not: inside.
    let verifier = Verifier::new("the_shops_secret");
    verifier.verify_legacy(LegacySigning::SortedKeys, event.raw_body()).unwrap();

    send(&shop, "tenant_b204", 300, "utr_2").await.unwrap();
    shop.event("AMOUNT_COLLECTED").await;
    let all = FetchVirtualAccountPaymentsRequest::new(FetchVirtualAccountPaymentsStatus::All);
    let mut sums = Vec::new();
    let mut cursor = None;
    loop {
        let mut page = VirtualAccountPagination::new().limit(1);
        page.cursor = cursor;
        let page = api.fetch_virtual_account_payments(all.clone().pagination(page)).await.unwrap();
        let payments = page.payments.as_ref().and_then(|payments| payments.payment_details.as_ref()).unwrap();
        assert_eq!(payments.len(), 1);
        sums.push(payments[0].amount.unwrap());
        cursor = page.cursor.clone();
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(sums, [125_000, 30_000].map(Amount::from_paise));
    let one = api.fetch_virtual_account_payments_by_utr("utr_1").await.unwrap();
    assert_eq!(one.payment_details.as_ref().map(Vec::len), Some(1));
}

#[tokio::test]
async fn what_a_lock_forbids_is_rejected_and_not_told() {
    let mut shop = Shop::open().await;
    let api = shop.cashfree.virtual_bank_accounts();
    let most =
        AmountLock::new().min_amount(Amount::from_paise(10_000)).max_amount(Amount::from_paise(50_000));
    let friend = AllowedRemitter::new().account_number(REMITTER).ifsc("HDFC0000123");
    let locks = RemitterLock::new().allowed_remitters([friend]);
    let request = tenant("tenant_1").amount_lock_details(most).remitter_lock_details(locks);
    api.create_virtual_account(request).await.unwrap();
    for (rupees, utr) in [(99, "low"), (501, "high"), (500, "right")] {
        send(&shop, "tenant_1", rupees, utr).await.unwrap();
    }
    assert_eq!(shop.event("AMOUNT_COLLECTED").await.json()["utr"], "right");
    let rejected = FetchVirtualAccountPaymentsRequest::new(FetchVirtualAccountPaymentsStatus::Rejected);
    let page = api.fetch_virtual_account_payments(rejected).await.unwrap();
    let payments = page.payments.as_ref().and_then(|payments| payments.payment_details.as_ref()).unwrap();
    assert_eq!(
        payments.iter().filter_map(|payment| payment.utr.as_deref()).collect::<Vec<_>>(),
        ["low", "high"]
    );

    let off = VirtualAccountStatusRequest::new().status(SwitchStatus::Inactive);
    let account = api.change_virtual_account_status("tenant_1", off).await.unwrap();
    assert_eq!(account.virtual_bank_accounts.as_ref().unwrap()[0].vba_status.as_deref(), Some("INACTIVE"));
    send(&shop, "tenant_1", 500, "late").await.unwrap();
    let late = api.fetch_virtual_account_payments_by_utr("late").await.unwrap();
    assert_eq!(late.payment_details.as_ref().unwrap()[0].txstatus.as_deref(), Some("REJECTED"));
}

#[tokio::test]
async fn accounts_and_groups_are_kept() {
    let shop = Shop::open().await;
    let api = shop.cashfree.virtual_bank_accounts();
    let lost = api.create_virtual_account(tenant("tenant_1").notification_group("nobody")).await.unwrap_err();
    assert_eq!(lost.code(), Some("notification_group_invalid"));
    let group = CreateNotificationGroupRequest::new()
        .notification_group_name("office")
        .notification_group_emails(["office@flats.example.in"]);
    api.create_notification_group(group).await.unwrap();
    let more = UpdateNotificationGroupRequest::new().notification_group_phone_numbers(["9876543210"]);
    api.update_notification_group("office", more).await.unwrap();
    let off = NotificationGroupStatusRequest::new().status(SwitchStatus::Inactive);
    api.change_notification_group_status("office", off).await.unwrap();
    let office = api.fetch_notification_group("office").await.unwrap();
    let office = office.notification_group.as_ref().unwrap();
    assert_eq!(
        office.notification_group_emails.as_deref(),
        Some(&["office@flats.example.in".to_owned()][..])
    );
    assert_eq!(office.notification_group_phone_numbers.as_ref().map(Vec::len), Some(1));

    api.create_virtual_account(tenant("tenant_1").notification_group("office")).await.unwrap();
    let twice = api.create_virtual_account(tenant("tenant_1")).await.unwrap_err();
    assert_eq!(twice.kind(), ErrorKind::Rejected, "{twice}");
    let change =
        UpdateVirtualAccountRequest::new().virtual_account_name("Sunrise Flats C1").bank_codes(["ICIC"]);
    api.update_virtual_account("tenant_1", change).await.unwrap();
    let account = api.fetch_virtual_account("tenant_1").await.unwrap();
    let accounts = account.virtual_bank_accounts.as_ref().unwrap();
    assert_eq!(
        accounts.iter().filter_map(|one| one.vba_bank_code.as_deref()).collect::<Vec<_>>(),
        ["YESB", "ICIC"]
    );
    let details = accounts[1].virtual_account_details.as_ref().unwrap();
    assert_eq!(details.virtual_account_name.as_deref(), Some("Sunrise Flats C1"));
    let missing = api.fetch_virtual_account("nobody").await.unwrap_err();
    assert_eq!((missing.kind(), missing.code()), (ErrorKind::Rejected, Some("virtual_account_not_found")));
}

#[tokio::test]
async fn a_product_takes_the_credentials_that_it_says() {
    let shop = Shop::open().await;
    let account = |credentials| handle(&shop.sandbox).credentials(credentials).build().unwrap();
    let partner = account(Credentials::partner_merchant("TEST_PARTNER_MERCHANTID", "TEST_PARTNER_APIKEY"));
    partner.global_collections().fetch_virtual_accounts().await.unwrap();
    partner.global_collections().verify_token().await.unwrap();
    assert_eq!(shop.requests("global-collections-get-token").len(), 1);
    let onboarding = account(Credentials::partner_key("TEST_PARTNER_APIKEY"));
    let unknown = onboarding.partner_onboarding().fetch_merchant("shop_1").await.unwrap_err();
    assert_eq!(unknown.code(), Some("merchant_not_found"));
    let escrow = account(Credentials::bearer("TEST_BEARER_TOKEN"));
    let unknown = escrow.one_escrow().fetch_fund_source("fund_1").await.unwrap_err();
    assert_eq!(unknown.code(), Some("fund_source_not_found"));
    for wrong in [
        account(Credentials::bearer("another")).one_escrow().fetch_fund_source("fund_1").await.unwrap_err(),
        account(Credentials::partner_key("another"))
            .partner_onboarding()
            .fetch_merchant("a")
            .await
            .unwrap_err(),
    ] {
        assert_eq!(wrong.status().map(|status| status.as_u16()), Some(401), "{wrong}");
    }
}
