//! A webhook endpoint that acknowledges fast, drops duplicates and works in the background:
//! `cargo run -p webhook-once`.
//!
//! Cashfree delivers at least once, and again if the answer is slow. So the handler does two things
//! only: it notes the event's key, and puts the event in a queue. A real one does both in one
//! transaction of its database, so that nothing is lost if the process ends in between.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{FromRef, State};
use axum::http::StatusCode;
use axum::routing::post;
use cashfree_pg::webhook::axum::{Webhook, WebhookRejection};
use cashfree_pg::webhook::{Event, Subject, Verifier};
use tokio::sync::mpsc;

/// The endpoint, and the queue that it fills: at most `capacity` events wait in it.
pub fn app(verifier: Verifier, capacity: usize) -> (Router, mpsc::Receiver<Event>) {
    let (queue, events) = mpsc::channel(capacity);
    let shop = Shop { verifier, seen: Seen::default(), queue };
    (Router::new().route("/webhooks/cashfree", post(receive)).with_state(shop), events)
}

#[derive(Clone)]
struct Shop {
    verifier: Verifier,
    seen: Seen,
    queue: mpsc::Sender<Event>,
}

impl FromRef<Shop> for Verifier {
    fn from_ref(shop: &Shop) -> Self {
        shop.verifier.clone()
    }
}

/// The keys of the events taken on. A table with a unique column, in a real shop.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<HashSet<String>>>);

impl Seen {
    /// True the first time it is asked about a key.
    fn first(&self, key: String) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key)
    }

    fn forget(&self, key: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }
}

async fn receive(
    State(shop): State<Shop>,
    webhook: Result<Webhook, WebhookRejection>,
) -> Result<StatusCode, WebhookRejection> {
    let Webhook(event) = webhook.inspect_err(|rejection| eprintln!("turned away: {rejection}"))?;
    let key = event.dedupe_key();
    if !shop.seen.first(key.clone()) {
        return Ok(StatusCode::OK);
    }
    // A full queue is no reason to wait: Cashfree will ask again.
    match shop.queue.try_send(event) {
        Ok(()) => Ok(StatusCode::OK),
        Err(_) => {
            shop.seen.forget(&key);
            Ok(StatusCode::SERVICE_UNAVAILABLE)
        }
    }
}

/// What is to be done about an event. What it is about comes first: a refund that succeeded names the same order
/// as the payment did. Several payments can exist for one order, so what counts is the status of each.
pub fn describe(event: &Event) -> String {
    match event.subject() {
        Subject::Payment(payment) if payment.is_success() => {
            format!("ship order {}: payment {}", or_none(payment.order_id()), or_none(payment.id()))
        }
        Subject::Payment(payment) if payment.is_final() => {
            format!("payment {} of order {} failed", or_none(payment.id()), or_none(payment.order_id()))
        }
        Subject::Refund(refund) if refund.is_success() => {
            format!(
                "refund {} of order {} is paid back",
                or_none(refund.refund_id()),
                or_none(refund.order_id())
            )
        }
        _ => format!("nothing to do: {}", event.event_type()),
    }
}

fn or_none(text: Option<&str>) -> &str {
    text.unwrap_or("(none)")
}

async fn work(mut queue: mpsc::Receiver<Event>) {
    while let Some(event) = queue.recv().await {
        println!("{}", describe(&event));
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let verifier = Verifier::new(std::env::var("CASHFREE_CLIENT_SECRET")?);
    let (app, events) = app(verifier, 1000);
    tokio::spawn(work(events));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    axum::serve(listener, app).await?;
    Ok(())
}
