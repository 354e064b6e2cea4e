//! The SDK against the sandbox: everything besides a single payment.

use cashfree_pg::types::Amount;

#[allow(dead_code)]
fn rupees(text: &str) -> Amount {
    text.parse().expect("an amount")
}

/// What every version has.
macro_rules! products {
    ($feature:literal, $module:ident, $settled:expr) => {
        #[cfg(feature = $feature)]
        mod $module {
            use std::time::Duration;

            use cashfree_pg::ErrorKind;
            use cashfree_pg::$module::{Client, types::*};

            use super::rupees;
            use crate::shop::Shop;

            pub(super) async fn shop() -> (Shop, Client) {
                let shop = Shop::open().await;
                let api = shop.cashfree.$module();
                (shop, api)
            }

            /// A session to pay an order of 100 rupees with.
            pub(super) async fn order(api: &Client, id: &str) -> String {
                let customer = CustomerDetails::new("customer_1", "9999999999");
                let request = CreateOrderRequest::new(rupees("100"), "INR", customer).order_id(id);
                let order = api.create_order(request).send().await.expect("an order");
                order.payment_session_id.clone().expect("a session")
            }

            /// A paid order of 100 rupees; gives the payment's id.
            pub(super) async fn paid(api: &Client, id: &str) -> String {
                let upi = Upi::new(UpiChannel::Collect).upi_id("testsuccess@gocash");
                let request = PayOrderRequest::new(order(api, id).await, upi);
                let payment = api.pay_order(request).send().await.expect("a payment");
                payment.cf_payment_id.as_deref().expect("an id").to_owned()
            }

            #[tokio::test]
            async fn a_link_is_paid_in_parts() {
                let (mut shop, api) = shop().await;
                let request = |id: &str| {
                    let customer = LinkCustomerDetails::new("9999999999");
                    CreateLinkRequest::new(id, rupees("100"), "INR", "two tickets", customer)
                        .link_partial_payments(true)
                        .link_minimum_partial_amount(rupees("20"))
                };
                let link = api.create_link(request("link_1")).send().await.expect("a link");
                assert_eq!(link.link_status.as_deref(), Some("ACTIVE"));
                let error = api.create_link(request("link_1")).send().await.expect_err("it is there");
                assert_eq!((error.kind(), error.code()), (ErrorKind::Rejected, Some("link_already_exists")));

                let url = link.link_url.as_deref().expect("an address");
                for (part, sum, status) in
                    [("{\"amount\":30.5}", "30.5", "PARTIALLY_PAID"), ("{}", "100", "PAID")]
                {
                    let opened = shop.visit(url, part).await;
                    let page = format!("{}?status=SUCCESS", opened["url"].as_str().expect("a page"));
                    shop.visit(&page, "").await;
                    let event = shop.find("PAYMENT_LINK_EVENT").await;
                    assert_eq!((event.entity_id(), event.status()), (Some("link_1"), Some(status)));
                    assert_eq!((event.amount(), event.is_final()), (Some(rupees(sum)), status == "PAID"));
                    let link = api.fetch_link("link_1").send().await.expect("the link");
                    assert_eq!(link.link_status.as_deref(), Some(status));
                    assert_eq!(link.link_amount_paid, Some(rupees(sum)));
                }
                let orders = api.fetch_link_orders("link_1").send().await.expect("orders");
                assert_eq!(orders.len(), 2);

                api.create_link(request("link_2")).send().await.expect("another");
                let cancelled = api.cancel_link("link_2").send().await.expect("cancelled");
                assert_eq!(cancelled.link_status.as_deref(), Some("CANCELLED"));
                assert_eq!(
                    api.cancel_link("link_2").send().await.expect_err("closed").code(),
                    Some("link_inactive")
                );
                assert_eq!(shop.find("PAYMENT_LINK_EVENT").await.status(), Some("CANCELLED"));
            }

            #[tokio::test]
            async fn a_card_is_kept_and_forgotten() {
                let (mut shop, api) = shop().await;
                let card = Card::new(CardChannel::Post)
                    .card_number("4111111111111111")
                    .card_expiry_mm("12")
                    .card_expiry_yy("30")
                    .card_cvv("123");
                let request = PayOrderRequest::new(order(&api, "order_1").await, card).save_instrument(true);
                let payment = api.pay_order(request).send().await.expect("a payment");
                let id = payment.cf_payment_id.as_deref().expect("an id");
                let action = OtpAction::SubmitOtp;
                let otp = AuthenticatePaymentRequest::new("111000", action);
                api.authenticate_payment(id, otp).send().await.expect("paid");
                let event = shop.find("INSTRUMENT_ACTIVE_WEBHOOK").await;

                let cards = api.fetch_customer_instruments("customer_1", "card").send().await.expect("cards");
                assert_eq!(cards.len(), 1);
                let id = cards[0].instrument_id.as_deref().expect("an id");
                assert_eq!(event.entity_id(), Some(id));
                assert_eq!(cards[0].instrument_display.as_deref(), Some("XXXXXXXXXXXX1111"));
                let shown = api.fetch_customer_instrument("customer_1", id).send().await.expect("the card");
                assert_eq!(*shown, cards[0]);
                let secret = api.fetch_instrument_cryptogram("customer_1", id).send().await;
                let secret = secret.expect("a cryptogram");
                let cryptogram = secret.cryptogram.as_deref().expect("a cryptogram");
                assert!(!format!("{secret:?}").contains(cryptogram));
                api.delete_customer_instrument("customer_1", id).send().await.expect("forgotten");
                let error = api.fetch_customer_instrument("customer_1", id).send().await.expect_err("gone");
                assert_eq!(error.status().map(|status| status.as_u16()), Some(404));
            }

            #[tokio::test]
            async fn a_paid_order_is_settled_and_reconciled_page_by_page() {
                let (shop, api) = shop().await;
                let error =
                    api.fetch_order_settlement("order_0").send().await.expect_err("there is no order");
                assert_eq!(error.code(), Some("order_not_found"));
                let expected: Vec<String> = (0..12).map(|number| format!("order_{number}")).collect();
                for id in &expected {
                    paid(&api, id).await;
                }
                let error =
                    api.fetch_order_settlement("order_0").send().await.expect_err("it takes its time");
                assert_eq!(error.code(), Some("settlement_get_not_found"));

                let mut seen = Vec::new();
                let mut cursor: Option<String> = None;
                loop {
                    let mut page = Pagination::new(10);
                    page.cursor = cursor;
                    let filters = FetchReconFilters::new("2020-01-01T00:00:00Z", "2090-01-01T00:00:00Z");
                    let recon = api.fetch_recon(FetchReconRequest::new(page, filters)).send().await;
                    let recon = recon.expect("a page").into_inner();
                    let rows = recon.data.unwrap_or_default();
                    assert!((1..=10).contains(&rows.len()));
                    assert!(rows.iter().all(|row| row.event_amount == Some(rupees("100"))));
                    seen.extend(rows.into_iter().filter_map(|row| row.order_id));
                    cursor = recon.cursor.filter(|cursor| !cursor.is_empty());
                    if cursor.is_none() {
                        break;
                    }
                }
                assert_eq!(seen, expected);

                shop.sandbox.advance(Duration::from_secs(2 * 24 * 60 * 60));
                let settlement = api.fetch_order_settlement("order_0").send().await.expect("a settlement");
                assert_eq!($settled(settlement.into_inner()), Some(rupees("97.64")));
                let filters = SettlementFilters::new();
                let request = || SettlementQuery::new(Pagination::new(3), filters.clone());
                let page = api.fetch_settlements(request()).send().await.expect("a page");
                let orders = page.data.iter().flatten().filter_map(|one| one.order_id.as_deref());
                assert_eq!(orders.collect::<Vec<_>>(), ["order_0", "order_1", "order_2"]);
                assert!(page.cursor.as_ref().is_some_and(|cursor| !cursor.is_empty()));
                let mut settlements = api.fetch_settlements(request()).items();
                let mut orders = Vec::new();
                while let Some(settlement) = settlements.next().await {
                    orders.extend(settlement.expect("a settlement").order_id);
                }
                assert_eq!(orders, seen);
            }
        }
    };
}

/// What came with 2023-08-01.
macro_rules! later_products {
    ($feature:literal, $module:ident, $later:ident, $simulate:expr) => {
        #[cfg(feature = $feature)]
        mod $later {
            use cashfree_pg::$module::types::*;
            use cashfree_pg::{ErrorKind, Upload};

            use super::rupees;
            use super::$module::{order, paid, shop};

            fn pdf() -> Upload {
                Upload::new("proof.pdf", "application/pdf", &b"%PDF-1.7 \x00\xff"[..]).expect("a file")
            }

            #[tokio::test]
            async fn an_order_is_terminated() {
                let (_shop, api) = shop().await;
                let session = order(&api, "order_1").await;
                let terminate =
                    |id: &str| api.terminate_order(id, TerminateOrderRequest::new("TERMINATED")).send();
                let order = terminate("order_1").await.expect("terminated");
                assert_eq!(order.order_status.as_deref(), Some("TERMINATED"));
                let upi = Upi::new(UpiChannel::Collect).upi_id("testsuccess@gocash");
                let error =
                    api.pay_order(PayOrderRequest::new(session, upi)).send().await.expect_err("closed");
                assert_eq!(error.code(), Some("order_inactive"));
                paid(&api, "order_2").await;
                let error = terminate("order_2").await.expect_err("it is paid");
                assert_eq!((error.kind(), error.code()), (ErrorKind::Rejected, Some("order_already_paid")));
            }

            #[tokio::test]
            async fn a_payment_is_decided_by_simulation_and_a_late_one_comes_back() {
                let (mut shop, api) = shop().await;
                let session = order(&api, "order_1").await;
                let mut waiting = Vec::new();
                for _ in 0..2 {
                    let request = PayOrderRequest::new(session.clone(), Upi::new(UpiChannel::Link));
                    let payment = api.pay_order(request).send().await.expect("a payment");
                    waiting.push(payment.cf_payment_id.as_deref().expect("an id").to_owned());
                }
                let decide = |id: &str| {
                    let outcome = EntitySimulationRequest::new(SimulatedPaymentStatus::Success);
                    api.simulate_payment($simulate(SimulatedEntity::Payments, id, outcome)).send()
                };
                decide(&waiting[0]).await.expect("decided");
                assert_eq!(
                    shop.find("PAYMENT_SUCCESS_WEBHOOK").await.payment_id(),
                    Some(waiting[0].as_str())
                );
                decide(&waiting[1]).await.expect("decided");
                let event = shop.find("AUTO_REFUND_STATUS_WEBHOOK").await;
                assert_eq!(
                    (event.payment_id(), event.amount()),
                    (Some(waiting[1].as_str()), Some(rupees("100")))
                );
            }

            #[tokio::test]
            async fn a_customer_has_an_id() {
                let (_shop, api) = shop().await;
                let request = CustomerContact::new("9999999999").customer_name("Asha Rao");
                let customer = api.create_customer(request).send().await.expect("a customer");
                assert!(customer.customer_uid.is_some());
                assert_eq!(customer.customer_name.as_deref(), Some("Asha Rao"));
            }

            #[tokio::test]
            async fn a_dispute_is_answered_with_a_file_and_accepted() {
                let (mut shop, api) = shop().await;
                let payment = paid(&api, "order_1").await;
                let id = shop.sandbox.open_dispute(&payment).expect("a dispute");
                let event = shop.find("DISPUTE_CREATED").await;
                assert_eq!((event.entity_id(), event.order_id()), (Some(id.as_str()), Some("order_1")));
                assert_eq!((event.payment_id(), event.is_final()), (Some(payment.as_str()), false));

                let of_order = api.fetch_order_disputes("order_1").send().await.expect("disputes");
                let of_payment = api.fetch_payment_disputes(&payment).send().await.expect("disputes");
                assert_eq!(*of_order, *of_payment);
                assert_eq!(of_order[0].dispute_id.as_deref(), Some(id.as_str()));
                let call =
                    api.upload_dispute_document(&id, pdf(), "Delivery/Service Proof").note("delivered");
                let answered = call.send().await.expect("answered");
                let evidence = answered[0].dispute_evidence.as_ref().expect("evidence");
                assert_eq!(evidence[0].document_name.as_deref(), Some("proof.pdf"));
                shop.find("DISPUTE_UPDATED").await;
                api.accept_dispute(&id).send().await.expect("accepted");
                assert!(shop.find("DISPUTE_CLOSED").await.is_final());
                let shown = api.fetch_dispute(&id).send().await.expect("the dispute");
                let status = shown.dispute_status.as_ref().map(|status| status.as_str());
                assert_eq!(status, Some("CHARGEBACK_MERCHANT_ACCEPTED"));
                let late = api.upload_dispute_document(&id, pdf(), "Delivery/Service Proof").send().await;
                assert_eq!(late.expect_err("closed").kind(), ErrorKind::Rejected);
            }

            #[tokio::test]
            async fn a_vendor_has_documents() {
                let (_shop, api) = shop().await;
                let kyc = KycDetails::new().account_type("BUSINESS").business_type("Tickets");
                let request = CreateVendorRequest::new(CreateVendorRequired {
                    vendor_id: "vendor_1",
                    name: "Asha",
                    email: "a@example.com",
                    phone: "9999999999",
                    kyc_details: vec![kyc],
                })
                .status("ACTIVE");
                api.create_vendor(request).send().await.expect("a vendor");
                let call =
                    api.upload_vendor_document("vendor_1", pdf()).doc_type("PAN").doc_value("ABCDE1234F");
                let document = call.send().await.expect("a document");
                assert_eq!(document.doc_type.as_deref(), Some("PAN"));
                assert!(!format!("{document:?}").contains("ABCDE1234F"));
                let documents = api.fetch_vendor_documents("vendor_1").send().await.expect("documents");
                assert_eq!(documents.documents.as_ref().map(Vec::len), Some(1));
                let error =
                    api.upload_vendor_document("vendor_2", pdf()).send().await.expect_err("no such vendor");
                assert_eq!(error.code(), Some("api_request_failed"));
            }

            #[tokio::test]
            async fn a_subscription_is_authorised_charged_refunded_and_cancelled() {
                let (mut shop, api) = shop().await;
                let plan = CreatePlanRequest::new("plan_1", "Tickets", "ON_DEMAND", rupees("500"));
                api.create_plan(plan).send().await.expect("a plan");
                let customer = SubscriptionCustomerDetails::new("a@example.com", "9999999999");
                let plan = CreateSubscriptionPlanDetails::new().plan_id("plan_1");
                let request = CreateSubscriptionRequest::new("subscription_1", customer, plan);
                let created = api.create_subscription(request).send().await.expect("a subscription");
                assert_eq!(created.subscription_status.as_deref(), Some("INITIALIZED"));

                let charge = |id: &str, kind: &str| {
                    CreateSubscriptionPaymentRequest::new("subscription_1", id, kind)
                        .payment_amount(rupees("100.50"))
                };
                let early = api.create_subscription_payment(charge("charge_1", "CHARGE")).send().await;
                assert_eq!(early.expect_err("not yet").code(), Some("subscription_status_invalid"));
                api.create_subscription_payment(charge("auth_1", "AUTH")).send().await.expect("a payment");
                // The mandate on paper, for the bank.
                let document =
                    api.upload_subscription_document("auth_1", pdf(), "SUBMIT_DOCUMENT").send().await;
                assert_eq!(document.expect("received").payment_id.as_deref(), Some("auth_1"));
                let decide = |id: &str| {
                    let outcome = EntitySimulationRequest::new(SimulatedPaymentStatus::Success);
                    let entity = SimulatedEntity::SubsPayments;
                    api.simulate_payment($simulate(entity, id, outcome)).send()
                };
                decide("auth_1").await.expect("decided");
                let event = shop.find("SUBSCRIPTION_STATUS_CHANGED").await;
                assert_eq!(
                    (event.subscription_id(), event.status()),
                    (Some("subscription_1"), Some("ACTIVE"))
                );

                api.create_subscription_payment(charge("charge_1", "CHARGE")).send().await.expect("a charge");
                decide("charge_1").await.expect("decided");
                let event = shop.find("SUBSCRIPTION_PAYMENT_SUCCESS").await;
                assert_eq!((event.amount(), event.is_final()), (Some(rupees("100.50")), true));
                let payments =
                    api.fetch_subscription_payments("subscription_1").send().await.expect("payments");
                assert_eq!(payments.len(), 2);
                let refund = |amount: &str, id: &str| {
                    let request = CreateSubscriptionRefundRequest::new("subscription_1", id, rupees(amount));
                    api.create_subscription_refund("subscription_1", request.payment_id("charge_1")).send()
                };
                refund("60", "refund_1").await.expect("a refund");
                assert_eq!(shop.find("SUBSCRIPTION_REFUND_STATUS").await.amount(), Some(rupees("60")));
                let error = refund("40.51", "refund_2").await.expect_err("too much");
                assert_eq!(error.code(), Some("refund_amount_invalid"));

                let cancel = ManageSubscriptionRequest::new("subscription_1", "CANCEL");
                let cancelled =
                    api.manage_subscription("subscription_1", cancel).send().await.expect("cancelled");
                assert_eq!(cancelled.subscription_status.as_deref(), Some("CANCELLED"));
                assert!(shop.find("SUBSCRIPTION_STATUS_CHANGED").await.is_final());
            }

            #[tokio::test]
            async fn an_order_is_marked_for_settlement() {
                let (mut shop, api) = shop().await;
                let mark = || {
                    let when = MarkForSettlementMetaData::new().settlement_date("2025-01-01");
                    api.mark_order_for_settlement(MarkForSettlementRequest::new("order_1", when)).send()
                };
                order(&api, "order_1").await;
                assert_eq!(mark().await.expect_err("not paid").code(), Some("order_id_not_paid"));
                paid(&api, "order_2").await;
                let when = MarkForSettlementMetaData::new().settlement_date("2025-01-01");
                let request = MarkForSettlementRequest::new("order_2", when);
                let marked = api.mark_order_for_settlement(request).send().await.expect("marked");
                assert_eq!(marked.meta().status().map(|status| status.as_u16()), Some(202));
                let event = shop.find("SETTLEMENT_SUCCESS").await;
                assert_eq!((event.amount(), event.is_final()), (Some(rupees("97.64")), true));
            }
        }
    };
}

products!("v2022-09-01", v2022_09_01, |settlement: Settlement| settlement.settlement_amount);
// A page of rows, in this version only.
products!("v2023-08-01", v2023_08_01, |settlement: Settlement| {
    settlement.data.into_iter().flatten().find_map(|row| row.event_settlement_amount)
});
products!("v2025-01-01", v2025_01_01, |settlement: Settlement| settlement.settlement_amount);
later_products!(
    "v2023-08-01",
    v2023_08_01,
    more_of_2023_08_01,
    |entity: SimulatedEntity, id: &str, outcome: EntitySimulationRequest| {
        SimulateRequest::new(entity, id).entity_simulation(outcome)
    }
);
later_products!(
    "v2025-01-01",
    v2025_01_01,
    more_of_2025_01_01,
    |entity: SimulatedEntity, id: &str, outcome: EntitySimulationRequest| {
        SimulateRequest::new(entity, id, outcome)
    }
);
