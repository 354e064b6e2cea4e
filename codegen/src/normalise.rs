//! Brings a specification into the one shape that both the generator and the emitter understand.
//!
//! Afterwards every object, enumeration and union is a component of its own with a Rust name, every leaf
//! says what it really holds, and every operation has one success and a method name. Each rule is a small
//! function that solves one problem of real specifications; [`normalise`] is their order.

use std::collections::BTreeSet;

use heck::{ToPascalCase, ToSnakeCase};
use serde_json::{Map, Value, json};

use crate::error::Fault;
use crate::spec::{
    each_schema, operations, operations_mut, refer_to, reference, schemas, schemas_mut, token,
};
use crate::vocabulary::{self, Kind};

/// The keys that this module adds to schemas and operations.
pub mod key {
    /// On an operation: its id as published.
    pub const OPERATION_ID: &str = "x-operation-id";
    /// On a component: the arms of a union told apart by key, as `[[key, schema], …]`.
    pub const UNION: &str = "x-union";
    /// On a union: the member name that real bodies wrap it in once more.
    pub const WRAPPED_IN: &str = "x-wrapped-in";
    /// On a leaf: its JSON type as declared, where its kind hides it.
    pub const DECLARED: &str = "x-declared";
}

/// Applies every rule.
///
/// # Errors
/// The pointer and the reason where a schema is of a kind that no rule covers.
pub fn normalise(spec: &mut Value) -> Result<(), Fault> {
    drop_callbacks(spec);
    keep_one_success(spec);
    name_operations(spec)?;
    merge_all_of(spec)?;
    read_type_slip(spec);
    drop_properties_of_arrays(spec);
    write_forms_in_place(spec);
    hoist_inline_schemas(spec)?;
    key_unions(spec)?;
    name_arms_after_their_wrappers(spec);
    unwrap_doubled_unions(spec);
    inline_aliases(spec)?;
    rust_schema_names(spec)?;
    mark_leaves(spec);
    drop_unreachable(spec);
    Ok(())
}

/// A `$ref` inside a callback does not parse, and webhooks are described under `x-webhooks`.
fn drop_callbacks(spec: &mut Value) {
    for (_, _, operation) in operations_mut(spec) {
        if let Some(operation) = operation.as_object_mut() {
            operation.remove("callbacks");
        }
    }
}

/// progenitor takes one success and one error type; errors are read by the runtime, the same for all.
fn keep_one_success(spec: &mut Value) {
    for (_, _, operation) in operations_mut(spec) {
        let Some(responses) = operation["responses"].as_object_mut() else { continue };
        let mut kept = None;
        for (status, response) in std::mem::take(responses) {
            let better = kept.as_ref().is_none_or(|(best, _)| status < *best);
            if status.starts_with('2') && better {
                kept = Some((status, response));
            }
        }
        if let Some((_, mut response)) = kept {
            let content = response["content"].as_object().and_then(|c| c.values().next()).cloned();
            let description = response["description"].take();
            response = json!({ "description": description.as_str().unwrap_or_default() });
            if let Some(content) = content {
                response["content"] = json!({ "application/json": { "schema": content["schema"] } });
            }
            responses.insert("2XX".into(), response);
        }
    }
}

/// Products whose name every operation id repeats.
const PREFIXES: [&str; 4] = ["PGES", "PG", "Subs", "Spos"];

/// `PGCreateOrder` becomes `create_order`: the vendor's prefixes say nothing to a caller.
///
/// Where that leaves `create_refund` for a subscription's refund, the product word comes back, so that
/// nobody refunds the wrong thing by its name.
fn name_operations(spec: &mut Value) -> Result<(), Fault> {
    let mut taken = BTreeSet::new();
    let mut faults = Vec::new();
    for (path, method, operation) in operations_mut(spec) {
        let at = format!("/paths/{}/{method}", token(path));
        let Some(id) = operation["operationId"].as_str().map(str::to_owned) else {
            faults.push(Fault::new(at, "expected an operationId"));
            continue;
        };
        let name = method_name(&id);
        if !taken.insert(name.clone()) {
            faults.push(Fault::new(at, format!("the method name `{name}` of `{id}` is taken")));
        }
        operation[key::OPERATION_ID] = Value::String(id);
        operation["operationId"] = Value::String(name);
    }
    faults.into_iter().next().map_or(Ok(()), Err)
}

/// The name of the client's method for an operation id.
pub fn method_name(operation_id: &str) -> String {
    let prefix = PREFIXES.into_iter().find(|prefix| {
        operation_id.strip_prefix(prefix).is_some_and(|rest| rest.starts_with(|c: char| c.is_uppercase()))
    });
    let rest = operation_id.strip_prefix(prefix.unwrap_or_default()).unwrap_or(operation_id);
    let name = rest.to_snake_case();
    let says_its_product = ["subscription", "plan"].iter().any(|word| name.contains(word));
    match (prefix, name.split_once('_')) {
        (Some("Subs"), Some((verb, noun))) if !says_its_product => format!("{verb}_subscription_{noun}"),
        _ => name,
    }
}

/// `allOf` with one part only hangs a description on a `$ref`; with several it is one object in pieces.
fn merge_all_of(spec: &mut Value) -> Result<(), Fault> {
    let known = schemas(spec).cloned().unwrap_or_default();
    let mut fault = None;
    each_schema(spec, &mut |schema, at| {
        let Some(parts) = schema.get("allOf").and_then(Value::as_array).cloned() else { return };
        if let ([part], false) = (parts.as_slice(), schema.get("properties").is_some()) {
            let description = schema.get("description").cloned();
            *schema = part.clone();
            if let Some(description) = description {
                schema["description"] = description;
            }
            return;
        }
        let mut merged = schema.clone();
        if let Some(map) = merged.as_object_mut() {
            map.remove("allOf");
        }
        for part in &parts {
            let part = reference(part).and_then(|name| known.get(name)).unwrap_or(part);
            if part.get("oneOf").is_some() || part.get("allOf").is_some() {
                fault.get_or_insert(Fault::new(at, "allOf of unions or of further allOf is not supported"));
            }
            merge_object(&mut merged, part);
        }
        *schema = merged;
    });
    fault.map_or(Ok(()), Err)
}

fn merge_object(into: &mut Value, part: &Value) {
    into["type"] = json!("object");
    for (name, property) in part["properties"].as_object().into_iter().flatten() {
        into["properties"][name] = property.clone();
    }
    for required in part["required"].as_array().into_iter().flatten() {
        match into.get_mut("required").and_then(Value::as_array_mut) {
            Some(list) => list.push(required.clone()),
            None => into["required"] = json!([required]),
        }
    }
}

/// A schema whose only property is `type`, holding an array, is that array: whoever wrote it put the
/// JSON Schema keyword among the properties.
fn read_type_slip(spec: &mut Value) {
    each_schema(spec, &mut |schema, _| {
        let Some(properties) = schema.get("properties").and_then(Value::as_object) else { return };
        if let (1, Some(slip)) = (properties.len(), properties.get("type"))
            && slip["type"] == "array"
        {
            let mut array = slip.clone();
            array["description"] = schema["description"].take();
            *schema = array;
        }
    });
}

/// An array that also lists properties is an array: they repeat those of its items.
fn drop_properties_of_arrays(spec: &mut Value) {
    each_schema(spec, &mut |schema, _| {
        if let Some(map) = schema.as_object_mut()
            && map.get("type").is_some_and(|t| t == "array")
        {
            map.shift_remove("properties");
            map.shift_remove("required");
        }
    });
}

/// The fields of a multipart form are arguments of the method, so a form is no type of its own.
fn write_forms_in_place(spec: &mut Value) {
    let known = schemas(spec).cloned().unwrap_or_default();
    for (_, _, operation) in operations_mut(spec) {
        let Some(form) = operation.pointer_mut("/requestBody/content/multipart~1form-data/schema") else {
            continue;
        };
        if let Some(named) = reference(form).and_then(|name| known.get(name)) {
            *form = named.clone();
        }
    }
}

/// Gives every inline object, enumeration and union a component name: the owner's and the member's.
///
/// typify names inline schemas by their `title`, and two alike become one type.
fn hoist_inline_schemas(spec: &mut Value) -> Result<(), Fault> {
    let mut components = std::mem::take(schemas_mut(spec));
    let mut made = Map::new();
    for (name, schema) in &mut components {
        hoist_inside(schema, name, &mut made);
    }
    for (_, _, operation) in operations_mut(spec) {
        let name = operation["operationId"].as_str().unwrap_or_default().to_pascal_case();
        for parameter in operation["parameters"].as_array_mut().into_iter().flatten() {
            let owner = format!("{name}{}", parameter["name"].as_str().unwrap_or_default().to_pascal_case());
            if let Some(schema) = parameter.get_mut("schema") {
                hoist(schema, &owner, &mut made);
            }
        }
        for (part, suffix) in [("requestBody", "Request"), ("responses", "Response")] {
            let bodies = match part {
                "requestBody" => operation.get_mut(part).into_iter().collect::<Vec<_>>(),
                _ => operation[part].as_object_mut().into_iter().flat_map(|r| r.values_mut()).collect(),
            };
            for body in bodies {
                for (media, entry) in
                    body.get_mut("content").and_then(Value::as_object_mut).into_iter().flatten()
                {
                    if media == "multipart/form-data" {
                        continue;
                    }
                    if let Some(schema) = entry.get_mut("schema") {
                        hoist(schema, &format!("{name}{suffix}"), &mut made);
                    }
                }
            }
        }
    }
    for (name, schema) in made {
        if components.contains_key(&name) {
            return Err(Fault::new(
                format!("/components/schemas/{}", token(&name)),
                "this name is also made for an inline schema",
            ));
        }
        components.insert(name, schema);
    }
    *schemas_mut(spec) = components;
    Ok(())
}

fn hoist(schema: &mut Value, owner: &str, made: &mut Map<String, Value>) {
    hoist_inside(schema, owner, made);
    let is_object = schema.get("properties").and_then(Value::as_object).is_some_and(|p| !p.is_empty());
    let is_enum = schema["type"] == "string" && schema.get("enum").is_some_and(Value::is_array);
    let is_union = schema.get("oneOf").is_some() || schema.get("anyOf").is_some();
    if is_object || is_enum || is_union {
        let mut name = owner.to_owned();
        while made.get(&name).is_some_and(|other| other != schema) {
            name.push_str("Item");
        }
        let description = schema.get("description").cloned();
        made.insert(name.clone(), std::mem::replace(schema, refer_to(&name)));
        if let Some(description) = description {
            schema["description"] = description;
        }
    }
}

fn hoist_inside(schema: &mut Value, owner: &str, made: &mut Map<String, Value>) {
    let Value::Object(map) = schema else { return };
    for (word, inner) in map {
        match (word.as_str(), inner) {
            ("properties", Value::Object(properties)) => {
                for (member, property) in properties {
                    hoist(property, &format!("{owner}{}", member.to_pascal_case()), made);
                }
            }
            ("items" | "additionalProperties", inner @ Value::Object(_)) => hoist(inner, owner, made),
            ("oneOf" | "anyOf", Value::Array(arms)) => {
                for (i, arm) in arms.iter_mut().enumerate() {
                    let member =
                        only_property(arm).map_or_else(|| i.to_string(), |(key, _)| key.to_pascal_case());
                    hoist(arm, &format!("{owner}{member}"), made);
                }
            }
            _ => {}
        }
    }
}

/// The one property of an object schema that has just one.
fn only_property(schema: &Value) -> Option<(&str, &Value)> {
    let mut properties = schema["properties"].as_object()?.iter();
    let (key, property) = properties.next()?;
    properties.next().is_none().then_some((key, property))
}

/// A union of objects with one property each is told apart by that key, never by trying shapes in turn.
///
/// A union with an arm that has no key of its own cannot be told apart; it stays free JSON.
fn key_unions(spec: &mut Value) -> Result<(), Fault> {
    let known = schemas(spec).cloned().unwrap_or_default();
    for (_, schema) in schemas_mut(spec) {
        let Some(arms) = schema.get("oneOf").or(schema.get("anyOf")).and_then(Value::as_array) else {
            continue;
        };
        let keyed: Option<Vec<Value>> = arms
            .iter()
            .map(|arm| {
                let arm = reference(arm).and_then(|name| known.get(name)).unwrap_or(arm);
                only_property(arm).map(|(key, property)| json!([key, property]))
            })
            .collect();
        let description = schema.get("description").cloned();
        *schema = keyed.map_or_else(|| json!({}), |arms| json!({ key::UNION: arms }));
        if let Some(description) = description {
            schema["description"] = description;
        }
    }
    Ok(())
}

/// An object that only carries the key of a union's arm gives its name to what the key holds:
/// `PaymentMethodCardInPaymentsEntity` rather than `PaymentMethodCardInPaymentsEntityCard`.
fn name_arms_after_their_wrappers(spec: &mut Value) {
    let mut uses = Vec::new();
    collect_references(spec, &mut uses);
    let known = schemas(spec).cloned().unwrap_or_default();
    let shorter: Vec<(String, String)> = known
        .iter()
        .filter_map(|(wrapper, schema)| {
            let (key, property) = only_property(schema)?;
            let inner = reference(property)?;
            let made_for_it = inner == format!("{wrapper}{}", key.to_pascal_case());
            (made_for_it && !uses.iter().any(|name| name == wrapper))
                .then(|| (inner.to_owned(), wrapper.clone()))
        })
        .collect();
    for (inner, wrapper) in &shorter {
        if let Some(schema) = schemas_mut(spec).shift_remove(inner) {
            schemas_mut(spec).insert(wrapper.clone(), schema);
        }
    }
    let mut rename = |schema: &mut Value, _: &str| {
        if let Some((_, wrapper)) =
            shorter.iter().find(|(inner, _)| Some(inner.as_str()) == reference(schema))
        {
            schema["$ref"] = refer_to(wrapper)["$ref"].take();
        }
    };
    each_schema(spec, &mut rename);
    each_union_arm(spec, &mut rename);
}

/// An object whose one property is a union, itself used under that property's name, is the union: the
/// specification wraps `payment_method` twice where real bodies mostly wrap it once.
fn unwrap_doubled_unions(spec: &mut Value) {
    let known = schemas(spec).cloned().unwrap_or_default();
    let wrapped = |name: &str| -> Option<(String, String)> {
        let (member, inner) = only_property(known.get(name)?)?;
        let union = reference(inner)?;
        known.get(union)?.get(key::UNION)?;
        Some((member.to_owned(), union.to_owned()))
    };
    let mut unwrapped = Vec::new();
    each_schema(spec, &mut |schema, _| {
        for (member, property) in schema["properties"].as_object_mut().into_iter().flatten() {
            if let Some((inner, union)) = reference(property).and_then(wrapped)
                && inner == *member
            {
                property["$ref"] = refer_to(&union)["$ref"].take();
                unwrapped.push((union, inner));
            }
        }
    });
    for (union, member) in unwrapped {
        schemas_mut(spec)[&union][key::WRAPPED_IN] = Value::String(member);
    }
}

/// Whether a component becomes a Rust type of its own; all others are written in place.
pub fn is_type(schema: &Value) -> bool {
    let has_members = schema.get("properties").and_then(Value::as_object).is_some_and(|p| !p.is_empty());
    let is_enum = schema["type"] == "string" && schema.get("enum").is_some_and(Value::is_array);
    has_members || is_enum || schema.get(key::UNION).is_some()
}

/// A named array, map or text is written in place: a newtype around it would only be in the way.
fn inline_aliases(spec: &mut Value) -> Result<(), Fault> {
    for _ in 0..8 {
        let aliases: Map<String, Value> = schemas(spec)
            .into_iter()
            .flatten()
            .filter(|(_, schema)| !is_type(schema))
            .map(|(name, schema)| (name.clone(), schema.clone()))
            .collect();
        let mut changed = false;
        let mut place = |schema: &mut Value, _: &str| {
            if let Some(alias) = reference(schema).and_then(|name| aliases.get(name)) {
                let description = schema.get("description").or(alias.get("description")).cloned();
                *schema = alias.clone();
                if let Some(description) = description {
                    schema["description"] = description;
                }
                changed = true;
            }
        };
        each_schema(spec, &mut place);
        each_union_arm(spec, &mut place);
        if !changed {
            schemas_mut(spec).retain(|_, schema| is_type(schema));
            return Ok(());
        }
    }
    Err(Fault::new("/components/schemas", "a chain of schemas refers to itself without an object in it"))
}

fn each_union_arm(spec: &mut Value, visit: &mut dyn FnMut(&mut Value, &str)) {
    for (name, schema) in schemas_mut(spec) {
        for arm in schema.get_mut(key::UNION).and_then(Value::as_array_mut).into_iter().flatten() {
            visit(&mut arm[1], name);
        }
    }
}

/// Component names in Rust's casing (`OfferUPI` → `OfferUpi`), as typify would make them.
fn rust_schema_names(spec: &mut Value) -> Result<(), Fault> {
    let mut renamed = Map::new();
    for (name, schema) in std::mem::take(schemas_mut(spec)) {
        let rust = name.to_pascal_case();
        if renamed.contains_key(&rust) {
            let at = format!("/components/schemas/{}", token(&name));
            return Err(Fault::new(at, format!("another schema is called `{rust}` in Rust too")));
        }
        renamed.insert(rust, schema);
    }
    *schemas_mut(spec) = renamed;
    let mut rename = |schema: &mut Value, _: &str| {
        if let Some(name) = reference(schema).map(|name| name.to_pascal_case()) {
            schema["$ref"] = refer_to(&name)["$ref"].take();
        }
    };
    each_schema(spec, &mut rename);
    each_union_arm(spec, &mut rename);
    for (_, schema) in spec["x-webhooks"].as_object_mut().into_iter().flatten() {
        rename(schema, "");
    }
    Ok(())
}

/// Writes into every leaf what it really holds, by the name of its member.
fn mark_leaves(spec: &mut Value) {
    each_schema(spec, &mut |schema, _| {
        for (name, property) in schema["properties"].as_object_mut().into_iter().flatten() {
            mark_leaf(name, property);
        }
    });
}

fn mark_leaf(name: &str, schema: &mut Value) {
    let declared = schema["type"].as_str().unwrap_or_default().to_owned();
    if declared == "array" {
        return mark_leaf(name, &mut schema["items"]);
    }
    let format = match vocabulary::kind(name, &declared) {
        Some(Kind::Amount) => "x-amount",
        Some(Kind::Id) => "x-id",
        Some(Kind::Timestamp) => "x-timestamp",
        Some(Kind::Text) if declared == "string" => return,
        Some(Kind::Text) => "x-text",
        None if declared == "number" => "x-decimal",
        None => return,
    };
    schema[key::DECLARED] = Value::String(declared);
    schema["format"] = json!(format);
}

/// Types that no operation and no webhook uses would only be compiled and documented for nothing.
fn drop_unreachable(spec: &mut Value) {
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

/// The document that progenitor is given: the same, without what it would turn into more code.
///
/// Limits become newtypes, `required` decides about `Option`, defaults are always sent, unknown formats
/// and multipart bodies are refused, and header parameters would be arguments of every method. All of
/// that is read from the normalised document when code is emitted.
pub fn for_progenitor(spec: &Value) -> Value {
    let mut spec = spec.clone();
    for (_, schema) in schemas_mut(&mut spec) {
        if schema.get("enum").is_some() {
            // Replaced by a type of our own; only the name matters.
            *schema = json!({ "type": "object" });
        } else if let Some(arms) = schema.get(key::UNION).and_then(Value::as_array) {
            // A struct of all arms tells the type of each.
            let arms = arms.iter().filter_map(|arm| Some((arm[0].as_str()?.to_owned(), arm[1].clone())));
            *schema = json!({ "type": "object", "properties": arms.collect::<Map<_, _>>() });
        }
    }
    each_schema(&mut spec, &mut |schema, _| {
        let Value::Object(map) = schema else { return };
        if let Some(target) = map.get("$ref").cloned() {
            *schema = json!({ "$ref": target });
            return;
        }
        let format = map.get("format").and_then(Value::as_str);
        let private = format.is_some_and(|format| format.starts_with("x-"));
        let keep = |word: &str| match word {
            "type" | "properties" | "items" | "additionalProperties" | "description" => true,
            "format" => private,
            _ => false,
        };
        map.retain(|word, _| keep(word));
        if private {
            map["type"] = json!("string");
        } else if map.get("type").is_some_and(|t| t == "integer") {
            map.insert("format".into(), json!("int64"));
        } else if map.get("type").is_some_and(|t| t == "object")
            && !map.contains_key("properties")
            && !map.get("additionalProperties").is_some_and(Value::is_object)
        {
            map.remove("type");
            map.remove("additionalProperties");
        }
    });
    spec["components"] = json!({ "schemas": schemas_mut(&mut spec).clone() });
    for (_, _, operation) in operations_mut(&mut spec) {
        let parameters = operation["parameters"].as_array_mut().map(std::mem::take).unwrap_or_default();
        let kept = parameters.into_iter().filter(|p| p["in"] == "path" || p["in"] == "query");
        let kept = kept.map(|p| {
            let required = p["in"] == "path" || p["required"] == true;
            json!({ "name": p["name"], "in": p["in"], "required": required, "schema": { "type": "string" } })
        });
        operation["parameters"] = kept.collect();
        let Some(map) = operation.as_object_mut() else { continue };
        map.remove("tags");
        let media =
            map.get("requestBody").and_then(|b| b["content"].as_object()).and_then(|c| c.keys().next());
        if media.is_some_and(|media| media != "application/json") {
            map.remove("requestBody");
        }
        if let Some(body) = map.get_mut("requestBody") {
            body["required"] = json!(true);
        }
    }
    for word in ["security", "servers", "tags", "x-webhooks"] {
        if let Some(map) = spec.as_object_mut() {
            map.remove(word);
        }
    }
    spec
}
