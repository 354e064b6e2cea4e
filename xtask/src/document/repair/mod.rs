//! Mends a document as its vendor published it, so far that a client can be generated from it.
//!
//! Each rule is one function that names the fault it mends. A rule changes only what is at fault: a sound
//! document comes out as it went in. What cannot be mended is refused, with the place and the reason.

mod operations;
mod schemas;

use serde_json::Value;

use cashfree_codegen::Fault;
use cashfree_codegen::places::{Places, dangling};

/// One thing that was mended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Repair {
    /// A JSON pointer to the fault, into the document as it was given.
    pub pointer: String,
    /// What was wrong, and what was done about it.
    pub what: String,
    /// Whether the mending was a guess that a person should look at.
    pub look: bool,
}

/// Mends `spec` in place and tells what was done.
///
/// # Errors
/// The first fault that cannot be mended: a `$ref` that points to nothing, or two paths that turn out to be
/// the same. `spec` is half mended then, and of no use.
pub(crate) fn repair(spec: &mut Value) -> Result<Vec<Repair>, Fault> {
    let mut repairs = Repairs::default();

    // Before anything that follows references or takes operations and schemas for objects.
    operations::callbacks(spec, &mut repairs);
    let places = Places::of(spec);
    let mut faults = places.misplaced.clone();
    faults.extend(dangling(spec, &places));
    if let Some(fault) = faults.into_iter().next() {
        return Err(fault);
    }

    schemas::lists_of_types(spec, &mut repairs);
    schemas::required_flags(spec, &mut repairs);
    schemas::required_names(spec, &mut repairs);
    schemas::enums_on_arrays(spec, &mut repairs);
    schemas::enum_values(spec, &mut repairs);
    schemas::nullable_without_type(spec, &mut repairs);
    schemas::unknown_formats(spec, &mut repairs);

    operations::parameters_twice(spec, &mut repairs);
    operations::path_parameters(spec, &mut repairs);
    operations::ids(spec, &mut repairs);
    operations::media_types(spec, &mut repairs);
    operations::statuses(spec, &mut repairs);
    operations::prose(spec, &mut repairs);

    // After the schemas are what they will be.
    schemas::examples(spec, &mut repairs);

    // Last, for these move things, and the pointers above are into the document as it was given.
    operations::query_strings(spec, &mut repairs)?;
    operations::server_prefix(spec, &mut repairs)?;
    Ok(repairs.0)
}

/// The repairs so far.
#[derive(Default)]
struct Repairs(Vec<Repair>);

impl Repairs {
    /// A repair that changes nothing for a user.
    fn done(&mut self, pointer: impl Into<String>, what: impl Into<String>) {
        self.0.push(Repair { pointer: pointer.into(), what: what.into(), look: false });
    }

    /// A repair that was a guess.
    fn guessed(&mut self, pointer: impl Into<String>, what: impl Into<String>) {
        self.0.push(Repair { pointer: pointer.into(), what: what.into(), look: true });
    }
}

/// Removes the value at `pointer` from the object that holds it.
fn remove(spec: &mut Value, pointer: &str) {
    if let Some((holder, key)) = pointer.rsplit_once('/')
        && let Some(holder) = spec.pointer_mut(holder).and_then(Value::as_object_mut)
    {
        holder.shift_remove(&key.replace("~1", "/").replace("~0", "~"));
    }
}

#[cfg(test)]
mod testing {
    use serde_json::{Value, json};

    use super::Repairs;

    /// A document with these paths.
    pub(super) fn with_paths(paths: Value) -> Value {
        json!({"openapi": "3.0.3", "paths": paths})
    }

    /// A document with these component schemas.
    pub(super) fn with_schemas(schemas: Value) -> Value {
        json!({"openapi": "3.0.3", "paths": {}, "components": {"schemas": schemas}})
    }

    /// What `rule` reports on `spec`, as `pointer: what`, with `?` in front of guesses; and that it is content
    /// with its own work.
    pub(super) fn reported(spec: &mut Value, rule: impl Fn(&mut Value, &mut Repairs)) -> Vec<String> {
        let mut repairs = Repairs::default();
        rule(spec, &mut repairs);
        let mended = spec.clone();
        let mut again = Repairs::default();
        rule(spec, &mut again);
        assert_eq!(again.0, [], "mended once, there is nothing left to mend");
        assert_eq!(*spec, mended, "a sound document comes out as it went in");
        let line = |r: super::Repair| format!("{}{}: {}", if r.look { "?" } else { "" }, r.pointer, r.what);
        repairs.0.into_iter().map(line).collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_reference_to_nothing_is_refused_with_its_place() {
        let mut spec =
            testing::with_schemas(json!({"A": {"properties": {"b": {"$ref": "#/components/schemas/B"}}}}));
        let fault = repair(&mut spec).expect_err("B does not exist");
        assert_eq!(fault.pointer, "/components/schemas/A/properties/b");
        assert_eq!(fault.reason, "#/components/schemas/B is not in the document");
    }

    #[test]
    fn what_is_no_schema_is_refused_with_its_place() {
        let mut spec = testing::with_schemas(json!({"A": {"properties": {"b": null}}}));
        let fault = repair(&mut spec).expect_err("null is no schema");
        assert_eq!(fault.pointer, "/components/schemas/A/properties/b");
        let mut spec = testing::with_paths(json!({"/a": {"get": []}}));
        let fault = repair(&mut spec).expect_err("a list is no operation");
        assert_eq!(fault.pointer, "/paths/~1a/get");
    }

    #[test]
    fn a_reference_in_a_callback_does_not_matter() {
        let mut spec = testing::with_paths(json!({"/a": {"post": {
            "operationId": "A", "summary": "A.", "description": "A.",
            "callbacks": {"paid": {"$ref": "#/components/callbacks/None"}},
            "responses": {"200": {"description": "Done."}}
        }}}));
        let repairs = repair(&mut spec).expect("nothing else is wrong");
        assert_eq!(repairs.len(), 1, "{repairs:?}");
    }
}
