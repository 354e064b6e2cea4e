//! Which members every published body of a type has: what `codegen/src/always.rs` is reviewed against.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result};
use cashfree_codegen::always::ALWAYS;
use cashfree_codegen::model::{Api, Shape, Ty};
use serde_json::Value;

use crate::project::Project;

/// How often a type was seen, and how often each of its members was there and not null.
#[derive(Default)]
pub(crate) struct Seen {
    bodies: usize,
    members: BTreeMap<String, usize>,
}

/// A line for each type that was seen: its name, the members that were always there, and those that are said
/// to be and were not.
pub(crate) fn report(seen: &BTreeMap<String, Seen>, least: usize) -> String {
    let mut out = String::new();
    for (name, seen) in seen.iter().filter(|(_, seen)| seen.bodies >= least) {
        let there: Vec<&str> = seen.always().collect();
        out += &format!("{name} ({} bodies): {}\n", seen.bodies, there.join(", "));
    }
    for (name, member) in broken(seen) {
        out += &format!("listed, and not always there: {name}.{member}\n");
    }
    out
}

/// The members that are said to be always there, and were not.
pub(crate) fn broken(seen: &BTreeMap<String, Seen>) -> Vec<(&'static str, &'static str)> {
    let listed = ALWAYS.iter().flat_map(|(name, members)| members.iter().map(move |member| (*name, *member)));
    let missing = |(name, member): &(&str, &str)| {
        seen.get(*name).is_some_and(|seen| seen.always().all(|there| there != *member))
    };
    listed.filter(missing).collect()
}

impl Seen {
    fn always(&self) -> impl Iterator<Item = &str> {
        self.members.iter().filter(|(_, n)| **n == self.bodies).map(|(name, _)| name.as_str())
    }
}

/// What the samples below `folder` hold, by the types of answers.
pub(crate) fn measure(project: &Project, folder: &Path) -> Result<BTreeMap<String, Seen>> {
    let index = std::fs::read(folder.join("index.json")).context("reading index.json")?;
    let index: Vec<BTreeMap<String, Value>> = serde_json::from_slice(&index)?;
    let mut apis = BTreeMap::new();
    for (version, spec) in project.specs()? {
        let model = cashfree_codegen::model(&spec, &version.to_string());
        let (api, _) = model.map_err(|fault| fault.in_file(project.path(version.spec_file())))?;
        apis.insert(version.to_string(), api);
    }
    let mut seen: BTreeMap<String, Seen> = BTreeMap::new();
    for row in &index {
        let text = |key: &str| row.get(key).and_then(Value::as_str).unwrap_or_default();
        let is_refusal = !text("status").is_empty() && !text("status").starts_with('2');
        let Some(api) = apis.get(text("api_version")).filter(|_| !is_refusal) else { continue };
        let read = match text("kind") {
            "response" => api.operations.iter().find(|o| o.id == text("name")).map(|o| &o.output),
            "webhook" => api.events.iter().find(|e| e.name == text("name")).map(|e| &e.payload),
            _ => None,
        };
        if let Some(ty) = read {
            let body = std::fs::read(folder.join(text("file")))?;
            walk(api, ty, &serde_json::from_slice(&body)?, &mut seen);
        }
    }
    let sent: BTreeSet<&str> =
        apis.values().flat_map(|api| &api.types).filter(|ty| ty.sent).map(|ty| ty.name.as_str()).collect();
    seen.retain(|name, _| !sent.contains(name.as_str()));
    Ok(seen)
}

fn walk(api: &Api, ty: &Ty, body: &Value, seen: &mut BTreeMap<String, Seen>) {
    match ty {
        Ty::Boxed(ty) => walk(api, ty, body, seen),
        Ty::List(item) => body.as_array().into_iter().flatten().for_each(|body| walk(api, item, body, seen)),
        Ty::Map(value) => {
            body.as_object().into_iter().flatten().for_each(|(_, body)| walk(api, value, body, seen));
        }
        Ty::Named(name) => match api.types.iter().find(|ty| ty.name == *name).map(|ty| &ty.shape) {
            Some(Shape::Object(members)) if body.is_object() => {
                let of_type = seen.entry(name.clone()).or_default();
                of_type.bodies += 1;
                for member in members.iter().filter(|member| !body[&member.name].is_null()) {
                    *of_type.members.entry(member.name.clone()).or_default() += 1;
                }
                members.iter().for_each(|member| walk(api, &member.ty, &body[&member.name], seen));
            }
            Some(Shape::Union { arms, .. }) => {
                arms.iter().for_each(|arm| walk(api, &arm.ty, &body[&arm.key], seen));
            }
            _ => {}
        },
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_that_is_missing_once_is_not_always_there() {
        let project = Project::at(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
        let specs = project.specs().expect("specifications");
        let (version, spec) = specs.iter().rfind(|(document, _)| !document.is_product()).expect("a version");
        let (api, _) = cashfree_codegen::model(spec, &version.to_string()).expect("a model");
        let refunds = Ty::List(Box::new(Ty::Named("Refund".to_owned())));
        let whole = serde_json::json!({"cf_payment_id": "1", "cf_refund_id": "2", "order_id": "3", "refund_id": "4",
            "refund_amount": 5, "refund_currency": "INR", "refund_status": "PENDING"});
        let mut without = whole.clone();
        without["order_id"] = Value::Null;
        let mut seen = BTreeMap::new();
        walk(&api, &refunds, &Value::from(vec![whole]), &mut seen);
        assert_eq!(broken(&seen), []);
        walk(&api, &refunds, &Value::from(vec![without]), &mut seen);
        assert_eq!(broken(&seen), [("Refund", "order_id")]);
        assert!(
            report(&seen, 2).starts_with("Refund (2 bodies): cf_payment_id, cf_refund_id, refund_amount,")
        );
    }

    #[test]
    fn every_listed_member_is_one() {
        let project = Project::at(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
        let mut found = BTreeSet::new();
        for (version, spec) in project.specs().expect("specifications") {
            let (api, _) = cashfree_codegen::model(&spec, &version.to_string()).expect("a model");
            for ty in &api.types {
                let members = api.members(&Ty::Named(ty.name.clone())).iter();
                found.extend(members.filter(|m| m.always).map(|m| (ty.name.clone(), m.name.clone())));
            }
        }
        let listed = ALWAYS.iter().flat_map(|(name, all)| all.iter().map(move |m| (*name, *m)));
        for (name, member) in listed {
            assert!(found.contains(&(name.to_owned(), member.to_owned())), "{name}.{member}");
        }
    }
}
