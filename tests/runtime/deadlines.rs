//! Time: a deadline holds for the whole call, and what there is no time for is not begun.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use cashfree_pg::{ApiVersion, ErrorKind, Method};

use super::faults::{Kind, WHOLE, too_many};
use super::transport::plain;
use crate::support::{Reply, Server, quick_retries};

#[tokio::test]
async fn a_wait_past_the_deadline_is_not_begun() {
    let server = Server::start(|_| too_many().with("x-ratelimit-retry", 30)).await;
    let started = Instant::now();
    let error = Kind::Post.call(&server.client()).timeout(Duration::from_secs(20)).await.unwrap_err();
    assert!(started.elapsed() < Duration::from_secs(10), "it waited");
    assert_eq!((error.kind(), error.meta().attempts()), (ErrorKind::RateLimited, 1));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(30)));
    assert!(error.is_retryable());
}

#[tokio::test]
async fn the_deadline_holds_for_the_whole_call() {
    let server = Server::start(|_| Reply::Stall(Vec::new())).await;
    let started = Instant::now();
    let retry = quick_retries().max_attempts(50).attempt_timeout(Duration::from_millis(300));
    let call = Kind::Get.call(&server.client()).retry(retry).timeout(Duration::from_secs(2));
    let error = call.await.unwrap_err();
    assert!((Duration::from_millis(1900)..Duration::from_secs(10)).contains(&started.elapsed()));
    assert_eq!(error.kind(), ErrorKind::Unanswered);
    assert!(error.is_timeout());
    assert!((2..=8).contains(&error.meta().attempts()));
}

#[tokio::test]
async fn what_no_time_is_left_for_is_not_sent() {
    let server = Server::start(|_| Reply::json(200, WHOLE)).await;
    let cashfree = server.client();
    let error = Kind::Post.call(&cashfree).timeout(Duration::ZERO).await.unwrap_err();
    assert_eq!((error.kind(), error.meta().attempts()), (ErrorKind::InvalidInput, 0));
    assert_eq!(error.invalid().unwrap().violations()[0].member(), "timeout");
    let error = Kind::Post.call(&cashfree).timeout(Duration::from_nanos(1)).await.unwrap_err();
    assert_eq!((error.kind(), error.meta().attempts()), (ErrorKind::NeverSent, 0));
    assert!(error.is_timeout() && error.is_retryable());
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn an_endless_timeout_is_no_reason_to_panic() {
    let server = Server::start(|_| Reply::json(200, WHOLE)).await;
    let retry = quick_retries().attempt_timeout(Duration::MAX);
    Kind::Get.call(&server.client()).retry(retry).timeout(Duration::MAX).await.unwrap();
}

/// An attempt that another may follow is given up early. Nothing is left to save time for after the last one.
///
/// Not over HTTP: on a busy machine the first attempt may end before a server hears of it, which would then take
/// the second for the first.
#[tokio::test]
async fn the_last_attempt_has_what_is_left_of_the_call() {
    for attempts in [1, 2] {
        let made = AtomicU32::new(0);
        let retry = quick_retries().max_attempts(attempts).attempt_timeout(Duration::from_millis(150));
        let cashfree = plain("https://api.example/pg").retry(retry).timeout(Duration::from_secs(60));
        let cashfree = cashfree.transport(move |_| {
            let is_last = made.fetch_add(1, Ordering::SeqCst) + 1 == attempts;
            async move {
                if !is_last {
                    std::future::pending::<()>().await;
                }
                tokio::time::sleep(Duration::from_millis(600)).await;
                Ok(http::Response::new(WHOLE.into()))
            }
        });
        let answer = Kind::Get.call(&cashfree.build().unwrap()).await.unwrap();
        assert_eq!(answer.meta().attempts(), attempts);
    }
}

/// What may not be repeated is not given up for a repeat either.
#[tokio::test]
async fn an_attempt_that_none_may_follow_has_all_the_time() {
    let retry = quick_retries().attempt_timeout(Duration::from_millis(150));
    let cashfree = plain("https://api.example/pg").retry(retry).timeout(Duration::from_secs(60));
    let cashfree = cashfree.transport(|request: http::Request<Bytes>| async move {
        assert!(!request.headers().contains_key("x-idempotency-key"));
        tokio::time::sleep(Duration::from_millis(600)).await;
        Ok(http::Response::new(WHOLE.into()))
    });
    let cashfree = cashfree.build().unwrap();
    let version = ApiVersion::new("2025-01-01").unwrap();
    let call = || cashfree.request(version, Method::POST, "/debit").without_idempotency_key();
    assert_eq!(call().await.unwrap().meta().attempts(), 1);
    let error = call().idempotency_key("key-1").await.unwrap_err();
    assert!(
        error.invalid().is_some_and(|invalid| invalid.to_string().contains("idempotency_key")),
        "{error}"
    );
}
