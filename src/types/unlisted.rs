//! What a body held that a type has no place for.

use std::fmt;

use serde_json::Value;

use crate::redact;

/// What a body held that the type has no place for: members the specification does not list, and the
/// original JSON of members that came in another form or did not fit.
// In most objects there is none, and every object has one of these.
#[derive(Clone, Default)]
pub struct Unlisted(Option<Box<Held>>);

#[derive(Clone, Default)]
struct Held {
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
pub(crate) struct Kept {
    member: &'static str,
    /// The JSON as it came.
    pub(crate) came: String,
    /// The JSON that the value read from it is written as; as long as that is so, the original stands.
    pub(crate) written: String,
    misfit: bool,
}

impl Unlisted {
    /// The names of the members that the specification does not list.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.members().map(|(name, _)| name)
    }

    /// An unlisted member, or a listed one whose value did not fit its type.
    pub fn get(&self, name: &str) -> Option<Value> {
        let unlisted = self.members().find(|(n, _)| *n == name).map(|(_, raw)| raw);
        let misfit = || self.all_kept().find(|k| k.misfit && k.member == name).map(|k| k.came.as_str());
        unlisted.or_else(misfit).and_then(|raw| serde_json::from_str(raw).ok())
    }

    /// The names of the listed members whose value did not fit their type and which therefore read as absent.
    pub fn misfits(&self) -> impl Iterator<Item = &str> {
        self.all_kept().filter(|k| k.misfit).map(|k| k.member)
    }

    /// Adds a member that the specification does not list, or replaces it.
    ///
    /// Under the name of a listed member it is sent in place of the field, in whatever shape: a way
    /// around a specification that is wrong. No limit is checked then.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<Value>) {
        let (name, value) = (name.into(), value.into().to_string());
        let held = self.held();
        match held.unlisted.iter_mut().find(|(n, _)| *n == name) {
            Some((_, old)) => *old = value,
            None => held.unlisted.push((name, value)),
        }
    }

    /// Takes out what was set or read under a name: a member that is not listed, the original of one that
    /// did not fit. The field of a listed member stays.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let value = self.get(name);
        if let Some(held) = &mut self.0 {
            held.unlisted.retain(|(n, _)| n != name);
            held.kept.retain(|k| !(k.misfit && k.member == name));
        }
        value
    }

    fn held(&mut self) -> &mut Held {
        self.0.get_or_insert_default()
    }

    /// Whether the body was as it is declared.
    pub(crate) fn is_nothing(&self) -> bool {
        self.0.is_none()
    }

    fn frame(&self) -> Frame {
        self.0.as_ref().map(|held| held.frame).unwrap_or_default()
    }

    fn all_kept(&self) -> impl Iterator<Item = &Kept> {
        self.0.iter().flat_map(|held| &held.kept)
    }

    /// The members that are not listed, each with its JSON.
    pub(crate) fn members(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().flat_map(|held| &held.unlisted).map(|(name, raw)| (name.as_str(), raw.as_str()))
    }

    /// Adds a member that was read and is not there yet.
    pub(crate) fn add(&mut self, name: String, raw: String) {
        self.held().unlisted.push((name, raw));
    }

    /// Keeps what came under the name of a listed member.
    pub(crate) fn keep(&mut self, member: &'static str, came: &str, written: String, misfit: bool) {
        self.held().kept.push(Kept { member, came: came.to_owned(), written, misfit });
    }

    pub(crate) fn kept(&self, member: &str) -> Option<&Kept> {
        self.all_kept().find(|kept| kept.member == member)
    }

    /// Whether a member was set that goes in place of a listed one.
    pub(crate) fn replaces(&self, member: &str) -> bool {
        self.names().any(|name| name == member)
    }

    pub(crate) fn set_alone(&mut self) {
        self.held().frame = Frame::Alone;
    }

    pub(crate) fn is_alone(&self) -> bool {
        self.frame() == Frame::Alone
    }

    pub(crate) fn set_listed(&mut self) {
        self.held().frame = Frame::Listed;
    }

    pub(crate) fn is_listed(&self) -> bool {
        self.frame() == Frame::Listed
    }
}

/// Two are equal if they hold the same, in whatever order and form it came.
impl PartialEq for Unlisted {
    fn eq(&self, other: &Self) -> bool {
        fn sorted(unlisted: &Unlisted) -> Vec<(&str, &str)> {
            let misfits = unlisted.all_kept().filter(|kept| kept.misfit);
            let misfits = misfits.map(|kept| (kept.member, kept.came.as_str()));
            let mut all: Vec<_> = unlisted.members().chain(misfits).collect();
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
