//! How a client is set up. Every wrong setting is found here, by name, before anything is sent.

use std::{env, time::Duration};

use http::{
    HeaderMap, HeaderValue,
    header::{HeaderName, USER_AGENT},
};

use crate::{
    client::{Cashfree, Inner},
    credentials::Credentials,
    environment::Environment,
    error::Error,
    limit::RateLimiter,
    observe::Observer,
    retry::RetryPolicy,
    tls::{self, Tls, TlsSettings},
};

const TIMEOUT: Duration = Duration::from_secs(60);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Shorter than the minute after which common load balancers close idle connections: a request on one
/// that is just being closed is a request with an unknown outcome.
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(50);
/// The largest published list is a few hundred kilobytes.
const BODY_LIMIT: usize = 8 * 1024 * 1024;

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
    observer: Option<Box<dyn Observer>>,
    http_client: Option<reqwest::Client>,
    allow_insecure_http: bool,
    body_limit: Option<usize>,
}

impl CashfreeBuilder {
    /// Begins with environment and credentials from environment variables:
    ///
    /// | variable | |
    /// |---|---|
    /// | `CASHFREE_ENVIRONMENT` | `sandbox`, `production`, or a base URL; required |
    /// | `CASHFREE_CLIENT_ID` | with one of the three below |
    /// | `CASHFREE_CLIENT_SECRET` | a merchant |
    /// | `CASHFREE_CLIENT_SIGNATURE` | a merchant who signs |
    /// | `CASHFREE_PARTNER_API_KEY` | a partner; with `CASHFREE_CLIENT_ID` or the one below |
    /// | `CASHFREE_PARTNER_MERCHANT_ID` | a partner, for a merchant id |
    ///
    /// # Errors
    /// A configuration error whose [`field`](Error::field) is the variable that is missing, empty, wrong,
    /// or contradicts another.
    pub fn from_env() -> Result<Self, Error> {
        Self::from_vars(|name| match env::var(name) {
            Ok(value) => Some(value),
            Err(env::VarError::NotPresent) => None,
            // Reads as empty, and so as wrong.
            Err(env::VarError::NotUnicode(_)) => Some(String::new()),
        })
    }

    /// The same as [`from_env`](Self::from_env), from a source of your own.
    ///
    /// ```
    /// use cashfree_pg::CashfreeBuilder;
    ///
    /// let error = CashfreeBuilder::from_vars(|name| match name {
    ///     "CASHFREE_ENVIRONMENT" => Some("sandbox".to_owned()),
    ///     "CASHFREE_CLIENT_ID" => Some("id".to_owned()),
    ///     _ => None,
    /// });
    /// assert_eq!(error.err().unwrap().field(), Some("CASHFREE_CLIENT_SECRET"));
    /// ```
    ///
    /// # Errors
    /// As for [`from_env`](Self::from_env).
    pub fn from_vars(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let optional = |name: &'static str| match lookup(name) {
            Some(value) if value.trim().is_empty() => {
                Err(Error::configuration(name, "is set, but empty or not text"))
            }
            value => Ok(value),
        };
        let required =
            |name: &'static str| optional(name)?.ok_or_else(|| Error::configuration(name, "is not set"));

        let environment = required("CASHFREE_ENVIRONMENT")?;
        let environment = environment.parse().map_err(|_| {
            Error::configuration("CASHFREE_ENVIRONMENT", "must be sandbox, production, or a base URL")
        })?;

        let client_id = optional("CASHFREE_CLIENT_ID")?;
        let client_secret = optional("CASHFREE_CLIENT_SECRET")?;
        let client_signature = optional("CASHFREE_CLIENT_SIGNATURE")?;
        let partner_api_key = optional("CASHFREE_PARTNER_API_KEY")?;
        let partner_merchant_id = optional("CASHFREE_PARTNER_MERCHANT_ID")?;
        let contradicts = |name, other| {
            Err(Error::configuration(
                name,
                format!("is set together with {other}: only one can say who calls"),
            ))
        };
        let credentials = match (partner_api_key, partner_merchant_id, client_secret, client_signature) {
            (None, None, Some(secret), None) => Credentials::merchant(needed_id(client_id)?, secret),
            (None, None, None, Some(signature)) => {
                Credentials::merchant_signed(needed_id(client_id)?, signature)
            }
            (Some(key), None, None, None) => Credentials::partner(needed_id(client_id)?, key),
            (Some(key), Some(merchant), None, None) if client_id.is_none() => {
                Credentials::partner_merchant(merchant, key)
            }
            (None, None, None, None) => {
                needed_id(client_id)?;
                return Err(Error::configuration("CASHFREE_CLIENT_SECRET", "is not set"));
            }
            (None, Some(_), ..) => {
                return Err(Error::configuration("CASHFREE_PARTNER_API_KEY", "is not set"));
            }
            (None, None, Some(_), Some(_)) => {
                return contradicts("CASHFREE_CLIENT_SIGNATURE", "CASHFREE_CLIENT_SECRET");
            }
            (Some(_), _, Some(_), _) => {
                return contradicts("CASHFREE_PARTNER_API_KEY", "CASHFREE_CLIENT_SECRET");
            }
            (Some(_), _, None, Some(_)) => {
                return contradicts("CASHFREE_PARTNER_API_KEY", "CASHFREE_CLIENT_SIGNATURE");
            }
            (Some(_), Some(_), None, None) => {
                return contradicts("CASHFREE_PARTNER_MERCHANT_ID", "CASHFREE_CLIENT_ID");
            }
        };
        Ok(Self::default().environment(environment).credentials(credentials))
    }

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
        self.observer = Some(Box::new(observer));
        self
    }

    /// An HTTP client of your own, with its own proxy, TLS and connect timeout.
    ///
    /// Give it `redirect(Policy::none())` and `retry(reqwest::retry::never())`: a redirect that it
    /// follows would send credentials elsewhere, and a repeat that it makes on its own is one this crate
    /// cannot see. An answer that came by a redirect is not accepted, and no connection is not taken for
    /// proof that nothing was sent: it may be missing after a redirect.
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http_client = Some(client);
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

    /// Checks the settings and makes the client.
    ///
    /// # Errors
    /// A configuration error whose [`field`](Error::field) is the setting that is missing or wrong.
    pub fn build(self) -> Result<Cashfree, Error> {
        let Some(environment) = &self.environment else {
            return Err(Error::configuration("environment", "is not set: sandbox or production?"));
        };
        let Some(credentials) = &self.credentials else {
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
        let credential_headers = HeaderMap::from_iter(credentials.headers()?);
        let common_headers = HeaderMap::from_iter([self.user_agent()?]);
        let http = match &self.http_client {
            Some(client) => {
                self.refuse_settings_of_own_client()?;
                client.clone()
            }
            None => self.http(base_url.is_https())?,
        };
        Ok(Cashfree::new(Inner {
            http,
            own_http: self.http_client.is_some(),
            base_url,
            environment: environment.clone(),
            credentials: credentials.clone(),
            common_headers,
            credential_headers,
            timeout: self.timeout.unwrap_or(TIMEOUT),
            gate: self.rate_limiter.as_ref().map(RateLimiter::start),
            body_limit: self.body_limit.unwrap_or(BODY_LIMIT),
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

    /// These have no effect on a client that is already built, and silence would be worse than an error.
    fn refuse_settings_of_own_client(&self) -> Result<(), Error> {
        let set = [
            ("proxy", self.proxy.is_some()),
            ("no_proxy", self.no_proxy),
            ("root_certificate", !self.root_certificates.is_empty()),
            ("tls", self.tls.is_some()),
            ("connect_timeout", self.connect_timeout.is_some()),
        ];
        match set.into_iter().find(|(_, is_set)| *is_set) {
            Some((field, _)) => {
                Err(Error::configuration(field, "has no effect with http_client(): set it on that client"))
            }
            None => Ok(()),
        }
    }

    fn http(&self, https: bool) -> Result<reqwest::Client, Error> {
        let mut http = reqwest::Client::builder()
            // A redirect would carry credentials elsewhere. And a repeat is for the runtime to decide, which
            // counts it: reqwest makes some on its own otherwise. (One kind is left, in hyper: a request
            // that found its pooled connection closed before any of it was written moves to another.)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .connect_timeout(self.connect_timeout.unwrap_or(CONNECT_TIMEOUT))
            .pool_idle_timeout(POOL_IDLE_TIMEOUT);
        if self.no_proxy {
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
        tls::configure(http, &settings)?
            .build()
            .map_err(|e| Error::configuration("tls", format!("does not work: {}", e.without_url())))
    }
}

fn needed_id(client_id: Option<String>) -> Result<String, Error> {
    client_id.ok_or_else(|| Error::configuration("CASHFREE_CLIENT_ID", "is not set"))
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
