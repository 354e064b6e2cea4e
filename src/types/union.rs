//! What stands in a union where none of its keys does.

use std::fmt;

use serde_json::Value;

use crate::{redact, wire::json};

/// A union value that matches no key of the specification, or more than one.
#[derive(Clone, PartialEq)]
pub struct UnknownUnion(String);

impl UnknownUnion {
    pub(crate) fn new(raw: &str) -> Self {
        Self(raw.to_owned())
    }

    pub(crate) fn raw(&self) -> &str {
        &self.0
    }

    /// The value as it came.
    pub fn value(&self) -> Value {
        serde_json::from_str(&self.0).unwrap_or(Value::Null)
    }

    /// The keys of the value, where it is an object.
    pub fn keys(&self) -> Vec<String> {
        json::members(&self.0).unwrap_or_default().into_iter().map(|(name, _)| name.into_owned()).collect()
    }
}

impl fmt::Debug for UnknownUnion {
    /// The keys only: the value may hold a card number.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys = self.keys();
        let shown: Vec<&str> = redact::names(keys.iter().map(String::as_str)).collect();
        f.debug_tuple("Unknown").field(&shown).finish()
    }
}
