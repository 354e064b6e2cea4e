//! Every type as a type of serde: in JSON text with every digit, in other formats as far as they go.

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Error as _, Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::value::RawValue;

use super::json::{items, members, string};
use super::leaf::Leaf;
use super::{read_root, write_root};

/// `Deserialize` of every generated type.
///
/// Numbers come through the format's own floats; the reader is told, and refuses money with more digits
/// than a float is sure of.
pub(crate) fn deserialize<'de, T: Leaf, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let text = serde_json::Value::deserialize(deserializer)?.to_string();
    read_root(&text, false).map_err(D::Error::custom)
}

/// `Serialize` of every generated type.
pub(crate) fn serialize<T: Leaf, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    let json = write_root(value);
    // What is kept as it came may have been written on several lines, and one line is what is expected here.
    let one_line = !json.bytes().any(|byte| byte < b' ');
    if one_line && writes_json_as_it_is::<S>() {
        serialize_raw(json, serializer)
    } else {
        Text(&json).serialize(serializer)
    }
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
                None => serialize_raw(raw.to_owned(), serializer),
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
        return serialize_raw(raw.to_owned(), serializer);
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
fn serialize_raw<S: Serializer>(raw: String, serializer: S) -> Result<S::Ok, S::Error> {
    if writes_json_text::<S>() {
        return RawValue::from_string(raw).map_err(S::Error::custom)?.serialize(serializer);
    }
    serializer.serialize_str(&raw)
}

/// Whether a serializer is serde_json's writer of text, the only one that passes a raw value on. Any other
/// takes it for a map with an odd name. serde offers no way to ask but the name of the type; where that
/// does not show it (behind a `dyn`), numbers that no float carries become texts, which read back alike.
fn writes_json_text<S: Serializer>() -> bool {
    std::any::type_name::<S>().contains("serde_json::ser::Serializer<")
}

/// Whether that writer also leaves the form of JSON alone: none but serde_json's own formatter was given, which
/// the name of the type leaves out.
fn writes_json_as_it_is<S: Serializer>() -> bool {
    let Some((_, writer)) = std::any::type_name::<S>().split_once("serde_json::ser::Serializer<") else {
        return false;
    };
    let mut depth = 1;
    writer.bytes().all(|byte| {
        depth +=
            i32::from(matches!(byte, b'<' | b'(' | b'[')) - i32::from(matches!(byte, b'>' | b')' | b']'));
        byte != b',' || depth != 1
    })
}

/// How many decimal digits of a number's text count; 15 always survive a binary float.
pub(crate) fn significant_digits(raw: &str) -> usize {
    let mantissa = raw.split(['e', 'E']).next().unwrap_or(raw);
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    digits.trim_start_matches('0').trim_end_matches('0').len()
}

/// Serde, `Debug` and the JSON Schema of any generated type.
macro_rules! value_impls {
    ($name:ident, $generator:pat => $schema:block) => {
        #[cfg(feature = "schemars")]
        impl ::schemars::JsonSchema for $name {
            #[inline]
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                ::std::convert::Into::into(::std::stringify!($name))
            }

            #[inline]
            fn schema_id() -> ::std::borrow::Cow<'static, str> {
                ::std::convert::Into::into(::std::concat!(::std::module_path!(), "::", ::std::stringify!($name)))
            }

            #[inline]
            fn json_schema($generator: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema $schema
        }

        impl ::std::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                $crate::wire::Leaf::show(self, f)
            }
        }

        impl ::serde::Serialize for $name {
            #[inline]
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                $crate::wire::serialize(self, serializer)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            #[inline]
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                $crate::wire::deserialize(deserializer)
            }
        }
    };
}

pub(crate) use value_impls;
