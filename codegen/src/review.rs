//! What a person should look at in a specification before a client is made from it: a name whose meaning
//! nobody has decided yet, and what the client cannot send.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::places::Places;
use crate::error::Fault;
use crate::spec::{METHODS, resolve, token};
use crate::vocabulary;

/// Headers that the client sends by itself or by a setting of the call or the credentials.
const HEADERS: &[&str] = &[
    "accept",
    "authorization",
    "content-type",
    "x-api-version",
    "x-client-id",
    "x-client-secret",
    "x-client-signature",
    "x-idempotency-key",
    "x-partner-apikey",
    "x-partner-merchantid",
    "x-request-id",
];

/// Every place to look at, with what to decide there.
pub fn review(spec: &Value) -> Vec<Fault> {
    let mut places = open_numbers(spec);
    places.extend(unsendable_parameters(spec));
    places
}

/// What a property holds, or its list is made of.
pub fn leaf<'a>(spec: &'a Value, property: &'a Value) -> &'a Value {
    let mut property = resolve(spec, property).unwrap_or(property);
    // Lists in lists, as deep as any real one: a list may be made of itself.
    for _ in 0..32 {
        match property.get("items") {
            Some(items) if property["type"] == "array" => property = resolve(spec, items).unwrap_or(items),
            _ => break,
        }
    }
    property
}

/// Numbers that may be money for all that the vocabulary knows: each name once, where it first stands.
fn open_numbers(spec: &Value) -> Vec<Fault> {
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

/// Parameters in headers and cookies that no method takes and the client does not send by itself.
fn unsendable_parameters(spec: &Value) -> Vec<Fault> {
    let mut found = Vec::new();
    for (path, item) in spec["paths"].as_object().into_iter().flatten() {
        let at = format!("/paths/{}", token(path));
        let own =
            METHODS.into_iter().filter_map(|method| Some((format!("{at}/{method}"), item.get(method)?)));
        for (at, holder) in std::iter::once((at.clone(), item)).chain(own) {
            for (i, parameter) in holder["parameters"].as_array().into_iter().flatten().enumerate() {
                let parameter = resolve(spec, parameter).unwrap_or(parameter);
                let (name, place) = (parameter["name"].as_str(), parameter["in"].as_str());
                let (Some(name), Some(place @ ("header" | "cookie"))) = (name, place) else { continue };
                if place == "cookie" || !HEADERS.contains(&name.to_ascii_lowercase().as_str()) {
                    let needed = if parameter["required"] == true { "required " } else { "" };
                    let reason = format!("the client cannot send the {needed}{place} `{name}`");
                    found.push(Fault::new(format!("{at}/parameters/{i}"), reason));
                }
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

    #[test]
    fn headers_and_cookies_that_cannot_be_sent_are_found() {
        let spec = json!({ "openapi": "3.0.3",
            "paths": { "/a": {
                "parameters": [{ "name": "session", "in": "cookie" }],
                "get": { "parameters": [
                    { "name": "X-API-Version", "in": "header" },
                    { "$ref": "#/components/parameters/Tenant" },
                    { "name": "q", "in": "query" }] } } },
            "components": { "parameters": { "Tenant": { "name": "x-tenant", "in": "header", "required": true } } } });
        assert_eq!(
            review(&spec),
            [
                Fault::new("/paths/~1a/parameters/0", "the client cannot send the cookie `session`"),
                Fault::new(
                    "/paths/~1a/get/parameters/1",
                    "the client cannot send the required header `x-tenant`"
                ),
            ]
        );
    }
}
