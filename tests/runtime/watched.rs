//! What looks on, and what holds back: observers, dropped calls, the rate limiter.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use crate::support::{Reply, Server, refusal};
use cashfree_pg::{
    ApiVersion, AttemptReport, CallEnd, CallInfo, CallReport, ErrorKind, Method, Observer, RateLimiter,
};

fn version() -> ApiVersion {
    ApiVersion::new("2025-01-01").unwrap()
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Observer for Log {
    fn call_started(&self, call: &CallInfo) {
        let line = format!("{} {} {} {}", call.operation(), call.api_version(), call.method(), call.path());
        self.0.lock().unwrap().push(line);
    }

    fn attempt_finished(&self, _: &CallInfo, attempt: &AttemptReport) {
        let AttemptReport { attempt, status, failure, retry_in, .. } = attempt;
        let line = format!("attempt {attempt}: {status:?} {failure:?} again: {}", retry_in.is_some());
        self.0.lock().unwrap().push(line);
    }

    fn call_finished(&self, _: &CallInfo, report: &CallReport) {
        let CallReport { end, status, attempts, .. } = report;
        self.0.lock().unwrap().push(format!("{end:?} {status:?} after {attempts}"));
    }
}

#[tokio::test]
async fn an_observer_hears_of_every_call_once() {
    let answers = AtomicUsize::new(0);
    let server = Server::start(move |_| match answers.fetch_add(1, Ordering::SeqCst) {
        0 => Reply::json(503, ""),
        1 => Reply::json(200, "{}"),
        _ => refusal(404, "invalid_request_error", "order_not_found"),
    })
    .await;
    let log = Log::default();
    let cashfree = server.builder().observer(log.clone()).build().unwrap();
    let call = || cashfree.request(version(), Method::GET, "/orders/{order_id}").path("order_id", "order_1");
    call().await.unwrap();
    call().await.unwrap_err();
    call().path("order_id", "").await.unwrap_err();
    insta::assert_snapshot!(log.0.lock().unwrap().join("\n"));
}

#[tokio::test]
async fn a_dropped_call_leaves_nothing_behind() {
    let server = Server::start(|_| Reply::Stall(Vec::new())).await;
    let log = Log::default();
    let cashfree = server
        .builder()
        .observer(log.clone())
        .rate_limiter(RateLimiter::new().concurrency(1))
        .build()
        .unwrap();
    for dropped in 1..=3 {
        tokio::select! {
            _ = cashfree.request(version(), Method::POST, "/orders").send() => panic!("it was answered"),
            () = wait_until(|| server.seen().len() == dropped) => {}
        }
        assert_eq!(log.0.lock().unwrap().pop().unwrap(), format!("{:?} None after 1", CallEnd::Dropped));
        wait_until(|| server.abandoned() == dropped).await;
    }
    // Its only slot is free again, and nothing was tried a second time.
    assert_eq!(server.seen().len(), 3);
}

/// It panics whenever it hears of anything.
struct Panics;

impl Observer for Panics {
    fn call_started(&self, _: &CallInfo) {
        panic!("started");
    }

    fn attempt_finished(&self, _: &CallInfo, _: &AttemptReport) {
        panic!("attempt");
    }

    fn call_finished(&self, _: &CallInfo, _: &CallReport) {
        panic!("finished");
    }
}

#[tokio::test]
async fn an_observer_that_panics_harms_nobody() {
    let server = Server::start(|request| match request.method.as_str() {
        "GET" => Reply::json(200, "{}"),
        _ => Reply::Stall(Vec::new()),
    })
    .await;
    let cashfree = server.builder().observer(Panics).build().unwrap();
    cashfree.request(version(), Method::GET, "/orders").await.unwrap();
    // Dropped by a panic: a second one would end the process.
    let call = tokio::spawn(async move {
        tokio::select! {
            _ = cashfree.request(version(), Method::POST, "/orders").send() => {}
            () = tokio::time::sleep(Duration::from_millis(100)) => panic!("the task"),
        }
    });
    assert!(call.await.unwrap_err().is_panic());
}

async fn wait_until(done: impl Fn() -> bool) {
    let started = Instant::now();
    while !done() {
        assert!(started.elapsed() < Duration::from_secs(10), "it never happened");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_more_requests_are_under_way_than_allowed() {
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    struct Count(Arc<AtomicUsize>);
    impl Observer for Count {
        fn attempt_finished(&self, _: &CallInfo, _: &AttemptReport) {
            self.0.fetch_sub(1, Ordering::SeqCst);
        }
    }
    let server = Server::start({
        let (now, most) = (now.clone(), most.clone());
        move |_| {
            most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            std::thread::sleep(Duration::from_millis(1));
            Reply::json(200, "{}")
        }
    })
    .await;
    let cashfree = server
        .builder()
        .observer(Count(now))
        .rate_limiter(RateLimiter::new().concurrency(4))
        .build()
        .unwrap();
    let calls: Vec<_> =
        (0..100).map(|_| tokio::spawn(cashfree.request(version(), Method::GET, "/orders").send())).collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    // The slot is free a moment before the observer hears of it.
    assert!((2..=6).contains(&most.load(Ordering::SeqCst)), "{most:?}");
}

#[tokio::test]
async fn when_nothing_is_left_the_client_waits_or_says_so() {
    let server = Server::start(|_| {
        Reply::json(200, "{}")
            .with("x-ratelimit-limit", 6000)
            .with("x-ratelimit-remaining", 0)
            .with("x-ratelimit-retry", 3)
    })
    .await;
    let cashfree = server.builder().rate_limiter(RateLimiter::new()).build().unwrap();
    let call = || cashfree.request(version(), Method::GET, "/orders");
    let started = Instant::now();
    call().await.unwrap();
    let error = call().timeout(Duration::from_millis(300)).await.unwrap_err();
    assert!(started.elapsed() < Duration::from_millis(2900), "a wait past the deadline was begun");
    assert_eq!((error.kind(), error.meta().attempts(), error.status()), (ErrorKind::RateLimited, 0, None));
    assert!(error.is_retryable() && error.retry_after().is_some());
    call().await.unwrap();
    assert!(started.elapsed() >= Duration::from_secs(3), "it did not wait");
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn after_a_429_that_names_no_wait_nobody_asks_for_a_minute() {
    let server = Server::start(|_| Reply::json(429, "")).await;
    let cashfree = server.builder().rate_limiter(RateLimiter::new()).build().unwrap();
    let call = || {
        let retry = cashfree_pg::RetryPolicy::off();
        cashfree.request(version(), Method::GET, "/orders").retry(retry).timeout(Duration::from_secs(30))
    };
    assert_eq!(call().await.unwrap_err().meta().attempts(), 1);
    let error = call().await.unwrap_err();
    assert_eq!((error.kind(), error.meta().attempts()), (ErrorKind::RateLimited, 0));
    assert!(error.retry_after().is_some_and(|wait| wait > Duration::from_secs(50)));
    assert_eq!(server.seen().len(), 1);
}
