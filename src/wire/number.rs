//! Numbers, booleans and free JSON.

use std::fmt;

use rust_decimal::Decimal;
use serde_json::Value;

use super::leaf::{Leaf, Scalar};
use super::limits::check_range;
use super::path::Path;
use super::reader::Reader;
use super::serial::significant_digits;
use super::table::{At, Fit, Form, Member};
use super::writer::Writer;
use crate::redact;
use crate::types::amount::Amount;
use crate::types::outcome::{DecodeError, Violation};

/// How reports write that there is no amount. Such a member reads as absent and goes back as it came;
/// any other text in place of an amount is an error.
const NO_AMOUNT: [&str; 5] = ["", "NA", "N/A", "-", "null"];

/// What a float carries for sure.
const SURE_DIGITS: usize = 15;

impl Leaf for Amount {
    const EXPECTED: &'static str = "an amount";

    /// Never set aside silently: an amount that cannot be read exactly is an error.
    fn read(into: &mut Option<Self>, reader: &mut Reader<'_>, at: At<'_>) -> Result<Fit, DecodeError> {
        let first = reader.peek();
        let refuse = || at.refuse(Self::EXPECTED, first);
        match first {
            b'-' | b'0'..=b'9' => {
                let raw = reader.number()?;
                if !reader.exact && raw.contains(['.', 'e', 'E']) && significant_digits(raw) > SURE_DIGITS {
                    return Err(DecodeError::new(
                        at.path.to_string(),
                        "an amount of at most 15 digits (decode the bytes themselves for more)",
                        "a number that may have lost digits",
                    ));
                }
                *into = Some(raw.parse().map_err(|_| refuse())?);
                Ok(if at.form == Form::Text { Fit::Reformed } else { Fit::Exact })
            }
            b'"' => {
                let text = reader.string()?.get().ok_or_else(refuse)?;
                if NO_AMOUNT.contains(&text.trim()) {
                    return Ok(Fit::Misfit);
                }
                *into = Some(text.parse().map_err(|_| refuse())?);
                Ok(Fit::Reformed)
            }
            _ => Err(refuse()),
        }
    }

    fn write(&self, to: &mut Writer, member: &Member, path: &Path<'_>) {
        if let Some(broken) = to.broken() {
            self.check(member, path, broken);
        }
        match member.form {
            Form::Text => {
                to.raw("\"");
                to.display(sent(*self));
                to.raw("\"");
            }
            Form::Natural | Form::Number => to.plain_number((*self).into()),
        }
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }

    #[cfg(feature = "schemars")]
    fn schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "number" })
    }
}

/// As a text: without the zeros that a column of a database adds, since two decimals are what is taken.
fn sent(amount: Amount) -> Decimal {
    let value = Decimal::from(amount);
    if value.scale() > 2 { value.normalize() } else { value }
}

impl Scalar for Amount {
    fn text(&self) -> String {
        sent(*self).to_string()
    }

    fn check(&self, member: &Member, path: &Path<'_>, broken: &mut Vec<Violation>) {
        let value = Decimal::from(*self);
        if value.scale() > 2 && value.normalize().scale() > 2 {
            broken.push(Violation::new(path.dotted(), "must have at most 2 decimals"));
        }
        if self.is_negative() {
            broken.push(Violation::new(path.dotted(), "must not be negative"));
        } else {
            check_range(value, member, path, broken);
        }
    }
}

/// Exact or not at all, as with money; `Decimal`'s own parser rounds what has an exponent.
fn decimal(text: &str) -> Option<Decimal> {
    text.parse::<Amount>().ok().map(Decimal::from)
}

/// A number, or a text that is one.
fn read_decimal(reader: &mut Reader<'_>) -> Result<Option<(Decimal, Fit)>, DecodeError> {
    match reader.peek() {
        b'-' | b'0'..=b'9' => {
            let raw = reader.number()?;
            if !reader.exact && significant_digits(raw) > SURE_DIGITS {
                return Ok(None);
            }
            Ok(decimal(raw).map(|number| (number, Fit::Exact)))
        }
        b'"' => {
            let text = reader.string()?.get();
            Ok(text.and_then(|text| decimal(&text)).map(|number| (number, Fit::Reformed)))
        }
        _ => reader.skip().map(|_| None),
    }
}

/// Leaves what was found, if anything was.
fn fill<T>(into: &mut Option<T>, found: Option<(T, Fit)>) -> Fit {
    match found {
        Some((value, fit)) => {
            *into = Some(value);
            fit
        }
        None => Fit::Misfit,
    }
}

impl Leaf for Decimal {
    const EXPECTED: &'static str = "a number";

    fn read(into: &mut Option<Self>, reader: &mut Reader<'_>, _: At<'_>) -> Result<Fit, DecodeError> {
        Ok(fill(into, read_decimal(reader)?))
    }

    fn write(&self, to: &mut Writer, member: &Member, path: &Path<'_>) {
        if let Some(broken) = to.broken() {
            self.check(member, path, broken);
        }
        to.display(self);
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }

    #[cfg(feature = "schemars")]
    fn schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "number" })
    }
}

impl Scalar for Decimal {
    fn text(&self) -> String {
        self.to_string()
    }

    fn check(&self, member: &Member, path: &Path<'_>, broken: &mut Vec<Violation>) {
        check_range(*self, member, path, broken);
    }
}

impl Leaf for i64 {
    const EXPECTED: &'static str = "an integer";

    fn read(into: &mut Option<Self>, reader: &mut Reader<'_>, _: At<'_>) -> Result<Fit, DecodeError> {
        let mark = reader.mark();
        let number = read_decimal(reader)?;
        if let Ok(integer) = reader.since(mark).parse() {
            *into = Some(integer);
            return Ok(Fit::Exact);
        }
        let whole = number.map(|(number, _)| number).filter(|number| number.fract().is_zero());
        let integer = whole.and_then(|number| Self::try_from(number).ok());
        Ok(fill(into, integer.map(|integer| (integer, Fit::Reformed))))
    }

    fn write(&self, to: &mut Writer, member: &Member, path: &Path<'_>) {
        if let Some(broken) = to.broken() {
            self.check(member, path, broken);
        }
        to.display(self);
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }

    #[cfg(feature = "schemars")]
    fn schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "integer" })
    }
}

impl Scalar for i64 {
    fn text(&self) -> String {
        self.to_string()
    }

    fn check(&self, member: &Member, path: &Path<'_>, broken: &mut Vec<Violation>) {
        check_range(Decimal::from(*self), member, path, broken);
    }
}

impl Leaf for bool {
    const EXPECTED: &'static str = "a boolean";

    fn read(into: &mut Option<Self>, reader: &mut Reader<'_>, _: At<'_>) -> Result<Fit, DecodeError> {
        let found = match reader.skip()? {
            "true" => Some((true, Fit::Exact)),
            "false" => Some((false, Fit::Exact)),
            "\"true\"" => Some((true, Fit::Reformed)),
            "\"false\"" => Some((false, Fit::Reformed)),
            _ => None,
        };
        Ok(fill(into, found))
    }

    fn write(&self, to: &mut Writer, _: &Member, _: &Path<'_>) {
        to.raw(if *self { "true" } else { "false" });
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }

    #[cfg(feature = "schemars")]
    fn schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "boolean" })
    }
}

impl Scalar for bool {
    fn text(&self) -> String {
        self.to_string()
    }

    fn check(&self, _: &Member, _: &Path<'_>, _: &mut Vec<Violation>) {}
}

/// Free JSON. A `Value` holds numbers as floats and a member once, so the text is kept where it differs.
impl Leaf for Value {
    const EXPECTED: &'static str = "JSON";

    fn read(into: &mut Option<Self>, reader: &mut Reader<'_>, _: At<'_>) -> Result<Fit, DecodeError> {
        *into = serde_json::from_str(reader.skip()?).ok();
        Ok(if into.is_some() { Fit::Reformed } else { Fit::Misfit })
    }

    fn write(&self, to: &mut Writer, _: &Member, _: &Path<'_>) {
        to.display(self);
    }

    /// Its kind only: free JSON may hold anything.
    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Object(map) => {
                f.debug_set().entries(redact::names(map.keys().map(String::as_str))).finish()
            }
            Self::Array(list) => write!(f, "[{} items]", list.len()),
            Self::String(_) => f.write_str("[text]"),
            Self::Number(_) => f.write_str("[number]"),
            Self::Bool(_) | Self::Null => fmt::Display::fmt(self, f),
        }
    }

    #[cfg(feature = "schemars")]
    fn schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::Schema::default()
    }
}
