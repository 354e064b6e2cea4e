//! What the builder decided.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use super::auth::Credentials;
use super::log::RequestRecord;
use crate::webhook::Delivery;
use crate::webhook::endpoint::Endpoint;
use crate::webhook::post::Rules;
use crate::world::clock::Clock;

/// Something that a running sandbox can tell whoever watches it.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Happening<'a> {
    /// A request was answered.
    Request(&'a RequestRecord),
    /// An attempt at a webhook was made.
    Delivery(&'a Delivery),
}

/// Who watches.
#[derive(Clone)]
pub(crate) struct Observer(pub(crate) Arc<dyn Fn(Happening<'_>) + Send + Sync>);

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Observer")
    }
}

/// How many requests a minute are answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RateLimit {
    /// So many of an account, whatever they are.
    Account(u32),
    /// As Cashfree publishes it, for each operation.
    Published,
}

#[derive(Debug)]
pub(crate) struct Config {
    pub(crate) credentials: Credentials,
    pub(crate) endpoints: Vec<Endpoint>,
    pub(crate) rules: Rules,
    pub(crate) rate_limit: RateLimit,
    pub(crate) clock: Clock,
    pub(crate) seed: u64,
    /// `http://127.0.0.1:8700`
    pub(crate) origin: String,
    /// Answers in which the live API breaks its specification.
    pub(crate) quirks: bool,
    /// Operations that are not imitated are refused.
    pub(crate) strict: bool,
    /// Where what has happened is kept.
    pub(crate) state: Option<PathBuf>,
    pub(crate) observer: Option<Observer>,
}

impl Config {
    pub(crate) fn tell(&self, happening: Happening<'_>) {
        if let Some(Observer(observer)) = &self.observer {
            observer(happening);
        }
    }
}
