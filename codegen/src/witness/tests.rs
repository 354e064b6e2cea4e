use super::*;
use crate::read::read;

fn document() -> (Value, Api) {
    let spec = json!({
        "openapi": "3.0.3", "info": { "title": "", "version": "" },
        "paths": { "/orders/{order_id}": { "post": {
            "operationId": "PGMakeOrder",
            "parameters": [
                { "name": "order_id", "in": "path", "required": true, "schema": { "type": "string" } },
                { "name": "limit", "in": "query", "schema": { "type": "integer" } }],
            "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Order" } } } },
            "responses": { "200": { "content": { "application/json": { "schema": {
                "type": "array", "items": { "$ref": "#/components/schemas/Order" } } } } } } } } },
        "components": { "schemas": { "Order": { "properties": {
            "order_amount": { "type": "number" }, "tags": { "type": "array", "items": { "type": "string" } } } } } },
    });
    let api = read(&spec, "2099-01-01", Vec::new()).expect("a model");
    (spec, api)
}

/// What comes of it if progenitor had said something else.
fn verdict(alter: impl FnOnce(&mut Testimony, &mut Api)) -> Result<(), String> {
    let (spec, mut api) = document();
    let shown = Shown::of(&spec);
    let mut testimony = Testimony::hear(&shown, &api).expect("a testimony");
    alter(&mut testimony, &mut api);
    testimony.compare(&shown, &api).map_err(|fault| format!("{}: {}", fault.pointer, fault.reason))
}

fn order(testimony: &mut Testimony) -> &mut BTreeMap<String, syn::Type> {
    testimony.structs.values_mut().next().expect("a struct")
}

#[test]
fn two_who_agree_say_nothing() {
    assert_eq!(verdict(|_, _| ()), Ok(()));
}

#[test]
fn a_difference_stops_the_build_with_both_opinions() {
    let ty = |rust: &str| syn::parse_str::<syn::Type>(rust).expect("a type");
    let order_at = "/components/schemas/Order";
    let post_at = "/paths/~1orders~1{order_id}/post";
    for (alter, refusal) in [
        (
            (|t, _| drop(order(t).remove("tags"))) as fn(&mut Testimony, &mut Api),
            format!("{order_at}: progenitor reads no member `tags` of `Order`"),
        ),
        (
            |t, _| drop(order(t).insert("more".into(), syn::parse_str("String").expect("a type"))),
            format!("{order_at}: progenitor also reads a member `more` of `Order`"),
        ),
        (
            |t, _| drop(order(t).insert("order_amount".into(), syn::parse_str("String").expect("a type"))),
            format!("{order_at}/properties/order_amount: is read as Amount, and progenitor reads String"),
        ),
        (|t, _| t.methods.clear(), format!("{post_at}: progenitor makes no method of `PGMakeOrder`")),
        (
            |_, api| api.operations[0].output = Ty::Named("Order".into()),
            format!("{post_at}/responses: is read as Named(\"Order\"), and progenitor reads Vec"),
        ),
        (
            |_, api| api.operations[0].arguments.retain(|argument| argument.name != "limit"),
            format!("{post_at}/parameters/1/schema: progenitor reads an argument here that no method takes"),
        ),
        (|t, _| t.structs.clear(), format!("{order_at}: `Order` is an object, and progenitor reads none")),
    ] {
        assert_eq!(verdict(alter), Err(refusal));
    }
    let optional = verdict(|t, _| {
        let (arguments, _) = t.methods.values_mut().next().expect("a method");
        arguments[0] = ty("Option<&'a str>");
    });
    let refusal = format!("{post_at}/parameters/0/schema: is read as Id, and progenitor reads optional str");
    assert_eq!(optional, Err(refusal));
}

#[test]
fn what_panics_is_a_refusal() {
    let twice = json!({ "openapi": "3.0.3", "info": { "title": "", "version": "" }, "paths": {},
                        "components": { "schemas": { "A": { "type": "string", "enum": ["a", "a"] } } } });
    assert!(generate(&twice).is_err());
    assert!(generate(&json!({ "paths": [] })).expect_err("no document").contains("not OpenAPI 3.0"));
}

#[test]
fn unions_that_stand_in_each_other_are_shown_once() {
    let names: Vec<String> = (0..16).map(|i| format!("A{i}")).collect();
    let arms: Vec<Value> = names.iter().map(|name| refer_to(name)).collect();
    let of = |name: &String| (name.clone(), json!({ "properties": { name: { "oneOf": arms } } }));
    let spec = json!({
        "openapi": "3.0.3", "info": { "title": "", "version": "" },
        "paths": { "/a": { "get": { "operationId": "fetchA", "responses": { "200": {
            "content": { "application/json": { "schema": arms[0] } } } } } } },
        "components": { "schemas": names.iter().map(of).collect::<Map<_, _>>() },
    });
    let api = read(&spec, "2099-01-01", Vec::new()).expect("a model");
    assert_eq!(testify(&spec, &api).map_err(|fault| fault.reason), Ok(()));
}
