//! What the README's first program does, by hand: an order is created and its payments are listed.

use serde::{Deserialize, Serialize};

#[derive(Serialize)]
struct CreateOrder<'a> {
    order_amount: f64,
    order_currency: &'a str,
    order_note: &'a str,
    customer_details: Customer<'a>,
}

#[derive(Serialize)]
struct Customer<'a> {
    customer_id: &'a str,
    customer_phone: &'a str,
}

#[derive(Deserialize)]
struct Order {
    order_id: String,
    order_status: String,
}

#[derive(Deserialize)]
struct Payment {
    cf_payment_id: String,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    #[cfg(feature = "ring")]
    let _ = rustls::crypto::ring::default_provider().install_default();
    let (base, client) = (std::env::var("CASHFREE_ENVIRONMENT")?, reqwest::Client::new());
    let (id, secret) = (std::env::var("CASHFREE_CLIENT_ID")?, std::env::var("CASHFREE_CLIENT_SECRET")?);
    let signed = |request: reqwest::RequestBuilder| {
        let request = request.header("x-client-id", &id).header("x-client-secret", &secret);
        request.header("x-api-version", "2025-01-01")
    };

    let customer = Customer { customer_id: "customer_1", customer_phone: "9999999999" };
    let request = CreateOrder {
        order_amount: 499.5,
        order_currency: "INR",
        order_note: "two tickets",
        customer_details: customer,
    };
    let created = signed(client.post(format!("{base}/orders"))).json(&request).send().await?;
    let order: Order = created.error_for_status()?.json().await?;
    println!("order {} is {}", order.order_id, order.order_status);

    let listed = signed(client.get(format!("{base}/orders/{}/payments", order.order_id))).send().await?;
    let payments: Vec<Payment> = listed.error_for_status()?.json().await?;
    let ids: Vec<_> = payments.iter().map(|payment| &payment.cf_payment_id).collect();
    println!("{} payments so far: {ids:?}", ids.len());
    Ok(())
}
