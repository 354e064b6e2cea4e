//! A store for entities whose members are what the caller sent, plus a few of ours.
//!
//! Entities carry `_version` and `_notify_url` besides: who is to hear of them, and how. No answer shows
//! them, as no spec declares them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Call, Content, Event, World, text};
use crate::problem::Problem;
use crate::spec;

/// Entities by kind and id.
#[derive(Debug, Default)]
pub(super) struct Records(BTreeMap<(&'static str, String), Value>);

impl Records {
    pub(super) fn insert(&mut self, kind: &'static str, id: impl Into<String>, entity: Value) {
        self.0.insert((kind, id.into()), entity);
    }

    pub(super) fn get_mut(&mut self, kind: &'static str, id: &str) -> Option<&mut Value> {
        self.0.get_mut(&(kind, id.to_owned()))
    }

    /// The entity, or the 404 that `code` names.
    pub(super) fn find(
        &mut self,
        kind: &'static str,
        id: &str,
        code: &'static str,
    ) -> Result<&mut Value, Problem> {
        self.get_mut(kind, id).ok_or_else(|| Problem::not_found(code, format!("{kind} does not exist")))
    }

    pub(super) fn remove(&mut self, kind: &'static str, id: &str) {
        self.0.remove(&(kind, id.to_owned()));
    }

    /// All of a kind, by id.
    pub(super) fn of(&self, kind: &'static str) -> impl Iterator<Item = &Value> {
        self.0.iter().filter(move |((one, _), _)| *one == kind).map(|(_, entity)| entity)
    }

    /// The 409 of a second creation.
    pub(super) fn must_be_new(&self, kind: &'static str, id: &str) -> Result<(), Problem> {
        if self.0.contains_key(&(kind, id.to_owned())) {
            let code = format!("{}_already_exists", kind.replace(' ', "_"));
            return Err(Problem::conflict(code, format!("{kind} with same id is already present")));
        }
        Ok(())
    }
}

impl World {
    /// What the caller sent, with `extra` on top.
    pub(super) fn entity(&self, call: &Call<'_>, extra: Value) -> Value {
        let mut entity = call.known();
        overlay(&mut entity, extra);
        entity["_version"] = json!(call.spec.version);
        entity
    }

    /// Tells whoever listens about an entity.
    pub(super) fn emit_of(&mut self, entity: &Value, kind: &str, data: Value) {
        let version = text(&entity["_version"]).unwrap_or_else(|| spec::newest().to_owned());
        let notify_url = text(&entity["_notify_url"]);
        let (kind, time) = (kind.to_owned(), self.stamp());
        let content = Content::Data(data);
        self.outbox.push(Event { kind, content, time, version, notify_url });
    }
}

/// Replaces the members of `entity` that `extra` has.
pub(super) fn overlay(entity: &mut Value, extra: Value) {
    if let (Value::Object(entity), Value::Object(extra)) = (entity, extra) {
        entity.extend(extra);
    }
}
