//! Every operation of every version sends what its specification says, and reads the answer that it says.
//!
//! The table is the specifications: each operation's generated method is called with the specification's own
//! example against a real server. What arrived is compared with the document, and kept as a snapshot to review.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use crate::specs::{self, difference};
use crate::support::{Reply, Request, SECRET, Server};
use cashfree_pg::registry::{Arguments, OPERATIONS, Operation};
use cashfree_pg::{Credentials, StatusCode, Upload};
use serde_json::Value;

/// A value that must be escaped wherever it is put.
fn value_of(name: &str, schema: &Value) -> String {
    match (schema["enum"][0].as_str(), schema["type"].as_str()) {
        (Some(value), _) => value.to_owned(),
        (None, Some("integer" | "number")) => "885473".to_owned(),
        _ => format!("{name}/ä ?&=%+"),
    }
}

/// The unreserved characters of a URL stay, all others are escaped; a blank in a query is a plus.
fn escaped(text: &str, blank: &str) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        match byte {
            b' ' => escaped.push_str(blank),
            b if b.is_ascii_alphanumeric() || b"-._~".contains(&b) => escaped.push(char::from(b)),
            b => write!(escaped, "%{b:02X}").unwrap(),
        }
    }
    escaped
}

/// What an operation is called with: everything, or only what must be given.
fn arguments(operation: &specs::Operation<'_>, all: bool) -> Arguments {
    let mut arguments = Arguments::default();
    for place in ["path", "query", "header"] {
        for (name, schema, required) in operation.parameters(place) {
            if all || required {
                let value = if place == "header" { "a-value".to_owned() } else { value_of(name, schema) };
                arguments.texts.insert(name.to_owned(), value);
            }
        }
    }
    let Some((media, schema, example)) = operation.request() else { return arguments };
    let example = operation.spec.example_or_sample(schema, example);
    if media == "application/json" {
        arguments.body = example.to_string().into_bytes();
        return arguments;
    }
    let schema = operation.spec.resolve(schema);
    for (name, value) in example.as_object().expect("an object") {
        let value = value.as_str().expect("a text");
        let required = schema["required"].as_array().is_some_and(|r| r.contains(&Value::from(name.as_str())));
        if is_file(operation, name) {
            // Bytes that are no text and look like the end of a part.
            let bytes = [value.as_bytes(), b"\r\n--\x00\xff"].concat();
            arguments.file = Some(Upload::new("a \"scan\".pdf", "application/pdf", bytes).unwrap());
        } else if all || required || schema["properties"].is_null() {
            // A field that the path has too is one argument.
            arguments.texts.entry(name.clone()).or_insert_with(|| value.to_owned());
        }
    }
    arguments
}

/// Whether a field of an operation's form is a file, as the generator reads the document.
fn is_file(operation: &specs::Operation<'_>, name: &str) -> bool {
    let mended = specs::MENDED.iter().find(|spec| spec.version == operation.spec.version);
    let mended = mended.expect("the same version").operation(operation.id());
    let form = mended.request().map(|(_, schema, _)| mended.spec.resolve(schema));
    form.is_some_and(|form| form["properties"][name]["format"] == "binary")
}

/// The parts of a form: name, head and content.
fn parts(request: &Request) -> BTreeMap<String, (String, Vec<u8>)> {
    let boundary = request.header("content-type").split_once("boundary=").expect("a boundary").1;
    let body = &request.body;
    let find = |needle: &str, from: usize| {
        body[from..].windows(needle.len()).position(|w| w == needle.as_bytes()).map(|at| from + at)
    };
    let (mut found, mut at) = (BTreeMap::new(), 0);
    let separator = format!("--{boundary}");
    while let Some(start) = find(&format!("{separator}\r\n"), at) {
        let start = start + separator.len() + 2;
        let end = find(&format!("\r\n{separator}"), start).expect("the end of a part");
        let head_end = find("\r\n\r\n", start).expect("the end of a head");
        let head = String::from_utf8(body[start..head_end].to_vec()).unwrap();
        let name = head.split("name=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        found.insert(name, (head, body[head_end + 4..end].to_vec()));
        at = end;
    }
    assert!(body.ends_with(format!("\r\n{separator}--\r\n").as_bytes()));
    found
}

/// The headers that may say who calls, with what this test gives for each.
const CREDENTIALS: [(&str, &str); 6] = [
    ("x-client-id", "client-1"),
    ("x-client-secret", SECRET),
    ("x-client-signature", "signature-1"),
    ("x-partner-apikey", "partner-1"),
    ("x-partner-merchantid", "merchant-1"),
    ("authorization", "Bearer token-1"),
];

/// What an account has that may call all operations of a document.
fn credentials(spec: &specs::Spec) -> Credentials {
    let kinds: BTreeSet<&str> = spec.operations().iter().flat_map(specs::Operation::credentials).collect();
    match (kinds.contains("x-partner-apikey"), kinds.contains("x-partner-merchantid")) {
        (true, true) => Credentials::partner_merchant("merchant-1", "partner-1"),
        (true, false) => Credentials::partner_key("partner-1"),
        _ if kinds.contains("authorization") => Credentials::bearer("token-1"),
        _ => Credentials::merchant("client-1", SECRET),
    }
}

/// Compares a request with its operation.
fn check(operation: &specs::Operation<'_>, arguments: &Arguments, request: &Request) {
    let id = operation.id();
    assert_eq!(request.method, operation.method.to_uppercase(), "{id}");
    let below = if operation.spec.is_product() { "" } else { "/pg" };
    let mut path = format!("{below}{}", operation.path);
    for (name, ..) in operation.parameters("path") {
        path = path.replace(&format!("{{{name}}}"), &escaped(&arguments.texts[name], "%20"));
    }
    let (sent_path, sent_query) = request.target.split_once('?').unwrap_or((&request.target, ""));
    assert_eq!(sent_path, path, "{id}");
    let sent_query: BTreeSet<&str> = sent_query.split('&').filter(|pair| !pair.is_empty()).collect();
    let query: BTreeSet<String> = operation
        .parameters("query")
        .iter()
        .filter_map(|(name, ..)| Some(format!("{name}={}", escaped(arguments.texts.get(*name)?, "+"))))
        .collect();
    assert_eq!(sent_query, query.iter().map(String::as_str).collect(), "{id}");

    let header = |name: &str| request.headers.get(name).map(String::as_str);
    assert_eq!(header("x-api-version"), operation.api_version(), "{id}");
    for (name, ..) in operation.parameters("header") {
        assert_eq!(header(name), arguments.texts.get(name).map(String::as_str), "{id}: {name}");
    }
    let credentials = operation.credentials();
    for (name, value) in CREDENTIALS {
        assert_eq!(header(name), credentials.contains(&name).then_some(value), "{id}: {name}");
    }
    let keyed = operation.is_keyed() && matches!(request.method.as_str(), "POST" | "PATCH");
    assert_eq!(header("x-idempotency-key").is_some(), keyed, "{id}");
    assert!(header("x-request-id").is_some(), "{id}");
    assert!(request.header("user-agent").starts_with("cashfree-pg-rust/"), "{id}");

    check_body(operation, arguments, request);
}

fn check_body(operation: &specs::Operation<'_>, arguments: &Arguments, request: &Request) {
    let id = operation.id();
    let header = |name: &str| request.headers.get(name).map(String::as_str);
    match operation.request() {
        None => {
            assert_eq!(request.body, b"", "{id}");
            assert_eq!(header("content-type"), None, "{id}");
        }
        Some(("application/json", ..)) => {
            assert_eq!(header("content-type"), Some("application/json"), "{id}");
            let given = serde_json::from_slice(&arguments.body).expect("JSON");
            assert_eq!(difference(&given, &request.json()), None, "{id}");
        }
        Some((media, schema, _)) => {
            assert!(request.header("content-type").starts_with(media), "{id}");
            let parts = parts(request);
            let listed = operation.spec.resolve(schema)["properties"].as_object();
            // Where the document lists no field, its example has some.
            let fields = listed.or(operation.request().and_then(|(.., example)| example.as_object()));
            let fields = fields.expect("fields").keys();
            let given = fields.filter(|name| is_file(operation, name) || arguments.texts.contains_key(*name));
            assert_eq!(parts.keys().collect::<BTreeSet<_>>(), given.collect(), "{id}");
            for (name, (head, content)) in &parts {
                if is_file(operation, name) {
                    assert!(head.contains("filename=\"a %22scan%22.pdf\""), "{id}: {head}");
                    assert!(head.contains("Content-Type: application/pdf"), "{id}: {head}");
                    assert_eq!(content, arguments.file.as_ref().unwrap().bytes(), "{id}");
                } else {
                    assert_eq!(content, arguments.texts[name].as_bytes(), "{id}");
                }
            }
        }
    }
}

/// A request as text, without what changes from run to run.
fn shown(id: &str, request: &Request) -> String {
    let mut text = format!("## {id}\n{} {}\n", request.method, request.target);
    let headers: BTreeMap<_, _> = request.headers.iter().collect();
    for (name, value) in headers {
        let value = match name.as_str() {
            "host" => "(the server)".to_owned(),
            "x-request-id" | "x-idempotency-key" if value.len() == 36 => "(a UUID)".to_owned(),
            _ => value.replace(env!("CARGO_PKG_VERSION"), "(version)"),
        };
        writeln!(text, "{name}: {value}").unwrap();
    }
    if !request.body.is_empty() {
        writeln!(text, "\n{}", String::from_utf8_lossy(&request.body).replace('\r', "").escape_debug_lines())
            .unwrap();
    }
    text
}

trait EscapeLines {
    /// Control characters escaped, lines kept.
    fn escape_debug_lines(&self) -> String;
}

impl EscapeLines for str {
    fn escape_debug_lines(&self) -> String {
        self.chars()
            .map(|c| if c.is_control() && c != '\n' { c.escape_default().to_string() } else { c.to_string() })
            .collect()
    }
}

/// What the operation is answered.
fn answer_to(operation: &specs::Operation<'_>) -> (u16, Value) {
    let (id, spec) = (operation.id(), operation.spec);
    let (status, schema) = operation.success();
    let mut answer = schema.map(|schema| spec.sample(schema)).unwrap_or_default();
    // What the document says wrongly is answered as it is where the generator mends it in this version.
    let mended = specs::MENDED.iter().find(|mended| mended.version == spec.version);
    let mended = mended.expect("the same version").operation(id);
    let read_as = mended.success().1.map(|schema| mended.spec.resolve(schema).clone()).unwrap_or_default();
    if id == "SubscriptionEligibility" && read_as["type"] == "array" {
        // Documented as an object with one member `type`: a list that lost its place in the schema.
        answer = answer["type"].take();
    }
    let is_page = read_as["properties"].get("data").is_some();
    if id == "PGFetchSettlements" && is_page && answer.get("data").is_none() {
        // Documented as one settlement, and answered as a page of them.
        answer = serde_json::json!({ "cursor": "c", "data": [answer] });
    }
    (status, answer)
}

#[tokio::test]
async fn every_operation_sends_what_its_specification_says_and_reads_the_answer() {
    let reply = Arc::new(Mutex::new(Reply::json(500, "")));
    let server = Server::start({
        let reply = reply.clone();
        move |_| reply.lock().unwrap().clone()
    })
    .await;
    for (version, operations) in OPERATIONS {
        let spec = specs::ALL.iter().find(|spec| spec.version == *version).expect("a specification");
        let cashfree = server.client().with_credentials(credentials(spec)).expect("credentials");
        let generated: BTreeMap<&str, &Operation> = operations.iter().map(|o| (o.info.id, o)).collect();
        let documented = spec.operations();
        assert_eq!(generated.len(), operations.len(), "an operation id is used twice");
        assert_eq!(
            generated.keys().copied().collect::<BTreeSet<_>>(),
            documented.iter().map(specs::Operation::id).collect()
        );
        if let Some(operation) = operations.iter().find(|operation| operation.info.token.is_some()) {
            // The first call fetches the token that all the others send.
            *reply.lock().unwrap() = Reply::json(200, r#"{"data":{"token":"token-1","expiry":600}}"#);
            let first = (operation.call)(&cashfree, &Arguments::default()).expect("a call");
            // That it is answered with a token as well is no matter here.
            drop(first.await);
        }
        let mut snapshot = String::new();
        for operation in &documented {
            let id = operation.id();
            let call = generated[id].call;
            let (status, answer) = answer_to(operation);
            *reply.lock().unwrap() = Reply::json(status, &answer).with("x-request-id", id);
            for all in [true, false] {
                let arguments = arguments(operation, all);
                let before = server.seen().len();
                let sending = call(&cashfree, &arguments).unwrap_or_else(|e| panic!("{id}: {e}"));
                let (meta, read) = sending.await.unwrap_or_else(|e| panic!("{} {id}: {e}", spec.version));
                assert_eq!(meta.status(), StatusCode::from_u16(status).ok(), "{id}");
                assert_eq!(meta.request_id(), Some(id));
                let read = serde_json::from_str(&read).expect("JSON");
                assert_eq!(difference(&answer, &read), None, "{} {id}", spec.version);

                let requests = server.seen().split_off(before);
                let [request] = requests.as_slice() else { panic!("{id}: {} requests", requests.len()) };
                check(operation, &arguments, request);
                if all {
                    snapshot += &shown(id, request);
                    snapshot.push('\n');
                }
            }
        }
        let name = if spec.is_product() { spec.version.clone() } else { format!("v{}", spec.version) };
        insta::assert_snapshot!(name.replace('-', "_"), snapshot);
    }
}
