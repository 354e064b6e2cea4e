//! How each kind of value is read from JSON text and written back.
//!
//! Reading is tolerant where the live API is careless: a number for a string, one object for a list.
//! The form a value came in is kept by the object around it, so nothing here has to remember.

use std::collections::{BTreeMap, HashSet};
use std::fmt;

use rust_decimal::Decimal;
use serde_json::Value;

use super::json::{self, Path};
use super::object::{At, Fit, Form, Member, Room, Slot, twice};
use super::{Amount, DecodeError, Id, Timestamp, Violation};
use crate::redact;

/// A type with no members set.
pub(crate) trait Blank {
    /// The empty value.
    fn blank() -> Self;
}

/// A value that can stand in a member.
pub(crate) trait Leaf: Sized {
    /// What belongs there, for error messages.
    const EXPECTED: &'static str;

    /// Reads JSON text that is not null; none where it does not fit.
    ///
    /// # Errors
    /// Where a misfit must not be set aside: an amount, at any depth.
    fn read(raw: &str, at: At<'_>) -> Result<Option<(Self, Fit)>, DecodeError>;
    /// Writes the value as JSON.
    fn write(&self, out: &mut String, form: Form);
    /// Collects the limits of `member` that the value breaks.
    fn check(&self, _member: &Member, _path: &Path<'_>, _broken: &mut Vec<Violation>) {}
    /// Whether it holds nothing that the specification knows.
    fn says_nothing(&self) -> bool {
        false
    }
    /// Whether a JSON text has anything that the specification knows, be it null or a misfit.
    fn is_about(_raw: &str) -> bool {
        true
    }
    /// Remembers that it came alone where a list is declared.
    fn set_alone(&mut self) {}
    /// Whether it came so.
    fn is_alone(&self) -> bool {
        false
    }
    /// Shows the value.
    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result;
    /// Collects the paths of the members inside that did not fit.
    #[cfg(feature = "registry")]
    fn misfits(&self, _path: &Path<'_>, _found: &mut Vec<String>) {}
    /// The members of an object type, as (name, sensitive); none for any other.
    #[cfg(feature = "registry")]
    fn members() -> Vec<(&'static str, bool)> {
        Vec::new()
    }
    /// The JSON Schema of the type.
    #[cfg(feature = "schemars")]
    fn schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema;
}

impl<T: Leaf> Slot for Option<T> {
    fn read(&mut self, raw: &str, at: At<'_>) -> Result<Fit, DecodeError> {
        let found = T::read(raw, at)?;
        let fit = found.as_ref().map_or(Fit::Misfit, |(_, fit)| *fit);
        *self = found.map(|(value, _)| value);
        Ok(fit)
    }

    fn write(&self, out: &mut String, form: Form) -> bool {
        if let Some(value) = self {
            value.write(out, form);
        }
        self.is_some()
    }

    fn check(&self, member: &Member, path: &Path<'_>, broken: &mut Vec<Violation>) {
        if let Some(value) = self {
            value.check(member, path, broken);
        }
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_ref().map_or(Ok(()), |value| value.show(f))
    }

    #[cfg(feature = "registry")]
    fn misfits(&self, path: &Path<'_>, found: &mut Vec<String>) {
        if let Some(value) = self {
            value.misfits(path, found);
        }
    }

    #[cfg(feature = "schemars")]
    fn schema(&self, generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        T::schema(generator)
    }
}

/// Text, whether it came as a string, a number or a boolean. The digits of a number are taken as they
/// stand, so that a phone or account number does not change.
///
/// A number that came through a float is not taken where it has a fraction or an exponent: its digits are
/// no longer those that were sent.
fn read_text(raw: &str, At { form, exact, .. }: At<'_>) -> Option<(String, Fit)> {
    let declared_number = form == Form::Number;
    if !exact && json::is_number(raw) && raw.contains(['.', 'e', 'E']) {
        return None;
    }
    if let Some(text) = json::string(raw) {
        let fit = if declared_number && writes_as_number(&text) { Fit::Reformed } else { Fit::Exact };
        return Some((text, fit));
    }
    let scalar = json::is_number(raw) || raw == "true" || raw == "false";
    let exact = declared_number && writes_as_number(raw);
    scalar.then(|| (raw.to_owned(), if exact { Fit::Exact } else { Fit::Reformed }))
}

/// Whether text can stand as a JSON number without changing: no leading zeros, no sign, digits only.
fn writes_as_number(text: &str) -> bool {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    digits && (text == "0" || !text.starts_with('0'))
}

fn write_text(text: &str, out: &mut String, form: Form) {
    if form == Form::Number && writes_as_number(text) {
        out.push_str(text);
    } else {
        json::push_string(out, text);
    }
}

fn check_text(text: &str, member: &Member, path: &Path<'_>, broken: &mut Vec<Violation>) {
    check_span(text.chars().count(), member.length, "character", path, broken);
    if let Some(pattern) = member.pattern
        && regex_lite::Regex::new(pattern).is_ok_and(|regex| !regex.is_match(text))
    {
        broken.push(Violation::new(path.dotted(), format!("must match the pattern {pattern}")));
    }
}

fn check_span(
    have: usize,
    (min, max): (usize, usize),
    unit: &str,
    path: &Path<'_>,
    broken: &mut Vec<Violation>,
) {
    let (bound, limit) = match have {
        _ if have < min => ("at least", min),
        _ if have > max => ("at most", max),
        _ => return,
    };
    let plural = if limit == 1 { "" } else { "s" };
    broken
        .push(Violation::new(path.dotted(), format!("must have {bound} {limit} {unit}{plural}, has {have}")));
}

fn check_range(value: Decimal, member: &Member, path: &Path<'_>, broken: &mut Vec<Violation>) {
    if let Some(minimum) = member.minimum
        && value < Decimal::from(minimum)
    {
        broken.push(Violation::new(path.dotted(), format!("must be at least {minimum}")));
    }
    if let Some(maximum) = member.maximum
        && value > Decimal::from(maximum)
    {
        broken.push(Violation::new(path.dotted(), format!("must be at most {maximum}")));
    }
}

/// A value that is one text in a path, a query or a form.
pub(crate) trait Scalar: Leaf {
    /// The value as that text.
    fn text(&self) -> String;
}

macro_rules! scalars {
    ($($name:ty),*) => {$(
        impl Scalar for $name {
            fn text(&self) -> String {
                self.to_string()
            }
        }
    )*};
}
scalars!(String, Id, Timestamp, Amount, Decimal, i64, bool);

/// Text and the types that are text with a meaning.
macro_rules! text_leaf {
    ($name:ident, $expected:literal, $schema:tt, $shown:path) => {
        impl Leaf for $name {
            const EXPECTED: &'static str = $expected;

            fn read(raw: &str, at: At<'_>) -> Result<Option<(Self, Fit)>, DecodeError> {
                Ok(read_text(raw, at).map(|(text, fit)| (Self::from(text), fit)))
            }

            fn write(&self, out: &mut String, form: Form) {
                write_text(self.as_str(), out, form);
            }

            fn check(&self, member: &Member, path: &Path<'_>, broken: &mut Vec<Violation>) {
                check_text(self.as_str(), member, path, broken);
            }

            fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&$shown(self), f)
            }

            #[cfg(feature = "schemars")]
            fn schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": $schema })
            }
        }
    };
}

text_leaf!(String, "text", "string", redact::shown);
text_leaf!(Id, "an id", ["string", "integer"], std::convert::identity);
text_leaf!(Timestamp, "a date or a time", "string", std::convert::identity);

/// How reports write that there is no amount. Such a member reads as absent and goes back as it came;
/// any other text in place of an amount is an error.
const NO_AMOUNT: [&str; 5] = ["", "NA", "N/A", "-", "null"];

impl Leaf for Amount {
    const EXPECTED: &'static str = "an amount";

    /// Never set aside silently: an amount that cannot be read exactly is an error.
    fn read(raw: &str, at: At<'_>) -> Result<Option<(Self, Fit)>, DecodeError> {
        let refuse = || at.refuse(Self::EXPECTED, raw);
        if json::is_number(raw) {
            if !at.exact && raw.contains(['.', 'e', 'E']) && json::significant_digits(raw) > 15 {
                return Err(DecodeError::new(
                    at.path.to_string(),
                    "an amount of at most 15 digits (decode the bytes themselves for more)",
                    "a number that may have lost digits",
                ));
            }
            let amount = Self::from_json_text(raw).map_err(|_| refuse())?;
            return Ok(Some((amount, if at.form == Form::Text { Fit::Reformed } else { Fit::Exact })));
        }
        match json::string(raw) {
            Some(text) if NO_AMOUNT.contains(&text.trim()) => Ok(None),
            Some(text) => {
                let amount = text.parse().map_err(|_| refuse())?;
                Ok(Some((amount, Fit::Reformed)))
            }
            None => Err(refuse()),
        }
    }

    fn write(&self, out: &mut String, form: Form) {
        if form == Form::Text {
            json::push_string(out, &self.to_string());
        } else {
            out.push_str(&self.to_json_text());
        }
    }

    fn check(&self, member: &Member, path: &Path<'_>, broken: &mut Vec<Violation>) {
        let value = Decimal::from(*self);
        if value.normalize().scale() > 2 {
            broken.push(Violation::new(path.dotted(), "must have at most 2 decimals"));
        }
        if value.is_sign_negative() && !value.is_zero() {
            broken.push(Violation::new(path.dotted(), "must not be negative"));
        } else {
            check_range(value, member, path, broken);
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

impl Leaf for Decimal {
    const EXPECTED: &'static str = "a number";

    fn read(raw: &str, at: At<'_>) -> Result<Option<(Self, Fit)>, DecodeError> {
        if !at.exact && json::is_number(raw) && json::significant_digits(raw) > 15 {
            return Ok(None);
        }
        // Exact or not at all, as with money; `Decimal`'s own parser rounds what has an exponent.
        let number = |text: &str| text.parse::<Amount>().ok().map(Self::from);
        if json::is_number(raw) {
            return Ok(number(raw).map(|n| (n, Fit::Exact)));
        }
        Ok(json::string(raw).and_then(|text| number(&text)).map(|n| (n, Fit::Reformed)))
    }

    fn write(&self, out: &mut String, _: Form) {
        out.push_str(&self.to_string());
    }

    fn check(&self, member: &Member, path: &Path<'_>, broken: &mut Vec<Violation>) {
        check_range(*self, member, path, broken);
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }

    #[cfg(feature = "schemars")]
    fn schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "number" })
    }
}

impl Leaf for i64 {
    const EXPECTED: &'static str = "an integer";

    fn read(raw: &str, at: At<'_>) -> Result<Option<(Self, Fit)>, DecodeError> {
        if let Ok(integer) = raw.parse() {
            return Ok(Some((integer, Fit::Exact)));
        }
        let whole =
            Decimal::read(raw, at)?.map(|(number, _)| number).filter(|number| number.fract().is_zero());
        Ok(whole.and_then(|number| Self::try_from(number).ok()).map(|integer| (integer, Fit::Reformed)))
    }

    fn write(&self, out: &mut String, _: Form) {
        out.push_str(&self.to_string());
    }

    fn check(&self, member: &Member, path: &Path<'_>, broken: &mut Vec<Violation>) {
        check_range(Decimal::from(*self), member, path, broken);
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }

    #[cfg(feature = "schemars")]
    fn schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "integer" })
    }
}

impl Leaf for bool {
    const EXPECTED: &'static str = "a boolean";

    fn read(raw: &str, _: At<'_>) -> Result<Option<(Self, Fit)>, DecodeError> {
        Ok(match raw {
            "true" => Some((true, Fit::Exact)),
            "false" => Some((false, Fit::Exact)),
            "\"true\"" => Some((true, Fit::Reformed)),
            "\"false\"" => Some((false, Fit::Reformed)),
            _ => None,
        })
    }

    fn write(&self, out: &mut String, _: Form) {
        out.push_str(if *self { "true" } else { "false" });
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }

    #[cfg(feature = "schemars")]
    fn schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "boolean" })
    }
}

/// Free JSON. A `Value` holds numbers as floats and a member once, so the text is kept where it differs.
impl Leaf for Value {
    const EXPECTED: &'static str = "JSON";

    fn read(raw: &str, _: At<'_>) -> Result<Option<(Self, Fit)>, DecodeError> {
        Ok(serde_json::from_str(raw).ok().map(|value| (value, Fit::Reformed)))
    }

    fn write(&self, out: &mut String, _: Form) {
        out.push_str(&self.to_string());
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

struct Shown<'a, T>(&'a T);

impl<T: Leaf> fmt::Debug for Shown<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.show(f)
    }
}

/// A list, or the one item that the API sends in place of a list.
impl<T: Leaf> Leaf for Vec<T> {
    const EXPECTED: &'static str = "a list";

    fn read(raw: &str, at: At<'_>) -> Result<Option<(Self, Fit)>, DecodeError> {
        let Some(items) = json::items(raw) else {
            let item = T::read(raw, at)?.map(|(item, _)| item);
            // What has nothing of the item is something else: an error, a wrapper. To call it a list of one
            // would hide that nothing was read.
            let item = item.filter(|item| !item.says_nothing() || T::is_about(raw));
            return Ok(item.map(|mut item| {
                // As a member, it is the object around it that keeps what came.
                if matches!(at.path, Path::Root) {
                    item.set_alone();
                }
                (vec![item], Fit::Reformed)
            }));
        };
        at.make_room(items.len(), size_of::<T>())?;
        let mut fit = Fit::Exact;
        let mut list = Self::with_capacity(items.len());
        for (index, item) in items.into_iter().enumerate() {
            let path = Path::Item(at.path, index);
            let Some((item, item_fit)) = T::read(item, At { path: &path, ..at })? else { return Ok(None) };
            if item_fit != Fit::Exact {
                fit = Fit::Reformed;
            }
            list.push(item);
        }
        Ok(Some((list, fit)))
    }

    fn write(&self, out: &mut String, form: Form) {
        if let [item] = self.as_slice()
            && item.is_alone()
        {
            return item.write(out, form);
        }
        out.push('[');
        for (index, item) in self.iter().enumerate() {
            if index > 0 {
                out.push(',');
            }
            item.write(out, form);
        }
        out.push(']');
    }

    fn check(&self, member: &Member, path: &Path<'_>, broken: &mut Vec<Violation>) {
        check_span(self.len(), member.count, "item", path, broken);
        for (index, item) in self.iter().enumerate() {
            item.check(member.items(), &Path::Item(path, index), broken);
        }
    }

    fn says_nothing(&self) -> bool {
        !self.is_empty() && self.iter().all(T::says_nothing)
    }

    fn is_about(raw: &str) -> bool {
        match json::items(raw) {
            Some(items) => items.is_empty() || items.into_iter().any(T::is_about),
            None => T::is_about(raw),
        }
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter().map(Shown)).finish()
    }

    #[cfg(feature = "registry")]
    fn misfits(&self, path: &Path<'_>, found: &mut Vec<String>) {
        for (index, item) in self.iter().enumerate() {
            item.misfits(&Path::Item(path, index), found);
        }
    }

    #[cfg(feature = "schemars")]
    fn schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "array", "items": T::schema(generator) })
    }
}

/// A map by free names. An entry that is null is no entry.
impl<T: Leaf> Leaf for BTreeMap<String, T> {
    const EXPECTED: &'static str = "an object";

    fn read(raw: &str, at: At<'_>) -> Result<Option<(Self, Fit)>, DecodeError> {
        let Some(members) = json::members(raw) else { return Ok(None) };
        let mut fit = Fit::Exact;
        at.make_room(members.len(), Room::KEPT + size_of::<T>())?;
        let mut map = Self::new();
        let mut seen = HashSet::new();
        for (name, value) in &members {
            if !seen.insert(name) {
                return Err(twice(&Path::Unnamed(at.path)));
            }
            if *value == "null" {
                fit = Fit::Reformed;
                continue;
            }
            let path = Path::Unnamed(at.path);
            let Some((value, value_fit)) = T::read(value, At { path: &path, ..at })? else { return Ok(None) };
            if value_fit != Fit::Exact {
                fit = Fit::Reformed;
            }
            map.insert(name.clone().into_owned(), value);
        }
        Ok(Some((map, fit)))
    }

    fn write(&self, out: &mut String, form: Form) {
        out.push('{');
        for (index, (name, value)) in self.iter().enumerate() {
            if index > 0 {
                out.push(',');
            }
            json::push_string(out, name);
            out.push(':');
            value.write(out, form);
        }
        out.push('}');
    }

    fn check(&self, member: &Member, path: &Path<'_>, broken: &mut Vec<Violation>) {
        check_span(self.len(), member.count, "entry", path, broken);
        for (name, value) in self {
            value.check(member.items(), &Path::Member(path, name), broken);
        }
    }

    /// Its names only: under a name that is free, anything may stand.
    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(redact::names(self.keys().map(String::as_str))).finish()
    }

    #[cfg(feature = "registry")]
    fn misfits(&self, path: &Path<'_>, found: &mut Vec<String>) {
        for (name, value) in self {
            value.misfits(&Path::Member(path, name), found);
        }
    }

    #[cfg(feature = "schemars")]
    fn schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "object", "additionalProperties": T::schema(generator) })
    }
}

/// A type inside itself, as some specifications have them; JSON knows nothing of the box.
impl<T: Leaf> Leaf for Box<T> {
    const EXPECTED: &'static str = T::EXPECTED;

    fn read(raw: &str, at: At<'_>) -> Result<Option<(Self, Fit)>, DecodeError> {
        Ok(T::read(raw, at)?.map(|(value, fit)| (Self::new(value), fit)))
    }

    fn write(&self, out: &mut String, form: Form) {
        T::write(self, out, form);
    }

    fn check(&self, member: &Member, path: &Path<'_>, broken: &mut Vec<Violation>) {
        T::check(self, member, path, broken);
    }

    fn says_nothing(&self) -> bool {
        T::says_nothing(self)
    }

    fn is_about(raw: &str) -> bool {
        T::is_about(raw)
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        T::show(self, f)
    }

    #[cfg(feature = "registry")]
    fn misfits(&self, path: &Path<'_>, found: &mut Vec<String>) {
        T::misfits(self, path, found);
    }

    #[cfg(feature = "registry")]
    fn members() -> Vec<(&'static str, bool)> {
        T::members()
    }

    #[cfg(feature = "schemars")]
    fn schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        T::schema(generator)
    }
}

/// Serde, `Debug` and the JSON Schema of any generated type.
macro_rules! value_impls {
    ($name:ident, $generator:pat => $schema:block) => {
        #[cfg(feature = "schemars")]
        impl ::schemars::JsonSchema for $name {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                ::std::convert::Into::into(::std::stringify!($name))
            }

            fn schema_id() -> ::std::borrow::Cow<'static, str> {
                ::std::convert::Into::into(::std::concat!(::std::module_path!(), "::", ::std::stringify!($name)))
            }

            fn json_schema($generator: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema $schema
        }

        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                $crate::types::internal::Leaf::show(self, f)
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                $crate::types::internal::serialize(self, serializer)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                $crate::types::internal::deserialize(deserializer)
            }
        }
    };
}

pub(crate) use value_impls;
