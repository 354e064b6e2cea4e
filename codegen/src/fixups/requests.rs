//! What requests are, and the documents say otherwise: a client that believed them would refuse what
//! Cashfree's own examples send.

use serde_json::{Value, json};

use super::{Fixup, NotThere, elsewhere, place, whole};
use crate::spec::{refer_to, reference, schemas};

pub(super) const FIXUPS: &[Fixup] = &[
    Fixup {
        name: "key_subscription_payment_method_arms",
        versions: &["2025-01-01"],
        mend: key_subscription_payment_method_arms,
    },
    Fixup {
        name: "evidence_is_a_file",
        versions: &["2023-08-01", "2025-01-01"],
        mend: |spec| is_a_file(spec, "/paths/~1disputes~1{dispute_id}~1documents/post"),
    },
    Fixup {
        name: "vendor_documents_need_their_file",
        versions: &["2023-08-01", "2025-01-01"],
        mend: |spec| is_a_file(spec, "/paths/~1easy-split~1vendor-docs~1{vendor_id}/post"),
    },
];

/// The `payment_method` of a 2025-01-01 subscription payment has lost the keys that 2023-08-01 still has,
/// and that every published request of both has (`SubsCreatePayment`).
fn key_subscription_payment_method_arms(spec: &mut Value) -> Result<(), NotThere> {
    let arms = [
        ("CreateSubscriptonPaymentRequestUpi", "upi"),
        ("CreateSubscriptionPaymentRequestEnach", "enach"),
        ("CreateSubscriptionPaymentRequestPnach", "pnach"),
        ("CreateSubscriptionPaymentRequestCard", "card"),
    ];
    let union = "/components/schemas/CreateSubscriptionPaymentRequest/properties/payment_method/oneOf";
    key_arms(spec, union, &arms)
}

/// The `file` of an upload is declared as text, or as one that may be left out: without it, or with its
/// content as text, nothing is uploaded.
fn is_a_file(spec: &mut Value, operation: &str) -> Result<(), NotThere> {
    let at = format!("{operation}/requestBody/content/multipart~1form-data/schema");
    let schema = place(spec, &at)?;
    let file = &schema["properties"]["file"];
    if !file.is_object() {
        return elsewhere(&at, "it has no `file`");
    }
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    if file["format"] == "binary" && required.contains(&json!("file")) {
        return whole(&at, "`file` is a required file");
    }
    schema["properties"]["file"]["format"] = json!("binary");
    if !required.contains(&json!("file")) {
        schema["required"] = [vec![json!("file")], required].concat().into();
    }
    Ok(())
}

/// Wraps each arm of the union at `pointer` in an object with its key.
pub(super) fn key_arms(spec: &mut Value, pointer: &str, arms: &[(&str, &str)]) -> Result<(), NotThere> {
    let schemas = schemas(spec).cloned().unwrap_or_default();
    let union = place(spec, pointer)?;
    for arm in union.as_array_mut().into_iter().flatten() {
        if arm["properties"].is_object() {
            return whole(pointer, "an arm is an object with a key");
        }
        let name = reference(arm).unwrap_or_default().to_owned();
        let Some((_, key)) = arms.iter().find(|(arm, _)| *arm == name) else {
            return elsewhere(pointer, format!("the arm `{name}` is not one of those it was written for"));
        };
        if schemas.get(&name).is_some_and(|s| s["properties"].get(key).is_some()) {
            return whole(pointer, format!("`{name}` has its key `{key}`"));
        }
        *arm = json!({ "type": "object", "required": [key], "properties": { *key: refer_to(&name) } });
    }
    Ok(())
}
