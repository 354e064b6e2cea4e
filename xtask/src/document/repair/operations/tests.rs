use super::super::testing::{reported, with_paths};
use super::*;

/// A path item with one `get` operation.
fn get(operation: Value) -> Value {
    json!({ "get": operation })
}

#[test]
fn callbacks_are_dropped() {
    let mut spec =
        with_paths(json!({"/a": get(json!({"callbacks": {"c": {"$ref": "#/components/callbacks/C"}}}))}));
    spec["components"] = json!({"callbacks": {"C": {}}});
    assert_eq!(
        reported(&mut spec, callbacks),
        [
            "/paths/~1a/get/callbacks: callbacks dropped: webhooks belong into x-webhooks",
            "/components/callbacks: callbacks dropped: webhooks belong into x-webhooks"
        ]
    );
    assert_eq!(spec["paths"]["/a"]["get"], json!({}));
}

#[test]
fn a_parameter_given_twice_is_given_once() {
    let mut spec = with_paths(json!({"/a": get(json!({"parameters": [
        {"$ref": "#/components/parameters/Limit"},
        {"name": "limit", "in": "header"},
        {"name": "limit", "in": "query"},
        {"name": "after", "in": "query"},
    ]}))}));
    spec["components"] = json!({"parameters": {"Limit": {"name": "limit", "in": "query"}}});
    assert_eq!(
        reported(&mut spec, parameters_twice),
        ["/paths/~1a/get/parameters/2: the query parameter limit is given twice: the first one kept"]
    );
    let left = spec["paths"]["/a"]["get"]["parameters"].as_array().expect("a list");
    assert_eq!(left.len(), 3);
    assert_eq!(left[2]["name"], "after");
}

#[test]
fn path_parameters_are_declared_required_and_in_the_path() {
    let mut spec = with_paths(json!({"/a/{id}/{sub}": get(json!({"parameters": [
        {"name": "gone", "in": "path", "required": true, "schema": {"type": "string"}},
        {"name": "id", "in": "path", "schema": {"type": "integer"}},
    ]}))}));
    assert_eq!(
        reported(&mut spec, path_parameters),
        [
            "/paths/~1a~1{id}~1{sub}/get/parameters/1: a path parameter that was not required made required",
            "?/paths/~1a~1{id}~1{sub}/get/parameters/0: the path parameter gone is not in the path: dropped",
            "?/paths/~1a~1{id}~1{sub}/get: the path parameter sub was not declared: declared as a string",
        ]
    );
    assert_eq!(
        spec["paths"]["/a/{id}/{sub}"]["get"]["parameters"],
        json!([
            {"name": "id", "in": "path", "schema": {"type": "integer"}, "required": true},
            {"name": "sub", "in": "path", "required": true, "schema": {"type": "string"}},
        ])
    );
}

#[test]
fn ids_are_unique_and_there() {
    let mut spec = with_paths(json!({
        "/subscriptions/{id}": {"get": {"operationId": "SubsFetch"}, "put": {}},
        "/subscriptions/{id}/return-summary": {"post": {"operationId": "SubsFetch"}},
        "/subscriptions": {"put": {"operationId": "PGFetch"}},
        "/3ds": {"get": {"operationId": "3dsFetch"}},
    }));
    assert_eq!(
        reported(&mut spec, ids),
        [
            "?/paths/~1subscriptions~1{id}/put/operationId: no id: named PutSubscriptions",
            "?/paths/~1subscriptions~1{id}~1return-summary/post/operationId: the id SubsFetch was taken: named PostSubscriptionsReturnSummary",
            "?/paths/~1subscriptions/put/operationId: the id PGFetch was taken: named PutSubscriptions2",
            "?/paths/~13ds/get/operationId: the id 3dsFetch cannot be a name: named Get3ds",
        ]
    );
}

#[test]
fn json_is_kept_of_several_media_types() {
    let mut spec = with_paths(json!({"/a": get(json!({
        "requestBody": {"content": {"text/xml": {}, "application/json": {"schema": {"type": "object"}}}},
        "responses": {"200": {"content": {"application/json; charset=utf-8": {"schema": {}}}}},
    }))}));
    assert_eq!(
        reported(&mut spec, media_types),
        [
            "?/paths/~1a/get/requestBody/content: a body in several media types: only application/json kept",
            "/paths/~1a/get/responses/200/content: application/json; charset=utf-8: written as application/json",
        ]
    );
    assert_eq!(
        spec["paths"]["/a"]["get"]["requestBody"]["content"],
        json!({"application/json": {"schema": {"type": "object"}}})
    );
}

#[test]
fn every_operation_has_a_success_status() {
    let mut spec = with_paths(json!({
        "/a": {"post": {"responses": {"200": {}, "201": {}}}},
        "/b": {"delete": {"responses": {"400": {}}}},
        "/c": {"get": {}},
        "/d": {"get": {"responses": {"400": {}, "default": {"content": {"application/json": {}}}}}},
    }));
    assert_eq!(
        reported(&mut spec, statuses),
        [
            "?/paths/~1b/delete/responses: no success status: 200 without a body added",
            "?/paths/~1c/get/responses: no success status: 200 without a body added",
            "?/paths/~1d/get/responses: no success status: default taken for that of 200",
        ]
    );
    assert_eq!(
        spec["paths"]["/d"]["get"]["responses"],
        json!({"400": {}, "200": {"content": {"application/json": {}}}})
    );
    assert_eq!(spec["paths"]["/c"]["get"]["responses"], json!({"200": {"description": "Done."}}));
}

#[test]
fn prose_is_made_where_there_is_none() {
    let mut spec = with_paths(json!({"/a": get(json!({"operationId": "PGFetchOrder", "description": ""}))}));
    assert_eq!(
        reported(&mut spec, prose),
        ["?/paths/~1a/get: no summary or no description: one made, to be written"]
    );
    assert_eq!(spec["paths"]["/a"]["get"]["summary"], "Pg Fetch Order");
    assert_eq!(spec["paths"]["/a"]["get"]["description"], "Pg Fetch Order");
}

#[test]
fn a_query_string_becomes_parameters() {
    let mut spec = with_paths(json!({"/c/{id}?kind=card&page={page}&q": get(json!({"parameters": [
        {"name": "page", "in": "path", "required": true, "schema": {"type": "integer"}},
    ]}))}));
    let rule = |spec: &mut Value, repairs: &mut Repairs| query_strings(spec, repairs).expect("no clash");
    assert_eq!(
        reported(&mut spec, rule),
        [
            "?/paths/~1c~1{id}?kind=card&page={page}&q: the query string ?kind=card&page={page}&q inside the path made query parameters"
        ]
    );
    assert_eq!(
        spec["paths"]["/c/{id}"]["get"]["parameters"],
        json!([
            {"name": "page", "in": "query", "required": true, "schema": {"type": "integer"}},
            {"name": "kind", "in": "query", "required": true, "schema": {"type": "string", "enum": ["card"]}},
            {"name": "q", "in": "query", "required": false, "schema": {"type": "string"}},
        ])
    );
}

#[test]
fn two_paths_that_turn_out_the_same_are_refused() {
    let mut spec = with_paths(json!({"/a?b=c": get(json!({})), "/a": {"get": {}}}));
    let fault = query_strings(&mut spec, &mut Repairs::default()).expect_err("the same operation twice");
    assert_eq!(fault.pointer, "/paths/~1a?b=c/get");
    let mut spec = with_paths(json!({"/a?b=c": get(json!({})), "/a": {"post": {}}}));
    query_strings(&mut spec, &mut Repairs::default()).expect("two operations of one path");
    assert!(spec["paths"]["/a"]["get"].is_object() && spec["paths"]["/a"]["post"].is_object());
}

#[test]
fn a_path_does_not_repeat_the_server() {
    let mut spec = with_paths(json!({"/pg/utilities/pars": {"post": {}}, "/pgx": {"get": {}}}));
    spec["servers"] = json!([{"url": "https://sandbox.cashfree.com/pg"}]);
    let rule = |spec: &mut Value, repairs: &mut Repairs| server_prefix(spec, repairs).expect("no clash");
    assert_eq!(
        reported(&mut spec, rule),
        ["?/paths/~1pg~1utilities~1pars: the path repeats the path of the server: /utilities/pars kept"]
    );
    assert_eq!(spec["paths"], json!({"/utilities/pars": {"post": {}}, "/pgx": {"get": {}}}));
}

#[test]
fn what_a_path_declares_stays_with_its_operations() {
    let declared = |name: &str, place: &str| json!({"name": name, "in": place});
    let mut spec = with_paths(json!({
        "/a": {"parameters": [declared("x-one", "header"), declared("limit", "query")],
               "get": {"parameters": [declared("limit", "query")]}},
        "/a?b": {"parameters": [declared("x-two", "header")], "post": {}},
    }));
    query_strings(&mut spec, &mut Repairs::default()).expect("no clash");
    let names = |method: &str| {
        let parameters = spec["paths"]["/a"][method]["parameters"].as_array().expect("a list");
        parameters.iter().filter_map(|p| p["name"].as_str()).collect::<Vec<_>>()
    };
    assert_eq!(spec["paths"]["/a"].get("parameters"), None);
    assert_eq!(names("get"), ["limit", "x-one"]);
    assert_eq!(names("post"), ["b", "x-two"]);
}
