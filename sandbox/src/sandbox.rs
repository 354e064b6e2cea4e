//! A running sandbox.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::gateway::faults::Faults;
use crate::gateway::input::Input;
use crate::gateway::{Credentials, Engine};
use crate::{Builder, Delivery, Fault, RequestRecord};

/// A running sandbox; it stops when it is dropped.
pub struct Sandbox {
    base_url: String,
    origin: String,
    engine: Arc<Engine>,
    tasks: [JoinHandle<()>; 2],
    authority: Option<String>,
}

impl Sandbox {
    pub(crate) fn new(
        origin: String,
        engine: Arc<Engine>,
        tasks: [JoinHandle<()>; 2],
        authority: Option<String>,
    ) -> Self {
        Self { base_url: format!("{origin}/pg"), origin, engine, tasks, authority }
    }

    /// Starts a sandbox with default settings on a free port.
    ///
    /// # Errors
    /// No port is free.
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// Settings to start one with.
    #[must_use]
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Where the API is: `http://127.0.0.1:PORT/pg`.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Where the controls are: `http://127.0.0.1:PORT/_sandbox`.
    #[must_use]
    pub fn control_url(&self) -> String {
        format!("{}/_sandbox", self.origin)
    }

    /// What clients have to trust to connect by `https://`, as PEM; nothing where it serves `http://`.
    #[must_use]
    pub fn authority(&self) -> Option<&str> {
        self.authority.as_deref()
    }

    /// The merchant's id.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.engine.config.credentials.client_id
    }

    /// The merchant's secret, which also signs webhooks.
    #[must_use]
    pub fn client_secret(&self) -> &str {
        &self.engine.config.credentials.client_secret
    }

    /// All that is accepted as credentials.
    #[must_use]
    pub fn credentials(&self) -> &Credentials {
        &self.engine.config.credentials
    }

    /// The seed that ids come from.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.engine.config.seed
    }

    /// Adds a fault; faults strike in the order they were added.
    pub fn inject(&self, fault: Fault) {
        self.engine.with_faults(|faults| faults.add(fault));
    }

    /// Forgets the faults that have not struck yet.
    pub fn clear_faults(&self) {
        self.engine.with_faults(Faults::clear);
    }

    /// Decides an open payment as its payer or the bank would: `SUCCESS`, `FAILED`, `USER_DROPPED`, `CANCELLED`
    /// or `FLAGGED`. Answers what its status is then; nothing where there is no such payment or status.
    pub fn decide_payment(&self, cf_payment_id: &str, status: &str) -> Option<String> {
        let (payment, status) = (cf_payment_id.to_owned(), status.to_owned());
        let decided = self.engine.act(Input::Decide { payment, status, error: None }).ok()?;
        decided["payment_status"].as_str().map(str::to_owned)
    }

    /// Opens a dispute about a successful payment, as the payer's bank would; answers the dispute's id, or
    /// nothing where there is no such payment.
    pub fn open_dispute(&self, cf_payment_id: &str) -> Option<String> {
        let asked = json!({ "cf_payment_id": cf_payment_id });
        let opened = self.engine.act(Input::Dispute { asked }).ok()?;
        opened["dispute_id"].as_u64().map(|id| id.to_string())
    }

    /// Moves a dispute on as the bank would: `UNDER_REVIEW`, `INSUFFICIENT_EVIDENCE`, `MERCHANT_WON`,
    /// `MERCHANT_LOST`, or `CREATED` for the next, graver kind of one that was won. False where it cannot.
    pub fn move_dispute(&self, dispute_id: &str, status: &str) -> bool {
        let (dispute, status) = (dispute_id.to_owned(), status.to_owned());
        self.engine.act(Input::MoveDispute { dispute, status }).is_ok()
    }

    /// Forgets everything but the settings, the endpoints and the time.
    pub fn reset(&self) {
        // It fails only where the file of the state does, and then everything is forgotten all the same.
        let _ = self.engine.reset();
    }

    /// Moves the time on, and with it whatever falls due: orders expire, settlements arrive, charges are made,
    /// webhooks are tried again, rate limits pass.
    pub fn advance(&self, by: Duration) {
        let millis = u64::try_from(by.as_millis()).unwrap_or(u64::MAX);
        let _ = self.engine.act(Input::Advance { millis });
    }

    /// The requests answered so far, oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<RequestRecord> {
        self.engine.requests()
    }

    /// The newest request that was answered with this `x-request-id`.
    #[must_use]
    pub fn request(&self, request_id: &str) -> Option<RequestRecord> {
        self.engine.request(request_id)
    }

    /// Every attempt to deliver a webhook so far, oldest first.
    #[must_use]
    pub fn webhooks(&self) -> Vec<Delivery> {
        self.engine.deliveries()
    }

    /// Waits for a delivery that `wanted` accepts; `None` where there is none in time.
    pub async fn wait_for_webhook(
        &self,
        timeout: Duration,
        wanted: impl Fn(&Delivery) -> bool,
    ) -> Option<Delivery> {
        tokio::time::timeout(timeout, self.engine.wait_for(wanted)).await.ok()?
    }

    /// Sends a webhook of any type to the endpoints, signed and retried like the others. `data` is what stands
    /// under `data` in its body.
    pub fn deliver(&self, event_type: impl Into<String>, data: Value) {
        let _ = self.engine.act(Input::Deliver { kind: event_type.into(), data });
    }

    /// Sends a webhook whose whole body is given, as one of `version`: for events without the usual envelope,
    /// for the other versions, and for bodies that are wrong on purpose. `event_type` is only what
    /// [`webhooks`](Self::webhooks) shows.
    pub fn deliver_body(
        &self,
        version: impl Into<String>,
        event_type: impl Into<String>,
        body: impl Into<String>,
    ) {
        let (kind, version, body) = (event_type.into(), version.into(), body.into());
        let _ = self.engine.act(Input::DeliverBody { kind, version, body });
    }

    /// Sends a webhook of any type, with a body made from its schema; `set` has values for members of the body
    /// by their dotted paths: `{"data.order.order_id": "order_1"}`.
    ///
    /// # Errors
    /// The version has no such event, or a path leads nowhere.
    pub fn trigger(&self, event_type: &str, version: Option<&str>, set: Value) -> Result<(), String> {
        let (kind, version) = (event_type.to_owned(), version.map(str::to_owned));
        self.engine.act(Input::Trigger { kind, version, set }).map(drop).map_err(|problem| problem.message)
    }

    /// Sends a webhook again, by the id of one of its deliveries. False where it is not remembered.
    pub fn resend(&self, id: u64) -> bool {
        self.engine.act(Input::Resend { webhook: id }).is_ok()
    }

    /// Serves until the task is cancelled; for programs that do nothing else.
    pub async fn serve(mut self) {
        // The accept loop ends only when it is aborted or panics; either way there is nothing left to serve.
        let _ = (&mut self.tasks[0]).await;
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}
