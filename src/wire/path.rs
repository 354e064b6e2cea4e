//! Where in a body the reader or the writer is, for the errors that name it.

use std::fmt;

/// A place in a body: links on the stack, which become a text only where one is needed.
#[derive(Clone, Copy)]
pub(crate) enum Path<'a> {
    /// The whole body.
    Root,
    /// A member of an object.
    Member(&'a Path<'a>, &'a str),
    /// A member whose name the specification does not list. It may be anything, so it is not told.
    Unnamed(&'a Path<'a>),
    /// An item of a list.
    Item(&'a Path<'a>, usize),
}

impl Path<'_> {
    /// As a dotted path without the leading `$`, as requests' members are named.
    pub(crate) fn dotted(&self) -> String {
        self.to_string().trim_start_matches("$.").to_owned()
    }

    pub(super) fn is_root(&self) -> bool {
        matches!(self, Self::Root)
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Path::Root => f.write_str("$"),
            Path::Member(parent, name) => write!(f, "{parent}.{name}"),
            Path::Unnamed(parent) => write!(f, "{parent}.*"),
            Path::Item(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}
