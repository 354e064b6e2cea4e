//! A webhook endpoint that remembers deliveries in a database: `cargo run -p webhook-sqlite`.
//!
//! Cashfree delivers at least once. That an event was seen and what it led to are written in one transaction, so that
//! neither is there without the other, whatever ends the process in between. The answer goes out after the commit.

use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{FromRef, State};
use axum::http::StatusCode;
use axum::routing::post;
use cashfree_pg::webhook::axum::{Webhook, WebhookRejection};
use cashfree_pg::webhook::{Event, Subject, Verifier};
use rusqlite::{Connection, params};

const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS delivery (key TEXT PRIMARY KEY, type TEXT NOT NULL, at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP);
    CREATE TABLE IF NOT EXISTS shipment (order_id TEXT PRIMARY KEY, payment_id TEXT NOT NULL);
";

#[derive(Clone)]
struct Shop {
    verifier: Verifier,
    database: Arc<Mutex<Connection>>,
}

impl FromRef<Shop> for Verifier {
    fn from_ref(shop: &Shop) -> Self {
        shop.verifier.clone()
    }
}

/// Takes an event on; false if it was there before.
fn take(database: &mut Connection, event: &Event) -> rusqlite::Result<bool> {
    let transaction = database.transaction()?;
    let seen = "INSERT OR IGNORE INTO delivery (key, type) VALUES (?1, ?2)";
    if transaction.execute(seen, params![event.dedupe_key(), event.event_type()])? == 0 {
        return Ok(false);
    }
    // What it is about comes first: a refund that succeeded names the same order as the payment did.
    if let Subject::Payment(payment) = event.subject()
        && payment.is_success()
        && let (Some(order), Some(id)) = (payment.order_id(), payment.id())
    {
        // Two payments of one order ship it once.
        let ship = "INSERT OR IGNORE INTO shipment (order_id, payment_id) VALUES (?1, ?2)";
        transaction.execute(ship, params![order, id])?;
    }
    transaction.commit()?;
    Ok(true)
}

async fn receive(
    State(shop): State<Shop>,
    webhook: Result<Webhook, WebhookRejection>,
) -> Result<StatusCode, WebhookRejection> {
    let Webhook(event) = webhook?;
    let taken = tokio::task::spawn_blocking(move || {
        take(&mut shop.database.lock().unwrap_or_else(PoisonError::into_inner), &event)
    });
    // Whatever went wrong, nothing was written: Cashfree will ask again.
    Ok(match taken.await {
        Ok(Ok(_)) => StatusCode::OK,
        Ok(Err(_)) | Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    })
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let secret = std::env::var("CASHFREE_CLIENT_SECRET").map_err(|_| "set CASHFREE_CLIENT_SECRET")?;
    let database = Connection::open("shop.sqlite")?;
    database.execute_batch(TABLES)?;
    let shop = Shop { verifier: Verifier::new(secret), database: Arc::new(Mutex::new(database)) };
    let app = Router::new().route("/webhooks/cashfree", post(receive)).with_state(shop);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
    println!("http://{}/webhooks/cashfree", listener.local_addr()?);
    Ok(axum::serve(listener, app).await?)
}

#[cfg(test)]
mod tests {
    use cashfree_pg::webhook::Delivery;

    use super::*;

    #[test]
    fn what_comes_twice_ships_once() {
        let body = r#"{"type":"PAYMENT_SUCCESS_WEBHOOK","data":{"order":{"order_id":"order_1"},
            "payment":{"cf_payment_id":"7","payment_status":"SUCCESS"}}}"#;
        let delivery = Delivery::body_as_is(body).version("2025-01-01").sign("secret");
        let event =
            Verifier::new("secret").verify(delivery.headers(), delivery.body()).expect("it is signed");
        let mut database = Connection::open_in_memory().expect("a database");
        database.execute_batch(TABLES).expect("tables");
        let count = |database: &Connection, table: &str| {
            let count = format!("SELECT COUNT(*) FROM {table}");
            database.query_row(&count, [], |row| row.get::<_, i64>(0)).expect("a number")
        };

        // What fails leaves nothing behind, and can be taken on later.
        database.execute_batch("ALTER TABLE shipment RENAME TO elsewhere").expect("renamed");
        assert!(take(&mut database, &event).is_err());
        assert_eq!(count(&database, "delivery"), 0);
        database.execute_batch("ALTER TABLE elsewhere RENAME TO shipment").expect("renamed");

        assert!(take(&mut database, &event).expect("taken on"));
        assert!(!take(&mut database, &event).expect("known"));
        assert_eq!((count(&database, "delivery"), count(&database, "shipment")), (1, 1));
    }
}
