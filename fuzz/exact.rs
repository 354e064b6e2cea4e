// JSON compared digit by digit: what a binary float cannot tell apart, an amount must not mix up.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    /// Sign, digits and exponent, so that 10.10 is 10.1 and 1e2 is 100.
    Number(bool, String, i64),
    Text(String),
    List(Vec<Json>),
    Object(BTreeMap<String, Json>),
}

impl Json {
    /// None where the text is no JSON. Members that are null are left out: null is the same as absent.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let raw = serde_json::from_str::<&RawValue>(text).ok()?.get();
        Some(match raw.as_bytes().first()? {
            b'{' => {
                // Half of a surrogate pair is JSON, but no name and no text.
                let Ok(members) = serde_json::from_str::<BTreeMap<String, &RawValue>>(raw) else {
                    return Some(Self::Text(raw.to_owned()));
                };
                let members = members.into_iter().filter(|(_, value)| value.get() != "null");
                Self::Object(
                    members
                        .map(|(name, value)| Some((name, Self::parse(value.get())?)))
                        .collect::<Option<_>>()?,
                )
            }
            b'[' => {
                let items = serde_json::from_str::<Vec<&RawValue>>(raw).ok()?;
                Self::List(items.into_iter().map(|item| Self::parse(item.get())).collect::<Option<_>>()?)
            }
            b'"' => Self::Text(serde_json::from_str(raw).unwrap_or_else(|_| raw.to_owned())),
            b't' => Self::Bool(true),
            b'f' => Self::Bool(false),
            b'n' => Self::Null,
            _ => number(raw),
        })
    }
}

fn number(raw: &str) -> Json {
    let (mantissa, exponent) = raw.split_once(['e', 'E']).unwrap_or((raw, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{}{fraction}", whole.trim_start_matches('-'));
    let significant = digits.trim_end_matches('0');
    // An exponent beyond i64 belongs to no number that anyone sends.
    let exponent = exponent.trim_start_matches('+').parse::<i64>().unwrap_or(i64::MAX / 2)
        - fraction.len() as i64
        + (digits.len() - significant.len()) as i64;
    match significant.trim_start_matches('0') {
        "" => Json::Number(false, "0".to_owned(), 0),
        significant => Json::Number(mantissa.starts_with('-'), significant.to_owned(), exponent),
    }
}
