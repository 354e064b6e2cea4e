//! JSON text beside the reader: what is looked into after the fact, and bodies that are read by other rules.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::reader::{DEEPEST, Reader};
use crate::types::outcome::DecodeError;

/// The text of a JSON string, where `raw` is one.
pub(crate) fn string(raw: &str) -> Option<String> {
    if raw.starts_with('"') { serde_json::from_str(raw).ok() } else { None }
}

/// The members of an object in the order of the body, each as its own text; none where `raw` is no object.
pub(crate) fn members(raw: &str) -> Option<Vec<(Cow<'_, str>, &str)>> {
    if !raw.starts_with('{') {
        return None;
    }
    serde_json::from_str::<Members<'_>>(raw).ok().map(|m| m.0)
}

/// The members of a body that is an object and has none but these, each as its own text. Most bodies are something
/// else, which their first member tells.
#[cfg(feature = "client")]
pub(crate) fn members_among<'t>(body: &'t [u8], names: &[&str]) -> Option<Vec<(Cow<'t, str>, &'t str)>> {
    let mut reader = Reader::new(std::str::from_utf8(body).ok()?, true);
    let mut more = reader.peek() == b'{' && reader.enter(b'}').ok()?;
    let mut members = Vec::new();
    while more {
        let name = reader.name().ok()?.get()?;
        if !names.contains(&name.as_ref()) {
            return None;
        }
        members.push((name, reader.skip().ok()?));
        more = reader.goes_on(b'}').ok()?;
    }
    reader.end().ok()?;
    Some(members)
}

/// The items of a list, each as its own text; none where `raw` is no list.
pub(crate) fn items(raw: &str) -> Option<Vec<&str>> {
    if !raw.starts_with('[') {
        return None;
    }
    serde_json::from_str::<Vec<&RawValue>>(raw)
        .ok()
        .map(|items| items.into_iter().map(RawValue::get).collect())
}

struct Members<'a>(Vec<(Cow<'a, str>, &'a str)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::new();
                while let Some(name) = map.next_key_seed(Name)? {
                    pairs.push((name, map.next_value::<&'de RawValue>()?.get()));
                }
                Ok(Members(pairs))
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}

/// A name, taken from the text where nothing in it is escaped.
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Name {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
        Ok(name.into())
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(name.to_owned().into())
    }
}

/// A text, be it one that holds half a surrogate pair.
pub(crate) struct Lossy;

impl<'de> DeserializeSeed<'de> for Lossy {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_bytes(self)
    }
}

impl<'de> Visitor<'de> for Lossy {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_borrowed_bytes<E>(self, text: &'de [u8]) -> Result<Self::Value, E> {
        Ok(String::from_utf8_lossy(text))
    }

    fn visit_bytes<E>(self, text: &[u8]) -> Result<Self::Value, E> {
        Ok(String::from_utf8_lossy(text).into_owned().into())
    }
}

/// Any value that a [`serde_json::Value`] could hold, without holding it.
pub(crate) struct Holdable;

impl<'de> Deserialize<'de> for Holdable {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Self)
    }
}

impl<'de> Visitor<'de> for Holdable {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self, A::Error> {
        while members.next_key_seed(Name)?.is_some() {
            members.next_value::<Self>()?;
        }
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self, A::Error> {
        while items.next_element::<Self>()?.is_some() {}
        Ok(self)
    }

    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }
}

/// The text of a whole body: one JSON value, whatever surrounds it.
pub(crate) fn whole(body: &[u8]) -> Result<&str, DecodeError> {
    let raw = serde_json::from_slice::<&RawValue>(body).map_err(|e| DecodeError::not_json(&e))?.get();
    if depth(raw) > DEEPEST {
        return Err(DecodeError::new("$", format!("at most {DEEPEST} levels of JSON"), "more"));
    }
    Ok(raw)
}

/// How many objects and lists stand inside each other in a JSON text.
fn depth(raw: &str) -> usize {
    let (mut depth, mut deepest, mut in_string) = (0, 0, false);
    let mut bytes = raw.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => in_string = !in_string,
            // Whatever is escaped, it does not end the string.
            b'\\' => drop(bytes.next()),
            b'{' | b'[' if !in_string => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' if !in_string => depth -= 1,
            _ => {}
        }
    }
    deepest
}
