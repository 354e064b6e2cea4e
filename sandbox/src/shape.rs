//! Gives answers the shape that a version declares.
//!
//! Handlers build one entity for all versions, with everything any of them has. Here it is cut to the members
//! that the version knows, and ids take the type it declares (integers in 2022-09-01, texts later).
//! Operations without a handler of their own get an example made from their schema.

use serde_json::{Map, Value, json};

use crate::money;
use crate::spec::{Spec, items, members};

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
        Value::Object(_) | Value::Array(_) if schema["type"] == "string" => json!(value.to_string()),
        Value::Object(object) if schema["properties"].is_object() => project_object(spec, schema, object),
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

/// The schema, without a slip: an object whose only member is `type: {type: array}` was meant to be the array.
fn unslip<'a>(spec: &'a Spec, schema: &'a Value) -> &'a Value {
    let schema = spec.resolve(schema);
    match schema["properties"].as_object() {
        Some(only) if only.len() == 1 && only.get("type").is_some_and(|inner| inner["type"] == "array") => {
            &only["type"]
        }
        _ => schema,
    }
}

/// The arm that declares most of the value's members.
fn best_arm<'a>(spec: &'a Spec, arms: &'a Value, value: &Value) -> Option<&'a Value> {
    let declared = |arm: &&Value| {
        let properties = &spec.resolve(arm)["properties"];
        members(value).filter(|(name, _)| properties.get(name).is_some()).count()
    };
    items(arms).max_by_key(declared).filter(|arm| declared(arm) > 0)
}

/// A valid, deterministic answer for `schema`. Members that `known` has, at any depth, take its values.
pub(crate) fn example(spec: &Spec, schema: &Value, known: &Value, now: &str) -> Value {
    Example { spec, known, now }.value("", schema, known, 0)
}

struct Example<'a> {
    spec: &'a Spec,
    known: &'a Value,
    now: &'a str,
}

impl Example<'_> {
    fn value(&self, name: &str, schema: &Value, given: &Value, depth: u32) -> Value {
        let schema = unslip(self.spec, schema);
        if let Some(arms) = schema.get("oneOf").or_else(|| schema.get("anyOf")) {
            let arm = best_arm(self.spec, arms, given).or_else(|| items(arms).next());
            return arm.map_or(Value::Null, |arm| self.value(name, arm, given, depth));
        }
        if let Some(fitting) = fit(schema, given) {
            return fitting;
        }
        if depth > 8 {
            return Value::Null;
        }
        match schema["type"].as_str() {
            Some("array") => {
                let item = &schema["items"];
                match given {
                    Value::Array(list) => {
                        list.iter().map(|one| self.value(name, item, one, depth + 1)).collect()
                    }
                    one => json!([self.value(name, item, one, depth + 1)]),
                }
            }
            Some("string") => {
                schema["enum"].get(0).cloned().unwrap_or_else(|| json!(self.text(name, schema)))
            }
            Some("integer") => schema["enum"].get(0).cloned().unwrap_or_else(|| json!(whole(name))),
            Some("number") => money::number(rust_decimal::Decimal::ONE),
            Some("boolean") => json!(name == "eligibility"),
            _ => {
                let mut object = Map::new();
                for (member, property) in members(&schema["properties"]) {
                    let given = match &given[member] {
                        Value::Null
                            if depth == 0 || !self.spec.resolve(property)["properties"].is_object() =>
                        {
                            &self.known[member]
                        }
                        given => given,
                    };
                    object.insert(member.clone(), self.value(member, property, given, depth + 1));
                }
                if object.is_empty() && given.is_object() {
                    return given.clone();
                }
                Value::Object(object)
            }
        }
    }

    fn text(&self, name: &str, schema: &Value) -> String {
        let text = match name {
            _ if schema["format"] == "date" => self.now.get(..10).unwrap_or(self.now).to_owned(),
            _ if schema["format"] == "date-time" || is_time(name) => self.now.to_owned(),
            _ if name.contains("phone") => "9999999999".to_owned(),
            _ if name.contains("account_number") => "00001234567890".to_owned(),
            _ if name.contains("card_number") => "4111111111111111".to_owned(),
            _ if name.contains("email") => "customer@example.com".to_owned(),
            _ if name.contains("url") => "http://127.0.0.1/".to_owned(),
            _ if name.contains("currency") => "INR".to_owned(),
            _ if name.contains("ifsc") => "CITI0000001".to_owned(),
            // An id that another version has as a number stays one that fits both.
            _ if name.starts_with("cf_") && name.ends_with("_id") => whole(name).to_string(),
            _ if name.ends_with("status") => "ACTIVE".to_owned(),
            _ => format!("{name}_1"),
        };
        let most = schema["maxLength"].as_u64().map_or(usize::MAX, |most| most as usize);
        text.chars().take(most).collect()
    }
}

/// `given` in the type that the schema asks for; nothing where it cannot be.
fn fit(schema: &Value, given: &Value) -> Option<Value> {
    match (schema["type"].as_str(), given) {
        (Some("string"), Value::String(_)) | (Some("boolean"), Value::Bool(_)) => Some(given.clone()),
        (Some("string"), Value::Number(number)) => Some(json!(number.to_string())),
        (Some("integer"), Value::Number(number)) => (!number.is_f64()).then(|| given.clone()),
        (Some("integer"), Value::String(text)) => text.parse::<i64>().ok().map(Value::from),
        (Some("number"), Value::Number(_)) => Some(given.clone()),
        (Some("number"), Value::String(_)) => money::decimal(given).map(money::number),
        (None, given) if schema["properties"].is_null() && !given.is_null() => Some(given.clone()),
        _ => None,
    }
}

fn is_time(name: &str) -> bool {
    ["_at", "_time", "_on", "_date", "_by", "_till", "_from"].iter().any(|end| name.ends_with(end))
}

/// A number that differs by name, so that ids are not all alike.
fn whole(name: &str) -> u64 {
    if name.ends_with("id") || name.ends_with("utr") {
        1_000_000 + name.bytes().fold(0, |sum, byte| (sum * 31 + u64::from(byte)) % 899_999)
    } else {
        1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec;

    fn answer<'a>(spec: &'a Spec, operation: &str) -> &'a Value {
        let found = spec.operations.iter().find(|one| one.id == operation);
        found.and_then(|one| one.answer.as_ref()).expect("has an answer")
    }

    #[test]
    fn ids_take_the_type_of_the_version() {
        let payment = json!({
            "cf_payment_id": "123", "payment_surcharge": null,
            "payment_method": {"upi": {"channel": "collect", "upi_payer_ifsc": null}},
        });
        let old = spec::find("2022-09-01").expect("embedded");
        assert_eq!(
            project(old, answer(old, "PGOrderFetchPayment"), payment.clone()),
            json!({"cf_payment_id": 123, "payment_method": {"upi": {"channel": "collect", "upi_payer_ifsc": null}}})
        );
        let middle = spec::find("2023-08-01").expect("embedded");
        assert_eq!(
            project(middle, answer(middle, "PGOrderFetchPayment"), payment),
            json!({"cf_payment_id": "123", "payment_method": {"upi": {"channel": "collect"}}})
        );
    }

    #[test]
    fn examples_echo_what_is_known_and_are_the_same_twice() {
        let spec = spec::find("2025-01-01").expect("embedded");
        let known = json!({"plan_id": "gold", "plan_max_amount": "12.5", "plan_max_cycles": 3});
        let make = || example(spec, answer(spec, "SubsCreatePlan"), &known, "2025-01-15T12:20:29+05:30");
        assert_eq!(make()["plan_id"], "gold");
        assert_eq!(make()["plan_max_amount"], 12.5);
        assert_eq!(make()["plan_max_cycles"], 3);
        assert_eq!(make(), make());
    }
}
