//! Operations: what they take, where it goes, and what they answer.

use heck::ToPascalCase;
use serde_json::Value;

use super::types::Read;
use super::{Owner, Reader};
use crate::error::Fault;
use crate::model::{Argument, Body, Limits, Operation, Place, Shape, Ty};
use crate::names;
use crate::normalise::{is_media, json_of, json_successes};
use crate::places::path_names;
use crate::spec::{list, map, resolve, text, token};
use crate::vocabulary;

/// Headers that the client sends by itself or by a setting of the call or the credentials.
const HEADERS: &[&str] = &[
    "accept",
    "authorization",
    "content-type",
    "x-api-version",
    "x-client-id",
    "x-client-secret",
    "x-client-signature",
    "x-idempotency-key",
    "x-partner-apikey",
    "x-partner-merchantid",
    "x-request-id",
];

impl<'a> Reader<'a> {
    pub(super) fn operation(
        &mut self,
        path: &str,
        method: &str,
        at: String,
        node: &'a Value,
    ) -> Result<Operation, Fault> {
        let id = text(node, "operationId");
        if id.is_empty() {
            return Err(Fault::new(at, "expected an operationId"));
        }
        if let Some(reason) = broken_path(path) {
            return Err(Fault::new(at, reason));
        }
        let method_name = text(node, "x-method");
        let name = if method_name.is_empty() { names::method_name(&id) } else { method_name };
        let mut operation = Operation {
            marker: name.to_pascal_case(),
            aliases: list(node, "x-aliases").filter_map(|a| Some(a.as_str()?.to_owned())).collect(),
            group: self.group(node),
            method: method.to_uppercase(),
            path: path.to_owned(),
            doc: [text(node, "summary"), text(node, "description")].join("\n\n").trim().to_owned(),
            // Cashfree's payments API knows it for every operation, whatever its document declares.
            keyed: self.spec.get("x-product").is_none() || self.header(node, "x-idempotency-key").is_some(),
            reads: method == "get" || node["x-read-only"] == true,
            deprecated: node["deprecated"] == true,
            place: at,
            id,
            name,
            ..Operation::default()
        };
        self.security(node, &mut operation);
        self.parameters(node, &mut operation)?;
        self.body(node, &mut operation)?;
        self.answer(node, &mut operation)?;
        // Sorting keeps the order of the document within each kind.
        operation.arguments.sort_by_key(|a| (!a.required, a.place.rank()));
        starts_before_ends(&mut operation.arguments);
        if list(node, "servers").next().is_some() {
            self.lose(
                format!("{}/servers", operation.place),
                "the base URL is the client's, for all operations",
            );
        }
        Ok(operation)
    }

    /// The product that an operation belongs to: its first tag, by the name that the document shows.
    fn group(&self, node: &Value) -> String {
        let Some(tag) = node["tags"][0].as_str() else { return String::new() };
        let shown = list(self.spec, "tags").find(|t| t["name"] == tag).map(|t| text(t, "x-displayName"));
        shown.filter(|name| !name.is_empty()).unwrap_or_else(|| tag.to_owned())
    }

    fn parameters(&mut self, node: &'a Value, operation: &mut Operation) -> Result<(), Fault> {
        let owner = Owner::Name(operation.marker.clone());
        let in_path = path_names(&operation.path);
        for (i, parameter) in list(node, "parameters").enumerate() {
            let at = format!("{}/parameters/{i}", operation.place);
            let name = text(parameter, "name");
            let place = match text(parameter, "in").as_str() {
                "path" if !in_path.contains(&name.as_str()) => {
                    let reason = format!("the path has no place for `{name}`");
                    return Err(Fault::new(&operation.place, reason));
                }
                "path" => Place::Path,
                "query" if parameter["explode"] == false => Place::QueryJoined,
                "query" => Place::Query,
                "header" if HEADERS.contains(&name.to_ascii_lowercase().as_str()) => continue,
                "header" if is_header(&name) => Place::Header,
                place => {
                    let needed = if parameter["required"] == true { "required " } else { "" };
                    self.lose(at, format!("the client cannot send the {needed}{place} `{name}`"));
                    continue;
                }
            };
            let Some(schema) = parameter.get("schema") else {
                self.skip(parameter, &at, "has no schema")?;
                continue;
            };
            let mut read = if self.is_any_scalar(schema) && !vocabulary::is_amount(&name) {
                Read { ty: Ty::Text, doc: text(schema, "description"), ..Read::default() }
            } else {
                self.value(schema, format!("{at}/schema"), &name, &owner)?
            };
            read.ty = vocabulary::argument(&name, read.ty);
            let fits = match &read.ty {
                Ty::List(item) if !matches!(place, Place::Path | Place::Header) => self.is_scalar(item),
                ty => self.is_scalar(ty),
            };
            let styled = parameter.get("style").is_some_and(|s| s != "form" && s != "simple");
            if !fits || styled {
                self.skip(parameter, &at, "is of a style that is not sent")?;
                continue;
            }
            self.lost.append(&mut read.unchecked);
            let doc = text(parameter, "description");
            operation.arguments.push(Argument {
                ident: String::new(),
                place,
                also_in_form: false,
                ty: read.ty,
                doc: if doc.is_empty() { read.doc } else { doc },
                required: place == Place::Path || parameter["required"] == true,
                deprecated: read.deprecated || parameter["deprecated"] == true,
                limits: read.limits,
                example: example(parameter),
                name,
            });
        }
        in_order(operation)
    }

    /// Whether a schema says nothing of what it takes, or lists scalars that it takes: each of them is text in the end.
    fn is_any_scalar(&self, schema: &Value) -> bool {
        let says = ["type", "enum", "properties", "items", "additionalProperties"];
        let Some(schema) =
            resolve(self.spec, schema).filter(|s| says.iter().all(|word| s.get(word).is_none()))
        else {
            return false;
        };
        let is_scalar = |arm: &Value| {
            let declared = resolve(self.spec, arm).and_then(|arm| arm["type"].as_str());
            declared.is_some_and(|declared| !matches!(declared, "array" | "object"))
        };
        ["oneOf", "anyOf"].into_iter().flat_map(|union| list(schema, union)).all(is_scalar)
    }

    /// Whether a value is one text in a path, a query or a form.
    fn is_scalar(&self, ty: &Ty) -> bool {
        match ty {
            Ty::Named(at) => self.found.get(at).is_some_and(|found| matches!(found.ty.shape, Shape::Enum(_))),
            Ty::List(_) | Ty::Map(_) | Ty::Boxed(_) | Ty::Json | Ty::Unit | Ty::Upload => false,
            _ => true,
        }
    }

    /// Leaves out an argument that cannot be sent, unless the operation is nothing without it.
    fn skip(&mut self, parameter: &Value, at: &str, why: &str) -> Result<(), Fault> {
        let reason = format!("the argument `{}` {why}", text(parameter, "name"));
        if parameter["required"] == true {
            return Err(Fault::new(at, reason));
        }
        self.lose(at, reason);
        Ok(())
    }

    /// A body is sent in one media type: JSON where there is a choice, else a multipart form.
    fn body(&mut self, node: &'a Value, operation: &mut Operation) -> Result<(), Fault> {
        let content = &node["requestBody"]["content"];
        let Some(media_types) = content.as_object() else { return Ok(()) };
        let at = format!("{}/requestBody", operation.place);
        if node["requestBody"]["required"] != true {
            self.lose(&at, "a body that may be left out is always sent");
        }
        let at = format!("{at}/content");
        if let Some((inner, schema)) = json_of(content) {
            operation.body = Body::Json;
            let owner = Owner::Name(operation.marker.clone());
            let at = format!("{at}/{inner}");
            let read = self.value(schema, at.clone(), "request", &owner)?;
            self.lost.extend(read.unchecked);
            if read.limits != Limits::default() {
                self.lose(at, "the limits of a whole body are not checked");
            }
            operation.arguments.push(Argument {
                name: "body".into(),
                ident: String::new(),
                place: Place::Json,
                also_in_form: false,
                ty: read.ty,
                doc: text(&node["requestBody"], "description"),
                required: true,
                deprecated: false,
                limits: Limits::default(),
                example: media_types
                    .iter()
                    .find(|(media, _)| is_media(media, "application/json"))
                    .map(|(_, entry)| example(entry))
                    .unwrap_or_default(),
            });
            return Ok(());
        }
        let form = media_types.iter().find(|(media, _)| is_media(media, "multipart/form-data"));
        let Some((media, form)) = form else {
            let found = media_types.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
            let found = if found.is_empty() { "nothing".to_owned() } else { found };
            return Err(Fault::new(
                at,
                format!("expected application/json or multipart/form-data, found {found}"),
            ));
        };
        operation.body = Body::Form;
        let at = format!("{at}/{}/schema", token(media));
        let schema = resolve(self.spec, &form["schema"]).unwrap_or(&Value::Null);
        self.form(schema, &at, operation)
    }

    /// The fields of a form are arguments like any other.
    fn form(&mut self, schema: &'a Value, at: &str, operation: &mut Operation) -> Result<(), Fault> {
        let owner = Owner::Name(operation.marker.clone());
        if map(schema, "properties").next().is_none() {
            operation.body = Body::OpenForm;
        }
        let required: Vec<&str> = list(schema, "required").filter_map(Value::as_str).collect();
        for (name, property) in map(schema, "properties") {
            let at = format!("{at}/properties/{}", token(name));
            let in_path = operation.arguments.iter_mut().find(|a| a.place == Place::Path && a.name == *name);
            if let Some(argument) = in_path {
                argument.also_in_form = true;
                continue;
            }
            let is_file =
                |schema: &Value| resolve(self.spec, schema).is_some_and(|s| s["format"] == "binary");
            let mut read = Read::default();
            if is_file(property) {
                read.ty = Ty::Upload;
                read.doc = text(property, "description");
            } else if is_file(&resolve(self.spec, property).unwrap_or(property)["items"]) {
                read.ty = Ty::List(Box::new(Ty::Upload));
                read.doc = text(property, "description");
            } else {
                read = self.value(property, at.clone(), name, &owner)?;
                read.ty = vocabulary::argument(name, read.ty);
                if !self.is_scalar(read.ty.item()) {
                    self.lose(&at, "a field of a form is text: write it as the server wants it");
                    read.ty = Ty::Text;
                }
            }
            self.lost.append(&mut read.unchecked);
            operation.arguments.push(Argument {
                name: name.clone(),
                ident: String::new(),
                place: Place::Form,
                also_in_form: false,
                ty: read.ty,
                doc: read.doc,
                required: required.contains(&name.as_str()),
                deprecated: read.deprecated,
                limits: read.limits,
                example: property["example"].clone(),
            });
        }
        Ok(())
    }

    fn answer(&mut self, node: &'a Value, operation: &mut Operation) -> Result<(), Fault> {
        let at = format!("{}/responses", operation.place);
        let has_body = |response: &Value| response["content"].as_object().is_some_and(|c| !c.is_empty());
        operation.statuses =
            map(node, "responses").map(|(status, response)| (status.clone(), has_body(response))).collect();
        operation.statuses.sort();
        let successes: Vec<_> =
            operation.statuses.iter().filter(|(status, _)| status.starts_with('2')).collect();
        if successes.is_empty() {
            return Err(Fault::new(at, "expected a response with a 2xx status"));
        }
        let Some((inner, schema)) = json_successes(node).into_iter().next() else {
            operation.output = Ty::Unit;
            return match successes.iter().find(|(_, has_body)| *has_body) {
                None => Ok(()),
                Some((status, _)) => {
                    let content = &node["responses"][status]["content"];
                    self.answer_without_json(content, format!("{at}/{}/content", token(status)), operation)
                }
            };
        };
        if let Some((status, _)) = successes.iter().find(|(_, has_body)| !has_body) {
            self.lose(format!("{at}/{status}"), "an answer without a body: a body is expected");
        }
        let owner = Owner::Name(operation.marker.clone());
        operation.output = self.value(schema, format!("{}/{inner}", operation.place), "response", &owner)?.ty;
        Ok(())
    }

    /// JSON without a schema is free; any other media type cannot be read.
    fn answer_without_json(
        &mut self,
        content: &Value,
        at: String,
        operation: &mut Operation,
    ) -> Result<(), Fault> {
        let media: Vec<&str> =
            content.as_object().into_iter().flatten().map(|(media, _)| media.as_str()).collect();
        if !media.iter().any(|media| is_media(media, "application/json")) {
            return Err(Fault::new(at, format!("expected application/json, found {}", media.join(", "))));
        }
        operation.output = Ty::Json;
        Ok(())
    }
}

/// Puts what the path takes into the order of the path, all of which has to be declared.
fn in_order(operation: &mut Operation) -> Result<(), Fault> {
    let in_path = path_names(&operation.path);
    let declared =
        |name: &&str| operation.arguments.iter().any(|a| a.place == Place::Path && a.name == **name);
    if let Some(missing) = in_path.iter().find(|name| !declared(name)) {
        let reason = format!("the path parameter `{missing}` is not declared");
        return Err(Fault::new(&operation.place, reason));
    }
    let order = |a: &Argument| in_path.iter().position(|name| a.place == Place::Path && *name == a.name);
    operation.arguments.sort_by_key(|a| order(a).unwrap_or(usize::MAX));
    Ok(())
}

/// A period begins before it ends, however a document lists it: the two are of one type, so one who is wrong
/// about their order finds out by what is missing from the answer.
fn starts_before_ends(arguments: &mut Vec<Argument>) {
    for (start, end) in [("start", "end"), ("from", "to")] {
        let later = |ends: &Argument, all: &[Argument]| {
            let name = ends.name.replacen(end, start, 1);
            all.iter().position(|a| a.name == name && a.required == ends.required && a.place == ends.place)
        };
        for at in 0..arguments.len() {
            if let Some(from) = later(&arguments[at], arguments).filter(|from| *from > at) {
                let starts = arguments.remove(from);
                arguments.insert(at, starts);
            }
        }
    }
}

/// What a parameter or a body has as its example: one, or the first of several; or its schema has.
fn example(node: &Value) -> Value {
    let first = node["examples"].as_object().and_then(|all| all.values().next());
    let of_schema = || &node["schema"]["example"];
    node.get("example").or(first.map(|one| &one["value"])).unwrap_or_else(of_schema).clone()
}

/// Whether a name can be a header's.
fn is_header(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// What is wrong with a path: one that no call could be sent to is better not generated.
fn broken_path(path: &str) -> Option<&'static str> {
    let is_dots =
        |segment: &str| matches!(segment.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | "..");
    if !path.starts_with('/') {
        Some("a path begins with a slash")
    } else if path.contains(['?', '#']) {
        Some("a path holds no query and no fragment")
    } else if path.contains(|c: char| !c.is_ascii_graphic() || c == '\\') {
        Some("a path holds no blank, no backslash and no character outside ASCII")
    } else if path.split('/').any(is_dots) {
        Some("a path holds no dot segment")
    } else if path.matches('{').count() != path.matches('}').count() {
        Some("a path closes the braces that it opens")
    } else {
        None
    }
}
