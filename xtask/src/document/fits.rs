//! Does a JSON value fit a schema? The subset of JSON Schema that OpenAPI 3.0 documents use, so that the
//! examples of a specification can be checked and a request can be judged, without a validator crate in
//! every build.
//!
//! `oneOf` is read as `anyOf`: the arms of published unions overlap. Formats are not checked.

use std::collections::HashMap;

use serde_json::Value;

use cashfree_codegen::Fault;
use cashfree_codegen::spec::resolve;
use cashfree_codegen::spec::token;

/// Where and why `value` does not fit `schema`; pointers are into the value. Empty where it fits.
///
/// References are looked up in `spec`; one that leads nowhere fits nothing.
pub(crate) fn misfits(spec: &Value, schema: &Value, value: &Value) -> Vec<Fault> {
    let mut check = Check { spec, faults: Vec::new(), known: HashMap::new() };
    check.value(schema, value, "", 0);
    check.faults
}

struct Check<'a> {
    spec: &'a Value,
    faults: Vec<Fault>,
    /// What is known of a schema and a value, by their places in memory.
    known: HashMap<(*const Value, *const Value), Vec<Fault>>,
}

impl Check<'_> {
    fn refuse(&mut self, at: &str, reason: impl Into<String>) {
        self.faults.push(Fault::new(at, reason));
    }

    fn value(&mut self, schema: &Value, value: &Value, at: &str, depth: usize) {
        // Deeper than any real body: a schema that is made of itself.
        if depth > 128 {
            return self.refuse(at, "the schema never ends");
        }
        let Some(schema) = resolve(self.spec, schema) else {
            return self.refuse(at, "the schema refers to nothing");
        };
        let asked = (std::ptr::from_ref(schema), std::ptr::from_ref(value));
        if let Some(known) = self.known.get(&asked) {
            return self.faults.extend(known.iter().cloned());
        }
        // Before it is answered: of a schema that is made of itself the value has nothing more to fit.
        self.known.insert(asked, Vec::new());
        let before = self.faults.len();
        self.resolved(schema, value, at, depth);
        self.known.insert(asked, self.faults[before..].to_vec());
    }

    fn resolved(&mut self, schema: &Value, value: &Value, at: &str, depth: usize) {
        if value.is_null() && schema["nullable"] == true {
            return;
        }
        for arm in schema["allOf"].as_array().into_iter().flatten() {
            self.value(arm, value, at, depth + 1);
        }
        for union in ["oneOf", "anyOf"] {
            if let Some(arms) = schema[union].as_array() {
                self.one_of(arms, value, at, depth);
            }
        }
        if let Some(kind) = schema["type"].as_str()
            && !is_a(value, kind)
        {
            return self.refuse(at, format!("expected {kind}, found {}", kind_of(value)));
        }
        if let Some(allowed) = schema["enum"].as_array()
            && !allowed.contains(value)
        {
            self.refuse(at, format!("{value} is not among the values of the enum"));
        }
        match value {
            Value::String(text) => self.text(schema, text, at),
            Value::Number(number) => self.number(schema, number.as_f64().unwrap_or(f64::NAN), at),
            Value::Array(items) => {
                self.size(schema, items.len(), ["minItems", "maxItems"], "items", at);
                if schema["items"].is_object() {
                    for (i, item) in items.iter().enumerate() {
                        self.value(&schema["items"], item, &format!("{at}/{i}"), depth + 1);
                    }
                }
            }
            Value::Object(_) => self.object(schema, value, at, depth),
            Value::Null | Value::Bool(_) => {}
        }
    }

    /// The faults of the arm that fits best, where none fits.
    fn one_of(&mut self, arms: &[Value], value: &Value, at: &str, depth: usize) {
        let mut best: Option<Vec<Fault>> = None;
        for arm in arms {
            let before = self.faults.len();
            self.value(arm, value, at, depth + 1);
            let faults = self.faults.split_off(before);
            if faults.is_empty() {
                return;
            }
            if best.as_ref().is_none_or(|best| faults.len() < best.len()) {
                best = Some(faults);
            }
        }
        self.faults.extend(best.unwrap_or_default());
    }

    fn text(&mut self, schema: &Value, text: &str, at: &str) {
        self.size(schema, text.chars().count(), ["minLength", "maxLength"], "characters", at);
        // A pattern that cannot be read, such as one that looks around, says nothing here as it does in the client.
        if let Some(pattern) = schema["pattern"].as_str()
            && regex_lite::Regex::new(pattern).is_ok_and(|regex| !regex.is_match(text))
        {
            self.refuse(at, format!("{text:?} does not match the pattern {pattern}"));
        }
    }

    fn number(&mut self, schema: &Value, number: f64, at: &str) {
        if let Some(least) = schema["minimum"].as_f64()
            && (number < least || (number == least && schema["exclusiveMinimum"] == true))
        {
            self.refuse(at, format!("{number} is less than the minimum of {least}"));
        }
        if let Some(most) = schema["maximum"].as_f64()
            && (number > most || (number == most && schema["exclusiveMaximum"] == true))
        {
            self.refuse(at, format!("{number} is more than the maximum of {most}"));
        }
    }

    fn object(&mut self, schema: &Value, value: &Value, at: &str, depth: usize) {
        let Some(members) = value.as_object() else { return };
        self.size(schema, members.len(), ["minProperties", "maxProperties"], "members", at);
        for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !members.contains_key(name) {
                self.refuse(at, format!("the required member {name} is missing"));
            }
        }
        for (name, member) in members {
            let inner = format!("{at}/{}", token(name));
            match (schema["properties"].get(name), &schema["additionalProperties"]) {
                (Some(property), _) => self.value(property, member, &inner, depth + 1),
                (None, Value::Bool(false)) => self.refuse(&inner, "no other members are allowed"),
                (None, rest @ Value::Object(_)) => self.value(rest, member, &inner, depth + 1),
                (None, _) => {}
            }
        }
    }

    fn size(&mut self, schema: &Value, size: usize, [least, most]: [&str; 2], what: &str, at: &str) {
        let size = size as u64;
        if let Some(least) = schema[least].as_u64().filter(|least| size < *least) {
            self.refuse(at, format!("{size} {what}, expected at least {least}"));
        }
        if let Some(most) = schema[most].as_u64().filter(|most| size > *most) {
            self.refuse(at, format!("{size} {what}, expected at most {most}"));
        }
    }
}

fn is_a(value: &Value, kind: &str) -> bool {
    match kind {
        "integer" => value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|n| n.fract() == 0.0),
        "number" => value.is_number(),
        kind => kind_of(value) == kind,
    }
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The faults of `value`, as `pointer: reason`.
    fn faults(schema: Value, value: Value) -> Vec<String> {
        let spec = json!({"components": {"schemas": {"Text": {"type": "string"}}}});
        misfits(&spec, &schema, &value).into_iter().map(|f| format!("{}: {}", f.pointer, f.reason)).collect()
    }

    #[test]
    fn names_the_member_that_does_not_fit() {
        let schema = json!({"type": "object", "required": ["id"], "properties": {
            "id": {"$ref": "#/components/schemas/Text"},
            "tags": {"type": "array", "maxItems": 1, "items": {"type": "string", "maxLength": 2}}
        }});
        assert_eq!(faults(schema.clone(), json!({"id": "1", "tags": ["ab"], "more": 1})), [""; 0]);
        assert_eq!(
            faults(schema.clone(), json!({"id": 1, "tags": ["ab", "abc"]})),
            [
                "/id: expected string, found number",
                "/tags: 2 items, expected at most 1",
                "/tags/1: 3 characters, expected at most 2"
            ]
        );
        assert_eq!(faults(schema, json!({})), [": the required member id is missing"]);
    }

    #[test]
    fn numbers_have_limits_and_integers_no_fraction() {
        let schema = json!({"type": "integer", "minimum": 1, "maximum": 3, "exclusiveMaximum": true});
        assert_eq!(faults(schema.clone(), json!(2.0)), [""; 0]);
        assert_eq!(faults(schema.clone(), json!(2.5)), [": expected integer, found number"]);
        assert_eq!(faults(schema.clone(), json!(0)), [": 0 is less than the minimum of 1"]);
        assert_eq!(faults(schema, json!(3)), [": 3 is more than the maximum of 3"]);
    }

    #[test]
    fn null_fits_only_where_it_is_allowed() {
        assert_eq!(faults(json!({"type": "string", "nullable": true}), json!(null)), [""; 0]);
        assert_eq!(faults(json!({}), json!(null)), [""; 0]);
        assert_eq!(faults(json!({"type": "string"}), json!(null)), [": expected string, found null"]);
    }

    #[test]
    fn a_union_takes_any_arm_and_tells_of_the_closest() {
        let schema = json!({"oneOf": [
            {"type": "object", "required": ["upi", "channel"]},
            {"type": "object", "required": ["card"], "additionalProperties": false,
             "properties": {"card": {"type": "object"}}},
            {"type": "object", "required": ["card"]},
        ]});
        assert_eq!(faults(schema.clone(), json!({"card": {}})), [""; 0], "two arms fit, and that is enough");
        assert_eq!(faults(schema, json!({})), [": the required member card is missing"]);
    }

    #[test]
    fn what_is_made_of_each_other_is_asked_once() {
        let of = |name: &String| json!({"$ref": format!("#/components/schemas/{name}")});
        let kinds: Vec<String> = (0..24).map(|i| format!("Kind{i}")).collect();
        let mut schemas = json!({"Pet": {"type": "object", "required": ["kind"],
            "oneOf": kinds.iter().map(of).collect::<Vec<_>>()}});
        for kind in &kinds {
            schemas[kind] = json!({"allOf": [{"$ref": "#/components/schemas/Pet"}, {"required": [kind]}],
                "anyOf": kinds.iter().map(of).collect::<Vec<_>>()});
        }
        let spec = json!({"components": {"schemas": schemas}});
        let faults = |value: Value| misfits(&spec, &json!({"$ref": "#/components/schemas/Pet"}), &value);
        assert_eq!(faults(json!({"kind": 1, "Kind7": 1})), []);
        assert_eq!(faults(json!({"Kind7": 1}))[0].reason, "the required member kind is missing");
    }

    #[test]
    fn enums_patterns_and_closed_objects() {
        assert_eq!(
            faults(json!({"enum": ["a"]}), json!("b")),
            [": \"b\" is not among the values of the enum"]
        );
        let digits = json!({"type": "string", "pattern": "^[0-9]{2}$"});
        assert_eq!(faults(digits.clone(), json!("12")), [""; 0]);
        assert_eq!(faults(digits, json!("1a")), [": \"1a\" does not match the pattern ^[0-9]{2}$"]);
        assert_eq!(faults(json!({"type": "string", "pattern": "^(?=.*[0-9])"}), json!("a")), [""; 0]);
        let closed = json!({"properties": {"a": {}}, "additionalProperties": false});
        assert_eq!(faults(closed, json!({"a": 1, "b": 2})), ["/b: no other members are allowed"]);
        let map = json!({"additionalProperties": {"type": "string"}});
        assert_eq!(faults(map, json!({"a/b": 2})), ["/a~1b: expected string, found number"]);
    }
}
