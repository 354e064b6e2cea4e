//! The API as its specs describe it: routes, request schemas and answer schemas.
//!
//! Everything version-specific in the sandbox is read from here, which is why a new version is a new YAML
//! file and nothing else.

pub(crate) mod example;
pub(crate) mod quirks;
pub(crate) mod shape;
pub(crate) mod validate;

use std::collections::HashMap;
use std::sync::OnceLock;

use regex_lite::Regex;
use serde_json::{Value, json};

/// Version and document of every spec in `openapi/`, oldest first.
const EMBEDDED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/specs.rs"));

/// Name and document of every product's spec in `openapi/products/`.
const PRODUCTS: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/products.rs"));

/// The same of the API that came before all versions, which takes forms.
const FIRST: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/first.rs"));

/// What can be simulated in the test environment though no version lists it.
const SIMULATED: [&str; 2] = ["SUBS_EXECUTION", "SUBS_RESCHEDULE"];

/// One API version, or one product.
#[derive(Debug)]
pub(crate) struct Spec {
    /// A date, or the name of a product.
    pub(crate) version: &'static str,
    pub(crate) operations: Vec<Operation>,
    /// Every pattern of the document, compiled once.
    patterns: HashMap<String, Regex>,
    document: Value,
}

/// One operation of a version.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) method: String,
    pub(crate) path: String,
    /// No credentials: the payment session in the body is the credential.
    pub(crate) public: bool,
    /// The headers that say who calls, by each of the ways that a product allows; none for the API, where an
    /// account has four.
    pub(crate) credentials: Vec<Vec<String>>,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) request: Option<RequestBody>,
    pub(crate) status: u16,
    /// Every status that it declares.
    pub(crate) statuses: Vec<u16>,
    pub(crate) answer: Option<Value>,
}

/// A path or query parameter.
#[derive(Debug)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) in_query: bool,
    pub(crate) required: bool,
    pub(crate) schema: Value,
}

/// What an operation takes as its body.
#[derive(Debug)]
pub(crate) struct RequestBody {
    pub(crate) multipart: bool,
    /// Names and values, as a browser sends a form.
    pub(crate) form: bool,
    pub(crate) schema: Value,
}

/// The versions this sandbox speaks, oldest first.
pub(crate) fn versions() -> impl DoubleEndedIterator<Item = &'static str> {
    EMBEDDED.iter().map(|(version, _)| *version)
}

/// The newest version this sandbox speaks.
pub(crate) fn newest() -> &'static str {
    versions().next_back().unwrap_or("")
}

/// The spec of `version`.
pub(crate) fn find(version: &str) -> Option<&'static Spec> {
    versions().any(|known| known == version).then(|| document(version)).flatten()
}

/// What hangs below the host: the products, in the order of their names, and the first API.
pub(crate) fn products() -> impl Iterator<Item = &'static Spec> {
    PRODUCTS.iter().chain(FIRST).filter_map(|(name, _)| document(name))
}

/// The spec of a version or a product, read on first use.
pub(crate) fn document(name: &str) -> Option<&'static Spec> {
    static SPECS: OnceLock<Vec<OnceLock<Option<Spec>>>> = OnceLock::new();
    let all = || EMBEDDED.iter().chain(PRODUCTS).chain(FIRST);
    let specs = SPECS.get_or_init(|| all().map(|_| OnceLock::new()).collect());
    let (at, (name, text)) = all().enumerate().find(|(_, (known, _))| *known == name)?;
    specs[at]
        .get_or_init(|| serde_json::from_str(text).ok().map(|document| Spec::read(name, document)))
        .as_ref()
}

impl Spec {
    #[cfg(test)]
    fn answer_of(&self, operation: &str) -> &Value {
        let found = self.operations.iter().find(|one| one.id == operation);
        found.and_then(|one| one.answer.as_ref()).expect("has an answer")
    }

    fn read(version: &'static str, mut document: Value) -> Self {
        let entities = document.pointer_mut("/components/schemas/SimulateRequest/properties/entity/enum");
        if let Some(Value::Array(entities)) = entities {
            entities.extend(SIMULATED.map(Value::from));
        }
        let mut patterns = HashMap::new();
        collect_patterns(&document, &mut patterns);
        let mut spec = Self { version, operations: Vec::new(), patterns, document };
        let mut operations = Vec::new();
        for (path, item) in members(&spec.document["paths"]) {
            for (method, definition) in members(item) {
                if definition.get("operationId").is_some() {
                    operations.push(spec.operation(path, method, item, definition));
                }
            }
        }
        // Literal segments win over parameters: `/orders/sessions` is no order id.
        operations.sort_by_key(|operation| operation.path.matches('{').count());
        spec.operations = operations;
        spec
    }

    fn operation(&self, path: &str, method: &str, item: &Value, definition: &Value) -> Operation {
        let parameters = [item, definition].into_iter().flat_map(|level| items(&level["parameters"]));
        let parameters = parameters.map(|parameter| self.resolve(parameter)).filter_map(|parameter| {
            let place = parameter["in"].as_str()?;
            (place != "header").then(|| Parameter {
                name: text(&parameter["name"]),
                in_query: place == "query",
                required: parameter["required"] == true,
                schema: parameter["schema"].clone(),
            })
        });
        let content = &self.resolve(&definition["requestBody"])["content"];
        let request = members(content).next().map(|(media, body)| RequestBody {
            multipart: media.starts_with("multipart/"),
            form: media.ends_with("form-urlencoded"),
            schema: body["schema"].clone(),
        });
        let success = members(&definition["responses"]).find(|(status, _)| status.starts_with('2'));
        let answer = success.and_then(|(_, answer)| {
            let (_, content) = members(&self.resolve(answer)["content"]).next()?;
            Some(content["schema"].clone())
        });
        let id = text(&definition["operationId"]);
        let is_product = !EMBEDDED.iter().any(|(version, _)| *version == self.version);
        let security =
            definition.get("security").or_else(|| self.document.get("security").filter(|_| is_product));
        let answer = answer.map(|schema| self.mend(&id, schema));
        Operation {
            id,
            method: method.to_ascii_uppercase(),
            path: path.to_owned(),
            public: security.and_then(Value::as_array).is_some_and(Vec::is_empty),
            credentials: security
                .map(|ways| self.credentials(ways))
                .filter(|_| is_product)
                .unwrap_or_default(),
            parameters: parameters.collect(),
            request,
            status: success.and_then(|(status, _)| status.parse().ok()).unwrap_or(200),
            statuses: members(&definition["responses"])
                .filter_map(|(status, _)| status.parse().ok())
                .collect(),
            answer,
        }
    }

    /// The headers of each way to say who calls.
    fn credentials(&self, ways: &Value) -> Vec<Vec<String>> {
        let header = |scheme: &String| {
            let scheme = &self.document["components"]["securitySchemes"][scheme];
            scheme["name"].as_str().unwrap_or("authorization").to_ascii_lowercase()
        };
        items(ways).map(|way| members(way).map(|(scheme, _)| header(scheme)).collect()).collect()
    }

    /// `POST /settlements` takes a page's limit and cursor, and answers a page: 2023-08-01 says so, the others
    /// declare a single settlement.
    ///
    /// One Escrow declares the frame that refusals have, without the `data` that it describes beside.
    fn mend(&self, operation: &str, answer: Value) -> Value {
        let escrow =
            ["createVirtualAccount", "get-v1-fundsources-paymentInstrumentId", "post-v1-2-internalTransfer"];
        if escrow.contains(&operation) {
            let mut frame = self.resolve(&answer).clone();
            frame["properties"]["data"] = json!({ "type": "object" });
            return frame;
        }
        if operation != "PGFetchSettlements" || !self.resolve(&answer)["properties"]["cursor"].is_null() {
            return answer;
        }
        json!({ "type": "object", "properties": {
            "cursor": { "type": "string", "nullable": true },
            "limit": { "type": "integer" },
            "data": { "type": "array", "items": answer },
        }})
    }

    /// The compiled form of a pattern of the document.
    pub(crate) fn pattern(&self, pattern: &str) -> Option<&Regex> {
        self.patterns.get(pattern)
    }

    /// The types of the events of this version, with the schema of their bodies.
    pub(crate) fn events(&self) -> impl Iterator<Item = (&String, &Value)> {
        members(&self.document["x-webhooks"])
    }

    /// The schema of an event's body.
    pub(crate) fn event(&self, kind: &str) -> Option<&Value> {
        self.document["x-webhooks"].get(kind)
    }

    /// Follows `$ref` until there is none, and `allOf` of one: how a reference gets a description of its own.
    pub(crate) fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        let mut schema = schema;
        loop {
            let reference = schema["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
            let next = match (reference, schema["allOf"].as_array().map(Vec::as_slice)) {
                (Some(pointer), _) => self.document.pointer(pointer),
                (None, Some([only])) => Some(only),
                (None, _) => None,
            };
            match next {
                Some(next) => schema = next,
                None => return schema,
            }
        }
    }

    /// The operation that `method` and `path` (below `/pg`) reach, with the path's values by name.
    pub(crate) fn route(&self, method: &str, path: &str) -> Option<(&Operation, Vec<(String, String)>)> {
        self.operations
            .iter()
            .filter(|operation| operation.method == method)
            .find_map(|operation| Some((operation, match_path(&operation.path, path)?)))
    }
}

fn collect_patterns(value: &Value, patterns: &mut HashMap<String, Regex>) {
    for (name, member) in members(value) {
        match member.as_str().filter(|_| name == "pattern") {
            Some(pattern) => {
                if let Ok(regex) = Regex::new(pattern) {
                    patterns.insert(pattern.to_owned(), regex);
                }
            }
            None => collect_patterns(member, patterns),
        }
    }
    items(value).for_each(|item| collect_patterns(item, patterns));
}

fn match_path(template: &str, path: &str) -> Option<Vec<(String, String)>> {
    let mut values = Vec::new();
    let mut actual = path.split('/');
    for expected in template.split('/') {
        let segment = actual.next()?;
        match expected.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some(name) if !segment.is_empty() => values.push((name.to_owned(), percent_decode(segment))),
            None if expected == segment => {}
            _ => return None,
        }
    }
    actual.next().is_none().then_some(values)
}

/// Decodes `%41`; leaves what is no valid escape as it is.
pub(crate) fn percent_decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let escaped = (*first == b'%')
            .then(|| tail.get(..2))
            .flatten()
            .and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        bytes.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The name-value pairs of a query string or a form.
pub(crate) fn parse_query(query: &str) -> Vec<(String, String)> {
    let plain = |text: &str| percent_decode(&text.replace('+', " "));
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (plain(name), plain(value)))
        .collect()
}

/// The members of an object; none where it is something else.
pub(crate) fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

/// The items of an array; none where it is something else.
pub(crate) fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_embedded_spec_is_readable() {
        for version in versions() {
            let spec = find(version).expect("readable");
            assert!(spec.operations.len() > 20, "{version} has {} operations", spec.operations.len());
        }
        assert!(find("1999-01-01").is_none());
    }

    #[test]
    fn literal_segments_win_and_values_are_decoded() {
        let spec = find("2025-01-01").expect("embedded");
        let (operation, _) = spec.route("POST", "/orders/sessions").expect("routed");
        assert_eq!(operation.id, "PGPayOrder");
        assert!(operation.public);
        let (operation, values) = spec.route("GET", "/orders/a%20b").expect("routed");
        assert_eq!(operation.id, "PGFetchOrder");
        assert_eq!(values, [("order_id".to_owned(), "a b".to_owned())]);
        assert!(spec.route("GET", "/orders//payments").is_none());
        assert!(spec.route("GET", "/nowhere").is_none());
    }
}
