//! Rules for unions: each is told apart by the key that is present, never by trying shapes in turn.
//!
//! `{"upi": {…}}` fits a card whose members are all optional; whoever tries shapes in turn loses it.

use heck::ToPascalCase;
use serde_json::{Map, Value, json};

use super::schemas::collect_references;
use super::{each_union_arm, key, only_property};
use crate::spec::{each_schema, refer_to, reference, schemas, schemas_mut};

/// Whether a schema is a union as OpenAPI writes it.
fn arms(schema: &Value) -> Option<&Vec<Value>> {
    schema.get("oneOf").or(schema.get("anyOf")).and_then(Value::as_array)
}

/// A union of one arm is that arm, with a description of its own.
pub(super) fn unwrap_single_arms(spec: &mut Value) {
    each_schema(spec, &mut |schema, _| {
        while let (Some([arm]), None) = (arms(schema).map(Vec::as_slice), schema.get("properties")) {
            let mut arm = arm.clone();
            if let Some(description) = schema.get("description") {
                arm["description"] = description.clone();
            }
            *schema = arm;
        }
    });
}

/// An object that also lists alternatives is the object: they say which of its members go together, or
/// add members of their own, and no body has to decide between them to be read.
pub(super) fn spread_arms_of_objects(spec: &mut Value) {
    let known = schemas(spec).cloned().unwrap_or_default();
    each_schema(spec, &mut |schema, _| {
        if schema.get("properties").and_then(Value::as_object).is_none_or(Map::is_empty) {
            return;
        }
        let arms = arms(schema).cloned().unwrap_or_default();
        let Some(map) = schema.as_object_mut() else { return };
        map.shift_remove("oneOf");
        map.shift_remove("anyOf");
        for arm in &arms {
            let arm = reference(arm).and_then(|name| known.get(name)).unwrap_or(arm);
            let Some(Value::Object(properties)) = map.get_mut("properties") else { return };
            for (name, property) in arm["properties"].as_object().into_iter().flatten() {
                properties.entry(name).or_insert_with(|| property.clone());
            }
        }
    });
}

/// A union of objects with one property each is told apart by that key.
///
/// A union with an arm that has no key of its own cannot be told apart; it stays free JSON. So does what
/// stands under a key that two arms share.
pub(super) fn key_unions(spec: &mut Value) {
    let known = schemas(spec).cloned().unwrap_or_default();
    for (_, schema) in schemas_mut(spec) {
        let Some(arms) = arms(schema) else { continue };
        let mut keyed = Some(Map::new());
        for arm in arms {
            let arm = reference(arm).and_then(|name| known.get(name)).unwrap_or(arm);
            keyed = keyed.zip(only_property(arm)).map(|(mut keyed, (key, property))| {
                let shared = keyed.get(key).is_some_and(|other| other != property);
                keyed.insert(key.to_owned(), if shared { json!({}) } else { property.clone() });
                keyed
            });
        }
        let keyed = keyed.filter(|keyed| !keyed.is_empty());
        let description = schema.get("description").cloned();
        *schema = keyed.map_or_else(
            || json!({}),
            |keyed| json!({ key::UNION: keyed.into_iter().map(|(k, arm)| json!([k, arm])).collect::<Vec<_>>() }),
        );
        if let Some(description) = description {
            schema["description"] = description;
        }
    }
}

/// An object that only carries the key of a union's arm gives its name to what the key holds:
/// `PaymentMethodCardInPaymentsEntity` rather than `PaymentMethodCardInPaymentsEntityCard`.
pub(super) fn name_arms_after_their_wrappers(spec: &mut Value) {
    let mut uses = Vec::new();
    collect_references(spec, &mut uses);
    let known = schemas(spec).cloned().unwrap_or_default();
    let shorter: Vec<(String, String)> = known
        .iter()
        .filter_map(|(wrapper, schema)| {
            let (key, property) = only_property(schema)?;
            let inner = reference(property)?;
            let made_for_it = inner == format!("{wrapper}{}", key.to_pascal_case());
            (made_for_it && !uses.iter().any(|name| name == wrapper))
                .then(|| (inner.to_owned(), wrapper.clone()))
        })
        .collect();
    for (inner, wrapper) in &shorter {
        if let Some(schema) = schemas_mut(spec).shift_remove(inner) {
            schemas_mut(spec).insert(wrapper.clone(), schema);
        }
    }
    let mut rename = |schema: &mut Value, _: &str| {
        if let Some((_, wrapper)) =
            shorter.iter().find(|(inner, _)| Some(inner.as_str()) == reference(schema))
        {
            schema["$ref"] = refer_to(wrapper)["$ref"].take();
        }
    };
    each_schema(spec, &mut rename);
    each_union_arm(spec, &mut rename);
}

/// An object whose one property is a union, itself used under that property's name, is the union: the
/// specification wraps `payment_method` twice where real bodies mostly wrap it once.
pub(super) fn unwrap_doubled_unions(spec: &mut Value) {
    let known = schemas(spec).cloned().unwrap_or_default();
    let wrapped = |name: &str| -> Option<(String, String)> {
        let (member, inner) = only_property(known.get(name)?)?;
        let union = reference(inner)?;
        known.get(union)?.get(key::UNION)?;
        Some((member.to_owned(), union.to_owned()))
    };
    let mut unwrapped = Vec::new();
    each_schema(spec, &mut |schema, _| {
        for (member, property) in
            schema.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten()
        {
            if let Some((inner, union)) = reference(property).and_then(wrapped)
                && inner == *member
            {
                property["$ref"] = refer_to(&union)["$ref"].take();
                unwrapped.push((union, inner));
            }
        }
    });
    for (union, member) in unwrapped {
        schemas_mut(spec)[&union][key::WRAPPED_IN] = Value::String(member);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn components(schemas: Value) -> Value {
        json!({ "components": { "schemas": schemas } })
    }

    fn to(name: &str) -> Value {
        refer_to(name)
    }

    #[test]
    fn a_union_of_one_is_that_one() {
        let mut spec = components(json!({
            "A": { "properties": { "b": { "oneOf": [{ "anyOf": [to("B")] }], "description": "mine" } } } }));
        unwrap_single_arms(&mut spec);
        assert_eq!(
            spec["components"]["schemas"]["A"]["properties"]["b"],
            json!({ "$ref": "#/components/schemas/B", "description": "mine" })
        );
    }

    #[test]
    fn alternatives_beside_members_do_not_hide_the_members() {
        let mut spec = components(json!({ "Link": {
            "properties": { "link_id": {} },
            "anyOf": [{ "required": ["link_id"] }, { "properties": { "url": {}, "link_id": { "type": "integer" } } }] } }));
        spread_arms_of_objects(&mut spec);
        assert_eq!(
            spec["components"]["schemas"]["Link"],
            json!({ "properties": { "link_id": {}, "url": {} } })
        );
    }

    #[test]
    fn a_union_is_told_apart_by_the_keys_of_its_arms() {
        let mut spec = components(json!({
            "Method": { "oneOf": [to("Card"), { "properties": { "upi": { "type": "string" } } }], "description": "how" },
            "Card": { "properties": { "card": to("CardDetails") } } }));
        key_unions(&mut spec);
        assert_eq!(
            spec["components"]["schemas"]["Method"],
            json!({ "x-union": [["card", to("CardDetails")], ["upi", { "type": "string" }]], "description": "how" })
        );
    }

    #[test]
    fn a_union_without_keys_stays_free_json() {
        for arms in [
            json!([{ "properties": { "upi": {} } }, { "properties": { "number": {}, "cvv": {} } }]),
            json!([{ "type": "string" }, { "type": "number" }]),
            json!([]),
        ] {
            let mut spec = components(json!({ "Method": { "oneOf": arms } }));
            key_unions(&mut spec);
            assert_eq!(spec["components"]["schemas"]["Method"], json!({}));
        }
    }

    #[test]
    fn a_key_that_two_arms_share_holds_either() {
        let arm = |inner: Value| json!({ "properties": { "upi": inner } });
        let mut spec = components(json!({ "Method": { "oneOf": [
            arm(json!({ "type": "string" })), arm(to("Upi")), { "properties": { "card": to("Card") } } ] } }));
        key_unions(&mut spec);
        assert_eq!(
            spec["components"]["schemas"]["Method"][key::UNION],
            json!([["upi", {}], ["card", to("Card")]])
        );
    }

    #[test]
    fn what_a_key_holds_takes_the_name_of_its_wrapper() {
        let mut spec = components(json!({
            "PaymentCard": { "properties": { "card": to("PaymentCardCard") } },
            "PaymentCardCard": { "properties": { "number": {} } },
            "Method": { key::UNION: [["card", to("PaymentCardCard")]] } }));
        name_arms_after_their_wrappers(&mut spec);
        let schemas = &spec["components"]["schemas"];
        assert_eq!(schemas["PaymentCard"], json!({ "properties": { "number": {} } }));
        assert_eq!(schemas["Method"][key::UNION][0][1], to("PaymentCard"));
        assert!(schemas.get("PaymentCardCard").is_none());
    }

    #[test]
    fn a_wrapper_that_is_used_itself_keeps_its_name() {
        let before = components(json!({
            "PaymentCard": { "properties": { "card": to("PaymentCardCard") } },
            "PaymentCardCard": { "properties": { "number": {} } },
            "Order": { "properties": { "paid_by": to("PaymentCard") } } }));
        let mut spec = before.clone();
        name_arms_after_their_wrappers(&mut spec);
        assert_eq!(spec, before);
    }

    #[test]
    fn a_union_wrapped_in_its_own_name_is_unwrapped() {
        let mut spec = components(json!({
            "Payment": { "properties": { "payment_method": to("Wrapper"), "other": to("Wrapper") } },
            "Wrapper": { "properties": { "payment_method": to("Method") } },
            "Method": { key::UNION: [["upi", {}]] } }));
        unwrap_doubled_unions(&mut spec);
        let schemas = &spec["components"]["schemas"];
        assert_eq!(schemas["Payment"]["properties"]["payment_method"], to("Method"));
        assert_eq!(schemas["Payment"]["properties"]["other"], to("Wrapper"));
        assert_eq!(schemas["Method"][key::WRAPPED_IN], "payment_method");
    }
}
