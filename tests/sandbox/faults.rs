//! What goes wrong on the way, made to happen by the sandbox: money moves once all the same, and the caller
//! knows where it stands.

use std::time::{Duration, Instant};

use crate::shop::{Shop, handle};
use cashfree_pg::types::Amount;
use cashfree_pg::v2025_01_01::Client;
use cashfree_pg::v2025_01_01::types::*;
use cashfree_pg::{ErrorKind, RetryPolicy};
use cashfree_sandbox::{Fault, FaultKind};

fn rupees(text: &str) -> Amount {
    text.parse().expect("an amount")
}

fn request(amount: &str) -> CreateOrderRequest {
    CreateOrderRequest::new(rupees(amount), "INR", CustomerDetails::new("customer_1", "9999999999"))
}

async fn shop() -> (Shop, Client) {
    let shop = Shop::open().await;
    let api = shop.cashfree.v2025_01_01();
    (shop, api)
}

/// A paid order of 100 rupees.
async fn paid(shop: &mut Shop, api: &Client, id: &str) {
    let order = api.create_order(request("100").order_id(id)).send().await.expect("an order");
    let session = order.payment_session_id.clone().expect("a session");
    let upi = Upi::new(UpiChannel::Collect).upi_id("testsuccess@gocash");
    api.pay_order(PayOrderRequest::new(session, upi)).send().await.expect("a payment");
    shop.event("PAYMENT_SUCCESS_WEBHOOK").await;
}

/// The time an attempt has. A slow machine must not look like a slow server: it is short only where slowness is
/// the point.
fn patience(kind: &FaultKind) -> Duration {
    match kind {
        FaultKind::Delay(_) => Duration::from_secs(2),
        _ => Duration::from_secs(60),
    }
}

/// The faults after which an order may or may not be there, as (name, fault, whether it is).
fn doubtful() -> [(&'static str, FaultKind, bool); 8] {
    [
        ("reset before", FaultKind::ResetBefore, false),
        ("reset after", FaultKind::ResetAfter, true),
        ("truncated", FaultKind::Truncated, true),
        ("a page for 502", FaultKind::Html502, false),
        ("a page for 502, after", FaultKind::Html502, true),
        ("an empty 500", FaultKind::Empty500, false),
        ("an empty 500, after", FaultKind::Empty500, true),
        ("slow", FaultKind::Delay(Duration::from_secs(4)), true),
    ]
}

fn fault(kind: FaultKind, effect: bool, operation: &str) -> Fault {
    let fault = Fault::new(kind.clone()).operation(operation);
    match kind {
        FaultKind::Html502 | FaultKind::Empty500 if effect => fault.after_effect(),
        _ => fault,
    }
}

#[tokio::test]
async fn a_retried_order_is_one_order() {
    for (what, kind, effect) in doubtful() {
        let (shop, _) = shop().await;
        let quick = RetryPolicy::default()
            .backoff(Duration::from_millis(1), Duration::from_millis(5))
            .max_attempts(2)
            .attempt_timeout(patience(&kind));
        let api = handle(&shop.sandbox).retry(quick).build().expect("a handle").v2025_01_01();
        shop.sandbox.inject(fault(kind, effect, "PGCreateOrder"));
        // Without an order id of ours a second order would go unnoticed by Cashfree.
        let order = api.create_order(request("10.10")).send().await.unwrap_or_else(|e| panic!("{what}: {e}"));
        assert_eq!(order.meta().attempts(), 2, "{what}");
        assert_eq!(order.meta().is_replayed(), effect, "{what}");
        let sent = shop.requests("PGCreateOrder");
        assert_eq!(sent.len(), 2, "{what}");
        assert_eq!(sent[0].idempotency_key, sent[1].idempotency_key, "{what}");
        assert_eq!(sent[0].idempotency_key.as_deref(), order.meta().idempotency_key(), "{what}");
        // The order that was made is the one that was answered: the next id is the next order's.
        let next = api.create_order(request("10.10")).send().await.expect("another order");
        let number = |id: &Option<cashfree_pg::types::Id>| -> u64 {
            id.as_deref().and_then(|id| id.parse().ok()).expect("a number")
        };
        assert_eq!(number(&next.cf_order_id), number(&order.cf_order_id) + 1, "{what}: one order in between");
    }
}

#[tokio::test]
async fn without_retries_the_outcome_is_unknown_and_the_key_finds_out() {
    for (what, kind, effect) in doubtful() {
        let (shop, api) = shop().await;
        let patience = patience(&kind);
        shop.sandbox.inject(fault(kind, effect, "PGCreateOrder"));
        let call = api.create_order(request("10.10").order_id("order_1")).idempotency_key("key_1");
        let call = call.retry(RetryPolicy::off()).timeout(patience);
        let error = call.send().await.expect_err(what);
        assert_eq!(error.kind(), ErrorKind::OutcomeUnknown, "{what}: {error}");
        assert!(error.is_outcome_unknown(), "{what}");
        assert_eq!(error.idempotency_key(), Some("key_1"), "{what}");
        assert_eq!(error.operation(), Some("create_order"), "{what}");

        let again = api.create_order(request("10.10").order_id("order_1")).idempotency_key("key_1").send();
        let order = again.await.unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(order.meta().is_replayed(), effect, "{what}");
        let same = api.fetch_order("order_1").send().await.expect("the order");
        assert_eq!(same.cf_order_id, order.cf_order_id, "{what}");
    }
}

#[tokio::test]
async fn a_retried_refund_gives_money_back_once() {
    let (mut shop, api) = shop().await;
    paid(&mut shop, &api, "order_1").await;
    shop.sandbox.inject(Fault::new(FaultKind::ResetAfter).operation("PGOrderCreateRefund").times(2));
    let refund = CreateRefundRequest::new(rupees("60"), "refund_1");
    let refunded = api.create_order_refund("order_1", refund).send().await.expect("a refund");
    assert_eq!((refunded.meta().attempts(), refunded.meta().is_replayed()), (3, true));
    let refunds = api.fetch_order_refunds("order_1").send().await.expect("refunds");
    assert_eq!(refunds.iter().filter_map(|one| one.refund_amount).collect::<Vec<_>>(), [rupees("60")]);
    // A fourth fault is one more than there are attempts.
    shop.sandbox.inject(Fault::new(FaultKind::ResetAfter).operation("PGOrderCreateRefund").times(3));
    let refund = CreateRefundRequest::new(rupees("40"), "refund_2");
    let error = api.create_order_refund("order_1", refund.clone()).send().await.expect_err("no answer");
    assert_eq!((error.kind(), error.meta().attempts()), (ErrorKind::OutcomeUnknown, 3));
    let key = error.idempotency_key().expect("a key").to_owned();
    let found =
        api.create_order_refund("order_1", refund).idempotency_key(key).send().await.expect("it was made");
    assert!(found.meta().is_replayed());
}

#[tokio::test]
async fn a_read_is_read_again() {
    let (shop, api) = shop().await;
    api.create_order(request("10.10").order_id("order_1")).send().await.expect("an order");
    for (what, kind, effect) in doubtful().into_iter().take(7) {
        shop.sandbox.inject(fault(kind.clone(), effect, "PGFetchOrder"));
        let order = api.fetch_order("order_1").send().await.unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!((order.meta().attempts(), order.meta().idempotency_key()), (2, None), "{what}");
        shop.sandbox.inject(fault(kind, effect, "PGFetchOrder"));
        let error = api.fetch_order("order_1").retry(RetryPolicy::off()).send().await.expect_err(what);
        assert!(!error.is_outcome_unknown() && error.is_retryable(), "{what}: {error}");
    }
}

#[tokio::test]
async fn a_429_is_waited_out() {
    let (shop, api) = shop().await;
    shop.sandbox.inject(Fault::new(FaultKind::RateLimited(1)).operation("PGCreateOrder"));
    let start = Instant::now();
    let order = api.create_order(request("10.10")).send().await.expect("an order");
    assert!(start.elapsed() >= Duration::from_secs(1), "{:?}", start.elapsed());
    // Nothing was done by the first attempt, so there is nothing to replay.
    assert_eq!((order.meta().attempts(), order.meta().is_replayed()), (2, false));
    assert_eq!(order.meta().rate_limit().limit(), Some(10_000));

    // A wait that would pass the deadline is not begun.
    shop.sandbox.inject(Fault::new(FaultKind::RateLimited(50)).operation("PGCreateOrder"));
    let start = Instant::now();
    let call = api.create_order(request("10.10")).timeout(Duration::from_secs(20));
    let error = call.send().await.expect_err("too long a wait");
    assert!(start.elapsed() < Duration::from_secs(10));
    assert_eq!((error.kind(), error.meta().attempts()), (ErrorKind::RateLimited, 1));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(50)));
    assert_eq!(error.rate_limit().remaining(), Some(0));
    assert!(error.is_retryable() && !error.is_outcome_unknown());
}

#[tokio::test]
async fn the_limit_of_the_account_is_told() {
    let shop = Shop::with(|sandbox| sandbox.rate_limit(3)).await;
    let api = shop.cashfree.v2025_01_01();
    for left in [2, 1, 0] {
        let order = api.create_order(request("10.10")).send().await.expect("within the limit");
        assert_eq!(order.meta().rate_limit().remaining(), Some(left));
    }
    let call = api.create_order(request("10.10")).retry(RetryPolicy::off());
    let error = call.send().await.expect_err("over the limit");
    assert_eq!(error.kind(), ErrorKind::RateLimited);
    assert!(error.retry_after().is_some_and(|wait| wait > Duration::from_secs(50)));
    shop.sandbox.advance(Duration::from_secs(60));
    api.create_order(request("10.10")).send().await.expect("a minute later");
}

#[tokio::test]
async fn a_storm_of_faults_moves_money_once() {
    let (shop, _) = shop().await;
    // Nearly every second attempt fails: with few attempts one call in a hundred runs would fail for good.
    let patient = RetryPolicy::default()
        .backoff(Duration::from_millis(1), Duration::from_millis(5))
        .max_attempts(40)
        .seed(7);
    let api = handle(&shop.sandbox).retry(patient).build().expect("a handle").v2025_01_01();
    for kind in [FaultKind::ResetAfter, FaultKind::Truncated, FaultKind::Html502, FaultKind::ResetBefore] {
        shop.sandbox.inject(Fault::new(kind).always().percent(15));
    }
    let mut calls = Vec::new();
    for number in 0..100 {
        let api = api.clone();
        calls.push(tokio::spawn(async move {
            let order =
                api.create_order(request("10.10")).send().await.unwrap_or_else(|e| panic!("{number}: {e}"));
            order.cf_order_id.as_deref().and_then(|id| id.parse::<u64>().ok()).expect("a number")
        }));
    }
    let mut numbers = Vec::new();
    for call in calls {
        numbers.push(call.await.expect("no panic"));
    }
    numbers.sort_unstable();
    // The sandbox counts: no number is missing, so no order was made that nobody was told of.
    let first = numbers[0];
    assert_eq!(numbers, (first..first + 100).collect::<Vec<_>>());
    assert!(shop.requests("PGCreateOrder").len() > 130, "there were faults");
}
