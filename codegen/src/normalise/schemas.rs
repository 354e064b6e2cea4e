//! Rules for schemas: every object and enumeration becomes a component with a Rust name, everything else
//! is written where it is used.

use std::collections::BTreeSet;

use heck::ToPascalCase;
use serde_json::{Map, Value, json};

use super::{each_union_arm, is_type, only_property};
use crate::error::Fault;
use crate::names;
use crate::spec::{
    each_schema, operations, operations_mut, refer_to, reference, schemas, schemas_mut, token,
};

/// `allOf` with one part only hangs a description on a `$ref`; with several it is one schema in pieces.
pub(super) fn merge_all_of(spec: &mut Value) -> Result<(), Fault> {
    let known = schemas(spec).cloned().unwrap_or_default();
    let mut fault = None;
    each_schema(spec, &mut |schema, at| {
        while let Some(parts) = schema.get("allOf").and_then(Value::as_array).cloned() {
            match all_of(schema, &parts, &known) {
                Ok(whole) => *schema = whole,
                Err(reason) => {
                    fault.get_or_insert(Fault::new(at, reason));
                    break;
                }
            }
        }
    });
    fault.map_or(Ok(()), Err)
}

fn all_of(schema: &Value, parts: &[Value], known: &Map<String, Value>) -> Result<Value, &'static str> {
    let mut whole = schema.clone();
    if let Some(map) = whole.as_object_mut() {
        map.shift_remove("allOf");
    }
    if let [part] = parts
        && adds_nothing(&whole, reference(part).and_then(|name| known.get(name)).unwrap_or(part))
    {
        let mut part = part.clone();
        if let Some(description) = schema.get("description") {
            part["description"] = description.clone();
        }
        return Ok(part);
    }
    for part in parts {
        let part = reference(part).and_then(|name| known.get(name)).unwrap_or(part);
        if ["allOf", "oneOf", "anyOf"].iter().any(|word| part.get(word).is_some()) {
            return Err("allOf of unions or of further allOf is not supported");
        }
        merge(&mut whole, part);
    }
    Ok(whole)
}

/// Whether what stands beside an `allOf` changes nothing about its one part: words about it, or its type again.
fn adds_nothing(beside: &Value, part: &Value) -> bool {
    const WORDS: [&str; 10] = [
        "default",
        "deprecated",
        "description",
        "example",
        "externalDocs",
        "nullable",
        "readOnly",
        "title",
        "writeOnly",
        "xml",
    ];
    beside.as_object().into_iter().flatten().all(|(word, value)| match word.as_str() {
        "type" => part.get("type").unwrap_or(&json!("object")) == value,
        // A union has no members of its own that could be required.
        "required" => part.get("properties").is_none() && (part.get("oneOf").or(part.get("anyOf"))).is_some(),
        word => WORDS.contains(&word) || word.starts_with("x-"),
    })
}

/// Adds what a schema says to another; members and required names are collected, of any other word the
/// first one stands.
fn merge(into: &mut Value, part: &Value) {
    let Some(into) = into.as_object_mut() else { return };
    for (word, value) in part.as_object().into_iter().flatten() {
        match (into.get_mut(word), value) {
            (Some(Value::Object(have)), Value::Object(more)) if word == "properties" => {
                have.extend(more.iter().map(|(name, property)| (name.clone(), property.clone())));
            }
            (Some(Value::Array(have)), Value::Array(more)) if word == "required" => {
                have.extend(more.iter().cloned());
            }
            (Some(_), _) => {}
            (None, _) => {
                into.insert(word.clone(), value.clone());
            }
        }
    }
}

/// A schema whose only property is `type`, holding an array, is that array: whoever wrote it put the
/// JSON Schema keyword among the properties.
pub(super) fn read_type_slip(spec: &mut Value) {
    each_schema(spec, &mut |schema, _| {
        if let Some(("type", slip)) = only_property(schema)
            && slip["type"] == "array"
        {
            let mut array = slip.clone();
            if let Some(description) = schema.get("description") {
                array["description"] = description.clone();
            }
            *schema = array;
        }
    });
}

/// An array that also lists properties is an array: they repeat those of its items.
pub(super) fn drop_properties_of_arrays(spec: &mut Value) {
    each_schema(spec, &mut |schema, _| {
        if let Some(map) = schema.as_object_mut()
            && map.get("type").is_some_and(|t| t == "array")
        {
            map.shift_remove("properties");
            map.shift_remove("required");
        }
    });
}

/// An enumeration of texts that forgets to say that it is text. One of anything else is no enumeration:
/// the integers it lists are read as integers.
pub(super) fn type_enumerations(spec: &mut Value) {
    each_schema(spec, &mut |schema, _| {
        let Some(map) = schema.as_object_mut() else { return };
        let Some(values) = map.get("enum").and_then(Value::as_array) else { return };
        if !map.contains_key("type") && values.iter().all(Value::is_string) {
            map.insert("type".into(), json!("string"));
        }
        if map.get("type").is_none_or(|t| t != "string") {
            map.shift_remove("enum");
        }
    });
}

/// Gives every inline object, enumeration and union a component name: the owner's and the member's.
///
/// typify names inline schemas by their `title`, and two alike become one type.
pub(super) fn hoist_inline_schemas(spec: &mut Value) {
    let mut components = std::mem::take(schemas_mut(spec));
    let taken = components.keys().map(|name| name.to_pascal_case()).collect();
    let mut hoist = Hoist { taken, made: Map::new() };
    for (name, schema) in &mut components {
        hoist.inside(schema, name);
    }
    for (_, _, operation) in operations_mut(spec) {
        let name = operation["operationId"].as_str().unwrap_or_default().to_pascal_case();
        for parameter in operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
            let owner = format!("{name}{}", parameter["name"].as_str().unwrap_or_default().to_pascal_case());
            if let Some(schema) = parameter.get_mut("schema") {
                hoist.schema(schema, &owner);
            }
        }
        if let Some(schema) = operation.pointer_mut("/requestBody/content/application~1json/schema") {
            hoist.schema(schema, &format!("{name}Request"));
        }
        let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
        for response in responses.into_iter().flat_map(|r| r.values_mut()) {
            if let Some(schema) = response.pointer_mut("/content/application~1json/schema") {
                hoist.schema(schema, &format!("{name}Response"));
            }
        }
    }
    components.extend(hoist.made);
    *schemas_mut(spec) = components;
}

struct Hoist {
    /// The names of the components, in the casing of types.
    taken: BTreeSet<String>,
    made: Map<String, Value>,
}

impl Hoist {
    fn schema(&mut self, schema: &mut Value, owner: &str) {
        self.inside(schema, owner);
        if is_type(schema) || schema.get("oneOf").is_some() || schema.get("anyOf").is_some() {
            let name = self.name(owner, schema);
            let description = schema.get("description").cloned();
            self.made.insert(name.clone(), std::mem::replace(schema, refer_to(&name)));
            if let Some(description) = description {
                schema["description"] = description;
            }
        }
    }

    /// The owner's name, with `Item` behind it as long as it stands for something else.
    fn name(&self, owner: &str, schema: &Value) -> String {
        let mut name = owner.to_owned();
        while self.taken.contains(&name.to_pascal_case())
            || self.made.get(&name).is_some_and(|other| other != schema)
        {
            name.push_str("Item");
        }
        name
    }

    fn inside(&mut self, schema: &mut Value, owner: &str) {
        let Value::Object(map) = schema else { return };
        for (word, inner) in map {
            match (word.as_str(), inner) {
                ("properties", Value::Object(properties)) => {
                    for (member, property) in properties {
                        self.schema(property, &format!("{owner}{}", member.to_pascal_case()));
                    }
                }
                ("items" | "additionalProperties", inner @ Value::Object(_)) => self.schema(inner, owner),
                ("oneOf" | "anyOf", Value::Array(arms)) => {
                    for (i, arm) in arms.iter_mut().enumerate() {
                        let member =
                            only_property(arm).map_or_else(|| i.to_string(), |(key, _)| key.to_pascal_case());
                        self.schema(arm, &format!("{owner}{member}"));
                    }
                }
                _ => {}
            }
        }
    }
}

/// A named array, map or text is written in place: a newtype around it would only be in the way.
pub(super) fn inline_aliases(spec: &mut Value) -> Result<(), Fault> {
    let components = std::mem::take(schemas_mut(spec));
    let (mut types, aliases): (Map<_, _>, Map<_, _>) =
        components.into_iter().partition(|(_, schema)| is_type(schema));
    for name in aliases.keys() {
        place(&mut refer_to(name), &aliases, &mut Vec::new())?;
    }
    for schema in types.values_mut() {
        place(schema, &aliases, &mut Vec::new())?;
    }
    *schemas_mut(spec) = types;
    for (_, _, operation) in operations_mut(spec) {
        place(operation, &aliases, &mut Vec::new())?;
    }
    Ok(())
}

fn place<'a>(
    node: &mut Value,
    aliases: &'a Map<String, Value>,
    inside: &mut Vec<&'a str>,
) -> Result<(), Fault> {
    if let Some((name, alias)) = reference(node).and_then(|name| aliases.get_key_value(name)) {
        if inside.contains(&name.as_str()) {
            let at = format!("/components/schemas/{}", token(name));
            return Err(Fault::new(at, "refers to itself without an object in between"));
        }
        let description = node.get("description").or(alias.get("description")).cloned();
        *node = alias.clone();
        inside.push(name);
        place(node, aliases, inside)?;
        inside.pop();
        if let Some(description) = description {
            node["description"] = description;
        }
        return Ok(());
    }
    match node {
        Value::Object(map) => map.values_mut().try_for_each(|inner| place(inner, aliases, inside)),
        Value::Array(list) => list.iter_mut().try_for_each(|inner| place(inner, aliases, inside)),
        _ => Ok(()),
    }
}

/// Component names in Rust's casing (`OfferUPI` → `OfferUpi`), as typify would make them.
pub(super) fn rust_schema_names(spec: &mut Value) -> Result<(), Fault> {
    let mut renamed = Map::new();
    let mut names = Map::new();
    for (name, schema) in std::mem::take(schemas_mut(spec)) {
        let at = format!("/components/schemas/{}", token(&name));
        let Some(rust) = names::type_name(&name) else {
            return Err(Fault::new(at, "no type can be called so: expected a Latin letter in the name"));
        };
        if renamed.contains_key(&rust) {
            return Err(Fault::new(at, format!("another schema is called `{rust}` in Rust too")));
        }
        names.insert(name, refer_to(&rust)["$ref"].take());
        renamed.insert(rust, schema);
    }
    *schemas_mut(spec) = renamed;
    let mut rename = |schema: &mut Value, _: &str| {
        if let Some(to) = reference(schema).and_then(|name| names.get(name)).cloned() {
            schema["$ref"] = to;
        }
    };
    each_schema(spec, &mut rename);
    each_union_arm(spec, &mut rename);
    for (_, schema) in spec.get_mut("x-webhooks").and_then(Value::as_object_mut).into_iter().flatten() {
        rename(schema, "");
    }
    Ok(())
}

/// Types that no operation and no webhook uses would only be compiled and documented for nothing.
pub(super) fn drop_unreachable(spec: &mut Value) {
    let mut roots = Vec::new();
    for (_, _, _, operation) in operations(spec) {
        collect_references(operation, &mut roots);
    }
    collect_references(&spec["x-webhooks"], &mut roots);
    let reached = reachable(spec, roots);
    schemas_mut(spec).retain(|name, _| reached.contains(name));
}

/// Every schema that can be reached from the given ones, themselves included.
pub fn reachable(spec: &Value, mut todo: Vec<String>) -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    while let Some(name) = todo.pop() {
        if reached.insert(name.clone())
            && let Some(schema) = schemas(spec).and_then(|s| s.get(&name))
        {
            collect_references(schema, &mut todo);
        }
    }
    reached
}

/// The names of all schemas that `value` refers to.
pub fn collect_references(value: &Value, names: &mut Vec<String>) {
    if let Some(name) = reference(value) {
        names.push(name.to_owned());
    }
    match value {
        Value::Object(map) => map.values().for_each(|v| collect_references(v, names)),
        Value::Array(list) => list.iter().for_each(|v| collect_references(v, names)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn components(schemas: Value) -> Value {
        json!({ "components": { "schemas": schemas } })
    }

    fn names(spec: &Value) -> Vec<&str> {
        schemas(spec).into_iter().flatten().map(|(name, _)| name.as_str()).collect()
    }

    fn to(name: &str) -> Value {
        refer_to(name)
    }

    #[test]
    fn a_description_on_a_reference_needs_no_all_of() {
        let mut spec = components(json!({
            "A": { "properties": { "b": { "description": "mine", "allOf": [{ "$ref": "#/components/schemas/B" }] } } },
            "B": { "type": "object" } }));
        merge_all_of(&mut spec).unwrap();
        assert_eq!(
            spec["components"]["schemas"]["A"]["properties"]["b"],
            json!({ "$ref": "#/components/schemas/B", "description": "mine" })
        );
    }

    #[test]
    fn an_object_in_pieces_becomes_one() {
        let mut spec = components(json!({
            "A": { "allOf": [to("B"), { "properties": { "c": {} }, "required": ["c"] }] },
            "B": { "type": "object", "properties": { "b": {} }, "required": ["b"], "description": "theirs" },
            "Text": { "allOf": [{ "type": "string" }, { "maxLength": 3 }] } }));
        merge_all_of(&mut spec).unwrap();
        let schemas = &spec["components"]["schemas"];
        assert_eq!(schemas["A"]["properties"], json!({ "b": {}, "c": {} }));
        assert_eq!(schemas["A"]["required"], json!(["b", "c"]));
        assert_eq!(schemas["Text"], json!({ "type": "string", "maxLength": 3 }));
    }

    #[test]
    fn what_stands_beside_an_all_of_of_one_part_counts() {
        let required = |part: &Value| {
            let mut spec = components(json!({
                "A": { "type": "object", "nullable": true, "required": ["b"], "allOf": [part] },
                "B": { "type": "object", "properties": { "b": {} }, "required": ["c"] } }));
            merge_all_of(&mut spec).unwrap();
            spec["components"]["schemas"]["A"].take()
        };
        for part in [to("B"), json!({ "properties": { "b": {} }, "required": ["c"] })] {
            assert_eq!(
                required(&part),
                json!({ "type": "object", "nullable": true, "required": ["b", "c"], "properties": { "b": {} } })
            );
        }
        let mut spec = components(json!({
            "Text": { "type": "string", "allOf": [{ "maxLength": 3 }] },
            "Limited": { "maxLength": 3, "allOf": [{ "type": "string" }] },
            "Either": { "oneOf": [{ "required": ["a"] }], "allOf": [{ "properties": { "a": {} } }] },
            "Alias": { "type": "object", "nullable": true, "title": "x", "example": {}, "x-any": 1, "allOf": [to("B")] },
            "Union": { "required": ["b"], "allOf": [{ "oneOf": [to("B"), to("A")] }] },
            "B": { "type": "object", "properties": { "b": {} } } }));
        merge_all_of(&mut spec).unwrap();
        let schemas = &spec["components"]["schemas"];
        assert_eq!(schemas["Text"], json!({ "type": "string", "maxLength": 3 }));
        assert_eq!(schemas["Union"], json!({ "oneOf": [to("B"), to("A")] }));
        assert_eq!(schemas["Limited"], json!({ "maxLength": 3, "type": "string" }));
        assert_eq!(schemas["Either"], json!({ "oneOf": [{ "required": ["a"] }], "properties": { "a": {} } }));
        assert_eq!(schemas["Alias"], to("B"));
    }

    #[test]
    fn pieces_that_are_no_objects_are_refused() {
        let mut spec = components(json!({ "A": { "allOf": [{ "oneOf": [] }, {}] } }));
        assert_eq!(merge_all_of(&mut spec).unwrap_err().pointer, "/components/schemas/A");
        let mut itself = components(json!({ "A": { "allOf": [to("A"), {}] } }));
        assert_eq!(merge_all_of(&mut itself).unwrap_err().pointer, "/components/schemas/A");
    }

    #[test]
    fn a_keyword_among_the_properties_is_read_as_one() {
        let mut spec = components(json!({
            "List": { "properties": { "type": { "type": "array", "items": {} } }, "description": "all" },
            "Typed": { "properties": { "type": { "type": "string" } } } }));
        read_type_slip(&mut spec);
        let schemas = &spec["components"]["schemas"];
        assert_eq!(schemas["List"], json!({ "type": "array", "items": {}, "description": "all" }));
        assert!(schemas["Typed"]["properties"].is_object());
    }

    #[test]
    fn an_array_has_no_properties() {
        let mut spec =
            components(json!({ "A": { "type": "array", "properties": { "a": {} }, "required": ["a"] } }));
        drop_properties_of_arrays(&mut spec);
        assert_eq!(spec["components"]["schemas"]["A"], json!({ "type": "array" }));
    }

    #[test]
    fn only_texts_are_enumerated() {
        let mut spec = components(json!({
            "Text": { "enum": ["a", ""] },
            "Integer": { "type": "integer", "enum": [1, 2] },
            "Mixed": { "enum": ["a", 1] } }));
        type_enumerations(&mut spec);
        let schemas = &spec["components"]["schemas"];
        assert_eq!(schemas["Text"], json!({ "type": "string", "enum": ["a", ""] }));
        assert_eq!(schemas["Integer"], json!({ "type": "integer" }));
        assert_eq!(schemas["Mixed"], json!({}));
    }

    #[test]
    fn inline_schemas_are_named_after_their_owner() {
        let mut spec = components(json!({ "Order": { "properties": {
            "meta": { "title": "Same", "properties": { "url": { "type": "string" } } },
            "items": { "type": "array", "items": { "title": "Same", "properties": { "id": { "type": "string" } } } },
            "status": { "type": "string", "enum": ["PAID"], "description": "how it stands" },
            "tags": { "type": "object" } } } }));
        hoist_inline_schemas(&mut spec);
        assert_eq!(names(&spec), ["Order", "OrderMeta", "OrderItems", "OrderStatus"]);
        let order = &spec["components"]["schemas"]["Order"]["properties"];
        assert_eq!(order["status"]["description"], "how it stands");
        assert_eq!(reference(&order["items"]["items"]), Some("OrderItems"));
        assert_eq!(order["tags"], json!({ "type": "object" }));
    }

    #[test]
    fn a_made_name_never_covers_one_that_is_there() {
        let inline = |member: &str| json!({ "properties": { member: {} } });
        let mut spec = components(json!({
            "Order": { "properties": { "meta": inline("a"), "Meta": inline("b") } },
            "order_meta": { "properties": { "c": {} } } }));
        hoist_inline_schemas(&mut spec);
        assert_eq!(names(&spec), ["Order", "order_meta", "OrderMetaItem", "OrderMetaItemItem"]);
        let order = &spec["components"]["schemas"]["Order"]["properties"];
        assert_eq!(reference(&order["meta"]), Some("OrderMetaItem"));
        assert_eq!(reference(&order["Meta"]), Some("OrderMetaItemItem"));
    }

    #[test]
    fn bodies_are_named_after_their_operation() {
        let body = |member: &str| json!({ "content": { "application/json": { "schema": { "properties": { member: {} } } } } });
        let mut spec = json!({ "paths": { "/a": { "post": { "operationId": "create_a",
            "requestBody": body("a"), "responses": { "2XX": body("b") } } } } });
        hoist_inline_schemas(&mut spec);
        assert_eq!(names(&spec), ["CreateARequest", "CreateAResponse"]);
    }

    #[test]
    fn a_deeply_nested_object_is_many_types() {
        let mut schema = json!({ "type": "string" });
        for _ in 0..60 {
            schema = json!({ "type": "object", "properties": { "a": schema } });
        }
        let mut spec = components(json!({ "Deep": schema }));
        hoist_inline_schemas(&mut spec);
        rust_schema_names(&mut spec).unwrap();
        assert_eq!(names(&spec).len(), 60);
    }

    #[test]
    fn a_named_list_or_text_is_written_in_place() {
        let mut spec = components(json!({
            "A": { "properties": { "tags": { "$ref": "#/components/schemas/Tags", "description": "mine" } } },
            "Tags": { "type": "array", "items": to("Tag"), "description": "theirs" },
            "Tag": { "type": "string" } }));
        inline_aliases(&mut spec).unwrap();
        assert_eq!(
            spec["components"]["schemas"],
            json!({ "A": { "properties": {
                "tags": { "type": "array", "items": { "type": "string" }, "description": "mine" } } } })
        );
    }

    #[test]
    fn a_circle_without_an_object_is_refused_with_its_place() {
        for schemas in [
            json!({ "A": to("B"), "B": to("A") }),
            json!({ "A": { "type": "array", "items": to("A") } }),
            json!({ "A": { "additionalProperties": to("B") }, "B": { "type": "array", "items": to("A") } }),
        ] {
            let fault = inline_aliases(&mut components(schemas)).unwrap_err();
            assert_eq!(
                fault,
                Fault::new("/components/schemas/A", "refers to itself without an object in between")
            );
        }
    }

    #[test]
    fn a_circle_through_an_object_is_a_recursive_type() {
        let mut spec = components(json!({
            "Tree": { "properties": { "children": to("Trees") } },
            "Trees": { "type": "array", "items": to("Tree") } }));
        inline_aliases(&mut spec).unwrap();
        assert_eq!(names(&spec), ["Tree"]);
    }

    #[test]
    fn schemas_have_rust_names_wherever_they_are_referred_to() {
        let mut spec = components(json!({
            "offerUPI": { "properties": { "amount": to("Amount") } },
            "Amount": { "properties": { "value": {} } } }));
        spec["x-webhooks"] = json!({ "OFFER": to("offerUPI") });
        rust_schema_names(&mut spec).unwrap();
        assert_eq!(names(&spec), ["OfferUpi", "AmountEntity"]);
        let amount = &spec["components"]["schemas"]["OfferUpi"]["properties"]["amount"];
        assert_eq!(reference(amount), Some("AmountEntity"));
        assert_eq!(reference(&spec["x-webhooks"]["OFFER"]), Some("OfferUpi"));
    }

    #[test]
    fn schemas_that_rust_would_call_the_same_are_refused() {
        let mut spec = components(json!({ "OrderMeta": {}, "order_meta": {} }));
        assert_eq!(
            rust_schema_names(&mut spec).unwrap_err(),
            Fault::new("/components/schemas/order_meta", "another schema is called `OrderMeta` in Rust too")
        );
        assert!(rust_schema_names(&mut components(json!({ "भुगतान": {} }))).is_err());
    }

    #[test]
    fn what_nobody_uses_goes() {
        let mut spec = components(json!({
            "Used": { "properties": { "inner": to("Inner") } }, "Inner": {}, "Event": {}, "Unused": to("Inner") }));
        spec["x-webhooks"] = json!({ "EVENT": to("Event") });
        spec["paths"] = json!({ "/a": { "get": { "responses": { "200": to("Used") } } } });
        drop_unreachable(&mut spec);
        assert_eq!(names(&spec), ["Used", "Inner", "Event"]);
    }
}
