//! What Cashfree's own SDKs call things, as aliases that a search in the documentation finds. They are made from
//! the same document, by openapi-generator: its rules give all their names but those of the oldest.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use heck::ToSnakeCase;

use crate::model::{Api, Operation};

/// The SDKs of 2022 were made from other ids: class and method in Python, by the id of today.
const OF_2022: [(&str, &str); 18] = [
    ("PGAuthorizeOrder", "OrdersApi.preauthorization"),
    ("PGCancelLink", "PaymentLinksApi.cancel_payment_link"),
    ("PGCreateLink", "PaymentLinksApi.create_payment_link"),
    ("PGCreateOrder", "OrdersApi.create_order"),
    ("PGCustomerDeleteInstrument", "TokenVaultApi.delete_specific_saved_instrument"),
    ("PGCustomerFetchInstrument", "TokenVaultApi.fetch_specific_saved_instrument"),
    ("PGCustomerFetchInstruments", "TokenVaultApi.fetch_all_saved_instruments"),
    ("PGCustomerInstrumentsFetchCryptogram", "TokenVaultApi.fetch_cryptogram"),
    ("PGFetchLink", "PaymentLinksApi.get_payment_link_details"),
    ("PGFetchOrder", "OrdersApi.get_order"),
    ("PGLinkFetchOrders", "PaymentLinksApi.get_payment_link_orders"),
    ("PGOrderCreateRefund", "RefundsApi.createrefund"),
    ("PGOrderFetchPayment", "PaymentsApi.get_paymentby_id"),
    ("PGOrderFetchPayments", "PaymentsApi.get_paymentsfororder"),
    ("PGOrderFetchRefund", "RefundsApi.get_refund"),
    ("PGOrderFetchRefunds", "RefundsApi.getallrefundsfororder"),
    ("PGOrderFetchSettlement", "SettlementsApi.getsettlements"),
    ("PGPayOrder", "OrdersApi.order_pay"),
];

/// An operation by each of its ids: as it is, which Go, Java, Node and Python have today; in snake case; and as a
/// method of the class of its group.
pub(super) fn of_operation(operation: &Operation) -> Vec<String> {
    let class = class(&operation.group);
    let ids = std::iter::once(&operation.id).chain(&operation.aliases);
    let today = ids.flat_map(|id| {
        let snake = id.to_snake_case();
        let method = class.as_ref().map(|class| format!("{class}.{snake}"));
        [Some(id.clone()), Some(snake), method].into_iter().flatten()
    });
    let before = OF_2022.iter().filter(|(id, _)| *id == operation.id).map(|(_, method)| *method);
    let before = before.flat_map(|method| [method, method.split_once('.').map_or(method, |(_, name)| name)]);
    today.chain(before.map(str::to_owned)).collect()
}

/// The client by the classes that have its operations elsewhere.
pub(super) fn of_client(api: &Api) -> Vec<String> {
    api.operations.iter().filter_map(|operation| class(&operation.group)).collect()
}

/// The attributes for those of some names that rustdoc takes: each once, and none that the item has itself.
pub(super) fn aliases<'a>(item: &str, names: impl IntoIterator<Item = &'a String>) -> String {
    let names: BTreeSet<&String> = names.into_iter().filter(|name| *name != item && is_alias(name)).collect();
    names.into_iter().fold(String::new(), |mut out, name| {
        let _ = writeln!(out, "#[doc(alias = {name:?})]");
        out
    })
}

/// `PaymentLinksApi` for the group `Payment Links`.
fn class(group: &str) -> Option<String> {
    let mut class = String::new();
    for word in group.split(|c: char| !c.is_alphanumeric()) {
        let mut letters = word.chars();
        class.extend(letters.next().into_iter().flat_map(char::to_uppercase));
        class.push_str(letters.as_str());
    }
    (!class.is_empty()).then(|| class + "Api")
}

fn is_alias(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "_-.".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_the_class_that_other_sdks_have_for_it() {
        for (group, expected) in [
            ("Payment Links", Some("PaymentLinksApi")),
            ("Easy-Split", Some("EasySplitApi")),
            ("softPOS", Some("SoftPOSApi")),
            ("PG Reconciliation", Some("PGReconciliationApi")),
            ("straße", Some("StraßeApi")),
            (" \"- ", None),
            ("", None),
        ] {
            assert_eq!(class(group).as_deref(), expected);
        }
    }

    #[test]
    fn an_operation_is_found_by_what_each_sdk_calls_it() {
        let operation = |id: &str, alias: &str, group: &str| Operation {
            id: id.to_owned(),
            aliases: vec![alias.to_owned()],
            group: group.to_owned(),
            ..Operation::default()
        };
        let found = of_operation(&operation("PGPayOrder", "payOrders", "Payments"));
        let expected = [
            "PGPayOrder",
            "pg_pay_order",
            "PaymentsApi.pg_pay_order",
            "payOrders",
            "pay_orders",
            "PaymentsApi.pay_orders",
            "OrdersApi.order_pay",
            "order_pay",
        ];
        assert_eq!(found, expected);
        // What rustdoc refuses, and what the method is called anyway, is left out; nothing comes twice.
        let found = of_operation(&operation("get \"it\"", "get_it", ""));
        assert_eq!(aliases("get_it", &found), "");
        let found = of_operation(&operation("getIt", "getIt", ""));
        assert_eq!(aliases("fetch_it", &found), "#[doc(alias = \"getIt\")]\n#[doc(alias = \"get_it\")]\n");
    }

    #[test]
    fn every_name_of_2022_is_that_of_a_method() {
        let document = concat!(env!("CARGO_MANIFEST_DIR"), "/../openapi/v2022-09-01.yaml");
        let code = crate::generate_file(document.as_ref(), "2022-09-01").expect("a version").code;
        for (_, name) in OF_2022 {
            assert!(code.contains(&format!("#[doc(alias = {name:?})]")), "{name}");
        }
    }
}
