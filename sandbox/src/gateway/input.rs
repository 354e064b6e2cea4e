//! Everything that can change the state: calls of the API, what payers and banks do, the clock, deliveries.
//!
//! There is nothing besides, and what comes of an input depends on the state and its time alone. So a file of
//! inputs is a state: see [`journal`](super::journal).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::webhook::endpoint::Endpoint;
use crate::webhook::post::Rules;

/// Something that happens from outside.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub(crate) enum Input {
    /// The sandbox is started: by these settings webhooks go from now on, and those of before went by others.
    Start { rules: Rules, own: Vec<Endpoint>, endpoints: Vec<Endpoint> },
    /// A call of the API that was let through.
    Call(Box<Asked>),
    /// The payer opens the page of a payment.
    Visit { payment: String },
    /// The payer, or the bank, decides a payment.
    Decide { payment: String, status: String, error: Option<String> },
    /// The payer opens a link; `pay` starts a payment at once.
    OpenLink { link: String, amount: Option<String>, pay: bool },
    /// The payer's bank opens a dispute.
    Dispute { asked: Value },
    /// The bank moves a dispute on.
    MoveDispute { dispute: String, status: String },
    /// A payment method breaks, or is announced to.
    Incident { asked: Value },
    /// A downtime begins, or is over.
    MoveIncident { incident: String, status: String },
    /// The bank decides a refund.
    Refund { refund: String, status: String },
    /// The bank decides a settlement.
    Settlement { settlement: String, status: String },
    /// The payer, or the bank, decides a payment of a subscription.
    Charge { payment: String, status: String, error: Option<String> },
    /// The payer pauses, activates or cancels a subscription.
    Customer { subscription: String, action: String },
    /// An event of any type, made from its schema.
    Trigger { kind: String, version: Option<String>, set: Value },
    /// An event of any type with this `data`.
    Deliver { kind: String, data: Value },
    /// An event with this whole body.
    DeliverBody { kind: String, version: String, body: String },
    /// A webhook is sent again.
    Resend { webhook: u64 },
    /// An attempt at a webhook has ended.
    Attempted { webhook: u64, timestamp: String, status: Option<u16>, error: Option<String> },
    /// Webhooks go there, too.
    Endpoint { endpoint: Endpoint },
    /// Webhooks go nowhere.
    NoEndpoints,
    /// The clock is moved on.
    Advance { millis: u64 },
    /// The clock stands still, or goes on; `system` is what the system's clock shows.
    Freeze { still: bool, system: i64 },
}

/// A call of the API.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Asked {
    pub(crate) version: String,
    pub(crate) operation: String,
    pub(crate) path: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) query: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub(crate) body: Value,
    /// `http://127.0.0.1:8700`: where the caller found the sandbox.
    pub(crate) origin: String,
    /// Who calls, under which key, and what tells the call from others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) once: Option<Once>,
}

/// What makes a call count once.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Once {
    pub(crate) account: String,
    pub(crate) key: String,
    pub(crate) fingerprint: String,
}
