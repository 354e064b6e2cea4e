//! Text, and the types that are text with a meaning.

use std::borrow::Cow;
use std::fmt;

use super::leaf::{Leaf, Scalar};
use super::limits::check_text;
use super::path::Path;
use super::reader::Reader;
use super::table::{At, Fit, Form, Member};
use super::writer::Writer;
use crate::redact;
use crate::types::id::Id;
use crate::types::outcome::{DecodeError, Violation};
use crate::types::timestamp::Timestamp;

/// Text, whether it came as a string, a number or a boolean. The digits of a number are taken as they
/// stand, so that a phone or account number does not change.
///
/// A number that came through a float is not taken where it has a fraction or an exponent: its digits are
/// no longer those that were sent.
pub(crate) fn read_text<'t>(
    reader: &mut Reader<'t>,
    form: Form,
) -> Result<Option<(Cow<'t, str>, Fit)>, DecodeError> {
    let declared_number = form == Form::Number;
    match reader.peek() {
        b'"' => {
            let text = reader.string()?.get();
            Ok(text.map(|text| {
                let reformed = declared_number && writes_as_number(&text);
                (text, if reformed { Fit::Reformed } else { Fit::Exact })
            }))
        }
        b'-' | b'0'..=b'9' => {
            let raw = reader.number()?;
            if !reader.exact && raw.contains(['.', 'e', 'E']) {
                return Ok(None);
            }
            let exact = declared_number && writes_as_number(raw);
            Ok(Some((raw.into(), if exact { Fit::Exact } else { Fit::Reformed })))
        }
        b't' | b'f' => Ok(Some((reader.skip()?.into(), Fit::Reformed))),
        _ => reader.skip().map(|_| None),
    }
}

/// Whether text can stand as a JSON number without changing: no leading zeros, no sign, digits only.
fn writes_as_number(text: &str) -> bool {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    digits && (text == "0" || !text.starts_with('0'))
}

pub(crate) fn write_text(text: &str, to: &mut Writer, form: Form) {
    if form == Form::Number && writes_as_number(text) {
        to.raw(text);
    } else {
        to.string(text);
    }
}

macro_rules! text_leaf {
    ($name:ident, $expected:literal, $schema:tt, $shown:path) => {
        impl Leaf for $name {
            const EXPECTED: &'static str = $expected;

            fn read(
                into: &mut Option<Self>,
                reader: &mut Reader<'_>,
                at: At<'_>,
            ) -> Result<Fit, DecodeError> {
                let Some((text, fit)) = read_text(reader, at.form)? else { return Ok(Fit::Misfit) };
                *into = Some(Self::from(text.into_owned()));
                Ok(fit)
            }

            fn write(&self, to: &mut Writer, member: &Member, path: &Path<'_>) {
                if let Some(broken) = to.broken() {
                    self.check(member, path, broken);
                }
                write_text(self.as_str(), to, member.form);
            }

            fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&$shown(self), f)
            }

            #[cfg(feature = "schemars")]
            fn schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": $schema })
            }
        }

        impl Scalar for $name {
            fn text(&self) -> String {
                self.as_str().to_owned()
            }

            fn check(&self, member: &Member, path: &Path<'_>, broken: &mut Vec<Violation>) {
                check_text(self.as_str(), member, path, broken);
            }
        }
    };
}

text_leaf!(String, "text", "string", redact::shown);
text_leaf!(Id, "an id", ["string", "integer"], std::convert::identity);
text_leaf!(Timestamp, "a date or a time", "string", std::convert::identity);
