//! What a handler may know of the request it serves, and how it reads it.

use rust_decimal::Decimal;
use serde_json::{Map, Value};

use super::clock::{self, Time};
use super::money;
use crate::gateway::problem::Problem;
use crate::spec::{Operation, Spec};

/// One call of an operation, checked against its version's specification.
pub(crate) struct Call<'a> {
    pub(crate) spec: &'static Spec,
    pub(crate) operation: &'static Operation,
    pub(crate) path: &'a [(String, String)],
    pub(crate) query: &'a [(String, String)],
    pub(crate) body: &'a Value,
    /// `http://127.0.0.1:8700`, without `/pg`.
    pub(crate) origin: &'a str,
}

impl Call<'_> {
    /// A value of the path.
    pub(crate) fn path(&self, name: &str) -> &str {
        find(self.path, name).unwrap_or("")
    }

    /// A value of the query.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        find(self.query, name)
    }

    /// A text of the body; a number reads as text, as the API does it.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        text(&self.body[name])
    }

    /// A time of the body.
    pub(crate) fn time(&self, path: &str) -> Result<Option<Time>, Problem> {
        time(self.body, path)
    }

    /// Everything the caller has told us: body, path and query, as one object.
    pub(crate) fn known(&self) -> Value {
        let mut known = match self.body {
            Value::Object(body) => body.clone(),
            _ => Map::new(),
        };
        for (name, value) in self.query.iter().chain(self.path) {
            known.insert(name.clone(), Value::String(value.clone()));
        }
        Value::Object(known)
    }
}

fn find<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(one, _)| one == name).map(|(_, value)| value.as_str())
}

/// A text; a number reads as one, an empty one as none.
pub(crate) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Whether a flag is set; a text reads as one.
pub(crate) fn flag(value: &Value) -> bool {
    matches!(value, Value::Bool(true)) || value.as_str().is_some_and(|text| text.eq_ignore_ascii_case("true"))
}

/// The member at a dotted path.
pub(crate) fn at<'a>(body: &'a Value, path: &str) -> &'a Value {
    path.split('.').fold(body, |value, name| &value[name])
}

/// The time at a dotted path of a body.
pub(crate) fn time(body: &Value, path: &str) -> Result<Option<Time>, Problem> {
    let value = at(body, path);
    match text(value) {
        None => Ok(None),
        Some(text) => match clock::read(&text) {
            Some(time) => Ok(Some(time)),
            None => Err(Problem::member(path, "should be an ISO 8601 time", value)),
        },
    }
}

/// An amount of a body that has been validated. Members that are amounts without being called so are kept
/// within reason here, so that sums cannot overflow.
pub(crate) fn amount(value: &Value) -> Decimal {
    money::decimal(value).unwrap_or_default().clamp(-money::MAXIMUM, money::MAXIMUM)
}

/// The members of `source` that `names` lists; null for those it lacks.
pub(crate) fn pick(source: &Value, names: &[&str]) -> Value {
    names.iter().map(|name| ((*name).to_owned(), source[*name].clone())).collect()
}

/// Replaces the members of `entity` that `extra` has.
pub(crate) fn overlay(entity: &mut Value, extra: Value) {
    if let (Value::Object(entity), Value::Object(extra)) = (entity, extra) {
        entity.extend(extra);
    }
}

/// The same with the members of `extra` in place of its own.
pub(crate) fn with(mut entity: Value, extra: Value) -> Value {
    overlay(&mut entity, extra);
    entity
}
