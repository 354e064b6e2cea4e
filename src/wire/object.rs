//! How every generated object is read and written: by its table of members, in one place.
//!
//! Generated code only lists members. Nothing here is generic over the type it works on, which keeps
//! both the compile time and the code of 250 types small, and gives every type the same promises: what
//! does not fit or is not known is kept and written back, and what is sensitive is never shown.

use std::borrow::Cow;
use std::collections::HashSet;

use super::json;
use super::path::Path;
use super::reader::{ROOM_KEPT, Reader};
#[cfg(feature = "schemars")]
use super::table::Form;
use super::table::{At, Fit, Member, Object, Slot, Table};
use super::writer::Writer;
use crate::types::outcome::DecodeError;
use crate::types::unlisted::{Kept, Unlisted};

/// Reads an object.
///
/// A whole body may be a list of the one object that is documented.
pub(crate) fn read_object(
    object: &mut dyn Object,
    reader: &mut Reader<'_>,
    at: At<'_>,
) -> Result<Fit, DecodeError> {
    match reader.peek() {
        b'{' => read_members(object, reader, at),
        b'[' if at.path.is_root() => read_listed(object, reader, at),
        _ => reader.skip().map(|_| Fit::Misfit),
    }
}

fn read_listed(object: &mut dyn Object, reader: &mut Reader<'_>, at: At<'_>) -> Result<Fit, DecodeError> {
    if !reader.enter(b']')? {
        return Ok(Fit::Misfit);
    }
    let fit = if reader.items_left()? == 1 {
        read_object(object, reader, At { path: &Path::Item(at.path, 0), ..at })?
    } else {
        reader.skip().map(|_| Fit::Misfit)?
    };
    reader.leave(b']')?;
    object.rest_mut().set_listed();
    Ok(fit)
}

fn read_members(object: &mut dyn Object, reader: &mut Reader<'_>, at: At<'_>) -> Result<Fit, DecodeError> {
    let table = object.table();
    let (mut seen, mut strangers, mut likely) = (Seen::default(), HashSet::new(), 0);
    let mut more = reader.enter(b'}')?;
    while more {
        let Some(name) = reader.name()?.get() else {
            // No name is a text that is none: this is no object that anyone could look into.
            reader.skip()?;
            return reader.leave(b'}').map(|()| Fit::Misfit);
        };
        match table.position(&name, likely) {
            Some(index) => {
                likely = index + 1;
                if !seen.insert(index) {
                    return Err(twice(&Path::Member(at.path, &name)));
                }
                if reader.peek() == b'n' {
                    reader.word("null")?;
                } else {
                    read_member(object, index, reader, at)?;
                }
            }
            None => read_stranger(object.rest_mut(), name, &mut strangers, reader, at)?,
        }
        more = reader.goes_on(b'}')?;
    }
    Ok(Fit::Exact)
}

/// Reads a listed member, and keeps what came beside it where writing it would give something else.
fn read_member(
    object: &mut dyn Object,
    index: usize,
    reader: &mut Reader<'_>,
    at: At<'_>,
) -> Result<(), DecodeError> {
    let (Some(member), Some(slot)) = (object.table().members.get(index), object.slot_mut(index)) else {
        return Ok(());
    };
    let path = Path::Member(at.path, member.name);
    let mark = reader.mark();
    let fit = slot.read(reader, At { path: &path, form: member.form })?;
    if fit != Fit::Exact {
        let mut written = Writer::plain();
        slot.write(&mut written, member, &path);
        let (came, written) = (reader.since(mark), written.out);
        if written != came {
            reader.make_room(&path, ROOM_KEPT + came.len() + written.len())?;
            object.rest_mut().keep(member.name, came, written, fit == Fit::Misfit);
        }
    }
    Ok(())
}

/// Keeps a member that is not listed.
fn read_stranger<'t>(
    rest: &mut Unlisted,
    name: Cow<'t, str>,
    strangers: &mut HashSet<Cow<'t, str>>,
    reader: &mut Reader<'t>,
    at: At<'_>,
) -> Result<(), DecodeError> {
    /// Of strangers there may be any number, so that only a few of them are compared one by one.
    const FEW: usize = 8;
    let is_new = if rest.names().nth(FEW).is_none() {
        rest.names().all(|known| known != name)
    } else {
        if strangers.is_empty() {
            strangers.extend(rest.names().map(|known| Cow::Owned(known.to_owned())));
        }
        strangers.insert(name.clone())
    };
    if !is_new {
        return Err(twice(&Path::Unnamed(at.path)));
    }
    let value = reader.skip()?;
    reader.make_room(at.path, ROOM_KEPT + name.len() + value.len())?;
    rest.add(name.into_owned(), value.to_owned());
    Ok(())
}

/// Which members of a table have come. Hardly any has more than a hundred.
#[derive(Default)]
struct Seen {
    near: u128,
    far: Vec<usize>,
}

impl Seen {
    /// False if it has come already.
    fn insert(&mut self, index: usize) -> bool {
        let Some(bit) = u32::try_from(index).ok().and_then(|index| 1u128.checked_shl(index)) else {
            let is_new = !self.far.contains(&index);
            self.far.push(index);
            return is_new;
        };
        let is_new = self.near & bit == 0;
        self.near |= bit;
        is_new
    }
}

/// Which of two values would be meant cannot be known, and two readers may choose differently.
pub(super) fn twice(path: &Path<'_>) -> DecodeError {
    DecodeError::new(path.to_string(), "one value", "the member twice")
}

pub(crate) fn write_object(object: &dyn Object, to: &mut Writer, path: &Path<'_>) {
    let rest = object.rest();
    to.raw(if rest.is_listed() { "[{" } else { "{" });
    let start = to.out.len();
    for (member, slot) in object.slots() {
        let path = Path::Member(path, member.name);
        if rest.is_nothing() {
            write_member(member, slot, None, start, to, &path);
        } else if !rest.replaces(member.name) {
            write_member(member, slot, rest.kept(member.name), start, to, &path);
        }
    }
    for (name, value) in rest.members() {
        to.name(start, name);
        to.raw(value);
    }
    to.raw(if rest.is_listed() { "}]" } else { "}" });
}

fn write_member(
    member: &Member,
    slot: &dyn Slot,
    kept: Option<&Kept>,
    start: usize,
    to: &mut Writer,
    path: &Path<'_>,
) {
    if slot.is_absent() {
        if member.required {
            to.breaks(path, "is required");
        }
        if kept.is_none() {
            return;
        }
    }
    let before = to.out.len();
    to.name(start, member.name);
    let value = to.out.len();
    let mut present = slot.write(to, member, path);
    if let Some(kept) = kept
        && to.out[value..] == kept.written
    {
        to.out.truncate(value);
        to.raw(&kept.came);
        present = true;
    }
    if !present {
        to.out.truncate(before);
    }
}

/// Whether none of the members has a value. A type without members has nothing to say, and is no less whole.
pub(crate) fn object_is_silent(object: &dyn Object) -> bool {
    !object.table().members.is_empty() && object.slots().all(|(_, slot)| slot.is_absent())
}

/// Whether a JSON text is an object, or a list of one, with one of these members at least.
pub(crate) fn is_about(table: &Table, raw: &str) -> bool {
    let listed = json::items(raw);
    let raw = match listed.as_deref() {
        Some([item]) => item,
        _ => raw,
    };
    json::members(raw).is_some_and(|members| {
        table.members.is_empty() || members.iter().any(|(name, _)| table.position(name, 0).is_some())
    })
}

#[cfg(feature = "registry")]
pub(crate) fn misfits_of_object(object: &dyn Object, path: &Path<'_>, found: &mut Vec<String>) {
    found.extend(object.rest().misfits().map(|name| Path::Member(path, name).to_string()));
    for (member, slot) in object.slots() {
        slot.misfits(&Path::Member(path, member.name), found);
    }
}

/// Says of a leaf, or of the items of a list, how this version writes it.
#[cfg(feature = "schemars")]
pub(crate) fn declare(property: &mut serde_json::Value, form: Form) {
    let leaf = if property["type"] == "array" { &mut property["items"] } else { property };
    match form {
        Form::Natural => {}
        Form::Number => leaf["type"] = serde_json::json!(["number", "string"]),
        Form::Text => leaf["type"] = serde_json::json!(["string", "number"]),
    }
}

/// The JSON Schema of an object, from its table and its fields.
#[cfg(feature = "schemars")]
pub(crate) fn schema_of_object(
    object: &dyn Object,
    generator: &mut schemars::SchemaGenerator,
) -> schemars::Schema {
    let mut properties = serde_json::Map::new();
    let mut required = Vec::new();
    for (member, slot) in object.slots() {
        let mut property = slot.schema(generator).to_value();
        declare(&mut property, member.form);
        properties.insert(member.name.to_owned(), property);
        if member.required {
            required.push(serde_json::Value::from(member.name));
        }
    }
    let mut schema = schemars::json_schema!({ "type": "object", "properties": properties });
    if !required.is_empty() {
        schema.insert("required".into(), serde_json::Value::Array(required));
    }
    schema
}

/// Everything a generated object type has in common. The fields are numbered in the order of the table.
///
/// All of generated code is `#[inline]`: it is compiled where a program uses it, and where it does not, not at
/// all.
macro_rules! object {
    ($name:ident { $($index:literal $field:ident: $member:expr),* $(,)? }) => {
        impl $name {
            const TABLE_: &'static $crate::wire::Table = {
                const MEMBERS: &[$crate::wire::Member] = &[$($member),*];
                const TAGS: [u32; MEMBERS.len()] = $crate::wire::tags(MEMBERS);
                &$crate::wire::Table::new(::std::stringify!($name), MEMBERS, &TAGS)
            };
        }

        #[allow(deprecated)]
        impl $crate::wire::Blank for $name {
            #[inline]
            fn blank() -> Self {
                Self { $($field: ::std::option::Option::None,)* rest_: $crate::types::unlisted::Unlisted::default() }
            }
        }

        #[allow(deprecated)]
        impl $crate::wire::Object for $name {
            #[inline]
            fn table(&self) -> &'static $crate::wire::Table {
                Self::TABLE_
            }

            #[inline]
            fn slot(&self, index: usize) -> ::std::option::Option<&dyn $crate::wire::Slot> {
                match index {
                    $($index => ::std::option::Option::Some(&self.$field),)*
                    _ => ::std::option::Option::None,
                }
            }

            #[inline]
            fn slot_mut(
                &mut self,
                index: usize,
            ) -> ::std::option::Option<&mut dyn $crate::wire::Slot> {
                match index {
                    $($index => ::std::option::Option::Some(&mut self.$field),)*
                    _ => ::std::option::Option::None,
                }
            }

            #[inline]
            fn rest(&self) -> &$crate::types::unlisted::Unlisted {
                &self.rest_
            }

            #[inline]
            fn rest_mut(&mut self) -> &mut $crate::types::unlisted::Unlisted {
                &mut self.rest_
            }
        }

        impl $name {
            /// What the body held beside the listed members, and the values that did not fit.
            #[inline]
            pub fn unlisted(&self) -> &$crate::types::unlisted::Unlisted {
                &self.rest_
            }

            /// To send a member that the specification does not list.
            #[inline]
            pub fn unlisted_mut(&mut self) -> &mut $crate::types::unlisted::Unlisted {
                &mut self.rest_
            }
        }

        impl $crate::wire::Leaf for $name {
            const EXPECTED: &'static str = "an object";

            #[inline]
            fn read(
                into: &mut ::std::option::Option<Self>,
                reader: &mut $crate::wire::Reader<'_>,
                at: $crate::wire::At<'_>,
            ) -> ::std::result::Result<$crate::wire::Fit, $crate::types::outcome::DecodeError> {
                let object = into.insert(<Self as $crate::wire::Blank>::blank());
                let fit = $crate::wire::read_object(object, reader, at)?;
                if fit == $crate::wire::Fit::Misfit {
                    *into = ::std::option::Option::None;
                }
                ::std::result::Result::Ok(fit)
            }

            #[inline]
            fn write(
                &self,
                to: &mut $crate::wire::Writer,
                _: &$crate::wire::Member,
                path: &$crate::wire::Path<'_>,
            ) {
                $crate::wire::write_object(self, to, path);
            }

            #[inline]
            fn show(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                $crate::wire::show_object(self, f)
            }

            #[inline]
            fn is_silent(&self) -> bool {
                $crate::wire::object_is_silent(self)
            }

            #[inline]
            fn is_about(raw: &str) -> bool {
                $crate::wire::is_about(Self::TABLE_, raw)
            }

            #[inline]
            fn set_alone(&mut self) {
                self.rest_.set_alone();
            }

            #[inline]
            fn is_alone(&self) -> bool {
                self.rest_.is_alone()
            }

            #[cfg(feature = "registry")]
            #[inline]
            fn misfits(
                &self,
                path: &$crate::wire::Path<'_>,
                found: &mut ::std::vec::Vec<::std::string::String>,
            ) {
                $crate::wire::misfits_of_object(self, path, found);
            }

            #[cfg(feature = "registry")]
            #[inline]
            fn members() -> ::std::vec::Vec<(&'static str, bool)> {
                Self::TABLE_.names_and_secrets()
            }

            #[cfg(feature = "schemars")]
            #[inline]
            fn schema(generator: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                generator.subschema_for::<Self>()
            }
        }

        $crate::wire::value_impls!($name, generator => {
            let blank = <$name as $crate::wire::Blank>::blank();
            $crate::wire::schema_of_object(&blank, generator)
        });
    };
}

pub(crate) use object;
