//! A payment from start to end: an order is created and paid, its signed webhook is verified, and part
//! of it is refunded.
//!
//! ```sh
//! cargo run -p checkout
//! ```
//!
//! It runs against a Cashfree inside this process, without credentials or network, and so without TLS. With
//! `--features live` and `CASHFREE_CLIENT_ID` and `CASHFREE_CLIENT_SECRET` set it talks to Cashfree's real
//! sandbox instead: it creates the order and prints the payment session that a checkout page needs.

use std::time::Duration;

use axum::{Router, body::Bytes, extract::State, http::HeaderMap, http::StatusCode, routing::post};
use cashfree_pg::types::Amount;
use cashfree_pg::v2025_01_01::types::{
    CreateOrderRequest, CreateRefundRequest, CustomerDetails, OrderMeta, PayOrderRequest, Upi, UpiChannel,
};
use cashfree_pg::v2025_01_01::{Client, webhook::Payload};
use cashfree_pg::webhook::{Event, Verifier};
use cashfree_pg::{Cashfree, Credentials, Environment};
use cashfree_sandbox::Sandbox;
use tokio::sync::mpsc;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

#[tokio::main]
async fn main() -> Result<()> {
    if cfg!(feature = "live") {
        return create_live_order().await;
    }
    let sandbox = Sandbox::start().await?;
    println!("sandbox    {}", sandbox.base_url());
    let (webhook_url, mut webhooks) = receive_webhooks(sandbox.client_secret()).await?;
    let cashfree = Cashfree::builder()
        .environment(Environment::custom(sandbox.base_url())?)
        .credentials(Credentials::merchant(sandbox.client_id(), sandbox.client_secret()))
        .build()?;
    let api = cashfree.v2025_01_01();

    let (order_id, session) = create_order(&api, Some(webhook_url)).await?;

    let upi = Upi::new(UpiChannel::Collect).upi_id("testsuccess@gocash");
    let started = api.pay_order(PayOrderRequest::new(session, upi)).send().await?;
    println!(
        "paying     payment {} of {} rupees by {}",
        started.cf_payment_id()?,
        started.payment_amount()?,
        started.payment_method()?,
    );

    let event = next(&mut webhooks).await?;
    let Payload::PaymentEvent(payload) = Payload::of(&event)? else {
        return Err(format!("expected a payment, got {}", event.event_type()).into());
    };
    let payment = payload.data()?.payment()?;
    println!(
        "webhook    {} verified: payment {} is {} ({} rupees)",
        event.event_type(),
        payment.cf_payment_id()?,
        payment.payment_status()?,
        payment.payment_amount()?,
    );

    let order = api.fetch_order(&order_id).send().await?;
    println!("order      {order_id} is {}", order.order_status()?);

    let part: Amount = "99.25".parse()?;
    let refund = CreateRefundRequest::new(part, "refund_1").refund_note("one ticket returned");
    let refund = api.create_order_refund(&order_id, refund).send().await?;
    println!(
        "refund     {} of {} rupees is {}",
        refund.refund_id()?,
        refund.refund_amount()?,
        refund.refund_status()?,
    );

    let event = next(&mut webhooks).await?;
    println!("webhook    {} verified: {}", event.event_type(), event.status().unwrap_or("?"));
    println!("done       every step went over HTTP through the SDK");
    Ok(())
}

/// What Cashfree's real sandbox does without a page that a customer opens.
async fn create_live_order() -> Result<()> {
    let (id, secret) = (std::env::var("CASHFREE_CLIENT_ID")?, std::env::var("CASHFREE_CLIENT_SECRET")?);
    let cashfree = Cashfree::builder()
        .environment(Environment::Sandbox)
        .credentials(Credentials::merchant(id, secret))
        .build()?;
    create_order(&cashfree.v2025_01_01(), None).await?;
    Ok(())
}

/// Creates an order and prints it; gives its id and its payment session.
async fn create_order(api: &Client, notify_url: Option<String>) -> Result<(String, String)> {
    let customer = CustomerDetails::new("customer_1", "9999999999").customer_name("Asha Rao");
    let mut request =
        CreateOrderRequest::new("499.50".parse::<Amount>()?, "INR", customer).order_note("two tickets");
    if let Some(url) = notify_url {
        request = request.order_meta(OrderMeta::new().notify_url(url));
    }
    let order = api.create_order(request).send().await?;
    let (id, session) = (order.order_id()?.to_owned(), order.payment_session_id()?.to_owned());
    let amount = order.order_amount()?;
    println!("order      {id} of {amount} rupees created");
    println!("session    {session}");
    Ok((id, session))
}

/// A receiver of webhooks on 127.0.0.1. It answers at once and hands verified events on.
async fn receive_webhooks(secret: &str) -> Result<(String, mpsc::Receiver<Event>)> {
    let (verified, events) = mpsc::channel(16);
    let verifier = std::sync::Arc::new(Verifier::new(secret));
    let receive = |State((verifier, verified)): State<(std::sync::Arc<Verifier>, mpsc::Sender<Event>)>,
                   headers: HeaderMap,
                   body: Bytes| async move {
        match verifier.verify(&headers, &body) {
            Ok(event) => {
                verified.send(event).await.map_or(StatusCode::SERVICE_UNAVAILABLE, |()| StatusCode::OK)
            }
            Err(error) => {
                eprintln!("refused a webhook: {error}");
                StatusCode::UNAUTHORIZED
            }
        }
    };
    let app = Router::new().route("/webhook", post(receive)).with_state((verifier, verified));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/webhook", listener.local_addr()?);
    tokio::spawn(async move { axum::serve(listener, app).await });
    Ok((url, events))
}

async fn next(webhooks: &mut mpsc::Receiver<Event>) -> Result<Event> {
    tokio::time::timeout(Duration::from_secs(10), webhooks.recv())
        .await?
        .ok_or_else(|| "no more webhooks".into())
}
