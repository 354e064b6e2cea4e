//! An answer that nobody has read.

use std::fmt;

use bytes::Bytes;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;

use crate::{
    types::{Body, DecodeError},
    wire::Holdable,
};

/// The body of an answer as it came: JSON, or empty. `Debug` shows its length only.
#[derive(Clone, PartialEq, Eq)]
pub struct RawJson(Bytes);

impl RawJson {
    /// The bytes that came.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The body as a JSON value; an empty body is null.
    ///
    /// Numbers become binary floating point: [`read`](Self::read) a type of your own where money matters.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.0).unwrap_or_default()
    }

    /// The body as a type of your own.
    ///
    /// # Errors
    /// serde's, if the body does not fit.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_slice(&self.0)
    }
}

impl Body for RawJson {
    fn decode(body: &[u8]) -> Result<Self, DecodeError> {
        if !body.is_empty() {
            // Not merely well formed: `json` has to hold it.
            serde_json::from_slice::<Holdable>(body).map_err(|e| match serde_json::from_slice(body) {
                Ok(IgnoredAny) => DecodeError::new(
                    "$",
                    "JSON with whole texts, finite numbers and no endless nesting",
                    "other",
                ),
                Err(_) => DecodeError::not_json(&e),
            })?;
        }
        Ok(Self(Bytes::copy_from_slice(body)))
    }

    fn show_body(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl fmt::Debug for RawJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawJson({} bytes)", self.0.len())
    }
}

impl crate::types::sealed::Sealed for RawJson {}
