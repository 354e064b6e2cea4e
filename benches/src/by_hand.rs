//! The same work by hand: the structs that someone writes who needs these bodies and no others.
//!
//! They promise less. Amounts are floats, what is not listed is dropped, a number in place of a text is an
//! error for the whole body. That makes them the floor: a crate that keeps its promises can hardly be quicker.

use std::collections::BTreeMap;

use std::time::Duration;

use reqwest::{Client, RequestBuilder};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What the calls of both sides sign in with.
pub const APP_ID: &str = "TEST430329ae80e0f32e41a393d78b923034";
/// The same.
pub const SECRET: &str = "cfsk_ma_test_0123456789abcdef0123456789abcdef_01234567";

/// A client with the two calls that are measured.
#[derive(Debug, Clone)]
pub struct Api {
    http: Client,
    url: String,
}

impl Api {
    pub fn new(url: &str, timeout: Duration) -> reqwest::Result<Self> {
        Ok(Self { http: Client::builder().timeout(timeout).build()?, url: url.to_owned() })
    }

    async fn send(&self, request: RequestBuilder) -> Result<Order, Box<dyn std::error::Error>> {
        let request = request
            .header("x-client-id", APP_ID)
            .header("x-client-secret", SECRET)
            .header("x-api-version", "2025-01-01")
            .header("x-request-id", Uuid::new_v4().to_string())
            .header("accept", "application/json")
            .header("user-agent", "by-hand/1");
        let body = request.send().await?.error_for_status()?.bytes().await?;
        Ok(serde_json::from_slice(&body)?)
    }

    pub async fn create_order(&self, order: &CreateOrder) -> Result<Order, Box<dyn std::error::Error>> {
        let key = Uuid::new_v4().to_string();
        let request = self.http.post(format!("{}/orders", self.url)).header("x-idempotency-key", key);
        let body = serde_json::to_vec(order)?;
        self.send(request.header("content-type", "application/json").body(body)).await
    }

    pub async fn fetch_order(&self, order_id: &str) -> Result<Order, Box<dyn std::error::Error>> {
        self.send(self.http.get(format!("{}/orders/{order_id}", self.url))).await
    }
}

/// What is read of an order.
#[derive(Debug, Deserialize)]
pub struct Order {
    pub cf_order_id: Option<String>,
    pub created_at: Option<String>,
    pub customer_details: Option<Customer>,
    pub entity: Option<String>,
    pub order_amount: Option<f64>,
    pub order_currency: Option<String>,
    pub order_expiry_time: Option<String>,
    pub order_id: Option<String>,
    pub order_meta: Option<Meta>,
    pub order_note: Option<String>,
    pub order_splits: Option<Vec<Split>>,
    pub order_status: Option<OrderStatus>,
    pub order_tags: Option<BTreeMap<String, String>>,
    pub payment_session_id: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum OrderStatus {
    Active,
    Paid,
    Expired,
    Terminated,
    TerminationRequested,
    PartiallyPaid,
}

#[derive(Debug, Deserialize)]
pub struct Split {
    pub vendor_id: Option<String>,
    pub amount: Option<f64>,
    pub percentage: Option<f64>,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct Customer {
    pub customer_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_email: Option<String>,
    pub customer_phone: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_uid: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct Meta {
    pub return_url: Option<String>,
    pub notify_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_methods: Option<String>,
}

/// What is read of a payment.
#[derive(Debug, Deserialize)]
pub struct Payment {
    pub auth_id: Option<String>,
    pub bank_reference: Option<String>,
    pub cf_payment_id: Option<String>,
    pub entity: Option<String>,
    pub error_details: Option<ErrorDetails>,
    pub is_captured: Option<bool>,
    pub order_amount: Option<f64>,
    pub order_currency: Option<String>,
    pub order_id: Option<String>,
    pub payment_amount: Option<f64>,
    pub payment_completion_time: Option<String>,
    pub payment_currency: Option<String>,
    pub payment_gateway_details: Option<Gateway>,
    pub payment_group: Option<String>,
    pub payment_message: Option<String>,
    pub payment_method: Option<Method>,
    pub payment_status: Option<PaymentStatus>,
    pub payment_time: Option<String>,
    pub payment_offers: Option<Vec<Offer>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PaymentStatus {
    Success,
    NotAttempted,
    Failed,
    UserDropped,
    Void,
    Cancelled,
    Pending,
}

#[derive(Debug, Deserialize)]
pub struct ErrorDetails {
    pub error_code: Option<String>,
    pub error_description: Option<String>,
    pub error_reason: Option<String>,
    pub error_source: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct Gateway {
    pub gateway_name: Option<String>,
    pub gateway_order_id: Option<String>,
    pub gateway_payment_id: Option<String>,
    pub gateway_settlement: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    Upi(Upi),
    Card(Card),
    Netbanking(BTreeMap<String, String>),
    App(BTreeMap<String, String>),
}

#[derive(Debug, Deserialize)]
pub struct Upi {
    pub channel: Option<String>,
    pub upi_id: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct Card {
    pub channel: Option<String>,
    pub card_number: Option<String>,
    pub card_network: Option<String>,
    pub card_type: Option<String>,
    pub card_country: Option<String>,
    pub card_bank_name: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct Offer {
    pub offer_id: Option<String>,
}

/// A page of reconciliation.
#[derive(Debug, Deserialize)]
pub struct Recon {
    pub cursor: Option<String>,
    pub limit: Option<i64>,
    pub data: Option<Vec<Row>>,
}

#[derive(Debug, Deserialize)]
pub struct Row {
    pub event_id: Option<String>,
    pub event_type: Option<String>,
    pub event_settlement_amount: Option<f64>,
    pub event_amount: Option<f64>,
    pub sale_type: Option<String>,
    pub event_status: Option<String>,
    pub entity: Option<String>,
    pub event_time: Option<String>,
    pub event_currency: Option<String>,
    pub order_id: Option<String>,
    pub order_amount: Option<f64>,
    pub customer_phone: Option<String>,
    pub customer_email: Option<String>,
    pub customer_name: Option<String>,
    pub payment_amount: Option<f64>,
    pub payment_utr: Option<String>,
    pub payment_time: Option<String>,
    pub payment_service_charge: Option<f64>,
    pub payment_service_tax: Option<f64>,
    pub cf_payment_id: Option<String>,
    pub cf_settlement_id: Option<String>,
    pub settlement_date: Option<String>,
    pub settlement_utr: Option<String>,
    pub split_service_charge: Option<f64>,
    pub split_service_tax: Option<f64>,
    pub vendor_commission: Option<f64>,
    pub closed_in_favor_of: Option<String>,
    pub dispute_resolved_on: Option<String>,
    pub dispute_category: Option<String>,
    pub dispute_note: Option<String>,
    pub refund_processed_at: Option<String>,
    pub refund_arn: Option<String>,
    pub refund_note: Option<String>,
    pub refund_id: Option<String>,
    pub adjustment_remarks: Option<String>,
    pub adjustment: Option<f64>,
    pub service_tax: Option<f64>,
    pub service_charge: Option<f64>,
    pub amount_settled: Option<f64>,
    pub payment_from: Option<String>,
    pub payment_till: Option<String>,
    pub reason: Option<String>,
    pub settlement_initiated_on: Option<String>,
    pub settlement_type: Option<String>,
    pub settlement_charge: Option<f64>,
    pub settlement_tax: Option<f64>,
    pub remarks: Option<String>,
}

/// What a refusal says.
#[derive(Debug, Deserialize)]
pub struct Refusal {
    pub message: Option<String>,
    pub code: Option<String>,
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub help: Option<String>,
}

/// What an order is created from.
#[derive(Debug, Serialize)]
pub struct CreateOrder {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_id: Option<String>,
    pub order_amount: f64,
    pub order_currency: String,
    pub customer_details: Customer,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_meta: Option<Meta>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_expiry_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_note: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_tags: Option<BTreeMap<String, String>>,
}

impl CreateOrder {
    /// One with the members that a shop gives.
    pub fn example() -> Self {
        Self {
            order_id: Some("lamp_4471".into()),
            order_amount: 1218.4,
            order_currency: "INR".into(),
            customer_details: Customer {
                customer_id: "lamp_buyer_7".into(),
                customer_name: Some("Asha Rao".into()),
                customer_email: Some("asha.rao@mail.example".into()),
                customer_phone: "9876543210".into(),
                customer_uid: None,
            },
            order_meta: Some(Meta {
                return_url: Some("https://shop.example/return?order=lamp_4471".into()),
                notify_url: Some("https://shop.example/cashfree".into()),
                payment_methods: None,
            }),
            order_expiry_time: Some("2026-02-14T18:12:09+05:30".into()),
            order_note: Some("one lamp, blue".into()),
            order_tags: Some(
                [("shop", "north"), ("till", "3")].map(|(name, tag)| (name.into(), tag.into())).into(),
            ),
        }
    }
}
