//! progenitor bears witness: it reads the same document, and where it understands an operation, an argument, a
//! member or a type otherwise than the model does, nothing is generated.
//!
//! The model decides what is emitted, since what progenitor emits would bring a client, an error and builders
//! of its own. But one reader of a document about money is one too few. progenitor is shown the normalised
//! document without words, limits and names: every schema goes by its place, so that its opinion does not
//! depend on how anything is called.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use progenitor_impl::{GenerationSettings, Generator};
use serde_json::{Map, Value, json};

use crate::error::Fault;
use crate::model::{Api, Argument, Form, Operation, Place, Shape, Ty, Type};
use crate::normalise::{json_of, json_successes, keyed_arms};
use crate::places::{Places, path_names};
use crate::spec::{component, list, refer_to, reference, resolve, schemas, token};

/// Hears progenitor about a normalised document.
///
/// # Errors
/// The first place where the model and progenitor differ, or what progenitor refuses.
pub(crate) fn testify(spec: &Value, api: &Api) -> Result<(), Fault> {
    let shown = Shown::of(spec);
    let testimony = Testimony::hear(&shown, api)?;
    testimony.compare(&shown, api)
}

/// What progenitor is shown: the names that it gives to places, and back.
struct Shown<'a> {
    spec: &'a Value,
    places: Vec<(String, &'a Value)>,
    index: BTreeMap<String, usize>,
}

impl<'a> Shown<'a> {
    fn of(spec: &'a Value) -> Self {
        let places = Places::of(spec).schemas;
        let index = places.iter().enumerate().map(|(i, (at, _))| (at.clone(), i)).collect();
        Self { spec, places, index }
    }

    fn name(&self, at: &str) -> String {
        format!("At{}", self.index.get(at).copied().unwrap_or_default())
    }

    fn document(&self, api: &Api, only: Option<&Operation>) -> Value {
        let mut components = Map::new();
        for (name, schema) in schemas(self.spec).into_iter().flatten() {
            let at = component(name);
            components.insert(self.name(&at), self.bare(schema, &at));
        }
        // Each by itself: unions may stand in each other, in more ways than there are schemas.
        components.extend(
            self.places.iter().filter_map(|(at, schema)| Some((self.name(at), self.union(schema, at)?))),
        );
        let mut paths = Map::new();
        for (i, operation) in api.operations.iter().enumerate() {
            if only.is_none_or(|only| only.place == operation.place) {
                let (path, method, shown) = self.operation(i, operation);
                paths.entry(path).or_insert_with(|| json!({}))[method] = shown;
            }
        }
        json!({
            "openapi": "3.0.3",
            "info": { "title": "shown", "version": "1" },
            "paths": paths,
            "components": { "schemas": components },
        })
    }

    /// An operation with its parameters by number and at most a JSON body: progenitor knows no multipart.
    fn operation(&self, i: usize, operation: &Operation) -> (String, String, Value) {
        let at = &operation.place;
        let node = self.spec.pointer(at).unwrap_or(&Value::Null);
        let mut path = operation.path.clone();
        let mut parameters = Vec::new();
        for (n, (name, place, required, schema, schema_at)) in
            self.parameters(operation).into_iter().enumerate()
        {
            let shown = if place == "path" { format!("p{n:03}") } else { format!("q{n:03}") };
            path = path.replace(&format!("{{{name}}}"), &format!("{{{shown}}}"));
            let schema = self.bare(schema, &schema_at);
            parameters.push(json!({ "name": shown, "in": place, "required": required, "schema": schema }));
        }
        let body =
            |at: &str, schema: &Value| json!({ "application/json": { "schema": self.bare(schema, at) } });
        let mut answer = json!({ "description": "" });
        if let Some((inner, schema)) = json_successes(node).into_iter().next() {
            answer["content"] = body(&format!("{at}/{inner}"), schema);
        } else if operation.output == Ty::Json {
            answer["content"] = json!({ "application/json": { "schema": {} } });
        }
        let mut shown = json!({
            "operationId": format!("op{i}"), "parameters": parameters, "responses": { "2XX": answer } });
        if let Some((inner, schema)) = json_of(&node["requestBody"]["content"]) {
            let content = body(&format!("{at}/requestBody/content/{inner}"), schema);
            shown["requestBody"] = json!({ "required": true, "content": content });
        }
        (path, operation.method.to_lowercase(), shown)
    }

    /// The parameters of the path, in its order, and of the query.
    fn parameters(&self, operation: &Operation) -> Vec<(&'a str, &'a str, bool, &'a Value, String)> {
        let node = self.spec.pointer(&operation.place).unwrap_or(&Value::Null);
        let in_path = path_names(&operation.path);
        let mut found: Vec<_> = list(node, "parameters")
            .enumerate()
            .filter_map(|(i, parameter)| {
                let (name, place) = (parameter["name"].as_str()?, parameter["in"].as_str()?);
                let required = place == "path" || parameter["required"] == true;
                let at = format!("{}/parameters/{i}/schema", operation.place);
                (place == "path" || place == "query").then_some((
                    name,
                    place,
                    required,
                    parameter.get("schema")?,
                    at,
                ))
            })
            .collect();
        found.sort_by_key(|(name, place, ..)| {
            if *place == "path" {
                in_path.iter().position(|n| n == name).unwrap_or_default()
            } else {
                usize::MAX
            }
        });
        found
    }

    fn object(&self, at: &str, properties: Map<String, Value>) -> Value {
        json!({ "type": "object", "title": self.name(at), "properties": properties })
    }

    /// A union that is told apart by key, as the object of its keys.
    fn union(&self, schema: &Value, at: &str) -> Option<Value> {
        let is_leaf =
            matches!(schema["type"].as_str(), Some("array" | "integer" | "string" | "number" | "boolean"));
        let holds = |word: &str| schema[word].as_object().is_some_and(|held| !held.is_empty());
        if is_leaf || holds("properties") || holds("additionalProperties") {
            return None;
        }
        let arms = keyed_arms(self.spec, schema, at)?.into_iter().map(|arm| {
            let held = if arm.shared { json!({}) } else { self.bare(arm.held, &arm.at) };
            (arm.key.to_owned(), held)
        });
        Some(self.object(at, arms.collect()))
    }

    /// A schema without anything but its structure.
    fn bare(&self, schema: &Value, at: &str) -> Value {
        if let Some(name) = reference(schema) {
            return refer_to(&self.name(&component(name)));
        }
        let properties = schema["properties"].as_object().filter(|p| !p.is_empty());
        match (schema["type"].as_str(), properties) {
            (Some("array"), _) => {
                let items = schema.get("items").filter(|items| items.is_object());
                let items = items.map_or_else(|| json!({}), |items| self.bare(items, &format!("{at}/items")));
                json!({ "type": "array", "items": items })
            }
            (_, Some(properties)) => {
                let bare = properties.iter().map(|(name, property)| {
                    let at = format!("{at}/properties/{}", token(name));
                    (name.clone(), self.bare(property, &at))
                });
                self.object(at, bare.collect())
            }
            (Some("integer"), _) => json!({ "type": "integer", "format": "int64" }),
            (Some(scalar @ ("string" | "number" | "boolean")), _) => json!({ "type": scalar }),
            _ => self.bare_rest(schema, at),
        }
    }

    fn bare_rest(&self, schema: &Value, at: &str) -> Value {
        let entries = &schema["additionalProperties"];
        if entries.as_object().is_some_and(|entries| !entries.is_empty()) {
            let entries = self.bare(entries, &format!("{at}/additionalProperties"));
            return json!({ "type": "object", "additionalProperties": entries });
        }
        if keyed_arms(self.spec, schema, at).is_some() {
            return refer_to(&self.name(at));
        }
        let arms: Vec<&Value> = ["oneOf", "anyOf"].iter().flat_map(|union| list(schema, union)).collect();
        let is_text = |arm: &&Value| resolve(self.spec, arm).is_some_and(|arm| arm["type"] == "string");
        let values = || list(schema, "enum").filter(|value| !value.is_null());
        let all_text = !arms.is_empty() && arms.iter().all(is_text);
        if all_text || (values().next().is_some() && values().all(Value::is_string)) {
            return json!({ "type": "string" });
        }
        if schema["type"] == "object" { json!({ "type": "object" }) } else { json!({}) }
    }
}

/// What progenitor made of what it was shown.
#[derive(Default)]
struct Testimony {
    /// The fields of every struct, by their names on the wire.
    structs: BTreeMap<String, BTreeMap<String, syn::Type>>,
    /// What is only another name.
    aliases: BTreeMap<String, syn::Type>,
    /// The arguments and the answer of every method.
    methods: BTreeMap<String, (Vec<syn::Type>, syn::Type)>,
}

impl Testimony {
    fn hear(shown: &Shown<'_>, api: &Api) -> Result<Self, Fault> {
        let code = generate(&shown.document(api, None)).map_err(|reason| {
            // The first operation that it does not take even alone.
            let refused = api.operations.iter().find(|o| generate(&shown.document(api, Some(o))).is_err());
            let place = refused.map_or("/components/schemas", |operation| operation.place.as_str());
            Fault::new(place, format!("progenitor refuses the document: {reason}"))
        })?;
        let file: syn::File = syn::parse2(code)
            .map_err(|e| Fault::new("", format!("progenitor's output does not parse: {e}")))?;
        let mut testimony = Self::default();
        for item in file.items {
            match item {
                syn::Item::Mod(module) if module.ident == "types" => {
                    module
                        .content
                        .into_iter()
                        .flat_map(|(_, items)| items)
                        .for_each(|item| testimony.note_type(item));
                }
                syn::Item::Impl(item) => item.items.into_iter().for_each(|item| testimony.note_method(item)),
                _ => {}
            }
        }
        Ok(testimony)
    }

    fn note_type(&mut self, item: syn::Item) {
        let syn::Item::Struct(item) = item else { return };
        let name = item.ident.to_string();
        match item.fields {
            syn::Fields::Named(fields) => {
                let fields = fields.named.into_iter().filter_map(|field| {
                    let ident = field.ident?.to_string();
                    let wire =
                        renamed(&field.attrs).unwrap_or_else(|| ident.trim_start_matches("r#").to_owned());
                    Some((wire, field.ty))
                });
                self.structs.insert(name, fields.collect());
            }
            syn::Fields::Unnamed(fields) => {
                let inner = fields.unnamed.into_iter().next().map(|field| (name, field.ty));
                self.aliases.extend(inner);
            }
            syn::Fields::Unit => {}
        }
    }

    fn note_method(&mut self, item: syn::ImplItem) {
        let syn::ImplItem::Fn(function) = item else { return };
        if function.sig.asyncness.is_none() {
            return;
        }
        let arguments = function.sig.inputs.into_iter().filter_map(|input| match input {
            syn::FnArg::Typed(argument) => Some(*argument.ty),
            syn::FnArg::Receiver(_) => None,
        });
        if let syn::ReturnType::Type(_, output) = function.sig.output {
            self.methods.insert(function.sig.ident.to_string(), (arguments.collect(), *output));
        }
    }

    fn compare(&self, shown: &Shown<'_>, api: &Api) -> Result<(), Fault> {
        for ty in &api.types {
            if !matches!(ty.shape, Shape::Enum(_)) {
                ty.places.iter().try_for_each(|place| self.compare_type(shown, api, ty, place))?;
            }
        }
        for (i, operation) in api.operations.iter().enumerate() {
            self.compare_operation(shown, api, i, operation)?;
        }
        Ok(())
    }

    fn compare_type(&self, shown: &Shown<'_>, api: &Api, ty: &Type, place: &str) -> Result<(), Fault> {
        let Some(fields) = self.structs.get(&shown.name(place)) else {
            return Err(Fault::new(place, format!("`{}` is an object, and progenitor reads none", ty.name)));
        };
        let members: Vec<(&str, &Ty, Form)> = match &ty.shape {
            Shape::Object(members) => members.iter().map(|m| (m.name.as_str(), &m.ty, m.form)).collect(),
            Shape::Union { arms, .. } => arms.iter().map(|a| (a.key.as_str(), &a.ty, a.form)).collect(),
            Shape::Enum(_) => Vec::new(),
        };
        let read: BTreeSet<&str> = members.iter().map(|(name, ..)| *name).collect();
        let seen: BTreeSet<&str> = fields.keys().map(String::as_str).collect();
        if let Some(name) = read.symmetric_difference(&seen).next() {
            let who = if read.contains(name) { "progenitor reads no" } else { "progenitor also reads a" };
            return Err(Fault::new(place, format!("{who} member `{name}` of `{}`", ty.name)));
        }
        for (name, ty, form) in members {
            if let Some(seen) = fields.get(name).filter(|seen| !self.agrees(shown, api, ty, Some(form), seen))
            {
                return Err(differs(&format!("{place}/properties/{}", token(name)), ty, seen));
            }
        }
        Ok(())
    }

    fn compare_operation(&self, shown: &Shown<'_>, api: &Api, i: usize, o: &Operation) -> Result<(), Fault> {
        let Some((arguments, output)) = self.methods.get(&format!("op{i}")) else {
            return Err(Fault::new(&o.place, format!("progenitor makes no method of `{}`", o.id)));
        };
        let mut expected: Vec<(String, Option<&Argument>, bool)> = Vec::new();
        for (name, place, required, _, at) in shown.parameters(o) {
            let is = |a: &&Argument| {
                let here = match a.place {
                    Place::Path => "path",
                    Place::Query | Place::QueryJoined => "query",
                    Place::Header | Place::Json | Place::Form => "other",
                };
                a.name == name && here == place
            };
            expected.push((at, o.arguments().iter().find(is), required));
        }
        if let Some(body) = o.json() {
            expected.push((format!("{}/requestBody", o.place), Some(body), true));
        }
        if expected.len() != arguments.len() {
            let reason = format!("{} arguments, and progenitor reads {}", expected.len(), arguments.len());
            return Err(Fault::new(&o.place, reason));
        }
        for ((at, argument, required), seen) in expected.into_iter().zip(arguments) {
            let Some(argument) = argument else {
                // What is left out was said.
                let parameter = at.trim_end_matches("/schema");
                if api.not_generated.iter().any(|lost| lost.pointer == parameter) {
                    continue;
                }
                return Err(Fault::new(at, "progenitor reads an argument here that no method takes"));
            };
            let optional = strip(seen).0;
            let agrees = optional != required && self.agrees(shown, api, &argument.ty, None, seen);
            if !agrees {
                return Err(differs(&at, &argument.ty, seen));
            }
        }
        if !self.agrees(shown, api, &o.output, None, output) {
            return Err(differs(&format!("{}/responses", o.place), &o.output, output));
        }
        Ok(())
    }

    /// Whether a type of the model and one of progenitor are read from the same JSON.
    fn agrees(&self, shown: &Shown<'_>, api: &Api, ty: &Ty, form: Option<Form>, seen: &syn::Type) -> bool {
        let (_, name, inner) = strip(seen);
        if let Some(alias) = self.aliases.get(&name) {
            return self.agrees(shown, api, ty, form, alias);
        }
        let is = |names: &[&str]| names.contains(&name.as_str());
        let number = ["i64", "f64"];
        match ty {
            Ty::Boxed(ty) => self.agrees(shown, api, ty, form, seen),
            Ty::List(item) => name == "Vec" && inner.is_some_and(|i| self.agrees(shown, api, item, form, &i)),
            Ty::Map(value) => {
                name == "HashMap" && inner.is_some_and(|i| self.agrees(shown, api, value, form, &i))
            }
            Ty::Named(named) => match api.get(named) {
                Some(Type { shape: Shape::Enum(_), .. }) => is(&["String", "str"]),
                Some(ty) => ty.places.iter().any(|place| shown.name(place) == name),
                None => false,
            },
            // An argument is text in the end, whatever it is declared as.
            Ty::Text | Ty::Id | Ty::Timestamp | Ty::Amount if form.is_none() => {
                is(&["String", "str", "i64", "f64", "Value"])
            }
            Ty::Amount if form == Some(Form::Text) => is(&["String"]),
            // Money may have no type, or two.
            Ty::Amount => is(&["i64", "f64", "Value"]),
            Ty::Text | Ty::Id if form == Some(Form::Number) => is(&number),
            Ty::Text | Ty::Id | Ty::Timestamp => is(&["String"]),
            Ty::Decimal => is(&["f64"]),
            Ty::Integer => is(&["i64"]),
            Ty::Bool => is(&["bool"]),
            Ty::Json => is(&["Value", "Map"]),
            Ty::Unit => is(&["()"]),
            Ty::Upload => false,
        }
    }
}

fn differs(at: &str, ty: &Ty, seen: &syn::Type) -> Fault {
    let (optional, name, _) = strip(seen);
    let optional = if optional { "optional " } else { "" };
    Fault::new(at, format!("is read as {ty:?}, and progenitor reads {optional}{name}"))
}

/// A type without what progenitor wraps it in: whether it was optional, its last name, and what is inside.
fn strip(seen: &syn::Type) -> (bool, String, Option<syn::Type>) {
    match seen {
        syn::Type::Reference(reference) => strip(&reference.elem),
        syn::Type::Tuple(tuple) if tuple.elems.is_empty() => (false, "()".to_owned(), None),
        syn::Type::Path(path) => {
            let Some(last) = path.path.segments.last() else { return (false, String::new(), None) };
            let arguments: Vec<&syn::Type> = match &last.arguments {
                syn::PathArguments::AngleBracketed(list) => {
                    let types = list.args.iter().filter_map(|argument| match argument {
                        syn::GenericArgument::Type(inner) => Some(inner),
                        _ => None,
                    });
                    types.collect()
                }
                _ => Vec::new(),
            };
            match (last.ident.to_string().as_str(), arguments.as_slice()) {
                ("Option", [inner]) => (true, strip(inner).1, strip(inner).2),
                ("Box" | "ResponseValue" | "Result", [inner, ..]) => strip(inner),
                (name, arguments) => (false, name.to_owned(), arguments.last().map(|inner| (*inner).clone())),
            }
        }
        _ => (false, String::new(), None),
    }
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

thread_local! {
    /// Whether a panic of this thread is expected.
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Keeps the panics that are expected from being printed.
fn quieten() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let print = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !QUIET.with(Cell::get) {
                print(panic);
            }
        }));
    });
}

/// progenitor and typify panic where they meet what they do not know; that is a refusal like any other, told
/// once and by us.
fn generate(document: &Value) -> Result<proc_macro2::TokenStream, String> {
    let document = serde_json::from_value(document.clone()).map_err(|e| format!("not OpenAPI 3.0: {e}"))?;
    quieten();
    QUIET.with(|quiet| quiet.set(true));
    let made = catch_unwind(AssertUnwindSafe(|| {
        Generator::new(&GenerationSettings::default()).generate_tokens(&document).map_err(|e| e.to_string())
    }));
    QUIET.with(|quiet| quiet.set(false));
    made.unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("it panics");
        Err(text.lines().next().unwrap_or_default().to_owned())
    })
}

#[cfg(test)]
mod tests;
