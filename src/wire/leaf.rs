//! What every kind of value can do, be it a text, a list or an object.

use std::fmt;

use super::path::Path;
use super::reader::Reader;
use super::table::{At, Fit, Member, Slot};
use super::writer::Writer;
use crate::types::outcome::{DecodeError, Violation};

/// A type with no members set.
pub(crate) trait Blank {
    /// The empty value.
    fn blank() -> Self;
}

/// A value that can stand in a member.
pub(crate) trait Leaf: Sized {
    /// What belongs there, for error messages.
    const EXPECTED: &'static str;

    /// Reads the value that begins at the reader, and leaves nothing in `into` where it does not fit.
    ///
    /// # Errors
    /// Where the text is no JSON, and where a misfit must not be set aside: an amount, at any depth.
    fn read(into: &mut Option<Self>, reader: &mut Reader<'_>, at: At<'_>) -> Result<Fit, DecodeError>;
    /// Writes the value as JSON. The writer hears of the limits of `member` that it breaks.
    fn write(&self, to: &mut Writer, member: &Member, path: &Path<'_>);
    /// Whether it holds nothing that the specification knows.
    fn is_silent(&self) -> bool {
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

/// A value that is one text in a path, a query or a form.
pub(crate) trait Scalar: Leaf {
    /// The value as that text.
    fn text(&self) -> String;
    /// Collects the limits of `member` that the value breaks.
    fn check(&self, member: &Member, path: &Path<'_>, broken: &mut Vec<Violation>);
}

impl<T: Leaf> Slot for Option<T> {
    fn read(&mut self, reader: &mut Reader<'_>, at: At<'_>) -> Result<Fit, DecodeError> {
        T::read(self, reader, at)
    }

    fn write(&self, to: &mut Writer, member: &Member, path: &Path<'_>) -> bool {
        if let Some(value) = self {
            value.write(to, member, path);
        }
        self.is_some()
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }

    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Some(value) => value.show(f),
            None => Ok(()),
        }
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
