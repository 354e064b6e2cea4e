//! What a whole call costs beside reqwest and serde by hand, in time on the processor: `cargo bench -p benches --bench
//! call`.
//!
//! Both sides speak real HTTP to one server, which runs on a thread that is not counted. Both send the same headers,
//! an idempotency key among them. By hand nothing is checked, retried, kept or redacted.

use benches::{Compared, Failed, bodies, by_hand, clients, create_order, server};
use cpu_time::ThreadTime;
use tokio::runtime::Runtime;

const ROUNDS: usize = 15;
const CALLS: u32 = 1_000;

/// The nanoseconds on this thread's processor that one of many calls takes.
fn cost<F: Future>(runtime: &Runtime, connections: u32, call: impl Fn() -> F + Copy) -> f64 {
    let start = ThreadTime::now();
    runtime.block_on(async {
        let each = || async {
            for _ in 0..CALLS / connections {
                call().await;
            }
        };
        futures_util::future::join_all((0..connections).map(|_| each())).await;
    });
    start.elapsed().as_nanos() as f64 / f64::from(CALLS)
}

/// The middle round of each counts, in turns. Not the cheapest: where the system lets client and server take turns on
/// one processor, a round of single calls costs a third less by luck.
fn compare<A: Future, B: Future>(
    runtime: &Runtime,
    connections: u32,
    by_hand: impl Fn() -> A + Copy,
    ours: impl Fn() -> B + Copy,
) -> Compared {
    let mut rounds = [Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        rounds[0].push(cost(runtime, connections, by_hand));
        rounds[1].push(cost(runtime, connections, ours));
    }
    let [by_hand, ours] = rounds.map(|mut costs| {
        costs.sort_by(f64::total_cmp);
        costs[ROUNDS / 2]
    });
    Compared { by_hand, ours }
}

fn main() -> Result<(), Failed> {
    let url = server::start(bodies::ORDER)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let _inside = runtime.enter();
    let (hand, api) = clients(&url)?;
    let (ours, theirs) = (create_order(), by_hand::CreateOrder::example());
    for connections in [1, 32] {
        let create = compare(
            &runtime,
            connections,
            || async { assert!(hand.create_order(&theirs).await.is_ok()) },
            || async { assert!(api.create_order(&ours).await.is_ok()) },
        );
        create.print(&format!("create an order, {connections} at once"), "ns");
        let fetch = compare(
            &runtime,
            connections,
            || async { assert!(hand.fetch_order("lamp_4471").await.is_ok()) },
            || async { assert!(api.fetch_order("lamp_4471").await.is_ok()) },
        );
        fetch.print(&format!("fetch an order, {connections} at once"), "ns");
    }
    Ok(())
}
