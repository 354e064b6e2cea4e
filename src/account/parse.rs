//! Where requests go, as text: from code, a file of settings, or the environment.

use std::str::FromStr;

use url::Url;

use super::environment::{BaseUrl, Environment};
use crate::answer::error::Error;

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
