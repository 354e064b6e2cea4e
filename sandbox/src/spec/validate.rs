//! Checks what a caller sends against the spec.
//!
//! Strict where the real API is: required members, limits, patterns, allowed values, two decimals in amounts.
//! Tolerant where the real API is known to be: a number for a text, a text for a number, one object for a
//! list of them, null or an empty text for nothing, members nobody declared, other letter case in an allowed
//! value.

use rust_decimal::Decimal;
use serde_json::Value;

use super::{Operation, Spec, items};
use crate::gateway::problem::Problem;
use crate::world::money;

/// Checks a JSON body.
pub(crate) fn body(spec: &Spec, schema: &Value, body: &Value) -> Result<(), Problem> {
    Validator { spec }.check(schema, body, "")
}

/// Checks the values of the path and the query.
pub(crate) fn parameters(
    spec: &Spec,
    operation: &Operation,
    path: &[(String, String)],
    query: &[(String, String)],
) -> Result<(), Problem> {
    for parameter in &operation.parameters {
        let values = if parameter.in_query { query } else { path };
        let listed = spec.resolve(&parameter.schema)["type"] == "array";
        let mut given = values.iter().filter(|(name, _)| *name == parameter.name).peekable();
        if parameter.required && given.peek().is_none() {
            return Err(Problem::missing(&parameter.name));
        }
        for (name, value) in given.take(if listed { usize::MAX } else { 1 }) {
            // A list is given again and again, or between commas.
            let parts = value.split(',').filter(|_| listed).map(|part| Value::from(part.trim()));
            let value = if listed { parts.collect() } else { Value::from(value.as_str()) };
            Validator { spec }.check(&parameter.schema, &value, name)?;
        }
    }
    Ok(())
}

struct Validator<'a> {
    spec: &'a Spec,
}

impl Validator<'_> {
    fn check(&self, schema: &Value, value: &Value, at: &str) -> Result<(), Problem> {
        let schema = self.spec.resolve(schema);
        if is_nothing(value) {
            return Ok(());
        }
        for part in items(&schema["allOf"]) {
            self.check(part, value, at)?;
        }
        for union in ["oneOf", "anyOf"] {
            if schema[union].is_array() {
                self.union(&schema[union], value, at)?;
            }
        }
        match schema["type"].as_str() {
            Some("object") => self.object(schema, value, at),
            Some("array") => self.array(schema, value, at),
            Some("string") => self.string(schema, value, at),
            Some("number" | "integer") => self.number(schema, value, at),
            Some("boolean") => boolean(value, at),
            _ if schema["properties"].is_object() => self.object(schema, value, at),
            _ => Ok(()),
        }
    }

    fn object(&self, schema: &Value, value: &Value, at: &str) -> Result<(), Problem> {
        let Some(object) = value.as_object() else { return Err(invalid(at, "should be an object", value)) };
        let properties = &schema["properties"];
        for name in items(&schema["required"]).filter_map(Value::as_str) {
            // Some lists require names that are no members of the object they stand on, or end in a dot.
            let name = name.trim_end_matches('.');
            let declared = properties.get(name).is_some();
            if declared && object.get(name).is_none_or(is_nothing) {
                return Err(Problem::missing(&join(at, name)));
            }
        }
        for (name, member) in object {
            match (properties.get(name), &schema["additionalProperties"]) {
                (Some(property), _) => self.check(property, member, &join(at, name))?,
                (None, additional @ Value::Object(_)) => self.check(additional, member, &join(at, name))?,
                _ => {}
            }
        }
        Ok(())
    }

    fn array(&self, schema: &Value, value: &Value, at: &str) -> Result<(), Problem> {
        let one = std::slice::from_ref(value);
        let list = match value {
            Value::Array(list) => list.as_slice(),
            Value::Object(_) => one,
            _ => return Err(invalid(at, "should be a list", value)),
        };
        let count = list.len() as u64;
        if schema["minItems"].as_u64().is_some_and(|least| count < least)
            || schema["maxItems"].as_u64().is_some_and(|most| count > most)
        {
            return Err(invalid(at, "has too few or too many items", value));
        }
        list.iter()
            .enumerate()
            .try_for_each(|(index, item)| self.check(&schema["items"], item, &format!("{at}[{index}]")))
    }

    /// A union is told apart by its key: the arms that require a member the value has.
    fn union(&self, arms: &Value, value: &Value, at: &str) -> Result<(), Problem> {
        let mut failure = None;
        let mut keyed = false;
        for arm in items(arms) {
            let required = &self.spec.resolve(arm)["required"];
            let mut required = items(required).filter_map(Value::as_str).peekable();
            keyed |= required.peek().is_some();
            if !required.all(|name| value.get(name).is_some_and(|member| !is_nothing(member))) {
                continue;
            }
            match self.check(arm, value, at) {
                Ok(()) => return Ok(()),
                Err(problem) => failure = failure.or(Some(problem)),
            }
        }
        match failure {
            Some(problem) => Err(problem),
            None if keyed => Err(invalid(at, "has none of the forms that are allowed here", value)),
            None => Ok(()),
        }
    }

    fn string(&self, schema: &Value, value: &Value, at: &str) -> Result<(), Problem> {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Bool(flag) => flag.to_string(),
            _ => return Err(invalid(at, "should be a text", value)),
        };
        let length = text.chars().count() as u64;
        if let Some(least) = schema["minLength"].as_u64().filter(|least| length < *least) {
            return Err(invalid(at, &format!("should have at least {least} characters"), value));
        }
        if let Some(most) = schema["maxLength"].as_u64().filter(|most| length > *most) {
            return Err(invalid(at, &format!("should have at most {most} characters"), value));
        }
        self.pattern(schema, &text, value, at)?;
        let mut allowed = items(&schema["enum"]).filter_map(Value::as_str).peekable();
        // Some allowed values were published with the quotation marks around them.
        let bare = |text: &str| text.trim_matches('"').to_ascii_lowercase();
        if allowed.peek().is_some() && !allowed.any(|one| bare(one) == bare(&text)) {
            return Err(invalid(at, "is none of the allowed values", value));
        }
        Ok(())
    }

    fn number(&self, schema: &Value, value: &Value, at: &str) -> Result<(), Problem> {
        let Some(amount) = money::decimal(value) else {
            return Err(invalid(at, "should be a number", value));
        };
        if schema["type"] == "integer" && !amount.is_integer() {
            return Err(invalid(at, "should be a whole number", value));
        }
        let name = leaf(at);
        let is_amount = name == "amount" || name.ends_with("_amount") || name.ends_with("Amount");
        if let Some(least) = money::decimal(&schema["minimum"]).filter(|least| amount < *least) {
            let rule = match is_amount {
                true => "Invalid amount".to_owned(),
                false => format!("should be greater than or equal to {least}"),
            };
            return Err(invalid(at, &rule, value));
        }
        let most = money::decimal(&schema["maximum"]);
        if let Some(most) = most.or(is_amount.then_some(money::MAXIMUM)).filter(|most| amount > *most) {
            return Err(invalid(at, &format!("should be less than or equal to {most}"), value));
        }
        if is_amount && amount.normalize().scale() > 2 {
            return Err(invalid(at, "should have at most two decimals", value));
        }
        if is_amount && amount < Decimal::ZERO {
            return Err(invalid(at, "should not be negative", value));
        }
        let allowed = &schema["enum"];
        if allowed.is_array() && !items(allowed).any(|one| money::decimal(one) == Some(amount)) {
            return Err(invalid(at, "is none of the allowed values", value));
        }
        self.pattern(schema, &amount.to_string(), value, at)
    }

    fn pattern(&self, schema: &Value, text: &str, value: &Value, at: &str) -> Result<(), Problem> {
        match schema["pattern"].as_str().and_then(|pattern| self.spec.pattern(pattern)) {
            Some(regex) if !regex.is_match(text) => Err(invalid(at, "has the wrong form", value)),
            _ => Ok(()),
        }
    }
}

fn boolean(value: &Value, at: &str) -> Result<(), Problem> {
    match value {
        Value::Bool(_) => Ok(()),
        Value::String(text) if text == "true" || text == "false" => Ok(()),
        _ => Err(invalid(at, "should be true or false", value)),
    }
}

fn join(at: &str, name: &str) -> String {
    if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") }
}

fn leaf(at: &str) -> &str {
    let name = at.rsplit('.').next().unwrap_or(at);
    name.split('[').next().unwrap_or(name)
}

/// Absent, as the API sees it.
pub(crate) fn is_nothing(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(str::is_empty)
}

fn invalid(at: &str, rule: &str, value: &Value) -> Problem {
    match at {
        "" => Problem::invalid("request_invalid", format!("body : {rule}. Value received: ")),
        at => Problem::member(at, rule, value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec;
    use serde_json::json;

    fn create_order(body_: Value) -> Result<(), String> {
        check("PGCreateOrder", body_)
    }

    fn check(operation: &str, body_: Value) -> Result<(), String> {
        let spec = spec::find("2025-01-01").expect("embedded");
        let operation = spec.operations.iter().find(|one| one.id == operation).expect("known");
        let schema = &operation.request.as_ref().expect("has a body").schema;
        body(spec, schema, &body_).map_err(|problem| format!("{}: {}", problem.code, problem.message))
    }

    fn order() -> Value {
        json!({
            "order_amount": 10.5, "order_currency": "INR",
            "customer_details": { "customer_id": "c_1", "customer_phone": "9999999999" },
        })
    }

    #[test]
    fn a_good_order_passes_and_each_fault_is_named() {
        assert_eq!(create_order(order()), Ok(()));
        let cases = [
            ("order_id", json!("ab"), "order_id_invalid"),
            ("order_amount", json!(0), "order_amount_invalid"),
            ("order_amount", json!(10.505), "order_amount_invalid"),
            ("order_amount", json!("ten"), "order_amount_invalid"),
            ("order_amount", Value::Null, "order_amount_missing"),
            (
                "customer_details",
                json!({"customer_id": "c_1", "customer_phone": ""}),
                "customer_details.customer_phone_missing",
            ),
            ("customer_details", json!("c_1"), "customer_details_invalid"),
            ("order_currency", json!(""), "order_currency_missing"),
        ];
        for (member, value, code) in cases {
            let mut body = order();
            body[member] = value;
            let failure = create_order(body).expect_err(code);
            assert!(failure.starts_with(&format!("{code}: ")), "{failure}");
        }
        assert!(create_order(json!([])).is_err());
    }

    #[test]
    fn what_the_real_api_takes_is_taken() {
        let mut body = order();
        body["customer_details"]["customer_phone"] = json!(9_999_999_999_u64);
        body["order_amount"] = json!("10.50");
        body["order_note"] = Value::Null;
        body["never_heard_of"] = json!({ "a": 1 });
        assert_eq!(create_order(body), Ok(()));
    }

    #[test]
    fn a_union_is_decided_by_its_key() {
        let pay =
            |method: Value| check("PGPayOrder", json!({"payment_session_id": "s", "payment_method": method}));
        assert_eq!(pay(json!({"upi": {"channel": "collect", "upi_id": "a@b"}})), Ok(()));
        assert!(
            pay(json!({"upi": {"channel": "pigeon"}}))
                .expect_err("channel")
                .starts_with("channel_invalid: payment_method.upi")
        );
        assert_eq!(pay(json!({"card": null, "upi": {"channel": "link"}})), Ok(()));
        assert!(pay(json!({"barter": {}})).expect_err("method").starts_with("payment_method_invalid"));
        assert!(pay(json!({"netbanking": {"channel": "link", "netbanking_bank_code": 33}})).is_err());
    }

    #[test]
    fn secrets_are_not_repeated() {
        let card = json!({"card": {"channel": "link", "card_number": {"a": 1}, "card_cvv": ["123"]}});
        let failure = check("PGPayOrder", json!({"payment_session_id": "s", "payment_method": card}));
        assert!(!failure.expect_err("wrong type").contains("123"));
    }
}
