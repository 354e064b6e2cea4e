//! The SDK against the sandbox, in every version: an order from its creation to its refund.

use cashfree_pg::types::Amount;

#[allow(dead_code)]
fn rupees(text: &str) -> Amount {
    text.parse().expect("an amount")
}

macro_rules! payments {
    ($feature:literal, $version:literal, $module:ident, $variant:ident) => {
        #[cfg(feature = $feature)]
        mod $module {
            use cashfree_pg::ErrorKind;
            use cashfree_pg::webhook::{AnyPayload, Event};
            use cashfree_pg::$module::webhook::Payload;
            use cashfree_pg::$module::{Client, types::*};

            use super::{Amount, rupees};
            use crate::shop::Shop;

            async fn shop() -> (Shop, Client) {
                let shop = Shop::open().await;
                let api = shop.cashfree.$module();
                (shop, api)
            }

            /// An order of 499.50 rupees; gives its payment session.
            async fn order(api: &Client, id: &str) -> String {
                let customer = CustomerDetails::new("customer_1", "9999999999").customer_name("Asha Rao");
                let request = CreateOrderRequest::new(rupees("499.50"), "INR", customer).order_id(id);
                let order = api.create_order(request).send().await.expect("an order");
                assert_eq!(order.order_id.as_deref(), Some(id));
                assert_eq!(order.order_amount, Some(rupees("499.50")));
                assert_eq!(order.order_status.as_deref(), Some("ACTIVE"));
                order.payment_session_id.clone().expect("a session")
            }

            /// Starts a payment; gives its id.
            async fn pay(api: &Client, request: PayOrderRequest) -> String {
                let started = api.pay_order(request).send().await.expect("a payment");
                assert_eq!(started.payment_amount, Some(rupees("499.50")));
                started.cf_payment_id.as_deref().expect("an id").to_owned()
            }

            fn upi(session: &str, id: &str) -> PayOrderRequest {
                PayOrderRequest::new(session, Upi::new(UpiChannel::Collect).upi_id(id))
            }

            /// The payment of a payment event, as the types of this version.
            fn payment(event: &Event) -> EventPayment {
                assert_eq!(event.version(), Some($version));
                match event.typed().expect("it fits") {
                    AnyPayload::$variant(Payload::PaymentEvent(payload)) => {
                        payload.data.and_then(|data| data.payment).expect("a payment")
                    }
                    other => panic!("{other:?}"),
                }
            }

            async fn status(api: &Client, order: &str) -> String {
                let order = api.fetch_order(order).send().await.expect("the order");
                order.order_status.as_deref().expect("a status").to_owned()
            }

            #[tokio::test]
            async fn upi_succeeds_and_part_of_it_is_refunded() {
                let (mut shop, api) = shop().await;
                let session = order(&api, "order_1").await;
                let id = pay(&api, upi(&session, "testsuccess@gocash")).await;

                let event = shop.event("PAYMENT_SUCCESS_WEBHOOK").await;
                assert_eq!((event.order_id(), event.payment_id()), (Some("order_1"), Some(id.as_str())));
                assert_eq!((event.amount(), event.is_final()), (Some(rupees("499.50")), true));
                let paid = payment(&event);
                assert_eq!(paid.cf_payment_id.as_deref(), Some(id.as_str()));
                assert_eq!(paid.payment_amount, Some(rupees("499.50")));
                assert_eq!(paid.payment_method.and_then(|method| method.key()), Some("upi"));
                assert_eq!(status(&api, "order_1").await, "PAID");
                let payments = api.fetch_order_payments("order_1").send().await.expect("payments");
                assert_eq!(payments.len(), 1);
                let shown = api.fetch_order_payment("order_1", &id).send().await.expect("the payment");
                assert_eq!(*shown, payments[0]);
                assert_eq!(shown.payment_status.as_ref().map(|status| status.as_str()), Some("SUCCESS"));
                let again = api.pay_order(upi(&session, "testsuccess@gocash")).send().await;
                assert_eq!(again.expect_err("it is paid").code(), Some("order_already_paid"));

                let refund = |id: &str, amount: &str| {
                    let request = CreateRefundRequest::new(rupees(amount), id).refund_note("one ticket");
                    api.create_order_refund("order_1", request).send()
                };
                let refunded = refund("refund_1", "99.25").await.expect("a refund");
                assert_eq!(refunded.refund_amount, Some(rupees("99.25")));
                assert_eq!(refunded.cf_payment_id.as_deref(), Some(id.as_str()));
                let event = shop.event("REFUND_STATUS_WEBHOOK").await;
                assert_eq!((event.order_id(), event.payment_id()), (Some("order_1"), Some(id.as_str())));
                assert_eq!((event.amount(), event.is_final()), (Some(rupees("99.25")), true));
                assert!(matches!(
                    event.typed().expect("it fits"),
                    AnyPayload::$variant(Payload::RefundEvent(_))
                ));
                let shown = api.fetch_order_refund("order_1", "refund_1").send().await.expect("the refund");
                assert_eq!(shown.refund_status.as_ref().map(|status| status.as_str()), Some("SUCCESS"));

                // To the paisa what is left, and no more.
                let error = refund("refund_2", "400.26").await.expect_err("too much");
                assert_eq!(
                    (error.kind(), error.code()),
                    (ErrorKind::Rejected, Some("refund_amount_invalid"))
                );
                refund("refund_2", "400.25").await.expect("the rest");
                let refunds = api.fetch_order_refunds("order_1").send().await.expect("refunds");
                let sum: Amount = refunds.iter().filter_map(|one| one.refund_amount).sum();
                assert_eq!(sum, rupees("499.50"));
                assert!(shop.sandbox.requests().iter().all(|request| request.version == $version));
            }

            #[tokio::test]
            async fn upi_fails_and_the_payer_tries_again() {
                let (mut shop, api) = shop().await;
                let session = order(&api, "order_1").await;
                let failed = pay(&api, upi(&session, "testfailure@gocash")).await;
                let event = shop.event("PAYMENT_FAILED_WEBHOOK").await;
                assert_eq!((event.status(), event.is_final()), (Some("FAILED"), true));
                assert_eq!(event.payment_id(), Some(failed.as_str()));
                assert_eq!(payment(&event).payment_status.expect("a status").as_str(), "FAILED");
                assert_eq!(status(&api, "order_1").await, "ACTIVE");
                let refund = CreateRefundRequest::new(rupees("1"), "refund_1");
                let error =
                    api.create_order_refund("order_1", refund).send().await.expect_err("nothing was paid");
                assert_eq!(error.code(), Some("order_id_not_paid"));

                let paid = pay(&api, upi(&session, "testsuccess@gocash")).await;
                assert_ne!(paid, failed);
                let other = shop.event("PAYMENT_SUCCESS_WEBHOOK").await;
                assert_ne!(other.dedupe_key(), event.dedupe_key());
                assert_eq!(status(&api, "order_1").await, "PAID");
                let payments = api.fetch_order_payments("order_1").send().await.expect("payments");
                assert_eq!(payments.len(), 2);
            }

            #[tokio::test]
            async fn a_card_takes_its_otp() {
                let (mut shop, api) = shop().await;
                let session = order(&api, "order_1").await;
                let card = Card::new(CardChannel::Post)
                    .card_number("4111111111111111")
                    .card_holder_name("Asha Rao")
                    .card_expiry_mm("12")
                    .card_expiry_yy("30")
                    .card_cvv("123");
                let id = pay(&api, PayOrderRequest::new(session, card)).await;
                assert_eq!(status(&api, "order_1").await, "ACTIVE");

                let otp = |otp: &str| {
                    let action = OtpAction::SubmitOtp;
                    let request = AuthenticatePaymentRequest::new(otp, action);
                    api.authenticate_payment(&id, request).send()
                };
                let wrong = otp("000000").await.expect("an answer");
                assert_eq!(wrong.authenticate_status.as_ref().map(|one| one.as_str()), Some("FAILED"));
                let right = otp("111000").await.expect("an answer");
                assert_eq!(right.authenticate_status.as_ref().map(|one| one.as_str()), Some("SUCCESS"));
                let event = shop.event("PAYMENT_SUCCESS_WEBHOOK").await;
                let method = payment(&event).payment_method.expect("a method");
                assert_eq!(method.key(), Some("card"));
                assert_eq!(
                    event.json()["data"]["payment"]["payment_method"]["card"]["card_number"],
                    "XXXXXXXXXXXX1111"
                );
                assert_eq!(status(&api, "order_1").await, "PAID");
                assert_eq!(otp("111000").await.expect_err("decided").code(), Some("orderpay_already_exists"));
            }

            #[tokio::test]
            async fn blocked_money_is_captured_or_released() {
                let (mut shop, api) = shop().await;
                let blocked = |id: &'static str| {
                    let api = &api;
                    async move {
                        let session = order(api, id).await;
                        let upi =
                            Upi::new(UpiChannel::Collect).upi_id("testsuccess@gocash").authorize_only(true);
                        pay(api, PayOrderRequest::new(session, upi)).await
                    }
                };
                let authorize = |order: &str, request| api.capture_or_void_order(order, request).send();
                let capture = |amount: &str| {
                    let action = CaptureOrVoidOrderAction::Capture;
                    CaptureOrVoidOrderRequest::new().action(action).amount(rupees(amount))
                };
                blocked("order_1").await;
                shop.event("PAYMENT_SUCCESS_WEBHOOK").await;
                let refund = || CreateRefundRequest::new(rupees("100.01"), "refund_1");
                let error =
                    api.create_order_refund("order_1", refund()).send().await.expect_err("not captured");
                assert_eq!(error.code(), Some("order_id_not_paid"));
                let error = authorize("order_1", capture("499.51")).await.expect_err("more than is blocked");
                assert_eq!(error.code(), Some("payment_amount_invalid"));
                let captured = authorize("order_1", capture("100")).await.expect("captured");
                let authorization = captured.authorization.as_ref().expect("what became of it");
                assert_eq!(authorization.captured_amount, Some(rupees("100")));
                let error =
                    api.create_order_refund("order_1", refund()).send().await.expect_err("a paisa too much");
                assert_eq!(error.code(), Some("refund_amount_invalid"));

                blocked("order_2").await;
                shop.event("PAYMENT_SUCCESS_WEBHOOK").await;
                let void = CaptureOrVoidOrderRequest::new().action(CaptureOrVoidOrderAction::Void);
                let voided = authorize("order_2", void).await.expect("released");
                assert_eq!(voided.payment_status.as_ref().map(|one| one.as_str()), Some("VOID"));
                let error = authorize("order_2", capture("1")).await.expect_err("nothing is blocked");
                assert_eq!(error.code(), Some("authorize_only_invalid"));
            }

            #[tokio::test]
            async fn a_key_is_answered_once() {
                let (shop, api) = shop().await;
                let create = |amount: &str| {
                    let customer = CustomerDetails::new("customer_1", "9999999999");
                    let request = CreateOrderRequest::new(rupees(amount), "INR", customer);
                    api.create_order(request).idempotency_key("key_1").send()
                };
                let first = create("10.10").await.expect("an order");
                assert!(!first.meta().is_replayed());
                assert_eq!(first.meta().idempotency_key(), Some("key_1"));
                let second = create("10.10").await.expect("the same order");
                assert!(second.meta().is_replayed());
                assert_eq!(*second, *first);
                let error = create("10.11").await.expect_err("another request");
                assert_eq!(error.status().map(|status| status.as_u16()), Some(422));
                // What the call with the other body did is not said by this refusal.
                assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::OutcomeUnknown, false));
                assert_eq!((error.operation(), error.api_version()), (Some("create_order"), Some($version)));
                // Without a key of the caller's own each call is another order.
                let customer = CustomerDetails::new("customer_1", "9999999999");
                let request = CreateOrderRequest::new(rupees("10.10"), "INR", customer);
                let other = api.create_order(request).send().await.expect("another order");
                assert_ne!(other.order_id, first.order_id);
                let keys = shop.requests("PGCreateOrder").into_iter().map(|one| one.idempotency_key);
                assert_eq!(keys.clone().filter(|key| key.as_deref() == Some("key_1")).count(), 3);
                assert!(keys.into_iter().all(|key| key.is_some()), "a POST always has one");
            }
        }
    };
}

payments!("v2022-09-01", "2022-09-01", v2022_09_01, V2022_09_01);
payments!("v2023-08-01", "2023-08-01", v2023_08_01, V2023_08_01);
payments!("v2025-01-01", "2025-01-01", v2025_01_01, V2025_01_01);

#[cfg(all(feature = "v2022-09-01", feature = "v2023-08-01", feature = "v2025-01-01"))]
#[tokio::test]
async fn versions_share_a_handle_and_what_is_behind_it() {
    use cashfree_pg::v2025_01_01::types::{CreateOrderRequest, CustomerDetails};

    let shop = crate::shop::Shop::open().await;
    let (old, middle, new) =
        (shop.cashfree.v2022_09_01(), shop.cashfree.v2023_08_01(), shop.cashfree.v2025_01_01());
    let customer = CustomerDetails::new("customer_1", "9999999999");
    let created = new.create_order(CreateOrderRequest::new(rupees("10.10"), "INR", customer)).send();
    let created = created.await.expect("an order");
    let id = created.order_id.clone().expect("an id");
    let fetch = (old.fetch_order(&id).send(), middle.fetch_order(&id).send(), new.fetch_order(&id).send());
    let (old, middle, new) = tokio::join!(fetch.0, fetch.1, fetch.2);
    let (old, middle, new) = (old.expect("2022"), middle.expect("2023"), new.expect("2025"));
    // The first version had links in an order, and a number for its id: here a text all the same.
    assert!(old.payments.is_some());
    assert_eq!(old.cf_order_id, created.cf_order_id);
    assert_eq!(middle.cf_order_id, created.cf_order_id);
    assert_eq!(*new, *created);
    let amounts = [old.order_amount, middle.order_amount, new.order_amount];
    assert_eq!(amounts, [Some(rupees("10.10")); 3]);
    let mut versions: Vec<String> =
        shop.requests("PGFetchOrder").into_iter().map(|one| one.version).collect();
    versions.sort();
    assert_eq!(versions, ["2022-09-01", "2023-08-01", "2025-01-01"]);
    let answered = [old.meta().api_version(), middle.meta().api_version(), new.meta().api_version()];
    assert_eq!(answered, [Some("2022-09-01"), Some("2023-08-01"), Some("2025-01-01")]);
}
