//! Calls a server as a shop does, and says how that went: `cargo run --release -p benches --bin load -- --url
//! http://127.0.0.1:8010/pg`. Every second call creates an order, the one after it fetches that order.
//!
//! The time on the processor is this program's. What the server took is not in it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use benches::{by_hand, create_order};
use cashfree_pg::{Cashfree, Credentials, Environment, Error, RetryPolicy};
use clap::Parser;
use cpu_time::ProcessTime;

/// The parts of a run that are listed, to see what changes in its course.
const PARTS: u64 = 10;

#[derive(Parser)]
struct Arguments {
    /// Where the server is, with `/pg`.
    #[arg(long)]
    url: String,
    /// How many calls in all.
    #[arg(long, default_value_t = 100_000)]
    calls: u64,
    /// How many at a time.
    #[arg(long, default_value_t = 32)]
    concurrency: u64,
}

/// What has been done, by all tasks.
#[derive(Default)]
struct Done {
    calls: AtomicU64,
    errors: AtomicU64,
}

async fn call(cashfree: &Cashfree) -> Result<(), Error> {
    let api = cashfree.v2025_01_01();
    let mut order = create_order().order_id(uuid::Uuid::new_v4().to_string());
    order.order_expiry_time = None;
    let order = api.create_order(order).await?;
    api.fetch_order(order.order_id()?).await?;
    Ok(())
}

/// A line of `/proc/self/status`, in MiB; none where there is no such file.
fn memory(name: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.trim_matches(|c: char| !c.is_ascii_digit()).parse::<u64>().ok().map(|kib| kib / 1024)
}

/// Reports each part of the run when it is done.
async fn report(done: &Done, calls: u64) {
    let mut last = Instant::now();
    for part in 1..=PARTS {
        while done.calls.load(Ordering::Relaxed) < calls * part / PARTS {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        let rate = calls as f64 / PARTS as f64 / last.elapsed().as_secs_f64();
        let memory = memory("VmRSS:").map(|mib| format!(", {mib} MiB")).unwrap_or_default();
        println!("{:>3} %: {rate:.0} calls a second{memory}", 100 * part / PARTS);
        last = Instant::now();
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let arguments = Arguments::parse();
    let cashfree = Cashfree::builder()
        .environment(Environment::custom(&arguments.url)?)
        .credentials(Credentials::merchant(by_hand::APP_ID, by_hand::SECRET))
        // An error is to be seen, not repeated.
        .retry(RetryPolicy::off())
        .build()?;
    let (done, started, cpu) = (Done::default(), Instant::now(), ProcessTime::now());
    let task = || async {
        while done.calls.load(Ordering::Relaxed) < arguments.calls {
            if let Err(error) = call(&cashfree).await {
                // The first says why; a server that refuses refuses them all.
                if done.errors.fetch_add(1, Ordering::Relaxed) == 0 {
                    eprintln!("{error}");
                }
            }
            done.calls.fetch_add(2, Ordering::Relaxed);
        }
    };
    let tasks = futures_util::future::join_all((0..arguments.concurrency).map(|_| task()));
    futures_util::future::join(tasks, report(&done, arguments.calls)).await;
    let (calls, errors) = (done.calls.into_inner(), done.errors.into_inner());
    println!("{calls} calls, {errors} errors, {:.1} s", started.elapsed().as_secs_f64());
    println!("{:.1} s on the processor", cpu.elapsed().as_secs_f64());
    if let Some(peak) = memory("VmHWM:") {
        println!("{peak} MiB at most");
    }
    Ok(())
}
