//! The vocabulary against the project's own specifications: what a number means is decided by a person, so
//! a specification that brings a new number must not build before somebody has said what it is.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use cashfree_codegen::places::{Places, leaf};
use cashfree_codegen::sensitive::NOT_SENSITIVE;
use cashfree_codegen::spec;
use cashfree_codegen::vocabulary::{AMOUNTS, Kind, NOT_AMOUNTS, PLAIN_NUMBERS, classes_of_number, kind};

/// Every member name of every specification, with the types it is declared as.
fn members() -> BTreeMap<String, BTreeSet<String>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi");
    let mut members: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let files = |folder| std::fs::read_dir(folder).expect("a folder of specifications");
    for entry in files(folder.join("products")).chain(files(folder)) {
        let file = entry.expect("a file").path();
        if file.extension().is_none_or(|e| e != "yaml") {
            continue;
        }
        let spec = spec::load(&file).expect("a specification");
        for (_, schema) in Places::of(&spec).schemas {
            for (name, property) in schema["properties"].as_object().into_iter().flatten() {
                let declared = leaf(&spec, property)["type"].as_str().unwrap_or_default();
                members.entry(name.clone()).or_default().insert(declared.to_owned());
            }
        }
    }
    assert!(members.len() > 500, "the specifications were read: {}", members.len());
    members
}

#[test]
fn every_number_has_been_looked_at() {
    for (name, declared) in members() {
        for declared in declared.iter().filter(|d| *d == "number" || *d == "integer") {
            assert_eq!(
                classes_of_number(&name, declared),
                1,
                "`{name}` is declared as {declared}: is it money (AMOUNTS), a rate or percentage (NOT_AMOUNTS), \
                 an id, text, or a plain number (PLAIN_NUMBERS)? Say so once in codegen/src/vocabulary.rs."
            );
        }
    }
}

/// Text that sounds like money and is none: currencies, a moment, an id, and whether a fee is invoiced later.
const WORDS: [&str; 5] = [
    "charges_currency",
    "dispute_amount_currency",
    "pg_charge_postpaid",
    "rechargeId",
    "subscription_first_charge_time",
];

#[test]
fn text_that_sounds_like_money_has_been_looked_at() {
    let money = ["amount", "charge", "fee", "tax", "price", "balance", "commission", "unsettled"];
    let open: Vec<String> = members()
        .into_iter()
        .filter(|(name, declared)| {
            let lower = name.to_ascii_lowercase();
            declared.contains("string") && money.iter().any(|word| lower.contains(word))
        })
        .map(|(name, _)| name)
        .filter(|name| ![AMOUNTS, NOT_AMOUNTS, &WORDS].iter().any(|list| list.contains(&name.as_str())))
        .collect();
    assert_eq!(open, [""; 0], "text that sounds like money: is it?");
}

/// Every name that the rule for moments catches, each looked at.
const MOMENTS: &[&str] = &[
    "action_time",
    "addedOn",
    "added_at",
    "added_on",
    "added_on_time",
    "approveByTime",
    "approve_by",
    "approve_by_time",
    "authorizationTime",
    "authorization_time",
    "created_at",
    "dispute_resolved_on",
    "end_date",
    "end_range",
    "end_time",
    "event_time",
    "execution_attempted_time",
    "execution_completed_time",
    "execution_initiated_time",
    "expectedSettlementDate",
    "expires_at",
    "incident_end_time",
    "incident_start_time",
    "initiated_on",
    "last_updated_on",
    "link_created_at",
    "link_expiry_time",
    "mandate_creation_date",
    "mandate_start_date",
    "next_schedule_date",
    "next_scheduled_time",
    "notification_attempted_time",
    "notification_completed_time",
    "notification_group_created_on",
    "notification_group_last_updated_on",
    "notification_initiated_time",
    "offer_end_time",
    "offer_start_time",
    "order_expiry_time",
    "paymentTime",
    "payment_completion_time",
    "payment_from",
    "payment_initiated_date",
    "payment_schedule_date",
    "payment_till",
    "payment_time",
    "payment_verification_expiry",
    "processed_at",
    "refund_processed_at",
    "resolved_at",
    "resolved_on",
    "respond_by",
    "settled_on",
    "settlement_date",
    "settlement_eligibility_date",
    "settlement_eligibility_time",
    "settlement_initiated_on",
    "settlement_time",
    "start_date",
    "start_range",
    "start_time",
    "subscription_expiry_time",
    "subscription_first_charge_time",
    "transfer_time",
    "txTime",
    "tx_time",
    "txnTime",
    "txtime",
    "updatedOn",
    "updatedStatusTime",
    "updated_at",
    "updated_on",
    "uploaded_on",
    "vba_created_on",
    "vba_last_updated_on",
];

#[test]
fn every_moment_has_been_looked_at() {
    let caught: Vec<String> = members()
        .into_iter()
        .filter(|(name, declared)| declared.iter().any(|d| kind(name, d) == Some(Kind::Timestamp)))
        .map(|(name, _)| name)
        .collect();
    assert_eq!(caught, MOMENTS, "is it a moment or a day? If not, say so in NOT_TIMESTAMPS");
}

#[test]
fn no_entry_has_outlived_its_member() {
    let members = members();
    for name in AMOUNTS.iter().chain(NOT_AMOUNTS).chain(PLAIN_NUMBERS).chain(NOT_SENSITIVE) {
        assert!(members.contains_key(*name), "`{name}` occurs in no specification");
    }
}

#[test]
fn the_lists_are_sorted_and_nothing_is_in_two() {
    for list in [AMOUNTS, NOT_AMOUNTS, PLAIN_NUMBERS, NOT_SENSITIVE] {
        assert!(list.is_sorted(), "{list:?}");
    }
    let mut seen = BTreeSet::new();
    for name in AMOUNTS.iter().chain(NOT_AMOUNTS).chain(PLAIN_NUMBERS) {
        assert!(seen.insert(name), "`{name}` is in two lists");
    }
}
