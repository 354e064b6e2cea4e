//! What answers hold, and the documents say otherwise.

use heck::ToPascalCase;
use serde_json::{Value, json};

use super::{Fixup, NotThere, add_member, elsewhere, list_values, place, whole};
use crate::spec::{refer_to, reference, schemas, schemas_mut};

pub(super) const FIXUPS: &[Fixup] = &[
    Fixup { name: "unwrap_payment_method", versions: &["2022-09-01"], mend: unwrap_payment_method },
    Fixup { name: "key_payment_method_arms", versions: &["2022-09-01"], mend: key_payment_method_arms },
    Fixup {
        name: "list_every_payment_method_2022",
        versions: &["2022-09-01"],
        mend: list_every_payment_method_2022,
    },
    Fixup {
        name: "list_every_payment_method",
        versions: &["2023-08-01", "2025-01-01", "2026-01-01"],
        mend: list_every_payment_method,
    },
    Fixup {
        name: "list_every_terminal_payment_method",
        versions: &["2023-08-01", "2025-01-01"],
        mend: list_every_terminal_payment_method,
    },
    Fixup {
        name: "list_offers_of_payments",
        versions: &["2022-09-01", "2023-08-01", "2025-01-01", "2026-01-01"],
        mend: list_offers_of_payments,
    },
    Fixup {
        name: "spell_authorization_details",
        versions: &["2023-08-01", "2025-01-01", "2026-01-01"],
        mend: spell_authorization_details,
    },
    Fixup {
        name: "name_related_docs",
        versions: &["2023-08-01", "2025-01-01", "2026-01-01"],
        mend: name_related_docs,
    },
    Fixup { name: "name_resolved_on", versions: &["2025-01-01", "2026-01-01"], mend: name_resolved_on },
    Fixup {
        name: "settlements_come_in_pages",
        versions: &["2022-09-01", "2025-01-01", "2026-01-01"],
        mend: settlements_come_in_pages,
    },
    Fixup {
        name: "eligibility_is_a_list",
        versions: &["2023-08-01", "2025-01-01", "2026-01-01"],
        mend: eligibility_is_a_list,
    },
    Fixup {
        name: "instruments_are_cards_and_active_or_not",
        versions: &["2026-01-01"],
        mend: |spec| {
            for of in ["InstrumentEntity", "InstrumentEntityForAllSavedCard"] {
                let at = format!("/components/schemas/{of}/properties");
                list_values(spec, &format!("{at}/instrument_type"), &["card"])?;
                list_values(spec, &format!("{at}/instrument_status"), &["ACTIVE", "INACTIVE"])?;
            }
            Ok(())
        },
    },
];

const METHOD_2022: &str = "/components/schemas/PaymentMethodInPaymentsEntity";

/// The document wraps `payment_method` in an object with just that member once more, which published payments
/// of the version do in some answers (`PGOrderFetchPayment`) and not in others (`PGOrderFetchPayments`).
fn unwrap_payment_method(spec: &mut Value) -> Result<(), NotThere> {
    if place(spec, METHOD_2022)?.get("oneOf").is_some() {
        return whole(METHOD_2022, "it is the union itself");
    }
    let mut union = place(spec, &format!("{METHOD_2022}/properties/payment_method"))?.clone();
    union["x-wrapped-in"] = json!("payment_method");
    *place(spec, METHOD_2022)? = union;
    Ok(())
}

/// The `payment_method` of a 2022-09-01 payment lists its arms without the key that wraps them
/// (`{channel, upi_id}` for what is really `{"upi": {channel, upi_id}}`), so that every body fits the first
/// arm, a card. Every published payment has the key (`PGOrderFetchPayments`).
fn key_payment_method_arms(spec: &mut Value) -> Result<(), NotThere> {
    let arms = [
        ("PaymentMethodCardInPaymentsEntity", "card"),
        ("PaymentMethodNetBankingInPaymentsEntity", "netbanking"),
        ("PaymentMethodUPIInPaymentsEntity", "upi"),
        ("PaymentMethodAppInPaymentsEntity", "app"),
        ("PaymentMethodCardlessEMIInPaymentsEntity", "cardless_emi"),
        ("PaymentMethodPaylaterInPaymentsEntity", "paylater"),
    ];
    super::requests::key_arms(spec, &format!("{METHOD_2022}/oneOf"), &arms)
}

/// A 2022-09-01 payment is also made by card EMI or by transfer, and pay-later comes as `pay_later` too: the
/// published payment webhooks of the version list them all.
fn list_every_payment_method_2022(spec: &mut Value) -> Result<(), NotThere> {
    add_arms(
        spec,
        &format!("{METHOD_2022}/oneOf"),
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

/// A payment of an order is made by methods that its union does not list; published webhooks of the same
/// payments (`PAYMENT_SUCCESS_WEBHOOK`) have them all.
fn list_every_payment_method(spec: &mut Value) -> Result<(), NotThere> {
    let union = "/components/schemas/PaymentEntity/properties/payment_method/oneOf";
    add_arms(spec, union, &UNLISTED_METHODS)
}

/// The same union stands once more in a payment at a terminal.
fn list_every_terminal_payment_method(spec: &mut Value) -> Result<(), NotThere> {
    let union = "/components/schemas/TerminalPaymentEntity/properties/payment_method/oneOf";
    add_arms(spec, union, &UNLISTED_METHODS)
}

/// A fetched payment says which offers were applied, as its webhook does: how much less the customer paid
/// (published `PGOrderFetchPayments`).
fn list_offers_of_payments(spec: &mut Value) -> Result<(), NotThere> {
    let offers = json!({
        "type": "array",
        "description": "Offers applied to this payment, null where there is none.",
        "items": refer_to("EventOffer"),
    });
    if schemas(spec).is_some_and(|schemas| !schemas.contains_key("EventOffer")) {
        return elsewhere("/components/schemas/EventOffer", "no webhook has an offer");
    }
    add_member(spec, "/components/schemas/PaymentEntity", "payment_offers", offers)
}

/// The state of a subscription's mandate is documented as `authorisation_details` and sent as
/// `authorization_details` (published `SubsFetchSubscription`). Both are kept: the documented name may be sent
/// some day.
fn spell_authorization_details(spec: &mut Value) -> Result<(), NotThere> {
    let details = json!({
        "description": "State of the mandate, as real bodies spell it.",
        "allOf": [refer_to("AuthorizationDetails")],
    });
    place(spec, "/components/schemas/AuthorizationDetails")?;
    add_member(spec, "/components/schemas/SubscriptionEntity", "authorization_details", details)
}

/// The documents of a vendor, with the state of their verification, are documented as `documents` and sent
/// as `related_docs` (published `PGESGetVendorsDocs`).
fn name_related_docs(spec: &mut Value) -> Result<(), NotThere> {
    let owner = "/components/schemas/VendorDocumentsResponse";
    let documents = place(spec, &format!("{owner}/properties/documents"))?;
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
/// `resolved_on` (published `PGSettlementFetchRecon`).
fn name_resolved_on(spec: &mut Value) -> Result<(), NotThere> {
    let owner = "/components/schemas/SettlementReconEntity/properties/data/items/properties/dispute_details";
    let moment =
        json!({ "type": "string", "description": "When the dispute was closed, as real bodies name it." });
    add_member(spec, owner, "resolved_on", moment)
}

/// `POST /settlements` takes a page's limit and cursor, and only 2023-08-01 publishes the page that it
/// answers with; the others publish one settlement.
fn settlements_come_in_pages(spec: &mut Value) -> Result<(), NotThere> {
    const ANSWER: &str = "/paths/~1settlements/post/responses/200/content/application~1json/schema";
    let of = reference(place(spec, ANSWER)?).unwrap_or_default().to_owned();
    if place(spec, &format!("{ANSWER}/properties/cursor")).is_ok() {
        return whole(ANSWER, format!("`{of}` is a page"));
    }
    if of.to_pascal_case() != "SettlementEntity" {
        return elsewhere(ANSWER, "it is no `SettlementEntity`");
    }
    *place(spec, ANSWER)? = refer_to("SettlementPage");
    let page = json!({
        "type": "object",
        "description": "Some of the settlements that were asked for, and where the next ones begin.",
        "properties": {
            "cursor": {
                "type": "string",
                "description": "Token to pass back for the next page; empty or null on the last one.",
            },
            "limit": { "type": "integer", "description": "Largest number of settlements on a page." },
            "data": {
                "type": "array",
                "description": "What was settled, one entry a settlement, at most as many as were asked for.",
                "items": refer_to(&of),
            },
        },
    });
    schemas_mut(spec).insert("SettlementPage".into(), page);
    Ok(())
}

/// The list of eligible methods is documented as an object with one member, `type`, that is declared as a
/// list: the keyword slipped among the properties. The published answer is the list
/// (`SubscriptionEligibility`).
fn eligibility_is_a_list(spec: &mut Value) -> Result<(), NotThere> {
    const SCHEMA: &str = "/components/schemas/SubscriptionEligibilityResponse";
    let schema = place(spec, SCHEMA)?;
    if schema["type"] == "array" {
        return whole(SCHEMA, "it is a list");
    }
    let mut list = place(spec, &format!("{SCHEMA}/properties/type"))?.clone();
    if list["type"] != "array" {
        return elsewhere(SCHEMA, "its member `type` is no list");
    }
    let schema = place(spec, SCHEMA)?;
    if let Some(description) = schema.get("description") {
        list["description"] = description.clone();
    }
    *schema = list;
    Ok(())
}

/// Adds arms, as (key, schema of the object with that key), to the union at `pointer`.
fn add_arms(spec: &mut Value, pointer: &str, arms: &[(&str, &str)]) -> Result<(), NotThere> {
    let schemas = schemas(spec).cloned().unwrap_or_default();
    let union = place(spec, pointer)?;
    for (key, schema) in arms {
        let has_key = |arm: &Value| {
            let arm = reference(arm).and_then(|name| schemas.get(name)).unwrap_or(arm);
            arm["properties"].get(key).is_some()
        };
        if union.as_array().into_iter().flatten().any(has_key) {
            return whole(pointer, format!("an arm has the key `{key}`"));
        }
        if !schemas.contains_key(*schema) {
            return elsewhere(&format!("/components/schemas/{schema}"), "no webhook has this method");
        }
        union.as_array_mut().into_iter().for_each(|union| union.push(refer_to(schema)));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::tests::mended;
    use super::*;

    /// The keys of a union.
    fn keys(spec: &Value, pointer: &str) -> Vec<String> {
        let arms = spec.pointer(pointer).and_then(Value::as_array).expect("a union");
        let keys = arms.iter().map(|arm| {
            let arm = reference(arm).map_or(arm, |name| &spec["components"]["schemas"][name]);
            arm["properties"].as_object().expect("an object").keys().next().expect("a key").clone()
        });
        keys.collect()
    }

    #[test]
    fn the_payment_method_of_2022_is_a_union_by_key() {
        let spec = mended("2022-09-01");
        let union = "/components/schemas/PaymentMethodInPaymentsEntity/oneOf";
        assert_eq!(spec.pointer(&format!("{union}/2/required")), Some(&json!(["upi"])));
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
    fn both_names_of_a_member_are_of_one_type() {
        for version in ["2023-08-01", "2025-01-01"] {
            let schemas = &mended(version)["components"]["schemas"];
            let members = &schemas["SubscriptionEntity"]["properties"];
            assert_eq!(members["authorization_details"]["allOf"], members["authorisation_details"]["allOf"]);
            let members = &schemas["VendorDocumentsResponse"]["properties"];
            assert_eq!(members["related_docs"]["items"], members["documents"]["items"]);
            assert!(schemas["VendorDocument"]["properties"]["status"].is_object());
        }
    }
}
