//! From the normalised document and progenitor's output to an [`Api`].
//!
//! progenitor and typify decide Rust names and types; the document has what they drop or would turn
//! into more code: wire names, limits, required members, descriptions of single uses.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use proc_macro2::TokenStream;
use progenitor::{GenerationSettings, Generator, TypeImpl};
use serde::Deserialize;
use serde_json::Value;

use crate::api::{Api, Argument, Arm, Body, FormField, Limits, Member, Operation, Shape, Ty, Type};
use crate::document::Places;
use crate::error::Fault;
use crate::normalise::{collect_references, for_progenitor, key, reachable};
use crate::spec::{operations, reference, schemas, token};
use crate::{names, vocabulary};

/// Runs progenitor over a normalised document.
///
/// # Errors
/// What progenitor refuses, and where.
pub fn run_progenitor(spec: &Value) -> Result<TokenStream, Fault> {
    let reduced = for_progenitor(spec);
    let document = serde_json::from_value(reduced.clone()).map_err(|e| unreadable(&reduced, &e))?;
    generate(spec, &document).map_err(|reason| {
        let reason = format!("progenitor refuses the document: {reason}");
        Fault::new(refused_operation(spec).unwrap_or_default(), reason)
    })
}

/// Where a document is no OpenAPI 3.0: the innermost schema, or else the operation, that cannot be read.
fn unreadable(reduced: &Value, error: &serde_json::Error) -> Fault {
    let places = Places::of(reduced);
    let schemas = places.schemas.iter().filter_map(|(at, schema)| {
        let error = openapiv3::ReferenceOr::<openapiv3::Schema>::deserialize(*schema).err()?;
        Some((at.clone(), error))
    });
    let operations = operations(reduced)
        .filter_map(|(_, _, at, operation)| Some((at, openapiv3::Operation::deserialize(operation).err()?)));
    let found = schemas.max_by_key(|(at, _)| at.len()).or_else(|| operations.into_iter().next());
    match found {
        Some((at, error)) => Fault::new(at, format!("not OpenAPI 3.0: {error}")),
        None => Fault::new("", format!("not OpenAPI 3.0: {error}")),
    }
}

/// The first operation that progenitor does not take even alone.
fn refused_operation(spec: &Value) -> Option<String> {
    operations(spec).find_map(|(path, method, at, operation)| {
        let mut alone = spec.clone();
        alone["paths"] = serde_json::json!({ path: { method: operation } });
        let document = serde_json::from_value(for_progenitor(&alone)).ok()?;
        generate(spec, &document).is_err().then_some(at)
    })
}

/// progenitor and typify panic where they meet what they do not know; that is a refusal like any other.
fn generate(spec: &Value, document: &openapiv3::OpenAPI) -> Result<TokenStream, String> {
    catch_unwind(AssertUnwindSafe(|| run(spec, document))).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        Err(text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("it panics").to_owned())
    })
}

fn run(spec: &Value, document: &openapiv3::OpenAPI) -> Result<TokenStream, String> {
    let mut settings = GenerationSettings::default();
    for (format, name) in [
        ("x-amount", "Amount"),
        ("x-id", "Id"),
        ("x-timestamp", "Timestamp"),
        ("x-text", "String"),
        ("x-decimal", "Decimal"),
    ] {
        let schema = serde_json::from_value(serde_json::json!({ "type": "string", "format": format }))
            .map_err(|e| e.to_string())?;
        settings.with_conversion(schema, format!("private::{name}"), std::iter::empty::<TypeImpl>());
    }
    for (name, schema) in schemas(spec).into_iter().flatten() {
        if schema.get("enum").is_some() {
            settings.with_replacement(name, format!("private::{name}"), std::iter::empty::<TypeImpl>());
        }
    }
    Generator::new(&settings).generate_tokens(document).map_err(|e| e.to_string())
}

/// Reads everything that is to be emitted.
///
/// # Errors
/// Where the generator's output and the document do not match.
pub fn read(spec: &Value, version: &str, tokens: TokenStream) -> Result<Api, Fault> {
    let file: syn::File = syn::parse2(tokens)
        .map_err(|e| Fault::new("", format!("progenitor's output does not parse: {e}")))?;
    let structs = structs(&file);
    let methods = methods(&file);
    let requests = request_types(spec);
    let types = schemas(spec)
        .into_iter()
        .flatten()
        .map(|(name, schema)| read_type(spec, name, schema, &structs, requests.contains(name)))
        .collect::<Result<_, _>>()?;
    let operations = operations(spec)
        .map(|(path, method, at, operation)| read_operation(path, method, &at, operation, &methods))
        .collect::<Result<_, _>>()?;
    let events = spec["x-webhooks"].as_object().into_iter().flatten();
    let events = events.map(|(event, schema)| {
        let payload = reference(schema).filter(|name| schemas(spec).is_some_and(|s| s.contains_key(*name)));
        let at = || format!("/x-webhooks/{}", token(event));
        let payload = payload.ok_or_else(|| Fault::new(at(), "expected a $ref to an object"))?;
        Ok((event.clone(), payload.to_owned()))
    });
    let events = events.collect::<Result<_, _>>()?;
    Ok(Api { version: version.to_owned(), types, operations, events })
}

/// The types that a request holds, at any depth.
fn request_types(spec: &Value) -> BTreeSet<String> {
    let mut roots = Vec::new();
    for (_, _, _, operation) in operations(spec) {
        if let Some(body) = operation.get("requestBody") {
            collect_references(body, &mut roots);
        }
        collect_references(&operation["parameters"], &mut roots);
    }
    reachable(spec, roots)
}

type Fields = BTreeMap<String, (String, Ty)>;

/// The structs that typify made: for each, wire name → (field, type).
fn structs(file: &syn::File) -> BTreeMap<String, Fields> {
    let types = file.items.iter().find_map(|item| match item {
        syn::Item::Mod(module) if module.ident == "types" => module.content.as_ref().map(|(_, items)| items),
        _ => None,
    });
    let mut found = BTreeMap::new();
    for item in types.into_iter().flatten() {
        let syn::Item::Struct(item) = item else { continue };
        let fields = item.fields.iter().filter_map(|field| {
            let ident = field.ident.as_ref()?.to_string();
            let name = renamed(&field.attrs).unwrap_or_else(|| ident.trim_start_matches("r#").to_owned());
            Some((name, (ident, ty(&field.ty))))
        });
        found.insert(item.ident.to_string(), fields.collect());
    }
    found
}

/// The name in `#[serde(rename = "…")]`.
fn renamed(attributes: &[syn::Attribute]) -> Option<String> {
    let mut name = None;
    for attribute in attributes.iter().filter(|a| a.path().is_ident("serde")) {
        // Other serde words (`default`, `skip_serializing_if = …`) stand in the same list.
        let _ = attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("rename") {
                name = Some(meta.value()?.parse::<syn::LitStr>()?.value());
            } else if meta.input.peek(syn::Token![=]) {
                let _: syn::Expr = meta.value()?.parse()?;
            }
            Ok(())
        });
    }
    name
}

struct Method {
    arguments: Vec<(String, Ty)>,
    output: Ty,
}

/// The methods of progenitor's client.
fn methods(file: &syn::File) -> BTreeMap<String, Method> {
    let mut found = BTreeMap::new();
    for item in &file.items {
        let syn::Item::Impl(item) = item else { continue };
        for item in &item.items {
            let syn::ImplItem::Fn(function) = item else { continue };
            if function.sig.asyncness.is_none() {
                continue;
            }
            let arguments = function.sig.inputs.iter().filter_map(|input| match input {
                syn::FnArg::Typed(argument) => match argument.pat.as_ref() {
                    syn::Pat::Ident(pattern) => Some((pattern.ident.to_string(), ty(&argument.ty))),
                    _ => None,
                },
                syn::FnArg::Receiver(_) => None,
            });
            let output = match &function.sig.output {
                syn::ReturnType::Type(_, output) => ty(output),
                syn::ReturnType::Default => Ty::Json,
            };
            found.insert(function.sig.ident.to_string(), Method { arguments: arguments.collect(), output });
        }
    }
    found
}

/// The type that a Rust type of the generator stands for, whatever it is wrapped in.
fn ty(rust: &syn::Type) -> Ty {
    match rust {
        syn::Type::Reference(inner) => ty(&inner.elem),
        syn::Type::Path(path) => {
            let Some(last) = path.path.segments.last() else { return Ty::Json };
            let arguments: Vec<&syn::Type> = match &last.arguments {
                syn::PathArguments::AngleBracketed(list) => list
                    .args
                    .iter()
                    .filter_map(|a| match a {
                        syn::GenericArgument::Type(inner) => Some(inner),
                        _ => None,
                    })
                    .collect(),
                _ => Vec::new(),
            };
            match (last.ident.to_string().as_str(), arguments.as_slice()) {
                ("Option" | "Result" | "ResponseValue", [inner, ..]) => ty(inner),
                ("Box", [inner]) => Ty::Boxed(Box::new(ty(inner))),
                ("Vec", [inner]) => Ty::List(Box::new(ty(inner))),
                ("HashMap", [_, value]) => Ty::Map(Box::new(ty(value))),
                ("String" | "str", _) => Ty::Text,
                ("i64", _) => Ty::Integer,
                ("bool", _) => Ty::Bool,
                ("Amount", _) => Ty::Amount,
                ("Id", _) => Ty::Id,
                ("Timestamp", _) => Ty::Timestamp,
                ("Decimal", _) => Ty::Decimal,
                ("Value" | "Map" | "ByteStream", _) => Ty::Json,
                (name, _) => Ty::Named(name.to_owned()),
            }
        }
        syn::Type::Tuple(tuple) if tuple.elems.is_empty() => Ty::Nothing,
        _ => Ty::Json,
    }
}

fn text(value: &Value, word: &str) -> String {
    value[word].as_str().unwrap_or_default().trim().to_owned()
}

fn read_type(
    spec: &Value,
    name: &str,
    schema: &Value,
    structs: &BTreeMap<String, Fields>,
    in_request: bool,
) -> Result<Type, Fault> {
    let at = format!("/components/schemas/{}", token(name));
    let fields = |word: &str| {
        structs
            .get(name)
            .ok_or_else(|| Fault::new(at.as_str(), format!("the generator made no struct of this {word}")))
    };
    let field = |fields: &Fields, member: &str| {
        fields.get(member).cloned().ok_or_else(|| {
            Fault::new(format!("{at}/properties/{}", token(member)), "the generator made no field of it")
        })
    };
    let shape = if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        Shape::Enum(names::variants(values.iter().filter_map(Value::as_str)))
    } else if let Some(arms) = schema.get(key::UNION).and_then(Value::as_array) {
        let fields = fields("union")?;
        let keys = arms.iter().filter_map(|arm| arm[0].as_str());
        let arms = names::variants(keys)
            .into_iter()
            .map(|(variant, key)| Ok(Arm { variant, ty: field(fields, &key)?.1, key }))
            .collect::<Result<_, Fault>>()?;
        Shape::Union { arms, wrapped_in: schema[key::WRAPPED_IN].as_str().map(str::to_owned) }
    } else {
        let fields = fields("object")?;
        let required: BTreeSet<&str> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let members = schema["properties"].as_object().into_iter().flatten();
        // What every generated object has beside its members.
        let mut taken = BTreeSet::from(["rest_".to_owned()]);
        let members = members
            .map(|(member, property)| {
                let (ident, ty) = field(fields, member)?;
                let ident = names::unused(ident, &mut taken);
                // An enumeration is a type of its own, and its limits went there with it.
                let referred = reference(property).and_then(|name| schemas(spec)?.get(name));
                let limited = referred.filter(|schema| schema.get("enum").is_some()).unwrap_or(property);
                let leaf = if property["type"] == "array" { &property["items"] } else { property };
                Ok(Member {
                    limits: limits(limited, &ty),
                    declared: leaf[key::DECLARED].as_str().map(str::to_owned),
                    doc: text(property, "description"),
                    required: required.contains(member.as_str()),
                    sensitive: vocabulary::is_sensitive(member) && !matches!(ty, Ty::Named(_) | Ty::Boxed(_)),
                    name: member.clone(),
                    ident,
                    ty,
                })
            })
            .collect::<Result<_, Fault>>()?;
        Shape::Object(members)
    };
    Ok(Type { name: name.to_owned(), doc: text(schema, "description"), in_request, shape })
}

/// The limits that mean something for the type: a `minimum` on text is a slip of the specification.
fn limits(schema: &Value, ty: &Ty) -> Limits {
    let number = |word: &str| schema[word].as_u64();
    // Bounds are whole numbers; between them nothing is refused that the specification allows.
    let bound = |word: &str, round: fn(f64) -> f64| {
        schema[word].as_i64().or(schema[word].as_f64().map(|f| round(f) as i64))
    };
    let range = |low: fn(f64) -> f64, high: fn(f64) -> f64| Limits {
        range: (bound("minimum", low), bound("maximum", high)),
        ..Limits::default()
    };
    match ty {
        Ty::Text | Ty::Id | Ty::Timestamp | Ty::Named(_) => Limits {
            length: (number("minLength"), number("maxLength")),
            pattern: schema["pattern"].as_str().map(str::to_owned),
            ..Limits::default()
        },
        Ty::Amount | Ty::Decimal => range(f64::floor, f64::ceil),
        Ty::Integer => range(f64::ceil, f64::floor),
        Ty::List(_) => Limits { count: (number("minItems"), number("maxItems")), ..Limits::default() },
        Ty::Map(_) => {
            Limits { count: (number("minProperties"), number("maxProperties")), ..Limits::default() }
        }
        Ty::Bool | Ty::Json | Ty::Boxed(_) | Ty::Nothing => Limits::default(),
    }
}

fn read_operation(
    path: &str,
    method: &str,
    at: &str,
    operation: &Value,
    methods: &BTreeMap<String, Method>,
) -> Result<Operation, Fault> {
    let name = text(operation, "operationId");
    let made =
        methods.get(&name).ok_or_else(|| Fault::new(at, "the generator made no method of this operation"))?;
    let arguments = |place: &str| -> Vec<Argument> {
        let parameters =
            operation["parameters"].as_array().into_iter().flatten().filter(|p| p["in"] == place);
        parameters
            .map(|p| {
                let name = text(p, "name");
                let doc = text(p, "description");
                let ident = argument_name(&name);
                let declared = p["schema"]["type"].as_str().unwrap_or_default();
                let money = vocabulary::kind(&name, declared) == Some(vocabulary::Kind::Amount);
                Argument { ident, doc, required: place == "path" || p["required"] == true, money, name }
            })
            .collect()
    };
    let mut path_args = arguments("path");
    path_args.sort_by_key(|argument| path.find(&format!("{{{}}}", argument.name)).unwrap_or(usize::MAX));
    if let Some(missing) = path_args.iter().find(|a| !path.contains(&format!("{{{}}}", a.name))) {
        return Err(Fault::new(at, format!("the path has no place for `{}`", missing.name)));
    }
    let content = operation.pointer("/requestBody/content").and_then(Value::as_object);
    let body = match content.and_then(|c| c.iter().next()) {
        None => Body::None,
        Some((media, entry)) if media == "multipart/form-data" => Body::Form(form_fields(&entry["schema"])),
        Some((media, _)) if media == "application/json" => {
            let ty = made.arguments.iter().find(|(ident, _)| ident == "body").map(|(_, ty)| ty.clone());
            Body::Json(ty.unwrap_or(Ty::Json))
        }
        Some((media, _)) => {
            return Err(Fault::new(
                format!("{at}/requestBody/content"),
                format!("media type {media} is not supported"),
            ));
        }
    };
    let doc = [text(operation, "summary"), text(operation, "description")].join("\n\n");
    Ok(Operation {
        id: text(operation, key::OPERATION_ID),
        aliases: operation["x-aliases"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|a| Some(a.as_str()?.to_owned()))
            .collect(),
        method: method.to_uppercase(),
        path: path.to_owned(),
        doc: doc.trim().to_owned(),
        credentials: operation.get("security").is_none_or(|s| s.as_array().is_none_or(|a| !a.is_empty())),
        path_args,
        query_args: arguments("query"),
        body,
        output: made.output.clone(),
        name,
    })
}

/// The name of an argument; `body` is what a JSON body is called.
fn argument_name(wire: &str) -> String {
    let name = names::snake_name(wire);
    if name == "body" { "body_".into() } else { name }
}

/// Required fields first; a field called `file` is a file even where the specification forgets to say so.
fn form_fields(schema: &Value) -> Vec<FormField> {
    let required: Vec<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let fields = schema["properties"].as_object().into_iter().flatten().map(|(name, property)| FormField {
        doc: text(property, "description"),
        required: required.contains(&name.as_str()),
        file: property["format"] == "binary" || name == "file",
        ident: argument_name(name),
        name: name.clone(),
    });
    let mut fields: Vec<FormField> = fields.collect();
    fields.sort_by_key(|field| !field.required && !field.file);
    fields
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn ty_of(rust: &str) -> Ty {
        ty(&syn::parse_str(rust).expect("a type"))
    }

    #[test]
    fn what_the_generator_wraps_a_type_in_does_not_matter() {
        assert_eq!(ty_of("Result<ResponseValue<types::Order>, Error<()>>"), Ty::Named("Order".into()));
        assert_eq!(ty_of("::std::option::Option<::std::string::String>"), Ty::Text);
        assert_eq!(ty_of("&'a str"), Ty::Text);
        assert_eq!(ty_of("Vec<private::Amount>"), Ty::List(Box::new(Ty::Amount)));
        assert_eq!(ty_of("::std::collections::HashMap<String, i64>"), Ty::Map(Box::new(Ty::Integer)));
        assert_eq!(ty_of("::serde_json::Map<String, ::serde_json::Value>"), Ty::Json);
        assert_eq!(ty_of("Option<Box<types::Tree>>"), Ty::Boxed(Box::new(Ty::Named("Tree".into()))));
        assert_eq!(ty_of("ResponseValue<()>"), Ty::Nothing);
    }

    #[test]
    fn a_field_is_known_by_its_name_on_the_wire() {
        let item: syn::ItemStruct = syn::parse_str(
            "struct A { #[serde(rename = \"fooBar\", default, skip_serializing_if = \"Option::is_none\")] \
             foo_bar: String, #[serde(default)] plain: String }",
        )
        .expect("a struct");
        let names: Vec<_> = item.fields.iter().map(|field| renamed(&field.attrs)).collect();
        assert_eq!(names, [Some("fooBar".to_owned()), None]);
    }

    #[test]
    fn limits_that_mean_nothing_for_the_type_are_left_out() {
        let schema = json!({ "minLength": 3, "maxLength": 50, "minimum": 1, "pattern": "^a", "maxItems": 2 });
        let text = limits(&schema, &Ty::Text);
        assert_eq!(text.length, (Some(3), Some(50)));
        assert_eq!(
            (text.range, text.count, text.pattern.as_deref()),
            ((None, None), (None, None), Some("^a"))
        );
        assert_eq!(limits(&schema, &Ty::Amount), Limits { range: (Some(1), None), ..Limits::default() });
        assert_eq!(
            limits(&schema, &Ty::List(Box::new(Ty::Text))),
            Limits { count: (None, Some(2)), ..Limits::default() }
        );
        assert_eq!(limits(&schema, &Ty::Bool), Limits::default());
    }

    #[test]
    fn a_bound_with_a_fraction_refuses_nothing_that_is_allowed() {
        let schema = json!({ "minimum": 0.5, "maximum": 99.5 });
        assert_eq!(limits(&schema, &Ty::Amount).range, (Some(0), Some(100)));
        assert_eq!(limits(&schema, &Ty::Integer).range, (Some(1), Some(99)));
    }

    #[test]
    fn a_form_asks_for_files_and_required_fields_first() {
        let fields = form_fields(&json!({ "required": ["doc_type"], "properties": {
            "note": { "type": "string" }, "doc_type": { "type": "string" },
            "file": { "type": "string" }, "body": { "format": "binary" } } }));
        let fields: Vec<_> =
            fields.iter().map(|f| (f.name.as_str(), f.ident.as_str(), f.required, f.file)).collect();
        assert_eq!(
            fields,
            [
                ("doc_type", "doc_type", true, false),
                ("file", "file", false, true),
                ("body", "body_", false, true),
                ("note", "note", false, false),
            ]
        );
    }

    #[test]
    fn types_that_only_answers_hold_are_not_sent() {
        let schema = |name: &str| json!({ "schema": { "$ref": format!("#/components/schemas/{name}") } });
        let spec = json!({
            "paths": { "/a": { "post": {
                "requestBody": { "content": { "application/json": schema("Request") } },
                "responses": { "2XX": { "content": { "application/json": schema("Answer") } } } } } },
            "components": { "schemas": {
                "Request": { "properties": { "a": { "$ref": "#/components/schemas/Inner" } } },
                "Inner": {}, "Answer": {} } } });
        assert_eq!(request_types(&spec), BTreeSet::from(["Inner".to_owned(), "Request".to_owned()]));
    }

    #[test]
    fn a_refusal_of_the_generator_says_which_operation() {
        let get = |id: &str| json!({ "operationId": id, "responses": { "2XX": { "description": "" } } });
        let spec = json!({
            "openapi": "3.0.3", "info": { "title": "", "version": "" },
            "paths": { "/a": { "get": get("a") }, "/b/{c": { "get": get("b") } } });
        let fault = run_progenitor(&spec).expect_err("a path without end");
        assert_eq!(fault.pointer, "/paths/~1b~1{c/get");
        assert!(fault.reason.contains("progenitor refuses"), "{fault:?}");
    }

    #[test]
    fn a_document_that_cannot_be_read_says_where() {
        let spec = json!({
            "openapi": "3.0.3", "info": { "title": "", "version": "" }, "paths": {},
            "components": { "schemas": { "A": { "type": "object", "properties": {
                "b": { "type": "array", "items": { "type": "object", "properties": { "c": true } } } } } } } });
        let fault = run_progenitor(&spec).expect_err("a property that is no schema");
        assert_eq!(fault.pointer, "/components/schemas/A/properties/b/items");
    }

    #[test]
    fn an_event_carries_an_object_of_the_document() {
        for payload in [json!({ "type": "object" }), json!({ "$ref": "#/components/schemas/Gone" })] {
            let spec = json!({ "paths": {}, "x-webhooks": { "PAID": payload } });
            let fault = read(&spec, "2099-01-01", TokenStream::new()).expect_err("no payload");
            assert_eq!(fault, Fault::new("/x-webhooks/PAID", "expected a $ref to an object"));
        }
    }
}
