//! Every type describes itself as JSON Schema, and the examples of the specifications fit the descriptions.

use std::collections::BTreeSet;

use cashfree_pg::registry::{Entry, VERSIONS};
use serde_json::Value;

fn entry(version: &str, kind: &str, name: &str) -> &'static Entry {
    let entries = VERSIONS.iter().find(|(v, _)| *v == version).expect("the version's feature").1;
    entries.iter().find(|e| e.kind == kind && e.name == name).unwrap_or_else(|| panic!("no {kind} {name}"))
}

/// Where a value does not fit a schema: types, required members, items, arms. Members that a schema does not
/// list are collected: an example has none.
struct Check<'a> {
    root: &'a Value,
    faults: Vec<String>,
}

impl<'a> Check<'a> {
    fn of(root: &'a Value, value: &Value) -> Vec<String> {
        let mut check = Check { root, faults: Vec::new() };
        check.value(root, value, "$");
        check.faults
    }

    fn value(&mut self, schema: &'a Value, value: &Value, at: &str) {
        let schema = match schema["$ref"].as_str() {
            Some(reference) => match self.root.pointer(reference.trim_start_matches('#')) {
                Some(schema) => schema,
                None => return self.faults.push(format!("{at}: {reference} leads nowhere")),
            },
            None => schema,
        };
        if let Some(arms) = schema["anyOf"].as_array() {
            let fits = arms.iter().any(|arm| {
                let mut check = Check { root: self.root, faults: Vec::new() };
                check.value(arm, value, at);
                check.faults.is_empty()
            });
            if !fits {
                self.faults.push(format!("{at}: fits no arm"));
            }
        }
        let kinds: Vec<&str> = match &schema["type"] {
            Value::String(kind) => vec![kind],
            Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        let is = |kind: &str| match kind {
            "object" => value.is_object(),
            "array" => value.is_array(),
            "string" => value.is_string(),
            "integer" => value.is_i64() || value.is_u64(),
            "number" => value.is_number(),
            "boolean" => value.is_boolean(),
            "null" => value.is_null(),
            other => panic!("no type {other}"),
        };
        if !kinds.is_empty() && !kinds.iter().any(|kind| is(kind)) {
            return self.faults.push(format!("{at}: {value} is none of {kinds:?}"));
        }
        for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if value.get(name).is_none() {
                self.faults.push(format!("{at}: {name} is missing"));
            }
        }
        for (index, item) in value.as_array().into_iter().flatten().enumerate() {
            if schema["items"].is_object() {
                self.value(&schema["items"], item, &format!("{at}[{index}]"));
            }
        }
        for (name, member) in value.as_object().into_iter().flatten() {
            let at = format!("{at}.{name}");
            match (schema["properties"].get(name), &schema["additionalProperties"]) {
                (Some(property), _) => self.value(property, member, &at),
                (None, rest @ Value::Object(_)) => self.value(rest, member, &at),
                (None, _) if schema["properties"].is_object() => {
                    self.faults.push(format!("{at}: not listed"))
                }
                (None, _) => {}
            }
        }
    }
}

#[test]
fn every_type_has_a_schema_whose_references_lead_somewhere() {
    fn references(schema: &Value, found: &mut BTreeSet<String>) {
        match schema {
            Value::Object(map) => {
                found.extend(map.get("$ref").and_then(Value::as_str).map(str::to_owned));
                map.values().for_each(|value| references(value, found));
            }
            Value::Array(list) => list.iter().for_each(|value| references(value, found)),
            _ => {}
        }
    }
    for (version, entries) in VERSIONS {
        for entry in *entries {
            let schema = (entry.schema)();
            let mut found = BTreeSet::new();
            references(&schema, &mut found);
            for reference in found {
                let target = schema.pointer(reference.trim_start_matches('#'));
                assert!(target.is_some(), "{version} {}: {reference}", entry.name);
            }
            for (name, _) in (entry.members)() {
                assert!(!schema["properties"][name].is_null(), "{version} {}.{name}", entry.name);
            }
        }
    }
}

#[test]
fn the_examples_and_answers_of_the_specifications_fit() {
    let mut checked = 0;
    for spec in crate::specs::MENDED.iter() {
        for operation in spec.operations() {
            let id = operation.id();
            if let Some(("application/json", _, example)) = operation.request() {
                let schema = (entry(&spec.version, "request", id).schema)();
                assert_eq!(Check::of(&schema, example), [""; 0], "{} {id}", spec.version);
                checked += 1;
            }
            // Documented as an object around the list that it is.
            if let (Some(answer), false) = (operation.success().1, id == "SubscriptionEligibility") {
                let schema = (entry(&spec.version, "response", id).schema)();
                assert_eq!(Check::of(&schema, &spec.sample(answer)), [""; 0], "{} {id}", spec.version);
                checked += 1;
            }
        }
        for (event, payload) in spec.events() {
            let schema = (entry(&spec.version, "webhook", event).schema)();
            assert_eq!(Check::of(&schema, &spec.sample(payload)), [""; 0], "{} {event}", spec.version);
            checked += 1;
        }
    }
    assert!(checked > 350, "{checked}");
}

#[test]
fn what_does_not_fit_is_found() {
    let schema = (entry("2025-01-01", "request", "PGCreateOrder").schema)();
    let faults =
        Check::of(&schema, &serde_json::json!({"order_amount": "1", "customer_details": {}, "x": 1}));
    let found = |text: &str| assert!(faults.iter().any(|fault| fault.contains(text)), "{text}: {faults:?}");
    found("$.order_amount: \"1\" is none of");
    found("$.customer_details: customer_phone is missing");
    found("$: order_currency is missing");
    found("$.x: not listed");
}
