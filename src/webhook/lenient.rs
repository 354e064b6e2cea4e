//! A signed body that no reader of JSON takes whole: half a surrogate pair, a byte that is no UTF-8, a number
//! that no float holds.
//!
//! Cashfree signed it, and delivers it again until it gives up; the order and the status in it are as readable
//! as ever. So what is around such a value is read, and the value itself as far as it goes: a text with marks in
//! place of what is no text, a number as its text. Only after the signature: what nobody signed is not worth it.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use bytes::Bytes;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::WebhookError;
use crate::wire::Lossy;

/// The deepest real event has six levels.
pub(super) const MAX_DEPTH: usize = 64;

/// The body as a value, and as text that is UTF-8; none where it is no JSON at all.
pub(super) fn read(body: &[u8]) -> Option<Result<(Value, Bytes), WebhookError>> {
    let text = String::from_utf8_lossy(body);
    let raw = serde_json::from_str::<&RawValue>(&text).ok()?.get();
    Some(hold(raw, 0).map(|value| (value, Bytes::copy_from_slice(raw.as_bytes()))))
}

fn hold(raw: &str, depth: usize) -> Result<Value, WebhookError> {
    let first = raw.as_bytes().first();
    if depth == MAX_DEPTH && matches!(first, Some(b'{' | b'[')) {
        return Err(WebhookError::TooDeep { limit: MAX_DEPTH });
    }
    // It is well formed, so what cannot be read here is what this is for.
    match first {
        Some(b'{') => {
            let (mut held, mut seen) = (Map::new(), HashSet::new());
            for (name, value) in members(raw) {
                if !seen.insert(name.clone()) {
                    return Err(WebhookError::duplicate_member(&name));
                }
                held.insert(name.into_owned(), hold(value, depth + 1)?);
            }
            Ok(Value::Object(held))
        }
        Some(b'[') => {
            let items = serde_json::from_str::<Vec<&RawValue>>(raw).unwrap_or_default();
            items
                .into_iter()
                .map(|item| hold(item.get(), depth + 1))
                .collect::<Result<_, _>>()
                .map(Value::Array)
        }
        Some(b'"') => {
            let text = Lossy.deserialize(&mut serde_json::Deserializer::from_str(raw));
            Ok(Value::String(text.map_or_else(|_| raw.to_owned(), Cow::into_owned)))
        }
        _ => Ok(serde_json::from_str(raw).unwrap_or_else(|_| Value::String(raw.to_owned()))),
    }
}

fn members(raw: &str) -> Vec<(Cow<'_, str>, &str)> {
    struct Members;
    impl<'de> Visitor<'de> for Members {
        type Value = Vec<(Cow<'de, str>, &'de str)>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut members = Vec::new();
            while let Some(name) = map.next_key_seed(Lossy)? {
                members.push((name, map.next_value::<&'de RawValue>()?.get()));
            }
            Ok(members)
        }
    }
    serde_json::Deserializer::from_str(raw).deserialize_map(Members).unwrap_or_default()
}
