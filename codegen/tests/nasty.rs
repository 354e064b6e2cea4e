//! Specifications that are hard to generate from: what comes out is sound Rust, or a refusal that says
//! where and why, and never a panic.
//!
//! Compiling what comes out would take minutes; that it parses, that no name stands for two things and
//! that every type it mentions exists is what can go wrong from one specification to the next.

use std::collections::BTreeSet;

use cashfree_codegen::{Fault, generate};
use proc_macro2::TokenTree;
use serde_json::{Value, json};
use syn::parse::Parser as _;

/// A document with these schemas, of which `A` is sent and answered.
fn with_schemas(schemas: Value) -> Value {
    let body =
        json!({ "content": { "application/json": { "schema": { "$ref": "#/components/schemas/A" } } } });
    with_operation(
        "/a",
        "post",
        json!({ "operationId": "PGMakeA", "requestBody": body, "responses": { "200": body } }),
        schemas,
    )
}

fn with_operation(path: &str, method: &str, mut operation: Value, schemas: Value) -> Value {
    for (_, response) in operation["responses"].as_object_mut().into_iter().flatten() {
        response["description"] = json!("An answer.");
    }
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Nasty", "version": "1" },
        "paths": { path: { method: operation } },
        "components": { "schemas": schemas },
    })
}

fn object(properties: Value) -> Value {
    json!({ "type": "object", "properties": properties })
}

fn refused(spec: &Value) -> Fault {
    match generate(spec, "2099-01-01") {
        Err(fault) => fault,
        Ok(generated) => panic!("expected a refusal, got\n{}", generated.code),
    }
}

/// Generates, checks that the code is sound, and returns the outline of the types.
fn outline(spec: &Value) -> String {
    let generated = generate(spec, "2099-01-01").expect("a document to generate from");
    let file = syn::parse_file(&generated.code).expect("Rust");
    expect_sound(&file, &generated.code);
    generated.outline.split("## Types\n").nth(1).expect("types").to_owned()
}

/// No name stands for two things, and every type of the version that is mentioned exists.
fn expect_sound(file: &syn::File, code: &str) {
    let mut mentioned = BTreeSet::new();
    let mut there = BTreeSet::new();
    let mut methods = BTreeSet::new();
    for item in &file.items {
        match item {
            syn::Item::Mod(module) => {
                let items = &module.content.as_ref().expect("a module with content").1;
                items_are_sound(&module.ident.to_string(), items, &mut mentioned, &mut there);
            }
            syn::Item::Impl(item) => {
                let of = item.self_ty.clone();
                for item in &item.items {
                    let syn::ImplItem::Fn(function) = item else { continue };
                    let name = format!("{}::{}", quote::quote!(#of), function.sig.ident);
                    assert!(methods.insert(name.clone()), "{name} twice in\n{code}");
                    arguments_are_apart(&function.sig, code);
                }
            }
            _ => {}
        }
    }
    let missing: Vec<_> = mentioned.difference(&there).collect();
    assert!(missing.is_empty(), "{missing:?} are mentioned and not there:\n{code}");
}

fn arguments_are_apart(signature: &syn::Signature, code: &str) {
    let mut names = BTreeSet::new();
    for input in &signature.inputs {
        if let syn::FnArg::Typed(argument) = input {
            let pattern = &argument.pat;
            let name = quote::quote!(#pattern).to_string();
            assert!(names.insert(name.clone()), "{}({name}, {name}) in\n{code}", signature.ident);
        }
    }
}

fn items_are_sound(
    module: &str,
    items: &[syn::Item],
    mentioned: &mut BTreeSet<String>,
    there: &mut BTreeSet<String>,
) {
    let mut names = BTreeSet::new();
    let mut methods = BTreeSet::new();
    let mut define = |name: String| {
        assert!(names.insert(name.clone()), "{module}::{name} twice");
        if module == "types" {
            there.insert(name);
        }
    };
    for item in items {
        match item {
            syn::Item::Struct(item) => {
                define(item.ident.to_string());
                let mut fields = BTreeSet::new();
                for field in &item.fields {
                    let Some(ident) = &field.ident else { continue };
                    assert!(fields.insert(ident.to_string()), "{}.{ident} twice", item.ident);
                    if ident != "rest_" {
                        mention(&field.ty, mentioned);
                    }
                    assert!(!is_inside_itself(&item.ident, &field.ty), "{}.{ident} has no end", item.ident);
                }
            }
            syn::Item::Impl(item) if item.trait_.is_none() => {
                let of = &item.self_ty;
                for item in &item.items {
                    let syn::ImplItem::Fn(function) = item else { continue };
                    let name = format!("{}::{}", quote::quote!(#of), function.sig.ident);
                    let own = ["new", "default", "unlisted", "unlisted_mut"];
                    assert!(methods.insert(name.clone()), "{name} twice");
                    let is_setter = function.sig.receiver().is_some();
                    assert!(
                        !is_setter || !own.iter().any(|own| name.ends_with(&format!(":: {own}"))),
                        "{name}"
                    );
                }
            }
            syn::Item::Macro(item) => match item.mac.path.segments.last().map(|s| s.ident.to_string()) {
                Some(name) if name == "open_enum" || name == "key_union" => {
                    let (name, variants) =
                        variants.parse2(item.mac.tokens.clone()).expect("a name and variants");
                    define(name.clone());
                    let mut taken = BTreeSet::from(["Unknown".to_owned()]);
                    for variant in variants {
                        assert!(taken.insert(variant.clone()), "{name}::{variant} twice");
                    }
                }
                _ => {}
            },
            _ => {}
        }
    }
}

/// The name and the variants in `Name { #[doc] A = "a", B(Type) = "b", }`.
fn variants(input: syn::parse::ParseStream<'_>) -> syn::Result<(String, Vec<String>)> {
    input.call(syn::Attribute::parse_outer)?;
    let name: syn::Ident = input.parse()?;
    let mut body = None;
    while let Ok(token) = input.parse::<TokenTree>() {
        if let TokenTree::Group(group) = token {
            body = Some(group.stream());
        }
    }
    let mut variants = Vec::new();
    let mut starts = true;
    for token in body.unwrap_or_default() {
        match &token {
            TokenTree::Punct(punct) if punct.as_char() == ',' => starts = true,
            TokenTree::Ident(ident) if starts => {
                variants.push(ident.to_string());
                starts = false;
            }
            _ => {}
        }
    }
    Ok((name.to_string(), variants))
}

/// The types of the version that a type is made of: those without a path that Rust does not know.
fn mention(ty: &syn::Type, mentioned: &mut BTreeSet<String>) {
    let syn::Type::Path(path) = ty else { return };
    let Some(last) = path.path.segments.last() else { return };
    let known = [
        "Amount",
        "BTreeMap",
        "Box",
        "Decimal",
        "Id",
        "Option",
        "String",
        "Timestamp",
        "Value",
        "Vec",
        "bool",
        "i64",
    ];
    let name = last.ident.to_string();
    if !known.contains(&name.as_str()) {
        mentioned.insert(name);
    }
    if let syn::PathArguments::AngleBracketed(list) = &last.arguments {
        for argument in &list.args {
            if let syn::GenericArgument::Type(inner) = argument {
                mention(inner, mentioned);
            }
        }
    }
}

/// `struct A { a: Option<A> }`.
fn is_inside_itself(owner: &syn::Ident, field: &syn::Type) -> bool {
    let text = quote::quote!(#field).to_string();
    text == format!("Option < {owner} >")
}

#[test]
fn members_that_rust_casing_makes_the_same_are_kept_apart() {
    let text = json!({ "type": "string" });
    let spec = with_schemas(json!({ "A": object(json!({
        "fooBar": text, "foo_bar": text, "foo-bar": text, "FOO_BAR": { "type": "integer" } })) }));
    let outline = outline(&spec);
    for member in ["fooBar: text", "foo_bar: text", "foo-bar: text", "FOO_BAR: integer"] {
        assert!(outline.contains(member), "{outline}");
    }
}

#[test]
fn members_may_have_any_name() {
    let text = json!({ "type": "string" });
    let names = [
        "type",
        "self",
        "Self",
        "crate",
        "super",
        "new",
        "default",
        "unlisted",
        "unlisted_mut",
        "rest",
        "rest_",
        "_",
        "",
        "$",
        "3ds",
        "भुगतान",
        "channel\"",
        "a b",
        "fn",
        "async",
        "value",
        "body",
        "clone",
        "Some",
    ];
    let properties: Value = names.iter().map(|name| ((*name).to_owned(), text.clone())).collect();
    let outline = outline(&with_schemas(json!({ "A": object(properties) })));
    for name in names {
        assert!(outline.contains(&format!("  {name}: text")), "{name:?} in\n{outline}");
    }
}

#[test]
fn values_that_rust_casing_makes_the_same_are_kept_apart() {
    let values = json!(["PAID", "paid", "Paid", "", " ", "%", "²", "+91", "self", "Unknown", "PAID"]);
    let spec =
        with_schemas(json!({ "A": object(json!({ "status": { "type": "string", "enum": values } })) }));
    assert!(
        outline(&spec)
            .contains("AStatus (sent) = PAID | paid | Paid |  |   | % | ² | +91 | self | Unknown\n")
    );
}

#[test]
fn integers_and_mixtures_are_no_enumerations() {
    let spec = with_schemas(json!({ "A": object(json!({
        "tenure": { "type": "integer", "enum": [1, 2] }, "any": { "enum": ["a", 1, null] } })) }));
    assert_eq!(outline(&spec), "A (sent)\n  tenure: integer\n  any: json\n");
}

#[test]
fn schemas_may_be_called_like_what_generated_code_uses() {
    let names = ["Amount", "Id", "Value", "Option", "Vec", "String", "Box", "Member", "Default", "Result"];
    let mut schemas: Value =
        names.iter().map(|n| ((*n).to_owned(), object(json!({ "x": { "type": "string" } })))).collect();
    schemas["A"] = object(
        names
            .iter()
            .map(|n| (n.to_lowercase(), json!({ "$ref": format!("#/components/schemas/{n}") })))
            .collect(),
    );
    let outline = outline(&with_schemas(schemas));
    for name in names {
        assert!(outline.contains(&format!("{}: {name}Entity", name.to_lowercase())), "{outline}");
    }
}

#[test]
fn a_type_may_hold_itself() {
    let to = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let spec = with_schemas(json!({
        "A": object(json!({ "parent": to("A"), "children": { "type": "array", "items": to("A") }, "via": to("B") })),
        "B": object(json!({ "back": to("A"), "any": to("U") })),
        "U": { "oneOf": [object(json!({ "a": to("A") })), object(json!({ "u": to("U") }))] } }));
    let generated = generate(&spec, "2099-01-01").expect("a recursive type");
    assert!(generated.code.contains("parent: Option<Box<A>>"), "{}", generated.code);
    // Every circle is broken by a box or a list: without the boxed members nothing leads back.
    assert!(generated.code.contains("children: Option<Vec<A>>"));
    assert!(
        generated.code.contains("via: Option<Box<B>>") || generated.code.contains("back: Option<Box<A>>"),
        "{}",
        generated.code
    );
    outline(&spec);
}

#[test]
fn nesting_may_be_deep() {
    let mut schema = json!({ "type": "string" });
    for _ in 0..40 {
        schema = object(json!({ "inner": { "type": "array", "items": schema } }));
    }
    assert_eq!(outline(&with_schemas(json!({ "A": schema }))).matches("inner: [").count(), 40);
}

#[test]
fn free_json_and_maps_are_no_types_of_their_own() {
    let spec = with_schemas(json!({ "A": object(json!({
        "empty": { "type": "object", "properties": {} },
        "free": { "type": "object" },
        "any": {},
        "bare": { "type": "array" },
        "rates": { "type": "object", "additionalProperties": { "type": "number" } },
        "grid": { "type": "array", "items": { "type": "array", "items": { "type": "number" } } },
        "either": { "oneOf": [{ "type": "string" }, object(json!({ "a": {}, "b": {} }))] },
        "rows": { "type": "object", "additionalProperties": object(json!({ "a": { "type": "boolean" } })) } })) }));
    assert_eq!(
        outline(&spec),
        "A (sent)\n  empty: json\n  free: json\n  any: json\n  bare: [json]\n  rates: {Decimal}\n  grid: [[Decimal]]\n  \
         either: json\n  rows: {ARows}\nARows (sent)\n  a: bool\n"
    );
}

#[test]
fn money_is_money_whatever_its_type() {
    let either = json!({ "oneOf": [{ "type": "number" }, { "type": "string" }] });
    let to = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let spec = with_schemas(json!({
        "A": object(json!({
            "order_amount": { "description": "Rupees." },
            "refund_amount": either,
            "link_amount": { "anyOf": [to("Text"), { "type": "integer" }] },
            "payment_amount": to("Either"),
            "settlement_amount": to("Untyped"),
            "min_amount": { "oneOf": [to("Text"), { "type": "string", "maxLength": 9 }] },
            "plan_amount": { "type": "array", "items": either },
            "service_tax": { "type": "object" },
            "service_charge": { "properties": { "value": { "type": "number" } } },
            "payable_amount": { "oneOf": [{ "type": "number" }, object(json!({ "value": {}, "unit": {} }))] },
            "any": either })),
        "Text": { "type": "string" }, "Either": either, "Untyped": { "description": "Rupees." } }));
    assert_eq!(
        outline(&spec),
        "A (sent)\n  order_amount: Amount as number\n  refund_amount: Amount as number\n  link_amount: Amount as number\n  \
         payment_amount: Amount as number\n  settlement_amount: Amount as number\n  min_amount: Amount as string\n  plan_amount: [Amount] as number\n  service_tax: json\n  \
         service_charge: AServiceCharge\n  payable_amount: json\n  any: json\n\
         AServiceCharge (sent)\n  value: Decimal as number\n"
    );
}

#[test]
fn arguments_may_have_any_name() {
    let query = |name: &str, required: bool| json!({ "name": name, "in": "query", "required": required, "schema": { "type": "string" } });
    let spec = with_operation(
        "/a/{type}",
        "post",
        json!({
            "operationId": "match",
            "parameters": [
                { "name": "type", "in": "path", "required": true, "schema": { "type": "string" } },
                query("self", true), query("body", true), query("doc-type", false),
                query("timeout", false), query("send", false), query("query", false),
                query("text", false), query("pages", false), query("items", false) ],
            "requestBody": { "content": { "application/json": { "schema": { "type": "object" } } } },
            "responses": { "204": {} } }),
        json!({}),
    );
    assert_eq!(outline(&spec), "");
    let code = generate(&spec, "2099-01-01").expect("sound").code;
    for function in [
        "fn call_match",
        "fn timeout_(",
        "fn send_(",
        "fn query_(",
        "fn text_(",
        "fn pages_(",
        "fn items_(",
        "fn doc_type(",
    ] {
        assert!(code.contains(function), "{function} in\n{code}");
    }
    assert!(code.contains("type Output = ();"), "an answer without content:\n{code}");
}

#[test]
fn form_fields_may_have_any_name() {
    let form = object(
        json!({ "file": { "type": "string" }, "doc-type": { "type": "string" }, "self": {}, "retry": {} }),
    );
    let spec = with_operation(
        "/a",
        "post",
        json!({ "operationId": "upload",
                "requestBody": { "content": { "multipart/form-data": { "schema": form } } },
                "responses": { "200": {} } }),
        json!({}),
    );
    assert_eq!(outline(&spec), "");
}

#[test]
fn descriptions_are_prose_and_no_programs() {
    let text = |description: &str| json!({ "type": "string", "description": description });
    let code = generate(
        &with_schemas(json!({ "A": object(json!({
            "fenced": text("Such as\n```rust\nfenced!(<T>);\n    deep\n```\nand [more]."),
            "tilde": text("~~~\ntilde!();\n~~~"),
            "listed": text("- ```\n  listed!();\n  ```"),
            "open": text("```\nopen!();"),
            "indented": text("Such as\n\n    indented!();\n\n\tand tabs!();\n\n-     point!();"),
            "unbalanced": text("The ` key [one].\nThe `[two]` key of <three> or \\[four\\]."),
        })) })),
        "2099-01-01",
    )
    .expect("sound")
    .code;
    let docs: Vec<&str> = code.lines().filter_map(|line| line.trim_start().strip_prefix("///")).collect();
    let has = |line: &str| docs.iter().any(|doc| doc.trim_end() == format!(" {line}"));
    for line in [
        "fenced!(<T>);",
        r"and \[more\].",
        "tilde!();",
        "indented!();",
        "and tabs!();",
        "- point!();",
        r"The \` key \[one\].",
        r"The `[two]` key of \<three\> or \[four\].",
    ] {
        assert!(has(line), "{line:?} in\n{code}");
    }
    let mut fences = 0;
    for doc in docs {
        if doc.trim_start().starts_with("```") || doc.trim_start().starts_with("~~~") {
            fences += 1;
            assert_eq!(doc, if fences % 2 == 1 { " ```text" } else { " ```" }, "in\n{code}");
        }
        assert!(fences % 2 == 1 || !doc.starts_with("     "), "{doc:?} is a program in\n{code}");
    }
    assert_eq!(fences, 8, "each is closed:\n{code}");
}

#[test]
fn what_cannot_be_handled_is_refused_with_its_place_and_reason() {
    let body = |media: &str| json!({ "content": { media: { "schema": { "type": "object" } } } });
    let done = json!({ "200": {} });
    let cases = [
        (json!([]), "/openapi"),
        (json!({ "openapi": "3.1.0", "paths": {} }), "/openapi"),
        (json!({ "openapi": "3.0.3", "paths": {}, "components": [] }), "/components"),
        (
            with_schemas(json!({ "A": object(json!({ "b": { "$ref": "#/components/schemas/B" } })) })),
            "/components/schemas/A/properties/b",
        ),
        (
            with_schemas(json!({ "A": { "type": "array", "items": { "$ref": "#/components/schemas/A" } } })),
            "/components/schemas/A",
        ),
        (
            with_schemas(json!({ "A": object(json!({ "b": { "type": "file" } })) })),
            "/components/schemas/A/properties/b/type",
        ),
        (
            with_schemas(json!({ "A": object(json!({ "b": { "type": ["string", "null"] } })) })),
            "/components/schemas/A/properties/b/type",
        ),
        (
            with_schemas(json!({ "A": object(json!({ "a": {} })), "a": object(json!({ "b": {} })) })),
            "/components/schemas/a",
        ),
        (with_operation("/a", "get", json!({ "responses": done }), json!({})), "/paths/~1a/get"),
        (
            with_operation(
                "/a",
                "put",
                json!({ "operationId": "a", "requestBody": body("text/csv"), "responses": done }),
                json!({}),
            ),
            "/paths/~1a/put/requestBody/content",
        ),
        (
            with_operation("/a", "get", json!({ "operationId": "a", "responses": { "404": {} } }), json!({})),
            "/paths/~1a/get/responses",
        ),
        (
            with_operation("/a/{b}/{b", "get", json!({ "operationId": "a", "responses": done }), json!({})),
            "/paths/~1a~1{b}~1{b/get",
        ),
        (
            with_operation("/a/{b}", "get", json!({ "operationId": "a", "responses": done }), json!({})),
            "/paths/~1a~1{b}/get",
        ),
        (
            {
                let mut spec = with_schemas(json!({ "A": { "type": "array", "items": {} } }));
                spec["x-webhooks"] = json!({ "EVENT": { "$ref": "#/components/schemas/A" } });
                spec
            },
            "/x-webhooks/EVENT",
        ),
    ];
    for (spec, pointer) in cases {
        let fault = refused(&spec);
        assert_eq!(fault.pointer, pointer, "{}", fault.reason);
        assert!(!fault.reason.is_empty());
    }
}

#[test]
fn a_refusal_names_the_file() {
    let file = std::env::temp_dir().join(format!("nasty-{}.yaml", std::process::id()));
    std::fs::write(&file, "openapi: 3.0.3\npaths: {/a: {get: {}}}\n").expect("a file");
    let error = cashfree_codegen::generate_file(&file, "2099-01-01").expect_err("no operationId");
    std::fs::remove_file(&file).expect("the file");
    let text = error.to_string();
    assert!(text.contains(&file.display().to_string()) && text.contains("/paths/~1a/get"), "{text}");
}
