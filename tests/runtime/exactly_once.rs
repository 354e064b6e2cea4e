//! Ten thousand payments through a network that fails: every order and every refund exists exactly once.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex},
    time::Duration,
};

use crate::support::{Reply, Request, Server, encode, refusal};
use cashfree_pg::{ApiVersion, Cashfree, ErrorKind, Method, RetryPolicy};
use serde_json::json;

/// A server that keeps orders and refunds and knows nothing but idempotency keys to tell a repeat from a
/// second wish: with two keys, money moves twice.
#[derive(Default)]
struct Till {
    /// Key to body and answer.
    answered: HashMap<String, (Vec<u8>, String)>,
    /// How often an order or a refund was carried out.
    carried_out: HashMap<String, u32>,
    /// How often anything about it was asked.
    asked: HashMap<String, u32>,
}

impl Till {
    fn carry_out(&mut self, id: &str, request: &Request) -> Reply {
        let key = request.header("x-idempotency-key");
        match self.answered.get(key) {
            Some((body, answer)) if *body == request.body => {
                Reply::json(200, answer).with("x-idempotency-replayed", "true")
            }
            Some(_) => refusal(422, "idempotency_error", "idempotency_key_reused"),
            None => {
                *self.carried_out.entry(id.to_owned()).or_default() += 1;
                let answer = json!({ "id": id, "amount": request.json()["amount"] }).to_string();
                self.answered.insert(key.to_owned(), (request.body.clone(), answer.clone()));
                Reply::json(200, answer)
            }
        }
    }

    /// Faults on 30 % of the attempts, each decided by the seed, the id and the number of the attempt:
    /// never by who came first.
    fn handle(&mut self, request: &Request, seed: u64) -> Reply {
        let body = request.json();
        let id = body["id"].as_str().expect("every request names its id").to_owned();
        assert!(!request.header("x-idempotency-key").is_empty());
        let attempt = self.asked.entry(id.clone()).or_default();
        *attempt += 1;
        let mut chance = chance(seed, &format!("{id} {attempt}"));
        if chance.u32(..100) >= 30 {
            return self.carry_out(&id, request);
        }
        // The first half is not carried out, the second is, and the answer is lost.
        match chance.u32(..10) {
            0 => Reply::Reset(Vec::new()),
            1 => Reply::json(502, "<html>Bad Gateway</html>"),
            2 => refusal(500, "api_error", "api_error"),
            3 => refusal(429, "rate_limit_error", "rate_limit_exceeded"),
            4 => refusal(400, "invalid_request_error", "refused_for_no_reason"),
            lost => {
                let answer = encode(&self.carry_out(&id, request));
                match lost {
                    5 => Reply::Reset(Vec::new()),
                    6 => Reply::Close(Vec::new()),
                    7 => Reply::Close(answer[..answer.len() - 5].to_vec()),
                    8 => refusal(502, "api_error", "bank_processing_failure"),
                    _ => Reply::json(200, r#"{"id":"#),
                }
            }
        }
    }
}

/// Seeded by both, and the same with every Rust: the standard library's hashes need not be.
fn chance(seed: u64, text: &str) -> fastrand::Rng {
    let fnv = text.bytes().fold(seed ^ 0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    fastrand::Rng::with_seed(fnv)
}

/// Calls until it knows, as a careful caller does, and returns how each call ended.
async fn settle(cashfree: &Cashfree, till: &Mutex<Till>, path: &'static str, id: &str) -> Vec<String> {
    let version = ApiVersion::new("2025-01-01").unwrap();
    let mut key: Option<String> = None;
    let mut doubt = false;
    let mut ends = Vec::new();
    loop {
        let mut call =
            cashfree.request(version, Method::POST, path).json(&json!({ "id": id, "amount": 10.5 }));
        if path.contains("{order_id}") {
            call = call.path("order_id", id.trim_start_matches("refund_"));
        }
        if let Some(key) = &key {
            call = call.idempotency_key(key);
        }
        let carried_out = || till.lock().unwrap().carried_out.get(id).copied().unwrap_or_default();
        match call.await {
            Ok(answer) => {
                assert_eq!((answer.json()["id"].as_str(), carried_out()), (Some(id), 1));
                ends.push(format!("success, {} attempts", answer.meta().attempts()));
                return ends;
            }
            Err(error) => {
                ends.push(format!("{}, {} attempts", error.kind(), error.meta().attempts()));
                assert!(ends.len() < 50, "{id} never ends: {ends:?}");
                match error.kind() {
                    ErrorKind::OutcomeUnknown => {
                        doubt = true;
                        key = error.idempotency_key().map(str::to_owned);
                    }
                    // After a call that said it did not know, another's failure says nothing about the first.
                    ErrorKind::Rejected | ErrorKind::RateLimited if doubt => {}
                    ErrorKind::Rejected | ErrorKind::RateLimited => {
                        assert_eq!(carried_out(), 0, "{id} was reported as failed, but it happened: {error}");
                    }
                    _ => panic!("{id}: {error}"),
                }
            }
        }
    }
}

/// Creates and refunds so many orders; how each call ended, by id.
async fn shop(seed: u64, orders: usize) -> BTreeMap<String, Vec<String>> {
    let till = Arc::new(Mutex::new(Till::default()));
    let server = Server::start({
        let till = till.clone();
        move |request| till.lock().unwrap().handle(request, seed)
    })
    .await;
    let retry = RetryPolicy::default()
        .backoff(Duration::from_millis(1), Duration::from_millis(2))
        .rate_limit_wait(Duration::from_millis(1))
        // A busy machine must not add faults of its own.
        .attempt_timeout(Duration::from_secs(100));
    let cashfree = server.builder().retry(retry).timeout(Duration::from_secs(200)).build().unwrap();

    const TILLS: usize = 32;
    let workers: Vec<_> = (0..TILLS)
        .map(|worker| {
            let (cashfree, till) = (cashfree.clone(), till.clone());
            tokio::spawn(async move {
                let mut log = Vec::new();
                for number in (worker..orders).step_by(TILLS) {
                    let (order, refund) = (format!("order_{number}"), format!("refund_order_{number}"));
                    let ends = settle(&cashfree, &till, "/orders", &order).await;
                    log.push((order, ends));
                    let ends = settle(&cashfree, &till, "/orders/{order_id}/refunds", &refund).await;
                    log.push((refund, ends));
                }
                log
            })
        })
        .collect();
    let mut ends = BTreeMap::new();
    for worker in workers {
        ends.extend(worker.await.unwrap());
    }
    let till = till.lock().unwrap();
    assert_eq!(ends.len(), 2 * orders);
    assert_eq!(till.carried_out.len(), 2 * orders);
    assert!(till.carried_out.values().all(|times| *times == 1), "money moved twice");
    ends
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_calls_move_money_exactly_once() {
    let ends = shop(20_250_101, 5_000).await;
    let mut tally: BTreeMap<&str, u32> = BTreeMap::new();
    for end in ends.values().flatten() {
        *tally.entry(end).or_default() += 1;
    }
    let tally: String = tally.iter().map(|(end, calls)| format!("{calls:>6} {end}\n")).collect();
    insta::assert_snapshot!(tally);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_seed_gives_the_same_result_call_by_call() {
    let (first, second, other) = (shop(7, 200).await, shop(7, 200).await, shop(8, 200).await);
    assert_eq!(first, second);
    assert_ne!(first, other);
}
