//! Rules for leaves: each says what it really holds.

use serde_json::{Value, json};

use super::{each_union_arm, key};
use crate::document::resolve;
use crate::spec::each_schema;
use crate::vocabulary::{self, Kind};

/// Money that has no type, or is a number or text as the sender likes, is a number: as free JSON it would
/// lose what keeps amounts exact. An object under the name of an amount stays what it is.
pub(super) fn type_amounts(spec: &mut Value) {
    let source = spec.clone();
    each_schema(spec, &mut |schema, _| {
        let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
        for (name, property) in properties.into_iter().flatten() {
            if vocabulary::AMOUNTS.contains(&name.as_str()) {
                type_amount(&source, property);
            }
        }
    });
}

fn type_amount(source: &Value, schema: &mut Value) {
    if let Some(items) = schema.get_mut("items") {
        return type_amount(source, items);
    }
    let Some(whole) = resolve(source, schema) else { return };
    let has = |word: &&str| whole.get(word).is_some();
    if ["properties", "additionalProperties", "items"].iter().any(has) {
        return;
    }
    let arms = whole.get("oneOf").or(whole.get("anyOf")).and_then(Value::as_array);
    let arms = arms.filter(|arms| !arms.is_empty());
    let types: Option<Vec<&str>> = arms.map(|arms| {
        arms.iter()
            .map(|arm| resolve(source, arm).and_then(|arm| arm["type"].as_str()).unwrap_or("?"))
            .collect()
    });
    let declared = match types {
        Some(types) if types.iter().all(|t| *t == "string") => "string",
        Some(types) if types.iter().all(|t| ["number", "integer", "string"].contains(t)) => "number",
        None if whole.get("type").is_none() => "number",
        _ => return,
    };
    let description = schema.get("description").or(whole.get("description")).cloned();
    *schema = json!({ "type": declared });
    if let Some(description) = description {
        schema["description"] = description;
    }
}

/// Writes into every leaf what it really holds, by the name of its member.
pub(super) fn mark_leaves(spec: &mut Value) {
    each_schema(spec, &mut |schema, _| {
        for (name, property) in
            schema.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten()
        {
            mark_leaf(name, property);
        }
    });
    each_union_arm(spec, &mut |arm, key| mark_leaf(key, arm));
    // A number without a name: whole bodies.
    each_schema(spec, &mut |schema, _| mark_leaf("", schema));
}

/// Marks a member, or what its list or map is made of.
fn mark_leaf(name: &str, schema: &mut Value) {
    for inner in ["items", "additionalProperties"] {
        if let Some(inner) = schema.get_mut(inner).filter(|inner| inner.is_object()) {
            mark_leaf(name, inner);
        }
    }
    let Some(declared) = schema["type"].as_str().map(str::to_owned) else { return };
    if schema.get(key::DECLARED).is_some() {
        return;
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The format of the member `name` of an object after the rule.
    fn marked(name: &str, mut schema: Value) -> Value {
        let mut spec =
            json!({ "components": { "schemas": { "A": { "properties": { name: schema.take() } } } } });
        mark_leaves(&mut spec);
        spec["components"]["schemas"]["A"]["properties"][name].take()
    }

    #[test]
    fn the_name_of_a_member_says_what_a_number_is() {
        let number = |name: &str| marked(name, json!({ "type": "number", "format": "double" }));
        assert_eq!(
            number("order_amount"),
            json!({ "type": "number", "format": "x-amount", "x-declared": "number" })
        );
        assert_eq!(number("cf_terminal_id")["format"], "x-id");
        assert_eq!(number("phone")["format"], "x-text");
        assert_eq!(number("interest_rate")["format"], "x-decimal");
        assert_eq!(marked("order_id", json!({ "type": "string" })), json!({ "type": "string" }));
        assert_eq!(marked("payment_time", json!({ "type": "string" }))["format"], "x-timestamp");
    }

    #[test]
    fn what_a_list_or_a_map_holds_is_marked_too() {
        let list = marked("cf_settlement_ids", json!({ "type": "array", "items": { "type": "integer" } }));
        assert_eq!(list["items"]["format"], "x-id");
        let map =
            marked("charges", json!({ "type": "object", "additionalProperties": { "type": "number" } }));
        assert_eq!(map["additionalProperties"]["format"], "x-decimal");
        let bare = json!({ "type": "array" });
        assert_eq!(marked("amounts", bare.clone()), bare);
    }

    #[test]
    fn arms_and_whole_bodies_are_marked_too() {
        let mut spec = json!({
            "paths": { "/a": { "get": { "responses": { "2XX": { "content": { "application/json": {
                "schema": { "type": "array", "items": { "type": "number" } } } } } } } } },
            "components": { "schemas": { "Method": { key::UNION: [["upi", {}], ["amount", { "type": "number" }]] } } } });
        mark_leaves(&mut spec);
        let body = "/paths/~1a/get/responses/2XX/content/application~1json/schema/items/format";
        assert_eq!(spec.pointer(body).unwrap(), "x-decimal");
        assert_eq!(spec["components"]["schemas"]["Method"][key::UNION][1][1]["format"], "x-amount");
    }
}
