//! The faults of Cashfree's published documents: what is true of one vendor's document and of no other.
//!
//! A fixup names the versions that have its fault and what shows it: a published body, or another version
//! that says it right. It tells whether it found its fault, found the place whole (the fixup has outlived its
//! reason), or no longer found its place (the document was rewritten there: look whether the fault moved along).
//! Rules that hold for any document are in [`normalise`](crate::normalise).

mod answers;
mod products;
mod requests;

use heck::ToPascalCase;
use serde_json::Value;

use crate::error::Fault;
use crate::spec::{component, reference, schemas};

/// One known fault and how it is mended.
struct Fixup {
    name: &'static str,
    versions: &'static [&'static str],
    mend: Mend,
}

/// How a fault is mended.
type Mend = fn(&mut Value) -> Result<(), NotThere>;

/// Why a fixup mended nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotThere {
    /// The fault is gone: the fixup may go too.
    Fault(Fault),
    /// The place is gone: it may have been renamed or moved, and the fault with it.
    Place(Fault),
}

/// A fixup of a version that mended nothing in its document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stale {
    /// The fixup.
    pub name: &'static str,
    /// What it found instead of its fault.
    pub found: NotThere,
}

impl std::fmt::Display for Stale {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.found {
            NotThere::Fault(fault) => {
                write!(
                    f,
                    "{}: the fixup `{}` is no longer needed: {}",
                    fault.pointer, self.name, fault.reason
                )
            }
            NotThere::Place(fault) => {
                write!(f, "{}: the fixup `{}` has lost its place: {}", fault.pointer, self.name, fault.reason)
            }
        }
    }
}

/// Mends the known faults of `version` in its document, and tells which fixups found nothing to mend.
pub fn apply(spec: &mut Value, version: &str) -> Vec<Stale> {
    let of_version = of(version);
    of_version.filter_map(|f| (f.mend)(spec).err().map(|found| Stale { name: f.name, found })).collect()
}

/// The fixups of a version, in the order in which they are applied.
fn of(version: &str) -> impl Iterator<Item = &'static Fixup> {
    let all = answers::FIXUPS.iter().chain(requests::FIXUPS).chain(products::FIXUPS);
    let version = version.to_owned();
    all.filter(move |fixup| fixup.versions.contains(&version.as_str()))
}

/// The node at a pointer, wherever the document has it: behind a `$ref`, or under a component's name in another
/// style (`order_entity` for `OrderEntity`).
fn place<'a>(spec: &'a mut Value, pointer: &str) -> Result<&'a mut Value, NotThere> {
    let gone = || NotThere::Place(Fault::new(pointer, "nothing is there"));
    let at = locate(spec, pointer).ok_or_else(gone)?;
    spec.pointer_mut(&at).ok_or_else(gone)
}

fn locate(spec: &Value, pointer: &str) -> Option<String> {
    let mut at = String::new();
    for step in pointer.split('/').skip(1) {
        let here = spec.pointer(&at)?;
        let part = here["allOf"].as_array().filter(|parts| parts.len() == 1).map_or(here, |parts| &parts[0]);
        if let Some(name) = reference(part).filter(|_| here.get(step).is_none()) {
            at = component(name);
        }
        let mut step = step.to_owned();
        if at == "/components/schemas" && schemas(spec)?.get(&step).is_none() {
            let wanted = step.to_pascal_case();
            step = schemas(spec)?.keys().find(|name| name.to_pascal_case() == wanted)?.clone();
        }
        at = format!("{at}/{step}");
        spec.pointer(&at)?;
    }
    Some(at)
}

/// The fault is not there, and this is why.
fn whole<T>(pointer: &str, reason: impl Into<String>) -> Result<T, NotThere> {
    Err(NotThere::Fault(Fault::new(pointer, reason)))
}

/// The place is another than the one that the fixup was written for.
fn elsewhere<T>(pointer: &str, reason: impl Into<String>) -> Result<T, NotThere> {
    Err(NotThere::Place(Fault::new(pointer, reason)))
}

/// Adds a member to the object schema at `pointer`.
fn add_member(spec: &mut Value, pointer: &str, name: &str, member: Value) -> Result<(), NotThere> {
    let properties = place(spec, &format!("{pointer}/properties"))?;
    if properties.get(name).is_some() {
        return whole(pointer, format!("`{name}` is there"));
    }
    properties[name] = member;
    Ok(())
}

/// Lists the values of a text that other versions of the document list.
fn list_values(spec: &mut Value, pointer: &str, values: &[&str]) -> Result<(), NotThere> {
    let text = place(spec, pointer)?;
    match text.get("enum") {
        Some(_) => whole(pointer, "its values are listed"),
        None if text["type"] != "string" => elsewhere(pointer, "it is no text"),
        None => {
            text["enum"] = values.into();
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::json;

    use super::*;
    use crate::spec::load;

    /// Whatever has a fixup: versions, and products by their names.
    const VERSIONS: [&str; 5] = ["2022-09-01", "2023-08-01", "2025-01-01", "2026-01-01", "one-escrow"];

    /// The project's specification of a version, with its faults.
    pub(super) fn published(version: &str) -> Value {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi");
        let product = folder.join(format!("products/{version}.yaml"));
        let file = if product.is_file() { product } else { folder.join(format!("v{version}.yaml")) };
        load(&file).expect("a specification")
    }

    /// The same, mended.
    pub(super) fn mended(version: &str) -> Value {
        let mut spec = published(version);
        assert_eq!(apply(&mut spec, version), [], "every fixup finds its fault");
        spec
    }

    #[test]
    fn no_fixup_finds_its_fault_twice() {
        for version in VERSIONS {
            for fixup in of(version) {
                let mut spec = mended(version);
                let found = (fixup.mend)(&mut spec).expect_err(fixup.name);
                let NotThere::Fault(fault) = &found else { panic!("{}: {found:?}", fixup.name) };
                assert!(locate(&spec, &fault.pointer).is_some(), "{fault:?}");
                let stale = Stale { name: fixup.name, found };
                assert!(stale.to_string().contains("is no longer needed"), "{stale}");
            }
        }
    }

    #[test]
    fn a_fixup_whose_place_is_gone_says_so() {
        for version in VERSIONS {
            let stale = apply(&mut json!({ "openapi": "3.0.3", "paths": {} }), version);
            assert_eq!(stale.len(), of(version).count());
            for stale in stale {
                assert!(stale.to_string().contains("has lost its place"), "{stale}");
            }
        }
    }

    #[test]
    fn a_place_is_found_behind_references_and_in_other_styles() {
        let mut spec = json!({ "components": { "schemas": {
            "order_entity": { "properties": { "meta": { "description": "x", "allOf": [crate::spec::refer_to("Order_meta")] } } },
            "Order_meta": { "properties": { "url": { "type": "string" } } } } } });
        let at = "/components/schemas/OrderEntity/properties/meta/properties/url";
        assert_eq!(place(&mut spec, at), Ok(&mut json!({ "type": "string" })));
        for at in
            ["/components/schemas/Order", "/components/schemas/OrderEntity/properties/meta/items", "/paths"]
        {
            assert!(place(&mut spec, at).is_err(), "{at}");
        }
    }

    #[test]
    fn a_version_without_known_faults_is_left_alone() {
        let mut spec = published("2025-01-01");
        assert_eq!(apply(&mut spec, "2099-01-01"), []);
        assert_eq!(spec, published("2025-01-01"));
    }
}
