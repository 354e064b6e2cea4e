//! Gives answers the shape that a version declares.
//!
//! Handlers build one entity for all versions, with everything any of them has. Here it is cut to the members
//! that the version knows, and ids take the type it declares (integers in 2022-09-01, texts later). Events are
//! cut in the same way, to what a version declares of them.

use serde_json::{Map, Value, json};

use super::{Spec, items, members};
use crate::world::money;

/// Cuts `value` to `schema`.
pub(crate) fn project(spec: &Spec, schema: &Value, value: Value) -> Value {
    let schema = unslip(spec, schema);
    if let Some(arms) = schema.get("oneOf").or_else(|| schema.get("anyOf")) {
        return match best_arm(spec, arms, &value) {
            Some(arm) => project(spec, arm, value),
            None => value,
        };
    }
    match value {
        Value::Object(object) if schema["type"] == "string" => json!(by_name(object)),
        Value::Array(_) if schema["type"] == "string" => json!(value.to_string()),
        Value::Object(object) if schema["properties"].is_object() => project_object(spec, schema, object),
        // Where a list is declared and callers send one, one came.
        Value::Object(object) if schema["type"] == "array" => {
            project(spec, schema, Value::Array(vec![Value::Object(object)]))
        }
        Value::Array(list) => match schema.get("items") {
            Some(item) => list.into_iter().map(|one| project(spec, item, one)).collect(),
            None => Value::Array(list),
        },
        Value::String(text) if matches!(schema["type"].as_str(), Some("integer" | "number")) => {
            text.parse::<u64>().map_or(Value::String(text), Value::from)
        }
        Value::Number(number) if schema["type"] == "string" => json!(number.to_string()),
        Value::Number(number) if schema["type"] == "integer" && number.is_f64() => {
            let whole = money::decimal(&Value::Number(number.clone())).filter(|amount| amount.is_integer());
            whole.and_then(|amount| i64::try_from(amount).ok()).map_or(Value::Number(number), Value::from)
        }
        other => other,
    }
}

fn project_object(spec: &Spec, schema: &Value, object: Map<String, Value>) -> Value {
    let properties = &schema["properties"];
    // A union one level too deep (2022-09-01 declares payment_method.payment_method, the API sends it flat):
    // nothing of the value is declared, and it goes out as the API sends it.
    if !object.is_empty() && !object.keys().any(|name| properties.get(name).is_some()) {
        return Value::Object(object);
    }
    let keep = object.into_iter().filter_map(|(name, member)| {
        let property = properties.get(&name)?;
        Some((name, project(spec, property, member)))
    });
    Value::Object(keep.collect())
}

/// An object where a version declares a text: the name of what it holds (a payment's method), else its JSON.
fn by_name(object: Map<String, Value>) -> String {
    match object.iter().next() {
        Some((name, Value::Object(_) | Value::Null)) if object.len() == 1 => name.clone(),
        _ => Value::Object(object).to_string(),
    }
}

/// The schema, without a slip: an object whose only member is `type: {type: array}` was meant to be the array.
pub(super) fn unslip<'a>(spec: &'a Spec, schema: &'a Value) -> &'a Value {
    let schema = spec.resolve(schema);
    match schema["properties"].as_object() {
        Some(only) if only.len() == 1 && only.get("type").is_some_and(|inner| inner["type"] == "array") => {
            &only["type"]
        }
        _ => schema,
    }
}

/// The arm that declares most of the value's members.
pub(super) fn best_arm<'a>(spec: &'a Spec, arms: &'a Value, value: &Value) -> Option<&'a Value> {
    let declared = |arm: &&Value| {
        let properties = &spec.resolve(arm)["properties"];
        members(value).filter(|(name, _)| properties.get(name).is_some()).count()
    };
    items(arms).max_by_key(declared).filter(|arm| declared(arm) > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec;

    #[test]
    fn ids_take_the_type_of_the_version() {
        let payment = json!({
            "cf_payment_id": "123", "payment_surcharge": null,
            "payment_method": {"upi": {"channel": "collect", "upi_payer_ifsc": null}},
        });
        let old = spec::find("2022-09-01").expect("embedded");
        assert_eq!(
            project(old, old.answer_of("PGOrderFetchPayment"), payment.clone()),
            json!({"cf_payment_id": 123, "payment_method": {"upi": {"channel": "collect", "upi_payer_ifsc": null}}})
        );
        let middle = spec::find("2023-08-01").expect("embedded");
        assert_eq!(
            project(middle, middle.answer_of("PGOrderFetchPayment"), payment),
            json!({"cf_payment_id": "123", "payment_method": {"upi": {"channel": "collect"}}})
        );
    }
}
