//! What changes for a user from one version to the next: not which lines differ, but which operations and
//! members come, go or become something else. Both sides are models, so that this is what the crate has,
//! fixups included.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use cashfree_codegen::model::{Api, Argument, Limits, Operation, Place, Shape, Ty, Type, reachable};
use cashfree_codegen::outline;

/// Everything that changes about one operation or webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change {
    /// What it is that changes.
    pub subject: Subject,
    /// Whether it comes, goes, moves or stays.
    pub fate: Fate,
    /// What changes about it as a whole, in words: credentials, statuses, deprecation.
    pub facts: Vec<String>,
    /// What changes in what is sent: the body's members, and arguments.
    pub request: Vec<MemberChange>,
    /// What changes in what comes back, or in a webhook's payload.
    pub response: Vec<MemberChange>,
}

/// What a change is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Subject {
    /// An operation, as the newer version has it (the older one where it is gone).
    Operation(Address),
    /// A webhook, by its event type.
    Webhook(String),
}

/// Where an operation is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    /// The method of the client.
    pub name: String,
    /// The operation id.
    pub id: String,
    /// The HTTP method, in capitals.
    pub method: String,
    /// The path template.
    pub path: String,
}

/// What becomes of an operation or webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Only the newer version has it.
    Added,
    /// Only the older version has it.
    Removed,
    /// It had another name, id, method or path.
    Moved {
        /// What it was in the older version.
        from: Address,
    },
    /// It is where it was.
    Kept,
}

/// What changes about one member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MemberChange {
    /// The member, as a dotted path: `order_meta.return_url`, `items[].id`, or `(body)` for the whole.
    pub path: String,
    /// What changes about it.
    pub what: What,
}

/// What changes about a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum What {
    /// A new member.
    Added {
        /// Its type.
        kind: String,
        /// Whether it must be given.
        required: bool,
    },
    /// A member that is no more.
    Removed {
        /// The type it had.
        kind: String,
    },
    /// It may be left out no longer.
    NowRequired,
    /// It may be left out now.
    NowOptional,
    /// It should no longer be used, or may be again.
    Deprecated(bool),
    /// Another type.
    Retyped {
        /// The type it had.
        from: String,
        /// The type it has.
        to: String,
    },
    /// Other limits.
    Limits {
        /// Those it had.
        from: String,
        /// Those it has.
        to: String,
    },
    /// Other values.
    Values {
        /// New values.
        added: Vec<String>,
        /// Values that are no more.
        removed: Vec<String>,
    },
    /// Any value, where only some were listed.
    Opened {
        /// The values that were listed.
        were: Vec<String>,
    },
    /// Only some values, where any was taken.
    Closed {
        /// The values that are listed.
        to: Vec<String>,
    },
}

/// What changes from `old` to `new`, in the order of `new`; removed operations come last.
pub(crate) fn compare(old: &Api, new: &Api) -> Vec<Change> {
    let mut gone: Vec<&Operation> = old.operations.iter().collect();
    let mut changes = Vec::new();
    for operation in &new.operations {
        let former = former(operation, old, new);
        gone.retain(|o| former.is_none_or(|former| !std::ptr::eq(*o, former)));
        let subject = Subject::Operation(Address::of(operation));
        let Some(former) = former else {
            changes.push(Change::of(subject, Fate::Added));
            continue;
        };
        let from = Address::of(former);
        changes.push(Change {
            fate: if from == Address::of(operation) { Fate::Kept } else { Fate::Moved { from } },
            subject,
            facts: facts(former, operation),
            request: members_changed(&Members::sent(old, former), &Members::sent(new, operation), true),
            response: members_changed(
                &Members::of(old, &former.output),
                &Members::of(new, &operation.output),
                false,
            ),
        });
    }
    let removed = |o: &Operation| Change::of(Subject::Operation(Address::of(o)), Fate::Removed);
    changes.extend(gone.into_iter().map(removed));
    changes.extend(webhooks(old, new));
    changes.retain(|c| {
        c.fate != Fate::Kept || !c.facts.is_empty() || !c.request.is_empty() || !c.response.is_empty()
    });
    changes
}

impl Change {
    fn of(subject: Subject, fate: Fate) -> Self {
        Self { subject, fate, facts: Vec::new(), request: Vec::new(), response: Vec::new() }
    }
}

impl Address {
    fn of(operation: &Operation) -> Self {
        let Operation { name, id, method, path, .. } = operation.clone();
        Self { name, id, method, path }
    }
}

fn webhooks(old: &Api, new: &Api) -> Vec<Change> {
    let mut changes = Vec::new();
    for event in &new.events {
        let mut change = Change::of(Subject::Webhook(event.name.clone()), Fate::Added);
        if let Some(former) = old.events.iter().find(|former| former.name == event.name) {
            change.fate = Fate::Kept;
            let (before, after) = (Members::of(old, &former.payload), Members::of(new, &event.payload));
            change.response = members_changed(&before, &after, false);
        }
        changes.push(change);
    }
    let gone = old.events.iter().filter(|event| new.events.iter().all(|e| e.name != event.name));
    changes.extend(gone.map(|event| Change::of(Subject::Webhook(event.name.clone()), Fate::Removed)));
    changes
}

/// The operation with the same id, else the one in its place, unless that one has gone elsewhere.
fn former<'a>(later: &Operation, old: &'a Api, new: &Api) -> Option<&'a Operation> {
    let by_id = old.operations.iter().find(|o| o.id == later.id);
    by_id.or_else(|| {
        let same_place = |o: &&Operation| o.method == later.method && plain(&o.path) == plain(&later.path);
        let in_place = old.operations.iter().find(same_place)?;
        new.operations.iter().all(|o| o.id != in_place.id).then_some(in_place)
    })
}

/// A path without the names of its parameters.
fn plain(path: &str) -> String {
    let segment = |s: &str| if s.contains('{') { "{}".to_owned() } else { s.to_owned() };
    path.split('/').map(segment).collect::<Vec<_>>().join("/")
}

fn facts(old: &Operation, new: &Operation) -> Vec<String> {
    let mut facts = Vec::new();
    let mut changed = |before: bool, after: bool, now: &str, no_longer: &str| {
        if before != after {
            facts.push(if after { now } else { no_longer }.to_owned());
        }
    };
    let takes = |operation: &Operation| !operation.credentials.is_empty();
    changed(takes(old), takes(new), "takes credentials now", "takes no credentials any more");
    changed(old.deprecated, new.deprecated, "is deprecated now", "is no longer deprecated");
    changed(old.reads, new.reads, "counts as a read now", "no longer counts as a read");
    changed(old.pages.is_some(), new.pages.is_some(), "comes in pages now", "no longer comes in pages");
    let successes = |o: &Operation| -> BTreeSet<String> {
        o.statuses.iter().map(|(status, _)| status.clone()).filter(|s| s.starts_with('2')).collect()
    };
    if successes(old) != successes(new) {
        let list = |statuses: BTreeSet<String>| statuses.into_iter().collect::<Vec<_>>().join(", ");
        facts.push(format!("answers {} (was {})", list(successes(new)), list(successes(old))));
    }
    facts
}

/// What is sent or answered, by dotted path.
#[derive(Default)]
struct Members(IndexMap<String, Member>);

struct Member {
    kind: String,
    required: bool,
    deprecated: bool,
    limits: Limits,
    values: BTreeSet<String>,
}

impl Members {
    fn of(api: &Api, ty: &Ty) -> Self {
        let mut members = Self::default();
        members.add(api, ty, String::new(), Facts::default(), &mut BTreeSet::new());
        members
    }

    /// Arguments and body.
    fn sent(api: &Api, operation: &Operation) -> Self {
        let mut members = Self::default();
        for argument in operation.arguments() {
            let Argument { required, deprecated, limits, .. } = argument;
            let path = match argument.place {
                Place::Json => String::new(),
                Place::Path => format!("{} (path)", argument.name),
                Place::Query | Place::QueryJoined => format!("{} (query)", argument.name),
                Place::Header => format!("{} (header)", argument.name),
                Place::Form => format!("{} (form)", argument.name),
            };
            let facts = Facts { required: *required, deprecated: *deprecated, limits: Some(limits) };
            members.add(api, &argument.ty, path, facts, &mut BTreeSet::new());
        }
        members
    }

    /// Adds a value at `path` and all that is in it. A type that is made of itself is followed once, and is in
    /// `followed` then: from each of a dozen such types to each other there are more ways than anyone could read.
    fn add<'a>(
        &mut self,
        api: &'a Api,
        ty: &'a Ty,
        path: String,
        facts: Facts<'_>,
        followed: &mut BTreeSet<&'a str>,
    ) {
        let member = Member {
            kind: kind(api, ty),
            required: facts.required,
            deprecated: facts.deprecated,
            limits: facts.limits.cloned().unwrap_or_default(),
            values: BTreeSet::new(),
        };
        self.0.entry(path.clone()).or_insert(member);
        let join = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        let ty = match ty {
            Ty::List(item) => return self.add(api, item, format!("{path}[]"), Facts::default(), followed),
            Ty::Map(value) => return self.add(api, value, join("*"), Facts::default(), followed),
            ty => ty.named().and_then(|name| api.get(name)),
        };
        let Some(ty) = ty.filter(|ty| !holds_itself(api, ty) || followed.insert(&ty.name)) else { return };
        match &ty.shape {
            Shape::Object(members) => {
                for m in members {
                    let limits = ty.sent.then_some(&m.limits);
                    let facts = Facts { required: ty.sent && m.required, deprecated: m.deprecated, limits };
                    self.add(api, &m.ty, join(&m.name), facts, followed);
                }
            }
            Shape::Union { arms, .. } => {
                for arm in arms {
                    let facts = Facts { limits: ty.sent.then_some(&arm.limits), ..Facts::default() };
                    self.add(api, &arm.ty, join(&arm.key), facts, followed);
                }
            }
            Shape::Enum(variants) => {
                if let Some(member) = self.0.get_mut(&path) {
                    member.values.extend(variants.iter().map(|variant| variant.value.clone()));
                }
            }
        }
    }
}

/// Whether a type is made of itself, however far down.
fn holds_itself(api: &Api, ty: &Type) -> bool {
    let held: Vec<&str> = ty.shape.tys().into_iter().filter_map(Ty::named).collect();
    reachable(|name| api.get(name), held).contains(ty.name.as_str())
}

/// What is said of a member where it stands.
#[derive(Default)]
struct Facts<'a> {
    required: bool,
    deprecated: bool,
    limits: Option<&'a Limits>,
}

/// A type in the words of a reader.
fn kind(api: &Api, ty: &Ty) -> String {
    match ty {
        Ty::List(item) => format!("list of {}", kind(api, item)),
        Ty::Map(value) => format!("map of {}", kind(api, value)),
        Ty::Boxed(ty) => kind(api, ty),
        Ty::Named(name) => match api.get(name).map(|ty| &ty.shape) {
            Some(Shape::Enum(_)) => "text".to_owned(),
            Some(Shape::Union { .. }) => "one of several".to_owned(),
            _ => "object".to_owned(),
        },
        Ty::Json => "any JSON".to_owned(),
        ty => outline::name(ty),
    }
}

/// What changes from one body to the other. Whatever is inside a member that comes, goes or is retyped goes
/// without saying.
fn members_changed(old: &Members, new: &Members, is_request: bool) -> Vec<MemberChange> {
    let mut changes: Vec<MemberChange> = Vec::new();
    let mut whole: Vec<String> = Vec::new();
    let mut push = |path: &str, what: What, ends_here: bool| {
        let inside = |outer: &String| {
            let rest = path.strip_prefix(outer.as_str());
            outer.is_empty() || rest.is_some_and(|r| r.is_empty() || r.starts_with('.') || r.starts_with('['))
        };
        if whole.iter().any(inside) {
            return;
        }
        if ends_here {
            whole.push(path.to_owned());
        }
        let path = if path.is_empty() { "(body)".to_owned() } else { path.to_owned() };
        changes.push(MemberChange { path, what });
    };
    for (path, member) in &new.0 {
        match old.0.get(path) {
            Some(former) => member_changed(path, former, member, is_request, &mut push),
            None => {
                let required = is_request && member.required;
                push(path, What::Added { kind: member.kind.clone(), required }, true);
            }
        }
    }
    for (path, former) in &old.0 {
        if !new.0.contains_key(path) {
            push(path, What::Removed { kind: former.kind.clone() }, true);
        }
    }
    changes
}

fn member_changed(
    path: &str,
    former: &Member,
    member: &Member,
    is_request: bool,
    push: &mut impl FnMut(&str, What, bool),
) {
    if former.kind != member.kind {
        push(path, What::Retyped { from: former.kind.clone(), to: member.kind.clone() }, true);
    }
    if is_request && former.required != member.required {
        push(path, if member.required { What::NowRequired } else { What::NowOptional }, false);
    }
    if former.deprecated != member.deprecated {
        push(path, What::Deprecated(member.deprecated), false);
    }
    if is_request && former.limits != member.limits {
        let words = |limits: &Limits| outline::limits(limits).trim().to_owned();
        push(path, What::Limits { from: words(&former.limits), to: words(&member.limits) }, false);
    }
    let added: Vec<_> = member.values.difference(&former.values).cloned().collect();
    let removed: Vec<_> = former.values.difference(&member.values).cloned().collect();
    if member.values.is_empty() && !removed.is_empty() {
        push(path, What::Opened { were: removed }, false);
    } else if former.values.is_empty() && !added.is_empty() {
        push(path, What::Closed { to: added }, false);
    } else if !added.is_empty() || !removed.is_empty() {
        push(path, What::Values { added, removed }, false);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn types_that_are_made_of_each_other_are_followed_once() {
        let names: Vec<String> = (0..16).map(|i| format!("A{i}")).collect();
        let all: serde_json::Map<_, _> = names
            .iter()
            .map(|name| (name.clone(), json!({"$ref": format!("#/components/schemas/{name}")})))
            .collect();
        let of = |name: &String| (name.clone(), json!({"properties": all}));
        let spec = json!({
            "openapi": "3.0.3", "info": {"title": "", "version": ""},
            "paths": {"/a": {"get": {"operationId": "fetchA", "responses": {"200": {
                "description": "", "content": {"application/json": {"schema": all["A0"]}}}}}}},
            "components": {"schemas": names.iter().map(of).collect::<serde_json::Map<_, _>>()},
        });
        let (api, _) = cashfree_codegen::model(&spec, "2099-01-01").expect("a model");
        let members = Members::of(&api, &api.operations[0].output);
        assert_eq!(members.0.len(), 1 + 16 * api.types.len());
    }
}
