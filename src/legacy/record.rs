//! What the first API answers, as it came: its members are not specified anywhere.

use std::{collections::HashSet, fmt};

use serde::de::DeserializeOwned;

use crate::{
    redact,
    types::{Amount, Body, DecodeError, sealed},
    wire::{self, Path, json},
};

/// An answer of the first API, or an object inside one: JSON as it came, read by name.
///
/// Nothing of it is lost or turned into a float. `Debug` shows the names of its members only.
///
/// ```
/// use cashfree_pg::legacy::Record;
/// use cashfree_pg::types::{Amount, Body};
///
/// let answer = br#"{"status":"OK","transactions":[{"orderId":"order_1","referenceId":13307,"orderAmount":499.50}]}"#;
/// let answer = Record::decode(answer)?;
/// for transaction in answer.records("transactions") {
///     assert_eq!(transaction.text("referenceId").as_deref(), Some("13307"));
///     assert_eq!(transaction.amount("orderAmount")?, Some(Amount::from_paise(49_950)));
/// }
/// # Ok::<(), cashfree_pg::types::DecodeError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Record(Box<str>);

impl Record {
    /// The message of the answer.
    pub fn message(&self) -> Option<String> {
        self.text("message")
    }

    /// Where the customer pays, in the answers to [`create_order`](super::Client::create_order) and
    /// [`fetch_order_link`](super::Client::fetch_order_link).
    pub fn payment_link(&self) -> Option<String> {
        self.text("paymentLink")
    }

    /// A text; a number or a boolean as it is written. `None` if there is no such member, or another kind.
    pub fn text(&self, name: &str) -> Option<String> {
        let raw = self.raw(name)?;
        json::string(raw).or_else(|| (!raw.starts_with(['"', '{', '[', 'n'])).then(|| raw.to_owned()))
    }

    /// An amount, from the very digits that came, be they a number or a text. `None` if there is none.
    ///
    /// # Errors
    /// [`DecodeError`] if what stands there is no amount.
    pub fn amount(&self, name: &str) -> Result<Option<Amount>, DecodeError> {
        let Some(raw) = self.raw(name).filter(|raw| *raw != "null") else { return Ok(None) };
        let path = Path::Member(&Path::Root, name);
        wire::read_member(raw, &path)
    }

    /// The objects under a name: those of a list, or the one that stands there by itself.
    pub fn records(&self, name: &str) -> Vec<Self> {
        let raw = self.raw(name).unwrap_or_default();
        let all = json::items(raw).unwrap_or_else(|| vec![raw]);
        all.into_iter().filter(|raw| raw.starts_with('{')).map(|raw| Self(raw.into())).collect()
    }

    /// The names of its members, in the order they came in.
    pub fn names(&self) -> Vec<String> {
        json::members(&self.0).into_iter().flatten().map(|(name, _)| name.into_owned()).collect()
    }

    /// The JSON text as it came.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As a type of your own, or a [`serde_json::Value`], whose numbers are binary floating point:
    /// [`amount`](Self::amount) where money matters.
    ///
    /// # Errors
    /// serde's, if it does not fit.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_str(&self.0)
    }

    fn raw(&self, name: &str) -> Option<&str> {
        json::members(&self.0)?.into_iter().find(|(known, _)| known == name).map(|(_, raw)| raw)
    }
}

/// An answer is one only if it says `OK`: nothing else says that anything was done.
impl Body for Record {
    fn decode(body: &[u8]) -> Result<Self, DecodeError> {
        let raw = json::whole(body)?;
        let Some(members) = json::members(raw) else {
            return Err(DecodeError::new("$", "an object", wire::kind_of(raw.as_bytes().first())));
        };
        let mut seen = HashSet::new();
        if !members.iter().all(|(name, _)| seen.insert(name)) {
            return Err(DecodeError::new("$.*", "one value", "the member twice"));
        }
        let record = Self(raw.into());
        match record.text("status") {
            Some(status) if status.eq_ignore_ascii_case("ok") => Ok(record),
            Some(_) => Err(DecodeError::new("$.status", "OK", "another text")),
            None => Err(DecodeError::new("$.status", "OK", "nothing")),
        }
    }

    fn show_body(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }

    fn is_meant_by(body: &[u8]) -> bool {
        let raw = json::whole(body).unwrap_or_default();
        let mut states = json::members(raw).into_iter().flatten().filter(|(name, _)| name == "status");
        let state = states.next().and_then(|(_, raw)| json::string(raw));
        state.is_some_and(|state| state.eq_ignore_ascii_case("ok")) && states.next().is_none()
    }
}

impl sealed::Sealed for Record {}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Record ")?;
        f.debug_set().entries(redact::names(self.names().iter().map(String::as_str))).finish()
    }
}
