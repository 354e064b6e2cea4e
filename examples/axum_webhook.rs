//! A webhook endpoint with axum: `cargo run --example axum_webhook --features axum`.
//!
//! Reads the account's client secret from `CASHFREE_CLIENT_SECRET`, listens on 127.0.0.1:3000.

use axum::Router;
use axum::routing::post;
use cashfree_pg::webhook::Verifier;
use cashfree_pg::webhook::axum::Webhook;

async fn receive(Webhook(event): Webhook) {
    // A success event can carry a payment that is still pending: the status decides.
    match (event.event_type(), event.status()) {
        ("PAYMENT_SUCCESS_WEBHOOK", Some("SUCCESS")) => {
            println!("order {:?} paid: {:?}", event.order_id(), event.amount());
        }
        (event_type, status) => println!("{event_type}: {status:?}"),
    }
}

fn app(verifier: Verifier) -> Router {
    Router::new().route("/webhooks/cashfree", post(receive)).with_state(verifier)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let verifier = Verifier::new(std::env::var("CASHFREE_CLIENT_SECRET")?);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    axum::serve(listener, app(verifier)).await?;
    Ok(())
}
