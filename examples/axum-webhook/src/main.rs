//! A webhook endpoint with axum: `cargo run -p axum-webhook`.
//!
//! Reads the account's client secret from `CASHFREE_CLIENT_SECRET`, listens on 127.0.0.1:3000. For one that
//! drops duplicates and works in the background, see the example `webhook-once`.

use axum::Router;
use axum::routing::post;
use cashfree_pg::v2025_01_01::webhook::Payload;
use cashfree_pg::webhook::axum::Webhook;
use cashfree_pg::webhook::{AnyPayload, Event, Verifier};

async fn receive(Webhook(event): Webhook) {
    println!("{}", describe(&event));
}

/// What happened, in a line: typed where the endpoint's version and the event are known, else from the JSON.
pub fn describe(event: &Event) -> String {
    match event.typed() {
        Ok(AnyPayload::V2025_01_01(Payload::PaymentEvent(payload))) => {
            let payment = payload.data.and_then(|data| data.payment).unwrap_or_default();
            // A success event can carry a payment that is still pending: the status decides.
            let status = payment.payment_status.as_ref().map_or("?", |status| status.as_str());
            let amount = payment.payment_amount.map_or("?".to_owned(), |amount| amount.to_string());
            format!("payment of {amount} rupees for order {}: {status}", event.order_id().unwrap_or("?"))
        }
        Ok(_) => format!("{}: {}", event.event_type(), event.status().unwrap_or("?")),
        Err(error) => format!("{} does not fit its type {error}", event.event_type()),
    }
}

/// The endpoint.
pub fn app(verifier: Verifier) -> Router {
    Router::new().route("/webhooks/cashfree", post(receive)).with_state(verifier)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let verifier = Verifier::new(std::env::var("CASHFREE_CLIENT_SECRET")?);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    axum::serve(listener, app(verifier)).await?;
    Ok(())
}
