//! A document with every fault that `regen --import` mends, made from a sound specification: what the tests of
//! the import run on.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Map, Value, json};

use crate::project::{Document, Project};

/// The specification that is spoilt.
const SOUND: &str = "2025-01-01";

/// Plants one fault; `None` where the specification has nothing to plant it in.
type Plant = fn(&mut Value) -> Option<()>;

/// Every fault by its name.
const FAULTS: [(&str, Plant); 21] = [
    ("callbacks by reference", |spec| {
        operation(spec, "/orders", "post")?
            .insert("callbacks".to_owned(), json!({"paid": {"$ref": "#/components/callbacks/Paid"}}));
        Some(())
    }),
    ("several error bodies", |spec| {
        let responses = operation(spec, "/orders", "post")?.get_mut("responses")?.as_object_mut()?;
        let body = json!({"application/json": {"schema": {
            "type": "object", "title": "Problem", "properties": {"reason": {"type": "string"}}
        }}});
        responses.insert("403".to_owned(), json!({"description": "Forbidden.", "content": body.clone()}));
        responses.insert("default".to_owned(), json!({"description": "Anything else.", "content": body}));
        Some(())
    }),
    ("duplicate operation ids", |spec| {
        let mut twin = spec["paths"]["/subscriptions/{subscription_id}"]["get"].clone();
        twin.as_object()?;
        twin["summary"] = json!("Generate a summary of returned transactions");
        let path = "/subscriptions/{subscription_id}/transaction-return-summary/generate";
        spec["paths"][path] = json!({"post": twin});
        Some(())
    }),
    ("no operation id", |spec| {
        let mut twin = spec["paths"]["/orders/{order_id}"]["get"].clone();
        twin.as_object_mut()?.shift_remove("operationId")?;
        spec["paths"]["/orders/{order_id}/nameless"] = json!({"get": twin});
        Some(())
    }),
    ("no summary and no description", |spec| {
        let operation = operation(spec, "/orders/{order_id}/nameless", "get")?;
        operation.shift_remove("summary")?;
        operation.shift_remove("description").map(drop)
    }),
    ("duplicate enum values", |spec| {
        property(
            spec,
            "PlanEntity",
            "planted_status",
            json!({"type": "string", "enum": ["ACTIVE", "PAUSED", "ACTIVE"]}),
        )
    }),
    ("enum on an array", |spec| {
        let channels = json!({"type": "array", "enum": ["link", "qrcode"], "items": {"type": "string"}});
        property(spec, "CreateOrderRequest", "planted_channels", channels)
    }),
    ("required name with a trailing dot", |spec| {
        let required = schema(spec, "CreateOrderRequest")?.get_mut("required")?.as_array_mut()?;
        *required.iter_mut().find(|name| *name == "customer_details")? = json!("customer_details.");
        Some(())
    }),
    ("required name that is no property", |spec| {
        let required = schema(spec, "CreateOrderRequest")?.get_mut("required")?.as_array_mut()?;
        required.push(json!("meta_data.settlement_date"));
        Some(())
    }),
    ("query string inside a path", |spec| {
        let list = operation(spec, "/customers/{customer_id}/instruments", "get")?.get_mut("parameters")?;
        list.as_array_mut()?.retain(|p| p["name"] != "instrument_type");
        rename(
            spec,
            "/customers/{customer_id}/instruments",
            "/customers/{customer_id}/instruments?instrument_type=card",
        )
    }),
    ("path that repeats the server", |spec| rename(spec, "/utilities/pars", "/pg/utilities/pars")),
    ("parameter given twice", |spec| {
        let list = operation(spec, "/orders/{order_id}", "get")?.get_mut("parameters")?.as_array_mut()?;
        let twin = list.iter().find(|p| p["name"] == "order_id")?.clone();
        list.push(twin);
        Some(())
    }),
    ("path parameter not declared", |spec| {
        let list = operation(spec, "/orders/{order_id}/payments", "get")?.get_mut("parameters")?;
        list.as_array_mut()?.retain(|p| p["name"] != "order_id");
        Some(())
    }),
    ("parameter of a whole path", |spec| {
        let parameter = json!({"name": "verbose", "in": "query", "schema": {"type": "boolean"}});
        spec["paths"]["/orders/{order_id}/nameless"]["parameters"] = json!([parameter]);
        Some(())
    }),
    ("cookie that no client sends", |spec| {
        let cookie = json!({"name": "tenant", "in": "cookie", "schema": {"type": "string"}});
        let list = operation(spec, "/orders/{order_id}/nameless", "get")?.get_mut("parameters")?;
        list.as_array_mut()?.push(cookie);
        Some(())
    }),
    ("unknown formats", |spec| {
        property(spec, "OrderMeta", "planted_fee", json!({"type": "number", "format": "rupees"}))?;
        property(spec, "OrderMeta", "planted_count", json!({"type": "integer", "format": "int53"}))?;
        property(spec, "OrderMeta", "planted_code", json!({"type": "string", "format": "cashfree-code"}))
    }),
    ("several success statuses", |spec| {
        let responses = operation(spec, "/orders/{order_id}/refunds", "post")?.get_mut("responses")?;
        responses["201"] = responses.get("200")?.clone();
        responses["204"] = json!({"description": "Nothing to refund."});
        Some(())
    }),
    ("answer by reference", |spec| {
        let answer =
            operation(spec, "/orders/{order_id}/nameless", "get")?.get_mut("responses")?.get_mut("400")?;
        let shared = std::mem::replace(answer, json!({"$ref": "#/components/responses/Malformed"}));
        spec["components"]["responses"] = json!({ "Malformed": shared });
        Some(())
    }),
    ("nullable without a type", |spec| {
        let note = json!({"nullable": true, "enum": ["short", "long"]});
        property(spec, "OrderMeta", "planted_note", note)?;
        let meta = json!({"nullable": true, "properties": {"a": {"type": "string"}}});
        property(spec, "OrderMeta", "planted_meta", meta)?;
        property(spec, "OrderMeta", "planted_any", json!({"nullable": true}))
    }),
    ("examples that do not fit", |spec| {
        let body = operation(spec, "/customers", "post")?.get_mut("requestBody")?;
        *body.pointer_mut("/content/application~1json/example/customer_phone")? = json!(9_999_999_999_u64);
        schema(spec, "OrderMeta")?
            .insert("example".to_owned(), json!({"return_url": ["not", "a", "string"]}));
        Some(())
    }),
    ("names that clash in Rust", |spec| {
        let twin = json!({"type": "object", "properties": {"planted": {"type": "string"}}});
        spec["components"]["schemas"].as_object_mut()?.insert("order_meta".to_owned(), twin);
        property(spec, "OrderMeta", "planted_twin", json!({"$ref": "#/components/schemas/order_meta"}))
    }),
];

/// Writes the spoilt specification to `file`.
pub(crate) fn plant(project: &Project, file: &Path) -> Result<()> {
    let version: Document = SOUND.parse()?;
    let mut spec = cashfree_codegen::spec::load(&project.path(version.spec_file()))?;
    for (name, plant) in FAULTS {
        plant(&mut spec).with_context(|| format!("nothing to plant this in: {name}"))?;
        println!("planted: {name}");
    }
    std::fs::write(file, yaml_serde::to_string(&spec)?).with_context(|| format!("writing {}", file.display()))
}

fn operation<'a>(spec: &'a mut Value, path: &str, method: &str) -> Option<&'a mut Map<String, Value>> {
    spec["paths"].get_mut(path)?.get_mut(method)?.as_object_mut()
}

fn schema<'a>(spec: &'a mut Value, name: &str) -> Option<&'a mut Map<String, Value>> {
    spec["components"]["schemas"].get_mut(name)?.as_object_mut()
}

/// Gives a schema one more property.
fn property(spec: &mut Value, of: &str, name: &str, property: Value) -> Option<()> {
    schema(spec, of)?.get_mut("properties")?.as_object_mut()?.insert(name.to_owned(), property);
    Some(())
}

fn rename(spec: &mut Value, from: &str, to: &str) -> Option<()> {
    let paths = spec["paths"].as_object_mut()?;
    let item = paths.shift_remove(from)?;
    paths.insert(to.to_owned(), item);
    Some(())
}
