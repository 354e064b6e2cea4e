//! JSON as text: what the reader looks at and what the writer produces.
//!
//! Bodies are read member by member from their own text rather than through binary floats, so that
//! `499.10` is the digits 4-9-9-1-0 all the way into an [`Amount`](super::Amount), and what we do not
//! understand can be written back as it came.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde::ser::{Error as _, Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::value::RawValue;

/// Where in a body the reader or the checker is.
#[derive(Clone, Copy)]
pub(crate) enum Path<'a> {
    /// The whole body.
    Root,
    /// A member of an object.
    Member(&'a Path<'a>, &'a str),
    /// A member whose name the specification does not list. It may be anything, so it is not told.
    Unnamed(&'a Path<'a>),
    /// An item of a list.
    Item(&'a Path<'a>, usize),
}

impl Path<'_> {
    /// As a dotted path without the leading `$`, as requests' members are named.
    pub(crate) fn dotted(&self) -> String {
        self.to_string().trim_start_matches("$.").to_owned()
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Path::Root => f.write_str("$"),
            Path::Member(parent, name) => write!(f, "{parent}.{name}"),
            Path::Unnamed(parent) => write!(f, "{parent}.*"),
            Path::Item(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}

/// What kind of JSON value a text is, for error messages: never the value.
pub(crate) fn kind_of(raw: &str) -> &'static str {
    match raw.as_bytes().first() {
        Some(b'{') => "an object",
        Some(b'[') => "a list",
        Some(b'"') => "a string",
        Some(b't' | b'f') => "a boolean",
        Some(b'n') => "null",
        Some(_) => "a number",
        None => "nothing",
    }
}

pub(crate) fn is_number(raw: &str) -> bool {
    raw.as_bytes().first().is_some_and(|b| b.is_ascii_digit() || *b == b'-')
}

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

/// As deep as serde_json itself reads a `Value`. A raw value has no limit, and what works through one level
/// by level would run out of stack.
const DEEPEST: usize = 127;

/// The text of a whole body: one JSON value, whatever surrounds it.
pub(crate) fn whole(body: &[u8]) -> Result<&str, super::DecodeError> {
    let raw = serde_json::from_slice::<&RawValue>(body).map_err(|e| super::DecodeError::not_json(&e))?.get();
    if depth(raw) > DEEPEST {
        return Err(super::DecodeError::new("$", format!("at most {DEEPEST} levels of JSON"), "more"));
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

pub(crate) fn push_string(out: &mut String, text: &str) {
    out.push_str(&serde_json::Value::from(text).to_string());
}

/// JSON text that is serialised as the value it describes, in any format, without losing a digit in JSON.
pub(crate) struct Text<'a>(pub(crate) &'a str);

impl Serialize for Text<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw = self.0;
        if let Some(members) = members(raw) {
            let mut map = serializer.serialize_map(Some(members.len()))?;
            for (name, value) in members {
                map.serialize_entry(&name, &Text(value))?;
            }
            return map.end();
        }
        if let Some(items) = items(raw) {
            let mut list = serializer.serialize_seq(Some(items.len()))?;
            for item in items {
                list.serialize_element(&Text(item))?;
            }
            return list.end();
        }
        match raw.as_bytes().first() {
            Some(b'"') => match string(raw) {
                Some(text) => serializer.serialize_str(&text),
                // Half of a surrogate pair is JSON, but no text.
                None => serialize_raw(raw, serializer),
            },
            Some(b't') => serializer.serialize_bool(true),
            Some(b'f') => serializer.serialize_bool(false),
            Some(b'n') | None => serializer.serialize_unit(),
            Some(_) => serialize_number(raw, serializer),
        }
    }
}

/// The text of a number as a number, with every digit.
///
/// JSON text takes it as it is. Another format gets an integer or a float where those give the same digits
/// back, and else a text, which every type here reads as well.
pub(crate) fn serialize_number<S: Serializer>(raw: &str, serializer: S) -> Result<S::Ok, S::Error> {
    if let Some(integer) = raw.parse::<i64>().ok().filter(|_| raw != "-0") {
        return serializer.serialize_i64(integer);
    }
    if writes_json_text::<S>() {
        return serialize_raw(raw, serializer);
    }
    let digits = significant_digits(raw);
    match raw.parse::<f64>() {
        Ok(float) if digits <= 15 && digits > 0 && !raw.contains(['e', 'E']) => {
            serializer.serialize_f64(float)
        }
        _ => serializer.serialize_str(raw),
    }
}

/// As the text it is, which serde_json passes on untouched.
fn serialize_raw<S: Serializer>(raw: &str, serializer: S) -> Result<S::Ok, S::Error> {
    if writes_json_text::<S>() {
        return RawValue::from_string(raw.to_owned()).map_err(S::Error::custom)?.serialize(serializer);
    }
    serializer.serialize_str(raw)
}

/// Whether a serializer is serde_json's writer of text, the only one that passes a raw value on. Any other
/// takes it for a map with an odd name. serde offers no way to ask but the name of the type; where that
/// does not show it (behind a `dyn`), numbers that no float carries become texts, which read back alike.
fn writes_json_text<S: Serializer>() -> bool {
    std::any::type_name::<S>().contains("serde_json::ser::Serializer<")
}

/// How many decimal digits of a number's text count; 15 always survive a binary float.
pub(crate) fn significant_digits(raw: &str) -> usize {
    let mantissa = raw.split(['e', 'E']).next().unwrap_or(raw);
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    digits.trim_start_matches('0').trim_end_matches('0').len()
}

/// The JSON text of whatever a serde format holds.
///
/// Numbers come through the format's own floats; the reader is told, and refuses money with more digits
/// than a float is sure of.
pub(crate) fn from_serde<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    serde_json::Value::deserialize(deserializer).map(|value| value.to_string()).map_err(D::Error::custom)
}
