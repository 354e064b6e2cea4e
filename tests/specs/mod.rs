//! The specifications as tables for tests of the whole API: what is checked comes from the document, not from
//! what was generated from it.
// Each test uses its part of it.
#![allow(dead_code, unreachable_pub)]

use std::path::Path;
use std::sync::LazyLock;

use cashfree_codegen::spec::{self, resolve};
use cashfree_codegen::vocabulary::{Kind, kind};
use serde_json::{Map, Value, json};

/// The specification of every API version and every product.
pub static ALL: LazyLock<Vec<Spec>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi");
    let files = |folder| std::fs::read_dir(folder).expect("a folder of specifications");
    let files = files(folder.join("products")).chain(files(folder));
    let mut specs: Vec<Spec> = files
        .map(|file| file.expect("a file").path())
        .filter(|file| file.extension().is_some_and(|extension| extension == "yaml"))
        .map(|file| {
            let name = file.file_stem().and_then(|name| name.to_str()).expect("a name");
            let version =
                name.strip_prefix('v').filter(|date| date.starts_with('2')).unwrap_or(name).to_owned();
            Spec { version, document: spec::load(&file).expect("a specification") }
        })
        .collect();
    specs.sort_by(|a, b| a.version.cmp(&b.version));
    assert!(!specs.is_empty());
    specs
});

/// Headers that no argument is made of.
const COMMON_HEADERS: [&str; 3] = ["x-api-version", "x-request-id", "x-idempotency-key"];

/// The same with the faults of the published documents mended, as the generator reads them.
pub static MENDED: LazyLock<Vec<Spec>> = LazyLock::new(|| {
    let mended = ALL.iter().map(|spec| {
        let mut document = spec.document.clone();
        assert_eq!(cashfree_codegen::fixups::apply(&mut document, &spec.version), [], "every fixup mends");
        Spec { version: spec.version.clone(), document }
    });
    mended.collect()
});

pub struct Spec {
    /// A date, or the name of a product.
    pub version: String,
    pub document: Value,
}

/// An operation as the document has it.
#[derive(Clone, Copy)]
pub struct Operation<'a> {
    pub spec: &'a Spec,
    pub path: &'a str,
    pub method: &'a str,
    pub value: &'a Value,
}

impl Spec {
    pub fn is_product(&self) -> bool {
        self.document["x-product"].is_string()
    }

    pub fn operations(&self) -> Vec<Operation<'_>> {
        spec::operations(&self.document)
            .map(|(path, method, _, value)| Operation { spec: self, path, method, value })
            .collect()
    }

    pub fn operation(&self, id: &str) -> Operation<'_> {
        self.operations().into_iter().find(|o| o.id() == id).unwrap_or_else(|| panic!("no {id}"))
    }

    /// What a reference leads to.
    pub fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        resolve(&self.document, schema).expect("a reference that leads somewhere")
    }

    /// Event types and their schemas.
    pub fn events(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.document["x-webhooks"].as_object().into_iter().flatten().map(|(name, s)| (name.as_str(), s))
    }

    /// A value with every member of a schema, each within its limits.
    pub fn sample(&self, schema: &Value) -> Value {
        self.sample_of(schema, "value", 0)
    }

    /// The example of a body, or where a document comes without one, what a sample of its schema is.
    pub fn example_or_sample(&self, schema: &Value, example: &Value) -> Value {
        if example.is_null() { self.sample(schema) } else { example.clone() }
    }

    fn sample_of(&self, schema: &Value, name: &str, depth: usize) -> Value {
        let schema = self.resolve(schema);
        if let Some(first) = schema["enum"].as_array().and_then(|values| values.first()) {
            return first.clone();
        }
        if let Some(arm) = ["oneOf", "anyOf"].iter().find_map(|union| schema[*union].as_array()?.first()) {
            return self.sample_of(arm, name, depth);
        }
        if depth > 8 {
            return Value::Null;
        }
        if let Some(parts) = schema["allOf"].as_array() {
            // Parts of one object, or one part that is described here.
            let mut whole = Map::new();
            for part in parts {
                match self.sample_of(part, name, depth) {
                    Value::Object(members) => whole.extend(members),
                    other => return other,
                }
            }
            return Value::Object(whole);
        }
        match schema["type"].as_str() {
            Some("string") => Value::String(text(schema, name)),
            Some("integer") => match schema["pattern"].as_str() {
                Some(_) => json!(3044),
                None => json!(schema["minimum"].as_i64().unwrap_or(7)),
            },
            Some("number") => json!(schema["minimum"].as_f64().unwrap_or_default() + 10.25),
            Some("boolean") => json!(true),
            Some("array") => json!([self.sample_of(&schema["items"], name, depth + 1)]),
            // Money of which the document says no more than its name.
            None if kind(name, "number") == Some(Kind::Amount) => json!(10.25),
            _ => {
                let mut object = Map::new();
                for (member, schema) in schema["properties"].as_object().into_iter().flatten() {
                    object.insert(member.clone(), self.sample_of(schema, member, depth + 1));
                }
                if schema["additionalProperties"].is_object() {
                    let value = self.sample_of(&schema["additionalProperties"], name, depth + 1);
                    object.insert("any_name".to_owned(), value);
                }
                Value::Object(object)
            }
        }
    }
}

/// Text that says which member it belongs to, where the limits allow that.
fn text(schema: &Value, name: &str) -> String {
    match (schema["pattern"].as_str(), schema["format"].as_str()) {
        (Some("^[A-Z]{5}$"), _) => return "HDFCR".to_owned(),
        (Some(pattern), _) => panic!("no sample for the pattern {pattern}"),
        (None, Some("date-time")) => return "2025-01-15T12:20:29+05:30".to_owned(),
        (None, Some("date")) => return "2025-01-15".to_owned(),
        // An amount that a version declares as text.
        _ if kind(name, "string") == Some(Kind::Amount) => return "10.25".to_owned(),
        _ => {}
    }
    let least = schema["minLength"].as_u64().unwrap_or_default() as usize;
    let most = schema["maxLength"].as_u64().unwrap_or(u64::MAX).min(200) as usize;
    let mut text = format!("a {name}");
    while text.chars().count() < least {
        text.push('x');
    }
    text.chars().take(most).collect()
}

impl<'a> Operation<'a> {
    pub fn id(&self) -> &'a str {
        self.value["operationId"].as_str().expect("an operation id")
    }

    /// The media type, schema and example of the request's body.
    pub fn request(&self) -> Option<(&'a str, &'a Value, &'a Value)> {
        let content = self.value.pointer("/requestBody/content")?.as_object()?;
        let (media, entry) = content.iter().next()?;
        Some((media, &entry["schema"], &entry["example"]))
    }

    /// The status and schema of the successful answer.
    pub fn success(&self) -> (u16, Option<&'a Value>) {
        let responses = self.value["responses"].as_object().expect("answers");
        let (status, answer) =
            responses.iter().find(|(status, _)| status.starts_with('2')).expect("a success");
        (
            status.parse().expect("a status"),
            self.spec.resolve(answer).pointer("/content/application~1json/schema"),
        )
    }

    /// The parameters of a place: name, schema and whether it must be given.
    pub fn parameters(&self, place: &str) -> Vec<(&'a str, &'a Value, bool)> {
        let list = self.value["parameters"].as_array().into_iter().flatten();
        list.map(|parameter| self.spec.resolve(parameter))
            .filter(|parameter| parameter["in"] == place)
            .filter(|p| !COMMON_HEADERS.contains(&p["name"].as_str().unwrap_or_default()))
            .map(|p| {
                (p["name"].as_str().expect("a name"), &p["schema"], place == "path" || p["required"] == true)
            })
            .collect()
    }

    /// The first header of that name, common or not.
    pub fn header(&self, name: &str) -> Option<&'a Value> {
        let list = self.value["parameters"].as_array().into_iter().flatten();
        list.map(|parameter| self.spec.resolve(parameter)).find(|p| p["in"] == "header" && p["name"] == name)
    }

    /// The version that a request asks for, if it asks for one.
    pub fn api_version(&self) -> Option<&'a str> {
        if self.spec.is_product() {
            return self.header("x-api-version")?["schema"]["default"].as_str();
        }
        Some(&self.spec.version)
    }

    /// Whether Cashfree knows idempotency keys for it.
    pub fn is_keyed(&self) -> bool {
        !self.spec.is_product() || self.header("x-idempotency-key").is_some()
    }

    /// The headers that say who calls, by the first of the ways that the document allows.
    pub fn credentials(&self) -> Vec<&'a str> {
        let document = &self.spec.document;
        let security = self.value.get("security").or_else(|| document.get("security"));
        let first = security.and_then(|list| list.as_array()?.first()?.as_object());
        let names = first.into_iter().flat_map(|requirement| requirement.keys());
        let schemes = names.map(|name| self.spec.resolve(&document["components"]["securitySchemes"][name]));
        schemes.map(|scheme| scheme["name"].as_str().unwrap_or("authorization")).collect()
    }
}

/// The first path at which two JSON values differ: numbers by value, null the same as absent.
pub fn difference(before: &Value, after: &Value) -> Option<String> {
    differs(before, after, "$")
}

fn differs(before: &Value, after: &Value, path: &str) -> Option<String> {
    match (before, after) {
        (Value::Object(a), Value::Object(b)) => {
            a.keys().chain(b.keys().filter(|name| !a.contains_key(*name))).find_map(|name| {
                let value = |map: &Map<String, Value>| map.get(name).cloned().unwrap_or_default();
                differs(&value(a), &value(b), &format!("{path}.{name}"))
            })
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().find_map(|(i, (a, b))| differs(a, b, &format!("{path}[{i}]")))
        }
        (Value::Number(a), Value::Number(b)) if a.as_f64() == b.as_f64() => None,
        (a, b) => (a != b).then(|| format!("{path}: {a} became {b}")),
    }
}

/// The value at a path of member names and item indexes.
pub fn at_mut<'a>(value: &'a mut Value, path: &[Step]) -> &'a mut Value {
    path.iter().fold(value, |value, step| match step {
        Step::Member(name) => &mut value[name.as_str()],
        Step::Item(index) => &mut value[*index],
    })
}

/// One step into a JSON value.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    Member(String),
    Item(usize),
}

/// A path as the crate writes it: `a.b[0].c`.
pub fn dotted(path: &[Step]) -> String {
    let steps = path.iter().map(|step| match step {
        Step::Member(name) => format!(".{name}"),
        Step::Item(index) => format!("[{index}]"),
    });
    steps.collect::<String>().trim_start_matches('.').to_owned()
}
