//! A body for every event type of every version, made from its schema with values of our own.
//!
//! From the schema and not by hand, so that an event or a member that a specification gains is in the tests
//! by itself.
// Each test uses its part of it.
#![allow(dead_code, unreachable_pub)]

use std::path::PathBuf;
use std::sync::LazyLock;

use cashfree_codegen::spec::{load, reference, schemas};
use serde_json::{Map, Value, json};

/// The body of one event.
#[derive(Debug, Clone)]
pub struct Sample {
    pub version: String,
    pub event_type: String,
    /// The schema of the body: `PaymentEvent`.
    pub schema: String,
    pub body: Value,
}

impl Sample {
    pub fn text(&self) -> String {
        self.body.to_string()
    }

    /// The text or number at a JSON pointer, as text.
    pub fn at(&self, pointer: &str) -> Option<String> {
        match self.body.pointer(pointer)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    /// The same with another value at `pointer`, which must be there.
    #[must_use]
    pub fn with(mut self, pointer: &str, value: impl Into<Value>) -> Self {
        match self.body.pointer_mut(pointer) {
            Some(member) => *member = value.into(),
            None => panic!("{} {} has no {pointer}", self.version, self.event_type),
        }
        self
    }
}

/// The specifications by version, oldest first. Read once: YAML is slow without optimisation.
static SPECS: LazyLock<Vec<(String, Value)>> = LazyLock::new(|| {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("openapi");
    let files = |folder| std::fs::read_dir(folder).expect("a folder of specifications");
    let mut specs: Vec<(String, Value)> = files(folder.join("products"))
        .chain(files(folder))
        .filter_map(|entry| {
            let file = entry.expect("a file").path();
            let name = file.file_name()?.to_str()?.strip_suffix(".yaml")?;
            let version = name.strip_prefix('v').filter(|date| is_date(date)).unwrap_or(name).to_owned();
            Some((version, load(&file).expect("a specification")))
        })
        .collect();
    specs.sort_by(|(one, _), (other, _)| one.cmp(other));
    specs
});

/// The versions there is a specification of, oldest first.
pub fn versions() -> impl Iterator<Item = &'static str> {
    SPECS.iter().map(|(version, _)| version.as_str()).filter(|name| is_date(name))
}

/// Whether a name is a version's, and no product's.
fn is_date(name: &str) -> bool {
    name.starts_with("20")
}

/// One body for each event type of a version or a product. Where a body holds one of several things, `arm` says which, so
/// that counting it up shows them all. No two bodies have an id in common.
pub fn samples(version: &str, arm: usize) -> Vec<Sample> {
    let (_, spec) = SPECS.iter().find(|(known, _)| known == version).expect("a specification");
    let events = spec["x-webhooks"].as_object().into_iter().flatten();
    let sample = |(index, (event_type, schema)): (usize, (&String, &Value))| {
        let year: u64 = version.get(..4).and_then(|year| year.parse().ok()).unwrap_or(1900);
        let salt = (year * 100 + index as u64) * 100 + arm as u64;
        let mut maker = Maker { spec, event_type, salt, count: 0, arm };
        let body = maker.value(schema, "", 0);
        let schema = reference(schema).expect("a schema of its own").to_owned();
        Sample { version: version.to_owned(), event_type: event_type.clone(), schema, body }
    };
    events.enumerate().map(sample).collect()
}

struct Maker<'a> {
    spec: &'a Value,
    event_type: &'a str,
    salt: u64,
    count: u64,
    arm: usize,
}

impl Maker<'_> {
    fn value(&mut self, schema: &Value, name: &str, depth: usize) -> Value {
        assert!(depth < 30, "{name} never ends");
        if let Some(target) = reference(schema) {
            let schema =
                schemas(self.spec).and_then(|all| all.get(target)).expect("what is referred to").clone();
            return self.value(&schema, name, depth);
        }
        if let Some([only]) = schema["allOf"].as_array().map(Vec::as_slice) {
            return self.value(&only.clone(), name, depth);
        }
        for union in ["oneOf", "anyOf"] {
            if let Some(arms) = schema[union].as_array() {
                return self.value(&arms[self.arm % arms.len()].clone(), name, depth + 1);
            }
        }
        if let Some(values) = schema["enum"].as_array() {
            return values[0].clone();
        }
        self.count += 1;
        let number = self.salt * 1000 + self.count;
        match schema["type"].as_str() {
            Some("object") => {
                let mut object = Map::new();
                for (name, member) in schema["properties"].as_object().into_iter().flatten() {
                    let value = if depth == 0 && ["type", "event"].contains(&name.as_str()) {
                        Value::from(self.event_type)
                    } else {
                        self.value(member, name, depth + 1)
                    };
                    object.insert(name.clone(), value);
                }
                if object.is_empty() {
                    object.insert("free".to_owned(), Value::from(format!("form_{number}")));
                }
                Value::Object(object)
            }
            Some("array") => {
                let items = &schema["items"];
                json!([self.value(items, name, depth + 1), self.value(items, name, depth + 1)])
            }
            Some("boolean") => json!(number.is_multiple_of(2)),
            Some("integer") => json!(number),
            // A fraction that a binary float holds exactly: `Value` compares floats.
            Some("number") => json!(number as f64 + 0.25),
            Some("string") => Value::String(self.text(name, number)),
            _ => json!({ "free": [number, "form"] }),
        }
    }

    fn text(&self, name: &str, number: u64) -> String {
        let lower = name.to_lowercase();
        let ends = |ends: &[&str]| ends.iter().any(|end| lower.ends_with(end));
        if lower.contains("amount") {
            format!("{number}.50")
        } else if ends(&["time", "date", "_at", "_on", "addedon", "_by", "_from", "_till", "_expiry"]) {
            format!("2025-01-15T12:20:{:02}+05:30", number % 60)
        } else if ends(&["status"]) {
            "SUCCESS".to_owned()
        } else if ends(&["currency"]) {
            "INR".to_owned()
        } else {
            format!("{name}_{number}")
        }
    }
}
