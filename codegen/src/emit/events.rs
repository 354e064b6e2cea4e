//! Webhooks: one payload type for each event type.

use std::fmt::Write as _;

use super::rust;
use crate::model::{Api, Ty};
use crate::prose::comment;

/// `webhook::Payload`: one variant for each payload type, chosen by the event's type.
pub(super) fn emit(api: &Api, out: &mut String) {
    if api.events.is_empty() && api.product.is_some() {
        return;
    }
    let mut payloads: Vec<(&str, Vec<&str>)> = Vec::new();
    for event in &api.events {
        let Ty::Named(payload) = &event.payload else { continue };
        match payloads.iter_mut().find(|(name, _)| name == payload) {
            Some((_, events)) => events.push(&event.name),
            None => payloads.push((payload, vec![&event.name])),
        }
    }
    let names: Vec<String> = api.events.iter().map(|event| format!("{:?}", event.name)).collect();
    let _ = write!(
        out,
        "/// Webhook payloads of {}.\npub mod webhook {{\n\
         /// The event types that have a payload type.\npub const EVENT_TYPES: &[&str] = &[{}];\n\n\
         /// What an event carries, typed.\n\
         #[derive(::std::fmt::Debug, ::std::clone::Clone, ::std::cmp::PartialEq)]\n#[non_exhaustive]\npub enum Payload {{\n",
        super::operations::in_full(api),
        names.join(", ")
    );
    for (name, events) in &payloads {
        let events = events.iter().map(|event| format!("`{event}`")).collect::<Vec<_>>().join(", ");
        let ty = rust(&Ty::Named((*name).to_owned()), "super::types::");
        let _ = writeln!(out, "{}{name}(::std::boxed::Box<{ty}>),", comment(&[events]));
    }
    out.push_str(
        "/// An event type that this version does not list; its JSON is in the event.\nUnknown,\n}\n\n\
         impl Payload {\n/// Reads the payload of a verified event, whatever version the event says it has.\n///\n\
         /// # Errors\n/// Where a member that must not be misread, an amount, does not fit.\n\
         #[allow(clippy::match_single_binding)]\n\
         #[inline]\npub fn of(event: &crate::webhook::Event) -> ::std::result::Result<Self, crate::types::DecodeError> {\n\
         ::std::result::Result::Ok(match event.event_type() {\n",
    );
    for (name, events) in &payloads {
        let events = events.iter().map(|event| format!("{event:?}")).collect::<Vec<_>>().join(" | ");
        let _ = writeln!(out, "{events} => Self::{name}(::std::boxed::Box::new(event.payload()?)),");
    }
    out.push_str("_ => Self::Unknown,\n})\n}\n}\n}\n\n");
}
