//! How many instructions things take beside the same by hand, by valgrind's callgrind: `cargo bench -p benches --bench
//! instructions`. Those are the same on a busy machine, and from run to run but for a thousandth.
//!
//! This program runs itself under callgrind, doing one thing a few times, then more often: the difference is what one
//! time takes, without what comes before it. The server of the calls stays outside, and is not counted.

use std::hint::black_box;
use std::process::Command;

use benches::{Compared, Failed, bodies, by_hand, clients, create_order, server};
use cashfree_pg::types::{Body, Payload};
use cashfree_pg::v2025_01_01::types::{Order, Payment, Recon};
use futures_util::future::join_all;
use serde::de::DeserializeOwned;

/// How often a thing is done in the shorter of its two runs, and how much oftener in the longer one.
const WARM: u32 = 5;
const MORE: u32 = 20;

/// What is compared, and how many of it are done at a time.
const THINGS: [(&str, u32); 9] = [
    ("an order, read", 1),
    ("a payment, read", 1),
    ("100 payments, read", 1),
    ("1,000 rows of a report, read", 1),
    ("an order to create, written", 1),
    ("a call that creates, one at a time", 1),
    ("a call that creates, 32 at once", 32),
    ("a call that fetches, one at a time", 1),
    ("a call that fetches, 32 at once", 32),
];

fn read<H: DeserializeOwned, T: Body>(ours: bool, times: u32, body: &str) {
    for _ in 0..times {
        let body = black_box(body.as_bytes());
        match ours {
            true => drop(black_box(T::decode(body))),
            false => drop(black_box(serde_json::from_slice::<H>(body))),
        }
    }
}

fn write(ours: bool, times: u32) {
    let (by_hand, order) = (by_hand::CreateOrder::example(), create_order());
    for _ in 0..times {
        match ours {
            true => drop(black_box(black_box(&order).to_body())),
            false => drop(black_box(serde_json::to_vec(black_box(&by_hand)))),
        }
    }
}

fn call(ours: bool, times: u32, url: &str, at_once: u32, creates: bool) -> Result<(), Failed> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let _inside = runtime.enter();
    let (hand, api) = clients(url)?;
    let (by_hand, order) = (by_hand::CreateOrder::example(), create_order());
    let one = || async {
        match (ours, creates) {
            (true, true) => assert!(api.create_order(&order).await.is_ok()),
            (true, false) => assert!(api.fetch_order("lamp_4471").await.is_ok()),
            (false, true) => assert!(hand.create_order(&by_hand).await.is_ok()),
            (false, false) => assert!(hand.fetch_order("lamp_4471").await.is_ok()),
        }
    };
    for _ in 0..times {
        runtime.block_on(join_all((0..at_once).map(|_| one())));
    }
    Ok(())
}

/// Does a thing, of so many times.
fn perform(thing: usize, ours: bool, times: u32, url: &str) -> Result<(), Failed> {
    let at_once = THINGS[thing].1;
    match thing {
        0 => read::<by_hand::Order, Order>(ours, times, bodies::ORDER),
        1 => read::<by_hand::Payment, Payment>(ours, times, bodies::PAYMENT),
        2 => read::<Vec<by_hand::Payment>, Vec<Payment>>(ours, times, &bodies::payments(100)),
        3 => read::<by_hand::Recon, Recon>(ours, times, &bodies::recon(1000)),
        4 => write(ours, times),
        5 | 6 => call(ours, times, url, at_once, true)?,
        _ => call(ours, times, url, at_once, false)?,
    }
    Ok(())
}

/// The instructions of this program, doing a thing so many times.
fn counted(thing: usize, ours: bool, times: u32, url: &str) -> Result<f64, Failed> {
    let ran = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(std::env::current_exe()?)
        .args([thing.to_string(), ours.to_string(), times.to_string(), url.to_owned()])
        .output()?;
    let said = String::from_utf8_lossy(&ran.stderr);
    let collected = said.lines().find_map(|line| line.split_once("Collected : "));
    match collected.and_then(|(_, count)| count.trim().parse().ok()) {
        Some(count) if ran.status.success() => Ok(count),
        _ => Err(said.into()),
    }
}

fn compare(url: &str) -> Result<(), Failed> {
    for (thing, (what, at_once)) in THINGS.into_iter().enumerate() {
        let once = |ours| -> Result<f64, Failed> {
            let few = counted(thing, ours, WARM, url)?;
            Ok((counted(thing, ours, WARM + MORE, url)? - few) / f64::from(MORE * at_once))
        };
        Compared { by_hand: once(false)?, ours: once(true)? }.print(what, "instr.");
    }
    Ok(())
}

fn main() -> Result<(), Failed> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [thing, ours, times, url] = &arguments[..] {
        return perform(thing.parse()?, ours.parse()?, times.parse()?, url);
    }
    if Command::new("valgrind").arg("--version").output().is_err() {
        println!("not counted: valgrind is not installed");
        return Ok(());
    }
    compare(&server::start(bodies::ORDER)?)
}
