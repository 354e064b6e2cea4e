//! A body that has been verified, as one JSON object, whether it came as JSON or as a form.
//!
//! Strict where parsers differ: a body with a member twice, or nested without end, is turned away, so
//! that whoever reads the same bytes later with another parser finds the same event.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashSet};
use std::fmt;

use bytes::Bytes;
use percent_encoding::percent_decode;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use super::WebhookError;
use super::lenient::{self, MAX_DEPTH};

/// What a body says.
#[derive(Clone)]
pub(super) struct Fields {
    /// For looking things up. Numbers with decimals have gone through a float here.
    pub(super) json: Value,
    /// The same as text, which keeps `5.00`. The body itself if that is JSON.
    pub(super) text: Bytes,
}

impl Fields {
    /// Reads a body that is signed, and what can be read of one that no reader of JSON takes whole.
    pub(super) fn read_signed(body: &Bytes, form: Option<bool>) -> Result<Self, WebhookError> {
        match Self::read(body, form) {
            Err(not_json @ WebhookError::NotJson { .. }) => match lenient::read(body) {
                Some(Ok((json, text))) if json.is_object() => Ok(Self { json, text }),
                Some(Err(error)) => Err(error),
                _ => Err(not_json),
            },
            read => read,
        }
    }

    /// Reads a body. `form` is what the content type says, if there was one.
    ///
    /// What begins like a JSON object is one, whatever the content type: Cashfree says that payment links
    /// come as forms, and sends JSON.
    pub(super) fn read(body: &Bytes, form: Option<bool>) -> Result<Self, WebhookError> {
        let looks_like_json = body.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'{');
        if !looks_like_json && form.unwrap_or_else(|| body.contains(&b'=')) {
            let json = read_form(body)?;
            return Ok(Self { text: json.to_string().into(), json });
        }
        let json = json(body)?;
        if !json.is_object() {
            return Err(WebhookError::NotAnEvent { reason: "it is not a JSON object" });
        }
        Ok(Self { json, text: body.clone() })
    }

    /// The text at the first of `pointers` that has one. Numbers are given as they were written.
    /// Empty texts and the word `null`, which Cashfree sends for things it does not have, are none.
    pub(super) fn text_at(&self, pointers: &[&str]) -> Option<String> {
        pointers.iter().find_map(|pointer| match self.json.pointer(pointer)? {
            Value::String(text) if !text.is_empty() && text != "null" => Some(text.clone()),
            Value::Number(_) => self.written_at(pointer),
            _ => None,
        })
    }

    /// The members of the whole, each as it stands in the text.
    pub(super) fn written_members(&self) -> BTreeMap<Cow<'_, str>, &RawValue> {
        serde_json::from_slice(&self.text).unwrap_or_default()
    }

    /// What stands in the text at a pointer, to the letter.
    pub(super) fn written_at(&self, pointer: &str) -> Option<String> {
        let mut value: &RawValue = serde_json::from_slice(&self.text).ok()?;
        for name in pointer.split('/').skip(1) {
            let mut members: BTreeMap<Cow<'_, str>, &RawValue> = serde_json::from_str(value.get()).ok()?;
            value = members.remove(name)?;
        }
        Some(value.get().to_owned())
    }
}

/// Reads JSON that has no member twice and is not nested too deep.
pub(super) fn json(body: &[u8]) -> Result<Value, WebhookError> {
    let problem = RefCell::new(None);
    let mut reader = serde_json::Deserializer::from_slice(body);
    Strict { depth: 0, problem: &problem }
        .deserialize(&mut reader)
        .and_then(|()| reader.end())
        .and_then(|()| serde_json::from_slice(body))
        .map_err(|error| {
            let not_json = WebhookError::NotJson { line: error.line(), column: error.column() };
            problem.take().unwrap_or(not_json)
        })
}

/// Walks a value and keeps nothing of it. A pass of its own because no reader of values can refuse
/// duplicates and still read numbers whichever way serde_json was built by the rest of the program.
#[derive(Clone, Copy)]
struct Strict<'p> {
    depth: usize,
    problem: &'p RefCell<Option<WebhookError>>,
}

impl<'p> Strict<'p> {
    fn deeper<E: serde::de::Error>(self) -> Result<Strict<'p>, E> {
        if self.depth == MAX_DEPTH {
            return Err(self.stop(WebhookError::TooDeep { limit: MAX_DEPTH }));
        }
        Ok(Strict { depth: self.depth + 1, ..self })
    }

    fn stop<E: serde::de::Error>(self, problem: WebhookError) -> E {
        self.problem.replace(Some(problem));
        E::custom("refused")
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let inner = self.deeper()?;
        let mut names = HashSet::new();
        while let Some(name) = members.next_key::<String>()? {
            if names.contains(&name) {
                return Err(self.stop(WebhookError::duplicate_member(&name)));
            }
            names.insert(name);
            members.next_value_seed(inner)?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let inner = self.deeper()?;
        while items.next_element_seed(inner)?.is_some() {}
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
}

/// Reads a form as an object of texts.
fn read_form(body: &[u8]) -> Result<Value, WebhookError> {
    // Nothing stands between the timestamp and the body in the signed text. A name that begins with a
    // digit could be the end of the timestamp; no real one does.
    if !body.first().is_some_and(u8::is_ascii_alphabetic) {
        return Err(WebhookError::NotAnEvent { reason: "it is a form that does not begin with a letter" });
    }
    let mut fields = serde_json::Map::new();
    for pair in body.split(|b| *b == b'&').filter(|pair| !pair.is_empty()) {
        let middle = pair.iter().position(|b| *b == b'=');
        let (name, value) = middle.map_or((pair, &b""[..]), |at| (&pair[..at], &pair[at + 1..]));
        let name = unescape(name)?;
        if fields.contains_key(&name) {
            return Err(WebhookError::DuplicateMember { name: None });
        }
        fields.insert(name, Value::String(unescape(value)?));
    }
    Ok(Value::Object(fields))
}

fn unescape(text: &[u8]) -> Result<String, WebhookError> {
    let blanks: Vec<u8> = text.iter().map(|b| if *b == b'+' { b' ' } else { *b }).collect();
    match percent_decode(&blanks).decode_utf8() {
        Ok(text) => Ok(text.into_owned()),
        Err(_) => Err(WebhookError::NotAnEvent { reason: "it is a form that is not UTF-8" }),
    }
}
