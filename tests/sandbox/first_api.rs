//! The first API against the sandbox, beside the one of today: both see the same orders.

use crate::shop::{Shop, handle};
use cashfree_pg::legacy::Record;
use cashfree_pg::types::Amount;
use cashfree_pg::v2025_01_01::types::{PayOrderRequest, Upi, UpiChannel};
use cashfree_pg::{Credentials, ErrorKind, Response};

const SINCE: &str = "2000-01-01";
const TILL: &str = "2100-01-01";

/// An order of 499.50, with its payment session.
async fn order(shop: &Shop, id: &str) -> String {
    let call = shop.cashfree.legacy().create_order(id, Amount::from_paise(49_950));
    let call =
        call.customer_name("Asha Rao").customer_phone("9876543210").customer_email("asha@mail.example");
    let created = call.return_url("https://shop.example/back").await.unwrap();
    let link = created.payment_link().unwrap();
    link.rsplit('/').next().unwrap().to_owned()
}

async fn pay(shop: &mut Shop, session: &str) {
    let upi = Upi::new(UpiChannel::Collect).upi_id("testsuccess@gocash");
    shop.cashfree.v2025_01_01().pay_order(PayOrderRequest::new(session, upi)).await.unwrap();
    shop.find("PAYMENT_SUCCESS_WEBHOOK").await;
}

fn rows(answer: &Response<Record>, name: &str, member: &str) -> Vec<String> {
    answer.records(name).iter().filter_map(|row| row.text(member)).collect()
}

#[tokio::test]
async fn an_order_is_paid_and_paid_back() {
    let mut shop = Shop::with(|sandbox| sandbox.quirks(false)).await;
    let api = shop.cashfree.legacy();
    api.verify_credentials().await.unwrap();
    let session = order(&shop, "order_1").await;
    let twice = api.create_order("order_1", Amount::from_paise(100)).await.unwrap_err();
    assert_eq!(twice.kind(), ErrorKind::Rejected, "{twice}");
    let before = api.fetch_order_status("order_1").await.unwrap();
    assert_eq!(before.text("orderStatus").as_deref(), Some("ACTIVE"));
    assert!(api.fetch_order_link("order_1").await.unwrap().payment_link().unwrap().ends_with(&session));
    api.send_payment_email("order_1").await.unwrap();

    pay(&mut shop, &session).await;
    let after = api.fetch_order_status("order_1").await.unwrap();
    assert_eq!(after.text("orderStatus").as_deref(), Some("PAID"));
    assert_eq!(after.amount("orderAmount"), Ok(Some(Amount::from_paise(49_950))));
    let payment = after.text("referenceId").unwrap();
    let paid = api.send_payment_email("order_1").await.unwrap_err();
    assert_eq!(paid.kind(), ErrorKind::Rejected, "{paid}");
    let info = api.fetch_order("order_1").await.unwrap();
    assert_eq!(rows(&info, "details", "customerName"), ["Asha Rao"]);

    let much = api.create_refund("order_1", payment.as_str(), Amount::from_paise(50_000)).await.unwrap_err();
    assert_eq!(much.kind(), ErrorKind::Rejected, "{much}");
    let refund = api
        .create_refund("order_1", payment.as_str(), Amount::from_paise(10_000))
        .refund_note("late")
        .await
        .unwrap();
    assert!(refund.text("refundId").is_some());
    let refunds = api.fetch_refunds(SINCE, TILL).await.unwrap();
    assert_eq!(rows(&refunds, "refunds", "refundAmount"), ["100.00"]);
    let seen = shop.cashfree.v2025_01_01().fetch_order("order_1").await.unwrap();
    assert_eq!(seen.order_status.as_deref(), Some("PAID"));
}

#[tokio::test]
async fn lists_go_on_where_they_ended() {
    let mut shop = Shop::with(|sandbox| sandbox.quirks(false)).await;
    for id in ["order_1", "order_2", "order_3"] {
        let session = order(&shop, id).await;
        pay(&mut shop, &session).await;
    }
    let api = shop.cashfree.legacy();
    let first = api.fetch_transactions(SINCE, TILL).count(2u32).await.unwrap();
    assert_eq!(rows(&first, "transactions", "orderId"), ["order_1", "order_2"]);
    let last = first.text("lastId").unwrap();
    let rest = api.fetch_transactions(SINCE, TILL).last_id(last).await.unwrap();
    assert_eq!(rows(&rest, "transactions", "orderId"), ["order_3"]);
    let none = api.fetch_transactions("2020-01-01", "2020-01-02").await.unwrap();
    assert_eq!(none.records("transactions"), []);
    let wrong = api.fetch_transactions("yesterday", TILL).await.unwrap_err();
    assert_eq!(wrong.kind(), ErrorKind::Rejected, "{wrong}");

    shop.sandbox.advance(std::time::Duration::from_secs(4 * 86_400));
    let settlements = api.fetch_settlements(SINCE, TILL).await.unwrap();
    let ids = rows(&settlements, "settlements", "id");
    assert!(!ids.is_empty(), "{settlements:?}");
    let one = api.fetch_settlement(ids[0].as_str()).await.unwrap();
    assert_eq!(rows(&one, "settlement", "id"), [ids[0].as_str()]);
}

#[tokio::test]
async fn a_stranger_is_refused_and_no_secret_is_kept() {
    let shop = Shop::open().await;
    let stranger = handle(&shop.sandbox).credentials(Credentials::merchant("a", "b")).build().unwrap();
    let error = stranger.legacy().verify_credentials().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Rejected, "{error}");
    shop.cashfree.legacy().verify_credentials().await.unwrap();
    let requests = shop.requests("FirstVerifyCredentials");
    assert_eq!(requests.len(), 2);
    assert!(
        requests.iter().all(|request| !request
            .request_body
            .as_deref()
            .unwrap_or_default()
            .contains("secretKey")),
        "{requests:?}"
    );
}
