//! A specification as a JSON value, and the few ways in which every rule looks at it.

use std::path::Path;

use serde_json::{Map, Value};

use crate::error::{Fault, SpecError};

/// The HTTP methods that an OpenAPI path item may hold.
pub const METHODS: [&str; 5] = ["get", "put", "post", "delete", "patch"];

/// Reads a specification, YAML or JSON.
///
/// # Errors
/// Where the file cannot be read, is neither YAML nor JSON, or is no OpenAPI 3.0 document.
pub fn load(file: &Path) -> Result<Value, SpecError> {
    let refuse = |reason: String| Fault::new("", reason).in_file(file);
    let text = std::fs::read_to_string(file).map_err(|e| refuse(e.to_string()))?;
    parse(&text).map_err(|fault| fault.in_file(file))
}

/// Parses a specification; JSON is YAML, so one parser reads both.
///
/// # Errors
/// Where the text is neither, or is no OpenAPI 3.0 document.
pub fn parse(text: &str) -> Result<Value, Fault> {
    let spec = yaml_serde::from_str(text).map_err(|e| Fault::new("", e.to_string()))?;
    expect_openapi(&spec)?;
    Ok(spec)
}

/// Refuses what is no OpenAPI 3.0 document.
///
/// # Errors
/// Where the version or the paths are missing.
pub fn expect_openapi(spec: &Value) -> Result<(), Fault> {
    match spec.get("openapi").and_then(Value::as_str) {
        Some(version) if version.starts_with("3.0") => {}
        Some(version) => return Err(Fault::new("/openapi", format!("expected 3.0.x, found {version}"))),
        None => return Err(Fault::new("/openapi", "expected an OpenAPI 3.0 document, found no version")),
    }
    if !spec.get("paths").is_some_and(Value::is_object) {
        return Err(Fault::new("/paths", "expected an object of paths"));
    }
    for part in ["/components", "/components/schemas"] {
        if spec.pointer(part).is_some_and(|part| !part.is_object()) {
            return Err(Fault::new(part, "expected an object"));
        }
    }
    Ok(())
}

/// One reference token of a JSON pointer, escaped.
pub fn token(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// The name that a `$ref` to a component schema ends in.
pub fn reference(schema: &Value) -> Option<&str> {
    schema.get("$ref").and_then(Value::as_str).and_then(|r| r.strip_prefix("#/components/schemas/"))
}

/// A `$ref` to the component schema `name`.
pub fn refer_to(name: &str) -> Value {
    serde_json::json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// The component schemas.
pub fn schemas(spec: &Value) -> Option<&Map<String, Value>> {
    spec.pointer("/components/schemas").and_then(Value::as_object)
}

/// The component schemas, made if there are none.
pub fn schemas_mut(spec: &mut Value) -> &mut Map<String, Value> {
    let object = |value: &mut Value| {
        if !value.is_object() {
            *value = Value::Object(Map::new());
        }
    };
    object(&mut spec["components"]);
    object(&mut spec["components"]["schemas"]);
    match &mut spec["components"]["schemas"] {
        Value::Object(map) => map,
        _ => unreachable!("made an object above"),
    }
}

/// Every operation with its path, method and JSON pointer, in the order of the document.
pub fn operations(spec: &Value) -> impl Iterator<Item = (&str, &'static str, String, &Value)> {
    spec["paths"].as_object().into_iter().flatten().flat_map(|(path, item)| {
        METHODS.into_iter().filter_map(move |method| {
            let operation = item.get(method)?;
            Some((path.as_str(), method, format!("/paths/{}/{method}", token(path)), operation))
        })
    })
}

/// Every operation, to change.
pub fn operations_mut(spec: &mut Value) -> impl Iterator<Item = (&str, &'static str, &mut Value)> {
    let paths = spec.get_mut("paths").and_then(Value::as_object_mut);
    paths.into_iter().flatten().flat_map(|(path, item)| {
        item.as_object_mut().into_iter().flatten().filter_map(move |(key, operation)| {
            let method = METHODS.into_iter().find(|m| m == key)?;
            Some((path.as_str(), method, operation))
        })
    })
}

/// Calls `visit` with every schema of the document and its JSON pointer, outer before inner.
pub fn each_schema(spec: &mut Value, visit: &mut dyn FnMut(&mut Value, &str)) {
    if let Some(Value::Object(schemas)) = spec.pointer_mut("/components/schemas") {
        for (name, schema) in schemas {
            walk(schema, &format!("/components/schemas/{}", token(name)), visit);
        }
    }
    for (path, method, operation) in operations_mut(spec) {
        let at = format!("/paths/{}/{method}", token(path));
        let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
        for (i, parameter) in parameters.into_iter().flatten().enumerate() {
            if let Some(schema) = parameter.get_mut("schema") {
                walk(schema, &format!("{at}/parameters/{i}/schema"), visit);
            }
        }
        each_media_schema(operation.get_mut("requestBody"), &format!("{at}/requestBody"), visit);
        let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
        for (status, response) in responses.into_iter().flatten() {
            each_media_schema(Some(response), &format!("{at}/responses/{}", token(status)), visit);
        }
    }
}

fn each_media_schema(body: Option<&mut Value>, at: &str, visit: &mut dyn FnMut(&mut Value, &str)) {
    let content = body.and_then(|b| b.get_mut("content")).and_then(Value::as_object_mut);
    for (media, entry) in content.into_iter().flatten() {
        if let Some(schema) = entry.get_mut("schema") {
            walk(schema, &format!("{at}/content/{}/schema", token(media)), visit);
        }
    }
}

fn walk(schema: &mut Value, at: &str, visit: &mut dyn FnMut(&mut Value, &str)) {
    visit(schema, at);
    let Value::Object(map) = schema else { return };
    for (key, value) in map {
        match (key.as_str(), value) {
            ("properties", Value::Object(properties)) => {
                for (name, property) in properties {
                    walk(property, &format!("{at}/properties/{}", token(name)), visit);
                }
            }
            ("items" | "additionalProperties" | "not", inner @ Value::Object(_)) => {
                walk(inner, &format!("{at}/{key}"), visit);
            }
            ("oneOf" | "anyOf" | "allOf", Value::Array(arms)) => {
                for (i, arm) in arms.iter_mut().enumerate() {
                    walk(arm, &format!("{at}/{key}/{i}"), visit);
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn yaml_and_json_are_read_alike() {
        let yaml = parse("openapi: 3.0.3\npaths: {}\ninfo: {version: 2025-01-01, flag: no}").unwrap();
        let json =
            parse(r#"{"openapi":"3.0.3","paths":{},"info":{"version":"2025-01-01","flag":"no"}}"#).unwrap();
        assert_eq!(yaml, json, "a date or `no` stays text, as YAML 1.2 says");
    }

    #[test]
    fn what_is_no_openapi_3_0_is_refused_with_its_place() {
        for (text, pointer) in [
            ("openapi: [", ""),
            ("just text", "/openapi"),
            ("swagger: '2.0'", "/openapi"),
            ("{openapi: 3.1.0, paths: {}}", "/openapi"),
            ("{openapi: 3.0.3}", "/paths"),
            ("{openapi: 3.0.3, paths: []}", "/paths"),
            ("{openapi: 3.0.3, paths: {}, components: {schemas: []}}", "/components/schemas"),
        ] {
            let fault = parse(text).unwrap_err();
            assert_eq!(fault.pointer, pointer, "{text}: {}", fault.reason);
        }
    }

    #[test]
    fn a_file_that_is_not_there_is_named() {
        let error = load(Path::new("/no/such/file.yaml")).unwrap_err();
        assert!(error.to_string().starts_with("/no/such/file.yaml: "), "{error}");
    }

    #[test]
    fn every_schema_is_visited_outer_before_inner() {
        let mut spec = json!({
            "paths": { "/a/{b}": { "parameters": [], "get": {
                "parameters": [{ "schema": {} }],
                "requestBody": { "content": { "application/json": { "schema": { "items": {} } } } },
                "responses": { "200": { "content": { "application/json": { "schema": {} } } } } } } },
            "components": { "schemas": { "A": {
                "properties": { "properties": { "oneOf": [{}, { "additionalProperties": {} }] } },
                "example": { "properties": { "none": {} } } } } } });
        let before = spec.clone();
        let mut seen = Vec::new();
        each_schema(&mut spec, &mut |_, at| seen.push(at.to_owned()));
        assert_eq!(spec, before, "looking changes nothing");
        let get = "/paths/~1a~1{b}/get";
        assert_eq!(
            seen,
            [
                "/components/schemas/A".to_owned(),
                "/components/schemas/A/properties/properties".to_owned(),
                "/components/schemas/A/properties/properties/oneOf/0".to_owned(),
                "/components/schemas/A/properties/properties/oneOf/1".to_owned(),
                "/components/schemas/A/properties/properties/oneOf/1/additionalProperties".to_owned(),
                format!("{get}/parameters/0/schema"),
                format!("{get}/requestBody/content/application~1json/schema"),
                format!("{get}/requestBody/content/application~1json/schema/items"),
                format!("{get}/responses/200/content/application~1json/schema"),
            ]
        );
        assert!(seen.iter().all(|at| spec.pointer(at).is_some()), "every pointer leads to its schema");
    }
}
