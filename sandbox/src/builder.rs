//! Settings of a sandbox.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;

use crate::gateway::config::{Config, Happening, Observer, RateLimit};
use crate::gateway::faults::Faults;
use crate::gateway::{Credentials, Engine};
use crate::webhook::endpoint::Endpoint;
use crate::webhook::post::Rules;
use crate::world::clock::Clock;
use crate::{Fault, Sandbox, http};

/// The three retries of the real thing after 2, 10 and 30 minutes, compressed.
const RETRIES: [Duration; 3] =
    [Duration::from_millis(200), Duration::from_millis(1000), Duration::from_millis(3000)];

/// Requests a minute that one account may make, unless the builder says otherwise.
const RATE_LIMIT: u32 = 10_000;

/// Settings of a sandbox; every one has a default.
#[derive(Debug)]
pub struct Builder {
    host: String,
    port: u16,
    credentials: Credentials,
    endpoints: Vec<Endpoint>,
    webhook_version: Option<String>,
    retries: Vec<Duration>,
    copies: u32,
    anywhere: bool,
    rate_limit: RateLimit,
    clock: Clock,
    seed: u64,
    faults: Faults,
    quirks: bool,
    strict: bool,
    state: Option<PathBuf>,
    observer: Option<Observer>,
    #[cfg(feature = "tls")]
    tls: Option<Option<PathBuf>>,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            host: "127.0.0.1".to_owned(),
            port: 0,
            credentials: Credentials::default(),
            endpoints: Vec::new(),
            webhook_version: None,
            retries: RETRIES.to_vec(),
            copies: 1,
            anywhere: false,
            rate_limit: RateLimit::Account(RATE_LIMIT),
            clock: Clock::system(),
            seed: 1,
            faults: Faults::default(),
            quirks: false,
            strict: false,
            state: None,
            observer: None,
            #[cfg(feature = "tls")]
            tls: None,
        }
    }
}

impl Builder {
    /// The port to serve; by default any that is free.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// The address to serve; by default 127.0.0.1, which other machines cannot reach.
    #[must_use]
    pub fn host(mut self, host: impl Into<String>) -> Self {
        self.host = host.into();
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

    /// Where webhooks go; may be called again for more. An order's `notify_url` gets its own besides.
    #[must_use]
    pub fn webhook_url(self, url: impl Into<String>) -> Self {
        self.endpoint(Endpoint::new(url))
    }

    /// A receiver of webhooks; may be called again for more.
    #[must_use]
    pub fn endpoint(mut self, endpoint: Endpoint) -> Self {
        self.endpoints.push(endpoint);
        self
    }

    /// The API version of webhook bodies where an endpoint has none of its own; by default that of the call
    /// which created what the event is about.
    #[must_use]
    pub fn webhook_version(mut self, version: impl Into<String>) -> Self {
        self.webhook_version = Some(version.into());
        self
    }

    /// The waits between attempts to deliver a webhook, on the sandbox's clock; as many retries as there are
    /// waits.
    #[must_use]
    pub fn webhook_retries(mut self, waits: impl IntoIterator<Item = Duration>) -> Self {
        self.retries = waits.into_iter().collect();
        self
    }

    /// How often each webhook is sent, whatever the receiver answers. Cashfree promises at least once; 2 shows
    /// whether the receiver minds.
    #[must_use]
    pub fn webhook_copies(mut self, copies: u32) -> Self {
        self.copies = copies;
        self
    }

    /// Delivers to any host that an order or a link names as its `notify_url`, or a control as an endpoint. By
    /// default only to this machine and those beside it, so that a test does not call a stranger.
    #[must_use]
    pub fn deliver_anywhere(mut self, anywhere: bool) -> Self {
        self.anywhere = anywhere;
        self
    }

    /// Requests a minute, per account; 10,000 by default.
    #[must_use]
    pub fn rate_limit(mut self, per_minute: u32) -> Self {
        self.rate_limit = RateLimit::Account(per_minute);
        self
    }

    /// The rate limits that Cashfree publishes, for each operation.
    #[must_use]
    pub fn published_rate_limits(mut self) -> Self {
        self.rate_limit = RateLimit::Published;
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

    /// Answers in which the live API breaks its own specification: undeclared members, nulls, numbers for texts,
    /// one for a list.
    #[must_use]
    pub fn quirks(mut self, quirks: bool) -> Self {
        self.quirks = quirks;
        self
    }

    /// Refuses operations that are not imitated, instead of answering an example.
    #[must_use]
    pub fn strict(mut self, strict: bool) -> Self {
        self.strict = strict;
        self
    }

    /// Keeps everything that happens in a file, and begins where the file ends. What has been answered is in
    /// the file, however the sandbox ends.
    #[must_use]
    pub fn state(mut self, file: impl Into<PathBuf>) -> Self {
        self.state = Some(file.into());
        self
    }

    /// Calls `observer` after every request and every attempt at a webhook.
    #[must_use]
    pub fn observe(mut self, observer: impl Fn(Happening<'_>) + Send + Sync + 'static) -> Self {
        self.observer = Some(Observer(Arc::new(observer)));
        self
    }

    /// Serves `https://` with a certificate of its own making. Its authority is kept in `folder`, and is new
    /// each time without one; [`Sandbox::authority`] is what clients have to trust.
    #[cfg(feature = "tls")]
    #[must_use]
    pub fn tls(mut self, folder: Option<PathBuf>) -> Self {
        self.tls = Some(folder);
        self
    }

    /// Starts the sandbox on the current tokio runtime. It stops when it is dropped.
    ///
    /// # Errors
    /// The port is taken, an endpoint is wrong, or the file of the state cannot be read.
    pub async fn start(self) -> io::Result<Sandbox> {
        let wrong = |message| io::Error::new(io::ErrorKind::InvalidInput, message);
        self.endpoints.iter().try_for_each(|one| one.check().map_err(wrong))?;
        if let Some(version) = &self.webhook_version {
            Endpoint::new("http://x/").version(version).check().map_err(wrong)?;
        }
        let listener = TcpListener::bind((self.host.as_str(), self.port)).await?;
        let address = listener.local_addr()?;
        let (scheme, secrecy, authority) = self.secrecy(address)?;
        let origin = format!("{scheme}://{}", reachable(address));
        let rules = Rules {
            secret: self.credentials.client_secret.clone(),
            version: self.webhook_version,
            copies: self.copies,
            anywhere: self.anywhere,
            quirks: self.quirks,
            retries: self.retries,
        };
        let config = Config {
            credentials: self.credentials,
            endpoints: self.endpoints,
            rules,
            rate_limit: self.rate_limit,
            clock: self.clock,
            seed: self.seed,
            origin: origin.clone(),
            quirks: self.quirks,
            strict: self.strict,
            state: self.state,
            observer: self.observer,
        };
        let engine = Arc::new(Engine::new(config, self.faults)?);
        engine.resume();
        let tasks = [
            tokio::spawn(http::run(listener, Arc::clone(&engine), secrecy)),
            tokio::spawn(Arc::clone(&engine).keep_time()),
        ];
        Ok(Sandbox::new(origin, engine, tasks, authority))
    }

    #[cfg(feature = "tls")]
    fn secrecy(
        &self,
        address: SocketAddr,
    ) -> io::Result<(&'static str, Option<http::Secrecy>, Option<String>)> {
        let Some(folder) = &self.tls else { return Ok(("http", None, None)) };
        let host = address.ip().to_string();
        let identity = http::tls::Identity::make(&host, folder.as_deref())?;
        Ok(("https", Some(identity.acceptor), Some(identity.authority)))
    }

    #[cfg(not(feature = "tls"))]
    fn secrecy(&self, _: SocketAddr) -> io::Result<(&'static str, Option<http::Secrecy>, Option<String>)> {
        Ok(("http", None, None))
    }
}

/// How this machine reaches an address that stands for all of its own.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(match address {
            SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    address
}
