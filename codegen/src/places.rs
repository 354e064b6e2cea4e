//! Where the schemas, references and examples of a document stand. One walk knows which members of an
//! OpenAPI document are schemas and which are free JSON, so that no rule mistakes a property that is named
//! `example` for an example, or an example that is named `schema` for a schema.

use serde_json::Value;

use crate::error::Fault;
use crate::spec::{METHODS, map, resolve, target_of, token};

/// What is found in a document, each with its JSON pointer, in the order of the document.
#[derive(Debug, Default)]
pub struct Places<'a> {
    /// Every schema, outer before inner.
    pub schemas: Vec<(String, &'a Value)>,
    /// Every `$ref`; the pointer is that of the object that holds it.
    pub references: Vec<(String, &'a str)>,
    /// Every example, with the schema it should fit.
    pub examples: Vec<Example<'a>>,
    /// Whatever stands where a schema or an operation belongs, and is no object.
    pub misplaced: Vec<Fault>,
}

/// One example and its schema.
#[derive(Debug)]
pub struct Example<'a> {
    /// Where the example stands.
    pub pointer: String,
    /// What it is an example of.
    pub schema: &'a Value,
    /// The example itself.
    pub value: &'a Value,
}

impl<'a> Places<'a> {
    /// Walks the whole document.
    pub fn of(spec: &'a Value) -> Self {
        let mut places = Self::default();
        for (path, item) in map(spec, "paths").filter(|(path, _)| !path.starts_with("x-")) {
            let at = format!("/paths/{}", token(path));
            places.expect_object(item, &at, "a path");
            for method in METHODS {
                item.get(method)
                    .into_iter()
                    .for_each(|o| places.expect_object(o, &format!("{at}/{method}"), "an operation"));
            }
        }
        places.part(spec, spec, "");
        places
    }

    /// A part of the document that is no schema.
    fn part(&mut self, spec: &'a Value, node: &'a Value, at: &str) {
        match node {
            Value::Array(parts) => {
                for (i, part) in parts.iter().enumerate() {
                    self.part(spec, part, &format!("{at}/{i}"));
                }
            }
            Value::Object(members) => {
                self.reference(node, at);
                if let Some(schema) = members.get("schema") {
                    self.examples_beside(spec, schema, node, at);
                }
                for (key, part) in members {
                    let inner = format!("{at}/{}", token(key));
                    match key.as_str() {
                        "schema" => self.schema(part, &inner),
                        "schemas" if at == "/components" => self.each_schema(part, &inner),
                        "x-webhooks" if at.is_empty() => self.each_schema(part, &inner),
                        "example" | "examples" => {}
                        extension if extension.starts_with("x-") && !at.ends_with("/headers") => {}
                        _ => self.part(spec, part, &inner),
                    }
                }
            }
            _ => {}
        }
    }

    fn examples_beside(&mut self, spec: &'a Value, schema: &'a Value, node: &'a Value, at: &str) {
        if let Some(value) = node.get("example") {
            self.examples.push(Example { pointer: format!("{at}/example"), schema, value });
        }
        for (name, example) in node.get("examples").and_then(Value::as_object).into_iter().flatten() {
            let pointer = format!("{at}/examples/{}", token(name));
            self.reference(example, &pointer);
            if let Some(value) = resolve(spec, example).and_then(|e| e.get("value")) {
                self.examples.push(Example { pointer, schema, value });
            }
        }
    }

    fn each_schema(&mut self, map: &'a Value, at: &str) {
        for (name, schema) in map.as_object().into_iter().flatten() {
            self.schema(schema, &format!("{at}/{}", token(name)));
        }
    }

    fn schema(&mut self, schema: &'a Value, at: &str) {
        self.expect_object(schema, at, "a schema");
        let Some(members) = schema.as_object() else { return };
        self.schemas.push((at.to_owned(), schema));
        self.reference(schema, at);
        if let Some(value) = schema.get("example") {
            self.examples.push(Example { pointer: format!("{at}/example"), schema, value });
        }
        for (key, inner) in members {
            match (key.as_str(), inner) {
                ("properties", Value::Object(_)) => self.each_schema(inner, &format!("{at}/properties")),
                ("items" | "additionalProperties" | "not", Value::Object(_)) => {
                    self.schema(inner, &format!("{at}/{key}"));
                }
                ("oneOf" | "anyOf" | "allOf", Value::Array(arms)) => {
                    for (i, arm) in arms.iter().enumerate() {
                        self.schema(arm, &format!("{at}/{key}/{i}"));
                    }
                }
                ("discriminator", Value::Object(discriminator)) => {
                    let mapping = discriminator.get("mapping").and_then(Value::as_object);
                    for (value, target) in mapping.into_iter().flatten() {
                        if let Some(target) = target.as_str().filter(|t| t.starts_with('#')) {
                            let pointer = format!("{at}/discriminator/mapping/{}", token(value));
                            self.references.push((pointer, target));
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn expect_object(&mut self, node: &Value, at: &str, what: &str) {
        if !node.is_object() {
            self.misplaced.push(Fault::new(at, format!("expected {what}, which is an object")));
        }
    }

    fn reference(&mut self, node: &'a Value, at: &str) {
        if let Some(target) = node.get("$ref").and_then(Value::as_str) {
            self.references.push((at.to_owned(), target));
        }
    }
}

/// Every `$ref` that points to nothing in the document, or to itself.
pub fn dangling(spec: &Value, places: &Places<'_>) -> Vec<Fault> {
    let fault = |(pointer, target): &(String, &str)| {
        let reason = match target_of(spec, target) {
            None => format!("{target} is not in the document"),
            Some(node) if resolve(spec, node).is_none() => {
                format!("{target} refers to nothing, or to itself")
            }
            Some(_) => return None,
        };
        Some(Fault::new(pointer, reason))
    };
    places.references.iter().filter_map(fault).collect()
}

/// Calls `change` with every schema and its pointer, inner before outer, so that no change moves another.
pub fn each_schema(spec: &mut Value, mut change: impl FnMut(&mut Value, &str)) {
    let pointers: Vec<String> = Places::of(spec).schemas.into_iter().map(|(at, _)| at).collect();
    for at in pointers.iter().rev() {
        if let Some(schema) = spec.pointer_mut(at) {
            change(schema, at);
        }
    }
}

/// The names between braces of a path: `/orders/{order_id}` has `order_id`.
pub fn path_names(path: &str) -> Vec<&str> {
    path.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

/// What a property holds, or its list is made of.
pub fn leaf<'a>(spec: &'a Value, property: &'a Value) -> &'a Value {
    let mut property = resolve(spec, property).unwrap_or(property);
    // Lists in lists, as deep as any real one: a list may be made of itself.
    for _ in 0..32 {
        match property.get("items") {
            Some(items) if property["type"] == "array" => property = resolve(spec, items).unwrap_or(items),
            _ => break,
        }
    }
    property
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn finds_schemas_and_examples_and_not_their_lookalikes() {
        let spec = json!({
            "paths": {"/a": {"get": {"responses": {"200": {
                "headers": {"x-left": {"schema": {"type": "integer"}, "example": 3}},
                "content": {"application/json": {
                    "schema": {"$ref": "#/components/schemas/A"},
                    "examples": {"one": {"value": {"schema": {"$ref": "not a reference"}}}}
                }}
            }}}}},
            "components": {"schemas": {"A": {"properties": {"example": {"type": "string", "example": "x"}}}}}
        });
        let places = Places::of(&spec);
        let schemas: Vec<_> = places.schemas.iter().map(|(p, _)| p.as_str()).collect();
        assert_eq!(
            schemas,
            [
                "/paths/~1a/get/responses/200/headers/x-left/schema",
                "/paths/~1a/get/responses/200/content/application~1json/schema",
                "/components/schemas/A",
                "/components/schemas/A/properties/example",
            ]
        );
        let examples: Vec<_> = places.examples.iter().map(|e| e.pointer.as_str()).collect();
        assert_eq!(
            examples,
            [
                "/paths/~1a/get/responses/200/headers/x-left/example",
                "/paths/~1a/get/responses/200/content/application~1json/examples/one",
                "/components/schemas/A/properties/example/example",
            ]
        );
        assert_eq!(places.references.len(), 1);
    }
}
