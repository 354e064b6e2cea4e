//! Rules for operations: what they share is written into each, and each has one answer.

use serde_json::{Value, json};

use super::merge::{Both, merge_properties};
use crate::error::Fault;
use crate::spec::{list, operations_mut, resolve, token};

/// Nobody calls a client; a `$ref` inside a callback does not parse, and webhooks are under `x-webhooks`. What a
/// vendor adds to paths and responses is neither.
pub(super) fn drop_what_is_for_others(spec: &mut Value) {
    let is_known = |name: &String, _: &mut Value| !name.starts_with("x-");
    spec["paths"].as_object_mut().into_iter().for_each(|paths| paths.retain(is_known));
    for (_, _, operation) in operations_mut(spec) {
        if let Some(operation) = operation.as_object_mut() {
            operation.shift_remove("callbacks");
            let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
            responses.into_iter().for_each(|responses| responses.retain(is_known));
        }
    }
}

/// Parameters, bodies and answers that operations share by `$ref`, and parameters of a whole path.
pub(super) fn write_shared_parts_in_place(spec: &mut Value) {
    let source = spec.clone();
    let place = |node: &mut Value| {
        if node.get("$ref").is_some()
            && let Some(target) = resolve(&source, node)
        {
            *node = target.clone();
        }
    };
    for (path, _, operation) in operations_mut(spec) {
        let mut parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        parameters.iter_mut().for_each(place);
        for shared in list(&source["paths"][path], "parameters") {
            let mut shared = shared.clone();
            place(&mut shared);
            if !parameters.iter().any(|own| own["name"] == shared["name"] && own["in"] == shared["in"]) {
                parameters.push(shared);
            }
        }
        operation["parameters"] = Value::Array(parameters);
        operation.get_mut("requestBody").into_iter().for_each(place);
        let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
        responses.into_iter().flat_map(|r| r.values_mut()).for_each(place);
    }
}

/// A body of JSON that the document does not describe is any JSON.
pub(super) fn describe_free_bodies(spec: &mut Value) {
    for (_, _, operation) in operations_mut(spec) {
        let content = operation.pointer_mut("/requestBody/content").and_then(Value::as_object_mut);
        for (media, entry) in content.into_iter().flatten() {
            if is_media(media, "application/json") && entry.get("schema").is_none() {
                entry["schema"] = json!({});
            }
        }
    }
}

/// Where an answer's schema stands in its operation, if it is one of JSON.
pub(crate) fn json_of(content: &Value) -> Option<(String, &Value)> {
    let (media, entry) =
        content.as_object()?.iter().find(|(media, _)| is_media(media, "application/json"))?;
    Some((format!("{}/schema", token(media)), entry.get("schema")?))
}

/// Whether a media type is `wanted`, whatever its parameters.
pub(crate) fn is_media(media: &str, wanted: &str) -> bool {
    media.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(wanted)
}

/// The success statuses of an operation that have a JSON body, lowest first, with the pointer of the schema
/// inside the operation.
pub(crate) fn json_successes(operation: &Value) -> Vec<(String, &Value)> {
    let responses = operation["responses"].as_object().into_iter().flatten();
    let mut found: Vec<_> = responses
        .filter(|(status, _)| status.starts_with('2'))
        .filter_map(|(status, response)| {
            let (at, schema) = json_of(&response["content"])?;
            Some((format!("responses/{}/content/{at}", token(status)), schema))
        })
        .collect();
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

/// An operation that answers with several bodies answers with one that has the members of all: which one
/// came is told by what is in it, not by a status that a proxy may change.
pub(super) fn answer_in_one(spec: &mut Value, lost: &mut Vec<Fault>) {
    let source = spec.clone();
    for (path, method, operation) in operations_mut(spec) {
        let successes = json_successes(operation);
        let Some((first_at, first)) = successes.first() else { continue };
        if successes.iter().all(|(_, schema)| schema == first) {
            continue;
        }
        let at = format!("/paths/{}/{method}/{first_at}", token(path));
        let objects: Option<Vec<&Value>> = successes
            .iter()
            .map(|(_, schema)| resolve(&source, schema).filter(|schema| schema["properties"].is_object()))
            .collect();
        let whole = match objects {
            Some(objects) => {
                let mut whole = json!({ "type": "object", "properties": {} });
                if let Some(description) = objects[0].get("description") {
                    whole["description"] = description.clone();
                }
                objects.iter().for_each(|object| merge_properties(&mut whole, object, Both::May, &at, lost));
                whole
            }
            None => {
                lost.push(Fault::new(&at, "the success bodies are not all objects: free JSON"));
                json!({})
            }
        };
        let pointer = format!("/{first_at}");
        if let Some(schema) = operation.pointer_mut(&pointer) {
            *schema = whole;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post(operation: Value) -> Value {
        json!({ "paths": { "/a": { "post": operation } } })
    }

    #[test]
    fn a_callback_with_a_reference_does_no_harm() {
        let mut spec = post(json!({ "callbacks": { "paid": { "$ref": "#/nowhere" } } }));
        drop_what_is_for_others(&mut spec);
        assert_eq!(spec, post(json!({})));
    }

    #[test]
    fn shared_parameters_reach_the_operation() {
        let mut spec = json!({
            "paths": { "/a/{id}": {
                "parameters": [{ "name": "id", "in": "path" }, { "name": "limit", "in": "query" }],
                "get": { "parameters": [{ "$ref": "#/components/parameters/Limit" }],
                         "responses": { "200": { "$ref": "#/components/responses/Done" } } } } },
            "components": {
                "parameters": { "Limit": { "name": "limit", "in": "query", "description": "mine" } },
                "responses": { "Done": { "description": "Done." } } } });
        write_shared_parts_in_place(&mut spec);
        let operation = &spec["paths"]["/a/{id}"]["get"];
        assert_eq!(
            operation["parameters"],
            json!([{ "name": "limit", "in": "query", "description": "mine" }, { "name": "id", "in": "path" }])
        );
        assert_eq!(operation["responses"]["200"]["description"], "Done.");
    }

    #[test]
    fn several_success_bodies_are_one_with_all_members() {
        let body = |properties: Value| {
            json!({ "content": { "application/json; charset=utf-8": { "schema": {
                "type": "object", "properties": properties } } } })
        };
        let mut spec = post(json!({ "responses": {
            "201": body(json!({ "a": { "type": "string" }, "b": { "type": "string" } })),
            "200": body(json!({ "a": { "type": "integer" } })),
            "204": {} } }));
        let mut lost = Vec::new();
        answer_in_one(&mut spec, &mut lost);
        let (at, schema) = json_successes(&spec["paths"]["/a"]["post"]).remove(0);
        assert_eq!(at, "responses/200/content/application~1json; charset=utf-8/schema");
        assert_eq!(schema["properties"], json!({ "a": {}, "b": { "type": "string" } }));
        assert_eq!(lost.len(), 1, "`a` is two things: {lost:?}");
    }
}
