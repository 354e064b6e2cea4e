//! How a client is set up. Every wrong setting is found here, by name, before anything is sent.

use std::{future::Future, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue,
    header::{HeaderName, USER_AGENT},
};

use crate::{
    account::{
        credentials::Credentials,
        environment::{BaseUrl, Environment},
        handle::{Cashfree, Inner},
        tls::{self, Tls, TlsSettings},
        tokens::Tokens,
    },
    answer::{cause::TransportError, error::Error},
    call::{
        limit::RateLimiter,
        observe::Observer,
        retry::RetryPolicy,
        transport::{ConnectInTime, Transport},
    },
};

const TIMEOUT: Duration = Duration::from_secs(60);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Shorter than the minute after which common load balancers close idle connections: a request on one
/// that is just being closed is a request with an unknown outcome.
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(50);
/// The largest published list is a few hundred kilobytes.
const BODY_LIMIT: usize = 8 * 1024 * 1024;

/// What [`CashfreeBuilder::configure_http`] takes.
type Configure = dyn FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send;

/// Sets up a [`Cashfree`]. Environment and credentials are required; the rest has defaults.
#[derive(Default)]
#[must_use = "a builder does nothing until build is called"]
pub struct CashfreeBuilder {
    environment: Option<Environment>,
    credentials: Option<Credentials>,
    timeout: Option<Duration>,
    connect_timeout: Option<Duration>,
    retry: RetryPolicy,
    rate_limiter: Option<RateLimiter>,
    proxy: Option<String>,
    no_proxy: bool,
    root_certificates: Vec<Vec<u8>>,
    tls: Option<Tls>,
    user_agent_suffix: Option<String>,
    observer: Option<Arc<dyn Observer>>,
    http_client: Option<reqwest::Client>,
    configure: Option<Box<Configure>>,
    transport: Option<Transport>,
    allow_insecure_http: bool,
    body_limit: Option<usize>,
    show_personal_data: bool,
}

impl Cashfree {
    /// Begins a client. Environment and credentials have no default.
    pub fn builder() -> CashfreeBuilder {
        CashfreeBuilder::default()
    }

    /// A client from the environment variables that [`CashfreeBuilder::from_env`] reads.
    ///
    /// # Errors
    /// A configuration error whose [`field`](Error::field) is the variable that is missing or wrong.
    pub fn from_env() -> Result<Self, Error> {
        CashfreeBuilder::from_env()?.build()
    }
}

impl CashfreeBuilder {
    /// Where requests go. Required.
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment = Some(environment);
        self
    }

    /// Who calls. Required.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// How long a whole call may take, waits and retries included: 60 s. A call can have its own.
    ///
    /// It counts until the last byte of the answer is there. What came in time is then read and not thrown
    /// away, on the task of the call; that takes milliseconds for each megabyte.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// How long a connection may take, TLS included: 10 s.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = Some(timeout);
        self
    }

    /// How calls are repeated: see [`RetryPolicy`]. A call can have its own.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Limits what is sent at once and in a minute. There is no limit by default.
    pub fn rate_limiter(mut self, limiter: RateLimiter) -> Self {
        self.rate_limiter = Some(limiter);
        self
    }

    /// A proxy for all requests: `http://user:password@host:port`. It takes the place of the proxy that
    /// `HTTPS_PROXY` and its like name.
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.proxy = Some(url.into());
        self
    }

    /// No proxy, whatever the environment variables say.
    pub fn no_proxy(mut self) -> Self {
        self.no_proxy = true;
        self
    }

    /// Trusts the certificates of a PEM file besides those of the system.
    pub fn root_certificate(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.root_certificates.push(pem.into());
        self
    }

    /// Which TLS implementation is used, where several are compiled in.
    pub fn tls(mut self, tls: Tls) -> Self {
        self.tls = Some(tls);
        self
    }

    /// Your application, at the end of `User-Agent`: `my-shop/2.1`.
    pub fn user_agent_suffix(mut self, suffix: impl Into<String>) -> Self {
        self.user_agent_suffix = Some(suffix.into());
        self
    }

    /// Hears of every call, for metrics.
    pub fn observer(mut self, observer: impl Observer) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// Changes the HTTP client before it is made: proxies, DNS, socket options, and whatever else
    /// [`reqwest::ClientBuilder`] has and this builder has not.
    ///
    /// TLS is set up by then; redirects and repeats are turned off afterwards, whatever is set here.
    ///
    /// ```
    /// use cashfree_pg::{CashfreeBuilder, reqwest};
    ///
    /// fn behind_proxy(builder: CashfreeBuilder, proxy: reqwest::Proxy) -> CashfreeBuilder {
    ///     builder.configure_http(|http| http.proxy(proxy).tcp_nodelay(true))
    /// }
    /// ```
    pub fn configure_http(
        mut self,
        configure: impl FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + 'static,
    ) -> Self {
        self.configure = Some(match self.configure.take() {
            Some(before) => Box::new(|http| configure(before(http))),
            None => Box::new(configure),
        });
        self
    }

    /// An HTTP client of your own, with its own proxy, TLS and connect timeout. Where
    /// [`configure_http`](Self::configure_http) will do, use that.
    ///
    /// It must be made with `redirect(Policy::none())`, and another is refused: a redirect that it follows
    /// would send credentials elsewhere and bring an answer to another request. Give it
    /// `retry(reqwest::retry::never())` as well: a repeat that it makes on its own is one this crate cannot
    /// see, so no connection is not taken for proof that nothing was sent.
    ///
    /// A reqwest of your own without a TLS feature panics where it makes a client, "No rustls crypto provider
    /// is configured": see the guide on TLS beside other crates, `docs/guide/tls.md`.
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http_client = Some(client);
        self
    }

    /// Sends requests by a function of your own in place of HTTP over reqwest: to record them, to answer them in
    /// a test, or to send them by another stack. Headers, repeats, deadlines and errors stay as they are.
    ///
    /// It must send a request once or not at all, follow no redirect, and give a body whole or an error.
    /// Whether the request may have left is for it to say: see [`TransportError`].
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), cashfree_pg::Error> {
    /// use cashfree_pg::{ApiVersion, Cashfree, Credentials, Environment, Method};
    ///
    /// let cashfree = Cashfree::builder()
    ///     .environment(Environment::Sandbox)
    ///     .credentials(Credentials::merchant("id", "secret"))
    ///     .transport(|request: http::Request<bytes::Bytes>| async move {
    ///         assert_eq!(request.uri().path(), "/pg/orders/order_1");
    ///         Ok(http::Response::new(r#"{"order_id":"order_1","order_status":"PAID"}"#.into()))
    ///     })
    ///     .build()?;
    ///
    /// let version = ApiVersion::new("2025-01-01")?;
    /// let order = cashfree.request(version, Method::GET, "/orders/{id}").path("id", "order_1").await?;
    /// assert_eq!(order.json()["order_status"], "PAID");
    /// # Ok(())
    /// # }
    /// ```
    pub fn transport<F, R>(mut self, transport: F) -> Self
    where
        F: Fn(http::Request<Bytes>) -> R + Send + Sync + 'static,
        R: Future<Output = Result<http::Response<Bytes>, TransportError>> + Send + 'static,
    {
        self.transport = Some(Transport::hook(transport));
        self
    }

    /// Allows `http://` to a host that is not loopback. Credentials and card numbers are then readable
    /// on the way.
    pub fn allow_insecure_http(mut self) -> Self {
        self.allow_insecure_http = true;
        self
    }

    /// The longest answer that is read: 8 MiB. A longer one is an error; so is one that would take more memory
    /// than any real one of its length. Of an answer that is an error 256 KiB are read.
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = Some(bytes);
        self
    }

    /// Whether `Debug` of a [`Response`](crate::Response) shows names, addresses, e-mail and phone numbers: false.
    ///
    /// For a value without its response, see [`with_personal_data`](crate::types::with_personal_data).
    pub fn show_personal_data(mut self, show: bool) -> Self {
        self.show_personal_data = show;
        self
    }

    /// Checks the settings and makes the client.
    ///
    /// # Errors
    /// A configuration error whose [`field`](Error::field) is the setting that is missing or wrong.
    pub fn build(mut self) -> Result<Cashfree, Error> {
        let Some(environment) = self.environment.clone() else {
            return Err(Error::configuration("environment", "is not set: sandbox or production?"));
        };
        let Some(credentials) = self.credentials.clone() else {
            return Err(Error::configuration("credentials", "are not set"));
        };
        let base_url = environment.base_url()?;
        if !base_url.is_https() && !base_url.is_loopback() && !self.allow_insecure_http {
            let problem = "must be https: allow_insecure_http() allows http for hosts other than loopback";
            return Err(Error::configuration("base_url", problem));
        }
        for (field, value) in [("timeout", self.timeout), ("connect_timeout", self.connect_timeout)] {
            if value.is_some_and(|value| value.is_zero()) {
                return Err(Error::configuration(field, "must not be zero"));
            }
        }
        let credential_headers = credentials.headers()?;
        let common_headers = HeaderMap::from_iter([self.user_agent()?]);
        let transport = match (self.transport.take(), &self.http_client) {
            (Some(transport), None) => {
                self.refuse_settings_without_effect("transport")?;
                transport
            }
            (Some(_), Some(_)) => {
                return Err(Error::configuration(
                    "transport",
                    "is set together with http_client: which is it?",
                ));
            }
            (None, Some(client)) => {
                self.refuse_settings_without_effect("http_client")?;
                refuse_redirects(client)?;
                Transport::Http { client: client.clone(), own: true }
            }
            (None, None) => Transport::Http { client: self.http(&base_url)?, own: false },
        };
        Ok(Cashfree::new(Inner {
            transport: Arc::new(transport),
            base_url,
            environment,
            credentials,
            common_headers,
            credential_headers,
            timeout: self.timeout.unwrap_or(TIMEOUT),
            gate: self.rate_limiter.as_ref().map(RateLimiter::start),
            limiter: self.rate_limiter,
            tokens: Tokens::default(),
            body_limit: self.body_limit.unwrap_or(BODY_LIMIT),
            shows_personal_data: self.show_personal_data,
            retry: self.retry,
            observer: self.observer,
        }))
    }

    fn user_agent(&self) -> Result<(HeaderName, HeaderValue), Error> {
        let mut agent = concat!("cashfree-pg-rust/", env!("CARGO_PKG_VERSION")).to_owned();
        if let Some(suffix) = &self.user_agent_suffix {
            if suffix.trim().is_empty() || !suffix.bytes().all(|b| b.is_ascii_graphic() || b == b' ') {
                return Err(Error::configuration("user_agent_suffix", "must be visible ASCII text"));
            }
            agent = format!("{agent} {}", suffix.trim());
        }
        let value = HeaderValue::from_str(&agent)
            .map_err(|_| Error::configuration("user_agent_suffix", "cannot be sent in a header"))?;
        Ok((USER_AGENT, value))
    }

    /// These have no effect on what is already built, and silence would be worse than an error.
    fn refuse_settings_without_effect(&self, with: &str) -> Result<(), Error> {
        let set = [
            ("configure_http", self.configure.is_some()),
            ("proxy", self.proxy.is_some()),
            ("no_proxy", self.no_proxy),
            ("root_certificate", !self.root_certificates.is_empty()),
            ("tls", self.tls.is_some()),
            ("connect_timeout", self.connect_timeout.is_some()),
        ];
        match set.into_iter().find(|(_, is_set)| *is_set) {
            Some((field, _)) => {
                Err(Error::configuration(field, format!("has no effect with {with}(): set it there")))
            }
            None => Ok(()),
        }
    }

    fn http(&mut self, base_url: &BaseUrl) -> Result<reqwest::Client, Error> {
        let https = base_url.is_https();
        let mut http = reqwest::Client::builder()
            .connect_timeout(self.connect_timeout.unwrap_or(CONNECT_TIMEOUT))
            .pool_idle_timeout(POOL_IDLE_TIMEOUT);
        // What goes to this machine in clear text has no business with a proxy that the environment names.
        if self.no_proxy || (!https && base_url.is_loopback()) {
            http = http.no_proxy();
        }
        if let Some(url) = &self.proxy {
            // The problem does not repeat the URL: it may hold a password.
            let proxy =
                reqwest::Proxy::all(url).map_err(|_| Error::configuration("proxy", "is not a proxy URL"))?;
            http = http.no_proxy().proxy(proxy);
        }
        let settings = TlsSettings {
            choice: self.tls,
            roots: &self.root_certificates,
            needed: https || self.proxy.as_ref().is_some_and(|url| url.starts_with("https")),
        };
        let mut http = tls::configure(http, &settings)?;
        if let Some(configure) = self.configure.take() {
            http = configure(http);
        }
        // A redirect would carry credentials elsewhere. And a repeat is for the runtime to decide, which counts
        // it: reqwest makes some on its own otherwise. (One kind is left, in hyper: a request that found its
        // pooled connection closed before any of it was written moves to another.)
        http.redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .connector_layer(ConnectInTime)
            .build()
            .map_err(|e| Error::configuration("tls", format!("does not work: {}", e.without_url())))
    }
}

/// Refuses a client that may follow a redirect. Neither its answer nor anything else tells afterwards that it
/// did: one back to the same URL looks like the answer that was asked for. Its `Debug` is the only place that
/// shows the policy.
fn refuse_redirects(client: &reqwest::Client) -> Result<(), Error> {
    if format!("{client:?}").contains("Policy(None)") {
        return Ok(());
    }
    let problem = "must be made with redirect(reqwest::redirect::Policy::none()), or use configure_http()";
    Err(Error::configuration("http_client", problem))
}

impl std::fmt::Debug for CashfreeBuilder {
    // The proxy stays out: its URL may hold a password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CashfreeBuilder")
            .field("environment", &self.environment)
            .field("credentials", &self.credentials)
            .finish_non_exhaustive()
    }
}
