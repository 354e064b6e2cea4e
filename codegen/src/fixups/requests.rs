//! What requests are, and the documents say otherwise: a client that believed them would refuse what
//! Cashfree's own examples send.

use serde_json::{Value, json};

use super::{Fixup, NotThere, elsewhere, list_values, locate, place, whole};
use crate::spec::{refer_to, reference, schemas};

pub(super) const FIXUPS: &[Fixup] = &[
    Fixup {
        name: "key_subscription_payment_method_arms",
        versions: &["2025-01-01"],
        mend: key_subscription_payment_method_arms,
    },
    Fixup {
        name: "evidence_is_a_file",
        versions: &["2023-08-01", "2025-01-01", "2026-01-01"],
        mend: |spec| is_a_file(spec, "/paths/~1disputes~1{dispute_id}~1documents/post"),
    },
    Fixup {
        name: "vendor_documents_need_their_file",
        versions: &["2023-08-01", "2025-01-01", "2026-01-01"],
        mend: |spec| is_a_file(spec, "/paths/~1easy-split~1vendor-docs~1{vendor_id}/post"),
    },
    Fixup {
        name: "terminals_need_neither_email_nor_type",
        versions: &["2022-09-01"],
        mend: |spec| optional(spec, "CreateTerminalRequest", &["terminal_email", "terminal_type"]),
    },
    Fixup { name: "terminal_ids_may_be_short", versions: &["2022-09-01"], mend: terminal_ids_may_be_short },
    Fixup {
        name: "vendors_need_no_status",
        versions: &["2023-08-01", "2025-01-01", "2026-01-01"],
        mend: |spec| optional(spec, "CreateVendorRequest", &["status"]),
    },
    Fixup {
        name: "vendors_keep_status_and_schedule",
        versions: &["2023-08-01", "2025-01-01"],
        mend: |spec| optional(spec, "UpdateVendorRequest", &["status", "schedule_option"]),
    },
    Fixup {
        name: "order_recon_begins_without_a_page",
        versions: &["2023-08-01", "2025-01-01", "2026-01-01"],
        mend: |spec| optional(spec, "ESOrderReconRequest", &["pagination"]),
    },
    Fixup {
        name: "extended_data_need_no_shipment",
        versions: &["2023-08-01", "2025-01-01", "2026-01-01"],
        mend: |spec| optional(spec, "UpdateOrderExtendedRequest", &["shipment_details"]),
    },
    Fixup {
        name: "the_path_has_the_subscription",
        versions: &["2023-08-01", "2025-01-01", "2026-01-01"],
        mend: |spec| optional(spec, "ManageSubscriptionPaymentRequest", &["subscription_id"]),
    },
    Fixup {
        name: "terminal_documents_may_have_no_file",
        versions: &["2023-08-01", "2025-01-01", "2026-01-01"],
        mend: |spec| optional(spec, "UploadTerminalDocs", &["file"]),
    },
    Fixup {
        name: "an_order_is_captured_or_voided",
        versions: &["2026-01-01"],
        mend: |spec| {
            let action = "/components/schemas/AuthorizeOrderRequest/properties/action";
            list_values(spec, action, &["CAPTURE", "VOID"])
        },
    },
];

/// What a published request of the operation leaves out, or sends as null, is not required, whatever the
/// document says: `createTerminals`, `PGESCreateVendors`, `PGESUpdateVendors`, `PGESOrderRecon`,
/// `PGUpdateOrderExtendedData`, `SubsManageSubscriptionPayment`, `SposUploadTerminalDocs`.
fn optional(spec: &mut Value, schema: &str, members: &[&str]) -> Result<(), NotThere> {
    let at = format!("/components/schemas/{schema}");
    for member in members {
        place(spec, &format!("{at}/properties/{member}"))?;
    }
    let is_one = |name: &Value| name.as_str().is_some_and(|name| members.contains(&name));
    match place(spec, &at)?.get_mut("required").and_then(Value::as_array_mut) {
        Some(required) if required.iter().any(is_one) => {
            required.retain(|name| !is_one(name));
            Ok(())
        }
        _ => whole(&at, format!("{} may be left out", members.join(" and "))),
    }
}

/// The published request to create a terminal (`createTerminals`) has an id of one character.
fn terminal_ids_may_be_short(spec: &mut Value) -> Result<(), NotThere> {
    const ID: &str = "/components/schemas/CreateTerminalRequest/properties/terminal_id";
    let id = place(spec, ID)?.as_object_mut();
    match id.and_then(|id| id.shift_remove("minLength")) {
        Some(_) => Ok(()),
        None => whole(ID, "it may be short"),
    }
}

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
    let at = format!("{operation}/requestBody/content/multipart~1form-data/schema/properties/file");
    let is_binary = place(spec, &at)?["format"] == "binary";
    let form = locate(spec, &at).and_then(|at| at.strip_suffix("/properties/file").map(str::to_owned));
    let form = form.unwrap_or_default();
    let required = place(spec, &form)?["required"].as_array().cloned().unwrap_or_default();
    if is_binary && required.contains(&json!("file")) {
        return whole(&at, "it is a required file");
    }
    place(spec, &at)?["format"] = json!("binary");
    if !required.contains(&json!("file")) {
        place(spec, &form)?["required"] = [vec![json!("file")], required].concat().into();
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
