//! Rules for schemas: compositions become what they compose.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::merge::{Both, is_limit, merge_inner, merge_limits, merge_properties};
use crate::error::Fault;
use crate::places::{Places, each_schema};
use crate::spec::{component, list, reference, resolve, schemas, token};

/// Words about a schema that change nothing of what it takes.
const WORDS: [&str; 9] = [
    "default",
    "deprecated",
    "description",
    "example",
    "externalDocs",
    "nullable",
    "readOnly",
    "title",
    "writeOnly",
];

fn is_word(word: &str) -> bool {
    WORDS.contains(&word) || word == "xml" || word.starts_with("x-")
}

/// Whether a schema says nothing but words.
fn is_words(schema: &Value) -> bool {
    schema.as_object().is_some_and(|map| map.keys().all(|word| is_word(word)))
}

/// `allOf` with one part that says something only hangs words on it; with several it is one schema in pieces, each
/// of which is whole before it is written into another.
pub(super) fn merge_all_of(spec: &mut Value, lost: &mut Vec<Fault>) -> Result<(), Fault> {
    loop {
        let known = schemas(spec).cloned().unwrap_or_default();
        let open: Vec<String> = Places::of(spec)
            .schemas
            .into_iter()
            .filter(|(_, schema)| schema.get("allOf").is_some())
            .map(|(at, _)| at)
            .collect();
        if open.is_empty() {
            return Ok(());
        }
        let unfinished: BTreeSet<&str> = open.iter().filter_map(|at| component_of(at)).collect();
        let mut merged = false;
        for at in open.iter().rev() {
            let Some(schema) = spec.pointer_mut(at) else { continue };
            let parts: Vec<&Value> = list(schema, "allOf").collect();
            let whole = |part: &Value| extended(part, &known).and_then(|name| known.get(name)).cloned();
            let speaks: Vec<&&Value> = parts.iter().filter(|part| !is_words(part)).collect();
            if let [part] = speaks[..]
                && adds_nothing(schema, whole(part).as_ref().unwrap_or(part))
            {
                let mut one = (*part).clone();
                let around = || std::iter::once(&*schema).chain(parts.iter().copied());
                if let Some(text) = around().filter_map(|s| s.get("description")).next() {
                    one["description"] = text.clone();
                }
                // Of its place, not of what stands there: that may be a component.
                for flag in ["deprecated", "readOnly"] {
                    if around().any(|s| s[flag] == true) {
                        one[flag] = json!(true);
                    }
                }
                *schema = one;
                merged = true;
                continue;
            }
            let waits = |part: &&Value| match extended(part, &known) {
                Some(name) => unfinished.contains(token(name).as_str()),
                None => part.get("allOf").is_some(),
            };
            if parts.iter().any(waits) {
                continue;
            }
            let parts: Vec<Value> =
                parts.iter().map(|part| whole(part).unwrap_or_else(|| (*part).clone())).collect();
            *schema = in_one(schema, &parts, at, lost)?;
            merged = true;
        }
        if !merged {
            return Err(endless(spec, &known, &open));
        }
    }
}

/// The component that a pointer leads into, as it stands in the pointer.
fn component_of(at: &str) -> Option<&str> {
    at.strip_prefix("/components/schemas/").and_then(|rest| rest.split('/').next())
}

/// The component that a part of an `allOf` is in the end.
fn extended<'a>(part: &'a Value, known: &'a Map<String, Value>) -> Option<&'a str> {
    let mut name = reference(part)?;
    // A circle of references was refused before.
    for _ in 0..32 {
        match known.get(name).and_then(reference) {
            Some(further) => name = further,
            None => break,
        }
    }
    Some(name)
}

/// What is wrong where each of the open places waits for another: from one to the next, until one comes again.
fn endless(spec: &Value, known: &Map<String, Value>, open: &[String]) -> Fault {
    let awaited = |at: &str| {
        let parts = spec.pointer(at).into_iter().flat_map(|schema| list(schema, "allOf"));
        let mut names = parts.filter_map(|part| extended(part, known));
        names.find_map(|name| {
            Some((name, open.iter().find(|at| component_of(at) == Some(token(name).as_str()))?))
        })
    };
    let mut passed: Vec<&String> = Vec::new();
    let mut at = &open[0];
    while let Some((name, next)) = awaited(at) {
        if passed.contains(&at) {
            return Fault::new(at, format!("extends `{name}`, which it is a part of: it has no end"));
        }
        passed.push(at);
        at = next;
    }
    Fault::new(at, "an allOf that extends itself")
}

/// Whether what stands beside an `allOf` changes nothing about its one part: words, or its type again.
fn adds_nothing(beside: &Value, part: &Value) -> bool {
    beside.as_object().into_iter().flatten().all(|(word, value)| match word.as_str() {
        "allOf" => true,
        "type" => part.get("type").unwrap_or(&json!("object")) == value,
        // A union has no members of its own that could be required.
        "required" => part.get("properties").is_none() && (part.get("oneOf").or(part.get("anyOf"))).is_some(),
        word => is_word(word),
    })
}

fn in_one(schema: &Value, parts: &[Value], at: &str, lost: &mut Vec<Fault>) -> Result<Value, Fault> {
    let mut whole = schema.clone();
    if let Some(map) = whole.as_object_mut() {
        map.shift_remove("allOf");
    }
    for part in parts {
        for (word, value) in part.as_object().into_iter().flatten() {
            match word.as_str() {
                "properties" => merge_properties(&mut whole, part, Both::Hold, at, lost),
                "items" | "additionalProperties" => merge_inner(&mut whole, part, word, Both::Hold, at, lost),
                // Whoever extends a choice that it is one of has been chosen.
                "oneOf" | "anyOf" if is_one_of(value, at) => {}
                "oneOf" | "anyOf"
                    if whole.get("oneOf").or(whole.get("anyOf")).is_some_and(|have| have != value) =>
                {
                    return Err(Fault::new(at, "an allOf of several unions"));
                }
                word if is_limit(word) => {}
                _ => {
                    if whole.get(word).is_none() {
                        whole[word] = value.clone();
                    }
                }
            }
        }
        merge_limits(&mut whole, part, Both::Hold, at, lost);
    }
    Ok(whole)
}

/// Whether the schema at a pointer is one of these arms.
fn is_one_of(arms: &Value, at: &str) -> bool {
    arms.as_array().into_iter().flatten().filter_map(reference).any(|name| component(name) == at)
}

/// A union as OpenAPI writes it.
fn arms(schema: &Value) -> Option<&Vec<Value>> {
    schema.get("oneOf").or(schema.get("anyOf")).and_then(Value::as_array)
}

/// A union of one arm that says something is composed of that arm and of whatever stands beside it.
pub(super) fn unwrap_unions(spec: &mut Value) {
    each_schema(spec, |schema, _| {
        let Some(arms) = arms(schema).filter(|_| schema.get("properties").is_none()).cloned() else { return };
        if arms.iter().filter(|arm| !is_words(arm)).count() != 1 {
            return;
        }
        let Some(map) = schema.as_object_mut() else { return };
        for word in ["oneOf", "anyOf", "discriminator"] {
            map.shift_remove(word);
        }
        let parts = list(schema, "allOf").cloned().chain(arms).collect();
        schema["allOf"] = Value::Array(parts);
    });
}

/// An object that also lists alternatives is the object: they say which of its members go together, or
/// add members of their own, and no body has to decide between them to be read. So is a choice of members of which
/// one at least has to be there: a body may have several, and a union told apart by key none but one.
pub(super) fn spread_arms_of_objects(spec: &mut Value, lost: &mut Vec<Fault>) {
    let source = spec.clone();
    each_schema(spec, |schema, at| {
        let has_members = schema.get("properties").and_then(Value::as_object).is_some_and(|p| !p.is_empty());
        let may_be_several = schema.get("oneOf").is_none() && keyed_arms(&source, schema, at).is_some();
        if !has_members && !may_be_several {
            return;
        }
        if !has_members {
            lost.push(Fault::new(at, "that one of its members has to be there is not checked"));
            schema["type"] = json!("object");
        }
        let mut found = Vec::new();
        source.pointer(at).into_iter().for_each(|schema| collect_arms(&source, schema, &mut found));
        if let Some(map) = schema.as_object_mut() {
            map.shift_remove("oneOf");
            map.shift_remove("anyOf");
        }
        for arm in found.into_iter().filter(|arm| arm["properties"].is_object()) {
            let mut properties = arm.clone();
            if let Some(have) = schema["properties"].as_object() {
                // What the object says of its own member stands.
                properties["properties"]
                    .as_object_mut()
                    .into_iter()
                    .for_each(|p| p.retain(|name, _| !have.contains_key(name)));
            }
            merge_properties(schema, &properties, Both::May, at, lost);
        }
    });
}

/// The arms of a union, those of unions in its arms included: each once, since they may be made of each other.
fn collect_arms<'a>(source: &'a Value, schema: &'a Value, found: &mut Vec<&'a Value>) {
    for arm in ["oneOf", "anyOf"].into_iter().flat_map(|union| list(schema, union)) {
        let Some(arm) = resolve(source, arm) else { continue };
        if !found.iter().any(|known| std::ptr::eq(*known, arm)) {
            found.push(arm);
            collect_arms(source, arm, found);
        }
    }
}

/// The one property of an object schema that has just one.
fn only_property(schema: &Value) -> Option<(&str, &Value)> {
    let mut properties = schema.get("properties").and_then(Value::as_object).map(Map::iter)?;
    let (key, property) = properties.next()?;
    properties.next().is_none().then_some((key, property))
}

/// An arm of a union that is told apart by key: the key, what it holds, and where that stands.
pub(crate) struct KeyedArm<'a> {
    pub(crate) key: &'a str,
    pub(crate) held: &'a Value,
    pub(crate) at: String,
    /// Another arm holds something else under the same key.
    pub(crate) shared: bool,
    /// The name of the arm, where it is a component.
    pub(crate) component: Option<&'a str>,
}

/// The arms of a union of objects with one property each, which is told apart by that key; none where an
/// arm has no key of its own.
pub(crate) fn keyed_arms<'a>(spec: &'a Value, union: &'a Value, at: &str) -> Option<Vec<KeyedArm<'a>>> {
    let word = if union.get("oneOf").is_some() { "oneOf" } else { "anyOf" };
    let mut keyed: Vec<KeyedArm<'a>> = Vec::new();
    for (i, arm) in arms(union)?.iter().enumerate() {
        let component_name = reference(arm);
        let at = component_name.map_or_else(|| format!("{at}/{word}/{i}"), component);
        let arm = resolve(spec, arm)?;
        let (key, held) = only_property(arm)?;
        match keyed.iter_mut().find(|other| other.key == key) {
            Some(other) => other.shared |= other.held != held,
            None => keyed.push(KeyedArm {
                key,
                held,
                at: format!("{at}/properties/{}", token(key)),
                shared: false,
                component: component_name,
            }),
        }
    }
    (!keyed.is_empty()).then_some(keyed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::refer_to as to;

    fn components(schemas: Value) -> Value {
        json!({ "components": { "schemas": schemas } })
    }

    fn merged(schemas: Value) -> Value {
        let mut spec = components(schemas);
        merge_all_of(&mut spec, &mut Vec::new()).expect("something to merge");
        spec["components"]["schemas"].take()
    }

    fn refused(schemas: Value) -> Fault {
        merge_all_of(&mut components(schemas), &mut Vec::new()).expect_err("nothing to merge")
    }

    #[test]
    fn words_beside_a_reference_need_no_type_of_their_own() {
        let schemas = merged(json!({
            "A": { "properties": {
                "b": { "description": "mine", "allOf": [to("B")] },
                "c": { "allOf": [to("B"), { "description": "theirs" }, { "nullable": true }] },
                "d": { "allOf": [to("B"), { "deprecated": true }], "readOnly": true } } },
            "B": { "type": "object" },
            "Tree": { "properties": { "parent": { "allOf": [to("Tree"), { "description": "up" }] } } } }));
        let described = |name: &str, text: &str| json!({ "$ref": to(name)["$ref"], "description": text });
        let flagged = json!({ "$ref": to("B")["$ref"], "readOnly": true, "deprecated": true });
        assert_eq!(
            schemas["A"]["properties"],
            json!({ "b": described("B", "mine"), "c": described("B", "theirs"), "d": flagged })
        );
        assert_eq!(schemas["Tree"]["properties"]["parent"], described("Tree", "up"));
    }

    #[test]
    fn an_object_in_pieces_becomes_one_at_any_depth() {
        let schemas = merged(json!({
            "C": { "allOf": [to("B"), { "properties": { "c": {} }, "required": ["c"] }] },
            "B": { "allOf": [to("A"), { "properties": { "b": {} }, "required": ["b"] }], "description": "theirs" },
            "A": { "type": "object", "properties": { "a": {} }, "required": ["a"] },
            "Text": { "allOf": [{ "type": "string" }, { "maxLength": 3 }] } }));
        assert_eq!(schemas["C"]["properties"], json!({ "a": {}, "b": {}, "c": {} }));
        assert_eq!(schemas["C"]["required"], json!(["a", "b", "c"]));
        assert_eq!(schemas["Text"], json!({ "type": "string", "maxLength": 3 }));
    }

    #[test]
    fn what_stands_beside_an_all_of_of_one_part_counts() {
        let schemas = merged(json!({
            "A": { "type": "object", "nullable": true, "required": ["b"], "allOf": [to("B")] },
            "Text": { "type": "string", "allOf": [{ "maxLength": 3 }] },
            "Either": { "oneOf": [{ "required": ["a"] }], "allOf": [{ "properties": { "a": {} } }] },
            "Alias": { "type": "object", "nullable": true, "title": "x", "example": {}, "x-any": 1, "allOf": [to("B")] },
            "Union": { "required": ["b"], "allOf": [{ "oneOf": [to("B"), to("A")] }] },
            "B": { "type": "object", "properties": { "b": {} }, "required": ["c"] } }));
        assert_eq!(schemas["A"]["required"], json!(["b", "c"]));
        assert_eq!(schemas["A"]["properties"], json!({ "b": {} }));
        assert_eq!(schemas["Text"], json!({ "type": "string", "maxLength": 3 }));
        assert_eq!(schemas["Union"], json!({ "oneOf": [to("B"), to("A")] }));
        assert_eq!(schemas["Either"], json!({ "oneOf": [{ "required": ["a"] }], "properties": { "a": {} } }));
        assert_eq!(schemas["Alias"], to("B"));
    }

    #[test]
    fn what_is_extended_in_two_places_is_no_circle() {
        let schemas = merged(json!({
            "Alias": { "allOf": [to("Common")] },
            "Y": { "allOf": [to("Alias"), { "properties": { "y": {} } }] },
            "Common": { "properties": { "id": {} } },
            "Base": { "properties": { "owner": { "allOf": [to("Common"), { "properties": { "n": {} } }] } } },
            "X": { "allOf": [to("Base"), to("Common"), { "properties": { "x": {} } }] } }));
        let owner = json!({ "properties": { "id": {}, "n": {} } });
        assert_eq!(schemas["X"]["properties"], json!({ "owner": owner, "id": {}, "x": {} }));
        assert_eq!(schemas["Y"], json!({ "properties": { "id": {}, "y": {} } }));
    }

    #[test]
    fn what_has_no_end_is_refused_with_its_place() {
        let more = json!({ "properties": { "x": {} } });
        for (schemas, at) in [
            (json!({ "A": { "allOf": [to("A"), more] } }), "/components/schemas/A"),
            (
                json!({ "A": { "properties": { "a": { "allOf": [to("A"), more] } } } }),
                "/components/schemas/A/properties/a",
            ),
            (
                json!({ "A": { "properties": { "b": { "allOf": [to("B"), more] } } },
                        "B": { "properties": { "a": { "allOf": [to("A"), more] } } } }),
                "/components/schemas/A/properties/b",
            ),
            (
                json!({ "A": { "allOf": [to("B"), more] }, "B": { "allOf": [to("A"), more] } }),
                "/components/schemas/A",
            ),
            (json!({ "A": { "allOf": [{ "oneOf": [{}] }, { "anyOf": [more] }] } }), "/components/schemas/A"),
        ] {
            assert_eq!(refused(schemas.clone()).pointer, at, "{schemas}");
        }
        for length in 1..40 {
            let of = |i: usize| {
                let next = to(&format!("A{}", (i + 1) % length));
                (format!("A{i}"), json!({ "properties": { "next": { "allOf": [next, more] } } }))
            };
            let fault = refused(Value::Object((0..length).map(of).collect()));
            assert!(fault.reason.ends_with("it has no end"), "{length}: {}", fault.reason);
        }
    }

    #[test]
    fn a_member_that_is_two_things_is_free_json() {
        let mut spec = components(json!({ "A": { "allOf": [
            { "properties": { "a": { "type": "string", "description": "one" }, "b": { "type": "string" } } },
            { "properties": { "a": { "type": "integer" }, "b": { "type": "string", "maxLength": 3 } } }] } }));
        let mut lost = Vec::new();
        merge_all_of(&mut spec, &mut lost).unwrap();
        assert_eq!(
            spec["components"]["schemas"]["A"]["properties"],
            json!({ "a": { "description": "one" }, "b": { "type": "string", "maxLength": 3 } })
        );
        assert_eq!(lost[0].pointer, "/components/schemas/A/properties/a");
    }

    #[test]
    fn the_stricter_limit_counts_where_all_have_to_hold() {
        let schemas = merged(json!({
            "Text": { "allOf": [
                { "type": "string", "maxLength": 50, "enum": ["a", "b"], "pattern": "a" },
                { "maxLength": 10, "minLength": 1, "enum": ["b", "c"], "readOnly": true }] },
            "Number": { "allOf": [
                { "type": "number", "minimum": 1, "maximum": 9, "exclusiveMaximum": true },
                { "minimum": 1, "exclusiveMinimum": true, "maximum": 10 }] },
            "Object": { "allOf": [
                { "properties": { "n": { "type": "array", "items": { "type": "string" } } } },
                { "properties": { "n": { "type": "array", "maxItems": 2, "items": { "type": "string", "maxLength": 3 } } } }] } }));
        assert_eq!(
            schemas["Text"],
            json!({ "type": "string", "maxLength": 10, "minLength": 1, "enum": ["b"], "pattern": "a", "readOnly": true })
        );
        assert_eq!(
            schemas["Number"],
            json!({ "type": "number", "minimum": 1, "exclusiveMinimum": true, "maximum": 9, "exclusiveMaximum": true })
        );
        assert_eq!(
            schemas["Object"]["properties"]["n"],
            json!({ "type": "array", "maxItems": 2, "items": { "type": "string", "maxLength": 3 } })
        );
    }

    #[test]
    fn a_union_of_one_is_that_one() {
        let mut spec = components(json!({
            "A": { "properties": {
                "b": { "oneOf": [{ "anyOf": [to("B")] }], "description": "mine" },
                "c": { "oneOf": [to("B"), { "nullable": true }] },
                "d": { "oneOf": [to("B")], "readOnly": true, "deprecated": true },
                "e": { "oneOf": [{ "type": "string" }], "maxLength": 3 } } },
            "B": { "type": "object" } }));
        unwrap_unions(&mut spec);
        merge_all_of(&mut spec, &mut Vec::new()).expect("something to merge");
        let properties = &spec["components"]["schemas"]["A"]["properties"];
        assert_eq!(properties["b"], json!({ "$ref": to("B")["$ref"], "description": "mine" }));
        assert_eq!(properties["c"], to("B"));
        let mut flagged = to("B");
        flagged["readOnly"] = json!(true);
        flagged["deprecated"] = json!(true);
        assert_eq!(properties["d"], flagged);
        assert_eq!(properties["e"], json!({ "type": "string", "maxLength": 3 }));
    }

    #[test]
    fn a_choice_of_one_member_at_least_has_them_all() {
        let arm = |key: &str| json!({ "required": [key], "properties": { key: { "type": "string" } } });
        let mut spec = components(json!({
            "Any": { "anyOf": [arm("email"), arm("phone")], "description": "How to reach them." },
            "One": { "oneOf": [arm("email"), arm("phone")] } }));
        let mut lost = Vec::new();
        spread_arms_of_objects(&mut spec, &mut lost);
        let schemas = &spec["components"]["schemas"];
        assert_eq!(
            schemas["Any"],
            json!({ "description": "How to reach them.", "type": "object",
                    "properties": { "email": { "type": "string" }, "phone": { "type": "string" } } })
        );
        assert!(schemas["One"].get("oneOf").is_some());
        assert_eq!(lost.len(), 1, "{lost:?}");
    }

    #[test]
    fn alternatives_beside_members_do_not_hide_the_members() {
        let mut spec = components(json!({ "Link": {
            "properties": { "link_id": {} },
            "anyOf": [
                { "required": ["link_id"] },
                { "properties": { "url": {}, "link_id": { "type": "integer" } },
                  "oneOf": [{ "properties": { "deep": {} } }] }] } }));
        spread_arms_of_objects(&mut spec, &mut Vec::new());
        assert_eq!(
            spec["components"]["schemas"]["Link"],
            json!({ "properties": { "link_id": {}, "url": {}, "deep": {} } })
        );
    }

    #[test]
    fn kinds_that_extend_what_lists_them_are_each_themselves() {
        let kinds: Vec<String> = (0..40).map(|i| format!("Kind{i}")).collect();
        let arms: Vec<Value> = kinds.iter().map(|kind| to(kind)).collect();
        let mut all = json!({ "Pet": { "properties": { "kind": {} }, "oneOf": arms, "required": ["kind"] } });
        for kind in &kinds {
            all[kind] = json!({ "allOf": [to("Pet"), { "properties": { kind: {} } }] });
        }
        let mut spec = components(all);
        merge_all_of(&mut spec, &mut Vec::new()).expect("something to merge");
        spread_arms_of_objects(&mut spec, &mut Vec::new());
        let schemas = &spec["components"]["schemas"];
        assert_eq!(
            schemas["Kind7"],
            json!({ "properties": { "kind": {}, "Kind7": {} }, "required": ["kind"] })
        );
        assert_eq!(schemas["Pet"]["properties"].as_object().map(Map::len), Some(41));
    }

    #[test]
    fn arms_that_are_made_of_each_other_are_spread_once() {
        let names: Vec<String> = (0..12).map(|i| format!("A{i}")).collect();
        let arms: Vec<Value> = names.iter().map(|name| to(name)).collect();
        let all: Map<String, Value> = names
            .iter()
            .map(|name| (name.clone(), json!({ "properties": { name: {} }, "anyOf": arms })))
            .collect();
        let mut spec = components(Value::Object(all));
        spread_arms_of_objects(&mut spec, &mut Vec::new());
        for name in &names {
            let schema = &spec["components"]["schemas"][name];
            assert_eq!(schema["properties"].as_object().map(Map::len), Some(12), "{name}");
        }
    }

    #[test]
    fn a_union_is_told_apart_by_the_keys_of_its_arms() {
        let spec = components(json!({ "Card": { "properties": { "card": to("CardDetails") } } }));
        let union = json!({ "oneOf": [
            to("Card"), { "properties": { "upi": { "type": "string" } } }, { "properties": { "upi": {} } }] });
        let arms = keyed_arms(&spec, &union, "/at").unwrap();
        let found: Vec<_> = arms.iter().map(|arm| (arm.key, arm.at.as_str(), arm.shared)).collect();
        assert_eq!(
            found,
            [
                ("card", "/components/schemas/Card/properties/card", false),
                ("upi", "/at/oneOf/1/properties/upi", true)
            ]
        );
        for arms in [
            json!([{ "properties": { "upi": {} } }, { "properties": { "number": {}, "cvv": {} } }]),
            json!([{ "type": "string" }, { "type": "number" }]),
            json!([]),
        ] {
            assert!(keyed_arms(&spec, &json!({ "oneOf": arms }), "").is_none());
        }
    }
}
