//! Values: what a schema holds, and the types that are made on the way.

use serde_json::Value;

use super::limits::limits;
use super::{Found, Origin, Owner, Reader};
use crate::error::Fault;
use crate::model::{Arm, Form, Limits, Member, Shape, Ty, Variant};
use crate::normalise::keyed_arms;
use crate::sensitive;
use crate::spec::{component, list, map, reference, resolve, schemas, text, token};
use crate::states::{self, State};
use crate::vocabulary::{self, Kind};

/// What a schema was read as.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub(super) ty: Ty,
    pub(super) form: Form,
    pub(super) limits: Limits,
    pub(super) doc: String,
    pub(super) read_only: bool,
    pub(super) deprecated: bool,
    /// What is not checked of its limits.
    pub(super) unchecked: Vec<Fault>,
}

/// A schema and where it stands.
#[derive(Clone, Copy)]
struct Node<'a, 's> {
    schema: &'a Value,
    at: &'s str,
    /// The name of what it is: a member, an argument.
    name: &'s str,
    owner: &'s Owner,
    component: Option<&'a str>,
}

impl<'a> Reader<'a> {
    /// Reads what is called `name` of `owner`.
    pub(super) fn value(
        &mut self,
        schema: &'a Value,
        at: String,
        name: &str,
        owner: &Owner,
    ) -> Result<Read, Fault> {
        let entered = self.inside.len();
        let (mut schema, mut at, mut component_name) = (schema, at, None);
        let mut whole = Read { doc: text(schema, "description"), ..Read::default() };
        loop {
            whole.deprecated |= schema["deprecated"] == true;
            whole.read_only |= schema["readOnly"] == true;
            let Some(target) = reference(schema) else { break };
            at = component(target);
            component_name = Some(target);
            // Every reference leads somewhere: that was checked before.
            schema = schemas(self.spec).and_then(|s| s.get(target)).unwrap_or(&Value::Null);
            if self.shape_of(schema, &at, name).is_none() {
                if self.inside.contains(&at) {
                    return Err(Fault::new(at, "refers to itself without an object in between"));
                }
                self.inside.push(at.clone());
                if whole.doc.is_empty() {
                    whole.doc = text(schema, "description");
                }
            }
        }
        let node = Node { schema, at: &at, name, owner, component: component_name };
        let Read { ty, form, limits, unchecked, .. } = self.resolved(node)?;
        self.inside.truncate(entered);
        Ok(Read { ty, form, limits, unchecked, ..whole })
    }

    fn resolved(&mut self, node: Node<'a, '_>) -> Result<Read, Fault> {
        let schema = node.schema;
        let mut read = Read::default();
        if let Some(kind) = self.shape_of(schema, node.at, node.name) {
            self.named(node, kind)?;
            read.ty = Ty::Named(node.at.to_owned());
        } else if schema["type"] == "array" {
            if schema.get("properties").is_some() || schema.get("enum").is_some() {
                self.lose(
                    node.at,
                    "a list has neither members nor values of its own: only its items are read",
                );
            }
            read.ty = Ty::List(Box::new(self.inner(node, "items", &mut read)?));
        } else if schema["additionalProperties"].as_object().is_some_and(|map| !map.is_empty()) {
            read.ty = Ty::Map(Box::new(self.inner(node, "additionalProperties", &mut read)?));
        } else {
            (read.ty, read.form) = self.leaf(node);
        }
        let items = read.limits.items.take();
        read.limits = Limits { items, ..limits(schema, &read.ty, node.at, &mut read.unchecked) };
        Ok(read)
    }

    /// What a list or a map holds; free JSON where the document does not say.
    fn inner(&mut self, node: Node<'a, '_>, word: &str, outer: &mut Read) -> Result<Ty, Fault> {
        let Some(schema) = node.schema.get(word).filter(|schema| schema.is_object()) else {
            return Ok(Ty::Json);
        };
        let inner = self.value(schema, format!("{}/{word}", node.at), node.name, node.owner)?;
        outer.form = inner.form;
        outer.unchecked.extend(inner.unchecked);
        let limited = inner.limits != Limits::default();
        outer.limits.items = limited.then(|| Box::new(inner.limits));
        Ok(inner.ty)
    }

    /// Whether a schema becomes a type of its own, and which.
    fn shape_of(&self, schema: &Value, at: &str, name: &str) -> Option<Kinds> {
        let has_members = schema.get("properties").and_then(Value::as_object).is_some_and(|p| !p.is_empty());
        if !values(schema).is_empty() {
            Some(Kinds::Enum)
        } else if has_members && schema["type"] != "array" {
            Some(Kinds::Object)
        } else if keyed_arms(self.spec, schema, at).is_some() {
            Some(Kinds::Union)
        } else {
            let is_plain = schema["type"] == "string" && schema.get("enum").is_none();
            states::of(name).filter(|state| is_plain && state.plain).map(Kinds::State)
        }
    }

    /// Reads a type of its own, once.
    fn named(&mut self, node: Node<'a, '_>, kind: Kinds) -> Result<(), Fault> {
        if self.found.contains_key(node.at) {
            return Ok(());
        }
        let of_owner = |component: &&str| !made_up(component, node.owner, node.name);
        let origin = Origin {
            component: node.component.filter(of_owner).map(str::to_owned),
            owner: node.owner.clone(),
            member: node.name.to_owned(),
        };
        let doc = text(node.schema, "description");
        // There before its members are read, so that it may hold itself.
        let empty = Shape::Object(Vec::new());
        self.found.insert(node.at.to_owned(), Found::new(node.at.to_owned(), doc, empty, origin));
        let aliases = std::mem::take(&mut self.inside);
        let mut unchecked = Vec::new();
        let shape = match kind {
            Kinds::Enum => enumeration(node.schema),
            Kinds::Object => self.object(node, &mut unchecked)?,
            Kinds::Union => self.union(node, &mut unchecked)?,
            Kinds::State(state) => Shape::Enum(state.variants()),
        };
        self.inside = aliases;
        if let Some(found) = self.found.get_mut(node.at) {
            found.ty.shape = shape;
            found.lost = unchecked;
        }
        Ok(())
    }

    fn object(&mut self, node: Node<'a, '_>, unchecked: &mut Vec<Fault>) -> Result<Shape, Fault> {
        let required: Vec<&str> = list(node.schema, "required").filter_map(Value::as_str).collect();
        let owner = Owner::Type(node.at.to_owned());
        let mut members = Vec::new();
        for (name, schema) in map(node.schema, "properties") {
            let at = format!("{}/properties/{}", node.at, token(name));
            let read = self.value(schema, at, name, &owner)?;
            unchecked.extend(read.unchecked);
            members.push(Member {
                name: name.clone(),
                required: required.contains(&name.as_str()) && !read.read_only,
                exposure: sensitive::exposure(name, &read.ty),
                ty: read.ty,
                form: read.form,
                doc: read.doc,
                read_only: read.read_only,
                deprecated: read.deprecated,
                limits: read.limits,
                ..Member::default()
            });
        }
        Ok(Shape::Object(members))
    }

    fn union(&mut self, node: Node<'a, '_>, unchecked: &mut Vec<Fault>) -> Result<Shape, Fault> {
        let owner = Owner::Type(node.at.to_owned());
        let mut arms = Vec::new();
        for arm in keyed_arms(self.spec, node.schema, node.at).unwrap_or_default() {
            let read = if arm.shared {
                self.lose(&arm.at, format!("two arms hold different things under `{}`: free JSON", arm.key));
                Read::default()
            } else {
                let made_up = |held| arm.component.is_some_and(|name| hoisted(held, name, arm.key));
                let inline = reference(arm.held).is_none_or(made_up);
                let mut read = self.value(arm.held, arm.at.clone(), arm.key, &owner)?;
                // The component that only carries the key gives its name to what the key holds.
                if let (true, Ty::Named(at), Some(name)) = (inline, &read.ty, arm.component)
                    && let Some(found) = self.found.get_mut(at)
                {
                    let component = &mut found.origins[0].component;
                    if component.as_deref().is_none_or(made_up) {
                        *component = Some(name.to_owned());
                    }
                }
                let held = read.ty.named().and_then(|at| self.found.get(at)).map(|found| &found.ty.doc);
                if read.doc.is_empty() {
                    read.doc = held.cloned().unwrap_or_default();
                }
                read
            };
            unchecked.extend(read.unchecked);
            arms.push(Arm {
                variant: String::new(),
                key: arm.key.to_owned(),
                exposure: sensitive::exposure(arm.key, &read.ty),
                ty: read.ty,
                form: read.form,
                doc: read.doc,
                limits: read.limits,
            });
        }
        let wrapped_in = node.schema["x-wrapped-in"].as_str().map(str::to_owned);
        Ok(Shape::Union { arms, wrapped_in })
    }

    /// A value without parts, by what its name says of it.
    fn leaf(&mut self, node: Node<'a, '_>) -> (Ty, Form) {
        let schema = node.schema;
        let arms = schema.get("oneOf").or(schema.get("anyOf")).and_then(Value::as_array);
        let declared = match (schema["type"].as_str(), arms) {
            (Some(declared), _) => Some(declared),
            (None, Some(arms)) => self.scalar_of(arms, node.name),
            // Money that has no type is a number: as free JSON it would lose what keeps amounts exact.
            (None, None) => vocabulary::is_amount(node.name).then_some("number"),
        };
        if declared.is_none() && arms.is_some_and(|arms| !arms.is_empty()) {
            let by = if schema.get("discriminator").is_some() { "a discriminator only" } else { "no key" };
            self.lose(node.at, format!("a union that is told apart by {by}: free JSON"));
        }
        if declared.is_some_and(|d| d != "string") && schema.get("enum").is_some() {
            self.lose(node.at, "the values of what is no text are not listed");
        }
        let kind = declared.and_then(|declared| vocabulary::kind(node.name, declared));
        match (kind, declared) {
            (Some(Kind::Amount), Some("string")) => (Ty::Amount, Form::Text),
            (Some(Kind::Amount), _) => (Ty::Amount, Form::Natural),
            (Some(Kind::Id), Some("string")) => (Ty::Id, Form::Natural),
            (Some(Kind::Id), _) => (Ty::Id, Form::Number),
            (Some(Kind::Timestamp), _) => (Ty::Timestamp, Form::Natural),
            (Some(Kind::Text), Some("number" | "integer")) => (Ty::Text, Form::Number),
            (_, Some("string")) => (Ty::Text, Form::Natural),
            (_, Some("integer")) => (Ty::Integer, Form::Natural),
            (_, Some("number")) => (Ty::Decimal, Form::Natural),
            (_, Some("boolean")) => (Ty::Bool, Form::Natural),
            _ => (Ty::Json, Form::Natural),
        }
    }

    /// The type of a union of texts, or of money that is a number or text as the sender likes.
    fn scalar_of(&self, arms: &[Value], name: &str) -> Option<&'static str> {
        let types: Vec<&str> = arms
            .iter()
            .map(|arm| resolve(self.spec, arm).and_then(|arm| arm["type"].as_str()).unwrap_or("?"))
            .collect();
        let all = |of: &[&str]| !types.is_empty() && types.iter().all(|ty| of.contains(ty));
        if all(&["string"]) {
            Some("string")
        } else if vocabulary::is_amount(name) && all(&["number", "integer", "string"]) {
            Some("number")
        } else {
            None
        }
    }
}

/// What a type of its own may be.
#[derive(Clone, Copy)]
enum Kinds {
    Enum,
    Object,
    Union,
    /// Plain text whose values are documented elsewhere.
    State(&'static State),
}

/// The values of an enumeration of texts, numbers among them as text. One of anything else is none: the
/// integers it lists are read as integers.
fn values(schema: &Value) -> Vec<String> {
    let listed = || list(schema, "enum").filter(|value| !value.is_null());
    match schema["type"].as_str() {
        Some("string") => listed()
            .filter(|value| !value.is_object() && !value.is_array())
            .map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
            .collect(),
        None if listed().all(Value::is_string) => {
            listed().filter_map(Value::as_str).map(str::to_owned).collect()
        }
        _ => Vec::new(),
    }
}

fn enumeration(schema: &Value) -> Shape {
    let mut variants: Vec<Variant> = Vec::new();
    for value in values(schema) {
        if variants.iter().all(|other| other.value != value) {
            let doc = text(&schema["x-enum-descriptions"], &value);
            variants.push(Variant { value, doc, ..Variant::default() });
        }
    }
    Shape::Enum(variants)
}

/// Whether a component's name was made up by the tool that wrote the document, from what would hold it inline:
/// `Refund_splits_inner` for an item of the `splits` of `Refund`. Such a schema is named as an inline one.
fn made_up(component: &str, owner: &Owner, member: &str) -> bool {
    match owner {
        Owner::Type(place) => {
            place.rsplit_once("/schemas/").is_some_and(|(_, owner)| hoisted(component, owner, member))
        }
        Owner::Name(_) => component
            .strip_suffix("_response")
            .and_then(|rest| rest.rsplit_once('_'))
            .is_some_and(|(_, status)| !status.is_empty() && status.chars().all(|c| c.is_ascii_digit())),
    }
}

fn hoisted(component: &str, owner: &str, member: &str) -> bool {
    let rest = component.strip_prefix(owner).and_then(|rest| rest.strip_prefix('_'));
    rest.is_some_and(|rest| rest.trim_end_matches("_inner") == member)
}
