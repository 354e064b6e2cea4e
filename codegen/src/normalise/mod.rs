//! Brings a specification into the one shape that both the generator and the emitter understand.
//!
//! Afterwards every object, enumeration and union is a component of its own with a Rust name, every leaf
//! says what it really holds, and every operation has one success and a method name. Each rule is a small
//! function that solves one problem of real specifications; [`normalise`] is their order.

mod check;
mod leaves;
mod operations;
mod reduce;
mod schemas;
mod unions;

use serde_json::{Map, Value};

pub use self::operations::method_name;
pub use self::reduce::for_progenitor;
pub use self::schemas::{collect_references, reachable};
use crate::error::Fault;
use crate::spec::schemas_mut;

/// The keys that this module adds to schemas and operations.
pub mod key {
    /// On an operation: its id as published.
    pub const OPERATION_ID: &str = "x-operation-id";
    /// On a component: the arms of a union told apart by key, as `[[key, schema], …]`.
    pub const UNION: &str = "x-union";
    /// On a union: the member name that real bodies wrap it in once more.
    pub const WRAPPED_IN: &str = "x-wrapped-in";
    /// On a leaf: its JSON type as declared, where its kind hides it.
    pub const DECLARED: &str = "x-declared";
}

/// Applies every rule.
///
/// # Errors
/// The pointer and the reason where something is of a kind that no rule covers.
pub fn normalise(spec: &mut Value) -> Result<(), Fault> {
    operations::drop_callbacks(spec);
    check::refuse_wrong_kinds(spec)?;
    check::refuse_dangling_references(spec)?;

    operations::write_shared_parts_in_place(spec);
    operations::refuse_arguments_twice(spec)?;
    operations::keep_one_request_media(spec)?;
    operations::keep_one_success(spec)?;
    operations::name_operations(spec)?;

    schemas::merge_all_of(spec)?;
    schemas::read_type_slip(spec);
    schemas::drop_properties_of_arrays(spec);
    schemas::type_enumerations(spec);
    leaves::type_amounts(spec);
    unions::unwrap_single_arms(spec);
    unions::spread_arms_of_objects(spec);
    operations::write_forms_in_place(spec);
    schemas::hoist_inline_schemas(spec);

    unions::key_unions(spec);
    unions::name_arms_after_their_wrappers(spec);
    unions::unwrap_doubled_unions(spec);

    schemas::inline_aliases(spec)?;
    schemas::rust_schema_names(spec)?;
    leaves::mark_leaves(spec);
    schemas::drop_unreachable(spec);
    Ok(())
}

/// Whether a schema becomes a Rust type of its own; all others are written in place.
fn is_type(schema: &Value) -> bool {
    let has_members = schema.get("properties").and_then(Value::as_object).is_some_and(|p| !p.is_empty());
    let is_enum = schema["type"] == "string" && schema.get("enum").is_some_and(Value::is_array);
    has_members || is_enum || schema.get(key::UNION).is_some()
}

/// The one property of an object schema that has just one.
fn only_property(schema: &Value) -> Option<(&str, &Value)> {
    let mut properties = schema.get("properties").and_then(Value::as_object).map(Map::iter)?;
    let (key, property) = properties.next()?;
    properties.next().is_none().then_some((key, property))
}

/// Calls `visit` with what each arm of each union holds, and its key.
fn each_union_arm(spec: &mut Value, visit: &mut dyn FnMut(&mut Value, &str)) {
    for (_, schema) in schemas_mut(spec) {
        for arm in schema.get_mut(key::UNION).and_then(Value::as_array_mut).into_iter().flatten() {
            if let Some([Value::String(key), held]) = arm.as_array_mut().map(Vec::as_mut_slice) {
                visit(held, key);
            }
        }
    }
}
