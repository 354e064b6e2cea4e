//! From a normalised document to the model, in one reading: whatever an operation or a webhook reaches.

mod limits;
mod operations;
mod security;
mod types;

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use serde_json::Value;

use crate::error::Fault;
use crate::model::{Api, Event, Operation, Shape, Ty, Type, reachable};
use crate::spec::{OTHER_METHODS, list, map, operations, reference, schemas, text, token};
use crate::{names, share, states};

/// Reads the whole model. `lost` is what was lost before.
///
/// # Errors
/// The place and the reason where something cannot be expressed.
pub(crate) fn read(spec: &Value, name: &str, lost: Vec<Fault>) -> Result<Api, Fault> {
    let mut reader = Reader { spec, found: IndexMap::new(), inside: Vec::new(), lost };
    let mut operations = Vec::new();
    for (path, method, at, operation) in operations_of(spec) {
        operations.push(reader.operation(path, method, at, operation)?);
    }
    reader.tokens(&mut operations);
    let product = spec.get("x-product").map(|_| text(spec, "x-product"));
    let version = match &product {
        None => name.to_owned(),
        Some(_) => reader.version().unwrap_or_default().to_owned(),
    };
    let mut events = Vec::new();
    for (event, payload) in map(spec, "x-webhooks") {
        events.push(reader.event(event, payload)?);
    }
    reader.unread_parts();
    let Reader { found, mut lost, .. } = reader;

    let mut types: Vec<Found> = found.into_values().collect();
    mark_sent(&mut types, &operations, &events);
    types.iter_mut().filter(|found| found.ty.sent).for_each(|found| lost.append(&mut found.lost));
    refuse_depth(&types)?;
    know_states(&mut types);
    let names = share::merge(&mut types);
    let name = name.to_owned();
    let mut api = Api { name, product, version, operations, events, types: Vec::new(), not_generated: lost };
    names::assign(&mut api, types, &names)?;
    api.not_generated.sort_by(|a, b| (&a.pointer, &a.reason).cmp(&(&b.pointer, &b.reason)));
    api.not_generated.dedup();
    Ok(api)
}

fn operations_of(spec: &Value) -> Vec<(&str, &'static str, String, &Value)> {
    operations(spec).collect()
}

/// A type as it was read, before anything has a Rust name.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) ty: Type,
    /// Every place it comes from, the one it was read from first.
    pub(crate) origins: Vec<Origin>,
    /// What the document says about it that only matters where it is sent, and is not checked there.
    lost: Vec<Fault>,
}

/// Where a type comes from: what it may be called after.
#[derive(Debug, Clone, Default)]
pub(crate) struct Origin {
    /// The component schema.
    pub(crate) component: Option<String>,
    /// The type that it is a part of, by the pointer of its schema; or a name, for bodies and arguments.
    pub(crate) owner: Owner,
    /// The member of the owner.
    pub(crate) member: String,
}

/// What an inline schema belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Owner {
    /// A type, by the pointer of its schema.
    Type(String),
    /// An operation's body or argument, by its name in Rust.
    Name(String),
}

impl Default for Owner {
    fn default() -> Self {
        Self::Name(String::new())
    }
}

struct Reader<'a> {
    spec: &'a Value,
    /// Every type by the pointer of its schema.
    found: IndexMap<String, Found>,
    /// The aliases that are being read: one that leads back to itself has no end.
    inside: Vec<String>,
    lost: Vec<Fault>,
}

impl<'a> Reader<'a> {
    fn lose(&mut self, at: impl Into<String>, reason: impl Into<String>) {
        self.lost.push(Fault::new(at, reason));
    }

    fn event(&mut self, name: &str, payload: &'a Value) -> Result<Event, Fault> {
        let at = format!("/x-webhooks/{}", token(name));
        let is_object = |schema: &Value| schema["properties"].as_object().is_some_and(|p| !p.is_empty());
        let object =
            reference(payload).and_then(|name| schemas(self.spec)?.get(name)).filter(|s| is_object(s));
        if object.is_none() {
            return Err(Fault::new(at, "expected a $ref to an object"));
        }
        let payload = self.value(payload, at, "", &Owner::default())?.ty;
        Ok(Event { name: name.to_owned(), payload })
    }

    /// The parts of a document that nothing is made of.
    fn unread_parts(&mut self) {
        for (path, item) in map(self.spec, "paths") {
            let at = format!("/paths/{}", token(path));
            for method in OTHER_METHODS.into_iter().filter(|method| item.get(method).is_some()) {
                self.lose(
                    format!("{at}/{method}"),
                    format!("no method is made for {}", method.to_uppercase()),
                );
            }
            if list(item, "servers").next().is_some() {
                self.lose(format!("{at}/servers"), "the base URL is the client's, for all operations");
            }
        }
    }
}

/// Marks every type that a request holds, at any depth, and leaves out what nothing holds in the end.
fn mark_sent(types: &mut Vec<Found>, operations: &[Operation], events: &[Event]) {
    let arguments = operations.iter().flat_map(|o| o.arguments()).map(|argument| &argument.ty);
    let sent = reached(types, arguments.clone());
    let answered = operations.iter().map(|o| &o.output).chain(events.iter().map(|event| &event.payload));
    let all = reached(types, arguments.chain(answered));
    types.retain(|found| all.contains(&found.ty.places[0]));
    for found in types {
        found.ty.sent = sent.contains(&found.ty.places[0]);
        // What only answers hold is never checked.
        if let (false, Shape::Object(members)) = (found.ty.sent, &mut found.ty.shape) {
            for member in members {
                member.required = false;
            }
        }
    }
}

/// The pointers of the types that the given ones hold.
fn reached<'a>(types: &[Found], from: impl Iterator<Item = &'a Ty>) -> BTreeSet<String> {
    let by_place: BTreeMap<&str, &Type> = types.iter().map(|found| (place(found), &found.ty)).collect();
    let roots: Vec<&str> = from.filter_map(Ty::named).collect();
    reachable(|name| by_place.get(name).copied(), roots).into_iter().map(str::to_owned).collect()
}

fn place(found: &Found) -> &str {
    &found.ty.places[0]
}

/// How many types may stand inside each other. rustc looks through all of them to see that a future can be
/// sent to another thread, and gives up at some forty.
const DEEPEST: usize = 24;

fn refuse_depth(types: &[Found]) -> Result<(), Fault> {
    let by_place: BTreeMap<&str, &Type> = types.iter().map(|found| (place(found), &found.ty)).collect();
    let mut depths = BTreeMap::new();
    for found in types {
        if depth(place(found), &by_place, &mut depths) > DEEPEST {
            return Err(Fault::new(
                place(found),
                format!("holds more than {DEEPEST} types inside each other"),
            ));
        }
    }
    Ok(())
}

/// The longest way down from a type; one that is inside itself ends where it begins again.
fn depth<'a>(at: &'a str, types: &BTreeMap<&str, &'a Type>, known: &mut BTreeMap<&'a str, usize>) -> usize {
    if let Some(depth) = known.get(at) {
        return *depth;
    }
    known.insert(at, 0);
    let inside = types.get(at).into_iter().flat_map(|ty| ty.shape.tys()).filter_map(Ty::named);
    let deepest = 1 + inside.map(|inner| depth(inner, types, known)).max().unwrap_or(0);
    known.insert(at, deepest);
    deepest
}

/// What is known of states is said of them, and what answers and webhooks tell has all the documented values.
fn know_states(types: &mut [Found]) {
    for found in types {
        let member = found.origins[0].member.clone();
        if let (Shape::Enum(variants), Some(state)) = (&mut found.ty.shape, states::of(&member)) {
            if !found.ty.sent {
                state.extend(variants);
            }
            state.explain(variants);
        }
    }
}

impl Found {
    fn new(place: String, doc: String, shape: Shape, origin: Origin) -> Self {
        let ty = Type {
            name: String::new(),
            aliases: Vec::new(),
            places: vec![place],
            doc,
            sent: false,
            required_name: None,
            shape,
        };
        Self { ty, origins: vec![origin], lost: Vec::new() }
    }
}
