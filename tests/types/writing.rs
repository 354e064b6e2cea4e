//! Writing is strict: every limit of the specifications is checked before anything is sent, all at once, and
//! named by its member.
//!
//! The table is the specifications: for every limit of every request, a body just outside and one just inside.

use std::collections::BTreeSet;

use crate::specs::{Spec, Step, at_mut, dotted};
use crate::support::{Reply, Server};
use cashfree_codegen::vocabulary::{Kind, kind};
use cashfree_pg::ErrorKind;
use cashfree_pg::registry::{Arguments, Entry, OPERATIONS, VERSIONS};
use cashfree_pg::types::Invalid;
use serde_json::{Value, json};

/// One limit of one member of a request.
struct Limit {
    /// A body that keeps every limit.
    valid: Value,
    member: Vec<Step>,
    /// Values on the wrong side of the limit; null takes the member away.
    outside: Vec<Value>,
    /// Values on the right side of it.
    inside: Vec<Value>,
}

impl Limit {
    fn body(&self, value: &Value) -> Value {
        let mut body = self.valid.clone();
        *at_mut(&mut body, &self.member) = value.clone();
        body
    }
}

/// Every limit of a schema. `valid` is a whole body; what is being looked at stands in it at `member`.
fn limits(spec: &Spec, schema: &Value, valid: &Value, member: &[Step], name: &str, found: &mut Vec<Limit>) {
    let schema = spec.resolve(schema);
    if member.len() > 12 {
        return;
    }
    let mut limit = |outside: Vec<Value>, inside: Vec<Value>| {
        found.push(Limit { valid: valid.clone(), member: member.to_vec(), outside, inside });
    };
    match schema["type"].as_str() {
        // An amount as text; how many characters it has says nothing.
        Some("string") if kind(name, "string") == Some(Kind::Amount) => {
            limit(vec![json!("10.255"), json!("-1")], vec![json!("10.25"), json!("0")]);
        }
        Some("string") => {
            of_text(spec, schema, &mut limit);
        }
        Some("integer") if schema["pattern"].is_string() => {
            limit(vec![json!(304), json!(30444)], vec![json!(3044), json!("0044")]);
        }
        Some("number" | "integer") => {
            of_number(name, schema, &mut limit);
        }
        Some("array") => {
            let item = spec.sample(&schema["items"]);
            let list = |length: u64| Value::Array(vec![item.clone(); length as usize]);
            let (least, most) = span(schema, "minItems", "maxItems");
            if let Some(least) = least.filter(|least| *least > 0) {
                limit(vec![list(least - 1)], vec![list(least)]);
            }
            if let Some(most) = most {
                limit(vec![list(most + 1)], vec![list(most)]);
            }
            let member = [member, &[Step::Item(0)]].concat();
            limits(spec, &schema["items"], valid, &member, name, found);
        }
        _ => {
            of_object(spec, schema, valid, member, name, found);
        }
    }
}

/// A column of a database has more zeros than the two decimals that are taken.
#[test]
fn an_amount_as_text_is_sent_without_the_zeros_of_a_column() {
    use cashfree_pg::one_escrow::types::InternalTransferRequest;
    use cashfree_pg::types::{Amount, Payload as _};

    for (amount, sent) in [("499.500", r#""499.5""#), ("499.50", r#""499.50""#), ("499", r#""499""#)] {
        let amount: Amount = amount.parse().unwrap();
        let body = InternalTransferRequest::new(amount, "to", "from").to_body().unwrap();
        let body = String::from_utf8(body).unwrap();
        assert!(body.contains(&format!(r#""amount":{sent}"#)), "{body}");
    }
}

fn span(schema: &Value, least: &str, most: &str) -> (Option<u64>, Option<u64>) {
    (schema[least].as_u64(), schema[most].as_u64())
}

/// Takes values outside a limit, and inside.
type Found<'a> = dyn FnMut(Vec<Value>, Vec<Value>) + 'a;

fn of_text(spec: &Spec, schema: &Value, limit: &mut Found<'_>) {
    // Characters, not bytes.
    let text = |length: u64| json!("é".repeat(length as usize));
    let (least, most) = span(schema, "minLength", "maxLength");
    if let Some(least) = least.filter(|least| *least > 0) {
        limit(vec![text(least - 1)], vec![text(least)]);
    }
    if let Some(most) = most {
        limit(vec![text(most + 1)], vec![text(most)]);
    }
    if schema["pattern"].is_string() {
        let valid = spec.sample(schema);
        limit(vec![json!("x"), json!(format!("{}0", valid.as_str().unwrap()))], vec![valid]);
    }
}

fn of_number(name: &str, schema: &Value, limit: &mut Found<'_>) {
    let (least, most) = (schema["minimum"].as_f64(), schema["maximum"].as_f64());
    if kind(name, "number") == Some(Kind::Amount) {
        limit(
            vec![json!(10.255), json!("10.001"), json!(-1), json!(-0.01)],
            vec![json!(10.25), json!("10.250")],
        );
        if least.is_none() {
            limit(vec![], vec![json!(0)]);
        }
    }
    let is_whole = schema["type"] == "integer";
    let step = if is_whole { 1.0 } else { 0.01 };
    let number = |n: f64| if is_whole { json!(n as i64) } else { json!(n) };
    if let Some(least) = least {
        let more = most.unwrap_or(least + 1e6);
        limit(vec![number(least - step), json!(0)], vec![number(least), number(more)]);
    }
    if let Some(most) = most {
        limit(vec![number(most + step)], vec![number(most)]);
    }
}

fn of_object(
    spec: &Spec,
    schema: &Value,
    valid: &Value,
    member: &[Step],
    name: &str,
    found: &mut Vec<Limit>,
) {
    if let Some(most) = schema["maxProperties"].as_u64() {
        let value = spec.sample(&schema["additionalProperties"]);
        let map = |size: u64| (0..size).map(|n| (format!("name {n}"), value.clone())).collect::<Value>();
        found.push(Limit {
            valid: valid.clone(),
            member: member.to_vec(),
            outside: vec![map(most + 1)],
            inside: vec![map(most)],
        });
    }
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let member = [member, &[Step::Member(name.clone())]].concat();
        if required.contains(&json!(name)) {
            found.push(Limit {
                valid: valid.clone(),
                member: member.clone(),
                outside: vec![Value::Null],
                inside: vec![],
            });
        }
        limits(spec, property, valid, &member, name, found);
    }
    for arm in ["oneOf", "anyOf"].iter().filter_map(|union| schema[*union].as_array()).flatten() {
        let mut valid = valid.clone();
        *at_mut(&mut valid, member) = spec.sample(arm);
        union_arm(spec, arm, &valid, member, found);
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        limits(spec, part, valid, member, name, found);
    }
}

/// An arm of a union is told by its key, so that an absent key is no broken limit but another arm.
fn union_arm(spec: &Spec, arm: &Value, valid: &Value, member: &[Step], found: &mut Vec<Limit>) {
    for (name, property) in spec.resolve(arm)["properties"].as_object().into_iter().flatten() {
        let member = [member, &[Step::Member(name.clone())]].concat();
        limits(spec, property, valid, &member, name, found);
    }
}

/// The requests that are JSON: operation id and schema, for every version.
fn requests() -> impl Iterator<Item = (&'static Spec, Vec<(&'static str, &'static Value)>)> {
    crate::specs::MENDED.iter().map(|spec| {
        let requests = spec.operations().into_iter().filter_map(|operation| {
            let (media, schema, _) = operation.request()?;
            (media == "application/json").then(|| (operation.id(), schema))
        });
        (spec, requests.collect())
    })
}

fn entry(version: &str, id: &str) -> &'static Entry {
    let entries = VERSIONS.iter().find(|(v, _)| *v == version).expect("the version's feature").1;
    entries.iter().find(|e| e.kind == "request" && e.name == id).expect("a request")
}

fn broken(entry: &Entry, body: &Value) -> Vec<String> {
    let invalid =
        (entry.check)(body.to_string().as_bytes()).unwrap_or_else(|e| panic!("{}: {e}", entry.name));
    let members = |invalid: &Invalid| invalid.violations().iter().map(|v| v.member().to_owned()).collect();
    invalid.as_ref().map(members).unwrap_or_default()
}

#[test]
fn each_limit_is_kept_on_one_side_and_named_on_the_other() {
    let mut faults = BTreeSet::new();
    let mut checked = 0;
    for (spec, requests) in requests() {
        for (id, schema) in requests {
            let entry = entry(&spec.version, id);
            let valid = spec.sample(schema);
            assert_eq!(broken(entry, &valid), [""; 0], "{} {id}: {valid}", spec.version);
            let mut found = Vec::new();
            limits(spec, schema, &valid, &[], "", &mut found);
            for limit in found {
                let member = dotted(&limit.member);
                for value in &limit.outside {
                    let named = broken(entry, &limit.body(value));
                    if named != [member.as_str()] {
                        faults.insert(format!("{} {id}: {member} = {value} breaks {named:?}", spec.version));
                    }
                    checked += 1;
                }
                for value in &limit.inside {
                    let named = broken(entry, &limit.body(value));
                    if !named.is_empty() {
                        faults.insert(format!("{} {id}: {member} = {value} breaks {named:?}", spec.version));
                    }
                }
            }
        }
    }
    assert!(checked > 500, "{checked}");
    assert!(faults.is_empty(), "{}", faults.into_iter().collect::<Vec<_>>().join("\n"));
}

#[test]
fn all_broken_limits_come_at_once() {
    for (spec, requests) in requests() {
        for (id, schema) in requests {
            let entry = entry(&spec.version, id);
            let mut body = spec.sample(schema);
            let mut found = Vec::new();
            limits(spec, schema, &body.clone(), &[], "", &mut found);
            // Members of the same valid body that do not contain each other.
            let mut expected: Vec<Vec<Step>> = Vec::new();
            for limit in found.iter().rev() {
                let clashes = expected
                    .iter()
                    .any(|other| other.starts_with(&limit.member) || limit.member.starts_with(other));
                let same_arms = limit.valid == spec.sample(schema);
                if let (false, true, Some(value)) = (clashes, same_arms, limit.outside.first()) {
                    *at_mut(&mut body, &limit.member) = value.clone();
                    expected.push(limit.member.clone());
                }
            }
            let expected: BTreeSet<String> = expected.iter().map(|member| dotted(member)).collect();
            assert_eq!(
                broken(entry, &body).into_iter().collect::<BTreeSet<_>>(),
                expected,
                "{} {id}",
                spec.version
            );
        }
    }
}

#[tokio::test]
async fn nothing_that_breaks_a_limit_is_sent() {
    let server = Server::start(|_| Reply::json(200, "{}")).await;
    let cashfree = server.client();
    let mut calls = 0;
    for (spec, requests) in requests() {
        let operations = OPERATIONS.iter().find(|(version, _)| *version == spec.version).unwrap().1;
        for (id, schema) in requests {
            let mut found = Vec::new();
            limits(spec, schema, &spec.sample(schema), &[], "", &mut found);
            let Some(limit) = found.iter().find(|limit| !limit.outside.is_empty()) else { continue };
            let operation = operations.iter().find(|operation| operation.info.id == id).unwrap();
            let body = limit.body(&limit.outside[0]).to_string().into_bytes();
            let mut arguments = Arguments { body, ..Arguments::default() };
            for place in ["path", "query"] {
                for (name, ..) in spec.operation(id).parameters(place) {
                    arguments.texts.insert(name.to_owned(), "7".to_owned());
                }
            }
            let error = (operation.call)(&cashfree, &arguments).unwrap().await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{id}: {error}");
            assert_eq!(error.invalid().unwrap().violations()[0].member(), dotted(&limit.member), "{id}");
            assert!(error.to_string().contains(&dotted(&limit.member)), "{id}: {error}");
            calls += 1;
        }
    }
    assert!(calls > 80, "{calls}");
    assert_eq!(server.seen().len(), 0);
}

#[cfg(feature = "v2025-01-01")]
#[tokio::test]
async fn an_order_names_everything_that_is_wrong_with_it() {
    use cashfree_pg::v2025_01_01::types::{CreateOrderRequest, CustomerDetails};

    let server = Server::start(|_| Reply::json(200, "{}")).await;
    let api = server.client().v2025_01_01();
    let request = |amount: &str| {
        let customer = CustomerDetails::new("ab", "99999");
        let amount: cashfree_pg::types::Amount = amount.parse().unwrap();
        CreateOrderRequest::new(amount, "INR", customer).order_id("o1").order_note("é".repeat(201))
    };
    for (amount, rule) in [
        ("0", "must be at least 1"),
        ("0.99", "must be at least 1"),
        ("1.001", "must have at most 2 decimals"),
        ("-5", "must not be negative"),
    ] {
        let error = api.create_order(request(amount)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        let broken: Vec<_> = error.invalid().unwrap().violations().iter().map(ToString::to_string).collect();
        assert_eq!(
            broken,
            [
                "order_id: must have at least 3 characters, has 2",
                &format!("order_amount: {rule}"),
                "customer_details.customer_id: must have at least 3 characters, has 2",
                "customer_details.customer_phone: must have at least 10 characters, has 5",
                "order_note: must have at most 200 characters, has 201",
            ]
        );
    }
    assert_eq!(server.seen().len(), 0);
}
