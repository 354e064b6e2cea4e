//! Faults of schemas: required names, enums, formats, nullability, examples and names.

use serde_json::{Value, json};

use super::{Repairs, remove};
use crate::document::fits::misfits;
use crate::document::lint::names_around;
use cashfree_codegen::places::Places;

/// The types and formats that documents of this API use, by the registry of OpenAPI or in Cashfree's own
/// spelling. Any other format tells a client nothing, and stops the generator.
const FORMATS: [(&str, &[&str]); 3] = [
    ("integer", &["int32", "int64"]),
    ("number", &["float", "double", "float64", "int32", "int64"]),
    (
        "string",
        &[
            "binary",
            "byte",
            "date",
            "date-time",
            "email",
            "password",
            "string",
            "uri",
            "uuid",
            "BANKR",
            "ISO8601",
            "int64",
        ],
    ),
];

/// Every schema's pointer with what `find` has to say about it.
fn found<T>(spec: &Value, find: impl Fn(&Value) -> Option<T>) -> Vec<(String, T)> {
    let schemas = Places::of(spec).schemas;
    schemas.into_iter().filter_map(|(pointer, schema)| Some((pointer, find(schema)?))).collect()
}

/// A list of types, as in later versions of OpenAPI: the one that is not `null`, and `nullable` for `null`.
pub(super) fn lists_of_types(spec: &mut Value, repairs: &mut Repairs) {
    for (pointer, types) in found(spec, |schema| schema["type"].as_array().cloned()) {
        let Some(schema) = spec.pointer_mut(&pointer) else { continue };
        let real: Vec<_> = types.iter().filter(|t| *t != "null").collect();
        if real.len() < types.len() {
            schema["nullable"] = json!(true);
        }
        if let [one] = real[..] {
            schema["type"] = one.clone();
            repairs.done(pointer, format!("a list of types: written as {one}"));
        } else {
            remove(spec, &format!("{pointer}/type"));
            repairs.guessed(pointer, "a list of types: any type taken");
        }
    }
}

/// `required: true` on a property, as in drafts of JSON Schema: moved to the list of the object.
pub(super) fn required_flags(spec: &mut Value, repairs: &mut Repairs) {
    for (pointer, required) in found(spec, |schema| schema["required"].as_bool()) {
        remove(spec, &format!("{pointer}/required"));
        if required
            && let Some((object, name)) = pointer.rsplit_once("/properties/")
            && !name.contains('/')
            && let Some(object) = spec.pointer_mut(object)
        {
            let name = json!(name.replace("~1", "/").replace("~0", "~"));
            match object.get_mut("required").and_then(Value::as_array_mut) {
                Some(list) if list.contains(&name) => {}
                Some(list) => list.push(name),
                None => object["required"] = json!([name]),
            }
        }
        repairs.guessed(pointer, format!("required: {required} on a property: moved to its object"));
    }
}

/// Required names that are no properties: with a trailing dot the dot is removed where the property exists;
/// any other is dropped, for it would become a member that nobody can give.
pub(super) fn required_names(spec: &mut Value, repairs: &mut Repairs) {
    let mut lists = Vec::new();
    let places = Places::of(spec);
    for (pointer, schema) in &places.schemas {
        let Some(required) = schema["required"].as_array() else { continue };
        let known = names_around(spec, &places, pointer);
        let mut kept: Vec<String> = Vec::new();
        for (i, name) in required.iter().enumerate() {
            let at = format!("{pointer}/required/{i}");
            let written = name.as_str().unwrap_or("");
            let trimmed = written.trim_end_matches('.');
            let Some(real) = [written, trimmed].into_iter().find(|name| known.contains(name)) else {
                repairs.guessed(at, format!("the required name {name} is no property: dropped"));
                continue;
            };
            if kept.iter().any(|k| k == real) {
                repairs.done(at, format!("the required name {name} is given twice: dropped"));
                continue;
            }
            if real != written {
                repairs.done(at, format!("the required name {name} ends in a dot: {real} taken"));
            }
            kept.push(real.to_owned());
        }
        if *required != kept {
            lists.push((pointer.clone(), kept));
        }
    }
    for (pointer, kept) in lists {
        if kept.is_empty() {
            remove(spec, &format!("{pointer}/required"));
        } else if let Some(schema) = spec.pointer_mut(&pointer) {
            schema["required"] = json!(kept);
        }
    }
}

/// An `enum` on an array, which would list whole arrays: moved to the items.
pub(super) fn enums_on_arrays(spec: &mut Value, repairs: &mut Repairs) {
    let lists_items = |schema: &Value| {
        let values = schema["enum"].as_array()?;
        (schema["type"] == "array" && values.iter().all(|v| !v.is_array())).then_some(())
    };
    for (pointer, ()) in found(spec, lists_items) {
        let Some(schema) = spec.pointer_mut(&pointer) else { continue };
        let values = schema["enum"].take();
        if !schema["items"].is_object() {
            schema["items"] = json!({"type": "string"});
        }
        if schema["items"].get("$ref").is_none() && schema["items"].get("enum").is_none() {
            schema["items"]["enum"] = values;
        }
        remove(spec, &format!("{pointer}/enum"));
        repairs.done(format!("{pointer}/enum"), "an enum on an array: moved to its items");
    }
}

/// Enum values that are given twice (the first stays), and numbers or booleans among the values of a string
/// (written as text); an enum of nothing is dropped.
pub(super) fn enum_values(spec: &mut Value, repairs: &mut Repairs) {
    for (pointer, values) in found(spec, |schema| schema["enum"].as_array().cloned()) {
        let Some(schema) = spec.pointer_mut(&pointer) else { continue };
        let is_text = schema["type"] == "string";
        let mut kept: Vec<Value> = Vec::new();
        for (i, value) in values.iter().enumerate() {
            let at = format!("{pointer}/enum/{i}");
            let value = match value {
                Value::Number(_) | Value::Bool(_) if is_text => {
                    repairs.done(&at, format!("the enum value {value} of a string: written as text"));
                    json!(value.to_string())
                }
                value => value.clone(),
            };
            if kept.contains(&value) {
                repairs.done(at, format!("the enum value {value} is given twice: the first one kept"));
            } else {
                kept.push(value);
            }
        }
        if kept.is_empty() {
            remove(spec, &format!("{pointer}/enum"));
            repairs.guessed(pointer, "an enum without values: dropped");
        } else if kept != values {
            schema["enum"] = json!(kept);
        }
    }
}

/// `nullable` without a `type`: the type is what the other members say. Beside a union or an `allOf` it says
/// nothing by the rules of OpenAPI, and is dropped; a schema that says nothing else takes any value, `null`
/// included, and stays as it is.
pub(super) fn nullable_without_type(spec: &mut Value, repairs: &mut Repairs) {
    let typeless = |schema: &Value| {
        let bare = schema.get("nullable").is_some() && schema.get("type").is_none();
        if !bare || schema.get("$ref").is_some() {
            return None;
        }
        let values = schema["enum"].as_array();
        let all = |is: fn(&Value) -> bool| values.is_some_and(|v| v.iter().all(|v| v.is_null() || is(v)));
        if schema.get("properties").is_some() || schema.get("additionalProperties").is_some() {
            Some(Some("object"))
        } else if schema.get("items").is_some() {
            Some(Some("array"))
        } else if all(Value::is_string)
            || ["pattern", "minLength", "maxLength"].iter().any(|k| schema.get(k).is_some())
        {
            Some(Some("string"))
        } else if all(Value::is_i64) {
            Some(Some("integer"))
        } else if all(Value::is_number) || ["minimum", "maximum"].iter().any(|k| schema.get(k).is_some()) {
            Some(Some("number"))
        } else if all(Value::is_boolean) {
            Some(Some("boolean"))
        } else if let Some(format) = schema["format"].as_str() {
            let known = FORMATS.iter().find(|(_, formats)| formats.contains(&format));
            Some(Some(known.map_or("string", |(kind, _)| kind)))
        } else if ["allOf", "oneOf", "anyOf"].iter().any(|union| schema.get(union).is_some()) {
            Some(None)
        } else {
            None
        }
    };
    for (pointer, kind) in found(spec, typeless) {
        match kind {
            Some(kind) => {
                spec.pointer_mut(&pointer).into_iter().for_each(|schema| schema["type"] = json!(kind));
                repairs.guessed(pointer, format!("nullable without a type: taken to be {kind}"));
            }
            None => {
                remove(spec, &format!("{pointer}/nullable"));
                repairs.done(pointer, "nullable beside a union, where it says nothing: dropped");
            }
        }
    }
}

/// Formats that nobody has defined, or not for this type.
pub(super) fn unknown_formats(spec: &mut Value, repairs: &mut Repairs) {
    let unknown = |schema: &Value| {
        let format = schema.get("format")?;
        let kind = schema["type"].as_str().unwrap_or("");
        let known = FORMATS.iter().any(|(k, formats)| *k == kind && formats.iter().any(|f| format == *f));
        (!known).then(|| {
            format!("the format {format} of {} is unknown", if kind.is_empty() { "any type" } else { kind })
        })
    };
    for (pointer, fault) in found(spec, unknown) {
        let pointer = format!("{pointer}/format");
        remove(spec, &pointer);
        repairs.done(pointer, format!("{fault}: dropped"));
    }
}

/// Examples that do not fit their schema: they would mislead whoever copies them.
pub(super) fn examples(spec: &mut Value, repairs: &mut Repairs) {
    let mut found = Vec::new();
    for example in Places::of(spec).examples {
        let misfits = misfits(spec, example.schema, example.value);
        if let Some(first) = misfits.first() {
            let at = if first.pointer.is_empty() { String::new() } else { format!("{}: ", first.pointer) };
            found
                .push((example.pointer, format!("the example does not fit ({at}{}): dropped", first.reason)));
        }
    }
    for (pointer, what) in found {
        remove(spec, &pointer);
        repairs.done(pointer, what);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{reported, with_schemas};
    use super::*;

    #[test]
    fn a_list_of_types_becomes_one() {
        let mut spec = with_schemas(json!({
            "A": {"type": ["string", "null"]},
            "B": {"type": ["string", "integer"]},
        }));
        assert_eq!(
            reported(&mut spec, lists_of_types),
            [
                "/components/schemas/A: a list of types: written as \"string\"",
                "?/components/schemas/B: a list of types: any type taken",
            ]
        );
        assert_eq!(
            spec["components"]["schemas"],
            json!({"A": {"type": "string", "nullable": true}, "B": {}})
        );
    }

    #[test]
    fn required_on_a_property_moves_to_its_object() {
        let mut spec = with_schemas(json!({"A": {"properties": {
            "b": {"type": "string", "required": true}, "c": {"required": false}
        }}}));
        assert_eq!(
            reported(&mut spec, required_flags),
            [
                "?/components/schemas/A/properties/b: required: true on a property: moved to its object",
                "?/components/schemas/A/properties/c: required: false on a property: moved to its object",
            ]
        );
        assert_eq!(spec["components"]["schemas"]["A"]["required"], json!(["b"]));
    }

    #[test]
    fn required_names_are_properties() {
        let mut spec = with_schemas(json!({
            "A": {"properties": {"b": {}, "c": {}}, "required": ["b.", "c", "c.", "d", "e."]},
            "B": {"type": "object", "required": ["x"]},
            "C": {"properties": {"b": {}}, "oneOf": [{"required": ["b"]}], "required": ["b"]},
            "Needed": {"required": ["y"]},
            "D": {"allOf": [{"$ref": "#/components/schemas/Needed"}, {"properties": {"y": {}}}]},
        }));
        assert_eq!(
            reported(&mut spec, required_names),
            [
                "/components/schemas/A/required/0: the required name \"b.\" ends in a dot: b taken",
                "/components/schemas/A/required/2: the required name \"c.\" is given twice: dropped",
                "?/components/schemas/A/required/3: the required name \"d\" is no property: dropped",
                "?/components/schemas/A/required/4: the required name \"e.\" is no property: dropped",
                "?/components/schemas/B/required/0: the required name \"x\" is no property: dropped",
            ]
        );
        assert_eq!(spec["components"]["schemas"]["A"]["required"], json!(["b", "c"]));
        assert_eq!(spec["components"]["schemas"]["B"], json!({"type": "object"}));
        assert_eq!(spec["components"]["schemas"]["Needed"], json!({"required": ["y"]}));
    }

    #[test]
    fn an_enum_on_an_array_moves_to_its_items() {
        let mut spec = with_schemas(json!({
            "A": {"type": "array", "enum": ["x"], "items": {"type": "string"}},
            "B": {"type": "array", "enum": ["y"]},
        }));
        assert_eq!(
            reported(&mut spec, enums_on_arrays),
            [
                "/components/schemas/A/enum: an enum on an array: moved to its items",
                "/components/schemas/B/enum: an enum on an array: moved to its items",
            ]
        );
        assert_eq!(
            spec["components"]["schemas"],
            json!({
                "A": {"type": "array", "items": {"type": "string", "enum": ["x"]}},
                "B": {"type": "array", "items": {"type": "string", "enum": ["y"]}},
            })
        );
    }

    #[test]
    fn enum_values_are_given_once_and_as_text() {
        let mut spec = with_schemas(json!({
            "A": {"type": "string", "enum": ["x", 1, "x"]}, "B": {"type": "string", "enum": []}
        }));
        assert_eq!(
            reported(&mut spec, enum_values),
            [
                "/components/schemas/A/enum/1: the enum value 1 of a string: written as text",
                "/components/schemas/A/enum/2: the enum value \"x\" is given twice: the first one kept",
                "?/components/schemas/B: an enum without values: dropped",
            ]
        );
        assert_eq!(spec["components"]["schemas"]["A"]["enum"], json!(["x", "1"]));
    }

    #[test]
    fn nullable_has_a_type() {
        let mut spec = with_schemas(json!({
            "A": {"nullable": true, "properties": {}},
            "B": {"nullable": true, "items": {}},
            "C": {"nullable": true, "enum": ["x", null]},
            "D": {"nullable": true, "allOf": [{"type": "string"}]},
            "E": {"nullable": true, "description": "Anything."},
        }));
        assert_eq!(
            reported(&mut spec, nullable_without_type),
            [
                "?/components/schemas/A: nullable without a type: taken to be object",
                "?/components/schemas/B: nullable without a type: taken to be array",
                "?/components/schemas/C: nullable without a type: taken to be string",
                "/components/schemas/D: nullable beside a union, where it says nothing: dropped",
            ]
        );
        assert_eq!(spec["components"]["schemas"]["D"], json!({"allOf": [{"type": "string"}]}));
        assert_eq!(spec["components"]["schemas"]["E"]["nullable"], true);
    }

    #[test]
    fn formats_nobody_knows_are_dropped() {
        let mut spec = with_schemas(json!({
            "A": {"type": "number", "format": "rupees"},
            "B": {"type": "string", "format": "ISO8601"},
            "C": {"format": "int64"},
        }));
        assert_eq!(
            reported(&mut spec, unknown_formats),
            [
                "/components/schemas/A/format: the format \"rupees\" of number is unknown: dropped",
                "/components/schemas/C/format: the format \"int64\" of any type is unknown: dropped",
            ]
        );
        assert_eq!(spec["components"]["schemas"]["B"]["format"], "ISO8601");
    }

    #[test]
    fn examples_that_do_not_fit_are_dropped() {
        let mut spec = with_schemas(json!({
            "A": {"type": "object", "properties": {"b": {"type": "string"}}, "example": {"b": 1}},
            "B": {"type": "string", "example": "fits"},
        }));
        spec["paths"] = json!({"/a": {"get": {"parameters": [
            {"name": "p", "in": "query", "schema": {"type": "integer"}, "examples": {"x": {"value": "one"}}}
        ]}}});
        assert_eq!(
            reported(&mut spec, examples),
            [
                "/paths/~1a/get/parameters/0/examples/x: the example does not fit (expected integer, found string): dropped",
                "/components/schemas/A/example: the example does not fit (/b: expected string, found number): dropped",
            ]
        );
        assert_eq!(spec["components"]["schemas"]["B"]["example"], "fits");
    }
}
