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
        "2022-09-01" => &[
            key_payment_method_arms,
            list_every_payment_method_2022,
            list_offers_of_payments,
            settlements_come_in_pages,
        ],
        "2023-08-01" => &[
            list_every_payment_method,
            list_every_terminal_payment_method,
            list_offers_of_payments,
            spell_authorization_details,
            name_related_docs,
        ],
        "2025-01-01" => &[
            list_every_payment_method,
            list_every_terminal_payment_method,
            list_offers_of_payments,
            spell_authorization_details,
            name_related_docs,
            name_resolved_on,
            key_subscription_payment_method_arms,
            settlements_come_in_pages,
        ],
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

/// A 2022-09-01 payment is also made by card EMI or by transfer, and pay-later comes as `pay_later` too.
fn list_every_payment_method_2022(spec: &mut Value) -> Result<(), Fault> {
    add_arms(
        spec,
        "/components/schemas/PaymentMethodInPaymentsEntity/properties/payment_method/oneOf",
        &[
            ("pay_later", "EventPayLaterMethod"),
            ("emi", "EventCardEmiMethod"),
            ("bank_transfer", "EventBankTransferMethod"),
            ("vba_transfer", "EventVbaTransferMethod"),
        ],
    )
}

/// What real payments use beside the listed keys: `pay_later` for `paylater`, `bank_transfer` with the rail
/// beside `banktransfer` with the account, and `vba_transfer` for transfers into a virtual account.
const UNLISTED_METHODS: [(&str, &str); 3] = [
    ("pay_later", "EventPayLaterMethod"),
    ("bank_transfer", "EventBankTransferMethod"),
    ("vba_transfer", "EventVbaTransferMethod"),
];

/// A payment of an order is made by methods that its union does not list; webhooks of the same payment list
/// them all.
fn list_every_payment_method(spec: &mut Value) -> Result<(), Fault> {
    let union = "/components/schemas/PaymentEntity/properties/payment_method/oneOf";
    add_arms(spec, union, &UNLISTED_METHODS)
}

/// The same union stands once more in a payment at a terminal.
fn list_every_terminal_payment_method(spec: &mut Value) -> Result<(), Fault> {
    let union = "/components/schemas/TerminalPaymentEntity/properties/payment_method/oneOf";
    add_arms(spec, union, &UNLISTED_METHODS)
}

/// A fetched payment says which offers were applied, as its webhook does: how much less the customer paid.
fn list_offers_of_payments(spec: &mut Value) -> Result<(), Fault> {
    let offers = json!({
        "type": "array",
        "description": "Offers applied to this payment, null where there is none.",
        "items": refer_to("EventOffer"),
    });
    add_member(spec, "/components/schemas/PaymentEntity", "payment_offers", offers)
}

/// The state of a subscription's mandate is documented as `authorisation_details` and sent as
/// `authorization_details`. Both are kept: the documented name may be sent some day.
fn spell_authorization_details(spec: &mut Value) -> Result<(), Fault> {
    let details = json!({
        "description": "State of the mandate, as real bodies spell it.",
        "allOf": [refer_to("AuthorizationDetails")],
    });
    add_member(spec, "/components/schemas/SubscriptionEntity", "authorization_details", details)
}

/// The documents of a vendor, with the state of their verification, are documented as `documents` and sent
/// as `related_docs`.
fn name_related_docs(spec: &mut Value) -> Result<(), Fault> {
    let owner = "/components/schemas/VendorDocumentsResponse";
    let listed = format!("{owner}/properties/documents");
    let documents = spec.pointer_mut(&listed);
    let documents = documents.ok_or_else(|| no_longer_needed(&listed, "there is no such list"))?;
    let item = (reference(&documents["items"]).is_none()).then(|| documents["items"].take());
    if item.is_some() {
        // One type for both.
        documents["items"] = refer_to("VendorDocument");
    }
    let mut documents = documents.clone();
    documents["description"] = json!("One entry for each document, as real bodies name the list.");
    if let Some(item) = item {
        schemas_mut(spec).insert("VendorDocument".into(), item);
    }
    add_member(spec, owner, "related_docs", documents)
}

/// When a dispute in a settlement was closed is documented as `dispute_resolved_on` and sent as
/// `resolved_on`.
fn name_resolved_on(spec: &mut Value) -> Result<(), Fault> {
    let owner = "/components/schemas/SettlementReconEntity/properties/data/items/properties/dispute_details";
    let moment =
        json!({ "type": "string", "description": "When the dispute was closed, as real bodies name it." });
    add_member(spec, owner, "resolved_on", moment)
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
    let gone = |reason: &str| no_longer_needed(ANSWER, reason);
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

fn no_longer_needed(pointer: &str, reason: impl std::fmt::Display) -> Fault {
    Fault::new(pointer, format!("fixup no longer needed: {reason}"))
}

/// Adds arms, as (key, schema of the object with that key), to the union at `pointer`.
fn add_arms(spec: &mut Value, pointer: &str, arms: &[(&str, &str)]) -> Result<(), Fault> {
    let schemas = schemas_mut(spec).clone();
    let union = spec.pointer_mut(pointer).and_then(Value::as_array_mut);
    let union = union.ok_or_else(|| no_longer_needed(pointer, "there is no such union"))?;
    for (key, schema) in arms {
        let has_key = |arm: &Value| {
            let arm = reference(arm).and_then(|name| schemas.get(name)).unwrap_or(arm);
            arm["properties"].get(key).is_some()
        };
        if union.iter().any(has_key) {
            return Err(no_longer_needed(pointer, format!("an arm has the key `{key}`")));
        }
        union.push(refer_to(schema));
    }
    Ok(())
}

/// Adds a member to the object schema at `pointer`.
fn add_member(spec: &mut Value, pointer: &str, name: &str, member: Value) -> Result<(), Fault> {
    let properties = spec.pointer_mut(pointer).and_then(|s| s.get_mut("properties"));
    let properties = properties.and_then(Value::as_object_mut);
    let properties = properties.ok_or_else(|| no_longer_needed(pointer, "there is no such object"))?;
    if properties.contains_key(name) {
        return Err(no_longer_needed(pointer, format!("`{name}` is there")));
    }
    properties.insert(name.to_owned(), member);
    Ok(())
}

/// Wraps each arm of the union at `pointer` in an object with its key.
fn key_arms(spec: &mut Value, pointer: &str, arms: &[(&str, &str)]) -> Result<(), Fault> {
    let schemas = schemas_mut(spec).clone();
    let gone = |reason: String| no_longer_needed(pointer, reason);
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
    use std::path::Path;

    use super::*;
    use crate::spec::load;

    const VERSIONS: [&str; 3] = ["2022-09-01", "2023-08-01", "2025-01-01"];

    /// The project's specification of a version, with its faults.
    fn published(version: &str) -> Value {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi");
        load(&folder.join(format!("v{version}.yaml"))).unwrap()
    }

    /// The same, mended.
    fn mended(version: &str) -> Value {
        let mut spec = published(version);
        apply(&mut spec, version).unwrap();
        spec
    }

    /// The keys of a union.
    fn keys(spec: &Value, pointer: &str) -> Vec<String> {
        let arms = spec.pointer(pointer).and_then(Value::as_array).unwrap();
        let keys = arms.iter().map(|arm| {
            let arm = match reference(arm) {
                Some(name) => &spec["components"]["schemas"][name],
                None => arm,
            };
            arm["properties"].as_object().unwrap().keys().next().unwrap().clone()
        });
        keys.collect()
    }

    #[test]
    fn no_fixup_finds_its_fault_twice() {
        for version in VERSIONS {
            for (i, fixup) in of(version).iter().enumerate() {
                let mut spec = mended(version);
                let fault =
                    fixup(&mut spec).expect_err(&format!("fixup {i} of {version} mends what is whole"));
                assert!(fault.reason.contains("no longer needed"), "{fault:?}");
                assert!(spec.pointer(&fault.pointer).is_some(), "{fault:?}");
            }
        }
    }

    #[test]
    fn a_fixup_whose_place_is_gone_says_so() {
        for version in VERSIONS {
            for fixup in of(version) {
                let mut spec = json!({ "openapi": "3.0.3", "paths": {} });
                let fault = fixup(&mut spec).unwrap_err();
                assert!(fault.reason.contains("no longer needed: there is no such"), "{fault:?}");
            }
        }
    }

    #[test]
    fn a_version_without_known_faults_is_left_alone() {
        let mut spec = published("2025-01-01");
        apply(&mut spec, "2099-01-01").unwrap();
        assert_eq!(spec, published("2025-01-01"));
    }

    #[test]
    fn key_payment_method_arms_gives_each_arm_its_key() {
        let spec = mended("2022-09-01");
        let union = "/components/schemas/PaymentMethodInPaymentsEntity/properties/payment_method/oneOf";
        assert_eq!(spec.pointer(&format!("{union}/2/required")).unwrap(), &json!(["upi"]));
        let listed = ["card", "netbanking", "upi", "app", "cardless_emi", "paylater"];
        let added = ["pay_later", "emi", "bank_transfer", "vba_transfer"];
        assert_eq!(keys(&spec, union), [listed.as_slice(), &added].concat());
    }

    #[test]
    fn every_payment_method_of_a_webhook_is_one_of_a_fetched_payment() {
        for version in ["2023-08-01", "2025-01-01"] {
            let spec = mended(version);
            let events = keys(&spec, "/components/schemas/EventPaymentMethod/oneOf");
            for payment in ["PaymentEntity", "TerminalPaymentEntity"] {
                let keys =
                    keys(&spec, &format!("/components/schemas/{payment}/properties/payment_method/oneOf"));
                let missing: Vec<_> = events.iter().filter(|key| !keys.contains(key)).collect();
                assert!(missing.is_empty(), "{payment} of {version} lacks {missing:?}");
            }
        }
    }

    #[test]
    fn list_offers_of_payments_types_the_discount() {
        for version in VERSIONS {
            let spec = mended(version);
            let offers = &spec["components"]["schemas"]["PaymentEntity"]["properties"]["payment_offers"];
            let offer = reference(&offers["items"]).unwrap();
            assert!(spec["components"]["schemas"][offer]["properties"].is_object());
        }
    }

    #[test]
    fn both_spellings_of_a_mandate_are_typed() {
        for version in ["2023-08-01", "2025-01-01"] {
            let spec = mended(version);
            let members = &spec["components"]["schemas"]["SubscriptionEntity"]["properties"];
            assert_eq!(members["authorization_details"]["allOf"], members["authorisation_details"]["allOf"]);
        }
    }

    #[test]
    fn both_names_of_a_vendors_documents_are_of_one_type() {
        for version in ["2023-08-01", "2025-01-01"] {
            let spec = mended(version);
            let members = &spec["components"]["schemas"]["VendorDocumentsResponse"]["properties"];
            assert_eq!(members["related_docs"]["items"], members["documents"]["items"]);
            assert!(spec["components"]["schemas"]["VendorDocument"]["properties"]["status"].is_object());
        }
    }

    #[test]
    fn both_names_of_a_disputes_end_are_typed() {
        let spec = mended("2025-01-01");
        let dispute =
            "/components/schemas/SettlementReconEntity/properties/data/items/properties/dispute_details";
        let members = spec.pointer(dispute).unwrap()["properties"].as_object().unwrap();
        assert!(members.contains_key("resolved_on") && members.contains_key("dispute_resolved_on"));
    }

    #[test]
    fn key_subscription_payment_method_arms_gives_each_arm_its_key() {
        let union = "/components/schemas/CreateSubscriptionPaymentRequest/properties/payment_method/oneOf";
        assert_eq!(keys(&mended("2025-01-01"), union), ["upi", "enach", "pnach", "card"]);
    }

    #[test]
    fn an_arm_that_has_its_key_needs_no_fixup() {
        let arm = json!({ "properties": { "upi": {} } });
        let mut spec = json!({ "components": { "schemas": {
            "CreateSubscriptionPaymentRequest": { "properties": { "payment_method": { "oneOf": [
                { "$ref": "#/components/schemas/CreateSubscriptonPaymentRequestUpi" } ] } } },
            "CreateSubscriptonPaymentRequestUpi": arm } } });
        let fault = key_subscription_payment_method_arms(&mut spec).unwrap_err();
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
