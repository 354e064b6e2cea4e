//! A specification as a JSON value, and the few ways in which every rule looks at it.

use std::cell::RefCell;
use std::fmt;
use std::path::Path;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::error::{Fault, SpecError};

/// The HTTP methods that a client is made for. OpenAPI knows three more: see [`OTHER_METHODS`].
pub const METHODS: [&str; 5] = ["get", "put", "post", "delete", "patch"];

/// The methods of OpenAPI for which nothing is generated: what they answer is in headers.
pub const OTHER_METHODS: [&str; 3] = ["head", "options", "trace"];

/// Reads a specification, YAML or JSON.
///
/// # Errors
/// Where the file cannot be read, is neither YAML nor JSON, says a thing twice, or is no OpenAPI 3.0.
pub fn load(file: &Path) -> Result<Value, SpecError> {
    let refuse = |reason: String| Fault::new("", reason).in_file(file);
    let text = std::fs::read_to_string(file).map_err(|e| refuse(e.to_string()))?;
    parse(&text).map_err(|fault| fault.in_file(file))
}

/// Parses a specification; JSON is YAML, so one parser reads both.
///
/// # Errors
/// Where the text is neither, says a thing twice, or is no OpenAPI 3.0 document.
pub fn parse(text: &str) -> Result<Value, Fault> {
    let twice = RefCell::new(None);
    let seed = Strict { at: String::new(), fault: &twice };
    let read = seed.deserialize(yaml_serde::Deserializer::from_str(text));
    let spec = read.map_err(|e| twice.take().unwrap_or_else(|| Fault::new("", e.to_string())))?;
    expect_openapi(&spec)?;
    Ok(spec)
}

/// A JSON value in which no key comes twice: whoever reads on keeps one of the two and loses the other.
struct Strict<'a> {
    at: String,
    fault: &'a RefCell<Option<Fault>>,
}

impl Strict<'_> {
    fn inner(&self, key: &str) -> Self {
        Self { at: format!("{}/{}", self.at, token(key)), fault: self.fault }
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value that JSON has too")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    /// Beyond 64 bits only examples and bounds are, for which a float is near enough.
    fn visit_i128<E: serde::de::Error>(self, value: i128) -> Result<Value, E> {
        self.visit_f64(value as f64)
    }

    fn visit_u128<E: serde::de::Error>(self, value: u128) -> Result<Value, E> {
        self.visit_f64(value as f64)
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("a number that JSON does not have"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self.inner(&list.len().to_string()))? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(Key(key)) = members.next_key()? {
            let inner = self.inner(&key);
            let reason = match key.as_str() {
                "<<" => "YAML's merge key is not read: write the members out",
                _ if map.contains_key(&key) => "stands here twice",
                _ => {
                    let value = members.next_value_seed(inner)?;
                    map.insert(key, value);
                    continue;
                }
            };
            self.fault.replace(Some(Fault::new(inner.at, reason)));
            return Err(A::Error::custom(reason));
        }
        Ok(Value::Object(map))
    }
}

/// A key as text: YAML takes the status `200` for a number.
struct Key(String);

impl<'de> serde::Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let fault = RefCell::new(None);
        match (Strict { at: String::new(), fault: &fault }).deserialize(deserializer)? {
            Value::String(key) => Ok(Self(key)),
            Value::Array(_) | Value::Object(_) => Err(D::Error::custom("a key that is no text")),
            key => Ok(Self(key.to_string())),
        }
    }
}

/// Refuses what is no OpenAPI 3.0 document.
///
/// # Errors
/// Where the version or the paths are missing.
pub fn expect_openapi(spec: &Value) -> Result<(), Fault> {
    match spec.get("openapi").and_then(Value::as_str) {
        Some(version) if version.starts_with("3.0") => {}
        Some(version) => return Err(Fault::new("/openapi", format!("expected 3.0.x, found {version}"))),
        None => return Err(Fault::new("/openapi", "expected an OpenAPI 3.0 document, found no version")),
    }
    if !spec.get("paths").is_some_and(Value::is_object) {
        return Err(Fault::new("/paths", "expected an object of paths"));
    }
    for part in ["/components", "/components/schemas"] {
        if spec.pointer(part).is_some_and(|part| !part.is_object()) {
            return Err(Fault::new(part, "expected an object"));
        }
    }
    Ok(())
}

/// One reference token of a JSON pointer, escaped.
pub fn token(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// The pointer of a component schema.
pub fn component(name: &str) -> String {
    format!("/components/schemas/{}", token(name))
}

/// The name that a `$ref` to a component schema ends in.
pub fn reference(schema: &Value) -> Option<&str> {
    schema.get("$ref").and_then(Value::as_str).and_then(|r| r.strip_prefix("#/components/schemas/"))
}

/// A `$ref` to the component schema `name`.
pub fn refer_to(name: &str) -> Value {
    serde_json::json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// Follows `$ref`s to what they stand for; `None` where one leads nowhere, or in a circle.
pub fn resolve<'a>(spec: &'a Value, node: &'a Value) -> Option<&'a Value> {
    let mut node = node;
    for _ in 0..32 {
        match node.get("$ref").and_then(Value::as_str) {
            Some(target) => node = target_of(spec, target)?,
            None => return Some(node),
        }
    }
    None
}

/// What a local `$ref` such as `#/components/schemas/Order` points to.
pub fn target_of<'a>(spec: &'a Value, target: &str) -> Option<&'a Value> {
    spec.pointer(&target.strip_prefix('#')?.replace("%7B", "{").replace("%7D", "}"))
}

/// The component schemas.
pub fn schemas(spec: &Value) -> Option<&Map<String, Value>> {
    spec.pointer("/components/schemas").and_then(Value::as_object)
}

/// The component schemas, made if there are none.
pub fn schemas_mut(spec: &mut Value) -> &mut Map<String, Value> {
    let object = |value: &mut Value| {
        if !value.is_object() {
            *value = Value::Object(Map::new());
        }
    };
    object(&mut spec["components"]);
    object(&mut spec["components"]["schemas"]);
    match &mut spec["components"]["schemas"] {
        Value::Object(map) => map,
        _ => unreachable!("made an object above"),
    }
}

/// Every operation with its path, method and JSON pointer, in the order of the document.
pub fn operations(spec: &Value) -> impl Iterator<Item = (&str, &'static str, String, &Value)> {
    spec["paths"].as_object().into_iter().flatten().flat_map(|(path, item)| {
        METHODS.into_iter().filter_map(move |method| {
            let operation = item.get(method)?;
            Some((path.as_str(), method, format!("/paths/{}/{method}", token(path)), operation))
        })
    })
}

/// Every operation, to change.
pub fn operations_mut(spec: &mut Value) -> impl Iterator<Item = (&str, &'static str, &mut Value)> {
    let paths = spec.get_mut("paths").and_then(Value::as_object_mut);
    paths.into_iter().flatten().flat_map(|(path, item)| {
        item.as_object_mut().into_iter().flatten().filter_map(move |(key, operation)| {
            let method = METHODS.into_iter().find(|m| m == key)?;
            Some((path.as_str(), method, operation))
        })
    })
}

/// A text of an object, without the blanks around it; empty where there is none.
pub fn text(node: &Value, word: &str) -> String {
    node[word].as_str().unwrap_or_default().trim().to_owned()
}

/// The members of a list or the values of an object's list member; nothing where it is no list.
pub fn list<'a>(node: &'a Value, word: &str) -> impl Iterator<Item = &'a Value> {
    node[word].as_array().into_iter().flatten()
}

/// The members of an object member; nothing where it is no object.
pub fn map<'a>(node: &'a Value, word: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    node[word].as_object().into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yaml_and_json_are_read_alike() {
        let yaml =
            parse("openapi: 3.0.3\npaths: {}\ninfo: {version: 2025-01-01, flag: no, 200: 1.5}").unwrap();
        let json =
            parse(r#"{"openapi":"3.0.3","paths":{},"info":{"version":"2025-01-01","flag":"no","200":1.5}}"#);
        assert_eq!(yaml, json.unwrap(), "a date or `no` stays text, as YAML 1.2 says");
    }

    #[test]
    fn a_number_of_any_size_is_read() {
        for number in
            ["18446744073709551616", "-9223372036854775809", "123456789012345678901234567890123456789012345"]
        {
            let spec = parse(&format!("{{openapi: 3.0.3, paths: {{}}, x: {number}}}"));
            assert_eq!(spec.unwrap()["x"].as_f64(), number.parse().ok(), "{number}");
        }
    }

    #[test]
    fn what_is_no_openapi_3_0_is_refused_with_its_place() {
        for (text, pointer) in [
            ("openapi: [", ""),
            ("just text", "/openapi"),
            ("swagger: '2.0'", "/openapi"),
            ("{openapi: 3.1.0, paths: {}}", "/openapi"),
            ("{openapi: 3.0.3}", "/paths"),
            ("{openapi: 3.0.3, paths: []}", "/paths"),
            ("{openapi: 3.0.3, paths: {}, components: {schemas: []}}", "/components/schemas"),
            ("{openapi: 3.0.3, paths: {/a: {get: {x: 1}}, /a: {post: {}}}}", "/paths/~1a"),
            ("{openapi: 3.0.3, paths: {}, x: [{}, {b: 1, b: 1}]}", "/x/1/b"),
            ("{openapi: 3.0.3, paths: {}, b: &b {c: 1}, x: {<<: *b}}", "/x/<<"),
            ("{openapi: 3.0.3, paths: {}, x: .nan}", ""),
        ] {
            let fault = parse(text).unwrap_err();
            assert_eq!(fault.pointer, pointer, "{text}: {}", fault.reason);
        }
    }

    #[test]
    fn a_file_that_is_not_there_is_named() {
        let error = load(Path::new("/no/such/file.yaml")).unwrap_err();
        assert!(error.to_string().starts_with("/no/such/file.yaml: "), "{error}");
    }

    #[test]
    fn circles_of_references_end() {
        let spec = serde_json::json!({"components": {"schemas": {"A": {"$ref": "#/components/schemas/A"}}}});
        assert_eq!(resolve(&spec, &spec["components"]["schemas"]["A"]), None);
    }
}
