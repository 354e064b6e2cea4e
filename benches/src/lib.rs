//! What the benchmarks share: bodies, the same work by hand, and how to compare two ways of doing it.
//!
//! Nothing here is measured in seconds alone. Each thing is done in turn with what it is compared to, in one run
//! and on the same bytes, so that a ratio holds on a slow or a busy machine too.

pub mod bodies;
#[allow(missing_docs)] // the names are those of the API
pub mod by_hand;
pub mod server;

use std::hint::black_box;
use std::time::{Duration, Instant};

use cashfree_pg::types::Amount;
use cashfree_pg::v2025_01_01::Client;
use cashfree_pg::v2025_01_01::types::{CreateOrderRequest, CustomerDetails, OrderMeta};
use cashfree_pg::{Cashfree, Credentials, Environment};

/// Why something could not be measured.
pub type Failed = Box<dyn std::error::Error>;

/// How long one way is measured before it is the other's turn.
const TURN: Duration = Duration::from_millis(2);
const TURNS: usize = 150;

/// What two ways of doing the same take: the one by hand, and the crate's.
#[derive(Debug, Clone, Copy)]
pub struct Compared {
    /// What it takes by hand.
    pub by_hand: f64,
    /// What it takes with the crate.
    pub ours: f64,
}

impl Compared {
    /// How many times as long as by hand.
    pub fn ratio(self) -> f64 {
        self.ours / self.by_hand
    }

    /// A line of a table.
    pub fn print(self, what: &str, unit: &str) {
        let Self { by_hand, ours } = self;
        println!("{what:<35} {by_hand:>11.0} {unit} by hand {ours:>11.0} {unit} {:>6.2}", self.ratio());
    }
}

/// Measures two ways in turn. Of each the quickest turn counts: what it takes when nobody else wants the processor.
pub fn compare<A, B>(mut by_hand: impl FnMut() -> A, mut ours: impl FnMut() -> B) -> Compared {
    let batches = [batch(&mut by_hand), batch(&mut ours)];
    let mut best = Compared { by_hand: f64::MAX, ours: f64::MAX };
    for _ in 0..TURNS {
        best.by_hand = best.by_hand.min(nanoseconds(batches[0], &mut by_hand));
        best.ours = best.ours.min(nanoseconds(batches[1], &mut ours));
    }
    best
}

/// How often something can be done in a turn.
fn batch<T>(run: &mut impl FnMut() -> T) -> u32 {
    let mut times = 1;
    loop {
        let taken = nanoseconds(times, run) * f64::from(times);
        if taken > TURN.as_nanos() as f64 || times > 1 << 20 {
            return times;
        }
        times *= 2;
    }
}

/// What it takes once, of so many times.
pub fn nanoseconds<T>(times: u32, run: &mut impl FnMut() -> T) -> f64 {
    let start = Instant::now();
    for _ in 0..times {
        black_box(run());
    }
    start.elapsed().as_nanos() as f64 / f64::from(times)
}

/// The same two calls, by hand and with the crate, of a server at this URL.
///
/// # Errors
/// If a client cannot be made.
pub fn clients(url: &str) -> Result<(by_hand::Api, Client), Failed> {
    let cashfree = Cashfree::builder()
        .environment(Environment::custom(url)?)
        .credentials(Credentials::merchant(by_hand::APP_ID, by_hand::SECRET))
        .build()?;
    Ok((by_hand::Api::new(url, Duration::from_secs(30))?, cashfree.v2025_01_01()))
}

/// The order that [`by_hand::CreateOrder::example`] is, with this crate's types.
pub fn create_order() -> CreateOrderRequest {
    let customer = CustomerDetails::new("lamp_buyer_7", "9876543210")
        .customer_name("Asha Rao")
        .customer_email("asha.rao@mail.example");
    CreateOrderRequest::new(Amount::from_paise(121_840), "INR", customer)
        .order_id("lamp_4471")
        .order_meta(
            OrderMeta::new()
                .return_url("https://shop.example/return?order=lamp_4471")
                .notify_url("https://shop.example/cashfree"),
        )
        .order_expiry_time("2026-02-14T18:12:09+05:30")
        .order_note("one lamp, blue")
        .order_tags([("shop", "north"), ("till", "3")].map(|(name, tag)| (name.to_owned(), tag.to_owned())))
}
