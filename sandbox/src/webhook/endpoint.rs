//! Where webhooks go: endpoints with a version each, and what an order names besides.

use std::net::IpAddr;

use serde_json::{Value, json};

use crate::spec;

/// Why a webhook does not go where somebody wants it to.
pub(crate) const STRANGER: &str =
    "it is neither this machine nor one beside it: only --deliver-anywhere delivers there";

/// A receiver of webhooks. One event is delivered once to each.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Endpoint {
    /// `http://` or `https://`.
    pub url: String,
    /// The API version of the bodies; without one, that of the call which created what the event is about.
    pub version: Option<String>,
    /// The event types it wants; none stands for all.
    pub events: Vec<String>,
}

impl Endpoint {
    /// An endpoint that wants every event.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), version: None, events: Vec::new() }
    }

    /// With bodies of this API version.
    #[must_use]
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.version = Some(version.into());
        self
    }

    /// Only these event types.
    #[must_use]
    pub fn events(mut self, events: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.events = events.into_iter().map(Into::into).collect();
        self
    }

    pub(super) fn wants(&self, kind: &str) -> bool {
        self.events.is_empty() || self.events.iter().any(|one| one == kind)
    }

    /// What is wrong with it.
    pub(crate) fn check(&self) -> Result<(), String> {
        if !self.url.starts_with("http://") && !self.url.starts_with("https://") {
            return Err(format!("url should begin with http:// or https://: {}", self.url));
        }
        match &self.version {
            Some(version) if spec::find(version).is_none() => {
                let known: Vec<&str> = spec::versions().collect();
                Err(format!("version should be one of {}: {version}", known.join(", ")))
            }
            _ => Ok(()),
        }
    }

    pub(crate) fn to_json(&self) -> Value {
        json!({ "url": self.url, "version": self.version, "events": self.events })
    }
}

/// Whether webhooks may go to `url` though the sandbox was not started with it: to this machine or one beside
/// it, never to a stranger's.
pub(super) fn is_near(url: &str) -> bool {
    let Ok(uri) = url.parse::<hyper::Uri>() else { return false };
    if !matches!(uri.scheme_str(), Some("http" | "https")) {
        return false;
    }
    let host = uri.host().unwrap_or("").trim_matches(['[', ']']);
    if let Ok(address) = host.parse::<IpAddr>() {
        return is_beside(address);
    }
    // A name without a dot is a container's or a machine's in the same network.
    let last = host.rsplit('.').next().unwrap_or(host);
    !host.is_empty()
        && (!host.contains('.') || ["localhost", "local", "internal", "test", "lan"].contains(&last))
}

/// Whether an address is this machine's or one's beside it. Link-local ones are not: a cloud's keys are at one.
pub(super) fn is_beside(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_loopback() || address.is_private(),
        IpAddr::V6(address) => address.is_loopback() || address.is_unique_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_goes_to_a_stranger_unasked() {
        for (url, near) in [
            ("http://127.0.0.1:8080/hook", true),
            ("http://localhost/hook", true),
            ("http://[::1]:80/", true),
            ("https://127.0.0.1/", true),
            ("http://app:3000/hook", true),
            ("http://host.docker.internal:3000/", true),
            ("http://10.0.0.7/", true),
            ("http://example.com/", false),
            ("https://8.8.8.8/", false),
            ("http://169.254.169.254/latest/meta-data", false),
            ("ftp://localhost/", false),
            ("nonsense", false),
        ] {
            assert_eq!(is_near(url), near, "{url}");
        }
    }

    #[test]
    fn an_endpoint_has_an_address_and_a_version_that_exists() {
        assert!(Endpoint::new("http://x/").version("2025-01-01").check().is_ok());
        assert!(Endpoint::new("http://x/").version("1999-01-01").check().is_err());
        assert!(Endpoint::new("x").check().is_err());
        assert!(!Endpoint::new("http://x/").events(["A"]).wants("B"));
    }
}
