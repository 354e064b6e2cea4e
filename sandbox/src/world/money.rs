//! Amounts: exact decimals inside, JSON numbers outside.
//!
//! `serde_json` without `arbitrary_precision` (which changes the behaviour of every crate in a build) keeps
//! fractions as doubles. A double prints the shortest digits that identify it, so a decimal of up to fifteen
//! digits survives the way in and out; the limit below keeps amounts within that.

use std::io;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::{Number, Value};

/// The most rupees in one amount: with two decimals, fourteen digits.
pub(crate) const MAXIMUM: Decimal = Decimal::from_parts(0xd4a5_0fff, 0xe8, 0, false, 0);

/// Reads a number, or a text that holds one.
pub(crate) fn decimal(value: &Value) -> Option<Decimal> {
    let text = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.trim().to_owned(),
        _ => return None,
    };
    let read = Decimal::from_str(&text).or_else(|_| Decimal::from_scientific(&text));
    read.ok().or_else(|| beyond(&text))
}

/// A number that is too large or too small for a decimal, as the nearest that is not.
fn beyond(text: &str) -> Option<Decimal> {
    let number = text.parse::<f64>().ok().filter(|number| number.is_finite())?;
    Some(match number {
        _ if number.abs() < 1.0 => Decimal::ZERO,
        _ if number < 0.0 => Decimal::MIN,
        _ => Decimal::MAX,
    })
}

/// The amount as Cashfree writes it: a number with a fraction, also where it is whole.
pub(crate) fn number(amount: Decimal) -> Value {
    amount.to_string().parse().ok().and_then(Number::from_f64).map_or(Value::Null, Value::Number)
}

/// JSON text in which every fraction has at least two decimals (`5.00`), as in Cashfree's bodies.
pub(crate) fn to_json(value: &Value) -> Vec<u8> {
    let mut text = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut text, TwoDecimals);
    // Writing a `Value` into memory cannot fail: its keys are strings and its numbers finite.
    let _ = value.serialize(&mut serializer);
    text
}

struct TwoDecimals;

impl serde_json::ser::Formatter for TwoDecimals {
    fn write_f64<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        let text = value.to_string();
        let decimals = text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        match decimals {
            0 | 1 => write!(writer, "{value:.2}"),
            _ => writer.write_all(text.as_bytes()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn amounts_survive_and_have_two_decimals() {
        for (sent, answered) in
            [("499.5", "499.50"), ("1", "1.00"), ("0.1", "0.10"), ("999999999999.99", "999999999999.99")]
        {
            let value: Value = serde_json::from_str(sent).expect("JSON");
            let amount = decimal(&value).expect("amount");
            assert_eq!(to_json(&number(amount)), answered.as_bytes());
        }
        assert_eq!(to_json(&json!({"count": 5, "rate": 84.2433})), br#"{"count":5,"rate":84.2433}"#);
    }

    #[test]
    fn text_is_read_and_nonsense_is_not() {
        assert_eq!(decimal(&json!("10.10")), Some(Decimal::new(1010, 2)));
        assert_eq!(decimal(&json!("ten")), None);
        assert_eq!(decimal(&json!(2.1e105)), Some(Decimal::MAX));
        assert_eq!(decimal(&json!(5e-324)), Some(Decimal::ZERO));
        assert_eq!(MAXIMUM.to_string(), "999999999999");
    }
}
