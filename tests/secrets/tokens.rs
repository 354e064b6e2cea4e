//! The bearer token of a product that has one: fetched when it is needed, shared, renewed, and never shown.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::support::log::Log;
use crate::support::{Reply, Request, Server, refusal};
use cashfree_pg::global_collections::types::SimulatePaymentRequest;
use cashfree_pg::types::Amount;
use cashfree_pg::{Cashfree, Credentials, ErrorKind, RetryPolicy};
use tokio::sync::Notify;

const KEY: &str = "partner_MARKED_key";

/// A server that answers tokens `MARKED_1`, `MARKED_2` … and takes those from `oldest` on.
struct Desk {
    fetched: AtomicUsize,
    oldest: AtomicUsize,
    /// The end of a token, as it is answered.
    expiry: &'static str,
}

impl Desk {
    fn new(expiry: &'static str) -> Arc<Self> {
        Arc::new(Self { fetched: AtomicUsize::new(0), oldest: AtomicUsize::new(1), expiry })
    }

    fn answer(&self, request: &Request) -> Reply {
        if request.target == "/gc/authorize" {
            assert_eq!(request.header("x-partner-apikey"), KEY);
            let number = self.fetched.fetch_add(1, Ordering::SeqCst) + 1;
            let expiry = self.expiry;
            return Reply::json(
                200,
                format!(r#"{{"data":{{"token":"MARKED_{number}","expiry":{expiry}}}}}"#),
            );
        }
        assert_eq!(request.header("x-partner-apikey"), "", "the key goes to the desk alone");
        let token = request.header("authorization");
        let number = token.strip_prefix("Bearer MARKED_").and_then(|number| number.parse().ok());
        if number.is_none_or(|number: usize| number < self.oldest.load(Ordering::SeqCst)) {
            return Reply::json(401, format!(r#"{{"status":"ERROR","message":"{token} has ended"}}"#));
        }
        Reply::json(200, r#"{"status":"SUCCESS","subCode":"200","message":"fine"}"#)
    }

    fn fetched(&self) -> usize {
        self.fetched.load(Ordering::SeqCst)
    }

    /// From now on the tokens that were answered so far are refused.
    fn end_all(&self) {
        self.oldest.store(self.fetched() + 1, Ordering::SeqCst);
    }
}

async fn start(desk: &Arc<Desk>) -> (Server, Cashfree, Log) {
    let server = Server::start({
        let desk = Arc::clone(desk);
        move |request| desk.answer(request)
    })
    .await;
    let log = Log::default();
    let builder = server.builder().credentials(Credentials::partner_merchant("merchant_1", KEY));
    let cashfree = builder.observer(log.clone()).build().unwrap();
    (server, cashfree, log)
}

fn payment() -> SimulatePaymentRequest {
    SimulatePaymentRequest::new("8331200417", Amount::from_paise(125_000), "USD", "COLLECT", "000987654321")
}

fn check(what: &str, text: &str) {
    assert!(!text.contains("MARKED"), "{what} shows a secret: {text}");
}

/// 32 calls at once, none of which may fail.
async fn many_calls(cashfree: &Cashfree) {
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..32 {
        let api = cashfree.global_collections();
        calls.spawn(async move { api.fetch_virtual_accounts().await.map(|answer| format!("{answer:?}")) });
    }
    while let Some(answer) = calls.join_next().await {
        check("an answer", &answer.unwrap().unwrap());
    }
}

#[tokio::test]
async fn a_token_that_ends_under_way_is_renewed_once_for_all() {
    let desk = Desk::new("600");
    let (server, cashfree, log) = start(&desk).await;
    #[cfg(feature = "tracing")]
    let _hearing = log.hear();
    let api = cashfree.global_collections();
    api.fetch_virtual_accounts().await.unwrap();
    assert_eq!(desk.fetched(), 1);
    desk.end_all();
    many_calls(&cashfree).await;
    assert_eq!(desk.fetched(), 2, "all share the new one");
    let seen = server.seen();
    assert!(seen.iter().filter(|r| r.header("authorization") == "Bearer MARKED_1").count() > 1);
    check("the client", &format!("{cashfree:?} {cashfree:#?} {api:?}"));
    check("an observer", &log.text());
}

#[tokio::test]
async fn calls_that_begin_together_fetch_one_token() {
    let desk = Desk::new("600");
    let (_server, cashfree, _) = start(&desk).await;
    many_calls(&cashfree).await;
    assert_eq!(desk.fetched(), 1);
}

#[tokio::test]
async fn a_token_is_renewed_before_it_ends() {
    // Three seconds, of which a tenth is left unused.
    let desk = Desk::new("3");
    let (server, cashfree, _) = start(&desk).await;
    let api = cashfree.global_collections();
    api.fetch_virtual_accounts().await.unwrap();
    tokio::time::sleep(Duration::from_millis(2800)).await;
    api.fetch_virtual_accounts().await.unwrap();
    assert_eq!(desk.fetched(), 2);
    assert_eq!(server.seen().last().unwrap().header("authorization"), "Bearer MARKED_2");
}

#[tokio::test]
async fn a_change_that_was_refused_for_its_token_is_sent_again_with_a_new_one() {
    let desk = Desk::new("600");
    let (server, cashfree, _) = start(&desk).await;
    let api = cashfree.global_collections();
    api.simulate_payment(payment()).await.unwrap();
    desk.end_all();
    let answer = api.simulate_payment(payment()).await.unwrap();
    assert_eq!(answer.status.as_deref(), Some("SUCCESS"));
    let sent: Vec<_> = server.seen().iter().map(|r| r.header("authorization").to_owned()).collect();
    assert_eq!(sent, ["", "Bearer MARKED_1", "Bearer MARKED_1", "", "Bearer MARKED_2"]);
}

#[tokio::test]
async fn without_repeats_a_token_is_renewed_for_the_next_call() {
    let desk = Desk::new("600");
    let (server, cashfree, _) = start(&desk).await;
    let call = || cashfree.global_collections().simulate_payment(payment()).retry(RetryPolicy::off());
    call().await.unwrap();
    desk.end_all();
    let error = call().await.unwrap_err();
    assert_eq!((error.kind(), error.meta().attempts()), (ErrorKind::Rejected, 1));
    call().await.unwrap();
    let sent: Vec<_> = server.seen().iter().map(|r| r.header("authorization").to_owned()).collect();
    assert_eq!(sent, ["", "Bearer MARKED_1", "Bearer MARKED_1", "", "Bearer MARKED_2"]);
}

#[tokio::test]
async fn a_new_token_that_is_refused_as_well_is_the_end() {
    let desk = Desk::new("600");
    desk.oldest.store(usize::MAX, Ordering::SeqCst);
    let (server, cashfree, log) = start(&desk).await;
    for _ in 0..2 {
        let before = server.seen().len();
        let error = cashfree.global_collections().simulate_payment(payment()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Rejected, "{error}");
        check("an error", &format!("{error} {error:?} {error:#?} {:?}", error.api_error()));
        let asked = server.seen().len() - before;
        assert!(asked <= 4, "{asked} requests: a token, the call, another token, the call");
    }
    check("an observer", &log.text());
}

#[tokio::test]
async fn a_call_ends_in_time_while_another_fetches_a_token() {
    let (fetched, fetches) = (AtomicUsize::new(0), Arc::new(Notify::new()));
    let server = Server::start(move |request| match request.target.as_str() {
        "/gc/authorize" if fetched.fetch_add(1, Ordering::SeqCst) > 0 => {
            fetches.notify_one();
            Reply::Stall(Vec::new())
        }
        "/gc/authorize" => Reply::json(200, r#"{"data":{"token":"MARKED_1"}}"#),
        // Once the other call has been refused, and fetches.
        "/gc/token/verify" => Reply::After(fetches.clone(), Reply::json(401, r#"{"status":"ERROR"}"#).into()),
        path => Reply::json(if path.contains("emulate") { 200 } else { 401 }, r#"{"status":"ERROR"}"#),
    })
    .await;
    let builder = server.builder().credentials(Credentials::partner_merchant("merchant_1", KEY));
    let api = builder.build().unwrap().global_collections();
    drop(api.simulate_payment(payment()).await);
    let late = tokio::spawn({
        let api = api.clone();
        async move {
            let started = std::time::Instant::now();
            let error = api.verify_token().timeout(Duration::from_secs(3)).await.unwrap_err();
            (error, started.elapsed())
        }
    });
    while !server.seen().iter().any(|request| request.target == "/gc/token/verify") {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let fetching = tokio::spawn(async move { api.fetch_virtual_accounts().await });
    let (error, took) = late.await.unwrap();
    fetching.abort();
    assert_eq!(error.kind(), ErrorKind::Rejected, "{error}");
    assert!(took < Duration::from_secs(20), "{took:?}");
}

#[tokio::test]
async fn without_a_token_nothing_is_sent() {
    for (reply, says) in [
        (refusal(403, "authentication_error", "not_allowed"), "403"),
        (Reply::json(200, "{}"), "a token"),
        (Reply::json(200, format!(r#"{{"data":{{"token":"{KEY}\n"}}}}"#)), "a token"),
    ] {
        let server = Server::start(move |request| {
            assert_eq!(request.target, "/gc/authorize");
            reply.clone()
        })
        .await;
        let builder = server.builder().credentials(Credentials::partner_merchant("merchant_1", KEY));
        let cashfree = builder.build().unwrap();
        let error = cashfree.global_collections().simulate_payment(payment()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NeverSent, "{error}");
        let mut text = format!("{error} {error:?}");
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            text += &format!(" {cause} {cause:?}");
            source = cause.source();
        }
        assert!(text.contains(says), "{text}");
        check("an error", &text);
    }
}

#[tokio::test]
async fn credentials_that_the_operation_does_not_take_are_refused() {
    let server = Server::start(|_| Reply::json(200, "{}")).await;
    let merchant = server.client();
    let token = merchant.with_credentials(Credentials::bearer("token_1")).unwrap();
    for error in [
        merchant.global_collections().fetch_virtual_accounts().await.unwrap_err(),
        merchant.one_escrow().fetch_fund_source("fund_1").await.unwrap_err(),
        token.virtual_bank_accounts().fetch_virtual_account("tenant_1").await.unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error:?}");
        assert!(error.to_string().contains("credentials"), "{error}");
    }
    assert_eq!(server.seen().len(), 0);
}
