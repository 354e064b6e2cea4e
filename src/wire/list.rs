//! Lists, maps by free names, and types inside themselves.

use std::collections::{BTreeMap, HashSet};
use std::fmt;

use super::json;
use super::leaf::Leaf;
use super::limits::check_span;
use super::object::twice;
use super::path::Path;
use super::reader::{ROOM_KEPT, Reader};
use super::table::{At, Fit, Member};
use super::writer::Writer;
use crate::redact;
use crate::types::outcome::DecodeError;

struct Shown<'a, T>(&'a T);

impl<T: Leaf> fmt::Debug for Shown<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.show(f)
    }
}

/// How many more items a full list is given place for: as many as it has, as lists grow. A long one is counted
/// first, since while it moves it takes its own size and the new one.
fn more_items(
    reader: &mut Reader<'_>,
    path: &Path<'_>,
    read: usize,
    size: usize,
) -> Result<usize, DecodeError> {
    const LONG: usize = 4 << 20;
    if read * size < LONG {
        return Ok(read.max(1));
    }
    let left = reader.items_left()?;
    reader.check_room(path, left, size)?;
    Ok(left)
}

/// A list, or the one item that the API sends in place of a list.
impl<T: Leaf> Leaf for Vec<T> {
    const EXPECTED: &'static str = "a list";

    fn read(into: &mut Option<Self>, reader: &mut Reader<'_>, at: At<'_>) -> Result<Fit, DecodeError> {
        if reader.peek() != b'[' {
            return read_alone(into, reader, at);
        }
        let (mut list, mut fit) = (Self::new(), Fit::Exact);
        let mut more = reader.enter(b']')?;
        while more {
            if list.len() == list.capacity() {
                list.reserve_exact(more_items(reader, at.path, list.len(), size_of::<T>())?);
            }
            reader.make_room(at.path, size_of::<T>())?;
            let mut item = None;
            let path = Path::Item(at.path, list.len());
            let first = reader.peek();
            match T::read(&mut item, reader, At { path: &path, ..at })? {
                Fit::Exact => {}
                Fit::Reformed => fit = Fit::Reformed,
                // A list that is a whole body has nobody to keep it, so the item that is wrong is named.
                Fit::Misfit if at.path.is_root() => {
                    return Err(At { path: &path, ..at }.refuse(T::EXPECTED, first));
                }
                Fit::Misfit => return reader.leave(b']').map(|()| Fit::Misfit),
            }
            list.extend(item);
            more = reader.goes_on(b']')?;
        }
        *into = Some(list);
        Ok(fit)
    }

    fn write(&self, to: &mut Writer, member: &Member, path: &Path<'_>) {
        if let Some(broken) = to.broken() {
            check_span(self.len(), member.count, "item", path, broken);
        }
        let limits = member.of_items();
        if let [item] = self.as_slice()
            && item.is_alone()
        {
            return item.write(to, &limits, &Path::Item(path, 0));
        }
        write_items(self, to, &limits, path);
    }

    fn is_silent(&self) -> bool {
        !self.is_empty() && self.iter().all(T::is_silent)
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

/// The one item that came in place of a list.
fn read_alone<T: Leaf>(
    into: &mut Option<Vec<T>>,
    reader: &mut Reader<'_>,
    at: At<'_>,
) -> Result<Fit, DecodeError> {
    let (mut item, mark) = (None, reader.mark());
    T::read(&mut item, reader, at)?;
    // What has nothing of the item is something else: an error, a wrapper. To call it a list of one
    // would hide that nothing was read.
    let Some(mut item) = item.filter(|item| !item.is_silent() || T::is_about(reader.since(mark))) else {
        return Ok(Fit::Misfit);
    };
    // As a member, it is the object around it that keeps what came.
    if at.path.is_root() {
        item.set_alone();
    }
    *into = Some(vec![item]);
    Ok(Fit::Reformed)
}

/// Writes a list that is one.
pub(crate) fn write_items<T: Leaf>(items: &[T], to: &mut Writer, limits: &Member, path: &Path<'_>) {
    to.raw("[");
    let start = to.out.len();
    for (index, item) in items.iter().enumerate() {
        to.comma(start);
        item.write(to, limits, &Path::Item(path, index));
    }
    to.raw("]");
}

/// A map by free names. An entry that is null is no entry.
impl<T: Leaf> Leaf for BTreeMap<String, T> {
    const EXPECTED: &'static str = "an object";

    fn read(into: &mut Option<Self>, reader: &mut Reader<'_>, at: At<'_>) -> Result<Fit, DecodeError> {
        if reader.peek() != b'{' {
            return reader.skip().map(|_| Fit::Misfit);
        }
        let (mut map, mut fit, mut absent) = (Self::new(), Fit::Exact, HashSet::new());
        let path = Path::Unnamed(at.path);
        let mut more = reader.enter(b'}')?;
        while more {
            reader.make_room(at.path, ROOM_KEPT + size_of::<T>())?;
            let Some(name) = reader.name()?.get() else { return misfit_entry(reader) };
            if map.contains_key(name.as_ref()) || absent.contains(&name) {
                return Err(twice(&path));
            }
            if reader.peek() == b'n' {
                reader.word("null")?;
                absent.insert(name);
                fit = Fit::Reformed;
            } else {
                let mut value = None;
                match T::read(&mut value, reader, At { path: &path, ..at })? {
                    Fit::Exact => {}
                    Fit::Reformed => fit = Fit::Reformed,
                    Fit::Misfit => return reader.leave(b'}').map(|()| Fit::Misfit),
                }
                map.extend(value.map(|value| (name.into_owned(), value)));
            }
            more = reader.goes_on(b'}')?;
        }
        *into = Some(map);
        Ok(fit)
    }

    fn write(&self, to: &mut Writer, member: &Member, path: &Path<'_>) {
        if let Some(broken) = to.broken() {
            check_span(self.len(), member.count, "entry", path, broken);
        }
        let limits = member.of_items();
        to.raw("{");
        let start = to.out.len();
        for (name, value) in self {
            to.name(start, name);
            value.write(to, &limits, &Path::Member(path, name));
        }
        to.raw("}");
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

/// Passes over an entry whose name is no text, and all that follow.
fn misfit_entry(reader: &mut Reader<'_>) -> Result<Fit, DecodeError> {
    reader.skip()?;
    reader.leave(b'}').map(|()| Fit::Misfit)
}

/// A type inside itself, as some specifications have them; JSON knows nothing of the box.
impl<T: Leaf> Leaf for Box<T> {
    const EXPECTED: &'static str = T::EXPECTED;

    fn read(into: &mut Option<Self>, reader: &mut Reader<'_>, at: At<'_>) -> Result<Fit, DecodeError> {
        let mut value = None;
        let fit = T::read(&mut value, reader, at)?;
        *into = value.map(Self::new);
        Ok(fit)
    }

    fn write(&self, to: &mut Writer, member: &Member, path: &Path<'_>) {
        T::write(self, to, member, path);
    }

    fn is_silent(&self) -> bool {
        T::is_silent(self)
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
