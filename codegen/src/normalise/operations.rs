//! Rules for operations: what they are called, what they take and what they answer.

use std::collections::BTreeSet;

use heck::{ToPascalCase, ToSnakeCase};
use serde_json::{Value, json};

use super::key;
use crate::document::resolve;
use crate::error::Fault;
use crate::names;
use crate::spec::{operations, operations_mut, reference, schemas, token};

/// A `$ref` inside a callback does not parse, and webhooks are described under `x-webhooks`.
pub(super) fn drop_callbacks(spec: &mut Value) {
    for (_, _, operation) in operations_mut(spec) {
        if let Some(operation) = operation.as_object_mut() {
            operation.remove("callbacks");
        }
    }
}

/// Parameters, bodies and answers that operations share by `$ref`, and parameters of a whole path, are
/// written into each operation: they would be missing from its arguments otherwise.
pub(super) fn write_shared_parts_in_place(spec: &mut Value) {
    let source = spec.clone();
    let place = |node: &mut Value| {
        if node.get("$ref").is_some()
            && let Some(target) = resolve(&source, node)
        {
            *node = target.clone();
        }
    };
    for (path, _, operation) in operations_mut(spec) {
        let mut parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        parameters.iter_mut().for_each(place);
        for shared in source["paths"][path]["parameters"].as_array().into_iter().flatten() {
            let mut shared = shared.clone();
            place(&mut shared);
            if !parameters.iter().any(|own| own["name"] == shared["name"] && own["in"] == shared["in"]) {
                parameters.push(shared);
            }
        }
        operation["parameters"] = Value::Array(parameters);
        operation.get_mut("requestBody").into_iter().for_each(place);
        let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
        responses.into_iter().flat_map(|r| r.values_mut()).for_each(place);
    }
}

/// Two arguments of one name cannot be told apart where the method is called.
pub(super) fn refuse_arguments_twice(spec: &Value) -> Result<(), Fault> {
    for (_, _, at, operation) in operations(spec) {
        let mut taken = BTreeSet::new();
        for (i, parameter) in operation["parameters"].as_array().into_iter().flatten().enumerate() {
            let name = parameter["name"].as_str().unwrap_or_default();
            let is_argument = parameter["in"] == "path" || parameter["in"] == "query";
            if is_argument && !taken.insert(names::snake_name(name)) {
                let at = format!("{at}/parameters/{i}");
                return Err(Fault::new(at, format!("another argument is called `{name}` too")));
            }
        }
    }
    Ok(())
}

/// A body is sent in one media type: JSON where there is a choice, else a multipart form.
pub(super) fn keep_one_request_media(spec: &mut Value) -> Result<(), Fault> {
    for (path, method, operation) in operations_mut(spec) {
        let Some(content) = operation.pointer("/requestBody/content").and_then(Value::as_object) else {
            continue;
        };
        let at = format!("/paths/{}/{method}/requestBody/content", token(path));
        let (media, entry) = one_media(content, &["application/json", "multipart/form-data"], &at)?;
        operation["requestBody"]["content"] = json!({ media: entry });
    }
    Ok(())
}

/// The entry of the first of `supported` media types that is there.
fn one_media(
    content: &serde_json::Map<String, Value>,
    supported: &[&'static str],
    at: &str,
) -> Result<(&'static str, Value), Fault> {
    let bare = |media: &str| media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    for wanted in supported {
        if let Some((_, entry)) = content.iter().find(|(media, _)| bare(media) == *wanted) {
            return Ok((*wanted, entry.clone()));
        }
    }
    let found = content.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
    let found = if found.is_empty() { "nothing".to_owned() } else { found };
    Err(Fault::new(at, format!("expected {}, found {found}", supported.join(" or "))))
}

/// progenitor takes one success and one error type; errors are read by the runtime, the same for all.
pub(super) fn keep_one_success(spec: &mut Value) -> Result<(), Fault> {
    for (path, method, operation) in operations_mut(spec) {
        let at = format!("/paths/{}/{method}/responses", token(path));
        let responses = operation["responses"].as_object();
        let successes = responses.into_iter().flatten().filter(|(status, _)| status.starts_with('2'));
        let Some((status, response)) = successes.min_by_key(|(status, _)| status.as_str()) else {
            return Err(Fault::new(at, "expected a response with a 2xx status"));
        };
        let mut kept = json!({ "description": response["description"].as_str().unwrap_or_default() });
        if let Some(content) = response["content"].as_object().filter(|content| !content.is_empty()) {
            let at = format!("{at}/{}/content", token(status));
            let (media, entry) = one_media(content, &["application/json"], &at)?;
            let schema = entry.get("schema").cloned().unwrap_or_else(|| json!({}));
            kept["content"] = json!({ media: { "schema": schema } });
        }
        operation["responses"] = json!({ "2XX": kept });
    }
    Ok(())
}

/// Products whose name every operation id repeats.
const PREFIXES: [&str; 4] = ["PGES", "PG", "Subs", "Spos"];

/// `PGCreateOrder` becomes `create_order`: the vendor's prefixes say nothing to a caller.
///
/// Where that leaves `create_refund` for a subscription's refund, the product word comes back, so that
/// nobody refunds the wrong thing by its name.
pub(super) fn name_operations(spec: &mut Value) -> Result<(), Fault> {
    let mut taken = BTreeSet::new();
    for (path, method, operation) in operations_mut(spec) {
        let at = format!("/paths/{}/{method}", token(path));
        let Some(id) = operation["operationId"].as_str().map(str::to_owned) else {
            return Err(Fault::new(at, "expected an operationId"));
        };
        let name = method_name(&id);
        if !names::is_method_name(&name) {
            return Err(Fault::new(at, format!("no method can be called `{name}`, from `{id}`")));
        }
        // Each method has a type of its own, in the casing of types.
        if !taken.insert(name.to_pascal_case()) {
            return Err(Fault::new(at, format!("the method name `{name}` of `{id}` is taken")));
        }
        operation[key::OPERATION_ID] = Value::String(id);
        operation["operationId"] = Value::String(name);
    }
    Ok(())
}

/// The name of the client's method for an operation id; with `call_` before it where Rust or the client
/// itself has another use for the name.
pub fn method_name(operation_id: &str) -> String {
    let prefix = PREFIXES.into_iter().find(|prefix| {
        operation_id.strip_prefix(prefix).is_some_and(|rest| rest.starts_with(|c: char| c.is_uppercase()))
    });
    let rest = operation_id.strip_prefix(prefix.unwrap_or_default()).unwrap_or(operation_id);
    let name = rest.to_snake_case();
    let says_its_product = ["subscription", "plan"].iter().any(|word| name.contains(word));
    match (prefix, name.split_once('_')) {
        (Some("Subs"), Some((verb, noun))) if !says_its_product => format!("{verb}_subscription_{noun}"),
        _ if names::is_word(&name) && !names::is_method_name(&name) => format!("call_{name}"),
        _ => name,
    }
}

/// The fields of a multipart form are arguments of the method, so a form is no type of its own.
pub(super) fn write_forms_in_place(spec: &mut Value) {
    let known = schemas(spec).cloned().unwrap_or_default();
    for (_, _, operation) in operations_mut(spec) {
        let Some(form) = operation.pointer_mut("/requestBody/content/multipart~1form-data/schema") else {
            continue;
        };
        if let Some(named) = reference(form).and_then(|name| known.get(name)) {
            *form = named.clone();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post(operation: Value) -> Value {
        json!({ "paths": { "/a": { "post": operation } } })
    }

    fn pointer_and_reason(fault: Fault) -> String {
        format!("{}: {}", fault.pointer, fault.reason)
    }

    #[test]
    fn a_callback_with_a_reference_does_no_harm() {
        let mut spec = post(json!({ "callbacks": { "paid": { "$ref": "#/nowhere" } } }));
        drop_callbacks(&mut spec);
        assert_eq!(spec, post(json!({})));
    }

    #[test]
    fn shared_parameters_reach_the_operation() {
        let mut spec = json!({
            "paths": { "/a/{id}": {
                "parameters": [{ "name": "id", "in": "path" }, { "name": "limit", "in": "query" }],
                "get": { "parameters": [{ "$ref": "#/components/parameters/Limit" }],
                         "responses": { "200": { "$ref": "#/components/responses/Done" } } } } },
            "components": {
                "parameters": { "Limit": { "name": "limit", "in": "query", "description": "mine" } },
                "responses": { "Done": { "description": "Done." } } } });
        write_shared_parts_in_place(&mut spec);
        let operation = &spec["paths"]["/a/{id}"]["get"];
        assert_eq!(
            operation["parameters"],
            json!([{ "name": "limit", "in": "query", "description": "mine" }, { "name": "id", "in": "path" }])
        );
        assert_eq!(operation["responses"]["200"]["description"], "Done.");
    }

    #[test]
    fn two_arguments_of_one_name_are_refused() {
        let spec = post(json!({ "parameters": [
            { "name": "orderId", "in": "path" }, { "name": "order_id", "in": "query" },
            { "name": "order_id", "in": "header" } ] }));
        assert_eq!(
            pointer_and_reason(refuse_arguments_twice(&spec).unwrap_err()),
            "/paths/~1a/post/parameters/1: another argument is called `order_id` too"
        );
    }

    #[test]
    fn json_is_sent_where_there_is_a_choice() {
        let mut spec = post(json!({ "requestBody": { "content": {
            "text/plain": {}, "application/json; charset=utf-8": { "schema": { "type": "object" } } } } }));
        keep_one_request_media(&mut spec).unwrap();
        let content = &spec["paths"]["/a"]["post"]["requestBody"]["content"];
        assert_eq!(*content, json!({ "application/json": { "schema": { "type": "object" } } }));
    }

    #[test]
    fn a_media_type_that_cannot_be_sent_or_read_is_refused() {
        let mut spec = post(json!({ "requestBody": { "content": { "application/xml": {} } } }));
        assert_eq!(
            pointer_and_reason(keep_one_request_media(&mut spec).unwrap_err()),
            "/paths/~1a/post/requestBody/content: expected application/json or multipart/form-data, found \
             application/xml"
        );
        let mut spec = post(json!({ "responses": { "200": { "content": { "text/csv": {} } } } }));
        assert_eq!(
            pointer_and_reason(keep_one_success(&mut spec).unwrap_err()),
            "/paths/~1a/post/responses/200/content: expected application/json, found text/csv"
        );
    }

    #[test]
    fn one_success_stays_and_errors_go() {
        let mut spec = post(json!({ "responses": {
            "default": { "description": "Whatever." },
            "400": { "description": "Bad." },
            "202": { "description": "Later." },
            "200": { "description": "Done.", "headers": {}, "content": {
                "application/json": { "schema": { "type": "array" }, "examples": {} } } } } }));
        keep_one_success(&mut spec).unwrap();
        assert_eq!(
            spec["paths"]["/a"]["post"]["responses"],
            json!({ "2XX": { "description": "Done.",
                             "content": { "application/json": { "schema": { "type": "array" } } } } })
        );
    }

    #[test]
    fn a_response_without_content_is_a_success_and_none_at_all_is_refused() {
        let mut spec = post(json!({ "responses": { "204": {} } }));
        keep_one_success(&mut spec).unwrap();
        assert_eq!(spec["paths"]["/a"]["post"]["responses"], json!({ "2XX": { "description": "" } }));

        let mut spec = post(json!({ "responses": { "400": {} } }));
        assert_eq!(
            pointer_and_reason(keep_one_success(&mut spec).unwrap_err()),
            "/paths/~1a/post/responses: expected a response with a 2xx status"
        );
    }

    #[test]
    fn method_names_drop_the_vendors_prefixes_and_keep_products_apart() {
        for (id, name) in [
            ("PGCreateOrder", "create_order"),
            ("PGESCreateVendors", "create_vendors"),
            ("PGOrderCreateRefund", "order_create_refund"),
            ("SubsCreateRefund", "create_subscription_refund"),
            ("SubsCreatePlan", "create_plan"),
            ("Pgp", "pgp"),
            ("createTerminals", "create_terminals"),
        ] {
            assert_eq!(method_name(id), name);
        }
    }

    #[test]
    fn a_method_name_is_one_that_rust_and_the_client_take() {
        for (id, name) in [
            ("match", "call_match"),
            ("self", "call_self"),
            ("new", "call_new"),
            ("PGCashfree", "call_cashfree"),
        ] {
            assert_eq!(method_name(id), name);
        }
    }

    #[test]
    fn an_operation_has_an_id_and_a_name_of_its_own() {
        let mut spec = post(json!({}));
        assert_eq!(
            pointer_and_reason(name_operations(&mut spec).unwrap_err()),
            "/paths/~1a/post: expected an operationId"
        );
        let mut spec = post(json!({ "operationId": "3ds" }));
        assert_eq!(
            pointer_and_reason(name_operations(&mut spec).unwrap_err()),
            "/paths/~1a/post: no method can be called `3ds`, from `3ds`"
        );
        // Two methods, but one type for both.
        let mut spec = json!({ "paths": {
            "/a": { "get": { "operationId": "fetch_1" } }, "/b": { "get": { "operationId": "PGFetch1" } } } });
        assert_eq!(
            pointer_and_reason(name_operations(&mut spec).unwrap_err()),
            "/paths/~1b/get: the method name `fetch1` of `PGFetch1` is taken"
        );
    }

    #[test]
    fn a_form_is_written_where_it_is_sent() {
        let mut spec = post(json!({ "requestBody": { "content": { "multipart/form-data": {
            "schema": { "$ref": "#/components/schemas/Form" } } } } }));
        spec["components"] = json!({ "schemas": { "Form": { "properties": { "file": {} } } } });
        write_forms_in_place(&mut spec);
        let form = "/paths/~1a/post/requestBody/content/multipart~1form-data/schema/properties/file";
        assert!(spec.pointer(form).is_some());
    }
}
