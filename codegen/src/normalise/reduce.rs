//! What progenitor is given of a normalised document.

use serde_json::{Map, Value, json};

use super::key;
use crate::spec::{each_schema, operations_mut, schemas_mut};

/// The document that progenitor is given: the same, without what it would turn into more code.
///
/// Limits become newtypes, `required` decides about `Option`, defaults are always sent, unknown formats
/// and multipart bodies are refused, and header parameters would be arguments of every method. All of
/// that is read from the normalised document when code is emitted.
pub fn for_progenitor(spec: &Value) -> Value {
    let mut spec = spec.clone();
    stand_in_for_enums_and_unions(&mut spec);
    each_schema(&mut spec, &mut |schema, _| bare_schema(schema));
    let schemas = std::mem::take(schemas_mut(&mut spec));
    spec["components"] = json!({ "schemas": schemas });
    for (_, _, operation) in operations_mut(&mut spec) {
        bare_operation(operation);
    }
    for word in ["security", "servers", "tags", "x-webhooks"] {
        if let Some(map) = spec.as_object_mut() {
            map.shift_remove(word);
        }
    }
    spec
}

/// Enumerations and unions are types of our own, of which progenitor needs the name only; a struct of all
/// arms tells the type of each.
fn stand_in_for_enums_and_unions(spec: &mut Value) {
    for (_, schema) in schemas_mut(spec) {
        if schema.get("enum").is_some() {
            *schema = json!({ "type": "object" });
        } else if let Some(arms) = schema.get(key::UNION).and_then(Value::as_array) {
            let arms = arms.iter().filter_map(|arm| Some((arm[0].as_str()?.to_owned(), arm[1].clone())));
            *schema = json!({ "type": "object", "properties": arms.collect::<Map<_, _>>() });
        }
    }
}

/// A schema reduced to its shape.
fn bare_schema(schema: &mut Value) {
    let Value::Object(map) = schema else { return };
    if let Some(target) = map.get("$ref").cloned() {
        *schema = json!({ "$ref": target });
        return;
    }
    let private = map.get("format").and_then(Value::as_str).is_some_and(|format| format.starts_with("x-"));
    map.retain(|word, value| match word.as_str() {
        "type" | "items" | "description" => true,
        "properties" => value.as_object().is_some_and(|properties| !properties.is_empty()),
        "additionalProperties" => value.is_object(),
        "format" => private,
        _ => false,
    });
    let is = |kind: &str| map.get("type").is_some_and(|t| t == kind);
    if private {
        map["type"] = json!("string");
    } else if is("integer") {
        map.insert("format".into(), json!("int64"));
    } else if map.contains_key("properties") {
        map.remove("additionalProperties");
        map.insert("type".into(), json!("object"));
    } else if is("array") && !map.contains_key("items") {
        map.insert("items".into(), json!({}));
    }
}

/// An operation with text arguments and at most a JSON body.
fn bare_operation(operation: &mut Value) {
    let parameters = operation["parameters"].as_array_mut().map(std::mem::take).unwrap_or_default();
    let kept = parameters.into_iter().filter(|p| p["in"] == "path" || p["in"] == "query");
    let kept = kept.map(|p| {
        let required = p["in"] == "path" || p["required"] == true;
        json!({ "name": p["name"], "in": p["in"], "required": required, "schema": { "type": "string" } })
    });
    operation["parameters"] = kept.collect();
    let Some(map) = operation.as_object_mut() else { return };
    map.shift_remove("tags");
    let media = map.get("requestBody").and_then(|b| b["content"].as_object()).and_then(|c| c.keys().next());
    if media.is_none_or(|media| media != "application/json") {
        map.shift_remove("requestBody");
    }
    if let Some(body) = map.get_mut("requestBody") {
        body["required"] = json!(true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reduced(schema: Value) -> Value {
        let spec = json!({ "components": { "schemas": { "A": { "properties": { "a": schema } } } } });
        for_progenitor(&spec)["components"]["schemas"]["A"]["properties"]["a"].take()
    }

    #[test]
    fn whatever_becomes_more_code_is_left_out() {
        assert_eq!(
            reduced(
                json!({ "type": "string", "maxLength": 3, "pattern": "^a", "default": "a", "format": "uuid" })
            ),
            json!({ "type": "string" })
        );
        assert_eq!(
            reduced(json!({ "type": "integer", "minimum": 1 })),
            json!({ "type": "integer", "format": "int64" })
        );
        assert_eq!(
            reduced(json!({ "type": "number", "format": "x-amount", "minimum": 1 })),
            json!({ "type": "string", "format": "x-amount" })
        );
        assert_eq!(
            reduced(json!({ "properties": { "b": {} }, "required": ["b"], "additionalProperties": false })),
            json!({ "properties": { "b": {} }, "type": "object" })
        );
    }

    #[test]
    fn free_json_is_no_type_of_its_own() {
        let free = json!({ "type": "object" });
        assert_eq!(reduced(json!({ "type": "object", "properties": {} })), free);
        assert_eq!(reduced(json!({ "type": "object", "additionalProperties": false })), free);
        assert_eq!(reduced(json!({ "type": "array" })), json!({ "type": "array", "items": {} }));
        let map = json!({ "type": "object", "additionalProperties": { "type": "string" } });
        assert_eq!(reduced(map.clone()), map);
    }

    #[test]
    fn a_union_is_an_object_of_its_arms() {
        let spec = json!({ "components": { "schemas": {
            "Method": { key::UNION: [["upi", { "type": "string", "maxLength": 3 }]] },
            "Status": { "type": "string", "enum": ["PAID"] } } } });
        assert_eq!(
            for_progenitor(&spec)["components"]["schemas"],
            json!({ "Method": { "type": "object", "properties": { "upi": { "type": "string" } } }, "Status": { "type": "object" } })
        );
    }

    #[test]
    fn headers_and_forms_are_no_arguments() {
        let spec = json!({ "paths": { "/a": { "post": {
            "parameters": [
                { "name": "x-api-version", "in": "header" },
                { "name": "limit", "in": "query", "schema": { "type": "integer", "minimum": 1 } } ],
            "requestBody": { "content": { "multipart/form-data": {} } } } } } });
        assert_eq!(
            for_progenitor(&spec)["paths"]["/a"]["post"],
            json!({ "parameters": [
                { "name": "limit", "in": "query", "required": false, "schema": { "type": "string" } }] })
        );
    }
}
