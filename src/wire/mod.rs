//! How bodies are read and written: once over the text, by the tables of generated types.
//!
//! Reading is tolerant where the live API is careless: a number for a string, one object for a list. The form a
//! value came in is kept by the object around it, so nothing else has to remember. Writing is strict.

pub(crate) mod json;
mod leaf;
mod limits;
mod list;
mod number;
mod object;
mod path;
mod reader;
mod serial;
mod show;
mod table;
#[cfg(test)]
#[allow(unreachable_pub, dead_code)]
// what the macros make is public, and used, where generated code uses them
mod tests;
mod text;
mod union;
mod writer;

use crate::types::outcome::{DecodeError, Invalid};

#[cfg(feature = "client")]
pub(crate) use json::Holdable;
pub(crate) use json::Lossy;
pub(crate) use leaf::{Blank, Leaf, Scalar};
pub(crate) use limits::{check_span, check_text};
#[cfg(feature = "registry")]
pub(crate) use object::misfits_of_object;
#[cfg(feature = "schemars")]
pub(crate) use object::{declare, schema_of_object};
pub(crate) use object::{is_about, object, object_is_silent, read_object, write_object};
pub(crate) use path::Path;
pub(crate) use reader::Reader;
pub(crate) use serial::{deserialize, serialize, serialize_number, value_impls};
pub use show::with_personal_data;
pub(crate) use show::{hidden, show_object};
pub(crate) use table::{At, Fit, Form, Member, Object, Slot, Table, kind_of, tags};
pub(crate) use text::{read_text, write_text};
pub(crate) use union::{arm, key_union, read_union};
pub(crate) use writer::Writer;

/// Reads a whole body.
pub(crate) fn read_body<T: Leaf>(body: &[u8]) -> Result<T, DecodeError> {
    let text = std::str::from_utf8(body).map_err(|_| reader::no_json());
    // That a body is no JSON goes before anything that is wrong with a member of it.
    text.and_then(|text| read_root(text, true)).map_err(|error| json::whole(body).err().unwrap_or(error))
}

fn read_root<T: Leaf>(text: &str, exact: bool) -> Result<T, DecodeError> {
    let mut value = None;
    read_at(&mut value, text, exact, &Path::Root)?;
    let found = || kind_of(text.trim_ascii_start().as_bytes().first());
    value.ok_or_else(|| DecodeError::new("$", T::EXPECTED, found()))
}

/// Reads a member by itself, which stands at `path`; none where it does not fit.
#[cfg(feature = "legacy")]
pub(crate) fn read_member<T: Leaf>(text: &str, path: &Path<'_>) -> Result<Option<T>, DecodeError> {
    let mut value = None;
    read_at(&mut value, text, true, path)?;
    Ok(value)
}

/// Filled in place: what is read may be large.
fn read_at<T: Leaf>(
    value: &mut Option<T>,
    text: &str,
    exact: bool,
    path: &Path<'_>,
) -> Result<(), DecodeError> {
    let mut reader = Reader::new(text, exact);
    T::read(value, &mut reader, At { path, form: Form::Natural })?;
    reader.end()
}

/// A value as JSON, whatever limits it breaks.
pub(crate) fn write_root<T: Leaf>(value: &T) -> String {
    let mut to = Writer::plain();
    value.write(&mut to, Member::FREE, &Path::Root);
    to.into_text()
}

/// A request as JSON, if it keeps all limits.
pub(crate) fn write_request<T: Leaf>(value: &T) -> Result<Vec<u8>, Invalid> {
    let mut to = Writer::checking();
    value.write(&mut to, Member::FREE, &Path::Root);
    to.finish()
}

/// A request that is a list.
pub(crate) fn write_requests<T: Leaf>(items: &[T]) -> Result<Vec<u8>, Invalid> {
    let mut to = Writer::checking();
    list::write_items(items, &mut to, Member::FREE, &Path::Root);
    to.finish()
}
