//! How every generated object is read, written, checked and shown: by its table of members, in one place.
//!
//! Generated code only lists members. Nothing here is generic over the type it works on, which keeps
//! both the compile time and the code of 250 types small, and gives every type the same promises: what
//! does not fit or is not known is kept and written back, and what is sensitive is never shown.

use std::cell::Cell;
use std::collections::HashSet;
use std::fmt;

use serde_json::Value;

use super::json::{self, Path};
use super::{DecodeError, Violation};
use crate::redact;

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

    /// What each item of a list or value of a map must keep to.
    pub(crate) fn items(&self) -> &'static Member {
        const FREE: &Member = &Member::new("");
        self.items.unwrap_or(FREE)
    }
}

/// What the reader passes down: where it is, the declared form, and whether the digits can be trusted.
#[derive(Clone, Copy)]
pub(crate) struct At<'a> {
    pub(crate) path: &'a Path<'a>,
    pub(crate) form: Form,
    /// The text is the body's own; numbers have not been through a binary float.
    pub(crate) exact: bool,
    pub(crate) room: &'a Room,
}

/// How much memory what is read may still take. `[{},{},…]` is three bytes an item on the wire, and hundreds
/// in memory: without a bound, a few megabytes of it take gigabytes.
pub(crate) struct Room(Cell<usize>);

impl Room {
    /// What every body may take, and what it may take for each of its bytes. Real ones take three or four.
    const AT_LEAST: usize = 16 << 20;
    const FOR_A_BYTE: usize = 8;
    /// What a member that is kept aside takes beside its text.
    pub(crate) const KEPT: usize = 128;

    pub(crate) fn of(raw: &str) -> Self {
        Self(Cell::new(raw.len().saturating_mul(Self::FOR_A_BYTE).saturating_add(Self::AT_LEAST)))
    }
}

impl At<'_> {
    /// Takes room for so many values of a size.
    pub(crate) fn make_room(&self, count: usize, size: usize) -> Result<(), DecodeError> {
        match count.checked_mul(size).and_then(|taken| self.room.0.get().checked_sub(taken)) {
            Some(left) => {
                self.room.0.set(left);
                Ok(())
            }
            None => {
                Err(DecodeError::new(self.path.to_string(), "no more values than fit into memory", "more"))
            }
        }
    }

    /// The error for a value that must not be kept silently, money above all.
    pub(crate) fn refuse(&self, expected: &str, raw: &str) -> DecodeError {
        DecodeError::new(self.path.to_string(), expected, json::kind_of(raw))
    }
}

/// One optional member of an object, whatever its type.
pub(crate) trait Slot {
    /// Takes its value from JSON text that is not null.
    ///
    /// # Errors
    /// Only where keeping the text aside would hide a wrong amount.
    fn read(&mut self, raw: &str, at: At<'_>) -> Result<Fit, DecodeError>;
    /// Writes its value as JSON; false where it has none.
    fn write(&self, out: &mut String, form: Form) -> bool;
    /// Collects the limits that its value breaks.
    fn check(&self, member: &Member, path: &Path<'_>, broken: &mut Vec<Violation>);
    /// Whether there is no value.
    fn is_absent(&self) -> bool;
    /// Shows its value, redacted where that is needed.
    fn show(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result;
    /// Collects the paths of the members inside its value that did not fit.
    #[cfg(feature = "registry")]
    fn misfits(&self, path: &Path<'_>, found: &mut Vec<String>);
    /// The JSON Schema of its type.
    #[cfg(feature = "schemars")]
    fn schema(&self, generator: &mut schemars::SchemaGenerator) -> schemars::Schema;
}

/// A generated object type.
pub(crate) trait Object {
    /// The name of the type.
    fn type_name(&self) -> &'static str;
    /// The members of the specification, in its order.
    fn members(&self) -> &'static [Member];
    /// The fields, in the order of the members.
    fn slots(&self) -> Vec<&dyn Slot>;
    /// The fields, to change.
    fn slots_mut(&mut self) -> Vec<&mut dyn Slot>;
    /// What the body held beside that.
    fn rest(&self) -> &Unlisted;
    /// What the body held beside that, to change.
    fn rest_mut(&mut self) -> &mut Unlisted;
}

/// What a body held that the type has no place for: members the specification does not list, and the
/// original JSON of members that came in another form or did not fit.
#[derive(Clone, Default)]
pub struct Unlisted {
    unlisted: Vec<(String, String)>,
    kept: Vec<Kept>,
    frame: Frame,
}

/// What stood around an object, where it was not what is declared.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
enum Frame {
    #[default]
    AsDeclared,
    /// A list of this one object, in place of the object.
    Listed,
    /// Nothing, in place of a list.
    Alone,
}

#[derive(Clone)]
struct Kept {
    member: &'static str,
    /// The JSON as it came.
    came: String,
    /// The JSON that the value read from it is written as; as long as that is so, the original stands.
    written: String,
    misfit: bool,
}

impl Unlisted {
    /// The names of the members that the specification does not list.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.unlisted.iter().map(|(name, _)| name.as_str())
    }

    /// An unlisted member, or a listed one whose value did not fit its type.
    pub fn get(&self, name: &str) -> Option<Value> {
        let unlisted = self.unlisted.iter().find(|(n, _)| n == name).map(|(_, raw)| raw);
        let misfit = || self.kept.iter().find(|k| k.misfit && k.member == name).map(|k| &k.came);
        unlisted.or_else(misfit).and_then(|raw| serde_json::from_str(raw).ok())
    }

    /// The names of the listed members whose value did not fit their type and which therefore read as absent.
    pub fn misfits(&self) -> impl Iterator<Item = &str> {
        self.kept.iter().filter(|k| k.misfit).map(|k| k.member)
    }

    /// Adds a member that the specification does not list, or replaces it.
    ///
    /// Under the name of a listed member it is sent in place of the field, in whatever shape: a way
    /// around a specification that is wrong. No limit is checked then.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<Value>) {
        let (name, value) = (name.into(), value.into().to_string());
        match self.unlisted.iter_mut().find(|(n, _)| *n == name) {
            Some((_, old)) => *old = value,
            None => self.unlisted.push((name, value)),
        }
    }

    /// Takes out what was set or read under a name: a member that is not listed, the original of one that
    /// did not fit. The field of a listed member stays.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let value = self.get(name);
        self.unlisted.retain(|(n, _)| n != name);
        self.kept.retain(|k| !(k.misfit && k.member == name));
        value
    }

    pub(crate) fn set_alone(&mut self) {
        self.frame = Frame::Alone;
    }

    pub(crate) fn is_alone(&self) -> bool {
        self.frame == Frame::Alone
    }

    fn replaces(&self, member: &Member) -> bool {
        self.unlisted.iter().any(|(name, _)| name == member.name)
    }
}

/// Two are equal if they hold the same, in whatever order and form it came.
impl PartialEq for Unlisted {
    fn eq(&self, other: &Self) -> bool {
        fn sorted(unlisted: &Unlisted) -> Vec<(&str, &str)> {
            let misfits = unlisted.kept.iter().filter(|kept| kept.misfit);
            let misfits = misfits.map(|kept| (kept.member, kept.came.as_str()));
            let unlisted = unlisted.unlisted.iter().map(|(name, raw)| (name.as_str(), raw.as_str()));
            let mut all: Vec<_> = unlisted.chain(misfits).collect();
            all.sort_unstable();
            all
        }
        sorted(self) == sorted(other)
    }
}

impl fmt::Debug for Unlisted {
    /// The names only, where they look like names: what is not known may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(redact::names(self.names())).finish()
    }
}

/// Reads an object; false where `raw` is none.
///
/// A whole body may be a list of the one object that is documented.
pub(crate) fn read_object(object: &mut dyn Object, raw: &str, at: At<'_>) -> Result<bool, DecodeError> {
    if let (Path::Root, Some([item])) = (at.path, json::items(raw).as_deref()) {
        let is_object = read_object(object, item, At { path: &Path::Item(at.path, 0), ..at })?;
        object.rest_mut().frame = Frame::Listed;
        return Ok(is_object);
    }
    let Some(values) = json::members(raw) else { return Ok(false) };
    let table = object.members();
    let mut rest = Unlisted::default();
    let mut seen = vec![false; table.len()];
    // Of these there may be any number, so they are not compared one by one.
    let mut seen_unlisted = HashSet::new();
    let mut slots = object.slots_mut();
    for (name, value) in &values {
        let value = *value;
        let Some(index) = table.iter().position(|member| member.name == *name) else {
            if !seen_unlisted.insert(name) {
                return Err(twice(&Path::Unnamed(at.path)));
            }
            at.make_room(1, Room::KEPT + name.len() + value.len())?;
            rest.unlisted.push((name.clone().into_owned(), value.to_owned()));
            continue;
        };
        if std::mem::replace(&mut seen[index], true) {
            return Err(twice(&Path::Member(at.path, table[index].name)));
        }
        if value == "null" {
            continue;
        }
        let member = &table[index];
        let path = Path::Member(at.path, member.name);
        let fit = slots[index].read(value, At { path: &path, form: member.form, ..at })?;
        if fit != Fit::Exact {
            let mut written = String::new();
            slots[index].write(&mut written, member.form);
            if written != value {
                let misfit = fit == Fit::Misfit;
                at.make_room(1, Room::KEPT + value.len() + written.len())?;
                rest.kept.push(Kept { member: member.name, came: value.to_owned(), written, misfit });
            }
        }
    }
    drop(slots);
    *object.rest_mut() = rest;
    Ok(true)
}

/// Which of two values would be meant cannot be known, and two readers may choose differently.
pub(crate) fn twice(path: &Path<'_>) -> DecodeError {
    DecodeError::new(path.to_string(), "one value", "the member twice")
}

pub(crate) fn write_object(object: &dyn Object, out: &mut String) {
    let rest = object.rest();
    if rest.frame == Frame::Listed {
        out.push('[');
    }
    out.push('{');
    let start = out.len();
    for (member, slot) in object.members().iter().zip(object.slots()) {
        if rest.replaces(member) {
            continue;
        }
        let before = out.len();
        if before > start {
            out.push(',');
        }
        json::push_string(out, member.name);
        out.push(':');
        let value = out.len();
        let mut present = slot.write(out, member.form);
        if let Some(kept) = rest.kept.iter().find(|k| k.member == member.name)
            && out[value..] == kept.written
        {
            out.truncate(value);
            out.push_str(&kept.came);
            present = true;
        }
        if !present {
            out.truncate(before);
        }
    }
    for (name, value) in &rest.unlisted {
        if out.len() > start {
            out.push(',');
        }
        json::push_string(out, name);
        out.push(':');
        out.push_str(value);
    }
    out.push('}');
    if rest.frame == Frame::Listed {
        out.push(']');
    }
}

pub(crate) fn check_object(object: &dyn Object, path: &Path<'_>, broken: &mut Vec<Violation>) {
    for (member, slot) in object.members().iter().zip(object.slots()) {
        if object.rest().replaces(member) {
            continue;
        }
        let path = Path::Member(path, member.name);
        if slot.is_absent() {
            if member.required {
                broken.push(Violation::new(path.dotted(), "is required"));
            }
        } else {
            slot.check(member, &path, broken);
        }
    }
}

/// Whether none of the members has a value. A type without members has nothing to say, and is no less whole.
pub(crate) fn object_says_nothing(object: &dyn Object) -> bool {
    let slots = object.slots();
    !slots.is_empty() && slots.iter().all(|slot| slot.is_absent())
}

/// Whether a JSON text is an object, or a list of one, with one of these members at least.
pub(crate) fn is_about(table: &[Member], raw: &str) -> bool {
    let listed = json::items(raw);
    let raw = match listed.as_deref() {
        Some([item]) => item,
        _ => raw,
    };
    let lists = |name: &str| table.iter().any(|member| member.name == name);
    json::members(raw).is_some_and(|members| table.is_empty() || members.iter().any(|(name, _)| lists(name)))
}

thread_local! {
    static SHOWS_PERSONAL_DATA: Cell<bool> = const { Cell::new(false) };
}

/// Runs a function in which `Debug` shows personal data: names, addresses, e-mail, phone numbers.
///
/// Outside of it `Debug` of every type shows `[personal]` in their place, so that none of it gets into a log by
/// chance. What pays or proves who someone is, such as a card number or an OTP, is never shown.
///
/// ```
/// use cashfree_pg::types::with_personal_data;
///
/// let shown = with_personal_data(|| format!("{:?}", "whatever is to be shown"));
/// ```
pub fn with_personal_data<T>(show: impl FnOnce() -> T) -> T {
    /// Sets it back, after a panic too.
    struct Before(bool);
    impl Drop for Before {
        fn drop(&mut self) {
            SHOWS_PERSONAL_DATA.set(self.0);
        }
    }
    let _before = Before(SHOWS_PERSONAL_DATA.replace(true));
    show()
}

/// Present members only; sensitive ones without their value.
pub(crate) fn show_object(object: &dyn Object, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    struct Shown<'a>(&'a dyn Slot);
    impl fmt::Debug for Shown<'_> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            self.0.show(f)
        }
    }
    let mut shown = f.debug_struct(object.type_name());
    for (member, slot) in object.members().iter().zip(object.slots()) {
        if !slot.is_absent() {
            if member.sensitive {
                shown.field(member.name, &format_args!("[redacted]"));
            } else if member.personal && !SHOWS_PERSONAL_DATA.get() {
                shown.field(member.name, &format_args!("[personal]"));
            } else {
                shown.field(member.name, &Shown(slot));
            }
        }
    }
    if !object.rest().unlisted.is_empty() {
        shown.field("unlisted", object.rest());
    }
    shown.finish()
}

#[cfg(feature = "registry")]
pub(crate) fn misfits_of_object(object: &dyn Object, path: &Path<'_>, found: &mut Vec<String>) {
    found.extend(object.rest().misfits().map(|name| Path::Member(path, name).to_string()));
    for (member, slot) in object.members().iter().zip(object.slots()) {
        slot.misfits(&Path::Member(path, member.name), found);
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
    for (member, slot) in object.members().iter().zip(object.slots()) {
        let mut property = slot.schema(generator).to_value();
        declare(&mut property, member.form);
        properties.insert(member.name.to_owned(), property);
        if member.required {
            required.push(Value::from(member.name));
        }
    }
    let mut schema = schemars::json_schema!({ "type": "object", "properties": properties });
    if !required.is_empty() {
        schema.insert("required".into(), Value::Array(required));
    }
    schema
}

/// Says of a leaf, or of the items of a list, how this version writes it.
#[cfg(feature = "schemars")]
fn declare(property: &mut Value, form: Form) {
    let leaf = if property["type"] == "array" { &mut property["items"] } else { property };
    match form {
        Form::Natural => {}
        Form::Number => leaf["type"] = serde_json::json!(["number", "string"]),
        Form::Text => leaf["type"] = serde_json::json!(["string", "number"]),
    }
}

/// Everything a generated object type has in common.
macro_rules! object {
    ($name:ident { $($field:ident: $member:expr),* $(,)? }) => {
        #[allow(deprecated)]
        impl $crate::types::internal::Blank for $name {
            fn blank() -> Self {
                Self { $($field: ::std::option::Option::None,)* rest_: $crate::types::Unlisted::default() }
            }
        }

        #[allow(deprecated)]
        impl $crate::types::internal::Object for $name {
            fn type_name(&self) -> &'static str {
                ::std::stringify!($name)
            }

            fn members(&self) -> &'static [$crate::types::internal::Member] {
                const MEMBERS: &[$crate::types::internal::Member] = &[$($member),*];
                MEMBERS
            }

            fn slots(&self) -> ::std::vec::Vec<&dyn $crate::types::internal::Slot> {
                ::std::vec![$(&self.$field),*]
            }

            fn slots_mut(&mut self) -> ::std::vec::Vec<&mut dyn $crate::types::internal::Slot> {
                ::std::vec![$(&mut self.$field),*]
            }

            fn rest(&self) -> &$crate::types::Unlisted {
                &self.rest_
            }

            fn rest_mut(&mut self) -> &mut $crate::types::Unlisted {
                &mut self.rest_
            }
        }

        impl $name {
            /// What the body held beside the listed members, and the values that did not fit.
            pub fn unlisted(&self) -> &$crate::types::Unlisted {
                &self.rest_
            }

            /// To send a member that the specification does not list.
            pub fn unlisted_mut(&mut self) -> &mut $crate::types::Unlisted {
                &mut self.rest_
            }
        }

        impl $crate::types::internal::Leaf for $name {
            const EXPECTED: &'static str = "an object";

            fn read(
                raw: &str,
                at: $crate::types::internal::At<'_>,
            ) -> ::std::result::Result<
                ::std::option::Option<(Self, $crate::types::internal::Fit)>,
                $crate::types::DecodeError,
            > {
                let mut object = <Self as $crate::types::internal::Blank>::blank();
                let is_object = $crate::types::internal::read_object(&mut object, raw, at)?;
                ::std::result::Result::Ok(is_object.then_some((object, $crate::types::internal::Fit::Exact)))
            }

            fn write(&self, out: &mut ::std::string::String, _: $crate::types::internal::Form) {
                $crate::types::internal::write_object(self, out);
            }

            fn check(
                &self,
                _: &$crate::types::internal::Member,
                path: &$crate::types::internal::Path<'_>,
                broken: &mut ::std::vec::Vec<$crate::types::Violation>,
            ) {
                $crate::types::internal::check_object(self, path, broken);
            }

            fn show(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                $crate::types::internal::show_object(self, f)
            }

            fn says_nothing(&self) -> bool {
                $crate::types::internal::object_says_nothing(self)
            }

            fn is_about(raw: &str) -> bool {
                let blank = <Self as $crate::types::internal::Blank>::blank();
                $crate::types::internal::is_about($crate::types::internal::Object::members(&blank), raw)
            }

            fn set_alone(&mut self) {
                self.rest_.set_alone();
            }

            fn is_alone(&self) -> bool {
                self.rest_.is_alone()
            }

            #[cfg(feature = "registry")]
            fn misfits(&self, path: &$crate::types::internal::Path<'_>, found: &mut ::std::vec::Vec<::std::string::String>) {
                $crate::types::internal::misfits_of_object(self, path, found);
            }

            #[cfg(feature = "registry")]
            fn members() -> ::std::vec::Vec<(&'static str, bool)> {
                let blank = <Self as $crate::types::internal::Blank>::blank();
                let members = $crate::types::internal::Object::members(&blank);
                members.iter().map(|member| (member.name, member.sensitive)).collect()
            }

            #[cfg(feature = "schemars")]
            fn schema(generator: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                generator.subschema_for::<Self>()
            }
        }

        $crate::types::internal::value_impls!($name, generator => {
            let blank = <$name as $crate::types::internal::Blank>::blank();
            $crate::types::internal::schema_of_object(&blank, generator)
        });
    };
}

pub(crate) use object;
