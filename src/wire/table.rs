//! What generated code says about an object: a table of its members, and its fields one by one.

use super::path::Path;
use super::reader::Reader;
use super::writer::Writer;
use crate::types::outcome::DecodeError;
use crate::types::unlisted::Unlisted;

/// How a member stands on the wire where its Rust type leaves that open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// As the Rust type says.
    Natural,
    /// A JSON number: an id or a phone number that this version declares as one.
    Number,
    /// A JSON string: an amount that this version declares as text.
    Text,
}

/// How well a JSON value fitted the type it was read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fit {
    /// Writing the value gives the same JSON.
    Exact,
    /// The value was understood, but its JSON had another form that must be kept.
    Reformed,
    /// The value was not understood at all.
    Misfit,
}

/// What the reader passes down: where it is, and the declared form.
#[derive(Clone, Copy)]
pub(crate) struct At<'a> {
    pub(crate) path: &'a Path<'a>,
    pub(crate) form: Form,
}

impl At<'_> {
    /// The error for a value that must not be kept silently, money above all. `first` is its first byte.
    #[cold]
    pub(super) fn refuse(&self, expected: &str, first: u8) -> DecodeError {
        DecodeError::new(self.path.to_string(), expected, kind_of(Some(&first)))
    }
}

/// What kind of value a first byte begins, for error messages.
pub(crate) fn kind_of(first: Option<&u8>) -> &'static str {
    match first {
        Some(b'{') => "an object",
        Some(b'[') => "a list",
        Some(b'"') => "a string",
        Some(b't' | b'f') => "a boolean",
        Some(b'n') => "null",
        Some(b'-' | b'0'..=b'9') => "a number",
        _ => "nothing",
    }
}

/// A member of a generated object: its name on the wire and its limits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Member {
    pub(crate) name: &'static str,
    pub(crate) required: bool,
    pub(crate) sensitive: bool,
    pub(crate) personal: bool,
    pub(crate) form: Form,
    pub(crate) length: (usize, usize),
    pub(crate) count: (usize, usize),
    pub(crate) minimum: Option<i64>,
    pub(crate) maximum: Option<i64>,
    pub(crate) pattern: Option<&'static str>,
    /// The limits of each item of a list or value of a map.
    items: Option<&'static Member>,
}

impl Member {
    /// What has no name and no limits: a whole body, the items of most lists.
    pub(super) const FREE: &'static Member = &Member::new("");

    pub(crate) const fn new(name: &'static str) -> Self {
        Self {
            name,
            required: false,
            sensitive: false,
            personal: false,
            form: Form::Natural,
            length: (0, usize::MAX),
            count: (0, usize::MAX),
            minimum: None,
            maximum: None,
            pattern: None,
            items: None,
        }
    }

    pub(crate) const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    pub(crate) const fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }

    /// Somebody's own: a name, an address, a phone number. Shown by `Debug` only where that is asked for.
    #[allow(dead_code)] // for the generator to set
    pub(crate) const fn personal(mut self) -> Self {
        self.personal = true;
        self
    }

    pub(crate) const fn number(mut self) -> Self {
        self.form = Form::Number;
        self
    }

    pub(crate) const fn text(mut self) -> Self {
        self.form = Form::Text;
        self
    }

    pub(crate) const fn length(mut self, minimum: usize, maximum: usize) -> Self {
        self.length = (minimum, maximum);
        self
    }

    pub(crate) const fn count(mut self, minimum: usize, maximum: usize) -> Self {
        self.count = (minimum, maximum);
        self
    }

    pub(crate) const fn minimum(mut self, minimum: i64) -> Self {
        self.minimum = Some(minimum);
        self
    }

    #[allow(dead_code)] // no published limit yet, but an imported specification may have one
    pub(crate) const fn maximum(mut self, maximum: i64) -> Self {
        self.maximum = Some(maximum);
        self
    }

    pub(crate) const fn pattern(mut self, pattern: &'static str) -> Self {
        self.pattern = Some(pattern);
        self
    }

    #[allow(dead_code)] // as above
    pub(crate) const fn each(mut self, items: &'static Member) -> Self {
        self.items = Some(items);
        self
    }

    /// What each item of a list or value of a map is: it has the form of the whole, and limits of its own.
    pub(crate) fn of_items(&self) -> Self {
        Self { form: self.form, ..*self.items.unwrap_or(Self::FREE) }
    }
}

/// The members of a type, in the order of the specification.
#[derive(Debug)]
pub(crate) struct Table {
    /// The name of the type.
    pub(super) type_name: &'static str,
    pub(super) members: &'static [Member],
    /// Of each member's name a few letters that are quickly compared.
    tags: &'static [u32],
}

impl Table {
    pub(crate) const fn new(
        type_name: &'static str,
        members: &'static [Member],
        tags: &'static [u32],
    ) -> Self {
        Self { type_name, members, tags }
    }

    /// Where a member stands. `likely` is looked at first: bodies mostly have their members in the same order.
    pub(super) fn position(&self, name: &str, likely: usize) -> Option<usize> {
        let is = |index: usize| self.members.get(index).is_some_and(|member| member.name == name);
        if is(likely) {
            return Some(likely);
        }
        let tag = tag(name.as_bytes());
        (0..self.tags.len()).find(|index| self.tags[*index] == tag && is(*index))
    }

    #[cfg(feature = "registry")]
    pub(crate) fn names_and_secrets(&self) -> Vec<(&'static str, bool)> {
        self.members.iter().map(|member| (member.name, member.sensitive)).collect()
    }
}

/// The tags of a table, made when it is compiled.
pub(crate) const fn tags<const COUNT: usize>(members: &[Member]) -> [u32; COUNT] {
    let mut tags = [0; COUNT];
    let mut index = 0;
    while index < COUNT {
        tags[index] = tag(members[index].name.as_bytes());
        index += 1;
    }
    tags
}

/// Length, first, middle and last letter, by which most names of a table differ.
const fn tag(name: &[u8]) -> u32 {
    if name.is_empty() {
        return 0;
    }
    u32::from_le_bytes([name.len() as u8, name[0], name[name.len() / 2], name[name.len() - 1]])
}

/// One optional member of an object, whatever its type.
pub(crate) trait Slot {
    /// Takes its value from what begins at the reader and is not null.
    ///
    /// # Errors
    /// Where the text is no JSON, and where keeping it aside would hide a wrong amount.
    fn read(&mut self, reader: &mut Reader<'_>, at: At<'_>) -> Result<Fit, DecodeError>;
    /// Writes its value; false where it has none.
    fn write(&self, to: &mut Writer, member: &Member, path: &Path<'_>) -> bool;
    /// Whether there is no value.
    fn is_absent(&self) -> bool;
    /// Shows its value, redacted where that is needed.
    fn show(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result;
    /// Collects the paths of the members inside its value that did not fit.
    #[cfg(feature = "registry")]
    fn misfits(&self, path: &Path<'_>, found: &mut Vec<String>);
    /// The JSON Schema of its type.
    #[cfg(feature = "schemars")]
    fn schema(&self, generator: &mut schemars::SchemaGenerator) -> schemars::Schema;
}

/// A generated object type.
pub(crate) trait Object {
    /// Its members.
    fn table(&self) -> &'static Table;
    /// The field of the member at an index; none behind the last.
    fn slot(&self, index: usize) -> Option<&dyn Slot>;
    /// The same, to change.
    fn slot_mut(&mut self, index: usize) -> Option<&mut dyn Slot>;
    /// What the body held beside that.
    fn rest(&self) -> &Unlisted;
    /// What the body held beside that, to change.
    fn rest_mut(&mut self) -> &mut Unlisted;
}

impl dyn Object + '_ {
    /// Each member with its field.
    pub(super) fn slots(&self) -> impl Iterator<Item = (&'static Member, &dyn Slot)> {
        let members = self.table().members.iter().enumerate();
        members.filter_map(|(index, member)| Some((member, self.slot(index)?)))
    }
}
