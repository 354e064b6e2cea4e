//! Where requests go. There is no default: money moves in one of the two places.

use std::fmt;

use url::{Host, Url};

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

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sandbox => f.write_str("the sandbox"),
            Self::Production => f.write_str("production"),
            Self::Custom(url) => url.fmt(f),
        }
    }
}

/// A checked base URL.
#[derive(Clone, PartialEq, Eq)]
pub struct BaseUrl(pub(super) Url);

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
