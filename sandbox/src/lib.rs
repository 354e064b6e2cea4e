//! A local Cashfree over HTTP, to develop and test against: from Rust as a library, from anywhere as a
//! program.
//!
//! It serves every operation of every API version in `openapi/`, keeps the state of what has a life, checks
//! credentials and bodies, answers errors in Cashfree's shape, replays idempotent requests, limits rates,
//! delivers signed webhooks and goes wrong on request.
//!
//! ```
//! # #[tokio::main] async fn main() -> std::io::Result<()> {
//! use cashfree_sandbox::{Fault, FaultKind, Sandbox};
//!
//! let sandbox = Sandbox::builder().webhook_url("http://127.0.0.1:9000/hook").seed(7).start().await?;
//! println!("{} as {}", sandbox.base_url(), sandbox.client_id());
//!
//! // The next order is created, but its answer never arrives.
//! sandbox.inject(Fault::new(FaultKind::ResetAfter).operation("PGCreateOrder"));
//! # Ok(()) }
//! ```
//!
//! Payments end by themselves with the UPI ids `testsuccess@gocash` and `testfailure@gocash`; cards take the
//! OTP `111000`; anything else stays pending until `POST /simulate` or the payment page decides.

/// The README's Rust runs as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod clock;
mod engine;
mod faults;
mod money;
mod multipart;
mod problem;
mod server;
mod shape;
mod spec;
mod validate;
mod webhook;
mod world;

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::task::JoinHandle;

pub use clock::Clock;
pub use engine::RequestRecord;
use engine::{Config, Engine, Incoming};
use faults::Faults;
pub use faults::{Fault, FaultKind};
pub use webhook::{Delivery, sign};
use world::Content;

/// The three retries of the real thing after 2, 10 and 30 minutes, compressed.
const RETRIES: [Duration; 3] =
    [Duration::from_millis(200), Duration::from_millis(1000), Duration::from_millis(3000)];

/// Requests a minute that one account may make, unless the builder says otherwise.
const RATE_LIMIT: u32 = 10_000;

/// The API versions a sandbox serves, oldest first.
pub fn versions() -> impl Iterator<Item = &'static str> {
    spec::versions()
}

/// What the sandbox accepts as credentials: all four pairs of headers.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// `x-client-id`
    pub client_id: String,
    /// `x-client-secret`, which also signs webhooks.
    pub client_secret: String,
    /// `x-client-signature`
    pub client_signature: String,
    /// `x-partner-apikey`
    pub partner_apikey: String,
    /// `x-partner-merchantid`
    pub partner_merchantid: String,
}

impl Default for Credentials {
    fn default() -> Self {
        Self {
            client_id: "TEST_CLIENT_ID".to_owned(),
            client_secret: "TEST_CLIENT_SECRET".to_owned(),
            client_signature: "TEST_CLIENT_SIGNATURE".to_owned(),
            partner_apikey: "TEST_PARTNER_APIKEY".to_owned(),
            partner_merchantid: "TEST_PARTNER_MERCHANTID".to_owned(),
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("client_id", &self.client_id).finish_non_exhaustive()
    }
}

impl Credentials {
    /// The account that the headers prove, if they do.
    fn account(&self, incoming: &Incoming) -> Option<String> {
        let is = |name: &str, value: &str| incoming.header(name) == Some(value);
        let (id, secret) = (("x-client-id", &self.client_id), ("x-client-secret", &self.client_secret));
        let signature = ("x-client-signature", &self.client_signature);
        let apikey = ("x-partner-apikey", &self.partner_apikey);
        let merchant = ("x-partner-merchantid", &self.partner_merchantid);
        let pairs = [[id, secret], [id, signature], [id, apikey], [merchant, apikey]];
        let proven = pairs.iter().any(|pair| pair.iter().all(|(name, value)| is(name, value)));
        proven.then(|| self.client_id.clone())
    }
}

/// Settings of a sandbox; every one has a default.
#[derive(Debug)]
pub struct Builder {
    port: u16,
    credentials: Credentials,
    webhook_url: Option<String>,
    webhook_version: Option<String>,
    webhook_retries: Vec<Duration>,
    webhook_copies: u32,
    rate_limit: u32,
    clock: Clock,
    seed: u64,
    faults: Faults,
}

impl Builder {
    /// The port of 127.0.0.1 to serve; by default any that is free.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// The merchant's credentials; the secret also signs webhooks.
    #[must_use]
    pub fn credentials(mut self, client_id: impl Into<String>, client_secret: impl Into<String>) -> Self {
        self.credentials.client_id = client_id.into();
        self.credentials.client_secret = client_secret.into();
        self
    }

    /// All credentials, those of partners included.
    #[must_use]
    pub fn all_credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = credentials;
        self
    }

    /// Where webhooks go: an `http://` address. An order's `notify_url` gets its own besides.
    #[must_use]
    pub fn webhook_url(mut self, url: impl Into<String>) -> Self {
        self.webhook_url = Some(url.into());
        self
    }

    /// The API version of webhook bodies; by default that of the call which created the order.
    #[must_use]
    pub fn webhook_version(mut self, version: impl Into<String>) -> Self {
        self.webhook_version = Some(version.into());
        self
    }

    /// The waits between attempts to deliver a webhook; as many retries as there are waits.
    #[must_use]
    pub fn webhook_retries(mut self, waits: impl IntoIterator<Item = Duration>) -> Self {
        self.webhook_retries = waits.into_iter().collect();
        self
    }

    /// How often each webhook is sent, whatever the receiver answers. Cashfree promises at least once; 2 shows
    /// whether the receiver minds.
    #[must_use]
    pub fn webhook_copies(mut self, copies: u32) -> Self {
        self.webhook_copies = copies;
        self
    }

    /// Requests a minute, per account; 10,000 by default.
    #[must_use]
    pub fn rate_limit(mut self, per_minute: u32) -> Self {
        self.rate_limit = per_minute;
        self
    }

    /// Where the time comes from.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Ids and random faults are the same for the same seed and the same requests.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// A fault from the start; may be called again for more.
    #[must_use]
    pub fn fault(mut self, fault: Fault) -> Self {
        self.faults.add(fault);
        self
    }

    /// Starts the sandbox on the current tokio runtime. It stops when it is dropped.
    ///
    /// # Errors
    /// The port is taken.
    pub async fn start(self) -> io::Result<Sandbox> {
        let listener = server::bind(self.port).await?;
        let origin = format!("http://{}", listener.local_addr()?);
        let config = Config {
            credentials: self.credentials,
            webhook_url: self.webhook_url,
            webhook_version: self.webhook_version,
            webhook_retries: self.webhook_retries,
            webhook_copies: self.webhook_copies,
            rate_limit: self.rate_limit,
            clock: self.clock,
            seed: self.seed,
            origin: origin.clone(),
        };
        let engine = Arc::new(Engine::new(config, self.faults));
        let task = tokio::spawn(server::run(listener, Arc::clone(&engine)));
        Ok(Sandbox { base_url: format!("{origin}/pg"), origin, engine, task })
    }
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            port: 0,
            credentials: Credentials::default(),
            webhook_url: None,
            webhook_version: None,
            webhook_retries: RETRIES.to_vec(),
            webhook_copies: 1,
            rate_limit: RATE_LIMIT,
            clock: Clock::system(),
            seed: 1,
            faults: Faults::default(),
        }
    }
}

/// A running sandbox; it stops when it is dropped.
pub struct Sandbox {
    base_url: String,
    origin: String,
    engine: Arc<Engine>,
    task: JoinHandle<()>,
}

impl Sandbox {
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

    /// Adds a fault; faults strike in the order they were added.
    pub fn inject(&self, fault: Fault) {
        self.engine.with_faults(|faults| faults.add(fault));
    }

    /// Forgets the faults that have not struck yet.
    pub fn clear_faults(&self) {
        self.engine.with_faults(Faults::clear);
    }

    /// Opens a dispute about a successful payment, as the payer's bank would; answers the dispute's id, or
    /// nothing where there is no such payment.
    pub fn open_dispute(&self, cf_payment_id: &str) -> Option<String> {
        let payment = cf_payment_id.parse().ok()?;
        self.engine.with_world(|world| world.open_dispute(payment)).ok().map(|id| id.to_string())
    }

    /// Forgets everything but the settings and the time.
    pub fn reset(&self) {
        self.engine.reset();
    }

    /// Moves the time on, so that orders expire and rate limits pass.
    pub fn advance(&self, by: Duration) {
        self.engine.with_world(|world| world.clock.advance(by));
    }

    /// The requests answered so far, oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<RequestRecord> {
        self.engine.requests()
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

    /// Sends a webhook of any type to the webhook url, signed and retried like the others. `data` is what
    /// stands under `data` in its body.
    pub fn deliver(&self, event_type: impl Into<String>, data: Value) {
        self.dispatch(event_type.into(), spec::newest().to_owned(), Content::Verbatim(data));
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
        self.dispatch(event_type.into(), version.into(), Content::Body(body.into()));
    }

    fn dispatch(&self, kind: String, version: String, content: Content) {
        let time = self.engine.with_world(|world| world.stamp());
        self.engine.dispatch(world::Event { kind, content, time, version, notify_url: None });
    }

    /// Serves until the task is cancelled; for programs that do nothing else.
    pub async fn serve(mut self) {
        // The accept loop ends only when it is aborted or panics; either way there is nothing left to serve.
        let _ = (&mut self.task).await;
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.task.abort();
    }
}
