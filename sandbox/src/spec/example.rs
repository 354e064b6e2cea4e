//! Answers made from a schema, for operations that nothing is imitated of, and for events that nothing causes.

use serde_json::{Map, Value, json};

use super::shape::{best_arm, unslip};
use super::{Spec, items, members};
use crate::world::money;

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
            // It may be anything, an amount as well: an object would be none.
            None if depth > 0
                && schema["properties"].is_null()
                && schema["additionalProperties"].is_null() =>
            {
                Value::Null
            }
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

    #[test]
    fn examples_echo_what_is_known_and_are_the_same_twice() {
        let spec = spec::find("2025-01-01").expect("embedded");
        let known = json!({"plan_id": "gold", "plan_max_amount": "12.5", "plan_max_cycles": 3});
        let make = || example(spec, spec.answer_of("SubsCreatePlan"), &known, "2025-01-15T12:20:29+05:30");
        assert_eq!(make()["plan_id"], "gold");
        assert_eq!(make()["plan_max_amount"], 12.5);
        assert_eq!(make()["plan_max_cycles"], 3);
        assert_eq!(make(), make());
    }
}
