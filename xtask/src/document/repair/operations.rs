//! Faults of operations: ids, paths, parameters, statuses, and parts that the generator does not read.

use std::collections::{HashMap, HashSet};

use heck::{ToTitleCase, ToUpperCamelCase};
use serde_json::{Map, Value, json};

use super::{Repairs, remove};
use cashfree_codegen::Fault;
use cashfree_codegen::names::method_name;
use cashfree_codegen::places::path_names;
use cashfree_codegen::spec::{METHODS, operations, operations_mut, resolve, token};

/// `callbacks`, by reference or in place: no client makes these calls, and a `$ref` among them does not parse.
pub(super) fn callbacks(spec: &mut Value, repairs: &mut Repairs) {
    let mut found: Vec<String> = operations(spec)
        .filter(|(_, _, _, operation)| operation.get("callbacks").is_some())
        .map(|(_, _, pointer, _)| format!("{pointer}/callbacks"))
        .collect();
    if spec.pointer("/components/callbacks").is_some() {
        found.push("/components/callbacks".to_owned());
    }
    for pointer in found {
        remove(spec, &pointer);
        repairs.done(pointer, "callbacks dropped: webhooks belong into x-webhooks");
    }
}

/// A parameter that an operation lists twice: the first one stays.
pub(super) fn parameters_twice(spec: &mut Value, repairs: &mut Repairs) {
    let mut found = Vec::new();
    for (_, _, pointer, operation) in operations(spec) {
        let mut seen = HashSet::new();
        for (i, parameter) in operation["parameters"].as_array().into_iter().flatten().enumerate() {
            let Some(parameter) = resolve(spec, parameter) else { continue };
            let key = (parameter["name"].as_str().unwrap_or(""), parameter["in"].as_str().unwrap_or(""));
            if !seen.insert(key) {
                found.push((pointer.clone(), i, format!("the {} parameter {} is given twice", key.1, key.0)));
            }
        }
    }
    drop_parameters(spec, found, repairs, "the first one kept", false);
}

/// Path parameters that the path has and the operation does not declare (declared, as strings), that the
/// operation declares and the path does not have (dropped), or that are not `required` (they always are).
pub(super) fn path_parameters(spec: &mut Value, repairs: &mut Repairs) {
    let mut missing = Vec::new();
    let mut stray = Vec::new();
    let mut optional = Vec::new();
    for (path, _, pointer, operation) in operations(spec) {
        let own = operation["parameters"].as_array().into_iter().flatten().enumerate();
        let own = own.map(|(i, parameter)| (format!("{pointer}/parameters/{i}"), Some(i), parameter));
        let shared = spec["paths"][path]["parameters"].as_array().into_iter().flatten().enumerate();
        let shared_at = format!("/paths/{}/parameters", token(path));
        let shared = shared.map(|(i, parameter)| (format!("{shared_at}/{i}"), None, parameter));
        let mut declared = HashSet::new();
        for (at, index, parameter) in own.chain(shared) {
            let Some(resolved) = resolve(spec, parameter).filter(|p| p["in"] == "path") else { continue };
            let name = resolved["name"].as_str().unwrap_or("");
            declared.insert(name);
            if !path_names(path).contains(&name) {
                if let Some(i) = index {
                    stray.push((pointer.clone(), i, format!("the path parameter {name} is not in the path")));
                }
            } else if resolved["required"] != true {
                let reference = parameter["$ref"].as_str().and_then(|r| r.strip_prefix('#'));
                optional.push(reference.map_or(at, str::to_owned));
            }
        }
        // Names in a query string are for `query_strings` to declare.
        let mut names = path_names(path.split('?').next().unwrap_or(path));
        names.retain(|name| !declared.contains(name));
        if !names.is_empty() {
            missing.push((pointer, names.into_iter().map(str::to_owned).collect::<Vec<_>>()));
        }
    }
    optional.sort();
    optional.dedup();
    for pointer in optional {
        spec.pointer_mut(&pointer).into_iter().for_each(|p| p["required"] = json!(true));
        repairs.done(pointer, "a path parameter that was not required made required");
    }
    drop_parameters(spec, stray, repairs, "dropped", true);
    for (pointer, names) in missing {
        for name in names {
            let parameter =
                json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}});
            push_parameter(spec, &pointer, parameter);
            repairs.guessed(
                &pointer,
                format!("the path parameter {name} was not declared: declared as a string"),
            );
        }
    }
}

/// Drops parameters, given as (operation, index, what is wrong).
fn drop_parameters(
    spec: &mut Value,
    found: Vec<(String, usize, String)>,
    repairs: &mut Repairs,
    done: &str,
    look: bool,
) {
    // From the end, for indices shift.
    for (operation, i, _) in found.iter().rev() {
        if let Some(list) = spec.pointer_mut(&format!("{operation}/parameters")).and_then(Value::as_array_mut)
        {
            list.remove(*i);
        }
    }
    for (operation, i, fault) in found {
        let pointer = format!("{operation}/parameters/{i}");
        let what = format!("{fault}: {done}");
        if look { repairs.guessed(pointer, what) } else { repairs.done(pointer, what) }
    }
}

fn push_parameter(spec: &mut Value, operation: &str, parameter: Value) {
    let Some(operation) = spec.pointer_mut(operation) else { return };
    match operation.get_mut("parameters").and_then(Value::as_array_mut) {
        Some(list) => list.push(parameter),
        None => operation["parameters"] = json!([parameter]),
    }
}

/// Operations without an `operationId`, or with one that cannot be a name, and ids that more than one operation
/// has, or that make the same method. The first one keeps its id; the others get one from method and path.
pub(super) fn ids(spec: &mut Value, repairs: &mut Repairs) {
    let mut taken = HashSet::new();
    let mut found = Vec::new();
    for (path, method, pointer, operation) in operations(spec) {
        let id = operation["operationId"].as_str().unwrap_or("");
        let is_name = method_name(id).starts_with(|c: char| c.is_ascii_alphabetic());
        if !is_name || !taken.insert(method_name(id)) {
            found.push((pointer, path.to_owned(), method, id.to_owned()));
        }
    }
    for (pointer, path, method, old) in found {
        let id = id_of(method, &path, &mut taken);
        let fault = match old.as_str() {
            "" => "no id".to_owned(),
            old if taken.contains(&method_name(old)) => format!("the id {old} was taken"),
            old => format!("the id {old} cannot be a name"),
        };
        if let Some(operation) = spec.pointer_mut(&pointer) {
            operation["operationId"] = json!(id);
        }
        repairs.guessed(format!("{pointer}/operationId"), format!("{fault}: named {id}"));
    }
}

/// An id from method and path, with the path's parameters only where it needs them to be the only one.
fn id_of(method: &str, path: &str, taken: &mut HashSet<String>) -> String {
    let path = path.split('?').next().unwrap_or(path);
    let segments = || path.split('/').filter(|s| !s.is_empty());
    let fixed: Vec<_> = segments().filter(|s| !s.contains('{')).collect();
    let short = format!("{method} {}", fixed.join(" ")).to_upper_camel_case();
    let every: Vec<_> = segments().map(|s| s.replace('{', "by ")).collect();
    let long = format!("{method} {}", every.join(" ")).to_upper_camel_case();
    let numbered = (2..).map(|n| format!("{long}{n}"));
    let mut candidates = [short, long.clone()].into_iter().chain(numbered);
    candidates.find(|id| taken.insert(method_name(id))).unwrap_or(long)
}

/// A body in several media types, one of which is JSON: the generator speaks one, so JSON stays.
pub(super) fn media_types(spec: &mut Value, repairs: &mut Repairs) {
    let mut found = Vec::new();
    for (_, _, pointer, operation) in operations(spec) {
        let body = ("requestBody".to_owned(), &operation["requestBody"]);
        let responses = operation["responses"].as_object().into_iter().flatten();
        let answers = responses.map(|(status, answer)| (format!("responses/{}", token(status)), answer));
        for (part, node) in std::iter::once(body).chain(answers) {
            // A shared body is mended where it stands.
            let at = match node["$ref"].as_str().and_then(|r| r.strip_prefix('#')) {
                Some(reference) => reference.to_owned(),
                None => format!("{pointer}/{part}"),
            };
            let Some(content) = resolve(spec, node).and_then(|n| n["content"].as_object()) else { continue };
            let is_json =
                |media: &str| media.split(';').next().is_some_and(|m| m.trim() == "application/json");
            let Some(json) = content.keys().find(|media| is_json(media)) else { continue };
            if content.len() > 1 || json != "application/json" {
                found.push((format!("{at}/content"), json.clone(), content.len() > 1));
            }
        }
    }
    found.sort();
    found.dedup();
    for (pointer, media, several) in found {
        let Some(content) = spec.pointer_mut(&pointer).and_then(Value::as_object_mut) else { continue };
        let body = content.remove(&media).unwrap_or_default();
        *content = Map::from_iter([("application/json".to_owned(), body)]);
        if several {
            repairs.guessed(pointer, "a body in several media types: only application/json kept");
        } else {
            repairs.done(pointer, format!("{media}: written as application/json"));
        }
    }
}

/// Operations without a success status: what is said of any status is said of `200`, or one without a body is added.
pub(super) fn statuses(spec: &mut Value, repairs: &mut Repairs) {
    let is_success = |(status, _): (&String, &Value)| status.starts_with('2');
    let none: Vec<String> = operations(spec)
        .filter(|(.., operation)| {
            !operation["responses"].as_object().is_some_and(|r| r.iter().any(is_success))
        })
        .map(|(_, _, pointer, _)| pointer)
        .collect();
    for pointer in none {
        let Some(operation) = spec.pointer_mut(&pointer) else { continue };
        if !operation["responses"].is_object() {
            operation["responses"] = json!({});
        }
        let default = operation["responses"].as_object_mut().and_then(|r| r.shift_remove("default"));
        let what = match &default {
            Some(_) => "no success status: default taken for that of 200",
            None => "no success status: 200 without a body added",
        };
        operation["responses"]["200"] = default.unwrap_or_else(|| json!({"description": "Done."}));
        repairs.guessed(format!("{pointer}/responses"), what);
    }
}

/// Operations without a summary or a description, which become the documentation of their methods: made from
/// each other, or from the id.
pub(super) fn prose(spec: &mut Value, repairs: &mut Repairs) {
    let mut found = Vec::new();
    for (path, method, operation) in operations_mut(spec) {
        let text = |operation: &Value, member: &str| {
            operation[member].as_str().map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned)
        };
        let (summary, description) = (text(operation, "summary"), text(operation, "description"));
        if summary.is_some() && description.is_some() {
            continue;
        }
        let first_line = description.as_deref().and_then(|d| d.lines().next()).map(str::to_owned);
        let id = operation["operationId"].as_str().unwrap_or(method).to_title_case();
        let summary = summary.or(first_line).unwrap_or(id);
        operation["description"] = json!(description.unwrap_or_else(|| summary.clone()));
        operation["summary"] = json!(summary);
        found.push(format!("/paths/{}/{method}", token(path)));
    }
    for pointer in found {
        repairs.guessed(pointer, "no summary or no description: one made, to be written");
    }
}

/// A query string inside a path (`/instruments?instrument_type=card`): made a query parameter; a required one
/// with that value where a value is given.
pub(super) fn query_strings(spec: &mut Value, repairs: &mut Repairs) -> Result<(), Fault> {
    let found: Vec<String> = paths(spec).filter(|path| path.contains('?')).map(str::to_owned).collect();
    for path in found {
        let Some((plain, query)) = path.split_once('?') else { continue };
        let pointer = format!("/paths/{}", token(&path));
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            for method in METHODS {
                query_parameter(spec, &format!("{pointer}/{method}"), name, value);
            }
        }
        rename_path(spec, &path, plain)?;
        repairs.guessed(pointer, format!("the query string ?{query} inside the path made query parameters"));
    }
    Ok(())
}

/// Declares one query parameter, or turns the path parameter that stood for it into one.
fn query_parameter(spec: &mut Value, operation: &str, name: &str, value: &str) {
    let Some(list) = spec.pointer(operation).map(|o| o["parameters"].as_array().cloned().unwrap_or_default())
    else {
        return;
    };
    let variable = path_names(value).first().copied();
    let is = |parameter: &Value, place: &str, name: &str| {
        resolve(spec, parameter).is_some_and(|p| p["in"] == place && p["name"] == name)
    };
    if list.iter().any(|p| is(p, "query", name)) {
        return;
    }
    if let Some(i) = variable.and_then(|variable| list.iter().position(|p| is(p, "path", variable))) {
        let mut parameter = resolve(spec, &list[i]).cloned().unwrap_or_default();
        parameter["in"] = json!("query");
        parameter["name"] = json!(name);
        if let Some(slot) = spec.pointer_mut(&format!("{operation}/parameters/{i}")) {
            *slot = parameter;
        }
        return;
    }
    let fixed = variable.is_none() && !value.is_empty();
    let schema = if fixed { json!({"type": "string", "enum": [value]}) } else { json!({"type": "string"}) };
    push_parameter(
        spec,
        operation,
        json!({"name": name, "in": "query", "required": fixed, "schema": schema}),
    );
}

/// Paths that repeat the path of the server: `/pg/orders` on a server that ends in `/pg` already.
pub(super) fn server_prefix(spec: &mut Value, repairs: &mut Repairs) -> Result<(), Fault> {
    let prefixes: Vec<String> = spec["servers"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|server| server["url"].as_str())
        .map(|url| url.split_once("://").map_or(url, |(_, rest)| rest))
        .filter_map(|rest| rest.split_once('/'))
        .map(|(_, path)| format!("/{}/", path.trim_matches('/')))
        .filter(|prefix| prefix != "//")
        .collect();
    let repeats: Vec<(String, String)> = paths(spec)
        .filter_map(|path| {
            let prefix = prefixes.iter().find(|prefix| path.starts_with(*prefix))?;
            Some((path.to_owned(), path[prefix.len() - 1..].to_owned()))
        })
        .collect();
    for (path, plain) in repeats {
        rename_path(spec, &path, &plain)?;
        let what = format!("the path repeats the path of the server: {plain} kept");
        repairs.guessed(format!("/paths/{}", token(&path)), what);
    }
    Ok(())
}

fn paths(spec: &Value) -> impl Iterator<Item = &str> {
    spec["paths"].as_object().into_iter().flatten().map(|(path, _)| path.as_str())
}

/// Gives a path another name, in its place; where that path exists already, the operations join it.
fn rename_path(spec: &mut Value, from: &str, to: &str) -> Result<(), Fault> {
    let source = spec.clone();
    let Some(paths) = spec["paths"].as_object_mut() else { return Ok(()) };
    let mut renamed: Map<String, Value> = Map::new();
    let mut merged: HashMap<String, Value> = HashMap::new();
    let exists = paths.contains_key(to);
    for (path, item) in std::mem::take(paths) {
        if path != from {
            renamed.insert(path, item);
        } else if exists {
            merged.insert(to.to_owned(), item);
        } else {
            renamed.insert(to.to_owned(), item);
        }
    }
    for (path, mut item) in merged {
        let Some(target) = renamed.get_mut(&path).and_then(Value::as_object_mut) else { continue };
        own_parameters(&source, target);
        item.as_object_mut().into_iter().for_each(|item| own_parameters(&source, item));
        for (key, value) in item.as_object().into_iter().flatten() {
            if target.contains_key(key) && METHODS.contains(&key.as_str()) {
                let pointer = format!("/paths/{}/{key}", token(from));
                return Err(Fault::new(pointer, format!("the same as {key} {to}, which exists already")));
            }
            target.entry(key).or_insert_with(|| value.clone());
        }
    }
    *paths = renamed;
    Ok(())
}

/// Gives what a path declares for all of its operations to each of them, before others join them.
fn own_parameters(source: &Value, item: &mut Map<String, Value>) {
    let Some(Value::Array(shared)) = item.shift_remove("parameters") else { return };
    let key = |parameter: &Value| {
        resolve(source, parameter).map(|parameter| (parameter["in"].clone(), parameter["name"].clone()))
    };
    for (_, operation) in item.iter_mut().filter(|(method, _)| METHODS.contains(&method.as_str())) {
        let mut own = operation["parameters"].as_array().cloned().unwrap_or_default();
        let is_new = |shared: &&Value| !own.iter().any(|own| key(own) == key(shared));
        let more: Vec<Value> = shared.iter().filter(is_new).cloned().collect();
        own.extend(more);
        operation["parameters"] = Value::Array(own);
    }
}

#[cfg(test)]
mod tests;
