//! The faults of Cashfree's published specifications, one function each.
//!
//! A fixup knows the fault it mends and fails once the fault is gone, so that none outlives its reason.
//! Rules that hold for any specification are in [`normalise`](crate::normalise).

use serde_json::{Value, json};

use crate::error::Fault;
use crate::spec::{refer_to, reference, schemas_mut};

type Fixup = fn(&mut Value) -> Result<(), Fault>;

/// The fixups of a version, in the order in which they are applied.
fn of(version: &str) -> &'static [Fixup] {
    match version {
        "2022-09-01" => &[key_payment_method_arms, settlements_come_in_pages],
        "2025-01-01" => &[key_subscription_payment_method_arms, settlements_come_in_pages],
        _ => &[],
    }
}

/// Mends the known faults of `version` in its specification.
///
/// # Errors
/// A fixup whose fault is no longer there: delete the fixup.
pub fn apply(spec: &mut Value, version: &str) -> Result<(), Fault> {
    of(version).iter().try_for_each(|fixup| fixup(spec))
}

/// The `payment_method` of a 2022-09-01 payment lists its arms without the key that wraps them
/// (`{channel, upi_id}` for what is really `{"upi": {channel, upi_id}}`), so that every body fits the
/// first arm, a card.
fn key_payment_method_arms(spec: &mut Value) -> Result<(), Fault> {
    let arms = [
        ("PaymentMethodCardInPaymentsEntity", "card"),
        ("PaymentMethodNetBankingInPaymentsEntity", "netbanking"),
        ("PaymentMethodUPIInPaymentsEntity", "upi"),
        ("PaymentMethodAppInPaymentsEntity", "app"),
        ("PaymentMethodCardlessEMIInPaymentsEntity", "cardless_emi"),
        ("PaymentMethodPaylaterInPaymentsEntity", "paylater"),
    ];
    key_arms(spec, "/components/schemas/PaymentMethodInPaymentsEntity/properties/payment_method/oneOf", &arms)
}

/// The `payment_method` of a 2025-01-01 subscription payment has lost the keys that 2023-08-01 still has.
fn key_subscription_payment_method_arms(spec: &mut Value) -> Result<(), Fault> {
    let arms = [
        ("CreateSubscriptonPaymentRequestUpi", "upi"),
        ("CreateSubscriptionPaymentRequestEnach", "enach"),
        ("CreateSubscriptionPaymentRequestPnach", "pnach"),
        ("CreateSubscriptionPaymentRequestCard", "card"),
    ];
    key_arms(
        spec,
        "/components/schemas/CreateSubscriptionPaymentRequest/properties/payment_method/oneOf",
        &arms,
    )
}

/// `POST /settlements` takes a page's limit and cursor, and only 2023-08-01 publishes the page that it
/// answers with; the others publish one settlement.
fn settlements_come_in_pages(spec: &mut Value) -> Result<(), Fault> {
    const ANSWER: &str = "/paths/~1settlements/post/responses/200/content/application~1json/schema";
    let gone = |reason: &str| Fault::new(ANSWER, format!("fixup no longer needed: {reason}"));
    if spec.pointer("/components/schemas/SettlementEntity/properties/cursor").is_some() {
        return Err(gone("`SettlementEntity` is a page"));
    }
    let answer = spec.pointer_mut(ANSWER).ok_or_else(|| gone("there is no such answer"))?;
    if reference(answer) != Some("SettlementEntity") {
        return Err(gone("it is no `SettlementEntity`"));
    }
    *answer = refer_to("SettlementPage");
    let page = json!({
        "type": "object",
        "description": "A page of settlements.",
        "properties": {
            "cursor": {
                "type": "string",
                "description": "Token to pass back for the next page; empty or null on the last one.",
            },
            "limit": { "type": "integer", "description": "Largest number of settlements on a page." },
            "data": {
                "type": "array",
                "description": "Settlements on this page.",
                "items": refer_to("SettlementEntity"),
            },
        },
    });
    schemas_mut(spec).insert("SettlementPage".into(), page);
    Ok(())
}

/// Wraps each arm of the union at `pointer` in an object with its key.
fn key_arms(spec: &mut Value, pointer: &str, arms: &[(&str, &str)]) -> Result<(), Fault> {
    let schemas = schemas_mut(spec).clone();
    let gone = |reason: String| Fault::new(pointer, format!("fixup no longer needed: {reason}"));
    let union = spec.pointer_mut(pointer).and_then(Value::as_array_mut);
    let union = union.ok_or_else(|| gone("there is no such union".into()))?;
    for arm in union {
        let name = reference(arm).unwrap_or_default().to_owned();
        let (_, key) = arms
            .iter()
            .find(|(arm, _)| *arm == name)
            .ok_or_else(|| gone(format!("the arm `{name}` is not one of those it was written for")))?;
        if schemas.get(&name).is_some_and(|s| s.pointer(&format!("/properties/{key}")).is_some()) {
            return Err(gone(format!("`{name}` has its key `{key}`")));
        }
        *arm = json!({ "type": "object", "required": [key], "properties": { *key: refer_to(&name) } });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn union_of(arm: Value) -> Value {
        json!({ "components": { "schemas": {
            "CreateSubscriptionPaymentRequest": { "properties": { "payment_method": { "oneOf": [
                { "$ref": "#/components/schemas/CreateSubscriptonPaymentRequestUpi" } ] } } },
            "CreateSubscriptonPaymentRequestUpi": arm } } })
    }

    #[test]
    fn an_arm_without_its_key_gets_it() {
        let mut spec = union_of(json!({ "properties": { "channel": {} } }));
        key_subscription_payment_method_arms(&mut spec).unwrap();
        let arm = "/components/schemas/CreateSubscriptionPaymentRequest/properties/payment_method/oneOf/0";
        assert_eq!(spec.pointer(arm).unwrap()["required"], json!(["upi"]));
    }

    #[test]
    fn a_fixup_whose_fault_is_gone_says_so() {
        let mut spec = union_of(json!({ "properties": { "upi": {} } }));
        let fault = apply(&mut spec, "2025-01-01").unwrap_err();
        assert!(fault.reason.contains("no longer needed"), "{fault:?}");
    }

    #[test]
    fn settlements_are_a_page_unless_they_are_published_as_one() {
        let spec = |settlement: Value| {
            json!({
                "paths": { "/settlements": { "post": { "responses": { "200": { "content": {
                    "application/json": { "schema": refer_to("SettlementEntity") } } } } } } },
                "components": { "schemas": { "SettlementEntity": { "properties": settlement } } },
            })
        };
        let mut single = spec(json!({ "settlement_id": {} }));
        settlements_come_in_pages(&mut single).unwrap();
        let data = &single["components"]["schemas"]["SettlementPage"]["properties"]["data"];
        assert_eq!(reference(&data["items"]), Some("SettlementEntity"));

        for mut mended in [spec(json!({ "cursor": {}, "data": {} })), single] {
            let fault = settlements_come_in_pages(&mut mended).unwrap_err();
            assert!(fault.reason.contains("no longer needed"), "{fault:?}");
        }
    }
}
