//! Checks answers and events against `openapi/` with a validator that is not the sandbox's own.
//!
//! Tolerant where the published specifications are known to be wrong about the live API: anything may be null,
//! and a value may fit several arms of a union. Nothing else.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{LazyLock, Mutex};

use jsonschema::Validator;
use serde_json::{Map, Value, json};

/// The documents by version, made into JSON Schema.
static DOCUMENTS: LazyLock<HashMap<String, Value>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi");
    let read = |version: &str| {
        let text = std::fs::read_to_string(folder.join(format!("v{version}.yaml"))).expect("a document");
        let document: Value = yaml_serde::from_str(&text).expect("YAML");
        (version.to_owned(), relaxed(&document))
    };
    cashfree_sandbox::versions().map(read).collect()
});

/// Compiled once each: `2025-01-01 PGCreateOrder`, `2025-01-01 event DISPUTE_CREATED`.
static VALIDATORS: LazyLock<Mutex<HashMap<String, Option<Validator>>>> = LazyLock::new(Mutex::default);

/// What the specification gets wrong about what the live API sends, by member, as what is added to it.
const SLIPS: [(&str, &[&str]); 2] = [
    // The test environment answers these two besides.
    ("refund_status", &["FAILED", "ACTIVE"]),
    // Held for a look at it; only events declare it.
    ("payment_status", &["FLAGGED"]),
];

/// The document as JSON Schema.
fn relaxed(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let mut schema = Map::new();
            for (name, member) in object {
                match name.as_str() {
                    "oneOf" => drop(schema.insert("anyOf".to_owned(), relaxed(member))),
                    "example" | "examples" | "default" | "format" | "nullable" => {}
                    "properties" => drop(schema.insert(name.clone(), properties(member))),
                    _ => drop(schema.insert(name.clone(), relaxed(member))),
                }
            }
            // Some lists require names that are no members of the object they stand on.
            if let (Some(Value::Array(required)), Some(Value::Object(known))) =
                (object.get("required"), object.get("properties"))
            {
                let known =
                    required.iter().filter(|name| name.as_str().is_some_and(|one| known.contains_key(one)));
                schema.insert("required".to_owned(), known.cloned().collect());
            }
            Value::Object(schema)
        }
        Value::Array(list) => list.iter().map(relaxed).collect(),
        other => other.clone(),
    }
}

/// Any member may be null.
fn properties(members: &Value) -> Value {
    let relax = |(name, member): (&String, &Value)| {
        let mut member = relaxed(member);
        if let Some((_, more)) = SLIPS.iter().find(|(known, _)| known == name)
            && let Some(Value::Array(allowed)) = member.get_mut("enum")
        {
            allowed.extend(more.iter().map(|one| json!(one)));
        }
        (name.clone(), json!({ "anyOf": [member, { "type": "null" }] }))
    };
    members.as_object().into_iter().flatten().map(relax).collect()
}

/// An object whose only member is `type: {type: array}` was meant to be the array.
fn unslip(schema: &Value) -> Value {
    let inner = &schema["properties"]["type"]["anyOf"][0];
    if schema["properties"].as_object().is_some_and(|only| only.len() == 1) && inner["type"] == "array" {
        return inner.clone();
    }
    schema.clone()
}

/// Compiles the schema of `key`, if that has not been done.
fn compile(key: &str, version: &str, schema: impl Fn(&Value) -> Option<Value>) {
    let mut known = VALIDATORS.lock().expect("not poisoned");
    if !known.contains_key(key) {
        let document = &DOCUMENTS[version];
        let compiled = schema(document).map(|schema| {
            let root = json!({ "allOf": [schema], "components": document["components"] });
            jsonschema::validator_for(&root).expect(key)
        });
        known.insert(key.to_owned(), compiled);
    }
}

fn check(key: &str, body: &Value) -> Result<(), String> {
    let known = VALIDATORS.lock().expect("not poisoned");
    let Some(Some(validator)) = known.get(key) else { return Err(format!("{key} is not declared")) };
    let faults: Vec<String> =
        validator.iter_errors(body).map(|error| format!("{}: {error}", error.instance_path())).collect();
    if faults.is_empty() { Ok(()) } else { Err(format!("{key}: {} in {body}", faults.join("; "))) }
}

/// What is wrong with the answer to a successful call.
pub(crate) fn answer(version: &str, operation: &str, body: &Value) -> Result<(), String> {
    let key = format!("{version} {operation}");
    compile(&key, version, |document| {
        let of_operation = |item: &Value| {
            let methods = item.as_object().into_iter().flatten();
            methods.map(|(_, one)| one.clone()).find(|one| one["operationId"] == operation)
        };
        let paths = document["paths"].as_object().expect("paths");
        let definition = paths.values().find_map(of_operation)?;
        let responses = definition["responses"].as_object()?;
        let (_, success) = responses.iter().find(|(status, _)| status.starts_with('2'))?;
        let success = resolve(document, success);
        let schema = success["content"].as_object()?.values().next()?["schema"].clone();
        let schema = unslip(&resolve(document, &schema));
        // Two versions declare a single settlement where the third declares a page, and all answer a page.
        if operation == "PGFetchSettlements" && schema["properties"]["cursor"].is_null() {
            return Some(json!({ "properties": { "data": { "type": "array", "items": schema } } }));
        }
        // A whole number is declared, and paise are paid.
        if operation == "SposCreateTerminalTransaction" {
            let mut schema = schema;
            schema["properties"]["payment_amount"] = json!({ "type": "number" });
            return Some(schema);
        }
        Some(schema)
    });
    check(&key, body)
}

/// What is wrong with an event.
pub(crate) fn event(version: &str, kind: &str, body: &Value) -> Result<(), String> {
    let key = format!("{version} event {kind}");
    compile(&key, version, |document| document["x-webhooks"].get(kind).cloned());
    check(&key, body)
}

fn resolve(document: &Value, schema: &Value) -> Value {
    match schema["$ref"].as_str().and_then(|reference| reference.strip_prefix('#')) {
        Some(pointer) => resolve(document, document.pointer(pointer).unwrap_or(&Value::Null)),
        None => schema.clone(),
    }
}
