//! Rust names for whatever a specification calls its schemas, members and values.
//!
//! progenitor and typify name fields and arguments; but names of theirs may be the same for two members,
//! and nobody but this crate knows which names its own generated code already uses.

use std::collections::BTreeSet;

use heck::{ToPascalCase, ToSnakeCase};

/// Type names that generated code uses for something else.
const TAKEN_TYPES: [&str; 25] = [
    "Amount",
    "BTreeMap",
    "Box",
    "ByteStream",
    "Clone",
    "Decimal",
    "Default",
    "From",
    "HashMap",
    "Id",
    "Into",
    "IntoIterator",
    "Iterator",
    "Map",
    "Member",
    "Option",
    "PartialEq",
    "Result",
    "Self",
    "String",
    "Timestamp",
    "Unknown",
    "Value",
    "Vec",
    "ResponseValue",
];

/// Functions that every generated type has beside its setters.
const TAKEN_SETTERS: [&str; 4] = ["default", "new", "unlisted", "unlisted_mut"];

/// Functions that every call has beside the setters of its optional arguments.
const TAKEN_ON_CALLS: [&str; 14] = [
    "file",
    "idempotency_key",
    "into_future",
    "items",
    "json",
    "new",
    "pages",
    "path",
    "query",
    "request_id",
    "retry",
    "send",
    "text",
    "timeout",
];

/// Functions that every client has beside the operations.
const TAKEN_ON_CLIENTS: [&str; 3] = ["cashfree", "clone", "new"];

/// The name of the type for a component schema; none where there is no letter in its name.
///
/// A schema called `Amount` gets the ending that Cashfree's own schemas mostly have.
pub fn type_name(schema: &str) -> Option<String> {
    let mut name = ascii(schema).to_pascal_case();
    if !name.contains(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        name.insert_str(0, "Schema");
    }
    if TAKEN_TYPES.contains(&name.as_str()) {
        name.push_str("Entity");
    }
    Some(name)
}

/// Rust names for the values of an enumeration or the keys of a union, as (variant, value). A value that
/// is listed twice is one variant; values that only Rust's casing makes the same are kept apart.
pub fn variants<'a>(values: impl IntoIterator<Item = &'a str>) -> Vec<(String, String)> {
    let mut taken = BTreeSet::new();
    let mut found: Vec<(String, String)> = Vec::new();
    for value in values {
        if found.iter().any(|(_, other)| other == value) {
            continue;
        }
        let mut name = ascii(value).to_pascal_case();
        if value.is_empty() {
            name = "Empty".into();
        }
        if !name.starts_with(|c: char| c.is_ascii_alphabetic()) || matches!(name.as_str(), "Self" | "Unknown")
        {
            name.insert_str(0, "Value");
        }
        found.push((unused(name, &mut taken), value.to_owned()));
    }
    found
}

/// The name of a field, an argument or a method for a name on the wire.
pub fn snake_name(wire: &str) -> String {
    let mut name = ascii(wire).to_snake_case();
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        name.insert(0, 'x');
    }
    if !is_ident(&name) {
        name.push('_');
    }
    name
}

/// The name, or one like it that nothing has yet.
pub fn unused(mut name: String, taken: &mut BTreeSet<String>) -> String {
    while !taken.insert(name.clone()) {
        name.push('_');
    }
    name
}

/// The setter of a member, by the name of its field.
pub fn setter_name(field: &str) -> String {
    beside(field, &TAKEN_SETTERS)
}

/// The setter of an optional argument on a call, by the name of the argument.
pub fn call_setter_name(argument: &str) -> String {
    beside(argument, &TAKEN_ON_CALLS)
}

/// Whether a method of a client can be called so: Rust takes the name, and the client has nothing else under it.
pub fn is_method_name(name: &str) -> bool {
    is_ident(name) && !TAKEN_ON_CLIENTS.contains(&name)
}

/// Whether it has the form of a name, a keyword's included.
pub fn is_word(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn beside(name: &str, taken: &[&str]) -> String {
    if taken.contains(&name) { format!("{name}_") } else { name.to_owned() }
}

fn is_ident(name: &str) -> bool {
    syn::parse_str::<syn::Ident>(name).is_ok()
}

/// Letters of other scripts are kept out of Rust names: some of them, such as `²`, cannot be in one.
fn ascii(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_cannot_take_a_name_that_generated_code_needs() {
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
        let values = ["PAID", "paid", "Paid", "", "+91", "%", "unknown", "self", "²", "PAID"];
        let variants = variants(values);
        let names: Vec<&str> = variants.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(
            names,
            ["Paid", "Paid_", "Paid__", "Empty", "Value91", "Value", "ValueUnknown", "ValueSelf", "Value_"]
        );
        assert!(names.iter().all(|name| is_ident(name)), "{names:?}");
        assert_eq!(variants[1].1, "paid");
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
    fn setters_stand_aside_for_what_every_type_and_call_has() {
        assert_eq!(setter_name("order_note"), "order_note");
        assert_eq!(setter_name("unlisted"), "unlisted_");
        assert_eq!(call_setter_name("limit"), "limit");
        assert_eq!(call_setter_name("timeout"), "timeout_");
    }
}
