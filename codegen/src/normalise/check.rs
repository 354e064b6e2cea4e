//! What is refused before any rule runs, so that the rules need not fear it.

use serde_json::Value;

use crate::error::Fault;
use crate::places::{Places, dangling};
use crate::spec::{map, operations, reference, token};

/// Refuses a document in which something is of another kind than OpenAPI says: a list where an object
/// belongs would be read as an empty object, and its content lost.
pub(super) fn refuse_wrong_kinds(spec: &Value) -> Result<(), Fault> {
    let places = Places::of(spec);
    if let Some(fault) = places.misplaced.first() {
        return Err(fault.clone());
    }
    for (path, item) in map(spec, "paths") {
        if item.get("$ref").is_some() {
            return Err(Fault::new(format!("/paths/{}", token(path)), "a path by reference is not followed"));
        }
    }
    for (_, _, at, operation) in operations(spec) {
        expect(operation, &at, "parameters", Kind::Array)?;
        for (i, parameter) in operation["parameters"].as_array().into_iter().flatten().enumerate() {
            expect_object(parameter, &format!("{at}/parameters/{i}"))?;
        }
        expect(operation, &at, "requestBody", Kind::Object)?;
        expect_content(&operation["requestBody"], &format!("{at}/requestBody"))?;
        expect(operation, &at, "responses", Kind::Object)?;
        for (status, response) in operation["responses"].as_object().into_iter().flatten() {
            let at = format!("{at}/responses/{}", token(status));
            expect_object(response, &at)?;
            expect_content(response, &at)?;
        }
    }
    for (at, schema) in &places.schemas {
        expect(schema, at, "properties", Kind::Object)?;
        for word in ["required", "enum", "allOf", "oneOf", "anyOf"] {
            expect(schema, at, word, Kind::Array)?;
        }
        if let Some(declared) = schema.get("type").filter(|t| !t.as_str().is_some_and(|t| TYPES.contains(&t)))
        {
            return Err(Fault::new(format!("{at}/type"), format!("{declared} is no type of OpenAPI 3.0")));
        }
    }
    Ok(())
}

/// What `type` may be.
const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];

#[derive(Clone, Copy)]
enum Kind {
    Object,
    Array,
}

fn expect(owner: &Value, at: &str, word: &str, kind: Kind) -> Result<(), Fault> {
    let Some(value) = owner.get(word) else { return Ok(()) };
    let (fits, expected) = match kind {
        Kind::Object => (value.is_object(), "an object"),
        Kind::Array => (value.is_array(), "a list"),
    };
    if fits { Ok(()) } else { Err(Fault::new(format!("{at}/{word}"), format!("expected {expected}"))) }
}

fn expect_object(value: &Value, at: &str) -> Result<(), Fault> {
    if value.is_object() { Ok(()) } else { Err(Fault::new(at, "expected an object")) }
}

fn expect_content(body: &Value, at: &str) -> Result<(), Fault> {
    expect(body, at, "content", Kind::Object)?;
    for (media, entry) in body["content"].as_object().into_iter().flatten() {
        expect_object(entry, &format!("{at}/content/{}", token(media)))?;
    }
    Ok(())
}

/// Refuses a `$ref` that leads nowhere, and a schema that is borrowed from somewhere else than the
/// components: it has no name there.
pub(super) fn refuse_dangling_references(spec: &Value) -> Result<(), Fault> {
    let places = Places::of(spec);
    let mut faults = dangling(spec, &places);
    for (at, schema) in &places.schemas {
        let is_component = reference(schema).is_some_and(|name| !name.contains('/'));
        if let (Some(target), false) = (schema["$ref"].as_str(), is_component) {
            faults.push(Fault::new(at, format!("{target} is no component schema")));
        }
    }
    faults.into_iter().next().map_or(Ok(()), Err)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn refused(spec: Value) -> String {
        let fault = refuse_wrong_kinds(&spec).and_then(|()| refuse_dangling_references(&spec)).unwrap_err();
        format!("{}: {}", fault.pointer, fault.reason)
    }

    #[test]
    fn a_reference_to_nowhere_is_refused_with_its_place() {
        let to = |target: &str| {
            json!({ "components": { "schemas": { "A": {
                "properties": { "b": { "$ref": target } } } } } })
        };
        let at = "/components/schemas/A/properties/b";
        let nowhere = "#/components/schemas/B";
        assert_eq!(refused(to(nowhere)), format!("{at}: {nowhere} is not in the document"));
        assert_eq!(refused(to("common.yaml#/B")), format!("{at}: common.yaml#/B is not in the document"));
        assert_eq!(
            refused(to("#/components/schemas/A/properties/b")),
            format!("{at}: #/components/schemas/A/properties/b refers to nothing, or to itself")
        );
        assert_eq!(
            refused(json!({ "components": { "schemas": { "A": { "properties": {
                "b": { "type": "string" }, "c": { "$ref": "#/components/schemas/A/properties/b" } } } } } })),
            "/components/schemas/A/properties/c: #/components/schemas/A/properties/b is no component schema"
        );
    }

    #[test]
    fn what_is_of_another_kind_is_refused_with_its_place() {
        let post = |operation: Value| json!({ "paths": { "/a": { "post": operation } } });
        assert_eq!(
            refused(post(json!("later"))),
            "/paths/~1a/post: expected an operation, which is an object"
        );
        assert_eq!(
            refused(post(json!({ "parameters": ["order_id"] }))),
            "/paths/~1a/post/parameters/0: expected an object"
        );
        assert_eq!(
            refused(post(json!({ "responses": [] }))),
            "/paths/~1a/post/responses: expected an object"
        );
        assert_eq!(
            refused(post(json!({ "responses": { "200": { "content": { "text/plain": null } } } }))),
            "/paths/~1a/post/responses/200/content/text~1plain: expected an object"
        );
        assert_eq!(
            refused(json!({ "components": { "schemas": { "A": { "properties": ["b"] } } } })),
            "/components/schemas/A/properties: expected an object"
        );
    }
}
