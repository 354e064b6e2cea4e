//! A request as it came in, and what goes out for it.

use std::time::Duration;

use bytes::Bytes;
use hyper::{HeaderMap, Method};
use serde_json::Value;

use super::problem::Problem;
use crate::world::money;

/// A request as it came in.
#[derive(Debug)]
pub(crate) struct Incoming {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// The address it came from.
    pub(crate) peer: String,
}

impl Incoming {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok().filter(|value| !value.is_empty())
    }

    /// Where the caller found the sandbox: in a container, that is not where it listens. Who takes it for
    /// Cashfree, through a proxy or a hosts file, has a browser that does not.
    pub(crate) fn origin(&self, own: &str) -> String {
        let plain = |host: &&str| {
            host.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':' | b'[' | b']'))
        };
        let scheme = if own.starts_with("https:") { "https" } else { "http" };
        let taken_for =
            |host: &&str| host.split(':').next().is_some_and(|name| name.ends_with("cashfree.com"));
        match self.header("host").filter(plain).filter(|host| !taken_for(host)) {
            Some(host) => format!("{scheme}://{host}"),
            None => own.to_owned(),
        }
    }

    /// Whether a page that somebody else serves makes a browser ask. What is no browser says nothing of it.
    pub(crate) fn is_of_another_page(&self) -> bool {
        match (self.header("sec-fetch-site"), self.header("origin")) {
            (Some(site), _) => !matches!(site, "same-origin" | "none"),
            (None, Some(origin)) => origin.split_once("://").map(|(_, host)| host) != self.header("host"),
            (None, None) => false,
        }
    }

    /// The body as JSON; null where it is none.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// What goes out, and how it is to be spoilt on the way.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
    pub(crate) delay: Duration,
    pub(crate) spoilt: Spoilt,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spoilt {
    No,
    /// The connection is reset, and nothing is answered.
    Reset,
    /// The answer breaks off half way, and the connection is reset.
    Truncated,
    /// The answer comes byte by byte, and takes so long.
    Drip(Duration),
    /// More is announced than comes, and the connection is closed.
    WrongLength,
    /// The connection is closed after the head.
    EarlyClose,
}

impl Reply {
    pub(crate) fn new(status: u16, media: &str, body: Vec<u8>) -> Self {
        let headers = vec![("content-type", media.to_owned())];
        Self { status, headers, body, delay: Duration::ZERO, spoilt: Spoilt::No }
    }

    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::new(status, "application/json", money::to_json(body))
    }

    pub(crate) fn problem(problem: &Problem, origin: &str) -> Self {
        Self::json(problem.status, &problem.body(origin))
    }

    pub(crate) fn plain(status: u16, text: &str) -> Self {
        Self::new(status, "text/plain; charset=utf-8", text.as_bytes().to_vec())
    }

    pub(crate) fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}
