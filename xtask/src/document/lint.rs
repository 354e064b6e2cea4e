//! What a specification of this project must keep to: whatever the generator, the documentation or the
//! sandbox relies on, checked before anything is generated.

use std::collections::HashMap;

use serde_json::Value;

use crate::document::fits::misfits;
use cashfree_codegen::Fault;
use cashfree_codegen::places::{Places, dangling, path_names};
use cashfree_codegen::spec::{list, operations, resolve, token};

/// Everything that is wrong with a specification; empty where it may be generated from.
pub fn lint(spec: &Value) -> Vec<Fault> {
    let places = Places::of(spec);
    let mut faults = places.misplaced.clone();
    operation_ids(spec, &mut faults);
    prose(spec, &mut faults);
    path_parameters(spec, &mut faults);
    faults.extend(dangling(spec, &places));
    required_names(spec, &places, &mut faults);
    examples(spec, &places, &mut faults);
    webhooks(spec, &mut faults);
    faults
}

/// Every operation has an id, and it is its own.
fn operation_ids(spec: &Value, faults: &mut Vec<Fault>) {
    let mut seen = HashMap::new();
    for (_, _, pointer, operation) in operations(spec) {
        let Some(id) = operation["operationId"].as_str() else {
            faults.push(Fault::new(pointer, "the operation has no operationId"));
            continue;
        };
        if let Some(first) = seen.insert(id, pointer.clone()) {
            faults
                .push(Fault::new(format!("{pointer}/operationId"), format!("{id} is the id of {first} too")));
        }
    }
}

/// Every operation says what it does: its words become the documentation of a method.
fn prose(spec: &Value, faults: &mut Vec<Fault>) {
    for (_, _, pointer, operation) in operations(spec) {
        for member in ["summary", "description"] {
            if operation[member].as_str().is_none_or(|text| text.trim().is_empty()) {
                faults.push(Fault::new(&pointer, format!("the operation has no {member}")));
            }
        }
    }
}

/// The names between braces and the declared path parameters are the same.
fn path_parameters(spec: &Value, faults: &mut Vec<Fault>) {
    for (path, _, pointer, operation) in operations(spec) {
        if path.contains('?') {
            faults.push(Fault::new(&pointer, "a query string belongs into parameters, not into the path"));
        }
        let mut declared = Vec::new();
        let own = operation["parameters"].as_array().into_iter().flatten();
        let shared = spec["paths"][path]["parameters"].as_array().into_iter().flatten();
        for parameter in own.chain(shared).filter_map(|p| resolve(spec, p)).filter(|p| p["in"] == "path") {
            let Some(name) = parameter["name"].as_str() else { continue };
            if !path_names(path).contains(&name) {
                faults.push(Fault::new(&pointer, format!("the path parameter {name} is not in the path")));
            }
            declared.push(name);
        }
        for name in path_names(path) {
            if !declared.contains(&name) {
                faults.push(Fault::new(&pointer, format!("the path parameter {name} is not declared")));
            }
        }
    }
}

/// Every required name is a property.
fn required_names(spec: &Value, places: &Places<'_>, faults: &mut Vec<Fault>) {
    for (pointer, schema) in &places.schemas {
        let Some(required) = schema["required"].as_array() else { continue };
        let names = names_around(spec, places, pointer);
        for (i, name) in required.iter().enumerate() {
            if !name.as_str().is_some_and(|name| names.contains(&name)) {
                let reason = format!("{name} is required and no property");
                faults.push(Fault::new(format!("{pointer}/required/{i}"), reason));
            }
        }
    }
}

/// Every example fits its schema: examples are documentation, and the sandbox answers with them.
fn examples(spec: &Value, places: &Places<'_>, faults: &mut Vec<Fault>) {
    for example in &places.examples {
        for misfit in misfits(spec, example.schema, example.value) {
            faults.push(Fault::new(format!("{}{}", example.pointer, misfit.pointer), misfit.reason));
        }
    }
}

/// Every webhook has a payload that is a schema of the document.
fn webhooks(spec: &Value, faults: &mut Vec<Fault>) {
    for (event, payload) in spec["x-webhooks"].as_object().into_iter().flatten() {
        if cashfree_codegen::spec::reference(payload).is_none() {
            let pointer = format!("/x-webhooks/{}", token(event));
            faults.push(Fault::new(pointer, "expected a $ref to a component schema"));
        }
    }
}

/// Every property name of what a schema is a part of, where it stands or by reference: a component may only say
/// which members of those that extend it are required.
pub fn names_around<'a>(spec: &'a Value, places: &Places<'a>, pointer: &str) -> Vec<&'a str> {
    let whole = outermost_of_union(pointer);
    let target = format!("#{whole}");
    let arms = places.references.iter().filter(|(_, to)| *to == target).map(|(at, _)| at.as_str());
    let users = arms.filter_map(|at| Some(outermost_of_union(at)).filter(|whole| *whole != at));
    let schemas = std::iter::once(whole).chain(users).filter_map(|at| spec.pointer(at));
    schemas.flat_map(|schema| property_names(spec, schema)).collect()
}

/// Every property name that a schema or an arm of its unions has.
fn property_names<'a>(spec: &'a Value, schema: &'a Value) -> Vec<&'a str> {
    let mut parts = Vec::new();
    collect_parts(spec, schema, &mut parts);
    parts
        .into_iter()
        .filter_map(|part| part["properties"].as_object())
        .flatten()
        .map(|(name, _)| name.as_str())
        .collect()
}

/// A schema and its arms: each once, since they may be made of each other.
fn collect_parts<'a>(spec: &'a Value, schema: &'a Value, parts: &mut Vec<&'a Value>) {
    let Some(schema) = resolve(spec, schema) else { return };
    if parts.iter().any(|known| std::ptr::eq(*known, schema)) {
        return;
    }
    parts.push(schema);
    for arm in ["allOf", "oneOf", "anyOf"].into_iter().flat_map(|union| list(schema, union)) {
        collect_parts(spec, arm, parts);
    }
}

/// The schema that an arm belongs to: `required` in an arm of a union may name a property beside the union.
fn outermost_of_union(pointer: &str) -> &str {
    let mut at = pointer;
    while let Some((rest, index)) = at.rsplit_once('/') {
        let Some((outer, key)) = rest.rsplit_once('/') else { break };
        if !matches!(key, "allOf" | "oneOf" | "anyOf") || index.parse::<usize>().is_err() {
            break;
        }
        at = outer;
    }
    at
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_names_of_what_is_made_of_each_other_are_found_once() {
        let kinds: Vec<String> = (0..24).map(|i| format!("Kind{i}")).collect();
        let arms: Vec<Value> =
            kinds.iter().map(|kind| json!({"$ref": format!("#/components/schemas/{kind}")})).collect();
        let of = |kind: &String| (kind.clone(), json!({"properties": {kind: {}}, "oneOf": arms}));
        let spec =
            json!({"components": {"schemas": kinds.iter().map(of).collect::<serde_json::Map<_, _>>()}});
        assert_eq!(property_names(&spec, &arms[0]), kinds);
    }

    /// A document without faults.
    fn sound() -> Value {
        json!({
            "openapi": "3.0.3",
            "paths": {"/orders/{order_id}": {"get": {
                "operationId": "PGFetchOrder",
                "summary": "Fetch an order",
                "description": "Reads an order.",
                "parameters": [{"name": "order_id", "in": "path", "required": true, "schema": {"type": "string"}}],
                "responses": {"200": {"description": "The order.", "content": {"application/json": {
                    "schema": {"$ref": "#/components/schemas/Order"},
                    "example": {"id": "o_1"}
                }}}}
            }}},
            "x-webhooks": {"PAID": {"$ref": "#/components/schemas/Order"}},
            "components": {"schemas": {"Order": {
                "type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}
            }}}
        })
    }

    /// The one fault of the sound document after `spoil`.
    fn fault_after(spoil: impl FnOnce(&mut Value)) -> String {
        let mut spec = sound();
        spoil(&mut spec);
        let faults = lint(&spec);
        assert_eq!(faults.len(), 1, "{faults:?}");
        format!("{}: {}", faults[0].pointer, faults[0].reason)
    }

    const OPERATION: &str = "/paths/~1orders~1{order_id}/get";

    fn operation(spec: &mut Value) -> &mut Value {
        spec.pointer_mut(OPERATION).expect("the operation of the sound document")
    }

    #[test]
    fn a_sound_document_has_no_faults() {
        assert_eq!(lint(&sound()), []);
    }

    #[test]
    fn operation_ids_are_unique() {
        let fault = fault_after(|spec| {
            let twin = operation(spec).clone();
            spec["paths"]["/orders/{order_id}"]["put"] = twin;
        });
        assert_eq!(
            fault,
            "/paths/~1orders~1{order_id}/put/operationId: PGFetchOrder is the id of /paths/~1orders~1{order_id}/get too"
        );
    }

    #[test]
    fn operations_have_an_id_and_prose() {
        let fault = fault_after(|spec| {
            operation(spec).as_object_mut().expect("an object").remove("operationId");
        });
        assert_eq!(fault, format!("{OPERATION}: the operation has no operationId"));
        let fault = fault_after(|spec| operation(spec)["summary"] = json!(" "));
        assert_eq!(fault, format!("{OPERATION}: the operation has no summary"));
    }

    #[test]
    fn path_parameters_match_the_path() {
        let fault = fault_after(|spec| operation(spec)["parameters"] = json!([]));
        assert_eq!(fault, format!("{OPERATION}: the path parameter order_id is not declared"));
        let fault = fault_after(|spec| {
            let more = json!({"name": "x", "in": "path", "schema": {}});
            operation(spec)["parameters"].as_array_mut().expect("a list").push(more);
        });
        assert_eq!(fault, format!("{OPERATION}: the path parameter x is not in the path"));
    }

    #[test]
    fn references_point_to_something() {
        let fault = fault_after(|spec| {
            spec["components"]["schemas"]["Order"]["properties"]["more"] =
                json!({"$ref": "#/components/schemas/None"});
        });
        assert_eq!(
            fault,
            "/components/schemas/Order/properties/more: #/components/schemas/None is not in the document"
        );
    }

    #[test]
    fn required_names_are_properties() {
        let fault = fault_after(|spec| {
            spec["components"]["schemas"]["Link"] =
                json!({"properties": {"id": {}}, "required": ["id", "id."]});
        });
        assert_eq!(fault, "/components/schemas/Link/required/1: \"id.\" is required and no property");
    }

    #[test]
    fn required_in_an_arm_may_name_a_property_beside_the_union() {
        let mut spec = sound();
        spec["components"]["schemas"]["Order"]["anyOf"] = json!([{"required": ["id"]}]);
        assert_eq!(lint(&spec), []);
    }

    #[test]
    fn examples_fit() {
        let fault = fault_after(|spec| {
            operation(spec)["responses"]["200"]["content"]["application/json"]["example"] = json!({"id": 1});
        });
        assert_eq!(
            fault,
            format!(
                "{OPERATION}/responses/200/content/application~1json/example/id: expected string, found number"
            )
        );
    }

    #[test]
    fn webhooks_name_a_schema() {
        let fault = fault_after(|spec| spec["x-webhooks"]["PAID"] = json!({"type": "object"}));
        assert_eq!(fault, "/x-webhooks/PAID: expected a $ref to a component schema");
        let fault =
            fault_after(|spec| spec["x-webhooks"]["PAID"] = json!({"$ref": "#/components/schemas/No"}));
        assert_eq!(fault, "/x-webhooks/PAID: #/components/schemas/No is not in the document");
    }

    #[test]
    fn arms_belong_to_the_outermost_schema() {
        assert_eq!(outermost_of_union("/components/schemas/A/oneOf/1/allOf/0"), "/components/schemas/A");
        assert_eq!(
            outermost_of_union("/components/schemas/A/properties/b"),
            "/components/schemas/A/properties/b"
        );
    }
}
