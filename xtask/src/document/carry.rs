//! A refreshed document brings the facts; what the project had added to the former one is carried over: its
//! webhooks with the schemas that only they use, its words and examples, and its own extensions.

use std::collections::{BTreeMap, BTreeSet};

use cashfree_codegen::places::Places;
use cashfree_codegen::spec::{component, map, operations, refer_to, reference, schemas, schemas_mut, token};
use heck::ToPascalCase;
use serde_json::{Map, Value};

/// Words that are the project's own, whoever's facts they are about.
const OWN: [&str; 6] =
    ["summary", "description", "example", "examples", "x-enum-descriptions", "x-wrapped-in"];

/// Extensions of operations.
const OWN_ON_OPERATIONS: [&str; 3] = ["x-aliases", "x-method", "x-read-only"];

/// Carries over what `former` has of the project's own, and gives the pointers in `former` of what found no
/// place in `new`.
pub(crate) fn carry(former: &Value, new: &mut Value) -> Vec<String> {
    let mut homeless = Vec::new();
    let names = same_names(former, new);
    webhooks(former, new, &names);
    for word in ["info", "tags"] {
        if let Some(value) = former.get(word) {
            new[word] = value.clone();
        }
    }
    for part in ["/servers", "/components/parameters", "/components/securitySchemes"] {
        if let (Some(words_of), Some(target)) = (former.pointer(part), new.pointer_mut(part)) {
            words(words_of, target, part, &mut homeless);
        }
    }
    for (path, method, at, operation) in operations(former) {
        let target = operation_in(new, operation, path, method);
        match target.and_then(|at| new.pointer_mut(&at)) {
            Some(target) => {
                words(operation, target, &at, &mut homeless);
                for word in OWN_ON_OPERATIONS {
                    if let Some(value) = operation.get(word) {
                        target[word] = value.clone();
                    }
                }
            }
            None => homeless.push(at),
        }
    }
    for (name, schema) in schemas(former).into_iter().flatten() {
        let at = component(name);
        match schemas_mut(new).get_mut(names.get(name).unwrap_or(name)) {
            Some(target) => words(schema, target, &at, &mut homeless),
            None => homeless.push(at),
        }
    }
    homeless
}

/// The component of `new` that is one of `former` in another style of names: `order_entity` for `OrderEntity`.
fn same_names(former: &Value, new: &Value) -> BTreeMap<String, String> {
    let theirs: BTreeMap<String, &String> =
        schemas(new).into_iter().flatten().map(|(name, _)| (name.to_pascal_case(), name)).collect();
    let is_there = |name: &String| schemas(new).is_some_and(|schemas| schemas.contains_key(name));
    let ours = schemas(former).into_iter().flatten().map(|(name, _)| name).filter(|name| !is_there(name));
    ours.filter_map(|name| Some((name.clone(), (*theirs.get(&name.to_pascal_case())?).clone()))).collect()
}

/// Every webhook of `former` that `new` does not list, with the schemas that it is made of and that are not
/// there yet.
fn webhooks(former: &Value, new: &mut Value, names: &BTreeMap<String, String>) {
    let rename = |schema: &Value| renamed(schema, names);
    let mut todo = Vec::new();
    if !new["x-webhooks"].is_object() && former["x-webhooks"].is_object() {
        new["x-webhooks"] = Value::Object(Map::new());
    }
    for (event, payload) in map(former, "x-webhooks") {
        if new["x-webhooks"].get(event).is_none() {
            new["x-webhooks"][event] = rename(payload);
            todo.extend(reference(payload).map(str::to_owned));
        }
    }
    let mut seen = BTreeSet::new();
    while let Some(name) = todo.pop() {
        let here = schemas_mut(new).contains_key(names.get(&name).unwrap_or(&name));
        if here || !seen.insert(name.clone()) {
            continue;
        }
        if let Some(schema) = schemas(former).and_then(|schemas| schemas.get(&name)) {
            todo.extend(references(schema));
            schemas_mut(new).insert(name, rename(schema));
        }
    }
}

/// The components that a schema refers to.
fn references(schema: &Value) -> Vec<String> {
    let document = serde_json::json!({ "components": { "schemas": { "a": schema } } });
    let places = Places::of(&document);
    let names = places.references.iter().filter_map(|(_, r)| r.strip_prefix("#/components/schemas/"));
    names.map(str::to_owned).collect()
}

/// A schema with its references to components by the names they have now.
fn renamed(schema: &Value, names: &BTreeMap<String, String>) -> Value {
    let mut document = serde_json::json!({ "components": { "schemas": { "a": schema } } });
    let places: Vec<String> = Places::of(&document).references.into_iter().map(|(at, _)| at).collect();
    for at in places {
        if let Some(node) = document.pointer_mut(&at)
            && let Some(name) = reference(node).and_then(|name| names.get(name))
        {
            node["$ref"] = refer_to(name)["$ref"].take();
        }
    }
    document["components"]["schemas"]["a"].take()
}

/// The operation of `new` that is one of `former`: by its id, else by method and path.
fn operation_in(new: &Value, former: &Value, path: &str, method: &str) -> Option<String> {
    let plain = |path: &str| {
        path.split('/').map(|s| if s.contains('{') { "{}" } else { s }).collect::<Vec<_>>().join("/")
    };
    let by_id = operations(new).find(|(.., o)| o["operationId"] == former["operationId"]);
    let by_place = || operations(new).find(|(p, m, ..)| *m == method && plain(p) == plain(path));
    by_id.or_else(by_place).map(|(_, _, at, _)| at)
}

/// Gives a node, and whatever in it is the same, the words of `former`.
fn words(former: &Value, target: &mut Value, at: &str, homeless: &mut Vec<String>) {
    // A word beside a `$ref` needs an `allOf` around it.
    if let (Some([one]), Some(_)) = (former["allOf"].as_array().map(Vec::as_slice), target.get("$ref"))
        && one.get("$ref").is_some()
    {
        *target = serde_json::json!({ "allOf": [target.take()] });
    }
    match (former, target) {
        (Value::Object(former), Value::Object(target)) => {
            // What stands below these goes by names, and a name may be `description` or `example`.
            let names = ["/properties", "/responses", "/content"].iter().any(|map| at.ends_with(map));
            for (key, value) in former {
                let at = format!("{at}/{}", token(key));
                if !names && OWN.contains(&key.as_str()) {
                    target.insert(key.clone(), value.clone());
                    continue;
                }
                match target.get_mut(key) {
                    Some(inner) => words(value, inner, &at, homeless),
                    None if has_words(value) => homeless.push(at),
                    None => {}
                }
            }
        }
        (Value::Array(former), Value::Array(target)) => {
            for (i, value) in former.iter().enumerate() {
                let at = format!("{at}/{i}");
                match target.iter_mut().enumerate().find(|(j, other)| is_same(value, i, other, *j)) {
                    Some((_, inner)) => words(value, inner, &at, homeless),
                    None if has_words(value) => homeless.push(at),
                    None => {}
                }
            }
        }
        _ => {}
    }
}

/// Whether two items of lists are one: a server by its URL, a parameter by its name and place, an arm by what it refers to or by
/// its keys, anything else by its place in the list.
fn is_same(a: &Value, i: usize, b: &Value, j: usize) -> bool {
    let keys = |arm: &Value| arm["properties"].as_object().map(|p| p.keys().cloned().collect::<Vec<_>>());
    if a.get("url").is_some() {
        return a["url"] == b["url"];
    }
    if a.get("name").is_some() {
        return a["name"] == b["name"] && a["in"] == b["in"];
    }
    if a.get("$ref").is_some() || b.get("$ref").is_some() {
        return a.get("$ref") == b.get("$ref");
    }
    match (keys(a), keys(b)) {
        (Some(a), Some(b)) => a == b,
        _ => i == j,
    }
}

/// Whether there is a word of the project's own in a node.
fn has_words(node: &Value) -> bool {
    match node {
        Value::Object(members) => {
            members.iter().any(|(key, value)| (key == "description" && value.is_string()) || has_words(value))
        }
        Value::Array(items) => items.iter().any(has_words),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn former() -> Value {
        json!({
            "paths": { "/orders/{order_id}": { "get": {
                "operationId": "PGFetchOrder", "summary": "Fetch an order", "x-aliases": ["PGGetOrder"],
                "parameters": [{ "name": "order_id", "in": "path", "description": "Your id." }],
                "responses": { "200": { "description": "The order." } } } } },
            "x-webhooks": { "PAID": { "$ref": "#/components/schemas/PaidEvent" } },
            "components": { "schemas": {
                "PaidEvent": { "properties": { "order": { "$ref": "#/components/schemas/OrderEntity" },
                                               "offer": { "$ref": "#/components/schemas/EventOffer" } } },
                "EventOffer": { "properties": { "id": {} } },
                "OrderEntity": { "properties": {
                    "description": { "type": "string", "description": "What was sold." },
                    "gone": { "type": "string", "description": "No more." } } } } },
        })
    }

    #[test]
    fn facts_are_new_and_words_are_ours() {
        let mut new = json!({
            "paths": { "/orders/{id}": { "get": {
                "operationId": "PGFetchOrder", "summary": "theirs",
                "parameters": [{ "name": "more", "in": "query" }, { "name": "order_id", "in": "path" }],
                "responses": { "200": { "description": "theirs" } } } } },
            "components": { "schemas": { "order_entity": { "properties": {
                "description": { "type": "string", "maxLength": 9 }, "fresh": { "description": "theirs" } } } } },
        });
        let homeless = carry(&former(), &mut new);
        let operation = &new["paths"]["/orders/{id}"]["get"];
        assert_eq!(operation["summary"], "Fetch an order");
        assert_eq!(operation["x-aliases"], json!(["PGGetOrder"]));
        assert_eq!(operation["parameters"][1]["description"], "Your id.");
        assert_eq!(operation["responses"]["200"]["description"], "The order.");
        let schemas = &new["components"]["schemas"];
        assert_eq!(
            schemas["order_entity"]["properties"],
            json!({
                "description": { "type": "string", "maxLength": 9, "description": "What was sold." },
                "fresh": { "description": "theirs" } })
        );
        assert_eq!(new["x-webhooks"], former()["x-webhooks"]);
        assert_eq!(schemas["EventOffer"], former()["components"]["schemas"]["EventOffer"]);
        let order = &schemas["PaidEvent"]["properties"]["order"];
        assert_eq!(reference(order), Some("order_entity"), "the name it has now");
        assert!(schemas.get("OrderEntity").is_none());
        assert_eq!(homeless, ["/components/schemas/OrderEntity/properties/gone"]);
    }

    #[test]
    fn what_has_gone_is_told() {
        let mut new = json!({ "paths": {} });
        let homeless = carry(&former(), &mut new);
        assert_eq!(homeless[0], "/paths/~1orders~1{order_id}/get");
        assert_eq!(homeless.len(), 1, "the schema of the webhook came along: {homeless:?}");
    }
}
