//! Where requests go. There is no default: money moves in one of the two places.

use std::{fmt, str::FromStr};

use url::{Host, Url};

use crate::error::Error;

/// Cashfree's sandbox, its production, or another server that speaks the same API.
///
/// ```
/// use cashfree_pg::Environment;
///
/// assert_eq!("production".parse::<Environment>()?, Environment::Production);
/// let local = Environment::custom("http://127.0.0.1:8700/pg")?;
/// assert!(Environment::custom("127.0.0.1:8700").is_err());
/// # Ok::<(), cashfree_pg::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[doc(alias = "CFEnvironment")]
#[doc(alias = "XEnvironment")]
#[non_exhaustive]
pub enum Environment {
    /// `https://sandbox.cashfree.com/pg`: test money.
    Sandbox,
    /// `https://api.cashfree.com/pg`: real money.
    Production,
    /// Another server; see [`Environment::custom`].
    Custom(BaseUrl),
}

impl Environment {
    /// A server of your own, such as the local sandbox.
    ///
    /// `base_url` is everything before the paths of the API, `/pg` included where the server wants it.
    /// `http` is accepted for loopback addresses; for others the builder must be told
    /// [`allow_insecure_http`](crate::CashfreeBuilder::allow_insecure_http).
    ///
    /// # Errors
    /// A configuration error on `base_url` if it is no `http` or `https` URL with a host, or if it has a
    /// user, a password, a query or a fragment.
    pub fn custom(base_url: &str) -> Result<Self, Error> {
        base_url.parse().map(Self::Custom)
    }

    pub(crate) fn base_url(&self) -> Result<BaseUrl, Error> {
        match self {
            Self::Sandbox => "https://sandbox.cashfree.com/pg".parse(),
            Self::Production => "https://api.cashfree.com/pg".parse(),
            Self::Custom(url) => Ok(url.clone()),
        }
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sandbox => f.write_str("the sandbox"),
            Self::Production => f.write_str("production"),
            Self::Custom(url) => url.fmt(f),
        }
    }
}

impl FromStr for Environment {
    type Err = Error;

    /// `sandbox`, `production`, or the base URL of another server.
    fn from_str(text: &str) -> Result<Self, Error> {
        match text {
            "sandbox" => Ok(Self::Sandbox),
            "production" => Ok(Self::Production),
            url if url.contains("://") => Self::custom(url),
            _ => Err(Error::configuration("environment", "must be sandbox, production, or a URL")),
        }
    }
}

/// A checked base URL.
#[derive(Clone, PartialEq, Eq)]
pub struct BaseUrl(Url);

impl BaseUrl {
    /// Without the final slash, so that a path can follow.
    pub fn as_str(&self) -> &str {
        self.0.as_str().trim_end_matches('/')
    }

    /// The URL of a path that begins with a slash: below this one, or for a product below what is before `/pg`.
    pub(crate) fn join(&self, path: &str, of_product: bool) -> Url {
        let base = self.0.path().trim_end_matches('/');
        let base = if of_product { base.strip_suffix("/pg").unwrap_or(base) } else { base };
        let mut url = self.0.clone();
        url.set_path(&format!("{base}{path}"));
        url
    }

    pub(crate) fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }

    pub(crate) fn is_loopback(&self) -> bool {
        match self.0.host() {
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            None => false,
        }
    }
}

impl FromStr for BaseUrl {
    type Err = Error;

    // The problem never repeats the URL: one with a password in it is just what is refused here.
    fn from_str(text: &str) -> Result<Self, Error> {
        let wrong = |problem| Error::configuration("base_url", problem);
        let url = Url::parse(text).map_err(|_| wrong("is not a URL"))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(wrong("must begin with https:// or http://"));
        }
        // Browsers, and so Url, take `https:///pg` for `https://pg`.
        let after_scheme = text.split_once("://").map_or("", |(_, rest)| rest);
        if after_scheme.is_empty() || after_scheme.starts_with('/') {
            return Err(wrong("has no host"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(wrong("must not hold a user or a password"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(wrong("must not hold a query or a fragment"));
        }
        Ok(Self(url))
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
