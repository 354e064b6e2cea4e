//! What a person should look at in a specification before a client is made from it: a name whose meaning
//! nobody has decided yet.

use std::collections::BTreeSet;

use serde_json::Value;

use cashfree_codegen::Fault;
use cashfree_codegen::places::{Places, leaf};
use cashfree_codegen::spec::token;
use cashfree_codegen::vocabulary;

/// Every place to look at, with what to decide there: numbers that may be money for all that the vocabulary
/// knows, each name once, where it first stands.
pub(crate) fn review(spec: &Value) -> Vec<Fault> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for (at, schema) in Places::of(spec).schemas {
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            let declared = leaf(spec, property)["type"].as_str().unwrap_or_default();
            let is_number = matches!(declared, "number" | "integer");
            if is_number && vocabulary::classes_of_number(name, declared) == 0 && seen.insert(name) {
                found.push(Fault::new(
                    format!("{at}/properties/{}", token(name)),
                    format!(
                        "nobody has said yet what the {declared} `{name}` is: money (AMOUNTS), a rate (NOT_AMOUNTS), \
                         an id, text, or a plain number (PLAIN_NUMBERS)? Say so in codegen/src/vocabulary.rs"
                    ),
                ));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_that_nobody_has_looked_at_are_found_once() {
        let spec = json!({ "openapi": "3.0.3", "paths": {}, "components": { "schemas": {
            "A": { "properties": {
                "convenience_fee": { "type": "number" },
                "order_amount": { "type": "number" },
                "cf_payment_id": { "type": "integer" },
                "size": { "type": "integer" },
                "note": { "type": "string" },
                "surcharges": { "type": "array", "items": { "$ref": "#/components/schemas/Surcharge" } } } },
            "B": { "properties": { "convenience_fee": { "type": "number" } } },
            "Surcharge": { "type": "number" },
            "Circle": { "type": "array", "items": { "$ref": "#/components/schemas/Circle" } },
            "C": { "properties": { "circle": { "$ref": "#/components/schemas/Circle" } } } } } });
        let found = review(&spec);
        let pointers: Vec<_> = found.iter().map(|fault| fault.pointer.as_str()).collect();
        assert_eq!(
            pointers,
            [
                "/components/schemas/A/properties/convenience_fee",
                "/components/schemas/A/properties/surcharges"
            ]
        );
        assert!(found[0].reason.contains("the number `convenience_fee`"), "{}", found[0].reason);
    }
}
