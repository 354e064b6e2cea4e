//! Events that nothing here causes, or that a test wants now: made from their schema.

use serde_json::{Map, Value, json};

use super::event::Content;
use crate::spec::{Spec, example, members};

/// The body of an event of this type, with values of `set` at their dotted paths: what stands under `data`, or
/// the whole of a body without the usual envelope.
pub(crate) fn content(spec: &'static Spec, kind: &str, set: &Value, now: &str) -> Result<Content, String> {
    let Some(schema) = spec.event(kind) else {
        let known: Vec<&str> = spec.events().map(|(name, _)| name.as_str()).collect();
        return Err(format!("{} has no event {kind}; it has {}", spec.version, known.join(", ")));
    };
    let mut body = example::example(spec, schema, &json!({}), now);
    fill(&mut body, &Value::Object(hints(kind)), "");
    for name in ["type", "event"] {
        if body.get(name).is_some() {
            body[name] = json!(kind);
        }
    }
    for (path, value) in members(set) {
        put(&mut body, path, value.clone()).map_err(|problem| format!("{path}: {problem}"))?;
    }
    let enveloped = spec.resolve(schema)["properties"].get("data").is_some();
    Ok(if enveloped { Content::Verbatim(body["data"].take()) } else { Content::Flat(body) })
}

/// What the type of an event says of its members.
fn hints(kind: &str) -> Map<String, Value> {
    let ends = |end: &str| kind.ends_with(end);
    let outcome = if ends("_FAILED") || kind.contains("_FAILED_") {
        "FAILED"
    } else if kind.contains("USER_DROPPED") {
        "USER_DROPPED"
    } else if ends("_CANCELLED") {
        "CANCELLED"
    } else if ends("_REVERSED") {
        "REVERSED"
    } else if ends("_CREATED") {
        "CREATED"
    } else if ends("_INITIATED") {
        "INITIATED"
    } else {
        "SUCCESS"
    };
    let mut hints = Map::new();
    let payment = if outcome == "INITIATED" { "INITIALIZED" } else { outcome };
    for name in ["payment_status", "refund_status", "transaction_status"] {
        hints.insert(name.to_owned(), json!(if name == "payment_status" { payment } else { "SUCCESS" }));
    }
    hints.insert("status".to_owned(), json!(outcome));
    hints.insert(
        "instrument_status".to_owned(),
        json!(if outcome == "FAILED" { "INACTIVE" } else { "ACTIVE" }),
    );
    let stage = match kind {
        "DISPUTE_UPDATED" => "CHARGEBACK_DOCS_RECEIVED",
        "DISPUTE_CLOSED" => "CHARGEBACK_MERCHANT_WON",
        _ => "CHARGEBACK_CREATED",
    };
    hints.insert("dispute_status".to_owned(), json!(stage));
    hints.insert("dispute_type".to_owned(), json!("CHARGEBACK"));
    hints.insert("link_status".to_owned(), json!("PAID"));
    hints
}

/// Puts the hints wherever the body has a member of that name, and takes away what belongs to failures only.
fn fill(body: &mut Value, hints: &Value, under: &str) {
    match body {
        Value::Object(object) => {
            let failed = hints["payment_status"] == "FAILED";
            object.retain(|name, _| failed || !matches!(name.as_str(), "error_details" | "failureDetails"));
            for (name, member) in object.iter_mut() {
                // Many things have a status; the type of the event speaks of the one it is about.
                let meant = name != "status" || matches!(under, "" | "data" | "settlement");
                match hints.get(name).filter(|_| meant && member.is_string()) {
                    Some(hint) => *member = hint.clone(),
                    None => fill(member, hints, name),
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|one| fill(one, hints, under)),
        _ => {}
    }
}

/// Puts a value at a dotted path; numbers count the items of lists.
fn put(body: &mut Value, path: &str, value: Value) -> Result<(), &'static str> {
    let mut place = body;
    for name in path.split('.') {
        if place.is_null() {
            *place = json!({});
        }
        place = match place {
            Value::Object(object) => object.entry(name).or_insert(Value::Null),
            Value::Array(list) => {
                let at: usize = name.parse().map_err(|_| "is no number of an item")?;
                list.get_mut(at).ok_or("there are not so many items")?
            }
            _ => return Err("stands in something that has no members"),
        };
    }
    *place = value;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec;

    #[test]
    fn every_event_of_every_version_can_be_made() {
        for spec in spec::versions().filter_map(spec::find) {
            for (kind, _) in spec.events() {
                content(spec, kind, &json!({}), "2025-01-15T12:20:29+05:30").expect(kind);
            }
        }
    }

    #[test]
    fn members_follow_the_type_and_what_is_set() {
        let spec = spec::find("2025-01-01").expect("embedded");
        let set = json!({ "data.order.order_id": "mine", "data.payment.payment_amount": 5 });
        let made = content(spec, "PAYMENT_FAILED_WEBHOOK", &set, "t");
        let Ok(Content::Verbatim(data)) = made else { panic!("{made:?}") };
        assert_eq!(
            (&data["order"]["order_id"], &data["payment"]["payment_amount"]),
            (&json!("mine"), &json!(5))
        );
        assert_eq!(data["payment"]["payment_status"], "FAILED");
        assert!(data["error_details"].is_object());
        let other = content(spec, "PAYMENT_SUCCESS_WEBHOOK", &json!({}), "t");
        let Ok(Content::Verbatim(data)) = other else { panic!("{other:?}") };
        assert!(data.get("error_details").is_none());
        assert!(
            content(spec, "NOTHING", &json!({}), "t").is_err_and(|said| said.contains("PAYMENT_LINK_EVENT"))
        );
        assert!(content(spec, "WEBHOOK", &json!({"type.x": 1}), "t").is_err());
    }
}
