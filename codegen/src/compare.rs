//! What changes for a user between two specifications: not which lines differ, but which operations and
//! members come, go or become something else.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use serde_json::Value;

use crate::document::resolve;
use crate::spec::operations;

/// Everything that changes about one operation or webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What it is that changes.
    pub subject: Subject,
    /// Whether it comes, goes, moves or stays.
    pub fate: Fate,
    /// What changes in what is sent: the body's members, and parameters.
    pub request: Vec<MemberChange>,
    /// What changes in what comes back, or in a webhook's payload.
    pub response: Vec<MemberChange>,
}

/// What a change is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// An operation, by the id, method and path that the newer specification gives it (the older one where it
    /// is gone).
    Operation {
        /// The operation id.
        id: String,
        /// The HTTP method, in capitals.
        method: String,
        /// The path template.
        path: String,
    },
    /// A webhook, by its event type.
    Webhook(String),
}

/// What becomes of an operation or webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// Only the newer specification has it.
    Added,
    /// Only the older specification has it.
    Removed,
    /// It had another id, method or path: `PGOld GET /old`.
    Moved {
        /// What it was in the older specification.
        from: String,
    },
    /// It is where it was.
    Kept,
}

/// What changes about one member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberChange {
    /// The member, as a dotted path: `order_meta.return_url`, `items[].id`, or `(body)` for the whole.
    pub path: String,
    /// What changes about it.
    pub what: What,
}

/// What changes about a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A new member.
    Added {
        /// Its type.
        kind: String,
        /// Whether it must be given.
        required: bool,
    },
    /// A member that is no more.
    Removed {
        /// The type it had.
        kind: String,
    },
    /// It may be left out no longer.
    NowRequired,
    /// It may be left out now.
    NowOptional,
    /// Another type.
    Retyped {
        /// The type it had.
        from: String,
        /// The type it has.
        to: String,
    },
    /// Other values.
    Values {
        /// New values.
        added: Vec<String>,
        /// Values that are no more.
        removed: Vec<String>,
    },
    /// Any value, where only some were listed.
    Opened {
        /// The values that were listed.
        were: Vec<String>,
    },
    /// Only some values, where any was taken.
    Closed {
        /// The values that are listed.
        to: Vec<String>,
    },
}

/// What changes from `old` to `new`, in the order of `new`; removed operations come last.
pub fn compare(old: &Value, new: &Value) -> Vec<Change> {
    let before = Operations::of(old);
    let after = Operations::of(new);
    let mut gone: Vec<&Operation<'_>> = before.0.iter().collect();
    let mut changes = Vec::new();
    for operation in &after.0 {
        let former = before.same_as(operation, &after);
        gone.retain(|o| former.is_none_or(|former| !std::ptr::eq(*o, former)));
        let Some(former) = former else {
            changes.push(Change::of(operation.subject(), Fate::Added));
            continue;
        };
        let moved = former.address() != operation.address();
        changes.push(Change {
            subject: operation.subject(),
            fate: if moved { Fate::Moved { from: former.address() } } else { Fate::Kept },
            request: members_changed(&former.request(old), &operation.request(new), true),
            response: members_changed(&former.response(old), &operation.response(new), false),
        });
    }
    changes.extend(gone.into_iter().map(|operation| Change::of(operation.subject(), Fate::Removed)));
    changes.extend(webhooks(old, new));
    changes.retain(|c| c.fate != Fate::Kept || !c.request.is_empty() || !c.response.is_empty());
    changes
}

impl Change {
    fn of(subject: Subject, fate: Fate) -> Self {
        Self { subject, fate, request: Vec::new(), response: Vec::new() }
    }
}

fn webhooks(old: &Value, new: &Value) -> Vec<Change> {
    let events = |spec: &Value| -> Vec<String> {
        spec["x-webhooks"].as_object().into_iter().flatten().map(|(event, _)| event.clone()).collect()
    };
    let (before, after) = (events(old), events(new));
    let mut changes = Vec::new();
    for event in &after {
        let mut change = Change::of(Subject::Webhook(event.clone()), Fate::Added);
        if before.contains(event) {
            let former = Members::of(old, &old["x-webhooks"][event]);
            let latter = Members::of(new, &new["x-webhooks"][event]);
            change.fate = Fate::Kept;
            change.response = members_changed(&former, &latter, false);
        }
        changes.push(change);
    }
    let gone = before.into_iter().filter(|event| !after.contains(event));
    changes.extend(gone.map(|event| Change::of(Subject::Webhook(event), Fate::Removed)));
    changes
}

/// One operation of a specification.
struct Operation<'a> {
    id: &'a str,
    method: &'static str,
    path: &'a str,
    operation: &'a Value,
}

struct Operations<'a>(Vec<Operation<'a>>);

impl<'a> Operations<'a> {
    fn of(spec: &'a Value) -> Self {
        let all = operations(spec).map(|(path, method, _, operation)| {
            let id = operation["operationId"].as_str().unwrap_or("");
            Operation { id, method, path, operation }
        });
        Self(all.collect())
    }

    /// The operation with the id of `later`, else the one in its place, unless that one has gone elsewhere.
    fn same_as(&self, later: &Operation<'_>, after: &Operations<'_>) -> Option<&Operation<'a>> {
        let by_id = self.0.iter().find(|o| o.id == later.id);
        by_id.or_else(|| {
            let in_place =
                self.0.iter().find(|o| o.method == later.method && shape(o.path) == shape(later.path))?;
            after.0.iter().all(|o| o.id != in_place.id).then_some(in_place)
        })
    }
}

impl Operation<'_> {
    fn subject(&self) -> Subject {
        let (id, method, path) = (self.id.to_owned(), self.method.to_uppercase(), self.path.to_owned());
        Subject::Operation { id, method, path }
    }

    /// Id, method and path, without the names of the path's parameters.
    fn address(&self) -> String {
        format!("{} {} {}", self.id, self.method.to_uppercase(), self.path)
    }

    /// Parameters and body. Headers that every call has are the client's concern.
    fn request(&self, spec: &Value) -> Members {
        let mut members = Members::default();
        for parameter in self.operation["parameters"].as_array().into_iter().flatten() {
            let Some(parameter) = resolve(spec, parameter) else { continue };
            let (place, name) =
                (parameter["in"].as_str().unwrap_or(""), parameter["name"].as_str().unwrap_or(""));
            if place == "header" && name.to_lowercase().starts_with("x-") {
                continue;
            }
            members.add(
                spec,
                &parameter["schema"],
                format!("{name} ({place})"),
                parameter["required"] == true,
                &mut Vec::new(),
            );
        }
        if let Some(body) = resolve(spec, &self.operation["requestBody"]) {
            members.body(spec, body);
        }
        members
    }

    /// The body of the first success status.
    fn response(&self, spec: &Value) -> Members {
        let mut members = Members::default();
        let mut statuses = self.operation["responses"].as_object().into_iter().flatten();
        let success = statuses.find(|(status, _)| status.starts_with('2'));
        if let Some(response) = success.and_then(|(_, response)| resolve(spec, response)) {
            members.body(spec, response);
        }
        members
    }
}

/// A path without the names of its parameters.
fn shape(path: &str) -> String {
    let segment = |s: &str| if s.contains('{') { "{}".to_owned() } else { s.to_owned() };
    path.split('/').map(segment).collect::<Vec<_>>().join("/")
}

/// What a body consists of, by dotted path.
#[derive(Default)]
struct Members(IndexMap<String, Member>);

struct Member {
    kind: String,
    required: bool,
    values: BTreeSet<String>,
}

impl Members {
    fn of(spec: &Value, schema: &Value) -> Self {
        let mut members = Self::default();
        members.add(spec, schema, String::new(), true, &mut Vec::new());
        members
    }

    fn body(&mut self, spec: &Value, body: &Value) {
        let content = body["content"].as_object();
        if let Some(schema) = content.and_then(|c| c.values().next()).and_then(|media| media.get("schema")) {
            self.add(spec, schema, String::new(), true, &mut Vec::new());
        }
    }

    /// Adds a schema at `path` and all that is in it. `outer` are the schemas it is in: one that is made of
    /// itself is not followed again.
    fn add<'a>(
        &mut self,
        spec: &'a Value,
        schema: &'a Value,
        path: String,
        required: bool,
        outer: &mut Vec<&'a Value>,
    ) {
        let Some(schema) = resolve(spec, schema) else { return };
        let member = self.0.entry(path.clone()).or_insert_with(|| Member {
            kind: kind_of(spec, schema, 0),
            required,
            values: BTreeSet::new(),
        });
        // Arms of a union, or parts of an `allOf`, may have a member in common.
        member.required |= required;
        self.inside(spec, schema, &path, outer, false);
    }

    /// Adds what a schema consists of to the member at `path`.
    fn inside<'a>(
        &mut self,
        spec: &'a Value,
        schema: &'a Value,
        path: &str,
        outer: &mut Vec<&'a Value>,
        in_union: bool,
    ) {
        if outer.iter().any(|o| std::ptr::eq(*o, schema)) {
            return;
        }
        outer.push(schema);
        if let Some(member) = self.0.get_mut(path) {
            let values = schema["enum"].as_array().into_iter().flatten();
            member.values.extend(values.map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned)));
        }
        let required = schema["required"].as_array();
        let join = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            let is_required = !in_union && required.is_some_and(|r| r.iter().any(|n| n == name));
            self.add(spec, property, join(name), is_required, outer);
        }
        if schema["items"].is_object() {
            self.add(spec, &schema["items"], format!("{path}[]"), false, outer);
        }
        if schema["additionalProperties"].is_object() {
            self.add(spec, &schema["additionalProperties"], join("*"), false, outer);
        }
        for union in ["allOf", "oneOf", "anyOf"] {
            for arm in schema[union].as_array().into_iter().flatten().filter_map(|arm| resolve(spec, arm)) {
                self.inside(spec, arm, path, outer, in_union || union != "allOf");
            }
        }
        outer.pop();
    }
}

/// A type in the words of a reader: `string`, `array of objects` …
fn kind_of(spec: &Value, schema: &Value, depth: usize) -> String {
    let Some(schema) = resolve(spec, schema).filter(|_| depth < 16) else { return "any".to_owned() };
    if let Some([only]) = schema["allOf"].as_array().map(Vec::as_slice) {
        return kind_of(spec, only, depth + 1);
    }
    for union in ["oneOf", "anyOf"] {
        if schema[union].is_array() {
            return "one of several".to_owned();
        }
    }
    match schema["type"].as_str() {
        Some("array") => format!("array of {}", kind_of(spec, &schema["items"], depth + 1)),
        Some("string") if schema["format"] == "binary" => "file".to_owned(),
        Some(kind) => kind.to_owned(),
        None if schema["properties"].is_object() || schema["allOf"].is_array() => "object".to_owned(),
        None => "any".to_owned(),
    }
}

/// What changes from one body to the other. Whatever is inside a member that comes, goes or is retyped goes
/// without saying.
fn members_changed(old: &Members, new: &Members, is_request: bool) -> Vec<MemberChange> {
    let mut changes: Vec<MemberChange> = Vec::new();
    let mut whole: Vec<String> = Vec::new();
    let mut push = |path: &str, what: What, ends_here: bool| {
        let inside = |outer: &String| {
            let rest = path.strip_prefix(outer.as_str());
            outer.is_empty() || rest.is_some_and(|r| r.is_empty() || r.starts_with('.') || r.starts_with('['))
        };
        if whole.iter().any(inside) {
            return;
        }
        if ends_here {
            whole.push(path.to_owned());
        }
        let path = if path.is_empty() { "(body)".to_owned() } else { path.to_owned() };
        changes.push(MemberChange { path, what });
    };
    for (path, member) in &new.0 {
        let kind = member.kind.clone();
        let Some(former) = old.0.get(path) else {
            push(path, What::Added { kind, required: is_request && member.required }, true);
            continue;
        };
        if former.kind != kind {
            push(path, What::Retyped { from: former.kind.clone(), to: kind }, true);
        }
        if is_request && former.required != member.required {
            push(path, if member.required { What::NowRequired } else { What::NowOptional }, false);
        }
        let added: Vec<_> = member.values.difference(&former.values).cloned().collect();
        let removed: Vec<_> = former.values.difference(&member.values).cloned().collect();
        if member.values.is_empty() && !removed.is_empty() {
            push(path, What::Opened { were: removed }, false);
        } else if former.values.is_empty() && !added.is_empty() {
            push(path, What::Closed { to: added }, false);
        } else if !added.is_empty() || !removed.is_empty() {
            push(path, What::Values { added, removed }, false);
        }
    }
    for (path, former) in &old.0 {
        if !new.0.contains_key(path) {
            push(path, What::Removed { kind: former.kind.clone() }, true);
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn spec(path: &str, id: &str, request: Value, response: Value) -> Value {
        json!({"paths": {path: {"post": {
            "operationId": id,
            "requestBody": {"content": {"application/json": {"schema": request}}},
            "responses": {"200": {"content": {"application/json": {"schema": response}}}},
        }}}})
    }

    fn object(properties: Value, required: &[&str]) -> Value {
        json!({"type": "object", "properties": properties, "required": required})
    }

    /// The changes of the request, as `path what`.
    fn request_changes(old: Value, new: Value) -> Vec<(String, What)> {
        let changes = compare(&spec("/a", "A", old, json!({})), &spec("/a", "A", new, json!({})));
        changes.into_iter().flat_map(|c| c.request).map(|c| (c.path, c.what)).collect()
    }

    #[test]
    fn nothing_changes_between_the_same() {
        let one = spec("/a", "A", object(json!({"b": {"type": "string"}}), &["b"]), json!({"type": "array"}));
        assert_eq!(compare(&one, &one), []);
    }

    #[test]
    fn operations_come_go_and_move() {
        let empty = json!({});
        let old = spec("/old", "A", empty.clone(), empty.clone());
        let moved = compare(&old, &spec("/new", "A", empty.clone(), empty.clone()));
        assert_eq!(moved[0].fate, Fate::Moved { from: "A POST /old".to_owned() });
        let renamed = compare(&old, &spec("/old", "B", empty.clone(), empty.clone()));
        assert_eq!(renamed[0].fate, Fate::Moved { from: "A POST /old".to_owned() });
        let replaced = compare(&old, &spec("/new", "B", empty.clone(), empty));
        let fates: Vec<_> = replaced.into_iter().map(|c| c.fate).collect();
        assert_eq!(fates, [Fate::Added, Fate::Removed]);
    }

    #[test]
    fn members_come_go_and_change_and_what_is_inside_them_is_not_repeated() {
        let old = object(
            json!({
                "id": {"type": "integer"},
                "gone": object(json!({"inner": {"type": "string"}}), &[]),
                "meta": object(json!({"url": {"type": "string"}, "kind": {"enum": ["a", "b"], "type": "string"}}), &[]),
                "free": {"type": "string"},
            }),
            &["free"],
        );
        let new = object(
            json!({
                "id": {"type": "string"},
                "meta": object(json!({"url": {"type": "string"}, "kind": {"enum": ["b", "c"], "type": "string"}}), &["url"]),
                "free": {"type": "string"},
                "fresh": {"type": "array", "items": object(json!({"x": {"type": "string"}}), &[])},
            }),
            &["fresh"],
        );
        let strings = |values: &[&str]| values.iter().map(|v| v.to_string()).collect::<Vec<_>>();
        assert_eq!(
            request_changes(old, new),
            [
                ("id".to_owned(), What::Retyped { from: "integer".to_owned(), to: "string".to_owned() }),
                ("meta.url".to_owned(), What::NowRequired),
                ("meta.kind".to_owned(), What::Values { added: strings(&["c"]), removed: strings(&["a"]) }),
                ("free".to_owned(), What::NowOptional),
                ("fresh".to_owned(), What::Added { kind: "array of object".to_owned(), required: true }),
                ("gone".to_owned(), What::Removed { kind: "object".to_owned() }),
            ]
        );
    }

    #[test]
    fn a_list_of_values_may_come_and_go() {
        let free = object(json!({"a": {"type": "string"}}), &[]);
        let listed = object(json!({"a": {"type": "string", "enum": ["x"]}}), &[]);
        let values = vec!["x".to_owned()];
        let opened = What::Opened { were: values.clone() };
        assert_eq!(request_changes(listed.clone(), free.clone()), [("a".to_owned(), opened)]);
        assert_eq!(request_changes(free, listed), [("a".to_owned(), What::Closed { to: values })]);
    }

    #[test]
    fn members_in_arms_of_unions_are_members() {
        let old = json!({"oneOf": [object(json!({"upi": {"type": "string"}}), &["upi"])]});
        let new = json!({"oneOf": [
            object(json!({"upi": {"type": "string"}}), &["upi"]), object(json!({"card": {"type": "string"}}), &["card"])
        ]});
        let added = What::Added { kind: "string".to_owned(), required: false };
        assert_eq!(request_changes(old, new), [("card".to_owned(), added)]);
    }

    #[test]
    fn webhooks_are_compared_too() {
        let old = json!({"paths": {}, "x-webhooks": {"PAID": object(json!({"a": {"type": "string"}}), &[]), "OLD": {}}});
        let new = json!({"paths": {}, "x-webhooks": {"PAID": object(json!({"a": {"type": "number"}}), &[])}});
        let changes = compare(&old, &new);
        assert_eq!(changes.len(), 2);
        assert_eq!(changes[0].subject, Subject::Webhook("PAID".to_owned()));
        assert_eq!(changes[0].response[0].path, "a");
        assert_eq!(changes[1].fate, Fate::Removed);
    }

    #[test]
    fn circles_end() {
        let mut circle = spec("/a", "A", json!({"$ref": "#/components/schemas/A"}), json!({}));
        assert_eq!(compare(&circle, &circle), [], "a reference to nothing");
        circle["components"] =
            json!({"schemas": {"A": object(json!({"a": {"$ref": "#/components/schemas/A"}}), &[])}});
        assert_eq!(compare(&circle, &circle), []);
    }
}
