use super::*;

#[test]
fn a_schema_cannot_take_a_name_that_users_have_from_elsewhere() {
    assert_eq!(type_name("OfferUPI").as_deref(), Some("OfferUpi"));
    assert_eq!(type_name("vendor.bank-details v2").as_deref(), Some("VendorBankDetailsV2"));
    assert_eq!(type_name("Amount").as_deref(), Some("AmountEntity"));
    assert_eq!(type_name("string").as_deref(), Some("StringEntity"));
    assert_eq!(type_name("3ds").as_deref(), Some("Schema3ds"));
    assert_eq!(type_name("भुगतान"), None);
    assert_eq!(type_name(""), None);
}

#[test]
fn every_value_of_an_enumeration_has_its_own_variant() {
    let values = ["PAID", "paid", "Paid", "", "+91", "%", "unknown", "self", "²"];
    let mut taken = BTreeSet::from(["Unknown".to_owned()]);
    let names: Vec<String> = values.iter().map(|value| variant_name(value, &mut taken)).collect();
    assert_eq!(
        names,
        ["Paid", "Paid_", "Paid__", "Empty", "Value91", "Value", "ValueUnknown", "ValueSelf", "Value_"]
    );
    assert!(names.iter().all(|name| is_ident(name)), "{names:?}");
}

#[test]
fn a_wire_name_becomes_an_identifier_whatever_it_is() {
    for (wire, name) in [
        ("orderId", "order_id"),
        ("doc-type", "doc_type"),
        ("type", "type_"),
        ("self", "self_"),
        ("3ds", "x3ds"),
        ("", "x"),
        ("₹", "x"),
        ("channel\"", "channel"),
    ] {
        assert_eq!(snake_name(wire), name);
        assert!(is_ident(name));
    }
}

#[test]
fn methods_drop_the_vendors_prefixes_and_stand_aside() {
    for (id, name) in [
        ("PGCreateOrder", "create_order"),
        ("PGESCreateVendors", "create_vendor"),
        ("SubsCreateRefund", "create_subscription_refund"),
        ("SubsCreatePlan", "create_plan"),
        ("Pgp", "pgp"),
        ("createTerminals", "create_terminals"),
        ("match", "call_match"),
        ("self", "call_self"),
        ("new", "call_new"),
        ("PGCashfree", "call_cashfree"),
        ("get \"it\"", "get_it"),
    ] {
        assert_eq!(method_name(id), name);
    }
}

#[test]
fn what_two_names_share_is_said_once() {
    for (owner, member, name) in [
        ("Refund", "RefundStatus", "RefundStatus"),
        ("CreateSubscription", "SubscriptionMeta", "CreateSubscriptionMeta"),
        ("OrderMeta", "Filters", "OrderMetaFilters"),
        ("Card", "Card", "Card"),
        ("Card", "Cardholder", "CardCardholder"),
    ] {
        assert_eq!(joined(owner, member), name);
    }
}
