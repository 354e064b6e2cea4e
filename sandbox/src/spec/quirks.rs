//! `--quirks`: answers the way the live API breaks its own specifications, each of which was seen.
//!
//! What a client has to put up with is the same each time, so that tests that run against it do not flicker.

use serde_json::{Map, Value, json};

use super::{Operation, Spec, items, shape};

/// Ids that come as a number where a text is declared, and the other way round.
const IDS: [&str; 6] =
    ["cf_payment_id", "cf_order_id", "cf_refund_id", "cf_settlement_id", "cf_link_id", "cf_terminal_id"];
/// Answers that come as a list of one.
const LISTED: [&str; 2] = ["PGOrderCreateRefund", "PGCreateCustomer"];
/// Members that come as one object where a list is declared.
const SINGLE: [&str; 5] = ["bank", "kyc_details", "schedule_option", "upi", "preferred_evidence"];
/// Numbers that come as texts.
const AS_TEXT: [&str; 4] = ["discount_value", "max_discount_amount", "cashback_value", "max_cashback_amount"];
/// Times that come without a zone.
const ZONELESS: [&str; 4] = ["payment_from", "payment_till", "settlement_date", "transaction_time"];

/// Gives an answer the shape that the live API gives it.
pub(crate) fn answer(spec: &Spec, operation: &Operation, schema: &Value, answer: Value) -> Value {
    let spoilt = spoil(spec, schema, answer);
    if LISTED.contains(&operation.id.as_str()) { json!([spoilt]) } else { spoilt }
}

/// The same for a part of an answer, or for an event.
pub(crate) fn spoil(spec: &Spec, schema: &Value, value: Value) -> Value {
    let shaped = shape::project(spec, schema, value.clone());
    merge(shaped, &value)
}

/// What is declared, spoilt, and what is not declared besides.
fn merge(shaped: Value, whole: &Value) -> Value {
    match (shaped, whole) {
        (Value::Object(shaped), Value::Object(whole)) => {
            let mut merged = Map::new();
            for (name, value) in shaped {
                let inner = whole.get(&name).unwrap_or(&Value::Null);
                merged.insert(name.clone(), member(&name, merge(value, inner)));
            }
            for (name, value) in whole {
                if !merged.contains_key(name) {
                    merged.insert(name.clone(), value.clone());
                }
            }
            Value::Object(merged)
        }
        (Value::Array(shaped), Value::Array(whole)) => shaped
            .into_iter()
            .enumerate()
            .map(|(at, one)| merge(one, whole.get(at).unwrap_or(&Value::Null)))
            .collect(),
        (shaped, _) => shaped,
    }
}

fn member(name: &str, value: Value) -> Value {
    match value {
        Value::String(text) if IDS.contains(&name) => {
            text.parse::<u64>().map_or(Value::String(text), Value::from)
        }
        Value::Number(number) if IDS.contains(&name) || AS_TEXT.contains(&name) => json!(number.to_string()),
        Value::String(text) if ZONELESS.contains(&name) => match text.split_once('+') {
            Some((time, _)) => json!(time.replace('T', " ")),
            None => Value::String(text),
        },
        Value::Array(list) if SINGLE.contains(&name) && list.len() == 1 => {
            items(&Value::Array(list)).next().cloned().unwrap_or_default()
        }
        // An empty text, and the word for nothing.
        Value::Null if name == "auth_id" => json!("null"),
        Value::Null if name == "order_note" => json!(""),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec;

    #[test]
    fn nothing_that_is_declared_is_lost() {
        let spec = spec::find("2025-01-01").expect("embedded");
        let operation = |id: &str| spec.operations.iter().find(|one| one.id == id).expect(id);
        let payment = operation("PGOrderFetchPayment");
        let schema = payment.answer.as_ref().expect("declared");
        let answer =
            json!({ "cf_payment_id": "12", "auth_id": null, "payment_offers": null, "entity": "payment" });
        let spoilt = spoil(spec, schema, answer);
        assert_eq!(spoilt["cf_payment_id"], 12);
        assert_eq!((&spoilt["auth_id"], &spoilt["entity"]), (&json!("null"), &json!("payment")));
        assert!(spoilt.get("payment_offers").is_some(), "undeclared, and sent all the same");
        let refund = operation("PGOrderCreateRefund");
        let schema = refund.answer.as_ref().expect("declared");
        assert_eq!(
            super::answer(spec, refund, schema, json!({"refund_id": "r"})),
            json!([{"refund_id": "r"}])
        );
    }
}
