//! Random sequences over all products, versions and times; and the laws that hold after each of them.
//!
//! Fifty seeds by default. `SANDBOX_SEEDS=1000..3000` runs those; a failure names its seed.

#[path = "../common/mod.rs"]
mod common;

mod audit;
mod events;
mod settlements;
mod steps;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use cashfree_sandbox::Sandbox;
use common::{Answer, Merchant};
use fastrand::Rng;
use rust_decimal::Decimal;
use serde_json::Value;

/// How many random steps a seed takes.
const STEPS: usize = 150;

/// What the tester knows of the world it has made.
struct World<'a> {
    sandbox: &'a Sandbox,
    random: Rng,
    versions: Vec<&'static str>,
    serial: u64,
    orders: Vec<Order>,
    links: Vec<String>,
    vendors: Vec<String>,
    subscriptions: Vec<String>,
    terminals: Vec<String>,
    disputes: Vec<String>,
    /// Refunds that wait: the ids that banks decide them by.
    waiting: Vec<String>,
    /// What the merchant gave to and took from vendors by hand, and what transfers cost.
    by_hand: Decimal,
    charges: Decimal,
    /// What an event must have told of, and its kind.
    changed: BTreeMap<String, String>,
}

struct Order {
    id: String,
    number: Value,
    session: String,
    was_paid: bool,
}

impl World<'_> {
    fn name(&mut self, kind: &str) -> String {
        self.serial += 1;
        format!("{kind}_{}", self.serial)
    }

    fn version(&mut self) -> &'static str {
        self.versions[self.random.usize(..self.versions.len())]
    }

    /// A version that has all products.
    fn later_version(&mut self) -> &'static str {
        loop {
            let version = self.version();
            if version >= "2023-08-01" {
                return version;
            }
        }
    }

    fn pick(&mut self, from: usize) -> Option<usize> {
        (from > 0).then(|| self.random.usize(..from))
    }

    /// An amount in rupees and paise.
    fn amount(&mut self, most: u64) -> Decimal {
        Decimal::new(i64::try_from(self.random.u64(100..=most * 100)).expect("small"), 2)
    }

    /// Calls the API; every answer is a success or an error in Cashfree's shape, and never the server's fault.
    async fn call(&self, version: &str, method: &str, path: &str, body: Value) -> Answer {
        let answer = Merchant { sandbox: self.sandbox, version }.call(method, path, body).await;
        assert!(answer.status < 500, "{method} {path} {answer:?}");
        if answer.status >= 400 {
            answer.problem();
        }
        answer
    }

    async fn get(&self, version: &str, path: &str) -> Value {
        self.call(version, "GET", path, Value::Null).await.ok()
    }

    async fn control(&self, path: &str, body: Value) -> Answer {
        let url = format!("{}/{path}", self.sandbox.control_url());
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        let answer = common::send("POST", &url, &[], body).await.expect("an answer");
        assert!(answer.status < 500, "{path} {answer:?}");
        answer
    }
}

/// An exact number of an answer.
fn decimal(value: &Value) -> Decimal {
    value.to_string().trim_matches('"').parse().unwrap_or_default()
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

async fn run(seed: u64) {
    let sandbox = Sandbox::builder().seed(seed).start().await.expect("started");
    let mut world = World {
        sandbox: &sandbox,
        random: Rng::with_seed(seed),
        versions: cashfree_sandbox::versions().collect(),
        serial: 0,
        orders: Vec::new(),
        links: Vec::new(),
        vendors: Vec::new(),
        subscriptions: Vec::new(),
        terminals: Vec::new(),
        disputes: Vec::new(),
        waiting: Vec::new(),
        by_hand: Decimal::ZERO,
        charges: Decimal::ZERO,
        changed: BTreeMap::new(),
    };
    world.create_vendor().await;
    for step in 0..STEPS {
        world.step().await;
        if step % 50 == 49 {
            world.audit().await;
        }
    }
    // Whatever is under way comes to its end.
    for days in [1, 2, 8, 40] {
        sandbox.advance(Duration::from_secs(days * 24 * 60 * 60));
    }
    world.audit().await;
    world.audit_events();
}

fn seeds() -> Range<u64> {
    let asked = std::env::var("SANDBOX_SEEDS").unwrap_or_else(|_| "0..50".to_owned());
    let (from, till) = asked.split_once("..").expect("SANDBOX_SEEDS should be FROM..TILL");
    from.parse().expect("a number")..till.parse().expect("a number")
}

#[test]
fn every_sequence_keeps_the_laws() {
    let seeds = seeds();
    let next = Arc::new(AtomicU64::new(seeds.start));
    let workers: Vec<_> = (0..2)
        .map(|_| {
            let (next, till) = (Arc::clone(&next), seeds.end);
            std::thread::spawn(move || {
                let runtime =
                    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= till {
                        return;
                    }
                    let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                        runtime.block_on(run(seed))
                    }));
                    assert!(done.is_ok(), "seed {seed}");
                }
            })
        })
        .collect();
    for worker in workers {
        worker.join().expect("every seed keeps the laws");
    }
}
